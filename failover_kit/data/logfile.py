"""The file under a store: SQLite with a write-ahead log. It knows rows and transactions, no rules.

    transaction(): keep(Write), set(epoch=...)  ->  all of it on disk, or nothing of it

Before this: writes.py. After this: store.py decides what may be kept.
"""

from __future__ import annotations

import math
import sqlite3
import tempfile
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from itertools import takewhile
from pathlib import Path
from typing import NamedTuple

from ..errors import ConfigurationError, FailoverKitError, Problem
from .writes import Write

SCHEMA = """
CREATE TABLE IF NOT EXISTS log (
    key TEXT NOT NULL, value TEXT NOT NULL, written_at REAL NOT NULL, epoch INTEGER NOT NULL, origin TEXT NOT NULL,
    sequence INTEGER NOT NULL, writer TEXT NOT NULL, request TEXT NOT NULL,
    position INTEGER PRIMARY KEY AUTOINCREMENT,             -- the order in which this store took the writes
    stored_at REAL NOT NULL,
    UNIQUE (origin, epoch, sequence));                      -- delivered twice, kept once
CREATE INDEX IF NOT EXISTS newest ON log (key, epoch, written_at, origin, sequence);
CREATE INDEX IF NOT EXISTS requests ON log (request) WHERE request <> '';
CREATE TABLE IF NOT EXISTS state (
    site TEXT NOT NULL, epoch INTEGER NOT NULL, promoted_at REAL, read_only INTEGER NOT NULL,
    lease_until REAL NOT NULL, sequence INTEGER NOT NULL);
"""
COLUMNS = "key, value, written_at, epoch, origin, sequence, writer, request, position, stored_at"
BY_ID = "WHERE origin = ? AND epoch = ? AND sequence = ?"


class StoreClosed(FailoverKitError):
    """A store was used after its `with` block."""


class State(NamedTuple):
    """What a store knows about itself. It is in the file, so a fence outlives a crash."""

    site: str
    epoch: int                       # the newest epoch seen
    promoted_at: float | None        # when this store was last promoted, seconds; None: never, or it stepped down
    read_only: int                   # 1: takes no writes from users
    lease_until: float               # seconds; inf: no lease
    sequence: int                    # own writes so far, discarded ones included


class LogFile:
    """Rows of one site's log, and its state.

    `path=None` makes a file in a temporary directory, removed on close; where the system has no files (a browser),
    the data stays in memory. A file of yours is forced to disk with every transaction, against power loss too; a
    temporary one is not, which is several times faster. Either outlives a killed process.
    Source: SQLite documentation, "Write-Ahead Logging" and "PRAGMA synchronous".
    """

    def __init__(self, site: str, path: str | Path | None):
        self.site = site
        self._lock = threading.RLock()       # live, a web server and the lab share one store
        self._db = self._directory = None
        try:
            if path is None:
                self._directory = tempfile.TemporaryDirectory(prefix="failover-store-", ignore_cleanup_errors=True)
                self._open(Path(self._directory.name) / "data.sqlite", "NORMAL")
            else:
                self._open(path, "FULL")
        except (OSError, sqlite3.Error) as error:
            self.close()
            if path is not None:
                raise ConfigurationError(Problem(f"Store {site}", f"{str(path)!r} can't be used as its file ({error})",
                                                 "Give a file in a directory that exists and is writable.")) from error
            self._open(":memory:", "OFF")
        if (owner := self.state().site) != site:
            self.close()
            raise ConfigurationError(Problem(f"Store {site}", f"{str(path)!r} holds the data of {owner!r}",
                                             "Open it under that name, or give another file."))

    def _open(self, path: str | Path, synchronous: str) -> None:
        self.path = str(path)
        self._db = sqlite3.connect(self.path, isolation_level=None, check_same_thread=False)
        self.journal_mode = self._db.execute("PRAGMA journal_mode = WAL").fetchone()[0]   # "memory" without a file
        self._db.execute(f"PRAGMA synchronous = {synchronous}")
        self._db.executescript(SCHEMA)
        self._db.execute("INSERT INTO state SELECT ?, 1, NULL, 0, ?, 0 WHERE NOT EXISTS (SELECT * FROM state)",
                         (self.site, math.inf))

    def close(self) -> None:
        """Close the file, and remove it if it was temporary. Closing twice is fine."""
        with self._lock:
            if self._db is not None:
                self._db.close()
                self._db = None
            if self._directory is not None:
                self._directory.cleanup()
                self._directory = None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """The whole block or nothing of it. A block inside a block belongs to the outer one."""
        with self._lock:
            if self._database.in_transaction:
                yield
                return
            self._database.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._database.execute("COMMIT")         # from here on it outlives the process
            finally:
                if self._database.in_transaction:
                    self._database.execute("ROLLBACK")

    def state(self) -> State:
        with self._lock:
            return State(*self._database.execute(f"SELECT {', '.join(State._fields)} FROM state").fetchone())

    def set(self, **fields) -> None:
        """Change fields of the state."""
        columns = ", ".join(f"{name} = ?" for name in fields)
        with self._lock:
            self._database.execute(f"UPDATE state SET {columns}", tuple(fields.values()))

    def keep(self, write: Write, now: float) -> Write:
        """Add a write to the log; returns it with its place there."""
        row = (write.key, write.value, write.written_at, write.epoch, write.origin, write.sequence, write.writer,
               write.request, None, now)
        with self._lock:
            position = self._database.execute(f"INSERT INTO log ({COLUMNS}) VALUES ({', '.join('?' * 10)})",
                                              row).lastrowid
        return replace(write, position=position, stored_at=now)

    def select(self, clauses: str, *values, until: float = math.inf) -> list[Write]:
        """Writes by SQL (whatever follows `FROM log`), up to the first one that was stored later than `until`."""
        with self._lock, closing(self._database.execute(f"SELECT {COLUMNS} FROM log {clauses}", values)) as rows:
            return list(takewhile(lambda write: write.stored_at <= until, (Write(*row) for row in rows)))

    def has(self, write: Write) -> bool:
        with self._lock:
            found = self._database.execute(f"SELECT 1 FROM log {BY_ID}", (write.origin, write.epoch, write.sequence))
            return found.fetchone() is not None

    def discard(self, writes: Iterable[Write]) -> None:
        with self.transaction():
            self._database.executemany(f"DELETE FROM log {BY_ID}",
                                       [(write.origin, write.epoch, write.sequence) for write in writes])

    @property
    def _database(self) -> sqlite3.Connection:
        if self._db is None:
            raise StoreClosed(f"The store of {self.site} is closed. Use it inside its `with` block, or make a new one.")
        return self._db
