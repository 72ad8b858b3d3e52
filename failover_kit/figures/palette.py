"""What each thing looks like, in every figure and widget: a colour that never stands alone.

    "unhealthy"  ->  Mark(colour, symbol, dash, pattern, glyph)  ->  marker(), line(), bar(), css()

The colours start from Okabe and Ito's set for colour-blind readers (jfly.uni-koeln.de/color) and are darkened where
needed, so that each one has a contrast of 3:1 or more on white paper and on a dark notebook (WCAG 2.2, success
criterion 1.4.11). They are for areas, lines and borders. Write text in the theme's own ink.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mark:
    """How one meaning is drawn. Colour, shape, line and glyph all differ, so grey print loses nothing."""

    colour: str      # "#0069AA"
    symbol: str      # plotly marker symbol
    dash: str        # plotly line dash
    pattern: str     # plotly bar fill pattern; "" is a plain fill
    glyph: str       # one character to put beside a word


# fmt: off
MARKS: dict[str, Mark] = {
    # meaning            colour     symbol         dash           pattern glyph
    "healthy":   Mark("#009E73", "circle",      "solid",        "",     "✓"),
    "unhealthy": Mark("#BF4A00", "x",           "dot",          "x",    "✕"),
    "unknown":   Mark("#6E6E6E", "circle-open", "longdashdot",  ".",    "?"),
    "fault":     Mark("#B58F00", "triangle-up", "longdash",     "+",    "!"),
    "primary":   Mark("#0069AA", "square",      "6px,2px",      "|",    "●"),
    "secondary": Mark("#CC79A7", "diamond",     "dash",         "/",    "◆"),
    "cached":    Mark("#3F9BD6", "star",        "dashdot",      "\\",   "◷"),
    "expected":  Mark("#6E6E6E", "cross-thin",  "1px,3px",      "-",    "≈"),
}
# fmt: on


def marker(meaning: str, size: float = 9) -> dict:
    """Plotly's `marker` for scattered points of this meaning; `size` in pixels."""
    mark = MARKS[meaning]
    thin = mark.symbol.endswith(("-thin", "-open"))
    return {"color": mark.colour, "symbol": mark.symbol, "size": size,
            "line": {"width": 2 if thin else 0, "color": mark.colour}}


def line(meaning: str, width: float = 2.5) -> dict:
    """Plotly's `line` for a curve of this meaning; `width` in pixels."""
    return {"color": MARKS[meaning].colour, "dash": MARKS[meaning].dash, "width": width}


def bar(meaning: str) -> dict:
    """Plotly's `marker` for bars and areas of this meaning."""
    mark = MARKS[meaning]
    return {"color": mark.colour, "line": {"color": mark.colour, "width": 1},
            "pattern": {"shape": mark.pattern, "fillmode": "replace" if mark.pattern else "overlay",
                        "fgcolor": mark.colour, "size": 7, "solidity": 0.4}}


def css() -> str:
    """The same colours as CSS custom properties: `--fk-healthy: #009E73`."""
    return "\n".join(f"--fk-{meaning}: {mark.colour};" for meaning, mark in MARKS.items())
