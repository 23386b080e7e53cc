"""A provider, and a project whose server may call it."""

import pytest

from support.provider import Provider
from support.server import ALLOWED


@pytest.fixture
def provider():
    with Provider() as made:
        yield made


@pytest.fixture
def project(server_factory):
    return server_factory(options=ALLOWED).project
