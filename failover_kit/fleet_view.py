"""A run of the lab as a fleet sees it: what the authority answered when, and when each site served.

    Timeline (answer changes, faults)  ->  fleet.AnswerTimeline  ->  any number of resolvers live through the same run

Before this: lab.py, drill.py. After this: fleet.Fleet. A drill has tens of users, a fleet a million.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise

from .actors import USER_LIMITS
from .errors import LabError
from .faults import WELCOME, Site, Visit
from .fleet import AnswerStep, AnswerTimeline
from .places import Place, locate, round_trip
from .simulation import as_exchange
from .timeline import AnswerChange, Fault, Request, Timeline

NOWHERE = Place("nowhere", "", 0, 0.0, 0.0, "", "")      # for a site whose place plays no part
Faults = Mapping[str, Mapping[str, object]]              # fault name -> its options, as Site.active


def answer_timeline(timeline: Timeline, *, sites: Iterable[object] = (), name: str = "app.example.com",
                    client: str = "us-east-1", until: float | None = None) -> AnswerTimeline:
    """The answers for `name`, and the outages of the sites behind it, as users at `client` met them.

    sites:  sites of the lab, so that addresses get their names (default: as the users' requests tell).
    until:  seconds of lab time; the end of the story (default: the last event).
    The answers are those for a client in us-east-1, as the timeline follows them.
    Raises LabError when the timeline never followed the name, or for packet loss: that strikes single requests.
    """
    wanted, place = name.rstrip(".") + ".", locate(client)
    changes = [event for event in timeline.of(AnswerChange) if event.name == wanted and event.type == "A"]
    if not changes:
        raise LabError(f"The timeline says nothing of the answers for {wanted} Let the lab have users who ask for it.")
    labels = {request.address: request.site for request in timeline.of(Request) if request.address and request.site}
    for site in sites:
        labels |= dict.fromkeys(getattr(site, "site", site).addresses, site.name)
    end = max((event.at for event in timeline), default=0.0) if until is None else until
    steps = {max(change.at, 0.0): _step(change, labels) for change in changes if change.at < end}
    first = min(steps)
    ordered = [AnswerStep(0.0, steps[first].answer, steps[first].ttl), *(steps[at] for at in sorted(steps) if at > 0)]
    return AnswerTimeline(ordered, end, outages(timeline, place, end))


def _step(change: AnswerChange, labels: Mapping[str, str]) -> AnswerStep:
    chances = change.chances or {value: 1 / len(change.after) for value in change.after}
    told: dict[str, float] = {}
    for value, chance in chances.items():
        told[labels.get(value, value)] = told.get(labels.get(value, value), 0.0) + chance
    return AnswerStep(max(change.at, 0.0), told, change.ttl)


def outages(timeline: Timeline, client: Place, until: float) -> dict[str, list[tuple[float, float]]]:
    """{site: [(from, to), ...]} in seconds: when a user at this place would not have been served there."""
    found: dict[str, list[tuple[float, float]]] = {}
    for site, history in fault_history(timeline).items():
        for start, end, share in served_spans(history, client, until):
            if 0 < share < 1:
                raise LabError(f"{site} loses a share of its packets. Sites of a fleet are up or down; "
                               "let the lab's own users live through packet loss.")
            if share == 0:
                found.setdefault(site, []).append((start, end))
    return found


def fault_history(timeline: Timeline) -> dict[str, list[tuple[float, Faults]]]:
    """{site: [(moment, the faults that it has from then on), ...]}"""
    history: dict[str, list[tuple[float, Faults]]] = {}
    for event in timeline.of(Fault):
        moments = history.setdefault(event.site, [(0.0, {})])
        moments.append((event.at, {**moments[-1][1], event.fault: event.options} if event.begins else {}))
    return history


def served_spans(history: Iterable[tuple[float, Faults]], client: Place, until: float,
                 site: Place = NOWHERE) -> Iterator[tuple[float, float, float]]:
    """(from, to, share of requests served) for a user at a place. `history`: a site's faults from each moment on."""
    for (start, faults), (end, _) in pairwise([*history, (until, {})]):
        end = min(end, until)
        edges = [start, *_edges(faults, start, end), end]
        for begin, stop in pairwise(edges):
            if begin < stop:
                yield begin, stop, share_served(faults, client, (begin + stop) / 2, site)


def _edges(faults: Faults, start: float, end: float) -> Iterator[float]:
    """The moments at which a flapping site changes."""
    options = faults.get("flapping")
    if options:
        cycle = options["since"] + (start - options["since"]) // options["period"] * options["period"]
        while cycle < end:
            yield from (moment for moment in (cycle, cycle + options["down"]) if start < moment < end)
            cycle += options["period"]


def share_served(faults: Faults, client: Place, now: float, site: Place = NOWHERE) -> float:
    """The share of a user's requests that a site with these faults serves well at this moment."""
    lost = faults.get("packet_loss", {}).get("rate", 0.0)
    others = {name: options for name, options in faults.items() if name != "packet_loss"}
    behaviour = Site("", site, ("",), active=dict(others)).behaviour(Visit("/", client, now))
    trip = 0.0 if site is NOWHERE else round_trip(client, site)
    seen = as_exchange(behaviour, trip, USER_LIMITS)
    return (1.0 - lost) if seen.status == 200 and WELCOME.encode() in seen.body else 0.0
