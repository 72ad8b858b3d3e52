"""An hour of lab time under random faults, and what it leaves behind. A command, not a test.

    python tests/benchmarks/soak.py [--minutes 60] [--seed N] [--json FILE]

Labs live at sixty times real speed, with users, API calls and rubbish on the wire; each lab's cell is run again
after 90 s. Shown is what the process holds as it goes on. Exit code 1 when more is held at the end than at the start.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from pathlib import Path

from rich.console import Console
from rich.table import Table

sys.path[:0] = [str(Path(__file__).resolve().parents[1] / "trust"), str(Path(__file__).resolve().parents[2])]

from soaking import Use, soak  # noqa: E402

GROWTH = Use(descriptors=2, threads=0, labs=0, tasks=2, megabytes=30.0)       # that is no leak: caches, heap


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--minutes", type=float, default=60, help="lab minutes (default: %(default)s)")
    options.add_argument("--seed", type=int, default=7)
    options.add_argument("--json", type=Path, help="write the numbers there, too")
    given = options.parse_args()
    trail: list[tuple[float, Use]] = []
    with Console(stderr=True).status("soaking ...") as status:
        def tell(minute: float, use: Use) -> None:
            trail.append((minute, use))
            status.update(f"{minute:.1f} of {given.minutes:g} lab minutes: {use}")
        before, after, done = soak(given.minutes, given.seed, tell)
    table = Table(title=f"{given.minutes:g} minutes of lab time, seed {given.seed}: {done.total()} things happened")
    for name in ("lab minutes", *asdict(before)):
        table.add_column(name, justify="right")
    every = max(1, len(trail) // 12)
    for minute, use in [(0.0, before), *trail[every - 1:-1:every], trail[-1]]:
        table.add_row(f"{minute:.1f}", *(f"{value:.0f}" for value in asdict(use).values()))
    Console().print(table)
    grown = {name: value for name, value in asdict(after).items()
             if value > getattr(before, name) + getattr(GROWTH, name)}
    print(f"more is held than at the start: {grown}" if grown else "all came back to where it was")
    if given.json:
        given.json.write_text(json.dumps({"before": asdict(before), "after": asdict(after), "done": done, "grown": grown,
                                          "trail": [(minute, asdict(use)) for minute, use in trail]}, indent=1))
    return bool(grown)


if __name__ == "__main__":
    sys.exit(main())
