"""Every wrong belief in the registry is refuted, sourced, and recognised by name from the answers it leads to."""

from collections import Counter

import pytest

from failover_kit import health
from failover_kit.course import syllabus
from failover_kit.course.misconceptions import (
    CONCEPTS,
    MISCONCEPTIONS,
    about,
    concept,
    diagnose,
    misconception,
    recognise,
    same,
)
from failover_kit.errors import CourseError

by_name = pytest.mark.parametrize("belief", MISCONCEPTIONS.values(), ids=lambda belief: belief.name)


def test_there_are_at_least_thirty_and_every_lesson_has_some():
    assert len(MISCONCEPTIONS) >= 30
    per_lesson = Counter(belief.lesson for belief in MISCONCEPTIONS.values())
    assert set(per_lesson) == {lesson.number for lesson in syllabus.LESSONS}
    assert min(per_lesson.values()) >= 4


def test_no_name_is_used_twice():
    from failover_kit.course.misconceptions import _PARTS
    names = Counter(entry.name for part in _PARTS for entry in (*part.CONCEPTS, *part.MISCONCEPTIONS))
    assert [name for name, uses in names.items() if uses > 1] == []


@by_name
def test_it_says_what_is_believed_what_is_so_and_where_that_is_written(belief):
    assert belief.belief.endswith(".")
    assert belief.refutation.endswith(".")
    assert belief.question.endswith("?")
    assert belief.source
    assert belief.concept in CONCEPTS


@by_name
def test_one_wrong_answer_is_recognised_by_name(belief):
    cases = concept(belief.concept).cases
    named = [found.name for inputs in cases
             if (found := recognise(belief.concept, belief.believed(**inputs), **inputs)) is not None]
    assert belief.name in named


@by_name
def test_the_wrong_program_is_recognised_by_name(belief):
    assert diagnose(belief.concept, belief.believed).name == belief.name


@pytest.mark.parametrize("name", CONCEPTS)
def test_the_right_rule_is_never_taken_for_a_misconception(name):
    entry = concept(name)
    assert diagnose(name, entry.right) is None
    assert all(recognise(name, entry.right(**inputs), **inputs) is None for inputs in entry.cases)
    assert about(name), "a concept that nobody gets wrong is not needed"


def test_a_program_that_is_wrong_in_no_known_way_is_left_unnamed():
    assert diagnose("status-code", lambda code: code != 200) is None
    assert recognise("worst-downtime", 1234567, detection=85, ttl=60) is None


def test_a_program_may_be_right_on_some_cases_and_wrong_by_one_belief_on_others():
    # answers 3xx wrongly, and knows by accident that 404 fails
    assert diagnose("status-code", lambda code: code in (200, 204)).name == "redirect-fails"


@pytest.mark.parametrize("look_up", [misconception, concept])
def test_an_unknown_name_is_an_error_that_says_where_to_look(look_up):
    with pytest.raises(CourseError, match=r"no-such-name.*lists those there are"):
        look_up("no-such-name")


@pytest.mark.parametrize(("one", "other", "equal"), [
    (1 / 3, 0.3333333333, True), (60, 60.0, True), (60, 61, False), (True, 1, False), ("old", "old", True),
    ((1, 2), [1, 2], False), (None, "no answer", False),
])
def test_answers_are_compared_as_a_reader_would(one, other, equal):
    assert same(one, other) is equal


# ---- the right rules, against the rest of the kit and the documentation -------------------------------------------

@pytest.mark.parametrize(("checkers", "needed"), [(3, 1), (6, 2), (8, 2), (11, 2), (12, 3), (14, 3), (16, 3), (32, 6)])
def test_checkers_that_must_agree_as_in_A13(checkers, needed):
    right = concept("checkers-agree").right
    assert right(needed, checkers)
    assert not right(needed - 1, checkers)
    for passing in range(checkers + 1):
        views = [health.Status.HEALTHY] * passing + [health.Status.UNHEALTHY] * (checkers - passing)
        assert right(passing, checkers) == (health.aggregate(views) is health.Status.HEALTHY)


@pytest.mark.parametrize(("weights", "healthy", "shares"), [
    ((10, 20, 20), (True, True, False), (1 / 3, 2 / 3, 0)),     # H4
    ((100, 0), (False, True), (0, 1)),                          # H5
    ((100, 0), (False, False), (1, 0)),                         # H6
    ((0, 0, 0), (True, True, False), (1 / 2, 1 / 2, 0)),        # H7
], ids=["H4", "H5", "H6", "H7"])
def test_weighted_shares_as_in_the_test_vectors(weights, healthy, shares):
    right = concept("weighted-share").right
    assert [right(weights, healthy, i) for i in range(len(weights))] == pytest.approx(shares)


@pytest.mark.parametrize(("primary", "secondary", "answers"), [
    ("healthy", "healthy", "primary"), ("healthy", "unhealthy", "primary"),
    ("unhealthy", "healthy", "secondary"), ("unhealthy", "unhealthy", "primary"),   # B25
    ("unhealthy", "unchecked", "secondary"),                                        # B26
    ("unchecked", "healthy", "primary"),                                            # B27
])
def test_failover_pair_as_in_B25_to_B27(primary, secondary, answers):
    assert concept("failover-pair").right(primary, secondary, primary_server_up=False) == answers


@pytest.mark.parametrize(("object_there", "reachable", "answers"), [
    (False, True, "primary"), (True, True, "secondary"), (True, False, "primary")])
def test_standby_takes_over_as_in_H29(object_there, reachable, answers):
    assert concept("standby-takes-over").right(object_there, reachable) == answers


@pytest.mark.parametrize(("disabled", "inverted", "healthy"), [(True, False, True), (True, True, False)])
def test_disabled_checks_as_in_H19(disabled, inverted, healthy):
    assert concept("switched-check").right(disabled, inverted, endpoint_healthy=False) is healthy
