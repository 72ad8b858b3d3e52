"""Makes a run notebook readable without a kernel: live widget views out, the still forms beside them stay.

    notebook with outputs  ->  without_live_views  ->  each widget as chart, picture, table or text

A saved live view points at a kernel that is gone, and JupyterLab then says "Error displaying widget". nbval skips these
views, so a notebook still compares equal.
"""

from __future__ import annotations

from copy import deepcopy

from .base import LIVE_VIEW


def without_live_views(notebook: dict) -> dict:
    """A copy of the notebook (nbformat 4) without widget views and widget state."""
    notebook = deepcopy(notebook)
    notebook["metadata"].pop("widgets", None)
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            output.get("data", {}).pop(LIVE_VIEW, None)
    return notebook
