"""The table: medians, what they are compared with, and the bars."""

import os
import pathlib
import platform
import subprocess

import tools

#  row, figure, compared with: name and figure, bar
RATES = [
    ("get one", "cleat get", "hello", "hello get", 0.60),
    ("get one", "cleat get", "baseline", "baseline get", 8),
    ("list of 50", "cleat list", "hello", "hello list", 0.30),
    ("list of 50", "cleat list", "baseline", "baseline list", None),
    ("create", "cleat create", "baseline", "baseline create", None),
    ("delete", "cleat delete", "one commit each", "one commit each", 4),
    ("delete", "cleat delete", "baseline", "baseline delete", 4),
    ("passed on", "cleat passed on", "relay", "relay passed on", 0.50),
    ("PostgreSQL: get one", "postgresql get", "baseline", "baseline get", 3),
    ("PostgreSQL: list of 50", "postgresql list", "baseline", "baseline list",
     3),
    ("PostgreSQL: create", "postgresql create", "baseline", "baseline create",
     None),
    ("PostgreSQL: delete", "postgresql delete", "baseline", "baseline delete",
     2),
    ("get one of 1,000,000", "large get", "of 10,000", "small get", 0.80),
]

#  row, figure, unit, what it must stay under
LIMITS = [
    ("delete, 99th percentile", "cleat delete, p99 ms", "ms", 20),
    ("delete, slowest", "cleat delete, max ms", "ms", None),
    ("PostgreSQL: delete, 99th percentile", "postgresql delete, p99 ms", "ms",
     None),
    ("start to ready", "cleat ready ms", "ms", 100),
    ("memory of its own", "cleat RssAnon MB", "MB", None),
    ("1,000,000: start to ready", "large ready ms", "ms", 100),
    ("1,000,000: memory of its own", "large RssAnon MB", "MB", 40),
    ("1,000,000: delete, 99th percentile", "large delete, p99 ms", "ms", None),
]


def file_system(path):
    return subprocess.check_output(
        ["stat", "-f", "-c", "%T", path], text=True
    ).strip()


def processor():
    for line in pathlib.Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def first_line(*command):
    return subprocess.check_output(command, text=True).splitlines()[0]


def header(size, figures, folder):
    bytes_of = {what: int(figures[f"bytes of {what}"]["median"])
                for what in ("one", "a page")}
    return f"""
{processor()}, {os.cpu_count()} cores, Linux {platform.release()}; \
stores on {file_system(folder)}
{first_line("node", "--version")}, {first_line("psql", "--version")}
{size.integrations} integrations of {size.installations} installations; \
medians of {size.rounds} alternating rounds.
Each server has core {tools.SERVER_CORE}, the load core {tools.LOAD_CORE}; \
PostgreSQL's own processes may use any.
One installation is {bytes_of["one"]:,} bytes, a page {bytes_of["a page"]:,}.
"""


def spread(rounds, digits=0):
    return f"{min(rounds):,.{digits}f}-{max(rounds):,.{digits}f}"


def verdict(reached):
    return "reached" if reached else "MISSED"


def rate_row(row, mine, name, other, bar):
    ratio = mine["median"] / other["median"]
    shown = "" if bar is None else f">= {bar:.2f}"
    reached = bar is None or ratio >= bar
    return reached, (
        row, f"{mine['median']:,.0f}/s", spread(mine["rounds"]), name,
        f"{other['median']:,.0f}/s", spread(other["rounds"]), f"{ratio:.2f}",
        shown, verdict(reached) if shown else "",
    )


def limit_row(row, mine, unit, limit):
    shown = "" if limit is None else f"< {limit} {unit}"
    reached = limit is None or mine["median"] < limit
    return reached, (
        row, f"{mine['median']:.1f} {unit}", spread(mine["rounds"], 1), "", "",
        "", "", shown, verdict(reached) if shown else "",
    )


def busy_line(figures):
    """Whether a server, and not the load, was what a reading measured."""
    shares = [f"{what} {figures[f'{what}, busy']['median']:.0%}"
              for what in ("hello get", "cleat get", "hello list",
                           "cleat list", "baseline get", "relay passed on",
                           "cleat passed on")]
    return "The servers kept their core busy: " + ", ".join(shares) + "."


def show(name, size, figures, folder):
    """Prints it all. True if a bar was missed."""
    rows = [rate_row(row, figures[mine], than, figures[other], bar)
            for row, mine, than, other, bar in RATES
            if mine in figures]
    rows += [limit_row(row, figures[mine], unit, limit)
             for row, mine, unit, limit in LIMITS if mine in figures]
    table = [("", "Cleat", "rounds", "than", "", "rounds", "ratio", "bar", "")]
    table += [cells for _, cells in rows]
    widths = [max(map(len, column)) for column in zip(*table)]
    print(header(size, figures, folder))
    for cells in table:
        line = [cells[0].ljust(widths[0])]
        line += [cell.rjust(width)
                 for cell, width in zip(cells[1:], widths[1:])]
        print("  ".join(line).rstrip())
    print("\n" + busy_line(figures))
    if name == "quick":
        print("BENCH=quick tries the harness; its figures mean nothing.")
    return not all(reached for reached, _ in rows)
