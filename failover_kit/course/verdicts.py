"""What a check can say, and how a check says it.

    passed("...") | not_quite("...", "ttl-restarts-on-change")  ->  Feedback

A check function returns one of these; judge.py adds the verdicts that no check has to think of.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Verdict(Enum):
    """The five ways in which an attempt can end."""

    PASSED = "passed"
    NOT_QUITE = "not quite"
    NOT_ATTEMPTED = "not attempted"
    RAISED = "your code raised"
    RAN_TOO_LONG = "ran too long"


@dataclass(frozen=True)
class Feedback:
    """What is said of one answer. Shows itself as text, and as HTML in a notebook."""

    verdict: Verdict
    message: str                     # why, in the learner's terms; `backticks` mark code
    misconception: str | None = None  # name of the belief that explains this answer
    question: str = ""               # what to think about next; never the answer
    quote: str = ""                  # the learner's own line, where one is to blame
    printed: str = ""                # what the learner's code printed while it was judged
    task: str = ""                   # "1.2", set by the judge
    reference: str = ""              # one right solution, only ever set on a pass

    @property
    def passed(self) -> bool:
        return self.verdict is Verdict.PASSED

    def __str__(self) -> str:
        head = f"Task {self.task}: {self.verdict.value}." if self.task else f"{self.verdict.value.capitalize()}."
        lines = [f"{head} {self.message}".rstrip()]
        if self.quote:
            lines.append(f"    {self.quote}")
        if self.question:
            lines.append(self.question)
        if self.printed:
            lines.append("Your code printed:\n" + "\n".join(f"    {line}" for line in self.printed.splitlines()))
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        from .markup import feedback_html
        return feedback_html(self)


def passed(message: str = "") -> Feedback:
    """The answer is right; `message` says what is worth noticing about it."""
    return Feedback(Verdict.PASSED, message)


def not_quite(message: str, misconception: str | None = None, *, ask: str = "") -> Feedback:
    """The answer is wrong. Name the belief behind it where the answer shows it.

    Args:
        message: what is wrong, in the learner's terms, without the answer.
        misconception: a name from the registry; its next question is asked, unless `ask` replaces it.
        ask: the question that leads on.
    """
    if misconception is not None:
        from .misconceptions import misconception as look_up
        belief = look_up(misconception)
        message = f"{message} You may be thinking: {belief.belief}".strip()
        ask = ask or belief.question
    return Feedback(Verdict.NOT_QUITE, message, misconception, ask)


def not_attempted(message: str = "Write your answer in the cell above, run that cell, then this one.") -> Feedback:
    """Nothing has been answered yet."""
    return Feedback(Verdict.NOT_ATTEMPTED, message)
