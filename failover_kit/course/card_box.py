"""recall(): a few cards on a notebook page, chosen by the schedule in flashcards.py.

    recall(1, 2)  ->  up to four cards of lessons 1 and 2 that are due now
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import traitlets

from failover_kit.widgets.base import KitWidget

from .flashcards import DAY, Card, cards_of, due, next_due, places
from .progress import journal
from .standing import standing


class RecallBox(KitWidget, front="card_box"):
    """A stack of cards. `stage` is "asking", "shown" or "done"."""

    count = traitlets.Unicode().tag(sync=True)
    front = traitlets.Unicode().tag(sync=True)
    back = traitlets.Unicode().tag(sync=True)
    stage = traitlets.Unicode("asking").tag(sync=True)

    def __init__(self, words: str, cards: Sequence[Card], closing: Callable[[], str],
                 remember: Callable[[Card, bool], None]):
        """`remember` is told of each card and whether it was known; `closing` says what to show when none is left."""
        self._words, self._closing, self._remember = words, closing, remember
        self._waiting, self._asked, self._known = list(cards), 0, 0
        super().__init__()
        self._draw()

    def in_words(self) -> str:
        return self._words

    def received(self, content: dict) -> None:
        """Do what a button does: "turn", "knew" or "forgot". Anything else, or at the wrong stage, does nothing."""
        event = content.get("event")
        if event == "turn" and self.stage == "asking":
            self.back, self.stage = self._waiting[0].back, "shown"
        elif event in ("knew", "forgot") and self.stage == "shown":
            self._remember(self._waiting.pop(0), event == "knew")
            self._asked, self._known = self._asked + 1, self._known + (event == "knew")
            self._draw()

    def _draw(self) -> None:
        with self.hold_sync():
            self.back = ""
            if self._waiting:
                self.count = f"Card {self._asked + 1} of {self._asked + len(self._waiting)}"
                self.front, self.stage = self._waiting[0].front, "asking"
            else:
                self.count = f"You knew {self._known} of {self._asked}." if self._asked else ""
                self.front, self.stage = self._closing(), "done"


def recall(*lessons: int, count: int = 4) -> RecallBox:
    """Ask up to `count` cards of these lessons (all, if none is named) that are due now."""
    cards, book = cards_of(*lessons), journal()

    def waiting() -> tuple[tuple[Card, ...], float | None]:
        history = places(standing(book.events()).recalls)
        return due(cards, history, time.time()), next_due(cards, history)

    def remember(card: Card, remembered: bool) -> None:
        book.append("recalled", time.time(), card=card.id, remembered=remembered)

    def closing() -> str:
        left, due_at = waiting()
        if left:
            return f"{len(left)} more due: run this cell again whenever you like."
        if due_at is None:
            return "These lessons have no cards yet."
        days = max(1, round((due_at - time.time()) / DAY))
        return f"Nothing more is due now. Come back in about {days} day{'s' if days > 1 else ''}."

    names = ", ".join(str(lesson) for lesson in lessons) or "all"
    text = f"Cards to recall, from lessons {names}: run this notebook in Jupyter to turn them over."
    return RecallBox(text, waiting()[0][:count], closing, remember)
