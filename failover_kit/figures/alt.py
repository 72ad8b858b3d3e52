"""The words that go with a figure, for those who do not see it. They travel inside the figure.

    figure, "Half of the users are back after 42 s."  ->  with_alt  ->  the same figure; alt_of reads it back
"""

from __future__ import annotations

from typing import Any


def with_alt(figure: Any, text: str) -> Any:
    """Give a plotly figure its text alternative (kept in `layout.meta["alt"]`); returns the figure.

    Say what the picture shows, with its numbers, not what kind of picture it is.
    """
    figure.update_layout(meta={"alt": text})
    return figure


def alt_of(figure: Any) -> str:
    """The text alternative of a plotly figure (or of its dict); "" when it has none."""
    parts = figure if isinstance(figure, dict) else figure.to_plotly_json()
    meta = parts.get("layout", {}).get("meta")
    return meta.get("alt", "") if isinstance(meta, dict) else ""
