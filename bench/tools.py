"""Our C programs: built, and the load generator run."""

import json
import os
import pathlib
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
BUILD = HERE.parent / "build" / "bench"
OURS = HERE.parent / "build"
LIBRARIES = {
    "load": [f"{HERE}/template.c"],
    "hello": ["-lmicrohttpd"],
    "relay": ["-lmicrohttpd", "-lcurl", "-lpthread"],
    "one_commit": [f"-I{HERE.parent}/src", f"-I{OURS}", f"{OURS}/libcleat.a",
                   "-lmicrohttpd", "-ljansson", "-lsodium", "-lsqlite3", "-lpq",
                   "-lyaml", "-lzip", "-lmd", "-ljwt", "-lcrypto", "-lcurl",
                   "-lutf8proc",
                   "-lpthread", "-lm"],
}

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


def build():
    BUILD.mkdir(parents=True, exist_ok=True)
    sources = [*HERE.glob("*.[ch]"), OURS / "libcleat.a"]
    newest = max(path.stat().st_mtime for path in sources)
    for name, libraries in LIBRARIES.items():
        source, binary = HERE / f"{name}.c", BUILD / name
        if binary.exists() and binary.stat().st_mtime > newest:
            continue
        command = ["cc", "-std=c11", "-D_DEFAULT_SOURCE",
                   "-D_POSIX_C_SOURCE=200809L", "-O2"]
        subprocess.run(
            [*command, str(source), "-o", str(binary), *libraries], check=True
        )


def on_core(core):
    """A preexec_fn that pins the new process."""
    return lambda: os.sched_setaffinity(0, {core})


def load(address, path, *, key=None, method="GET", body=None, status=None,
         clients=64, seconds=None, lines=None, ids=None, polls=False,
         headers=()):
    """Runs the load generator; load.c says what each option means."""
    command = [str(BUILD / "load"), "-c", str(clients), "-m", method]
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
