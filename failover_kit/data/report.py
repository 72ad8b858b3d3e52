"""Counts what a failover did to the data.

    store of the old primary + store of the new one + what users read  ->  DataReport

Pure: it compares two histories of acknowledged writes. Before this: replication.py. After this: drill.py.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .store import Store
from .writes import Read, Write


@dataclass(frozen=True)
class Conflict:
    """One key that was written at both sites since they parted: only one of the two values can stay."""

    key: str
    old: Write                       # the last at the old primary
    new: Write                       # the last at the new primary


@dataclass(frozen=True)
class DataReport:
    """What users lost or got twice, as far as the two stores and the reads tell."""

    lost: tuple[Write, ...]          # acknowledged by the old primary before it failed, not in the new one
    stranded: tuple[Write, ...]      # acknowledged by the old primary after that, not in the new one: split brain
    conflicting: tuple[Conflict, ...]
    duplicated: tuple[tuple[Write, ...], ...]    # for each request that was carried out more than once, its writes
    stale_reads: tuple[Read, ...]    # showed a value older than the last acknowledged write
    reads: int                       # looked at
    rpo_seconds: float               # from the oldest lost write to the failure: the recovery point that was reached

    @property
    def rpo_writes(self) -> int:
        return len(self.lost)

    @property
    def clean(self) -> bool:
        """Whether no user can have noticed anything in the data."""
        return not (self.lost or self.stranded or self.conflicting or self.duplicated or self.stale_reads)

    def counts(self) -> dict[str, float]:
        """The report as numbers, for a table or a plot."""
        return {"lost writes": len(self.lost), "stranded writes": len(self.stranded),
                "conflicting keys": len(self.conflicting), "duplicated requests": len(self.duplicated),
                "stale reads": len(self.stale_reads), "RPO (s)": self.rpo_seconds}

    def __str__(self) -> str:
        return ", ".join(f"{name}: {value:g}" for name, value in self.counts().items())


def compare(old: Store, new: Store, *, failed_at: float | None = None, reads: Iterable[Read] = ()) -> DataReport:
    """What became of the writes, now that `new` is primary instead of `old`. Call it before `rejoin`.

    A write of `old` that `new` lacks is lost or stranded, unless the user sent the same request again and `new` has
    that: then it is duplicated. A key is in conflict if both sites wrote it after they parted.

    Args:
        failed_at: when `old` should have stopped taking writes, in seconds: its crash, or, if it lived on, the
            promotion of `new`. None: the promotion of `new`, or the last write of `old` if that came earlier.
        reads: what users saw, at either site. A read is stale if by then a newer write of its key was acknowledged
            anywhere, whether that write survived or not.
    """
    old_log, new_log = old.history(), new.history()
    only_old, only_new = new.missing(old_log), old.missing(new_log)
    everything = [*old_log, *only_new]
    if failed_at is None:
        last = max((write.written_at for write in old_log), default=0.0)
        promoted_at = new.state.promoted_at
        failed_at = last if promoted_at is None else min(last, promoted_at)

    carried_out = _grouped((write for write in everything if write.request), lambda write: write.request)
    done_again = {write.request for write in new_log if write.request}
    gone = [write for write in only_old if write.request not in done_again]
    lost = tuple(write for write in gone if write.written_at <= failed_at)
    reads = list(reads)
    return DataReport(
        lost=lost,
        stranded=tuple(write for write in gone if write.written_at > failed_at),
        conflicting=_conflicts(gone, only_new),
        duplicated=tuple(tuple(writes) for writes in carried_out.values() if len(writes) > 1),
        stale_reads=stale(reads, everything),
        reads=len(reads),
        rpo_seconds=max(0.0, failed_at - min(write.written_at for write in lost)) if lost else 0.0)


def stale(reads: Iterable[Read], acknowledged: Iterable[Write]) -> tuple[Read, ...]:
    """Those reads that showed less than the last write acknowledged by then.

    A write of the very moment of the read may be missing.
    """
    times = {key: sorted(write.written_at for write in writes)
             for key, writes in _grouped(acknowledged, lambda write: write.key).items()}

    def last_before(read: Read) -> float:
        past = bisect_right(times.get(read.key, []), math.nextafter(read.at, -math.inf))
        return times[read.key][past - 1] if past else -math.inf

    return tuple(read for read in reads if read.written_at < last_before(read))


def _conflicts(gone: Sequence[Write], only_new: Sequence[Write]) -> tuple[Conflict, ...]:
    here, there = ({write.key: write for write in side} for side in (gone, only_new))   # the last one of each key
    return tuple(Conflict(key, here[key], there[key]) for key in here if key in there)


def _grouped(writes: Iterable[Write], label) -> Mapping[str, list[Write]]:
    groups: dict[str, list[Write]] = defaultdict(list)
    for write in writes:
        groups[label(write)].append(write)
    return groups
