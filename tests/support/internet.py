"""A small internet: names, public addresses and an authority of its own.

    unshare -rmn python3 -m support.internet COMMAND...

runs the command where a name server answers as below, where the peers listen
at public and at private addresses, and where the system's authority is one
that has signed their certificates. Prints what came of the command and what
the peers saw, as JSON. Nothing of it is seen from outside."""

import json
import os
import pathlib
import socket
import struct
import subprocess
import sys
import tempfile
import threading

from support.peer import Peer, certificate, tls_of

PUBLIC, OTHER, PRIVATE = "93.184.216.34", "151.101.1.69", "10.1.2.3"
METADATA, LOCAL = "169.254.169.254", "127.0.0.1"
A, AAAA = 1, 28

# The addresses that each question for a name gets in turn, the last for good.
NAMES = {
    "good.example": [[PUBLIC]],
    "https": [[PUBLIC]],
    "stranger.example": [[PUBLIC]],
    "rebind.example": [[PUBLIC], [LOCAL]],
    "private.example": [[PRIVATE]],
    "metadata.example": [[METADATA]],
    "local.example": [[LOCAL]],
    "v6.example": [["::1"]],
    "mapped.example": [["::ffff:127.0.0.1"]],
    "both.example": [[LOCAL, PRIVATE, PUBLIC]],
    "dead.example": [[OTHER, LOCAL, PRIVATE]],
}
SILENT = "silent.example"


def run(*words):
    subprocess.run(words, check=True, capture_output=True, timeout=20)


def bind(folder, path, text):
    """Puts a file with this text over another."""
    mine = folder / pathlib.Path(path).name
    mine.write_text(text)
    run("mount", "--bind", str(mine), os.path.realpath(path))


def name_of(question):
    labels, at = [], 12
    while question[at]:
        length = question[at]
        labels.append(question[at + 1:at + 1 + length].decode())
        at += 1 + length
    [kind] = struct.unpack(">H", question[at + 1:at + 3])
    return ".".join(labels).lower(), kind, question[12:at + 5]


def answer_names(server, asked):
    """Answers questions until the process ends (RFC 1035, 4.1)."""
    while True:
        question, sender = server.recvfrom(2048)
        name, kind, echo = name_of(question)
        if name == SILENT:
            continue
        found = []
        if name in NAMES:
            turns = NAMES[name]
            addresses = turns[min(asked.get((name, kind), 0), len(turns) - 1)]
            asked[name, kind] = asked.get((name, kind), 0) + 1
            found = [socket.inet_pton(socket.AF_INET6 if ":" in address
                                      else socket.AF_INET, address)
                     for address in addresses
                     if (":" in address) == (kind == AAAA)]
        flags = 0x8580 if name in NAMES else 0x8583
        records = b"".join(
            b"\xc0\x0c" + struct.pack(">HHIH", kind, 1, 0, len(raw)) + raw
            for raw in found)
        server.sendto(question[:2] + struct.pack(">HHHHH", flags, 1,
                                                 len(found), 0, 0)
                      + echo + records, sender)


def answer(text):
    body = f"HTTP/1.1 200 OK\r\nContent-Length: {len(text)}\r\n\r\n{text}"

    def send(peer, connection, path):
        if path == "/inside":
            connection.sendall(b"HTTP/1.1 302 Found\r\nLocation: https://"
                               b"local.example/\r\nContent-Length: 0\r\n\r\n")
        else:
            connection.sendall(body.encode())
    return send


def peers_of(folder):
    """At each address, with a certificate that fits: only addresses count."""
    authority = certificate(folder, "authority")
    bind(folder, "/etc/ssl/certs/ca-certificates.crt",
         authority[1].read_text())
    several = folder / "several"
    several.mkdir()
    names = ",DNS:".join(name for name in NAMES if name != "stranger.example")
    tls = tls_of(certificate(several, "peers", authority, names=names))
    return {address: Peer(answer(text), address, 443, tls) for address, text in
            [(PUBLIC, "public"), (PRIVATE, "private"),
             (METADATA, "metadata"), (LOCAL, "local"), ("::1", "local")]}


def main(command):
    run("ip", "link", "set", "lo", "up")
    for address in (PUBLIC, PRIVATE, METADATA):
        run("ip", "address", "add", f"{address}/32", "dev", "lo")
    # where nobody listens, which is known at once
    run("ip", "address", "add", f"{OTHER}/32", "dev", "lo")
    with tempfile.TemporaryDirectory(prefix="cleat-internet-") as name:
        folder = pathlib.Path(name)
        bind(folder, "/etc/resolv.conf", f"nameserver {LOCAL}\n")
        bind(folder, "/etc/nsswitch.conf", "hosts: files dns\n")
        server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        server.bind((LOCAL, 53))
        asked = {}
        threading.Thread(target=answer_names, args=(server, asked),
                         daemon=True).start()
        peers = peers_of(folder)
        done = subprocess.run(command, stdin=subprocess.DEVNULL, check=False,
                              capture_output=True, text=True, timeout=60)
        for peer in peers.values():
            peer.__exit__()
        print(json.dumps({
            "status": done.returncode, "out": done.stdout, "err": done.stderr,
            "connections": {address: peer.connections
                            for address, peer in peers.items()},
            "asked": sorted({name for name, _ in asked}),
        }))


if __name__ == "__main__":
    main(sys.argv[1:])
