"""Tokens that are got by what a customer's own key signs: Salesforce's, NetSuite's
and Google's, from a token address that verifies it by PyJWT."""

import json

import pytest

from support.ampersand import invalid, problem
from support.authority import path_of, tokens_of
from support.forms import Including
from support.names import unique
from support.native import base, items, receipt
from support.notary import Notary, in_base64, pem_of, private_key
from support.passing import SUPPORT, Installed, fresh_project
from support.revocation import done, let_go
from support.server import ALLOWED
from support.signed import (EVERY, at_notary, bigquery, connect, delegation,
                            fact, generate, netsuite, salesforce)
from support.upstream import Upstream
from support.wait import eventually
from support.whole import served as served_store

OWN = {
    "name": "bySigned", "displayName": "Signed", "authType": "custom",
    "baseURL": "{{.workspace}}", "defaultModule": "", "support": SUPPORT,
    "metadata": {"input": [{"name": "who"}]},
    "customOpts": {
        "inputs": [{"name": "client", "displayName": "Client"},
                   {"name": "key", "displayName": "Key"}],
        "assertion": {
            "grantType": "jwtBearer", "algorithms": ["ES384", "PS256"],
            "key": "key", "issuer": "{{.client}}",
            "tokenURL": "https://acme.example/token", "withID": True,
            "lifetimeSeconds": 60, "tokenLifetimeSeconds": 900}}}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    path = tmp_path_factory.mktemp("catalog") / "catalog.json"
    path.write_text(json.dumps({"bySigned": OWN}))
    with served_store(options=[*ALLOWED, "--no-health-checks",
                               "--catalog", str(path)]) as running:
        yield running


@pytest.fixture
def project(served):
    return fresh_project(served)


@pytest.fixture
def notary():
    with Notary() as made:
        yield made
    assert not made.overlaps


@pytest.fixture
def upstream():
    with Upstream() as made:
        yield made


def own(notary, algorithm="ES384", fresh=False):
    client = unique("client")
    known = notary.trust(client, algorithm, fresh, lifetime_s=60)
    return {"customAuth": {"client": client, "key": known.pem}}


def events(project, kind):
    return [one for one in items(project, "/events", limit=200)
            if one["type"] == kind]


def none_is_kept(project):
    return project.ampersand.get(
        f"/projects/{project.name}/connections").must_be(200).body == []


@pytest.mark.parametrize("name", EVERY)
def test_customer_connects_by_its_key(project, notary, name):
    at_notary(project, notary)
    body = EVERY[name](notary)
    generate(project, body).must_be(201, Including({
        "provider": name, "authScheme": "none", "status": "created"}))
    connect(project, body).must_be(200, {"connection": Including({
        "provider": name, "authScheme": "none"})})
    assert len(notary.seen) == 2 and not notary.refused
    assert len(events(project, "connection.created")) == 2


@pytest.mark.parametrize("algorithm", ["PS256", "ES256", "ES384", "ES512"])
def test_netsuite_takes_the_algorithm_that_is_the_keys(project, notary,
                                                       algorithm):
    at_notary(project, notary, "netsuiteM2M")
    generate(project, netsuite(notary, algorithm)).must_be(201)
    assert notary.seen[0].header["alg"] == algorithm


@pytest.mark.parametrize("workspace, host", [
    ("acme", "login"), ("acme--dev.sandbox", "test"), ("acme--dev", "test")])
def test_salesforces_audience_is_that_of_the_workspace(project, notary,
                                                       workspace, host):
    at_notary(project, notary, "salesforceJWT")
    generate(project, salesforce(notary, workspace, host)).must_be(201)
    # as its workspace, beside the facts
    body = salesforce(notary, workspace, host)
    body["providerWorkspaceRef"] = workspace
    generate(project, body).must_be(201)


def test_scopes_of_an_app_come_before_the_catalogs(project, notary):
    at_notary(project, notary, "googleWorkspaceDelegation",
              scopes=["calendar", "mail"])
    generate(project, delegation(notary, scope="calendar mail")).must_be(201)


def test_key_may_come_as_it_is(project, notary):
    at_notary(project, notary, "salesforceJWT", "bigquery")
    body = salesforce(notary)
    known = notary.trusted[body["customAuth"]["clientId"]]
    body["customAuth"]["privateKey"] = known.pem
    generate(project, body).must_be(201)


@pytest.mark.parametrize("name, key, why", [
    ("salesforceJWT", "no key", "is not a private key in PEM, as it is or in "
     "base 64"),
    ("salesforceJWT", in_base64("no key"), "is not a private key in PEM"),
    ("salesforceJWT", "of a curve",
     "is no key of the kind that the provider takes"),
    ("bigquery", in_base64("{}"), "has no private_key"),
    ("bigquery", in_base64("[]"), "is no JSON object, as it is or in base 64"),
    ("googleWorkspaceDelegation", in_base64(json.dumps({
        "client_email": "a@b.example", "private_key": "no key"})),
     "is not a private key in PEM"),
])
def test_key_that_does_not_parse_is_named(project, notary, name, key, why):
    if key == "of a curve":
        key = pem_of(private_key("ES256"))
    at_notary(project, notary)
    body = EVERY[name](notary)
    field = "serviceAccountKey" if "serviceAccountKey" in body["customAuth"] \
        else "privateKey"
    body["customAuth"][field] = key
    for answer in generate(project, body), connect(project, body):
        answer.must_be(422, invalid(422, f"customAuth.{field}"))
        assert why in str(answer.body) and key not in str(answer.body)
    assert none_is_kept(project) and not notary.asked


@pytest.mark.parametrize("name", EVERY)
def test_key_that_the_provider_refuses_is_not_kept(project, notary, name):
    at_notary(project, notary)
    body = EVERY[name](notary)
    for known in notary.trusted.values():
        known.key = private_key(known.algorithm, fresh=True)
    generate(project, body).must_be(422, Including(problem(
        422, detail="the provider answered 400 invalid_grant")))
    connect(project, body).must_be(422, invalid(422, "customAuth"))
    assert none_is_kept(project)
    assert len(notary.refused) == 2
    assert all("InvalidSignature" in one for one in notary.refused)


def test_input_that_is_missing_is_named(project, notary):
    body = netsuite(notary)
    del body["customAuth"]["certificateId"]
    generate(project, body).must_be(422, invalid(
        422, "customAuth.certificateId"))
    body = delegation(notary)
    body["providerMetadata"] = {}
    generate(project, body).must_be(422, invalid(
        422, "providerMetadata.userEmail"))


def test_key_is_told_to_nobody(project, notary, served):
    at_notary(project, notary)
    for make in EVERY.values():
        body = make(notary)
        made = generate(project, body).must_be(201).body
        secrets = [*body["customAuth"].values()]
        keys = [value for value in secrets if len(value) > 200]
        told = [made, items(project, "/events", limit=200),
                project.ampersand.get(
                    f"/projects/{project.name}/connections").body,
                tokens_of(project, made["id"])[1]]
        assert len(keys) == 1
        assert not [one for one in told if keys[0] in json.dumps(one)]
        assert keys[0] not in served.stderr()
        assert not [one for one in notary.seen if one.text in str(told)]


def installed(project, notary, upstream, **more):
    at_notary(project, notary, "bySigned")
    return Installed(project, upstream, "bySigned",
                     credentials=own(notary, **more))


def test_proxy_puts_the_token_in(project, notary, upstream):
    one = installed(project, notary, upstream)
    answer = one.call(path="/proxy/thing?a=1")
    assert (answer.status, answer.content) == (200, b"ok")
    token = upstream.last.header("Authorization")
    assert token.removeprefix("Bearer ") in notary.live_tokens()
    assert notary.seen[0].claims["jti"]
    eventually(lambda: one.status() == "working", "a status")


def test_each_token_is_by_an_assertion_of_its_own(project, notary, upstream):
    one = installed(project, notary, upstream)
    for _ in range(2):
        status, _ = tokens_of(project, one.connection["id"], refresh="force")
        assert status == 200
    assert len({seen.claims["jti"] for seen in notary.seen}) == 3
    assert len(events(project, "connection.refreshed")) == 2
    assert "refresh_token" not in str(notary.asked)


def test_token_is_got_anew_when_the_provider_refuses_it(project, notary,
                                                        upstream):
    one = installed(project, notary, upstream)
    [first] = notary.live_tokens() - {None}

    def answer(call):
        is_new = call.header("Authorization") != f"Bearer {first}"
        return (200, {}, b"ok") if is_new else (401, {}, b"")
    upstream.answer = answer
    assert one.call().status == 200
    assert len(notary.seen) == 2


def test_token_is_got_anew_before_it_expires(project, notary, upstream):
    notary.expires_in_s = 4
    installed(project, notary, upstream)
    notary.expires_in_s = 3600
    eventually(lambda: len(notary.seen) == 2, "another assertion")
    eventually(lambda: events(project, "connection.refreshed"), "an event")
    assert not notary.refused


def test_key_that_is_refused_later_is_given_up(project, notary, upstream):
    one = installed(project, notary, upstream)
    notary.gives_none = True
    status, told = tokens_of(project, one.connection["id"], refresh="force")
    assert (status, told["status"]) == (422, 422)
    assert one.status() == "bad_credentials"
    [error] = events(project, "connection.error")
    assert "invalid_grant" in str(error)
    assert len(notary.seen) == 1
    # by force it is tried again, and may be good again
    notary.gives_none = False
    status, _ = tokens_of(project, one.connection["id"], refresh="force")
    assert (status, one.call().status) == (200, 200)


def test_provider_that_is_down_gives_nothing_up(project, notary, upstream):
    one = installed(project, notary, upstream)
    notary.gives_none, notary.error = True, (503, "busy")
    status, _ = tokens_of(project, one.connection["id"], refresh="force")
    assert status in (409, 503)
    assert one.status() != "bad_credentials"
    assert not events(project, "connection.error")


def test_other_facts_are_another_token(project, notary):
    """Who is acted for is in what is signed."""
    at_notary(project, notary, "googleWorkspaceDelegation")
    body = delegation(notary)
    made = generate(project, body).must_be(201).body
    path = path_of(project, made["id"])

    def act_for(user):
        return project.ampersand.patch(path, {
            "updateMask": ["providerMetadata"], "connection": {
                "providerMetadata": {"userEmail": fact(user)}}})
    act_for("mallory@acme.example").must_be(422, invalid(
        422, "connection.providerMetadata"))
    shown = project.ampersand.get(path).must_be(200).body
    assert shown["providerMetadata"]["userEmail"]["value"] == \
        "jane@acme.example"
    for known in notary.trusted.values():
        known.subject = "kim@acme.example"
    act_for("kim@acme.example").must_be(200, Including({
        "providerMetadata": {"userEmail": fact("kim@acme.example")}}))
    assert [one.claims["sub"] for one in notary.seen] == [
        "jane@acme.example", "kim@acme.example"]
    status, _ = tokens_of(project, made["id"], refresh="force")
    assert (status, len(notary.seen)) == (200, 3)


def test_token_goes_with_its_connection(project, notary):
    """Salesforce ends the token; Google and NetSuite have no call for it."""
    at_notary(project, notary)
    made = generate(project, salesforce(notary)).must_be(201).body
    [token] = notary.live_tokens() - {None}
    ended = done(project, let_go(project, made))
    [step] = ended["steps"]
    assert step["state"] == "done", step
    assert [call[1] for call in notary.calls if call[0] == "/revoke"] == [token]
    for make in netsuite, bigquery, delegation:
        made = generate(project, make(notary)).must_be(201).body
        ended = done(project, let_go(project, made))
        assert not ended["steps"]
        assert "unsupported" in json.dumps(ended)


def test_connection_that_comes_back_gets_another_token(project, notary):
    at_notary(project, notary, "salesforceJWT")
    made = generate(project, salesforce(notary)).must_be(201).body
    gone = let_go(project, made, mode="soft", revoke="now")
    eventually(lambda: [step["state"] for step in receipt(
        project, gone["id"])["steps"]] == ["done"], "the step")
    project.native.post(
        f"{base(project)}/connection/{made['id']}:restore", {}).must_be(200)
    status, _ = tokens_of(project, made["id"], refresh="force")
    assert (status, len(notary.seen)) == (200, 2)
