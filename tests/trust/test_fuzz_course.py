"""Progress files and submitted notebooks made odd: read, set aside or refused, and never a reason to stop."""

import json
import os
import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odd_values import ODD, oddities, scribbled

from failover_kit.course import catalogue
from failover_kit.course.grading import find_submissions, grade_one
from failover_kit.course.grading.sheet import read_sheet
from failover_kit.course.progress import Journal, read_chain
from failover_kit.course.standing import standing
from failover_kit.errors import CourseError

ROOT = Path(__file__).parents[2]
NAME = "01_dns_and_traffic_direction.ipynb"
NOTEBOOK = json.loads((ROOT / "exercises" / NAME).read_text())
SMALL = {**NOTEBOOK, "cells": NOTEBOOK["cells"][:5]}
TASKS = catalogue.contents("exercises", 1)
KINDS = {"predicted": {"question": "1.x", "choice": "a", "confidence": 80, "correct": True},
         "checked": {"task": "1.1", "verdict": "passed", "misconception": "x"}, "hinted": {"task": "1.1"},
         "recalled": {"card": "x", "remembered": True}, "repaired": {"fault": "x", "set_aside": "y"}}


# ---- the progress file ------------------------------------------------------------------------------------------

@pytest.fixture(scope="module")
def journal_bytes(tmp_path_factory):
    book = Journal(tmp_path_factory.mktemp("journal"))
    for kind, data in KINDS.items():
        book.append(kind, 1.0, **data)
    return book.file.read_bytes()


@pytest.fixture
def goes_on(tmp_path):
    """Opens a progress file with these bytes, and goes on with it."""
    def run(data: bytes):
        book = Journal(tmp_path / "data")
        book.folder.mkdir(exist_ok=True)
        for file in book.folder.iterdir():
            file.unlink()
        book.file.write_bytes(data)
        before = book.events()
        standing(before)
        added = book.append("hinted", 9.0, task="1.2")
        assert book.events() == (*before, added)
        assert not book.trouble
        reading = read_chain(book.file.read_bytes().decode().splitlines(keepends=True))
        assert (reading.fault, reading.events) == ("", (*before, added))
        assert data in [file.read_bytes()[:len(data)] for file in book.folder.glob("progress*.jsonl")]    # nothing lost
    return run


def test_scribbled_progress_files(journal_bytes, goes_on):
    for data in scribbled(journal_bytes, random.Random(1), 60):
        goes_on(data)


def test_a_line_that_is_odd_in_any_place(journal_bytes, goes_on):
    line = json.loads(journal_bytes.splitlines()[1])
    for number, (_, odd) in enumerate(oddities(line)):
        if number % 2 == 0:
            goes_on((json.dumps(odd) + "\n").encode() + journal_bytes)


@settings(max_examples=60, deadline=None)
@given(lines=st.lists(st.text(max_size=60) | st.sampled_from(['{"number": 1}', "[]", "null", "1e999", "\u2028"]),
                      max_size=5))
def test_any_text_for_a_chain(lines):
    reading = read_chain([line + "\n" for line in lines])
    assert reading.events == ()
    assert bool(reading.fault) == bool(lines)


@pytest.mark.parametrize("depth", [30, 500, 990, 100_000])
def test_a_line_that_is_nested_deeply(journal_bytes, goes_on, depth):
    """Python's readers give up at about a thousand levels; what they could read, its writers could not write again."""
    goes_on(journal_bytes + b'{"at": 1, "data": {"a": ' + b"[" * depth + b"]" * depth
            + b'}, "digest": "", "kind": "checked", "number": 6, "previous": ""}\n')


def test_a_progress_file_that_is_a_folder_is_trouble_not_an_end(tmp_path):
    (tmp_path / "progress.jsonl").mkdir()
    book = Journal(tmp_path)
    book.append("hinted", 1.0, task="1.1")
    assert len(book.events()) == 1
    assert book.trouble


@pytest.mark.parametrize("kind", KINDS)
def test_events_of_an_odd_shape_are_passed_over(tmp_path, kind):
    """Their chain may be sound all the same: they come from another version, or from somebody who can hash."""
    book = Journal(None)
    for key in KINDS[kind]:
        for odd in ODD.values():
            book.append(kind, 1.0, **{**KINDS[kind], key: odd})
        book.append(kind, 1.0, **{name: value for name, value in KINDS[kind].items() if name != key})
    book.append("hinted", 1.0, task="1.7")
    total = standing(book.events())
    assert total.hints["1.7"] == 1
    assert {type(task) for task in (*total.hints, *total.attempts, *total.passed, *total.predictions)} <= {str}


# ---- notebooks given to the grader ------------------------------------------------------------------------------

def reads(path: Path, data: bytes):
    """The sheet, or a CourseError, and nothing else."""
    path.write_bytes(data)
    try:
        sheet = read_sheet(path, TASKS)
    except CourseError:
        return None
    assert all(isinstance(cell.source, str) for cell in sheet.cells)
    "".join(sheet.remarks).encode()
    return sheet


def one_cell(name, source="x = 1"):
    return json.dumps({"cells": [{"cell_type": "code", "metadata": {"nbgrader": {"grade_id": name}},
                                  "source": source}]}).encode()


def test_a_notebook_that_is_odd_in_any_place(tmp_path):
    for number, (_, odd) in enumerate(oddities(SMALL)):
        if number % 9 == 0:
            reads(tmp_path / NAME, json.dumps(odd).encode())


def test_scribbled_notebooks(tmp_path):
    for data in scribbled(json.dumps(SMALL).encode(), random.Random(3), 80):
        reads(tmp_path / NAME, data)


@pytest.mark.parametrize("name", ["failover-" + "9" * 5_000 + "-1", "failover-1-" + "9" * 5_000], ids=["lesson", "place"])
def test_a_task_number_with_thousands_of_digits(tmp_path, name):
    sheet = reads(tmp_path / NAME, one_cell(name))
    assert [cell.task for cell in sheet.cells] == [""]


@pytest.mark.parametrize("depth", [900, 960, 980, 990])
def test_a_source_that_is_a_deep_list(tmp_path, depth):
    data = one_cell("failover-1-1").replace(b'"x = 1"', b"[" * depth + b"]" * depth)
    sheet = reads(tmp_path / NAME, data)
    assert sheet is None or sheet.cells == ()


def test_half_a_character_in_an_answer_costs_that_answer_only(tmp_path):
    path = tmp_path / "ada" / NAME
    path.parent.mkdir()
    solved = json.loads((ROOT / "solutions" / NAME).read_text())
    answer = next(cell for cell in solved["cells"] if cell["metadata"].get("nbgrader", {}).get("grade_id") == "failover-1-1")
    answer["source"] = "x = '\ud800'"
    path.write_text(json.dumps(solved))
    result = grade_one(find_submissions([path])[0])
    first, *others = result.tasks
    assert not first.points
    assert all(task.points == task.out_of for task in others)


@pytest.mark.parametrize("kind", ["pipe", "device"])
def test_a_notebook_that_is_a_pipe_or_a_device_is_not_waited_for(tmp_path, kind):
    path = tmp_path / NAME
    os.mkfifo(path) if kind == "pipe" else path.symlink_to("/dev/zero")
    with pytest.raises(CourseError, match="no regular file"):
        read_sheet(path, TASKS)


@pytest.mark.parametrize(("name", "text"), [
    ("progress.json", "{"), ("progress.json", "[]"), ("progress.json", '{"events": 1}'), ("progress.json", "{}"),
    ("progress.json", "[" * 100_000), ("progress.json", "9" * 5_000), ("progress.jsonl", "[" * 100_000),
    ("progress.jsonl", '{"a": 1}\n'), ("progress.jsonl", "\udcff"),
], ids=lambda text: text[:14].encode("ascii", "replace").decode())
def test_a_journal_that_lies_beside_a_notebook_and_is_none(tmp_path, name, text):
    """A class is not lost to one learner's odd file."""
    path = tmp_path / "ada" / NAME
    path.parent.mkdir()
    path.write_text(json.dumps({**NOTEBOOK, "cells": NOTEBOOK["cells"][:1]}))
    (path.parent / name).write_bytes(text.encode("utf-8", "surrogateescape"))
    result = grade_one(find_submissions([path])[0])
    assert any(name in remark for remark in result.remarks)
    assert result.points == 0
