"""No number in the prose stands alone: a cell beside it computes or sets it, or this file holds it against the kit.

A lesson's text is cut at its headings. A number in a section must occur in the code or outputs of that section, or in
SAID: there it stands with the words around it, and what it has to equal. So a changed default fails a test here instead
of leaving a sentence that lies.
"""

import inspect
import re
from operator import sub

import pytest
from lesson_run import LESSONS as FOLDER
from lesson_run import LessonBook

from failover_kit import DrillSettings, HealthCheck, Lab, RecordSet
from failover_kit.actors import USER_LIMITS
from failover_kit.aws.lab_api import LabApi
from failover_kit.cache import POLICIES
from failover_kit.course import catalogue
from failover_kit.course.exercises.lesson_06 import cheapest_ttl
from failover_kit.course.misconceptions import MISCONCEPTIONS
from failover_kit.course.syllabus import LESSONS
from failover_kit.errors import ConfigurationError
from failover_kit.faults import FAULTS
from failover_kit.fleet import Fleet
from failover_kit.gameday.cost import SHOP_PRICES
from failover_kit.health import HEALTHY_SHARE, Outcome, checkers_needed
from failover_kit.places import CHECKER_REGIONS
from failover_kit.probing import HTTP_CONNECT_LIMIT, SEARCHED_BYTES, STATUS_LIMIT, TCP_CONNECT_LIMIT, Exchange, judge
from failover_kit.strategies import run_strategy
from failover_kit.zone import SOA_TTL

BOOKS = {entry.number: LessonBook(entry.number) for entry in LESSONS}
USUAL = HealthCheck(id="usual", ip_address="192.0.2.10")


def default(function, name):
    """The default of a function's parameter."""
    return inspect.signature(function).parameters[name].default


# (lesson, cell, words, what the numbers in these words have to be, in order)
SAID = [
    (1, "play-try", "It tries 60 different moments", lambda: (
        len(range(*in_code(1, "challenge", r"range\((\d+), (\d+), (\d+)\)"))),)),
    (2, "hood-after", "The shop was down for 26 s", lambda: (
        abs(sub(*in_code(2, "hood-run", r"not (\d+) <= second < (\d+)"))),)),
    (3, "picture", "There are 16 checkers, in 8 Regions", lambda: (
        len(USUAL.checkers), len({checker.region for checker in USUAL.checkers}))),                          # A8, A9
    (3, "drill-build", "16 checkers", lambda: (len(USUAL.checkers),)),
    (3, "whose", "a probe every 30 s from each checker", lambda: (USUAL.request_interval,)),                   # A6
    (3, "whose", "a failure threshold of 3, and a TTL of 60 s", lambda: (
        USUAL.failure_threshold, DrillSettings().ttl)),                                                      # A11
    (3, "twin-read", "does not wait for all 16", lambda: (len(USUAL.checkers),)),
    (3, "twin-read", "more than 18 %", lambda: (100 * HEALTHY_SHARE,)),                                      # A12
    (3, "twin-read", "3 of 16 are 18.75 %; with 2 of 16 it turns", lambda: (
        checkers_needed(16), 16, 100 * checkers_needed(16) / 16, checkers_needed(16) - 1, 16)),              # A13
    (3, "budget-read", "18 % of the checkers", lambda: (100 * HEALTHY_SHARE,)),
    (3, "back-read", "rise only to 3", lambda: (checkers_needed(16),)),
    (4, "types", "(30 s, or 10 s for more money)", lambda: (
        USUAL.request_interval, reach(checked_every, range(61))[0])),                                 # A6
    (4, "types", "(1 to 10)", lambda: reach(with_threshold, range(30))),            # A11
    (4, "types", "a connection opens within 10 s", lambda: (TCP_CONNECT_LIMIT,)),                            # A18
    (4, "types", "a connection opens within 4 s", lambda: (HTTP_CONNECT_LIMIT,)),                            # A17
    (4, "types", "the first 5,120 bytes", lambda: (SEARCHED_BYTES,)),                                        # A22
    (4, "types", "a status code from 200 to 399 comes within 2 s more", lambda: (
        *reach(passing, range(100, 600)), STATUS_LIMIT)),                                          # A17, A20
    (4, "probe-long", "towards byte 5,120", lambda: (SEARCHED_BYTES,)),
    (4, "probe-read", "the first 5,120 bytes", lambda: (SEARCHED_BYTES,)),
    (4, "many", "more than 18 %", lambda: (100 * HEALTHY_SHARE,)),
    (4, "theory-measure", "fewest checkers (3 Regions, 6 checkers) and with all 16", lambda: (
        fewest_regions(), len(watched_from(fewest_regions()).checkers), len(USUAL.checkers))),                        # A9
    (4, "theory-measure", "each of 48 settings", lambda: (
        len(eval(re.search(r"LOSSES = (\(.*\))", BOOKS[4].source("theory-measured"))[1])) * 3 * 2,)),
    (4, "theory-read", "between 6 and 16 checkers", lambda: (
        len(watched_from(fewest_regions()).checkers), len(USUAL.checkers))),
    (4, "theory-read", "the usual threshold of 3", lambda: (USUAL.failure_threshold,)),
    (4, "myth", "every 5 s", lambda: (default(Lab.users, "every"),)),
    (4, "myth-faults", "20 s of every minute", lambda: (FAULTS["flapping"].options["period"] / 3,)),
    (4, "pitfall", "50 users and a TTL of 60 s", lambda: (DrillSettings().users, DrillSettings().ttl)),
    (5, "weights", "from 0 to 255", lambda: reach(weighing, range(-2, 300))),             # B18
    (5, "myth-read", "crash is at minute 5, the repair at minute 11", lambda: [
        seconds / 60 for seconds in in_code(5, "myth-run", r"lab.at\((\d+), east.fail\)\n    lab.at\((\d+), east.repair")]),
    (6, "fleet", "(interval 30 s, threshold 3)", lambda: (USUAL.request_interval, USUAL.failure_threshold)),
    (6, "price-list", "$0.40 for a million", lambda: (SHOP_PRICES.queries_per_million,)),
    (6, "minds", "at least 300 s", lambda: (POLICIES["minimum 300 s"].minimum_ttl,)),
    (6, "minds", "keeps an address for 60 s", lambda: (POLICIES["browser"].maximum_ttl,)),                   # C21
    (6, "minds-read", "keeps an address for 30 s", lambda: (POLICIES["JVM"].maximum_ttl,)),                  # C20
    (6, "missing-read", "here that is 900 s", lambda: (SOA_TTL,)),                                           # C4
    (6, "pitfall", "a TTL of 86400 s", lambda: in_code(6, "pitfall-wrong", r"us-east-1\", (\d+)\)")),
    (6, "ways-read", "a timeout of 5 s", lambda: (USER_LIMITS.connect,)),
    (7, "split-words", "nothing was copied for 75 s", lambda: (
        in_code(7, "alone-run", r"detection_seconds=(\d+)"))),
    (7, "switch-rule", "rest for 5 s", lambda: (default(LabApi.safety_rule, "wait_period_ms") / 1000,)),     # E13
    (7, "switch-compare", "from $0.50 a month", lambda: (SHOP_PRICES.health_check,)),                        # A46
]

# (lesson, cell, words, what vouches for them): a source that the kit does not model, or a test of the lesson's own
VOUCHED = [
    (1, "packet", "(base 16)", "the word"),
    (1, "packet-try", "16 bits", "RFC 1035, section 4.1.1"),
    (2, "hood-after", "between 38 and 40", "the printed downtime of Ann, who asks every 10 s"),
    (2, "strategies-play", "**5,000 dollars a month**", "test_no_plan_keeps_the_challenge_as_things_are..."),
    (3, "planes", "over 200 places", "E4"),
    (4, "types", "302 means \"look there\", 404 \"no such page\", 500 an error", "RFC 9110, section 15"),
    (6, "ways-read", "after 250 ms", "RFC 8305, section 5"),
    (7, "switch-compare", "a cluster is $2.50 an hour", "E12"),
    (7, "when-not", "an RPO above 0", "E21"),
]
NUMBER = re.compile(r"(?<![\w.,-])\d[\d,_]*(?:\.\d+)?(?![\w-])")
NAMES = re.compile(r"""
    Route\ 53 | [a-z]{2}-[a-z]+-\d | us-\d | (east|west|eu)-\d | \b[Ll]esson\ \d | Exercise\ \d\.\d
  | IPv\d | RFC\ \d+ | REL13 | BP\d+
  | \b\d{1,2}\ (January|March|October|September|December)\ \d{4} | \d{1,3}(\.\d{1,3}){3}
  | (^|(?<=[.:?"]\ ))\d\.\s | \]\([^)]*\) | ```.*?```
  | epoch\ \d | step\ \d | \b\d(?=\ and\ \d\ change\ places)""", re.VERBOSE | re.DOTALL | re.MULTILINE)
FRAME = {"title", "hook", "next", "takeaways"}


def in_code(number, cell, pattern):
    """The numbers that a code cell sets, found by a pattern with a group for each."""
    return [int(found) for found in re.search(pattern, BOOKS[number].code[cell]).groups()]


def reach(build, values):
    """The smallest and the largest of the values that are taken."""
    found = []
    for value in values:
        try:
            build(value)
        except ConfigurationError:
            continue
        found.append(value)
    return min(found), max(found)


def checked_every(seconds):
    return HealthCheck(id="x", ip_address="192.0.2.1", request_interval=seconds)


def with_threshold(failures):
    return HealthCheck(id="x", ip_address="192.0.2.1", failure_threshold=failures)


def watched_from(regions):
    return HealthCheck(id="x", ip_address="192.0.2.1", regions=CHECKER_REGIONS[:regions])


def fewest_regions():
    return reach(watched_from, range(1, 9))[0]


def weighing(weight):
    return RecordSet(name="x.example.com.", set_identifier="x", ttl=60, weight=weight, values=("192.0.2.1",))


def passing(code):
    """Refuses a status code that a health check does not take for a pass."""
    seen = Exchange(connected_after=0.1, status_after=0.1, body_after=0.0, status=code, phrase="", body=b"")
    if judge(USUAL, seen)[0] is not Outcome.PASS:
        raise ConfigurationError(f"{code} fails")


def figures(text):
    """The numbers in a text, as numbers: "5,120", "12_000" and "$0.40" too."""
    return [float(found.replace(",", "").replace("_", "")) for found in NUMBER.findall(text)]


def sections(book):
    """[(cells of the section, every number that its code and outputs hold)], cut at the headings."""
    saved, parts = book.saved(), []
    for cell in book.cells:
        if cell.cell_type == "markdown" and re.match(r"#{1,2} ", cell.source):
            parts.append(([], set()))
        parts[-1][0].append(cell)
        if cell.cell_type == "code":
            parts[-1][1].update(figures(cell.source), figures(saved[cell.id]))
    return parts


def prose_numbers(book):
    """(cell id, number, whether the section's code or outputs hold it, as it is, in per cent, or as 1 less or more)"""
    for cells, held in sections(book):
        for cell in cells:
            notes = cell.metadata["slideshow"]["slide_type"] == "notes"
            if cell.cell_type == "markdown" and not notes and cell.id not in FRAME:
                for number in figures(NAMES.sub(" ", cell.source)):
                    yield cell.id, number, number in held or number / 100 in held


@pytest.mark.parametrize("number", BOOKS, ids=lambda number: f"lesson {number}")
def test_every_number_is_beside_its_cell_or_in_the_table(number):
    told = {(cell, value) for lesson, cell, words, _ in SAID + VOUCHED if lesson == number for value in figures(words)}
    loose = [(cell, value) for cell, value, held in prose_numbers(BOOKS[number]) if not held and (cell, value) not in told]
    assert loose == []


def word_ids(value):
    return value if isinstance(value, str) else ""


@pytest.mark.parametrize(("number", "cell", "words", "truth"), SAID, ids=word_ids)
def test_a_number_that_stands_alone_is_the_kits(number, cell, words, truth):
    assert words in " ".join(BOOKS[number].text[cell].split())
    assert figures(words) == [pytest.approx(value) for value in truth()]


@pytest.mark.parametrize(("number", "cell", "words", "by"), VOUCHED, ids=word_ids)
def test_a_number_that_somebody_else_vouches_for_is_there_and_needs_it(number, cell, words, by):
    assert words in " ".join(BOOKS[number].text[cell].split())
    held = {(place, value): beside for place, value, beside in prose_numbers(BOOKS[number])}
    assert any(not held[cell, value] for value in figures(words)), f"a cell beside it says so: {by} is not needed"


def test_what_the_words_for_numbers_rest_on():
    assert default(Lab.users, "every") == DrillSettings().every == 5
    assert default(Fleet, "demand") == 1, "a user asks each of them every second"
    assert default(Fleet, "size") == 1_000_000, "a million resolvers"
    assert round(cheapest_ttl.DETECTION[10]) == 28, "detection about 28 s"
    assert round(10_000 / (10 + 2), -1) == 830, "users / (think time + timeout)"
    assert "12 hours" in default(run_strategy, "outage").title, "for twelve hours"


def test_the_guide_counts_the_misconceptions():
    guide = (FOLDER / "INSTRUCTORS.md").read_text(encoding="utf-8")
    assert f"The kit knows {len(MISCONCEPTIONS)} of them by name" in guide


# (card, words of its answer, what the numbers in them have to be)
CARDS = [
    ("1.negative", "900 s in a fresh Route 53 zone", lambda: (SOA_TTL,)),                                   # C4
    ("3.schedule", "every 30 or 10 s", lambda: (USUAL.request_interval, reach(checked_every, range(61))[0])),     # A6
    ("3.way-back", "3 of 16 checkers are enough for healthy; 14 of 16", lambda: (
        checkers_needed(16), 16, 16 - checkers_needed(16) + 1, 16)),                                        # A14
    ("4.share", "more than 18 %", lambda: (100 * HEALTHY_SHARE,)),                                          # A12
    ("4.codes", "200 to 399", lambda: reach(passing, range(100, 600))),                                     # A20
    ("4.string", "the first 5,120 bytes", lambda: (SEARCHED_BYTES,)),                                       # A22
    ("5.weights", "10 of 30", lambda: (10, 10 + 20)),                                                       # B22
]


@pytest.mark.parametrize(("card", "words", "truth"), CARDS, ids=word_ids)
def test_a_number_on_a_card_is_the_kits(card, words, truth):
    assert words in catalogue.find("cards", card).back
    assert figures(NAMES.sub(" ", words)) == [pytest.approx(value) for value in truth()]


@pytest.mark.parametrize("entry", LESSONS, ids=lambda entry: f"lesson {entry.number}")
def test_the_numbers_of_questions_and_explanations_are_those_of_the_lesson(entry):
    """A question asks about the run that follows it, so the run, or the lesson's text, has its numbers."""
    book = BOOKS[entry.number]
    held = {*figures("\n".join([*book.code.values(), *book.saved().values(), NAMES.sub(" ", book.prose)]))}
    held |= {100 * number for number in held} | {1.0} | IN_QUESTIONS[entry.number]
    for question in catalogue.contents("questions", entry.number):
        for text in (question.question, *question.choices.values(), question.why):
            assert {*figures(NAMES.sub(" ", text))} <= held, question.id


# numbers of an explanation that are worked out there, or a wrong choice's
IN_QUESTIONS = {1: set(), 2: {99.5, 10_000, 80, 120}, 3: {59, 14}, 4: {14}, 5: {125, 14}, 6: set(), 7: {600}}
