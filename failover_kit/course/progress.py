"""What a learner has done, written down so that it can be resumed, exported and trusted.

    append("checked", task="1.2", verdict="passed")  ->  one more line in progress.jsonl  ->  events()

Each line holds the SHA-256 of the line before it, so an edit in the middle shows. (The chain has no key: somebody who
computes all of it again is found out only against an earlier export, whose `head` pins every line before it.)
A damaged file is renamed and kept, and what can be read of it goes on in a new one.

After this: standing.py adds the events up.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import sys
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

GENESIS = "0" * 64
FORMAT = 1
MAX_LEVELS = 20               # of lists and objects in one line; the kit writes three
PROGRESS_VARIABLE = "FAILOVER_KIT_PROGRESS"                      # a folder; or "off"
BROWSER_FOLDER = Path("/drive/progress")    # /drive is what JupyterLite keeps; all other folders end with the page
NOT_A_LEARNER = ("PYTEST_CURRENT_TEST", "NBGRADER_EXECUTION")    # set while a test or an autograder runs notebooks


@dataclass(frozen=True)
class Event:
    """One thing that happened. `at` is in seconds since 1970."""

    number: int
    at: float
    kind: str                   # predicted, checked, hinted, recalled, repaired
    data: Mapping[str, Any]
    previous: str               # digest of the event before
    digest: str = ""

    @property
    def expected_digest(self) -> str:
        content = {**asdict(self), "data": dict(self.data)}
        del content["digest"]
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()

    @property
    def line(self) -> str:
        return json.dumps({**asdict(self), "data": dict(self.data)}, sort_keys=True) + "\n"


@dataclass(frozen=True)
class Reading:
    """A file's events as far as they can be trusted, and what follows from the first fault on."""

    events: tuple[Event, ...]
    fault: str = ""                          # "line 7 was changed"; empty if there is none
    doubtful: tuple[Mapping[str, Any], ...] = ()   # events after the fault that can still be read


def read_chain(lines: Iterable[str]) -> Reading:
    """Check a chain of events line by line."""
    events: list[Event] = []
    doubtful: list[Mapping[str, Any]] = []
    fault, previous = "", GENESIS
    for number, line in enumerate(lines, start=1):
        event = _event(line)
        if not fault:
            if event is None:
                fault = f"line {number} cannot be read"
            elif event.digest != event.expected_digest:
                fault = f"line {number} was changed"
            elif event.previous != previous or event.number != number:
                fault = f"before line {number} something is missing or was added"
            else:
                events.append(event)
                previous = event.digest
                continue
        if event is not None:
            doubtful.append({"at": event.at, "kind": event.kind, "data": dict(event.data)})
    return Reading(tuple(events), fault, tuple(doubtful))


def _event(line: str) -> Event | None:
    """The event on a line, or None if it holds none."""
    try:
        content = json.loads(line)
        event = Event(**content)
    except (ValueError, TypeError, RecursionError):
        return None
    sound = (isinstance(event.number, int) and isinstance(event.at, (int, float)) and isinstance(event.kind, str)
             and isinstance(event.data, dict) and isinstance(event.previous, str) and isinstance(event.digest, str))
    return event if sound and line.endswith("\n") and _is_shallow(event.data) else None


def _is_shallow(value: Any, levels: int = MAX_LEVELS) -> bool:
    """Can the value be written again, however deep the stack is by then?"""
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return levels > 0 and all(_is_shallow(item, levels - 1) for item in inner)


class Journal:
    """The append-only list of events in one folder, or in memory only (folder None). Safe for several writers.

    `trouble` says why events are kept in memory for now, if the folder cannot be written to. Nothing here is fatal.
    """

    def __init__(self, folder: Path | None):
        self.folder = folder
        self.trouble = ""
        self._unsaved: list[Event] = []
        self._one_thread = threading.Lock()

    @property
    def file(self) -> Path | None:
        return self.folder / "progress.jsonl" if self.folder else None

    def events(self) -> tuple[Event, ...]:
        """Every event so far, the oldest first."""
        with self._one_thread:
            if self.file is None or not self.file.exists():
                return tuple(self._unsaved)
            try:
                with _locked(self.file):
                    return self._with_unsaved(self._sound_events(at=None))
            except OSError as fault:
                self.trouble = str(fault)
                return tuple(self._unsaved)

    def append(self, kind: str, at: float, **data: Any) -> Event:
        """Write down one event that happened at `at`, seconds since 1970. `data` must be fit for JSON."""
        with self._one_thread:
            self._unsaved.append(_next(self._unsaved, at, kind, data))
            if self.file is not None:
                try:
                    self.file.parent.mkdir(parents=True, exist_ok=True)
                    with _locked(self.file):
                        return self._save(at)
                except OSError as fault:
                    self.trouble = str(fault)
            return self._unsaved[-1]

    def _save(self, at: float) -> Event:
        """Move what is in memory to the end of the file, which is locked; returns the last event written."""
        assert self.file is not None
        saved = self._sound_events(at)
        chain = self._with_unsaved(saved)
        _write(self.file, chain[len(saved):])
        self._unsaved.clear()
        self.trouble = ""
        return chain[-1]

    def _with_unsaved(self, saved: Sequence[Event]) -> tuple[Event, ...]:
        chain = list(saved)
        for event in self._unsaved:
            chain.append(_next(chain, event.at, event.kind, event.data))
        return tuple(chain)

    def export(self, path: str | Path) -> Path:
        """Write all events and the digest of the last one to one JSON file, to keep or to hand in."""
        events = self.events()
        content = {"format": FORMAT, "head": events[-1].digest if events else GENESIS,
                   "events": [asdict(event) for event in events]}
        Path(path).write_text(json.dumps(content, indent=1) + "\n", encoding="utf-8")
        return Path(path)

    def _sound_events(self, at: float | None) -> tuple[Event, ...]:
        """The file's events; a damaged file is set aside first. To be called with the file locked."""
        assert self.file is not None
        if not self.file.exists():
            return ()
        text = self.file.read_bytes().decode("utf-8", errors="replace")
        reading = read_chain(text.splitlines(keepends=True))
        if not reading.fault:
            return reading.events
        aside = next(path for number in range(1, 1_000_000)
                     if not (path := self.file.with_name(f"progress.damaged-{number}.jsonl")).exists())
        self.file.rename(aside)
        last = reading.events[-1].at if reading.events else 0.0
        events = [*reading.events]
        events.append(_next(events, last if at is None else at, "repaired",
                            {"fault": reading.fault, "set_aside": aside.name}))
        for entry in reading.doubtful:
            events.append(_next(events, entry["at"], entry["kind"], {**entry["data"], "unverified": True}))
        _write(self.file, events)
        return tuple(events)


def _next(events: Sequence[Event], at: float, kind: str, data: Mapping[str, Any]) -> Event:
    number, previous = (events[-1].number + 1, events[-1].digest) if events else (1, GENESIS)
    unsigned = Event(number, at, kind, dict(data), previous)
    return Event(number, at, kind, dict(data), previous, unsigned.expected_digest)


def _write(file: Path, events: Iterable[Event]) -> None:
    with open(file, "ab") as out:
        out.write("".join(event.line for event in events).encode())
        out.flush()
        os.fsync(out.fileno())


@contextlib.contextmanager
def _locked(file: Path) -> Iterator[None]:
    """Hold the lock beside `file`, so that only one writer at a time reads the last line and adds the next."""
    with open(file.with_suffix(".lock"), "a+b") as lock:
        try:
            from fcntl import LOCK_EX, flock  # by name: in a browser there is a module fcntl with nothing in it
        except ImportError:
            with _locked_by_windows(lock):
                yield
        else:
            flock(lock, LOCK_EX)                # given back when the file closes
            yield


@contextlib.contextmanager
def _locked_by_windows(lock: Any) -> Iterator[None]:
    try:
        import msvcrt
    except ImportError:     # a browser's Python has neither kind of lock, and one writer only
        yield
        return
    lock.seek(0)
    msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)
    try:
        yield
    finally:
        lock.seek(0)
        msvcrt.locking(lock.fileno(), msvcrt.LK_UNLCK, 1)


def journal(environ: Mapping[str, str] = os.environ) -> Journal:
    """The learner's own journal.

    FAILOVER_KIT_PROGRESS names its folder, or says "off". Otherwise it lies in the user's data directory (in a browser,
    beside the notebooks), except while a test run or an autograder runs the notebooks: those are not the learner, and
    leave no trace.
    """
    chosen = environ.get(PROGRESS_VARIABLE, "")
    if chosen == "off" or (not chosen and any(name in environ for name in NOT_A_LEARNER)):
        return _journal(None)
    if chosen:
        return _journal(Path(chosen).expanduser())
    if sys.platform == "emscripten" and BROWSER_FOLDER.parent.is_dir():
        return _journal(BROWSER_FOLDER)
    import platformdirs
    return _journal(Path(platformdirs.user_data_dir("failover-kit", appauthor=False)))


@cache
def _journal(folder: Path | None) -> Journal:
    return Journal(folder)
