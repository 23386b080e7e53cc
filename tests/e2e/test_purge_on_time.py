"""What is in the trash is purged when its time has come, whoever serves then;
what is held waits for the hold to be lifted."""

import requests

from support import ampersand as amp
from support import gorules as gr
from support.native import base, receipt
from support.server import Server
from support.wait import eventually

DAY_S = 86400
HOUR_S = 3600


def metrics_of(server):
    return requests.get(f"{server.base}/metrics", timeout=10).text


def later(server, store, offset_s):
    server.stop()
    return Server(store, clock_offset_s=offset_s)


def test_purge_comes_on_time_and_not_before(server_factory):
    server = server_factory()
    project, store = server.project, server.store
    made = gr.new_integration(project)
    deletion = project.gorules.delete(
        gr.integrations(project, made["id"])).must_be(200) \
        .headers["Cleat-Deletion"]
    server = later(server, store, 29 * DAY_S)
    try:
        project = server.project
        assert receipt(project, deletion)["state"] == "hidden"
        server = later(server, store, 30 * DAY_S + 60)
        project = server.project
        eventually(lambda: receipt(project, deletion)["state"] == "done",
                   "the purge")
        assert receipt(project, deletion)["counts"] == {
            "gone": {"integration": 1}}
        project.native.post(
            f"{base(project)}/integration/{made['id']}:restore", {}) \
            .must_be(404)
    finally:
        server.stop()


def test_what_is_restored_is_not_purged(server_factory):
    server = server_factory()
    project, store = server.project, server.store
    made = gr.new_integration(project)
    path = gr.integrations(project, made["id"])
    project.gorules.delete(path).must_be(200)
    project.native.post(
        f"{base(project)}/integration/{made['id']}:restore", {}).must_be(200)
    server = later(server, store, 31 * DAY_S)
    try:
        eventually(lambda: 'cleat_jobs_done_total{kind="purge"} 1'
                   in metrics_of(server), 'the job')
        server.project.gorules.get(path).must_be(200)
    finally:
        server.stop()


def test_what_is_held_is_purged_after_the_hold(server_factory):
    server = server_factory()
    project, store = server.project, server.store
    project.native.put(f"{base(project)}/policies/installation",
                       {"mode": "soft", "retentionDays": 1}).must_be(200)
    made = amp.new_installation(project)
    hold = f"{base(project)}/holds/connection/{made['connection']['id']}"
    project.native.put(hold, {"reason": "case 7"}).must_be(200)
    deletion = project.ampersand.delete(amp.path_of(project, made)) \
        .must_be(204).headers["Cleat-Deletion"]
    server = later(server, store, 2 * DAY_S)
    try:
        eventually(lambda: 'cleat_jobs_retried_total{kind="purge"} 1'
                   in metrics_of(server), 'the job')
        assert receipt(server.project, deletion)["state"] == "hidden"
        server.project.native.delete(hold).must_be(204)
        server = later(server, store, 2 * DAY_S + HOUR_S + 60)
        # its grant is left to a step: there is no provider to call here
        eventually(lambda: receipt(server.project, deletion)["state"]
                   == "waiting", "the purge")
    finally:
        server.stop()
