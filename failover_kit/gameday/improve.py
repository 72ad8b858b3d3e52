"""Plays a game day, and looks for the one change that would have helped most.

    Design + seed  ->  game_day  ->  GameDayReport        Design + seed  ->  improvements  ->  [Improvement, ...]

Every design plays against the very same disasters, so that a difference is the design's doing. Workers change nothing
but the time it takes: any `concurrent.futures.Executor` will do.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Executor
from dataclasses import dataclass, replace
from functools import cache

from ..progress import shown
from .changes import changes
from .design import Design
from .disasters import campaign
from .measures import suffer
from .report import GameDayReport
from .spelling import load_design


def game_day(design: Design, seed: int = 0, *, reference: Design | str | None = "reference-design.json",
             executor: Executor | None = None) -> GameDayReport:
    """Every disaster of the seed's campaign against a design, beside a reference design (None: without one)."""
    report = GameDayReport(design, seed, _all_of_it(design, seed, executor))
    if reference is None:
        return report
    other = _reference(seed) if reference == "reference-design.json" else game_day(reference, seed, reference=None)
    return replace(report, reference=other)


def _all_of_it(design: Design, seed: int, executor: Executor | None) -> list:
    days = campaign(seed, design.sites[0].place.code)
    with shown(f"Game day of {design.name}", 0, len(days)) as tell:
        found = []
        for report in (executor.map if executor else map)(suffer, [design] * len(days), days, [seed] * len(days)):
            found.append(report)
            tell(len(found))
    return found


@cache
def _reference(seed: int) -> GameDayReport:
    return game_day(load_design("reference-design.json"), seed, reference=None)


@dataclass(frozen=True)
class Improvement:
    """One change, and what it would have made of the same days."""

    change: str
    before: GameDayReport
    after: GameDayReport             # its disasters have numbers, no stories

    @property
    def points(self) -> float:
        """Of the score, gained."""
        return self.after.score - self.before.score

    @property
    def error_minutes(self) -> float:
        """Saved."""
        return self.before.error_minutes - self.after.error_minutes

    @property
    def monthly_cost(self) -> float:
        """USD more; below 0: less."""
        return self.after.monthly_cost - self.before.monthly_cost

    def summary(self) -> str:
        """In plain words."""
        price, minutes = "about the same price", "as many error minutes"
        if abs(self.monthly_cost) >= 1:
            price = f"${abs(self.monthly_cost):,.0f} a month {'more' if self.monthly_cost > 0 else 'less'}"
        if abs(self.error_minutes) >= 0.5:
            minutes = f"{abs(self.error_minutes):.0f} error minutes {'fewer' if self.error_minutes > 0 else 'more'}"
        return f"{self.change[0].upper()}{self.change[1:]}: {self.points:+.1f} points, {minutes}, {price}."

    def as_dict(self) -> dict:
        """For JSON."""
        return {"change": self.change, "points": round(self.points, 2),
                "error_minutes_saved": round(self.error_minutes, 2), "monthly_cost": round(self.monthly_cost, 2),
                "score": round(self.after.score, 1)}


def improvements(report: GameDayReport, proposals: Mapping[str, Design] | None = None, *,
                 executor: Executor | None = None) -> list[Improvement]:
    """Every single change that applies, played against the same disasters: the one that helps most comes first.

    proposals:  {what is changed: the design with that change}; None: those of `changes`.
    """
    proposals = changes(report.design) if proposals is None else proposals
    found = []
    with shown("Looking for the change that helps most", 0, len(proposals)) as tell:
        for words, after in zip(proposals, _played(proposals.values(), report.seed, executor), strict=True):
            found.append(Improvement(words, report, after))
            tell(len(found))
    return sorted(found, key=lambda one: (-round(one.points, 6), -one.error_minutes))


def _played(designs: Iterable[Design], seed: int, executor: Executor | None) -> Iterator[GameDayReport]:
    designs = list(designs)
    return iter((executor.map if executor else map)(_numbers, designs, [seed] * len(designs)))


def _numbers(design: Design, seed: int) -> GameDayReport:
    """A game day in a worker: without stories, as they are large."""
    days = campaign(seed, design.sites[0].place.code)
    return GameDayReport(design, seed, [suffer(design, day, seed).without_story() for day in days])
