"""Words that change with what they tell, and are read out by a screen reader: `Note("Down for 90 s.")`."""

from __future__ import annotations

import traitlets

from .base import KitWidget


class Note(KitWidget, front="note"):
    """Plain text, line breaks kept."""

    text = traitlets.Unicode().tag(sync=True)

    def __init__(self, text: str):
        super().__init__(text=text)

    def update(self, text: str) -> None:
        """Say this instead."""
        self.text = text

    def in_words(self) -> str:
        return self.text
