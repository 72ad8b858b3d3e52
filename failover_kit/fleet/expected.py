"""The expected curve: what a fleet of any size lives through, computed rather than drawn.

    lives of single caches  ->  share of users on each site at every moment  ->  FleetReport

A user sends a request at time t. Where does it go? Either the resolver holds an answer, which it got at
some earlier fill; or it waits, and this very request makes it ask and use what is answered at t. So

    share on a site = fills within the last hold that brought this site + waiting, if it is answered at t.

A browser or a connection on top is a second cache of the same kind, which is filled not by the
authority but by the first: its fills bring whatever the resolver would say at that moment. Behind a
resolver stands a crowd, so that one user's lookups change nothing in it; the two caches run independently.

Of one thing a curve says nothing: how downtime is spread over users who can go down more than once.
That takes whole histories, and `MemberCurves.downtime` then draws some.

Before this: `renewal`. Beside it: `sampled`, which finds the same by drawing lots. After: `report`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from math import isfinite
from operator import sub

from .answers import NO_ANSWER, AnswerTimeline
from .behaviours import Behaviour, Member
from .curve import running_integral
from .dice import sampler
from .moments import Moments
from .renewal import ANYTHING, CacheLife
from .report import Downtime, FleetReport
from .spans import Span, spans
from .spell import downtime_in, one_spell

DRAWN = 20_000    # users, where a distribution has to be drawn: standard error of a share 0.4 % or less


@dataclass(frozen=True)
class View:
    """Where a request would go, at each moment.

    shares:        {label: [share of users]}
    told_nothing:  that part of "no answer" which nobody keeps, as no reply came at all.
    """

    shares: dict[str, list[float]]
    told_nothing: list[float]


def resolver_view(life: CacheLife, moments: Moments, labels: Sequence[str]) -> View:
    """What a resolver with this life would say. Moments before its life begins are left at 0."""
    size = len(moments.times)
    view = View({label: [life.held_for_good.get(label, 0.0)] * size for label in labels}, [0.0] * size)
    for batch in life.batches:
        row = view.shares[batch.label]
        live = moments.between(max(batch.start, life.begin), batch.end + batch.hold)
        times = moments.times[live.start:live.stop]
        for index, held in zip(live, map(sub, batch.made(times), batch.expired(times)), strict=True):
            row[index] += held
    for queue in life.queues:
        waiting = life.waiting(queue, moments.times)
        for number, span in enumerate(life.spans):
            now = moments.of_step(number) if span.end > life.begin else range(0)
            for label, chance in (span.told or {queue or NO_ANSWER: 1.0}).items():
                row = view.shares[label]
                for index in now:
                    row[index] += chance * waiting[index]
            if not span.told and queue in (ANYTHING, NO_ANSWER):
                view.told_nothing[now.start:now.stop] = waiting[now.start:now.stop]
    return view


def view_on_top(below: View, behaviour: Behaviour, moments: Moments, life: CacheLife,
                empty_from: Callable[[int], View]) -> View:
    """What users see who keep, for `user_keeps` seconds, what the resolver said when they looked it up.

    life:  of a user's own cache, whose fills are these lookups.

    A lookup that nobody replied to is not kept: until it would have expired, such a user's requests go
    through to the resolver. As that had nothing when the authority came back, it was then like an
    empty one: `empty_from(step)` is the view of a resolver that begins empty with that step.
    """
    lookups = life.all_fills.along([life.all_fills.xs[0], *moments.times])
    expired = life.all_fills.along([time - behaviour.user_keeps for time in moments.times])
    for_good, waiting = life.held_for_good.get(ANYTHING, 0.0), life.waiting(ANYTHING, moments.times)

    def kept(brought: Sequence[float], before: float) -> list[float]:
        """Share of users who still keep what they looked up while lookups brought this."""
        so_far = running_integral(lookups, [before, *brought], lookups)
        return list(map(sub, so_far.ys[1:], so_far.along(expired)))

    shares = {}
    for label, said in below.shares.items():
        brought = list(map(sub, said, below.told_nothing)) if label == NO_ANSWER else said
        shares[label] = [mine + for_good * brought[0] + wait * now for mine, wait, now in
                         zip(kept(brought, brought[0]), waiting, said, strict=True)]
    for step in moments.steps_where(below.told_nothing):
        during = moments.of_step(step)
        told = [share * (index in during) for index, share in enumerate(below.told_nothing)]
        through = kept(told, 0.0)
        for index in during:
            shares[NO_ANSWER][index] += through[index]
        if during.stop < len(moments.times):
            for label, row in empty_from(step + 1).shares.items():
                for index in range(during.stop, len(moments.times)):
                    shares[label][index] += through[index] * row[index]
    return View(shares, [0.0] * len(moments.times))


class MemberCurves:
    """All that is expected of one kind of member on one timeline."""

    def __init__(self, member: Member, timeline: AnswerTimeline, step: float):
        self.member, self.timeline, self.behaviour = member, timeline, member.behaviour
        self.labels = (*timeline.sites, NO_ANSWER)
        self.spans = spans(timeline, self.behaviour, member.ttl)
        keeps, holds = self.behaviour.user_keeps, {hold for span in self.spans for hold in span.holds.values()}
        delays = {delay for hold in {0.0, *holds} for delay in (hold, hold + keeps) if isfinite(delay)}
        self.moments = Moments(timeline, step, delays, lookback=keeps)
        self.life = self._life(member.warm, 0.0)
        self.view = resolver_view(self.life, self.moments, self.labels)
        if keeps:
            told = Span(0.0, timeline.until, {ANYTHING: 1.0}, {ANYTHING: keeps})
            user_life = CacheLife([told], self.behaviour.user_demand, warm=self.life.warm)
            self.view = view_on_top(self.view, self.behaviour, self.moments, user_life, self._empty_from)

    def _life(self, warm: bool, begin: float) -> CacheLife:
        return CacheLife(self.spans, self.member.demand, serve_stale=self.behaviour.serve_stale,
                         warm=warm, begin=begin)

    def _empty_from(self, step: int) -> View:
        return resolver_view(self._life(False, self.spans[step].start), self.moments, self.labels)

    def mean_downtime(self) -> float:
        """Seconds per user: the area under the curves of all who cannot be served."""
        times, lost = self.moments.times, 0.0
        for label, row in self.view.shares.items():
            spent = running_integral(times, row, times).ys    # seconds on this site so far
            lost += sum(compress(map(sub, spent[1:], spent), self.moments.down(label)))
        return lost

    def downtime(self) -> Downtime:
        """Computed for the plain failover; on other timelines drawn, all but the mean."""
        if spell := one_spell(self.timeline):
            return downtime_in(spell, self.moments.times, self.view.shares[spell.site])
        drawn = sampler()([(self.member, DRAWN)], self.timeline, 0, self.timeline.until).downtime
        return replace(drawn, mean=self.mean_downtime(), drawn=True)

    def report(self, resolvers: float) -> FleetReport:
        """Of so many members; a fraction is allowed, as it is an expectation."""
        wanted = self.moments.wanted
        shares = {label: self.moments.reported(row) for label, row in self.view.shares.items()}
        down = [0.0] * len(wanted)
        for label, row in shares.items():
            down = [so_far + share * is_down for so_far, share, is_down in
                    zip(down, row, self.moments.reported(self.moments.down(label)), strict=True)]
        made = self.life.queries.along([*wanted, self.timeline.until])
        queries = [resolvers * (after - before) / (end - start) for before, after, start, end in
                   zip(made, made[1:], wanted, [*wanted[1:], self.timeline.until], strict=False)]
        return FleetReport(resolvers, self.timeline.until, wanted, shares, down, queries,
                           self.mean_downtime(), self.downtime)
