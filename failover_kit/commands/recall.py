"""`failover-kit recall`: spaced cards over the lessons, in the terminal."""

from __future__ import annotations

import time
from typing import Annotated

import typer


def recall(lessons: Annotated[list[int] | None, typer.Argument(min=1, max=7, help="Lessons to ask about; all of them if "
                              "none is named.")] = None,
           most: Annotated[int, typer.Option(min=1, help="How many cards at most.")] = 10) -> None:
    """Ask the cards that are due, and keep what you remembered for the next time."""
    from ..course.flashcards import cards_of, next_due, places, recall_session
    from ..course.progress import journal
    from ..course.standing import standing

    book, cards = journal(), cards_of(*lessons or ())
    session = recall_session(book, cards, time.time, most=most)
    if session.asked:
        print(f"\nYou knew {session.remembered} of {session.asked}. Still due: {session.left}.")
    elif session.left:
        print(f"\nStill due: {session.left}.")
    else:
        due_at = next_due(cards, places(standing(book.events()).recalls))
        days = (due_at - time.time()) / 86_400 if due_at else 0.0
        print(f"No card is due. The next one is in {days:.1f} days.")
