"""store.py: what a store takes, refuses, remembers, and still has after its process was killed."""

import itertools
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import failover_kit
from failover_kit.data.fencing import LeaseEnded, ReadOnly, StaleEpoch, WriteRefused
from failover_kit.data.store import Store
from failover_kit.data.writes import Write
from failover_kit.errors import ConfigurationError

PROJECT = Path(failover_kit.__file__).parent.parent


@pytest.fixture
def east():
    with Store("us-east-1", ":memory:") as store:
        yield store


# Users

def test_a_read_shows_the_newest_write(east):
    east.write("cart", "one book", now=1.0)
    east.write("cart", "two books", now=2.0)
    seen = east.read("cart", now=5.0)
    assert (seen.value, seen.written_at, seen.at, seen.site) == ("two books", 2.0, 5.0, "us-east-1")


def test_at_one_moment_the_later_write_wins(east):
    for value in ("first", "second", "third"):
        east.write("cart", value, now=1.0)
    assert east.read("cart", now=1.0).value == "third"


def test_an_unknown_key_reads_as_nothing_written_ever(east):
    seen = east.read("cart", now=5.0)
    assert seen.value is None
    assert seen.written_at == float("-inf")


@pytest.mark.parametrize(("key", "value"), [("k", 3), ("k", None), (1, "v"), ("k", b"v")], ids=repr)
def test_only_text_is_kept(east, key, value):
    with pytest.raises(ConfigurationError, match="Both must be text"):
        east.write(key, value, now=1.0)
    assert east.history() == []


@pytest.mark.parametrize(("idempotent", "writes"), [(True, 1), (False, 2)])
def test_a_request_sent_twice(idempotent, writes):
    with Store("us-east-1", ":memory:", idempotent=idempotent) as store:
        first = store.write("order-1", "paid", now=1.0, request="r-1")
        again = store.write("order-1", "paid", now=6.0, request="r-1")
        assert len(store.history()) == writes
        assert (again == first) is idempotent


def test_writes_without_a_request_are_never_taken_for_one(east):
    east.write("order-1", "paid", now=1.0)
    east.write("order-1", "paid", now=1.0)
    assert len(east.history()) == 2


# Epochs: older is refused, newer is remembered (E22; the first lesson of F1: reject stale writers)

@pytest.mark.parametrize(("carried", "seen", "after"), [
    (1, 1, 1), (3, 3, 3), (3, 1, 3), (None, 1, 1), (None, 5, 5), (1, 2, StaleEpoch), (4, 5, StaleEpoch),
], ids=["same", "same, later", "newer: remembered", "none", "none, later", "older", "older by one"])
def test_fencing_rule(east, carried, seen, after):
    if seen > 1:
        east.promote(seen, now=0.0)
    if after is StaleEpoch:
        with pytest.raises(StaleEpoch, match=f"epoch {carried} is too old, epoch {seen} has been seen"):
            east.write("k", "v", now=1.0, epoch=carried)
        assert east.history() == []
    else:
        assert east.write("k", "v", now=1.0, epoch=carried).epoch == after
        assert east.epoch == after


def test_a_refused_write_uses_up_nothing(east):
    east.promote(2, now=0.0)
    with pytest.raises(StaleEpoch):
        east.write("k", "v", now=1.0, epoch=1)
    assert east.write("k", "v", now=1.0, epoch=2).id == "us-east-1/2.1"


def test_a_store_that_stepped_down_refuses_every_writer(east):
    east.step_down(2)
    for carried in (None, 2, 3):
        with pytest.raises(ReadOnly, match="read-only in epoch 2"):
            east.write("k", "v", now=1.0, epoch=carried)
    assert east.read("k", now=1.0).value is None             # reading stays allowed


@pytest.mark.parametrize(("now", "taken"), [(29.9, True), (30.0, False), (45.0, False)])
def test_a_lease_stops_a_primary_that_nobody_can_reach(east, now, taken):
    east.promote(2, now=0.0, lease_until=30.0)
    if taken:
        assert east.write("k", "v", now=now)
    else:
        with pytest.raises(LeaseEnded, match="lease ended at 30 s"):
            east.write("k", "v", now=now)


def test_a_renewed_lease_goes_on(east):
    east.renew(30.0)
    east.renew(60.0)
    assert east.write("k", "v", now=45.0)


@pytest.mark.parametrize("epoch", [1, 2], ids=["an old epoch", "the epoch it is in"])
def test_a_promotion_needs_a_new_epoch(east, epoch):
    east.promote(2, now=1.0)
    with pytest.raises(StaleEpoch, match="3 or later"):
        east.promote(epoch, now=2.0)
    assert east.state.promoted_at == 1.0


def test_a_promotion_opens_a_replica(east):
    east.step_down(1)
    east.promote(2, now=8.0)
    assert east.write("k", "v", now=9.0).epoch == 2
    assert east.state.promoted_at == 8.0


def test_an_old_order_to_step_down_is_refused(east):
    east.promote(3, now=0.0)
    with pytest.raises(StaleEpoch):
        east.step_down(2)
    assert east.write("k", "v", now=1.0)


def test_a_fence_outlives_a_restart(tmp_path):
    with Store("us-east-1", tmp_path / "east.sqlite") as store:
        store.step_down(2)
    with Store("us-east-1", tmp_path / "east.sqlite") as store, pytest.raises(StaleEpoch):
        store.write("k", "v", now=1.0, epoch=1)
    with Store("us-east-1", tmp_path / "east.sqlite", read_only=False) as store:      # an operator may force it open
        assert store.write("k", "v", now=1.0).epoch == 2


def test_sequences_go_on_after_a_restart(tmp_path):
    with Store("us-east-1", tmp_path / "east.sqlite") as store:
        store.write("k", "v", now=1.0)
    with Store("us-east-1", tmp_path / "east.sqlite") as store:
        assert store.write("k", "w", now=2.0).sequence == 2


# Batches from another store

def batch(count, epoch=1, origin="us-west-2"):
    return [Write(f"k{n}", f"v{n}", float(n), epoch, origin, n) for n in range(1, count + 1)]


def test_a_batch_delivered_twice_is_kept_once(east):
    assert len(east.apply(batch(3), epoch=1, now=9.0)) == 3
    assert east.apply(batch(3), epoch=1, now=10.0) == []
    assert len(east.apply(batch(5), epoch=1, now=11.0)) == 2
    assert east.history() == batch(5)


def test_a_batch_from_a_dethroned_primary_is_refused(east):
    east.promote(2, now=5.0)
    with pytest.raises(StaleEpoch, match="epoch 1 is too old, epoch 2 has been seen"):
        east.apply(batch(3), epoch=1, now=9.0)
    assert east.history() == []


def test_a_batch_from_a_new_primary_dethrones(east):
    east.apply(batch(3), epoch=2, now=9.0)
    assert (east.epoch, east.state.read_only) == (2, 1)
    assert [write.epoch for write in east.history()] == [1, 1, 1]     # the writes keep the epochs they were made in


def test_a_batch_is_all_or_nothing(east):
    good, clash = batch(2)[0], Write("k", "v", 1.0, 1, "us-west-2", 7)
    with pytest.raises(sqlite3.IntegrityError):
        east.apply([good, clash, clash], epoch=2, now=9.0)
    assert east.history() == []
    assert east.epoch == 1


WRITES = st.lists(st.builds(lambda key, value, at, epoch, origin: (key, value, float(at), epoch, origin),
                            st.sampled_from("abc"), st.sampled_from("xyz"), st.integers(0, 3), st.integers(1, 2),
                            st.sampled_from(["us-east-1", "us-west-2"])), max_size=8)


@given(WRITES, st.randoms(use_true_random=False))
def test_same_writes_same_data_in_any_order(fields, rng):
    writes = [Write(*row, sequence=n) for n, row in enumerate(fields, 1)]
    shuffled = rng.sample(writes, len(writes))
    with Store("a", ":memory:") as one, Store("b", ":memory:") as other:
        one.apply(writes, epoch=1, now=9.0)
        other.apply(shuffled, epoch=1, now=9.0)
        assert one.contents() == other.contents()
        newest = {key: max((w for w in writes if w.key == key), key=lambda w: (w.epoch, w.written_at, w.origin,
                                                                               w.sequence)).value
                  for key in {w.key for w in writes}}
        assert one.contents() == newest
        assert all(one.read(key, now=9.0).value == value for key, value in newest.items())


def test_discard_brings_the_value_before_back(east):
    east.write("k", "old", now=1.0)
    east.discard([east.write("k", "new", now=2.0)])
    assert east.contents() == {"k": "old"}


def test_log_since_goes_on_where_one_stopped(east):
    writes = [east.write(f"k{n}", "v", now=float(n)) for n in range(5)]
    assert east.log_since(0) == writes
    assert east.log_since(writes[2].position) == writes[3:]
    assert east.log_since(0, limit=2) == writes[:2]
    assert east.log_since(0, until=3.0) == writes[:4]
    assert east.log_since(writes[0].position, limit=1, until=3.0) == writes[1:2]


def test_a_log_read_up_to_a_moment_leaves_no_gap(east):
    """A batch that arrived earlier may be taken in later; what stands behind a later write waits for it."""
    first, late, behind = (east.apply([Write(f"k{n}", "v", 1.0, 1, "us-west-2", n)], 1, now)[0]
                           for n, now in enumerate([5.0, 9.0, 7.0], 1))
    assert east.log_since(0, until=8.0) == [first]
    assert east.log_since(first.position, until=9.0) == [late, behind]


# Crashes and threads

def child(*lines):
    """A Python process that runs these lines with `store` open on the path given as its argument."""
    code = "\n".join(["import os, signal, sys", "from failover_kit.data.store import Store",
                      "store = Store('us-east-1', sys.argv[1])", *map(textwrap.dedent, lines)])
    return [sys.executable, "-c", code]


def test_a_store_killed_at_work_loses_no_acknowledged_write(tmp_path):
    """The child says each acknowledgement aloud; it is killed from outside, wherever it is just then."""
    endless = "for n in range(10**9):\n    print(store.write(f'k{n}', 'v', now=float(n)).id, flush=True)"
    process = subprocess.Popen([*child(endless), str(tmp_path / "east.sqlite")], cwd=PROJECT, text=True,
                               stdout=subprocess.PIPE)
    with process:
        said = list(itertools.islice(process.stdout, 200))
        process.kill()
        said += process.stdout.readlines()                  # what it managed to say meanwhile
    acknowledged = [line.strip() for line in said if line.endswith("\n")]
    with Store("us-east-1", tmp_path / "east.sqlite") as store:
        kept = [write.id for write in store.history()]
        assert kept[:len(acknowledged)] == acknowledged
        assert len(kept) - len(acknowledged) <= 1           # at most the one that was kept, and not yet said
        assert store.write("after", "v", now=0.0).sequence == len(kept) + 1
    with sqlite3.connect(tmp_path / "east.sqlite") as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    db.close()


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="a process can't kill itself without a trace here")
@pytest.mark.parametrize(("statement", "survivors"), [
    ("BEGIN", ["kept"]), ("UPDATE state", ["kept"]), ("INSERT INTO log", ["kept"]), ("COMMIT", ["kept"]),
], ids=["at BEGIN", "before the sequence moves", "between sequence and row", "before COMMIT"])
def test_a_store_killed_in_the_middle_of_a_write_keeps_none_of_it(tmp_path, statement, survivors):
    trap = f"""
        store.write('kept', 'v', now=1.0)
        def die(sql):
            if sql.startswith({statement!r}):
                os.kill(os.getpid(), signal.SIGKILL)
        store._file._database.set_trace_callback(die)
        store.write('never acknowledged', 'v', now=2.0)
        print('acknowledged')
        """
    done = subprocess.run([*child(trap), str(tmp_path / "east.sqlite")], cwd=PROJECT, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (-signal.SIGKILL, "")
    with Store("us-east-1", tmp_path / "east.sqlite") as store:
        assert [write.key for write in store.history()] == survivors
        assert store.state.sequence == len(survivors)


def test_threads_take_turns():
    with Store("us-east-1") as store:
        def write_many(name):
            for n in range(50):
                store.write(f"{name}-{n}", "v", now=float(n), writer=name)

        threads = [threading.Thread(target=write_many, args=(name,)) for name in "abcd"]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(write.sequence for write in store.history()) == list(range(1, 201))
        assert len(store.contents()) == 200


def test_refusals_have_one_parent_to_catch(east):
    east.step_down(2)
    for carried in (1, 2):
        with pytest.raises(WriteRefused):
            east.write("k", "v", now=1.0, epoch=carried)
