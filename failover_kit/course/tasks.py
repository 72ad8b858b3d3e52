"""A graded task: everything about it that is not in its notebook.

    Task(id="1.2", check=..., hints=..., wrong_answers=...)  +  the notebook's statement, stub and reference

The solution notebook is the one place for what a learner reads and types. This is the one place for how it is judged.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from random import Random
from typing import Any

from failover_kit.errors import ConfigurationError, Problem

from . import answer_keys, catalogue
from .misconceptions import MISCONCEPTIONS
from .seeds import Learner
from .verdicts import Feedback, Verdict

HINTS = 3
FEWEST_WRONG_ANSWERS = 3


class Kind(Enum):
    """What a task asks a learner to do."""

    PREDICT = "predict"
    COMPUTE = "compute"
    WRITE = "write a function"
    CONFIGURE = "configure"
    DEBUG = "debug"
    ORDER = "put in order"
    DESIGN = "design"


class Given:
    """The numbers of a task: `given.ttl`, `given["ttl"]` or `**given`. Shows itself as the task's card."""

    def __init__(self, values: Mapping[str, Any], title: str = "", facts: str = ""):
        self._values, self._title, self._facts = dict(values), title, facts

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):       # also while a copy is being made, when there are no values yet
            raise AttributeError(name)
        if name not in self._values:
            known = ", ".join(self._values) or "no numbers"
            raise AttributeError(f"The task gives no {name!r}. It gives: {known}.")
        return self._values[name]

    def __getitem__(self, name: str) -> Any:
        return self._values[name]

    def keys(self) -> Iterator[str]:
        return iter(self._values)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Given) and self._values == other._values

    def __repr__(self) -> str:
        head = [f"{self._title} ({self._facts})"] if self._title else []
        return "\n".join([*head, *(f"given.{name} = {value!r}" for name, value in self._values.items())])

    def _repr_html_(self) -> str:
        from .markup import given_html
        return given_html(self._title, self._facts, self._values)


@dataclass(frozen=True)
class WrongAnswer:
    """A program that must not pass, and what must be said of it."""

    code: str                              # sets the task's answer; may use `given` and the notebook's imports
    misconception: str | None = None       # the belief that must be recognised by name
    verdict: Verdict = Verdict.NOT_QUITE


@dataclass(frozen=True, kw_only=True)
class Task:
    """One graded task. Raises ConfigurationError with everything that is missing."""

    id: str                                # "1.2": lesson, place in it
    title: str
    points: int
    kind: Kind
    minutes: int                           # what an average learner needs
    answer: str                            # the name that the learner sets and the check cell passes
    expects: str                           # "a whole number of seconds": what `answer` should be
    check: Callable[[Any, Given, Random], Feedback]   # (answer, given, random for unseen scenarios)
    hints: tuple[str, ...]                 # three, of rising strength; never the answer
    misconceptions: tuple[str, ...] = ()   # names that `check` can recognise
    wrong_answers: tuple[WrongAnswer, ...]  # three or more
    alternatives: tuple[str, ...] = ()     # other right programs; two or more where the answer is a function
    given: Mapping[str, Any] = field(default_factory=dict)          # the numbers without a seed
    draw: Callable[[Random], Mapping[str, Any]] | None = None       # the numbers with one: same names, as hard
    untouched: Callable[[Any, Given], bool] | None = None   # for stubs that are not dots: is this still the stub?
    equivalent_mutants: tuple[str, ...] = ()   # mutants that change nothing, as mutants.py names them
    seconds: float = 5.0                   # time limit of one check
    stretch: bool = False                  # beyond what the lesson needs

    def __post_init__(self) -> None:
        problems = [Problem(f"task {self.id}", what, fix) for what, fix in self._faults()]
        if problems:
            raise ConfigurationError(problems)

    def _faults(self) -> Iterator[tuple[str, str]]:
        lesson, dot, place = self.id.partition(".")
        if not (dot and lesson.isdigit() and place.isdigit()):
            yield f"the id is {self.id!r}", "It should be lesson and place: '1.2'."
        if not self.answer.isidentifier():
            yield f"the answer is named {self.answer!r}", "It should be a Python name."
        if self.points < 1:
            yield f"it is worth {self.points} points", "It should be worth 1 or more."
        if len(self.hints) != HINTS:
            yield f"it has {len(self.hints)} hints", f"It should have {HINTS}, of rising strength."
        if len(self.wrong_answers) < FEWEST_WRONG_ANSWERS:
            yield f"it has {len(self.wrong_answers)} wrong answers", f"It should have {FEWEST_WRONG_ANSWERS} or more."
        for name in self.misconceptions:
            if name not in MISCONCEPTIONS:
                yield f"it names the misconception {name!r}", "The registry has none of that name."
        for name in {wrong.misconception for wrong in self.wrong_answers} - {None, *self.misconceptions}:
            yield f"a wrong answer names {name!r}", "List it under misconceptions too."
        for name in self.given:
            if not name.isidentifier() or name.startswith("_") or name == "keys":
                yield f"a given number is named {name!r}", "It should be a Python name other than 'keys'."

    @property
    def lesson(self) -> int:
        return int(self.id.partition(".")[0])

    @property
    def facts(self) -> str:
        """"compute, 2 points, about 5 minutes": what stands under the title."""
        points = "1 point" if self.points == 1 else f"{self.points} points"
        stretch = ", stretch" if self.stretch else ""
        return f"{self.kind.value}, {points}, about {self.minutes} minutes{stretch}"

    def numbers(self, learner: Learner | None = None) -> Given:
        """The numbers this learner was given; the same default numbers for everybody without a seed."""
        values = self.draw(learner.random(self.id)) if learner and self.draw else self.given
        return Given(copy.deepcopy(dict(values)), f"Task {self.id}: {self.title}", self.facts)

    def scenarios(self, learner: Learner | None = None) -> Random:
        """The random generator for scenarios that the learner has not seen."""
        return learner.random(self.id, "scenarios") if learner else Random(f"task {self.id}")

    @property
    def key(self) -> answer_keys.TaskKey:
        """What the solution notebook holds about this task: statement, stub, reference, check cell."""
        return answer_keys.task_key(self.id)


def find_task(task_id: str) -> Task:
    """The task with this id; CourseError where the course has none."""
    return catalogue.find("exercises", task_id)


def all_tasks() -> tuple[Task, ...]:
    """Every task of the course, in order."""
    return catalogue.everything("exercises")
