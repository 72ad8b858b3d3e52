"""Our release of a notebook is nbgrader's, cell by cell; markers that do not pair up are refused."""

import copy

import pytest

from failover_kit.course.cells import code_cell, markdown_cell, notebook, setup_cell, task_cells
from failover_kit.course.notebooks import text_of
from failover_kit.course.release import CODE_STUB, released
from failover_kit.course.tasks import find_task
from failover_kit.errors import CourseError

TASK = find_task("1.1")


def graded(cell, **facts):
    cell["metadata"]["nbgrader"] = {"grade": False, "locked": False, "solution": False, "task": False,
                                    "schema_version": 3, "grade_id": cell["id"], **facts}
    return cell


def ran(cell):
    cell["outputs"] = [{"output_type": "stream", "name": "stdout", "text": "secret"}]
    cell["execution_count"] = 3
    cell["metadata"].update({"collapsed": True, "scrolled": False})
    return cell


ANSWER = "def f(x):\n    # keep\n    ### BEGIN SOLUTION\n    y = x\n    return y\n    ### END SOLUTION\n\nf(1)"
NOTEBOOK = notebook([
    markdown_cell("# Title", "title"),
    setup_cell("import math"),
    ran(code_cell("print('free')", "free")),
    *task_cells(TASK, "What?", ANSWER, ["y = 2"]),
    graded(code_cell("whole = 'solution'", "whole"), solution=True),
    graded(code_cell("assert True\n### BEGIN HIDDEN TESTS\nassert f(2)\n### END HIDDEN TESTS", "hidden"), grade=True,
           locked=True, points=1.5),
    graded(markdown_cell("My essay", "essay"), grade=True, solution=True, points=4),
    graded(markdown_cell("Do it.\n### BEGIN MARK SCHEME\nwell\n### END MARK SCHEME", "manual"), task=True, points=2,
           locked=True),
    code_cell("### just a comment", "comment"),
])


def nbgraders(content):
    """The notebook as nbgrader's own preprocessors release it, in the order of generate_assignment."""
    preprocessors = pytest.importorskip("nbgrader.preprocessors")
    import nbformat
    released_by_nbgrader, resources = nbformat.from_dict(copy.deepcopy(content)), {}
    chain = ("LockCells", "ClearSolutions", "ClearOutput", "CheckCellMetadata", "ComputeChecksums",
             "ClearHiddenTests", "ClearMarkScheme", "ComputeChecksums", "CheckCellMetadata")
    for name in chain:
        step = getattr(preprocessors, name)()
        if name == "ClearSolutions":
            step.code_stub = {"python": CODE_STUB}
        released_by_nbgrader, resources = step.preprocess(released_by_nbgrader, resources)
    return released_by_nbgrader


def test_the_release_is_the_same_as_nbgraders():
    ours, theirs = released(NOTEBOOK), nbgraders(NOTEBOOK)
    for mine, other in zip(ours["cells"], theirs.cells, strict=True):
        assert mine == other, mine["id"]
    assert text_of(ours) == text_of(theirs)


def test_the_original_is_left_as_it_was():
    before = copy.deepcopy(NOTEBOOK)
    released(NOTEBOOK)
    assert before == NOTEBOOK


def test_what_a_learner_gets():
    cells = {cell["id"]: cell for cell in released(NOTEBOOK)["cells"]}
    assert cells["failover-1-1"]["source"] == "def f(x):\n    # keep\n    # YOUR CODE HERE\n    pass\n\nf(1)"
    assert cells["whole"]["source"] == CODE_STUB
    assert cells["essay"]["source"] == "YOUR ANSWER HERE"
    assert cells["hidden"]["source"] == "assert True"
    assert cells["free"]["outputs"] == []
    assert cells["failover-1-1-check"]["metadata"]["editable"] is False
    assert "editable" not in cells["failover-1-1"]["metadata"]


@pytest.mark.parametrize(("source", "solution", "said"), [
    ("### BEGIN SOLUTION\nx = 1", True, "without END"),
    ("### BEGIN SOLUTION\n### BEGIN SOLUTION\n### END SOLUTION", True, "inside BEGIN"),
    ("### BEGIN SOLUTION\nx = 1\n### END SOLUTION", False, "does not mark"),
    ("### BEGIN HIDDEN TESTS\nx = 1\n### END HIDDEN TESTS", False, "does not mark"),
], ids=["no end", "nested", "not a solution cell", "not a test cell"])
def test_markers_that_do_not_fit_are_refused_as_nbgrader_refuses_them(source, solution, said):
    broken = notebook([graded(code_cell(source, "broken"), solution=solution)])
    with pytest.raises(CourseError, match=said):
        released(broken)
    with pytest.raises(RuntimeError):
        nbgraders(broken)
