"""The cards on a notebook page."""

import pytest

from failover_kit.course import flashcards, recall
from failover_kit.course.card_box import RecallBox
from failover_kit.course.flashcards import Card
from failover_kit.course.progress import journal

CARDS = [Card(f"1.{name}", f"front {name}", f"back {name}", "RFC") for name in "ab"]


@pytest.fixture
def box():
    remembered = []
    made = RecallBox("text", CARDS, lambda: "That is all.", lambda card, knew: remembered.append((card.id, knew)))
    made.remembered = remembered
    return made


def press(box, event):
    """What a press of a button in the browser sends."""
    box._handle_msg({"content": {"data": {"method": "custom", "content": {"event": event}}}})


def test_a_card_is_asked_turned_and_put_away(box):
    assert (box.count, box.front, box.back, box.stage) == ("Card 1 of 2", "front a", "", "asking")
    press(box, "turn")
    assert (box.back, box.stage) == ("back a", "shown")
    press(box, "knew")
    assert (box.count, box.front, box.back, box.stage) == ("Card 2 of 2", "front b", "", "asking")
    press(box, "turn")
    press(box, "forgot")
    assert (box.count, box.front, box.stage) == ("You knew 1 of 2.", "That is all.", "done")
    assert box.remembered == [("1.a", True), ("1.b", False)]


@pytest.mark.parametrize("event", ["knew", "forgot", "nonsense", ""])
def test_a_press_at_the_wrong_stage_does_nothing(box, event):
    press(box, event)
    assert (box.stage, box.remembered) == ("asking", [])


def test_a_second_turn_and_a_press_after_the_end_do_nothing(box):
    for event in ("turn", "turn", "knew", "turn", "knew", "turn", "knew"):
        press(box, event)
    assert box.stage == "done"
    assert len(box.remembered) == 2


def test_recall_asks_new_cards_of_the_named_lessons_and_writes_them_down():
    box = recall(1, 2, count=3)
    first = flashcards.cards_of(1)[0]
    assert (box.front, box.count) == (first.front, "Card 1 of 3")
    for event in ("turn", "knew"):
        press(box, event)
    data = journal().events()[-1].data
    assert dict(data) == {"card": first.id, "remembered": True}
    assert recall(1).front != first.front


def test_at_the_end_it_says_what_is_left_and_when_to_come_back():
    box = recall(1, count=1)
    for event in ("turn", "knew"):
        press(box, event)
    assert box.front == f"{len(flashcards.cards_of(1)) - 1} more due: run this cell again whenever you like."
    box = recall(1, count=100)
    while box.stage != "done":
        for event in ("turn", "knew"):
            press(box, event)
    assert box.front == "Nothing more is due now. Come back in about 1 day."


def test_the_page_keeps_the_same_text_whatever_was_recalled():
    before = recall(1, 2)._repr_mimebundle_()["text/plain"]
    box = recall(1)
    press(box, "turn")
    press(box, "knew")
    assert recall(1, 2)._repr_mimebundle_()["text/plain"] == before == (
        "Cards to recall, from lessons 1, 2: run this notebook in Jupyter to turn them over.")
