"""losses.py: what a failover costs in data, against the arithmetic of lag, backups and reigns."""

from math import inf

import pytest
from shops import BOTH_WRITE, Action, DataPlan, Runbook, by_hand, outage, replace, shop, with_object

from failover_kit.gameday import suffer
from failover_kit.gameday.losses import WRITES_PER_SECOND
from failover_kit.gameday.play import play
from failover_kit.gameday.writers import writers

LOST = outage("blackout", minutes=60, cuts_link=True)
ALIVE = outage("partition", 60, cuts_link=True, options={"regions": (
    "us-west-1", "us-west-2", "eu-west-1", "ap-southeast-1", "ap-southeast-2", "ap-northeast-1", "sa-east-1")})
REPLICA = dict(copy="replica", promotion="automatic", promotion_seconds=60.0)
SEEDS = range(6)


def held(**plan):
    return with_object(data=DataPlan(**{**REPLICA, "failback": "held", **plan}))


@pytest.mark.parametrize(("lag", "every"), [(0.5, 0.5), (2.0, 1.0), (20.0, 5.0)])
def test_what_is_lost_is_what_was_on_its_way_E21(lag, every):
    """Lost data is as old as the lag, and up to one batch and one pause between two writes more."""
    reports = [suffer(held(lag_seconds=lag, every_seconds=every), LOST, seed) for seed in SEEDS]
    assert all(lag * 0.8 <= report.rpo <= lag + every + 2 for report in reports)
    mean = sum(report.lost_writes for report in reports) / len(reports)
    assert mean == pytest.approx(WRITES_PER_SECOND * (lag + every / 2), rel=0.5)


@pytest.mark.parametrize("hours", [1, 4])
def test_a_backup_is_as_old_as_its_age(hours):
    plan = DataPlan(copy="backup", every_seconds=3600.0 * hours, lag_seconds=60.0, promotion_seconds=600.0)
    book = Runbook(alarm="errors", steps=(Action(do="promote", seconds=60),))
    ages = [suffer(shop(data=plan, runbook=book), replace(LOST, mended_at=14_520.0, until=15_000.0, strokes=(
        LOST.strokes[0], replace(LOST.strokes[1], at=14_520.0))), seed).rpo for seed in range(6)]
    assert all(0 < age <= 3600 * hours + 60 + 300 for age in ages)
    assert max(ages) - min(ages) > 360 * hours               # the fault comes at a random moment between two backups


def test_without_a_copy_everything_is_missing():
    report = suffer(shop(data=DataPlan(copy="none")), LOST, 1)
    assert report.rpo == inf
    assert report.lost_writes > 20_000                       # most of what the other site took for an hour


def test_nothing_is_lost_when_nobody_takes_over():
    report = suffer(by_hand(alarm="none"), LOST, 1)
    assert (report.rpo, report.lost_writes) == (pytest.approx(0, abs=2.5), 0)


def test_two_writers_lose_nothing_for_good_E19():
    """Pending writes of an isolated Region are kept and sent later; until then they are missing."""
    report = suffer(shop(data=BOTH_WRITE), LOST, 1)
    assert report.lost_writes == 0
    assert 0 < report.rpo <= 1 + 1 + 2


@pytest.mark.parametrize(("fence", "stray"), [("none", True), ("epoch", True), ("lease", False)])
def test_split_brain_E22(fence, stray):
    """A partitioned primary works on: only a lease stops it before the other site takes writes."""
    report = suffer(shop(data=DataPlan(**REPLICA, fence=fence), runbook=Runbook(alarm="none")), ALIVE, 1)
    assert (report.conflicting_writes > 0) is stray


def test_failback_before_the_data_loses_what_the_standby_took_E23():
    hasty = suffer(shop(data=DataPlan(**REPLICA)), LOST, 1)
    held_back = suffer(held(), LOST, 1)
    assert hasty.rpo > 3000                                  # nearly the whole hour
    assert held_back.rpo < 5
    assert hasty.lost_writes > 100 * held_back.lost_writes


def test_who_takes_writes_when():
    played = play(held(), LOST, 1)
    away, back = played.promotions
    spans = writers(played)
    assert [takes for _, takes in spans["us-east-1"]] == [True, False, True]
    assert [takes for _, takes in spans["us-west-2"]] == [False, True, False]
    assert spans["us-west-2"][1][0] == away.at
    assert spans["us-east-1"][1][0] == pytest.approx(played.mended_at, abs=5)     # told as soon as it can be reached
    assert spans["us-west-2"][2][0] == back.old_stopped_at < back.at


def test_the_same_seed_loses_the_same():
    one, two = (suffer(held(), LOST, 5) for _ in range(2))
    assert (one.rpo, one.lost_writes, one.conflicting_writes) == (two.rpo, two.lost_writes, two.conflicting_writes)
