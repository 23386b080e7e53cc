"""Our C programs: built, and the load generator run."""

import json
import os
import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parent / "build" / "bench"

# The server under test has one core and the load another.
CORES = sorted(os.sched_getaffinity(0))
SERVER_CORE = CORES[0]
LOAD_CORE = CORES[-1]

INSTALLATIONS = "/v1/projects/my-project/integrations/{1}/installations"
CONTENT = {
    "provider": "stripe",
    "read": {
        "objects": {
            "customers": {
                "objectName": "customers",
                "schedule": "*/15 * * * *",
                "destination": "customerWebhook",
                "selectedFields": {"name": True, "email": True},
                "selectedFieldMappings": {},
            }
        }
    },
}
INSTALLATION = json.dumps(
    {"groupRef": "{2}", "config": {"content": CONTENT}}, separators=(",", ":")
)


def program(name):
    """One of ours, by the name of its file in this folder."""
    return HERE.parent / "build" / f"bench-{name}"


def build():
    BUILD.mkdir(parents=True, exist_ok=True)
    subprocess.run(["ninja", "-C", HERE.parent / "build", "--quiet",
                    "benchmarks"], check=True)


def on_core(core):
    """A preexec_fn that pins the new process."""
    return lambda: os.sched_setaffinity(0, {core})


def load(address, path, *, key=None, method="GET", body=None, status=None,
         clients=64, seconds=None, lines=None, ids=None, polls=False,
         headers=()):
    """Runs the load generator; load.c says what each option means."""
    command = [str(program("load")), "-c", str(clients), "-m", method]
    for header in headers:
        command += ["-H", header]
    if polls:
        command.append("-p")
    options = {
        "-H": key and f"X-Api-Key: {key}",
        "-b": body,
        "-e": status,
        "-s": seconds,
        "-f": lines,
        "-o": ids,
    }
    for option, value in options.items():
        if value is not None:
            command += [option, str(value)]
    done = subprocess.run(
        [*command, address, path], stdout=subprocess.PIPE,
        preexec_fn=on_core(LOAD_CORE),
    )
    if done.returncode:  # and it has said why
        raise SystemExit(f"bench: {method} {path} failed")
    return json.loads(done.stdout)
