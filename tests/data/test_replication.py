"""replication.py: what arrives when, and what a failover, a switch and a rejoin do with the rest (E17-E23)."""

import math
import random
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from failover_kit.data.fencing import ReadOnly, StaleEpoch
from failover_kit.data.replication import NotCaughtUp, Replication, fail_over, rejoin, switch_over
from failover_kit.data.store import Store
from failover_kit.errors import ConfigurationError


@contextmanager
def pair(**options):
    """A primary, a read-only standby, and a link between them."""
    with Store("east", ":memory:") as east, Store("west", ":memory:", read_only=True) as west:
        yield east, west, Replication(east, west, **options)


def write_steadily(store, per_second, start, end):
    """`per_second` writes a second, evenly, from `start` up to but not at `end`."""
    for n in range(round((end - start) * per_second)):
        store.write(f"k{start:g}-{n}", "v", now=start + n / per_second)


def arrivals(link):
    """The deliveries, in the shortest notation: [(sent, arrived, writes)]."""
    return [(d.sent_at, d.arrived_at, d.writes) for d in link.deliveries]


# When writes arrive

@pytest.mark.parametrize(("options", "written_at", "expected"), [
    ({"lag_seconds": 2, "interval_seconds": 1}, [10], [(10, 12, 1)]),
    ({"lag_seconds": 0, "interval_seconds": 0}, [10, 11], [(10, 10, 1), (11, 11, 1)]),
    ({"lag_seconds": 2, "interval_seconds": 5}, [10, 11, 12], [(10, 12, 1), (15, 17, 2)]),
    ({"lag_seconds": 2, "interval_seconds": 5, "batch": 1}, [10, 11, 12], [(10, 12, 1), (15, 17, 1), (20, 22, 1)]),
    ({"lag_seconds": 2, "outages": [(5, 20)]}, [10], [(20, 22, 1)]),
    ({"lag_seconds": 2, "outages": [(11, 20)]}, [10], [(20, 22, 1)]),
    ({"lag_seconds": 2, "outages": [(12, 20)]}, [10], [(20, 22, 1)]),
    ({"lag_seconds": 2, "outages": [(13, 20)]}, [10], [(10, 12, 1)]),
    ({"lag_seconds": 2, "outages": [(5, 10)]}, [10], [(10, 12, 1)]),
    ({"lag_seconds": 2, "outages": [(21, 30), (5, 20)]}, [10], [(30, 32, 1)]),
    ({"lag_seconds": 2, "outages": [(5, math.inf)]}, [10], []),
    ({"lag_seconds": 2, "since": 30}, [10], [(30, 32, 1)]),
    ({"lag_seconds": lambda sent: 9 if sent < 11 else 1, "interval_seconds": 1}, [10, 11], [(10, 19, 1), (11, 19, 1)]),
], ids=["after the lag", "no lag: at once", "a batch waits for the interval", "a small batch", "link down: sent later",
        "lost on the way: sent again", "lost on arrival: sent again", "arrived just before", "link just back",
        "no gap long enough between two outages", "down for ever", "set up after the write",
        "batches do not overtake"])
def test_arrivals(options, written_at, expected):
    with pair(**options) as (east, west, link):
        for n, at in enumerate(written_at):
            east.write(f"k{n}", "v", now=at)
        link.pump(100)
        assert arrivals(link) == expected
        assert len(west.history()) == sum(writes for _, _, writes in expected)


def test_a_write_is_there_from_its_arrival_on():
    with pair(lag_seconds=2) as (east, west, link):
        east.write("cart", "two books", now=10)
        assert link.next_arrival() == 12
        assert (link.pump(11.9), west.read("cart", now=11.9).value) == (0, None)
        assert (link.pump(12), west.read("cart", now=12).value) == (1, "two books")
        assert west.history()[0].stored_at == 12
        assert link.next_arrival() is None


def test_a_lag_can_follow_a_trace():
    trace = {0: 1.0, 10: 30.0, 20: 2.0}
    with pair(lag_seconds=lambda sent: trace[sent]) as (east, _, link):
        for at in trace:
            east.write(f"k{at}", "v", now=at)
        link.pump(60)
        assert [(d.arrived_at, d.lag) for d in link.deliveries] == [(1, 1), (40, 30), (40, 20)]


def test_cut_loses_what_is_on_its_way_and_restore_sends_it_again():
    with pair(lag_seconds=5) as (east, west, link):
        east.write("k", "v", now=10)
        link.cut(12)
        assert link.pump(50) == 0
        assert link.next_arrival() is None
        link.restore(60)
        link.pump(65)
        assert arrivals(link) == [(60, 65, 1)]
        assert west.history() == east.history()


def test_restore_leaves_planned_outages_alone():
    with pair(lag_seconds=1, outages=[(100, 200)]) as (east, _, link):
        link.cut(10)
        link.restore(20)
        east.write("k", "v", now=150)
        link.pump(300)
        assert arrivals(link) == [(200, 201, 1)]


# Closed formulas

@pytest.mark.parametrize("interval", [0, 1, 4])
@pytest.mark.parametrize("lag", [0.5, 3, 10])
def test_lost_writes_are_rate_times_lag(lag, interval):
    """E21: lost = rate x lag; a batch interval adds up to one interval of writes."""
    rate, fails_at = 20, 100
    with pair(lag_seconds=lag, interval_seconds=interval, batch=10_000) as (east, _, link):
        write_steadily(east, rate, 0, fails_at)
        link.cut(fails_at)
        assert rate * lag - 1 <= len(link.waiting()) <= rate * (lag + interval) + 1


def test_users_who_write_faster_than_the_link_carries_leave_it_behind():
    with pair(lag_seconds=0, batch=10, interval_seconds=1) as (east, _, link):
        assert link.writes_per_second == 10
        write_steadily(east, 15, 0, 60)
        link.pump(60)
        assert len(link.waiting()) == pytest.approx((15 - 10) * 60, abs=15)


def test_catching_up_takes_backlog_over_spare_capacity():
    """Down for 60 s at 10/s with 30/s to spend: 600 writes behind, 20/s gained, 30 s."""
    with pair(lag_seconds=0, batch=30, interval_seconds=1, outages=[(20, 80)]) as (east, _, link):
        write_steadily(east, 10, 0, 200)
        lags, now = {}, 0
        while now < 200:
            link.pump(now)
            lags[now], now = link.deliveries[-1].arrived_at - link.deliveries[-1].oldest_at, now + 1
        caught_up = next(now for now in sorted(lags) if now > 80 and lags[now] <= 1)
        assert caught_up - 80 == pytest.approx(600 / (30 - 10), abs=2)


@pytest.mark.parametrize(("interval", "expected"), [(2, 50), (0, math.inf)])
def test_throughput(interval, expected):
    with pair(batch=100, interval_seconds=interval) as (_, _, link):
        assert link.writes_per_second == expected


def test_lag_is_the_age_of_the_oldest_write_that_is_missing():
    with pair(lag_seconds=5) as (east, _, link):
        assert link.lag(now=10) == 0
        east.write("a", "v", now=10)
        east.write("b", "v", now=12)
        assert link.lag(now=13) == 3
        link.pump(15)
        assert link.lag(now=16) == 4
        assert [write.key for write in link.waiting()] == ["b"]


# One answer, however it is asked

@settings(max_examples=40, deadline=None)
@given(written=st.lists(st.integers(0, 400), max_size=25).map(sorted),
       outage=st.tuples(st.integers(0, 300), st.integers(1, 60)),
       looks=st.lists(st.integers(0, 600), max_size=20).map(sorted), batch=st.integers(1, 6), seed=st.integers(0, 99))
def test_pumping_seldom_or_often_gives_the_same(written, outage, looks, batch, seed):
    def play(pumped_at):
        rng = random.Random(seed)
        with pair(lag_seconds=lambda sent: 0.5 + rng.expovariate(0.2), batch=batch, interval_seconds=3,
                  outages=[(outage[0], sum(outage))]) as (east, west, link):
            agenda = sorted([(at, 0, n) for n, at in enumerate(written)] + [(at, 1, 0) for at in pumped_at])
            for at, kind, n in agenda:
                if kind == 0:
                    east.write(f"k{n}", "v", now=at)
                else:
                    link.pump(at)
            link.pump(5000)
            return link.deliveries, west.history(), east.history()

    seldom, often = play([]), play(looks)
    assert seldom == often
    assert seldom[1] == seldom[2]


def test_a_new_link_skips_what_the_target_has_at_no_cost_in_time():
    with pair(lag_seconds=1) as (east, west, link):
        write_steadily(east, 10, 0, 50)
        link.pump(100)
        again = Replication(east, west, lag_seconds=1, batch=1, interval_seconds=10)
        east.write("one more", "v", now=200)
        assert again.pump(201) == 1


def test_two_way_replication_converges():
    """Active-active, last writer wins (E19): both sites end with the later value, and one write is gone silently."""
    with Store("east", ":memory:") as east, Store("west", ":memory:") as west:
        links = [Replication(east, west, lag_seconds=1), Replication(west, east, lag_seconds=1)]
        east.write("stock", "4 left", now=10.0)
        west.write("stock", "3 left", now=10.5)
        for now in range(11, 20):
            for link in links:
                link.pump(now)
        assert east.contents() == west.contents() == {"stock": "3 left"}
        assert len(east.history()) == len(west.history()) == 2
        assert [link.waiting() for link in links] == [[], []]


# Failing over

def test_fail_over_promotes_what_has_arrived():
    with pair(lag_seconds=2) as (east, west, link):
        write_steadily(east, 10, 0, 60)
        link.cut(60)
        fail_over(link, epoch=2, now=75)
        assert west.write("k", "v", now=76, epoch=2).epoch == 2
        assert west.state.promoted_at == 75
        assert 10 * 2 - 1 <= len(link.waiting()) <= 10 * (2 + 1) + 1       # E21
        assert link.stopped


def test_fail_over_takes_what_arrives_in_time_for_it():
    with pair(lag_seconds=2) as (east, west, link):
        east.write("k", "v", now=10)
        fail_over(link, epoch=2, now=12)
        assert west.contents() == {"k": "v"}


def test_the_old_primary_goes_on_unless_it_is_fenced():
    """E22: promotion does not stop it; stepping down does."""
    with pair() as (east, west, link):
        fail_over(link, epoch=2, now=75)
        assert east.write("k", "split", now=80, epoch=1).epoch == 1
        east.step_down(2)
        with pytest.raises(StaleEpoch):
            east.write("k", "v", now=81, epoch=1)
        with pytest.raises(ReadOnly):
            east.write("k", "v", now=81)
        assert west.history() == []


def test_fail_over_can_fence_a_primary_that_is_within_reach():
    """E18: stop writes to the old primary first. What is due by then still arrives."""
    with pair(lag_seconds=1) as (east, west, link):
        east.write("k", "v", now=10)
        fail_over(link, epoch=2, now=75, fence=True)
        assert west.contents() == {"k": "v"}
        assert west.write("k", "w", now=76, epoch=2).epoch == 2
        with pytest.raises(StaleEpoch, match="epoch 1 is too old, epoch 2"):
            east.write("k", "v", now=76, epoch=1)


def test_two_people_fail_over():
    with pair() as (_, _, link):
        fail_over(link, epoch=2, now=75)
        with pytest.raises(StaleEpoch, match="promotion of west: epoch 2 is too old, epoch 2 has been seen"):
            fail_over(link, epoch=2, now=76)


def test_nobody_is_promoted_if_the_old_primary_knows_of_a_newer_one():
    with pair() as (east, west, link):
        east.step_down(3)
        with pytest.raises(StaleEpoch, match="order to east to step down: epoch 2 is too old, epoch 3"):
            fail_over(link, epoch=2, now=75, fence=True)
        assert west.epoch == 1


def test_a_promoted_store_takes_no_more_from_the_old_primary():
    """E17: a promoted copy cannot be a replication target again."""
    with pair(lag_seconds=1) as (east, west, _):
        forgotten = Replication(east, west, lag_seconds=1)
        west.promote(2, now=10)
        east.write("k", "v", now=11)
        with pytest.raises(StaleEpoch, match="batch for west: epoch 1 is too old, epoch 2"):
            forgotten.pump(20)


# Going back

def test_rejoin_gives_up_what_the_new_primary_never_had():
    with pair(lag_seconds=2) as (east, west, link):
        write_steadily(east, 10, 0, 60)
        link.cut(60)
        fail_over(link, epoch=2, now=75)
        missing = link.waiting()
        west.write("k", "v", now=80)
        orphans = rejoin(east, west)
        assert orphans == missing
        assert len(orphans) >= 10 * 2 - 1                  # E21
        assert east.history() == west.history()[:-1]
        assert (east.epoch, east.state.read_only) == (2, 1)


def test_failback_in_order_loses_nothing_more():
    """E23: replication runs the other way first; E18: a planned switch has an RPO of 0."""
    with pair(lag_seconds=2) as (east, west, link):
        write_steadily(east, 10, 0, 60)
        link.cut(60)
        fail_over(link, epoch=2, now=75)
        write_steadily(west, 10, 75, 200)
        rejoin(east, west)
        back = Replication(west, east, lag_seconds=2, since=150)
        back.pump(200)
        with pytest.raises(NotCaughtUp, match=r"west still takes writes.*step_down\(2\)"):
            switch_over(back, epoch=3, now=200)
        west.step_down(2)
        with pytest.raises(NotCaughtUp, match=r"east misses \d+ writes of west"):
            switch_over(back, epoch=3, now=200)
        assert east.epoch == 2                             # a refused switch changes nothing
        switch_over(back, epoch=3, now=205)
        assert east.history() == west.history()
        assert east.write("k", "v", now=206, epoch=3).origin == "east"
        with pytest.raises(StaleEpoch):
            west.write("k", "v", now=206, epoch=2)


def test_writes_given_up_can_be_made_again():
    with pair(lag_seconds=5) as (east, west, link):
        east.write("order-1", "paid", now=10, request="r-1")
        link.cut(11)
        fail_over(link, epoch=2, now=75)
        for orphan in rejoin(east, west):
            west.write(orphan.key, orphan.value, now=90, request=orphan.request)
        back = Replication(west, east, lag_seconds=1, since=90)
        back.pump(100)
        assert east.contents() == west.contents() == {"order-1": "paid"}


def test_a_site_rebuilt_from_nothing_gets_everything_back():
    with pair(lag_seconds=1) as (east, west, link):
        write_steadily(east, 10, 0, 20)
        link.pump(30)
        fail_over(link, epoch=2, now=40)
        west.write("k", "v", now=41)
        with Store("east", ":memory:") as rebuilt:
            rejoin(rebuilt, west)
            Replication(west, rebuilt, lag_seconds=1, since=50).pump(100)
            assert rebuilt.history() == west.history()
            rebuilt.promote(3, now=101)
            assert rebuilt.write("new", "v", now=102) not in west.history()


# Mistakes

def test_every_mistake_is_named_at_once():
    with Store("east", ":memory:") as east, pytest.raises(ConfigurationError) as caught:
        Replication(east, east, lag_seconds=-1, batch=0, interval_seconds=-2, outages=[(5, 5)])
    assert [problem.what for problem in caught.value.problems] == [
        "both ends are one store", "lag_seconds is -1", "batch is 0", "interval_seconds is -2",
        "an outage from 5 to 5 s"]
    assert {problem.where for problem in caught.value.problems} == {"replication east -> east"}
