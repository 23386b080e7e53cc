"""A receiver, and a project whose server may call it."""

import pytest

from support.delivery import OPTIONS
from support.receiver import Receiver


@pytest.fixture
def receiver():
    with Receiver() as made:
        yield made


@pytest.fixture
def project(server_factory):
    return server_factory(options=OPTIONS).project
