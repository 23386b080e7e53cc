"""Ten changes, for harnesses that let something fail within each: what is
made before it, its request, and what the APIs show before and after it."""

import dataclasses
import json

from support import ampersand as amp
from support import cli
from support.names import unique
from support.native import plan, run
from support.raw import Lost, Raw, address_of, request

TIMEOUT_S = 15


@dataclasses.dataclass
class Asked:
    """One operation that is to be done; `before` and `after` are what
    `shown()` may give."""

    name: str
    good: int  # the status of its answer
    ask: object  # () -> a status; None: no answer came
    shown: object
    before: object
    after: object

    def faults(self, status):
        """What is wrong with this answer, or with what is shown now."""
        shown = self.shown()
        if status == self.good and shown != self.after:
            return [f"{self.name}: {status}, and it is {shown}"]
        if status not in (self.good, 500, 503, None):
            return [f"{self.name}: {status}"]
        if shown not in (self.before, self.after):
            return [f"{self.name}: {status}, and it is {shown}, in part"]
        return []


class Operations:
    """Of a running server's project; the line is its own. `wrong` has what is
    amiss with the form of answers."""

    def __init__(self, server):
        self.server, self.project = server, server.project
        self.integration = amp.new_integration(self.project)
        self.line = None
        self.wrong = []

    def serve_on(self, server):
        """What was asked for is shown by this one from now on."""
        self.server = self.project.server = server
        self.line = None
        for api in self.project.ampersand, self.project.native:
            api.server = server

    def all(self):
        return [self.offer, self.connect, self.install, self.uninstall,
                self.run_plan, self.hide, self.restore, self.purge,
                self.make_group, self.create_token]

    # A change each, made ready

    def offer(self):
        name = unique("sync")
        path = f"/projects/{self.project.name}/integrations"
        return Asked(
            "offer", 201, self._ampersand(
                "POST", path, {"sourceYaml": amp.manifest_yaml(name)}),
            lambda: self._is(self.project.ampersand, f"{path}/{name}"),
            False, True)

    def connect(self):
        group = unique("org")
        return Asked(
            "connect", 201, self._ampersand(
                "POST", f"/projects/{self.project.name}/connections:generate",
                {"provider": amp.PROVIDER, "groupRef": group,
                 "consumerRef": group, "oauth2AuthorizationCode": {
                     "accessToken": {"token": "imported"}}}),
            lambda: self._count(f"connections?groupRef={group}"), 0, 1)

    def install(self):
        connection = amp.new_connection(self.project)
        group = connection["group"]["groupRef"]
        path = amp.installations(self.project, self.integration["id"])
        return Asked(
            "install", 201, self._ampersand("POST", path, {
                "groupRef": group, "connectionId": connection["id"],
                "config": {"content": amp.CONFIG}}),
            lambda: self._count(f"installations?groupRef={group}"), 0, 1)

    def uninstall(self):
        made = amp.new_installation(self.project, self.integration)
        return Asked(
            "uninstall", 204,
            self._ampersand("DELETE", amp.path_of(self.project, made)),
            lambda: self._of(made), (True, True, False),
            (False, False, False))

    def run_plan(self):
        made = amp.new_installation(self.project, self.integration)
        group = made["group"]["groupRef"]
        planned = self.project.native.post(f"{self._native}/deletions:plan", {
            "target": {"kind": "group", "ref": group}}).must_be(200).body
        return Asked(
            "run a plan", 201, self._cleat("deletions", planned),
            lambda: self._of(made), (True, True, False),
            (False, False, False))

    def hide(self):
        made = amp.new_installation(self.project, self.integration)
        planned = plan(self.project, "installation", made["id"], mode="soft")
        return Asked(
            "hide", 201, self._cleat("deletions", planned),
            lambda: self._of(made), (True, True, False), (False, False, True))

    def restore(self):
        made = self._hidden()
        return Asked(
            "restore", 200, self._cleat(f"installation/{made['id']}:restore"),
            lambda: self._of(made), (False, False, True), (True, True, False))

    def purge(self):
        made = self._hidden()
        return Asked(
            "purge", 200, self._cleat(f"installation/{made['id']}:purge"),
            lambda: self._of(made), (False, False, True),
            (False, False, False))

    def make_group(self):
        ref = unique("group")
        return Asked(
            "make a group, by a key", 201, self._cleat(
                "groups", {"ref": ref}, {"Idempotency-Key": unique("key")}),
            lambda: self._is(self.project.native,
                             f"{self._native}/groups/{ref}"), False, True)

    def create_token(self):
        """By the command line, which finds the server's socket."""
        label = unique("token")

        def token(*words):
            return cli.run("token", *words, "--store", self.server.store.url,
                           "--project", self.project.name)

        def ask():
            done = token("create", "--api", "gorules", "--label", label)
            return 201 if done.returncode == 0 else None

        return Asked("create a token", 201, ask,
                     lambda: label in token("list").stdout, False, True)

    # What they need

    @property
    def _native(self):
        return f"/projects/{self.project.name}"

    def _hidden(self):
        """An installation in the trash."""
        made = amp.new_installation(self.project, self.integration)
        run(self.project, plan(self.project, "installation", made["id"],
                               mode="soft"))
        return made

    def _of(self, made):
        """Whether it and its connection are there, and it is in the trash."""
        base = f"/projects/{self.project.name}"
        hidden = self.project.native.get(
            f"{base}/deletions?targetId={made['id']}&state=hidden") \
            .must_be(200).body["items"]
        return (self._is(self.project.ampersand,
                         amp.path_of(self.project, made)),
                self._is(self.project.ampersand,
                         f"{base}/connections/{made['connection']['id']}"),
                bool(hidden))

    @staticmethod
    def _is(client, path):
        answer = client.get(path)
        assert answer.status in (200, 404), answer
        return answer.status == 200

    def _count(self, path):
        return len(self.project.ampersand.get(
            f"/projects/{self.project.name}/{path}").must_be(200).body)

    # Asking

    def _ampersand(self, method, path, document=None):
        return self._sent(method, "/v1" + path, document, {})

    def _cleat(self, path, document=None, headers=None):
        return self._sent("POST", f"/cleat/v1{self._native}/{path}",
                          document or {}, headers or {})

    def _sent(self, method, path, document, headers):
        data = request(method, path, {
            "X-Api-Key": self.project.keys["ampersand"]["apiKey"],
            **headers}, document)
        return lambda: self._status(data)

    def _status(self, data):
        """One connection for all, made anew after it has ended: a thread has
        a session of its own, and is to be the same one."""
        try:
            self.line = self.line or Raw(address_of(self.server), TIMEOUT_S)
            self.line.send(data)
            answer = self.line.answer()
        except Lost:
            self.line.close()
            self.line = None
            return None
        if answer.status >= 500:
            self._look_at(answer)
        return answer.status

    def _look_at(self, answer):
        document = json.loads(answer.body)
        if answer.headers["content-type"] != "application/problem+json" \
                or document["status"] != answer.status:
            self.wrong.append(f"an error of another form: {answer}")
        if "there is no" in document["detail"]:
            self.wrong.append(f"a sentence that is not why: {answer}")
