"""The schedule of the cards: fixed spacing, the time passed in; and the session in a terminal."""

import pytest

from failover_kit.course.flashcards import (
    DAY,
    SPACING,
    Card,
    Place,
    cards_of,
    due,
    moved,
    next_due,
    places,
    recall_session,
)
from failover_kit.course.progress import Journal
from failover_kit.course.standing import Recalled, standing
from failover_kit.course.syllabus import LESSONS
from failover_kit.errors import ConfigurationError

A, B, C = (Card(f"1.{name}", f"front {name}", f"back {name}", "RFC") for name in "abc")


@pytest.mark.parametrize(("history", "box", "days"), [
    ("", None, None),
    ("K", 0, 1),            # K: knew it, F: forgot it
    ("KK", 1, 3),
    ("KKK", 2, 7),
    ("KKKK", 3, 14),
    ("KKKKK", 4, 30),
    ("KKKKKK", 4, 30),      # the last box is the last
    ("F", 0, 1),
    ("KKKF", 0, 1),         # back to the first box, from anywhere
    ("KKFK", 1, 3),
], ids=lambda value: str(value) or "never asked")
def test_a_card_moves_through_the_boxes(history, box, days):
    place = places([Recalled("1.a", letter == "K", 1000.0) for letter in history]).get("1.a")
    assert place == (None if box is None else Place(box, 1000.0 + days * DAY))


def test_the_spacing_grows():
    assert list(SPACING) == sorted(SPACING)
    assert moved(Place(1, 0.0), True, now=5.0) == Place(2, 5.0 + SPACING[2])


def test_due_cards_come_longest_overdue_first_then_new_ones_in_order():
    history = {"1.a": Place(0, 50.0), "1.b": Place(0, 20.0)}
    assert due([A, B, C], history, now=100.0) == (B, A, C)
    assert due([A, B, C], history, now=30.0) == (B, C)
    assert due([A, B], history, now=10.0) == ()
    assert due([A], {"1.a": Place(0, 50.0)}, now=50.0) == (A,)


def test_when_the_next_card_is_due():
    assert next_due([A, B], {"1.a": Place(0, 50.0), "1.b": Place(0, 20.0), "1.c": Place(0, 1.0)}) == 20.0
    assert next_due([A, B], {}) is None


def test_a_card_needs_all_its_parts():
    with pytest.raises(ConfigurationError, match="an id like"):
        Card("ttl", "front", "back", "RFC")
    with pytest.raises(ConfigurationError, match="a source"):
        Card("1.ttl", "front", "back", "")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.notebook)
def test_every_lesson_has_five_cards_or_more_and_they_are_short(lesson):
    cards = cards_of(lesson.number)
    assert len(cards) >= 5
    assert all(len(card.back) <= 140 and len(card.front) <= 140 for card in cards)


def test_cards_of_several_lessons_or_of_all():
    assert cards_of(2, 1) == (*cards_of(2), *cards_of(1))
    assert len(cards_of()) == sum(len(cards_of(lesson.number)) for lesson in LESSONS)


# ---- in the terminal -----------------------------------------------------------------------------------------------

def session(*replies, cards=(A, B, C), book=None, **options):
    """Run a session with these replies; returns (session, lines shown, journal)."""
    book = book or Journal(None)
    shown, waiting = [], iter(replies)

    def ask(prompt):
        try:
            return next(waiting)
        except StopIteration:
            raise EOFError from None
    done = recall_session(book, cards, lambda: 1000.0, ask=ask, show=shown.append, **options)
    return done, shown, book


def test_cards_are_asked_turned_and_written_down():
    done, shown, book = session("", "y", "", "n", "", "Yes")
    assert (done.asked, done.remembered, done.left) == (3, 2, 0)
    assert shown[:2] == ["\n[1 of 3] front a", "    back a\n    (RFC)"]
    assert [(event.data["card"], event.data["remembered"]) for event in book.events()] == [
        ("1.a", True), ("1.b", False), ("1.c", True)]


def test_cards_that_are_not_due_are_not_asked_again():
    _, _, book = session("", "y", "", "y", "", "y")
    assert session(book=book)[0].asked == 0
    assert set(places(standing(book.events()).recalls)) == {"1.a", "1.b", "1.c"}


@pytest.mark.parametrize(("replies", "asked"), [
    (("q",), 0), (("", "y", "q"), 1), (("", "q"), 0), ((), 0), (("", "y"), 1), (("",), 0)],
    ids=["q at once", "q later", "q after turning", "end of file", "end of file later", "end of file after turning"])
def test_a_session_can_be_left_at_any_time(replies, asked):
    done, _, book = session(*replies)
    assert (done.asked, done.left) == (asked, 3 - asked)
    assert len(book.events()) == asked


def test_an_unclear_reply_is_asked_again():
    assert session("", "maybe", "", "y", cards=(A,))[0].remembered == 1


def test_a_session_ends_after_so_many_cards():
    done, shown, _ = session("", "y", most=1)
    assert (done.asked, done.left) == (1, 2)
    assert shown[0] == "\n[1 of 1] front a"
