"""The question on the page: commit first, explanation afterwards; and nothing of it changes an unattended run."""

import pytest

from failover_kit.course import explain, predict
from failover_kit.course.prediction_box import SHUT
from failover_kit.course.progress import journal
from failover_kit.errors import CourseError

ID = "1.change-seen"
RUN = {"address": "192.0.2.10", "which": "old", "ttl": 38}


def press_commit(box, choice=None, confidence=None):
    """What the browser sends when a learner chooses and presses the button."""
    state = {"choice": choice, "confidence": confidence, "committed": not box.committed}
    box._handle_msg({"content": {"data": {"method": "update", "buffer_paths": [], "state": {
        name: value for name, value in state.items() if value is not None}}}})


def test_the_explanation_is_shut_until_an_answer_is_committed():
    box, explanation = predict(ID), explain(ID, **RUN)
    assert not explanation.is_open
    press_commit(box, "new", 80)
    assert explanation.is_open
    assert "192.0.2.10" in explanation.html
    assert "80 % sure" in explanation.html


def test_an_explanation_shown_after_the_commitment_is_open_at_once():
    press_commit(predict(ID), "old", 60)
    assert explain(ID, **RUN).is_open


def test_thinking_again_shuts_it_and_a_second_answer_is_explained_in_its_turn():
    box, explanation = predict(ID), explain(ID, **RUN)
    press_commit(box, "new", 80)
    press_commit(box)
    assert not explanation.is_open
    press_commit(box, "old", 40)
    assert "40 % sure" in explanation.html


@pytest.mark.parametrize("choice", [None, "", "nonsense"])
def test_nothing_is_committed_without_a_choice(choice):
    box, explanation = predict(ID), explain(ID, **RUN)
    press_commit(box, choice)
    assert (box.committed, box.commitment, explanation.is_open) == (False, None, False)
    assert journal().events() == ()


def test_a_commitment_is_written_down_with_its_confidence():
    press_commit(predict(ID), "old", 90)
    event = journal().events()[0]
    assert (event.kind, dict(event.data)) == (
        "predicted", {"question": ID, "choice": "old", "confidence": 90, "correct": True})


def test_an_answer_of_an_earlier_session_is_still_there():
    press_commit(predict(ID), "new", 70)
    box = predict(ID)
    assert (box.choice, box.confidence, box.committed) == ("new", 70, True)
    assert explain(ID, **RUN).is_open
    assert len(journal().events()) == 1


def test_an_explanation_without_its_question_on_the_page_asks_the_journal(monkeypatch):
    from failover_kit.course import prediction_box
    press_commit(predict(ID), "new", 70)
    prediction_box._boxes.clear()
    assert explain(ID, **RUN).is_open


def test_a_question_run_again_still_opens_the_explanation_that_is_on_the_page():
    predict(ID)
    explanation = explain(ID, **RUN)
    press_commit(predict(ID), "old", 60)
    assert explanation.is_open


def test_values_given_as_functions_are_read_when_the_explanation_opens():
    run = dict(RUN)
    box, explanation = predict(ID), explain(ID, **{**RUN, "address": lambda: run["address"]})
    run["address"] = "203.0.113.9"
    press_commit(box, "old", 50)
    assert "203.0.113.9" in explanation.html


def test_a_run_that_has_not_happened_yet_is_said_and_not_raised():
    box, explanation = predict(ID), explain(ID, address=lambda: [][0], which="old", ttl=1)
    press_commit(box, "old", 50)
    assert "Run the experiment above" in explanation.html
    assert "IndexError" in explanation.html


def test_code_can_commit_as_the_button_does():
    box = predict(ID)
    box.commit("new", confidence=90)
    assert box.commitment.confidence == 90
    box.commit("old")
    assert box.commitment.choice == "old"
    with pytest.raises(CourseError, match="It has new, old, none"):
        box.commit("nonsense")


def test_an_unattended_run_shows_the_same_whatever_was_committed():
    def texts():
        return [widget._repr_mimebundle_()["text/plain"] for widget in (predict(ID), explain(ID, **RUN))]
    before = texts()
    press_commit(predict(ID), "new", 80)
    assert texts() == before
    assert before[1] == SHUT
    assert before[0].splitlines()[1] == "( ) The new address, because the zone has changed."


def test_an_unattended_run_spoils_nothing():
    shown = str(explain(ID, **RUN)._repr_mimebundle_()["text/plain"])
    assert "192.0.2.10" not in shown


@pytest.mark.parametrize(("values", "said"), [
    ({**RUN, "which": "new"}, "this run shows 'new', the question's answer is 'old'"), ])
def test_the_tests_of_the_lessons_can_have_every_run_verified(monkeypatch, values, said):
    monkeypatch.setenv("FAILOVER_KIT_VERIFY", "1")
    explain(ID, **RUN)
    with pytest.raises(CourseError, match=said):
        explain(ID, **values)
    with pytest.raises(KeyError):
        explain(ID, which="old", ttl=3)
