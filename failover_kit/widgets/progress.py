"""How far a long run is: `with Progress("Ten minutes of outage", total=600, unit="s") as tick: lab.run(..., tick)`."""

from __future__ import annotations

from typing import Self

import traitlets

from .base import KitWidget


class Progress(KitWidget, front="progress"):
    """Call it with how much is done, in `unit`s of `total`; the page shows a bar and the words.

    As a context manager it shows itself at the start, and says at the end whether the work came to its end.
    """

    label = traitlets.Unicode().tag(sync=True)
    fraction = traitlets.Float().tag(sync=True)      # 0 to 1
    text = traitlets.Unicode().tag(sync=True)

    def __init__(self, label: str, total: float = 1.0, unit: str = ""):
        self.total, self.unit = total, unit
        self._last = (0, "")      # percent and note that the page has
        super().__init__(label=label)

    def __call__(self, done: float, note: str = "") -> None:
        """Move on. Only a change of a whole percent, or of the note, is sent to the page."""
        percent = max(0, min(100, int(100 * done / self.total)))
        if (percent, note) == self._last:
            return
        self._last = percent, note
        counted = f", {done:.6g} of {self.total:.6g} {self.unit}" if self.unit else ""
        with self.hold_sync():
            self.fraction, self.text = percent / 100, f"{percent} %{counted}{': ' if note else ''}{note}"

    def update(self, share: float) -> None:
        """Move on to this share of the whole, 0 to 1."""
        self(share * self.total)

    def shown(self) -> Self:
        """Put it under the cell that runs now."""
        from IPython.display import display
        display(self)
        return self

    def __enter__(self) -> Self:
        return self.shown()

    def __exit__(self, kind: type | None, error: BaseException | None, trace: object) -> None:
        if error is None:
            with self.hold_sync():
                self.fraction, self.text = 1.0, "done"
        else:
            self.text = f"stopped at {self._last[0]} %: {kind.__name__}"

    def in_words(self) -> str:
        return f"Progress: {self.label}"
