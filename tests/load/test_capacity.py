"""capacity.py: cascades (E25), static stability (E24), and M/M/1 against a queue that is played out."""

import random

import pytest

from failover_kit.errors import ConfigurationError
from failover_kit.load.capacity import capacity_needed, cascade, mean_response, share_slower_than, statically_stable


def told(load, capacities, lost=()):
    """A cascade in the shortest notation: ["in service: load each (who falls)"]."""
    return [f"{''.join(r.in_service)}: {r.load_each:g}" + (f" ({''.join(r.overloaded)} fall)" if r.overloaded else "")
            + (", fail open" if r.failed_open else "") for r in cascade(load, capacities, lost)]


@pytest.mark.parametrize(("load", "capacities", "lost", "rounds"), [
    (90, {"a": 40, "b": 40, "c": 40}, "", ["abc: 30"]),
    (90, {"a": 45, "b": 45, "c": 45}, "c", ["ab: 45"]),
    (90, {"a": 40, "b": 40, "c": 40}, "c", ["ab: 45 (ab fall)", "abc: 30 (c fall), fail open"]),
    (90, {"a": 50, "b": 40, "c": 40}, "c", ["ab: 45 (b fall)", "a: 90 (a fall)", "abc: 30 (c fall), fail open"]),
    (90, {"a": 95, "b": 40, "c": 40}, "c", ["ab: 45 (b fall)", "a: 90"]),
    (100, {"a": 110, "b": 40}, "a", ["b: 100 (b fall)", "ab: 50 (ab fall), fail open"]),
    (100, {"a": 110}, "a", ["a: 100 (a fall), fail open"]),
], ids=["all up", "exactly enough", "one lost: half as much again on the others", "one after the other",
        "one is big enough", "a standby at 40 %", "nothing left at all"])
def test_cascade(load, capacities, lost, rounds):
    assert told(load, capacities, lost) == rounds


def test_losing_one_of_three_adds_half_to_the_others():
    """E25, in its own numbers."""
    first, = cascade(90, dict.fromkeys("abc", 100))
    after, = cascade(90, dict.fromkeys("abc", 100), lost=["a"])
    assert after.load_each == 1.5 * first.load_each


def test_an_unknown_site_can_not_be_lost():
    with pytest.raises(ConfigurationError, match="lost site 'z' is not among a, b"):
        cascade(10, {"a": 1, "b": 1}, lost=["z"])


@pytest.mark.parametrize(("capacities", "lose", "stable"), [
    ([100, 100], 1, True), ([100, 40], 1, False), ([50, 50, 50], 1, True), ([50, 50, 49], 1, False),
    ([50, 50, 50], 2, False), ([100, 100, 100], 2, True), ([100], 1, False), ([40, 60], 0, False), ([60, 60], 0, True),
], ids=str)
def test_statically_stable_for_a_load_of_100(capacities, lose, stable):
    assert statically_stable(100, capacities, lose) is stable


@pytest.mark.parametrize(("load", "capacities"), [(100, [60, 50, 50, 30]), (90, [45, 45, 45]), (90, [44, 46, 46]),
                                                  (10, [10, 10]), (10, [9, 30])], ids=str)
def test_stable_means_that_no_single_loss_cascades(load, capacities):
    sites = {f"site-{n}": capacity for n, capacity in enumerate(capacities)}
    holds = all(not cascade(load, sites, lost=[site])[0].overloaded for site in sites)
    assert statically_stable(load, capacities) is holds


@pytest.mark.parametrize(("sites", "lose", "in_all"),
                         [(2, 1, 200), (3, 1, 150), (4, 1, 400 / 3), (3, 2, 300), (5, 0, 100)])
def test_capacity_needed_for_a_load_of_100(sites, lose, in_all):
    each = capacity_needed(100, sites, lose)
    assert each * sites == pytest.approx(in_all)
    assert statically_stable(100, [each] * sites, lose)
    assert not statically_stable(100, [each * 0.99] * sites, lose)


@pytest.mark.parametrize(("sites", "lose"), [(2, 2), (1, 3), (3, -1)])
def test_somebody_has_to_stay(sites, lose):
    with pytest.raises(ConfigurationError, match="Keep at least one"):
        capacity_needed(100, sites, lose)


def queue_played_out(capacity, load, requests, rng):
    """Response times at one server, first come, first served: Lindley's recursion."""
    now = free_at = 0.0
    for _ in range(requests):
        now += rng.expovariate(load)
        free_at = max(free_at, now) + rng.expovariate(capacity)
        yield free_at - now


@pytest.mark.parametrize("use", [0.3, 0.6, 0.8])
def test_mm1_formulas(use):
    capacity = 50
    times = list(queue_played_out(capacity, use * capacity, 200_000, random.Random(7)))
    assert sum(times) / len(times) == pytest.approx(mean_response(capacity, use * capacity), rel=0.05)
    for seconds in (0.02, 0.1):
        slower = sum(time > seconds for time in times) / len(times)
        assert slower == pytest.approx(share_slower_than(seconds, capacity, use * capacity), abs=0.01)


@pytest.mark.parametrize("load", [50, 51, 500])
def test_at_full_load_nobody_gets_an_answer_in_time(load):
    assert mean_response(50, load) == float("inf")
    assert share_slower_than(3600, 50, load) == 1


def test_ninety_percent_use_is_ten_times_as_slow():
    assert mean_response(100, 90) == pytest.approx(10 * mean_response(100, 0))
