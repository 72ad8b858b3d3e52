"""logfile.py: a real SQLite file, write-ahead log, all or nothing."""

import os
import sqlite3
import tempfile
from pathlib import Path

import pytest

from failover_kit.data.logfile import LogFile, StoreClosed
from failover_kit.data.writes import Write
from failover_kit.errors import ConfigurationError


class PowerCut(Exception):
    """Whatever stops a block half-way."""


def entry(sequence=1, **fields):
    return Write(**{"key": "k", "value": "v", "written_at": 1.0, "epoch": 1, "origin": "east", "sequence": sequence,
                    **fields})


@pytest.fixture
def log(tmp_path):
    file = LogFile("east", tmp_path / "east.sqlite")
    yield file
    file.close()


def test_it_is_a_sqlite_file_that_others_can_read(log):
    log.keep(entry(value="two books"), now=3.0)
    with sqlite3.connect(log.path) as other:
        assert other.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert other.execute("SELECT key, value, stored_at FROM log").fetchall() == [("k", "two books", 3.0)]
    other.close()
    assert Path(log.path).read_bytes().startswith(b"SQLite format 3\0")


def test_keep_gives_the_write_its_place(log):
    kept = [log.keep(entry(n, written_at=n), now=n + 5.0) for n in (1, 2, 3)]
    assert [(w.position, w.stored_at) for w in kept] == [(1, 6.0), (2, 7.0), (3, 8.0)]
    assert log.select("ORDER BY position") == kept


def test_a_transaction_is_all_or_nothing(log):
    def half_done():
        with log.transaction():
            log.keep(entry(), now=1.0)
            log.set(epoch=9)
            raise PowerCut

    with pytest.raises(PowerCut):
        half_done()
    assert log.select("") == []
    assert log.state().epoch == 1


def test_an_inner_transaction_belongs_to_the_outer_one(log):
    def half_done():
        with log.transaction():
            with log.transaction():
                log.keep(entry(), now=1.0)
            raise PowerCut

    with pytest.raises(PowerCut):
        half_done()
    assert log.select("") == []


def test_the_same_write_can_not_be_kept_twice(log):
    log.keep(entry(), now=1.0)
    with pytest.raises(sqlite3.IntegrityError):
        log.keep(entry(value="other"), now=2.0)


def test_positions_are_not_used_again_after_a_discard(log):
    log.keep(entry(1), now=1.0)
    last = log.keep(entry(2), now=2.0)
    log.discard([last])
    assert not log.has(last)
    assert log.keep(entry(3), now=3.0).position == 3


def test_state_is_in_the_file(tmp_path):
    path = tmp_path / "east.sqlite"
    first = LogFile("east", path)
    first.set(epoch=4, read_only=1, lease_until=77.0, promoted_at=12.0, sequence=9)
    first.close()
    again = LogFile("east", path)
    assert again.state() == ("east", 4, 12.0, 1, 77.0, 9)
    again.close()


def test_a_temporary_file_goes_with_its_store():
    log = LogFile("east", None)
    assert log.journal_mode == "wal"
    assert Path(log.path).exists()
    log.close()
    assert not Path(log.path).parent.exists()
    log.close()                                            # twice is fine


def test_a_named_file_stays(log):
    log.close()
    assert Path(log.path).exists()


def test_without_files_the_data_is_in_memory(monkeypatch):
    def no_files(*args, **kwargs):
        raise OSError("read-only file system")

    monkeypatch.setattr(tempfile, "TemporaryDirectory", no_files)
    log = LogFile("east", None)
    assert (log.path, log.journal_mode) == (":memory:", "memory")
    log.keep(entry(), now=1.0)
    assert len(log.select("")) == 1
    log.close()


@pytest.mark.parametrize("path", ["missing/east.sqlite", ".", "letter.txt"],
                         ids=["no such directory", "a directory", "not a database"])
def test_a_path_that_can_not_be_used_says_so(tmp_path, path):
    (tmp_path / "letter.txt").write_text("This is a letter and no database. " * 10)
    with pytest.raises(ConfigurationError, match=r"Store east: .* can't be used as its file"):
        LogFile("east", tmp_path / path)
    assert (tmp_path / "letter.txt").read_text().startswith("This is a letter")


def test_a_file_of_another_site_is_refused_and_left_closed(log, tmp_path):
    log.close()
    with pytest.raises(ConfigurationError, match="holds the data of 'east'"):
        LogFile("west", log.path)
    os.rename(log.path, tmp_path / "moved.sqlite")         # fails on Windows while a handle is open


def test_a_closed_store_says_what_to_do(log):
    log.close()
    with pytest.raises(StoreClosed, match="store of east is closed"):
        log.state()
