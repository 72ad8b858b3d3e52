"""On or off, in words of your own: `Toggle("us-east-1", value=True, on="up", off="down")`."""

from __future__ import annotations

import traitlets

from .base import KitWidget


class Toggle(KitWidget, front="toggle"):
    """`value` is True or False; `on` and `off` are the words the page shows for them."""

    label = traitlets.Unicode().tag(sync=True)
    on = traitlets.Unicode().tag(sync=True)
    off = traitlets.Unicode().tag(sync=True)
    value = traitlets.Bool().tag(sync=True)

    def __init__(self, label: str, value: bool = False, *, on: str = "on", off: str = "off"):
        super().__init__(label=label, value=value, on=on, off=off)

    def in_words(self) -> str:
        return f"{self.label}: {self.on if self.value else self.off}"
