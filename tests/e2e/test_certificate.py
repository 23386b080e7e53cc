"""A finished deletion's certificate: others verify it, and it says what the
receipt says."""

import hashlib
import json
import re

from support import ampersand as amp
from support import cli
from support import gorules as gr
from support.jose import (decoded, encoded, keys_of, payload_of,
                          verified_by_npm)
from support.native import base, pages, plan, run
from support.provider import Provider
from support.revocation import connect, done, let_go, register
from support.server import ALLOWED
from support.tampering import text
from support.whole import changing, rows_of


def path_of(project, deletion_id):
    return f"{base(project)}/deletions/{deletion_id}/certificate"


def signed_of(project, deletion_id):
    answer = project.native.get(path_of(project, deletion_id))
    assert answer.status == 200, answer
    assert answer.headers["Content-Type"] == "application/jose"
    return answer.text


def certificate(project, deletion_id):
    """What it says, verified."""
    return payload_of(signed_of(project, deletion_id),
                      keys_of(project.server))


def test_keys_need_no_credentials_and_are_named_by_their_thumbprint(server):
    [key] = keys_of(server)
    assert set(key) == {"kty", "crv", "x", "kid", "alg", "use"}
    assert key["kid"] == encoded(hashlib.sha256(json.dumps(
        {name: key[name] for name in ("crv", "kty", "x")},
        separators=(",", ":")).encode()).digest())


def test_certificate_says_what_the_receipt_says(new_project):
    project = new_project  # no job records events in it meanwhile
    made = amp.new_installation(project)
    deletion = ran = run(project, plan(
        project, "group", group_id(project, made["connection"]),
        revoke="never"))
    signed = signed_of(project, ran["id"])
    said = verified_by_npm(project.server, signed)
    assert said == payload_of(signed, keys_of(project.server))
    assert said["type"] == "cleat deletion certificate 1"
    assert said["project"] == project.id
    assert said["deletion"] == {
        "id": ran["id"], "targetKind": "group",
        "targetId": deletion["target"]["id"],
        "targetName": deletion["target"]["name"],
        "groupId": deletion["target"]["id"], "mode": "hard", "revoke": "never",
        "actor": deletion["actor"], "createdAt": deletion["createdAt"],
        "finishedAt": deletion["finishedAt"]}
    assert said["effects"]["counts"] == deletion["counts"]
    assert said["effects"]["items"] == deletion["effects"]
    assert certificate(project, ran["id"]) == said
    gr.new_integration(project)
    again = certificate(project, ran["id"])
    assert again["chain"].pop("head") != said["chain"].pop("head")
    assert again == said


def group_id(project, connection):
    ref = connection["group"]["groupRef"]
    return project.native.get(f"{base(project)}/groups/{ref}") \
        .must_be(200).body["id"]


def test_an_altered_certificate_does_not_verify(project):
    integration = amp.new_integration(project)
    ran = run(project, plan(project, "integration", integration["id"]))
    header, payload, signature = signed_of(project, ran["id"]).split(".")
    altered = encoded(decoded(payload).replace(b'"gone"', b'"kept"'))
    none = encoded(b'{"alg":"none"}')
    assert altered != payload
    for one in (f"{header}.{altered}.{signature}",
                f"{none}.{payload}.", f"{header}.{payload}."):
        assert verified_by_npm(project.server, one) is None


def test_the_link_is_over_the_deletions_own_events(server_factory):
    project = server_factory().project
    made = amp.new_installation(project)
    amp.new_integration(project)
    ran = run(project, plan(project, "installation", made["id"],
                            revoke="never"))
    gr.new_integration(project)
    said = certificate(project, ran["id"])
    own, head = said["chain"]["deletion"], said["chain"]["head"]
    assert own["number"] < head["number"]
    exported = [json.loads(line) for line in cli.run(
        "audit", "export", "--store", project.server.store.url, "--project",
        "my-project", "--from", str(own["number"]), "--to",
        str(own["number"])).stdout.splitlines()]
    *events, link = exported
    assert link["hash"] == own["hash"]
    assert {("installation.deleted", made["id"].replace("-", "")),
            ("connection.deleted",
             made["connection"]["id"].replace("-", ""))} <= {
        (one["type"], one["subjectId"]) for one in events}
    # the one that was current then is in the chain as it is now
    later = cli.run("audit", "export", "--store", project.server.store.url,
                    "--project", "my-project").stdout
    assert f'"hash":"{head["hash"]}"' in later


def digest_of(texts):
    return hashlib.blake2b(b"".join(map(text, texts)),
                           digest_size=32).hexdigest()


def test_ends_of_grants(server_factory):
    with Provider() as provider:
        project = server_factory(options=ALLOWED).project
        register(project, provider.url)
        made = connect(project, provider.issue())
        ended = done(project, let_go(project, made))
    said = certificate(project, ended["id"])
    [step], [item] = ended["steps"], said["grants"]["items"]
    assert item == {
        "id": step["id"], "connection": made["id"], "provider": "box",
        "end": "revoked", "attempts": step["attempts"],
        "lastAnswer": step["lastAnswer"], "createdAt": step["createdAt"],
        "endedAt": step["updatedAt"]}
    assert said["grants"]["ends"] == {"revoked": 1}
    assert said["grants"]["digest"] == digest_of(
        [json.dumps(item, separators=(",", ":"))])


def test_what_was_given_up_says_why(project):
    made = connect(project, "nobody-ends-this")
    ran = let_go(project, made)
    answer = project.native.get(path_of(project, ran["id"])).must_be(409)
    assert answer.body["detail"] == "steps of this deletion are not done"
    [step] = ran["steps"]
    project.native.post(
        f"{base(project)}/deletions/{ran['id']}/steps/{step['id']}:abandon",
        {"reason": "their account is closed"}).must_be(200)
    said = certificate(project, ran["id"])
    assert said["grants"]["ends"] == {"abandoned": 1}
    [item] = said["grants"]["items"]
    assert (item["end"], item["reason"], item["connection"]) == (
        "abandoned", "their account is closed", made["id"])


def test_only_what_is_done_has_one(project):
    made = gr.new_integration(project)
    ran = project.gorules.delete(gr.integrations(project, made["id"])) \
        .must_be(200).headers["Cleat-Deletion"]
    answer = project.native.get(path_of(project, ran)).must_be(409)
    assert "can come back" in answer.body["detail"]
    project.native.post(f"{base(project)}/integration/{made['id']}:purge",
                        {}).must_be(200)
    said = certificate(project, ran)
    assert said["effects"]["counts"]["gone"] == {"integration": 1}
    assert said["deletion"]["mode"] == "soft"

    made = gr.new_integration(project)
    ran = project.gorules.delete(gr.integrations(project, made["id"])) \
        .must_be(200).headers["Cleat-Deletion"]
    project.native.post(f"{base(project)}/integration/{made['id']}:restore",
                        {}).must_be(200)
    answer = project.native.get(path_of(project, ran)).must_be(409)
    assert answer.body["detail"] == "what was deleted came back"
    project.native.get(path_of(
        project, "00000000-0000-7000-8000-000000000000")).must_be(404)


def parts_of(project, deletion_id):
    """The texts of `effects`, to the byte."""
    for part in pages(project, f"/deletions/{deletion_id}"):
        yield re.search(r'"effects":(\[.*?\]),"nextCursor"', part.text)[1]


def test_effects_that_do_not_fit_have_their_digest(server_factory):
    project = server_factory().project
    integration = amp.new_integration(project)
    for _ in range(2):
        amp.new_installation(project, integration)
    small = run(project, plan(project, "integration", integration["id"],
                              revoke="never"))
    said = certificate(project, small["id"])
    parts = list(parts_of(project, small["id"]))
    assert said["effects"]["parts"] == len(parts) == 1
    assert said["effects"]["digest"] == digest_of(parts)
    assert said["effects"]["items"] == json.loads(parts[0])

    # a receipt as long as that of a hundred thousand
    project.server.stop()
    long = '[' + ",".join(['{"effect":"gone"}'] * 1000) + "]"
    with changing(project.server.store) as database:
        database.executemany(
            "INSERT INTO deletion_part SELECT project_id, id, ?, ? FROM "
            "deletion", [(at, long) for at in range(1, 40)])
    project = server_factory(project.server.store).project
    said = certificate(project, small["id"])
    assert said["effects"]["items"] is None
    assert said["effects"]["parts"] == 40
    assert said["effects"]["digest"] == digest_of([parts[0]] + [long] * 39)


def test_an_older_key_stays_to_verify_with(server_factory):
    server = server_factory()
    project = server.project
    made = gr.new_integration(project)
    ran = run(project, plan(project, "integration", made["id"], mode="hard"))
    before = signed_of(project, ran["id"])
    [first] = keys_of(server)
    new = cli.cleat("audit", "rotate-key", "--store", server.store.url)
    assert [key["kid"] for key in keys_of(server)] == \
        [first["kid"], new["kid"]]
    after = signed_of(project, ran["id"])
    assert json.loads(decoded(after.split(".")[0]))["kid"] == new["kid"]
    for one in before, after:
        assert verified_by_npm(server, one) == payload_of(one, keys_of(server))
    assert payload_of(after, keys_of(server))["store"] == \
        payload_of(before, keys_of(server))["store"]


def test_the_private_half_is_sealed(server_factory):
    """Nothing of the row but the public half and its name can be read."""
    server = server_factory()
    [(public, sealed)] = rows_of(
        server.store, "SELECT public_key, sealed FROM signing_key")
    assert len(public) == 32 and len(sealed) == 32 + 41
    assert public not in sealed
