"""Fleets that cannot be, and fleets made of several kinds."""

import doctest

import pytest

from failover_kit.errors import ConfigurationError
from failover_kit.fleet import AnswerTimeline, Fleet, browser, curve, for_ever, honest, minimum_ttl, population

OUTAGE = AnswerTimeline.failover("east", "west", fails_at=300, switches_at=385)


@pytest.mark.parametrize(("wrong", "words"), [
    ({"size": 0}, "size is 0"),
    ({"size": 2.5}, "whole number of resolvers"),
    ({"ttl": -1}, "ttl is -1"),
    ({"ttl": 2**31}, "0 to 2147483647"),
    ({"demand": -0.1}, "demand is -0.1"),
    ({"demand": float("nan")}, "demand is nan"),
    ({"demand": {}}, "demand is empty"),
    ({"demand": {1.0: 0.5}}, "shares of demand add up to 0.5"),
    ({"behaviours": {}}, "behaviours is empty"),
    ({"behaviours": {honest(): 0.5, for_ever(): 0.4}}, "shares of behaviours add up to 0.9"),
    ({"behaviours": {honest(): 1.5, for_ever(): -0.5}}, "share of for ever .* is -0.5"),
    ({"behaviours": {honest: 1.0}}, "'honest' is not a behaviour"),
    ({"behaviours": {browser(60): 0.5, browser(60, demand=5): 0.5}}, "two behaviours are named 'browser 60 s'"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_refused(wrong, words):
    with pytest.raises(ConfigurationError, match=words):
        Fleet(**wrong)


def test_all_faults_are_reported_together():
    with pytest.raises(ConfigurationError) as refused:
        Fleet(size=-1, ttl=-1, behaviours={honest(): 0.5}, demand=-1)
    assert [problem.what.split()[0] for problem in refused.value.problems] == ["size", "ttl", "demand", "the"]


@pytest.mark.parametrize("step", [0, -1, 1801, float("nan")])
@pytest.mark.parametrize("run", [Fleet.expected, lambda fleet, timeline, step: fleet.sample(timeline, 1, step)],
                         ids=["expected", "sample"])
def test_the_step_must_fit_the_timeline(run, step):
    with pytest.raises(ConfigurationError, match="step is"):
        run(Fleet(size=1), OUTAGE, step=step)


def test_a_fleet_stays_as_it_was_checked():
    shares = {honest(): 1.0}
    fleet = Fleet(behaviours=shares)
    shares[for_ever()] = 0.5
    assert list(fleet.behaviours) == [honest()]


def test_a_share_of_nothing_is_not_there():
    report = Fleet(behaviours={honest(): 1.0, minimum_ttl(300): 0.0}, demand={1.0: 1.0, 5.0: 0.0}).expected(OUTAGE)
    assert list(report.by_behaviour) == ["honest"]


def test_one_line_each_way():
    fleet = Fleet(size=2000, ttl=60, behaviours={honest(): 0.9, for_ever(): 0.1})
    computed, drawn = fleet.expected(OUTAGE), fleet.sample(OUTAGE, seed=7)
    assert computed.times == drawn.times
    assert list(computed.shares) == list(drawn.shares) == ["east", "west", "no answer"]
    assert drawn.shares["east"][1000] == pytest.approx(computed.shares["east"][1000], abs=0.001)
    assert drawn.by_behaviour["honest"].mean_downtime == pytest.approx(114.5, abs=2)
    assert computed.monthly_cost() == pytest.approx(drawn.monthly_cost(), rel=0.02)


@pytest.mark.parametrize("module", [population, curve], ids=lambda module: module.__name__)
def test_the_examples_in_the_text_run(module):
    assert doctest.testmod(module) == (0, doctest.testmod(module).attempted)
    assert doctest.testmod(module).attempted
