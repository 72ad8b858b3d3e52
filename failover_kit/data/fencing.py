"""Who may write, and what a store says to everybody else.

    site + epoch it last saw + now  ->  the next epoch, or a refusal with its reason

An epoch is a number that grows by one with every promotion. It travels with each write, and a store that has seen
a newer one refuses an older one. Leadership is the one place that gives epochs out, so that nobody is promoted twice.
After this: store.py holds the epoch it has seen in its file, replication.py promotes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

from ..errors import ConfigurationError, FailoverKitError, Problem


class WriteRefused(FailoverKitError):
    """A write that a store did not take. It was not acknowledged, so it can't get lost."""


class StaleEpoch(WriteRefused):
    """The write, the batch or the promotion carries an older epoch than the one already seen."""

    def __init__(self, where: str, carried: int, seen: int, advice: str = "") -> None:
        self.where, self.carried, self.seen, self.advice = where, carried, seen, advice
        super().__init__(f"{where}: epoch {carried} is too old, epoch {seen} has been seen here. "
                         + (advice or "Another site has been promoted since: find the primary, and write there."))

    def __reduce__(self):
        return type(self), (self.where, self.carried, self.seen, self.advice)


class ReadOnly(WriteRefused):
    """The store is a replica, or has stepped down."""


class LeaseEnded(WriteRefused):
    """The store's right to take writes has run out and was not renewed."""


class LeaseHeld(FailoverKitError):
    """A promotion that has to wait: the present primary may still be taking writes."""


@dataclass
class Leadership:
    """Which site is primary, in which epoch, and until when; kept outside both sites.

    With a lease, the primary may take writes until `until` and has to renew before that. A primary that is cut off
    can't renew, so it stops by itself, and only then is another site promoted. Without one (`lease_seconds=None`)
    a promotion is immediate, and the old primary is stopped only once somebody reaches it with the new epoch.

    In AWS this place is a routing control, or a conditional write to a table in a third Region.
    """

    holder: str
    lease_seconds: float | None = None      # how long a grant lasts; None: for ever
    epoch: int = 1
    until: float = field(default=math.inf)  # seconds of lab time

    def __post_init__(self) -> None:
        if self.lease_seconds is None:
            return
        if not self.lease_seconds > 0:
            raise ConfigurationError(Problem("Leadership", f"lease_seconds is {self.lease_seconds}, must be above 0",
                                             "Use None for no lease."))
        if self.until == math.inf:
            self.until = self.lease_seconds   # granted at second 0

    def renew(self, site: str, now: float) -> float:
        """Extend the holder's lease; returns when it ends. Raises WriteRefused if `site` is not the holder."""
        if site != self.holder:
            raise WriteRefused(f"{site} is not primary: {self.holder} is, in epoch {self.epoch}. "
                               f"Let {site} step down to epoch {self.epoch}.")
        if self.lease_seconds is not None:
            self.until = now + self.lease_seconds
        return self.until

    def release(self, site: str, now: float) -> None:
        """Give the lease back early, as the first step of a planned switch. Raises as `renew` does."""
        self.renew(site, now)
        self.until = now

    def take(self, site: str, after: int, now: float) -> int:
        """Make `site` primary and return its new epoch. `after` is the epoch that the caller believes is current.

        Two operators who both promote after epoch 1 can't both succeed: the second gets StaleEpoch. Raises
        LeaseHeld while the present holder's lease runs.
        """
        if after != self.epoch:
            raise StaleEpoch(f"promotion of {site}", after + 1, self.epoch, f"{self.holder} is primary already. "
                             "If it has to move again, promote after that epoch.")
        if self.lease_seconds is not None and now < self.until:
            raise LeaseHeld(f"promotion of {site}: {self.holder} holds the lease until {self.until:g} s, it is "
                            f"{now:g} s. Wait {self.until - now:g} s: until then {self.holder} may still take writes.")
        self.holder, self.epoch = site, self.epoch + 1
        self.until = math.inf if self.lease_seconds is None else now + self.lease_seconds
        return self.epoch
