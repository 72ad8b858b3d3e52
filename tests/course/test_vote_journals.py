"""classvote/journals.py: votes out of learners' progress files, which stay as they are."""

import json
import os
import time

import pytest

from failover_kit.course.classvote.journals import JournalVotes
from failover_kit.course.predictions import find_prediction
from failover_kit.course.progress import Journal
from failover_kit.errors import CourseError

QUESTION = find_prediction("6.instant")
KEYS = [*QUESTION.choices]
HOME = ".local/share/failover-kit"          # platformdirs' place on Linux


def commit(folder, *choices, question="6.instant", confidence=60):
    """A journal in which these answers were committed, one after the other."""
    journal = Journal(folder)
    for number, choice in enumerate(choices):
        journal.append("predicted", 1000.0 + number, question=question, choice=choice, confidence=confidence, correct=False,
                       learner=str(folder))
    return journal


def counts(tally):
    return [{key: count for key, count in entry.counts.items() if count} for entry in tally.rounds]


def test_first_and_latest_answers_are_the_first_and_second_vote(tmp_path):
    for name, choices in {"ann": KEYS[:1], "bob": [KEYS[0], KEYS[1], KEYS[2]], "cy": [KEYS[1], KEYS[1]]}.items():
        commit(tmp_path / name / HOME, *choices).append("checked", 2000.0, task="6.1", verdict="passed")
    commit(tmp_path / "dee" / HOME, "whatever", question="6.tenth")
    (tmp_path / "eve").mkdir()
    tally = JournalVotes(QUESTION, [tmp_path]).tally()
    assert counts(tally) == [{KEYS[0]: 2, KEYS[1]: 1}, {KEYS[2]: 1, KEYS[1]: 1}]
    assert tally.rounds[0].confidence == 60
    assert tally.can_go_on is None
    assert tally.notes == ()


def test_a_journal_in_two_places_counts_once_and_the_longer_one_is_read(tmp_path):
    journal = commit(tmp_path / "home" / "ann", KEYS[0])
    (tmp_path / "submitted" / "ann").mkdir(parents=True)
    journal.export(tmp_path / "submitted" / "ann" / "progress.json")
    journal.append("predicted", 3000.0, question="6.instant", choice=KEYS[1], confidence=80, correct=False)
    tally = JournalVotes(QUESTION, [tmp_path / "submitted", tmp_path / "home"]).tally()
    assert counts(tally) == [{KEYS[0]: 1}, {KEYS[1]: 1}]


def test_an_exported_journal_alone_is_read(tmp_path):
    commit(tmp_path / "elsewhere", KEYS[2]).export(tmp_path / "progress.json")
    (tmp_path / "elsewhere" / "progress.jsonl").unlink()
    assert counts(JournalVotes(QUESTION, [tmp_path]).tally()) == [{KEYS[2]: 1}, {}]


def test_a_later_look_sees_new_answers_and_new_learners(tmp_path):
    now = [0.0]
    votes = JournalVotes(QUESTION, [tmp_path], clock=lambda: now[0])
    assert counts(votes.tally()) == [{}, {}]
    ann = commit(tmp_path / "ann", KEYS[0])
    assert counts(votes.tally()) == [{KEYS[0]: 1}, {}]
    ann.append("predicted", 3000.0, question="6.instant", choice=KEYS[1], confidence=80, correct=False)
    assert counts(votes.tally()) == [{KEYS[0]: 1}, {KEYS[1]: 1}]


def test_a_slow_search_is_not_repeated_at_each_look(tmp_path):
    now = [0.0]

    def slow_clock():
        now[0] += 1.0            # each look at the clock costs a second
        return now[0]
    votes = JournalVotes(QUESTION, [tmp_path], clock=slow_clock)
    votes.tally()
    commit(tmp_path / "ann", KEYS[0])
    assert counts(votes.tally()) == [{}, {}]
    now[0] += 60
    assert counts(votes.tally()) == [{KEYS[0]: 1}, {}]


@pytest.mark.parametrize("damage", [
    "", "not a journal\n", "[]", "{}", '{"events": 3}', '{"events": [3]}', "[" * 100_000, "\x00\xff"],
    ids=["empty", "text", "a list", "an object", "no list", "no events", "deep", "bytes"])
def test_what_is_no_journal_counts_for_nothing(tmp_path, damage):
    commit(tmp_path / "ann", KEYS[0])
    for name in ("progress.jsonl", "progress.json"):
        (tmp_path / "bob").mkdir(exist_ok=True)
        (tmp_path / "bob" / name).write_text(damage, encoding="latin-1")
    assert counts(JournalVotes(QUESTION, [tmp_path]).tally()) == [{KEYS[0]: 1}, {}]


def test_what_was_tampered_with_counts_up_to_there(tmp_path):
    commit(tmp_path / "ann", KEYS[0], KEYS[1])
    file = tmp_path / "ann" / "progress.jsonl"
    first, second = file.read_text().splitlines(keepends=True)
    file.write_text(first + second.replace(KEYS[1], KEYS[2]))
    assert counts(JournalVotes(QUESTION, [tmp_path]).tally()) == [{KEYS[0]: 1}, {}]


@pytest.mark.parametrize("odd", [{"choice": ["x"]}, {"choice": "nowhere"}, {"confidence": 101}, {"confidence": "80"},
                                 {"question": 6}], ids=str)
def test_odd_answers_do_not_count(tmp_path, odd):
    usual = {"question": "6.instant", "choice": KEYS[0], "confidence": 60}
    Journal(tmp_path / "ann").append("predicted", 1.0, **{**usual, **odd})
    assert counts(JournalVotes(QUESTION, [tmp_path]).tally()) == [{}, {}]


def test_nothing_is_written(tmp_path):
    commit(tmp_path / "ann", KEYS[0])
    (tmp_path / "ann" / "progress.jsonl").write_text("damaged")
    before = {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in tmp_path.rglob("*") if path.is_file()}
    JournalVotes(QUESTION, [tmp_path]).tally()
    assert {path: (path.stat().st_mtime_ns, path.read_bytes()) for path in tmp_path.rglob("*") if path.is_file()} == before


def test_what_cannot_be_read_is_said(tmp_path):
    commit(tmp_path / "ann", KEYS[0])
    (tmp_path / "bob").mkdir()
    (tmp_path / "bob" / "progress.jsonl").symlink_to(tmp_path / "nowhere")
    tally = JournalVotes(QUESTION, [tmp_path]).tally()
    assert counts(tally) == [{KEYS[0]: 1}, {}]
    assert tally.notes == (f"1 places could not be read, such as {tmp_path / 'bob' / 'progress.jsonl'}.",)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_of_that_name_does_not_hold_up_the_count(tmp_path):
    os.mkfifo(tmp_path / "progress.jsonl")
    began = time.monotonic()
    assert counts(JournalVotes(QUESTION, [tmp_path]).tally()) == [{}, {}]
    assert time.monotonic() - began < 5


def test_installed_packages_are_passed_by(tmp_path):
    commit(tmp_path / "ann" / "venv" / "site-packages", KEYS[0])
    assert counts(JournalVotes(QUESTION, [tmp_path]).tally()) == [{}, {}]


def test_a_folder_that_is_not_there_is_named(tmp_path):
    with pytest.raises(CourseError, match=r"no folder .*nowhere"):
        JournalVotes(QUESTION, [tmp_path, tmp_path / "nowhere"])


def test_the_events_are_those_that_the_prediction_box_writes(tmp_path, monkeypatch):
    from failover_kit.course import predict
    from failover_kit.course.progress import journal

    box = predict("6.instant")
    box.commit(KEYS[1], confidence=90)
    box.commit(KEYS[0], confidence=30)
    tally = JournalVotes(QUESTION, [journal().folder]).tally()
    assert counts(tally) == [{KEYS[1]: 1}, {KEYS[0]: 1}]
    assert json.dumps(tally.as_dict())
