"""Whatever an answer does, it gets one of the five verdicts, and nothing of it leaks out."""

import copy
import sys
import threading
import warnings
from dataclasses import replace

import pytest

from failover_kit.course import judge as judging
from failover_kit.course.judge import judge, judge_program, run_program
from failover_kit.course.seeds import Learner
from failover_kit.course.tasks import Given, find_task
from failover_kit.course.verdicts import Verdict, not_quite, passed
from failover_kit.errors import ConfigurationError, CourseError

FLAGS = find_task("1.2")       # its answer is a function
REPLIES = find_task("1.1")     # its answer is a value


def doubles(answer, given, random):
    """A check: does `answer` double its argument?"""
    return passed("Yes.") if answer(21) == 42 else not_quite("No.")


DOUBLING = replace(FLAGS, check=doubles, seconds=0.2, expects="a function of one number")
TWO = replace(REPLIES, check=lambda answer, given, random: passed() if answer + 0 == 2 else not_quite("No."),
              draw=None, expects="a number")


def program(source, task=DOUBLING):
    """The verdict on a program for the doubling task."""
    return judge_program(task, "\n".join(["def flags(x):", *(f"    {line}" for line in source.splitlines())]))


@pytest.mark.parametrize(("source", "verdict"), [
    ("return 2 * x", Verdict.PASSED),
    ("return x", Verdict.NOT_QUITE),
    ("pass", Verdict.NOT_ATTEMPTED),
    ("...", Verdict.NOT_ATTEMPTED),
    ('"""Only a docstring."""', Verdict.NOT_ATTEMPTED),
    ("# YOUR CODE HERE\nraise NotImplementedError()", Verdict.NOT_ATTEMPTED),   # nbgrader's own stub
    ("return 1 / 0", Verdict.RAISED),
    ("return missing", Verdict.RAISED),
    ("import sys\nsys.exit(0)", Verdict.RAISED),
    ("return flags(x)", Verdict.RAISED),
    ("while True:\n    pass", Verdict.RAN_TOO_LONG),
    ("try:\n    while True:\n        pass\nexcept Exception:\n    return 2 * x", Verdict.RAN_TOO_LONG),
    ("import time\ntime.sleep(60)", Verdict.RAN_TOO_LONG),
    ("return 0", Verdict.NOT_QUITE),
    ("x = None", Verdict.NOT_QUITE),
], ids=lambda value: value.splitlines()[0] if isinstance(value, str) else value.value)
def test_a_function_gets_the_verdict_it_deserves(source, verdict):
    assert program(source).verdict is verdict


@pytest.mark.parametrize(("answer", "verdict"), [
    (2, Verdict.PASSED), (3, Verdict.NOT_QUITE), (..., Verdict.NOT_ATTEMPTED), (None, Verdict.NOT_ATTEMPTED),
    ([1, ...], Verdict.NOT_ATTEMPTED), ({"a": {"b": [...]}}, Verdict.NOT_ATTEMPTED),
    ((1, (2, ...)), Verdict.NOT_ATTEMPTED),
    ("two", Verdict.NOT_QUITE), ([None], Verdict.NOT_QUITE), ({}, Verdict.NOT_QUITE), (lambda: 2, Verdict.NOT_QUITE),
], ids=lambda value: "a function" if callable(value) else repr(value))
def test_a_value_gets_the_verdict_it_deserves(answer, verdict):
    assert judge(TWO, answer).verdict is verdict


def test_a_list_that_holds_itself_is_judged_too():
    endless = [1]
    endless.append(endless)
    assert judge(TWO, endless).verdict is Verdict.NOT_QUITE


def test_an_exception_is_reported_with_the_learners_own_line():
    feedback = program("total = 0\nfor part in [x, None]:\n    total = total + part\nreturn total")
    assert feedback.verdict is Verdict.RAISED
    assert feedback.quote == "line 4: total = total + part"
    assert "TypeError: unsupported operand" in feedback.message


def test_the_blame_stays_with_the_learner_when_a_library_raises_for_them():
    feedback = program("import json\nreturn json.loads('{')")
    assert feedback.quote == "line 3: return json.loads('{')"
    assert "JSONDecodeError" in feedback.message


def test_an_answer_that_the_check_cannot_read_is_told_what_was_expected():
    feedback = judge(TWO, "two")
    assert "It should be a number." in feedback.message
    assert feedback.quote == ""
    assert judge(DOUBLING, 42).verdict is Verdict.NOT_QUITE


def test_what_the_kit_says_of_a_configuration_is_passed_on_whole():
    def refuses(answer, given, random):
        raise ConfigurationError(["TTL is -5 s. Use 60.", "There is no health check 'x'. " + "y" * 400])
    feedback = judge(replace(TWO, check=refuses), 2)
    assert feedback.verdict is Verdict.NOT_QUITE
    assert "(ConfigurationError: 2 problems:\n  - TTL is -5 s. Use 60." in feedback.message
    assert "y" * 400 in feedback.message


def test_a_program_that_does_not_compile_or_stops_on_the_way_is_reported():
    broken = judge_program(DOUBLING, "def flags(x:\n    return 2")
    assert (broken.verdict, broken.quote) == (Verdict.RAISED, "line 1: def flags(x:")
    assert judge_program(DOUBLING, "flags = 1 / 0").verdict is Verdict.RAISED
    assert judge_program(DOUBLING, "while True:\n    pass").verdict is Verdict.RAN_TOO_LONG


def test_a_program_without_the_answers_name_has_not_attempted_it():
    assert judge_program(DOUBLING, "flag = 1").verdict is Verdict.NOT_ATTEMPTED


def test_what_is_printed_or_warned_stays_in_the_feedback(capsys):
    noisy = ("import sys, warnings, logging\nprint('debug', x)\nprint('oops', file=sys.stderr)\n"
             "logging.warning('careful')\nwarnings.warn('old')\nreturn x")
    with warnings.catch_warnings(record=True) as warned:
        feedback = program(noisy)
    assert feedback.printed.splitlines()[:2] == ["debug 21", "oops"]
    assert (*capsys.readouterr(), warned) == ("", "", [])


def test_on_a_pass_nothing_printed_is_kept_so_that_a_second_run_shows_the_same():
    assert program("print(id(object()))\nreturn 2 * x").printed == ""


def test_much_output_is_cut():
    lines = program("print('line\\n' * 500)\nreturn x").printed.splitlines()
    assert len(lines) == judging.PRINTED_LINES + 1
    assert lines[-1].startswith("... and 49")


def test_a_long_message_is_cut():
    assert len(program("raise ValueError('x' * 10_000)").message) < 400


def test_the_reference_is_shown_on_a_pass_only():
    assert program("return 2 * x").reference == FLAGS.key.reference
    assert program("return x").reference == ""


def test_the_learners_seed_decides_the_numbers():
    ann, bob = Learner("k", "ann"), Learner("k", "bob")
    right_for_ann = run_program(REPLIES, REPLIES.key.reference, ann)["replies"]
    assert judge(REPLIES, right_for_ann, ann).passed
    assert not judge(REPLIES, right_for_ann, bob).passed
    assert not judge(REPLIES, right_for_ann).passed


def test_an_untouched_configuration_is_not_attempted():
    task = replace(TWO, untouched=lambda answer, given: answer == 7)
    assert judge(task, 7).verdict is Verdict.NOT_ATTEMPTED
    assert judge(task, 2).verdict is Verdict.PASSED


def test_the_limit_can_be_set_from_outside():
    feedback = judge_program(DOUBLING, "def flags(x):\n    while True: pass", seconds=0.05)
    assert "0.05 s" in feedback.message


def test_judging_works_outside_the_main_thread():
    verdicts = []
    thread = threading.Thread(target=lambda: verdicts.extend([
        program("return 2 * x").verdict, program("while True:\n    pass").verdict]))
    thread.start()
    thread.join()
    assert verdicts == [Verdict.PASSED, Verdict.RAN_TOO_LONG]


def test_a_learner_who_interrupts_is_obeyed():
    def interrupted(answer, given, random):
        raise KeyboardInterrupt
    with pytest.raises(KeyboardInterrupt):
        judge(replace(TWO, check=interrupted), 2)


def test_a_check_that_returns_no_feedback_is_its_authors_fault_not_the_learners():
    with pytest.raises(CourseError, match="Return passed"):
        judge(replace(TWO, check=lambda answer, given, random: True), 2)


def test_stdout_is_given_back_after_every_verdict():
    before = sys.stdout, sys.stderr
    for source in ("return 2 * x", "1 / 0", "while True:\n    pass"):
        program(source)
    assert (sys.stdout, sys.stderr) == before


def test_what_a_learner_does_to_the_given_values_stays_with_them():
    task = replace(TWO, given={"zone": {"TTL": 60}}, untouched=lambda answer, given: answer == given.zone)
    handed_out = task.numbers().zone
    handed_out["TTL"] = 5
    assert task.numbers().zone == {"TTL": 60}
    assert judge(task, handed_out).verdict is not Verdict.NOT_ATTEMPTED
    assert judge(task, task.numbers().zone).verdict is Verdict.NOT_ATTEMPTED


def test_given_can_be_copied():
    assert copy.deepcopy(Given({"ttl": 60})) == Given({"ttl": 60})


def test_an_answer_that_hits_back_is_judged_all_the_same():
    class Bomb(dict):
        def values(self):
            raise RuntimeError("boom")
    assert judge(TWO, Bomb()).verdict is not Verdict.PASSED


def test_given_tells_its_names_when_asked_for_one_it_does_not_have():
    given = Given({"ttl": 60})
    assert (given.ttl, given["ttl"], dict(**given)) == (60, 60, {"ttl": 60})
    with pytest.raises(AttributeError, match="It gives: ttl"):
        given.ttk  # noqa: B018
