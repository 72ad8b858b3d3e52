"""rush.py: the liquid crowd against closed formulas, and against the same crowd played out one by one."""

import heapq
import math
import random
from itertools import count

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from failover_kit.errors import ConfigurationError
from failover_kit.load.clients import AT_ONCE, BACKOFF, BACKOFF_WITH_JITTER, NEVER, Clients, Retry
from failover_kit.load.rush import Standby, rush

FULL = 100                                                # requests/s that 1000 users ask for
SHOP = {"users": 1000, "think_seconds": 10, "timeout": 2}
NOBODY_COMES_BACK = {"think_seconds": 1e9}                # so the arrivals are the whole load


# Fluid limits

@pytest.mark.parametrize("load", [60, 99, 150, 400])
def test_goodput_until_the_queue_is_as_long_as_the_timeout_then_none(load):
    """Arrivals at a constant rate above capacity c: the wait reaches the timeout T after c T / (load - c) seconds."""
    capacity, timeout, seconds = 50, 2.0, 60.0
    run = rush(Standby(capacity=capacity),
               Clients(users=load * seconds, timeout=timeout, retry=NEVER, arrive_over=seconds, **NOBODY_COMES_BACK),
               seconds, step=0.05)
    arrivals_in_time = timeout * capacity / (load - capacity)           # those who come later wait too long
    served_in_time = load * arrivals_in_time
    assert sum(run.goodput) * run.step == pytest.approx(served_in_time, rel=0.05)
    assert run.goodput[-1] == 0
    assert run.wasted[-1] == pytest.approx(capacity)
    assert run.queue[-1] == pytest.approx((load - capacity) * seconds, rel=0.01)


def test_below_capacity_everybody_is_served_at_once():
    run = rush(Standby(capacity=200), Clients(**SHOP, arrive_over=60))
    assert run.recovered_at == 0
    assert max(run.queue) == 0
    assert run.goodput[-1] == pytest.approx(FULL, rel=0.02)
    assert run.answered(since=100) == pytest.approx(1, rel=0.02)


@pytest.mark.parametrize("limit", [1, 20, 60])
def test_a_line_shorter_than_the_timeout_keeps_goodput_at_capacity(limit):
    """limit / capacity < timeout, here 1.5 s against 2 s at most: whoever is served is still there."""
    run = rush(Standby(capacity=40, queue_limit=limit), Clients(**SHOP, retry=Retry(base_seconds=1)), seconds=300)
    assert run.goodput[-1] == pytest.approx(40)
    assert sum(run.wasted) == pytest.approx(0)
    assert max(run.queue) <= limit + 1e-9


@pytest.mark.parametrize(("retry", "seconds_between"), [
    (NEVER, 2 + 10), (AT_ONCE, 2), (Retry(base_seconds=3), 2 + 3), (BACKOFF_WITH_JITTER, 2 + 30),
], ids=["never: time out, think", "at once: time out", "wait 3 s", "jitter: half of 60 s on average"])
def test_offered_load_while_every_request_fails(retry, seconds_between):
    """A crowd of N that gets nothing asks N / (mean time between two attempts) times a second."""
    run = rush(Standby(capacity=0.001), Clients(**SHOP, retry=retry, arrive_over=20), seconds=1200)
    steady = run.offered[len(run.offered) // 2:]
    assert sum(steady) / len(steady) == pytest.approx(1000 / seconds_between, rel=0.02)


@pytest.mark.parametrize(("retry", "seconds_between"), [
    (Retry(base_seconds=1), 1), (Retry(base_seconds=1, jitter=True), 0.5), (Retry(base_seconds=8, jitter=True), 4),
], ids=["wait 1 s", "jitter: half of it on average", "jitter over 8 s"])
def test_offered_load_while_every_request_is_turned_away(retry, seconds_between):
    run = rush(Standby(capacity=0.001, queue_limit=0), Clients(**SHOP, retry=retry, arrive_over=20), seconds=300)
    steady = run.offered[len(run.offered) // 2:]
    assert sum(steady) / len(steady) == pytest.approx(1000 / seconds_between, rel=0.01)


def test_three_attempts_triple_the_load_of_an_open_crowd():
    """Many users who seldom ask: each of their requests is sent three times."""
    clients = Clients(users=100 * 300, arrive_over=300, retry=Retry(attempts=3), **NOBODY_COMES_BACK)
    run = rush(Standby(capacity=0.001), clients, seconds=300)
    assert run.offered[-1] == pytest.approx(3 * 100, rel=0.001)


# The story of lesson 7

def shop(retry, **standby):
    return rush(Standby(**standby), Clients(**SHOP, retry=retry, arrive_over=60), seconds=900)


@pytest.mark.parametrize("retry", [NEVER, AT_ONCE], ids=["no retries", "retries at once"])
def test_a_standby_at_40_percent_saturates_and_goodput_collapses(retry):
    run = shop(retry, capacity=40)
    assert run.recovered_at is None
    assert run.answered(since=60) < 0.01
    assert run.wasted[-1] == pytest.approx(40)             # it works at full speed, for nobody


def test_retries_keep_it_down_even_after_scaling():
    """More than the demand is there after 300 s. Who does not retry recovers, who retries at once never does."""
    scaled = {"capacity": 40, "scaled_capacity": 125, "scaled_at": 300}
    recovered = {name: shop(retry, **scaled).recovered_at
                 for name, retry in {"never": NEVER, "at once": AT_ONCE, "jitter": BACKOFF_WITH_JITTER}.items()}
    assert recovered["at once"] is None
    assert 300 < recovered["jitter"] < 345
    assert recovered["jitter"] < recovered["never"] < 600   # the load is least with backoff, so is the dead queue


@pytest.mark.parametrize("capacity", [110, 125])
def test_jitter_breaks_up_a_herd(capacity):
    """Enough for the demand, but all arrive in one moment: without jitter they also come back in one moment."""
    plain, jittered, eager = (rush(Standby(capacity=capacity), Clients(**SHOP, retry=retry), seconds=900)
                              for retry in (BACKOFF, BACKOFF_WITH_JITTER, AT_ONCE))
    assert eager.recovered_at is None
    assert jittered.recovered_at < plain.recovered_at / 2
    assert max(jittered.offered[40:]) < max(plain.offered[40:])


def test_a_ttl_breaks_up_a_herd_too():
    """The same standby, the same eager clients: caches that expire one after the other spread them out."""
    herd, trickle = (rush(Standby(capacity=125), Clients(**SHOP, retry=AT_ONCE, arrive_over=ttl)) for ttl in (0, 60))
    assert herd.recovered_at is None
    assert trickle.recovered_at == 0


def test_a_call_to_scale_that_fails_helps_nobody():
    """E24: what is not there beforehand may not come."""
    promised = shop(BACKOFF_WITH_JITTER, capacity=40, scaled_capacity=125)
    assert promised == shop(BACKOFF_WITH_JITTER, capacity=40)


# Two ways that agree

def one_by_one(standby, clients, seconds, rng):
    """Every user as a person, every request as an event. Returns (answers in time, attempts) in each second.

    The work of a request varies a little: if it were always the same, waits of whole seconds could fall into step
    with it.
    """
    order, answers, attempts = count(), [0] * seconds, [0] * seconds
    agenda = [(rng.random() * clients.arrive_over, next(order), 0) for _ in range(clients.users)]
    heapq.heapify(agenda)
    early, late, change = standby.capacity, standby.capacity_at(math.inf), standby.scaled_at

    def work(t):                                           # requests that a busy server has done by t
        return early * min(t, change) + late * max(0.0, t - change)

    def when(done):
        return done / early if done <= early * change else change + (done - early * change) / late

    busy_until = 0.0                                       # in units of work
    while agenda[0][0] < seconds:
        now, _, failures = heapq.heappop(agenda)
        attempts[int(now)] += 1
        if max(0.0, busy_until - work(now)) >= standby.queue_limit:
            failed = now
        else:
            served = when(max(busy_until, work(now)))
            busy_until = max(busy_until, work(now)) + rng.uniform(0.7, 1.3)
            failed = None if served <= now + clients.timeout else now + clients.timeout
        if failed is None:
            if served < seconds:
                answers[int(served)] += 1
            again, failures = served + rng.expovariate(1 / clients.think_seconds), 0
        elif (wait := clients.retry.wait(failures + 1)) is None:
            again, failures = failed + rng.expovariate(1 / clients.think_seconds), 0
        else:
            again, failures = failed + wait * (rng.random() if clients.retry.jitter else 1), failures + 1
        heapq.heappush(agenda, (again, next(order), failures))
    return answers, attempts


@pytest.mark.parametrize("retry", [NEVER, Retry(attempts=3, base_seconds=1), BACKOFF_WITH_JITTER],
                         ids=["never", "three attempts", "backoff with jitter"])
@pytest.mark.parametrize(("standby", "arrive_over"), [
    ({"capacity": 160}, 30), ({"capacity": 240, "queue_limit": 240}, 30), ({"capacity": 520}, 0),
    ({"capacity": 160, "scaled_capacity": 520, "scaled_at": 60}, 30),
], ids=["40 %", "60 %, short queue", "130 %, herd", "40 %, scaled later"])
def test_the_liquid_crowd_agrees_with_one_of_single_users(standby, arrive_over, retry):
    standby, seconds = Standby(**standby), 180
    clients = Clients(users=4000, retry=retry, arrive_over=arrive_over)
    answers, attempts = one_by_one(standby, clients, seconds, random.Random(11))
    liquid = rush(standby, clients, seconds, step=0.1)
    for people, flow in ((answers, liquid.goodput), (attempts, liquid.offered)):
        assert sum(flow) * liquid.step == pytest.approx(sum(people), rel=0.04)
        for start in range(0, seconds, 30):                # and in every half minute, of a demand of 400/s
            expected = sum(people[start:start + 30]) / 30
            found = sum(flow[10 * start:10 * start + 300]) / 300
            assert found == pytest.approx(expected, rel=0.05, abs=30)


def test_it_does_not_depend_on_how_many_users_there_are():
    """Ten times the users at ten times the server: ten times everything."""
    small, large = (rush(Standby(capacity=40 * n, queue_limit=30 * n),
                         Clients(users=1000 * n, retry=BACKOFF_WITH_JITTER, arrive_over=60)) for n in (1, 10))
    assert large.goodput == pytest.approx([10 * rate for rate in small.goodput])
    assert large.offered == pytest.approx([10 * rate for rate in small.offered])


def test_a_finer_step_changes_little():
    coarse, fine = (rush(Standby(capacity=40, scaled_capacity=125, scaled_at=300),
                         Clients(**SHOP, retry=BACKOFF_WITH_JITTER, arrive_over=60), step=step) for step in (0.5, 0.1))
    assert coarse.recovered_at == pytest.approx(fine.recovered_at, abs=2)
    assert coarse.answered() == pytest.approx(fine.answered(), rel=0.03)


RETRIES = st.builds(Retry, attempts=st.none() | st.integers(1, 5), base_seconds=st.sampled_from([0, 0.1, 1, 7]),
                    factor=st.sampled_from([1, 2, 3]), jitter=st.booleans())


@settings(max_examples=40, deadline=None)
@given(RETRIES, st.sampled_from([5, 40, 99, 130, 2000]), st.sampled_from([0, 3, 80, 1e9]), st.sampled_from([0, 1, 45]))
def test_nobody_is_lost_or_made_up(retry, capacity, limit, arrive_over):
    clients = Clients(**SHOP, retry=retry, arrive_over=arrive_over)
    run = rush(Standby(capacity=capacity, queue_limit=limit), clients, seconds=120)
    assert all(0 <= people <= 1000 + 1e-6 for people in run.thinking)
    assert all(rate >= -1e-6 for series in (run.offered, run.goodput, run.wasted, run.failures) for rate in series)
    assert all(good + wasted <= capacity + 1e-6 for good, wasted in zip(run.goodput, run.wasted, strict=True))
    taken = sum(run.offered) - sum(run.goodput) - sum(run.failures)      # still waiting, and not yet timed out
    assert -1e-3 <= taken * run.step <= 1000 + 1e-3


# Edges

def test_times_go_with_the_series():
    run = rush(Standby(capacity=40), Clients(**SHOP), seconds=2, step=0.5)
    assert run.times == [0, 0.5, 1.0, 1.5]
    assert len(run.goodput) == len(run.queue) == len(run.thinking) == 4


@pytest.mark.parametrize(("make", "faults"), [
    (lambda: Standby(capacity=0, queue_limit=-1, scaled_capacity=0),
     ["capacity is 0", "queue_limit is -1", "scaled_capacity is 0"]),
    (lambda: rush(Standby(capacity=1), Clients(users=1), seconds=10, step=11), ["step is 11"]),
    (lambda: rush(Standby(capacity=1), Clients(users=1), seconds=10, step=0), ["step is 0"]),
    (lambda: rush(Standby(capacity=1), Clients(users=1), seconds=10).answered(since=10), ["since is 10"]),
], ids=["Standby", "step too long", "no step", "after the end"])
def test_every_mistake_is_named_at_once(make, faults):
    with pytest.raises(ConfigurationError) as caught:
        make()
    assert [problem.what for problem in caught.value.problems] == faults
