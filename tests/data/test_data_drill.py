"""data_drill.py: failing over under load, measured: what is lost, stale, doubled, and what prevents it (E17-E23)."""

from dataclasses import replace
from functools import cache

import pytest

from failover_kit.data.drill import DataScenario, run_data_drill
from failover_kit.errors import ConfigurationError

RATE, FAULT, DETECTION, TTL, REPAIRED = 10, 60, 75, 60, 260     # writes/s; seconds
SHORT = {"writes_per_second": RATE, "fault_at": FAULT, "detection_seconds": DETECTION, "ttl": TTL,
         "repaired_at": REPAIRED}


@cache
def drill(seed=3, **options):
    ends_at = 450 if options.get("failback") else REPAIRED + 10
    return run_data_drill(DataScenario(**{**SHORT, "ends_at": ends_at, **options}), seed, in_memory=True)


def after(**options):
    return drill(**options).after_failover


# What a crash costs

@pytest.mark.parametrize("lag", [1, 5, 20])
def test_a_crash_loses_about_rate_times_lag(lag):
    """E21, with users who come at random: the lag, up to one batch interval more, and chance."""
    report = after(lag_seconds=lag)
    assert lag - 0.5 <= report.rpo_seconds <= lag + 1.5
    assert report.rpo_writes == pytest.approx(RATE * report.rpo_seconds, abs=4 * (RATE * report.rpo_seconds) ** 0.5)
    assert not report.stranded


def test_pitfall_without_replication_everything_is_lost():
    right, wrong = after(), after(replicated=False)
    assert wrong.rpo_seconds == pytest.approx(FAULT, abs=1)
    assert wrong.rpo_writes > 20 * right.rpo_writes
    assert len(wrong.stale_reads) > 5 * len(right.stale_reads)


def test_a_link_too_thin_for_the_load_loses_more_the_longer_it_went_on():
    """10 writes/s into 8/s: 2/s fall behind, for 60 s."""
    report = after(batch=8, interval_seconds=1.0, lag_seconds=0.5)
    assert report.rpo_writes == pytest.approx((RATE - 8) * FAULT, rel=0.35)


# Split brain

def test_a_partition_strands_what_users_with_old_answers_write():
    """E22: caches send users to the old primary for up to the TTL after the switch, half of it on average."""
    report = after(fault="partition", fence="none")
    assert len(report.stranded) == pytest.approx(RATE * TTL / 2, rel=0.25)
    assert len(report.lost) == pytest.approx(RATE * (DETECTION + 2.5), rel=0.15)
    assert report.conflicting


def test_an_epoch_alone_can_not_stop_whom_it_does_not_reach():
    assert after(fault="partition", fence="epoch") == after(fault="partition", fence="none")


def test_a_lease_stops_the_old_primary_by_itself():
    report = after(fault="partition", fence="lease")
    assert report.stranded == ()
    assert report.rpo_seconds <= DataScenario().lease_seconds + 4      # the lease, and the lag
    assert len(report.lost) < len(after(fault="partition").lost) / 2


@pytest.mark.parametrize(("lease", "promoted_at"), [(30, 135), (120, 160), (150, 200)],
                         ids=["over before the switch", "a little longer", "longer"])
def test_the_price_of_a_lease_is_waiting_for_it(lease, promoted_at):
    """It is renewed every third of its length; the last time before the fault at 60 s was at 50, 40 and 50 s."""
    run = drill(fault="partition", fence="lease", lease_seconds=float(lease))
    assert run.promoted_at == promoted_at
    assert not run.after_failover.stranded


def test_an_epoch_fences_an_old_primary_that_can_be_reached():
    fenced, open_ = after(fault="slow"), after(fault="slow", fence="none")
    assert len(open_.duplicated) > 4 * len(fenced.duplicated)


# Doubled writes

def test_a_request_that_is_sent_again_is_carried_out_again_unless_it_is_known():
    once, again = drill(fault="slow"), drill(fault="slow", idempotent=False)
    assert len(again.after_failover.duplicated) > 10 * len(once.after_failover.duplicated)
    assert once.acknowledged == again.acknowledged         # the users notice no difference


def test_after_a_crash_nothing_is_doubled():
    assert after().duplicated == ()


# Failing back

def test_automatic_failback_without_a_fence_loses_everything_since():
    """E23: DNS flips back as soon as checks pass, whatever the data. Users then write on top of old data."""
    run = drill(failback="automatic", fence="none")
    away = REPAIRED - FAULT                                # both moves come after the same detection
    assert run.after_failback.rpo_writes > RATE * away
    assert len(run.after_failback.stale_reads) > 100


def test_a_fence_turns_silent_loss_into_errors_that_can_be_seen():
    silent, loud = drill(failback="automatic", fence="none"), drill(failback="automatic", fence="epoch")
    assert silent.refused == 0
    assert loud.refused > 1000
    assert loud.after_failback.rpo_writes == loud.after_failover.rpo_writes      # nothing more than the crash had cost


@pytest.mark.parametrize(("options", "reasons"), [
    ({}, set()),
    ({"fault": "partition", "fence": "lease"}, {"LeaseEnded"}),
    ({"fault": "slow"}, {"StaleEpoch"}),
    ({"failback": "held"}, {"ReadOnly", "StaleEpoch"}),
    ({"failback": "automatic"}, {"StaleEpoch"}),
    ({"failback": "automatic", "fence": "none"}, set()),
], ids=["usual", "partition, lease", "slow", "held", "automatic", "automatic, no fence"])
def test_why_stores_refuse(options, reasons):
    assert set(drill(**options).refusals) == reasons


def test_users_who_get_there_before_the_promotion_find_a_replica():
    assert drill(fault="partition", fence="lease", lease_seconds=150.0).refusals["ReadOnly"] > 0


def test_a_held_failback_loses_nothing():
    """E18: a planned switch has an RPO of 0. The writes given up are those that the crash had cost."""
    run = drill(failback="held")
    assert run.after_failback.lost == run.after_failback.stranded == ()
    assert run.orphans == run.after_failover.rpo_writes
    assert REPAIRED < run.caught_up_at < REPAIRED + 60


def test_catching_up_takes_as_long_as_the_link_needs():
    """2000 writes to bring home, 10/s more coming in: backlog over what the link can spare."""
    backlog = RATE * (REPAIRED - FAULT)
    for carries in (30, 60):
        run = drill(failback="held", batch=carries, lag_seconds=1.0)
        assert run.caught_up_at - REPAIRED == pytest.approx(backlog / (carries - RATE), rel=0.15)


# The run itself

@pytest.mark.parametrize("options", [{}, {"fault": "partition", "fence": "lease"}, {"failback": "held"}], ids=str)
def test_same_seed_same_run_with_files_or_without(options):
    run = drill(**options)
    assert run_data_drill(run.scenario, seed=3) == run
    assert drill(seed=4, **options).after_failover != run.after_failover


@pytest.mark.parametrize("options", [{}, {"fault": "slow"}, {"fault": "partition"}, {"failback": "held"}], ids=str)
def test_every_user_gets_an_answer_in_the_end(options):
    """Nobody gives up, and only those still trying at the end have none."""
    run = drill(**options)
    wanted = RATE * run.scenario.ends_at
    assert run.given_up == 0
    assert run.acknowledged == pytest.approx(wanted, abs=4 * wanted ** 0.5 + 60)


def test_users_without_patience_give_up():
    run = drill(patience=10.0)
    assert run.given_up == pytest.approx(RATE * (DETECTION + TTL / 2), rel=0.2)


def test_the_steps_tell_the_story():
    steps = [f"{step.at:g} {step.text.split(' (')[0]}" for step in drill(failback="held").steps]
    assert steps[:4] == ["60 us-east-1: crash", "135 DNS answers us-west-2", "135 us-west-2 promoted, epoch 2",
                         "260 us-east-1 repaired"]
    caught_up = drill(failback="held").caught_up_at
    assert steps[4:] == [f"{caught_up:g} us-east-1 has caught up and is primary again, epoch 3",
                         f"{caught_up:g} DNS answers us-east-1"]


def test_a_scenario_can_be_varied():
    base = DataScenario()
    assert replace(base, lag_seconds=9.0).lag_seconds == 9.0


@pytest.mark.parametrize(("options", "faults"), [
    ({"fault": "flood", "fence": "moat", "failback": "soon"},
     ["fault is 'flood'", "fence is 'moat'", "failback is 'soon'"]),
    ({"users": 0, "retry_seconds": -1}, ["users is 0", "retry_seconds is -1"]),
    ({"repaired_at": 150.0}, ["failover by 195 s, repair at 150 s"]),
    ({"fence": "lease", "lease_seconds": 300.0}, ["failover by 420 s, repair at 400 s"]),
    ({"lag_seconds": -1.0}, ["lag_seconds is -1"]),
], ids=["unknown words", "numbers", "order of events", "a lease longer than the outage", "replication"])
def test_every_mistake_is_named_at_once(options, faults):
    with pytest.raises(ConfigurationError) as caught:
        run_data_drill(DataScenario(**options))
    assert len(caught.value.problems) == len(faults)
    assert all(fault in str(caught.value) for fault in faults)
