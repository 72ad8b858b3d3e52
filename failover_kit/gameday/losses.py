"""What the data of a design lived through: every write of the story, made on real stores and accounted for.

    Played + where users were  ->  two Stores, a Replication, promotions  ->  Losses (RPO, lost writes, conflicts)

Before this: play.py says who was promoted when, users.py where users were. All sites but home share one copy.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import count
from math import inf
from random import Random

from ..data import Replication, Store, fail_over, rejoin, switch_over
from ..data.fencing import WriteRefused
from ..data.writes import Write
from .design import USERS
from .incident import Promotion
from .play import Played
from .stage import served_with
from .users import EITHER, UserCurve

WRITES_PER_SECOND = 20.0       # of the whole shop [assumption]; the story makes fewer and counts each for several
WRITES_IN_ALL = 300            # made in one story, beside those around a change
CLOSE_LOOK = 6.0               # writes per second around a change, where it matters which of them got across


@dataclass(frozen=True)
class Losses:
    """What a disaster did to the data."""

    rpo_seconds: float           # how far back writes were missing when another site took over, or are at the end;
                                 # inf: everything was missing
    lost_writes: float           # acknowledged to users, and in no primary at the end
    conflicting_writes: float    # taken by one site while the other was primary already


@dataclass(frozen=True)
class _Made:
    """One write that a user was told about, and for how many of the shop's it stands."""

    write: Write
    stands_for: float


def lose(played: Played, curve: UserCurve) -> Losses:
    """Make the writes of a story, where the curve says that users are, and see what becomes of them."""
    with (Store("home", ":memory:", read_only=False) as home,
          Store("other", ":memory:", read_only=played.design.data.has_one_writer) as other):
        return _Ledger(played, curve, home, other).account()


def _stop(store: Store, now: float) -> None:
    """The store takes no writes from users any more, whatever comes next."""
    store.step_down(store.epoch)


class _Ledger:
    def __init__(self, played: Played, curve: UserCurve, home: Store, other: Store):
        self.played, self.curve = played, curve
        self.data, self.disaster = played.design.data, played.disaster
        self.home, self.other = home, other
        self.rng = Random(f"{played.seed} {played.disaster.name} data")
        self.begins = -1.2 * self.data.every_seconds - 5 * self.data.lag_seconds - 60
        self.phase = self.rng.uniform(0, self.data.every_seconds) if self.data.copy == "backup" else 0.0
        self.made: list[_Made] = []
        self.rpo = 0.0
        self.agenda: list[tuple[float, int, Callable[[float], None]]] = []
        self.order = count()
        self.links = self._links()

    def _links(self) -> list[Replication]:
        """From home to the other site, and for two writers also back; none without a copy."""
        if self.data.copy == "none":
            return []
        pairs = [(self.home, self.other)] + ([(self.other, self.home)] if self.data.copy == "multi-writer" else [])
        return [self._link(source, target, self.begins + self.phase) for source, target in pairs]

    def _link(self, source: Store, target: Store, since: float, every: float | None = None) -> Replication:
        cut = [(self.disaster.began_at, self.played.mended_at)] if self.disaster.cuts_link else []
        return Replication(source, target, lag_seconds=self.data.lag_seconds, batch=1_000_000, since=since, outages=cut,
                           interval_seconds=self.data.every_seconds if every is None else every)

    def account(self) -> Losses:
        for moment, stands_for in self._moments():
            self._at(moment, lambda now, stands_for=stands_for: self._write(now, stands_for))
        old = self.played.design.home
        for promotion in self.played.promotions:
            if promotion.old_stopped_at is not None:
                self._at(promotion.old_stopped_at, partial(_stop, self._store(old)))
            self._at(promotion.at, lambda now, promotion=promotion: self._promote(promotion, now))
            old = promotion.site
        self._at(self.played.mended_at + 1e-3, self._mended)
        if self.data.copy == "multi-writer" and self.disaster.cuts_link:
            self._at(self.disaster.began_at + 1e-3, lambda now: self._note_rpo(self.other, now))
        while self.agenda:
            now, _, action = heapq.heappop(self.agenda)
            for link in self.links:
                link.pump(now)
            action(now)
        if self.data.copy == "none" and any(made.write.origin == "other" for made in self.made):
            self.rpo = inf                                  # its users found none of what they had
        lost, conflicting = self._final()
        return Losses(self.rpo, lost, conflicting)

    def _at(self, when: float, action: Callable[[float], None]) -> None:
        heapq.heappush(self.agenda, (when, next(self.order), action))

    def _store(self, site: str) -> Store:
        return self.home if site == self.played.design.home else self.other

    # ---- writes -----------------------------------------------------------------------------------------------------

    def _moments(self) -> Iterator[tuple[float, float]]:
        """(when, for how many of the shop's writes it stands); densest where it matters."""
        until, reach = self.disaster.until, 4 * self.data.lag_seconds + 4 * min(self.data.every_seconds, 5.0)
        changes = [self.disaster.began_at, *(promotion.at for promotion in self.played.promotions)]
        windows = [(at - reach, at + 5.0) for at in changes]
        thin = WRITES_IN_ALL / (until - self.begins)
        now = self.begins
        while now < until:
            dense = any(start <= now < end for start, end in windows)
            rate = max(thin, CLOSE_LOOK) if dense else thin
            next_edge = min((edge for window in windows for edge in window if edge > now), default=inf)
            wait = self.rng.expovariate(rate)
            if now + wait >= next_edge:                     # the rate changes first: start afresh from there
                now = next_edge
                continue
            now += wait
            if now < until:
                yield now, WRITES_PER_SECOND / rate

    def _write(self, now: float, stands_for: float) -> None:
        site = self._site_of_a_user(now)
        if site is None:
            return
        store = self._store(site)
        try:
            write = store.write(f"order-{len(self.made)}", "bought", now)
        except WriteRefused:
            return
        self.made.append(_Made(write, stands_for))

    def _site_of_a_user(self, now: float) -> str | None:
        """The site that somebody's write reaches now; None: it gets no answer."""
        place = self.rng.choices([*USERS], [*USERS.values()])[0]
        index, rows = self.curve.index(now), self.curve.by_place[place]
        label = self.rng.choices([*rows], [max(0.0, row[index]) for row in rows.values()])[0]
        for site in label.split(EITHER):
            if site in self.played.histories and self.rng.random() < self._answered(site, place, now, index):
                return site
        return None

    def _answered(self, site: str, place: str, now: float, index: int) -> float:
        """The share of the requests from a place that a site answers: to the second, for a site dies in one."""
        faults = next(faults for at, faults in reversed(self.played.histories[site]) if at <= max(now, 0.0))
        fits = self.curve.carried.get(site)
        return served_with(faults, place, now) * (1.0 if fits is None else fits[index])

    # ---- promotions -------------------------------------------------------------------------------------------------

    def _promote(self, promotion: Promotion, now: float) -> None:
        target = self._store(promotion.site)
        source = self.other if target is self.home else self.home
        link = self.links[0] if self.links and self.links[0].target is target else None
        if promotion.planned:
            switch_over(link, target.epoch + 1, now)
        else:
            epoch = max(source.epoch, target.epoch) + 1
            if link:
                fail_over(link, epoch, now)
            else:
                target.promote(epoch, now)
            self._note_rpo(target, now)
            if promotion.old_stopped_at is not None:
                source.step_down(epoch)
        self.links = []
        if now > self.played.mended_at or not self.disaster.cuts_link:
            self._rebuild(target, source, now)

    def _note_rpo(self, target: Store, now: float) -> None:
        """How old is the oldest acknowledged write that the new primary does not have?"""
        missing = target.missing(made.write for made in self.made)
        if missing:
            times = [write.written_at for write in missing]
            self.rpo = max(self.rpo, max(min(self.disaster.began_at, now), *times) - min(times))

    def _mended(self, now: float) -> None:
        """The sites see one another again: one that was replaced is told, and rebuilt if the design says so."""
        promoted = [promotion for promotion in self.played.promotions if promotion.at <= now]
        if promoted and self.data.has_one_writer and not self.links:
            writer = self._store(promoted[-1].site)
            old = self.home if writer is self.other else self.other
            if self.data.tells_the_old_writer:
                old.step_down(writer.epoch)
            self._rebuild(writer, old, now)

    def _rebuild(self, source: Store, target: Store, now: float) -> None:
        """Where failback is held, the replaced site gives up what it has alone, and replication runs back to it."""
        if self.data.failback == "held":
            rejoin(target, source)
            self.links = [self._link(source, target, now, min(self.data.every_seconds, 1.0))]

    # ---- the end ----------------------------------------------------------------------------------------------------

    def _final(self) -> tuple[float, float]:
        """(lost, conflicting) writes of the shop, once everything that is on its way has arrived."""
        for link in self.links:
            link.pump(self.disaster.until + 2 * self.data.every_seconds + 10 * self.data.lag_seconds + 60)
        primary = self.played.promotions[-1].site if self.played.promotions else self.played.design.home
        stands_for = {made.write.id: made.stands_for for made in self.made}
        lost = self._store(primary).missing(made.write for made in self.made)
        self.rpo = max(self.rpo, self._longest_gap({write.id for write in lost}))
        if not self.data.has_one_writer:
            return sum(stands_for[write.id] for write in lost), 0.0
        astray = [made for made in self.made if made.write.origin != self._primary_at(made.write.written_at).site]
        return sum(stands_for[write.id] for write in lost), sum(made.stands_for for made in astray)

    def _longest_gap(self, lost: set[str]) -> float:
        """Seconds from the first to the last of the lost writes that a site took in a row, under one primary."""
        longest, rows = 0.0, {"home": (None, 0.0), "other": (None, 0.0)}
        for write in (made.write for made in self.made):
            reign = sum(promotion.at <= write.written_at for promotion in self.played.promotions)
            before, since = rows[write.origin]
            if write.id not in lost:
                rows[write.origin] = (None, 0.0)
            elif before != reign:
                rows[write.origin] = (reign, write.written_at)
            else:
                longest = max(longest, write.written_at - since)
        return longest

    def _primary_at(self, moment: float) -> Store:
        promoted = [promotion.site for promotion in self.played.promotions if promotion.at <= moment]
        return self._store(promoted[-1]) if promoted else self.home
