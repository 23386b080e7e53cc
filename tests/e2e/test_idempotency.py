"""Many requests at once with one Idempotency-Key: one of them is done."""

import collections
import threading

from support.names import unique
from support.native import base, items
from support.planted import planted_server
from support.raw import Raw, address_of, request

CALLERS = 64
ROUNDS = 10
UNDER_WAY = "a request with this Idempotency-Key is being answered"
PLANTS = ["do_it_again"]


class Crowd:
    """CALLERS connections to the server whose requests go out together."""

    def __init__(self, project):
        self.project = project
        self.token = project.keys["gorules"]["personalAccessToken"]
        self.lines = [Raw(address_of(project.server)) for _ in range(CALLERS)]

    def at_once(self, key, documents):
        """The answers to creating groups, one document each."""
        barrier = threading.Barrier(len(documents))
        answers = [None] * len(documents)

        def ask(number, data):
            barrier.wait()
            self.lines[number].send(data)
            answers[number] = self.lines[number].answer()

        threads = [threading.Thread(target=ask, args=(
            number, self.request(key, document)))
            for number, document in enumerate(documents)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert all(answers), answers
        return answers

    def request(self, key, document):
        return request("POST", f"/cleat/v1{base(self.project)}/groups",
                       {"Authorization": f"Bearer {self.token}",
                        "Idempotency-Key": key}, document)

    def again(self, key, document):
        self.lines[0].send(self.request(key, document))
        return self.lines[0].answer()

    def close(self):
        for line in self.lines:
            line.close()


def faults_of_same(crowd, key, ref):
    """The same request, CALLERS times."""
    answers = crowd.at_once(key, [{"ref": ref}] * CALLERS)
    answers.append(crowd.again(key, {"ref": ref}))
    found, first = [], []
    for answer in answers:
        if answer.status == 201:
            if "idempotency-replayed" not in answer.headers:
                first.append(answer)
        elif answer.status != 409 or answer.document["detail"] != UNDER_WAY \
                or "retry-after" not in answer.headers:
            found.append(f"{answer.status}: {answer.body}")
    if len(first) != 1:
        found.append(f"{len(first)} were done")
    if len({one.body for one in answers if one.status == 201}) != 1:
        found.append("the answers differ")
    if answers[-1].status != 201:
        found.append(f"afterwards {answers[-1].status}")
    return found


def faults_of_others(crowd, key, refs):
    """Requests that differ, under one key."""
    answers = crowd.at_once(key, [{"ref": ref} for ref in refs])
    statuses = collections.Counter(one.status for one in answers)
    found = []
    if statuses[201] != 1 or set(statuses) - {201, 409, 422}:
        found.append(f"answered {statuses}")
    for answer in answers:
        if answer.status == 409 and answer.document["detail"] != UNDER_WAY:
            found.append(f"{answer.body}")
    made = {one["ref"] for one in items(crowd.project, "/groups",
                                        limit=200)} & set(refs)
    if len(made) != 1:
        found.append(f"{len(made)} groups were made")
    return found


def faults(project, rounds):
    crowd = Crowd(project)
    try:
        for _ in range(rounds):
            found = faults_of_same(crowd, unique("key"), unique("same")) \
                + faults_of_others(crowd, unique("key"), [
                    unique("other") for _ in range(CALLERS)])
            if found:
                return found
        return []
    finally:
        crowd.close()


def test_64_at_once_are_done_once(new_project):
    assert not faults(new_project, ROUNDS)


def catches(plant):
    with planted_server(plant) as server:
        return bool(faults(server.project, ROUNDS))


def test_planted_faults_are_caught(release, all_caught):
    caught = [plant for plant in PLANTS if catches(plant)]
    all_caught("idempotency", PLANTS, caught)
