"""Environment variables: /apiops/projects/{p}/environmentVariables/{name}/,
and what they are where connections are deployed."""

import pytest

from support import apinizer as apz
from support.forms import NUMBER, OBJECT, Including, differences
from support.names import unique
from support.native import base
from support.server import ALLOWED
from support.wait import eventually
from support.whole import served
from support.worker import Worker, new_environment


@pytest.fixture(scope="module")
def server():
    with served(options=ALLOWED) as running:
        yield running


@pytest.fixture
def project(server):
    name = unique("variables")
    return server.create_project(name, name)


@pytest.fixture
def live(project):
    return new_environment(project, "live", "production")["name"]


def path(project, name=""):
    whole = f"/projects/{project.name}/environmentVariables/"
    return f"{whole}{name}/" if name else whole


def valued(environment, value, visible=True):
    return {"environmentName": environment, "value": value,
            "visible": visible}


def shown(project, name, values=(), **more):
    return {"projectId": project.id, "projectName": project.name,
            "name": name, "description": None, "global": False,
            "globalValue": None, "globalVisible": True,
            "environmentValueList": list(values), **more}


NOWHERE = {**apz.CHANGED, "deploymentResult": {
    "success": True, "detailList": []}}


def create(project, name, **body):
    return project.apinizer.post(path(project, name), {"name": name, **body})


def unknown(name):
    return apz.failure("bad_request",
                       f"Environment variable (name: {name}) was not found!")


def test_variable_is_made_shown_listed_changed_and_deleted(project, live):
    create(project, "HOST", description="where",
           environmentValueList=[valued(live, "mail.example.com")]) \
        .must_be(200, NOWHERE)
    made = shown(project, "HOST", [valued(live, "mail.example.com")],
                 description="where")
    api, its = project.apinizer, path(project, "HOST")
    api.get(its).must_be(200, apz.found(made))
    api.get(its.rstrip("/")).must_be(200, apz.found(made))
    create(project, "A.b-1", globalValue="x").must_be(200)
    api.get(path(project)).must_be(200, apz.found(
        shown(project, "A.b-1", **{"global": True, "globalValue": "x"}),
        made))
    api.put(its, {"name": "SERVER", "description": "whence"}) \
        .must_be(200, NOWHERE)
    api.get(its).must_be(400, unknown("HOST"))
    its = path(project, "SERVER")
    api.get(its).must_be(200, apz.found({
        **made, "name": "SERVER", "description": "whence"}))
    api.delete(its).must_be(200, NOWHERE)
    for send in api.get, api.delete:
        send(its).must_be(400, unknown("SERVER"))
    api.put(its, {}).must_be(400, unknown("SERVER"))


def test_hidden_value_is_never_shown_and_stays_when_null(project, live):
    create(project, "PASS", globalValue="secret-1", globalVisible=False,
           environmentValueList=[valued(live, "secret-2", False)]) \
        .must_be(200)
    got = project.apinizer.get(path(project, "PASS")).must_be(
        200, apz.found(shown(
            project, "PASS", [valued(live, None, False)],
            **{"global": True, "globalVisible": False})))
    project.apinizer.put(path(project, "PASS"),
                         got.body["resultList"][0]).must_be(200)
    with Worker() as worker:
        worker.register(project, live)
        apz.new_connection(project, "mail", password="${PASS}")
        [held] = worker.holds.values()
        assert held["secrets"] == {"password": "secret-2"}
    for listed in (path(project), path(project, "PASS")):
        assert "secret-" not in project.apinizer.get(listed).text
    events = project.native.get(f"{base(project)}/events",
                                {"limit": 200}).text
    assert "secret-" not in events


@pytest.mark.parametrize("name, body, sentence", [
    ("9", {}, "Environment variable name (9) must be"),
    ("a b", {}, "Environment variable name (a b) must be"),
    ("x" * 129, {}, "Environment variable name (xxx"),
    ("X", {"name": "Y"}, "in the path (X) and in the body (Y)"),
    ("X", {"global": True}, "a global variable needs a value"),
    ("X", {"global": "yes"}, "global"),
    ("X", {"globalValue": 1}, "globalValue"),
    ("X", {"global": False, "globalValue": "v"},
     "globalValue is for a global variable"),
    ("X", {"environmentValueList": [valued("live", "x")] * 257},
     "at most 256"),
    ("X", {"environmentValueList": [valued("live", "x"),
                                    {"environmentName": 5, "value": "x"}]},
     "environmentValueList[1].environmentName"),
    ("X", {"globalValue": "x" * 16385}, "globalValue"),
    ("X", {"description": 1}, "description"),
    ("X", {"environmentValueList": {}}, "environmentValueList"),
    ("X", {"environmentValueList": ["live"]}, "environmentValueList[0]"),
    ("X", {"environmentValueList": [{"value": "x"}]}, "environmentName"),
    ("X", {"environmentValueList": [{"environmentName": "live"}]},
     "live needs a value"),
    ("X", {"environmentValueList": [valued("nowhere", "x")]},
     "Environment (name: nowhere) was not found!"),
    ("X", {"environmentValueList": [valued("live", "x")] * 2},
     "environmentValueList has live twice"),
])
def test_bad_variable_is_told_why(project, live, name, body, sentence):
    told = project.apinizer.post(path(project, name), body) \
        .must_be(400, apz.failure("bad_request")).body
    assert sentence in told["error_description"]
    project.apinizer.get(path(project)).must_be(200, apz.found())


def test_value_of_what_is_not_global_is_not_taken_silently(project, live):
    create(project, "U", environmentValueList=[valued(live, "x")]) \
        .must_be(200)
    told = project.apinizer.put(path(project, "U"), {"globalValue": "y"}) \
        .must_be(400, apz.failure("bad_request")).body
    assert "globalValue is for a global variable" in told["error_description"]
    project.apinizer.put(path(project, "U"),
                         {"global": True, "globalValue": "y"}).must_be(200)
    assert project.apinizer.get(path(project, "U")).body["resultList"][0][
        "globalValue"] == "y"


def test_name_is_taken_once(project):
    taken = apz.failure(
        "bad_request", "Environment variable (name: A) already exists!")
    create(project, "A", globalValue="1").must_be(200)
    create(project, "A", globalValue="2").must_be(400, taken)
    create(project, "a", globalValue="3").must_be(200)
    project.apinizer.put(path(project, "a"), {"name": "A"}) \
        .must_be(400, taken)


def test_viewer_reads_and_no_more(project):
    create(project, "A", globalValue="1").must_be(200)
    viewer = project.caller("apinizer", "viewer")
    viewer.get(path(project, "A")).must_be(200)
    viewer.get(path(project)).must_be(200)
    for send in viewer.post, viewer.put:
        send(path(project, "A"), {}).must_be(400, apz.FORBIDDEN)
    viewer.delete(path(project, "A")).must_be(400, apz.FORBIDDEN)


def held(worker):
    [one] = worker.holds.values()
    return one


def test_each_environment_has_its_own_value_else_the_global_one(
        project, live):
    other = new_environment(project, "try", "sandbox")["name"]
    create(project, "HOST", globalValue="any.example.com",
           environmentValueList=[valued(live, "live.example.com")]) \
        .must_be(200)
    with Worker() as one, Worker() as two:
        one.register(project, live)
        two.register(project, other)
        apz.new_connection(project, "mail", host="smtp.${HOST}",
                           password="${HOST}-$${HOST}-${no such}")
        assert held(one)["settings"]["host"] == "smtp.live.example.com"
        assert held(two)["settings"]["host"] == "smtp.any.example.com"
        assert held(two)["secrets"]["password"] == \
            "any.example.com-${HOST}-${no such}"
    stored = project.apinizer.get(apz.connection(project, "mail"))
    assert stored.body["resultList"][0]["host"] == "smtp.${HOST}"


def test_change_deploys_what_uses_it_again(project, live):
    create(project, "PORT_NAME", globalValue="one").must_be(200)
    with Worker() as worker:
        worker.register(project, live)
        for name, host in ("uses", "${PORT_NAME}"), ("not", "x.example.com"):
            apz.new_connection(project, name, host=host)
        eventually(lambda: len(worker.holds) == 2, "the pushes")
        before = {one["name"]: one["version"]
                  for one in worker.holds.values()}
        project.apinizer.put(path(project, "PORT_NAME"),
                             {"globalValue": "two"}).must_be(200, {
                                 **apz.CHANGED, "deploymentResult": {
                                     "success": True, "responseTime": NUMBER,
                                     "detailList": [OBJECT]}})
        after = {one["name"]: one for one in worker.holds.values()}
        assert after["uses"]["settings"]["host"] == "two"
        assert after["uses"]["version"] > before["uses"]
        assert after["not"]["version"] == before["not"]


def test_unknown_variable_fails_until_there_is_one(project, live):
    with Worker() as worker:
        worker.register(project, live)
        made = project.apinizer.post(apz.connection(project, "mail"), {
            "type": "email", "host": "${NOT_YET}"}).must_be(200).body
        assert made["deploymentResult"]["success"] is False
        [entry] = made["deploymentResult"]["detailList"]
        assert entry["detail"] == \
            "environment variable NOT_YET has no value here"
        assert not worker.holds and not worker.calls
        created = create(project, "NOT_YET", globalValue="now").must_be(200)
        assert created.body["deploymentResult"]["success"] is True
        assert held(worker)["settings"]["host"] == "now"


def test_used_one_goes_by_force_alone(project, live):
    create(project, "HOST", globalValue="x").must_be(200)
    for name in "b", "a":
        apz.new_connection(project, name, host="${HOST}")
    apz.new_connection(project, "c", host="$${HOST}")
    its = path(project, "HOST")
    project.apinizer.delete(its).must_be(400, apz.failure(
        "bad_request",
        "Environment variable (name: HOST) is used by: a, b"))
    with Worker() as worker:
        worker.register(project, live)
        eventually(lambda: len(worker.holds) == 3, "the pushes")
        gone = project.apinizer.delete(its, {"force": "true"}) \
            .must_be(200).body
        assert gone["deploymentResult"]["success"] is False
        assert {one["detail"] for one in
                gone["deploymentResult"]["detailList"]} == {
            "environment variable HOST has no value here"}
        assert len(worker.holds) == 3  # as it was


def test_what_was_hidden_is_shown_with_a_new_value_alone(project, live):
    create(project, "PASS", globalValue="secret-1", globalVisible=False,
           environmentValueList=[valued(live, "secret-2", False)]) \
        .must_be(200)
    api, its = project.apinizer, path(project, "PASS")
    for field, change in (
            ("globalValue", {"globalVisible": True}),
            (live, {"environmentValueList": [valued(live, None)]}),
            (live, {"environmentValueList": [{"environmentName": live}]})):
        assert field in api.put(its, change).must_be(400) \
            .body["resultMessage"]
    assert "secret-" not in api.get(its).text
    api.put(its, {"globalVisible": True, "globalValue": "new",
                  "environmentValueList": [valued(live, "newer")]}) \
        .must_be(200)
    assert '"newer"' in api.get(its).text


def peak_mb(server):
    with open(f"/proc/{server.process.pid}/status") as status:
        [line] = [one for one in status if one.startswith("VmHWM")]
    return int(line.split()[1]) // 1024


def test_filling_takes_no_more_than_a_worker_does(project, live):
    create(project, "BIG", globalValue="x" * 16000).must_be(200)
    with Worker() as worker:
        worker.register(project, live)
        before = peak_mb(project.server)
        answered = project.apinizer.post(apz.connection(project, "bomb"), {
            "type": "webhook", "fullUrl": "https://example.com",
            "headerList": [{"name": f"X-{i}", "value": "${BIG}" * 100}
                           for i in range(50)]}).must_be(200).body
        [one] = answered["deploymentResult"]["detailList"]
        assert one["detail"] == "it is too large for a worker"
        assert not worker.holds
        assert peak_mb(project.server) - before < 64


def test_values_go_with_their_environment(project, live):
    create(project, "HOST", environmentValueList=[valued(live, "x")]) \
        .must_be(200)
    [environment] = project.native.get(f"{base(project)}/environments") \
        .must_be(200).body["items"]
    project.native.delete(
        f"{base(project)}/environments/{environment['id']}").must_be(200)
    project.apinizer.get(path(project, "HOST")).must_be(
        200, apz.found(shown(project, "HOST")))


def test_dry_run_deletes_nothing(project):
    create(project, "HOST", globalValue="x").must_be(200)
    planned = project.apinizer.delete(path(project, "HOST"),
                                      {"dryRun": "true"})
    assert planned.status == 200
    [effect] = planned.body["effects"]
    assert not differences(Including({
        "effect": "gone", "kind": "variable", "name": "HOST"}), effect)
    project.apinizer.get(path(project, "HOST")).must_be(200)
