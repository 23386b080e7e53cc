"""Ampersand's document, held against every answer that a test gets by
`requests`, or a row of the tenant matrix, from a server of ours: the answer's status must be documented, and
its body have the documented shape; else the test fails that asked for it.

What was answered is remembered, as (operation, status). A run of all tests
that ask (WHOLE) ends with a judgement: each documented status of each
operation was seen, or is in UNSEEN, which says why none of them can be. An
entry there that was seen is a fault as well."""

import contextlib
import fnmatch
import json
import pathlib
import re
import urllib.parse

import requests

from support import cli
from support.openapi import METHODS
from support.shapes import Shapes, value_faults

WHOLE = ["tests/api/ampersand", "tests/tenant"]

# What a manifest or a configuration says besides comes back.
AS_IT_WAS_SENT = re.compile(r"\.content\..*: is not known$", re.DOTALL)

UNSEEN = {
    "triggerRead 201": "501: this version moves no records; so do these:",
    "deliverResults 204": "501",
    "writeRecords 200": "501",
    "searchRecords 200": "501",
    "oauthCallback 504": "of a call that nobody makes within 35 seconds, in "
                         "which a provider has 30",
    "* default": "a form for what no operation of its own has",
    "* 500": "of a defect of ours: nothing that a caller does brings it",
}


class Document:

    def __init__(self, api="ampersand"):
        self.document = json.loads(
            (cli.ROOT / f"openapi/{api}.json").read_text())
        self.shapes = Shapes(self.document)
        self.answers = {}  # operation: {status: its answer}
        self._by_method = {}
        for path, item in self.document["paths"].items():
            base = item.get("servers", self.document["servers"])[0]["url"]
            for method in METHODS:
                if method in item:
                    self._add(method.upper(), base.rstrip("/") + path,
                              item[method])

    def _add(self, method, path, about):
        self.answers[about["operationId"]] = {
            status: self.shapes.resolve(answer)
            for status, answer in about["responses"].items()}
        pattern = re.sub(r"\\{\w+\\}", "[^/]+", re.escape(path))
        literal = len(re.sub(r"\{\w+\}", "", path))
        found = self._by_method.setdefault(method, [])
        found.append((literal, re.compile(pattern), about["operationId"]))
        found.sort(key=lambda one: -one[0])  # a literal goes before any id

    def operation_of(self, method, path):
        """Its name; None for a path that the document has not."""
        return next((name for _, pattern, name
                     in self._by_method.get(method, [])
                     if pattern.fullmatch(path)), None)

    def all_statuses(self):
        return {(name, status) for name, answers in self.answers.items()
                for status in answers}

    def faults(self, name, status, kind, content):
        """What of this answer is not documented."""
        answers = self.answers[name]
        answer = answers.get(str(status))
        if answer is None and status >= 400:
            answer = answers.get("default")
        if answer is None:
            return [f"{name} {status}: is not documented"]
        kinds = answer.get("content", {})
        if not content or not kinds:
            return [f"{name} {status}: has a body"] if content else []
        known = kinds.get(kind.split(";")[0].strip())
        if known is None:
            return [f"{name} {status}: is {kind}, not {', '.join(kinds)}"]
        if "json" not in kind or "schema" not in known:
            return []
        return [fault for fault in value_faults(
            self.document, known["schema"], json.loads(content),
            f"{name} {status}") if not AS_IT_WAS_SENT.search(fault)]


class Listening:
    """`bases` has the addresses of our servers that run."""

    def __init__(self):
        self.document = Document()
        self.bases = set()
        self.seen = set()

    def take(self, request, response):
        where = urllib.parse.urlsplit(request.url)
        if f"{where.scheme}://{where.netloc}" not in self.bases:
            return
        name = self.document.operation_of(request.method, where.path)
        if name is None:
            return
        faults = self.hear(name, response.status_code,
                           response.headers.get("Content-Type", ""),
                           response.content)
        assert not faults, "\n".join(faults[:20])

    def hear(self, name, status, kind, content):
        """The faults of an answer of this operation; else it was seen."""
        faults = self.document.faults(name, status, kind, content)
        if not faults:
            self.seen.add((name, str(status)))
        return faults

    @contextlib.contextmanager
    def to_all(self):
        """Whatever is asked by `requests` from here on."""
        send = requests.Session.send

        def sending(session, request, **named):
            response = send(session, request, **named)
            if not named.get("stream"):
                self.take(request, response)
            return response

        requests.Session.send = sending
        try:
            yield
        finally:
            requests.Session.send = send


def is_whole(config):
    """Does this run have all tests that ask?"""
    option = config.option
    if option.keyword or option.markexpr or getattr(option, "lf", False) \
            or getattr(option, "deselect", None):
        return False
    asked = [pathlib.Path(config.invocation_params.dir, word.split("::")[0])
             .resolve() for word in config.args]
    return all(any("::" not in word and (cli.ROOT / one).resolve()
                   .is_relative_to(path)
                   for path, word in zip(asked, config.args))
               for one in WHOLE)


def judge(document, seen):
    """Faults: what was never answered, and what is excused without need."""
    excused = set()
    for one in document.all_statuses():
        for known in UNSEEN:
            if fnmatch.fnmatchcase(" ".join(one), known):
                excused.add(one)
    missing = document.all_statuses() - seen - excused
    return sorted(f"{name} {status}: no test was answered so"
                  for name, status in missing) \
        + sorted(f"{name} {status}: is in UNSEEN, and was seen"
                 for name, status in excused & seen)


listening = Listening()
