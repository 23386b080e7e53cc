"""Canary values through every API, then looked for in the logs, the metrics,
the answers that may not have them, and the files of the store."""

from support import apinizer as apz
from support import connection_values as values
from support import engine
from support import gorules as gr
from support.canary import Canaries
from support.connection_fields import types
from support.http import Stranger
from support.names import unique
from support.planted import planted_server
from support.upsun import Anonymous, basic, bearer, exchange, new_webhook

PLANTS = ["secrets_in_the_log", "secrets_in_an_event"]


class Suite:
    """Secrets put in by every way there is; `replies` is what came back
    where no secret should."""

    def __init__(self, server):
        self.server, self.project = server, server.project
        self.canaries = Canaries()
        self.replies = []

    def play(self):
        for api, keys in self.project.keys.items():
            if api != "project":
                [token] = keys.values()
                self.canaries.add(f"first token of {api}", token)
        for part in (self.tokens, self.ampersand, self.upsun, self.gorules,
                     self.apinizer, self.wrong_credentials,
                     self.wrong_requests):
            part()

    def secret(self, what):
        return self.canaries.new(what)

    def silent(self, reply, *statuses):
        """It came as it should, and should not say a secret."""
        assert reply.status in (statuses or (200, 201, 204)), reply
        self.replies.append(reply)
        return reply

    def tokens(self):
        project = self.project
        path = f"/projects/{project.name}/api-keys"
        for api in "ampersand", "upsun", "gorules", "apinizer":
            made = project.token(api, "--label", api)
            self.canaries.add(f"token of {api}", made["token"])
            self.server.store.revoke_token(project.name, made["id"])
        key = project.ampersand.post(path, {"label": "x"}) \
            .must_be(201).body["key"]
        self.canaries.add("API key", key)
        self.silent(project.ampersand.get(path))
        self.silent(project.ampersand.get(f"{path}/{key}"))
        self.silent(project.ampersand.delete(f"{path}/{key}"))
        self.silent(project.ampersand.delete(f"{path}/{key}"), 404)
        self.canaries.add("access token", project.upsun.access_token)
        granted = Anonymous(self.server).post("/apiops/auth/token", form={
            "grant_type": "client_credentials", "client_id": project.name,
            "client_secret": project.keys["apinizer"]["token"]})
        self.canaries.add("Apinizer's access token",
                          granted.must_be(200).body["access_token"])

    def ampersand(self):
        project, api = self.project, self.project.ampersand
        base = f"/projects/{project.name}/connections"
        for credentials in (
                {"provider": "stripe", "apiKey": self.secret("apiKey")},
                {"provider": "ashby", "basicAuth": {
                    "username": "jane", "password": self.secret("basic")}},
                {"provider": "salesforce", "oauth2AuthorizationCode": {
                    "accessToken": {"token": self.secret("access token")},
                    "refreshToken": {"token": self.secret("refresh")}}}):
            made = self.silent(api.post(f"{base}:generate", {
                "groupRef": unique("group"), "consumerRef": unique("user"),
                **credentials})).body
            path = f"{base}/{made['id']}"
            self.silent(api.get(path))
            api.get(path, {"includeCreds": "true",
                           "includeRefreshToken": "true"}).must_be(200)
            self.silent(api.get(base))
            self.silent(api.delete(path))

    def upsun(self):
        project, api = self.project, self.project.upsun
        base = f"/projects/{project.upsun_id}/integrations"
        viewer = project.caller("upsun", "viewer")
        self.canaries.add("viewer's access token", viewer.access_token)
        hook = new_webhook(project, shared_key=self.secret("shared key"))
        git = self.silent(api.post(base, {
            "type": "github", "repository": "acme/site",
            "token": self.secret("github token")}))
        git = git.body["_embedded"]["entity"]
        api.get(f"{base}/{hook['id']}").must_be(200)
        self.silent(viewer.get(f"{base}/{hook['id']}"))
        self.silent(viewer.get(base))
        self.silent(api.get(f"{base}/{git['id']}"))
        api.patch(f"{base}/{hook['id']}", {
            "shared_key": self.secret("new shared key")}).must_be(200)
        self.silent(api.patch(f"{base}/{git['id']}", {
            "token": self.secret("new github token")}))
        self.silent(viewer.delete(f"{base}/{hook['id']}"), 403)
        api.delete(f"{base}/{hook['id']}").must_be(200)
        self.silent(api.delete(f"{base}/{git['id']}"))
        self.silent(api.get(f"/projects/{project.upsun_id}/activities"))

    def gorules(self):
        project, api = self.project, self.project.gorules
        viewer = project.caller("gorules", "viewer")

        def config():
            return {"method": "get", "url": "https://example.localhost/rates",
                    "headers": [
                        {"key": "Authorization",
                         "value": f"Bearer {self.secret('header')}"},
                        {"key": "X-Api-Key", "value": self.secret("key")}],
                    "cookies": [
                        {"name": "session", "value": self.secret("cookie")}]}

        made = gr.new_integration(project, config=config())
        path = gr.integrations(project, made["id"])
        self.silent(viewer.get(path))
        self.silent(viewer.get(gr.integrations(project)))
        self.silent(viewer.delete(path), 403)
        api.put(path, {"name": "New", "config": config()}).must_be(200)
        self.silent(api.delete(path))
        api.put(f"{path}/restore").must_be(200)
        self.silent(api.delete(path))

    def apinizer(self):
        project, api = self.project, self.project.apinizer
        viewer = project.caller("apinizer", "viewer")
        name = apz.new_connection(project, auth=True, username="jane",
                                  password=self.secret("mail password"))
        path = apz.connection(project, name)
        self.silent(viewer.get(path))
        self.silent(api.get(apz.connection(project), {"type": "all"}))
        self.silent(api.put(path, {
            "type": "email", "host": "smtp.example.com",
            "password": self.secret("new mail password")}))
        self.silent(viewer.delete(path), 400)
        self.silent(api.delete(path))
        for kind in types():
            self.apinizer_type(kind, viewer)
        self.silent(api.get(apz.connection(project), {"type": "all"}))

    def apinizer_type(self, kind, viewer):
        """All its secrets at once, then new ones."""
        def body():
            return {**values.whole(kind), **{
                name: self.secret(f"{kind}'s {name}")
                for name in values.secrets_of(kind)}}

        api, name = self.project.apinizer, unique(kind)
        path = apz.connection(self.project, name)
        self.silent(api.post(path, body()))
        look_up = f"/utility/connections/{apz.id_of(self.project, name)}"
        for reply in (viewer.get(path), viewer.get(look_up),
                      viewer.get(f"{look_up}/full"), api.get(look_up),
                      api.post("/utility/connections/batch-names",
                               [look_up.split("/")[-1]]),
                      api.put(path, body())):
            self.silent(reply)
        self.silent(api.post(path, body()), 400)
        self.silent(api.put(path, {**body(), "type": "pigeon"}), 400)
        self.silent(api.delete(path))

    def wrong_credentials(self):
        stranger = Stranger(self.server)

        def wrong(prefix="cleat_amp_"):
            return prefix + self.secret("wrong token") + "A" * 17

        for headers in ({"X-Api-Key": wrong()}, bearer(wrong("cleat_upa_")),
                        bearer(self.secret("wrong bearer")),
                        basic(self.secret("wrong basic"))):
            for path in ("/v1/projects", "/me", "/api/projects",
                         "/apiops/projects"):
                self.silent(stranger.get(path, headers=headers), 401)
        self.silent(exchange(self.server, wrong("cleat_ups_")), 400)
        self.silent(stranger.post("/oauth2/revoke", form={
            "token": wrong("cleat_upa_")}), 200, 400)
        self.silent(stranger.post("/apiops/auth/token", form={
            "grant_type": "client_credentials", "client_id": "my-project",
            "client_secret": wrong("cleat_apz_")}), 400, 401)

    def wrong_requests(self):
        """What is refused is told without what was in it."""
        project, api = self.project, self.project.ampersand
        generate = f"/projects/{project.name}/connections:generate"
        whole = {"provider": "salesforce", "groupRef": "g",
                 "consumerRef": "c"}
        for body in (
                {**whole, "apiKey": self.secret("wrong kind")},
                {**whole, "provider": "none", "apiKey": self.secret("none")},
                {**whole, "basicAuth": {"password": self.secret("half")}},
                {**whole, "apiKey": [self.secret("list")]},
                {"provider": "stripe", "apiKey": self.secret("missing")},
                f'{{"apiKey": "{self.secret("cut")}'.encode(),
                f'{{"apiKey": "{self.secret("bad")}" x}}'.encode()):
            self.silent(api.post(generate, body), 400, 422)
        self.silent(project.upsun.post(
            f"/projects/{project.upsun_id}/integrations",
            {"type": "github", "token": self.secret("no repository")}), 400)
        self.silent(project.gorules.post(gr.integrations(project), {
            "name": "x", "type": "http", "config": {"headers": [
                {"key": "Authorization", "value": self.secret("x")}]}}), 400)
        self.silent(project.apinizer.post(apz.connection(project, "new"), {
            "type": "email", "port": "x",
            "password": self.secret("bad port")}), 400)
        for path in ("/v1/projects", "/healthz", "/no/such/path"):
            Stranger(self.server).get(path, {
                "token": self.secret("query"), "x": "%zz"})
            Stranger(self.server).get(f"{path}/{self.secret('path')}")

    def leaks(self):
        """Where a secret is that should not be, while the server runs and
        when it has stopped."""
        found = {"an answer": self.canaries.found_in(
            b"\n".join(str(reply.headers).encode() + reply.content
                       for reply in self.replies))}
        found["metrics"] = self.canaries.found_in(
            Stranger(self.server).get("/metrics").content)
        master = (self.server.store.folder / "store.db.key").read_text()
        self.canaries.add("master key", master.strip())
        found.update(self.leaks_of_files("running"))
        self.server.stop()
        found.update(self.leaks_of_files("stopped"))
        found["log"] = self.canaries.found_in(self.server.stderr().encode())
        return {where: what for where, what in found.items() if what}

    def leaks_of_files(self, when):
        return {f"{what}, {when}": self.canaries.found_in(there)
                for what, there in engine.contents(self.server.store).items()}


def test_no_secret_is_in_logs_metrics_answers_or_the_store(server_factory):
    suite = Suite(server_factory())
    suite.play()
    assert len(suite.canaries.values) > 40 and len(suite.replies) > 50
    assert not suite.leaks()


def test_the_search_finds_what_is_there(server_factory):
    """Of the log and the store; else finding no secret would say nothing."""
    suite = Suite(server_factory())
    label = suite.secret("label")
    made = suite.project.ampersand.post(
        f"/projects/{suite.project.name}/api-keys", {"label": label})
    suite.silent(made, 201)
    suite.canaries.add("request id", made.headers["X-Request-Id"])
    leaks = suite.leaks()
    assert leaks["an answer"] == ["label, as it is", "request id, as it is"]
    for where in ("rows, running", "rows, stopped") if engine.is_postgres() \
            else ("store.db-wal, running", "store.db, stopped"):
        assert "label, as it is" in leaks[where]
    assert leaks["log"] == ["request id, as it is"]


def catches(plant):
    with planted_server(plant) as server:
        suite = Suite(server)
        suite.play()
        return suite.leaks()


def test_planted_faults_are_caught(all_caught):
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("secrets", PLANTS, caught)
