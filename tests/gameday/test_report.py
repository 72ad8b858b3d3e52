"""report.py and improve.py: a whole game day, its score, and the search for a better design."""

import json
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import pytest
from shops import Capacity, DataPlan, Runbook, replace, shop

from failover_kit.errors import LabError
from failover_kit.gameday import (
    KINDS,
    GameDayReport,
    Objective,
    changes,
    game_day,
    improve,
    improvements,
    load_design,
    suffer,
)
from failover_kit.gameday.disasters import disaster
from failover_kit.gameday.report import MINUTES_PER_YEAR, nines


@pytest.fixture(scope="module")
def naive():
    return game_day(load_design("naive-design.json"), seed=7)


@pytest.fixture(scope="module")
def found(naive):
    """Four of the changes that apply."""
    few = dict(list(changes(naive.design).items())[::5])
    return improvements(naive, few)


# ---- adding up ------------------------------------------------------------------------------------------------------

def test_every_disaster_is_in_the_report_and_adds_up(naive):
    assert [day.name for day in naive.disasters] == list(KINDS)
    assert naive.error_minutes == pytest.approx(sum(day.error_minutes for day in naive.disasters))
    assert naive.availability == pytest.approx(1 - naive.error_minutes / MINUTES_PER_YEAR)
    assert naive.rto == max(day.rto for day in naive.disasters)
    assert naive.disaster("hang").name == "hang"
    with pytest.raises(LabError, match="only crash"):
        naive.disaster("meteor")


@pytest.mark.parametrize(("availability", "count"), [
    (0.9, 1), (0.99, 2), (0.999, 3), (0.9995, 3.301), (1.0, 9), (0.0, 0)])
def test_nines(availability, count):
    assert nines(availability) == pytest.approx(count, abs=1e-3)


def test_the_score_is_the_sum_of_its_parts_and_a_hundred_at_best(naive):
    assert naive.score == pytest.approx(sum(part.points for part in naive.parts))
    assert sum(part.of for part in naive.parts) == 100
    assert all(0 <= part.points <= part.of for part in naive.parts)


def test_an_objective_that_asks_nothing_is_met_by_everybody(naive):
    easy = Objective(rto_seconds=1e9, rpo_seconds=1e9, availability=0.0, monthly_budget=1e9)
    report = replace(naive, design=replace(naive.design, objective=easy))
    assert report.passed
    assert report.score == pytest.approx(100 - naive.false_failovers)


@pytest.mark.parametrize("seed", [1, 2])
def test_the_reference_meets_the_objective_and_the_naive_design_does_not(seed):
    report = game_day(load_design("naive-design.json"), seed)
    assert report.reference.passed
    assert not report.passed
    assert report.reference.score > 90 > 70 > report.score


def test_words_and_json(naive):
    words = naive.summary()
    assert "Design 'naive' scores" in words
    assert "The reference design scores" in words
    told = json.loads(json.dumps(naive.as_dict()))
    assert told["score"] == pytest.approx(naive.score, abs=0.05)
    assert told["reference"]["design"] == "reference"
    assert {row["disaster"] for row in naive.table()} == set(KINDS)


def test_all_data_missing_is_null_in_json_and_everything_in_words():
    report = GameDayReport(shop(data=DataPlan(copy="none")), 1, [suffer(shop(data=DataPlan(copy="none")),
                                                                       disaster("region-loss", 1), 1)])
    assert report.as_dict()["rpo_seconds"] is None
    assert report.table()[0]["RPO"] == "everything"


# ---- improving ------------------------------------------------------------------------------------------------------

def test_the_best_change_comes_first_and_does_what_it_says(naive, found):
    """Played again by hand, the winner reaches the score that the search promised."""
    assert [one.points for one in found] == sorted((one.points for one in found), reverse=True)
    best = found[0]
    assert best.points > 0
    again = game_day(changes(naive.design)[best.change], seed=7, reference=None)
    assert again.score == pytest.approx(best.after.score)
    assert "points" in best.summary()
    assert json.dumps(best.as_dict())


def test_every_change_is_tried_once_by_workers_too(naive, found, monkeypatch):
    monkeypatch.setattr(improve, "changes", lambda design: {one.change: one.after.design for one in found})
    with ProcessPoolExecutor(2) as workers:
        again = improvements(naive, executor=workers)
    assert [one.as_dict() for one in again] == [one.as_dict() for one in found]


def test_the_same_result_for_any_number_of_workers(naive):
    """One disaster after another, in threads, or in processes."""
    numbers = [report.without_story() for report in naive.disasters]
    for pool in (ThreadPoolExecutor(3), ProcessPoolExecutor(2)):
        with pool as workers:
            report = game_day(naive.design, seed=7, reference=None, executor=workers)
        assert [one.as_dict() | {"steps": []} for one in report.disasters] == [one.as_dict() for one in numbers]


@pytest.mark.parametrize(("design", "words", "check"), [
    (shop(ttl=300), "a TTL of 60 s", lambda design: {record.ttl for record in design.records} == {60}),
    (shop(checked=False), "a health check for the standby too",
     lambda design: all(record.health_check_id for record in design.records)),
    (shop(interval=30), "checks every 10 s", lambda design: {c.request_interval for c in design.health_checks} == {10}),
    (shop(capacity={"us-west-2": Capacity(share=0.2)}), "a standby of full size",
     lambda design: design.capacity_of("us-west-2").share == 1),
    (shop(data=DataPlan(copy="backup")), "a live replica of the data", lambda design: design.data.copy == "replica"),
    (shop(data=DataPlan(copy="replica")), "a failback that waits for the data",
     lambda design: design.switch is not None and design.data.failback == "held"),
    (shop(), "deployments one site at a time", lambda design: design.staged_deploys),
    (shop(), "checks that look at the page users need",
     lambda design: all(check.search_string for check in design.health_checks)),
    (shop(), "roll-back in the runbook", lambda design: design.runbook.steps[0].do == "roll-back"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_a_change_changes_what_it_says(design, words, check):
    assert check(changes(design)[words])


@pytest.mark.parametrize(("design", "words"), [
    (shop(ttl=60), "a TTL of 60 s"), (shop(), "a health check for the standby too"),
    (shop(), "a live replica of the data"), (shop(), "a failback that waits for the data"),
    (shop(), "checks every 30 s"),
])
def test_a_change_that_changes_nothing_is_not_proposed(design, words):
    assert words not in changes(design)


@pytest.mark.parametrize(("change", "words"), [
    ({"staged_deploys": False, "runbook": Runbook()}, "deployments one site at a time"),
    ({"capacity": {"us-west-2": Capacity(share=0.2, scales="never")}}, "a standby of full size"),
], ids=["nobody rolls back", "a small standby"])
def test_the_search_finds_the_planted_weakness(change, words):
    """A good design with one thing wrong: what is wrong is what the search names."""
    weak = replace(load_design("reference-design.json"), **change)
    tried = {name: design for name, design in changes(weak).items()
             if name in (words, "a TTL of 30 s")}
    assert improvements(game_day(weak, seed=2, reference=None), tried)[0].change == words
