"""Customers' tokens: JWTs signed by Debian's python3-cryptography, and the
keys that a project knows them by."""

import functools
import json
import time

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from support.ampersand import Ampersand
from support.jose import encoded
from support.names import unique


class JWTKeys(Ampersand):
    """Ampersand as its JWT keys answer: errors are application/json."""

    def content_type(self, status):
        return "application/json"


@functools.cache
def private_key(number=0, bits=2048):
    """Making one takes a while, so tests share them."""
    return rsa.generate_private_key(public_exponent=65537, key_size=bits)


def pem_of(private, pkcs1=False):
    forms = serialization.PublicFormat
    return private.public_key().public_bytes(
        serialization.Encoding.PEM,
        forms.PKCS1 if pkcs1 else forms.SubjectPublicKeyInfo).decode()


JWT_KEY = {"label": "more", "algorithm": "RS256",
           "publicKeyPem": pem_of(private_key())}


def part(document):
    raw = document if isinstance(document, bytes) \
        else json.dumps(document).encode()
    return encoded(raw)


def claims(group, consumer="user", lifetime_s=600, age_s=0, **more):
    now = int(time.time()) - age_s
    return {"groupRef": group, "consumerRef": consumer, "iat": now,
            "exp": now + lifetime_s, **more}


def rs256(private, signed):
    return private.sign(signed, padding.PKCS1v15(), hashes.SHA256())


def jwt(header, payload, sign):
    """`header` and `payload` are documents, or bytes as they are;
    `sign(bytes)` is the signature."""
    signed = f"{part(header)}.{part(payload)}"
    return f"{signed}.{encoded(sign(signed.encode()))}"


class Signer:
    """A builder's pair of keys, the public one known to the project."""

    def __init__(self, project, number=0):
        self.project = project
        self.private = private_key(number)
        self.kid = self.new_key(project)

    def new_key(self, project):
        return JWTKeys(project.server,
                       key=project.keys["ampersand"]["apiKey"]).post(
            f"/projects/{project.name}/jwt-keys", {
                "label": unique("key"), "algorithm": "RS256",
                "publicKeyPem": pem_of(self.private)}) \
            .must_be(201).body["kid"]

    def header(self, **more):
        return {"alg": "RS256", "typ": "JWT", "kid": self.kid, **more}

    def token(self, group, consumer="user", **more):
        return jwt(self.header(), claims(group, consumer, **more),
                   functools.partial(rs256, self.private))

    def customer(self, group, consumer="user"):
        return Ampersand(self.project.server,
                         bearer=self.token(group, consumer))
