"""fencing.py: one place gives out epochs, each once (E22)."""

import pickle

import pytest

from failover_kit.data.fencing import Leadership, LeaseEnded, LeaseHeld, ReadOnly, StaleEpoch, WriteRefused
from failover_kit.errors import ConfigurationError, FailoverKitError


def test_stale_epoch_names_both_epochs_and_the_next_step():
    error = StaleEpoch("write of 'cart-1' to us-east-1", carried=1, seen=3)
    assert (error.carried, error.seen) == (1, 3)
    assert "epoch 1" in str(error)
    assert "epoch 3" in str(error)
    assert "find the primary" in str(error)


def test_stale_epoch_crosses_to_another_process_whole():
    error = pickle.loads(pickle.dumps(StaleEpoch("promotion of us-west-2", 2, 2, "Promote after epoch 2.")))
    assert (error.carried, error.seen, error.where) == (2, 2, "promotion of us-west-2")
    assert str(error).endswith("Promote after epoch 2.")


@pytest.mark.parametrize("kind", [StaleEpoch, ReadOnly, LeaseEnded])
def test_every_refusal_is_a_write_refused(kind):
    assert issubclass(kind, WriteRefused)
    assert issubclass(kind, FailoverKitError)


def test_two_operators_promote_one_site():
    leadership = Leadership("us-east-1")
    assert leadership.take("us-west-2", after=1, now=100) == 2
    with pytest.raises(StaleEpoch, match="us-west-2 is primary already"):
        leadership.take("eu-west-1", after=1, now=101)
    assert (leadership.holder, leadership.epoch) == ("us-west-2", 2)


def test_epochs_only_grow():
    leadership = Leadership("a")
    assert [leadership.take(site, after=leadership.epoch, now=t) for t, site in enumerate("babab")] == [2, 3, 4, 5, 6]


@pytest.mark.parametrize(("now", "promoted"), [(0, False), (29.9, False), (30, True), (500, True)],
                         ids=["at once", "just before", "when it ends", "later"])
def test_a_promotion_waits_for_the_lease_of_a_silent_primary(now, promoted):
    leadership = Leadership("us-east-1", lease_seconds=30)
    if promoted:
        assert leadership.take("us-west-2", after=1, now=now) == 2
        assert leadership.until == now + 30
    else:
        with pytest.raises(LeaseHeld, match=f"Wait {30 - now:g} s"):
            leadership.take("us-west-2", after=1, now=now)


def test_a_primary_that_renews_keeps_the_others_waiting():
    leadership = Leadership("us-east-1", lease_seconds=30)
    assert leadership.renew("us-east-1", now=20) == 50
    with pytest.raises(LeaseHeld):
        leadership.take("us-west-2", after=1, now=40)


def test_a_lease_given_back_is_free_at_once():
    leadership = Leadership("us-east-1", lease_seconds=30)
    leadership.release("us-east-1", now=5)
    assert leadership.take("us-west-2", after=1, now=5) == 2


def test_who_is_not_primary_any_more_can_not_renew():
    leadership = Leadership("us-east-1", lease_seconds=30)
    leadership.take("us-west-2", after=1, now=60)
    for act in (leadership.renew, leadership.release):
        with pytest.raises(WriteRefused, match="us-west-2 is, in epoch 2"):
            act("us-east-1", now=61)


def test_without_a_lease_nobody_waits_and_nothing_ends():
    leadership = Leadership("us-east-1")
    assert leadership.renew("us-east-1", now=10) == float("inf")
    assert leadership.take("us-west-2", after=1, now=0) == 2


def test_a_lease_of_no_length_is_refused():
    with pytest.raises(ConfigurationError, match="lease_seconds is 0"):
        Leadership("us-east-1", lease_seconds=0)
