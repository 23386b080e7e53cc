"""Who calls too often is told to wait, in the API's own form, and nothing is
done; others are not held up by it."""
import pytest

from support import apinizer, cli, gorules, upsun
from support.ampersand import problem
from support.forms import differences
from support.raw import Raw, address_of, request
from support.server import Server
from support.wait import eventually
from support.whole import verified_store

SLOW = ("--key-rate", "1", "--address-rate", "1",
        "--trusted-proxy", "127.0.0.1")
MANY = 40
KEYS = "/v1/projects/my-project/api-keys"


@pytest.fixture(scope="module")
def slow():
    with verified_store() as store:
        running = Server(store, rates=SLOW)
        yield running
        running.stop()


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def burst(server, path, headers=(), count=MANY, method="GET", document=None):
    """The answers to many requests that are sent at once."""
    with Raw(address_of(server)) as one:
        one.send(request(method, path, headers, document) * count)
        return [one.answer() for _ in range(count)]


def told_to_wait(answers, status):
    """Those that were; all others are of this status."""
    assert {one.status for one in answers} <= {status, 429}
    found = [one for one in answers if one.status == 429]
    assert all(int(one.headers["retry-after"]) >= 1 for one in found)
    return found


FORMS = {
    "ampersand": ("/v1/projects/my-project/installations",
                  problem(429, retryable=True)),
    "upsun": ("/me", upsun.error(429, "Too Many Requests")),
    "gorules": ("/api/projects", gorules.error(429)),
    "apinizer": ("/apiops/projects/",
                 apinizer.failure("too_many_requests")),
    "cleat": ("/cleat/v1/projects/my-project/events",
              problem(429, retryable=True)),
}


def headers_of(project, api):
    keys = project.keys
    if api == "ampersand":
        return {"X-Api-Key": keys["ampersand"]["apiKey"]}
    if api == "upsun":
        return bearer(eventually(lambda: project.upsun.access_token,
                                 "a token"))
    return bearer(keys["apinizer"]["token"] if api == "apinizer" else
                  keys["gorules"]["personalAccessToken"])


@pytest.mark.parametrize("api", FORMS)
def test_key_that_calls_too_often_waits(slow, api):
    path, form = FORMS[api]
    headers = headers_of(slow.project, api)
    found = told_to_wait(burst(slow, path, headers), 200)
    assert not differences(form, found[0].document)
    eventually(lambda: burst(slow, path, headers, 1)[0].status == 200,
               "its time")


def test_nothing_is_done_that_was_told_to_wait(slow):
    key = slow.store.create_token("my-project", "ampersand")["token"]
    made = burst(slow, KEYS, {"X-Api-Key": key}, method="POST",
                 document={"label": "often"})
    refused = told_to_wait(made, 201)
    own = eventually(lambda: slow.project.ampersand.get(
        "/projects/my-project/api-keys").body, "the keys")
    assert len([one for one in own if one["label"] == "often"]) == \
        MANY - len(refused) > 0


def test_other_keys_and_what_needs_none_are_not_held_up(slow):
    one, other = (slow.store.create_token("my-project", "ampersand")["token"]
                  for _ in range(2))
    assert told_to_wait(burst(slow, KEYS, {"X-Api-Key": one}), 200)
    assert burst(slow, KEYS, {"X-Api-Key": other}, 1)[0].status == 200
    for path in "/healthz", "/readyz", "/openapi/cleat.json":
        assert {answer.status for answer in burst(slow, path)} == {200}


def of(address):
    return {"X-Forwarded-For": f"192.0.2.1, {address}", "X-Api-Key": "none"}


def test_who_has_no_key_is_counted_by_address(slow):
    assert told_to_wait(burst(slow, KEYS, of("192.0.2.7")), 401)
    assert burst(slow, KEYS, of("192.0.2.8"), 1)[0].status == 401
    assert told_to_wait(burst(slow, KEYS, of("2001:db8::1")), 401)
    assert burst(slow, KEYS, of("2001:db8:0:0:ffff::2"), 1)[0].status == 429
    assert burst(slow, KEYS, of("2001:db8:0:1::1"), 1)[0].status == 401
    found = burst(slow, "/oauth2/token", of("192.0.2.9"), method="POST",
                  document={"grant_type": "api_token", "api_token": "none"})
    assert told_to_wait(found, 400)[0].document["error"]


def test_proxy_that_is_not_trusted_is_who_calls(server_factory):
    server = server_factory(rates=("--address-rate", "1"))
    found = [answer.status for number in range(MANY)
             for answer in burst(server, KEYS, of(f"192.0.2.{number}"), 1)]
    assert set(found) == {401, 429}
    assert burst(server, KEYS, of("198.51.100.1"), 1)[0].status == 429


def test_metrics_count_those_told_to_wait(slow):
    def limited():
        [answer] = burst(slow, "/metrics", count=1)
        return {line.split('"')[1]: int(line.split()[-1])
                for line in answer.body.decode().splitlines()
                if line.startswith("cleat_limited_total")}

    before = limited()
    key = told_to_wait(burst(slow, KEYS, headers_of(
        slow.project, "ampersand")), 200)
    address = told_to_wait(burst(slow, KEYS, of("192.0.2.20")), 401)
    assert limited() == {"key": before["key"] + len(key),
                         "address": before["address"] + len(address)}


@pytest.mark.parametrize("option, value", [
    ("--key-rate", "-1"), ("--key-rate", "many"), ("--key-rate", "1000001"),
    ("--address-rate", ""), ("--trusted-proxy", "proxy.example"),
    ("--trusted-proxy", "10.0.0.0/8"), ("--trusted-proxy", "::0001")])
def test_rate_or_proxy_that_is_none_is_refused(slow, option, value):
    done = cli.run("serve", "--store", slow.store.url, "--listen",
                   "127.0.0.1:0", option, value)
    assert done.returncode == 2 and option in done.stderr
    assert done.stderr.count("\n") == 1
