"""Which tokens make a customer: what the builder signed as it must be, and
nothing that somebody forged."""

import base64
import functools
import hashlib
import hmac
import json
import time

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding

from support.ampersand import Ampersand, problem
from support.customer import (JWTKeys, Signer, claims, jwt, part, pem_of,
                              private_key, rs256)
from support.forms import mentioning
from support.jose import encoded
from support.names import unique

GROUP = "forged-org"
NOWHERE = "00000000-0000-7000-8000-000000000000"
ALIKE = "the token is not valid or has expired"


@pytest.fixture(scope="module")
def signer(project):
    return Signer(project)


def asked(project, token):
    return Ampersand(project.server, bearer=token).get(
        f"/projects/{project.name}/integrations")


def hs256(secret):
    return lambda signed: hmac.new(secret.encode(), signed,
                                   hashlib.sha256).digest()


def with_hash(hash_made):
    return lambda private, signed: private.sign(
        signed, padding.PKCS1v15(), hash_made())


def pss(private, signed):
    return private.sign(signed, padding.PSS(
        padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())


def signed_by(signer, header=None, payload=None, sign=rs256, private=None):
    """As the signer would, but for what is given."""
    return jwt(header if header is not None else signer.header(),
               payload if payload is not None else claims(GROUP),
               functools.partial(sign, private or signer.private))


def with_header(**more):
    return lambda signer: signed_by(signer, signer.header(**more))


def without_header(name):
    def forge(signer):
        header = signer.header()
        del header[name]
        return signed_by(signer, header)

    return forge


def with_claims(**more):
    return lambda signer: signed_by(signer, payload={**claims(GROUP), **more})


def without_claim(name):
    def forge(signer):
        payload = claims(GROUP)
        del payload[name]
        return signed_by(signer, payload=payload)

    return forge


def own_jwk():
    numbers = private_key(1).public_key().public_numbers()
    return {"kty": "RSA", "e": "AQAB", "n": encoded(
        numbers.n.to_bytes(256, "big"))}


def by_own_key(**header):
    """Signed by a key of the forger's, which the header brings along."""
    return lambda signer: signed_by(signer, signer.header(**header),
                                    private=private_key(1))


def repeated(document, name, value):
    """The JSON of it, in which this member is there once more."""
    text = json.dumps(document)
    return f"{text[:-1]}, {json.dumps(name)}: {json.dumps(value)}}}".encode()


def elliptic(signer):
    key = ec.generate_private_key(ec.SECP256R1())
    return jwt(signer.header(alg="ES256"), claims(GROUP),
               lambda signed: key.sign(signed, ec.ECDSA(hashes.SHA256())))


def parts_of(signer):
    return signer.token(GROUP).split(".")


def with_other_claims(signer):
    head, _, signature = parts_of(signer)
    return f"{head}.{part(claims('another'))}.{signature}"


def with_other_header(signer):
    _, payload, signature = parts_of(signer)
    return f"{part(signer.header(x=1))}.{payload}.{signature}"


def spoiled(at):
    """One bit of the signature is another."""
    def forge(signer):
        head, payload, signature = parts_of(signer)
        raw = bytearray(base64.urlsafe_b64decode(signature + "=="))
        raw[at] ^= 1
        return f"{head}.{payload}.{encoded(bytes(raw))}"

    return forge


def joined(change):
    return lambda signer: change(*parts_of(signer))


def other_last_character(text):
    """The bits of the last one that count for nothing are set."""
    return text[:-1] + chr(ord(text[-1]) + 1)


# Each is a token that must be refused as if it were nonsense.
FORGERIES = {
    "alg none": lambda s: f"{part(s.header(alg='none'))}."
        f"{part(claims(GROUP))}.",
    "alg none, signature kept": lambda s: ".".join(
        [part(s.header(alg="none")), *parts_of(s)[1:]]),
    "alg None": lambda s: f"{part(s.header(alg='None'))}."
        f"{part(claims(GROUP))}.x",
    "HS256 by the public key": lambda s: jwt(
        s.header(alg="HS256"), claims(GROUP), hs256(pem_of(s.private))),
    "HS256 by the public key, without its last line end": lambda s: jwt(
        s.header(alg="HS256"), claims(GROUP),
        hs256(pem_of(s.private).strip())),
    "RS256 by name, HS256 in fact": lambda s: jwt(
        s.header(), claims(GROUP), hs256(pem_of(s.private))),
    "RS384": lambda s: signed_by(s, s.header(alg="RS384"),
                                 sign=with_hash(hashes.SHA384)),
    "RS512": lambda s: signed_by(s, s.header(alg="RS512"),
                                 sign=with_hash(hashes.SHA512)),
    "RS256 by name, SHA-512 in fact": lambda s: signed_by(
        s, sign=with_hash(hashes.SHA512)),
    "PS256": lambda s: signed_by(s, s.header(alg="PS256"), sign=pss),
    "RS256 by name, PSS in fact": lambda s: signed_by(s, sign=pss),
    "ES256": elliptic,
    "alg in lower case": with_header(alg="rs256"),
    "alg a list": with_header(alg=["RS256"]),
    "alg null": with_header(alg=None),
    "no alg": without_header("alg"),
    "no kid": without_header("kid"),
    "kid empty": with_header(kid=""),
    "kid a number": with_header(kid=1),
    "kid a path": with_header(kid="../../etc/passwd"),
    "kid a query": with_header(kid="' OR 1=1 --"),
    "kid of no key": with_header(kid=NOWHERE),
    "another type": with_header(typ="at+jwt"),
    "type a number": with_header(typ=1),
    "signed by another key": lambda s: signed_by(s, private=private_key(1)),
    "jwk": with_header(jwk={"kty": "RSA"}),
    "jwk of the forger": by_own_key(jwk=own_jwk()),
    "jku of the forger": by_own_key(jku="https://forger.example.com/keys"),
    "x5u": with_header(x5u="https://forger.example.com/chain"),
    "x5c": with_header(x5c=["MIIB"]),
    "x5t": with_header(x5t="abc"),
    "x5t of SHA-256": with_header(**{"x5t#S256": "abc"}),
    "crit": with_header(crit=["exp"]),
    "crit, empty": with_header(crit=[]),
    "payload that is not encoded": with_header(b64=False, crit=["b64"]),
    "compressed": with_header(zip="DEF"),
    "encrypted": with_header(enc="A128GCM"),
    "header with alg twice": lambda s: signed_by(
        s, repeated(s.header(alg="none"), "alg", "RS256")),
    "header with kid twice": lambda s: signed_by(
        s, repeated(s.header(kid=NOWHERE), "kid", s.kid)),
    "claims with groupRef twice": lambda s: signed_by(
        s, payload=repeated(claims("another"), "groupRef", GROUP)),
    "claims with exp twice": lambda s: signed_by(
        s, payload=repeated(claims(GROUP), "exp", 1)),
    "claims in a list": lambda s: signed_by(s, payload=[claims(GROUP)]),
    "claims that are no JSON": lambda s: signed_by(s, payload=b"nonsense"),
    "claims that are no UTF-8": lambda s: signed_by(
        s, payload=b'{"groupRef": "\xff"}'),
    "claims in too many levels": lambda s: signed_by(
        s, payload=b'{"x":' * 100 + b"1" + b"}" * 100),
    "header in a list": lambda s: signed_by(s, [s.header()]),
    "header that is no JSON": lambda s: signed_by(s, b"nonsense"),
    "claims of another": with_other_claims,
    "header of another": with_other_header,
    "signature with its first bit spoiled": spoiled(0),
    "signature with its last bit spoiled": spoiled(-1),
    "signature cut": joined(lambda h, p, s: f"{h}.{p}.{s[:-4]}"),
    "no signature": joined(lambda h, p, s: f"{h}.{p}."),
    "signature padded": joined(lambda h, p, s: f"{h}.{p}.{s}=="),
    "signature spelt otherwise": joined(
        lambda h, p, s: f"{h}.{p}.{other_last_character(s)}"),
    "signature of the usual base64": joined(
        lambda h, p, s: f"{h}.{p}." + s.replace("-", "+").replace("_", "/")
        + "+"),
    "space in it": joined(lambda h, p, s: f"{h}. {p}.{s}"),
    "text after it": joined(lambda h, p, s: f"{h}.{p}.{s} x"),
    "only dots": lambda s: "..",
    "four parts": joined(lambda h, p, s: f"{h}.{p}.{s}.{s}"),
    "five parts": joined(lambda h, p, s: f"{h}.{p}.{s}.{s}.{s}"),
    "two parts": joined(lambda h, p, s: f"{h}.{p}"),
    "oversized": lambda s: s.token(GROUP, more="x" * 8000),
}

# Each is signed by the builder, who is told what is wrong with it.
FAULTY_CLAIMS = {
    "no groupRef": (without_claim("groupRef"), "groupRef"),
    "groupRef empty": (with_claims(groupRef=""), "groupRef"),
    "groupRef null": (with_claims(groupRef=None), "groupRef"),
    "groupRef a number": (with_claims(groupRef=1), "groupRef"),
    "groupRef a list": (with_claims(groupRef=[GROUP]), "groupRef"),
    "groupRef too long": (with_claims(groupRef="x" * 257), "groupRef"),
    "no consumerRef": (without_claim("consumerRef"), "consumerRef"),
    "consumerRef empty": (with_claims(consumerRef=""), "consumerRef"),
    "consumerRef an object": (with_claims(consumerRef={}), "consumerRef"),
    "consumerRef too long": (with_claims(consumerRef="x" * 257),
                             "consumerRef"),
    "no iat": (without_claim("iat"), "iat"),
    "iat a text": (with_claims(iat=str(int(time.time()))), "iat"),
    "iat not whole": (with_claims(iat=time.time() + .5), "iat"),
    "iat negative": (with_claims(iat=-1), "iat"),
    "iat beyond all times": (with_claims(iat=1 << 60), "iat"),
    "no exp": (without_claim("exp"), "exp"),
    "exp null": (with_claims(exp=None), "exp"),
    "exp beyond all times": (with_claims(exp=(1 << 63) - 1), "exp"),
    "expired": (lambda s: s.token(GROUP, age_s=700), "exp"),
    "expired but for a few seconds": (lambda s: s.token(
        GROUP, lifetime_s=10, age_s=75), "exp"),
    "good for too long": (lambda s: s.token(GROUP, lifetime_s=601), "exp"),
    "good for a year": (lambda s: s.token(GROUP, lifetime_s=31536000),
                        "exp"),
    "good for no time": (lambda s: s.token(GROUP, lifetime_s=0), "exp"),
    "ends before it begins": (lambda s: s.token(GROUP, lifetime_s=-1),
                              "exp"),
    "of the future": (lambda s: s.token(GROUP, age_s=-120), "iat"),
    "not yet valid": (lambda s: s.token(GROUP, nbf=int(time.time()) + 120),
                      "nbf"),
    "nbf a text": (with_claims(nbf="soon"), "nbf"),
}

# What the builder may do, so that the refusals are for what they say.
GOOD = {
    "as it should be": lambda s: s.token(GROUP),
    "without typ": without_header("typ"),
    "typ in lower case": with_header(typ="jwt"),
    "a header that says more": with_header(cty="JWT", note="x"),
    "claims that say more": with_claims(
        iss="us", aud="cleat", sub="x", jti="1", projectId="x"),
    "kid in upper case": lambda s: signed_by(s, s.header(kid=s.kid.upper())),
    "by a clock that is behind": lambda s: s.token(
        GROUP, lifetime_s=10, age_s=45),
    "by a clock that is ahead": lambda s: s.token(GROUP, age_s=-45),
    "nbf that is over": lambda s: s.token(GROUP, nbf=int(time.time()) - 1),
    "the longest references": with_claims(groupRef="ж" * 128,
                                          consumerRef="y" * 256),
}


@pytest.mark.parametrize("name", GOOD)
def test_what_the_builder_signed_is_taken(project, signer, name):
    asked(project, GOOD[name](signer)).must_be(200)


@pytest.mark.parametrize("name", FORGERIES)
def test_forgery_is_refused(project, signer, name):
    asked(project, FORGERIES[name](signer)).must_be(
        401, problem(401, detail=ALIKE),
        headers={"WWW-Authenticate": "Bearer"})


@pytest.mark.parametrize("name", FAULTY_CLAIMS)
def test_faulty_claim_is_refused_and_named(project, signer, name):
    forge, claim = FAULTY_CLAIMS[name]
    asked(project, forge(signer)).must_be(
        401, problem(401, detail=mentioning(claim)))


def test_claims_are_judged_after_the_signature_alone(project, signer):
    """Who holds no key learns nothing of what would be wrong."""
    for payload in claims(GROUP, age_s=700), {}:
        asked(project, signed_by(signer, payload=payload,
                                 private=private_key(1))).must_be(
            401, problem(401, detail=ALIKE))


def test_token_of_an_inactive_key_is_refused(project):
    signer = Signer(project)
    keys = JWTKeys(project.server, key=project.keys["ampersand"]["apiKey"])

    def switch(active):
        keys.patch(f"/projects/{project.name}/jwt-keys/{signer.kid}", {
            "updateMask": ["active"], "jwtKey": {"active": active}}) \
            .must_be(200)

    token = signer.token(GROUP)
    asked(project, token).must_be(200)
    switch(False)
    asked(project, token).must_be(401, problem(401, detail=ALIKE))
    switch(True)
    asked(project, token).must_be(200)
    keys.delete(f"/projects/{project.name}/jwt-keys/{signer.kid}") \
        .must_be(204)
    asked(project, token).must_be(401, problem(401, detail=ALIKE))


def test_each_key_signs_for_itself_alone(project, signer):
    """Two keys of one project: the kid says which is asked."""
    second = Signer(project, number=1)
    asked(project, second.token(GROUP)).must_be(200)
    for forger, victim in (signer, second), (second, signer):
        asked(project, signed_by(forger, victim.header())).must_be(
            401, problem(401, detail=ALIKE))


def test_token_is_good_in_its_key_s_project_alone(project, other, signer):
    """The same pair in two projects: two kids, two projects."""
    foreign = Signer(other)
    asked(other, foreign.token(GROUP)).must_be(200)
    for token, where in ((foreign.token(GROUP), project),
                         (signer.token(GROUP), other)):
        asked(where, token).must_be(404, problem(404))


def test_tokens_of_a_deleted_project_are_none(server, new_project):
    signer = Signer(new_project)
    asked(new_project, signer.token(GROUP)).must_be(200)
    new_project.native.delete(f"/projects/{new_project.name}").must_be(200)
    asked(new_project, signer.token(GROUP)).must_be(
        401, problem(401, detail=ALIKE))


def test_token_is_for_no_other_api(project, signer):
    """Nor is it one in the header of API keys."""
    token = signer.token(GROUP)
    Ampersand(project.server, key=token).get(
        f"/projects/{project.name}/integrations").must_be(401, problem(401))
    for caller, path in (
            (project.native, f"/projects/{project.name}/events"),
            (project.upsun, f"/projects/{project.upsun_id}/integrations"),
            (project.gorules, f"/projects/{project.id}/integrations"),
            (project.apinizer, f"/projects/{project.name}/connections")):
        assert caller.get(path, headers={
            "Authorization": f"Bearer {token}"}).status == 401


def test_token_is_in_no_log(project, signer):
    good, bad = signer.token(unique("logged")), signer.token("x", age_s=999)
    for token in good, bad:
        asked(project, token)
    said = project.server.stderr()
    for token in good, bad:
        assert not any(one in said for one in token.split(".")[1:])
