"""The native API: its caller, and what most of its tests need."""

from support.http import Client
from support.wait import eventually


class Native(Client):
    prefix = "/cleat/v1"

    def __init__(self, server, token=None):
        super().__init__(server, {"Authorization": f"Bearer {token}"}
                         if token else {})

    def content_type(self, status):
        return "application/problem+json" if status >= 400 \
            else "application/json"


def base(project):
    return f"/projects/{project.name}"


def pages(project, path, **query):
    """The answers of a list of the project, one after the other."""
    while True:
        page = project.native.get(f"{base(project)}{path}", query) \
            .must_be(200)
        yield page
        query["cursor"] = page.body["nextCursor"]
        if query["cursor"] is None:
            return


def items(project, path, **query):
    """All that a list of the project has."""
    return [one for page in pages(project, path, **query)
            for one in page.body["items"]]


def plan(project, kind, thing_id, **options):
    """The plan of deleting this, as the server answers it."""
    return project.native.post(f"{base(project)}/deletions:plan", {
        "target": {"kind": kind, "id": thing_id}, "options": options}) \
        .must_be(200).body


def run(project, planned):
    """The receipt of carrying this plan out, or of having begun to."""
    return project.native.post(f"{base(project)}/deletions", {
        "planToken": planned["planToken"]}).must_be(201).body


def ended(project, deletion_id):
    """The receipt of a deletion that has no batches left."""
    def look():
        now = receipt(project, deletion_id)
        return now["state"] != "running" and now

    return eventually(look, "the deletion has run", 30)


def receipt(project, deletion_id):
    return project.native.get(f"{base(project)}/deletions/{deletion_id}") \
        .must_be(200).body


def all_effects(project, deletion_id):
    """Of all parts of the receipt."""
    return [one for part in pages(project, f"/deletions/{deletion_id}")
            for one in part.body["effects"]]


def of(effects, what, kind):
    """The ids of these effects."""
    return [one["id"] for one in effects
            if (one["effect"], one["kind"]) == (what, kind)]
