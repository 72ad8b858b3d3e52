"""health.py against the fact sheet's rules A11-A15, A33-A36, A40."""

from itertools import product

import pytest

from failover_kit.health import (
    TRANSITIONS,
    CheckerState,
    Outcome,
    Phase,
    Status,
    aggregate,
    calculated,
    checkers_needed,
    from_alarm,
    modified,
    step,
)
from failover_kit.metrics import AlarmState

H, U = Status.HEALTHY, Status.UNHEALTHY
LETTER = {"P": Outcome.PASS, "F": Outcome.FAIL, "H": H, "U": U}


@pytest.mark.parametrize(("probes", "phase"), [
    ("", Phase.HEALTHY),
    ("F", Phase.FAILING),
    ("FF", Phase.FAILING),
    ("FFP", Phase.HEALTHY),          # one pass clears the streak
    ("FFPFF", Phase.FAILING),        # and it starts again from one
    ("FFF", Phase.UNHEALTHY),
    ("FFFF", Phase.UNHEALTHY),
    ("FFFP", Phase.RECOVERING),
    ("FFFPP", Phase.RECOVERING),
    ("FFFPPF", Phase.UNHEALTHY),
    ("FFFPPFPP", Phase.RECOVERING),
    ("FFFPPP", Phase.HEALTHY),
], ids=lambda v: (v or "no probes") if isinstance(v, str) else v.value)
def test_checker_with_threshold_3_A11(probes, phase):
    state = CheckerState()
    for letter in probes:
        state = step(state, LETTER[letter], threshold=3)
    assert state.phase is phase


@pytest.mark.parametrize("threshold", range(1, 11))
def test_threshold_counts_both_ways_A11(threshold):
    state = CheckerState()
    for outcome, before, after in ((Outcome.FAIL, H, U), (Outcome.PASS, U, H)):
        for _ in range(threshold):
            assert state.phase.status is before
            state = step(state, outcome, threshold)
        assert state.phase.status is after


def test_every_phase_and_outcome_is_in_the_table():
    assert set(TRANSITIONS) == set(product(Phase, Outcome))


@pytest.mark.parametrize(("checkers", "needed"), [(3, 1), (6, 2), (8, 2), (11, 2), (12, 3), (14, 3), (16, 3), (32, 6)])
def test_checkers_that_must_agree_A13(checkers, needed):
    assert checkers_needed(checkers) == needed
    assert aggregate([H] * needed + [U] * (checkers - needed)) is H
    assert aggregate([H] * (needed - 1) + [U] * (checkers - needed + 1)) is U


def test_exactly_eighteen_percent_is_not_enough_A12():
    assert aggregate([H] * 9 + [U] * 41) is U
    assert aggregate([H] * 10 + [U] * 40) is H


def test_no_reports_yet_is_healthy_A15():
    assert aggregate([]) is H


@pytest.mark.parametrize(("children", "threshold", "status"), [
    ("UUU", 0, H), ("UUU", 1, U), ("HUU", 1, H), ("HHU", 2, H), ("HHU", 3, U), ("HHH", 3, H), ("HHH", 4, U), ("", 0, H),
], ids=str)
def test_calculated_A36(children, threshold, status):
    assert calculated([LETTER[letter] for letter in children], threshold) is status


@pytest.mark.parametrize(("observed", "inverted", "disabled", "status"), [
    (H, False, False, H), (U, False, False, U), (H, True, False, U), (U, True, False, H),
    (U, False, True, H), (H, False, True, H), (U, True, True, U), (H, True, True, U),
])
def test_inverted_and_disabled_A33_A34(observed, inverted, disabled, status):
    assert modified(observed, inverted=inverted, disabled=disabled) is status


@pytest.mark.parametrize(("state", "insufficient", "last", "status"), [
    (AlarmState.OK, "Unhealthy", U, H),
    (AlarmState.ALARM, "Healthy", H, U),
    (AlarmState.INSUFFICIENT_DATA, "Healthy", U, H),
    (AlarmState.INSUFFICIENT_DATA, "Unhealthy", H, U),
    (AlarmState.INSUFFICIENT_DATA, "LastKnownStatus", U, U),
    (AlarmState.INSUFFICIENT_DATA, "LastKnownStatus", H, H),
], ids=str)
def test_alarm_state_A40(state, insufficient, last, status):
    assert from_alarm(state, insufficient, last) is status
