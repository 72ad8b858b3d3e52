"""Confidence against correctness."""

import pytest

from failover_kit.course import calibration, predict
from failover_kit.course.reliability import Group, brier_score, calibration_figure, table
from failover_kit.course.standing import Commitment


def committed(*pairs):
    return [Commitment(f"1.q{number}", "a", confidence, correct) for number, (confidence, correct) in enumerate(pairs)]


def test_predictions_of_similar_confidence_are_grouped():
    assert table(committed((50, True), (60, False), (100, True), (90, True))) == (
        Group(2, 55.0, 50.0), Group(2, 95.0, 100.0))


@pytest.mark.parametrize("confidence", range(0, 101, 10))
def test_every_confidence_has_its_group(confidence):
    assert table(committed((confidence, True))) == (Group(1, float(confidence), 100.0),)


@pytest.mark.parametrize(("pairs", "score"), [
    ([(100, True)], 0.0), ([(100, False)], 1.0), ([(50, True), (50, False)], 0.25),
    ([(70, True), (80, False)], (0.3 ** 2 + 0.8 ** 2) / 2),
], ids=["sure and right", "sure and wrong", "undecided", "mixed"])
def test_the_brier_score(pairs, score):
    assert brier_score(committed(*pairs)) == pytest.approx(score)


def test_without_predictions_there_is_no_score_and_the_figure_says_so():
    assert brier_score([]) is None
    assert calibration_figure([]).layout.title.text == "No predictions committed yet"


def test_the_figure_shows_each_group_against_the_line():
    figure = calibration_figure(committed((50, True), (60, False), (90, True)))
    line, points = figure.data
    assert (list(line.x), list(line.y)) == ([0, 100], [0, 100])
    assert (list(points.x), list(points.y), list(points.text)) == ([55, 90], [50, 100], ["n = 2", "n = 1"])
    assert figure.layout.title.text == "3 predictions, Brier score 0.21 (0 is best)"


def test_the_learners_own_figure_comes_from_the_journal():
    assert repr(calibration()) == "Chart: No predictions committed yet."
    predict("1.change-seen").commit("old", confidence=90)
    assert repr(calibration()) == (
        "Chart: 1 prediction, Brier score 0.01 (0 is best). 1 made at about 90 %: 100 % right.")
