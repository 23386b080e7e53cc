"""GoRules: its caller, its errors, and its documents."""

from support.forms import TEXT, TIME, UUID, Optional, either, list_of, nullable
from support.http import Client
from support.names import unique

REASONS = {400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
           404: "Not Found", 405: "Method Not Allowed", 409: "Conflict",
           413: "Payload Too Large", 422: "Unprocessable Entity",
           502: "Bad Gateway", 429: "Too Many Requests", 503: "Service Unavailable",
           504: "Gateway Timeout"}


class GoRules(Client):
    prefix = "/api"

    def __init__(self, server, token=None):
        super().__init__(server, {"Authorization": f"Bearer {token}"}
                         if token else {})


def error(status, message=TEXT):
    return {"statusCode": status, "message": message,
            "error": REASONS[status]}


def misfit(*reasons):
    """400 for a body that does not fit, with a sentence for each reason."""
    return error(400, list(reasons) if reasons else list_of(TEXT, at_least=1))


def config(**fields):
    """What `config` reads back as when only method and url were given."""
    return {"method": "get", "url": "https://example.localhost/rates",
            "timeout": 5000, "output": Optional(nullable(TEXT)),
            "headers": [], "cookies": [], "enableInputs": False,
            "inputs": [], **fields}


def integration(project, **fields):
    return {"id": UUID, "type": "http", "config": config(), "name": TEXT,
            "kind": TEXT, "projectId": project.id, "createdAt": TIME,
            "updatedAt": TIME, "description": Optional(either(None, "")),
            "group": Optional(either(None, "")), "deletedAt": None, **fields}


def integrations(project, integration_id=""):
    path = f"/projects/{project.id}/integrations"
    return f"{path}/{integration_id}" if integration_id else path


def new_integration(project, **fields):
    """An integration as `create` answers it."""
    return project.gorules.post(integrations(project), {
        "name": "Rates", "type": "http", "kind": unique("rates"),
        "config": {"method": "get", "url": "https://example.localhost/rates"},
        **fields,
    }).must_be(201).body
