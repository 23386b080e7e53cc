"""Upsun: its caller, who exchanges tokens, its errors and its documents."""

import base64

from support.forms import (ID13, OBJECT, STRING, TEXT, TIME,
                           Form, Optional, either, list_of, nullable)
from support.http import Client


class Upsun(Client):
    charset_allowed = False

    def __init__(self, server, api_token):
        super().__init__(server)
        self.api_token = api_token

    @property
    def access_token(self):
        """Exchanged at its first use, kept for the caller's life."""
        if "Authorization" not in self.headers:
            answer = exchange(self.server, self.api_token).must_be(200)
            self.headers["Authorization"] = \
                f"Bearer {answer.body['access_token']}"
        return self.headers["Authorization"].removeprefix("Bearer ")

    def send(self, method, path, *arguments, **named):
        assert self.access_token
        return super().send(method, path, *arguments, **named)


class Anonymous(Client):
    """Who has no access token: asks for one, or tries without."""

    charset_allowed = False


def basic(user):
    credentials = base64.b64encode(f"{user}:".encode()).decode()
    return {"Authorization": f"Basic {credentials}"}


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def exchange(server, api_token):
    """An API token for an access token, as the documentation's curl does."""
    return Anonymous(server).post(
        "/oauth2/token", headers=basic("platform-api-user"),
        form={"grant_type": "api_token", "api_token": api_token})


def error(status, message, *fields):
    """`fields` are those that `detail` must explain."""
    detail = {field: TEXT for field in fields} if fields else OBJECT
    return {"status": "error", "message": message, "code": status,
            "detail": detail}


INVALID_TOKEN = {"error": "invalid_token",
                 "error_description": "Invalid access token."}


def links(server, path, *rels):
    """`_links` of an entity: self is absolute, the rest are paths."""
    return {"self": _link(server.base + path),
            **{rel: _link(path + RELS.get(rel, "")) for rel in rels}}


# What a link's address adds to its entity's.
RELS = {"activities": "/activities", "#hook": "/hook",
        "#validate": "/validate", "integrations": "/integrations",
        "log": "/log", "#cancel": "/cancel",
        "capabilities": "/capabilities"}


def _link(href):
    absolute_or_path = either(href, href[href.find("/api/"):])
    return {"href": absolute_or_path, "meta": Optional(OBJECT)}


def integration_path(project, integration_id):
    return f"/api/projects/{project.upsun_id}/integrations/{integration_id}"


def entity(project, integration_type, fields, rels=None, integration_id=ID13):
    """An integration as every answer shows it to one who may change it."""
    return {"id": integration_id, "created_at": TIME,
            "updated_at": nullable(TIME), "type": integration_type,
            "role": STRING, "_links": rels or OBJECT, **fields}


def webhook(**fields):
    """The fields of a webhook, with the documented defaults."""
    return {"events": ["*"], "environments": ["*"],
            "excluded_environments": [], "states": ["complete"],
            "result": "*", "shared_key": None, **fields}


def github(**fields):
    return {"fetch_branches": True, "prune_branches": True,
            "environment_init_resources": "parent", "base_url": None,
            "build_pull_requests": True, "build_draft_pull_requests": True,
            "build_pull_requests_post_merge": False,
            "pull_requests_clone_parent_data": True,
            "token_type": either("classic_personal_token", "github_app"),
            **fields}


def result(status, code, entity_form, activities):
    return {"status": status, "code": code,
            "_embedded": {"entity": entity_form, "activities": activities},
            "_links": OBJECT}


def activity(project, kind, **known):
    """An activity that is over, as all of ours are."""
    return {
        "id": TEXT, "created_at": TIME, "updated_at": nullable(TIME),
        "type": kind, "parameters": OBJECT, "project": project.upsun_id,
        "integration": Optional(TEXT), "environments": Optional([]),
        "state": "complete", "result": "success", "failure_reason": None,
        "started_at": TIME, "completed_at": TIME, "completion_percent": 100,
        "cancelled_at": None,
        "timings": Form("timings", lambda value: isinstance(value, dict) and
                        all(type(number) in (int, float)
                            for number in value.values())),
        "log": STRING, "payload": OBJECT, "description": nullable(STRING),
        "text": nullable(STRING), "expires_at": nullable(TIME),
        "commands": list_of(OBJECT), "_links": OBJECT, **known,
    }


def activities(project, activity_id="", root=""):
    path = f"{root}/projects/{project.upsun_id}/activities"
    return f"{path}/{activity_id}" if activity_id else path


# What the making of a project leaves, newest first: it has a token of each API.
BORN = ["token.created"] * 4 + ["project.created"]

PUSH = {"type": "environment.push"}
OPEN = {**PUSH, "state": "in_progress"}


def tell(project, **more):
    return project.upsun.post(activities(project), {**PUSH, **more})


def told(project, **more):
    return tell(project, **more).must_be(201).body["_embedded"]["entity"]


def of_integration(project, made, activity_id="", rest=""):
    path = f"/projects/{project.upsun_id}/integrations/{made['id']}" \
        "/activities"
    return f"{path}/{activity_id}{rest}" if activity_id else path


def go_on(project, one, **more):
    return project.upsun.patch(activities(project, one["id"]), more)


def cancel(project, one):
    return project.upsun.post(f"{activities(project, one['id'])}/cancel")


def new_webhook(project, **fields):
    """A webhook integration, as `get` shows it. It is told of nothing, unless
    the fields say so."""
    return project.upsun.post(
        f"/projects/{project.upsun_id}/integrations",
        {"type": "webhook", "url": "https://example.localhost/hook",
         "events": ["nothing.heard"], **fields},
    ).must_be(201).body["_embedded"]["entity"]
