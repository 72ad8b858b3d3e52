"""One of a few: `Choice("Policy", ["failover", "weighted"])`, as radio buttons, or as a list when there are many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import traitlets

from ..errors import ConfigurationError, Problem
from .base import KitWidget, RefusedValue

RADIO_LIMIT = 5      # more than this, and a drop-down list is quicker to read


class Choice(KitWidget, front="choice"):
    """`options` are values, or {what the page shows: value}. `value` is the chosen one, any Python object."""

    label = traitlets.Unicode().tag(sync=True)
    shown = traitlets.List(traitlets.Unicode()).tag(sync=True)
    index = traitlets.Int().tag(sync=True)
    as_list = traitlets.Bool().tag(sync=True)

    def __init__(self, label: str, options: Sequence | Mapping[str, Any], value: Any = None, *,
                 as_list: bool | None = None):
        shown = [str(option) for option in options]
        self.options: list = list(options.values() if isinstance(options, Mapping) else options)
        if not shown:
            raise ConfigurationError(Problem(f"choice {label!r}", "has no options", "Give at least one."))
        super().__init__(label=label, shown=shown, index=0 if value is None else self._place(value, label),
                         as_list=len(shown) > RADIO_LIMIT if as_list is None else as_list)

    def _place(self, value: Any, label: str) -> int:
        if value not in self.options:
            raise ConfigurationError(Problem(f"choice {label!r}", f"value is {value!r}",
                                             f"Use one of: {', '.join(map(repr, self.options))}."))
        return self.options.index(value)

    @traitlets.validate("index")
    def _in_range(self, proposal: dict) -> int:
        if not 0 <= proposal["value"] < len(self.options):
            raise RefusedValue(Problem(f"choice {self.label!r}", f"index is {proposal['value']}",
                                             f"Use 0 to {len(self.options) - 1}."))
        return proposal["value"]

    @property
    def value(self) -> Any:
        """The chosen option."""
        return self.options[self.index]

    @value.setter
    def value(self, value: Any) -> None:
        self.index = self._place(value, self.label)

    def on_change(self, callback: Callable[[Any], object]) -> None:
        """Call `callback(chosen option)` each time another one is chosen."""
        self.observe(lambda change: self._call(callback, self.value), "index")

    def in_words(self) -> str:
        return f"{self.label}: {self.shown[self.index]} (of {', '.join(self.shown)})"
