"""An operator's own providers: cleat serve --catalog FILE."""

import json

import pytest

from support import cli
from support.ampersand import Ampersand
from support.authority import (Authority, ask, come_back, post_text,
                               query_of, register)
from support.names import unique
from support.server import ALLOWED

SUPPORT = {
    "bulkWrite": {"insert": False, "update": False, "upsert": False,
                  "delete": False},
    "proxy": True, "read": True, "subscribe": False, "write": False,
    "delete": False, "search": {"operators": {"equals": False}}}
KEYED = {"name": "acme", "displayName": "Acme", "authType": "apiKey",
         "baseURL": "https://{{.workspace}}.acme.example/api",
         "defaultModule": "", "support": SUPPORT,
         "apiKeyOpts": {"attachmentType": "header",
                        "header": {"name": "X-Key", "valuePrefix": "Key "}}}
WHOLE = {
    "name": "acmeLogin", "displayName": "Acme", "authType": "oauth2",
    "baseURL": "https://api.acme.example", "defaultModule": "main",
    "oauth2Opts": {
        "grantType": "authorizationCode", "authURL": "https://acme.example/a",
        "tokenURL": "https://{{.region}}.acme.example/t",
        "explicitScopesRequired": True, "explicitWorkspaceRequired": False,
        "audience": ["https://api.acme.example/"],
        "scopeMappings": {"read": "https://acme.example/read"},
        "tokenMetadataFields": {
            "consumerRefField": "user.id", "scopesField": "scope",
            "workspaceRefField": "team", "otherFields": [
                {"name": "shard", "displayName": "Shard", "path": "a.b"},
                {"name": "host", "displayName": "Host", "path": "url",
                 "capture": "^https://([a-z0-9]+)[.]"}]},
        "docsURL": "https://acme.example/docs",
        "authURLParams": {"prompt": "consent"},
        "accessTokenOpts": {"attachmentType": "accessTokenHeaderAttachment",
                            "header": {"name": "X-Token"}},
        "keepAliveIntervalHours": 12},
    "authHealthCheck": {"url": "https://api.acme.example/me", "method": "GET",
                        "successStatusCodes": [200, 204]},
    "postAuthInfoNeeded": True,
    "media": {"regular": {"iconURL": "https://acme.example/icon.svg"},
              "darkMode": {"logoURL": "https://acme.example/dark.svg"}},
    "labels": {"team": "crm"},
    "subscribeRequirements": {"subscribeByAPI": True},
    "modules": {"main": {
        "displayName": "Main", "baseURL": "https://{{.shard}}.acme.example",
        "support": {
            **SUPPORT, "subscribeSupport": {"create": True},
            "batchWrite": {
                "create": {"supported": True, "defaultRecordLimit": 10,
                           "objectRecordLimits": {"contact": 5}},
                "update": {"supported": False}, "upsert": {"supported": False},
                "delete": {"supported": False}}}}},
    "metadata": {
        "input": [{"name": "region", "displayName": "Region",
                   "prompt": "Where?", "defaultValue": "eu",
                   "docsURL": "https://acme.example/regions",
                   "moduleDependencies": {"main": {}}}],
        "postAuthentication": [{"name": "accountId"}]},
    "providerAppMetadata": {"authQueryParams": [{"name": "optional"}],
                            "providerParams": [{"name": "appId"}]},
    "support": SUPPORT}
CUSTOM = {
    "name": "acmeOwn", "displayName": "Acme", "authType": "custom",
    "baseURL": "https://api.acme.example", "defaultModule": "",
    "customOpts": {
        "headers": [{"name": "X-Key", "valueTemplate": "{{ .key }}"}],
        "queryParams": [{"name": "key", "valueTemplate": "{{ .key }}"}],
        "inputs": [{"name": "key", "displayName": "Key",
                    "fieldType": "fieldTypeSelect", "prompt": "Which?",
                    "options": [{"value": "a", "label": "A"}]}],
        "providerInputs": [{"name": "app", "displayName": "App"}],
        "multiStep": True},
    "support": SUPPORT}
SIGNED = {
    "name": "acmeSigned", "displayName": "Acme", "authType": "custom",
    "baseURL": "https://api.acme.example", "defaultModule": "",
    "metadata": {"input": [{"name": "region"}]},
    "customOpts": {
        "inputs": [{"name": "account", "displayName": "Account"}],
        "assertion": {
            "grantType": "clientCredentials", "algorithms": ["PS256", "ES256"],
            "key": "account.pem", "keyID": "{{.account.kid}}",
            "issuer": "{{.account.client}}", "subject": "{{.workspace}}",
            "audience": "https://{{.region}}.acme.example",
            "otherAudience": "https://test.acme.example",
            "otherAudienceFor": ["--"], "scopesIn": "form",
            "scopes": ["read"], "withID": True,
            "tokenURL": "https://{{.region}}.acme.example/token",
            "lifetimeSeconds": 60, "tokenLifetimeSeconds": 900}},
    "support": SUPPORT}
BASIC = {
    "name": "acmeBasic", "displayName": "Acme", "authType": "basic",
    "baseURL": "https://api.acme.example", "defaultModule": "",
    "basicOpts": {"apiKeyAsBasic": True, "apiKeyAsBasicOpts": {
        "fieldUsed": "username", "keyFormat": "%s/token"},
        "docsURL": "https://acme.example/docs"},
    "support": SUPPORT}


def catalog_file(folder, *providers):
    path = folder / "catalog.json"
    path.write_text(json.dumps({one["name"]: one for one in providers}))
    return path


def refused(folder, text):
    path = folder / "catalog.json"
    path.write_text(text)
    done = cli.run("serve", "--store", f"sqlite:{folder}/none.db", "--listen",
                   "127.0.0.1:0", "--catalog", str(path))
    assert done.returncode == 2, done
    lines = done.stderr.splitlines()
    assert lines and all(line.startswith(f"cleat: --catalog {path}: ")
                         for line in lines), done.stderr
    return [line.removeprefix(f"cleat: --catalog {path}: ") for line in lines]


def test_providers_are_added_and_replaced(server_factory, folder):
    stripe = {**KEYED, "name": "stripe", "displayName": "Our Stripe"}
    added = [KEYED, WHOLE, CUSTOM, BASIC]
    path = catalog_file(folder, *added, stripe)
    server = server_factory(options=["--catalog", str(path)])
    every = Ampersand(server).get("/providers").must_be(200).body
    assert len(every) == 238 + len(added)
    assert list(every) == sorted(every)
    for one in [*added, stripe]:
        assert every[one["name"]] == one
        Ampersand(server).get(f"/providers/{one['name']}").must_be(200, one)
    server.project.ampersand.post(
        f"/projects/{server.project.name}/connections:generate",
        {"provider": "acme", "groupRef": unique("org"),
         "consumerRef": unique("user"), "apiKey": "x"}).must_be(201)


def test_assertion_is_taken_and_not_answered(server_factory, folder):
    path = catalog_file(folder, SIGNED)
    server = server_factory(options=["--catalog", str(path)])
    Ampersand(server).get("/providers/acmeSigned").must_be(
        200, without(SIGNED, "customOpts", "assertion"))


def test_what_oauth_needs_besides_is_taken_and_not_answered(server_factory,
                                                            folder):
    quirks = {"clientAuth": "basic", "scopeDelimiter": ",",
              "defaultScopes": ["read"]}
    more = {**WHOLE, "oauth2Opts": {**WHOLE["oauth2Opts"], **quirks}}
    server = server_factory(
        options=["--catalog", str(catalog_file(folder, more))])
    Ampersand(server).get(f"/providers/{WHOLE['name']}").must_be(200, WHOLE)


def test_oauth_of_an_operator_s_provider_is_as_its_file_says(
        server_factory, folder):
    """Where the client shows itself, how scopes are parted and sent, what else
    the address holds, and whose the tokens are."""
    acme = {**WHOLE, "oauth2Opts": {
        **WHOLE["oauth2Opts"], "clientAuth": "basic", "scopeDelimiter": ",",
        "defaultScopes": ["read", "write"]}}
    path = catalog_file(folder, acme)
    server = server_factory(options=["--catalog", str(path), *ALLOWED])
    project, name = server.project, WHOLE["name"]
    with Authority() as authority:
        register(project, authority, name, scopes=[])
        authority.answer = {"user": {"id": 5}, "team": "blue", "scope": "read"}
        url = ask(project, name, providerMetadata={
            "region": {"value": "eu", "source": "input"}})
        asked = query_of(url)
        assert asked["scope"] == "https://acme.example/read,write"
        assert asked["audience"] == "https://api.acme.example/"
        assert asked["prompt"] == "consent"
        page = come_back(server, authority.agree(url))
        [form] = authority.asked
    assert form["Authorization"].startswith("Basic ")
    assert "client_secret" not in form
    shown = project.ampersand.get(
        f"/projects/{project.name}/connections/"
        f"{page.told['data']['connection']}",
        {"includeCreds": "true"}).must_be(200).body
    assert shown["providerConsumerRef"] == "5"
    assert shown["providerWorkspaceRef"] == "blue"
    assert shown["oauth2AuthorizationCode"]["scopes"] == ["read"]


def fact(value, name):
    return {"value": value, "source": "token", "displayName": name}


def test_other_fields_of_the_token_answer_are_the_connection_s_facts(
        server_factory, folder):
    acme = {**WHOLE, "baseURL": "https://{{.host}}.acme.example"}
    path = catalog_file(folder, acme)
    server = server_factory(options=["--catalog", str(path), *ALLOWED])
    project, name = server.project, WHOLE["name"]
    region = {"value": "eu", "source": "input"}
    with Authority() as authority:
        register(project, authority, name, scopes=["read"])
        authority.answer = {"a": {"b": "s-1"}, "url": "https://eu7.acme.io/x"}
        page = come_back(server, authority.agree(ask(
            project, name, providerMetadata={"region": region})))
        of = f"/projects/{project.name}/connections/" \
            f"{page.told['data']['connection']}"
        shown = project.ampersand.get(of).must_be(200).body
        assert shown["providerMetadata"] == {
            "region": region, "shard": fact("s-1", "Shard"),
            "host": fact("eu7", "Host")}
        # with new tokens come new facts; what is not said stays
        authority.answer = {"a": {"b": "s-2"}}
        _, url = post_text(project, of + ":oauth-update", None,
                           method="PATCH")
        come_back(server, authority.agree(url))
        shown = project.ampersand.get(of).must_be(200).body
        assert shown["providerMetadata"] == {
            "region": region, "shard": fact("s-2", "Shard"),
            "host": fact("eu7", "Host")}


@pytest.mark.parametrize("text, why", [
    ("{\n\"a\": }", "not JSON at line 2"),
    ("[]", "must be an object of providers"),
    ('{"a": {}, "a": {}}', "duplicate object key"),
    ('{"a": 1}', "a must be an object")])
def test_what_is_no_catalog_is_told(folder, text, why):
    assert why in refused(folder, text)[0]


def without(document, *path):
    if len(path) == 1:
        return {k: v for k, v in document.items() if k != path[0]}
    return {**document, path[0]: without(document[path[0]], *path[1:])}


def having(document, value, *path):
    inner = value if len(path) == 1 else having(
        document.get(path[0], {}), value, *path[1:])
    return {**document, path[0]: inner}


ASSERTION = "acmeSigned.customOpts.assertion"
OAUTH2 = "acmeLogin.oauth2Opts"
OTHER = f"{OAUTH2}.tokenMetadataFields.otherFields[0]"


def other_field(**more):
    return having(WHOLE, [{"name": "shard", "displayName": "Shard",
                           "path": "a", **more}],
                  "oauth2Opts", "tokenMetadataFields", "otherFields")


def assertion(value, *keys):
    return having(SIGNED, value, "customOpts", "assertion", *keys)


@pytest.mark.parametrize("provider, key", [
    (without(SIGNED, "customOpts", "assertion", "issuer"),
     f"{ASSERTION}.issuer"),
    (assertion("implicit", "grantType"), f"{ASSERTION}.grantType"),
    (assertion([], "algorithms"), f"{ASSERTION}.algorithms"),
    (assertion(["HS256"], "algorithms"), f"{ASSERTION}.algorithms[0]"),
    (assertion("pem", "key"), f"{ASSERTION}.key"),
    (assertion("{{.nobody}}", "issuer"), f"{ASSERTION}.issuer"),
    (assertion("{{.account}}", "subject"), f"{ASSERTION}.subject"),
    (assertion("{{.account.pem}}", "keyID"), f"{ASSERTION}.keyID"),
    (assertion("{{.accounts}}", "audience"), f"{ASSERTION}.audience"),
    (assertion([], "otherAudienceFor"), f"{ASSERTION}.otherAudience"),
    (without(SIGNED, "customOpts", "assertion", "scopesIn"),
     f"{ASSERTION}.scopes"),
    (assertion("http://acme.example", "tokenURL"), f"{ASSERTION}.tokenURL"),
    (assertion("https://{{.account}}.example/t", "tokenURL"),
     f"{ASSERTION}.tokenURL"),
    (assertion(3601, "lifetimeSeconds"), f"{ASSERTION}.lifetimeSeconds"),
    (assertion(1, "colour"), f"{ASSERTION}.colour"),
    (without(KEYED, "authType"), "acme.authType"),
    (without(KEYED, "support", "read"), "acme.support.read"),
    (without(KEYED, "apiKeyOpts"), "acme.apiKeyOpts"),
    (without(KEYED, "apiKeyOpts", "header"), "acme.apiKeyOpts.header"),
    (without(WHOLE, "oauth2Opts", "authURL"), f"{OAUTH2}.authURL"),
    (without(WHOLE, "oauth2Opts", "tokenMetadataFields"),
     f"{OAUTH2}.tokenMetadataFields"),
    (without(CUSTOM, "customOpts"), "acmeOwn.customOpts"),
    (having(KEYED, "http://acme.example", "baseURL"), "acme.baseURL"),
    (having(KEYED, "https://u@acme.example", "baseURL"), "acme.baseURL"),
    (having(KEYED, "https://{{.nobody}}.example", "baseURL"), "acme.baseURL"),
    (having(KEYED, 1, "displayName"), "acme.displayName"),
    (having(KEYED, "x", "colour"), "acme.colour"),
    (having(KEYED, "digest", "authType"), "acme.authType"),
    (having(KEYED, "yes", "support", "read"), "acme.support.read"),
    (having(KEYED, {}, "customOpts"), "acme.customOpts"),
    (having(KEYED, "cookie", "apiKeyOpts", "attachmentType"),
     "acme.apiKeyOpts.attachmentType"),
    (having(KEYED, {"name": "k"}, "apiKeyOpts", "query"),
     "acme.apiKeyOpts.query"),
    (having(WHOLE, "implicit", "oauth2Opts", "grantType"),
     f"{OAUTH2}.grantType"),
    (having(WHOLE, "clientCredentials", "oauth2Opts", "grantType"),
     f"{OAUTH2}.authURL"),
    (having(WHOLE, "https://{{.who}}.example/t", "oauth2Opts", "tokenURL"),
     f"{OAUTH2}.tokenURL"),
    (other_field(capture="(a"), f"{OTHER}.capture"),
    (other_field(capture="(a)(b)"), f"{OTHER}.capture"),
    (other_field(path="refresh_token"), f"{OTHER}.path"),
    (having(WHOLE, 0, "oauth2Opts", "keepAliveIntervalHours"),
     f"{OAUTH2}.keepAliveIntervalHours"),
    (having(WHOLE, [1], "oauth2Opts", "audience"), f"{OAUTH2}.audience[0]"),
    (having(WHOLE, {"a": 1}, "oauth2Opts", "scopeMappings"),
     f"{OAUTH2}.scopeMappings.a"),
    (having(WHOLE, "side", "defaultModule"), "acmeLogin.defaultModule"),
    (having(KEYED, "X Key\r\n", "apiKeyOpts", "header", "name"),
     "acme.apiKeyOpts.header.name"),
    (having(KEYED, "host", "apiKeyOpts", "header", "name"),
     "acme.apiKeyOpts.header.name"),
    (having(KEYED, "https://acme.example/?a=1", "baseURL"), "acme.baseURL"),
    (having(CUSTOM, [{"name": "X-Own", "valueTemplate": "{{ .nobody }}"}],
            "customOpts", "headers"),
     "acmeOwn.customOpts.headers[0].valueTemplate"),
    (having(CUSTOM, [{"name": "a,b", "displayName": "A"}],
            "customOpts", "inputs"), "acmeOwn.customOpts.inputs[0].name"),
    (having(WHOLE, "nowhere", "modules", "main", "baseURL"),
     "acmeLogin.modules.main.baseURL"),
    (having(WHOLE, [{}], "metadata", "input"),
     "acmeLogin.metadata.input[0].name"),
])
def test_bad_key_is_named(folder, provider, key):
    said = refused(folder, json.dumps({provider.get("name"): provider}))
    assert any(line.startswith(key + " ") for line in said), said


def test_name_is_that_of_its_key(folder):
    said = refused(folder, json.dumps({"other": KEYED}))
    assert said == ["other.name must be other, as it is called above"]


def test_all_faults_are_told_at_once(folder):
    bad = having(having(KEYED, 1, "displayName"), 1, "baseURL")
    assert len(refused(folder, json.dumps({"acme": bad}))) == 2


def test_file_that_is_not_there_is_told(folder):
    done = cli.run("serve", "--store", f"sqlite:{folder}/none.db", "--listen",
                   "127.0.0.1:0", "--catalog", f"{folder}/nowhere.json")
    assert done.returncode == 2
    assert done.stderr.endswith("nowhere.json: No such file or directory\n")
