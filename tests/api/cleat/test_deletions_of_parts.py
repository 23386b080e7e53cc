"""The parts of a project are let go of like everything else: planned, carried
out by the plan's token, with a receipt; what uses them blocks."""

import pytest

from support import ampersand as amp
from support.customer import JWTKeys, Signer
from support.names import unique
from support.native import base, plan, receipt, run



def new_event_route(project):
    return amp.new_event_route(project, amp.new_topic(project))


def new_topic_route(project):
    return amp.new_topic_route(project, amp.new_topic(project),
                               amp.new_destination(project))


BY_KIND = {"provider_app": (amp.new_provider_app, "provider-apps"),
           "destination": (amp.new_destination, "destinations"),
           "topic": (amp.new_topic, "topics"),
           "event_route": (new_event_route, "notification-event-topic-routes"),
           "topic_route": (new_topic_route, "topic-destination-routes")}
WITH_POLICY = {"provider_app", "destination"}
PLAN_TYPE = "application/vnd.cleat.plan+json"


@pytest.fixture(params=BY_KIND)
def part(request, project):
    """(kind, id, path of Ampersand's)"""
    make, folder = BY_KIND[request.param]
    made = make(project)
    return request.param, made["id"], \
        f"/projects/{project.name}/{folder}/{made['id']}"


def effect_of(kind):
    return "route" if kind.endswith("_route") else kind


def is_there(project, path):
    folder, _, part_id = path.rpartition("/")
    return part_id in project.ampersand.get(folder).must_be(200).text


def test_plan_changes_nothing_and_its_token_carries_it_out(project, part):
    kind, part_id, path = part
    planned = plan(project, kind, part_id)
    assert planned["counts"] == {"gone": {effect_of(kind): 1}}
    [effect] = planned["effects"]
    assert (effect["effect"], effect["kind"], effect["id"]) == \
        ("gone", effect_of(kind), part_id)
    assert planned["irreversible"]["atOnce"]
    assert planned["blockedBy"] == []
    assert is_there(project, path)
    done = run(project, planned)
    assert not is_there(project, path)
    assert done["effects"] == planned["effects"]
    assert done["target"] == planned["target"]
    assert (done["mode"], done["state"], done["steps"]) == ("hard", "done", [])
    again = project.native.post(f"{base(project)}/deletions", {
        "planToken": planned["planToken"]})
    again.must_be(412)


def test_ampersands_delete_names_its_deletion(project, part):
    kind, part_id, path = part
    answer = project.ampersand.delete(path).must_be(204)
    done = receipt(project, answer.headers["Cleat-Deletion"])
    assert (done["target"]["kind"], done["target"]["id"]) == (kind, part_id)
    assert done["counts"] == {"gone": {effect_of(kind): 1}}
    [listed] = project.native.get(
        f"{base(project)}/deletions?targetKind={kind}&targetId={part_id}") \
        .must_be(200).body["items"]
    assert listed["id"] == done["id"]


def test_dry_run_is_the_plan_with_its_token(project, part):
    kind, part_id, path = part
    answer = project.ampersand.delete(f"{path}?dryRun=true")
    assert answer.status == 200
    assert answer.headers["Content-Type"] == PLAN_TYPE
    assert answer.body["target"]["kind"] == kind
    assert is_there(project, path)
    assert run(project, answer.body)["target"]["id"] == part_id
    assert not is_there(project, path)


def test_they_go_at_once_whatever_is_asked(project, part):
    kind, part_id, path = part
    project.native.post(f"{base(project)}/deletions:plan", {
        "target": {"kind": kind, "id": part_id},
        "options": {"mode": "soft"}}).must_be(422)
    project.native.put(f"{base(project)}/policies/{kind}",
                       {"mode": "soft"}) \
        .must_be(422 if kind in WITH_POLICY else 404)
    project.ampersand.delete(path).must_be(204)
    for verb in "restore", "purge":
        project.native.post(f"{base(project)}/{kind}/{part_id}:{verb}", {}) \
            .must_be(404)


def test_destination_in_use_says_by_what(new_project):
    project = new_project
    hook = amp.new_destination(project, "accountWebhook")
    route = amp.new_topic_route(project, amp.new_topic(project), hook)
    reader = amp.new_installation(project)
    blockers = [{"kind": "route", "id": route["id"]},
                {"kind": "installation", "id": reader["id"]}]
    for options in {}, {"force": True}:  # which does not help
        planned = plan(project, "destination", hook["id"], **options)
        assert planned["blockedBy"] == blockers
        project.native.post(f"{base(project)}/deletions", {
            "planToken": planned["planToken"]}).must_be(409)
    path = f"/projects/{project.name}/destinations/{hook['id']}"
    dry = project.ampersand.delete(f"{path}?dryRun=true")
    assert dry.status == 200 and dry.body["blockedBy"] == blockers
    project.ampersand.delete(path).must_be(409)


def test_hold_on_the_project_keeps_them(new_project):
    project = new_project
    app = amp.new_provider_app(project)
    path = f"{base(project)}/holds/project/{project.id}"
    project.native.put(path, {"reason": "audit"}).must_be(200)
    assert plan(project, "provider_app", app["id"])["heldBy"]
    project.ampersand.delete(
        f"/projects/{project.name}/provider-apps/{app['id']}").must_be(409)
    project.native.delete(path).must_be(204)
    project.ampersand.delete(
        f"/projects/{project.name}/provider-apps/{app['id']}").must_be(204)


def test_topic_goes_with_its_routes_in_one_deletion(project):
    topic = amp.new_topic(project)
    routes = {amp.new_event_route(project, topic)["id"],
              amp.new_topic_route(project, topic,
                                  amp.new_destination(project))["id"]}
    planned = plan(project, "topic", topic["id"])
    assert planned["counts"] == {"gone": {"route": 2, "topic": 1}}
    done = run(project, planned)
    assert done["effects"] == planned["effects"]
    assert {one["id"] for one in done["effects"]} == routes | {topic["id"]}


def ended_by(client, path, status, project):
    """The receipt of what the plan's token did, then of what DELETE did."""
    planned = client.send("DELETE", f"{path[0]}?dryRun=true")
    assert planned.status == 200, planned
    assert planned.headers["Content-Type"] == PLAN_TYPE
    assert run(project, planned.body)["effects"] == planned.body["effects"]
    answer = client.send("DELETE", path[1]).must_be(status)
    return receipt(project, answer.headers["Cleat-Deletion"])


def test_keys_have_receipts_whatever_is_held(new_project):
    project = new_project
    held = f"{base(project)}/holds/project/{project.id}"
    project.native.put(held, {"reason": "audit"}).must_be(200)
    made = [project.ampersand.post(f"/projects/{project.name}/api-keys", {
        "label": "mine", "scopes": ["full"]}).must_be(201).body
        for _ in range(2)]
    done = ended_by(project.ampersand, [
        f"/projects/{project.name}/api-keys/{one['key']}" for one in made],
        204, project)
    assert done["target"]["kind"] == "token"
    assert done["counts"] == {"gone": {"token": 1}}
    signers = [Signer(project, number) for number in range(2)]
    keys = JWTKeys(project.server, key=project.keys["ampersand"]["apiKey"])
    done = ended_by(keys, [f"/projects/{project.name}/jwt-keys/{one.kid}"
                           for one in signers], 204, project)
    assert done["target"]["kind"] == "jwt_key"


def test_variables_have_receipts(project):
    names = [unique("name").replace("-", "_") for _ in range(2)]
    paths = [f"/projects/{project.name}/environmentVariables/{name}/"
             for name in names]
    for path, name in zip(paths, names):
        project.apinizer.post(path, {"name": name, "isGlobal": True,
                                     "globalValue": "v"}).must_be(200)
    done = ended_by(project.apinizer, paths, 200, project)
    assert done["counts"] == {"gone": {"variable": 1}}
    assert done["target"]["name"] == names[1]


@pytest.mark.parametrize("query", [
    "dryrun=true", "DRYRUN=true", "dryRun=false&dryRun=true",
    "dryRun=true&dryRun=true", "dryRun=yes"])
def test_doubtful_dry_run_deletes_nothing(project, query):
    made = amp.new_installation(project)
    path = amp.path_of(project, made)
    project.ampersand.delete(f"{path}?{query}").must_be(400)
    project.ampersand.get(path).must_be(200, made)


def test_dry_run_shows_the_effects_after_its_cursor(project):
    group = unique("many")
    for _ in range(101):
        amp.new_connection(project, group)
    path = f"{base(project)}/groups/{group}?dryRun=true"
    first = project.native.delete(path).body
    assert first["nextCursor"] == 100 and len(first["effects"]) == 100
    last = first["total"] - 1
    rest = project.native.delete(f"{path}&cursor={last}").body
    assert rest["nextCursor"] is None
    assert [one["kind"] for one in rest["effects"]] == ["group"]
