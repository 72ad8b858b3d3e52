"""Where a learner stands: the events of the journal, added up.

    (Event, Event, ...)  ->  Standing(predictions, passed, attempts, hints, recalls)
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from . import catalogue
from .progress import Event

FIELDS = {                                       # of each kind of event: what it must hold, and of which type
    "predicted": {"question": str, "choice": str, "confidence": (int, float), "correct": bool},
    "checked": {"task": str, "verdict": str},
    "hinted": {"task": str},
    "recalled": {"card": str, "remembered": bool},
}


@dataclass(frozen=True)
class Commitment:
    """One prediction that a learner has committed to."""

    question: str       # "1.change-seen"
    choice: str         # key of the choice
    confidence: int     # per cent
    correct: bool


@dataclass(frozen=True)
class Recalled:
    """One card that a learner has turned over."""

    card: str
    remembered: bool
    at: float           # seconds since 1970


@dataclass(frozen=True)
class Standing:
    """Everything the journal says, by task, question and card."""

    predictions: Mapping[str, Commitment] = field(default_factory=dict)   # the first commitment counts
    passed: frozenset[str] = frozenset()
    attempts: Mapping[str, int] = field(default_factory=dict)
    hints: Mapping[str, int] = field(default_factory=dict)
    misconceptions: Mapping[str, int] = field(default_factory=dict)       # how often each one was recognised
    recalls: tuple[Recalled, ...] = ()

    def done(self, lesson: int) -> tuple[int, int]:
        """How many of a lesson's questions and tasks are done, and how many there are."""
        questions = [entry.id for entry in catalogue.contents("questions", lesson)]
        tasks = [entry.id for entry in catalogue.contents("exercises", lesson)]
        done = sum(entry in self.predictions for entry in questions) + sum(entry in self.passed for entry in tasks)
        return done, len(questions) + len(tasks)


def standing(events: Iterable[Event]) -> Standing:
    """Add up a journal's events. Events of kinds that this version does not know are passed over."""
    predictions: dict[str, Commitment] = {}
    passed: set[str] = set()
    attempts: Counter[str] = Counter()
    hints: Counter[str] = Counter()
    misconceptions: Counter[str] = Counter()
    recalls: list[Recalled] = []
    for event in events:
        data = event.data
        if not all(isinstance(data.get(name), kind) for name, kind in FIELDS.get(event.kind, {}).items()):
            continue                             # not as the kit writes it: by hand, or by another version
        match event.kind:
            case "predicted":
                predictions.setdefault(data["question"], Commitment(
                    data["question"], data["choice"], data["confidence"], data["correct"]))
            case "checked":
                attempts[data["task"]] += 1
                if data["verdict"] == "passed":
                    passed.add(data["task"])
                if isinstance(data.get("misconception"), str) and data["misconception"]:
                    misconceptions[data["misconception"]] += 1
            case "hinted":
                hints[data["task"]] += 1
            case "recalled":
                recalls.append(Recalled(data["card"], data["remembered"], event.at))
    return Standing(predictions, frozenset(passed), attempts, hints, misconceptions, tuple(recalls))
