"""Lesson 2 says what the kit does: every claim of its prose is held to a run, to a default of the kit, or to a "
  "formula."""

import json
import re
from dataclasses import replace

import pytest
from lesson_run import assert_it_reads_the_run

from failover_kit.gameday import people, plans
from failover_kit.strategies import STRATEGIES, run_strategy

LESSON = 2


# ---- what the runs show ----------------------------------------------------------------------------

@pytest.mark.parametrize(("cell", "text"), [
    ("hook-minutes", "330 minutes, 5.5 hours"),
    ("picture-line", "RPO of 15 min missed. RTO of 30 min kept."),
    ("breaks-table", "hardware: the server dies         DOWN    DOWN    ok"),
    ("breaks-table", "power: the building goes dark     DOWN    DOWN    ok"),
    ("breaks-table", "Region: a service below it dies   DOWN    DOWN    ok"),
    ("breaks-table", "bad deploy: a bug in all copies   DOWN    DOWN    DOWN"),
    ("breaks-table", "human error: record deleted       DOWN    ok      ok"),
    ("arithmetic-nines", "up 99.90% of the time: down for 8 h 45 min a year"),
    ("data-backup", "480 orders are lost. The newest one that survives was made at 9:00 + 60 min."),
    ("data-replica", "1 order is lost."), ("hand-until", "True"),
    ("hand-read", "noticed and edited before anybody was served again: True"),
    ("hand-read", "the last user came back within a TTL of the edit: True"),
    ("hand-parts", "decide                   15.0 min"),
    ("strategies-first", "{'pilot light': 'Connection refused', 'warm standby': '200 OK'}"),                 # E3
    ("strategies-check", "Not yet"), ("hood-run", "{'ann': 20.0}"),
    ("myth-mistake", "{'replica': {'apple': '0.00'"), ("pitfall-look", "200 OK, but the wrong page"),
    ("aws-wait", "(['127.0.2.10'], 'us-west-2')"),
])
def test_a_cell_shows_what_the_prose_says(run, cell, text):
    assert text in run[cell]


@pytest.mark.parametrize("cell", ["arithmetic-three", "arithmetic-two"])
def test_the_simulation_agrees_with_the_formula(run, cell):
    simulated, computed = (float(share) for share in re.findall(r"(\d+\.\d+)%", run[cell]))
    assert simulated == pytest.approx(computed, abs=0.03)


def test_the_standby_that_nobody_had_visited_costs_the_users_its_repair(run):
    wrong, right = (int(re.search(r"down for (\d+) min", run[cell])[1])
                    for cell in ("pitfall-run", "pitfall-right-run"))
    assert wrong == 24 + 10 + 20
    assert right == 24 + 5                          # people's minutes, and a TTL of 300 s


def test_a_shorter_ttl_does_not_bring_the_night_under_15_minutes_and_people_do(run):
    words = re.search(r"Recovery time: (\d+) min", run["hand-explore"])
    people_minutes = 2 + 5 + 15 + 2
    assert int(words[1]) == people_minutes + 5
    assert people_minutes > 15 > 2 + 5 + 2 + 5      # without any time to decide the TTL of 5 minutes would do


def test_saved_outputs_are_those_of_this_kit(book, run):
    assert run == book.saved()


# ---- numbers and words of the prose ----------------------------------------------------------------------------

def test_the_night_is_as_slow_as_the_kits_people():
    assert (people.ALARM_SECONDS, plans.PAGE_SECONDS, plans.DECIDE_SECONDS) == (120, 300, 900)
    assert {step.seconds for step in STRATEGIES["pilot-light"].design.runbook.steps} == {120}


@pytest.fixture(scope="module")
def four():
    return [run_strategy(name) for name in ("backup-and-restore", "pilot-light", "warm-standby", "active-active")]


def test_from_row_to_row_the_wait_gets_shorter_and_the_bill_larger(four):
    assert [plan.rto for plan in four] == sorted((plan.rto for plan in four), reverse=True)
    assert [plan.monthly_cost for plan in four] == sorted(plan.monthly_cost for plan in four)
    ages = [plan.rpo for plan in four]
    assert ages[0] / ages[1] > 100 > ages[1] / ages[3], "the great step is the first"
    assert four[3].rto > 60, "active-active is not zero"


def test_no_plan_keeps_the_challenge_as_things_are_and_one_number_of_minutes_is_the_most(four):
    assert not [plan for plan in four if plan.rto <= 2400 and plan.rpo <= 60 and plan.monthly_cost <= 5000]
    light = STRATEGIES["pilot-light"]
    trained = lambda minutes: run_strategy(replace(light, design=replace(
        light.design, runbook=replace(light.design.runbook, decide_seconds=60.0 * minutes))))
    kept = [minutes for minutes in range(0, 16) if trained(minutes).rto <= 2400]
    assert kept == list(range(kept[-1] + 1)), "each minute counts"
    assert 0 < kept[-1] < 15
    assert trained(kept[-1]).monthly_cost <= 5000


def test_the_batch_to_keep_is_what_was_sent(run):
    change, = json.loads(run["aws-file"])["Changes"]
    assert change["Action"] == "UPSERT"
    assert change["ResourceRecordSet"]["ResourceRecords"] == [{"Value": "198.51.100.20"}]


# ---- the questions ----------------------------------------------------------------------------

VALUES = {
    "2.second-site": dict(helped=["hardware", "power", "Region"], others=["bad deploy", "human error"]),
    "2.parallel": dict(up=99.99, alone="87 h", both="53 min"),
    "2.shared": dict(independent="49 min", real="9 h", factor=11.7),
    "2.data-age": dict(age=40.0, outage=80.0, lost=480),
    "2.longest-part": dict(longest="decide", minutes=15.0, total=29.0, cache=5.0),
    "2.pilot-light": dict(pilot="Connection refused", warm="200 OK"),
    "2.replica-is-no-backup": dict(replica="0.00", backup="3.50"),
}
ELSEWHERE = {       # a run that shows something else is recognised as such
    "2.second-site": ("deploy", dict(others=["bad deploy"])), "2.parallel": ("same", dict(up=99.01)),
    "2.shared": ("double", dict(factor=2.2)), "2.data-age": ("both", dict(age=120.0)),
    "2.longest-part": ("cache", dict(longest="wait for kept answers")), "2.pilot-light": ("both", dict(pilot="200 OK")),
    "2.replica-is-no-backup": ("true", dict(replica="3.50")),
}


@pytest.mark.parametrize("name", VALUES)
def test_an_explanation_reads_the_run(name):
    other, changed = ELSEWHERE[name]
    assert_it_reads_the_run(name, VALUES[name], changed, other)


# ---- the form of a lesson ----------------------------------------------------------------------------

def test_health_checks_are_not_spoken_of_yet(book):
    assert "health check" not in book.prose.lower(), "lesson 3 explains it"
