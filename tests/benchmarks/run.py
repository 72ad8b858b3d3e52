"""Every benchmark in one go, and one table of ours beside the peers. A command, not a test.

    python tests/benchmarks/run.py [--quick] [--only NAME]... [--json FILE]

Each benchmark is a command of its own beside this file and can be run alone, with more to choose. --quick makes all of
them small: good to see that they work, not to quote.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import NamedTuple

from rich.console import Console
from rich.table import Table

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]


class Row(NamedTuple):
    """One line of the table."""

    what: str
    ours: str
    peer: str
    ratio: float | None = None          # how many times better ours is
    spread: str = ""
    aim: str = ""
    met: bool | None = None


def dns(found: dict) -> Iterator[Row]:
    rows = {row["server"]: row for row in found["rows"]}
    live, echo = rows["ours, live health checks"], rows["add_reader echo"]
    rate = lambda row: f"{row['queries_per_second']:,}/s, {row['cpu_us_per_query']:.1f} us CPU"
    spread = lambda row: "{:.2f} to {:.2f}".format(*row["spread"])
    for name, peer in rows.items():
        if not name.startswith("ours"):
            ratio = live["queries_per_second"] / peer["queries_per_second"]
            aim = {"dnslib DNSServer": 15.0, "add_reader echo": 0.6}.get(name)
            yield Row(f"DNS, beside {name}", rate(live), rate(peer), ratio, spread(live), f"{aim} x" if aim else "",
                      ratio >= aim if aim else None)
    for name, row in rows.items():
        if name.startswith("ours") and row is not live:
            ratio = row["queries_per_second"] / live["queries_per_second"]
            yield Row(f"DNS, {name.removeprefix('ours, ')}, beside a few", rate(row), rate(live), ratio, spread(row))
    yield Row("DNS, CPU a query beside the echo", f"{live['cpu_us_per_query']:.1f} us", f"{echo['cpu_us_per_query']:.1f} us",
              echo["cpu_us_per_query"] / max(live["cpu_us_per_query"], 1e-9))


def fleet(found: dict) -> Iterator[Row]:
    simpy, one = found["simpy"], found["sample"]["one process"]
    note = f"{simpy['extrapolated_seconds']:,.0f} s (SimPy, extrapolated from {simpy['resolvers']:,})"
    ratio = simpy["extrapolated_seconds"] / one["seconds"]
    yield Row("fleet, drawn", f"{one['seconds']:.2f} s", note, ratio, aim="100 x", met=ratio >= 100)
    computed = found["expected_ms"]["honest"]
    yield Row("fleet, expected curve", f"{computed['median']:.1f} ms", note,
              1000 * simpy["extrapolated_seconds"] / computed["median"], f"from {computed['fastest']:.1f} ms")


def checks(found: dict) -> Iterator[Row]:
    late = found["late_ms"]
    yield Row(f"{found['checks']:,} live checks at 10 s: probes late", f"median {late['median']} ms, p99 {late['p99']} ms",
              f"{found['probes_per_second']:,.0f} probes/s at {found['core_share']:.0%} of a core",
              spread=f"to {late['max']} ms")


def grading(found: dict) -> Iterator[Row]:
    *own, peer = found["rows"]
    theirs = f"{peer['class_seconds']:,.0f} s (nbgrader{', extrapolated' if peer['extrapolated'] else ''})"
    for row, aim in zip(own, (5.0, None), strict=True):
        yield Row(f"grading {found['learners']} x {found['notebooks']}, {row['grader'].removeprefix('ours, ')}",
                  f"{row['class_seconds']:,.1f} s", theirs, row["times_faster"], "{:.2f} to {:.2f}".format(*row["spread"]),
                  "5 x, 60 s" if aim else "",
                  (row["times_faster"] >= aim and row["class_seconds"] < 60) if aim else None)


def imports(found: dict) -> Iterator[Row]:
    own, *others = found["rows"]
    for peer in others:
        yield Row(f"import, beside {peer['module']}", f"{own['wall_ms']:.0f} ms", f"{peer['wall_ms']:.0f} ms",
                  peer["wall_ms"] / own["wall_ms"], "{:.0f} to {:.0f} ms".format(*own["spread_ms"]), "100 ms",
                  own["wall_ms"] < 100)


def widgets(found: dict) -> Iterator[Row]:
    for row in found["rows"]:
        yield Row(f"slider to chart, {row['chart']}", f"median {row['median_ms']:.0f} ms",
                  f"95th percentile {row['p95_ms']:.0f} ms", spread="{:.0f} to {:.0f} ms".format(*row["spread_ms"]))


def course(found: dict) -> Iterator[Row]:
    yield Row("nbval over lessons and solutions", f"{found['seconds']:.0f} s", f"{found['notebooks']} notebooks",
              aim="180 s", met=found["seconds"] < 180 and found["passed"])


class Job(NamedTuple):
    rows: Callable[[dict], Iterator[Row]]
    script: str | None
    usual: tuple[str, ...] = ()
    quick: tuple[str, ...] = ()


JOBS = {
    "dns": Job(dns, "bench_dns.py", (), ("--seconds", "0.5", "--rounds", "1")),
    "fleet": Job(fleet, "bench_fleet.py", (), ("--size", "10000", "--simpy-resolvers", "20", "--workers", "1")),
    "checks": Job(checks, "bench_checks.py", (), ("--checks", "40", "--seconds", "11")),
    "grading": Job(grading, "bench_grading.py", (), ("--learners", "3", "--peer-learners", "1", "--rounds", "1")),
    "import": Job(imports, "bench_import.py", (), ("--rounds", "3")),
    "widgets": Job(widgets, "bench_widgets.py", (), ("--presses", "5")),
    "course": Job(course, None),                      # left out when quick
}


def run(job: Job, options: tuple[str, ...]) -> dict:
    """The numbers of one benchmark. Raises CalledProcessError."""
    if job.script is None:
        return _course()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "numbers.json"
        command = [sys.executable, str(HERE / job.script), *options, "--json", str(file)]
        done = subprocess.run(command, cwd=ROOT, text=True, env={**os.environ, "PYTHONPATH": str(ROOT)},
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode or not file.exists():
            raise subprocess.CalledProcessError(done.returncode, job.script, done.stdout)
        return json.loads(file.read_text())


def _course() -> dict:
    """The test command's own run over the course's notebooks."""
    began = time.perf_counter()
    done = subprocess.run([sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "lessons", "solutions"], cwd=ROOT,
                          text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    count = sum(len([*(ROOT / name).glob("*.ipynb")]) for name in ("lessons", "solutions"))
    return {"seconds": time.perf_counter() - began, "notebooks": count, "passed": done.returncode == 0}


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--quick", action="store_true", help="small runs that only show that all of it works")
    options.add_argument("--only", action="append", choices=JOBS, metavar="NAME",
                         help=f"one of {', '.join(JOBS)}; repeatable")
    options.add_argument("--json", type=Path, help="write all numbers there, too")
    given = options.parse_args()
    chosen = given.only or [name for name in JOBS if JOBS[name].script or not given.quick]
    numbers, rows, failed = {}, [], {}
    console = Console(stderr=True)
    for name in chosen:
        job, began = JOBS[name], time.perf_counter()
        with console.status(f"{name} ..."):
            try:
                numbers[name] = run(job, job.quick if given.quick else job.usual)
                rows += job.rows(numbers[name])
            except subprocess.CalledProcessError as error:
                failed[name] = (error.output or "").strip().splitlines()[-1:]
        console.print(f"{name}: {time.perf_counter() - began:.0f} s{' (failed)' if name in failed else ''}", style="dim")
    machine = f"{_processor()}, {os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()}"
    show(rows, f"{date.today().isoformat()}, {machine}{', quick' if given.quick else ''}")
    for name, why in failed.items():
        print(f"{name} could not be measured: {' '.join(why)}")
    if given.json:
        given.json.write_text(json.dumps({"date": date.today().isoformat(), "machine": machine, "quick": given.quick,
                                          "table": [row._asdict() for row in rows], "numbers": numbers,
                                          "failed": failed}, indent=1))
    return bool(failed)


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    found = re.search(r"model name\s*: (.+)", info.read_text()) if info.exists() else None
    return found[1] if found else platform.machine()


def show(rows: list[Row], title: str) -> None:
    table = Table(title=title)
    for name in ("what", "ours", "beside", "ratio", "spread", "aim", "met"):
        table.add_column(name, justify="right" if name == "ratio" else "left")
    for row in rows:
        table.add_row(row.what, row.ours, row.peer, "" if row.ratio is None else f"{row.ratio:,.2f}", row.spread, row.aim,
                      {True: "yes", False: "no", None: ""}[row.met])
    Console(width=None if sys.stdout.isatty() else 180).print(table)


if __name__ == "__main__":
    sys.exit(main())
