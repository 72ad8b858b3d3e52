"""How downtime is spread over users in the plain failover: some lose little, some the worst case.

    share of users on the dead site at each moment  ->  Downtime of one user, as a distribution

Before this: the views of `expected`. After this: `FleetReport.downtime`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .answers import NO_ANSWER, AnswerTimeline
from .curve import running_integral
from .report import Downtime

NOBODY = 1e-12    # a share of users as small as this


@dataclass(frozen=True)
class Spell:
    """The one stretch of time (seconds) in which `site` is down and users may still be sent there."""

    site: str
    start: float
    end: float


def one_spell(timeline: AnswerTimeline) -> Spell | None:
    """The spell, if nobody on this timeline can go down twice, or later than others.

    So it is where one site is answered for certain up to some step, this site has one outage, and no
    answer from that step on can ever lead to a site that is down: the plain failover.
    """
    first = timeline.steps[0].told
    if len(first) != 1 or NO_ANSWER in first:
        return None
    site, = first
    outages = [span for span in timeline.outages.get(site, ()) if span[0] < timeline.until and span[1] > 0]
    if len(outages) != 1:
        return None
    start, end = outages[0]
    switched = next((step.at for step in timeline.steps if step.told != first), timeline.until)
    for step in timeline.steps:
        may_fail = not step.told or any(_fails_after(timeline, label, step.at) for label in step.told)
        if step.at >= switched and may_fail:
            return None
    return Spell(site, float(max(start, 0)), float(min(end, timeline.until)))


def _fails_after(timeline: AnswerTimeline, label: str, moment: float) -> bool:
    return label == NO_ANSWER or any(end > moment and start < timeline.until
                                     for start, end in timeline.outages.get(label, ()))


def downtime_in(spell: Spell, times: Sequence[float], on_site: Sequence[float]) -> Downtime:
    """The distribution, from the share of users that `on_site` has at these times (seconds, ascending).

    Users leave the dead site one by one, and none come back. So the share still there x seconds after
    it died is the share with more than x seconds of downtime: the curve turned on its side.
    """
    points = [(time - spell.start, share) for time, share in zip(times, on_site, strict=True)
              if spell.start <= time <= spell.end]
    longest = next((seconds for seconds, share in points if share < NOBODY), spell.end - spell.start)
    seconds = [0.0, *(seconds for seconds, _ in points if seconds <= longest), longest]
    more = [1.0, *(share for seconds, share in points if seconds <= longest), 0.0]
    return Downtime(seconds, [1 - share for share in more], running_integral(seconds, more, seconds).ys[-1], longest)
