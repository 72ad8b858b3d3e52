"""solutions/ is the source, exercises/ and the answer key follow from it, and every runner agrees on what is solved."""

import copy
import json
import os
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest

from failover_kit.course import catalogue
from failover_kit.course.cells import code_cell, role_of
from failover_kit.course.notebooks import execute, faults, generated, main, read, stale, text_of
from failover_kit.course.release import CODE_STUB
from failover_kit.course.syllabus import LESSONS, lesson
from failover_kit.course.tasks import find_task
from failover_kit.errors import ConfigurationError, CourseError

ROOT = Path(__file__).parents[2]
ONLY = os.environ.get("FAILOVER_KIT_TEST_LESSON")       # for an author at work on one lesson
LESSONS_HERE = [entry for entry in LESSONS if ONLY in (None, str(entry.number))]
WRITTEN = [entry for entry in LESSONS_HERE if (ROOT / "solutions" / f"{entry.notebook}.ipynb").exists()]
every_notebook = pytest.mark.parametrize("entry", WRITTEN, ids=lambda entry: entry.notebook)
pytestmark = pytest.mark.filterwarnings("ignore:Object of type <Submitted")     # from inside nbgrader
ENVIRON = {**os.environ, "PYTHONPATH": str(ROOT)}


def solution_of(entry):
    return read(ROOT / "solutions" / f"{entry.notebook}.ipynb")


def exercise_of(entry):
    return read(ROOT / "exercises" / f"{entry.notebook}.ipynb")


def solved(entry, *task_ids):
    """The exercise with these tasks solved, as a learner would hand it in."""
    answers = {role_of(cell): cell["source"] for cell in solution_of(entry)["cells"]}
    exercise = exercise_of(entry)
    for cell in exercise["cells"]:
        if role_of(cell)[1] == "answer" and role_of(cell)[0] in task_ids:
            cell["source"] = answers[role_of(cell)]
    return exercise


def tasks_of(entry):
    return [task.id for task in catalogue.contents("exercises", entry.number)]


# ---- one source -----------------------------------------------------------------------------------------------------

def test_nothing_has_drifted_from_the_solutions():
    old = [path.name for path in stale(generated(ROOT, WRITTEN))]
    assert old == [], "run: python -m failover_kit.course.notebooks generate"


def test_every_lesson_with_tasks_has_its_solution_notebook():
    with_tasks = [entry for entry in LESSONS_HERE if catalogue.contents("exercises", entry.number)]
    assert with_tasks == WRITTEN


def test_there_is_no_exercise_without_a_solution():
    for path in (ROOT / "exercises").glob("*.ipynb"):
        assert (ROOT / "solutions" / path.name).exists()


@every_notebook
def test_an_exercise_holds_no_line_of_a_solution(entry):
    given_out = "\n".join(cell["source"] for cell in exercise_of(entry)["cells"])
    for task_id in tasks_of(entry):
        key = find_task(task_id).key
        for line in set(key.reference.splitlines()) - set(key.stub.splitlines()):
            assert len(line.strip()) < 15 or line not in given_out
    assert "BEGIN SOLUTION" not in given_out


@every_notebook
def test_solutions_keep_their_outputs_and_none_of_the_run_that_made_them(entry):
    content = solution_of(entry)
    assert "widgets" not in content["metadata"]
    assert content["metadata"]["language_info"] == {"name": "python"}
    for cell in content["cells"]:
        if cell["cell_type"] == "code":
            assert cell["execution_count"] is not None, "run: python -m failover_kit.course.notebooks execute"
            assert not [output for output in cell["outputs"] if output.get("name") == "stderr"]
        if role_of(cell)[1] == "check":
            assert "passed" in "".join(cell["outputs"][0]["data"]["text/plain"])


# ---- nbval: fails at the check cells, and only there; a solved task is green ----------------------------------------

def nbval(folder):
    """Run pytest --nbval, strict, over a folder; returns {file stem: [whether each code cell passed]}."""
    report = folder / "report.xml"
    subprocess.run([sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "--nbval-cell-timeout=60", "-q",
                    "-p", "no:randomly", "-p", "no:cacheprovider", "-c", os.devnull, f"--rootdir={folder}",
                    f"--junitxml={report}", str(folder)], cwd=folder, env=ENVIRON, capture_output=True, check=False)
    found = {}
    for case in ElementTree.parse(report).iter("testcase"):
        stem = Path(case.get("classname").replace(".ipynb", "").replace(".", "/")).name
        found.setdefault(stem, {})[int(case.get("name").split()[1])] = case.find("failure") is None
    return {stem: [cells[number] for number in sorted(cells)] for stem, cells in found.items()}


@every_notebook
def test_nbval_fails_a_fresh_exercise_exactly_at_its_checks_and_passes_what_is_solved(entry, tmp_path):
    tasks = tasks_of(entry)
    for name, content in (("fresh", exercise_of(entry)), ("first", solved(entry, tasks[0])),
                          ("all", solved(entry, *tasks)), ("solution", solution_of(entry))):
        (tmp_path / f"{name}.ipynb").write_text(text_of(content))
    roles = [role_of(cell) for cell in exercise_of(entry)["cells"] if cell["cell_type"] == "code"]
    found = nbval(tmp_path)
    assert found["fresh"] == [role != "check" for _, role in roles]
    assert found["first"] == [role != "check" or task_id == tasks[0] for task_id, role in roles]
    assert found["all"] == [True] * len(roles)
    assert found["solution"] == [True] * len(roles)


# ---- nbgrader: the same notebooks, its own commands ------------------------------------------------------------------

@pytest.fixture(scope="module")
def classroom(tmp_path_factory):
    """A course folder in which nbgrader has released the solutions and graded three learners."""
    pytest.importorskip("nbgrader")
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    root = tmp_path_factory.mktemp("classroom")
    (root / "source" / "dns").mkdir(parents=True)
    for entry in WRITTEN:
        (root / "source" / "dns" / f"{entry.notebook}.ipynb").write_text(text_of(solution_of(entry)))
    learners = {"ann": lambda tasks: tasks, "bob": lambda tasks: [], "cy": lambda tasks: tasks[:1]}
    for name, chosen in learners.items():
        folder = root / "submitted" / name / "dns"
        folder.mkdir(parents=True)
        for entry in WRITTEN:
            (folder / f"{entry.notebook}.ipynb").write_text(text_of(solved(entry, *chosen(tasks_of(entry)))))
    config = Config()
    config.CourseDirectory.root = str(root)
    config.CourseDirectory.course_id = "dns"
    config.CourseDirectory.db_url = f"sqlite:///{root}/gradebook.db"
    config.ClearSolutions.code_stub = {"python": CODE_STUB}
    config.Exchange.root = str(root / "exchange")
    api = NbGraderAPI(config=config)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(ROOT))
        patch.setenv("PATH", str(Path(sys.executable).parent), prepend=os.pathsep)   # nbgrader calls alembic by name
        done = [api.generate_assignment("dns", force=True)]
        done += [api.autograde("dns", name) for name in learners]
    failed = [result for result in done if not result["success"]]
    assert not failed, failed[0]["log"]
    return root, api


@every_notebook
def test_nbgraders_release_is_our_exercise(classroom, entry):
    root, _ = classroom
    theirs = (root / "release" / "dns" / f"{entry.notebook}.ipynb").read_text()
    assert json.loads(theirs) == json.loads((ROOT / "exercises" / f"{entry.notebook}.ipynb").read_text())


@pytest.mark.parametrize(("name", "solves"), [("ann", "all"), ("bob", "none"), ("cy", "first")])
def test_nbgraders_scores_are_the_points_of_what_was_solved(classroom, name, solves):
    _, api = classroom
    with api.gradebook as gradebook:
        submission = gradebook.find_submission("dns", name)
        for entry in WRITTEN:
            tasks = catalogue.contents("exercises", entry.number)
            wanted = {"all": sum(task.points for task in tasks), "none": 0, "first": tasks[0].points}[solves]
            notebook = next(one for one in submission.notebooks if one.name == entry.notebook)
            assert notebook.score == wanted
            assert notebook.max_score == sum(task.points for task in tasks)


def test_nbgrader_exports_the_scores(classroom):
    root, api = classroom
    from nbgrader.plugins.export import CsvExportPlugin
    plugin = CsvExportPlugin()
    plugin.to = str(root / "grades.csv")
    with api.gradebook as gradebook:
        plugin.export(gradebook)
    lines = (root / "grades.csv").read_text().splitlines()
    assert {line.split(",")[lines[0].split(",").index("student_id")] for line in lines[1:]} == {"ann", "bob", "cy"}


# ---- what is refused ------------------------------------------------------------------------------------------------

def broken(change):
    content = copy.deepcopy(solution_of(lesson(1)))
    change(content["cells"])
    return list(faults(content, lesson(1)))


def cell_of(cells, task_id, role):
    return next(cell for cell in cells if role_of(cell) == (task_id, role))


@pytest.mark.parametrize(("change", "said"), [
    (lambda cells: cells.remove(cell_of(cells, "1.2", "check")), "task 1.2 has no check cell"),
    (lambda cells: cells.append(copy.deepcopy(cell_of(cells, "1.2", "check"))), "task 1.2 has two cells of one kind"),
    (lambda cells: cells.reverse(), "in order"),
    (lambda cells: cells.insert(2, cells.pop(cells.index(cell_of(cells, "1.1", "check")))), "stand in the order check"),
    (lambda cells: cell_of(cells, "1.1", "check").update(source="check('1.1', 5)"), 'say: check("1.1", replies)'),
    (lambda cells: cell_of(cells, "1.1", "given").update(source="given = 1"), "should begin: 'given = task"),
    (lambda cells: cell_of(cells, "1.1", "check")["metadata"]["nbgrader"].update(points=9), "is worth 9, the task 2"),
    (lambda cells: cell_of(cells, "1.1", "answer").update(source="x = 1"), "no ### BEGIN SOLUTION"),
    (lambda cells: cell_of(cells, "1.1", "answer")["metadata"]["nbgrader"].update(solution=False), "not what cells."),
], ids=["missing", "doubled", "reversed", "moved", "check", "given", "points", "markers", "metadata"])
def test_a_solution_notebook_that_does_not_fit_its_tasks_is_refused(change, said):
    assert said in "\n".join(broken(change))


def course_folder(tmp_path, *, change=lambda cells: None):
    """A course of one lesson, copied from ours."""
    content = copy.deepcopy(solution_of(lesson(1)))
    change(content["cells"])
    (tmp_path / "solutions").mkdir()
    path = tmp_path / "solutions" / f"{lesson(1).notebook}.ipynb"
    path.write_text(text_of(content))
    return path


def test_the_command_generates_says_what_is_stale_and_is_quiet_when_nothing_is(tmp_path, capsys):
    course_folder(tmp_path)
    assert main(["check", "--root", str(tmp_path)]) == 1
    assert capsys.readouterr().out.count("out of date:") == 2
    assert main(["generate", "--root", str(tmp_path)]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "wrote exercises/01_dns_and_traffic_direction.ipynb",
        "wrote failover_kit/course/keys/01_dns_and_traffic_direction.json"]
    assert main(["check", "--root", str(tmp_path)]) == 0
    assert main(["generate", "--root", str(tmp_path)]) == 0
    assert capsys.readouterr().out == ""
    assert generated(tmp_path).keys() == {path for path in generated(tmp_path) if path.exists()}


def test_the_command_reports_all_faults_and_writes_nothing(tmp_path, capsys):
    def change(cells):
        cell_of(cells, "1.1", "check")["metadata"]["nbgrader"]["points"] = 9
        cell_of(cells, "1.2", "answer")["source"] = "x = 1"
    course_folder(tmp_path, change=change)
    with pytest.raises(ConfigurationError) as raised:
        generated(tmp_path)
    assert len(raised.value.problems) == 2
    assert main(["generate", "--root", str(tmp_path)]) == 1
    assert "is worth 9" in capsys.readouterr().err
    assert not (tmp_path / "exercises").exists()


def test_a_notebook_is_written_as_jupyter_writes_it(tmp_path):
    import nbformat
    path = ROOT / "exercises" / f"{lesson(1).notebook}.ipynb"
    nbformat.write(nbformat.read(path, as_version=4), tmp_path / "again.ipynb")
    assert (tmp_path / "again.ipynb").read_text() == path.read_text()


def test_execute_keeps_what_the_cells_show(tmp_path, monkeypatch):
    monkeypatch.setenv("FAILOVER_KIT_COURSE_KEY", "spring")
    monkeypatch.setenv("FAILOVER_KIT_LEARNER", "ann")       # an author's own seed must not get into the file
    path = course_folder(tmp_path, change=lambda cells: cells.append(code_cell(
        "import ipywidgets, os\nprint(os.environ['FAILOVER_KIT_PROGRESS'])\nipywidgets.IntSlider()", "extra")))
    execute(path)
    assert main(["generate", "--root", str(tmp_path)]) == 0
    content = read(path)
    card = cell_of(content["cells"], "1.1", "given")["outputs"][0]["data"]["text/plain"]
    assert "given.ttl = 300\n" in card
    assert "".join(content["cells"][-1]["outputs"][0]["text"]) == "off\n"
    assert "widgets" not in content["metadata"]
    assert list(content["cells"][-1]["outputs"][1]["data"]) == ["text/plain"]     # no view of a kernel that is gone


@pytest.mark.parametrize(("source", "said"), [
    ("1 / 0", "a cell raised"), ("import sys; print('oops', file=sys.stderr)", "wrote to stderr: oops")],
    ids=["error", "stderr"])
def test_execute_refuses_a_notebook_with_errors_and_leaves_it_as_it_was(tmp_path, source, said):
    path = course_folder(tmp_path, change=lambda cells: cells.append(code_cell(source, "extra")))
    before = path.read_text()
    with pytest.raises(CourseError, match=said):
        execute(path)
    assert path.read_text() == before
