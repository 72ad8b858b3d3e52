"""classvote/booth.py over real HTTP: votes and rounds, and what strangers, junk and other web pages get."""

import contextlib
import json
import signal
import socket
import subprocess
import sys

import pytest
from polling import VOTERS, ask, ballot, served

from failover_kit.course.classvote.ballots import MOST_VOTERS, BallotBox
from failover_kit.course.classvote.booth import KEY_HEADER, VOTES_AT_ONCE, Booth
from failover_kit.course.predictions import find_prediction
from failover_kit.course.progress import Journal

QUESTION = find_prediction("6.instant")
KEYS = [*QUESTION.choices]


class Vote:
    """An open vote: its URL, its box, and its requests."""

    def __init__(self, url, booth, now):
        self.url, self.booth, self.now = url, booth, now

    def ask(self, *arguments, **options):
        return ask(self.url, *arguments, **options)

    def cast(self, **fields):
        return self.ask("POST", "/vote", ballot(**fields))

    def counts(self):
        status, _, told = self.ask("GET", "/votes", **{KEY_HEADER: self.booth.key})
        assert status == 200
        return [{key: count for key, count in entry["counts"].items() if count} for entry in told["rounds"]]

    def new_round(self, **headers):
        return self.ask("POST", "/round", **{KEY_HEADER: self.booth.key, **headers})


@pytest.fixture
def vote():
    now = [0.0]
    box = BallotBox(QUESTION)
    booth = Booth(box.tally, box, names=("classroom.test",), clock=lambda: now[0])
    with served(booth) as url:
        yield Vote(url, booth, now)


def test_votes_and_a_second_vote_after_discussion(vote):
    assert vote.cast(voter=VOTERS[1], choice=KEYS[0])[::2] == (200, {"counted": True, "round": 1})
    vote.cast(voter=VOTERS[2], choice=KEYS[1])
    vote.cast(voter=VOTERS[2], choice=KEYS[2])                 # thought again: the latest counts
    assert vote.counts() == [{KEYS[0]: 1, KEYS[2]: 1}]
    assert vote.new_round()[0] == 200
    assert vote.cast(voter=VOTERS[1], choice=KEYS[2])[2] == {"counted": True, "round": 2}
    assert vote.counts() == [{KEYS[0]: 1, KEYS[2]: 1}, {KEYS[2]: 1}]


def test_a_class_says_which_one_it_is_and_is_another_one_each_time(vote):
    status, _, told = vote.ask("GET", "/class")
    assert (status, told["kind"], told["question"]) == (200, "failover-kit vote", "6.instant")
    another = Booth(vote.booth.tally, vote.booth.box)
    assert told["class"] != json.loads(another("GET", "/class", {"Host": "localhost"}, b"")[2])["class"]


@pytest.mark.parametrize(("fields", "status"), [
    ({"choice": "<b>nowhere</b>"}, 409), ({"choice": ["instant"]}, 400), ({"choice": None}, 400),
    ({"question": "6.tenth"}, 409), ({"question": "9.none"}, 409),
    ({"confidence": 101}, 400), ({"confidence": -1}, 400), ({"confidence": "70"}, 400), ({"confidence": True}, 400),
    ({"confidence": 0.5}, 400), ({"voter": "ann"}, 400), ({"voter": "G" * 32}, 400), ({"voter": VOTERS[1] + "\n"}, 400),
], ids=str)
def test_a_vote_that_is_not_one_is_refused_and_not_repeated(vote, fields, status):
    got, _, told = vote.cast(**fields)
    assert got == status
    assert not [value for value in fields.values() if isinstance(value, str) and value and value in json.dumps(told)]
    assert vote.counts() == [{}]


@pytest.mark.parametrize(("body", "status", "kind"), [
    pytest.param("", 400, "application/json", id="empty"),
    pytest.param("{", 400, "application/json", id="broken"),
    pytest.param("[]", 400, "application/json", id="a list"),
    pytest.param("3", 400, "application/json", id="a number"),
    pytest.param("[" * 500, 400, "application/json", id="deep"),
    pytest.param(json.dumps({**ballot(), "name": "ann"}), 400, "application/json", id="one field more"),
    pytest.param(json.dumps(ballot()), 415, "text/plain", id="as text"),
    pytest.param(json.dumps(ballot()), 415, "application/x-www-form-urlencoded", id="as a form"),
    pytest.param(" " * 600, 413, "application/json", id="too long"),
    pytest.param("x" * 3_000_000, 413, "application/json", id="far too long"),
])
def test_junk_is_refused(vote, body, status, kind):
    with contextlib.suppress(ConnectionError):        # a very long one may be cut off while it is still being sent
        assert vote.ask("POST", "/vote", body, Content_Type=kind)[0] == status
    assert vote.counts() == [{}]


@pytest.mark.parametrize("headers", [{"Origin": "http://evil.test"}, {"Origin": "null"}, {"Sec_Fetch_Site": "cross-site"},
                                     {"Sec_Fetch_Site": "same-origin"}], ids=str)
def test_a_web_page_cannot_vote(vote, headers):
    assert vote.ask("POST", "/vote", ballot(), **headers)[0] == 403
    assert vote.counts() == [{}]


@pytest.mark.parametrize(("host", "status"), [
    ("evil.test", 421), ("evil.test:80", 421), ("127.0.0.1.evil.test", 421), ("", 421), ("[::1", 421), ("localhost", 200),
    ("[::1]:80", 200), ("classroom.test:8123", 200), ("192.0.2.7", 200)])
def test_a_name_that_was_made_to_lead_here_is_refused(vote, host, status):
    assert vote.ask("GET", "/class", Host=host)[0] == status


@pytest.mark.parametrize(("method", "path"), [("GET", "/votes"), ("POST", "/round")])
@pytest.mark.parametrize("headers", [
    {}, {KEY_HEADER: "guess"}, {KEY_HEADER: "\xff\xfe"}, {"KEY": "right", "Origin": "http://evil.test"},
    {"KEY": "right", "Origin": "null"},
    {"KEY": "right", "Sec_Fetch_Site": "cross-site"}, {"KEY": "right", "Sec_Fetch_Site": "same-site"}],
    ids=["no key", "wrong key", "no text", "another origin", "no origin", "cross-site", "same-site"])
def test_results_and_buttons_are_the_presenters_own(vote, method, path, headers):
    headers = {**headers}
    if headers.pop("KEY", None):
        headers[KEY_HEADER] = vote.booth.key
    status, sent, told = vote.ask(method, path, **headers)
    assert status == 403
    assert told.keys() == {"error"}
    assert "Access-Control-Allow-Origin" not in sent
    assert len(vote.booth.tally().rounds) == 1


def test_the_page_itself_may_press_its_buttons(vote):
    assert vote.new_round(Origin=vote.url, Sec_Fetch_Site="same-origin")[0] == 200
    assert len(vote.counts()) == 2


def test_no_more_votes_than_a_lecture_can_cast(vote):
    statuses = [vote.cast(voter=voter)[0] for voter in VOTERS[:VOTES_AT_ONCE + 1]]
    assert set(statuses[:-1]) == {200}
    assert statuses[-1] == 429
    vote.now[0] += 1                       # a second later
    assert vote.cast(voter=VOTERS[0], choice=KEYS[1])[0] == 200


def test_no_more_voters_than_a_lecture_has():
    box = BallotBox(QUESTION)
    now = iter(range(10_000))
    booth = Booth(box.tally, box, clock=lambda: float(next(now)))
    statuses = [booth("POST", "/vote", {"Host": "localhost", "Content-Type": "application/json"},
                      json.dumps(ballot(voter=voter)).encode())[0] for voter in VOTERS[:MOST_VOTERS + 1]]
    assert set(statuses[:-1]) == {200}
    assert statuses[-1] == 409


@pytest.mark.parametrize(("method", "path"), [
    ("GET", "/../booth.py"), ("GET", "/booth.py"), ("GET", "/class/"), ("DELETE", "/votes"), ("GET", "/vote"),
    ("GET", "/?x=<script>"), ("OPTIONS", "/vote"), ("PUT", "/round")])
def test_there_is_nothing_else(vote, method, path):
    status, _, told = vote.ask(method, path)
    assert (status, told) == (404, {"error": "There is nothing here."})


@pytest.mark.parametrize(("path", "kind"), [
    ("/", "text/html"), ("/booth.js", "text/javascript"), ("/booth.css", "text/css")])
def test_the_pages_files_are_locked_down(vote, path, kind):
    status, headers, text = vote.ask("GET", path)
    assert (status, headers.get_content_type()) == (200, kind)
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert vote.booth.key not in text
    assert "http" not in text.replace("http://www.w3.org/2000/svg", "")


def test_a_slow_stranger_keeps_nobody_from_voting(vote):
    host, port = vote.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as slow:
        slow.sendall(b"POST /vote HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\n{")
        assert vote.cast()[0] == 200


def test_with_progress_files_nobody_votes_over_http(tmp_path):
    booth = Booth(lambda: pytest.fail("not asked"), None)
    for method, path in (("GET", "/class"), ("POST", "/vote")):
        headers = {"Host": "localhost", "Content-Type": "application/json"}
        assert booth(method, path, headers, json.dumps(ballot()).encode())[0] == 409


# The command

def run(*arguments):
    return subprocess.run([sys.executable, "-m", "failover_kit", "vote", *arguments], capture_output=True, text=True,
                          timeout=100, check=False)


def test_the_command_counts_progress_files(tmp_path):
    Journal(tmp_path / "ann").append("predicted", 1.0, question="6.instant", choice=KEYS[0], confidence=60, correct=False)
    told = json.loads(run("6.instant", str(tmp_path), "--json").stdout)
    assert told["rounds"][0]["counts"][KEYS[0]] == 1
    shown = run("6.instant", str(tmp_path), "--answer").stdout
    assert "1 (100%)" in shown
    assert "First vote: 1, 60 % sure" in shown
    assert shown.count("✓ right") == 1


def test_the_command_takes_votes_and_ends_with_a_count():
    with subprocess.Popen([sys.executable, "-m", "failover_kit", "vote", "6.instant", "--port", "0", "--json"],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            page = process.stderr.readline().split()[-1]
            url = page.partition("/#key=")[0]
            assert f'join_class("{url}")' in process.stderr.readline()
            assert ask(url, "POST", "/vote", ballot())[0] == 200
            process.send_signal(signal.SIGINT)
            told = json.loads(process.communicate(timeout=30)[0])
        finally:
            process.kill()
    assert told["rounds"][0]["votes"] == 1
    assert process.returncode == 0


@pytest.mark.parametrize(("arguments", "message"), [
    (["6.instant"], "Name the folder"), (["6.nothing", "--port", "0"], "nothing named '6.nothing'"),
    (["6.instant", "/nowhere/at/all"], "no folder /nowhere/at/all")], ids=["no source", "no question", "no folder"])
def test_the_command_says_what_is_missing(arguments, message):
    shown = run(*arguments)
    assert shown.returncode == 1
    assert message in shown.stderr
    assert "Traceback" not in shown.stderr


def test_bars_are_as_long_as_their_share():
    from failover_kit.commands.vote import BAR, _bar

    lengths = [str(_bar(*numbers)).count("█") for numbers in ((0, 0), (0, 4), (2, 4), (4, 4))]
    assert lengths == [0, 0, BAR / 2, BAR]
