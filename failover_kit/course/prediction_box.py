"""predict() and explain(): commit an answer first, read the explanation afterwards.

    predict("1.change-seen")                    the question, by mouse or keyboard
    ... the experiment ...
    explain("1.change-seen", seconds=run.age)   opens once an answer is committed, and quotes this run

Nothing here decides what is right; predictions.py does.
"""

from __future__ import annotations

import os
import time
from collections.abc import Mapping
from typing import Any

import traitlets

from failover_kit.errors import CourseError
from failover_kit.widgets.base import KitWidget
from failover_kit.widgets.frozen import for_reading

from .classvote.joining import tell_class
from .html_panel import HtmlPanel
from .markup import panel, rich
from .predictions import Prediction, find_prediction
from .progress import journal
from .standing import Commitment, standing

VERIFY_VARIABLE = "FAILOVER_KIT_VERIFY"   # set by the tests of the lessons
COMMITTED = "Committed. Now run the experiment, then read the explanation below it."
SHUT = "The explanation opens when you have committed an answer above."

# What is on the page for each question; the newest one counts, since a cell may be run again.
_boxes: dict[str, PredictionBox] = {}
_explanations: dict[str, ExplanationBox] = {}


class PredictionBox(KitWidget, front="prediction_box"):
    """The question on the page. `commitment` is None until the learner has committed an answer."""

    question = traitlets.Unicode().tag(sync=True)
    choices = traitlets.List().tag(sync=True)          # [[key, text], ...]
    choice = traitlets.Unicode("").tag(sync=True)      # key, or "" while nothing is chosen
    confidence = traitlets.Int(50).tag(sync=True)      # per cent
    committed = traitlets.Bool(False).tag(sync=True)
    status = traitlets.Unicode("Choose an answer, say how sure you are, and commit.").tag(sync=True)
    commitment = traitlets.Instance(Commitment, allow_none=True)

    def __init__(self, prediction: Prediction, earlier: Commitment | None = None):
        self.prediction = prediction
        super().__init__(question=prediction.question,
                         choices=[[key, choice] for key, choice in prediction.choices.items()])
        if earlier is not None:
            self.choice, self.confidence, self.committed = earlier.choice, earlier.confidence, True
            self.commitment = earlier
            self.status = "You committed this answer before."
        self.observe(self._on_committed, "committed")
        self.observe(self._on_commitment, "commitment")

    def in_words(self) -> str:
        return "\n".join([self.prediction.question, *(f"( ) {text}" for text in self.prediction.choices.values())])

    def commit(self, choice: str, confidence: int = 50) -> None:
        """Commit an answer from code, as the button does; `confidence` in per cent."""
        if choice not in self.prediction.choices:
            raise CourseError(f"{self.prediction.id} has no choice {choice!r}. "
                              f"It has {', '.join(self.prediction.choices)}.")
        self.committed = False
        self.choice, self.confidence = choice, confidence
        self.committed = True

    def _on_committed(self, _change: Any) -> None:
        if not self.committed:
            self.commitment = None
            self.status = "Choose again, and commit."
        elif self.choice not in self.prediction.choices:
            self.committed = False
        else:
            correct = self.choice == self.prediction.answer
            made = Commitment(self.prediction.id, self.choice, self.confidence, correct)
            journal().append("predicted", time.time(), question=made.question, choice=made.choice,
                             confidence=made.confidence, correct=made.correct)
            self.status = COMMITTED
            self.commitment = made
            tell_class(made, lambda news: self._say(made, news))

    def _say(self, made: Commitment, news: str) -> None:
        """What became of an answer that was sent to a class; it comes from another thread."""
        def add() -> None:
            if self.commitment is made:
                self.status = f"{COMMITTED} {news}"
        if self._loop is None or self._loop.is_closed():
            add()
        else:
            self._loop.call_soon_threadsafe(add)

    def _on_commitment(self, _change: Any) -> None:
        explanation = _explanations.get(self.prediction.id)
        if explanation is not None:
            explanation.show(self.commitment)


class ExplanationBox(HtmlPanel):
    """The explanation on the page: shut until its question has a commitment, then open, with this run's values."""

    def __init__(self, prediction: Prediction, values: Mapping[str, Any]):
        self.prediction, self.values = prediction, values
        super().__init__(panel("Explanation", rich(SHUT), "unknown"), SHUT)

    @property
    def is_open(self) -> bool:
        return SHUT not in self.html

    def still(self) -> dict[str, object]:
        """Shut in a saved notebook; in pages to read, the answer with this run's values."""
        return {"text/html": self.prediction.revealed(run_values(self.values))} if for_reading() else {}

    def show(self, commitment: Commitment | None) -> None:
        """Open for this commitment; shut for None."""
        if commitment is None:
            self.html = panel("Explanation", rich(SHUT), "unknown")
            return
        try:
            self.html = self.prediction.explanation(commitment, run_values(self.values))
        except Exception as fault:   # runs in a widget's callback, where nobody would see it
            self.html = panel("Explanation", rich(
                "Your run has nothing to show yet. Run the experiment above, then this cell again. "
                f"({type(fault).__name__}: {fault})"), "fault")


def run_values(values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a run; those given as functions are called now."""
    return {name: value() if callable(value) else value for name, value in values.items()}


def predict(prediction_id: str) -> PredictionBox:
    """Show a question. What was committed to it before, in this session or an earlier one, is still there."""
    prediction = find_prediction(prediction_id)
    earlier = standing(journal().events()).predictions.get(prediction_id)
    box = _boxes[prediction_id] = PredictionBox(prediction, earlier)
    return box


def explain(prediction_id: str, /, **values: Any) -> ExplanationBox:
    """Show what the learner's own run says about a question, once an answer is committed.

    Args:
        prediction_id: the question's id.
        values: what the run showed, by the names that the question's text uses. A function is called when the
            explanation opens, so that it sees a run that goes on after this cell.
    """
    prediction = find_prediction(prediction_id)
    if os.environ.get(VERIFY_VARIABLE):
        _verify(prediction, run_values(values))
    explanation = _explanations[prediction_id] = ExplanationBox(prediction, values)
    box = _boxes.get(prediction_id)
    explanation.show(box.commitment if box else standing(journal().events()).predictions.get(prediction_id))
    return explanation


def _verify(prediction: Prediction, values: Mapping[str, Any]) -> None:
    prediction.shown.format(**values)
    shows = prediction.run_shows(values)
    if shows != prediction.answer:
        raise CourseError(f"{prediction.id}: this run shows {shows!r}, the question's answer is "
                          f"{prediction.answer!r}. The values were {dict(values)!r}.")
