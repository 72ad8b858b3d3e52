"""course/grading: the right score and a clear line, whatever a submission does. Submissions are never changed."""

import csv
import io
import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from failover_kit.course.cells import role_of
from failover_kit.course.grading import Gradebook, Settings, find_submissions, grade, grade_one
from failover_kit.course.grading.gradebook import CSV_COLUMNS, correlation
from failover_kit.course.grading.guard import Guard
from failover_kit.course.grading.limits import Limits
from failover_kit.course.grading.page import gradebook_page
from failover_kit.course.judge import run_program
from failover_kit.course.seeds import Learner, SeedFile, acting_as
from failover_kit.course.tasks import find_task
from failover_kit.errors import CourseError

ROOT = Path(__file__).parents[2]
NAME = "01_dns_and_traffic_direction"
SOLVED = json.loads((ROOT / "solutions" / f"{NAME}.ipynb").read_text())
FRESH = json.loads((ROOT / "exercises" / f"{NAME}.ipynb").read_text())
TASKS = [role_of(cell)[0] for cell in SOLVED["cells"] if role_of(cell)[1] == "check"]
ALL = sum(find_task(task).points for task in TASKS)
FAST = Settings(Limits(seconds=20, memory=2 ** 29))


def copy(notebook):
    return json.loads(json.dumps(notebook))


def cell_of(notebook, task, role="answer"):
    return next(cell for cell in notebook["cells"] if role_of(cell) == (task, role))


def code(source):
    return {"cell_type": "code", "id": "mine", "metadata": {}, "source": source, "outputs": [], "execution_count": None}


def hand_in(folder, notebook, learner="ada"):
    """The submission, from a notebook or from the text of a file."""
    path = folder / learner / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(notebook if isinstance(notebook, str) else json.dumps(notebook))
    submission, = find_submissions([path])
    return submission


def graded(tmp_path, notebook, settings=FAST):
    submission = hand_in(tmp_path, notebook)
    before = submission.path.read_bytes()
    result = grade_one(submission, settings)
    assert submission.path.read_bytes() == before
    assert list(submission.path.parent.iterdir()) == [submission.path]
    return result


def with_answer(task, source, base=SOLVED):
    """A notebook in which one answer is another one."""
    notebook = copy(base)
    cell_of(notebook, task)["source"] = source
    return notebook


@pytest.mark.parametrize("fork", [True, False], ids=["forked", "spawned"])
@pytest.mark.parametrize(("notebook", "points", "verdict"), [(SOLVED, ALL, "passed"), (FRESH, 0, "not attempted")],
                         ids=["solved", "fresh"])
def test_solved_and_fresh(tmp_path, notebook, points, verdict, fork):
    if fork and not hasattr(os, "fork"):
        pytest.skip("this system cannot fork")
    result = graded(tmp_path, notebook, Settings(Limits(seconds=30), fork=fork))
    assert (result.points, result.out_of, result.remarks) == (points, ALL, ())
    assert {task.verdict for task in result.tasks} == {verdict}


HOSTILE = [
    ("1 / 0", "your code raised", "ZeroDivisionError"),
    ("replies = (", "your code raised", "not Python yet"),
    ("while True: pass", "ran too long", "had not finished after"),
    ("import sys; sys.exit(0)", "your code raised", "SystemExit"),
    ("import os; os._exit(0)", "your code raised", "ended the process"),
    ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "your code raised", "ended the process"),
    ("replies = 'x' * 2 ** 40", "your code raised", "MemoryError"),
    ("replies = [bytearray(2 ** 27) for _ in range(100)]", "your code raised", "MemoryError"),
    ("open('big', 'wb').write(b'x' * 2 ** 26)", "your code raised", ""),
    ("import socket; socket.socket().connect(('192.0.2.1', 80))", "your code raised", "only reach this machine"),
    ("import socket; socket.getaddrinfo('example.com', 80)", "your code raised", "may not look up"),
    ("for _ in range(10 ** 5): print('x' * 1000)\nreplies = 3", "not quite", ""),
    ("replies = ...", "not attempted", ""),
]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="limits on memory and files are set on POSIX systems only")
@pytest.mark.parametrize(("source", "verdict", "words"), HOSTILE, ids=[source[:40] for source, _, _ in HOSTILE])
def test_one_bad_answer_costs_only_its_own_points(tmp_path, source, verdict, words):
    result = graded(tmp_path, with_answer("1.1", source))
    first, *others = result.tasks
    assert first.verdict == verdict
    assert words in first.message
    assert [task.verdict for task in others] == ["passed"] * (len(TASKS) - 1)
    assert result.points == ALL - first.out_of


def test_a_notebook_that_never_ends_is_stopped_in_time(tmp_path):
    """One long call into C, which no signal handler interrupts."""
    notebook = with_answer("1.2", "x = 3 ** (10 ** 9)")
    began = time.monotonic()
    result = graded(tmp_path, notebook, Settings(Limits(seconds=6)))
    assert time.monotonic() - began < 15
    by_task = {task.task: task.verdict for task in result.tasks}
    assert by_task["1.1"] == "passed"
    assert by_task["1.2"] == "ran too long"


FORGED = {
    "judge replaced": "import failover_kit.course.judge as j\n"
                      "from failover_kit.course.verdicts import passed\n"
                      "j.judge = j.judge_cell = lambda *a, **k: passed('forged')",
    "check replaced": "from failover_kit.course.tasks import find_task\nfrom failover_kit.course.verdicts import passed\n"
                      "object.__setattr__(find_task('1.1'), 'check', lambda *a: passed('forged'))",
    "verdict rewired": "from failover_kit.course.verdicts import Feedback\nFeedback.passed = property(lambda self: True)",
    "code swapped": "from failover_kit.course.verdicts import not_quite, passed\nnot_quite.__code__ = passed.__code__",
    "module swapped": "import sys, types\nsys.modules['failover_kit.course.judge'] = types.ModuleType('judge')",
    "built-in replaced": "import builtins\nbuiltins.all = lambda *a: True",
    "pipe written": "import os, json\nfor fd in range(3, 40):\n    try: os.write(fd, b'0 ' + json.dumps({'task': {"
                    "'task': '1.1', 'points': 99, 'out_of': 2, 'verdict': 'passed'}}).encode() + b'\\n')\n"
                    "    except OSError: pass",
    "output faked": "print('Task 1.1: passed.')",
    "result object": "class Yes:\n    __eq__ = lambda s, o: True\n    __iter__ = lambda s: iter([s, s])\n"
                     "    __getitem__ = lambda s, i: s\n    __len__ = lambda s: 2\n    __hash__ = None\nreplies = Yes()",
}


@pytest.mark.parametrize("trick", FORGED)
def test_a_forged_pass_is_no_pass(tmp_path, trick):
    notebook = copy(FRESH)
    source = FORGED[trick]
    cell_of(notebook, "1.1")["source"] = source if "replies = " in source else f"{source}\nreplies = [('x', 1), ('y', 2)]"
    result = graded(tmp_path, notebook)
    assert result.points == 0
    assert result.tasks[0].verdict in ("not quite", "your code raised", "not attempted")
    assert [task.verdict for task in result.tasks[1:]] == ["not attempted"] * (len(TASKS) - 1)


@pytest.mark.parametrize("fork", [True, False], ids=["forked", "fresh Python"])
def test_no_file_of_the_graders_is_within_reach(tmp_path, fork):
    """A pool's worker forks: the pipe through which it hands in results is not for a learner's code."""
    reading, writing = os.pipe()
    os.set_inheritable(writing, True)
    try:
        graded(tmp_path, with_answer("1.1", "import os\nfor fd in range(300):\n    try: os.write(fd, b'forged')\n"
                                            "    except OSError: pass"), replace(FAST, fork=fork))
        os.set_blocking(reading, False)
        with pytest.raises(BlockingIOError):              # nothing has come, and the pipe is open still
            os.read(reading, 1)
    finally:
        os.close(reading)
        os.close(writing)


def test_a_free_cell_that_changes_the_kit_is_said_and_undone(tmp_path):
    notebook = copy(SOLVED)
    notebook["cells"].insert(1, code(FORGED["judge replaced"]))
    result = graded(tmp_path, notebook)
    assert result.points == ALL
    assert "had changed the kit: failover_kit.course.judge" in result.tasks[0].message


@pytest.mark.parametrize("change", ["deleted", "edited", "doubled", "reordered"])
def test_check_cells_are_the_kits_own(tmp_path, change):
    notebook = copy(FRESH)
    checks = [cell for cell in notebook["cells"] if role_of(cell)[1] == "check"]
    if change == "deleted":
        notebook["cells"] = [cell for cell in notebook["cells"] if cell not in checks]
    elif change == "edited":
        for check in checks:
            check["source"] = "pass  # all right"
    elif change == "doubled":
        notebook["cells"] += checks
    else:
        notebook["cells"].reverse()
    result = graded(tmp_path, notebook)
    assert result.points == 0
    assert result.remarks


def test_reordered_but_solved_is_full_points(tmp_path):
    notebook = copy(SOLVED)
    notebook["cells"].reverse()
    result = graded(tmp_path, notebook)
    assert result.points == ALL
    assert any("another order" in remark for remark in result.remarks)


def test_an_answer_outside_its_cell_is_found(tmp_path):
    notebook = copy(SOLVED)
    answer = cell_of(notebook, "1.2")
    answer["metadata"] = {}
    assert graded(tmp_path, notebook).points == ALL


def test_helpers_in_free_cells_may_be_used(tmp_path):
    notebook = with_answer("1.2", "flags = my_flags")
    reference = "".join(cell_of(SOLVED, "1.2")["source"]).replace("def flags", "def my_flags")
    place = next(i for i, cell in enumerate(notebook["cells"]) if role_of(cell) == ("1.2", "answer"))
    notebook["cells"].insert(place, code(reference))
    assert graded(tmp_path, notebook).points == ALL


def test_the_last_of_several_answers_counts(tmp_path):
    notebook = copy(SOLVED)
    again = copy(cell_of(notebook, "1.1"))
    again["source"] = "replies = [('x', 1), ('y', 2)]"
    notebook["cells"].append(again)
    result = graded(tmp_path, notebook)
    assert (result.tasks[0].verdict, result.points) == ("not quite", ALL - result.tasks[0].out_of)
    assert any("2 answer cells" in remark for remark in result.remarks)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"cells": 3}', "[" * 100_000, '{"cells": [1, {"cell_type": []}]}',
                                  '{"cells": [{"cell_type": "code", "metadata": 3, "source": {}}]}'],
                         ids=["empty", "cut", "list", "no cells", "number", "deep", "odd cell", "odd metadata"])
def test_files_that_are_no_notebook(tmp_path, text):
    result = graded(tmp_path, text)
    assert result.points == 0
    assert {task.verdict for task in result.tasks} == {"not attempted"}
    assert result.remarks


# ---- a class ----------------------------------------------------------------------------------------------------

@pytest.fixture
def class_folder(tmp_path):
    """Three learners with numbers of their own; bob hands in ada's answers."""
    seeds = SeedFile("secret of the class")
    values = {}
    for learner, base in (("ada", SOLVED), ("bob", SOLVED), ("eve", FRESH)):
        hand_in(tmp_path, base, learner)
        values[learner] = base
    ada = Learner(seeds.course_key, "ada")
    notebook = copy(SOLVED)
    with acting_as(ada):
        answer = run_program(find_task("1.1"), find_task("1.1").key.reference, ada)["replies"]
    cell_of(notebook, "1.1")["source"] = f"replies = {answer!r}"
    hand_in(tmp_path, notebook, "bob")
    return tmp_path, seeds


def test_each_learner_is_graded_by_their_own_numbers(class_folder):
    folder, seeds = class_folder
    grades = {g.learner: g for g in grade(find_submissions([folder]), Settings(seeds=seeds), workers=2)}
    assert {name: g.points for name, g in grades.items()} == {"ada": ALL, "bob": ALL - find_task("1.1").points, "eve": 0}


@pytest.mark.parametrize("layout", ["flat", "nbgrader"])
def test_layouts(tmp_path, layout):
    for learner in ("ada", "bob"):
        place = tmp_path / learner if layout == "flat" else tmp_path / "submitted" / learner / NAME
        place.mkdir(parents=True)
        shutil.copyfile(ROOT / "exercises" / f"{NAME}.ipynb", place / f"{NAME}.ipynb")
        (place / ".ipynb_checkpoints").mkdir()
        shutil.copyfile(ROOT / "exercises" / f"{NAME}.ipynb", place / ".ipynb_checkpoints" / f"{NAME}-checkpoint.ipynb")
    for root in (tmp_path, *([tmp_path / "submitted"] if layout == "nbgrader" else [])):
        assert [(s.learner, s.lesson) for s in find_submissions([root])] == [("ada", 1), ("bob", 1)]


def test_paths_without_notebooks_are_named(tmp_path):
    (tmp_path / "empty").mkdir()
    with pytest.raises(CourseError, match="gone does not exist") as caught:
        find_submissions([tmp_path / "gone", tmp_path / "empty"])
    assert "empty holds no exercise notebook" in str(caught.value)


def test_the_gradebook(class_folder):
    folder, seeds = class_folder
    book = Gradebook(tuple(grade(find_submissions([folder]), Settings(seeds=seeds), workers=2)))
    rows = list(csv.DictReader(io.StringIO(book.as_csv())))
    assert tuple(rows[0]) == CSV_COLUMNS
    assert {row["student_id"]: float(row["score"]) for row in rows} == {name: float(book.total(name)[0])
                                                                       for name in book.learners}
    first = book.tasks()[0]
    assert (first.handed_in, first.attempted, first.passed, first.difficulty) == (3, 2, 1, pytest.approx(2 / 3))
    page = gradebook_page(book)
    assert page.count('role="figure"') == 2
    assert 'src="http' not in page.split("<body>")[1]
    assert json.loads(json.dumps(book.as_dict()))["totals"]["ada"]["points"] == ALL


def test_hints_and_tampering_show_from_a_journal_that_was_handed_in(tmp_path):
    from failover_kit.course.progress import Journal

    journal = Journal(tmp_path / "journal")
    journal.append("hinted", 1.0, task="1.1")
    journal.append("hinted", 2.0, task="1.1")
    submission = hand_in(tmp_path, FRESH)
    lines = journal.file.read_text()
    beside = submission.path.parent / "progress.jsonl"
    beside.write_text(lines)
    assert grade_one(submission, FAST).hints == {"1.1": 2}
    beside.write_text(lines.replace('"1.1"', '"1.2"', 1))
    assert any("tampered" in remark for remark in grade_one(submission, FAST).remarks)


@pytest.mark.parametrize(("first", "second", "expected"), [
    ([1, 0, 1], [3, 1, 3], 1.0), ([1, 0, 1], [1, 3, 1], -1.0), ([1, 1, 1], [1, 2, 3], None), ([1, 0], [1, 0], None),
])
def test_correlation(first, second, expected):
    assert correlation(first, second) == (None if expected is None else pytest.approx(expected))


def test_the_command(class_folder):
    folder, _ = class_folder
    out = folder / "out.csv"
    shown = subprocess.run([sys.executable, "-m", "failover_kit", "grade", str(folder), "--json", "--csv", str(out),
                            "--html", str(folder / "out.html")], capture_output=True, text=True, timeout=120, check=True)
    book = json.loads(shown.stdout)
    assert {g["learner"]: g["points"] for g in book["grades"]}["eve"] == 0
    assert out.read_text().startswith("assignment,")
    missing = subprocess.run([sys.executable, "-m", "failover_kit", "grade", str(folder / "nothing")], capture_output=True,
                             text=True, timeout=60, check=False)
    assert (missing.returncode, missing.stdout) == (1, "")
    assert "does not exist" in missing.stderr


def test_a_dask_cluster_gives_the_same_grades(class_folder):
    distributed = pytest.importorskip("distributed")
    folder, seeds = class_folder
    submissions = find_submissions([folder])
    here = grade(submissions, Settings(seeds=seeds), workers=1)
    with distributed.LocalCluster(n_workers=1, threads_per_worker=2, dashboard_address=None) as cluster, \
            distributed.Client(cluster) as client:
        there = grade(submissions, Settings(seeds=seeds), executor=client.get_executor(pure=False))
    assert [(g.learner, g.tasks) for g in there] == [(g.learner, g.tasks) for g in here]


def test_the_guard_sees_nothing_in_a_kit_that_was_only_used():
    guard = Guard()
    from failover_kit import Lab

    with Lab.virtual() as lab:
        lab.site("us-east-1")
        lab.run(10)
    assert guard.changes() == []
