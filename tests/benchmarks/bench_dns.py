"""DNS speed, ours beside the peers in the same run: `python tests/benchmarks/bench_dns.py [--seconds S] [--json FILE]`.

Each server runs in a process of its own and is asked over real UDP by one client that keeps a window of questions
open, after each of its names was asked for once. Shown are questions a second and the server's CPU time a question, as
ratios to dnslib's own DNSServer and to a bare echo on `add_reader`, with the spread over rounds; and how fast a server
answers names that it has not been asked for before. Not part of the test run.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import random
import select
import socket
import statistics
import time
from datetime import date
from pathlib import Path
from typing import NamedTuple

import psutil
from dns_servers import SERVERS
from rich.console import Console
from rich.progress import track
from rich.table import Table

from failover_kit.records import Question
from failover_kit.wire import encode_query

WINDOW = 64               # questions under way at a time
WARM_UP = 0.3             # seconds, after the first time that each name is asked for


class Round(NamedTuple):
    """One measurement of one server."""

    rate: float           # answers a second
    cpu: float            # microseconds of the server's CPU an answer
    first: float | None   # answers a second while every name is new to it; None: it has one name


def load(port: int, names: list[str], seconds: float | None = None) -> tuple[int, float]:
    """Ask for `seconds` (None: each name once), keeping WINDOW questions open: (answered, real seconds)."""
    packets = [encode_query(Question(name, "A"), random.randrange(65536)) for name in names]
    most = len(packets) if seconds is None else 2 ** 62
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2 ** 22)
        udp.connect(("127.0.0.1", port))
        send, receive, answered, number, count = udp.send, udp.recv, 0, min(WINDOW, most), len(packets)
        began = time.monotonic()
        end = began + (60 if seconds is None else seconds)
        for i in range(number):
            send(packets[i % count])
        udp.setblocking(False)
        while answered < most and time.monotonic() < end:
            if not select.select([udp], [], [], 0.1)[0]:
                for i in range(WINDOW):                      # lost in a full buffer: open the window again
                    send(packets[(number + i) % count])
                continue
            with contextlib.suppress(BlockingIOError):
                for _ in range(WINDOW):
                    receive(4096)
                    answered += 1
                    if number < most:
                        send(packets[number % count])
                        number += 1
        return answered, time.monotonic() - began


def measure(start, seconds: float) -> Round:
    with start() as server:
        processes = [psutil.Process(server.pid), *psutil.Process(server.pid).children(recursive=True)]
        load(server.port, server.names[:1], 0.1)             # connections, buffers, code paths; one name of many
        once, took = load(server.port, server.names)
        load(server.port, server.names, WARM_UP)
        before = _cpu_seconds(processes)
        answered, real = load(server.port, server.names, seconds)
        cpu = _cpu_seconds(processes) - before
        return Round(answered / real, 1e6 * cpu / max(answered, 1), once / took if len(server.names) > 1 else None)


def _cpu_seconds(processes: list[psutil.Process]) -> float:
    return sum(times.user + times.system for times in (process.cpu_times() for process in processes))


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=float, default=2.0, help="a measurement")
    arguments.add_argument("--rounds", type=int, default=3)
    arguments.add_argument("--json", type=Path)
    chosen = arguments.parse_args()
    found: dict[str, list[Round]] = {name: [] for name in SERVERS}
    for name in track([name for _ in range(chosen.rounds) for name in SERVERS], console=Console(stderr=True)):
        found[name].append(measure(SERVERS[name], chosen.seconds))
    result = summary(found)
    show(result)
    if chosen.json:
        chosen.json.write_text(json.dumps(result, indent=1))


def summary(found: dict[str, list[Round]]) -> dict:
    rate = {name: statistics.median(one.rate for one in rounds) for name, rounds in found.items()}
    return {"date": date.today().isoformat(),
            "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}",
            "rows": [{"server": name,
                      "queries_per_second": round(rate[name]),
                      "cpu_us_per_query": round(statistics.median(one.cpu for one in rounds), 2),
                      "new_names_per_second": _middle([one.first for one in rounds if one.first]),
                      "times_dnslib_server": round(rate[name] / rate["dnslib DNSServer"], 2),
                      "times_add_reader_echo": round(rate[name] / rate["add_reader echo"], 2),
                      "spread": [round(edge(one.rate for one in rounds) / rate[name], 2) for edge in (min, max)]}
                     for name, rounds in found.items()]}


def _middle(values: list[float]) -> int | None:
    return round(statistics.median(values)) if values else None


def show(result: dict) -> None:
    table = Table(title=f"DNS over UDP, {result['date']}, {result['machine']}")
    for name in ("server", "queries/s", "CPU us/query", "new names/s", "x dnslib DNSServer", "x add_reader echo", "spread"):
        table.add_column(name, justify="left" if name == "server" else "right")
    for row in result["rows"]:
        first = row["new_names_per_second"]
        table.add_row(row["server"], f"{row['queries_per_second']:,}", f"{row['cpu_us_per_query']:.2f}",
                      f"{first:,}" if first else "", f"{row['times_dnslib_server']:.1f}",
                      f"{row['times_add_reader_echo']:.2f}", "{:.2f} to {:.2f}".format(*row["spread"]))
    Console().print(table)


if __name__ == "__main__":
    main()
