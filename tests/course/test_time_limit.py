"""Code that never ends is ended, in the main thread and in any other."""

import signal
import threading
import time

import pytest

from failover_kit.course.time_limit import TimeUp, call_within

LIMIT = 0.05   # seconds


def in_another_thread(seconds, function):
    """What call_within does where there is no alarm: also the way on Windows."""
    outcome = []

    def run():
        try:
            outcome.append(call_within(seconds, function))
        except BaseException as raised:   # handed to the test
            outcome.append(raised)

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]


ways = pytest.mark.parametrize("limited", [call_within, in_another_thread], ids=["main thread", "other thread"])


def loop_for_ever():
    while True:
        pass


def loop_that_catches_exceptions():
    while True:
        try:
            loop_for_ever()
        except Exception:
            pass


def loop_that_catches_everything_once():
    try:
        loop_for_ever()
    except BaseException:
        loop_for_ever()


@ways
def test_a_result_in_time_is_returned(limited):
    assert limited(5, lambda: 42) == 42


@ways
def test_what_the_code_raises_is_raised(limited):
    with pytest.raises(ZeroDivisionError):
        limited(5, lambda: 1 / 0)


@ways
@pytest.mark.parametrize("function", [loop_for_ever, loop_that_catches_exceptions, loop_that_catches_everything_once],
                         ids=lambda function: function.__name__)
def test_an_endless_loop_is_stopped(limited, function):
    started = time.monotonic()
    with pytest.raises(TimeUp):
        limited(LIMIT, function)
    assert time.monotonic() - started < 10      # against hanging, not a measurement


@ways
def test_nothing_is_left_running(limited):
    with pytest.raises(TimeUp):
        limited(LIMIT, loop_for_ever)
    assert "time-limited" not in [thread.name for thread in threading.enumerate()]


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no alarm signal")
def test_somebody_elses_alarm_still_rings_afterwards():
    rung = []
    before = signal.signal(signal.SIGALRM, lambda *_: rung.append(True))
    signal.setitimer(signal.ITIMER_REAL, 60)
    try:
        call_within(5, lambda: None)
        left, _ = signal.getitimer(signal.ITIMER_REAL)
        assert 0 < left <= 60
        signal.raise_signal(signal.SIGALRM)
        assert rung == [True]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
