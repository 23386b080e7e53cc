"""Integrations that are told of what happens, and what they are told."""

import base64
import hashlib
import hmac
import json

from support.upsun import activities
from support.wait import eventually

DEADLINE_S = 40
OVER = ("complete", "cancelled")


def base(project, made=None):
    path = f"/projects/{project.upsun_id}/integrations"
    return f"{path}/{made['id']}" if made else path


def integration(project, kind, /, **fields):
    return project.upsun.post(base(project), {"type": kind, **fields}) \
        .must_be(201).body["_embedded"]["entity"]


def post(project, kind="environment.push", **fields):
    """An activity, as a pipeline tells of it."""
    return project.upsun.post(activities(project), {"type": kind, **fields}) \
        .must_be(201).body["_embedded"]["entity"]


def told(project, made, **query):
    """The activities of an integration, without its own changes."""
    arguments = "&".join(f"{name}={value}" for name, value in query.items())
    return [one for one in project.upsun.get(
        f"{base(project, made)}/activities?{arguments}").must_be(200).body
        if one["type"] == f"integration.{made['type']}"]


def over(project, made, count=1):
    """Its deliveries' activities, once so many are over."""
    return eventually(
        lambda: (lambda found: len(found) >= count and found)(
            [one for one in told(project, made) if one["state"] in OVER]),
        f"{count} deliveries are over", DEADLINE_S)


def log(project, activity):
    """The messages of its log; the last line is sealed."""
    text = project.upsun.get(activities(project, activity["id"]) + "/log") \
        .must_be(200).text
    lines = [json.loads(line) for line in text.splitlines()]
    assert [line for line in lines if line.get("seal")] == lines[-1:]
    return [line["data"]["message"] for line in lines]


def came(receiver, path):
    """What came to this path of a receiver."""
    return [one for one in list(receiver.messages) if one.path == path]


def _encoded(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def signature(key, body):
    """RFC 7797, detached: as whoever reads the documentation would do it."""
    header = _encoded(b'{"alg":"HS256","b64":false,"crit":["b64"]}')
    code = hmac.new(key.encode(), f"{header}.{body}".encode(),
                    hashlib.sha256).digest()
    return f"{header}..{_encoded(code)}"


def warn(project, name="disk", state="raised", **fields):
    return project.upsun.post(f"/projects/{project.upsun_id}/health",
                              {"name": name, "state": state, **fields})
