"""A receiver, and a project whose server may call it."""

import pytest

from support.authority import Authority
from support.delivery import OPTIONS
from support.notifications import faults
from support.receiver import Receiver


@pytest.fixture
def receiver():
    """Whatever it is sent must have its type's shape."""
    with Receiver() as made:
        yield made
        wrong = [fault for one in made.messages
                 for fault in faults(one.document)]
    assert not wrong, "\n".join(wrong)


@pytest.fixture
def authority():
    with Authority() as made:
        yield made


@pytest.fixture
def project(server_factory):
    return server_factory(options=OPTIONS).project
