"""A table to walk through row by row, by hand or by itself; a picture or a chart can follow.

    rows, columns, caption  ->  StepTable; `table.on_change(lambda row: topology.update(models[row]))`
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

import traitlets

from ..errors import ConfigurationError, Problem
from ..figures.palette import MARKS
from .base import RefusedValue
from .played import PlayedWidget


class StepTable(PlayedWidget, front="step_table"):
    """`value` is the row that is lit, from 0. `on_change(callback)` hands it on.

    `rows` are mappings (with `columns` to pick and order their keys) or sequences as long as `columns`. A cell that
    says "healthy", "unhealthy", "primary" and so on gets that meaning's mark (figures/palette.py). `pace` is the time
    between steps in seconds. With `reveal`, the rows after the lit one stay hidden, so that the next can be guessed.
    """

    caption = traitlets.Unicode().tag(sync=True)
    columns = traitlets.List(traitlets.Unicode()).tag(sync=True)
    cells = traitlets.List().tag(sync=True)           # rows of [text, meaning or ""]
    value = traitlets.Int().tag(sync=True)
    reveal = traitlets.Bool().tag(sync=True)

    def __init__(self, rows: Sequence[Mapping[str, Any] | Sequence[Any]], columns: Sequence[str] | None = None,
                 caption: str = "", *, pace: float = 1.0, reveal: bool = False):
        self.rows = list(rows)
        if columns is None:
            columns = list(self.rows[0]) if self.rows and isinstance(self.rows[0], Mapping) else []
        columns = list(columns)
        super().__init__(caption=caption, columns=columns, cells=self._cells(columns, caption), pace=pace,
                         reveal=reveal)

    def _cells(self, columns: list[str], caption: str) -> list[list[list[str]]]:
        problems = []
        if not caption:
            problems.append(Problem("step table", "has no caption", "Say in a few words what its rows are."))
        if not self.rows or not columns:
            problems.append(Problem("step table", f"has {len(self.rows)} rows and {len(columns)} columns",
                                    "Give rows, and columns unless the rows are mappings."))
        for number, row in enumerate(self.rows):
            missing = [name for name in columns if name not in row] if isinstance(row, Mapping) else []
            if missing or (not isinstance(row, Mapping) and len(row) != len(columns)):
                problems.append(Problem(f"step table, row {number}",
                                        f"lacks {', '.join(missing)}" if missing else f"has {len(row)} cells",
                                        f"Its columns are: {', '.join(columns)}."))
        if problems:
            raise ConfigurationError(problems)
        return [[_cell(row[name] if isinstance(row, Mapping) else row[place]) for place, name in enumerate(columns)]
                for row in self.rows]

    @traitlets.validate("value")
    def _a_row(self, proposal: dict) -> int:
        if not 0 <= proposal["value"] < len(self.rows):
            raise RefusedValue(Problem("step table", f"row {proposal['value']} is not there",
                                             f"Use 0 to {len(self.rows) - 1}."))
        return proposal["value"]

    def begin(self) -> None:
        if not self.more():
            self.value = 0

    def more(self) -> bool:
        return self.value < len(self.rows) - 1

    def next(self) -> None:
        """Light the next row; stays on the last."""
        if self.more():
            self.value += 1

    def back(self) -> None:
        """Light the row before; stays on the first."""
        self.value = max(self.value - 1, 0)

    def in_words(self) -> str:
        return f"Step table: {self.caption}, {len(self.rows)} rows"

    def still(self) -> dict[str, object]:
        head = "".join(f'<th scope="col">{escape(name)}</th>' for name in self.columns)
        body = "".join("<tr>" + "".join(f"<td>{escape(text)}</td>" for text, _ in row) + "</tr>" for row in self.cells)
        return {"text/html": f"<table><caption>{escape(self.caption)}</caption><thead><tr>{head}</tr></thead>"
                             f"<tbody>{body}</tbody></table>"}


def _cell(value: Any) -> list[str]:
    text = f"{value:.6g}" if isinstance(value, float) else "" if value is None else str(value)
    meaning = text.lower() if text.lower() in MARKS else ""
    return [f"{MARKS[meaning].glyph} {text}" if meaning else text, meaning]
