"""Verifying what the store signs, with Debian's python3-cryptography; and by
npm's jose, in tests/e2e/clients/jose."""

import base64
import json
import subprocess

import requests
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import \
    Ed25519PublicKey

from support import npm

TIMEOUT_S = 60


def decoded(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def encoded(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def keys_of(server):
    answer = requests.get(f"{server.base}/.well-known/cleat-keys", timeout=10)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == "application/jwk-set+json"
    return answer.json()["keys"]


def payload_of(signed, keys):
    """Of a compact JWS that one of the keys has signed."""
    head, payload, signature = signed.split(".")
    header = json.loads(decoded(head))
    assert set(header) == {"alg", "kid"} and header["alg"] == "EdDSA"
    [key] = [one for one in keys if one["kid"] == header["kid"]]
    try:
        Ed25519PublicKey.from_public_bytes(decoded(key["x"])).verify(
            decoded(signature), f"{head}.{payload}".encode())
    except InvalidSignature:
        raise AssertionError(f"not signed: {signed}") from None
    return json.loads(decoded(payload))


def verified_by_npm(server, signed):
    """The payload, None when jose, which is told where the keys are and
    nothing else, does not take it."""
    result = subprocess.run(
        ["node", "verify.mjs", f"{server.base}/.well-known/cleat-keys"],
        cwd=npm.installed("jose"), input=signed, capture_output=True,
        text=True, timeout=TIMEOUT_S, check=False)
    return json.loads(result.stdout)["payload"] if result.returncode == 0 \
        else None
