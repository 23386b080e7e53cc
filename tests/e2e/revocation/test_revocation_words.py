"""What an address needs to know of the customer or the app gets there from
where the builder gave it."""

from support.names import unique
from support.native import receipt
from support.revocation import connect, done, let_go, register
from support.wait import eventually

# box takes its token from any path
PATH = "/{{.workspace}}/{{.appId}}/revoke"


def fact(value, source="input"):
    return {"value": value, "source": source}


def ended_at(project, provider, **connection):
    """The path of the call that ended its grant."""
    token = provider.issue()
    made = connect(project, token, **connection)
    [step] = done(project, let_go(project, made))["steps"]
    assert step["reason"] == "revoked"
    assert token not in provider.live
    return provider.calls[-1][0]


def test_metadata_of_the_connection_fills_the_address(project, provider):
    register(project, provider.url, path=PATH)
    assert ended_at(project, provider, providerMetadata={
        "workspace": fact("ac me"), "appId": fact("7", "token"),
    }) == "/ac%20me/7/revoke"


def test_workspace_of_the_connection_goes_first(project, provider):
    register(project, provider.url, path=PATH)
    assert ended_at(
        project, provider, providerWorkspaceRef="acme",
        providerMetadata={"workspace": fact("other"), "appId": fact("7")},
    ) == "/acme/7/revoke"


def test_parameter_of_the_app_fills_what_the_connection_lacks(project,
                                                              provider):
    register(project, provider.url, path=PATH, appId="of the app",
             workspace="theirs")
    assert ended_at(project, provider, providerWorkspaceRef="acme") \
        == "/acme/of%20the%20app/revoke"
    assert ended_at(project, provider, providerMetadata={
        "appId": fact("mine")}) == "/theirs/mine/revoke"


def test_app_that_comes_later_has_parameters_too(project, provider):
    token = provider.issue()
    made = connect(project, token, providerWorkspaceRef="acme")
    deletion = let_go(project, made)
    eventually(lambda: receipt(project, deletion["id"])["steps"][0]["attempts"]
               > 0, "a try")
    register(project, provider.url, path=PATH, appId="7")
    [step] = receipt(project, deletion["id"])["steps"]
    project.native.post(
        f"/cleat/v1/projects/{project.name}/deletions/{deletion['id']}"
        f"/steps/{step['id']}:retry")
    [step] = done(project, deletion)["steps"]
    assert step["reason"] == "revoked"
    assert provider.calls[-1][0] == "/acme/7/revoke"


def test_what_is_not_known_is_named(project, provider):
    register(project, provider.url, path=PATH)
    made = connect(project, provider.issue(), providerWorkspaceRef="acme")
    deletion = let_go(project, made)
    assert eventually(
        lambda: receipt(project, deletion["id"])["steps"][0]
        .get("lastAnswer"), "a try") == "appId is not known"
    assert provider.calls == []


def test_long_metadata_is_no_obstacle(project, provider):
    register(project, provider.url)
    facts = {unique("fact"): fact("x" * 60_000) for _ in range(12)}
    assert ended_at(project, provider, providerMetadata=facts) == "/revoke"
