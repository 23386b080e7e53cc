"""Fixtures: a running server, its projects, and a caller of each API.

    server          one for the whole session, on a store of its own
    in_batches      another, that deletes in batches whatever can be
    project         `my-project`, which `cleat init` made; shared by all tests
    other           another organization's project on the same server
    new_project     a fresh project for the test alone
    server_factory  servers and stores for the test alone
    release         what starts is the release build, not the sanitized one
    all_caught      judges and tells how many planted faults a test caught
    all_fired       judges and tells how often each injected fault fired
    resolver        skips the test where no name server answers

Tests share `project`, so they name what they make with `unique`."""

import os
import pathlib
import socket
import tempfile

import pytest

from support import cli, documented, engine
from support.names import unique
from support.planted import release_binary, under_test
from support.project import Project
from support.server import Server, Store
from support.whole import served, verified_store


# make check-patroni, make check-browser, make check-services: they need more
# than the others do.
collect_ignore_glob = [folder for folder, wanted in (
    ("fault/patroni/*", "CLEAT_TEST_PATRONI"),
    ("e2e/browser/*", "CLEAT_TEST_BROWSER"),
    ("e2e/services/*", "CLEAT_TEST_SERVICES")) if not os.environ.get(wanted)]


def pytest_configure(config):
    config.addinivalue_line("markers", "sqlite: of what one file and one "
                            "process have; not tried on PostgreSQL")
    config.addinivalue_line("markers", "postgres: of a database that others "
                            "serve as well, or that fails by itself")


@pytest.fixture(scope="session", autouse=True)
def answers_are_documented():
    with documented.listening.to_all():
        yield


def pytest_sessionfinish(session, exitstatus):
    """Workers tell whoever began them; who began them judges."""
    config, seen = session.config, documented.listening.seen
    if hasattr(config, "workeroutput"):
        config.workeroutput["answered"] = sorted(seen)
    elif not exitstatus and documented.is_whole(config) \
            and not config.option.collectonly:
        config.unseen = documented.judge(documented.listening.document, seen)
        if config.unseen:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node, error):
    answered = getattr(node, "workeroutput", {}).get("answered", [])
    documented.listening.seen.update(map(tuple, answered))


def _is_of_engine(item):
    """What shows that a harness would catch a fault is the same on each."""
    if not engine.is_postgres():
        return not item.get_closest_marker("postgres")
    return not item.get_closest_marker("sqlite") and (
        "planted" not in item.name or item.get_closest_marker("postgres"))


def pytest_collection_modifyitems(config, items):
    config.hook.pytest_deselected(
        items=[item for item in items if not _is_of_engine(item)])
    items[:] = filter(_is_of_engine, items)


@pytest.fixture(scope="session")
def store():
    """The session's store, with `my-project` and `other` in it."""
    try:
        cli.binary()
    except FileNotFoundError as error:
        pytest.exit(str(error), returncode=2)
    with verified_store() as made:
        yield made


@pytest.fixture(scope="session")
def server(store):
    store.other_keys = store.create_project("other", "other")
    running = Server(store)
    yield running
    running.stop()


@pytest.fixture(scope="session")
def in_batches():
    """A server that carries out in batches what takes anything along."""
    with served(options=["--batch-over", "0"]) as running:
        yield running


@pytest.fixture(scope="session")
def project(server):
    return server.project


@pytest.fixture(scope="session")
def other(server, store):
    return Project(server, store.other_keys)


@pytest.fixture
def new_project(server):
    name = unique("fresh")
    return server.create_project(name, name)


@pytest.fixture
def folder():
    """An empty folder that goes with the test."""
    with tempfile.TemporaryDirectory(prefix="cleat-") as path:
        yield pathlib.Path(path)


@pytest.fixture
def server_factory():
    """Starts a server on a new store, or again on one of its own:

        first = server_factory()
        first.stop()
        later = server_factory(first.store, clock_offset_s=901)

    Whatever still runs at the end of the test is stopped and judged."""
    stores, servers = [], []

    def start(store=None, **named):
        if store is None:
            store = Store()
            stores.append(store)
        servers.append(Server(store, **named))
        return servers[-1]

    yield start
    try:
        for one in servers:
            if not one.is_over:
                one.stop()
    finally:
        for one in servers:
            if not one.is_over:
                one.kill()
        for one in stores:
            one.remove()


@pytest.fixture
def release():
    """Many runs: of the program that is not sanitized."""
    with under_test(release_binary()):
        yield


@pytest.fixture(scope="session")
def ampersand(project):
    return project.ampersand


@pytest.fixture(scope="session")
def upsun(project):
    return project.upsun


@pytest.fixture(scope="session")
def gorules(project):
    return project.gorules


@pytest.fixture(scope="session")
def apinizer(project):
    return project.apinizer


@pytest.fixture
def all_caught(record_property):
    """all_caught(what, plants, caught): the two lists must be the same. The
    last lines of the run say how many there are."""
    def judge(what, plants, caught):
        record_property("planted", f"{what}: planted {len(caught)}/"
                        f"{len(plants)} caught")
        assert caught == plants

    return judge


@pytest.fixture
def all_fired(record_property):
    """all_fired(what, names, fired): each of these has a count in `fired`.
    The last lines of the run have the counts."""
    def judge(what, names, fired):
        record_property("injected", f"{what}: " + ", ".join(
            f"{name} {fired[name]}" for name in names))
        assert all(fired[name] for name in names), fired

    return judge


def pytest_terminal_summary(terminalreporter, config):
    unseen = getattr(config, "unseen", None)
    if unseen is not None:
        for line in unseen:
            terminalreporter.write_line(line, red=True)
        count = len(documented.listening.document.all_statuses())
        terminalreporter.write_line(
            f"documented: {count} statuses of Ampersand's operations, "
            f"{len(unseen)} faults")
    for wanted in ("injected", "planted"):
        for outcome in ("passed", "failed"):
            for report in terminalreporter.getreports(outcome):
                for name, line in report.user_properties:
                    if name == wanted:
                        terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def resolver():
    """That a name is none can only be told by a name server: offline, tests
    of it have none to ask."""
    try:
        socket.getaddrinfo("nowhere.invalid", 443)
    except socket.gaierror as error:
        if error.errno != socket.EAI_NONAME:
            pytest.skip(f"no name server answers: {error}")
