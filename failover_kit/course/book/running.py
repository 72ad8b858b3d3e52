"""Runs a lesson for its readers: widgets leave the still forms that a page can show, explanations the run's numbers.

    lessons/03_x.ipynb  ->  run_to_read  ->  the notebook with outputs; the file stays as it is
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from failover_kit.widgets.frozen import READING_VARIABLE

from ..notebooks import CELL_TIMEOUT, executed


def run_to_read(path: Path) -> Any:
    """The notebook, run from top to bottom. Raises CourseError where a cell raises."""
    return executed(path, CELL_TIMEOUT, {READING_VARIABLE: "1"})
