"""Lesson 7 says what the kit does: every claim of its prose is held to a run, to a default of the kit, or to a fact."""

import re
from dataclasses import replace
from math import inf

import pytest

from failover_kit.data import DataScenario, Leadership, Replication, Store, run_data_drill
from failover_kit.data.fencing import LeaseHeld, StaleEpoch
from failover_kit.gameday import Objective, changes, game_day, load_design
from failover_kit.load import AT_ONCE, BACKOFF_WITH_JITTER, Clients, Standby, capacity_needed, rush

LESSON = 7


# ---- what the run shows ---------------------------------------------------------------------------------------------

def test_saved_outputs_are_those_of_this_kit(book, run):
    assert run == book.saved()


@pytest.mark.parametrize(("cell", "said"), [
    ("alone-run", "DNS answers us-west-2"), ("copies-look", "at 11 s us-west-2 says None"),
    ("copies-look", "at 12 s us-west-2 says 'two mugs'"), ("play-lag-check", "there is a longer one"),
    ("hood-run", "first: epoch 2"), ("hood-run", "us-west-2 is primary already"), ("back-same", "True"),
    ("back-held", "missing at the end: 0"), ("switch-turn", "us-west-2"), ("switch-outage", "us-east-1"),
    ("switch-both", "us-east-1"), ("switch-safety", "ConflictException"),
    ("room-check", "not enough"), ("myth-run", "NaN"),
    ("aws-report", "calm day: us-east-1\ncrash, promoted: us-west-2"),
    ("aws-back", "repaired, data still away: us-west-2\ncaught up: us-east-1"), ("gameday-play", "Not there yet")])
def test_a_cell_shows_what_the_prose_says(run, cell, said):
    assert said in run[cell]


def test_the_switch_of_the_virtual_twin_is_that_of_the_live_lab(book, run, tmp_path):
    cells = ("imports", "predict-off", "switch-", "explain-off")
    for name, words in book.run(tmp_path, virtual=True, only=cells).items():
        assert words == run[name], name


# ---- numbers of the prose -------------------------------------------------------------------------------------------

DAY = DataScenario(users=20, writes_per_second=5, fault="crash", fault_at=60, detection_seconds=75, ttl=60,
                   repaired_at=240, ends_at=360)


def drilled(seed=3, **changed):
    return run_data_drill(replace(DAY, **changed), seed, in_memory=True)


@pytest.mark.parametrize("seed", [0, 3, 8])
def test_a_replica_loses_at_most_interval_and_lag(seed):                                         # E21
    report = drilled(seed, lag_seconds=2, interval_seconds=1).after_failover
    assert 0 < report.rpo_seconds <= 3
    assert 5 <= report.rpo_writes <= 50, "the choice of question 7.lost"


@pytest.mark.parametrize("seed", [0, 3, 8])
def test_only_the_lease_ends_the_split_brain(seed):                                              # E22
    found = {fence: drilled(seed, fault="partition", fence=fence, lease_seconds=20)
             for fence in ("none", "epoch", "lease")}
    assert found["none"].after_failover.counts() == found["epoch"].after_failover.counts()
    assert len(found["none"].after_failover.stranded) > 20
    assert not found["lease"].after_failover.stranded
    assert 0 < len(found["lease"].after_failover.lost) < len(found["none"].after_failover.lost)
    assert found["lease"].refused > 0 == found["none"].refused


def test_an_idempotent_store_is_nearly_safe_from_retries():
    doubled = {flag: len(drilled(fault="slow", idempotent=flag).after_failover.duplicated) for flag in (False, True)}
    assert 0 < doubled[True] < doubled[False] / 5


def test_the_way_back_that_waits_loses_nothing():                                                # E23
    automatic, held = drilled(fence="none", failback="automatic"), drilled(fence="epoch", failback="held")
    assert automatic.after_failback.rpo_writes > 100
    assert held.after_failback.rpo_writes == 0
    assert held.orphans == held.after_failover.rpo_writes


def test_leadership_promotes_once():
    leadership = Leadership("us-east-1")
    leadership.take("us-west-2", after=1, now=100)
    with pytest.raises(StaleEpoch):
        leadership.take("eu-west-1", after=1, now=101)
    with pytest.raises(LeaseHeld):
        Leadership("us-east-1", lease_seconds=30).take("us-west-2", after=1, now=29)


def test_the_lag_challenge_has_one_answer(book):
    names = {"Store": Store, "Replication": Replication}
    exec(book.source("play-lag-trace"), names)
    intervals = eval(re.search(r"INTERVALS = (\[.*\])", book.source("play-lag-panel"))[1])
    worst = {interval: max(names["lag_trace"](interval)) for interval in intervals}
    assert max(interval for interval, lag in worst.items() if lag <= 7) == 5
    assert worst[15] > 15 + 2, "a link that is too slow falls behind"


def test_the_cliff_challenge_has_one_answer_and_manners_do_not_save_the_next_smaller():
    def share(capacity, manners=AT_ONCE):
        crowd = Clients(users=10_000, think_seconds=10, timeout=2, retry=manners, arrive_over=60)
        return rush(Standby(capacity=capacity), crowd, seconds=300, step=0.5).answered(since=120)

    enough = [capacity for capacity in range(400, 1201, 20) if share(capacity) >= 0.85]
    assert enough == list(range(enough[0], 1201, 20)), "a cliff: once above it, always above it"
    assert share(enough[0] - 20) < 0.1
    assert share(enough[0] - 20, BACKOFF_WITH_JITTER) < 0.85
    assert 830 < enough[0] < 920, "the instructor's note"


def test_room_for_a_loss():                                                                      # E24, E25
    assert capacity_needed(100, sites=2) == 100
    assert capacity_needed(90, sites=3) == 45


def test_the_naive_design_and_its_two_changes():
    naive = changes(load_design("naive-design.json"))["a standby of full size"]
    follows, waits = "data that follows the DNS answer by itself", "a failback that waits for the data"
    reports = {"none": naive, "follows": changes(naive)[follows], "waits": changes(naive)[waits],
               "both": changes(changes(naive)[follows])[waits]}
    reports = {name: game_day(design, seed=7, reference=None) for name, design in reports.items()}
    gains = {name: report.score - reports["none"].score for name, report in reports.items()}
    assert gains["both"] > 1.5 * (gains["follows"] + gains["waits"])
    assert reports["follows"].lost_writes > reports["none"].lost_writes
    assert reports["waits"].error_minutes > reports["both"].error_minutes
    assert load_design("naive-design.json").runbook.decide_seconds == 1800, "half an hour"


def test_the_game_day_challenge_can_be_met_and_is_not_met_by_what_stands_there(run):
    design = load_design("naive-design.json")
    for words in ("a standby of full size", "checks that look at the page users need", "a TTL of 60 s",
                  "checks every 10 s", "deployments one site at a time", "data that follows the DNS answer by itself",
                  "a failback that waits for the data", "an old primary that stops by itself (lease)"):
        assert words in run["gameday-changes"]
        design = changes(design)[words]
    assert game_day(design, seed=7, reference=None).score >= 95
    assert Objective() == design.objective


def test_every_change_that_stands_there_is_one_of_the_kits(book, run):
    names = {}
    exec(book.source("gameday-mine").split("\n\n")[0], names)
    assert names["my_changes"]
    assert {*names["my_changes"]} <= {*run["gameday-changes"].splitlines()}


def test_the_score_of_the_instructors_note():
    report = game_day(load_design("naive-design.json"), seed=7, reference=None)
    assert [(part.name, part.of) for part in report.parts] == [
        ("RTO", 35), ("RPO", 25), ("availability", 15), ("false failovers", 10), ("budget", 15)]
    assert len(report.disasters) == 10
    assert report.rpo < inf
