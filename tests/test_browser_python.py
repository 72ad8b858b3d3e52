"""What the kit does in a browser's Python, forced here: no sockets, no file locks, one folder that lasts."""

import sys
import types

import pytest

from failover_kit import Lab
from failover_kit.course import progress, time_limit
from failover_kit.errors import LabError

BROWSER = types.SimpleNamespace(platform="emscripten")


def test_a_live_lab_says_what_is_missing_and_what_there_is_instead(monkeypatch):
    monkeypatch.setattr("failover_kit.lab.sys", BROWSER)
    with pytest.raises(LabError, match=r"needs sockets, and a browser's Python has none\. Lab\.virtual\(seed=\.\.\.\)"):
        Lab.live()


def test_the_best_lab_is_virtual_and_says_why(monkeypatch):
    monkeypatch.setattr("failover_kit.lab.sys", BROWSER)
    with Lab.best() as lab:
        assert not lab.world.is_live
        assert lab.timeline.events[0].text == "virtual time, as there are no sockets here: a browser's Python has none"


@pytest.mark.parametrize("drive", [True, False], ids=["in JupyterLite", "in another page"])
def test_progress_is_kept_beside_the_notebooks(monkeypatch, tmp_path, drive):
    kept = tmp_path / "drive" / "progress"
    if drive:
        kept.parent.mkdir()
    monkeypatch.setattr(progress, "sys", BROWSER)
    monkeypatch.setattr(progress, "BROWSER_FOLDER", kept)
    journal = progress.journal(environ={})
    assert (journal.file.parent == kept) == drive


def test_a_module_fcntl_with_nothing_in_it_is_no_lock(monkeypatch, tmp_path):
    monkeypatch.setitem(sys.modules, "fcntl", types.ModuleType("fcntl"))
    monkeypatch.setitem(sys.modules, "msvcrt", None)
    journal = progress.Journal(tmp_path)
    journal.append("checked", at=1.0, task="1.1", verdict="passed")
    assert [event.data["task"] for event in progress.Journal(tmp_path).events()] == ["1.1"]


def test_code_runs_without_a_time_limit(monkeypatch):
    monkeypatch.setattr(time_limit, "sys", BROWSER)
    monkeypatch.delattr(time_limit.signal, "setitimer", raising=False)
    monkeypatch.setattr(time_limit.threading, "Thread", None)
    assert time_limit.call_within(0.001, lambda: sum(range(10))) == 45
