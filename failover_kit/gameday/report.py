"""A game day's result: every disaster, added up, judged against an objective and beside another design.

    DisasterReports + cost  ->  GameDayReport (availability, score, what hurt most), for people and as JSON

Before this: measures.py, cost.py. After this: improve.py looks for the change that helps most; figures draw it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from math import inf, log10

from ..durations import spell_seconds
from ..errors import LabError
from .cost import monthly_cost
from .design import Design
from .measures import DisasterReport
from .plans import Objective

MINUTES_PER_YEAR = 365 * 24 * 60.0
MOST_NINES = 9.0           # that anybody would claim


@dataclass(frozen=True)
class ScorePart:
    """So many points of so many, and for what."""

    name: str
    points: float
    of: float
    why: str


@dataclass(frozen=True)
class GameDayReport:
    """One design against the campaign that a seed draws."""

    design: Design
    seed: int
    disasters: Sequence[DisasterReport]
    reference: GameDayReport | None = None       # another design on the same days

    # ---- added up -----------------------------------------------------------------------------------------------

    @property
    def objective(self) -> Objective:
        return self.design.objective

    @property
    def rto(self) -> float:
        """Seconds: the longest time without service, in any of the disasters."""
        return max(report.rto for report in self.disasters)

    @property
    def rpo(self) -> float:
        """Seconds: the oldest data that was missing, in any of them; inf: all of it."""
        return max(report.rpo for report in self.disasters)

    @property
    def error_minutes(self) -> float:
        return sum(report.error_minutes for report in self.disasters)

    @property
    def lost_writes(self) -> float:
        return sum(report.lost_writes for report in self.disasters)

    @property
    def false_failovers(self) -> int:
        return sum(report.false_failovers for report in self.disasters)

    @property
    def availability(self) -> float:
        """Of a year in which each of the disasters happens once, and nothing else does."""
        return 1 - self.error_minutes / MINUTES_PER_YEAR

    @property
    def nines(self) -> float:
        """-log10 of the unavailability: 3 is 99.9 %."""
        return nines(self.availability)

    @cached_property
    def cost(self) -> dict[str, float]:
        """{item: USD a month}"""
        return monthly_cost(self.design)

    @property
    def monthly_cost(self) -> float:
        return sum(self.cost.values())

    def disaster(self, name: str) -> DisasterReport:
        """The report on one disaster. Raises LabError."""
        for report in self.disasters:
            if report.name == name:
                return report
        raise LabError(f"This game day had no disaster {name!r}, only {', '.join(r.name for r in self.disasters)}.")

    @property
    def worst(self) -> DisasterReport:
        """The disaster that cost the users most; of those that cost nothing, the one with most data lost."""
        return max(self.disasters, key=lambda report: (report.error_minutes, report.lost_writes))

    # ---- judged -------------------------------------------------------------------------------------------------

    @cached_property
    def parts(self) -> list[ScorePart]:
        """What the score is made of."""
        goal, count = self.objective, len(self.disasters)
        fast = sum(report.rto <= goal.rto_seconds for report in self.disasters)
        safe = sum(report.rpo <= goal.rpo_seconds for report in self.disasters)
        return [
            ScorePart("RTO", 35 * _mean(_nearness(r.rto, goal.rto_seconds) for r in self.disasters), 35,
                      f"{fast} of {count} disasters within {spell_seconds(goal.rto_seconds)}"),
            ScorePart("RPO", 25 * _mean(_nearness(r.rpo, goal.rpo_seconds) for r in self.disasters), 25,
                      f"{safe} of {count} disasters within {spell_seconds(goal.rpo_seconds)}"),
            ScorePart("availability", 15 * _nearness(1 - self.availability, 1 - goal.availability), 15,
                      f"{self.availability:.3%} of a year; asked for are {goal.availability:.3%}"),
            ScorePart("false failovers", 10 * max(0.0, 1 - self.false_failovers / count), 10,
                      f"{self.false_failovers} in {count} disasters"),
            ScorePart("budget", 15 * _nearness(self.monthly_cost, goal.monthly_budget), 15,
                      f"${self.monthly_cost:,.0f} a month of ${goal.monthly_budget:,.0f}"),
        ]

    @property
    def score(self) -> float:
        """0 to 100."""
        return sum(part.points for part in self.parts)

    @property
    def passed(self) -> bool:
        """Is the whole objective met?"""
        goal = self.objective
        return (all(report.meets(goal) for report in self.disasters) and self.availability >= goal.availability
                and self.monthly_cost <= goal.monthly_budget)

    # ---- told ---------------------------------------------------------------------------------------------------

    def table(self) -> list[dict[str, object]]:
        """A row for each disaster, in words and numbers that a table can show as they are."""
        return [{"disaster": report.name, "RTO": spell_seconds(report.rto), "RPO": spell_seconds(report.rpo),
                 "error minutes": round(report.error_minutes, 1), "lost writes": round(report.lost_writes),
                 "failovers": report.failovers, "false": report.false_failovers,
                 "objective": "met" if report.meets(self.objective) else "missed"} for report in self.disasters]

    def summary(self) -> str:
        """The report in plain words."""
        goal, worst = self.objective, self.worst
        met = sum(report.meets(goal) for report in self.disasters)
        words = [f"Design {self.design.name!r} scores {self.score:.0f} of 100: it met RTO and RPO in {met} of "
                 f"{len(self.disasters)} disasters and costs ${self.monthly_cost:,.0f} a month.",
                 f"A year with all of them has {self.error_minutes:.0f} error minutes: {self.availability:.3%}, "
                 f"{self.nines:.1f} nines."]
        if worst.error_minutes:
            words.append(f"{worst.disaster.title}: that hurt most, {spell_seconds(worst.rto)} without service.")
        if self.lost_writes:
            words.append(f"{self.lost_writes:,.0f} writes were lost.")
        if self.false_failovers:
            times = "Once" if self.false_failovers == 1 else f"{self.false_failovers} times"
            words.append(f"{times} users were sent away from a site that worked.")
        if self.reference:
            other = self.reference
            words.append(f"The {other.design.name} design scores {other.score:.0f} on the same days, with "
                         f"{other.error_minutes:.0f} error minutes, for ${other.monthly_cost:,.0f} a month.")
        return " ".join(words)

    def as_dict(self) -> dict:
        """For JSON; an RPO of null stands for all data."""
        return {"design": self.design.name, "seed": self.seed, "score": round(self.score, 1), "passed": self.passed,
                "rto_seconds": round(self.rto, 1), "rpo_seconds": None if self.rpo == inf else round(self.rpo, 1),
                "availability": self.availability, "nines": round(self.nines, 2),
                "error_minutes": round(self.error_minutes, 2), "lost_writes": round(self.lost_writes),
                "false_failovers": self.false_failovers, "monthly_cost": round(self.monthly_cost, 2), "cost": self.cost,
                "objective": dict(vars(self.objective)), "parts": [dict(vars(part)) for part in self.parts],
                "worst": self.worst.name, "disasters": [report.as_dict() for report in self.disasters],
                "reference": self.reference and self.reference.as_dict()}

    def without_stories(self) -> GameDayReport:
        """Only the numbers, to hand from one process to another."""
        return replace(self, disasters=[report.without_story() for report in self.disasters])


def nines(availability: float) -> float:
    """How many nines a share of time is: 0.999 is 3.

    >>> round(nines(0.9995), 1)
    3.3
    """
    return MOST_NINES if availability >= 1 else min(MOST_NINES, -log10(1 - availability))


def _nearness(value: float, goal: float) -> float:
    """1 when the goal is met, else how near it is: half the points for twice the goal."""
    return 1.0 if value <= goal else goal / value


def _mean(values) -> float:
    values = list(values)
    return sum(values) / len(values)
