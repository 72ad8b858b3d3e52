"""How the course's answers look in a notebook: plain HTML with inline style, for light and dark themes.

    Feedback | task card | Note  ->  HTML text

Every meaning has a colour, a glyph and a word. Text keeps the notebook's own ink.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from failover_kit.figures.palette import MARKS

if TYPE_CHECKING:
    from .verdicts import Feedback

_MEANINGS = {   # verdict -> meaning in the palette
    "passed": "healthy", "not quite": "fault", "not attempted": "unknown", "your code raised": "unhealthy",
    "ran too long": "cached"}


def rich(text: str) -> str:
    """Plain text as HTML: `code` between backticks, an empty line between paragraphs."""
    paragraphs = [re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(part, quote=False).replace("\n", "<br>"))
                  for part in text.strip().split("\n\n")]
    return "".join(f"<p style='margin:4px 0'>{part}</p>" for part in paragraphs if part)


def code_block(source: str) -> str:
    """Source text, in the notebook's own fixed-width type."""
    return f"<pre style='margin:4px 0; white-space:pre-wrap'><code>{html.escape(source, quote=False)}</code></pre>"


def panel(title: str, body: str, meaning: str, glyph: str = "") -> str:
    """A box with a coloured edge; `body` is HTML, `title` is text."""
    mark = f"<span aria-hidden='true'>{glyph} </span>" if glyph else ""
    return (f"<div style='border-left:6px solid {MARKS[meaning].colour}; padding:4px 12px; margin:4px 0; "
            f"max-width:60em'><strong>{mark}{html.escape(title)}</strong>{body}</div>")


def feedback_html(feedback: Feedback) -> str:
    """A verdict with its reason, the learner's line, the next question; on a pass one solution, folded away."""
    meaning = _MEANINGS[feedback.verdict.value]
    name = f"Task {feedback.task}: " if feedback.task else ""
    body = rich(feedback.message)
    if feedback.quote:
        body += code_block(feedback.quote)
    if feedback.question:
        body += rich(feedback.question)
    if feedback.printed:
        body += rich("Your code printed:") + code_block(feedback.printed)
    if feedback.reference:
        body += f"<details><summary>One solution</summary>{code_block(feedback.reference)}</details>"
    return panel(f"{name}{feedback.verdict.value}", body, meaning, MARKS[meaning].glyph)


def given_html(title: str, facts: str, values: Mapping[str, Any]) -> str:
    """A task's card: title, kind and points, and the numbers as the learner writes them."""
    rows = "".join(f"<tr><th scope='row' style='text-align:left'><code>given.{html.escape(name)}</code></th>"
                   f"<td style='text-align:left'><code>{html.escape(repr(value), quote=False)}</code></td></tr>"
                   for name, value in values.items())
    body = rich(facts) + (f"<table style='margin:4px 0'>{rows}</table>" if rows else "")
    return panel(title, body, "primary")


@dataclass(frozen=True)
class Note:
    """A short text under a title, with source code if there is any; shows itself as text and as HTML."""

    title: str
    text: str = ""
    code: str = ""

    def __repr__(self) -> str:
        return "\n".join(part for part in (f"{self.title}:", self.text, self.code) if part)

    def _repr_html_(self) -> str:
        return panel(self.title, rich(self.text) + (code_block(self.code) if self.code else ""), "primary")
