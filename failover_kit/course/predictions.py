"""A question that is answered before the experiment, and what is said about the answer afterwards.

    Prediction + the learner's choice + the values of the learner's own run  ->  explanation (HTML)

Pure: prediction_box.py shows it, reliability.py adds the answers up.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from failover_kit.errors import ConfigurationError, Problem

from . import catalogue
from .markup import panel, rich
from .misconceptions import MISCONCEPTIONS, misconception
from .standing import Commitment


@dataclass(frozen=True, kw_only=True)
class Prediction:
    """One question with its choices. Raises ConfigurationError with everything that is wrong with it."""

    id: str                              # "1.change-seen": lesson, name
    question: str
    choices: Mapping[str, str]           # short key -> text; two to six
    answer: str                          # the key that the lesson's own experiment shows
    shown: str                           # what the run showed, with {names} of the values passed to explain()
    why: str                             # why it is so
    misconceptions: Mapping[str, str] = field(default_factory=dict)   # choice -> name in the registry
    outcome: Callable[..., str] | None = None   # the run's values -> the key that this run shows

    def __post_init__(self) -> None:
        problems = [Problem(f"question {self.id}", what, fix) for what, fix in self._faults()]
        if problems:
            raise ConfigurationError(problems)

    def _faults(self) -> Iterator[tuple[str, str]]:
        lesson, dot, name = self.id.partition(".")
        if not (dot and lesson.isdigit() and name):
            yield f"the id is {self.id!r}", "It should be lesson and name: '1.change-seen'."
        if not 2 <= len(self.choices) <= 6:
            yield f"it has {len(self.choices)} choices", "It should have two to six."
        if self.answer not in self.choices:
            yield f"its answer is {self.answer!r}", f"It should be one of {', '.join(self.choices)}."
        for choice, name in self.misconceptions.items():
            if choice not in self.choices or choice == self.answer:
                yield f"a misconception belongs to {choice!r}", "It should belong to a wrong choice."
            if name not in MISCONCEPTIONS:
                yield f"it names the misconception {name!r}", "The registry has none of that name."

    def run_shows(self, values: Mapping[str, Any]) -> str:
        """The key that a run with these values shows; the lesson's own answer if the question has no rule for it."""
        return self.outcome(**values) if self.outcome else self.answer

    def explanation(self, commitment: Commitment, values: Mapping[str, Any]) -> str:
        """What you said, what your run showed, and why, as HTML."""
        said = self.choices[commitment.choice].rstrip(".")
        right = "It was so" if commitment.correct else "It was not so"
        parts = [rich(f"You said: {said}. You were {commitment.confidence} % sure. {right}."),
                 rich(f"Your run: {self.shown.format(**values)}")]
        belief = self.misconceptions.get(commitment.choice)
        if belief:
            parts.append(rich(misconception(belief).refutation))
        parts.append(rich(self.why))
        shows = self.run_shows(values)
        if shows != self.answer:
            parts.append(rich(f"Your run stands for another answer than the lesson's: {self.choices[shows]} "
                              "You have changed something; can you say what made the difference?"))
        return panel("What happened, and why", "".join(parts), "healthy" if commitment.correct else "fault")

    def revealed(self, values: Mapping[str, Any] | None = None) -> str:
        """For somebody who only reads: the answer, what a run with these values showed, and why, as HTML."""
        parts = [rich(self.choices[self.answer])]
        if values is not None:
            parts.append(rich(f"The run: {self.shown.format(**values)}"))
        parts += [rich(self.why), *(rich(f"Not so: {self.choices[choice]} {misconception(belief).refutation}")
                                    for choice, belief in self.misconceptions.items())]
        return panel("The answer", "".join(parts), "healthy")


def find_prediction(prediction_id: str) -> Prediction:
    """The question with this id; CourseError where the course has none."""
    return catalogue.find("questions", prediction_id)


def all_predictions() -> tuple[Prediction, ...]:
    """Every question of the course, in order."""
    return catalogue.everything("questions")
