"""Git providers, and projects that register their webhooks at them."""

import pytest

from support.git_webhooks import PROVIDERS, GitHub, options_of


@pytest.fixture(params=PROVIDERS, ids=lambda kind: kind.kind)
def provider(request):
    """Each of them."""
    with request.param() as made:
        yield made


@pytest.fixture
def github():
    with GitHub() as made:
        yield made


@pytest.fixture
def started(server_factory):
    """A project of a server that knows these providers."""
    return lambda *providers, **named: server_factory(
        options=options_of(*providers), **named).project
