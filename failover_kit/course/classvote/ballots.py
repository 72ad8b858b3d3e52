"""Counts votes on one question, round by round. Pure: it knows no network and no clock.

    Vote(voter, choice, confidence), ...  ->  BallotBox  ->  Tally

In each round a voter's latest answer counts.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from failover_kit.errors import CourseError

from ..predictions import Prediction

MOST_VOTERS = 500       # a large lecture; more are strangers
MOST_ROUNDS = 9


@dataclass(frozen=True)
class Vote:
    """One answer of one voter; `voter` is any text that stands for them."""

    voter: str
    choice: str
    confidence: int     # per cent


@dataclass(frozen=True)
class Round:
    """The counts of one round, by the key of the choice; `confidence` is the mean, in per cent."""

    counts: Mapping[str, int]
    confidence: float | None = None      # None: nobody has voted

    @property
    def votes(self) -> int:
        return sum(self.counts.values())


def counted(prediction: Prediction, votes: Iterable[Vote]) -> Round:
    """The round in which these votes were cast, one from each voter."""
    votes = list(votes)
    chosen = Counter(vote.choice for vote in votes)
    return Round({key: chosen[key] for key in prediction.choices},
                 sum(vote.confidence for vote in votes) / len(votes) if votes else None)


@dataclass(frozen=True)
class Tally:
    """How a vote stands. `notes` is what should be known about the counting."""

    prediction: Prediction
    rounds: tuple[Round, ...]
    can_go_on: bool | None = None        # may another round be started? None: rounds are not started here
    notes: tuple[str, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """For programs: all of it, with the answer."""
        return {"question": self.prediction.id, "text": self.prediction.question,
                "choices": [{"key": key, "text": text} for key, text in self.prediction.choices.items()],
                "answer": self.prediction.answer,
                "rounds": [{"name": round_name(number), "votes": entry.votes, "counts": dict(entry.counts),
                            "confidence": None if entry.confidence is None else round(entry.confidence, 1)}
                           for number, entry in enumerate(self.rounds, start=1)],
                "can_go_on": self.can_go_on, "notes": [*self.notes]}


def round_name(number: int) -> str:
    return {1: "First vote", 2: "Second vote"}.get(number, f"Vote {number}")


class BallotBox:
    """Takes votes on one question."""

    def __init__(self, prediction: Prediction):
        self.prediction = prediction
        self._rounds: list[dict[str, Vote]] = [{}]
        self._voters: set[str] = set()

    def cast(self, vote: Vote) -> int:
        """Count a vote in the round that is on; returns its number, from 1. Raises CourseError if it cannot count."""
        if vote.choice not in self.prediction.choices:
            raise CourseError(f"The question {self.prediction.id} has no such choice.")
        if vote.voter not in self._voters and len(self._voters) >= MOST_VOTERS:
            raise CourseError(f"{MOST_VOTERS} voters have voted; there is no room for more.")
        self._voters.add(vote.voter)
        self._rounds[-1][vote.voter] = vote
        return len(self._rounds)

    def new_round(self) -> None:
        """From now on answers count as a new vote. Raises CourseError after too many rounds."""
        if len(self._rounds) >= MOST_ROUNDS:
            raise CourseError(f"There have been {MOST_ROUNDS} rounds. Start the vote anew.")
        self._rounds.append({})

    def tally(self) -> Tally:
        """How the vote stands."""
        return Tally(self.prediction, tuple(counted(self.prediction, votes.values()) for votes in self._rounds),
                     can_go_on=len(self._rounds) < MOST_ROUNDS)
