"""Small stories in which every rule of the fleet matters, told twice: for the kit, and for the plain oracle.

Times are in seconds, holds about 20 s and requests a few seconds apart, so that every phase of a cache shows.
"""

from dataclasses import dataclass, field
from math import inf

from hypothesis import strategies as st

from failover_kit.fleet import (
    UNREACHABLE,
    AnswerStep,
    AnswerTimeline,
    Fleet,
    browser,
    for_ever,
    honest,
    maximum_ttl,
    minimum_ttl,
    pooled,
    serve_stale,
)

TTL = 20
EAST, WEST = "us-east-1", "us-west-2"

FAILOVER = AnswerTimeline.failover(EAST, WEST, fails_at=50.2, switches_at=83.3, recovers_at=170, returns_at=200,
                                   until=300)
FLAPPING = AnswerTimeline([AnswerStep(0, EAST), AnswerStep(70, WEST), AnswerStep(95, EAST), AnswerStep(150, WEST)], 300,
                          {EAST: [(50, 90), (130, inf)], WEST: [(80, 100)]})
NEW_TTLS = AnswerTimeline([AnswerStep(0, EAST, 60), AnswerStep(50, EAST, 15), AnswerStep(120, WEST, 15),
                           AnswerStep(180, EAST, 100)], 300, {EAST: [(100, 200)]})
NO_SUCH_NAME = AnswerTimeline([AnswerStep(0, EAST), AnswerStep(60, None, 90), AnswerStep(90, EAST)], 300)
DNS_OUTAGES = AnswerTimeline([AnswerStep(0, EAST), AnswerStep(40, WEST), AnswerStep(60, UNREACHABLE),
                              AnswerStep(130, WEST), AnswerStep(180, UNREACHABLE), AnswerStep(200, EAST, 30)], 300,
                             {EAST: [(100, 150)]})
WEIGHTED = AnswerTimeline([AnswerStep(0, {EAST: 0.7, WEST: 0.3}, 25), AnswerStep(80, {WEST: 1.0}, 25),
                           AnswerStep(170, {EAST: 0.1, WEST: 0.8, None: 0.1}, 40)], 300, {EAST: [(60, 160)]})
TTL_ZERO = AnswerTimeline([AnswerStep(0, EAST, 30), AnswerStep(60, EAST, 0), AnswerStep(120, WEST, 0),
                           AnswerStep(150, {EAST: 0.5, WEST: 0.5}, 20)], 300, {EAST: [(100, 200)]})
LATE_NAME = AnswerTimeline([AnswerStep(0, None, 60), AnswerStep(50, EAST), AnswerStep(75, WEST)], 300,
                           {EAST: [(100, inf)]})
LATE_DNS = AnswerTimeline([AnswerStep(0, UNREACHABLE), AnswerStep(50, EAST), AnswerStep(150, WEST)], 300,
                          {EAST: [(100, 200)]})


@dataclass(frozen=True)
class Story:
    timeline: AnswerTimeline
    fleet: Fleet              # of one kind
    oracle: dict = field(default_factory=dict)    # the same, in the oracle's words


def story(timeline, behaviour, demand=0.2, warm=True, **oracle):
    return Story(timeline, Fleet(size=1, ttl=TTL, behaviours={behaviour: 1.0}, demand=demand, warm=warm),
                 {"demand": demand, "warm": warm, **oracle})


def longer_than(seconds):
    return {"hold": lambda ttl, label: max(ttl, seconds)}


STORIES = {
    "honest, failover and back":        story(FAILOVER, honest()),
    "honest, flapping":                 story(FLAPPING, honest()),
    "honest, hardly ever asked":        story(FAILOVER, honest(), demand=0.02),
    "honest, cold start":               story(FAILOVER, honest(), demand=0.5, warm=False),
    "honest, TTL changes":              story(NEW_TTLS, honest()),
    "honest, no such name":             story(NO_SUCH_NAME, honest()),
    "honest, DNS outages":              story(DNS_OUTAGES, honest()),
    "honest, weighted answers":         story(WEIGHTED, honest()),
    "honest, TTL 0":                    story(TTL_ZERO, honest()),
    "honest, DNS comes late":           story(LATE_DNS, honest()),
    "minimum TTL":                      story(FAILOVER, minimum_ttl(45), **longer_than(45)),
    "maximum TTL":                      story(FAILOVER, maximum_ttl(8), hold=lambda ttl, label: min(ttl, 8)),
    "for ever":                         story(FLAPPING, for_ever(), hold=lambda ttl, label: inf),
    "for ever, cold, no name at first": story(LATE_NAME, for_ever(), warm=False,
                                              hold=lambda ttl, label: inf if label in (EAST, WEST) else 10),
    "serve-stale, DNS outages":         story(DNS_OUTAGES, serve_stale(), stale=True),
    "serve-stale, cold":                story(DNS_OUTAGES, serve_stale(), warm=False, stale=True),
    "browser":                          story(FAILOVER, browser(40), keeps=40),
    "browser over minimum TTL":         story(FAILOVER, browser(30, over=minimum_ttl(45)), keeps=30, **longer_than(45)),
    "browser, short, flapping":         story(FLAPPING, browser(12, demand=0.2), keeps=12, user_demand=0.2),
    "browser, DNS outages":             story(DNS_OUTAGES, browser(40), keeps=40),
    "browser, cold, DNS outages":       story(DNS_OUTAGES, browser(40), warm=False, keeps=40),
    "browser over serve-stale":         story(DNS_OUTAGES, browser(40, over=serve_stale()), stale=True, keeps=40),
    "pooled connections":               story(FAILOVER, pooled(1.5, demand=0.2), keeps=90, user_demand=0.2),
    "pooled connections, DNS outages":  story(DNS_OUTAGES, pooled(1.5), keeps=90, user_demand=1.0),
}


ANSWERS = st.sampled_from(["east", "west", None, UNREACHABLE, {"east": 0.6, "west": 0.4}, {"east": 0.5, None: 0.5}])


@st.composite
def timelines(draw):
    """Any timeline: up to five answers of every sort, with and without TTLs of their own."""
    times = sorted(draw(st.sets(st.floats(1, 290, allow_nan=False), max_size=4)))
    return AnswerTimeline([AnswerStep(time, draw(ANSWERS), draw(st.sampled_from([None, 0, 7, 45, 300])))
                           for time in [0.0, *times]], 300.0, {"east": [(60, 140.5)]})
