"""A plan before a deletion, and the receipt after it."""

from support import ampersand as amp
from support import apinizer as apz
from support import gorules as gr
from support import upsun as ups
from support.forms import TEXT, TIME_Z, UUID, Including
from support.names import unique
from support.native import (Native, all_effects, base, of, plan, receipt,
                            run)

PLAN_TYPE = "application/vnd.cleat.plan+json"
NOBODY = "00000000-0000-7000-8000-000000000000"


def connection_path(project, connection):
    return f"/projects/{project.name}/connections/{connection['id']}"


def test_plan_says_what_goes_and_changes_nothing(project):
    made = amp.new_installation(project)
    shown = plan(project, "installation", made["id"])
    assert shown == {
        "target": {"kind": "installation", "id": made["id"]},
        "options": {"mode": "hard", "revoke": "now", "force": False},
        "counts": shown["counts"], "total": len(shown["effects"]),
        "effects": shown["effects"], "nextCursor": None, "blockedBy": [],
        "heldBy": None, "blocked": False,
        "irreversible": shown["irreversible"],
        "planToken": shown["planToken"], "expiresAt": shown["expiresAt"]}
    assert of(shown["effects"], "gone", "installation") == [made["id"]]
    assert of(shown["effects"], "gone", "connection") == \
        [made["connection"]["id"]]
    assert shown["counts"]["gone"] == {"installation": 1, "connection": 1}
    assert shown["irreversible"]["atOnce"]
    project.ampersand.get(amp.path_of(project, made)).must_be(200, made)


def test_plan_names_who_keeps_a_shared_connection(project):
    one = amp.new_installation(project)
    two = amp.new_installation(project, connection=one["connection"])
    shown = plan(project, "installation", one["id"])
    assert shown["effects"][1] == {
        "effect": "kept", "kind": "connection",
        "id": one["connection"]["id"], "usedByCount": 1,
        "usedBy": [{"kind": "installation", "id": two["id"]}]}


def test_receipt_says_what_the_plan_said(project):
    integration = amp.new_integration(project)
    for _ in range(3):
        amp.new_installation(project, integration)
    shared = amp.new_installation(project, integration)
    amp.new_installation(project, connection=shared["connection"])
    planned = plan(project, "integration", integration["id"])
    done = run(project, planned)
    assert done["effects"] == planned["effects"]
    assert done["counts"] == planned["counts"]
    # a step may have been tried meanwhile
    assert {**receipt(project, done["id"]), "steps": None} == \
        {**done, "steps": None}
    assert planned["counts"]["kept"] == {"connection": 1}
    assert planned["counts"]["gone"] == {
        "installation": 4, "connection": 3, "integration": 1}


def test_receipt_is_of_this_form(project):
    made = amp.new_installation(project)
    project.native.post(f"{base(project)}/deletions", {
        "planToken": plan(project, "installation", made["id"])["planToken"],
    }).must_be(201, Including({
        "id": UUID, "target": {"kind": "installation", "id": made["id"]},
        "groupId": UUID, "mode": "hard", "revoke": "now", "actor": TEXT,
        "createdAt": TIME_Z, "purgeAt": None, "nextCursor": None}))


def test_plan_that_no_longer_holds_is_refused_with_the_difference(project):
    one = amp.new_installation(project)
    planned = plan(project, "installation", one["id"])
    amp.new_installation(project, connection=one["connection"])
    answer = project.native.post(f"{base(project)}/deletions", {
        "planToken": planned["planToken"]}).must_be(412)
    connection = one["connection"]["id"]
    assert any(f"connection {connection} is kept: not in the plan" in cause
               for cause in answer.body["causes"]), answer
    assert any(f"connection {connection} is gone: in the plan" in cause
               for cause in answer.body["causes"]), answer
    project.ampersand.get(amp.path_of(project, one)).must_be(200)


def test_plan_token_is_for_its_project_alone(project, other):
    made = amp.new_installation(project)
    token = plan(project, "installation", made["id"])["planToken"]
    for caller, path, sent in [
            (other, base(other), token), (project, base(project), "x"),
            (project, base(project), token[:-4] + "AAAA"),
            (project, base(project), token[:40])]:
        caller.native.post(f"{path}/deletions", {"planToken": sent}) \
            .must_be(422)
    project.ampersand.get(amp.path_of(project, made)).must_be(200)


def test_large_plan_comes_in_pages(project):
    integration = amp.new_integration(project)
    made = [amp.new_installation(project, integration)["id"]
            for _ in range(60)]
    planned = plan(project, "integration", integration["id"])
    assert len(planned["effects"]) == 100
    rest = project.native.post(f"{base(project)}/deletions:plan", {
        "target": {"kind": "integration", "id": integration["id"]},
        "cursor": planned["nextCursor"]}).must_be(200).body
    assert rest["nextCursor"] is None
    effects = planned["effects"] + rest["effects"]
    assert len(effects) == planned["total"] == rest["total"]
    assert of(effects, "gone", "installation") == made
    done = run(project, planned)
    assert all_effects(project, done["id"]) == effects


def test_connection_in_use_blocks_unless_forced(project):
    made = amp.new_installation(project)
    connection = made["connection"]["id"]
    planned = plan(project, "connection", connection)
    assert planned["blockedBy"] == [
        {"kind": "installation", "id": made["id"], "unless": "force"}]
    project.native.post(f"{base(project)}/deletions", {
        "planToken": planned["planToken"]}).must_be(409)
    forced = plan(project, "connection", connection, force=True)
    assert forced["blockedBy"] == []
    assert run(project, forced)["effects"] == forced["effects"]
    project.ampersand.get(amp.path_of(project, made)).must_be(404)


def test_offboarding_takes_all_of_one_customer(project):
    group = unique("leaving")
    connections = [amp.new_connection(project, group) for _ in range(3)]
    made = [amp.new_installation(project, connection=connection)
            for connection in connections[:2]]
    stays = amp.new_installation(project)
    path = f"{base(project)}/groups/{group}"
    done = project.native.delete(path).must_be(200).body
    assert sorted(of(done["effects"], "gone", "installation")) == \
        sorted(one["id"] for one in made)
    assert sorted(of(done["effects"], "gone", "connection")) == \
        sorted(one["id"] for one in connections)
    assert of(done["effects"], "gone", "group") == \
        [done["target"]["id"]]
    project.native.delete(path).must_be(404)
    for one in made:
        project.ampersand.get(amp.path_of(project, one)).must_be(404)
    project.ampersand.get(amp.path_of(project, stays)).must_be(200)


def test_deletions_are_listed_by_what_they_are_of(project):
    group = unique("listed")
    connection = amp.new_connection(project, group)
    made = amp.new_installation(project, connection=connection)
    done = run(project, plan(project, "installation", made["id"]))
    path = f"{base(project)}/deletions"
    for query in (f"targetId={made['id']}",
                  f"groupRef={group}&targetKind=installation",
                  f"groupId={done['groupId']}&since=2020-01-01T00:00:00Z"):
        [found] = project.native.get(f"{path}?{query}").must_be(200) \
            .body["items"]
        assert found["id"] == done["id"]
    for query in (f"targetId={made['id']}&state=hidden",
                  f"targetId={made['id']}&targetKind=group",
                  f"targetId={made['id']}&until=2020-01-01T00:00:00Z"):
        assert project.native.get(f"{path}?{query}").must_be(200) \
            .body["items"] == []
    for query in ("limit=0", "limit=x", "cursor=x", "targetId=x",
                  "since=yesterday"):
        project.native.get(f"{path}?{query}").must_be(400)


def test_every_deletion_names_itself(project):
    gone = {
        "ampersand": amp.path_of(project, amp.new_installation(project)),
        "upsun": f"/projects/{project.upsun_id}/integrations/"
                 + ups.new_webhook(project)["id"],
        "gorules": gr.integrations(project, gr.new_integration(project)["id"]),
        "apinizer": apz.connection(project, apz.new_connection(project))}
    for api, path in gone.items():
        answer = getattr(project, api).delete(path)
        assert answer.status in (200, 204), answer
        done = receipt(project, answer.headers["Cleat-Deletion"])
        assert done["effects"], api


def test_dry_run_of_every_dialect_plans_and_changes_nothing(project):
    installation = amp.new_installation(project)
    key = project.ampersand.post(f"/projects/{project.name}/api-keys",
                                 {"label": "k"}).must_be(201).body["key"]
    hook = ups.new_webhook(project)
    http = gr.new_integration(project)
    target = apz.connection(project, apz.new_connection(project))
    integrations = f"/projects/{project.name}/integrations"
    dry = [
        (project.ampersand, amp.path_of(project, installation), 2),
        (project.ampersand,
         f"{integrations}/{installation['integrationId']}", 3),
        (project.ampersand,
         connection_path(project, installation["connection"]), 2),
        (project.ampersand, f"/projects/{project.name}/api-keys/{key}", 1),
        (project.upsun,
         f"/projects/{project.upsun_id}/integrations/{hook['id']}", 1),
        (project.gorules, gr.integrations(project, http["id"]), 1),
        (project.apinizer, target, 1),
        (project.native, f"{base(project)}/groups/"
         + installation["group"]["groupRef"], 3)]
    for caller, path, local in dry:
        mark = "&" if "?" in path else "?"
        answer = caller.delete(f"{path}{mark}dryRun=true")
        assert answer.status == 200, answer
        assert answer.headers["Content-Type"] == PLAN_TYPE
        assert "Cleat-Deletion" not in answer.headers
        ends = answer.body["counts"].get("gone") \
            or answer.body["counts"]["hidden"]
        assert sum(ends.values()) == local, answer
    for caller, path, _ in dry[:-1]:
        assert caller.get(path).status == 200, path
    for caller, path, _ in dry:
        mark = "&" if "?" in path else "?"
        assert caller.delete(f"{path}{mark}dryRun=maybe").status == 400


def test_viewer_plans_and_does_not_delete(project):
    made = amp.new_installation(project)
    token = project.token("gorules", "--role", "viewer")["token"]
    viewer = Native(project.server, token)
    body = {"target": {"kind": "installation", "id": made["id"]}}
    planned = viewer.post(f"{base(project)}/deletions:plan", body) \
        .must_be(200).body
    viewer.post(f"{base(project)}/deletions",
                {"planToken": planned["planToken"]}).must_be(403)


def test_bad_plans_are_refused_with_the_field(project):
    path = f"{base(project)}/deletions:plan"
    good = {"kind": "installation", "id": NOBODY}
    for body, status, field in [
            ({}, 400, "target"), ({"target": 1}, 400, "target"),
            ({"target": {"kind": "moon", "id": NOBODY}}, 422, "target.kind"),
            ({"target": {"kind": "group"}}, 400, "target.id"),
            ({"target": {"kind": "group", "id": NOBODY, "ref": "x"}}, 400,
             "target.ref"),
            ({"target": {**good, "name": "x"}}, 400, "target.name"),
            ({"target": good, "options": {"mod": "soft"}}, 400,
             "options.mod"),
            ({"target": good, "option": {}}, 400, "option"),
            ({"target": good, "options": {"mode": "warm"}}, 422,
             "options.mode"),
            ({"target": good, "options": {"revoke": "later"}}, 422,
             "options.revoke"),
            ({"target": good, "options": {"force": "yes"}}, 400,
             "options.force"),
            ({"target": good, "cursor": -1}, 422, "cursor")]:
        answer = project.native.post(path, body).must_be(status)
        assert any(field in cause for cause in answer.body["causes"]), answer
    project.native.post(path, {"target": good}).must_be(404)
    project.native.post(path, {"target": {"kind": "group", "ref": "nobody"}}) \
        .must_be(404)


def test_steps_of_a_receipt_have_a_cursor(project):
    """A page has a thousand (tests/unit/test_batch.c)."""
    made = amp.new_connection(project, provider="salesforce")
    done = run(project, plan(project, "connection", made["id"],
                             revoke="now"))
    path = f"{base(project)}/deletions/{done['id']}"
    shown = project.native.get(path).must_be(200).body
    assert shown["nextStepsCursor"] is None
    for step in shown["steps"]:
        after = project.native.get(f"{path}?stepsCursor={step['id']}")
        assert after.must_be(200).body["steps"] == []
    project.native.get(f"{path}?stepsCursor=none").must_be(
        400, Including(amp.problem(400)))


def test_unknown_filters_are_refused(project):
    path = f"{base(project)}/deletions"
    for query in "state=foo", "targetKind=foo":
        project.native.get(f"{path}?{query}").must_be(400)


def test_delete_of_a_group_that_has_changed_is_refused(project):
    group = unique("seen")
    path = f"{base(project)}/groups/{group}"
    made = project.native.post(f"{base(project)}/groups", {"ref": group}) \
        .must_be(201)
    tag = {"If-Match": made.headers["ETag"]}
    amp.new_connection(project, group)
    for query in "", "?dryRun=true":
        project.native.send("DELETE", path + query, headers=tag).must_be(412)
    now = project.native.get(path).must_be(200).headers["ETag"]
    project.native.send("DELETE", path, headers={"If-Match": now}) \
        .must_be(200)


def test_environment_has_no_way_back(project):
    made = project.native.post(f"{base(project)}/environments", {
        "name": unique("env"), "kind": "test"}).must_be(201).body
    path = f"{base(project)}/environments/{made['id']}"
    answer = project.native.delete(f"{path}?mode=soft").must_be(422)
    assert answer.body["issues"][0]["in"] == "query"
    assert answer.body["issues"][0]["name"] == "mode"
    project.native.delete(f"{path}?mode=nonsense").must_be(400)
    project.native.get(path).must_be(200)
    project.native.delete(path).must_be(200)


def test_target_that_is_not_there_is_of_the_body(project):
    answer = project.native.post(f"{base(project)}/deletions:plan", {
        "target": {"kind": "connection", "id": NOBODY}}).must_be(404)
    assert "body" in answer.body["remedy"]
