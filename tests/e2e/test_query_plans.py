"""No query walks through all that a project has, unless it is meant to."""

import pathlib
import re
import sqlite3
import sys

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import sql_embed

pytestmark = pytest.mark.sqlite

# Those that do, and why they may.
WALKS = {
    "chain_ends": "the ends of each project's chain, once at start",
    "chain_projects": "all there are, for the command line",
    "checkpoint_due": "of all projects, once an hour",
    "store_answers": "one row of a short table",
    "event_last_number": "reads one row, the last",
    "connection_list": "answers with all of the project's",
    "hold_list": "the legal holds of a project",
    "migrate_names_list": "all there are, once in a store's life",
    "master_key_get": "there is one row",
    "destination_list": "answers with all of the project's",
    "destination_readers": "configurations are texts; a destination is "
                           "seldom deleted",
    "event_topic_route_list": "answers with all of the project's",
    "job_remove_kind": "the store's own jobs, once at start",
    "link_list": "verifies or exports the whole of a project's chain",
    "installation_list_beside": "a page of each of the integrations",
    "hold_in_consumer": "the legal holds of a project",
    "hold_in_group": "the legal holds of a project",
    "hold_in_integration": "the legal holds of a project",
    "leaving_scope_any": "the first of what leaves",
    "rules_any": "the first of each kind",
    "listeners_exist": "the first third-party integration",
    "warning_list": "answers with all of the project's",
    "warning_count": "a thousand at most",
    "warning_remove_all": "all of it goes",
    "installation_show": "the same",
    "installation_show_by_key": "the same",
    "installation_list_of_integration": "the same",
    "leaving_of_project": "all of it goes",
    "leaving_hidden_of_project": "all of it goes",
    "parting_of_project": "all of it goes",
    "hold_in_project": "the first of it",
    "registration_list": "all of it goes",
    "rest_integrations": "all of it goes",
    "rest_groups": "all of it goes",
    "rest_consumers": "all of it goes",
    "rest_topic_routes": "all of it goes",
    "rest_event_routes": "all of it goes",
    "rest_topics": "all of it goes",
    "rest_destinations": "all of it goes",
    "rest_provider_apps": "all of it goes",
    "rest_workers": "all of it goes",
    "rest_environments": "all of it goes",
    "rest_jwt_keys": "all of it goes",
    "rest_variables": "all of it goes",
    "variable_list": "answers with all of the project's",
    "rest_tokens": "all of it goes",
    "project_drop_policies": "a project's, all of them",
    "project_disallow": "a project's, all of them",
    "project_drop_obtainings": "a project's, all of them",
    "project_drop_obtaining_secrets": "a project's, all of them",
    "activity_list": "the newest of the project's, in order of the key",
    "activity_remove_all": "a project's, all of them",
    "activity_log_remove_all": "a project's, all of them",
    "event_list": "the newest of the project's, in order of the key",
    "event_newest": "the last row of a project",
    "installation_newest": "the last row of the table, once at start",
    "integration_count": "counts what a search finds",
    "integration_list": "answers with all of the project's",
    "integration_search": "looks into every title",
    "signing_key_list": "the store's own, which are few",
    "store_copy_of": "there is one row or none",
    "builder_list_all": "for the command line",
    "project_list_all": "for the command line",
    "project_list_kept": "for the command line",
    "project_key_count": "two or three, while one is replaced",
    "jwt_key_list": "answers with all of the project's",
    "provider_app_list": "answers with all of the project's",
    "token_list": "answers with all of the project's",
    "topic_destination_route_list": "answers with all of the project's",
    "topic_list": "answers with all of the project's",
    "event_origin_remove_all": "a project's, all of them",
    "upload_remove_all": "a project's, all of them: few",
}


def migrated():
    database = sqlite3.connect(":memory:")
    for path in sorted((ROOT / "sql" / "migrations").glob("*.sql")):
        text = re.sub(r"^--.*$", "", path.read_text(), flags=re.M)
        database.executescript(re.sub(r"/\*sqlite(.*?)\*/", r"\1", text))
    database.execute("CREATE TABLE schema_migration "
                     "(number, name, checksum, applied_at)")
    return database


def plan(database, text):
    text = re.sub(r"\$(\d+)", r"?\1", text)
    count = max([int(n) for n in re.findall(r"\?(\d+)", text)], default=0)
    rows = database.execute("EXPLAIN QUERY PLAN " + text, [b"x"] * count)
    return [row[3] for row in rows]


def test_searches_are_narrower_than_a_project_but_for_these():
    database = migrated()
    wide = {}
    paths = sorted((ROOT / "sql" / "queries").glob("*.sql"))
    for name, _, text in sql_embed.queries_of(paths):
        if name.startswith(("migration_", "savepoint")):
            continue
        for step in plan(database, text):
            if step.startswith("SCAN") and \
                    step not in ("SCAN mine", "SCAN CONSTANT ROW"):
                wide[name] = step
            if re.search(r"\(project_id=\?(?: AND family=\?)?\)$", step):
                wide[name] = step
    assert set(wide) == set(WALKS), wide
