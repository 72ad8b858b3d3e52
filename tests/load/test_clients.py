"""clients.py: the schedule of retries, and what can not be one."""

import pytest

from failover_kit.errors import ConfigurationError
from failover_kit.load.clients import AT_ONCE, BACKOFF, BACKOFF_WITH_JITTER, NEVER, Clients, Retry


@pytest.mark.parametrize(("retry", "waits"), [
    (NEVER, [None]),
    (AT_ONCE, [0, 0, 0, 0, 0, 0, 0]),
    (BACKOFF, [1, 2, 4, 8, 16, 32, 60, 60]),
    (BACKOFF_WITH_JITTER, [1, 2, 4, 8, 16, 32, 60, 60]),
    (Retry(attempts=3, base_seconds=5), [5, 5, None]),
    (Retry(attempts=4, base_seconds=1, factor=10, cap_seconds=20), [1, 10, 20, None]),
], ids=["never", "at once", "doubling up to the cap", "jitter: the same, as a maximum", "three attempts", "capped"])
def test_wait_after_so_many_failures(retry, waits):
    assert [retry.wait(failures) for failures in range(1, len(waits) + 1)] == waits


def test_demand_is_users_over_think_time():
    assert Clients(users=1000, think_seconds=10).demand == 100


@pytest.mark.parametrize(("make", "faults"), [
    (lambda: Retry(attempts=0, base_seconds=-1, factor=0.5, cap_seconds=float("inf")),
     ["attempts is 0", "base_seconds is -1", "factor is 0.5", "cap_seconds is inf"]),
    (lambda: Clients(users=0, think_seconds=0, timeout=-1, arrive_over=-1),
     ["users is 0", "think_seconds is 0", "timeout is -1", "arrive_over is -1"]),
], ids=["Retry", "Clients"])
def test_every_mistake_is_named_at_once(make, faults):
    with pytest.raises(ConfigurationError) as caught:
        make()
    assert [problem.what for problem in caught.value.problems] == faults
