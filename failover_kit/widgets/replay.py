"""A run told again, step by step: the table of its moments, and a picture that follows.

    Lab that has run  ->  story  ->  Replay: step table above, topology below
"""

from __future__ import annotations

from collections.abc import Sequence

from ipywidgets import VBox

from ..figures.scene import role_of, scene
from ..lab import Lab
from ..story import COLUMNS, Step, story
from .base import LIVE_VIEW
from .frozen import for_reading
from .step_table import StepTable
from .topology import Topology

SHOWN = {"at": COLUMNS["at"], "part": "whose doing", **COLUMNS}      # Step's fields, and what the page calls them


class Replay(VBox):
    """`lab`'s run as a StepTable (`table`) and a Topology (`picture`) that shows the lit step.

    A live lab's steps have times of their own, so a saved notebook keeps the caption alone; those of a virtual lab are
    kept whole. `since` leaves out what happened before that moment, in seconds of lab time.
    """

    def __init__(self, lab: Lab, caption: str, *, since: float = 0.0, pace: float = 1.0, reveal: bool = False):
        self.lab = lab
        self.steps: Sequence[Step] = [step for step in story(lab.timeline) if step.at >= since]
        self.table = StepTable([self._row(step) for step in self.steps], list(SHOWN.values()), caption, pace=pace,
                               reveal=reveal)
        self.picture = Topology(self._scene(0))
        self.table.on_change(lambda row: self.picture.update(self._scene(row)))
        super().__init__([self.table, self.picture])

    def _scene(self, row: int) -> dict:
        step = self.steps[row]
        return scene(self.lab, step.at, answer=step.answer, title=f"{step.at:.1f} s: {step.happened.split(':')[0]}")

    def _row(self, step: Step) -> list[str]:
        """A step's cells, in the order of the columns. A site's address is shown as its role, or as its name."""
        site_of = {site.address: role_of(self.lab, site) or site.name for site in self.lab.sites}
        shown = {"at": f"{step.at:.1f}\u00a0s", "answer": site_of.get(step.answer, step.answer)}
        return [shown.get(field, getattr(step, field)) for field in SHOWN]

    def close(self) -> None:
        """Take the table and the picture off the page."""
        self.table.close()
        self.picture.close()
        super().close()

    def in_words(self) -> str:
        return self.table.in_words() if self._is_kept else f"Replay: {self.table.caption}"

    @property
    def _is_kept(self) -> bool:
        return for_reading() or not self.lab.world.is_live

    def __repr__(self) -> str:
        return self.in_words()

    def _repr_mimebundle_(self, **_: object) -> dict[str, object]:
        view = {"version_major": 2, "version_minor": 0, "model_id": self.model_id}
        still = self.table.still() if self._is_kept else {}
        return {"text/plain": self.in_words(), **still, LIVE_VIEW: view}
