"""A stretch of the course's own HTML on a notebook page, which the kernel can change later.

    HTML text, a plain text, a still picture  ->  HtmlPanel
"""

from __future__ import annotations

from collections.abc import Mapping

import traitlets

from failover_kit.widgets.base import KitWidget


class HtmlPanel(KitWidget, front="html_panel"):
    """Shows `html`. What is kept in a saved notebook is the plain text and the still forms, which never change."""

    html = traitlets.Unicode("").tag(sync=True)

    def __init__(self, html: str, words: str, still: Mapping[str, str] | None = None):
        """`words` is for readers without a kernel; `still` holds more for them, {"image/svg+xml": "<svg ..."}."""
        self._words, self._still = words, dict(still or {})
        super().__init__(html=html)

    def in_words(self) -> str:
        return self._words

    def still(self) -> dict[str, object]:
        return {**self._still}
