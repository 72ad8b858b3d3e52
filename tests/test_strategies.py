"""strategies.py: each strategy on the same outage, against the documented orders of magnitude (E2, E3, E16)."""

import pytest

from failover_kit.errors import ConfigurationError
from failover_kit.gameday import Action, Runbook
from failover_kit.gameday.people import ALARM_SECONDS, SPREAD_SECONDS
from failover_kit.gameday.plans import DECIDE_SECONDS, PAGE_SECONDS
from failover_kit.strategies import (
    ACT_SECONDS,
    BACKUP_EVERY,
    LOST_REGION,
    PROMOTE_SECONDS,
    REBUILD_SECONDS,
    REPLICA_LAG,
    RESTORE_SECONDS,
    START_SECONDS,
    STRATEGIES,
    compare,
    human_outage,
    run_strategy,
)

MINUTE, HOUR = 60.0, 3600.0
PEOPLE = ALARM_SECONDS + PAGE_SECONDS + DECIDE_SECONDS


@pytest.fixture(scope="module")
def results():
    return {result.name: result for result in compare(seed=3)}


@pytest.mark.parametrize(("name", "rto", "rpo"), [
    ("backup-and-restore", (1 * HOUR, 24 * HOUR), (10 * MINUTE, BACKUP_EVERY + 2 * MINUTE)),
    ("pilot-light", (10 * MINUTE, 2 * HOUR), (0.5, MINUTE)),
    ("warm-standby", (1 * MINUTE, 20 * MINUTE), (0.5, 10)),
    ("active-active", (30, 5 * MINUTE), (0.5, 5)),
    ("anycast", (45, 2 * MINUTE), (0.5, 10)),
    ("client-retry", (0, 1), (0, 5)),
])
def test_orders_of_magnitude_E2(results, name, rto, rpo):
    assert rto[0] <= results[name].rto <= rto[1]
    assert rpo[0] <= results[name].rpo <= rpo[1]


def test_faster_is_dearer_and_slower_is_cheaper(results):
    four = [results[name] for name in ("backup-and-restore", "pilot-light", "warm-standby", "active-active")]
    assert [one.rto for one in four] == sorted((one.rto for one in four), reverse=True)
    assert [one.monthly_cost for one in four] == sorted(one.monthly_cost for one in four)


def test_the_hours_of_backup_and_restore_are_its_parts(results):
    machines = REBUILD_SECONDS + RESTORE_SECONDS + 2 * ACT_SECONDS
    assert results["backup-and-restore"].rto == pytest.approx(PEOPLE + machines, abs=5 * MINUTE)


def test_the_minutes_of_a_pilot_light_are_its_parts(results):
    machines = START_SECONDS + PROMOTE_SECONDS + 2 * ACT_SECONDS
    assert results["pilot-light"].rto == pytest.approx(PEOPLE + machines, abs=5 * MINUTE)


def test_a_pilot_light_serves_nobody_before_it_is_started_a_warm_standby_somebody_E3(results):
    def served(name, minute):
        curve = results[name].report.curve
        return 1 - curve.errors[curve.index(120 + 60 * minute)]
    assert served("pilot-light", 8) == pytest.approx(0)
    assert served("warm-standby", 8) == pytest.approx(1 / 3, abs=0.05)
    assert served("active-active", 8) == pytest.approx(1)


def test_what_a_replica_loses_is_its_lag(results):
    assert results["pilot-light"].rpo == pytest.approx(REPLICA_LAG + 0.5, abs=1.5)


def test_everybody_lives_through_the_same_outage(results):
    assert all(result.report.disaster is LOST_REGION for result in results.values())


def test_an_outage_of_ones_own_or_of_the_campaign():
    crash = run_strategy("warm-standby", "crash", seed=1)
    assert crash.report.disaster.name == "crash"
    assert run_strategy("warm-standby", "crash", seed=1).as_dict() == crash.as_dict()
    with pytest.raises(ConfigurationError, match="pilot-light"):
        run_strategy("hope")


def test_every_strategy_says_what_it_is():
    for strategy in STRATEGIES.values():
        assert strategy.idea.endswith(".")
        assert strategy.design.home == "us-east-1"
    assert sum(bool(strategy.documented_rto) for strategy in STRATEGIES.values()) == 4


# ---- a human in the loop --------------------------------------------------------------------------------------------

def test_the_parts_of_a_human_outage_add_up():
    outage = human_outage(seed=1)
    assert outage.total == pytest.approx(outage.report.rto, abs=1)
    assert [part.seconds for part in outage.parts[:5]] == pytest.approx(
        [ALARM_SECONDS, PAGE_SECONDS, DECIDE_SECONDS, 300, SPREAD_SECONDS], abs=6)
    assert outage.steps


@pytest.mark.parametrize("ttl", [60, 300, 900])
def test_the_last_part_is_the_ttls(ttl):
    """All but 1 % of the caches have let go: honest ones after their TTL, the stubborn twentieth after 300 s."""
    honest_left, keeps = 0.95, max(ttl, 300)
    last = human_outage(ttl=ttl, seed=1).parts[-1]
    expected = ttl * (1 - 0.01) if ttl >= 300 else keeps * (1 - 0.01 / (1 - honest_left))
    assert last.seconds == pytest.approx(expected, abs=15)


def test_a_rehearsed_runbook_is_shorter_by_what_it_saves():
    slow, quick = (human_outage(Runbook(decide_seconds=seconds, steps=(Action(do="edit-dns", seconds=300),)))
                   for seconds in (1200, 300))
    assert slow.total - quick.total == pytest.approx(900, abs=15)


def test_without_anybody_who_edits_there_is_no_end():
    with pytest.raises(ConfigurationError, match="Nobody changed the DNS record"):
        human_outage(Runbook(steps=()))
