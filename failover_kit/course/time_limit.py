"""Stops code that does not end by itself.

    call_within(2.0, function)  ->  its result, or TimeUp after two seconds

In the main thread an alarm signal interrupts the code. Where there is no such signal (Windows), or in another thread,
the code runs in a thread of its own, into which the interruption is thrown. Code inside one long call into C (a power
with a million digits) cannot be stopped from within its process; a grader needs a process of its own for that.
"""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

RING_AGAIN = 1.0      # seconds between alarms, for code that catches everything
GIVE_UP_AFTER = 2.0   # seconds to wait for a thread to end once it has been interrupted


class TimeUp(BaseException):
    """The time is over. Not an Exception, so that a learner's `except Exception` lets it pass."""


def call_within(seconds: float, function: Callable[[], Any]) -> Any:
    """Call `function` and return its result; raise TimeUp if it takes longer than `seconds`."""
    if sys.platform == "emscripten":     # a browser's Python has neither alarms nor threads; its page has a stop button
        return function()
    if hasattr(signal, "setitimer") and threading.current_thread() is threading.main_thread():
        return _with_alarm(seconds, function)
    return _in_thread(seconds, function)


def _with_alarm(seconds: float, function: Callable[[], Any]) -> Any:
    running = True

    def ring(_signal: int, _frame: object) -> None:
        if running:
            raise TimeUp

    handler_before = signal.signal(signal.SIGALRM, ring)
    left_before, interval_before = signal.setitimer(signal.ITIMER_REAL, seconds, RING_AGAIN)
    started = time.monotonic()
    try:
        try:
            return function()
        finally:
            running = False
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, handler_before)
        if left_before:   # somebody else's alarm was set: set it again, less the time that has passed
            left = max(left_before - (time.monotonic() - started), 0.001)
            signal.setitimer(signal.ITIMER_REAL, left, interval_before)


def _in_thread(seconds: float, function: Callable[[], Any]) -> Any:
    result: list[Any] = []
    fault: list[BaseException] = []

    def run() -> None:
        try:
            result.append(function())
        except BaseException as raised:   # carried over to the caller's thread, where it is raised again
            fault.append(raised)

    thread = threading.Thread(target=run, daemon=True, name="time-limited")
    thread.start()
    thread.join(seconds)
    if thread.is_alive():
        _interrupt(thread)
        raise TimeUp
    if fault:
        raise fault[0]
    return result[0]


def _interrupt(thread: threading.Thread) -> None:
    """Throw TimeUp into a thread, again and again until it ends or GIVE_UP_AFTER has passed."""
    import ctypes

    give_up = time.monotonic() + GIVE_UP_AFTER
    while thread.is_alive() and time.monotonic() < give_up:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident or 0), ctypes.py_object(TimeUp))
        thread.join(0.05)
