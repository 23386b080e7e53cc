"""An integration that many have installed, each through a connection of its
own; some of those are used by another integration too."""

import concurrent.futures
import re

from support import ampersand as amp
from support.names import unique
from support.native import base

PROVIDER = "stripe"
CLIENTS = 4


class Crowded:
    """`large` has `size` installations, `small` those of the first `shared`
    groups, through the same connections."""

    def __init__(self, project, size, shared):
        self.project = project
        self.large = amp.new_integration(project, PROVIDER)
        self.small = amp.new_integration(project, PROVIDER)
        self.groups = [unique("crowd") for _ in range(size)]
        with concurrent.futures.ThreadPoolExecutor(CLIENTS) as pool:
            self.connections = list(pool.map(self.connect, self.groups))
            self.installed = list(pool.map(
                lambda of: self._install(self.large, of), self.connections))
        self.kept = [self._install(self.small, of)
                     for of in self.connections[:shared]]

    def connect(self, group):
        return self.project.ampersand.post(
            f"/projects/{self.project.name}/connections:generate", {
                "provider": PROVIDER, "groupRef": group,
                "consumerRef": group, "apiKey": f"key of {group}"}) \
            .must_be(201).body

    def _install(self, of, connection):
        return self.install(of, connection).must_be(201).body

    def install(self, of, connection):
        return self.project.ampersand.post(
            amp.installations(self.project, of["id"]), {
                "groupRef": connection["group"]["groupRef"],
                "connectionId": connection["id"],
                "config": {"content": {"provider": PROVIDER}}})

    def on(self, server):
        """The same, served by another process."""
        self.project = server.project
        return self

    def let_go(self):
        """The id of the deletion of `large`."""
        return self.project.ampersand.delete(
            f"/projects/{self.project.name}/integrations/"
            f"{self.large['id']}").must_be(204, None) \
            .headers["Cleat-Deletion"]

    def check_hidden(self, is_soft=False):
        """Of `large` there is nothing; of `small` all."""
        project, kept = self.project, {one["id"] for one in self.kept}
        path = f"/projects/{project.name}"
        api = project.ampersand
        assert {one["id"] for one in self.pages()} == kept
        shown = api.get(f"{path}/connections").must_be(200).body
        assert {one["id"] for one in shown} == \
            {one["id"] for one in self.connections[:len(kept)]}
        for number in (0, -1):  # the one is kept by another, the other not
            self.check_gone(number, bool(kept) and number == 0, is_soft)
        api.get(f"{path}/integrations/{self.large['id']}").must_be(404)

    def check_gone(self, number, is_kept, is_soft):
        project, connection = self.project, self.connections[number]
        path = f"/projects/{project.name}"
        project.ampersand.get(amp.path_of(project, self.installed[number])) \
            .must_be(404)
        project.ampersand.delete(
            amp.path_of(project, self.installed[number])).must_be(404)
        project.ampersand.get(f"{path}/connections/{connection['id']}") \
            .must_be(200 if is_kept else 404)
        group = project.native.get(
            f"{base(project)}/groups/{self.groups[number]}").must_be(200).body
        assert (group["installations"], group["connections"]) == \
            ((1, 1) if is_kept else (0, 0))
        planned = project.native.post(f"{base(project)}/deletions:plan", {
            "target": {"kind": "group", "ref": self.groups[number]}}) \
            .must_be(200).body["counts"]
        # with a group goes what of it is in the trash
        assert planned["gone"] == (
            {"installation": 1 + (is_kept and is_soft), "connection": 1,
             "group": 1} if is_kept or is_soft else {"group": 1})
        if not is_kept:
            assert self.install(self.small, connection).status in (400, 422)

    def pages(self):
        """All installations of the project, page after page."""
        path = f"/projects/{self.project.name}/installations?pageSize=50"
        while path:
            answer = self.project.ampersand.get(path).must_be(200)
            yield from answer.body
            after = re.search(r"(pageToken=[^&>]+)",
                              answer.headers.get("Link", ""))
            path = after and f"/projects/{self.project.name}" \
                f"/installations?pageSize=50&{after[1]}"
