"""A bar for whoever waits, and none where a program runs a notebook and compares its outputs."""

import pytest

from failover_kit import progress


@pytest.fixture
def bars(monkeypatch):
    """Labels of the bars that a long job shows in a notebook."""
    made = []

    class Bar:
        def __init__(self, label):
            made.append(label)

        def update(self, share):
            assert 0 <= share <= 1

        def close(self):
            pass

    monkeypatch.setattr(progress, "environ", {})
    monkeypatch.setattr(progress, "DELAY", -1.0)
    monkeypatch.setattr(progress, "REDRAW", -1.0)
    monkeypatch.setattr(progress, "in_notebook", lambda: True)
    monkeypatch.setattr(progress, "_bar", Bar)
    return made


def work():
    with progress.shown("Ten steps", 0, 10) as report:
        for step in range(11):
            report(step)


def test_a_long_job_shows_one_bar(bars):
    work()
    assert bars == ["Ten steps"]


@pytest.mark.parametrize(("name", "value"), [("PYTEST_CURRENT_TEST", "nbval"), ("NBGRADER_EXECUTION", "autograde"),
                                             ("FAILOVER_KIT_PROGRESS", "off")])
def test_nobody_looks(bars, monkeypatch, name, value):
    monkeypatch.setattr(progress, "environ", {name: value})
    work()
    assert bars == []


def test_a_short_job_shows_none(bars, monkeypatch):
    monkeypatch.setattr(progress, "DELAY", 60.0)
    work()
    assert bars == []
