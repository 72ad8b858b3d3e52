"""What the course's own calls say on paper, where nobody can commit an answer or turn a card.

    predict("1.change-seen"), explain(...), recall(1, 2), calibration()  ->  HTML
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from itertools import islice
from typing import Any

from ..flashcards import cards_of, due
from ..markup import rich
from ..predictions import find_prediction

CARDS = 4       # as many as recall() asks if nobody says how many


def on_paper(call: ast.Call, kept: str) -> str | None:
    """The HTML for a call, or None if it is none of the course's.

    `kept` is the HTML that the call left in the notebook: an explanation with the numbers of a run, if there was one.
    """
    name = call.func.id if isinstance(call.func, ast.Name) else ""
    arguments = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
    named = {word.arg: word.value.value for word in call.keywords if isinstance(word.value, ast.Constant)}
    match name:
        case "predict":
            return question_html(*arguments)
        case "explain":
            return answer_html(*arguments, kept)
        case "recall":
            return cards_html(arguments, named)
        case "calibration":
            return ("<p class='aside'>In the notebook a chart stands here: how sure you were of your answers, and how "
                    "often you were right.</p>")
    return None


def question_html(prediction_id: str) -> str:
    """A question with its choices."""
    prediction = find_prediction(prediction_id)
    choices = "".join(f"<li>{_inline(text)}</li>" for text in prediction.choices.values())
    return (f"<div class='question' role='group' aria-label='Question {prediction_id}'>"
            f"<p>{_inline(prediction.question)}</p><ol type='A'>{choices}</ol></div>")


def answer_html(prediction_id: str, kept: str = "") -> str:
    """The explanation of a question, folded: with a run's numbers if `kept` holds them."""
    return ("<details class='answer'><summary>What happened, and why</summary>"
            f"{kept or find_prediction(prediction_id).revealed()}</details>")


def cards_html(lessons: list[int], named: Mapping[str, Any]) -> str:
    """The cards that a new learner is asked, each with its back folded away."""
    cards = islice(due(cards_of(*lessons), {}, 0.0), named.get("count", CARDS))
    folded = "".join(f"<details><summary>{_inline(card.front)}</summary><p>{_inline(card.back)}</p></details>"
                     for card in cards)
    return f"<div class='cards'>{folded}</div>"


def _inline(text: str) -> str:
    """Plain text with `code` in it, without a paragraph around it."""
    return rich(text).removeprefix("<p style='margin:4px 0'>").removesuffix("</p>")
