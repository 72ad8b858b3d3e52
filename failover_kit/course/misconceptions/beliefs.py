"""A wrong belief, written so that a program can recognise it.

    a belief and its rule  ->  the answer that a learner who holds it gives

A Concept is one question with its right rule. Each Misconception about it carries the rule that the learner seems to
follow, so a wrong answer can be traced to the belief that makes it: the bug library of diagnostic teaching
(Brown and Burton, "Diagnostic models for procedural bugs in basic mathematical skills", Cognitive Science 2, 1978).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

Rule = Callable[..., Any]


@dataclass(frozen=True, kw_only=True)
class Concept:
    """One question that has one right answer for each set of inputs."""

    name: str
    question: str                           # the question; the parameters of `right` are its inputs
    right: Rule
    cases: tuple[Mapping[str, Any], ...]    # inputs on which wrong beliefs give themselves away


@dataclass(frozen=True, kw_only=True)
class Misconception:
    """One wrong belief about DNS failover: what it says, what refutes it, and what it would answer."""

    name: str          # "ttl-restarts-on-change"
    lesson: int        # where it is refuted by a run
    concept: str       # name of the question that shows it
    belief: str        # one sentence, as a learner would say it
    refutation: str    # what is so instead, and why
    question: str      # what to ask a learner who holds it; never the answer
    source: str        # where the truth is written
    believed: Rule     # the wrong program: what this belief answers, same parameters as the concept's right rule


def same(one: Any, other: Any) -> bool:
    """Whether two answers are equal; numbers may differ by a millionth."""
    numbers = [value for value in (one, other) if isinstance(value, (int, float)) and not isinstance(value, bool)]
    if len(numbers) == 2:
        return math.isclose(one, other, rel_tol=1e-6, abs_tol=1e-9)
    return type(one) is type(other) and one == other
