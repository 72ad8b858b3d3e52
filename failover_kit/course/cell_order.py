"""A pytest plugin: the cells of a notebook run in the notebook's order, also where the tests are shuffled.

    [cell 2, test_a, cell 0, cell 1]  ->  [cell 0, cell 1, cell 2, test_a]

A cell needs the cells before it, but pytest-randomly does not know that. Switched on with
`-p failover_kit.course.cell_order`.
"""

from __future__ import annotations

from typing import Any

import pytest


def in_notebook_order(items: list[Any]) -> list[Any]:
    """The same items; all cells of a notebook stand where its first one stood, in their own order."""
    cells: dict[Any, list[Any]] = {}
    for item in items:
        if hasattr(item, "cell_num"):       # nbval's mark of a notebook cell
            cells.setdefault(item.parent, []).append(item)
    ordered: list[Any] = []
    for item in items:
        if not hasattr(item, "cell_num"):
            ordered.append(item)
        elif item.parent in cells:
            ordered.extend(sorted(cells.pop(item.parent), key=lambda cell: cell.cell_num))
    return ordered


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[Any]) -> None:
    """After every other plugin has had its say about the order."""
    items[:] = in_notebook_order(items)
