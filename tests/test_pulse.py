"""A lab's clock stands still while its machine does not run it, and its limits with it."""

import asyncio
import time

import pytest

from failover_kit import Lab
from failover_kit.health import Status
from failover_kit.network.pulse import ALLOWANCE, STEP, Pulse

UNHEARD = STEP + ALLOWANCE


class Clock:
    """Real seconds, moved by hand."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


@pytest.mark.parametrize(("beats", "counted", "stalled"), [
    ([0.02, 0.02, 0.02], 0.06, 0.0),
    ([0.02, 0.03], 0.05, 0.0),                                           # a little late is not a stall
    ([0.02, 0.5], 0.02 + UNHEARD, 0.5 - UNHEARD),
    ([3.0, 0.02, 4.0], 0.02 + 2 * UNHEARD, 7.0 - 2 * UNHEARD),
], ids=["in time", "a little late", "one stall", "two stalls"])
def test_a_stall_is_not_counted(beats, counted, stalled):
    clock = Clock()
    pulse = Pulse(clock)
    for later in beats:
        clock.now += later
        pulse.beat()
    assert (pulse.time(), pulse.stalled) == (pytest.approx(counted), pytest.approx(stalled))


def test_between_two_beats_time_goes_on_and_never_back():
    clock = Clock()
    pulse = Pulse(clock)
    seen = []
    for _ in range(8):
        clock.now += 0.01
        seen.append(pulse.time())
    pulse.beat()
    seen.append(pulse.time())
    assert seen == sorted(seen)
    assert seen[0] == pytest.approx(0.01)
    assert seen[-1] == pytest.approx(UNHEARD)


def stalling(seconds):
    """Keep the loop's thread busy, as a machine that runs something else does."""
    time.sleep(seconds)


def under_a_pulse(body):
    async def main():
        pulse = Pulse()
        pulse.start()
        return await body(pulse)
    return asyncio.run(main())


def test_a_stall_longer_than_the_limit_does_not_break_it():
    async def body(pulse):
        async with pulse.limit(0.1):
            stalling(0.2)
            await asyncio.sleep(0)
        return "in time"
    assert under_a_pulse(body) == "in time"


def test_a_limit_breaks_what_takes_too_long_and_can_be_started_again():
    async def body(pulse):
        async with pulse.limit(60) as limit:
            limit.restart(0.05)
            await asyncio.Event().wait()
    with pytest.raises(TimeoutError):
        under_a_pulse(body)


def test_sleep_makes_up_for_a_stall():
    async def body(pulse):
        began = pulse.time()
        asyncio.get_running_loop().call_later(0.01, stalling, 0.1)
        await pulse.sleep(0.09)
        return pulse.time() - began, pulse.stalled
    slept, stalled = under_a_pulse(body)
    assert slept >= 0.09
    assert stalled > 0.04


def test_a_healthy_site_stays_healthy_on_a_machine_that_stalls():
    """At this speed a checker waits 0.1 s for a status; the lab is held up for longer than that, again and again."""
    with Lab.live(speed=20) as lab:
        east = lab.site("us-east-1")
        check = lab.health_check(east, request_interval=10, failure_threshold=1)
        for at in range(5, 60, 5):
            lab.at(at, lambda: stalling(0.15))
        lab.run(60)
        assert lab.status(check) is Status.HEALTHY
        assert not [seen for seen in lab.service.monitor.latest(check.id) if "200, OK" not in seen.reason]
        assert lab.world.stalled > 1.0
