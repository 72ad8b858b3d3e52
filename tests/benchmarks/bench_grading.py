"""Grading a class beside nbgrader, the same notebooks in the same run. A command, not a test.

    python tests/benchmarks/bench_grading.py [--learners 30] [--peer-learners 2] [--rounds 3] [--full] [--json FILE]

A class hands in every exercise: two thirds solved it all, the others nothing. Ours grades the whole class. nbgrader
grades a few learners, and its time for the class is extrapolated, and marked so; with --full it grades everybody.
The points of both must agree.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import platform
import statistics
import sys
import tempfile
import time
import warnings
from datetime import date
from importlib.util import find_spec
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
COURSE = "dns"


def notebooks() -> list[str]:
    """The file names that there are both an exercise and a solution of."""
    return sorted(path.name for path in (ROOT / "exercises").glob("*.ipynb") if (ROOT / "solutions" / path.name).exists())


def hand_in(folder: Path, learners: int) -> None:
    """The class's notebooks in nbgrader's layout: submitted/LEARNER/COURSE/NOTEBOOK."""
    for number in range(learners):
        here = folder / "submitted" / f"learner-{number:02}" / COURSE
        here.mkdir(parents=True)
        origin = ROOT / ("exercises" if number % 3 == 2 else "solutions")
        for name in notebooks():
            here.joinpath(name).write_bytes((origin / name).read_bytes())


def ours(folder: Path, workers: int) -> tuple[float, dict[tuple[str, str], float]]:
    """(seconds, points by learner and notebook)."""
    from failover_kit.course.grading import find_submissions, grade

    began = time.perf_counter()
    grades = grade(find_submissions([folder / "submitted"]), workers=workers)
    took = time.perf_counter() - began
    return took, {(one.learner, Path(one.file).name): one.points for one in grades}


def theirs(folder: Path, learners: int, console: Console) -> tuple[list[float], dict[tuple[str, str], float]]:
    """(seconds for each learner, points by learner and notebook) of nbgrader's autograde."""
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    from failover_kit.course.release import CODE_STUB

    source = folder / "source" / COURSE
    source.mkdir(parents=True)
    for name in notebooks():
        (source / name).write_bytes((ROOT / "solutions" / name).read_bytes())
    config = Config()
    config.CourseDirectory.root = str(folder)
    config.CourseDirectory.course_id = COURSE
    config.CourseDirectory.db_url = f"sqlite:///{folder}/gradebook.db"
    config.ClearSolutions.code_stub = {"python": CODE_STUB}
    config.Exchange.root = str(folder / "exchange")
    config.NbGrader.logfile = ""
    os.environ["PYTHONPATH"] = str(ROOT)
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])   # for alembic
    warnings.filterwarnings("ignore", "Object of type <Submitted")             # from inside nbgrader
    seconds, points = [], {}
    with open(os.devnull, "w") as nowhere, contextlib.redirect_stdout(nowhere):
        api = NbGraderAPI(config=config)
        _succeed(api.generate_assignment(COURSE, force=True))
        for number in track(range(learners), "nbgrader", console=console):
            began = time.perf_counter()
            _succeed(api.autograde(COURSE, f"learner-{number:02}"))
            seconds.append(time.perf_counter() - began)
        with api.gradebook as gradebook:
            for number in range(learners):
                learner = f"learner-{number:02}"
                for one in gradebook.find_submission(COURSE, learner).notebooks:
                    points[learner, f"{one.name}.ipynb"] = one.score
    return seconds, points


def _succeed(result: dict) -> None:
    if not result["success"]:
        raise SystemExit(f"nbgrader failed: {result.get('error')}\n{result['log']}")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--learners", type=int, default=30)
    options.add_argument("--peer-learners", type=int, default=2, help="whom nbgrader grades (default: %(default)s)")
    options.add_argument("--rounds", type=int, default=3, help="of ours (default: %(default)s)")
    options.add_argument("--full", action="store_true", help="nbgrader grades the whole class")
    options.add_argument("--json", type=Path, help="write the numbers there, too")
    given = options.parse_args()
    if find_spec("nbgrader") is None:
        raise SystemExit("nbgrader is not installed: pip install '.[classroom]'")
    console = Console(stderr=True)
    peers = given.learners if given.full else min(given.peer_learners, given.learners)
    cores = os.cpu_count() or 1
    runs: dict[str, list[float]] = {f"ours, {cores} processes": [], "ours, one process": []}
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        hand_in(folder, given.learners)
        for _ in track(range(given.rounds), "ours", console=console):
            for label, workers in zip(runs, (cores, 1), strict=True):
                took, points = ours(folder, workers)
                runs[label].append(took)
        each, peer_points = theirs(folder, peers, console)
    differing = {"/".join(key): [points[key], score] for key, score in peer_points.items() if points[key] != score}
    factor = given.learners / peers
    runs["nbgrader"] = [given.learners * seconds for seconds in each]       # each learner as if the class were like that
    total = sum(each) * factor
    sheets = given.learners * len(notebooks())
    rows = []
    for label, taken in runs.items():
        middle = total if label == "nbgrader" else statistics.median(taken)
        rows.append({"grader": label, "class_seconds": round(middle, 2), "seconds_a_notebook": round(middle / sheets, 4),
                     "times_faster": round(total / middle, 2),
                     "extrapolated": label == "nbgrader" and peers < given.learners,
                     "spread": [round(min(taken) / middle, 2), round(max(taken) / middle, 2)]})
    result = {"date": date.today().isoformat(), "machine": f"{platform.machine()}, {cores} cores, Python "
              f"{platform.python_version()}", "learners": given.learners, "notebooks": len(notebooks()),
              "peer_learners": peers, "rows": rows, "points_that_differ": differing}
    show(result)
    if given.json:
        given.json.write_text(json.dumps(result, indent=1))
    return bool(differing)


def show(result: dict) -> None:
    table = Table(title=f"A class of {result['learners']} x {result['notebooks']}, {result['date']}, {result['machine']}")
    for name in ("grader", "class", "a notebook", "x nbgrader", "spread"):
        table.add_column(name, justify="left" if name == "grader" else "right")
    for row in result["rows"]:
        note = f" ({result['peer_learners']} learners, extrapolated)" if row["extrapolated"] else ""
        table.add_row(row["grader"] + note, f"{row['class_seconds']:,.1f} s", f"{1000 * row['seconds_a_notebook']:,.0f} ms",
                      f"{row['times_faster']:.1f}", f"{row['spread'][0]:.2f} to {row['spread'][1]:.2f}")
    Console().print(table)
    differing = result["points_that_differ"]
    print(f"points differ (ours, nbgrader): {differing}" if differing else "the points of both agree")


if __name__ == "__main__":
    sys.exit(main())
