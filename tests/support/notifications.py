"""What the fifteen notifications of Ampersand's API say, in our own words, and
what is wrong with a message: it must be one of them, or tell of an event.

    faults({"notificationType": "connection.created", "data": {...}})
"""

import json
import os
import pathlib

from support.shapes import Shapes, value_faults

TEXT, OBJECT = {"type": "string"}, {"type": "object"}
TEXTS = {"type": "array", "items": TEXT}


def shape(required, **optional):
    """Members that are texts, unless they are given as (name, what)."""
    members = {one if isinstance(one, str) else one[0]:
               TEXT if isinstance(one, str) else one[1] for one in required}
    return {"type": "object", "required": list(members),
            "properties": {**members, **optional}}


CONNECTION = ["projectId", "connectionId", "provider", "groupRef",
              "consumerRef", "consumerName"]
INSTALLATION = [*CONNECTION, "groupName", "integrationId", "integrationName",
                "installationId"]
CONFIG = ("config", OBJECT)
OBJECT_READ = [*INSTALLATION, "objectName"]
TIMES = {"fromTimestamp": TEXT, "untilTimestamp": TEXT}

# What happens in this version.
SENT = {
    "installation.created": shape([*INSTALLATION, CONFIG]),
    "installation.updated": shape(
        [*INSTALLATION, CONFIG, ("lastConfig", OBJECT)]),
    "installation.deleted": shape([*INSTALLATION, CONFIG]),
    "read.schedule.paused": shape([*INSTALLATION, CONFIG], error=TEXT),
    "connection.created": shape(CONNECTION),
    "connection.updated": shape(CONNECTION),
    "connection.refreshed": shape(CONNECTION),
    "connection.deleted": shape(CONNECTION),
    "connection.error": shape(
        [*CONNECTION, ("errors", TEXTS), ("error", TEXTS)]),
    "destination.webhook.disabled": shape(
        ["projectId", "destinationId", "destinationName", "url"]),
}
# What comes of records that move, which comes later.
OF_RECORDS = {
    "read.backfill.done": shape(OBJECT_READ),
    "read.triggered.done": shape(OBJECT_READ, **TIMES),
    "read.triggered.error": shape(OBJECT_READ, error=TEXT, **TIMES),
    "write.async.done": shape(
        [*OBJECT_READ, ("success", {"type": "boolean"})],
        successfulRecordIds=TEXTS, errors=TEXTS),
    "subscribe.create.error": shape(INSTALLATION, error=TEXT),
}
# Of everything else.
EVENT = shape(["projectId", "eventId", "time", "actor",
               ("subject", shape(["kind", "id"])),
               ("facts", {"type": "object", "additionalProperties": True})])


def open_objects(schema):
    """An object that says nothing of its members takes any."""
    if schema == OBJECT:
        return {**OBJECT, "additionalProperties": True}
    if isinstance(schema, dict):
        return {key: open_objects(value) for key, value in schema.items()}
    if isinstance(schema, list):
        return [open_objects(one) for one in schema]
    return schema


def contract_shapes(document):
    """{type: the schema of the whole message}"""
    of = Shapes(document)
    found = {}
    for schema in document["components"]["schemas"].values():
        kind = of.properties(schema).get("notificationType")
        if kind:
            found[of.one(kind, "enum")[0]] = schema
    return found


def _by_contract(message):
    folder = os.environ.get("CLEAT_CONTRACTS")
    if not folder:
        return
    document = open_objects(json.loads(
        (pathlib.Path(folder) / "ampersand-notifications.schema.json")
        .read_text()))
    schema = contract_shapes(document).get(message["notificationType"])
    if schema:
        yield from value_faults(document, schema, message, "contract")


def faults(message):
    """"PLACE: what" of a message that was sent."""
    if set(message) != {"notificationType", "data"}:
        yield f"has the members {sorted(message)}"
        return
    kind = message["notificationType"]
    if kind in OF_RECORDS:
        yield f"{kind}: can't happen"
    of_kind = open_objects(SENT.get(kind, EVENT))
    yield from value_faults({}, of_kind, message["data"], kind)
    yield from _by_contract(message)
