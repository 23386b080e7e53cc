"""Apinizer: its caller, and both generations of its answers in one body."""

import re

from support.forms import (NUMBER, OBJECT, STRING, TEXT, UUID, UUID_REGEX,
                           Optional, mentioning, nullable)
from support.http import Client
from support.names import unique


class Apinizer(Client):
    prefix = "/apiops"

    def __init__(self, server, token=None):
        super().__init__(server, {"Authorization": f"Bearer {token}"}
                         if token else {})


DEPLOYED_NOWHERE = {
    "success": True, "detailList": [],
    "responseTime": Optional(nullable(NUMBER)),
    "envName": Optional(nullable(STRING)),
    "podName": Optional(nullable(STRING)),
    "podIp": Optional(nullable(STRING)),
    "detail": Optional(nullable(STRING)),
}

CHANGED = {"success": True, "status": "SUCCESS",
           "deploymentResult": DEPLOYED_NOWHERE}


def found(*items):
    """The answer of a list or a get."""
    return {"success": True, "status": "SUCCESS", "resultList": list(items),
            "resultCount": len(items)}


def failure(error, sentence=TEXT):
    """The first generation's `error` and `error_description`, and the
    second's `status` and `resultMessage`."""
    return {"success": False, "status": "FAILURE", "error": error,
            "error_description": sentence, "resultMessage": sentence}


UNAUTHORIZED = failure("unauthorized_client", "Invalid token")
FORBIDDEN = failure("bad_request",
                    "User does not have required permission for this "
                    "operation!")


def unknown_connection(name):
    return failure("bad_request", f"Connection (name: {name}) was not found!")


def unknown_id(text):
    return failure("bad_request", f"Connection (id: {text}) was not found!")


def unknown(handle):
    """By what it was asked for: its id, or its name (also of a variable)."""
    return unknown_id(handle) if re.fullmatch(UUID_REGEX, handle) \
        else failure("bad_request",
                     mentioning(f"(name: {handle}) was not found!"))


def unknown_project(name):
    return failure("not_found", f"Project '{name}' not found")


# A member that was not given and has no default.
UNSET = Optional(None)


def email(project, name, **fields):
    """An email connection with the documented defaults."""
    return {**_common(project, name, "email"), "host": "smtp.example.com",
            "port": 587, "enableStartTls": False, "auth": False,
            "username": UNSET, "password": UNSET,
            "defaultEncoding": "UTF-8", "addressToTest": UNSET,
            "from": UNSET, "additionalProperties": [], **fields}


def webhook(project, name, **fields):
    return {**_common(project, name, "webhook"), "httpMethod": "GET",
            "fullUrl": "https://example.localhost/hook", "headerList": [],
            "timeout": 2, "connectionPoolMaxConnectionPerHost": 24,
            "connectionPoolMaxConnectionTotal": 48, **fields}


def _common(project, name, kind):
    return {"id": UUID, "type": kind, "name": name,
            "description": Optional(nullable("")), "deployToWorker": True,
            "enabled": True, "projectName": project.name}


def connection(project, name=""):
    path = f"/projects/{project.name}/connections/"
    return f"{path}{name}/" if name else path


def id_of(project, name):
    [one] = project.apinizer.get(connection(project, name)).must_be(
        200).body["resultList"]
    return one["id"]


def new_connection(project, name=None, **fields):
    """The name of a new email connection."""
    name = name or unique("mail")
    project.apinizer.post(connection(project, name), {
        "type": "email", "host": "smtp.example.com", **fields,
    }).must_be(200, {**CHANGED, "deploymentResult": OBJECT})
    return name
