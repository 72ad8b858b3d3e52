"""The journal: appended to, chained, shared by several writers, and never a reason to stop."""

import json
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from failover_kit.course import progress
from failover_kit.course.progress import GENESIS, Journal, journal, read_chain

ROOT = Path(__file__).parents[2]


@pytest.fixture
def book(tmp_path):
    return Journal(tmp_path / "data")


def fill(book, count=5):
    for number in range(count):
        book.append("checked", 100.0 + number, task=f"1.{number + 1}", verdict="passed")
    return book.file.read_text().splitlines(keepends=True)


def test_events_come_back_in_order_with_their_time_and_data(book):
    book.append("hinted", 12.5, task="1.1")
    book.append("checked", 13.5, task="1.1", verdict="passed")
    assert [(event.number, event.at, event.kind, dict(event.data)) for event in book.events()] == [
        (1, 12.5, "hinted", {"task": "1.1"}), (2, 13.5, "checked", {"task": "1.1", "verdict": "passed"})]


def test_another_session_goes_on_where_the_first_one_stopped(book):
    fill(book, 2)
    again = Journal(book.folder)
    again.append("hinted", 200.0, task="1.1")
    assert [event.number for event in book.events()] == [1, 2, 3]


def test_every_event_holds_the_digest_of_the_one_before(book):
    fill(book, 3)
    events = book.events()
    assert [event.previous for event in events] == [GENESIS, events[0].digest, events[1].digest]


def test_a_digest_is_the_sha256_of_the_events_other_fields(book):
    fill(book, 1)
    content = json.loads(book.file.read_text())
    digest = content.pop("digest")
    done = subprocess.run(["sha256sum"], input=json.dumps(content, sort_keys=True).encode(), capture_output=True,
                          check=True)
    assert done.stdout.split()[0].decode() == digest


@pytest.mark.parametrize(("damage", "said"), [
    (lambda lines: [lines[0], lines[1].replace("passed", "failed"), *lines[2:]], "line 2 was changed"),
    (lambda lines: [*lines[:2], *lines[3:]], "before line 3 something is missing"),
    (lambda lines: [lines[1], lines[0], *lines[2:]], "before line 1 something is missing or was added"),
    (lambda lines: [*lines, lines[-1]], "before line 6 something is missing or was added"),
    (lambda lines: [*lines[:-1], lines[-1][:40]], "line 5 cannot be read"),
    (lambda lines: [*lines[:-1], lines[-1].rstrip("\n")], "line 5 cannot be read"),
    (lambda lines: ["not json\n", *lines], "line 1 cannot be read"),
    (lambda lines: ["[1, 2]\n", *lines], "line 1 cannot be read"),
    (lambda lines: ['{"number": "one"}\n', *lines], "line 1 cannot be read"),
    (lambda lines: ["\n", *lines], "line 1 cannot be read"),
], ids=["edited", "deleted", "swapped", "doubled", "torn", "no newline", "text", "list", "odd fields", "empty line"])
def test_damage_is_found_the_file_set_aside_and_what_can_be_read_goes_on(book, damage, said):
    lines = damage(fill(book))
    book.file.write_text("".join(lines))
    tasks_in_file = [json.loads(line)["data"]["task"] for line in lines
                     if line.startswith('{"at"') and line.endswith("}\n")]
    assert said in read_chain(lines).fault

    event = book.append("hinted", 200.0, task="1.9")

    assert book.file.with_name("progress.damaged-1.jsonl").read_text() == "".join(lines)
    events = book.events()
    assert not read_chain(book.file.read_text().splitlines(keepends=True)).fault
    assert events[-1] == event
    repairs = [entry for entry in events if entry.kind == "repaired"]
    assert [entry.data["set_aside"] for entry in repairs] == ["progress.damaged-1.jsonl"]
    assert said in repairs[0].data["fault"]
    after = events.index(repairs[0]) + 1
    assert all(entry.data["unverified"] for entry in events[after:-1])
    assert [entry.data["task"] for entry in events if entry.kind == "checked"] == tasks_in_file


def test_a_second_damaged_file_does_not_replace_the_first(book):
    for number in (1, 2):
        fill(book, 1)
        book.file.write_text(f"damage {number}\n")
        book.events()
    assert sorted(path.name for path in book.folder.glob("*.damaged-*")) == [
        "progress.damaged-1.jsonl", "progress.damaged-2.jsonl"]


def test_bytes_that_are_no_text_are_damage_too(book):
    fill(book, 2)
    with open(book.file, "ab") as out:
        out.write(b"\xff\xfe\x00")
    assert [event.kind for event in book.events()] == ["checked", "checked", "repaired"]


def test_a_folder_that_cannot_be_written_to_is_no_reason_to_stop(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    book = Journal(tmp_path / "file" / "data")
    book.append("hinted", 1.0, task="1.1")
    book.append("hinted", 2.0, task="1.1")
    assert [event.number for event in book.events()] == [1, 2]
    assert book.trouble


def test_what_was_kept_in_memory_is_saved_as_soon_as_that_works(tmp_path):
    blocker = tmp_path / "data"
    blocker.write_text("in the way")
    book = Journal(blocker)
    book.append("hinted", 1.0, task="1.1")
    blocker.unlink()
    book.append("hinted", 2.0, task="1.2")
    assert [event.data["task"] for event in Journal(blocker).events()] == ["1.1", "1.2"]
    assert book.trouble == ""


def test_without_a_folder_events_stay_in_memory():
    book = Journal(None)
    book.append("hinted", 1.0, task="1.1")
    assert len(book.events()) == 1


def test_several_threads_lose_nothing(book):
    def write(name):
        for number in range(20):
            book.append("hinted", float(number), task=name)
    threads = [threading.Thread(target=write, args=(f"1.{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(book.events()) == 80
    assert not list(book.folder.glob("*.damaged-*"))


def test_several_processes_lose_nothing(book):
    script = ("import sys; from pathlib import Path; from failover_kit.course.progress import Journal\n"
              "book = Journal(Path(sys.argv[1]))\n"
              "for number in range(20): book.append('hinted', float(number), task=sys.argv[2])")
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    writers = [subprocess.Popen([sys.executable, "-c", script, str(book.folder), f"1.{n}"], env=environ)
               for n in range(3)]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    events = book.events()
    assert len(events) == 60
    assert not list(book.folder.glob("*.damaged-*"))
    for name in ("1.0", "1.1", "1.2"):
        assert [event.at for event in events if event.data["task"] == name] == [float(n) for n in range(20)]


def test_an_export_holds_every_event_and_pins_the_last_one(book, tmp_path):
    fill(book, 3)
    content = json.loads(book.export(tmp_path / "export.json").read_text())
    assert content["head"] == book.events()[-1].digest
    lines = [json.dumps(event) + "\n" for event in content["events"]]
    assert not read_chain(lines).fault


def test_an_empty_journal_can_be_exported(book, tmp_path):
    assert json.loads(book.export(tmp_path / "export.json").read_text()) == {
        "format": progress.FORMAT, "head": GENESIS, "events": []}


@pytest.mark.parametrize(("environ", "folder"), [
    ({"FAILOVER_KIT_PROGRESS": "off"}, None),
    ({"FAILOVER_KIT_PROGRESS": "/somewhere/else"}, Path("/somewhere/else")),
    ({"FAILOVER_KIT_PROGRESS": "/here", "PYTEST_CURRENT_TEST": "x"}, Path("/here")),
    ({"PYTEST_CURRENT_TEST": "x"}, None),
    ({"NBGRADER_EXECUTION": "autograde"}, None),
], ids=["off", "elsewhere", "elsewhere in a test", "in a test", "in an autograder"])
def test_the_environment_says_where_the_journal_lies(environ, folder):
    assert journal(environ).folder == folder


def test_the_journal_lies_in_the_users_data_directory_otherwise():
    import platformdirs
    assert journal({}).folder == Path(platformdirs.user_data_dir("failover-kit", appauthor=False))
