"""With a million installations in the store, of which one project has nearly
all: every query follows an index, and what is asked often costs by what it
answers, not by what its project or its table has. What PostgreSQL is asked is
planned as it is after some executions, without looking at the parameters."""

import contextlib
import json
import re
import uuid

import pytest

from support import engine, filled
from support.moving import FileStore, Target, copy
from support.soak import scaled
from test_query_plans import ROOT, WALKS, sql_embed

INSTALLATIONS = scaled(20_000, 1_000_000)  # of the large project
INTEGRATIONS = 100  # that it has
FEWER = 2_000  # of the small one, with full pages too
FEW = 1_000  # rows; a table of so many may be walked through
PAGE = 50
TIMES, MORE = 3, 60  # what a large project may cost of a small one's
ABOVE_ALL = b"\xff" * 16
NOW = 2**62

# One row each, or none: no index would be shorter.
SHORT = {"master_key", "signing_key", "store_copy"}
FIRST = {"has_grants"}  # read the first entry of an index of their own
QUERIES = {name: (flag, text) for name, flag, text in sql_embed.queries_of(
    sorted((ROOT / "sql" / "queries").glob("*.sql")))}


def one(t, name):
    return [t.project, t.sample[name]]


def part(t):
    """A page from the middle of it."""
    return [t.project, t.sample["installation"], PAGE]


# By the query: the parameters, of a tenant.
HOT = {
    "installation_show": lambda t: [
        *one(t, "installation"), t.integration, None,
        filled.stamp(t.sample["installation"])],
    "installation_show_by_key": lambda t: [
        *one(t, "installation"), t.integration, None],
    "installation_get": lambda t: [*one(t, "installation"), None],
    "installation_list": part,
    "installation_list_of_integration": lambda t: [
        *part(t), t.integration, None],
    "installation_list_of_group": lambda t: [
        t.project, bytes(16), PAGE, t.sample["group"], None],
    "installation_list_of_both": lambda t: [
        t.project, bytes(16), PAGE, t.integration, t.sample["group"], None],
    "installation_of": lambda t: [
        *one(t, "group"), t.integration, None],
    "installation_users": lambda t: [
        *one(t, "group"), t.sample["connection"], PAGE, None],
    "connection_get": lambda t: [*one(t, "connection"), None],
    "connection_list_of_group": lambda t: [
        t.project, None, None, f"group-{t.sample['number']}", None],
    "connection_default": lambda t: [*one(t, "group"), "stripe", None],
    "group_find": lambda t: [t.project, f"group-{t.sample['number']}"],
    "group_list": lambda t: [t.project, "group-5", PAGE],
    "secret_list": lambda t: one(t, "connection"),
    "token_by_digest": lambda t: [t.sample["token"] * 2],
    "token_by_handle": lambda t: [t.project, "amp", t.sample["token"].hex()],
    "event_window": lambda t: [t.project, t.sample["event"], PAGE],
    "event_page": lambda t: [
        t.project, t.sample["event"], t.sample["event"] + PAGE, PAGE, None,
        None, None, None, 0, None],
    "event_list": lambda t: [t.project, None, None, PAGE, 0],
    "event_newest": lambda t: [t.project],
    "link_last": lambda t: [t.project],
    "link_covering": lambda t: one(t, "event"),
    "installation_state": lambda t: [*one(t, "installation"), None],
    "operation_latest": lambda t: one(t, "installation"),
    "operation_list": lambda t: [
        *one(t, "installation"), ABOVE_ALL, PAGE],
    "departure": lambda t: [*one(t, "installation"), None],
    "thing_installation": lambda t: [*one(t, "installation"), None],
    "thing_connection": lambda t: [*one(t, "connection"), None],
    "leaving_of_integration": lambda t: [
        t.project, t.integration, PAGE, None],
    "leaving_of_integration_each": lambda t: [
        t.project, t.integration, PAGE, None],
    "leaving_of_group": lambda t: [*one(t, "group"), PAGE, None],
    "leaving_of_connection": lambda t: [*one(t, "connection"), PAGE, None],
    "leaving_of_consumer": lambda t: [*one(t, "consumer"), PAGE, None],
    "parting_of_group": lambda t: [*one(t, "group"), PAGE, None, False],
    "parting_of_consumer": lambda t: [*one(t, "consumer"), PAGE, None, False],
    "sharing_of_one": lambda t: [*one(t, "installation"), None],
    "size_of_integration": lambda t: [t.project, t.integration, PAGE],
    "size_of_group": lambda t: [*one(t, "group"), PAGE],
    "size_of_consumer": lambda t: [*one(t, "consumer"), PAGE],
    "hold_in_group": lambda t: [*one(t, "group"), False],
    "grant_sharers": lambda t: [*one(t, "connection"), None],
    "installation_hide": lambda t: [
        *one(t, "installation"), NOW, NOW, t.sample["deletion"]],
    "connection_hide": lambda t: [
        *one(t, "connection"), NOW, NOW, t.sample["deletion"]],
    "installation_remove": lambda t: one(t, "installation"),
    "connection_remove": lambda t: one(t, "connection"),
    "secret_remove_all": lambda t: one(t, "connection"),
    "deletion_get": lambda t: one(t, "deletion"),
    "deletion_list": lambda t: [*one(t, "deletion"), PAGE],
    "deletion_list_open": lambda t: [t.project, bytes(16), PAGE, "waiting"],
    "step_list": lambda t: [*one(t, "deletion"), bytes(16), PAGE],
    "job_lanes_due": lambda t: ["deliver", NOW, PAGE],
    "job_lane_next": lambda t: ["deliver"],
    "job_first": lambda t: [t.project, "deliver", t.destinations[0].hex()],
    "job_lane_running": lambda t: [
        t.project, "deliver", t.destinations[0].hex()],
    "job_claim": lambda t: [*one(t, "job"), 1, NOW, NOW],
    "job_lapsed": lambda t: [NOW, PAGE],
    "delivery_get": lambda t: one(t, "delivery"),
    "delivery_list": lambda t: [
        *one(t, "delivery"), ABOVE_ALL, PAGE],
    "delivery_list_of_destination": lambda t: [
        *one(t, "delivery"), ABOVE_ALL, PAGE, t.destinations[0]],
    "delivery_counts_of_deletion": lambda t: one(t, "deletion"),
    "delivery_sweep": lambda t: [t.project, ABOVE_ALL, PAGE],
    "delivery_body_sweep": lambda t: [t.project, ABOVE_ALL, PAGE],
    "idempotency_get": lambda t: one(t, "deletion"),
    "idempotency_sweep": lambda t: [t.project, NOW, PAGE],
}


@pytest.fixture(scope="module")
def tenants():
    """(connection, the small one, the large one)"""
    with contextlib.ExitStack() as stack:
        store = stack.enter_context(FileStore())
        ids = [uuid.UUID(store.create_project(name)["project"]["id"]).bytes
               for name in ("other", "small", "large")]
        with filled.filling(store.url) as fill:
            fill.tenant(ids[0], 10, INSTALLATIONS // 1000)
            small = fill.tenant(ids[1], 1, FEWER)
            large = fill.tenant(ids[2], INTEGRATIONS,
                                INSTALLATIONS // INTEGRATIONS)
        for tenant in small, large:
            tenant.integration = tenant.integrations[
                tenant.sample["number"] % len(tenant.integrations)]
        if engine.is_postgres():
            target = stack.enter_context(Target(store))
            done = copy(store, target)
            assert done.returncode == 0, done.stderr
            store = target
        connection = stack.enter_context(contextlib.closing(
            engine.connect(store.url, may_write=True)))
        if engine.is_postgres():
            plan_as_the_server(connection)
        yield connection, small, large


def plan_as_the_server(connection):
    text = (ROOT / "src/db/postgres_pooled.c").read_text()
    settings = re.findall(r"\('((?:enable|join|jit)\w*)', '(\w+)'\)", text)
    assert len(settings) >= 6, settings
    for name, value in settings:
        connection.execute(f"SET {name} = {value}")
    connection.execute("SET plan_cache_mode = force_generic_plan")
    connection.commit()


def nodes(plan):
    yield plan
    for below in plan.get("Plans", []):
        yield from nodes(below)


@contextlib.contextmanager
def prepared(connection, tenant, name):
    """EXPLAIN's options and a query's values give its plan."""
    flag, text = QUERIES[name]
    project = "store" if flag else str(uuid.UUID(bytes=tenant.project))
    connection.execute(f"SET cleat.project = '{project}'")
    connection.execute(f"PREPARE q AS {text}")
    [(count,)] = connection.execute(
        "SELECT cardinality(parameter_types) FROM pg_prepared_statements "
        "WHERE name = 'q'").fetchall()

    def explain(options, values=None):
        values = [None] * count if values is None else values
        assert len(values) == count, name
        words = f"({', '.join('?' * count)})" if count else ""
        [(found,)] = connection.execute(
            f"EXPLAIN ({options}FORMAT JSON) EXECUTE q{words}",
            values).fetchall()
        return found[0]["Plan"]

    yield explain
    connection.rollback()
    connection.execute("DEALLOCATE ALL")


def large_tables(connection):
    connection.execute("SET cleat.project = 'store'")
    return {table for table in engine.columns_by_table(connection)
            if connection.execute(f"SELECT count(*) FROM {table}")
            .fetchone()[0] > FEW}


def walk_of(plan, large):
    """The first step that goes through more than it must."""
    for node in nodes(plan):
        kind, table = node["Node Type"], node.get("Relation Name")
        if kind == "Seq Scan" and table not in SHORT or "Hash Join" in kind:
            return f"{kind} {table}"
        if kind.startswith("Index") and table in large and re.fullmatch(
                r"\(?\(?(project_id = [^()]+)?\)?\)?",
                node.get("Index Cond", "")):
            return f"{kind} {node['Index Name']}"
    return None


@pytest.mark.postgres
def test_every_generic_plan_follows_an_index(tenants):
    connection, _, tenant = tenants
    large = large_tables(connection)
    assert {"installation", "connection", "event", "delivery"} <= large
    found = {}
    for name in QUERIES:
        with prepared(connection, tenant, name) as explain:
            found[name] = walk_of(explain(""), large)
    wrong = {name: walk for name, walk in found.items()
             if walk and name not in WALKS and name not in FIRST}
    assert not wrong, json.dumps(wrong, indent=1)
    # or it would find nothing
    assert found["installation_newest"] and found["chain_projects"]


def pages_of(connection, tenant, name, values):
    with prepared(connection, tenant, name) as explain:
        plan = explain("ANALYZE, BUFFERS, ", values)
        for node in nodes(plan):
            if "Sort" in node["Node Type"]:
                assert node["Plans"][0]["Actual Rows"] <= 2 * PAGE, name
    return plan["Shared Hit Blocks"] + plan["Shared Read Blocks"]


def steps_of(connection, name, values):
    """Tens of instructions of SQLite's machine."""
    counted = [0]

    def count():
        counted[0] += 1

    text = re.sub(r"\$(\d+)", r"?\1", QUERIES[name][1])
    connection.set_progress_handler(count, 10)
    connection.execute(text, values).fetchall()
    connection.set_progress_handler(None, 0)
    connection.rollback()
    return counted[0]


def cost(connection, tenant, name):
    values = HOT[name](tenant)
    if engine.is_postgres():
        return pages_of(connection, tenant, name, values)
    return steps_of(connection, name, values)


def test_cost_is_by_page_and_not_by_tenant(tenants, record_property):
    connection, small, large = tenants
    costs = {name: (cost(connection, small, name),
                    cost(connection, large, name)) for name in HOT}
    wrong = {name: pair for name, pair in costs.items()
             if pair[1] > TIMES * pair[0] + MORE}
    unit = "pages" if engine.is_postgres() else "tens of steps"
    name, most = max(costs.items(), key=lambda item: item[1][1])
    record_property(
        "injected", f"query costs: {len(HOT)} queries with "
        f"{INSTALLATIONS} installations; most {unit}: {name} {most[1]}, "
        f"{most[0]} with {FEWER}")
    assert not wrong, json.dumps(wrong, indent=1)


def test_a_walk_through_a_tenant_is_seen(tenants):
    """What the two tests would catch."""
    connection, small, large = tenants
    QUERIES["walk"] = None, ("SELECT COUNT(*) FROM installation "
                             "WHERE project_id = $1 AND config_id = $2")
    HOT["walk"] = lambda t: [t.project, t.sample["group"]]
    try:
        few, many = (cost(connection, one, "walk") for one in (small, large))
    finally:
        del QUERIES["walk"], HOT["walk"]
    assert many > TIMES * few + MORE
