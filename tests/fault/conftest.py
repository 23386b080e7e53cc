"""What the tests of faults share."""

import pytest

from support.planted import release_binary, under_test


@pytest.fixture
def release():
    """Many runs: of the program that is not sanitized."""
    with under_test(release_binary()):
        yield
