"""Calls that are passed on: providers of every type of authentication, whose
address is the connection's workspace, and installations of them.

    with served() as server:
        project = server.create_project(name, name)
        installed = Installed(project, upstream)
        installed.call("POST", "/proxy/thing", body=b"...")"""

import contextlib
import http.client
import json
import pathlib
import tempfile

from support.forms import Including, differences
from support.names import unique
from support.server import ALLOWED
from support.whole import served as served_store

TIMEOUT_S = 60
SUPPORT = {
    "bulkWrite": {"insert": False, "update": False, "upsert": False,
                  "delete": False},
    "proxy": True, "read": True, "subscribe": False, "write": False,
    "delete": False, "search": {"operators": {"equals": False}}}


def provider(name, auth, **more):
    return {"name": name, "displayName": name, "authType": auth,
            "baseURL": "{{.workspace}}", "support": SUPPORT,
            **{"defaultModule": "", **more}}


CHECK = {"url": "{{.workspace}}/me", "method": "GET",
         "successStatusCodes": [200]}
PROVIDERS = [
    provider("inHeader", "apiKey", apiKeyOpts={
        "attachmentType": "header",
        "header": {"name": "X-Key", "valuePrefix": "Key "}}),
    provider("inQuery", "apiKey", apiKeyOpts={
        "attachmentType": "query", "query": {"name": "api_key"}}),
    provider("byBasic", "basic"),
    provider("ownWay", "custom", customOpts={
        "headers": [{"name": "X-Own", "valueTemplate": "Own {{ .token }}"}],
        "queryParams": [{"name": "own", "valueTemplate": "{{ .token }}"}],
        "inputs": [{"name": "token", "displayName": "Token"}]}),
    provider("byToken", "oauth2", oauth2Opts={
        "grantType": "authorizationCode", "authURL": "https://acme.example/a",
        "tokenURL": "https://acme.example/t",
        "explicitScopesRequired": False, "explicitWorkspaceRequired": False,
        "tokenMetadataFields": {}}),
    provider("openToAll", "none"),
    provider("withCheck", "apiKey", apiKeyOpts={
        "attachmentType": "header",
        "header": {"name": "X-Key", "valuePrefix": "Key "}},
        authHealthCheck=CHECK),
    provider("tokenWithCheck", "oauth2", authHealthCheck=CHECK, oauth2Opts={
        "grantType": "authorizationCode", "authURL": "https://acme.example/a",
        "tokenURL": "https://acme.example/t",
        "explicitScopesRequired": False, "explicitWorkspaceRequired": False,
        "tokenMetadataFields": {}}),
    provider("inParts", "apiKey", defaultModule="part", apiKeyOpts={
        "attachmentType": "header", "header": {"name": "X-Key"}},
        modules={"part": {"displayName": "Part",
                          "baseURL": "{{.workspace}}/part",
                          "support": SUPPORT}}),
]
CREDENTIALS = {
    "inHeader": {"apiKey": "s3cret"}, "inQuery": {"apiKey": "s3cret"},
    "inParts": {"apiKey": "s3cret"},
    "byBasic": {"basicAuth": {"username": "jane", "password": "s3cret"}},
    "ownWay": {"customAuth": {"token": "s3cret"}},
    "openToAll": {},
    "byToken": {"oauth2AuthorizationCode": {
        "accessToken": {"token": "s3cret"}}},
}


@contextlib.contextmanager
def served(*options):
    """A server that knows these providers, judged at the end."""
    with tempfile.TemporaryDirectory(prefix="cleat-") as folder:
        path = pathlib.Path(folder) / "catalog.json"
        path.write_text(json.dumps({one["name"]: one for one in PROVIDERS}))
        with served_store(options=[*ALLOWED, "--catalog", str(path),
                                   *options]) as running:
            yield running


def fresh_project(server):
    name = unique("fresh")
    return server.create_project(name, name)


class Installed:
    """An installation of one provider, and calls through it. `of` is another
    one, whose connection it uses."""

    def __init__(self, project, upstream, kind="inHeader", enabled=True,
                 credentials=None, module=None, group=None, of=None):
        self.project = project
        self.group = of.group if of else group or unique("org")
        self.integration = self._integrate(kind, module)
        self.connection = of.connection if of else project.ampersand.post(
            f"/projects/{project.name}/connections:generate", {
                "provider": kind, "groupRef": self.group,
                "consumerRef": unique("user"),
                "providerWorkspaceRef": upstream.url,
                **(credentials or CREDENTIALS[kind])}).must_be(201).body
        self.path = f"/projects/{project.name}/integrations/" \
            f"{self.integration['id']}/installations"
        self.id = project.ampersand.post(self.path, {
            "groupRef": self.group, "connectionId": self.connection["id"],
            "config": {"content": {"provider": kind,
                                   "proxy": {"enabled": enabled}}}}) \
            .must_be(201).body["id"]

    def _integrate(self, kind, module):
        name = unique("sync")
        content = {"name": name, "displayName": "Sync", "provider": kind,
                   "proxy": {"enabled": True}}
        if module:
            content["module"] = module
            content["proxy"]["useModule"] = True
        path = f"/projects/{self.project.name}/integrations"
        self.project.ampersand.post(path, {
            "name": name, "provider": kind, "latestRevision": {
                "specVersion": "1.0.0", "content": content}}).must_be(201)
        return self.project.ampersand.get(f"{path}/{name}").must_be(200).body

    @property
    def headers(self):
        return {"X-Amp-Proxy-Version": "1",
                "X-Amp-Project-Id": self.project.id,
                "X-Api-Key": self.project.keys["ampersand"]["apiKey"],
                "X-Amp-Installation-Id": self.id}

    @contextlib.contextmanager
    def opened(self, method, path, body=None, headers=None, without=(),
               **more):
        """The answer, whose body has not been read."""
        host = self.project.server.base.removeprefix("http://")
        connection = http.client.HTTPConnection(host, timeout=TIMEOUT_S)
        sent = {name: value for name, value in
                {**self.headers, **(headers or {})}.items()
                if name not in without}
        try:
            connection.request(method, path, body, sent, **more)
            yield connection.getresponse()
        finally:
            connection.close()

    def call(self, method="GET", path="/proxy/thing", body=None, headers=None,
             **more):
        with self.opened(method, path, body, headers, **more) as answer:
            answer.content = answer.read()
        return answer

    def operations(self):
        return self.project.ampersand.get(f"{self.path}/{self.id}/operations") \
            .must_be(200).body["results"]

    def status(self):
        return self.project.ampersand.get(
            f"/projects/{self.project.name}/connections/"
            f"{self.connection['id']}").must_be(200).body["status"]


def must_fail(answer, status, error, **known):
    __tracebackhide__ = True
    assert answer.status == status, answer.content
    assert answer.headers["X-Amp-Error"] == error, answer.content
    assert answer.headers["Content-Type"] == "application/problem+json"
    wrong = differences(Including({"status": status, **known}),
                        json.loads(answer.content))
    assert not wrong, wrong
