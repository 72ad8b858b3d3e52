"""What one resolver told its users while a record changed, drawn and in words."""

import pytest

from failover_kit import CachingResolver, Question
from failover_kit.figures.alt import alt_of
from failover_kit.figures.ttl_figure import first_new, ttl_figure
from failover_kit.records import Reply, RRset

OLD, NEW = "192.0.2.10", "198.51.100.20"
SITES = {OLD: "us-east-1", NEW: "us-west-2"}
QUESTION = Question("app.example.com.", "A")


def run(ttl, changed_at, until=120, every=5):
    def ask(question, now):
        return Reply(answer=(RRset(*question, ttl, (OLD if now < changed_at else NEW,)),), authoritative=True)
    resolver = CachingResolver(ask=ask)
    return [resolver.resolve(QUESTION, now) for now in range(0, until, every)]


@pytest.mark.parametrize(("ttl", "changed_at", "asked", "stale", "late"), [
    (60, 20, 2, 8, 40),        # kept from 0 to 60: answers at 20, 25, ..., 55 are old
    (10, 20, 12, 0, 0),        # asked again at the very moment
    (10, 21, 12, 1, 9),
    (300, 20, 1, 20, None),    # never asks again
], ids=["in the middle", "by luck at once", "just missed", "not in this run"])
def test_the_words_count_what_is_drawn(ttl, changed_at, asked, stale, late):
    resolutions = run(ttl, changed_at)
    words = alt_of(ttl_figure(resolutions, changed_at, SITES))
    assert f"answered 24 times and asked the name server {asked} times" in words
    assert (f"{stale} more times" in words) if stale else ("no user got us-east-1" in words)
    assert words.endswith("and us-west-2 never." if late is None else f"came {late} s after it.")
    moved = first_new(resolutions, changed_at, OLD)
    assert (None if moved is None else moved - changed_at) == late


def test_every_answer_is_a_point_and_every_question_a_ring():
    figure = ttl_figure(run(60, 20), 20, SITES)
    old, new, rings = figure.data
    assert (len(old.x), len(new.x)) == (12, 12)
    assert list(old.y[:3]) == [60, 55, 50]
    assert (list(rings.x), list(rings.y)) == ([0, 60], [60, 60])
    assert old.marker.symbol != new.marker.symbol
    assert figure.layout.shapes[0].x0 == 20
