"""A provider that asks people, and a project whose server may call it."""

import pytest

from support.authority import Authority
from support.server import ALLOWED


@pytest.fixture
def authority():
    with Authority() as made:
        yield made


@pytest.fixture
def project(server_factory):
    return server_factory(options=ALLOWED).project
