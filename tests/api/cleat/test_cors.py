"""Browsers: pages of the origins that the operator allows may call."""

import pytest

from support import cli
from support.customer import Signer
from support.forms import mentioning
from support.http import Stranger
from support.whole import served

APP, SECOND = "https://app.example.com", "http://localhost:3000"
ALLOW = ("--allow-origin", APP, "--allow-origin", SECOND)
FOREIGN = ["https://evil.example.com", "https://app.example.com.evil.com",
           "http://app.example.com", "https://app.example.com:8443",
           "https://APP.example.com", "https://app.example.com/", "null", "*",
           f"{APP}, {SECOND}", ""]
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]
HEADERS = ["x-api-key", "authorization", "content-type", "x-amp-client",
           "x-amp-client-version"]


@pytest.fixture(scope="module")
def allowing():
    with served(options=ALLOW) as running:
        yield running


def preflight(server, path, origin=APP, method="GET", **headers):
    return Stranger(server).send("OPTIONS", path, headers={
        "Origin": origin, "Access-Control-Request-Method": method, **headers})


def of_cors(answer):
    return {name.lower() for name in answer.headers
            if name.lower().startswith("access-control-")}


def words(text):
    return [word.strip() for word in text.split(",")]


def paths(server):
    base = f"/v1/projects/{server.project.name}"
    return ["/v1/projects", f"{base}/installations",
            f"{base}/connections:generate", f"{base}/api-keys/x",
            f"/cleat/v1/projects/{server.project.name}/events"]


@pytest.mark.parametrize("origin", [APP, SECOND])
@pytest.mark.parametrize("method", METHODS)
def test_preflight_is_answered_to_allowed_origins(allowing, origin, method):
    for path in paths(allowing):
        answer = preflight(allowing, path, origin, method, **{
            "Access-Control-Request-Headers": ", ".join(HEADERS)}).must_be(
                204, None, headers={"Access-Control-Allow-Origin": origin,
                                    "Vary": "Origin"})
        assert set(words(answer.headers["Access-Control-Allow-Methods"])) \
            == set(METHODS)
        assert set(words(answer.headers["Access-Control-Allow-Headers"])) \
            >= set(HEADERS)
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert 0 < int(answer.headers["Access-Control-Max-Age"]) <= 7200


@pytest.mark.parametrize("origin", FOREIGN)
def test_other_origins_are_told_nothing(allowing, origin):
    key = allowing.project.keys["ampersand"]["apiKey"]
    for path in paths(allowing):
        answer = preflight(allowing, path, origin)
        assert answer.status == 405 and not of_cors(answer)
        assert answer.headers["Vary"] == "Origin"
    answer = Stranger(allowing).get(paths(allowing)[1], headers={
        "Origin": origin, "X-Api-Key": key}).must_be(200, [])
    assert not of_cors(answer) and answer.headers["Vary"] == "Origin"


def test_answers_may_be_read_by_allowed_origins(allowing):
    """Whatever they are: a page is to learn why, too."""
    project, ask = allowing.project, Stranger(allowing)
    base = f"/v1/projects/{project.name}"
    key = {"X-Api-Key": project.keys["ampersand"]["apiKey"]}
    for method, path, headers, body, status in (
            ("GET", f"{base}/installations", key, None, 200),
            ("POST", f"{base}/api-keys", key, {"label": "x"}, 201),
            ("GET", f"{base}/installations", {}, None, 401),
            ("GET", f"{base}/installations",
             {"Authorization": f"Bearer {Signer(project).token('org')}"},
             None, 200),
            ("GET", f"{base}/connections/x", key, None, 404),
            ("GET", "/v1/providers", {}, None, 200),
            ("GET", "/v1/no/such/path", {}, None, 404),
            ("PUT", base, key, None, 405),
            ("POST", f"{base}/api-keys", key, b"{", 400),
            ("POST", f"{base}/api-keys", key, b" " * (1 << 20) + b"{}", 413),
            ("GET", f"{base}/connections/%00", key, None, 400),
            ("DELETE", f"{base}/connections/x", key, None, 404)):
        answer = ask.send(method, path, body,
                          headers={**headers, "Origin": APP})
        answer.must_be(status, headers={"Access-Control-Allow-Origin": APP,
                                        "Vary": "Origin"})
        assert "X-Request-Id" in words(
            answer.headers["Access-Control-Expose-Headers"])
        assert "Access-Control-Allow-Credentials" not in answer.headers


def test_who_is_no_browser_sees_that_answers_vary(allowing):
    answer = Stranger(allowing).get("/v1/providers").must_be(
        200, headers={"Vary": "Origin"})
    assert not of_cors(answer)


def test_options_that_is_no_preflight_is_405(allowing):
    answer = Stranger(allowing).send("OPTIONS", "/v1/projects", headers={
        "Origin": APP})
    answer.must_be(405, headers={"Allow": mentioning("GET"),
                                 "Access-Control-Allow-Origin": APP})


def test_preflight_needs_no_key_and_is_no_way_around_one(allowing):
    path = paths(allowing)[1]
    preflight(allowing, path).must_be(204)
    Stranger(allowing).get(path, headers={"Origin": APP}).must_be(401)


def test_other_apis_are_not_for_browsers(allowing):
    project = allowing.project
    for path in (f"/projects/{project.upsun_id}/integrations",
                 f"/api/projects/{project.id}/integrations",
                 f"/apiops/projects/{project.name}/connections",
                 "/workers/v1/register", "/oauth2/token"):
        answer = preflight(allowing, path, method="POST")
        assert answer.status == 405 and not of_cors(answer), path
        assert "Vary" not in answer.headers


def test_no_origin_is_allowed_by_default(server):
    for path in paths(server):
        answer = preflight(server, path)
        assert answer.status == 405 and not of_cors(answer)
        assert "Vary" not in answer.headers
    answer = Stranger(server).get("/v1/providers", headers={"Origin": APP})
    assert not of_cors(answer) and "Vary" not in answer.headers


@pytest.mark.parametrize("origin", [
    "", "*", "null", "app.example.com", "https://", "https://app.example.com/",
    "https://app.example.com/path", "https://app.example.com?x",
    "https://user@app.example.com", "ftp://app.example.com",
    "https://App.example.com", "https://app.example.com:443",
    "http://app.example.com:80", "https://app.example.com:",
    "https://app.example.com:0", "https://app.example.com:70000",
    "https://app.example.com:08", "https://*.example.com", "https://[::1",
    "https://a b", "https://" + "x" * 300])
def test_what_is_no_origin_is_refused_at_start(store, origin):
    done = cli.run("serve", "--store", store.url, "--listen", "127.0.0.1:0",
                   "--allow-origin", origin)
    assert done.returncode == 2 and "--allow-origin" in done.stderr


@pytest.mark.parametrize("origin", ["https://a", "http://[::1]:8080",
                                    "http://127.0.0.1:3000",
                                    "https://xn--bcher-kva.example:8443"])
def test_origins_of_all_forms_are_allowed(server_factory, origin):
    running = server_factory(options=("--allow-origin", origin))
    preflight(running, "/v1/projects", origin).must_be(
        204, headers={"Access-Control-Allow-Origin": origin})
