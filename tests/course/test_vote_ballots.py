"""classvote/ballots.py and rate.py: what counts, in which round, and how much of it."""

import pytest

from failover_kit.course.classvote.ballots import MOST_ROUNDS, MOST_VOTERS, BallotBox, Vote
from failover_kit.course.classvote.rate import Bucket
from failover_kit.course.predictions import find_prediction
from failover_kit.errors import CourseError

QUESTION = find_prediction("3.who-switches")
A, B, C = QUESTION.choices


def after(*rounds):
    """A box in which each round is a text such as "ann:A bob:B"."""
    box = BallotBox(QUESTION)
    for number, votes in enumerate(rounds):
        if number:
            box.new_round()
        for voter, choice in (vote.split(":") for vote in votes.split()):
            box.cast(Vote(voter, {"A": A, "B": B, "C": C}[choice], 50))
    return box


@pytest.mark.parametrize(("rounds", "counts"), [
    (("",), [(0, 0, 0)]),
    (("ann:A bob:B cy:A",), [(2, 1, 0)]),
    (("ann:A ann:B",), [(0, 1, 0)]),
    (("ann:A bob:B", ""), [(1, 1, 0), (0, 0, 0)]),
    (("ann:A bob:B", "ann:B bob:B"), [(1, 1, 0), (0, 2, 0)]),
    (("ann:A", "ann:B ann:C", "ann:C"), [(1, 0, 0), (0, 0, 1), (0, 0, 1)]),
], ids=["nobody", "three", "the latest counts", "a new round is empty", "a second vote", "three rounds"])
def test_votes_are_counted_by_round(rounds, counts):
    tally = after(*rounds).tally()
    assert [tuple(entry.counts[key] for key in (A, B, C)) for entry in tally.rounds] == counts


def test_confidence_is_the_mean_of_those_who_count():
    box = BallotBox(QUESTION)
    assert box.tally().rounds[0].confidence is None
    for voter, confidence in (("ann", 10), ("ann", 40), ("bob", 80)):
        box.cast(Vote(voter, A, confidence))
    assert box.tally().rounds[0].confidence == 60


def test_an_unknown_choice_does_not_count_and_is_not_repeated():
    with pytest.raises(CourseError, match="has no such choice") as refused:
        BallotBox(QUESTION).cast(Vote("ann", "<script>", 50))
    assert "script" not in str(refused.value)


def test_there_is_room_for_so_many_voters_and_they_may_vote_again():
    box = BallotBox(QUESTION)
    for number in range(MOST_VOTERS):
        box.cast(Vote(str(number), A, 50))
    with pytest.raises(CourseError, match=f"{MOST_VOTERS} voters have voted"):
        box.cast(Vote("one too many", A, 50))
    box.new_round()
    box.cast(Vote("0", B, 50))
    with pytest.raises(CourseError):
        box.cast(Vote("one too many", A, 50))
    assert [entry.votes for entry in box.tally().rounds] == [MOST_VOTERS, 1]


def test_rounds_end():
    box = BallotBox(QUESTION)
    for _ in range(MOST_ROUNDS - 1):
        assert box.tally().can_go_on
        box.new_round()
    assert not box.tally().can_go_on
    with pytest.raises(CourseError, match="Start the vote anew"):
        box.new_round()


def test_for_programs_it_is_all_there():
    told = after("ann:A bob:B", "ann:B").tally().as_dict()
    assert told["question"] == "3.who-switches"
    assert [choice["key"] for choice in told["choices"]] == [A, B, C]
    assert told["answer"] == QUESTION.answer
    assert told["rounds"] == [
        {"name": "First vote", "votes": 2, "counts": {A: 1, B: 1, C: 0}, "confidence": 50.0},
        {"name": "Second vote", "votes": 1, "counts": {A: 0, B: 1, C: 0}, "confidence": 50.0}]


@pytest.mark.parametrize(("moments", "pass_by"), [
    ([0, 0, 0, 0], "yyyn"), ([0, 0, 0, 0.4, 0.5, 0.5], "yyynyn"), ([0, 0, 0, 100, 100, 100, 100], "yyyyyyn"),
    ([5, 5, 5, 4, 6], "yyyny")],
    ids=["a burst", "drop by drop", "never more than full", "a clock that steps back gives nothing"])
def test_a_bucket_of_three_drops_fills_with_two_a_second(moments, pass_by):
    bucket = Bucket(per_second=2, burst=3)
    assert "".join("y" if bucket.takes(now) else "n" for now in moments) == pass_by
