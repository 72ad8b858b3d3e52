"""The glossary's terms, and where the lessons use them.

    GLOSSARY.md  ->  read_glossary  ->  Term, ...;   a sentence  ->  Finder.find  ->  the terms in it
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from failover_kit.errors import CourseError, Problem

_ENTRY = re.compile(r"\*\*(?P<name>.+?)\*\*: (?P<meaning>.+?) \(\[lesson (?P<lesson>\d+)\]\([^)]*\)\)$")


@dataclass(frozen=True)
class Term:
    """One entry: "primary, secondary" is one entry with two words."""

    name: str
    meaning: str     # Markdown
    lesson: int      # where it first comes up
    anchor: str      # its id on the glossary's page

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(self.name.split(", "))


def read_glossary(text: str) -> tuple[Term, ...]:
    """The entries in the glossary's order. Raises CourseError with every line that should be one and cannot be read."""
    terms: list[Term] = []
    faults: list[Problem] = []
    anchors: set[str] = set()
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.startswith("**"):
            continue
        if entry := _ENTRY.match(line.rstrip()):
            anchor = free_anchor(entry["name"], anchors)
            terms.append(Term(entry["name"], entry["meaning"], int(entry["lesson"]), anchor))
        else:
            faults.append(Problem(f"GLOSSARY.md, line {number}", f"{line[:40]!r} is no entry",
                                  "Entries look like: **term**: what it is. ([lesson 1](01_name.ipynb))"))
    if faults or not terms:
        raise CourseError("\n".join(str(fault) for fault in faults) or "GLOSSARY.md holds no term.")
    return tuple(terms)


def free_anchor(text: str, taken: set[str]) -> str:
    """An id made of the words of `text` that is not taken yet; it is added to `taken`."""
    base = re.sub(r"\W+", "-", text.lower()).strip("-") or "section"
    anchor, number = base, 1
    while anchor in taken:
        number += 1
        anchor = f"{base}-{number}"
    taken.add(anchor)
    return anchor


class Finder:
    """Finds terms in plain text. Where two fit, the longer one counts: "record set" is no mention of "record".

    A word with a capital letter is found in that spelling only, any other one also at the start of a sentence.
    """

    def __init__(self, terms: Iterable[Term]):
        self._of: dict[str, list[Term]] = {}
        for term in terms:
            for word in term.words:
                self._of.setdefault(word, []).append(term)
        spelled = [_spelled(word) for word in sorted(self._of, key=lambda word: (-len(word), word))]
        self._pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(spelled)})(?![\w-])")

    def find(self, text: str) -> Iterator[Term]:
        """Every mention, in order."""
        for mention in self._pattern.finditer(" ".join(text.split())):
            yield from self.called(mention[0])

    def called(self, text: str) -> tuple[Term, ...]:
        """The terms that `text` as a whole is a name of, or the plural of one; none for anything else."""
        text = " ".join(text.split())
        for ending in ("", "s", "es"):
            stem = text.removesuffix(ending)
            if terms := self._of.get(stem) or self._of.get(stem.lower()):
                return tuple(terms) if len(stem) > 1 or not ending else ()
        return ()


def _spelled(word: str) -> str:
    """A pattern for the word in running text."""
    if len(word) == 1:                       # "A" is a type of record, and an article far more often
        return rf"{re.escape(word)}(?= records?\b)"
    either = "(?i:" if word == word.lower() else "(?:"
    return rf"{either}{re.escape(word)}(?:s|es)?)"
