"""From a solution notebook to the exercise notebook, by nbgrader's rules.

    notebook with solutions  ->  released()  ->  notebook with stubs, locked cells, checksums and no outputs

The same as nbgrader's LockCells, ClearSolutions, ClearOutput, ClearHiddenTests, ClearMarkScheme and ComputeChecksums,
which a test holds it to; nbgrader itself is needed only in the classroom.
Source: nbgrader user guide, "Creating and grading assignments".
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Mapping
from typing import Any

from failover_kit.errors import CourseError

CODE_STUB = "# YOUR CODE HERE\npass"      # nbgrader's own stub raises, and so would fail in its own cell
TEXT_STUB = "YOUR ANSWER HERE"


def released(solved: Mapping[str, Any]) -> dict[str, Any]:
    """The notebook that learners get. Leaves `solved` as it is; CourseError where its markers do not pair up."""
    given_out = copy.deepcopy(dict(solved))
    given_out["metadata"].pop("celltoolbar", None)
    for cell in given_out["cells"]:
        facts = cell["metadata"].get("nbgrader")
        graded = bool(facts and facts.get("grade"))
        solution = bool(facts and facts.get("solution"))
        _lock(cell, facts, graded, solution)
        _clear_solution(cell, solution)
        _clear_output(cell)
        cell["source"] = _without_region(cell, "HIDDEN TESTS", allowed=graded)
        cell["source"] = _without_region(cell, "MARK SCHEME", allowed=bool(facts and facts.get("task")))
        if facts and (graded or solution or facts.get("locked")):
            facts["cell_type"] = cell["cell_type"]
            facts["checksum"] = checksum(cell)
    return given_out


def checksum(cell: Mapping[str, Any]) -> str:
    """What nbgrader compares in order to see whether a locked cell was changed."""
    facts = cell["metadata"]["nbgrader"]
    graded, solution = bool(facts.get("grade")), bool(facts.get("solution"))
    locked = not solution and (graded or bool(facts.get("locked")))
    parts = [cell["source"], cell["cell_type"], str(graded), str(solution), str(locked), facts["grade_id"]]
    if graded:
        parts.append(str(float(facts["points"])))
    return hashlib.md5("".join(parts).encode(), usedforsecurity=False).hexdigest()


def _lock(cell: dict[str, Any], facts: Mapping[str, Any] | None, graded: bool, solution: bool) -> None:
    if not facts:
        return
    if solution:
        cell["metadata"]["deletable"] = False
    elif graded or facts.get("locked"):
        cell["metadata"]["deletable"] = cell["metadata"]["editable"] = False


def _clear_solution(cell: dict[str, Any], solution: bool) -> None:
    stub = CODE_STUB if cell["cell_type"] == "code" else TEXT_STUB
    cleared = _without_region(cell, "SOLUTION", allowed=solution, instead=stub)
    if solution and cleared == cell["source"]:
        cleared = stub
    cell["source"] = cleared


def _clear_output(cell: dict[str, Any]) -> None:
    if cell["cell_type"] == "code":
        cell["outputs"], cell["execution_count"] = [], None
        for name in ("collapsed", "scrolled"):
            cell["metadata"].pop(name, None)


def _without_region(cell: Mapping[str, Any], name: str, *, allowed: bool, instead: str = "") -> str:
    """The cell's text with what stands between BEGIN name and END name taken out."""
    kept: list[str] = []
    inside = found = False
    for line in cell["source"].split("\n"):
        if f"BEGIN {name}" in line:
            if inside:
                raise CourseError(f"BEGIN {name} inside BEGIN {name}, in this cell:\n{cell['source']}")
            inside = found = True
            indent = line[:len(line) - len(line.lstrip())]
            kept.extend(indent + replacement for replacement in instead.split("\n") if instead)
        elif f"END {name}" in line:
            inside = False
        elif not inside:
            kept.append(line)
    if inside:
        raise CourseError(f"BEGIN {name} without END {name}, in this cell:\n{cell['source']}")
    if found and not allowed:
        raise CourseError(f"BEGIN {name} in a cell that nbgrader's metadata does not mark for it:\n{cell['source']}")
    return "\n".join(kept)
