"""data_report.py: what became of every acknowledged write, and whether a read was fresh or stale (E1, E21, E22)."""

from contextlib import contextmanager

import pytest

from failover_kit.data.replication import Replication, fail_over
from failover_kit.data.report import compare, stale
from failover_kit.data.store import Store
from failover_kit.data.writes import Read, Write


@contextmanager
def after_failover(*, before=(), late=(), old=(), new=()):
    """Two stores. `before` arrived in time, `late` did not; `old` and `new` were written at the two sites afterwards.

    The link is down from second 90 on. A write is (second, key) or (second, key, request).
    """
    with Store("east", ":memory:") as east, Store("west", ":memory:", read_only=True) as west:
        link = Replication(east, west, lag_seconds=1)
        for at, key, *request in before:
            east.write(key, "east", now=at, request="".join(request))
        link.cut(90)
        for at, key, *request in late:
            east.write(key, "east", now=at, request="".join(request))
        fail_over(link, epoch=2, now=100)
        for store, writes in ((east, old), (west, new)):
            for at, key, *request in writes:
                store.write(key, store.site, now=at, request="".join(request))
        yield east, west


def keys(writes):
    return [write.key for write in writes]


@pytest.mark.parametrize(("history", "lost", "stranded", "conflicting", "duplicated"), [
    ({"before": [(10, "a")]}, [], [], [], []),
    ({"before": [(10, "a")], "late": [(99.5, "b")]}, ["b"], [], [], []),
    ({"late": [(99.5, "b")], "old": [(120, "c")]}, ["b"], ["c"], [], []),
    ({"old": [(120, "c")], "new": [(125, "c")]}, [], ["c"], ["c"], []),
    ({"late": [(99.5, "b")], "new": [(125, "b")]}, ["b"], [], ["b"], []),
    ({"before": [(10, "a")], "new": [(125, "a")]}, [], [], [], []),
    ({"old": [(120, "c")], "new": [(125, "d")]}, [], ["c"], [], []),
    ({"late": [(99.5, "b", "r1")], "new": [(110, "b", "r1")]}, [], [], [], [["east", "west"]]),
    ({"before": [(10, "b", "r1")], "new": [(110, "b", "r1")]}, [], [], [], []),
    ({"old": [(120, "b", "r1")], "new": [(110, "b", "r1"), (130, "b", "r2")]}, [], [], [], [["east", "west"]]),
], ids=["arrived: kept", "did not arrive: lost", "old primary goes on: stranded", "both sites write: conflict",
        "lost, and overwritten: conflict", "overwritten in the normal way", "both write, other keys",
        "sent again elsewhere: doubled, not lost", "sent again, but known: once", "split brain on one request"])
def test_what_became_of_a_write(history, lost, stranded, conflicting, duplicated):
    with after_failover(**history) as (east, west):
        report = compare(east, west)
    assert keys(report.lost) == lost
    assert keys(report.stranded) == stranded
    assert [conflict.key for conflict in report.conflicting] == conflicting
    assert [[write.origin for write in writes] for writes in report.duplicated] == duplicated
    assert report.rpo_writes == len(lost)
    assert report.clean is (not (lost or stranded or conflicting or duplicated))


def test_a_conflict_shows_both_last_values():
    with after_failover(old=[(110, "k"), (120, "k")], new=[(115, "k"), (130, "k")]) as (east, west):
        (conflict,) = compare(east, west).conflicting
    assert (conflict.old.written_at, conflict.new.written_at) == (120, 130)
    assert (conflict.old.epoch, conflict.new.epoch) == (1, 2)


@pytest.mark.parametrize(("late", "failed_at", "expected"), [
    ([], None, 0.0),
    ([(97, "a"), (99, "b")], None, 2.0),
    ([(97, "a"), (99, "b")], 100, 3.0),
    ([(97, "a"), (104, "b")], None, 3.0),
], ids=["nothing lost", "until its last write", "until its crash", "it lived on: until the promotion"])
def test_rpo_reaches_back_to_the_oldest_lost_write(late, failed_at, expected):
    """E1: the recovery point is where the data that is left ends."""
    with after_failover(late=late) as (east, west):
        assert compare(east, west, failed_at=failed_at).rpo_seconds == expected


def test_rpo_in_seconds_and_writes_agree_with_the_rate():
    """E21: lost writes = rate x seconds."""
    with Store("east", ":memory:") as east, Store("west", ":memory:", read_only=True) as west:
        link = Replication(east, west, lag_seconds=7)
        for n in range(1000):
            east.write(f"k{n}", "v", now=n / 10)
        link.cut(100)
        fail_over(link, epoch=2, now=160)
        report = compare(east, west, failed_at=100)
    assert report.rpo_writes == pytest.approx(10 * report.rpo_seconds, abs=1)
    assert 7 - 1 / 10 <= report.rpo_seconds <= 7 + 1        # the lag, and up to one batch interval


def test_without_replication_everything_is_lost():
    with Store("east", ":memory:") as east, Store("west", ":memory:") as west:
        for n in range(50):
            east.write(f"k{n}", "v", now=float(n))
        west.promote(2, now=60)
        report = compare(east, west)
    assert report.rpo_writes == 50
    assert report.rpo_seconds == 49


def test_a_request_carried_out_twice_at_one_site_is_seen():
    with Store("east", ":memory:", idempotent=False) as east, Store("west", ":memory:") as west:
        for at in (1, 6, 11):
            west.write("order", "paid", now=at, request="r1")
        assert [len(writes) for writes in compare(east, west).duplicated] == []      # west carries out a request once
        for at in (1, 6, 11):
            east.write("order", "paid", now=at, request="r2")
        assert [len(writes) for writes in compare(east, west).duplicated] == [3]


# Reads

HISTORY = [Write("k", "one", 10, 1, "east", 1), Write("k", "two", 20, 1, "east", 2),
           Write("other", "x", 30, 1, "east", 3)]
NEVER = float("-inf")


@pytest.mark.parametrize(("shown", "at", "is_stale"), [
    (10, 15, False), (10, 25, True), (20, 25, False), (NEVER, 5, False), (NEVER, 15, True), (10, 20, False),
    (20, 40, False),
], ids=["newest then", "older than the newest", "newest", "nothing was written yet", "should have been there",
        "written at that very moment", "another key's write does not count"])
def test_a_read_is_stale_if_a_newer_write_was_acknowledged(shown, at, is_stale):
    read = Read("k", "?", shown, at, "west")
    assert stale([read], HISTORY) == ((read,) if is_stale else ())


def test_no_writes_no_stale_reads():
    assert stale([Read("k", None, NEVER, 5, "west")], []) == ()


def test_reads_at_a_replica_are_stale_for_as_long_as_the_lag():
    """One write each 10 s, seen 4 s later, read every second: 4 in 10 reads are stale."""
    with Store("east", ":memory:") as east, Store("west", ":memory:", read_only=True) as west:
        link, reads = Replication(east, west, lag_seconds=4, interval_seconds=0), []
        for second in range(200):
            if second % 10 == 0:
                east.write("stock", str(second), now=second)
            link.pump(second + 0.5)
            reads.append(west.read("stock", now=second + 0.5))
        report = compare(east, west, reads=reads)
    assert report.reads == 200
    assert len(report.stale_reads) == 200 * 4 // 10


def test_a_lost_write_makes_later_reads_stale():
    with after_failover(before=[(10, "k")], late=[(99.5, "k")]) as (east, west):
        report = compare(east, west, reads=[west.read("k", now=150)])
    assert len(report.stale_reads) == 1


def test_the_report_in_numbers():
    with after_failover(late=[(99.5, "b")]) as (east, west):
        report = compare(east, west, failed_at=100)
    assert report.counts() == {"lost writes": 1, "stranded writes": 0, "conflicting keys": 0, "duplicated requests": 0,
                               "stale reads": 0, "RPO (s)": 0.5}
    assert str(report).startswith("lost writes: 1, stranded writes: 0")
