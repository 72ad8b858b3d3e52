"""A timeline told in steps: the few moments that matter, each with the state of everything at that moment.

    Timeline  ->  Steps (time, what happened, checkers, status, DNS answer, where requests landed)

The terminal prints them, notebooks step through them. Every word comes from the run's own events.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .health import Observation, Status, StatusChange
from .monitor import CheckerFlip
from .timeline import AnswerChange, Fault, Note, Request, Timeline


@dataclass(frozen=True)
class Step:
    """One moment worth a line. Times are seconds of lab time."""

    at: float
    happened: str
    part: str                # whose doing: "site", "checker", "health check", "DNS", "user", "operator"
    checkers: str = ""       # "14 of 16 healthy"
    status: str = ""         # "healthy" or "unhealthy"
    answer: str = ""         # what the authority answers
    landed: str = ""         # the last request: where it went, and what came of it


COLUMNS = {"at": "time", "happened": "what happened", "checkers": "checkers", "status": "status",
           "answer": "DNS answer", "landed": "last request"}


def story(timeline: Timeline) -> list[Step]:
    """The steps of a run, in order of time."""
    return list(_Teller(timeline).steps())


class _Teller:
    """Walks the events once, keeping the state that each step shows."""

    def __init__(self, timeline: Timeline):
        self._events = sorted(timeline, key=lambda event: event.at)     # stable: equal times keep their order
        self._views: dict[tuple[str, object], Status] = {}
        self._statuses: dict[str, Status] = {}
        self._answers: dict[str, tuple[str, ...]] = {}
        self._landed = ""
        self._failing: set[str] = set()            # users who are without service
        self._flipped: dict[str, Status] = {}      # health check -> the way its checkers moved last
        self._served: set[str] = set()             # sites that have served somebody since the answer changed last
        self._known: set[str] = set()              # sites that did so before that

    def steps(self) -> Iterator[Step]:
        for event in self._events:
            happened = self._take(event)
            if happened:
                yield Step(event.at, happened[1], happened[0], self._checkers(), self._status(), self._answer(),
                           self._landed)

    def _take(self, event) -> tuple[str, str] | None:
        """Update the state; (part, words) when this event is worth a step."""
        match event:
            case Fault():
                what = "is repaired" if not event.begins else f"fails: {event.fault}" + (
                    f" ({event.detail})" if event.detail else "")
                return "site", f"{event.site} {what}"
            case Note():
                return "operator", event.text
            case Observation():
                self._views.setdefault((event.health_check_id, event.checker), Status.HEALTHY)
            case CheckerFlip():
                return self._take_flip(event)
            case StatusChange():
                self._statuses[event.health_check_id] = event.status
                words = f"health check {event.health_check_id} turns {event.status.value}: {event.reason}"
                return "health check", words
            case AnswerChange():
                self._answers[event.name] = event.after
                self._known, self._served = self._served, set()
                verb = "changes to" if event.before else "is"
                return "DNS", f"the answer for {event.name.rstrip('.')} {verb} {', '.join(event.after)}"
            case Request():
                return self._take_request(event)
        return None

    def _take_flip(self, flip: CheckerFlip) -> tuple[str, str] | None:
        self._views[flip.health_check_id, flip.checker] = flip.status
        if self._flipped.get(flip.health_check_id, Status.HEALTHY) is flip.status:
            return None
        self._flipped[flip.health_check_id] = flip.status
        return "checker", f"the first checker ({flip.checker}) turns {flip.status.value}: {flip.reason}"

    def _take_request(self, request: Request) -> tuple[str, str] | None:
        where = request.site or request.address or "nowhere"
        self._landed = f"{where}: {request.detail}"
        if not request.ok:
            first = not self._failing
            self._failing.add(request.user)
            return ("user", f"{request.user} is the first to fail: {request.detail}") if first else None
        was_failing = request.user in self._failing
        self._failing.discard(request.user)
        if was_failing and not self._failing:
            return "user", f"{request.user} is served again, the last one to be"
        news = where not in self._known | self._served
        self._served.add(where)
        return ("user", f"{request.user} is the first to be served by {where}") if news else None

    def _checkers(self) -> str:
        """The health check that fewest checkers call healthy."""
        counts: dict[str, list[bool]] = {}
        for (check, _), view in self._views.items():
            counts.setdefault(check, []).append(view is Status.HEALTHY)
        worst = min(counts.values(), key=lambda views: sum(views) / len(views), default=[])
        return f"{sum(worst)} of {len(worst)} healthy" if worst else ""

    def _status(self) -> str:
        unhealthy = [name for name, status in self._statuses.items() if status is Status.UNHEALTHY]
        return "unhealthy" if unhealthy else "healthy"

    def _answer(self) -> str:
        return "; ".join(", ".join(values) for values in self._answers.values())
