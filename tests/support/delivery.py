"""What tests of deliveries need: destinations with routes, their keys, and the
published library that verifies."""

import json
import subprocess

from support import ampersand as amp
from support import npm
from support.names import unique
from support.native import base, items
from support.server import ALLOWED
from support.wait import eventually

OPTIONS = (*ALLOWED, "--webhook-timeout", "1")
DEADLINE_S = 30


def listen(project, url, *event_types, topic=None, **metadata):
    """A destination to which events of these types are sent."""
    made = amp.new_destination(project, unique("hook"), url=url, **metadata)
    topic = topic or amp.new_topic(project)
    for event_type in event_types:
        amp.new_event_route(project, topic, event_type)
    amp.new_topic_route(project, topic, made)
    return made


def signing_key(project, destination):
    return project.ampersand.get(
        f"/projects/{project.name}/destinations/{destination['id']}"
        "?includeSecrets=true").must_be(200).body["secrets"][
            "webhookSigningKey"]


def rotate(project, destination):
    project.ampersand.get(
        f"/projects/{project.name}/destinations/{destination['id']}"
        "?rotate=true").must_be(200)


def group(project, ref=None):
    """An event of little cost: group.created. The group's reference."""
    ref = ref or unique("group")
    project.native.post(f"{base(project)}/groups", {"ref": ref}).must_be(201)
    return ref


def deliveries(project, **filters):
    return items(project, "/deliveries", **filters)


def delivery(project, delivery_id):
    return project.native.get(f"{base(project)}/deliveries/{delivery_id}") \
        .must_be(200).body


def in_state(project, state, count, **filters):
    """The deliveries, once so many are in this state."""
    return eventually(
        lambda: (lambda found: len(found) == count and found)(
            deliveries(project, state=state, **filters)),
        f"{count} {state}", DEADLINE_S)


def verified(messages, secret):
    """What the library says of each, at the time that it bears:
    {"verified": ...} or {"error": ...}."""
    lines = [json.dumps({
        "secret": secret, "now": int(one.headers["webhook-timestamp"]),
        "headers": one.headers, "body": one.body}) for one in messages]
    done = subprocess.run(
        ["node", "verify.mjs"], cwd=npm.installed("webhooks"),
        input="\n".join(lines) + "\n", capture_output=True, text=True,
        timeout=60, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]
