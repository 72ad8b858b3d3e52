"""Makes a run notebook readable without a kernel: live widget views out, the still forms beside them stay.

    notebook with outputs  ->  without_live_views  ->  each widget as chart, picture, table or text

A saved live view points at a kernel that is gone, and JupyterLab then says "Error displaying widget". nbval skips these
views, so a notebook still compares equal.
"""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from os import environ

from .base import LIVE_VIEW

READING_VARIABLE = "FAILOVER_KIT_READING"


def for_reading(variables: Mapping[str, str] = environ) -> bool:
    """Does this run make pages to read, rather than a notebook to be compared with the next run?

    Then a still form may hold what differs from run to run, and an explanation need not be asked for.
    """
    return bool(variables.get(READING_VARIABLE))


def without_live_views(notebook: dict) -> dict:
    """A copy of the notebook (nbformat 4) without widget views and widget state."""
    notebook = deepcopy(notebook)
    notebook["metadata"].pop("widgets", None)
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(LIVE_VIEW, None)
    return notebook
