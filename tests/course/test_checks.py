"""The four functions that a learner calls: what they show, what they write down, what they refuse."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from failover_kit.course import check, hint, solution, task
from failover_kit.course.checks import NotPassed
from failover_kit.course.progress import journal
from failover_kit.course.tasks import find_task
from failover_kit.course.verdicts import Verdict
from failover_kit.errors import CourseError

ROOT = Path(__file__).parents[2]
RIGHT = [("192.0.2.10", 120), ("198.51.100.20", 300)]
WRONG = [("198.51.100.20", 300), ("198.51.100.20", 300)]


def kinds():
    return [event.kind for event in journal().events()]


def test_a_task_shows_its_card_and_gives_its_numbers():
    given = task("1.1")
    assert given.ttl == 300
    assert repr(given).splitlines()[:2] == [
        f"Task 1.1: {find_task('1.1').title} ({find_task('1.1').facts})", "given.ttl = 300"]
    assert "<code>given.ttl</code>" in given._repr_html_()


def test_a_seed_in_the_environment_changes_the_numbers_and_the_right_answer(monkeypatch):
    monkeypatch.setenv("FAILOVER_KIT_COURSE_KEY", "spring")
    monkeypatch.setenv("FAILOVER_KIT_LEARNER", "ann")
    assert task("1.1") != find_task("1.1").numbers()
    with pytest.raises(NotPassed):
        check("1.1", RIGHT)


def test_a_pass_is_returned_and_written_down():
    feedback = check("1.1", RIGHT)
    assert feedback.passed
    event = journal().events()[-1]
    assert (event.kind, dict(event.data)) == ("checked", {"task": "1.1", "verdict": "passed", "misconception": None})


def test_a_wrong_answer_stops_the_cell_and_its_misconception_is_written_down():
    with pytest.raises(NotPassed) as raised:
        check("1.1", WRONG)
    assert raised.value.feedback.misconception == "change-is-immediate"
    assert "The first reply does not hold" in str(raised.value)
    assert journal().events()[-1].data["misconception"] == "change-is-immediate"


def test_an_answer_that_was_not_attempted_stops_the_cell_but_counts_as_no_attempt():
    with pytest.raises(NotPassed) as raised:
        check("1.1", ...)
    assert raised.value.feedback.verdict is Verdict.NOT_ATTEMPTED
    assert kinds() == []


def test_the_same_answer_gets_the_same_words_however_often_it_was_tried():
    shown = set()
    for _ in range(3):
        with pytest.raises(NotPassed) as raised:
            check("1.1", WRONG)
        shown.add(str(raised.value))
    hint("1.1")
    passes = {repr(check("1.1", RIGHT)), repr(check("1.1", RIGHT))}
    assert (len(shown), len(passes)) == (1, 1)


def test_hints_come_one_by_one_are_counted_and_the_last_is_free():
    hints = find_task("1.1").hints
    assert [hint("1.1").text for _ in range(4)] == [*hints, hints[-1]]
    assert hint("1.1").title == "Hint 3 of 3 for task 1.1"
    assert kinds() == ["hinted"] * 3
    assert hint("1.2").title == "Hint 1 of 3 for task 1.2"


def test_the_solution_is_shown_after_a_pass_and_not_before():
    with pytest.raises(CourseError, match=r'hint\("1\.1"\)'):
        solution("1.1")
    check("1.1", RIGHT)
    assert solution("1.1").code == find_task("1.1").key.reference


@pytest.mark.parametrize("function", [task, hint, solution, lambda item: check(item, 1)],
                         ids=["task", "hint", "solution", "check"])
def test_an_unknown_task_is_answered_with_those_there_are(function):
    with pytest.raises(CourseError, match=r"'1\.99'.*1\.1"):
        function("1.99")


def test_in_ipython_a_wrong_answer_is_one_line_below_its_reasons_and_not_a_traceback():
    code = "from failover_kit.course import check\ncheck('1.1', [('198.51.100.20', 1), ('a', 2)])"
    done = subprocess.run([sys.executable, "-m", "IPython", "--colors=NoColor", "-c", code], capture_output=True,
                          text=True, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("Task 1.1: not quite. The first reply does not hold 198.51.100.20.")
    assert done.stdout.rstrip().endswith('Change your answer and run this cell again, or ask hint("1.1").')
    assert "Traceback" not in done.stdout + done.stderr
    assert done.stderr == ""
