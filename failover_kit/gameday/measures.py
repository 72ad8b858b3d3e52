"""What a disaster cost: time without service, lost data, errors, failovers that nobody needed.

    Played + UserCurve + Losses  ->  DisasterReport

Before this: users.py, losses.py. After this: report.py adds them up and judges them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from math import inf

from ..fleet import AnswerStep
from ..story import Step, story
from ..timeline import Timeline
from .design import USERS, Design
from .disasters import Disaster
from .losses import Losses, lose
from .plans import Objective
from .play import Played, play
from .users import EITHER, UserCurve, live_through
from .writers import writers

SERVED_AGAIN = 0.01        # share of failing requests up to which there is service...
FOR_SO_LONG = 300.0        # ...if it stays so for five minutes
EXCUSE = 600.0             # seconds: a failover is no false one if home failed users within so long before it


@dataclass(frozen=True)
class DisasterReport:
    """One disaster against one design. Seconds, unless a name says otherwise; None: it did not happen."""

    disaster: Disaster
    rto: float                       # longest stretch without service
    rpo: float                       # inf: all data
    error_minutes: float             # of one user who asks all the time
    lost_writes: float
    conflicting_writes: float
    failovers: int                   # times that the answer left home
    false_failovers: int             # of these, while home served its users
    noticed_after: float | None      # from the fault until somebody was paged
    moved_after: float | None        # from the fault until the answer had left home
    milestones: Mapping[str, float]  # what people got to, and when
    timeline: Timeline
    curve: UserCurve | None

    @property
    def name(self) -> str:
        return self.disaster.name

    @cached_property
    def steps(self) -> list[Step]:
        """The story, moment by moment, with what the users met."""
        told = story(self.timeline)
        if self.curve is not None:
            for start, end in outages(self.curve.times, self.curve.errors):
                told.append(Step(start, "users are without service: more than 1 % of their requests fail", "user"))
                if end < self.curve.times[-1]:
                    told.append(Step(end, "users are served again: 99 % of their requests succeed", "user"))
        return sorted(told, key=lambda step: step.at)

    def meets(self, objective: Objective) -> bool:
        return self.rto <= objective.rto_seconds and self.rpo <= objective.rpo_seconds

    def without_story(self) -> DisasterReport:
        """Only the numbers."""
        return replace(self, timeline=Timeline(), curve=None)

    def as_dict(self) -> dict:
        """For JSON; an RPO of null stands for all data."""
        return {"disaster": self.name, "title": self.disaster.title, "rto_seconds": round(self.rto, 1),
                "rpo_seconds": None if self.rpo == inf else round(self.rpo, 1),
                "error_minutes": round(self.error_minutes, 2), "lost_writes": round(self.lost_writes),
                "conflicting_writes": round(self.conflicting_writes), "failovers": self.failovers,
                "false_failovers": self.false_failovers,
                "noticed_after": self.noticed_after and round(self.noticed_after, 1),
                "moved_after": self.moved_after and round(self.moved_after, 1),
                "fault_at": round(self.disaster.began_at, 1), "mended_at": round(self.disaster.mended_at, 1),
                "steps": [{"at": round(step.at, 1), "part": step.part, "happened": step.happened}
                          for step in self.steps]}


def suffer(design: Design, disaster: Disaster, seed: int = 0) -> DisasterReport:
    """Let one disaster happen to a design, and measure. The same arguments give the same report on any machine."""
    played = play(design, disaster, seed)
    curve = live_through(played, writers(played))
    return measured(played, curve, lose(played, curve))


def measured(played: Played, curve: UserCurve, losses: Losses) -> DisasterReport:
    """The report on a story, from what was worked out about it."""
    home, began = played.design.home, played.disaster.began_at
    gone = departures(curve, home)
    false = [moment for moment in gone if is_false(moment, curve, home)]
    page = played.milestones.get("paged")
    moved = [moment for moment in gone if moment >= began]
    dark = [end - start for start, end in outages(curve.times, curve.errors)]
    return DisasterReport(
        disaster=played.disaster, rto=max(dark, default=0.0), rpo=losses.rpo_seconds,
        error_minutes=curve.error_minutes, lost_writes=losses.lost_writes,
        conflicting_writes=losses.conflicting_writes, failovers=len(gone), false_failovers=len(false),
        noticed_after=None if page is None else page - began, moved_after=moved[0] - began if moved else None,
        milestones=played.milestones, timeline=played.timeline, curve=curve)


def outages(times: Sequence[float], errors: Sequence[float]) -> list[tuple[float, float]]:
    """(from, to) of each stretch without service, in seconds.

    Service is back when at least 99 % of the requests have succeeded for five minutes; it counts from their first.

    >>> outages([0, 100, 200, 300, 400, 500, 600, 700, 800], [0, 1, 1, 0, 1, 0, 0, 0, 0])
    [(100, 500)]
    """
    found, began, good_since = [], None, None
    for time, error in zip(times, errors, strict=True):
        if error > SERVED_AGAIN:
            began, good_since = time if began is None else began, None
        elif began is not None:
            good_since = time if good_since is None else good_since
            if time - good_since >= FOR_SO_LONG:
                found.append((began, good_since))
                began = None
    if began is not None:
        found.append((began, good_since if good_since is not None else times[-1]))
    return found


def departures(curve: UserCurve, home: str) -> list[float]:
    """The moments at which users stopped being sent home: at most half as many as on a calm day."""
    moments = sorted({step.at for steps in curve.answers.values() for step in steps})
    sent = [sum(weight * _sent_home(curve.answers[place], moment, home) for place, weight in USERS.items())
            for moment in moments]
    return [moment for moment, (before, now) in zip(moments[1:], pairwise(sent), strict=True)
            if now <= sent[0] / 2 < before]


def _sent_home(steps: Sequence[AnswerStep], moment: float, home: str) -> float:
    told = next(step.told for step in reversed(steps) if step.at <= moment)
    return sum(chance for label, chance in told.items() if label.split(EITHER)[0] == home)


def is_false(moment: float, curve: UserCurve, home: str) -> bool:
    """Had home served everybody for ten minutes when users were sent away?"""
    window = range(curve.index(moment - EXCUSE), curve.index(moment) + 1)
    return all(curve.served[place][home][index] > 1 - SERVED_AGAIN for place in USERS for index in window)
