"""The glossary and the lessons speak of the same words: each is explained where it first comes up, and is listed there."""

import re

import pytest
from lesson_run import LESSONS as FOLDER
from lesson_run import LessonBook

from failover_kit.course.syllabus import LESSONS, lesson

TEXT = (FOLDER / "GLOSSARY.md").read_text(encoding="utf-8")
ENTRY = re.compile(r"^\*\*(?P<terms>[^*]+)\*\*: (?P<meaning>.+) \(\[lesson (?P<number>\d)\]\((?P<file>[^)]+)\)\)$")
ENTRIES = [ENTRY.match(line) for line in TEXT.splitlines() if line.startswith("**")]


def test_every_line_is_an_entry_with_its_lesson():
    assert len(ENTRIES) > 100
    for entry in ENTRIES:
        assert entry["file"] == f"{lesson(int(entry['number'])).notebook}.ipynb"
        assert entry["meaning"][0] == entry["meaning"][0].upper()
        assert entry["meaning"].endswith(".")


def test_no_word_has_two_entries_and_they_are_in_order():
    terms = [entry["terms"] for entry in ENTRIES]
    single = [term for entry in ENTRIES for term in entry["terms"].split(", ")]
    assert len({*single}) == len(single)
    assert terms == sorted(terms, key=lambda term: (term.lower(), term))


@pytest.mark.parametrize("number", [entry.number for entry in LESSONS])
def test_the_new_words_of_a_lesson_are_its_entries(number):
    book = LessonBook(number)
    listed = re.search(r"New words: (.*?)\. They are in the \[glossary\]\(GLOSSARY\.md\)", " ".join(book.prose.split()))[1]
    words = re.findall(r"\*([^*]+)\*", listed)
    assert len({*words}) == len(words)
    assert {*words} == {entry["terms"] for entry in ENTRIES if entry["number"] == str(number)}


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["terms"])
def test_a_word_is_used_in_its_lesson_before_the_list(entry):
    book = LESSON_TEXTS[int(entry["number"])]
    for term in entry["terms"].split(", "):
        assert re.search(rf"(?<![\w-]){re.escape(term)}(s|es)?(?![\w-])", book, re.IGNORECASE), term


def told(number):
    """A lesson's text for learners, up to its list of new words."""
    book = LessonBook(number)
    return "\n".join(text for name, text in book.text.items() if not name.startswith("notes-")).partition("New words:")[0]


LESSON_TEXTS = {entry.number: told(entry.number) for entry in LESSONS}
