"""Turns a timeline into spans and dots on lanes: what was true from when to when, and what happened at a moment.

    Timeline  ->  Spans (site up or down, status, DNS answer, cached answers)  and  checker counts

Pure data: timeline_figure.py draws it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ..health import Status, StatusChange
from ..monitor import CheckerFlip
from ..timeline import AnswerChange, Fault, Request, Resolved, Timeline


@dataclass(frozen=True)
class Span:
    """Something that was so from `start` to `end` (seconds)."""

    lane: str
    start: float
    end: float
    state: str          # what holds: "up", "crash", "healthy", an address...
    words: str          # the same for people


def _spans(lane: str, initial: tuple[str, str], changes: Iterable[tuple[float, str, str]], end: float) -> list[Span]:
    """Spans between changes (moment, state, words), from 0 to `end`."""
    found, since, (state, words) = [], 0.0, initial
    for at, next_state, next_words in changes:
        if at > since:
            found.append(Span(lane, since, at, state, words))
        since, state, words = at, next_state, next_words
    if end > since:
        found.append(Span(lane, since, end, state, words))
    return found


def site_spans(timeline: Timeline, sites: Iterable[str], end: float) -> list[Span]:
    """One lane a site: up, or the fault it has."""
    return [span for site in sites for span in _spans(
        f"site {site}", ("up", f"{site} works"),
        [(f.at, f.fault if f.begins else "up", f"{site}: {f.fault if f.begins else 'works'}")
         for f in timeline.of(Fault) if f.site == site], end)]


def status_spans(timeline: Timeline, end: float) -> list[Span]:
    """One lane a health check that changed at least once."""
    changed = timeline.of(StatusChange)
    return [span for check in dict.fromkeys(c.health_check_id for c in changed) for span in _spans(
        f"status {check}", _first_state([c for c in changed if c.health_check_id == check]),
        [(c.at, c.status.value, f"{check} is {c.status.value}: {c.reason}")
         for c in changed if c.health_check_id == check], end)]


def _first_state(changes: list[StatusChange]) -> tuple[str, str]:
    before = (~changes[0].status).value
    return before, f"{changes[0].health_check_id} is {before}"


def answer_spans(timeline: Timeline, initial: dict[str, tuple[str, ...]], end: float) -> list[Span]:
    """One lane a name: what the authority answers. `initial` gives names and answers that never changed as well."""
    changes = timeline.of(AnswerChange)
    first = {change.name: change.before for change in reversed(changes)}
    found = []
    for name, before in {**initial, **first}.items():
        found += _spans(f"DNS answer {name.rstrip('.')}", (", ".join(before), f"answer: {', '.join(before)}"),
                        [(c.at, ", ".join(c.after), f"answer: {', '.join(c.after)}") for c in changes if c.name == name],
                        end)
    return [span for span in found if span.state]


def cache_spans(timeline: Timeline, users: Iterable[str], end: float) -> list[Span]:
    """One lane a user: the answer that the user's resolver keeps, until its TTL runs out."""
    found = []
    for user in users:
        asked = [r for r in timeline.of(Resolved) if r.user == user and r.source == "upstream"]
        for resolved, following in zip(asked, [*asked[1:], None], strict=True):
            until = min(resolved.at + resolved.ttl, following.at if following else end, end)
            found.append(Span(user, resolved.at, until, ", ".join(resolved.values),
                              f"{user} has {', '.join(resolved.values)} in the cache, TTL {resolved.ttl} s"))
    return found


def checker_counts(timeline: Timeline, health_check_id: str, checkers: int, end: float) -> list[tuple[float, int]]:
    """(moment, checkers that say healthy), a step at each flip."""
    healthy, counts = checkers, [(0.0, checkers)]
    for flip in timeline.of(CheckerFlip):
        if flip.health_check_id == health_check_id:
            healthy += 1 if flip.status is Status.HEALTHY else -1
            counts.append((flip.at, healthy))
    return [*counts, (end, healthy)]


def served_by(timeline: Timeline) -> dict[str, str]:
    """{address: site} as the requests met them."""
    return {request.address: request.site for request in timeline.of(Request) if request.address and request.site}
