"""The wrong ideas that learners bring, each with a name, a refutation and the answer it leads to.

    (concept, inputs, a wrong answer)    -> recognise() ->  Misconception or None
    (concept, a wrong program)           -> diagnose()  ->  Misconception or None

The registry is data, in the modules beside this one; tasks and questions refer to it by name. Where two beliefs give
the same wrong answer the one that stands first is named, so the narrower belief stands first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from failover_kit.errors import CourseError

from . import caches, checks, delays, recovery, regions, routing
from .beliefs import Concept, Misconception, Rule, same

__all__ = [
    "CONCEPTS",
    "MISCONCEPTIONS",
    "Concept",
    "Misconception",
    "concept",
    "diagnose",
    "misconception",
    "recognise",
    "same",
]

_PARTS = (caches, recovery, checks, routing, delays, regions)
CONCEPTS: dict[str, Concept] = {entry.name: entry for part in _PARTS for entry in part.CONCEPTS}
MISCONCEPTIONS: dict[str, Misconception] = {entry.name: entry for part in _PARTS for entry in part.MISCONCEPTIONS}


def misconception(name: str) -> Misconception:
    """The misconception of this name; CourseError where the registry has none."""
    if name not in MISCONCEPTIONS:
        raise CourseError(f"There is no misconception named {name!r}. "
                          "failover_kit.course.misconceptions.MISCONCEPTIONS lists those there are.")
    return MISCONCEPTIONS[name]


def concept(name: str) -> Concept:
    """The concept of this name; CourseError where the registry has none."""
    if name not in CONCEPTS:
        raise CourseError(f"There is no concept named {name!r}. "
                          "failover_kit.course.misconceptions.CONCEPTS lists those there are.")
    return CONCEPTS[name]


def about(name: str) -> tuple[Misconception, ...]:
    """Every misconception about one concept, in the registry's order."""
    return tuple(entry for entry in MISCONCEPTIONS.values() if entry.concept == name)


def recognise(name: str, answer: Any, **inputs: Any) -> Misconception | None:
    """The belief that makes a learner give this answer to concept `name`; None if it is right or unexplained."""
    if same(answer, concept(name).right(**inputs)):
        return None
    return next((entry for entry in about(name) if same(answer, entry.believed(**inputs))), None)


def diagnose(name: str, program: Rule, cases: Iterable[Mapping[str, Any]] | None = None) -> Misconception | None:
    """The belief that a learner's whole program follows: it must explain every wrong answer the program gives.

    Args:
        name: the concept.
        program: called with the concept's inputs by keyword. What it raises is not caught.
        cases: inputs to try; the concept's own by default.
    """
    tried = [(inputs, program(**inputs)) for inputs in (concept(name).cases if cases is None else cases)]
    wrong = [(inputs, answer) for inputs, answer in tried if not same(answer, concept(name).right(**inputs))]
    if not wrong:
        return None
    explain_wrong = [entry for entry in about(name)
                     if all(same(answer, entry.believed(**inputs)) for inputs, answer in wrong)]
    explain_all = [entry for entry in explain_wrong
                   if all(same(answer, entry.believed(**inputs)) for inputs, answer in tried)]
    return next(iter(explain_all or explain_wrong), None)
