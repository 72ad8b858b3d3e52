"""Watches a live drill in the terminal: the steps so far, and a bar for the lab time, redrawn as it runs."""

from __future__ import annotations

from collections.abc import Callable

from rich.console import Console, Group
from rich.live import Live
from rich.progress_bar import ProgressBar
from rich.text import Text

from ..drill import DrillReport
from ..lab import Lab
from ..story import story
from .report_text import step_table

SHOWN_STEPS = 12


def watched(run: Callable[..., DrillReport], until: float) -> DrillReport:
    """Call `run(progress=..., on_lab=...)` and show what happens meanwhile; it ends at `until` seconds of lab time."""
    labs: list[Lab] = []
    with Live(Text("Starting servers, checkers and users ..."), console=Console(stderr=True), refresh_per_second=4,
              transient=True) as screen:
        def draw(now: float) -> None:
            bar = ProgressBar(total=until, completed=now, width=60)
            screen.update(Group(step_table(story(labs[0].timeline)[-SHOWN_STEPS:]), Text(f"lab time {now:5.0f} s"), bar))
        return run(progress=draw, on_lab=labs.append)
