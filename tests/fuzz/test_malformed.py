"""Thousands of malformed requests: each gets a clear refusal in its API's
form, none a 5xx, none a hang, and nothing is served after a request that can
be read in two ways. The requests are in support/bad_requests.py and bad_framing.py."""

import re
import selectors

import pytest

from support import ampersand as amp
from support import bad_framing as framing
from support import bad_requests as bad
from support.delivery import OPTIONS
from support.forms import (OBJECT, TEXT, UUID_REGEX, Form, Including,
                           Optional, differences, either, list_of)
from support.planted import planted, under_test
from support.raw import Lost, Raw, address_of, request
from support.server import Server, Store
from support.soak import scaled
from support.world import World

ODD = scaled(600, 6000)
MUTATIONS = scaled(400, 4000)
PLANTS = ["no_guard", "headers_are_taken_as_read", "bad_json_is_our_fault"]
SHOWN = 20
AT_ONCE, QUIET_S = 200, 0.3
REFUSAL_S = 5  # a request that looks unfinished is not waited for longer

# What libmicrohttpd refuses before we see it comes as its own page; with a
# Content-Length that is no number it sends its head twice before it.
LIBRARY = re.compile(rb"(HTTP/1\.1 4\d\d [^<]*\r\n\r\n)?<html>.*</html>",
                     re.DOTALL)

# on one server, so that the last test knows how many there were
pytestmark = pytest.mark.xdist_group("malformed")

OAUTH = {"error": TEXT, "error_description": TEXT}
NOT_EMPTY = Form("members that say why", lambda value: isinstance(
    value, dict) and value and all(isinstance(one, str) and one
                                   for one in value.values()))


def reasoned(api, status):
    """The API's form of this refusal, with a reason in it."""
    if api == "upsun":
        return either(OAUTH, {
            "status": "error", "message": TEXT, "code": status,
            "detail": NOT_EMPTY if status == 400 else OBJECT})
    if api == "gorules":
        message = list_of(TEXT, at_least=1) if status == 400 else TEXT
        return {"statusCode": status, "message": message, "error": TEXT}
    if api == "apinizer":
        return either(OAUTH, {
            "success": False, "status": "FAILURE", "error": TEXT,
            "error_description": TEXT, "resultMessage": TEXT})
    return Including({**amp.problem(status), "issues": Optional(list_of(
        Including({"detail": TEXT, "name": TEXT})))})


def api_of(path):
    """GoRules has users, the audit log and, below /api/projects, the uuids;
    anything else there is Upsun's."""
    if path.startswith("/cleat"):
        return "cleat"
    if path.startswith("/workers"):
        return "workers"
    if re.match("/(read/|write/|search/)?v1", path):
        return "ampersand"
    if path.startswith("/apiops"):
        return "apinizer"
    if re.match(r"/api/(users|audit-logs)\b", path) or re.match(
            rf"/api/projects(/?(\?|$)|/{UUID_REGEX}([/?]|$))", path):
        return "gorules"
    return "upsun"


class Judge:
    """Sends on a connection that is kept; `faults` are sentences."""

    def __init__(self, server):
        self.address = address_of(server)
        self.raw = None
        self.faults = []
        self.count = 0

    def fault(self, name, what):
        self.faults.append(f"{name}: {what}")

    def ask(self, case):
        """A request that is well framed: one answer, and the next may
        follow."""
        self.count += 1
        self.raw = self.raw or Raw(self.address)
        self.raw.send(case.data)
        try:
            answer = self.raw.answer()
        except (Lost, TimeoutError) as error:
            self.fault(case.name, f"no answer: {error!r}")
            return self._forget()
        if answer.closes:
            self._forget()
        if answer.status not in case.allowed:
            self.fault(case.name, f"{answer.status} {answer.body[:200]!r}")
        elif answer.status >= 400:
            path = case.data.split(b" ")[1].decode("latin-1")
            self.judge_refusal(case.name, case.api and api_of(path), answer)
        return None

    def _forget(self):
        self.raw.close()
        self.raw = None

    def judge_refusal(self, name, api, answer):
        if "x-request-id" not in answer.headers:
            self.fault(name, "no X-Request-Id")
        if api:
            wrong = differences(reasoned(api, answer.status),
                                answer.document)
            for one in wrong:
                self.fault(name, one)

    def refuse(self, name, data, statuses=(400,)):
        """It is refused, and nothing after it is looked at."""
        self.count += 1
        with Raw(self.address, REFUSAL_S) as raw:
            raw.send(data)
            try:
                answer = raw.answer()
                rest = raw.rest() if answer.closes else b""
            except (Lost, TimeoutError) as error:
                return self.fault(name, f"no answer: {error!r}")
        if answer.status not in statuses:
            self.fault(name, f"{answer.status} {answer.body[:100]!r}")
        if not answer.closes:
            self.fault(name, "the connection is not closed")
        if "x-request-id" not in answer.headers:
            if not LIBRARY.fullmatch(answer.body + rest):
                self.fault(name, f"no answer of ours: {answer} {rest!r}")
            return None
        if rest:
            self.fault(name, f"more came: {rest[:60]!r}")
        path = re.match(rb"\S* +([^ ?\0]*)", data)[1].decode("latin-1")
        return self.judge_refusal(
            name, api_of(path) if path in framing.PATHS else None, answer)

    def survive(self, cases):
        """Whatever each is taken for, no 5xx of ours answers, and the server
        goes on. Half a request gets no answer: what has come when all is
        quiet is judged."""
        cases = list(cases)
        for start in range(0, len(cases), AT_ONCE):
            self._survive(cases[start:start + AT_ONCE])
            with Raw(self.address) as raw:
                raw.send(request("GET", "/healthz"))
                assert raw.answer().status == 200

    def _survive(self, cases):
        self.count += len(cases)
        with selectors.DefaultSelector() as waiting:
            for name, data in cases:
                raw = Raw(self.address)
                raw.send(data)
                waiting.register(raw.socket, selectors.EVENT_READ,
                                 (name, raw, bytearray()))
            while waiting.get_map():
                ready = waiting.select(QUIET_S)
                for key, _ in ready:
                    if not _receive(key.fileobj, key.data[2]):
                        waiting.unregister(key.fileobj)
                        self._judge_survival(*key.data)
                if not ready:
                    break
            for key in list(waiting.get_map().values()):
                self._judge_survival(*key.data)

    def _judge_survival(self, name, raw, got):
        for status in re.findall(rb"HTTP/1\.1 (5\d\d) ", got):
            if status != b"505":
                self.fault(name, bytes(got[:200]))
        raw.abort()

    def close(self):
        if self.raw:
            self.raw.close()


class Bench:
    """A server with something in it to be malformed about."""

    def __init__(self):
        self.store = Store()
        self.server = Server(self.store, options=OPTIONS)
        self.project = self.server.project
        self.world = World(self.project, "fuzz")
        keys = self.project.keys
        self.headers = {
            "ampersand": {"X-Api-Key": keys["ampersand"]["apiKey"]},
            "builder": _bearer(self.project.upsun.access_token),
            "upsun": _bearer(self.project.upsun.access_token),
            "gorules": _bearer(keys["gorules"]["personalAccessToken"]),
            "apinizer": _bearer(keys["apinizer"]["token"]),
            "workers": _bearer(self.project.token("worker")["token"]),
            "cleat": _bearer(keys["apinizer"]["token"])}
        self.judge = Judge(self.server)

    def smuggled(self):
        """A request that would leave a trace if it were served."""
        return request(
            "POST", f"/v1/projects/{self.project.name}/api-keys",
            self.headers["ampersand"], {"label": "smuggled"})

    def refresh(self):
        """Deletions among the requests may have hit."""
        self.world = World(self.project, "fuzz", self.world.worker)

    def faults(self):
        """Those since last asked."""
        found, self.judge.faults = self.judge.faults, []
        return found

    def close(self):
        self.judge.close()
        if not self.server.is_over:
            self.server.kill()
        self.store.remove()


def _receive(socket, got):
    """False at the end."""
    try:
        more = socket.recv(1 << 16)
    except ConnectionResetError:
        return False
    got += more
    return bool(more)


def _bearer(token):
    return {"Authorization": f"Bearer {token}"}


@pytest.fixture(scope="module")
def bench():
    """Judged at the end: alive, no 5xx counted, no error logged, and no
    report of a sanitizer."""
    made = Bench()
    try:
        yield made
        if not made.server.is_over:
            assert_unharmed(made)
    finally:
        made.close()


def assert_unharmed(bench):
    with Raw(address_of(bench.server)) as raw:
        raw.send(request("GET", "/metrics"))
        metrics = raw.answer()
    assert metrics.status == 200
    assert not re.findall(rb'cleat_requests_total.*status="5(?!01").*',
                          metrics.body)
    bench.server.stop()
    assert not [line for line in bench.server.log()
                if line.get("level") == "error"]


def none(bench):
    found = bench.faults()
    assert not found, f"{len(found)} faults\n" + "\n".join(found[:SHOWN])


def test_no_kind_of_broken_json_is_taken(bench):
    for case in bad.json_cases(bench.world, bench.headers):
        bench.judge.ask(case)
    none(bench)


def test_odd_members_are_refused_or_taken(bench):
    for case in bad.odd_cases(bench.world, bench.headers, ODD):
        bench.judge.ask(case)
    bench.refresh()
    none(bench)


def test_what_is_no_id_finds_nothing(bench):
    for case in bad.url_cases(bench.world, bench.headers):
        bench.judge.ask(case)
    none(bench)


def test_what_is_no_path_leads_nowhere(bench):
    for case in bad.path_cases():
        bench.judge.ask(case)
    none(bench)


def test_what_is_no_value_is_refused(bench):
    for case in bad.query_cases(bench.world, bench.headers):
        bench.judge.ask(case)
    bench.refresh()
    none(bench)


def test_nothing_is_served_after_an_ambiguous_request(bench):
    for name, data in framing.ambiguous_cases(bench.smuggled()):
        bench.judge.refuse(name, data, (400, 413))
    keys = bench.project.ampersand.get(
        f"/projects/{bench.project.name}/api-keys").must_be(200).body
    assert "smuggled" not in [key["label"] for key in keys]
    none(bench)


def test_what_is_too_large_is_refused(bench):
    for name, data, statuses in framing.oversized_cases():
        bench.judge.refuse(name, data, statuses)
    none(bench)


def test_broken_chunks_are_refused(bench):
    for name, data in framing.chunk_cases(framing.BROKEN_CHUNKS):
        bench.judge.refuse(name, data, (400, 413))
    # libmicrohttpd's own page, of a buffer that is full
    for name, data in framing.chunk_cases(framing.ENDLESS_CHUNKS):
        bench.judge.refuse(name, data, (400, 413, 500))
    none(bench)


def test_what_is_read_leniently_is_survived(bench):
    bench.judge.survive(framing.chunk_cases(framing.LENIENT_CHUNKS))
    bench.judge.survive(framing.lenient_cases(bench.smuggled()))
    none(bench)


def test_what_is_no_request_is_survived(bench):
    bench.judge.survive((repr(data[:60]), data) for data in framing.NO_REQUESTS)
    none(bench)


def test_request_that_stops_anywhere_is_survived(bench):
    whole = bench.smuggled()
    bench.judge.survive((f"cut at {end}", whole[:end])
                        for end in range(1, len(whole)))
    none(bench)


def test_mutated_requests_are_survived(bench):
    bench.judge.survive((repr(data), data) for data in framing.mutated(
        bench.smuggled(), MUTATIONS))
    none(bench)


def test_thousands_were_sent(bench):
    assert bench.judge.count > 3000


def catches(plant):
    with planted(plant) as binary, under_test(binary):
        made = Bench()
        try:
            for name, data in framing.ambiguous_cases(made.smuggled()):
                made.judge.refuse(name, data, (400, 413))
                if made.judge.faults:
                    return True
            for case in bad.json_cases(made.world, made.headers):
                made.judge.ask(case)
                if made.judge.faults:
                    return True
            return False
        finally:
            made.close()


def test_planted_faults_are_caught(all_caught):
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("malformed", PLANTS, caught)
