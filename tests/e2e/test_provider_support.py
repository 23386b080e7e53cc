"""The fake provider does what tests believe of it."""

import pytest
import requests

from support.provider import CLIENT_ID, CLIENT_SECRET, Provider

BODY = {"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET}
# RFC 6749, 2.3.1
BASIC = tuple(requests.utils.quote(one, safe="")
              for one in (CLIENT_ID, CLIENT_SECRET))


@pytest.fixture
def provider():
    with Provider() as made:
        yield made


def call(provider, method, path, token=None, **more):
    headers = {"Authorization": f"Bearer {token}"} if token else None
    return requests.request(method, provider.url + path, timeout=10,
                            **({"headers": headers} | more))


def is_alive(provider, token):
    return call(provider, "POST", "/introspect",
                data={"token": token}).json()["active"]


@pytest.mark.parametrize("client", [{"auth": BASIC}, {"data": BODY}])
def test_token_is_revoked_by_its_client_alone(provider, client):
    grant = provider.grant()
    assert is_alive(provider, grant.refresh)
    data = {"token": grant.refresh}
    assert call(provider, "POST", "/revoke", data=data).status_code == 401
    wrong = {"client_id": CLIENT_ID, "client_secret": "other"}
    assert call(provider, "POST", "/revoke", data=data | wrong) \
        .status_code == 401
    assert is_alive(provider, grant.refresh)
    client = client | {"data": data | client.get("data", {})}
    assert call(provider, "POST", "/revoke", **client).status_code == 200
    assert not is_alive(provider, grant.refresh)
    assert not is_alive(provider, grant.access)
    # RFC 7009, 2.2
    assert call(provider, "POST", "/revoke", **client).status_code == 200


def test_refresh_rotates(provider):
    grant = provider.grant()
    old = grant.refresh
    data = BODY | {"grant_type": "refresh_token", "refresh_token": old}
    got = call(provider, "POST", "/token", data=data).json()
    assert got["refresh_token"] != old
    assert is_alive(provider, got["refresh_token"])
    assert is_alive(provider, got["access_token"])
    again = call(provider, "POST", "/token", data=data)
    assert (again.status_code, again.json()) == \
        (400, {"error": "invalid_grant"})
    provider.rotates = False
    data["refresh_token"] = got["refresh_token"]
    assert "refresh_token" not in call(provider, "POST", "/token",
                                       data=data).json()
    assert is_alive(provider, got["refresh_token"])
    assert call(provider, "POST", "/token", data=data
                | {"grant_type": "password"}).status_code == 400


@pytest.mark.parametrize(("method", "path", "refused"), [
    ("POST", "/self", 401), ("DELETE", "/self", 401),
    ("POST", "/slack", 200), ("DELETE", "/uninstall", 401),
    ("GET", "/apps/{}/de-authenticate", 400)])
def test_bearer_ends_its_grant_while_it_is_alive(provider, method, path,
                                                 refused):
    def end(token):
        return call(provider, method, path.format(token), token, headers={
            "X-Shopify-Access-Token": token} if path == "/uninstall"
            else {"Authorization": f"Bearer {token}"})

    grant = provider.grant()
    assert end("unknown").status_code == refused
    assert end(grant.refresh).status_code == refused
    provider.expire(grant.access)
    answer = end(grant.access)
    assert answer.status_code == refused and not answer.json().get("ok")
    assert provider.live_tokens() == {grant.refresh}
    other = provider.grant()
    assert end(other.access).json()["revoked"]
    assert provider.live_tokens() == {grant.refresh}


@pytest.mark.parametrize(("fault", "status"), [
    ("500", 500), ("429", 429), ("401", 401)])
def test_fault_is_answered_and_counted(provider, fault, status):
    token = provider.issue()
    provider.schedule = [fault]
    answer = call(provider, "POST", "/revoke", data=BODY | {"token": token})
    assert answer.status_code == status
    assert answer.headers.get("Retry-After") == ("1" if status == 429
                                                 else None)
    assert provider.fired[fault] == 1 and provider.live == {token}


@pytest.mark.parametrize(("fault", "is_done"), [
    ("reset", False), ("lost", True)])
def test_connection_breaks_before_or_after_the_work(provider, fault, is_done):
    token = provider.issue()
    provider.schedule = [fault]
    with pytest.raises(requests.ConnectionError):
        call(provider, "POST", "/revoke", data=BODY | {"token": token})
    assert provider.fired[fault] == 1
    assert (token not in provider.live) == is_done


def test_hang_says_nothing(provider):
    provider.schedule = ["hang"]
    with pytest.raises(requests.Timeout):
        requests.post(f"{provider.url}/revoke", timeout=0.3)
    assert provider.fired["hang"] == 1


def test_provider_is_down_for_a_time(provider):
    token = provider.issue()
    data = BODY | {"token": token}
    provider.is_down = True
    with pytest.raises(requests.ConnectionError):
        call(provider, "POST", "/revoke", data=data)
    provider.is_down = False
    assert call(provider, "POST", "/revoke", data=data).status_code == 200
    assert provider.fired["down"] == 1
    assert provider.calls == [("/revoke", token, 200)]


def test_shares_of_faults_are_kept(provider):
    provider.faults = {"500": 0.3}
    for _ in range(100):
        call(provider, "POST", "/revoke", data=BODY)
    assert 15 <= provider.fired["500"] <= 45
