"""Gathers a class's votes from learners' progress files, without writing to any of them.

    folders  ->  progress.jsonl, progress.json, ...  ->  each learner's first and latest answer  ->  Tally

What a learner committed first is the first vote. If they thought again and committed once more, their latest answer is
the second vote. A journal that lies in two places (a home folder and a submission) counts once.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from failover_kit.errors import CourseError

from ..predictions import Prediction
from ..progress import Event, read_chain
from .ballots import Tally, Vote, counted

NAMES = ("progress.jsonl", "progress.json")      # a learner's own file, and one that they exported
LARGEST = 20_000_000                             # bytes; a learner writes some 100 kB in the whole course
PASSED_BY = {"node_modules", "site-packages", "__pycache__", ".git", ".cache"}
REST = 10                                        # times as long as the last search took, before the next one


class JournalVotes:
    """The votes on a question in all journals below `folders`. Ask `tally` again at any time: what changed is read again."""

    def __init__(self, prediction: Prediction, folders: Sequence[Path], clock: Callable[[], float] = time.monotonic):
        """`clock` gives seconds. Raises CourseError for a folder that is not there."""
        missing = [str(folder) for folder in folders if not folder.is_dir()]
        if missing or not folders:
            raise CourseError(f"There is no folder {', '.join(missing) or 'to look in'}. "
                              "Name the folder that holds the learners' home folders or submissions.")
        self.prediction, self.folders = prediction, tuple(folders)
        self._clock, self._search_again_at = clock, float("-inf")
        self._paths: list[Path] = []
        self._unreadable: set[str] = set()
        self._read: dict[Path, tuple[tuple[int, int], str, list[Vote]]] = {}

    def tally(self) -> Tally:
        """How the vote stands in the files as they are now."""
        if self._clock() >= self._search_again_at:
            self._search()
        answers: dict[str, list[Vote]] = {}
        for path in self._paths:
            learner, votes = self._votes(path)
            if len(votes) > len(answers.get(learner, [])):
                answers[learner] = votes
        first = counted(self.prediction, (votes[0] for votes in answers.values()))
        second = counted(self.prediction, (votes[-1] for votes in answers.values() if len(votes) > 1))
        notes = (f"{len(self._unreadable)} places could not be read, such as {min(self._unreadable)}.",
                 ) if self._unreadable else ()
        return Tally(self.prediction, (first, second), notes=notes)

    def _search(self) -> None:
        began = self._clock()
        self._unreadable.clear()
        self._paths = [path for folder in self.folders for path in self._below(folder)]
        self._search_again_at = self._clock() + REST * (self._clock() - began)

    def _below(self, folder: Path) -> Iterator[Path]:
        def failed(fault: OSError) -> None:
            self._unreadable.add(str(fault.filename))
        for place, inner, names in os.walk(folder, onerror=failed):
            inner[:] = sorted(set(inner) - PASSED_BY)
            yield from (Path(place, name) for name in NAMES if name in names)

    def _votes(self, path: Path) -> tuple[str, list[Vote]]:
        """Whose journal it is, and their answers to the question in order."""
        try:
            status = path.stat()
            state = (status.st_mtime_ns, status.st_size)
            if path not in self._read or self._read[path][0] != state:
                if not path.is_file() or status.st_size > LARGEST:
                    raise OSError("not a journal")
                events = read_journal(path.read_bytes().decode("utf-8", errors="replace"))
                learner = events[0].digest if events else ""
                self._read[path] = state, learner, [*votes_in(events, self.prediction)]
        except OSError:
            self._unreadable.add(str(path))
            return "", []
        return self._read[path][1:]


def read_journal(text: str) -> tuple[Event, ...]:
    """The events of a journal, or of an exported one, up to the first that was tampered with."""
    try:
        exported = json.loads(text)["events"]
        lines = [json.dumps(event, sort_keys=True) + "\n" for event in exported]
    except (ValueError, TypeError, KeyError, RecursionError):      # then it is no export: one event a line
        lines = text.splitlines(keepends=True)
    return read_chain(lines).events


def votes_in(events: Sequence[Event], prediction: Prediction) -> Iterator[Vote]:
    """What a learner answered to a question, each time."""
    for event in events:
        choice, confidence = event.data.get("choice"), event.data.get("confidence")
        if (event.kind == "predicted" and event.data.get("question") == prediction.id
                and isinstance(choice, str) and choice in prediction.choices
                and isinstance(confidence, int | float) and 0 <= confidence <= 100):
            yield Vote(events[0].digest, choice, round(confidence))
