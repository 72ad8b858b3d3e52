"""Every task of the course keeps what a task promises. A new task is tested by being there."""

import inspect
import os
from dataclasses import replace
from types import FunctionType

import pytest

from failover_kit.course import catalogue
from failover_kit.course.judge import judge, judge_program, run_program
from failover_kit.course.seeds import Learner
from failover_kit.course.tasks import HINTS, Kind, Task, all_tasks, find_task
from failover_kit.course.verdicts import Verdict
from failover_kit.errors import ConfigurationError

ONLY = os.environ.get("FAILOVER_KIT_TEST_LESSON")       # for an author at work on one lesson
TASKS = catalogue.contents("exercises", int(ONLY)) if ONLY else all_tasks()
LEARNERS = (None, *(Learner("test class", name) for name in ("ann", "bob", "cy", "dee")))

every_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.id)
every_seeded_task = pytest.mark.parametrize("task", [task for task in TASKS if task.draw], ids=lambda task: task.id)
every_wrong_answer = pytest.mark.parametrize(
    ("task", "wrong"), [pytest.param(task, wrong, id=f"{task.id}-{wrong.misconception or wrong.verdict.value}-{number}")
                        for task in TASKS for number, wrong in enumerate(task.wrong_answers, start=1)])
every_alternative = pytest.mark.parametrize(
    ("task", "source"), [pytest.param(task, source, id=f"{task.id}-{number}")
                         for task in TASKS for number, source in enumerate(task.alternatives, start=1)])
CONSTANTS = (0, 1, -1, 3.5, True, False, "", "yes", "192.0.2.10", (), [], {}, [1, 2], {"a": 1}, b"", object(),
             lambda *args, **named: None, lambda *args, **named: 0, lambda *args, **named: args, lambda: 1, int)


@every_task
def test_the_reference_passes_for_every_learner(task):
    for learner in LEARNERS:
        feedback = judge_program(task, task.key.reference, learner)
        assert feedback.passed, f"for {learner}: {feedback}"


@every_task
def test_the_stub_is_not_attempted(task):
    assert judge_program(task, task.key.stub).verdict is Verdict.NOT_ATTEMPTED


@every_task
def test_no_constant_and_no_empty_function_passes(task):
    for constant in CONSTANTS:
        assert not judge(task, constant).passed, f"{constant!r} passes"


@every_wrong_answer
def test_a_wrong_answer_gets_its_verdict_and_its_misconception_is_named(task, wrong):
    for learner in LEARNERS:
        feedback = judge_program(task, wrong.code, learner)
        assert feedback.verdict is wrong.verdict, f"for {learner}: {feedback}"
        assert feedback.misconception == wrong.misconception, f"for {learner}: {feedback}"
        if feedback.verdict is not Verdict.NOT_ATTEMPTED:
            assert feedback.question.endswith("?"), "no question leads on"


@every_alternative
def test_another_right_program_passes_for_every_learner(task, source):
    for learner in LEARNERS:
        feedback = judge_program(task, source, learner)
        assert feedback.passed, f"for {learner}: {feedback}"


@every_task
def test_a_function_has_at_least_two_other_right_programs(task):
    if isinstance(run_program(task, task.key.reference)[task.answer], FunctionType):
        assert len(task.alternatives) >= 2


@every_task
def test_every_misconception_of_the_task_is_shown_by_one_of_its_wrong_answers(task):
    assert set(task.misconceptions) == {wrong.misconception for wrong in task.wrong_answers} - {None}


@every_seeded_task
def test_another_learners_answer_fails(task):
    default = run_program(task, task.key.reference)[task.answer]
    others = [learner for learner in LEARNERS[1:] if task.numbers(learner) != task.numbers()]
    assert others, "the seed changes nothing"
    if isinstance(default, FunctionType):
        return      # one function serves all numbers; test_the_reference_passes_for_every_learner covers it
    for learner in others:
        assert not judge(task, run_program(task, task.key.reference, learner)[task.answer]).passed
        assert not judge(task, default, learner).passed


@every_seeded_task
def test_a_draw_gives_the_same_names_and_kinds_as_the_default_numbers(task):
    for learner in LEARNERS[1:]:
        drawn = task.numbers(learner)
        assert list(drawn.keys()) == list(task.given)
        assert [type(drawn[name]) for name in task.given] == [type(value) for value in task.given.values()]
        assert drawn == task.numbers(learner), "the same learner must get the same numbers again"


@every_task
def test_hints_grow_and_do_not_hold_the_solution(task):
    assert len(set(task.hints)) == HINTS
    lines = [line.strip() for line in task.key.reference.splitlines() if len(line.strip()) > 25]
    assert not [line for line in lines for hint in task.hints if line in hint]


@every_task
def test_the_statement_names_what_to_set_and_the_numbers_it_gives(task):
    shown = f"{task.key.statement}\n{task.key.stub}"
    assert task.answer in shown
    assert [name for name in task.given if f"given.{name}" not in shown] == []


@every_task
def test_every_check_is_a_function_of_answer_given_and_random(task):
    assert list(inspect.signature(task.check).parameters) == ["answer", "given", "random"]


# ---- what a task refuses -------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("change", "said"), [
    ({"id": "one"}, "lesson and place"), ({"points": 0}, "worth 0 points"), ({"hints": ("a",)}, "1 hints"),
    ({"wrong_answers": ()}, "0 wrong answers"), ({"answer": "two words"}, "a Python name"),
    ({"misconceptions": ("no-such",)}, "none of that name"), ({"misconceptions": ()}, "List it under misconceptions"),
    ({"given": {"keys": 1}}, "other than 'keys'"),
], ids=lambda value: next(iter(value)) if isinstance(value, dict) else "")
def test_a_task_that_is_not_complete_is_refused(change, said):
    with pytest.raises(ConfigurationError, match=said):
        replace(find_task("1.1"), **change)


def test_all_that_is_missing_is_reported_at_once():
    with pytest.raises(ConfigurationError) as raised:
        Task(id="x", title="", points=0, kind=Kind.WRITE, minutes=1, answer="f", expects="", hints=(),
             check=lambda answer, given, random: None, wrong_answers=())
    assert len(raised.value.problems) == 4


def test_the_facts_of_a_task_in_one_line():
    task = replace(find_task("1.2"), points=3, minutes=10)
    assert task.facts == "write a function, 3 points, about 10 minutes"
    assert replace(task, points=1, stretch=True).facts == "write a function, 1 point, about 10 minutes, stretch"
