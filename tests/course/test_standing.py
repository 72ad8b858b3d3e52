"""The journal's events, added up."""

from failover_kit.course import catalogue
from failover_kit.course.progress import Journal
from failover_kit.course.standing import Commitment, Recalled, Standing, standing


def stand(*events):
    book = Journal(None)
    for at, (kind, data) in enumerate(events):
        book.append(kind, float(at), **data)
    return standing(book.events())


def test_nothing_done_yet():
    assert stand() == Standing(attempts={}, hints={}, misconceptions={})


def test_attempts_passes_and_misconceptions_are_counted():
    where = stand(("checked", {"task": "1.1", "verdict": "not quite", "misconception": "change-is-immediate"}),
                  ("checked", {"task": "1.1", "verdict": "passed", "misconception": None}),
                  ("checked", {"task": "1.2", "verdict": "your code raised", "misconception": None}),
                  ("hinted", {"task": "1.1"}), ("hinted", {"task": "1.1"}))
    assert where.passed == {"1.1"}
    assert where.attempts == {"1.1": 2, "1.2": 1}
    assert where.hints == {"1.1": 2}
    assert where.misconceptions == {"change-is-immediate": 1}


def test_a_later_failure_does_not_take_a_pass_back():
    where = stand(("checked", {"task": "1.1", "verdict": "passed"}),
                  ("checked", {"task": "1.1", "verdict": "not quite"}))
    assert where.passed == {"1.1"}


def test_the_first_commitment_to_a_question_counts():
    first = {"question": "1.change-seen", "choice": "new", "confidence": 90, "correct": False}
    where = stand(("predicted", first), ("predicted", {**first, "choice": "old", "correct": True}))
    assert where.predictions == {"1.change-seen": Commitment("1.change-seen", "new", 90, False)}


def test_every_recall_is_kept_with_its_time():
    where = stand(("recalled", {"card": "1.ttl", "remembered": True}),
                  ("recalled", {"card": "1.ttl", "remembered": False}))
    assert where.recalls == (Recalled("1.ttl", True, 0.0), Recalled("1.ttl", False, 1.0))


def test_events_of_a_later_version_are_passed_over():
    assert stand(("dreamt", {"of": "sheep"})).attempts == {}


def test_done_counts_questions_and_tasks_of_one_lesson():
    everything = len(catalogue.contents("questions", 1)) + len(catalogue.contents("exercises", 1))
    where = stand(("checked", {"task": "1.1", "verdict": "passed"}),
                  ("predicted", {"question": "1.change-seen", "choice": "old", "confidence": 50, "correct": True}),
                  ("checked", {"task": "9.9", "verdict": "passed"}))
    assert where.done(1) == (2, everything)
