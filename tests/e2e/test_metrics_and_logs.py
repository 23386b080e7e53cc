"""What the server tells its operator: counts that are right, and a line for
each request."""

import concurrent.futures
import re

import pytest

from support import ampersand as amp
from support import gorules as gr
from support.forms import TEXT, TIME_Z, UUID, Optional, differences
from support.http import Stranger
from support.names import unique
from support.raw import Raw, address_of
from support.wait import eventually

SAMPLE = re.compile(r'([a-z_]+)(?:\{((?:[a-z_]+="[^"\\\n]*",?)*)\})? (\S+)')
LABEL = re.compile(r'([a-z_]+)="([^"]*)"')


class Metrics:
    """/metrics, read as Prometheus does: each sample by name and labels."""

    def __init__(self, server):
        self.text = Stranger(server).get("/metrics").must_be(200).text
        self.types, self.samples = {}, {}
        for line in self.text.splitlines():
            if line.startswith("# "):
                _, kind, name, rest = line.split(" ", 3)
                if kind == "TYPE":
                    assert name not in self.types, line
                    self.types[name] = rest
                continue
            matched = SAMPLE.fullmatch(line)
            assert matched, line
            key = matched[1], frozenset(LABEL.findall(matched[2] or ""))
            assert key not in self.samples, line
            self.samples[key] = float(matched[3])

    def value(self, name, **labels):
        """The sum over all samples with these labels."""
        return sum(value for (one, its), value in self.samples.items()
                   if one == name and set(labels.items()) <= its)


def base_name(name):
    return re.sub("_(bucket|sum|count)$", "", name)


@pytest.fixture
def quiet(server_factory):
    """A server of the test's own: nobody else is counted."""
    return server_factory()


def test_metrics_have_the_form_that_prometheus_reads(quiet):
    amp.new_installation(quiet.project)
    metrics = Metrics(quiet)
    assert metrics.text.endswith("\n")
    for (name, _), value in metrics.samples.items():
        kind = metrics.types.get(name) or metrics.types.get(base_name(name))
        assert kind in ("counter", "gauge", "histogram"), name
        assert kind == "gauge" or value >= 0, name
        assert (kind == "counter") == name.endswith("_total"), name
    seen = []
    for line in metrics.text.splitlines():
        name = base_name(line.split(" ")[2] if line.startswith("#")
                         else re.split("[{ ]", line)[0])
        if not seen or seen[-1] != name:
            assert name not in seen, f"{name} is not in one piece"
            seen.append(name)


def test_histograms_add_up(quiet):
    amp.new_installation(quiet.project)
    metrics = Metrics(quiet)
    names = [name for name, kind in metrics.types.items()
             if kind == "histogram"]
    assert len(names) >= 3
    for name in names:
        series = {}
        for (one, labels), value in metrics.samples.items():
            if one == f"{name}_bucket":
                bound = dict(labels)["le"]
                series.setdefault(labels - {("le", bound)}, []).append(
                    (float(bound), value))
        assert series, name
        for labels, buckets in series.items():
            buckets.sort()
            counts = [count for _, count in buckets]
            assert counts == sorted(counts), (name, labels)
            assert buckets[-1][0] == float("inf")
            assert counts[-1] == metrics.samples[f"{name}_count", labels]
            assert metrics.samples[f"{name}_sum", labels] >= 0


def counted(server, **labels):
    return Metrics(server).value("cleat_requests_total", **labels)


def test_each_request_is_counted_once(quiet):
    project = quiet.project
    for _ in range(3):
        project.ampersand.get("/projects").must_be(200)
        Stranger(quiet).get("/v1/projects").must_be(401)
        project.gorules.get(gr.integrations(project, "x")).must_be(404)
    with Raw(address_of(quiet)) as raw:
        raw.send(b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
        assert raw.answer().status == 400
    Stranger(quiet).get("/no/such/thing").must_be(404)
    wanted = {
        ("ampersand", "listProjects", "200"): 3,
        ("ampersand", "listProjects", "401"): 3,
        ("gorules", "getIntegration", "404"): 3,
        ("none", "none", "400"): 1, ("none", "none", "404"): 1,
    }
    eventually(lambda: all(
        counted(quiet, dialect=dialect, route=route, status=status) == count
        for (dialect, route, status), count in wanted.items()), wanted)
    metrics = Metrics(quiet)
    assert metrics.value("cleat_request_seconds_count",
                         dialect="ampersand", route="listProjects") == 6


@pytest.mark.sqlite
def test_commits_are_counted_with_what_was_in_them(quiet):
    project = quiet.project
    path = f"/projects/{project.name}/api-keys"

    def add_key(_):
        project.ampersand.post(path, {"label": unique("n")}).must_be(201)

    def grown(since, until, name):
        return until.value(name) - since.value(name)

    def one_change():
        """(before, after) it, unless a job's first look came between."""
        before = Metrics(quiet)
        asked = counted(quiet, route="createApiKey")
        add_key(None)
        project.ampersand.get(path).must_be(200)
        project.ampersand.post(path, {"label": 5}).must_be(400)
        eventually(lambda: counted(quiet, route="createApiKey") == asked + 2,
                   "counts")
        after = Metrics(quiet)
        return all(grown(before, after, name) == 1 for name in (
            "cleat_commit_batch_size_sum", "cleat_commit_batch_size_count",
            "cleat_commit_seconds_count")) and (before, after)

    before, one = eventually(one_change, "one change, one commit")
    assert 0 < grown(before, one, "cleat_commit_seconds_sum") < 5

    with concurrent.futures.ThreadPoolExecutor(16) as pool:
        list(pool.map(add_key, range(160)))
    many = Metrics(quiet)
    assert grown(one, many, "cleat_commit_batch_size_sum") == 160
    assert 1 <= grown(one, many, "cleat_commit_batch_size_count") <= 160
    assert many.value("cleat_writer_queue") == 0
    assert many.value("cleat_commit_failures_total") == 0


# The log.

def access_lines(server):
    return [line for line in server.log() if line["message"] == "request"]


def test_each_request_is_one_line_with_its_id(quiet):
    project, stranger = quiet.project, Stranger(quiet)
    replies = [
        (project.ampersand.get("/projects"), "listProjects"),
        (project.apinizer.get("/projects/"), "find_3"),
        (stranger.get("/api/projects"), "listProjects"),
        (stranger.get("/healthz"), "getHealth"),
        (stranger.get("/no/such/thing"), "none"),
        (stranger.send("PUT", "/v1/projects"), "none"),
        (stranger.get("/v1/projects/" + "x" * 9000), "none"),
        (project.ampersand.post(
            f"/projects/{project.name}/api-keys", b"{"), "createApiKey"),
    ]
    quiet.stop()
    lines = {}
    for line in access_lines(quiet):
        assert line["request_id"] not in lines
        lines[line["request_id"]] = line
    assert len(lines) == len(replies)
    for reply, route in replies:
        line = lines[reply.headers["X-Request-Id"]]
        assert not differences({
            "time": TIME_Z, "level": "info", "message": "request",
            "request_id": UUID, "route": route, "status": reply.status,
            "took_us": line["took_us"], "error": Optional(TEXT)}, line)
        assert type(line["took_us"]) is int and line["took_us"] >= 0
        assert ("error" in line) == (reply.status >= 400), line


def test_refusal_of_the_guard_is_a_line_too(quiet):
    with Raw(address_of(quiet)) as raw:
        raw.send(b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n")
        answer = raw.answer()
    line = eventually(lambda: [
        line for line in access_lines(quiet)
        if line["request_id"] == answer.headers["x-request-id"]], "a line")
    assert line[0]["status"] == 400


def test_starting_and_stopping_are_told(quiet):
    quiet.stop()
    told = [line["message"] for line in quiet.log()]
    assert told == ["serving", "stopping", "stopped"]


def test_no_line_is_lost_under_load(quiet):
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        ids = set(pool.map(
            lambda _: Stranger(quiet).get("/healthz").headers["X-Request-Id"],
            range(400)))
    quiet.stop()
    assert ids == {line["request_id"] for line in access_lines(quiet)}
