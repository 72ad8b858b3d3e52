"""What happened in a lab, in order, and the measures taken from it.

    Events (probes, flips, status changes, answers, requests, faults)  ->  detection, switch, downtime, failback

Pure. Before this: the lab records. After this: figures draw it, drill.py reports it, lessons quote it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import ceil
from statistics import fmean

from .health import Observation, Status, StatusChange
from .monitor import CheckerFlip


@dataclass(frozen=True)
class Fault:
    """Something was broken, or mended, by whoever runs the experiment."""

    at: float
    site: str
    fault: str            # "crash", "hang", ...; "repaired" when it ends
    detail: str = ""
    options: Mapping[str, object] = field(default_factory=dict, compare=False)    # of the fault, as faults.py has them

    @property
    def begins(self) -> bool:
        return self.fault != "repaired"


@dataclass(frozen=True)
class AnswerChange:
    """The authority's answer to a question is another one from now on."""

    at: float
    name: str
    type: str
    before: tuple[str, ...]      # empty when the answer is followed from this moment on
    after: tuple[str, ...]
    set_identifiers: tuple[str, ...]
    ttl: int
    reason: str
    chances: Mapping[str, float] = field(default_factory=dict, compare=False)     # value -> how often it stands first


@dataclass(frozen=True)
class Resolved:
    """A user's resolver gave an address: from its cache, or after asking."""

    at: float
    user: str
    name: str
    values: tuple[str, ...]
    ttl: int              # seconds left
    source: str           # "cache", "upstream", "stale"; or "failed"


@dataclass(frozen=True)
class Request:
    """A user asked a site for the page, and this came of it."""

    at: float             # when it ended
    user: str
    address: str | None   # None: the name gave no address
    site: str | None
    ok: bool
    detail: str           # "200 OK", "connection refused", ...
    started: float = 0.0
    stale: bool = False   # went where the authority no longer sends anybody


@dataclass(frozen=True)
class Note:
    """Anything else worth a line: a change of the zone, a switch thrown by hand."""

    at: float
    text: str


Event = Fault | AnswerChange | Resolved | Request | Note | Observation | CheckerFlip | StatusChange


@dataclass(frozen=True)
class Percentiles:
    """Seconds, over users. Nearest-rank: each is a value that some user really had."""

    count: int
    p50: float
    p90: float
    p99: float
    maximum: float
    mean: float

    @classmethod
    def of(cls, values: Sequence[float]) -> Percentiles:
        if not values:
            return cls(0, 0.0, 0.0, 0.0, 0.0, 0.0)
        ordered = sorted(values)
        p50, p90, p99 = (ordered[ceil(len(ordered) * percent / 100) - 1] for percent in (50, 90, 99))
        return cls(len(ordered), p50, p90, p99, ordered[-1], fmean(ordered))


@dataclass
class Timeline:
    """All events of a lab, and questions one can ask about them. Times are seconds of lab time."""

    events: list[Event] = field(default_factory=list)

    def add(self, event: Event) -> None:
        self.events.append(event)

    def __iter__(self) -> Iterator[Event]:
        return iter(tuple(self.events))

    def __len__(self) -> int:
        return len(self.events)

    def __repr__(self) -> str:
        return f"<timeline of {len(self)} events>"

    def of(self, kind: type, since: float = 0.0, until: float = float("inf")) -> list:
        """The events of one kind with since <= at <= until, in order."""
        return [event for event in self if isinstance(event, kind) and since <= event.at <= until]

    def figure(self, **options):
        """The run as a plotly figure; `options` are those of figures.timeline_figure."""
        from .figures.timeline_figure import timeline_figure

        return timeline_figure(self, **options)

    # ---- one outage ---------------------------------------------------------------------------------------------

    def outages(self) -> list[Outage]:
        """Each span in which some site was at fault, with its measures."""
        found, begun = [], {}
        for event in self.of(Fault):
            if event.begins:
                begun.setdefault(event.site, event)
            elif event.site in begun:
                found.append(Outage(self, begun.pop(event.site), event.at))
        return sorted([*found, *(Outage(self, fault, None) for fault in begun.values())], key=lambda o: o.began)

    def users(self) -> list[str]:
        return sorted({event.user for event in self.of(Request)}, key=_natural)

    def downtimes(self, since: float = 0.0, until: float = float("inf")) -> dict[str, float]:
        """Seconds in which each user could not use the site: from each first failed request to the next good one.

        A request counts from the moment it was started, so waiting for a timeout is downtime as well.
        A user who is still without service at the last request counts up to there.
        """
        down: dict[str, float] = dict.fromkeys(self.users(), 0.0)
        failing_since: dict[str, float] = {}
        last = since
        for request in self.of(Request, since, until):
            last = request.at
            if not request.ok:
                failing_since.setdefault(request.user, request.started)
            elif request.user in failing_since:
                down[request.user] += request.started - failing_since.pop(request.user)
        for user, moment in failing_since.items():
            down[user] += last - moment
        return down

    def stale_requests(self, since: float = 0.0, until: float = float("inf")) -> int:
        """Requests that went to an address the authority had already stopped giving out."""
        return sum(request.stale for request in self.of(Request, since, until))


@dataclass(frozen=True)
class Outage:
    """One fault at one site, from its first moment to its repair, and what it did. None: it did not happen."""

    timeline: Timeline
    fault: Fault
    ended: float | None

    @property
    def began(self) -> float:
        return self.fault.at

    @property
    def horizon(self) -> float:
        """Where the next fault at this site begins, or the end of time."""
        later = [f.at for f in self.timeline.of(Fault, self.began) if f.begins and f.site == self.fault.site]
        return next((at for at in later if self.ended is not None and at > self.ended), float("inf"))

    def _first(self, kind: type, since: float | None, wanted=lambda event: True):
        if since is None:
            return None
        return next((event for event in self.timeline.of(kind, since, self.horizon) if wanted(event)), None)

    @property
    def detected(self) -> StatusChange | None:
        """The first health check that turned unhealthy after the fault began."""
        return self._first(StatusChange, self.began, lambda change: change.status is Status.UNHEALTHY)

    @property
    def switched(self) -> AnswerChange | None:
        """The first change of the DNS answer after the fault began."""
        return self._first(AnswerChange, self.began, lambda change: change.before)

    @property
    def recovered(self) -> StatusChange | None:
        """The first health check that turned healthy after the repair."""
        return self._first(StatusChange, self.ended, lambda change: change.status is Status.HEALTHY)

    @property
    def failed_back(self) -> AnswerChange | None:
        """The first change of the DNS answer after the repair."""
        return self._first(AnswerChange, self.ended, lambda change: change.before)

    @property
    def detection(self) -> float | None:
        """Seconds from fault to unhealthy."""
        return self.detected.at - self.began if self.detected else None

    @property
    def switch(self) -> float | None:
        """Seconds from fault to the first other DNS answer."""
        return self.switched.at - self.began if self.switched else None

    @property
    def failback(self) -> float | None:
        """Seconds from repair to the DNS answer's change back."""
        return self.failed_back.at - self.ended if self.failed_back else None

    def downtimes(self) -> list[float]:
        """Seconds without service in this outage, one a user."""
        return list(self.timeline.downtimes(self.began, self.horizon).values())

    def downtime(self) -> Percentiles:
        return Percentiles.of(self.downtimes())

    @property
    def stale_requests(self) -> int:
        return self.timeline.stale_requests(self.began, self.horizon)

    @property
    def failed_requests(self) -> int:
        return sum(not request.ok for request in self.timeline.of(Request, self.began, self.horizon))


def _natural(name: str):
    """Sorts user-2 before user-10."""
    return [int(part) if part.isdigit() else part for part in name.replace("-", " ").split()]
