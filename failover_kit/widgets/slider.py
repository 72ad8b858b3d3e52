"""A number to drag, or to move with the arrow keys: `Slider("TTL", 0, 600, step=10, value=60, unit="s")`."""

from __future__ import annotations

from collections.abc import Sequence
from math import isclose

import traitlets

from ..errors import ConfigurationError, Problem
from .base import KitWidget, RefusedValue

Number = int | float


class Slider(KitWidget, front="slider"):
    """`value` runs from `min` to `max` in steps, or over the given `values` (for scales such as 10, 60, 300, 3600).

    `on_change(callback)` hands the new value on, while the learner drags; with `continuous=False` only when they let
    go (for work that takes longer than a blink). `labels` name the `values`: ["1 min", "1 day"].
    """

    label = traitlets.Unicode().tag(sync=True)
    unit = traitlets.Unicode().tag(sync=True)
    min = traitlets.Any().tag(sync=True)
    max = traitlets.Any().tag(sync=True)
    step = traitlets.Any().tag(sync=True)
    values = traitlets.List().tag(sync=True)
    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    continuous = traitlets.Bool(True).tag(sync=True)
    value = traitlets.Any().tag(sync=True)

    def __init__(self, label: str, min: Number = 0, max: Number = 100, step: Number = 1, value: Number | None = None, *,
                 unit: str = "", values: Sequence[Number] = (), labels: Sequence[str] = (), continuous: bool = True):
        values, labels = list(values), list(labels)
        problems = []
        if labels and len(labels) != len(values):
            problems.append(Problem(f"slider {label!r}", f"has {len(labels)} labels for {len(values)} values",
                                    "Give one label for each of the values."))
        if not values and not (min < max and step > 0):
            problems.append(Problem(f"slider {label!r}", f"runs from {min} to {max} in steps of {step}",
                                    "min must be below max, and step above 0."))
        if problems:
            raise ConfigurationError(problems)
        first = values[0] if values else min
        super().__init__(label=label, unit=unit, min=min, max=max, step=step, values=values, labels=labels,
                         continuous=continuous, value=first if value is None else value)

    @traitlets.validate("value")
    def _on_the_scale(self, proposal: dict) -> Number:
        value, place = proposal["value"], f"slider {self.label!r}"
        if self.values:
            if value not in self.values:
                raise RefusedValue(Problem(place, f"value is {value}",
                                                 f"Use one of: {', '.join(map(str, self.values))}."))
            return self.values[self.values.index(value)]
        if not self.min <= value <= self.max:
            raise RefusedValue(Problem(place, f"value is {value}", f"Use {self.min} to {self.max}."))
        on_grid = self.min + round((value - self.min) / self.step) * self.step
        if not isclose(value, on_grid, abs_tol=self.step * 1e-6):
            raise RefusedValue(Problem(place, f"value is {value}, between two steps of {self.step}",
                                             f"Use {on_grid:g}."))
        return on_grid if isinstance(on_grid, int) else round(on_grid, 10)

    def in_words(self) -> str:
        return f"{self.label}: {self.text}"

    @property
    def text(self) -> str:
        """The value as the page shows it: "60 s"."""
        if self.labels:
            return self.labels[self.values.index(self.value)]
        figures = str(self.value) if isinstance(self.value, int) else f"{self.value:.6g}"
        return f"{figures} {self.unit}".rstrip()
