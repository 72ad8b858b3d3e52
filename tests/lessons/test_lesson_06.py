"""Lesson 6 says what is so: its claims against runs of the notebook, live and virtual, and against closed formulas."""

import re
from statistics import fmean
from types import SimpleNamespace

import pytest

from failover_kit.actors import USER_LIMITS
from failover_kit.cache import POLICIES, CachePolicy, TtlCache
from failover_kit.course.exercises.lesson_06 import cheapest_ttl, expiry_rule
from failover_kit.fleet.report import QUERY_PRICE
from failover_kit.zone import SOA_TIMES, SOA_TTL

LESSON = 6


# ---- the runs ---------------------------------------------------------------------------------------------------

def test_two_runs_say_the_same(book, run):
    assert book.steady(run) == book.steady(book.saved())


def test_the_virtual_twin_says_the_same_as_the_live_lab(book, run, twin):
    assert book.steady(twin) == book.steady(run)


def test_the_live_cells_are_the_ones_that_nbval_is_told_to_leave_alone(book):
    assert book.live_cells == {"live-run", "live-figure"}


@pytest.mark.parametrize(("cell", "text"), [
    ("detection", "75 to 89 s, on average 85 s\n"),                                                   # B46
    ("fleet-run", "down: 114.5 s on average, 145 s at most\n"),                                       # B46
    ("fleet-sample", "drawn: 114.5 s on average; computed: 114.5 s; formula: 115.0 s\n"),
    ("price-run", "TTL 60 s: 145 s at most,   16,393 questions a second\n"
                  "TTL  6 s:  91 s at most,  142,857 questions a second\n"),
    ("play-check", "{'interval': 30, 'threshold': 3, 'ttl': 60}: 143 s, $16,997. Not there yet.\n"),
    ("missing-run", "the record was gone for 60 s, its users for 900 to 910 s\n"),                     # C4
    ("hood-dns", "honest      median downtime 575 s\nserve-stale median downtime   0 s\n"),            # C18, C19
    ("pitfall-price", "TTL 86400: 12.02 hours down on average, $    12.00 a month\n"
                      "TTL 60   :  0.03 hours down on average, $16,996.72 a month\n"),
    ("aws-find", "[('app.example.com.', 'PRIMARY', 86400),\n ('app.example.com.', 'SECONDARY', 86400)]"),
    ("aws-fix", "60")])
def test_a_cell_shows_what_the_prose_around_it_says(run, cell, text):
    assert run[cell] == text


def seconds_of(text):
    """{first words of a line: the numbers of seconds in it}"""
    return {line[:16].strip(): [float(number) for number in re.findall(r"(\d+) s", line[16:])]
            for line in text.splitlines()}


def test_the_table_of_caches_says_what_the_prose_makes_of_it(run):
    down = seconds_of(run["minds-table"])
    assert down["serve-stale"] == down["honest"]                       # "a surprise to many"
    assert down["minimum 300 s"][1] <= 90 + 300                        # detection, and its minimum
    assert down["minimum 300 s"][1] > 2 * down["honest"][1]
    assert down["old JVM"][0] > 770                                    # to the end: 18 minutes, 5 of them calm
    assert 500 < down["open connection"][1] <= 600                     # the age at which its connections end


def test_the_ways_differ_as_the_prose_says(run):
    waits = {line.split()[0]: [int(number) for number in re.findall(r"(\d+) s", line)]
             for line in run["ways-wait"].splitlines()}
    assert list(waits) == ["failover", "active-active", "anycast", "retry"]
    assert waits["retry"] == [5 + USER_LIMITS.connect] * 2             # a page every 5 s, and one timeout
    assert waits["anycast"] == [5 + 30 + 30] * 2                       # E16, and a check of 3 x 10 s
    assert waits["failover"][0] > 1.5 * waits["active-active"][0]
    assert waits["failover"][1] > 85 + 60


def test_the_longest_bar_of_each_budget_is_the_one_that_the_prose_names(run):
    rows = re.split(r"; together \d+ s\.", run["budget-figure"])[:4]
    budgets = {}
    for row in rows:
        name, _, parts = row.rpartition(": ")
        budgets[name] = {part.strip(): int(seconds) for part, seconds in re.findall(r"([a-z ]+) (\d+) s", parts)}
    longest = {name: max(parts, key=parts.get) for name, parts in budgets.items()}
    assert list(longest.values()) == ["cached answer", "detection", "cached answer", "reconnect"]


# ---- numbers and words of the prose -------------------------------------------------------------------------------

def test_the_challenge_can_be_met_in_one_way(book):
    names = book.defined("shop", "detection", "fleet-run", "price-figure", "play-detect")
    ttls = list(map(int, re.search(r"values=\[([\d, ]+)\]", book.source("play-controls"))[1].split(", ")))
    settings = [{"interval": interval, "threshold": threshold, "ttl": ttl}
                for interval in (10, 30) for threshold in range(1, 7) for ttl in ttls]
    met = []
    for setting in settings:
        names["playground"] = SimpleNamespace(values=setting)
        exec(book.source("play-check").rsplit("\n", 1)[0], names)      # all but the print
        met += [setting] * names["reached"]
    assert met == [{"interval": 10, "threshold": 3, "ttl": 90}]


@pytest.mark.parametrize("ttl", [10, 60, 300])
def test_the_two_formulas_hold_for_busy_resolvers(book, ttl):
    names = book.defined("shop", "detection", "fleet-run")
    report = names["Fleet"](ttl=ttl, demand=1000).expected(names["story"])
    wall = names["SWITCH"] - names["FAULT"]
    assert report.downtime.maximum == pytest.approx(wall + ttl)
    assert report.mean_downtime == pytest.approx(wall + ttl / 2, abs=0.01)


def test_half_the_wait_is_twice_the_bill(book):
    prices = {price.ttl: price for price in book.defined("shop", "detection", "fleet-run", "price-figure")["prices"]}
    for ttl in (10, 60, 120):
        half = prices[{10: 5, 60: 30, 120: 60}[ttl]]
        assert prices[ttl].seconds == pytest.approx(2 * half.seconds)
        assert half.dollars / prices[ttl].dollars == pytest.approx(2, abs=0.2)


def test_the_defaults_that_the_prose_speaks_of(book):
    assert min(SOA_TTL, int(SOA_TIMES.split()[-1])) == 900                # C4
    assert POLICIES["minimum 300 s"].minimum_ttl == 300
    prose = " ".join(book.prose.split())
    for words in (f"${QUERY_PRICE:.2f} for a million", "here that is 900 s",
                  f"keeps an address for {POLICIES['JVM'].maximum_ttl} s",                     # C20
                  f"keeps an address for {POLICIES['browser'].maximum_ttl} s by itself",       # C21
                  "60 s or less", "60 or 120 s for failover",                                  # B45
                  "a TTL of 86400 s"):                                                         # the pitfall
        assert words in prose


# ---- the exercises' material --------------------------------------------------------------------------------------

def test_the_recorded_unbound_and_the_kits_cache_agree():
    low, high = expiry_rule.UNBOUND_LIMITS
    cache = TtlCache(CachePolicy("recorded", minimum_ttl=low, maximum_ttl=high))
    replies = expiry_rule.Replies(lambda name: int(name.removeprefix("ttl-")))
    for number, (now, ttl, value, handed_out, asked) in enumerate(expiry_rule.UNBOUND, start=1):
        replies.number, replies.asked = number, False
        said = expiry_rule.by_the_kit(cache, f"ttl-{ttl}", now, replies)
        assert (said[0], replies.asked) == (value, asked), f"at {now} s, TTL {ttl} s"
        assert abs(said[1] - handed_out) <= 1              # Unbound counts whole seconds of its own clock


@pytest.mark.parametrize("interval", [10, 30])
def test_the_detection_that_an_exercise_gives_is_what_labs_show(book, interval):
    detection = book.defined("shop", "detection")["detection"]
    assert fmean(detection(interval, 3, seed) for seed in range(20)) == pytest.approx(
        cheapest_ttl.DETECTION[interval], abs=1)
