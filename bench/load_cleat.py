#!/usr/bin/env python3
"""Fills a running Cleat through its own API.

usage: load_cleat.py ADDR:PORT API-KEY INTEGRATIONS INSTALLATIONS FOLDER

Each of the installations (so many to an integration) belongs to a group of its
own and uses a connection of its own. Writes into FOLDER integrations.tsv
(integration id) and installations.tsv (integration id, group, installation
id).
"""

import json
import pathlib
import sys
import urllib.request

import tools

CONNECTION = json.dumps(
    {
        "groupRef": "{2}",
        "groupName": "Organization {2}",
        "consumerRef": "user_{2}",
        "consumerName": "User {2}",
        "provider": "stripe",
        "apiKey": "sk_bench_{2}",
    }
)
CLIENTS = 120  # below the 128 events that libmicrohttpd takes at a time


def manifest(count):
    head = 'specVersion: "1.0.0"\nintegrations:\n'
    return head + "".join(
        f"""  - name: bench-{n}
    provider: stripe
    read:
      objects:
        - objectName: customers
          destination: customerWebhook
          schedule: "*/15 * * * *"
          requiredFields:
            - fieldName: name
            - fieldName: email
"""
        for n in range(1, count + 1)
    )


def call(address, key, method, path, body=None):
    request = urllib.request.Request(
        f"http://{address}{path}",
        method=method,
        data=None if body is None else json.dumps(body).encode(),
        headers={"X-Api-Key": key, "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def create_integrations(address, key, count):
    """Their ids."""
    path = "/v1/projects/my-project/integrations"
    call(address, key, "PUT", f"{path}:batch", {"sourceYaml": manifest(count)})
    return [found["id"] for found in call(address, key, "GET", path)]


def connect_groups(address, key, integrations, label, count, lines):
    """Makes count groups, each with a connection and no installation, and
    writes the integration and the group of each: what a create needs."""
    with open(lines, "w", encoding="ascii") as file:
        for n in range(count):
            integration = integrations[n % len(integrations)]
            file.write(f"{integration}\torg_{label}_{n}\n")
    tools.load(
        address, "/v1/projects/my-project/connections:generate", key=key,
        method="POST", body=CONNECTION, status=201, clients=CLIENTS,
        lines=lines,
    )


def install(address, key, lines, ids, clients=CLIENTS):
    return tools.load(
        address, tools.INSTALLATIONS + "?skipSampling=true", key=key,
        method="POST", body=tools.INSTALLATION, status=201, clients=clients,
        lines=lines, ids=ids,
    )


def fill(address, key, integrations, installations, folder):
    ids = create_integrations(address, key, integrations)
    (folder / "integrations.tsv").write_text("".join(f"{i}\n" for i in ids))
    groups = folder / "groups.tsv"
    connect_groups(
        address, key, ids, "bench", integrations * installations, groups
    )
    install(address, key, groups, folder / "installations.tsv")
    return ids


def main():
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    address, key, integrations, installations, folder = sys.argv[1:]
    tools.build()
    fill(address, key, int(integrations), int(installations),
         pathlib.Path(folder))


if __name__ == "__main__":
    main()
