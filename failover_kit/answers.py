"""The nouns of an answer: what is possible, how likely each possibility is, and what a draw makes of it.

    Answers (every Possible reply with its probability) + a random draw  ->  Answered

Before this: lookup.py finds out what is possible. After this: memory.py keeps it packed, authority.py explains it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction

from .records import Question, RecordSet, Reply
from .routing import Outcome, Reason, pick, shuffled


@dataclass(frozen=True)
class Possible:
    """One way to answer, and how likely it is."""

    probability: Fraction
    reply: Reply                               # with every value, in the zone's order
    reasons: tuple[Reason, ...]
    outcome: Outcome | None = None             # the record sets behind the answer; None: no choice was made
    units: tuple[tuple[str, ...], ...] = ()    # values that change places; those of one tuple stay together
    at_most: int | None = None                 # that many units answer, each choice equally likely

    def drawn(self, draw: float) -> Reply:
        """The reply with its values as `draw` in [0, 1) orders and chooses them."""
        if not self.units:
            return self.reply
        values = [value for unit in shuffled(self.units, draw)[:self.at_most] for value in unit]
        return replace(self.reply, answer=(replace(self.reply.answer[0], values=tuple(dict.fromkeys(values))),))


@dataclass(frozen=True)
class Answered:
    """What was replied, by which record sets, and why."""

    question: Question
    reply: Reply
    reasons: tuple[Reason, ...]
    record_sets: tuple[RecordSet, ...] = ()    # those whose values answer
    path: tuple[RecordSet, ...] = ()           # alias records followed on the way there


@dataclass(frozen=True)
class Answers:
    """Every way in which a question may be answered at this moment."""

    question: Question
    possible: tuple[Possible, ...]
    tailored: bool = False                     # depends on where the client is
    watches: frozenset[str] = frozenset()      # the health checks, and AWS resources, whose status it depends on

    def drawn(self, draw: float) -> Answered:
        """The answer that `draw` in [0, 1) falls on."""
        found, draw = pick(self.possible, draw)
        if found.outcome is None:
            return Answered(self.question, found.reply, found.reasons)
        record_sets = shuffled(found.outcome.pool, draw)[:found.at_most]
        return Answered(self.question, found.drawn(draw), found.reasons, record_sets, found.outcome.path)
