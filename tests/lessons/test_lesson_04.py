"""Lesson 4 says what the kit does: each claim of its prose is held to a run, to a constant of the kit, or to a fact."""

from math import comb

import pytest

from failover_kit.course import catalogue
from failover_kit.course.questions.lesson_04 import QUESTIONS
from failover_kit.faults import FAULTS
from failover_kit.health import HEALTHY_SHARE, checkers_needed
from failover_kit.healthcheck import HealthCheck, HealthCheckType
from failover_kit.probing import BODY_LIMIT, HTTP_CONNECT_LIMIT, SEARCHED_BYTES, STATUS_LIMIT, TCP_CONNECT_LIMIT

LESSON = 4


@pytest.fixture(scope="module")
def names(book):
    """What the lesson's own definitions are, without running the rest of it."""
    return book.defined("probe-try", "many-cut", "theory-code", "theory-lab", "play-rough", "play-crash")


# ---- what the runs show ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize("world", ["run", "twin"])
def test_saved_outputs_are_those_of_this_kit_in_both_worlds(book, world, request):
    assert book.steady(request.getfixturevalue(world)) == book.steady(book.saved())


@pytest.mark.parametrize(("cell", "said"), [
    ("see-lab", "{'TCP': 'healthy', 'HTTP /health': 'healthy', 'string match /': 'healthy'}"),
    ("see-result", "'HTTP /health': 'healthy',\n 'string match /': 'unhealthy'"), ("see-result", "500 Internal Server"),
    ("probe-codes", "204   healthy"), ("probe-codes", "302   healthy"), ("probe-codes", "403   unhealthy"),
    ("probe-times", "1.5 s late:    healthy   200 OK"), ("probe-times", "2.5 s late:    unhealthy   200 OK"),
    ("probe-bytes", "5,113 bytes of menu, then the text: healthy"),
    ("probe-bytes", "5,114 bytes of menu, then the text: unhealthy"),
    ("many-figure", "6 cut off: 4 healthy, check healthy, 7 cut off: 2 healthy, check unhealthy"),
    ("link-run", "primary: 127.0.1.10"), ("link-findings", "FK101"),
    ("link-refused", "must have an associated health check"),
    ("link-moved-run", "('healthy', 'Connection refused')"), ("link-moved-lint", "watches 127.0.1.10"),
    ("deep-run", "(['unhealthy', 'unhealthy'], 'us-east-1', 'Connection refused')"),
    ("deep-right-run", "(['unhealthy', 'healthy'], 'us-west-2', '200 OK')"), ("play-panel", "rough day: 1 (goal: 0)"),
    ("play-check", "Not there yet"), ("hood-run", "('pass', 'Success"), ("myth-metric", "'unhealthy'"),
    ("bug-run", "(0, 100)"), ("pitfall-run", "its health page is fine at 60 s. No health check noticed"),
    ("pitfall-run", "Health checks noticed after 86 s"), ("aws-run", "'us-west-2'"),
])
def test_a_cell_shows_what_the_prose_says(run, cell, said):
    assert said in run[cell]


def test_the_table_of_faults_is_as_the_prose_reads_it(run):
    rows = {line.split()[0]: line for line in run["myth-run"].splitlines()[1:]}
    assert list(rows) == list(FAULTS)
    reds = {fault: line.split()[1:-2].count("red") for fault, line in rows.items()}
    failed = {fault: int(line.split()[-2]) for fault, line in rows.items()}
    assert [fault for fault in rows if not reds[fault] and failed[fault]] == list(rows)[-3:] == [
        "partition", "flapping", "packet_loss"]
    assert [fault for fault in rows if reds[fault] and not failed[fault]] == ["slow", "dependency"]


# ---- numbers in the prose -------------------------------------------------------------------------------------------

def test_limits_in_the_table_of_types_are_the_kits(book):
    said = book.text["types"]
    limits = (TCP_CONNECT_LIMIT, HTTP_CONNECT_LIMIT, STATUS_LIMIT, BODY_LIMIT, SEARCHED_BYTES)
    assert limits == (10, 4, 2, 2, 5120)                     # A17, A18, A19, A22
    for words in ("opens within 10 s", "opens within 4 s", "from 200 to 399 comes within 2 s more", "5,120 bytes"):
        assert words in said
    assert "eight types of health check. Five of them send requests" in said
    assert (len(HealthCheckType), sum(kind.probes for kind in HealthCheckType)) == (8, 5)        # A1


def test_the_share_that_must_agree_is_the_one_that_is_told(book):
    why = next(question.why for question in QUESTIONS if question.id == "4.lost-packets")
    assert f"more than {100 * HEALTHY_SHARE:.0f} %" in book.text["many"]                          # A12
    assert f"{16 - checkers_needed(16) + 1} of 16" in why                                    # A13
    assert len(HealthCheck(id="x", ip_address="192.0.2.1").checkers) == 16


def test_theory_is_a_binomial_tail_of_a_checkers_own_share(names):
    share = names["share_red"]
    tail = sum(comb(16, red) for red in (14, 15, 16)) / 2 ** 16      # at 50 % loss a checker is red half of the time
    for threshold in (1, 2, 3):
        assert share(0.5, threshold, 16) == pytest.approx(tail)
    assert share(0.3, 1, 6) == pytest.approx(6 * 0.3 ** 5 * 0.7 + 0.3 ** 6)      # 5 of 6: 2 of 6 are enough
    assert tail < 0.01, "green almost all the time"
    assert max(share(0.3, 1, 16), share(0.3, 3, 6)) < share(0.3, 1, 6) / 100, "all but gone"


@pytest.mark.parametrize("threshold", [1, 2, 3])
@pytest.mark.parametrize("regions", [3, 8])
def test_the_lab_agrees_with_the_theory_as_far_as_an_hour_can_tell(names, threshold, regions):
    losses = (0.1, 0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95)
    apart = [abs(names["measured_red"](loss, threshold, regions) - names["share_red"](loss, threshold, 2 * regions))
             for loss in losses]
    assert sum(apart) / len(losses) < 0.08


def test_the_challenge_has_two_answers_and_the_start_is_neither(book, names):
    found = []
    for interval, threshold in ((30, 1), (30, 2), (10, 1), (10, 2), (10, 3), (10, 4), (10, 5)):
        slowest = max(names["crash_noticed"](interval, threshold, seed) for seed in (5, 6, 7))
        false = sum(names["rough_day"](interval, threshold, seed, 60)[1] for seed in (5, 6, 7))
        if slowest < 45 and not false:
            found.append((interval, threshold))
    assert found == [(10, 3), (10, 4)]
    assert "Two settings reach the goal" in book.text["notes-play"]


def test_a_threshold_of_two_at_ten_seconds_empties_the_chart_at_each_restart(names):
    counts, false = names["rough_day"](10, 2)
    assert min(healthy for _, healthy in counts) == 0
    assert false == 3


# ---- form -----------------------------------------------------------------------------------------------------------

def test_cells_fit_a_laptop(book):
    for name, source in book.code.items():
        assert max(map(len, source.splitlines())) <= 100, name


def test_the_exercises_take_as_long_as_the_lesson_says(book):
    tasks = catalogue.contents("exercises", 4)
    assert sum(task.minutes for task in tasks) == 40
    assert "about 40\nminutes" in book.text["next"]
