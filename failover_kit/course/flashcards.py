"""Cards and their fixed spacing: what to ask again, and when.

    (cards, what was recalled so far, now)  ->  due()  ->  the cards to ask now

Leitner's boxes: a remembered card moves up one box and comes back after that box's spacing; a forgotten one goes back
to the first. Pure: the time is passed in. Source: S. Leitner, "So lernt man lernen" (1972).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from failover_kit.errors import ConfigurationError

from . import catalogue
from .progress import Journal
from .standing import Recalled, standing

DAY = 86_400.0
SPACING = (1 * DAY, 3 * DAY, 7 * DAY, 14 * DAY, 30 * DAY)   # seconds until a card of each box is due again


@dataclass(frozen=True)
class Card:
    """One thing to remember. `id` starts with its lesson: "1.ttl"."""

    id: str
    front: str      # the question
    back: str       # the answer, short enough to compare with what you said
    source: str     # where it is written

    def __post_init__(self) -> None:
        lesson, dot, name = self.id.partition(".")
        if not (dot and lesson.isdigit() and name and self.front and self.back and self.source):
            raise ConfigurationError(f"card {self.id!r}: a card has an id like '1.ttl', a front, a back and a source.")


@dataclass(frozen=True)
class Place:
    """Where a card is: its box (0 to 4) and when it is due, in seconds since 1970."""

    box: int
    due_at: float


def moved(place: Place | None, remembered: bool, now: float) -> Place:
    """Where a card goes after it was asked at `now`; None is a card that was never asked."""
    box = 0 if not remembered or place is None else min(place.box + 1, len(SPACING) - 1)
    return Place(box, now + SPACING[box])


def places(recalls: Iterable[Recalled]) -> dict[str, Place]:
    """Where every card is that was ever asked, from the whole history."""
    found: dict[str, Place] = {}
    for recalled in recalls:
        found[recalled.card] = moved(found.get(recalled.card), recalled.remembered, recalled.at)
    return found


def due(cards: Iterable[Card], history: Mapping[str, Place], now: float) -> tuple[Card, ...]:
    """The cards to ask at `now`: overdue ones first, the longest overdue in front, then the new ones."""
    known = sorted((card for card in cards if card.id in history and history[card.id].due_at <= now),
                   key=lambda card: (history[card.id].due_at, card.id))
    return (*known, *(card for card in cards if card.id not in history))


def cards_of(*lessons: int) -> tuple[Card, ...]:
    """The cards of these lessons, in the course's order; of all lessons if none is named."""
    if not lessons:
        return catalogue.everything("cards")
    return tuple(card for lesson in lessons for card in catalogue.contents("cards", lesson))


def next_due(cards: Iterable[Card], history: Mapping[str, Place]) -> float | None:
    """When the next of these cards is due, in seconds since 1970; None if none was ever asked."""
    return min((history[card.id].due_at for card in cards if card.id in history), default=None)


@dataclass(frozen=True)
class Session:
    """How a session in the terminal went."""

    asked: int
    remembered: int
    left: int       # cards that are still due


def recall_session(book: Journal, cards: Sequence[Card], now: Callable[[], float], *,
                   ask: Callable[[str], str] = input, show: Callable[[str], None] = print,
                   most: int = 10) -> Session:
    """Ask the due cards one by one in a terminal, and write down what was remembered.

    Args:
        book: the journal that holds the history and gets the answers.
        cards: the cards to choose from.
        now: gives the time in seconds since 1970.
        ask: shows a prompt and returns a line. An empty line turns the card; then y or n; q ends, so does end of file.
        show: shows a line.
        most: how many cards at most.
    """
    waiting = due(cards, places(standing(book.events()).recalls), now())
    asked = remembered = 0
    for card in waiting[:most]:
        show(f"\n[{asked + 1} of {min(most, len(waiting))}] {card.front}")
        try:
            if ask("Say it, then press Enter (q to stop): ").strip().lower() == "q":
                break
            show(f"    {card.back}\n    ({card.source})")
            reply = _yes_no_or_quit(ask)
        except EOFError:
            break
        if reply == "q":
            break
        book.append("recalled", now(), card=card.id, remembered=reply == "y")
        asked, remembered = asked + 1, remembered + (reply == "y")
    return Session(asked, remembered, len(waiting) - asked)


def _yes_no_or_quit(ask: Callable[[str], str]) -> str:
    while True:
        reply = ask("Did you know it? (y/n): ").strip().lower()[:1]
        if reply in ("y", "n", "q"):
            return reply
