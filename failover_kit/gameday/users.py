"""What the users of a design lived through: where their requests went, and how many of them failed.

    Played  ->  answers at each place  ->  fleets of resolvers  ->  UserCurve (shares on sites, failing requests)

Before this: play.py. The fleet's expected curve gives where users are; the sites' faults, capacity and data say what
they meet there. Beside this: losses.py, which tells how many writes got lost.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import inf

from ..authority import explain
from ..fleet import NO_ANSWER, AnswerStep, AnswerTimeline, Fleet, honest, minimum_ttl
from ..fleet_view import served_spans
from ..health import StatusChange
from ..load import AT_ONCE, BACKOFF, BACKOFF_WITH_JITTER, NEVER, Standby, rush
from ..load import Clients as Crowd
from ..places import locate
from ..records import Question
from .design import USERS
from .incident import WRITE_SHARE
from .play import Played

BEHAVIOURS = {honest(): 0.95, minimum_ttl(300): 0.05}       # of the users' resolvers [assumption]
DEMAND = 1.0                       # requests per second behind one resolver
ANYCAST_SECONDS = 30.0             # until new connections go elsewhere; Global Accelerator, unhealthy endpoints
CROWD = 1_000                      # users of the rush on a standby; what comes of it depends on ratios alone
CLOSE = 900.0                      # seconds of a story that are followed second by second
POINTS = 1_500                     # moments of a curve after that
RETRIES = {"never": NEVER, "at once": AT_ONCE, "back-off": BACKOFF, "jitter": BACKOFF_WITH_JITTER}
NOBODY = "nowhere"                 # where those go who get no address
EITHER = " or "                    # between sites that a client tries in turn
QUEUE_SECONDS = 1.0                # of work that a site which sheds load lets wait; clients give up after two
RUSH_SETTLES = 900.0               # seconds after the last arrival, or new server: from then on a rush stays as it is


@dataclass(frozen=True)
class UserCurve:
    """Rows with one number for each moment of `times` (seconds, closer together at the beginning)."""

    until: float
    times: Sequence[float]
    answers: Mapping[str, Sequence[AnswerStep]]              # place -> what its resolvers are told, from when on
    by_place: Mapping[str, Mapping[str, Sequence[float]]]    # place -> {site: share of its users there}
    served: Mapping[str, Mapping[str, Sequence[float]]]      # place -> {site: share of its requests that get an answer}
    carried: Mapping[str, Sequence[float]]                   # site too small -> share of its requests that fit
    shares: Mapping[str, Sequence[float]]                    # site -> share of all users there
    errors: Sequence[float]                                  # share of all requests that fail, refused writes included

    @property
    def error_minutes(self) -> float:
        """Minutes that one user loses who asks all the time."""
        return sum(error * (end - start) for error, (start, end) in
                   zip(self.errors, pairwise([*self.times, self.until]), strict=True)) / 60

    def index(self, moment: float) -> int:
        """Of the last of `times` up to this moment, or of the first."""
        return max(0, bisect_right(self.times, moment) - 1)


def live_through(played: Played, accepts: Mapping[str, Sequence[tuple[float, bool]]]) -> UserCurve:
    """Everybody's requests. `accepts` tells of each site from when on it takes writes, or does not."""
    times, by_place = [], {}
    answers = {place: tuple(answers_at(played, place)) for place in USERS}
    for place in USERS:
        times, by_place[place] = _fleet_shares(played, answers[place])
    shares = {label: [sum(weight * by_place[place][label][index] for place, weight in USERS.items()
                          if label in by_place[place]) for index in range(len(times))]
              for label in {label for rows in by_place.values() for label in rows}}
    fits = {site: carried for site, row in _loads(shares).items()
            if site in played.capacity and (carried := _carried(played, site, times, row)) is not None}
    takes = {site: _steps(accepts[site], times) for site in played.histories}
    served, errors = {}, [0.0] * len(times)
    for place, weight in USERS.items():
        served[place] = {site: _served(played, site, place, times, fits.get(site)) for site in played.histories}
        fails = {site: [1 - good * (1 if ok else 1 - WRITE_SHARE) for good, ok in zip(row, takes[site], strict=True)]
                 for site, row in served[place].items()}
        for label, row in by_place[place].items():
            errors = [so_far + weight * share * bad for so_far, share, bad in
                      zip(errors, row, _fails(label, fails, len(times)), strict=True)]
    return UserCurve(played.disaster.until, times, answers, by_place, served, fits, shares, errors)


# ---- where they go ------------------------------------------------------------------------------------------------

def answers_at(played: Played, place: str) -> Iterator[AnswerStep]:
    """What resolvers at this place are told, from 0 on. A client that tries every address goes to all of them."""
    design = played.design
    named = {address: site.name for site in design.sites for address in site.addresses}
    changes = [(event.at, event.health_check_id, event.status) for event in played.timeline.of(StatusChange)]
    moments = sorted({0.0, *(at for at, _, _ in changes if at > 0), *(at for at, _ in played.zones if at > 0)})
    statuses, before = dict(played.calm_statuses), None
    for moment in moments:
        statuses |= {check: status for at, check, status in changes if at == moment}
        zone = next(zone for at, zone in reversed(played.zones) if at <= moment)
        answer = explain([zone], Question(design.asked_name, "A"), statuses, locate(place))
        told: dict[str | None, float] = {}
        for address, chance in answer.chances.items():
            told[named.get(address, address)] = told.get(named.get(address, address), 0.0) + chance
        if design.clients.tries_all and len(told) > 1:
            told = {EITHER.join(sorted(told, key=lambda site: -told[site])): 1.0}
        now = (told or {None: 1.0}, answer.ttl)
        if now != before and moment < played.disaster.until:
            before = now
            yield AnswerStep(moment, *now)


def _fleet_shares(played: Played, answers: Iterable[AnswerStep]):
    """(times, {label: share of the place's users there}); the same for the same answers, so worked out once."""
    frozen = tuple((one.at, tuple(one.told.items()), one.ttl) for one in answers)
    return _expected(frozen, played.disaster.until, played.design.front == "anycast")


@lru_cache(maxsize=64)
def _expected(frozen: tuple, until: float, anycast: bool):
    steps = [AnswerStep(at, {None if site == NO_ANSWER else site: chance for site, chance in told}, ttl)
             for at, told, ttl in frozen]
    if anycast:                # the network asks nobody's cache, but it takes its time to turn
        steps = [AnswerStep(one.at + ANYCAST_SECONDS if one.at else 0.0, one.answer, 0) for one in steps
                 if one.at + ANYCAST_SECONDS < until]
    fleet = Fleet(size=1_000, demand=DEMAND, behaviours={honest(): 1.0} if anycast else BEHAVIOURS)
    close = min(CLOSE, until)
    near = fleet.expected(AnswerTimeline([one for one in steps if one.at < close], close), 1.0)
    times, rows = list(near.times), {site: list(row) for site, row in near.shares.items()}
    if until > close:
        far = fleet.expected(AnswerTimeline(steps, until), max(1.0, (until - close) / POINTS))
        first = bisect_left(far.times, close)
        times += far.times[first:]
        rows = {site: [*rows.get(site, [0.0] * len(near.times)), *row[first:]] for site, row in far.shares.items()}
    return times, {NOBODY if site == NO_ANSWER else site: row for site, row in rows.items()}


def _loads(shares: Mapping[str, Sequence[float]]) -> dict[str, Sequence[float]]:
    """The load of each site; a client that tries several addresses loads the first one."""
    loads: dict[str, Sequence[float]] = {}
    for label, row in shares.items():
        site = label.split(EITHER)[0]
        loads[site] = [a + b for a, b in zip(loads[site], row, strict=True)] if site in loads else row
    return loads


# ---- what they meet -----------------------------------------------------------------------------------------------

def _served(played: Played, site: str, place: str, times: Sequence[float], fits: Sequence[float] | None) -> list[float]:
    """The share of the requests from a place that a site answers, at each moment."""
    served = [0.0] * len(times)
    for start, end, share in _up_spans(played, site, locate(place)):
        for index in range(bisect_left(times, start), bisect_left(times, end)):
            served[index] = share
    served[-1] = served[-2]
    return served if fits is None else [good * fit for good, fit in zip(served, fits, strict=True)]


def _up_spans(played: Played, site: str, here) -> Iterator[tuple[float, float, float]]:
    until = played.disaster.until
    history = played.histories[site]
    for (start, faults), end in zip(history, [*(at for at, _ in history[1:]), until], strict=True):
        if "off" in faults:
            yield start, end, 0.0
        elif start < end:
            yield from served_spans([(start, faults)], here, end)


def _fails(label: str, fails: Mapping[str, Sequence[float]], count: int) -> Sequence[float]:
    """The same for a label of the fleet: a site, several of which one is enough, or no address at all."""
    rows = [fails.get(site, [1.0] * count) for site in label.split(EITHER)]
    return rows[0] if len(rows) == 1 else [min(column) for column in zip(*rows, strict=True)]


def _carried(played: Played, site: str, times: Sequence[float], load: Sequence[float]) -> Sequence[float] | None:
    """The share of the requests at a site that its capacity is enough for; None: it is enough for all."""
    capacity = _steps(played.capacity[site], times)
    short = [index for index, (wanted, there) in enumerate(zip(load, capacity, strict=True))
             if wanted > there + 1e-6 > 1e-6]
    if not short:
        return None
    usual = load[0] + 0.001
    begin = next((index + 1 for index in range(short[0], -1, -1) if load[index] <= usual or capacity[index] == 0), 0)
    fails = _rush_on(played, site, times[begin], max(load[begin:]), capacity[begin], times[-1])
    return [1 - fails[min(int(at - times[begin]), len(fails) - 1)] if index >= begin and load[index] > usual else 1.0
            for index, at in enumerate(times)]


def _rush_on(played: Played, site: str, start: float, peak: float, capacity: float, end: float) -> list[float]:
    """The share of failing requests in each second after users began to arrive at a site that is too small."""
    full = CROWD / Crowd(users=CROWD).think_seconds          # requests per second of everybody
    later = [(at, share) for at, share in played.capacity[site] if at > start]
    there = max(capacity, 0.001) * full
    sheds = played.design.capacity_of(site).sheds_load
    standby = Standby(capacity=there, queue_limit=there * QUEUE_SECONDS if sheds else inf,
                      scaled_capacity=later[0][1] * full if later else None,
                      scaled_at=later[0][0] - start if later else inf)
    ttl = min((record.ttl for record in played.design.records if record.ttl), default=60)
    crowd = Crowd(users=CROWD * peak, retry=RETRIES[played.design.clients.retry], arrive_over=min(ttl, 600))
    grown = standby.scaled_at if later else 0.0
    seconds = min(end - start + 1, max(grown, crowd.arrive_over) + RUSH_SETTLES)
    course = rush(standby, crowd, seconds=max(2.0, seconds), step=1.0)
    return [_failing(bad, good, course.demand) for bad, good in zip(course.failures, course.goodput, strict=True)]


def _failing(failures: float, goodput: float, demand: float) -> float:
    """The share of failing requests: of the attempts, but of what users want where they try again and again."""
    attempts = failures + goodput
    return min(failures / attempts, max(0.0, 1 - goodput / demand)) if attempts > 0 else 0.0


def _steps(changes: Iterable[tuple[float, object]], times: Sequence[float]) -> list:
    """The value that holds at each moment, of (from, value) pairs."""
    changes = list(changes)
    starts = [at for at, _ in changes]
    return [changes[max(0, bisect_right(starts, moment) - 1)][1] for moment in times]
