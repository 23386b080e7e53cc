"""`cleat store copy`: all of a store, to or from either engine, to the byte;
cut short at any moment it goes on, and what is not whole is not served."""

import contextlib
import json
import random
import time

import pytest

from support import ampersand as amp
from support import cli, engine, moving
from support.moving import Target, contents, copy, is_half
from support.planted import planted, under_test
from support.server import Server, Store
from support.soak import scaled
from support.tampering import verify
from support.whole import changing, row_faults

CUSTOMERS = 2_000  # of a store that is cut short: some 15,000 rows
KILLS = scaled(6, 100)
MILLION = scaled(2_000, 140_000)  # customers; in the long form a million rows
TRIES = 8  # to catch a planted fault; a kill may come between two tables
SEED = 11
PLANTS = ["skip_a_batch_when_it_goes_on", "believe_the_copy"]

KINDS = {"uuid": [b"\x00" * 15, b"\xff" * 15],
         "bytea": [b"", b"\x00\xff%"], "text": ["", "ü '\"\\\n%"],
         "bigint": [-2**63, 2**63 - 1], "integer": [-5, 2**62],
         "boolean": [0, 1]}


def parts_of(table, connection):
    """(column, type, whether it may be NULL) of each."""
    if engine.is_postgres():
        return connection.execute(
            "SELECT attname, format_type(atttypid, atttypmod), "
            "NOT attnotnull FROM pg_attribute WHERE attrelid = "
            "CAST(? AS regclass) AND attnum > 0 AND NOT attisdropped",
            (table,)).fetchall()
    return [(name, kind.lower(), not must) for _, name, kind, must, *_ in
            connection.execute(f"PRAGMA table_info({table})")]


def value_of(kind, which):
    """For rows 0, 1 and 2, each another one; uuids are a row's own."""
    value = KINDS[kind][which % 2]
    if kind == "uuid":
        return value + bytes([which + 1])
    if kind == "boolean" or not which:
        return value
    if kind in ("bigint", "integer"):
        return value + (which if value < 0 else -which)
    return value + (str(which) if kind == "text" else b"%d" % which)


def fill_every_table(store):
    """Of each type the least and the most, and NULL where that may be."""
    with changing(store) as connection:
        for table in set(engine.columns_by_table(connection)) - moving.OWN:
            columns = parts_of(table, connection)
            for which in range(3):
                values = [None if which == 2 and may_be_null else
                          value_of(kind, which)
                          for _, kind, may_be_null in columns]
                connection.execute(
                    f"INSERT INTO {table} "
                    f"({', '.join(name for name, *_ in columns)}) VALUES "
                    f"({', '.join('?' * len(columns))})", [
                        bool(value) if kind == "boolean" and value is not None
                        else value for value, (_, kind, _) in
                        zip(values, columns)])


def copied(source, target):
    """What the command said; it must have succeeded."""
    done = copy(source, target)
    assert done.returncode == 0, done.stderr
    assert "the same master key" in done.stderr
    return json.loads(done.stdout)


@pytest.fixture
def stores():
    """stores(Target, source, ...) makes what goes at the end."""
    with contextlib.ExitStack() as stack:
        yield lambda kind, *words, **named: stack.enter_context(
            kind(*words, **named))


def test_every_table_is_copied_to_the_byte_there_and_back(stores):
    source = stores(Store)
    fill_every_table(source)
    there = stores(Target, source, is_file=True)
    back = stores(Target, source)
    first, second = copied(source, there), copied(there, back)
    assert first["checksum"] == second["checksum"]
    found = contents(source)
    assert all(len(rows) >= 3 for rows in found.values())
    assert {one["name"]: one["rows"] for one in first["tables"]} == {
        table: len(rows) for table, rows in found.items()}
    assert first["rows"] == sum(map(len, found.values()))
    assert contents(there) == found and contents(back) == found


def test_what_is_moved_is_served_as_before(stores):
    source = stores(Store)
    server = Server(source)
    project = server.project
    kept = amp.new_installation(project)
    path = f"/projects/{project.name}/connections/{kept['connection']['id']}"

    def show(api):
        return api.get(path, {"includeCreds": "true"}).must_be(200).body

    before = show(project.ampersand)
    assert "imported-access-token" in json.dumps(before)
    server.stop()
    for is_file in (True, False):
        target = stores(Target, source, is_file=is_file)
        copied(source, target)
        moved = Server(target)
        assert show(moved.project.ampersand) == before
        moved.project.ampersand.get(amp.path_of(project, kept)).must_be(200)
        amp.new_installation(moved.project)
        moved.project.ampersand.delete(amp.path_of(project, kept)) \
            .must_be(204, None)
        moved.stop()
        assert verify(target.url).returncode == 0 and not row_faults(target)


def test_a_served_store_is_refused(stores, server_factory):
    source, busy = stores(Store), server_factory()
    target = stores(Target, source, is_file=True)
    said = f"cleat: another process has the store {busy.store.url}\n"
    for words in (busy.store, target), (source, busy.store):
        done = copy(*words)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == said
    copied(source, target)


@pytest.mark.postgres
def test_a_store_that_is_held_is_refused_to_every_command(stores):
    store = stores(Store)
    with moving.held(store.url) as is_held:
        assert is_held
        for words in (["token", "list", "--project", "my-project"],
                      ["serve", "--listen", "127.0.0.1:0"]):
            done = cli.run(*words, "--store", store.url)
            assert done.returncode == 1
            assert done.stderr.endswith(
                f"cleat: another process has the store {store.url}\n")
    cli.cleat("token", "list", "--store", store.url, "--project",
              "my-project")


def test_another_store_is_no_target(stores):
    source, other = stores(Store), stores(Store)
    before = contents(other)
    done = copy(source, other)
    assert (done.returncode, done.stderr) == (
        1, f"cleat: the store {other.url} exists, and is not a copy that was "
        "begun\n")
    assert contents(other) == before
    target = stores(Target, source)
    copied(source, target)
    assert copy(source, target).returncode == 1
    done = copy(source, source)
    assert (done.returncode, done.stderr) == (
        2, "cleat: --from and --to are the same store\n")


@pytest.fixture(scope="module")
def many():
    """A store that is long to copy, and how long that takes."""
    with moving.filled_store(CUSTOMERS) as source, \
            Target(source) as target:
        began = time.monotonic()
        copied(source, target)
        yield source, time.monotonic() - began


def half_copy(many, chance, target):
    """Kills a copy in its middle, once or more; how often."""
    source, whole_s = many
    for number in range(1, 30):
        is_killed = moving.copy_and_kill(source, target,
                                         chance.uniform(0.1, 0.6) * whole_s)
        if is_killed and is_half(target):
            return number
        if not is_killed and not is_half(target):  # it is the faster build
            whole_s *= 0.7
            target.start_anew()
    raise AssertionError("no kill came in the middle")


def test_half_a_copy_is_not_served(many, stores):
    source, _ = many
    target = stores(Target, source)
    half_copy(many, random.Random(SEED), target)
    for words in (["token", "list", "--project", "my-project"],
                  ["serve", "--listen", "127.0.0.1:0"]):
        done = cli.run(*words, "--store", target.url)
        assert done.returncode == 1 and "half a copy" in done.stderr
    done = cli.run("audit", "verify", "--store", target.url)
    assert done.returncode == 1 and "half a copy" in done.stderr
    other = stores(Store)
    done = copy(other, target)
    assert (done.returncode, done.stderr) == (
        1, f"cleat: the store {target.url} is half a copy of another store\n")
    copied(source, target)
    assert contents(target) == contents(source)
    cli.cleat("token", "list", "--store", target.url, "--project",
              "my-project")


def resumed_faults(many, chance):
    """Of one copy that was killed: what is wrong in the end."""
    source, _ = many
    with Target(source) as target:
        half_copy(many, chance, target)
        done = copy(source, target)
        if done.returncode:
            yield done.stderr
        elif contents(target) != contents(source):
            yield "the copy is another store"


def test_a_killed_copy_goes_on(many, release, all_fired):
    chance = random.Random(SEED)
    for _ in range(KILLS):
        assert not list(resumed_faults(many, chance))
    all_fired("store copy", ["kill"], {"kill": KILLS})


def lost_a_connection(target):
    with changing(target) as connection:
        return connection.execute(
            "DELETE FROM connection WHERE id = ("
            "SELECT min(id::text)::uuid FROM connection)"
            if engine.is_postgres() else
            "DELETE FROM connection WHERE id = ("
            "SELECT min(id) FROM connection)").rowcount == 1


def changed_faults(many, chance):
    """Of a half that somebody has changed: what is said of it."""
    source, _ = many
    with Target(source) as target:
        half_copy(many, chance, target)
        while not lost_a_connection(target):  # killed before there was one
            half_copy(many, chance, target)
        done = copy(source, target)
        if not done.returncode:
            yield "a copy that differs was taken for whole"
        elif "connection (" not in done.stderr or not is_half(target):
            yield done.stderr


def test_what_differs_is_found(many):
    assert not list(changed_faults(many, random.Random(SEED)))


def test_planted_faults_are_caught(many, all_caught):
    def catches(plant):
        chance = random.Random(SEED)
        with planted(plant) as binary, under_test(binary):
            return any(list(resumed_faults(many, chance)) +
                       list(changed_faults(many, chance))
                       for _ in range(TRIES))

    all_caught("store copy", PLANTS,
               [plant for plant in PLANTS if catches(plant)])


def test_a_million_rows_there_and_back(release, record_property):
    with moving.filled_store(MILLION) as source, Target(source) as there, \
            Target(source, is_file=True) as back:
        for one, other in (source, there), (there, back):
            began = time.monotonic()
            said = copied(one, other)
            took = time.monotonic() - began
            record_property(
                "injected", f"store copy: {said['rows']} rows from "
                f"{one.url.split(':')[0]} to {other.url.split(':')[0]} in "
                f"{took:.0f} s, {said['checksum']}")
        assert said["rows"] >= scaled(10_000, 1_000_000)
