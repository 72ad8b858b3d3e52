"""The cells of a task, as nbgrader wants them."""

import pytest

from failover_kit.course.cells import (
    check_source,
    code_cell,
    given_source,
    grade_id,
    markdown_cell,
    notebook,
    role_of,
    setup_cell,
    task_cells,
)
from failover_kit.course.tasks import find_task

TASK = find_task("1.1")
CELLS = list(task_cells(TASK, "What?", "x = ...\n### BEGIN SOLUTION\nx = 1\n### END SOLUTION", ["y = 2"]))


def test_a_task_has_its_cells_in_order_with_the_ids_nbgrader_accepts():
    assert [role_of(cell) for cell in CELLS] == [
        ("1.1", "statement"), ("1.1", "given"), ("1.1", "given"), ("1.1", "answer"), ("1.1", "check")]
    assert [cell["metadata"]["nbgrader"]["grade_id"] for cell in CELLS] == [
        "failover-1-1-statement", "failover-1-1-given", "failover-1-1-given-2", "failover-1-1", "failover-1-1-check"]


def test_only_the_answer_can_be_changed_and_only_the_check_is_worth_points():
    facts = [cell["metadata"]["nbgrader"] for cell in CELLS]
    assert [fact["locked"] for fact in facts] == [True, True, True, False, True]
    assert [fact["solution"] for fact in facts] == [False, False, False, True, False]
    assert [fact.get("points") for fact in facts] == [None, None, None, None, 2]
    assert {fact["schema_version"] for fact in facts} == {3}


def test_the_texts_follow_from_the_task():
    assert check_source(TASK) == 'check("1.1", replies)'
    assert given_source(TASK) == 'given = task("1.1")\ngiven'
    assert given_source(find_task("1.2")) == 'task("1.2")'
    assert CELLS[0]["source"] == "### 1.1 What the cache returns\n\nWhat?"


@pytest.mark.parametrize(("cell", "role"), [
    (markdown_cell("x", "intro"), ("", "")), (code_cell("x", "intro"), ("", "")), (setup_cell("x"), ("", "setup")),
    (setup_cell("x", 2), ("", "setup"))], ids=["markdown", "code", "setup", "second setup"])
def test_other_cells_belong_to_no_task(cell, role):
    assert role_of(cell) == role


@pytest.mark.parametrize(("task_id", "role", "number", "name"), [
    ("1.2", "answer", 1, "failover-1-2"), ("7.10", "check", 1, "failover-7-10-check"),
    ("1.2", "given", 3, "failover-1-2-given-3")])
def test_grade_ids_go_there_and_back(task_id, role, number, name):
    assert grade_id(task_id, role, number) == name
    assert role_of({"metadata": {"nbgrader": {"grade_id": name}}}) == (task_id, role)


def test_the_notebook_is_valid():
    import nbformat
    nbformat.validate(nbformat.from_dict(notebook([markdown_cell("# x", "title"), setup_cell("x = 1"), *CELLS])))
