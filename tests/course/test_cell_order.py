"""Shuffled tests leave the cells of a notebook in order."""

import os
import subprocess
import sys
from pathlib import Path
from random import Random
from types import SimpleNamespace

import pytest

from failover_kit.course.cell_order import in_notebook_order
from failover_kit.course.cells import code_cell, notebook
from failover_kit.course.notebooks import text_of

ROOT = Path(__file__).parents[2]


def item(name):
    """A stand-in for a collected item: "a1" is cell 1 of notebook a, "test" a test function."""
    if name == "test":
        return SimpleNamespace(name=name, parent="module")
    return SimpleNamespace(name=name, parent=name[0], cell_num=int(name[1:]))


@pytest.mark.parametrize(("collected", "run"), [
    ("a0 a1 a2", "a0 a1 a2"), ("a2 a0 a1", "a0 a1 a2"), ("a1 test a0", "a0 a1 test"),
    ("b1 a10 test a9 b0", "b0 b1 a9 a10 test"), ("test", "test"), ("", ""),
])
def test_cells_stand_together_and_in_order(collected, run):
    assert [entry.name for entry in in_notebook_order([item(name) for name in collected.split()])] == run.split()


def test_nothing_is_lost_whatever_the_order():
    names = [f"{book}{cell}" for book in "abc" for cell in range(12)] + ["test"] * 5
    for seed in range(20):
        Random(seed).shuffle(names)
        assert sorted(entry.name for entry in in_notebook_order([item(name) for name in names])) == sorted(names)


def test_with_the_plugin_a_shuffled_run_of_a_notebook_passes(tmp_path):
    pytest.importorskip("pytest_randomly")
    cells = [code_cell("x = 0", "start"), *(code_cell(f"assert x == {n}; x += 1", f"step-{n}") for n in range(8))]
    (tmp_path / "steps.ipynb").write_text(text_of(notebook(cells)))

    def run(*options):
        return subprocess.run(
            [sys.executable, "-m", "pytest", "--nbval-lax", "--nbval-current-env", "-q",
             "-p", "no:cacheprovider", "-p", "randomly", "--randomly-seed=1", "-c", os.devnull,
             f"--rootdir={tmp_path}", *options, str(tmp_path)],
            env={**os.environ, "PYTHONPATH": str(ROOT)}, cwd=tmp_path, capture_output=True, check=False).returncode
    assert run() == 1
    assert run("-p", "failover_kit.course.cell_order") == 0
