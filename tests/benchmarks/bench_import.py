"""How long `import failover_kit` takes in a fresh Python, beside what it is built on. A command, not a test.

    python tests/benchmarks/bench_import.py [--rounds 15] [--json FILE]
"""

from __future__ import annotations

import argparse
import json
import platform
import statistics
import subprocess
import sys
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

MODULES = ("failover_kit", "dnslib", "boto3", "numpy", "aiohttp")
TIMED = ("import time; wall, cpu = time.perf_counter(), time.process_time(); import {module}; "
         "print(time.perf_counter() - wall, time.process_time() - cpu)")


def milliseconds(module: str) -> tuple[float, float]:
    """(wall, CPU) of one import."""
    run = subprocess.run([sys.executable, "-c", TIMED.format(module=module)], check=True, capture_output=True, text=True,
                         cwd=Path(__file__).resolve().parents[2])
    wall, cpu = map(float, run.stdout.split())
    return 1000 * wall, 1000 * cpu


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rounds", type=int, default=15)
    options.add_argument("--json", type=Path, help="write the numbers there, too")
    given = options.parse_args()
    for module in MODULES:
        milliseconds(module)                      # compiles and warms the disk's cache
    runs: dict[str, list[tuple[float, float]]] = {module: [] for module in MODULES}
    for module in track([*MODULES] * given.rounds, console=Console(stderr=True)):
        runs[module].append(milliseconds(module))
    rows = [{"module": module, "wall_ms": round(statistics.median(wall for wall, _ in found), 1),
             "cpu_ms": round(statistics.median(cpu for _, cpu in found), 1),
             "spread_ms": [round(pick(wall for wall, _ in found), 1) for pick in (min, max)]}
            for module, found in runs.items()]
    title = f"Import in a fresh Python {platform.python_version()}, {date.today().isoformat()}, {given.rounds} rounds"
    table = Table(title=title)
    for name in ("module", "median ms", "of it CPU", "spread", "x failover_kit"):
        table.add_column(name, justify="left" if name == "module" else "right")
    for row in rows:
        low, high = row["spread_ms"]
        table.add_row(row["module"], f"{row['wall_ms']:.1f}", f"{row['cpu_ms']:.1f}", f"{low:.1f} to {high:.1f}",
                      f"{row['wall_ms'] / rows[0]['wall_ms']:.2f}")
    Console().print(table)
    if given.json:
        given.json.write_text(json.dumps({"date": date.today().isoformat(), "rows": rows}, indent=1))


if __name__ == "__main__":
    main()
