"""What is deleted softly can come back, until it is purged."""

from support import ampersand as amp
from support import apinizer as apz
from support import gorules as gr
from support import upsun as ups
from support.names import unique
from support.native import base, items, of, plan, receipt, run


def hide(project, kind, thing_id):
    return run(project, plan(project, kind, thing_id, mode="soft"))


def restore(project, kind, thing_id):
    return project.native.post(
        f"{base(project)}/{kind}/{thing_id}:restore", {})


def purge(project, kind, thing_id):
    return project.native.post(f"{base(project)}/{kind}/{thing_id}:purge", {})


def connection_path(project, connection):
    return f"/projects/{project.name}/connections/{connection['id']}"


def test_installation_comes_back_as_it_was(project):
    made = amp.new_installation(project)
    path = amp.path_of(project, made)
    done = hide(project, "installation", made["id"])
    assert done["state"] == "hidden"
    assert done["counts"] == {"hidden": {"installation": 1, "connection": 1}}
    project.ampersand.get(path).must_be(404)
    project.ampersand.get(connection_path(project, made["connection"])) \
        .must_be(404)
    back = restore(project, "installation", made["id"]).must_be(200).body
    assert back == {"kind": "installation", "id": made["id"],
                    "deletionId": done["id"], "restored": 2,
                    "needsReauth": []}
    project.ampersand.get(path).must_be(200, made)
    assert receipt(project, done["id"])["state"] == "restored"
    restore(project, "installation", made["id"]).must_be(404)


def test_integration_comes_back_with_its_installations(project):
    integration = amp.new_integration(project)
    made = [amp.new_installation(project, integration) for _ in range(70)]
    hide(project, "integration", integration["id"])
    for one in made[:2]:
        project.ampersand.get(amp.path_of(project, one)).must_be(404)
    restore(project, "installation", made[0]["id"]).must_be(409)
    restore(project, "integration", integration["id"]).must_be(200)
    for one in made:
        project.ampersand.get(amp.path_of(project, one)).must_be(200, one)


def test_shared_connection_stays_while_one_user_is_hidden(project):
    one = amp.new_installation(project)
    two = amp.new_installation(project, connection=one["connection"])
    hide(project, "installation", one["id"])
    path = connection_path(project, one["connection"])
    project.ampersand.get(path).must_be(200)
    project.ampersand.delete(amp.path_of(project, two)).must_be(204)
    project.ampersand.get(path).must_be(404)
    restore(project, "installation", one["id"]).must_be(409)


def test_restore_is_refused_when_the_group_installed_again(project):
    made = amp.new_installation(project)
    hide(project, "installation", made["id"])
    connection = amp.new_connection(project, made["group"]["groupRef"])
    project.ampersand.post(
        amp.installations(project, made["integrationId"]), {
            "groupRef": made["group"]["groupRef"],
            "connectionId": connection["id"],
            "config": {"content": amp.CONFIG}}).must_be(201)
    answer = restore(project, "installation", made["id"]).must_be(409)
    assert "installed it again" in answer.body["detail"]


def test_group_comes_back_with_all_of_it(project):
    group = unique("back")
    connection = amp.new_connection(project, group)
    made = amp.new_installation(project, connection=connection)
    path = f"{base(project)}/groups/{group}"
    done = project.native.delete(f"{path}?mode=soft").must_be(200).body
    project.ampersand.get(amp.path_of(project, made)).must_be(404)
    again = amp.new_connection(project, group)
    back = restore(project, "group", done["target"]["id"]).must_be(200).body
    assert back["name"] == f"{group}-1"
    shown = project.ampersand.get(amp.path_of(project, made)) \
        .must_be(200).body
    assert shown["group"]["groupRef"] == f"{group}-1"
    project.ampersand.get(connection_path(project, again)).must_be(200)


def test_taken_name_gets_a_suffix(project):
    made = gr.new_integration(project)
    project.gorules.delete(gr.integrations(project, made["id"])).must_be(200)
    gr.new_integration(project, kind=made["kind"])
    back = restore(project, "integration", made["id"]).must_be(200).body
    assert back["name"] == f"{made['kind']}-1"


def test_trash_lists_what_is_hidden(project):
    made = gr.new_integration(project)
    answer = project.gorules.delete(gr.integrations(project, made["id"])) \
        .must_be(200)
    found = {one["id"]: one for one in items(project, "/trash")}
    assert found[made["id"]]["deletionId"] == answer.headers["Cleat-Deletion"]
    assert found[made["id"]]["kind"] == "integration"
    purge(project, "integration", made["id"]).must_be(200)
    assert made["id"] not in [one["id"] for one in items(project, "/trash")]
    restore(project, "integration", made["id"]).must_be(404)


def test_purge_ends_all_that_was_hidden(project):
    made = amp.new_installation(project)
    done = hide(project, "installation", made["id"])
    after = purge(project, "installation", made["id"]).must_be(200).body
    assert after["id"] == done["id"]
    assert after["state"] in ("done", "waiting")
    assert after["counts"]["gone"] == {"installation": 1, "connection": 1}
    restore(project, "installation", made["id"]).must_be(404)


def test_policy_decides_what_a_dialect_deletes_softly(new_project):
    project = new_project
    path = f"{base(project)}/policies"
    listed = project.native.get(path).must_be(200).body["items"]
    assert {one["kind"]: one["mode"] for one in listed} == {
        "installation": "hard", "manifest": "hard", "third_party": "hard",
        "http": "soft", "connection": "hard", "target": "hard",
        "group": "hard", "consumer": "hard", "provider_app": "hard",
        "destination": "hard", "project": "hard", "environment": "hard"}
    project.native.put(f"{path}/installation",
                       {"mode": "soft", "retentionDays": 7}).must_be(200)
    made = amp.new_installation(project)
    project.ampersand.delete(amp.path_of(project, made)).must_be(204)
    restore(project, "installation", made["id"]).must_be(200)
    project.ampersand.get(amp.path_of(project, made)).must_be(200, made)
    project.native.put(f"{path}/http", {"mode": "hard"}).must_be(200)
    gone = gr.new_integration(project)
    project.gorules.delete(gr.integrations(project, gone["id"])).must_be(200)
    restore(project, "integration", gone["id"]).must_be(404)


def test_bad_policies_are_refused(project):
    path = f"{base(project)}/policies"
    for kind, body, status in [
            ("moon", {"mode": "soft"}, 404), ("http", {}, 400),
            ("http", {"mode": "warm"}, 422),
            ("http", {"mode": "soft", "retentionDays": 366}, 422),
            ("http", {"mode": "soft", "retentionDays": "x"}, 400),
            ("target", {"mode": "soft"}, 422)]:
        project.native.put(f"{path}/{kind}", body).must_be(status)


def test_named_connections_go_at_once_whatever_is_asked(project):
    name = apz.new_connection(project)
    project.apinizer.delete(apz.connection(project, name)).must_be(200)
    assert project.apinizer.get(apz.connection(project, name)).status != 200


def test_hold_stops_erasing_and_says_so(project):
    made = amp.new_installation(project)
    connection = made["connection"]["id"]
    hold = f"{base(project)}/holds/connection/{connection}"
    project.native.put(hold, {"reason": "case 7"}).must_be(200)
    planned = plan(project, "installation", made["id"])
    assert planned["heldBy"] == {"kind": "connection", "id": connection,
                                 "reason": "case 7"}
    answer = project.ampersand.delete(amp.path_of(project, made)).must_be(409)
    assert "legal hold" in answer.body["detail"]
    project.ampersand.get(amp.path_of(project, made)).must_be(200)

    hide(project, "installation", made["id"])
    purge(project, "installation", made["id"]).must_be(409)
    project.native.delete(hold).must_be(204)
    project.native.delete(hold).must_be(404)
    after = purge(project, "installation", made["id"]).must_be(200).body
    assert of(after["effects"], "hidden", "connection") == [connection]


def test_hold_on_a_group_or_project_holds_all_in_it(new_project):
    project = new_project
    made = amp.new_installation(project)
    group = plan(project, "installation", made["id"])
    done = project.native.delete(
        f"{base(project)}/groups/{made['group']['groupRef']}?dryRun=true")
    group = done.body["target"]["id"]
    for kind, held in [("group", group), ("project", project.id)]:
        path = f"{base(project)}/holds/{kind}/{held}"
        project.native.put(path, {"reason": "audit"}).must_be(200)
        for caller, gone in [
                (project.ampersand, amp.path_of(project, made)),
                (project.native, f"{base(project)}/groups/"
                 + made["group"]["groupRef"])]:
            assert caller.delete(gone).status == 409
        [listed] = project.native.get(f"{base(project)}/holds") \
            .must_be(200).body["items"]
        assert (listed["kind"], listed["id"]) == (kind, held)
        project.native.delete(path).must_be(204)
    project.ampersand.delete(amp.path_of(project, made)).must_be(204)


def test_restored_documents_show_the_present(project):
    """What changed while it was hidden shows when it is back."""
    made = amp.new_installation(project)
    group = made["group"]["groupRef"]
    hide(project, "installation", made["id"])
    project.ampersand.post(f"/projects/{project.name}/connections:generate", {
        "provider": "hubspot", "groupRef": group, "groupName": "Renamed",
        "consumerRef": unique("user"),
        "oauth2AuthorizationCode": {"accessToken": {"token": "x"}},
    }).must_be(201)
    restore(project, "installation", made["id"]).must_be(200)
    shown = project.ampersand.get(amp.path_of(project, made)) \
        .must_be(200).body
    assert shown["group"]["groupName"] == "Renamed"


def test_hold_is_told_in_each_apis_own_form(new_project):
    project = new_project
    hook = ups.new_webhook(project)
    http = gr.new_integration(project)
    target = apz.connection(project, apz.new_connection(project))
    project.native.put(f"{base(project)}/policies/http", {"mode": "hard"}) \
        .must_be(200)
    project.native.put(f"{base(project)}/holds/project/{project.id}",
                       {"reason": "audit"}).must_be(200)
    project.upsun.delete(
        f"/projects/{project.upsun_id}/integrations/{hook['id']}") \
        .must_be(409, ups.error(409, "Conflict"))
    project.gorules.delete(gr.integrations(project, http["id"])) \
        .must_be(409, gr.error(409))
    answer = project.apinizer.delete(target).must_be(400).body
    assert "audit" in answer["error_description"]
    assert project.apinizer.get(target).status == 200
