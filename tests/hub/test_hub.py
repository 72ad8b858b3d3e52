"""course/hub.py: a real JupyterHub as the kit lays it out, with two learners at once, each with a live lab.

Learners here are names, not users of this machine, so that the tests need no rights: what the system itself keeps apart
(B's processes from A's) is not shown; that A's files are closed to others is shown by their rights.
"""

import ipaddress
import json
import os
import re
import shutil
import socket
import stat
import subprocess
import sys

import hub_process
import pytest
from hub_process import Hub, Learner

from failover_kit.course import classroom
from failover_kit.course.progress import read_chain
from failover_kit.course.syllabus import lesson
from failover_kit.records import Question
from failover_kit.wire import decode_reply, encode_query

LAB = """
import json
from failover_kit import Lab
lab = Lab.live(speed=50)
east, west = lab.site("us-east-1"), lab.site("us-west-2")
check = lab.health_check(east, request_interval=10, failure_threshold=1)
lab.failover("app.example.com", primary=east, secondary=west, health_check=check, ttl=5)
lab.simple("mine.example.com", "{address}")
lab.api.client()
if {is_crashed}:
    east.fail("crash")
lab.run(60, progress=lambda now: None)
print(json.dumps(dict(dns=lab.dns_address, api=lab.api.url, sites=[site.url for site in lab.sites],
                      app=lab.ask("app.example.com").answer[0].values[0])))
"""
COMMIT = """
from failover_kit.course import predict
question = predict({question!r})
question.commit({answer!r}, confidence=80)
"""
ASSIGNMENT = lesson(1).notebook


@pytest.fixture(scope="module")
def hub(tmp_path_factory):
    """A hub; when it ends, nothing that it started may be left."""
    if reason := hub_process.missing_parts():
        pytest.skip(reason)
    folder = tmp_path_factory.mktemp("hub")
    hub = Hub(folder, hub_process.proxy_command(folder / "proxy"))
    try:
        yield hub
    finally:
        left = hub.close()
    assert left == []
    assert hub.process.returncode in (0, -15, 143), hub.log.read_text()


@pytest.fixture(scope="module")
def learners(hub):
    """Ann and Bob: their servers start at the same time."""
    both = Learner(hub, "ann"), Learner(hub, "bob")
    for learner in both:
        learner.begin_server()
    for learner in both:
        learner.await_server()
    return both


@pytest.fixture(scope="module")
def kernels(learners):
    both = [learner.kernel() for learner in learners]
    yield both
    for kernel in both:
        kernel.close()


@pytest.fixture(scope="module")
def labs(kernels):
    """What each learner's live lab says of itself, both running; Ann's primary has crashed."""
    begun = [kernel.begin(LAB.format(address=f"192.0.2.{number}", is_crashed=number == 1))
             for number, kernel in enumerate(kernels, start=1)]
    return [json.loads(kernel.result(message)) for kernel, message in zip(kernels, begun, strict=True)]


def dig(address, name):
    """The first answer of a lab's DNS server to somebody outside its process."""
    host, _, port = address.rpartition(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.settimeout(5)
        udp.sendto(encode_query(Question(name, "A"), 7), (host, int(port)))
        return decode_reply(udp.recv(4096))[2].answer[0].values[0]


def test_two_live_labs_run_at_once_and_neither_sees_the_others_outage(labs):
    assert [lab["app"] for lab in labs] == ["127.0.2.10", "127.0.1.10"]
    assert [dig(lab["dns"], "app.example.com.") for lab in labs] == ["127.0.2.10", "127.0.1.10"]
    assert [dig(lab["dns"], "mine.example.com.") for lab in labs] == ["192.0.2.1", "192.0.2.2"]


def test_their_ports_do_not_clash(labs):
    places = [place for lab in labs for place in (lab["dns"], lab["api"], *lab["sites"])]
    assert len(set(places)) == len(places) == 8


def test_everything_that_listens_is_on_loopback(hub, labs):
    listening = {connection.laddr.ip for process in hub.processes() for connection in process.net_connections("inet")
                 if connection.status == "LISTEN" or (connection.type == socket.SOCK_DGRAM and not connection.raddr)}
    assert "127.0.0.1" in listening
    assert all(ipaddress.ip_address(address).is_loopback for address in listening)


def test_each_finds_the_notebooks_in_a_folder_of_their_own(learners):
    for learner in learners:
        names = {entry["name"] for entry in learner.ask("GET", "api/contents/lessons")[1]["content"]}
        assert {f"{lesson(number).notebook}.ipynb" for number in range(1, 8)} <= names
        assert "INSTRUCTORS.md" not in names
        assert {entry["name"] for entry in learner.ask("GET", "api/contents")[1]["content"]} >= {"lessons", "exercises"}
        assert learner.ask("GET", "api/contents/solutions")[0] == 404


def test_what_one_learner_changes_the_other_does_not_see(learners):
    ann, bob = learners
    path = f"api/contents/lessons/{ASSIGNMENT}.ipynb"
    mine = ann.ask("GET", path)[1]
    mine["content"]["cells"][0]["source"] = "Ann was here"
    assert ann.ask("PUT", path, {"type": "notebook", "content": mine["content"]})[0] == 200
    assert ann.ask("GET", path)[1]["content"]["cells"][0]["source"] == "Ann was here"
    assert bob.ask("GET", path)[1]["content"]["cells"][0]["source"] != "Ann was here"


def test_each_has_a_journal_of_their_own_that_others_may_not_read(learners, kernels):
    for kernel, answer in zip(kernels, ("browser", "resolver"), strict=True):
        kernel.run(COMMIT.format(question="1.who-decides", answer=answer))
    journals = [next(learner.home.rglob("progress.jsonl")) for learner in learners]
    events = [read_chain(journal.read_text().splitlines(keepends=True)).events for journal in journals]
    assert [[event.kind for event in chain] for chain in events] == [["predicted"], ["predicted"]]
    assert events[0][0].data != events[1][0].data
    for path in (*journals, *(learner.home / "failover-course" for learner in learners)):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path


def test_each_draws_numbers_of_their_own(kernels):
    """The course's key is set for all, the name is the one that they came in with."""
    told = [json.loads(kernel.run(
        "import json; from failover_kit.course.seeds import learner_from\n"
        "print(json.dumps([learner_from().course_key, learner_from().name]))")) for kernel in kernels]
    assert told == [["spring", "ann"], ["spring", "bob"]]


def test_learners_see_no_instructors_tools_and_no_news(learners):
    page = learners[0].ask("GET", "lab")[1]
    shown = json.loads(re.search(r'id="jupyter-config-data"[^>]*>(.*?)</script>', page, re.S).group(1))
    assert {"@jupyter/nbgrader:create-assignment", "@jupyter/nbgrader:formgrader"} <= set(shown["disabledExtensions"])
    assert "@jupyter/nbgrader:assignment-list" not in shown["disabledExtensions"]
    assert shown["news"] == {"disabled": True}


def test_nobody_gets_into_the_server_of_somebody_else(learners):
    ann, bob = learners
    assert ann.ask("GET", "api/contents")[0] == 200
    assert ann.ask("GET", "api/contents", of=bob)[0] == 403


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its data in memory")
def test_an_endless_list_ends_in_a_memory_error(kernels):
    assert kernels[0].run("try:\n    bytearray(2 * 2**30)\nexcept MemoryError:\n    print('enough')") == "enough\n"


def test_idle_servers_have_somebody_who_ends_them(hub):
    assert any("jupyterhub_idle_culler" in " ".join(process.cmdline()) for process in hub.processes())


def test_released_work_is_fetched_and_handed_in(hub, learners, kernels, tmp_path):
    """nbgrader through the hub's exchange: the learner's side knows where it is from the hub alone."""
    classroom.lay_out(tmp_path / "class", exchange=hub.folder / "exchange", lessons=[lesson(1)])
    made = tmp_path / "class" / "release" / ASSIGNMENT            # as nbgrader generate_assignment would
    made.mkdir(parents=True)
    shutil.copy(hub_process.REPOSITORY / "exercises" / f"{ASSIGNMENT}.ipynb", made)
    environ = {**os.environ, "PYTHONPATH": str(hub_process.REPOSITORY), "HOME": str(tmp_path),
               "JUPYTER_CONFIG_DIR": str(tmp_path / "config"), "JUPYTER_DATA_DIR": str(tmp_path / "data")}
    done = subprocess.run([sys.executable, "-m", "nbgrader", "release_assignment", ASSIGNMENT], cwd=tmp_path / "class",
                          env=environ, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    for verb in ("fetch_assignment", "submit"):
        told = kernels[0].run("import os, subprocess; os.chdir(os.path.expanduser('~/failover-course'))\n"
                              f"done = subprocess.run(['nbgrader', {verb!r}, {ASSIGNMENT!r}],\n"
                              "                      capture_output=True, text=True)\n"
                              "print(done.returncode, done.stderr)")
        assert told.startswith("0 "), told
    assert (learners[0].home / "failover-course" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb").is_file()
    handed_in = list((hub.folder / "exchange" / "failover" / "inbound").glob(f"*+{ASSIGNMENT}+*/{ASSIGNMENT}.ipynb"))
    assert len(handed_in) == 1
