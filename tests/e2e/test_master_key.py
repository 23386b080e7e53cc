"""The master key is replaced: with and without a server, by a file of its own
or in its place; and whoever is killed between the file and the store."""

import shutil

import pytest

from support import cli, engine
from support.ampersand import Ampersand
from support.server import Server, Store


@pytest.fixture
def own_store():
    with Store() as made:
        yield made


def key_of(store):
    return store.folder / "store.db.key"


def next_of(store):
    return store.folder / "store.db.key.new"


def kept(store):
    return [path.read_text()
            for path in store.folder.glob("store.db.key.until-*")]


def run(store, *words):
    return cli.run("key", words[0], "--store", store.url, *words[1:])


def rotations(store, *words):
    return cli.cleat("key", "status", "--store", store.url, *words)[
        "master"]["rotations"]


def rotate(store, *words):
    return cli.cleat("key", "rotate", "--master", "--store", store.url,
                     *words)["master"]["rotations"]


def refused(done, *words):
    assert (done.returncode, done.stdout) == (1, ""), done
    said = done.stderr.splitlines()[-1]
    assert all(word in said for word in words), said


def connect(project):
    return project.ampersand.post(
        f"/projects/{project.name}/connections:generate", {
            "groupRef": "acme", "consumerRef": "jane", "provider": "stripe",
            "apiKey": "key-1"}).must_be(201).body["id"]


def reads(project, connection):
    """Its token is good, and what was sealed opens."""
    path = f"/projects/{project.name}/connections/{connection}"
    return project.ampersand.get(f"{path}?includeCreds=true") \
        .must_be(200).body["apiKey"] == "key-1"


def served(store, connection, *options):
    server = Server(store, options=options)
    try:
        return reads(server.project, connection)
    finally:
        server.stop()


@pytest.fixture(params=["served", "not served"])
def live(request, server_factory, own_store):
    """(store, a connection in it)"""
    server = server_factory(own_store)
    connection = connect(server.project)
    if request.param == "not served":
        server.stop()
    return own_store, connection


def test_key_is_replaced_in_its_place(live):
    store, connection = live
    old = key_of(store).read_text()
    assert rotate(store) == 1
    new = key_of(store).read_text()
    assert new != old and kept(store) == [old]
    assert key_of(store).stat().st_mode & 0o777 == 0o600
    assert not next_of(store).exists()
    assert rotate(store) == 2
    assert sorted(kept(store)) == sorted([old, new])


def test_what_was_sealed_opens_under_the_new_key(server_factory):
    server = server_factory()
    connection = connect(server.project)
    rotate(server.store)
    assert reads(server.project, connection)
    late = server.create_project("late", "late")
    later = connect(late)
    server.stop()
    server = server_factory(server.store)
    assert reads(server.project, connection)
    late.ampersand = Ampersand(server, late.keys["ampersand"]["apiKey"])
    assert reads(late, later)


def test_former_key_opens_nothing(live, folder):
    store, _ = live
    old = folder / "old.key"
    shutil.copy2(key_of(store), old)
    rotate(store)
    done = cli.run("serve", "--store", store.url, "--listen", "127.0.0.1:0",
                   "--master-key", str(old))
    assert done.returncode == 1 and "listening" not in done.stdout
    assert rotations(store) == 1


def test_key_may_be_given(live, folder):
    store, _ = live
    given, old = folder / "given.key", key_of(store).read_text()
    given.touch(0o600)
    given.write_text("0123456789abcdef" * 4 + "\n")
    assert rotate(store, "--new-master-key", str(given)) == 1
    again = rotate(store, "--new-master-key", str(given),
                   "--master-key", str(given))
    assert again == 1  # the store has it already
    assert key_of(store).read_text() == old and not kept(store)


@pytest.mark.sqlite
def test_key_may_be_made_elsewhere(own_store, folder):
    server = Server(own_store)
    connection = connect(server.project)
    new = folder / "new.key"
    rotate(own_store, "--new-master-key", str(new))
    first = new.read_text()
    # the running server knows where its key is now
    rotate(own_store)
    assert new.read_text() != first
    server.stop()
    refused(run(own_store, "status"), "not this store's")
    assert served(own_store, connection, "--master-key", str(new))


@pytest.mark.parametrize("broken", ["mode", "text", "folder", "nowhere"])
def test_unusable_new_key_changes_nothing(live, folder, broken):
    store, _ = live
    new = folder / "new.key"
    if broken == "mode":
        new.write_text("0" * 64 + "\n")
        new.chmod(0o640)
    elif broken == "text":
        new.touch(0o600)
        new.write_text("secret\n")
    elif broken == "folder":
        new.mkdir(0o700)
    else:
        new = folder / "none" / "new.key"
    refused(run(store, "rotate", "--master", "--new-master-key", str(new)),
            "new master key", str(new))
    assert rotations(store) == 0


def test_key_that_can_not_be_replaced_where_it_is_stays(live):
    store, _ = live
    # stands for a file that is mounted by itself: no name beside it
    (store.folder / "store.db.key.trial").mkdir()
    refused(run(store, "rotate", "--master"), "--new-master-key")
    assert rotations(store) == 0 and not next_of(store).exists()


def test_options_that_do_not_fit_leave_no_file(live):
    store, _ = live
    done = run(store, "rotate", "--master", "--project", "my-project")
    assert (done.returncode, done.stdout) == (2, ""), done
    assert not next_of(store).exists() and rotations(store) == 0


# What a kill leaves, made of copies: the key is written, the store commits,
# the key takes its place.

@pytest.fixture
def cut_short(own_store, folder):
    """(store, connection, old key, new key): before, `folder` has it after."""
    if engine.is_postgres():
        pytest.skip("a store is copied as its file")
    server = Server(own_store)
    connection = connect(server.project)
    server.stop()
    old = key_of(own_store).read_text()
    shutil.copytree(own_store.folder, folder / "before")
    rotate(own_store)
    new = key_of(own_store).read_text()
    for name in "store.db", "store.db.key":
        shutil.copy2(own_store.folder / name, folder / name)
    shutil.rmtree(own_store.folder)
    shutil.copytree(folder / "before", own_store.folder)
    return own_store, connection, old, new


def put_next(store, text):
    next_of(store).touch(0o600)
    next_of(store).write_text(text)


def test_killed_before_the_commit_the_old_key_stays(cut_short):
    store, connection, old, new = cut_short
    put_next(store, new)
    assert served(store, connection)
    assert key_of(store).read_text() == old
    assert rotate(store) == 1  # which goes on with that key
    assert key_of(store).read_text() == new and not next_of(store).exists()
    assert served(store, connection)


def test_killed_after_the_commit_the_new_key_takes_its_place(
        cut_short, folder):
    store, connection, old, new = cut_short
    shutil.copy2(folder / "store.db", store.folder / "store.db")
    put_next(store, new)
    assert served(store, connection)
    assert key_of(store).read_text() == new and not next_of(store).exists()
    assert kept(store) == [old]
    assert rotations(store) == 1


def test_rotation_itself_ends_one_that_was_cut_short(cut_short, folder):
    store, connection, _, new = cut_short
    shutil.copy2(folder / "store.db", store.folder / "store.db")
    put_next(store, new)
    assert rotate(store) == 2
    assert key_of(store).read_text() != new
    assert served(store, connection)


def test_half_a_key_is_written_again(cut_short):
    store, connection, *_ = cut_short
    draft = store.folder / "store.db.key.new.draft"
    draft.touch(0o600)
    draft.write_text("0123")
    assert rotate(store) == 1
    assert served(store, connection)
    assert not draft.exists()


def test_key_that_is_neither_is_refused(cut_short, folder):
    store, _, _, new = cut_short
    shutil.copy2(folder / "store.db", store.folder / "store.db")
    put_next(store, "0" * 64 + "\n")
    refused(run(store, "status"), "not this store's")
    put_next(store, new)
    assert rotations(store) == 1
