"""Where systems differ, one function says how; here its other answer is forced, so that it runs on every system.

macOS: one loopback address, no second socket on a port, no fork. Windows: no add_reader in the default event loop, no
fork, no resource limits, no fcntl, no alarm, an old encoding. Each test names what would be missing there.
"""

import asyncio
import contextlib
import http.client
import json
import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import types
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from failover_kit import Lab
from failover_kit.commands import course as course_command
from failover_kit.commands.options import write_text
from failover_kit.course import progress
from failover_kit.course.grading import grader, processes
from failover_kit.course.grading.grader import Settings, grade
from failover_kit.course.grading.limits import Limits
from failover_kit.course.grading.submissions import Submission
from failover_kit.course.syllabus import lesson
from failover_kit.course.time_limit import TimeUp, call_within
from failover_kit.errors import LabError
from failover_kit.health import Outcome, Status
from failover_kit.network import addresses, clock, httpserver
from failover_kit.network.addresses import AddressBook, bind_tcp
from failover_kit.network.loops import new_loop

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "failover_kit"


# ---- loopback addresses and ports -------------------------------------------------------------------------------

def has_own_addresses(monkeypatch, answer):
    for module in (addresses, clock):
        monkeypatch.setattr(module, "has_all_of_loopback", lambda: answer)


SYSTEMS = {"as on Linux": (True, True), "as on Windows": (True, False), "as on macOS": (False, False)}


@pytest.fixture(params=SYSTEMS.values(), ids=SYSTEMS)
def system(request, monkeypatch):
    """(has a loopback address for every site, lets a second socket listen on a port)"""
    has_own_addresses(monkeypatch, request.param[0])
    monkeypatch.setattr(addresses, "shares_ports", lambda: request.param[1])
    return request.param


def page(site):
    """The status that a browser gets, or why it got none."""
    try:
        with urllib.request.urlopen(site.url, timeout=5) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code
    except urllib.error.URLError as error:
        return type(error.reason).__name__
    except (http.client.HTTPException, ConnectionError) as error:
        return type(error).__name__


def test_a_live_failover_there_and_back(system):
    with Lab.live(speed=50) as lab:
        east, west = lab.site("us-east-1"), lab.site("us-west-2")
        check = lab.health_check(east, request_interval=10, failure_threshold=1)
        lab.failover("app.example.com", primary=east, secondary=west, health_check=check, ttl=5)
        answers = []
        for change in (lambda: None, lambda: east.fail("crash"), east.repair):
            change()
            lab.run(60, progress=lambda now: None)
            answers.append((lab.ask("app.example.com").answer[0].values[0], page(east)))
    assert answers == [("127.0.1.10", 200), ("127.0.2.10", "ConnectionRefusedError"), ("127.0.1.10", 200)]


def test_a_crashed_site_keeps_its_port(system, monkeypatch):
    kept = []
    monkeypatch.setattr(AddressBook, "hold", lambda book, address, tls=False: kept.append((address, tls)))
    with Lab.live(speed=50) as lab:
        east = lab.site("us-east-1")
        kept.clear()
        east.fail("crash")
    assert kept == [("127.0.1.10", False)]


def test_a_site_says_where_it_is(system):
    own_addresses, _ = system
    with Lab.live(speed=50) as lab:
        east = lab.site("us-east-1")
        host, port = ("127.0.1.10" if own_addresses else "127.0.0.1"), east.url.rsplit(":", 1)[1].rstrip("/")
        assert east.url == f"http://{host}:{port}/"
        assert (f"here 127.0.0.1:{port}" in repr(east)) is not own_addresses
        assert "192.0.2.7" not in lab.world.moved


def test_where_a_client_is_counts_even_if_it_cannot_connect_from_there(system):
    """One Region cannot reach the site. Were every visitor taken for one from there, nobody could."""
    with Lab.live(speed=50) as lab:
        east = lab.site("us-east-1")
        check = lab.health_check(east, request_interval=10, failure_threshold=1)
        east.fail("partition", regions=["us-east-1"])
        lab.run(60, progress=lambda now: None)
        assert lab.status(check) is Status.HEALTHY
        seen = lab.service.monitor.latest(check.id)
    assert {one.outcome for one in seen if one.checker.region == "us-east-1"} == {Outcome.FAIL}
    assert {one.outcome for one in seen if one.checker.region != "us-east-1"} == {Outcome.PASS}


@pytest.mark.parametrize("shares", [True, False], ids=["as on Linux", "as elsewhere"])
def test_a_sites_port_is_its_own_while_it_is_down(monkeypatch, shares):
    monkeypatch.setattr(addresses, "shares_ports", lambda: shares)
    book = AddressBook()
    try:
        host, port = book.reserve("127.0.1.10")
        for _ in range(2):
            with pytest.raises(ConnectionRefusedError):
                socket.create_connection((host, port), timeout=5)
            monkeypatch.setattr(addresses, "shares_ports", lambda: True)        # the other program is on this system
            with pytest.raises(OSError, match="in use"):
                bind_tcp(host, port, alone=True)
            monkeypatch.setattr(addresses, "shares_ports", lambda: shares)
            with book.listener("127.0.1.10") as listening:
                listening.listen()
                socket.create_connection((host, port), timeout=5).close()
            book.hold("127.0.1.10")
    finally:
        book.close()


def test_a_port_that_was_taken_in_the_gap_is_named(monkeypatch):
    monkeypatch.setattr(addresses, "shares_ports", lambda: False)
    book = AddressBook()
    host, port = book.reserve("127.0.1.10")
    book.listener("127.0.1.10").close()
    with socket.create_server((host, port)), pytest.raises(LabError, match=f"has taken TCP port {port}"):
        book.hold("127.0.1.10")
    book.close()


def test_this_system_is_asked_not_guessed():
    """The answer is what a socket says, whatever the system is called."""
    can = True
    with socket.socket() as probe:
        try:
            probe.bind(("127.9.8.7", 0))
        except OSError:
            can = False
    assert addresses.has_all_of_loopback() is can
    assert addresses.shares_ports() is (sys.platform == "linux")


# ---- the event loop ---------------------------------------------------------------------------------------------

class NoReaders(asyncio.SelectorEventLoop):
    """Lacks what Windows' proactor loop lacks."""

    def add_reader(self, *_):
        raise NotImplementedError

    remove_reader = add_reader


def test_a_lab_answers_where_the_default_loop_cannot_watch_sockets(monkeypatch):
    monkeypatch.setattr(asyncio, "new_event_loop", NoReaders)
    with Lab.live(speed=50) as lab:
        lab.simple("app.example.com", "192.0.2.1")
        assert lab.ask("app.example.com").answer[0].values == ("192.0.2.1",)


def test_the_labs_loop_is_asked_for_by_name(monkeypatch):
    monkeypatch.setattr(asyncio, "new_event_loop", NoReaders)
    loop = new_loop()
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        loop.add_reader(udp.fileno(), lambda: None)
        assert loop.remove_reader(udp.fileno())
    loop.close()


# ---- processes --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("platform", "has_fork", "expected"), [
    ("linux", True, True), ("darwin", True, False), ("win32", False, False),
], ids=["Linux", "macOS", "Windows"])
def test_where_a_grader_may_fork(monkeypatch, platform, has_fork, expected):
    monkeypatch.setattr(processes, "sys", types.SimpleNamespace(platform=platform))
    monkeypatch.setattr(processes.threading, "active_count", lambda: 1)
    if not has_fork:
        monkeypatch.delattr(os, "fork", raising=False)
    elif not hasattr(os, "fork"):
        monkeypatch.setattr(os, "fork", lambda: 0, raising=False)
    assert processes.may_fork() is expected
    methods = multiprocessing.get_all_start_methods()
    assert processes.start_method() == ("forkserver" if expected and "forkserver" in methods else "spawn")
    monkeypatch.setattr(processes.threading, "active_count", lambda: 2)
    assert processes.may_fork() is False


def test_a_class_is_graded_without_any_fork(tmp_path, monkeypatch):
    monkeypatch.setattr(grader, "start_method", lambda: "spawn")
    first = lesson(1).notebook
    submissions = [Submission(learner, 1, ROOT / folder / f"{first}.ipynb")
                   for learner, folder in (("ann", "solutions"), ("bob", "exercises"))]
    solved, fresh = grade(submissions, Settings(Limits(seconds=60), fork=False), workers=1)
    assert {task.verdict for task in solved.tasks} == {"passed"}
    assert sum(task.points for task in fresh.tasks) == 0


def test_a_process_is_ended_with_all_that_it_started(monkeypatch):
    """Without process groups Windows' own program for it is called."""
    asked = []
    monkeypatch.delattr(os, "killpg", raising=False)
    monkeypatch.setattr(subprocess, "run", lambda command, **options: asked.append(command))
    processes.end_tree(4711)
    assert asked == [["taskkill", "/F", "/T", "/PID", "4711"]]


@pytest.mark.parametrize("missing", [(), ("resource",)], ids=["with resource", "without"])
def test_limits_are_set_where_the_system_has_them(missing):
    code = f"""
import json, sys
sys.modules.update(dict.fromkeys({missing!r}))
from failover_kit.course.grading.limits import Limits, confine
from failover_kit.course.system_limits import set_limits
print(json.dumps([confine(Limits()), set_limits(dict(NOSUCH=1))]))
"""
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True)
    confined, unknown = json.loads(done.stdout)
    assert confined[0] == "loopback only"
    assert ("memory" in confined) is (not missing and os.name == "posix")
    assert unknown == []


# ---- waiting, locking, who one is ----------------------------------------------------------------------------------

def test_endless_code_is_stopped_where_there_is_no_alarm(monkeypatch):
    monkeypatch.delattr(signal, "setitimer", raising=False)

    def endless():
        while True:
            time.sleep(0.001)
    with pytest.raises(TimeUp):
        call_within(0.1, endless)
    assert call_within(5, lambda: threading.current_thread() is threading.main_thread()) is False


@pytest.fixture(params=["fcntl", "msvcrt", "neither"])
def locks(request, monkeypatch):
    """The module that locks files here; Windows' is played by the other one."""
    if request.param == "fcntl":
        pytest.importorskip("fcntl")
        return request.param
    taken = []
    monkeypatch.setitem(sys.modules, "fcntl", None)
    if request.param == "msvcrt":
        monkeypatch.setitem(sys.modules, "msvcrt", types.SimpleNamespace(
            LK_LOCK=1, LK_UNLCK=0, locking=lambda descriptor, mode, size: taken.append((mode, size))))
    else:
        monkeypatch.setitem(sys.modules, "msvcrt", None)
    return taken


def test_a_journal_is_written_under_the_lock_that_there_is(tmp_path, locks):
    journal = progress.Journal(tmp_path)
    for number in range(2):
        journal.append("checked", 1.0 + number, task="1.1")
    assert journal.trouble == ""
    assert [event.number for event in progress.Journal(tmp_path).events()] == [1, 2]
    if locks and locks != "fcntl":
        assert locks == [(1, 1), (0, 1)] * 3                      # two writers and one reader, each locked and unlocked


@pytest.mark.parametrize(("user", "expected"), [(0, True), (1000, False), (None, False)], ids=["root", "learner", "Windows"])
def test_jupyter_is_told_of_root_only(monkeypatch, tmp_path, user, expected):
    called = []
    monkeypatch.setattr(course_command.subprocess, "call", lambda command: called.append(command) or 0)
    if user is None:
        monkeypatch.delattr(os, "geteuid", raising=False)
    else:
        monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    with pytest.raises(SystemExit):
        course_command.lab(folder=tmp_path, browser=False)
    assert ("--allow-root" in called[0]) is expected


# ---- text -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "ascii"])
def test_a_report_can_be_printed_in_every_encoding(encoding):
    done = subprocess.run([sys.executable, "-m", "failover_kit", "drill"], capture_output=True, cwd=ROOT, check=False,
                          env={**os.environ, "PYTHONIOENCODING": encoding})
    assert done.returncode == 0, done.stderr
    assert ("█" if encoding == "utf-8" else "####") in done.stdout.decode(encoding)


def test_files_have_the_same_line_ends_everywhere(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "linesep", "\r\n")
    write_text(tmp_path / "script.sh", "#!/bin/sh\necho ä\n")
    assert (tmp_path / "script.sh").read_bytes() == "#!/bin/sh\necho ä\n".encode()


def test_no_file_is_read_or_written_in_the_systems_own_encoding():
    """Windows' is not UTF-8, and notebooks are."""
    done = subprocess.run([sys.executable, "-m", "ruff", "check", "--isolated", "--preview", "--select", "PLW1514",
                           str(PACKAGE)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


# ---- a site's web server ----------------------------------------------------------------------------------------

def is_closed(sock):
    """Has the server ended this connection? Its reset may take a moment."""
    sock.settimeout(0.2)
    try:
        return sock.recv(1) == b""
    except TimeoutError:
        return False
    except ConnectionError:
        return True


def until(condition, patience=5.0):
    give_up = time.monotonic() + patience
    while not (holds := condition()) and time.monotonic() < give_up:
        time.sleep(0.02)
    return holds


def test_connections_to_a_site_are_limited(monkeypatch):
    """Ten may stay, silent or not; the others are ended at once, and there is room again when the ten have left."""
    monkeypatch.setattr(httpserver, "MAX_CONNECTIONS", 10)
    with Lab.live() as lab, contextlib.ExitStack() as crowd:
        east = lab.site("us-east-1")
        where = urlsplit(east.url)
        sockets = [crowd.enter_context(socket.create_connection((where.hostname, where.port), timeout=5)) for _ in range(30)]
        assert until(lambda: sum(is_closed(sock) for sock in sockets) == 20)
        assert page(east) in ("ConnectionResetError", "RemoteDisconnected")
        crowd.close()
        assert until(lambda: page(east) == 200)


def test_a_visitor_that_says_nothing_is_shown_out(monkeypatch):
    monkeypatch.setattr(httpserver, "HEAD_LIMIT", 0.2)
    with Lab.live() as lab:
        east = lab.site("us-east-1")
        where = urlsplit(east.url)
        with socket.create_connection((where.hostname, where.port), timeout=5) as silent:
            assert until(lambda: is_closed(silent))
        assert page(east) == 200
