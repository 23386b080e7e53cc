"""What a store's URL says of TLS is done: the server is known by an authority
and by its name, or it is not spoken to."""

import pytest

from support import cli
from support.planted import planted, under_test
from support.tls_cluster import NAME, TlsCluster

pytestmark = pytest.mark.postgres

PLANTS = ["take_any_server"]
# host, sslmode, whose certificate: what is said. None: it is a store.
ANSWERS = [
    (NAME, "verify-full", "authority", None),
    (NAME, "verify-full", "stranger", "certificate verify failed"),
    ("127.0.0.1", "verify-full", "authority",
     "does not match host name"),
    ("127.0.0.1", "verify-ca", "authority", None),
    ("127.0.0.1", "verify-ca", "stranger", "certificate verify failed"),
    (NAME, "disable", "authority", "no encryption"),
]


@pytest.fixture
def cluster():
    with TlsCluster() as made:
        yield made


def wrong_answers(cluster, folder):
    """As sentences. `init` says that there is a store, once there is."""
    key = str(folder / "key")
    first = cluster.tls_url(sslmode="verify-full",
                            sslrootcert=cluster.authority("authority"))
    cli.cleat("init", "--store", first, "--master-key", key)
    for host, mode, authority, wanted in ANSWERS:
        done = cli.run("project", "list", "--master-key", key, "--store",
                       cluster.tls_url(host, sslmode=mode,
                                       sslrootcert=cluster.authority(
                                           authority)))
        is_good = wanted in done.stderr and done.returncode == 1 \
            if wanted else done.returncode == 0
        if not is_good:
            yield f"{host}, {mode}, {authority}: exit {done.returncode}, " \
                f"{done.stderr or done.stdout}"


def test_the_server_is_who_the_url_says(cluster, folder):
    found = list(wrong_answers(cluster, folder))
    assert not found, "\n".join(found)


def test_without_tls_is_as_the_server_has_it(cluster, folder):
    """What is refused above is TLS that is missing, and nothing else."""
    cluster.admit("host")
    cli.cleat("init", "--store", cluster.tls_url(sslmode="disable"),
              "--master-key", str(folder / "key"))


def catches(plant, folder):
    with planted(plant) as binary, under_test(binary), TlsCluster() as cluster:
        return any(wrong_answers(cluster, folder))


def test_planted_faults_are_caught(release, folder, all_caught):
    caught = [plant for plant in PLANTS if catches(plant, folder)]
    all_caught("TLS to the database", PLANTS, caught)
