"""Lesson 1 says what is so: its claims against runs of the notebook, live and virtual, and against its sources."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbclient import NotebookClient

from failover_kit import Lab
from failover_kit.course import prediction_box, progress
from failover_kit.course.catalogue import contents
from failover_kit.course.syllabus import lesson
from failover_kit.figures.ttl_figure import first_new
from failover_kit.widgets import PacketView
from failover_kit.zone import SOA_TIMES, SOA_TTL

REPOSITORY = Path(__file__).resolve().parents[2]
FILE = REPOSITORY / "lessons" / f"{lesson(1).notebook}.ipynb"
LIVE_ONLY = {"dig"}      # whose outputs need a socket, and a program that may not be installed


def saved():
    return nbformat.read(FILE, as_version=4)


def run(book, folder):
    """Text outputs by cell id, of a run in which `explain` raises where the run does not show the question's answer."""
    environment = {progress.PROGRESS_VARIABLE: "off", prediction_box.VERIFY_VARIABLE: "1",
                   "PYTHONPATH": str(REPOSITORY), "PATH": "/usr/bin:/bin", "HOME": str(folder),
                   "IPYTHONDIR": str(folder)}
    NotebookClient(book, timeout=60, kernel_name="python3", resources={"metadata": {"path": str(folder)}}).execute(
        env=environment)
    return told(book)


def told(book):
    outputs = {}
    for cell in book.cells:
        for output in cell.get("outputs", ()):
            assert output.get("name") != "stderr", f"{cell.id}: {output.text}"
            text = output.get("text") or output.get("data", {}).get("text/plain", "")
            outputs[cell.id] = outputs.get(cell.id, "") + text
    return outputs


@pytest.fixture(scope="module")
def live(tmp_path_factory):
    return run(saved(), tmp_path_factory.mktemp("live"))


@pytest.fixture(scope="module")
def virtual(tmp_path_factory):
    book = saved()
    cell = next(cell for cell in book.cells if cell.id == "lab")
    assert cell.source.count("Lab.best(speed=40)") == 1
    cell.source = cell.source.replace("Lab.best(speed=40)", "Lab.virtual()")
    return run(book, tmp_path_factory.mktemp("virtual"))


def source(cell_id):
    return next(cell.source for cell in saved().cells if cell.id == cell_id)


# ---- the runs ---------------------------------------------------------------------------------------------------

def test_two_runs_say_the_same(live):
    assert {key: text for key, text in live.items() if key not in LIVE_ONLY} == {
        key: text for key, text in told(saved()).items() if key not in LIVE_ONLY}


def test_the_virtual_twin_says_the_same_as_the_live_lab(live, virtual):
    assert {key: text for key, text in virtual.items() if key not in LIVE_ONLY} == {
        key: text for key, text in live.items() if key not in LIVE_ONLY}


EAST, WEST = "127.0.1.10", "127.0.2.10"


@pytest.mark.parametrize(("cell", "text"), [
    ("lab", f"(<site us-east-1 at {EAST}>, <site us-west-2 at {WEST}>)"),
    ("visit", f"('{EAST}', 'us-east-1', '200 OK')"),
    ("two-resolvers", f"('{EAST}', '{EAST}')"), ("other-zone", f"'{WEST}'"),
    ("aa", "(False, True)"),
    ("cname", f"(('app.example.com.',), ('{EAST}',))"),
    ("missing-run", "('NOERROR', ())"), ("typo", "('NXDOMAIN', ())"), ("non-terminal", "('NOERROR', ())"),     # C6
    ("second-hand", "(True, False)"),
    ("change-run", f"(('{EAST}',), 40, 'cache')"), ("change-authority-run", f"('{WEST}',)"),
    ("live-read", "Dora went to us-east-1 and then to us-west-2\n"
                  "She went to us-east-1 after the record had changed: True\n"
                  "The last time was within one TTL of the change: True\n"),
    ("pitfall-wrong", "looked too early: NXDOMAIN\nits users have the new name after 900 s\n"),                # C4, H24
    ("pitfall-right", "its users have the new name after 0 s\n"),
    ("pitfall-soa", "(900, '86400')"),                                                                         # C2
    ("boto3", "'PENDING'"), ("wait", f"('INSYNC', ('{EAST}',))")])                                             # D11
def test_a_cell_shows_what_the_prose_around_it_says(live, cell, text):
    assert live[cell] == text


# ---- numbers and words of the prose -------------------------------------------------------------------------------

def test_the_challenge_can_be_met_and_is_not_met_by_what_stands_there(live):
    assert live["challenge"].endswith("Not yet.\n")
    names = {"east": SimpleNamespace(address=EAST), "west": SimpleNamespace(address=WEST)}
    exec(source("imports") + "\nquestion = Question('app.example.com.', 'A')\n" + source("shop-moves"), names)
    body = source("challenge").split("\n\n", 1)[1].replace("print", "said.append")
    met = []
    for ttl in range(10, 301, 10):                   # where the slider can stand
        names |= {"my_ttl": ttl, "said": []}
        exec(body, names)
        met += [ttl] * (names["said"][-1] == "Challenge met.")
    assert met == [50, 60]
    assert first_new(names["shop_moves"](200, 200), 200, EAST) == 200, "with a change at 200 s, users move at once"
    assert first_new(names["shop_moves"](200, 210), 210, EAST) == 400, "and a little later they do not"


@pytest.fixture
def view():
    with Lab.virtual() as lab:
        lab.simple("app.example.com", EAST, ttl=60)
        yield PacketView.asking("app.example.com", send=lab.send)


def values(view, section, name):
    return [field[4] for field in view.fields if field[2:4] == [section, name]]


def test_the_answers_about_the_packet(view):
    assert view.query.endswith("00 01 00 01")
    assert values(view, "header", "flags") == ["QUERY RD"]
    view.side = "reply"
    assert "AA" in values(view, "header", "flags")[0].split()
    assert values(view, "answer", "pointer") == ["-> byte 12"]
    view.ask("www.example.org")
    assert "REFUSED" in values(view, "header", "flags")[0]
    view.side = "query"
    view.received({"hex": view.query.removesuffix("00 01 00 01") + "00 1c 00 01"})
    assert view.type == "AAAA"


def test_the_zone_that_the_pitfall_speaks_of_is_a_new_one():
    assert (SOA_TTL, SOA_TIMES.split()[-1]) == (900, "86400")


def test_each_question_of_the_lesson_is_asked_and_explained():
    text = "\n".join(cell.source for cell in saved().cells if cell.cell_type == "code")
    ids = [question.id for question in contents("questions", 1)]
    assert re.findall(r'predict\("([^"]+)"\)', text) == ids
    assert re.findall(r'explain\("([^"]+)"', text) == ids


def test_the_text_to_keep_is_what_aws_takes(live):
    command, _, template = live["to-keep"].partition("\n\n")
    batch = json.loads(command.partition("--change-batch '")[2].rstrip("'"))
    change, = batch["Changes"]
    properties = json.loads(template)["Resources"]["App"]["Properties"]
    record = change["ResourceRecordSet"]
    assert (properties["Name"], properties["Type"], properties["TTL"]) == (
        f"{record['Name']}.", record["Type"], str(record["TTL"]))                                              # D21
    assert properties["ResourceRecords"] == [value["Value"] for value in record["ResourceRecords"]]


# ---- its form ------------------------------------------------------------------------------------------------------

def test_the_minutes_add_up_to_those_of_the_syllabus():
    minutes = [cell.metadata["minutes"] for cell in saved().cells if "minutes" in cell.metadata]
    assert sum(minutes) == lesson(1).minutes


def test_cells_are_short():
    lines = sorted(cell.source.count("\n") + 1 for cell in saved().cells if cell.cell_type == "code")
    assert lines[-1] <= 13
    assert lines[len(lines) // 2] <= 3


def test_every_heading_begins_a_slide():
    for cell in saved().cells:
        if re.match(r"#{1,2} ", cell.source) and cell.cell_type == "markdown":
            assert cell.metadata["slideshow"]["slide_type"] == "slide", cell.id


def test_the_files_it_links_to_have_the_names_of_the_course():
    text = "\n".join(cell.source for cell in saved().cells if cell.cell_type == "markdown")
    linked = {target for target in re.findall(r"\]\(([^)#]+)\)", text) if "://" not in target}
    assert linked == {"GLOSSARY.md", f"../exercises/{lesson(1).notebook}.ipynb", f"{lesson(2).notebook}.ipynb"}
