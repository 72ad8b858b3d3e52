"""The mutator makes every small change it promises, once, and finds gaps in a check."""

from dataclasses import replace

import pytest

from failover_kit.course import mutants as mutation
from failover_kit.course.mutants import MutationReport, kill_rate, mutants, mutation_report
from failover_kit.course.tasks import find_task
from failover_kit.course.verdicts import not_quite, passed


@pytest.mark.parametrize(("source", "expected"), [
    ("x = a < b", {"x = a <= b"}),
    ("x = a + b", {"x = a - b"}),
    ("x = a and b", {"x = a or b"}),
    ("x = not a", {"x = not not a"}),
    ("x = True", {"x = False"}),
    ("x = 3", {"x = 4", "x = 2"}),
    ("x = 'east'", {"x = 'east?'"}),
    ("x = [a, b]", {"x = [b]", "x = [a]"}),
    ("x = {a: b}", {"x = {}"}),
    ("x = a if b else c", {"x = a if not b else c"}),
    ("def f():\n    g()\n    return h", {"def f():\n    pass\n    return h", "def f():\n    g()\n    pass"}),
    ('def f():\n    """Text."""\n    return h', {'def f():\n    """Text."""\n    pass'}),
    ("import math\nx = a", {"import math\npass"}),
    ("while a:\n    pass", {"while not a:\n    pass"}),
], ids=lambda value: value.replace("\n", "; ") if isinstance(value, str) else "")
def test_small_changes(source, expected):
    made = {mutant.source for mutant in mutants(source)}
    assert expected <= made
    assert made - expected <= {"pass"}      # the statement itself left out


def test_no_mutant_is_made_twice_and_none_is_the_original():
    source = "def f(x):\n    return 1 + 1 + x if x == 1 or x == 1 else [1, 1]"
    made = [mutant.source for mutant in mutants(source)]
    assert len(set(made)) == len(made)
    assert source not in made
    names = [mutant.name for mutant in mutants(source)]
    assert len(set(names)) == len(names)


def test_names_say_where_and_what():
    assert [mutant.name for mutant in mutants("x = 0\ny = a < b")] == [
        "line 1: `x = 0` is left out", "line 2: `y = a < b` is left out", "line 1: 0 becomes 1", "line 1: 0 becomes -1",
        "line 2: Lt becomes LtE"]


@pytest.fixture
def weak():
    """Task 1.2 with a check that looks at one packet only."""
    def check(answer, given, random):
        return passed() if answer(bytes.fromhex("123481800001000000000000"))["rcode"] == 0 else not_quite("No.")
    return replace(find_task("1.2"), check=check)


def test_a_weak_check_lets_mutants_live_and_a_strong_one_does_not(weak):
    assert mutation_report(weak).survivors
    assert mutation_report(find_task("1.2")).survivors == ()


def test_mutants_without_effect_are_counted_apart(weak):
    report = mutation_report(weak)
    excused = mutation_report(replace(weak, equivalent_mutants=(*report.survivors, *report.idle)))
    assert excused.survivors == ()
    assert set(excused.idle) == {*report.survivors, *report.idle}
    assert kill_rate([excused]) == 1.0


def test_the_kill_rate_is_over_all_mutants_that_matter():
    assert kill_rate([MutationReport("1.1", 10, ("a",), ("b",)), MutationReport("1.2", 1, (), ())]) == 0.9
    assert kill_rate([]) == 1.0


def test_the_command_reports_and_fails_on_survivors(capsys, monkeypatch, weak):
    assert mutation.main(["1.2"]) == 0
    assert "1.2: 59 of 60 killed, 1 without effect\nkill rate 100.0%" in capsys.readouterr().out
    monkeypatch.setattr(mutation, "find_task", lambda task_id: weak)
    assert mutation.main(["1.2"]) == 1
    assert "survives: line" in capsys.readouterr().out
