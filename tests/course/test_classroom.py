"""course/classroom.py: a folder that nbgrader works in as it is, and that is never written over."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from failover_kit.course import catalogue
from failover_kit.course.classroom import configuration, lay_out, main
from failover_kit.course.misconceptions import MISCONCEPTIONS
from failover_kit.course.release import CODE_STUB
from failover_kit.course.syllabus import LESSONS, lesson
from failover_kit.errors import CourseError

ROOT = Path(__file__).parents[2]
FIRST = lesson(1).notebook
WRITTEN = [entry for entry in LESSONS if (ROOT / "solutions" / f"{entry.notebook}.ipynb").exists()]


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def loaded(path):
    """The configuration as nbgrader's own applications load it."""
    loader = pytest.importorskip("traitlets.config.loader")
    return loader.PyFileConfigLoader(path.name, path=str(path.parent)).load_config()


def test_a_course_folder_holds_the_configuration_and_one_assignment_a_lesson(tmp_path):
    layout = lay_out(tmp_path / "class", lessons=WRITTEN)
    assert layout.kept == ()
    assert set(layout.written) == {tmp_path / "class" / name for name in files(tmp_path / "class")}
    assert files(tmp_path / "class").keys() == {
        "nbgrader_config.py", *(f"source/{entry.notebook}/{entry.notebook}.ipynb" for entry in WRITTEN)}
    for entry in WRITTEN:
        copied = tmp_path / "class" / "source" / entry.notebook / f"{entry.notebook}.ipynb"
        assert copied.read_bytes() == (ROOT / "solutions" / copied.name).read_bytes()


def test_what_is_there_is_kept_and_what_is_new_is_added(tmp_path):
    lay_out(tmp_path, lessons=[lesson(1)])
    mine = tmp_path / "source" / FIRST / f"{FIRST}.ipynb"
    mine.write_text("my own version")
    (tmp_path / "nbgrader_config.py").write_text("# mine")
    before = files(tmp_path)
    layout = lay_out(tmp_path, course_id="other", lessons=[lesson(1), lesson(3)])
    assert [path.name for path in layout.kept] == ["nbgrader_config.py", mine.name]
    assert [path.name for path in layout.written] == [f"{lesson(3).notebook}.ipynb"]
    assert before.items() <= files(tmp_path).items()


def test_a_missing_solution_is_named_before_anything_is_written(tmp_path):
    (tmp_path / "solutions").mkdir()
    with pytest.raises(CourseError, match=r"Lesson 1 has no solution notebook .*--lesson"):
        lay_out(tmp_path / "class", solutions=tmp_path / "solutions")
    assert not (tmp_path / "class").exists()


@pytest.mark.parametrize("course_id", ["", " dns", "a/b"], ids=["empty", "space", "slash"])
def test_a_course_id_that_nbgrader_cannot_use_is_refused(tmp_path, course_id):
    with pytest.raises(CourseError, match="cannot be a course's name"):
        lay_out(tmp_path / "class", course_id=course_id)


def test_a_place_that_cannot_be_written_is_named(tmp_path):
    (tmp_path / "class").write_text("a file")
    with pytest.raises(CourseError, match="class"):
        lay_out(tmp_path / "class", lessons=[lesson(1)])
    (tmp_path / "other" / "nbgrader_config.py").mkdir(parents=True)
    with pytest.raises(CourseError, match="something else has that name"):
        lay_out(tmp_path / "other", lessons=[lesson(1)])


def test_the_command_says_what_it_wrote_and_what_it_kept(tmp_path, capsys):
    assert main([str(tmp_path / "class"), "--lesson", "1"]) == 0
    first = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in first] == ["wrote", "wrote"]
    assert main([str(tmp_path / "class"), "--lesson", "1"]) == 0
    assert capsys.readouterr().out.splitlines() == [line.replace("wrote", "kept") for line in first]
    assert main([str(tmp_path / "class"), "--lesson", "8"]) == 1
    assert "There is no lesson 8" in capsys.readouterr().err


# ---- nbgrader ---------------------------------------------------------------------------------------------------

def test_the_configuration_is_one_that_nbgrader_knows(tmp_path, monkeypatch):
    apps = pytest.importorskip("nbgrader.apps")
    monkeypatch.setenv("PATH", "/usr/bin")
    lay_out(tmp_path, course_id="it's", exchange=tmp_path / "exchange", lessons=[lesson(1)])
    config = loaded(tmp_path / "nbgrader_config.py")
    assert os.environ["PATH"].split(os.pathsep) == [str(Path(sys.executable).parent), "/usr/bin"]
    exchange = pytest.importorskip("nbgrader.exchange.default.exchange").Exchange     # the application lists its base
    known = {(cls.__name__, name) for cls in (exchange, *apps.NbGraderApp().all_configurable_classes())
             for name in cls.class_traits(config=True)}
    assert known.issuperset((section, name) for section in config for name in config[section])
    assert config.CourseDirectory.root == str(tmp_path)
    assert config.CourseDirectory.course_id == "it's"
    assert config.Exchange.root == str(tmp_path / "exchange")
    assert config.ClearSolutions.code_stub == {"python": CODE_STUB}


def test_without_an_exchange_nbgraders_own_place_is_left_alone(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin")
    (tmp_path / "nbgrader_config.py").write_text(configuration())
    assert "Exchange" not in loaded(tmp_path / "nbgrader_config.py")


def test_nbgrader_generates_our_exercise_in_the_folder_as_it_is(tmp_path):
    """The command itself, in the folder, with a path that holds none of this environment's programs."""
    pytest.importorskip("nbgrader")
    lay_out(tmp_path / "class", lessons=[lesson(1)])
    environ = {**os.environ, "PYTHONPATH": str(ROOT), "PATH": os.defpath, "HOME": str(tmp_path),
               "JUPYTER_CONFIG_DIR": str(tmp_path / "config"), "JUPYTER_DATA_DIR": str(tmp_path / "data")}
    done = subprocess.run([sys.executable, "-m", "nbgrader", "generate_assignment", FIRST], cwd=tmp_path / "class",
                          env=environ, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    theirs = (tmp_path / "class" / "release" / FIRST / f"{FIRST}.ipynb").read_text()
    assert json.loads(theirs) == json.loads((ROOT / "exercises" / f"{FIRST}.ipynb").read_text())


# ---- the instructor guide says what the course has --------------------------------------------------------------

GUIDE = (ROOT / "lessons" / "INSTRUCTORS.md").read_text(encoding="utf-8")


def test_the_guides_wrong_ideas_are_the_registrys():
    known = {(entry.belief, entry.question, entry.refutation) for entry in MISCONCEPTIONS.values()}
    table = GUIDE.partition("| lesson | they say | ask | then say |")[2].partition("\n\n")[0]
    rows = [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in table.splitlines()[2:]]
    assert len(rows) >= 30
    assert [row for row in rows if row[1:] not in known] == []
    assert f"knows {len(MISCONCEPTIONS)} of them" in GUIDE


def test_the_guides_questions_exist():
    named = set(re.findall(r"\b[1-7]\.[a-z]+(?:-[a-z]+)*", GUIDE))
    assert len(named) >= 14
    assert named <= {question.id for question in catalogue.everything("questions")}


@pytest.mark.parametrize("entry", LESSONS, ids=lambda entry: entry.notebook)
def test_the_guides_minutes_of_exercises_are_the_tasks_minutes(entry):
    tasks = catalogue.contents("exercises", entry.number)
    row = next(line for line in GUIDE.splitlines() if re.match(rf"\| {entry.number} [A-Z]", line))
    cells = [cell.strip() for cell in row.strip("|").split("|")]
    assert cells[2:4] == [str(sum(task.minutes for task in tasks)),
                          str(sum(task.minutes for task in tasks if task.stretch))]


@pytest.mark.parametrize("link", sorted(set(re.findall(r"\]\(#([^)]+)\)", GUIDE))))
def test_the_guides_links_lead_to_its_headings(link):
    headings = {re.sub(r"[^a-z0-9 -]", "", line.lstrip("# ").lower()).replace(" ", "-")
                for line in GUIDE.splitlines() if line.startswith("#")}
    assert link in headings
