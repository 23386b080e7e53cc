"""Keys of customers' tokens: create, list, get, update, delete."""

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519

from support.ampersand import invalid, problem
from support.customer import JWTKeys, Signer, pem_of, private_key
from support.forms import TIME_Z, UUID, Including, all_of, containing
from support.names import unique

NOWHERE = "00000000-0000-7000-8000-000000000000"


def at(project, kid=None):
    path = f"/projects/{project.name}/jwt-keys"
    return f"{path}/{kid}" if kid else path


@pytest.fixture(scope="module")
def keys(project):
    return JWTKeys(project.server, key=project.keys["ampersand"]["apiKey"])


def body(**more):
    return {"label": unique("key"), "algorithm": "RS256",
            "publicKeyPem": pem_of(private_key()), **more}


def new_key(keys, project, **more):
    kid = keys.post(at(project), body(**more)).must_be(201).body["kid"]
    return keys.get(at(project, kid)).must_be(200).body


def test_key_is_created_and_shown(project, keys):
    sent = body()
    made = keys.post(at(project), sent).must_be(201, {"kid": UUID}).body
    shown = keys.get(at(project, made["kid"])).must_be(200, {
        "id": made["kid"], "projectId": project.id, "label": sent["label"],
        "algorithm": "RSA", "publicKeyPem": sent["publicKeyPem"],
        "active": True, "createTime": TIME_Z, "updateTime": TIME_Z}).body
    assert shown["createTime"] == shown["updateTime"]
    keys.get(at(project)).must_be(200, containing(shown))


def test_list_is_of_active_keys_if_asked(project, keys):
    one, two = new_key(keys, project), new_key(keys, project)
    changed = keys.patch(at(project, one["id"]), {
        "updateMask": ["active"], "jwtKey": {"active": False}}) \
        .must_be(200).body
    for query in "", "?active=false":
        keys.get(at(project) + query).must_be(
            200, all_of(containing(changed), containing(two)))
    listed = keys.get(at(project) + "?active=true").must_be(200).body
    assert two in listed and changed not in listed
    keys.get(at(project) + "?active=maybe").must_be(400, problem(
        400, issues=[Including({"in": "query", "name": "active"})]))


def test_key_is_changed_by_mask(project, keys):
    made, label = new_key(keys, project), unique("renamed")
    changed = keys.patch(at(project, made["id"]), {
        "updateMask": ["label"],
        "jwtKey": {"label": label, "active": False, "algorithm": "none"}}) \
        .must_be(200, {**made, "label": label, "updateTime": TIME_Z}).body
    assert changed["updateTime"] > made["updateTime"]
    both = keys.patch(at(project, made["id"]), {
        "updateMask": ["label", "active"],
        "jwtKey": {"label": "x", "active": False}}).must_be(
            200, {**changed, "label": "x", "active": False,
                  "updateTime": TIME_Z}).body
    keys.get(at(project, made["id"])).must_be(200, both)


@pytest.mark.parametrize("mask, key, status, wrong", [
    ([], {}, 400, "updateMask"), (None, {"label": "x"}, 400, "updateMask"),
    ("label", {"label": "x"}, 400, "updateMask"),
    (["publicKeyPem"], {"publicKeyPem": "x"}, 400, "updateMask"),
    (["label"], {}, 400, "label"), (["label"], None, 400, "jwtKey"),
    (["label"], {"label": 1}, 400, "label"),
    (["active"], {"active": "no"}, 400, "active"),
    (["active"], {"active": None}, 400, "active"),
    (["label"], {"label": ""}, 422, "label"),
    (["label"], {"label": "x" * 256}, 422, "label")])
def test_faulty_change_is_refused(project, keys, mask, key, status, wrong):
    made = new_key(keys, project)
    sent = {"updateMask": mask, "jwtKey": key}
    keys.patch(at(project, made["id"]), sent).must_be(
        status, invalid(status, wrong))
    keys.get(at(project, made["id"])).must_be(200, made)


@pytest.mark.parametrize("name", ["label", "algorithm", "publicKeyPem"])
@pytest.mark.parametrize("value", [None, 1, ""])
def test_member_that_is_no_text_is_refused(project, keys, name, value):
    keys.post(at(project), body(**{name: value})).must_be(
        400, invalid(400, name))


def test_label_is_at_most_255_characters(project, keys):
    longest = "ж" * 255
    assert new_key(keys, project, label=longest)["label"] == longest
    keys.post(at(project), body(label=longest + "x")).must_be(
        400, invalid(400, "label"))


@pytest.mark.parametrize("algorithm", ["HS256", "none", "rs256", "RSA",
                                       "RS512"])
def test_algorithm_is_rs256_alone(project, keys, algorithm):
    keys.post(at(project), body(algorithm=algorithm)).must_be(
        400, invalid(400, "algorithm"))


def public_pem(private):
    return private.public_key().public_bytes(
        serialization.Encoding.PEM,
        serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def private_pem(form):
    return private_key().private_bytes(
        serialization.Encoding.PEM, form,
        serialization.NoEncryption()).decode()


FORMS = serialization.PrivateFormat
FAULTY_KEYS = {
    "no PEM": lambda: "nonsense",
    "cut": lambda: pem_of(private_key())[:-60],
    "of another content": lambda:
        "-----BEGIN PUBLIC KEY-----\nbm9uc2Vuc2U=\n-----END PUBLIC KEY-----\n",
    "1024 bits": lambda: pem_of(private_key(0, 1024)),
    "2047 bits": lambda: pem_of(private_key(0, 2047)),
    "elliptic": lambda: public_pem(ec.generate_private_key(ec.SECP256R1())),
    "edwards": lambda: public_pem(ed25519.Ed25519PrivateKey.generate()),
    "private": lambda: private_pem(FORMS.PKCS8),
    "private of RSA": lambda: private_pem(FORMS.TraditionalOpenSSL),
    "both halves": lambda: pem_of(private_key())
        + private_pem(FORMS.PKCS8),
    "too long": lambda: "x" * 20000,
}


@pytest.mark.parametrize("name", FAULTY_KEYS)
def test_what_is_no_public_rsa_key_is_refused(project, keys, name):
    before = keys.get(at(project)).must_be(200).body
    keys.post(at(project), body(publicKeyPem=FAULTY_KEYS[name]())).must_be(
        400, invalid(400, "publicKeyPem"))
    keys.get(at(project)).must_be(200, before)


def test_key_is_kept_in_one_form_and_alone(project, keys):
    pem = pem_of(private_key())
    for sent in (pem_of(private_key(), pkcs1=True), f"said before\n{pem}\n",
                 f" \n{pem}", pem.replace("\n", "\r\n")):
        assert new_key(keys, project, publicKeyPem=sent)["publicKeyPem"] == pem
    for sent in (f"{pem}after", pem + pem):
        keys.post(at(project), body(publicKeyPem=sent)).must_be(
            400, invalid(400, "publicKeyPem"))


def test_large_keys_are_taken(project, keys):
    pem = pem_of(private_key(0, 4096))
    assert new_key(keys, project, publicKeyPem=pem)["publicKeyPem"] == pem


def test_deleted_key_is_gone(project, keys):
    made, kept = new_key(keys, project), new_key(keys, project)
    keys.delete(at(project, made["id"]) + "?dryRun=maybe").must_be(400)
    plan = keys.delete(at(project, made["id"]) + "?dryRun=true")
    assert plan.status == 200
    assert [(one["effect"], one["kind"], one["id"])
            for one in plan.body["effects"]] \
        == [("gone", "jwt_key", made["id"])]
    keys.get(at(project, made["id"])).must_be(200, made)
    keys.delete(at(project, made["id"])).must_be(204, None)
    keys.get(at(project, made["id"])).must_be(404, problem(404))
    keys.delete(at(project, made["id"])).must_be(404, problem(404))
    listed = keys.get(at(project)).must_be(200).body
    assert kept in listed and made not in listed


def test_changes_are_events(project, keys):
    made = new_key(keys, project)
    keys.patch(at(project, made["id"]), {
        "updateMask": ["active"], "jwtKey": {"active": False}}).must_be(200)
    keys.delete(at(project, made["id"])).must_be(204)
    said = project.native.get(f"/projects/{project.name}/events", {
        "subjectId": made["id"]}).must_be(200).body["items"]
    assert sorted((one["type"], one["payload"]["active"]) for one in said) \
        == [("jwt_key.created", True), ("jwt_key.deleted", False),
            ("jwt_key.updated", False)]
    assert all(one["payload"]["label"] == made["label"] for one in said)


@pytest.mark.parametrize("kid", [NOWHERE, "no-uuid"])
def test_unknown_key_is_404(project, keys, kid):
    keys.get(at(project, kid)).must_be(404, problem(404))
    keys.delete(at(project, kid)).must_be(404, problem(404))
    keys.patch(at(project, kid), {"updateMask": ["label"],
                                  "jwtKey": {"label": "x"}}).must_be(
        404, problem(404))


def test_key_of_another_project_is_unknown(project, other, keys):
    foreign = Signer(other).kid
    for path in at(project, foreign), at(other, foreign):
        keys.get(path).must_be(404, problem(404))
        keys.delete(path).must_be(404, problem(404))
    keys.get(at(other)).must_be(404, problem(404))
    keys.post(at(other), body()).must_be(404, problem(404))


def test_keys_are_for_who_manages_the_project(project, keys):
    made, server = new_key(keys, project), project.server
    viewer = JWTKeys(server, key=project.token(
        "ampersand", "--role", "viewer")["token"])
    viewer.get(at(project, made["id"])).must_be(200, made)
    browser = JWTKeys(server, key=project.token(
        "ampersand", "--role", "frontend")["token"])
    customer = JWTKeys(server, bearer=Signer(project).token("org"))
    for caller in browser, customer:
        caller.get(at(project)).must_be(403, problem(403))
    for caller in viewer, browser, customer:
        caller.post(at(project), body()).must_be(403, problem(403))
        caller.delete(at(project, made["id"])).must_be(403, problem(403))
        caller.patch(at(project, made["id"]), {}).must_be(403, problem(403))
    JWTKeys(server).get(at(project)).must_be(401, problem(401))


@pytest.mark.parametrize("sent, status", [
    (b"{", 400), (b"[]", 400), (b" " * (1 << 20) + b"{}", 413)])
def test_what_is_no_document_is_refused(project, keys, sent, status):
    kid = new_key(keys, project)["id"]
    for reply in (keys.post(at(project), sent),
                  keys.patch(at(project, kid), sent)):
        reply.must_be(status, problem(status))
