"""One site's data, and who may write it.

    write(key, value, now, epoch)  ->  refused with a reason, or kept in the log and acknowledged

The log is the data: the value of a key is its newest write. Two stores that hold the same writes therefore hold the
same data, in whatever order the writes came. Before this: logfile.py, fencing.py. After this: replication.py.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Self

from ..errors import ConfigurationError, Problem
from .fencing import LeaseEnded, ReadOnly, StaleEpoch
from .logfile import LogFile, State
from .writes import Read, Write

# An epoch outranks a clock, because the clocks of two sites may differ.
NEWEST_FIRST = "ORDER BY epoch DESC, written_at DESC, origin DESC, sequence DESC"


class Store:
    """The data of one site, in a real SQLite file. Use it in a `with` block.

    What it acknowledged survives the death of the process. Every call that depends on time is told the time: `now`,
    in seconds. One store may be used from several threads.
    """

    def __init__(self, site: str, path: str | Path | None = None, *, read_only: bool | None = None,
                 idempotent: bool = True):
        """Open or create.

        Args:
            site: whose data it is, "us-east-1".
            path: the file. None: a temporary one, gone when the store closes. ":memory:": no file at all.
            read_only: True for a replica. None: as the file says, and a new one is writable.
            idempotent: acknowledge a write whose `request` is in the log already, without making it again.

        Raises ConfigurationError if the file can't be used, or belongs to another site.
        """
        self.site, self.idempotent = site, idempotent
        self._file = LogFile(site, path)
        if read_only is not None:
            self._file.set(read_only=int(read_only))

    # What users do

    def write(self, key: str, value: str, now: float, *, epoch: int | None = None, writer: str = "",
              request: str = "") -> Write:
        """Keep a write and acknowledge it: when this returns, the write is on disk.

        `epoch` is the one that the writer believes in. Older than the newest seen here: refused. Newer: remembered.
        None: the writer knows nothing of epochs, and only a store that has stepped down will refuse it.

        Raises StaleEpoch, ReadOnly or LeaseEnded (each a WriteRefused); ConfigurationError if `value` is not text.
        """
        if not (isinstance(key, str) and isinstance(value, str)):
            raise ConfigurationError(Problem(f"write to {self.site}", f"key is {key!r} and value is {value!r}",
                                             "Both must be text; json.dumps makes text of anything."))
        with self._file.transaction():
            state = self.state
            if epoch is not None and epoch < state.epoch:
                raise StaleEpoch(f"write of {key!r} to {self.site}", epoch, state.epoch)
            if state.read_only:
                raise ReadOnly(f"{self.site} is read-only in epoch {state.epoch}: {key!r} was not written. "
                               "Write to the primary, or promote this store.")
            if now >= state.lease_until:
                raise LeaseEnded(f"{self.site}: the lease ended at {state.lease_until:g} s and it is {now:g} s: "
                                 f"{key!r} was not written. Renew the lease, or find the new primary.")
            if request and self.idempotent:
                for earlier in self._file.select("WHERE request = ? AND request <> '' LIMIT 1", request):
                    return earlier
            epoch, sequence = state.epoch if epoch is None else epoch, state.sequence + 1
            self._file.set(epoch=epoch, sequence=sequence)
            return self._file.keep(Write(key, value, now, epoch, self.site, sequence, writer, request), now)

    def read(self, key: str, now: float) -> Read:
        """What a user sees: the newest value that this site has of the key."""
        for newest in self._file.select(f"WHERE key = ? {NEWEST_FIRST} LIMIT 1", key):
            return Read(key, newest.value, newest.written_at, now, self.site)
        return Read(key, None, -math.inf, now, self.site)

    # The log

    def log_since(self, position: int, limit: int = -1, until: float = math.inf) -> list[Write]:
        """Writes after `position`, in the order in which this store took them.

        At most `limit` of them (-1: all), and none from the first on that was stored later than `until` (seconds).
        """
        return self._file.select("WHERE position > ? ORDER BY position LIMIT ?", position, limit, until=until)

    def history(self) -> list[Write]:
        """Every write, oldest first. Two stores are in step when their histories are equal."""
        return self.log_since(0)

    def contents(self) -> dict[str, str]:
        """Every key with its newest value."""
        return {write.key: write.value for write in reversed(self._file.select(NEWEST_FIRST))}

    def missing(self, writes: Iterable[Write]) -> list[Write]:
        """Those of `writes` that this store does not have."""
        return [write for write in writes if not self._file.has(write)]

    def apply(self, writes: Iterable[Write], epoch: int, now: float) -> list[Write]:
        """Take a batch from another store, all or nothing. Returns those that were new; each keeps its own epoch.

        `epoch` is the sender's. Older than the newest seen here: StaleEpoch, for the sender is primary no longer.
        Newer: the sender is the new primary, and this store steps down.
        """
        with self._file.transaction():
            seen = self.epoch
            if epoch < seen:
                raise StaleEpoch(f"batch for {self.site}", epoch, seen, "The sender is primary no longer. "
                                 "Stop this replication and let the sender rejoin.")
            if epoch > seen:
                self.step_down(epoch)
            return [self._file.keep(write, now) for write in self.missing(writes)]

    def discard(self, writes: Iterable[Write]) -> None:
        """Remove writes from the log. Only a store that rejoins does that (`replication.rejoin`)."""
        self._file.discard(writes)

    # Who is primary

    @property
    def state(self) -> State:
        return self._file.state()

    @property
    def epoch(self) -> int:
        """The newest epoch that this store has seen."""
        return self.state.epoch

    def promote(self, epoch: int, now: float, lease_until: float = math.inf) -> None:
        """Become primary in a new epoch. Raises StaleEpoch unless it is newer than every epoch seen here."""
        with self._file.transaction():
            if epoch <= self.epoch:
                raise StaleEpoch(f"promotion of {self.site}", epoch, self.epoch,
                                 f"A promotion needs a new epoch: {self.epoch + 1} or later.")
            self._file.set(epoch=epoch, promoted_at=now, read_only=0, lease_until=lease_until)

    def renew(self, lease_until: float) -> None:
        """Take writes until `lease_until` (seconds; inf: without a lease from now on)."""
        self._file.set(lease_until=lease_until)

    def step_down(self, epoch: int) -> None:
        """The fence: take no writes from users, and remember the newer epoch. Raises StaleEpoch if it is older."""
        with self._file.transaction():
            if epoch < self.epoch:
                raise StaleEpoch(f"order to {self.site} to step down", epoch, self.epoch)
            self._file.set(epoch=epoch, promoted_at=None, read_only=1, lease_until=math.inf)

    # The file

    @property
    def path(self) -> str:
        return self._file.path

    @property
    def journal_mode(self) -> str:
        """`wal`; `memory` for a store without a file."""
        return self._file.journal_mode

    def close(self) -> None:
        """Close the file, and remove it if it was temporary. Closing twice is fine."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc_info) -> None:
        self.close()
