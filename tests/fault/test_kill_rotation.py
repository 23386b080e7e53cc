"""Keys are replaced while clients make and read credentials, and all of it is
killed, often: at the end every secret opens, tokens are good, and what was
sealed under an older key is under the newest."""

import collections
import itertools
import json
import random
import statistics
import subprocess
import threading
import time

from support import cli, engine
from support.names import unique
from support.planted import SOUND, planted, under_test
from support.raw import Lost, Raw, address_of, request
from support.server import Server, Store, at
from support.soak import scaled
from support.wait import eventually
from support.whole import rows_of

KILLS = scaled(20, 200)
PLANTED_KILLS_MAX = 160  # it ends when the fault is found
CLIENTS = 4
AT_FIRST = 400  # connections: some batches of a rotation
ANSWERS = 1, 15  # of a cycle, before the server is killed
SETTLED_S, PLANTED_SETTLED_S = 60, 3
SEED = 11
PLANTS = ["drop_the_old_key_early", "seal_under_the_old_key",
          "forget_the_rotation", "rename_before_the_commit",
          "forget_the_own_keys"]


class Client:
    """One connection that makes credentials and reads them."""

    def __init__(self, server, known, seed):
        self.project = server.project
        self.known = known
        self.random = random.Random(seed)
        self.line = Raw(address_of(server))

    def call(self, method, path, body=None):
        """Raises Lost when the outcome is unknown."""
        self.line.send(request(
            method, f"/v1/projects/{self.project.name}{path}",
            {"X-Api-Key": self.project.keys["ampersand"]["apiKey"]}, body))
        return self.line.answer()

    def create(self):
        secret = unique("key")
        made = self.call("POST", "/connections:generate", {
            "groupRef": unique("org"), "consumerRef": unique("user"),
            "provider": "stripe", "apiKey": secret})
        if made.status != 201:
            return f"a connection: {made.status} {made.body}"
        self.known[made.document["id"]] = secret
        return None

    def read(self, connection):
        got = self.call("GET", f"/connections/{connection}?includeCreds=true")
        if got.status == 200 \
                and got.document["apiKey"] == self.known[connection]:
            return None
        return f"{connection}: {got.status} {got.body}"

    def act(self):
        """What is wrong with one answer; None: nothing."""
        if self.random.random() < 0.5:
            return self.create()
        return self.read(self.random.choice(list(self.known)))


class Cycles:
    """A store whose keys are replaced, and whose server is killed at it."""

    def __init__(self, store, patience_s=SETTLED_S):
        self.store = store
        self.patience_s = patience_s
        self.random = random.Random(SEED)
        self.known = {}  # connection: its secret
        self.old_keys = []
        self.wrong = []
        self.seen = collections.Counter()  # rotations, by how they ended
        server = Server(store)
        client = Client(server, self.known, SEED)
        for _ in range(AT_FIRST):
            client.create()
        server.kill()
        self.command_s = self._measure_command()

    def key(self):
        return self.store.folder / "store.db.key"

    def command(self, *words):
        return [cli.binary(), *cli.with_key(
            ["key", *words, "--store", self.store.url])]

    def _measure_command(self):
        """How long a command takes that nothing cuts short."""
        took = []
        for _ in range(3):
            self._keep_key()
            began = time.monotonic()
            done = cli.run("key", "rotate", "--master",
                           "--store", self.store.url)
            took.append(time.monotonic() - began)
            self.seen["alone", done.returncode == 0] += 1
        return statistics.median(took)

    def run_once(self):
        """One kill of a server that rotates under load, one of a command."""
        self._keep_key()
        try:
            server = Server(self.store)
        except AssertionError as error:
            self.wrong.append(f"no start: {error}")
            return
        try:
            self._run_until_killed(server)
        finally:
            server.kill()
        self.seen["cut short"] += self._is_under_way()
        self._keep_key()
        self._kill_command()

    def _is_under_way(self):
        [(is_so,)] = rows_of(self.store,
                             "SELECT COUNT(*) > 1 FROM project_key")
        return is_so

    def _keep_key(self):
        text = self.key().read_text()
        if text not in self.old_keys:
            self.old_keys.append(text)

    def _run_until_killed(self, server):
        count = at(self.random.randint(*ANSWERS), server.process.kill)

        def live(seed):
            try:
                client = Client(server, self.known, seed)
                while True:
                    fault = client.act()
                    if fault:
                        self.wrong.append(fault)
                    count()
            except (Lost, OSError):
                pass

        rotation = subprocess.Popen(
            self.command("rotate", *self.random.choice([[], ["--master"]])),
            env=cli.environment(), stdout=subprocess.PIPE,
            stderr=subprocess.PIPE)
        threads = [threading.Thread(target=live, args=[
            self.random.random()]) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        rotation.communicate(timeout=SETTLED_S)
        self.seen["served", rotation.returncode == 0] += 1

    def _kill_command(self):
        command = subprocess.Popen(
            self.command("rotate", "--master"), env=cli.environment(),
            stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        time.sleep(self.random.uniform(0, self.command_s))
        command.kill()
        command.communicate()
        self.seen["alone", command.returncode == 0] += 1

    def faults(self):
        """After the kills, everything is looked at."""
        if self.wrong:
            return self.wrong
        try:
            server = Server(self.store)
        except AssertionError as error:
            return [f"no start: {error}"]
        try:
            return self._status_faults() + self._unreadable(server)
        finally:
            server.kill()

    def _status(self):
        done = subprocess.run(self.command("status"), capture_output=True,
                              env=cli.environment(), check=True)
        return json.loads(done.stdout)["projects"][0]

    def _status_faults(self):
        version = self._status()["keyVersion"]
        subprocess.run(self.command("rotate"), capture_output=True,
                       env=cli.environment(), check=True)
        try:
            eventually(lambda: self._status()["state"] == "settled",
                       "the end of the rotation", self.patience_s)
        except AssertionError as error:
            return [str(error)]
        now = self._status()
        if (now["keyVersion"], now["olderKeys"]) != (version + 1, 0):
            return [f"after a rotation of {version}: {now}"]
        return []

    def _unreadable(self, server):
        client = Client(server, self.known, SEED)
        return [fault for fault in map(client.read, list(self.known))
                if fault]

    def useful_old_keys(self, folder):
        """Those of former master keys that still open the store."""
        path = folder / "old.key"
        now = self.key().read_text()
        for old in self.old_keys:
            if old == now:
                continue
            path.unlink(missing_ok=True)
            path.touch(0o600)
            path.write_text(old)
            done = cli.run("key", "status", "--store", self.store.url,
                           "--master-key", str(path))
            self.seen["old key"] += 1
            if "is not this store's" not in done.stderr:
                yield f"{done.returncode} {done.stdout}{done.stderr}"


def test_no_secret_is_lost_with_keys_replaced_and_killed(release, folder):
    with Store() as store:
        cycles = Cycles(store)
        for number in range(KILLS):
            cycles.run_once()
            assert not cycles.wrong, f"kill {number}: {cycles.wrong[:3]}"
        assert not cycles.faults()
        assert not list(cycles.useful_old_keys(folder))
        # the harness has seen rotations end, and be cut short
        for where, ended in itertools.product(("served", "alone"),
                                              (True, False)):
            # on PostgreSQL the command is no part of the server
            assert cycles.seen[where, ended] or engine.is_postgres() \
                and (where, ended) == ("served", False), cycles.seen
        assert cycles.seen["cut short"] and cycles.seen["old key"], \
            cycles.seen


def kills_until_caught(plant, kills_max=PLANTED_KILLS_MAX):
    """None: so many do not find it."""
    with Store() as store, planted(plant) as binary, under_test(binary):
        cycles = Cycles(store, PLANTED_SETTLED_S)
        for number in range(kills_max):
            cycles.run_once()
            if cycles.wrong or (number % 4 == 0 and cycles.faults()):
                return number + 1
    return None


def test_planted_faults_are_caught(release, all_caught):
    needed = {plant: kills_until_caught(plant) for plant in PLANTS}
    caught = [plant for plant in PLANTS if needed[plant]]
    all_caught("kill, rotation of keys", PLANTS, caught)
    assert not kills_until_caught(SOUND, max(needed.values())), \
        "this machine is too slow for the deadlines"
