"""What a learner reads: text and HTML of a verdict."""

import pytest

from failover_kit.course.markup import Note, rich
from failover_kit.course.verdicts import Feedback, Verdict, not_attempted, not_quite, passed
from failover_kit.errors import CourseError


def test_there_are_five_verdicts():
    assert [verdict.value for verdict in Verdict] == [
        "passed", "not quite", "not attempted", "your code raised", "ran too long"]


def test_a_named_misconception_brings_its_belief_and_its_next_question():
    feedback = not_quite("The reply is not new.", "change-is-immediate")
    assert feedback.verdict is Verdict.NOT_QUITE
    assert feedback.misconception == "change-is-immediate"
    assert "The reply is not new. You may be thinking: After the record has changed" in feedback.message
    assert feedback.question.endswith("throw that answer away?")


def test_the_question_can_be_replaced():
    assert not_quite("No.", "change-is-immediate", ask="Why?").question == "Why?"


def test_a_misconception_must_be_in_the_registry():
    with pytest.raises(CourseError):
        not_quite("No.", "no-such-belief")


def test_the_text_holds_everything_but_the_reference():
    text = repr(Feedback(Verdict.RAISED, "It stopped.", question="Why?", quote="line 2: 1 / 0", printed="a\nb",
                         task="1.2", reference="secret = 1"))
    assert text == "Task 1.2: your code raised. It stopped.\n    line 2: 1 / 0\nWhy?\nYour code printed:\n    a\n    b"


@pytest.mark.parametrize("feedback", [
    passed("Yes."), not_quite("No."), not_attempted(), Feedback(Verdict.RAISED, "It stopped."),
    Feedback(Verdict.RAN_TOO_LONG, "Still running.")], ids=lambda feedback: feedback.verdict.value)
def test_the_html_says_the_verdict_in_words(feedback):
    assert feedback.verdict.value in feedback._repr_html_()


def test_what_comes_from_the_learner_cannot_become_html():
    bad = "<script>alert(1)</script>"
    shown = Feedback(Verdict.RAISED, bad, question=bad, quote=bad, printed=bad, reference=bad)._repr_html_()
    assert "<script>" not in shown
    assert shown.count("&lt;script&gt;") == 5


def test_a_pass_folds_one_solution_away():
    assert "<details><summary>One solution</summary>" in Feedback(
        Verdict.PASSED, "", reference="x = 1")._repr_html_()
    assert "<details>" not in not_quite("No.")._repr_html_()


def test_backticks_mark_code_and_an_empty_line_a_paragraph():
    assert rich("Use `a < b`.\n\nNow.") == (
        "<p style='margin:4px 0'>Use <code>a &lt; b</code>.</p><p style='margin:4px 0'>Now.</p>")


def test_a_note_shows_its_title_text_and_code():
    note = Note("Hint 1 of 3", "Look again.", "x = 1")
    assert repr(note) == "Hint 1 of 3:\nLook again.\nx = 1"
    assert "<code>x = 1</code>" in note._repr_html_()
