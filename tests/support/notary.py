"""A token address that takes what a customer's key has signed, as RFC 7523 has
it: read and verified by PyJWT, which is not ours.

    with Notary() as notary:
        key = notary.trust("client-1", audience=..., subject=...)
        ... connect with key.pem ...
        assert notary.seen[-1].claims["sub"] == "jane@acme.example"

An assertion that it does not believe is 400 invalid_grant; its own sentence is
in `refused`."""

import base64
import dataclasses
import json

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from support.authority import Authority
from support.authority import _Handler as AuthorityHandler

GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer"
CLIENT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
CURVES = {"ES256": ec.SECP256R1(), "ES384": ec.SECP384R1(),
          "ES512": ec.SECP521R1()}
MAKERS = {}


def private_key(algorithm, fresh=False):
    """One for all that do not need their own: they take their time."""
    if fresh or algorithm not in MAKERS:
        MAKERS[algorithm] = ec.generate_private_key(CURVES[algorithm]) \
            if algorithm in CURVES else rsa.generate_private_key(65537, 2048)
    return MAKERS[algorithm]


def pem_of(key, form=serialization.PrivateFormat.PKCS8):
    return key.private_bytes(serialization.Encoding.PEM, form,
                             serialization.NoEncryption()).decode()


def in_base64(text):
    return base64.b64encode(text.encode()).decode()


@dataclasses.dataclass
class Trusted:
    key: object
    algorithm: str
    audience: str
    subject: str
    kid: str
    grant: str
    scope: object
    lifetime_s: int

    @property
    def pem(self):
        return pem_of(self.key)

    def service_account(self, email, **more):
        return in_base64(json.dumps({
            "type": "service_account", "private_key": self.pem,
            "private_key_id": self.kid, "client_email": email, **more}))


@dataclasses.dataclass
class Seen:
    header: dict
    claims: dict
    text: str


class Notary(Authority):
    """`trusted` by issuer; `seen` are the assertions that it believed."""

    def __init__(self, seed=1):
        self.trusted = {}
        self.seen = []
        self.refused = []
        self.says_expiry = True
        self.error = (400, "invalid_grant")
        self.gives_none = False  # it says `error` to whatever comes
        super().__init__(seed)
        self._server.RequestHandlerClass = _Handler

    def trust(self, issuer, algorithm="RS256", fresh=False, *, audience=None,
              subject=None, kid=None, grant=GRANT, scope=None,
              lifetime_s=3600):
        self.trusted[issuer] = Trusted(
            private_key(algorithm, fresh), algorithm,
            audience or f"{self.url}/token", subject, kid, grant, scope,
            lifetime_s)
        return self.trusted[issuer]

    def believe(self, form):
        """Raises what is wrong."""
        text = form.get("assertion") or form.get("client_assertion") or ""
        issuer = jwt.decode(text, options={"verify_signature": False})["iss"]
        known = self.trusted[issuer]
        claims = jwt.decode(
            text, known.key.public_key(), algorithms=[known.algorithm],
            audience=known.audience, issuer=issuer, leeway=2,
            options={"require": ["iss", "aud", "exp", "iat"]})
        header = jwt.get_unverified_header(text)
        wanted = {"assertion": text, "grant_type": GRANT} \
            if known.grant == GRANT else {
                "grant_type": "client_credentials",
                "client_assertion_type": CLIENT, "client_assertion": text}
        for what, is_right in {
                "form": form == wanted,
                "sub": claims.get("sub") == known.subject,
                "kid": header.get("kid") == known.kid,
                "typ": header.get("typ") == "JWT",
                "scope": claims.get("scope") == known.scope,
                "exp": claims["exp"] - claims["iat"] == known.lifetime_s,
                }.items():
            if not is_right:
                raise ValueError(f"{what}: {header} {claims} {form}")
        return Seen(header, claims, text)


class _Handler(AuthorityHandler):

    def _serve_soundly(self):
        if self.path != "/revoke":
            return super()._serve_soundly()
        self.listener.revoke(self.sent)  # as Salesforce, of nobody's client
        return self._answer(200, {})

    def _token(self):
        notary = self.listener
        if not {"assertion", "client_assertion"} & set(self._form):
            return super()._token()
        try:
            seen = notary.believe(self._form)
        except (jwt.PyJWTError, LookupError, ValueError) as error:
            notary.refused.append(repr(error))
            return self._answer(400, {"error": "invalid_grant"})
        if notary.gives_none:
            return self._answer(notary.error[0], {"error": notary.error[1]})
        notary.seen.append(seen)
        made = notary.granted(with_refresh=False)
        if not notary.says_expiry:
            del made["expires_in"]
        return self._answer(200, made)
