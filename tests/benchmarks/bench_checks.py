"""How late probes come when a lab watches many endpoints on one core. A command, not a test.

    python tests/benchmarks/bench_checks.py [--checks 1000] [--seconds 60] [--regions 3] [--type HTTP] [--json FILE]

Each check has two checkers in each Region, at 10 s. A probe is due one interval after the last one ended; shown is how
much later than that it began. The endpoint runs in a process of its own; the lab is held to one core where the system
allows that.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import platform
import statistics
import time
from collections import Counter
from datetime import date
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

INTERVAL = 10
REPLY = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"


def endpoint(pipe) -> None:
    """Answers any request with 200."""
    async def handle(reader, writer):
        try:
            if await reader.readuntil(b"\r\n\r\n"):
                writer.write(REPLY)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass                                   # a TCP check asks nothing
        finally:
            writer.close()

    async def serve():
        server = await asyncio.start_server(handle, "127.0.0.1", 0, backlog=4096)
        pipe.send(server.sockets[0].getsockname()[1])
        await asyncio.Event().wait()
    asyncio.run(serve())


def measure(checks: int, seconds: float, regions: int, kind: str) -> dict:
    from failover_kit import Lab
    from failover_kit.health import Observation
    from failover_kit.healthcheck import CHECKER_REGIONS

    here, there = multiprocessing.Pipe()
    server = multiprocessing.Process(target=endpoint, args=(there,), daemon=True)
    server.start()
    port = here.recv()
    cores = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_setaffinity") else []
    try:
        if cores:
            os.sched_setaffinity(0, {cores[0]})
            if len(cores) > 1:
                os.sched_setaffinity(server.pid, {*cores[1:]})
        with Lab.live() as lab:
            for number in range(checks):
                lab.health_check("127.0.0.1", type=kind, port=port, request_interval=INTERVAL, id=f"check-{number}",
                                 regions=CHECKER_REGIONS[:regions])
            process = psutil.Process()
            cpu, began = process.cpu_times(), time.monotonic()
            lab.run(INTERVAL + seconds, progress=lambda now: None)
            took, used = time.monotonic() - began, process.cpu_times()
            seen = [event for event in list(lab.timeline.events) if isinstance(event, Observation)]
    finally:
        server.kill()
        server.join()
        if cores:
            os.sched_setaffinity(0, cores)
    late, last = [], {}
    for one in sorted(seen, key=lambda one: one.at):
        key = one.health_check_id, one.checker
        if key in last:
            late.append(one.at - one.duration - last[key] - INTERVAL)
        last[key] = one.at
    if len(late) < 100:
        raise SystemExit(f"only {len(late)} probes came a second time: run longer, or with more checks")
    cut = statistics.quantiles(late, n=100)
    return {"date": date.today().isoformat(), "machine": f"{platform.machine()}, Python {platform.python_version()}",
            "checks": checks, "checkers_per_check": 2 * regions, "type": kind, "interval_s": INTERVAL, "seconds": seconds,
            "held_to_one_core": bool(cores), "probes": len(seen), "probes_per_second": round(len(seen) / took, 1),
            "core_share": round((used.user + used.system - cpu.user - cpu.system) / took, 3),
            "outcomes": Counter(one.outcome.value for one in seen),
            "late_ms": {"median": round(1000 * cut[49], 1), "p95": round(1000 * cut[94], 1), "p99": round(1000 * cut[98], 1),
                        "max": round(1000 * max(late), 1)}}


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--checks", type=int, default=1_000)
    options.add_argument("--seconds", type=float, default=60.0, help="after the first interval (default: %(default)s)")
    options.add_argument("--regions", type=int, default=3, help="with two checkers each, 3 to 8 (default: %(default)s)")
    options.add_argument("--type", choices=("HTTP", "TCP"), default="HTTP")
    options.add_argument("--json", type=Path, help="write the numbers there, too")
    given = options.parse_args()
    with Console(stderr=True).status(f"watching {given.checks:,} checks ..."):
        result = measure(given.checks, given.seconds, given.regions, given.type)
    table = Table(title=f"{result['checks']:,} {result['type']} checks at {INTERVAL} s, {result['checkers_per_check']} "
                        f"checkers each, {result['date']}, {result['machine']}")
    for name in ("probes/s", "share of a core", "late: median", "p95", "p99", "max", "outcomes"):
        table.add_column(name, justify="right")
    table.add_row(f"{result['probes_per_second']:,.0f}", f"{result['core_share']:.0%}",
                  *(f"{value:,.1f} ms" for value in result["late_ms"].values()),
                  ", ".join(f"{count:,} {name}" for name, count in result["outcomes"].items()))
    Console().print(table)
    if given.json:
        given.json.write_text(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
