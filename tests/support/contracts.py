"""What the four APIs' own documents say, where somebody has them here:
CLEAT_CONTRACTS names their folder, CLEAT_PROVIDERS the providers' source."""

import json
import os
import pathlib

import pytest


def contract_text(name):
    """The file of this name; else the test is skipped."""
    folder = os.environ.get("CLEAT_CONTRACTS")
    if not folder:
        pytest.skip("CLEAT_CONTRACTS names no folder of contracts")
    return (pathlib.Path(folder) / name).read_text(encoding="utf-8")


def contract(name):
    """The JSON document of this name; else the test is skipped."""
    return json.loads(contract_text(name))


def providers():
    file = os.environ.get("CLEAT_PROVIDERS")
    if not file:
        pytest.skip("CLEAT_PROVIDERS names no file of providers")
    return json.loads(pathlib.Path(file).read_text())
