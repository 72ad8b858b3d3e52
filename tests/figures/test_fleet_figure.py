"""The fleet figures: a curve is what the fleet or the lab's users went through, and a price is where it belongs."""

from itertools import pairwise

import pytest

from failover_kit.figures.alt import alt_of
from failover_kit.figures.fleet_figure import MEANINGS, TtlPrice, price_figure, users_down, without_service_figure
from failover_kit.fleet import AnswerTimeline, Fleet
from failover_kit.timeline import Request, Timeline

STORY = AnswerTimeline.failover("east", "west", fails_at=300, switches_at=385, until=900)
REPORT = Fleet(ttl=60, demand=1000).expected(STORY)


def run(*requests):
    """A timeline of requests (user, start, ok), each over at once."""
    return Timeline([Request(at, user, "192.0.2.1", "east", ok, "", at) for user, at, ok in requests])


TWO = run(("ann", 290, True), ("bob", 295, True), ("ann", 302, False), ("bob", 305, False), ("ann", 310, False),
          ("bob", 400, True), ("ann", 410, True))


# ---- users of a lab -----------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("timeline", "points"), [
    (run(("ann", 1, True)), [(0, 0)]),
    (run(("ann", 1, False)), [(0, 0), (1, 1)]),
    (run(("ann", 1, False), ("ann", 2, False), ("ann", 5, True), ("ann", 6, True)), [(0, 0), (1, 1), (5, 0)]),
    (TWO, [(0, 0), (302, 0.5), (305, 1), (400, 0.5), (410, 0)]),
], ids=["served", "down to the end", "down until the next good page", "two users"])
def test_users_are_down_from_a_failed_request_to_the_next_good_one(timeline, points):
    assert users_down(timeline) == points


def test_the_area_under_the_steps_is_the_downtime():
    points = users_down(TWO)
    area = sum(share * (later - at) for (at, share), (later, _) in pairwise(points))
    assert area * 2 == sum(TWO.downtimes().values())


# ---- curves -------------------------------------------------------------------------------------------------------

def drawn(figure):
    return {trace.name: list(zip(trace.x, trace.y, strict=True)) for trace in figure.data}


def test_a_fleet_is_drawn_from_the_fault_on_in_percent():
    points = dict(drawn(without_service_figure({"fleet": REPORT}, fault_at=300, until=900))["fleet"])
    assert (min(points), max(points)) == (0, 600)
    assert points[0] == pytest.approx(100)
    assert points[85 + 30] == pytest.approx(50, abs=0.1)      # half of a TTL after the switch, half of the users
    assert points[85 + 60] == pytest.approx(0, abs=1e-6)


def test_a_fleet_whose_fault_lies_between_two_moments_begins_at_the_fault():
    story = AnswerTimeline.failover("east", "west", fails_at=300.4, switches_at=385, until=900)
    assert drawn(without_service_figure({"f": Fleet().expected(story)}, fault_at=300.4, until=900))["f"][0] == (0, 100)


def test_users_are_drawn_as_steps_beside_a_fleet():
    figure = without_service_figure({"fleet": REPORT, "two": TWO}, fault_at=300, until=420)
    assert drawn(figure)["two"] == [(0, 0), (2, 50), (5, 100), (100, 50), (110, 0), (120, 0)]
    assert [trace.line.shape for trace in figure.data] == ["linear", "hv"]


def test_a_step_that_began_before_the_fault_goes_on():
    figure = without_service_figure({"two": TWO}, fault_at=304, until=420)
    assert drawn(figure)["two"][:2] == [(0, 50), (1, 100)]


@pytest.mark.parametrize(("until", "words", "last"), [(900, "seconds", 600), (300 + 3 * 3600, "hours", 3)])
def test_a_long_story_is_told_in_hours(until, words, last):
    story = AnswerTimeline.failover("east", "west", fails_at=300, switches_at=385, until=until)
    figure = without_service_figure({"f": Fleet().expected(story, step=10)}, fault_at=300, until=until)
    assert words in figure.layout.xaxis.title.text
    assert drawn(figure)["f"][-1][0] == last


def test_a_mark_stands_where_it_belongs():
    figure = without_service_figure({"f": REPORT}, fault_at=300, until=900, marks={"the answer changes": 385})
    assert figure.layout.shapes[0].x0 == 85
    assert figure.layout.annotations[0].text == "the answer changes"


def test_the_curves_are_told_apart_without_colour():
    figure = without_service_figure({name: REPORT for name in MEANINGS}, fault_at=300, until=900)
    assert len({trace.line.dash for trace in figure.data}) == len(MEANINGS)


@pytest.mark.parametrize(("runs", "words"), [
    ({"f": REPORT}, "f: 100 % of users at most, half of these within 115 seconds, all within 145 seconds."),
    ({"two": TWO}, "two: 100 % of users at most, half of these within 100 seconds, all within 110 seconds."),
    ({"ann": run(("ann", 310, True))}, "ann: nobody is without service."),
    ({"ann": run(("ann", 310, False))}, "ann: 100 % of users at most; 100 % still at the end."),
], ids=["fleet", "users", "nothing happened", "never back"])
def test_the_words_hold_the_numbers(runs, words):
    assert alt_of(without_service_figure(runs, fault_at=300, until=900)) == words


# ---- prices -------------------------------------------------------------------------------------------------------

PRICES = [TtlPrice(10, 10, 94_000.0), TtlPrice(60, 60, 17_000.0), TtlPrice(300, 300, 3_400.0)]


def test_each_ttl_is_a_point_and_the_chosen_one_is_ringed():
    line, ring = price_figure(PRICES, chosen=60).data
    assert list(zip(line.text, line.x, line.y, strict=True)) == [
        ("TTL 10", 94_000, 10), ("TTL 60", 17_000, 60), ("TTL 300", 3_400, 300)]
    assert (list(ring.x), list(ring.y)) == ([17_000], [60])


def test_both_scales_are_logarithmic_with_a_tick_for_each_power_of_ten():
    layout = price_figure(PRICES).layout
    assert (layout.xaxis.type, layout.yaxis.type) == ("log", "log")
    assert list(layout.xaxis.tickvals) == [1_000, 10_000, 100_000]
    assert list(layout.yaxis.tickvals) == [10, 100, 1_000]


def test_the_words_say_each_price():
    assert alt_of(price_figure(PRICES)).startswith("TTL 10 s: 10 s and $94,000 a month. TTL 60 s: 60 s and $17,000")
