"""Questions: complete, sourced, and explained with what the learner's own run showed."""

import re
from dataclasses import replace
from string import Formatter

import pytest

from failover_kit.course.misconceptions import misconception
from failover_kit.course.predictions import Prediction, all_predictions, find_prediction
from failover_kit.course.standing import Commitment
from failover_kit.errors import ConfigurationError

SEEN = find_prediction("1.change-seen")
RUN = {"address": "192.0.2.10", "which": "old", "ttl": 38}


def committed(choice, confidence=70, prediction=SEEN):
    return Commitment(prediction.id, choice, confidence, choice == prediction.answer)


def text_of(html):
    return re.sub(r"<[^>]+>", " ", html)


def test_the_explanation_quotes_the_choice_the_confidence_and_the_run():
    text = text_of(SEEN.explanation(committed("new", 90), RUN))
    assert "You said: The new address, because the zone has changed. You were 90 % sure. It was not so." in text
    assert "the resolver answered 192.0.2.10, the old address, with 38 s left" in text
    assert misconception("change-is-immediate").refutation in text
    assert SEEN.why in text


def test_a_right_choice_is_not_refuted():
    text = text_of(SEEN.explanation(committed("old"), RUN))
    assert "It was so." in text
    assert misconception("change-is-immediate").refutation not in text


def test_a_run_that_shows_something_else_is_not_talked_away():
    text = text_of(SEEN.explanation(committed("old"), {**RUN, "which": "new"}))
    assert "Your run stands for another answer than the lesson's: The new address" in text


def test_the_learners_run_cannot_become_html():
    assert "<b>" not in SEEN.explanation(committed("old"), {**RUN, "address": "<b>x</b>"})


@pytest.mark.parametrize(("change", "said"), [
    ({"id": "seen"}, "lesson and name"), ({"choices": {"old": "x"}}, "1 choices"),
    ({"answer": "no"}, "one of new, old"),
    ({"misconceptions": {"old": "change-is-immediate"}}, "belong to a wrong choice"),
    ({"misconceptions": {"new": "no-such"}}, "none of that name"),
], ids=["id", "choices", "answer", "right choice", "unknown belief"])
def test_a_question_that_cannot_work_is_refused(change, said):
    with pytest.raises(ConfigurationError, match=said):
        replace(SEEN, **change)


@pytest.mark.parametrize("prediction", all_predictions(), ids=lambda prediction: prediction.id)
def test_every_question_is_a_question_with_sentences_for_choices(prediction: Prediction):
    assert "?" in prediction.question or prediction.question.startswith("True or false: ")
    assert all(choice.endswith((".", "?", "!")) for choice in prediction.choices.values())
    assert len(set(prediction.choices.values())) == len(prediction.choices)
    assert [name for _, name, _, _ in Formatter().parse(prediction.shown) if name], "it quotes nothing of the run"
