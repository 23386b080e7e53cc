"""What tests of @amp-labs/react install."""

from support import configs
from support.names import unique


def integration(project, provider, **mapping):
    """Its name: two objects to read, of which one has something to choose and
    to map, one to write."""
    return configs.new_integration(project, {
        "name": unique("sync"), "provider": provider,
        "displayName": "Sync",
        "read": {"objects": [{
            "objectName": "contact", "destination": "hook",
            "schedule": "*/15 * * * *",
            "requiredFields": [
                {"fieldName": "name"},
                {"mapToName": "owner", "mapToDisplayName": "Owner",
                 **(mapping or {"default": "owner_id"})}],
            "optionalFields": [{"fieldName": "email"}],
        }, {
            "objectName": "account", "destination": "hook",
            "schedule": "0 * * * *",
            "requiredFields": [{"fieldName": "name"}],
        }]},
        "write": {"objects": [{"objectName": "task"}]}})["name"]
