"""classvote/joining.py: an answer is sent once, to the class that was joined, and without it nothing at all."""

import http.server
import json
import re
import stat
import sys
import threading
import time

import pytest
from polling import served

from failover_kit.course import join_class, leave_class, predict
from failover_kit.course.classvote import joining
from failover_kit.course.classvote.ballots import BallotBox
from failover_kit.course.classvote.booth import Booth
from failover_kit.course.predictions import find_prediction
from failover_kit.course.progress import PROGRESS_VARIABLE, journal
from failover_kit.errors import CourseError

QUESTION = find_prediction("6.instant")
KEYS = [*QUESTION.choices]
NOBODY = "http://127.0.0.1:9"          # the discard port: nobody listens there


class Recorded(Booth):
    """A booth that remembers what came in."""

    def __init__(self, box):
        super().__init__(box.tally, box)
        self.requests = []

    def __call__(self, method, path, headers, body):
        self.requests.append((method, path, dict(headers), body))
        return super().__call__(method, path, headers, body)

    @property
    def posted(self):
        return [json.loads(body) for method, _, _, body in self.requests if method == "POST"]


@pytest.fixture(autouse=True)
def nobody_has_joined(monkeypatch):
    monkeypatch.delenv(joining.CLASS_VARIABLE, raising=False)
    joining._secret.cache_clear()
    yield
    joining._joined.clear()
    joining._left.clear()


@pytest.fixture
def booth():
    return Recorded(BallotBox(QUESTION))


@pytest.fixture
def url(booth):
    with served(booth) as address:
        yield address


def settled():
    """Wait for what is on its way."""
    for thread in threading.enumerate():
        if thread.name == "class vote":
            thread.join(20)


def commit(question="6.instant", choice=KEYS[1], confidence=80):
    box = predict(question)
    box.commit(choice, confidence)
    settled()
    return box


def test_a_committed_answer_is_posted_exactly_once(booth, url):
    join_class(url)
    box = commit()
    assert len(booth.posted) == 1
    assert booth.tally().rounds[0].counts[KEYS[1]] == 1
    assert box.status.endswith("The class has your answer.")


def test_what_is_sent_is_what_is_promised_and_no_more(booth, url, monkeypatch):
    monkeypatch.setenv("FAILOVER_KIT_LEARNER", "Grace Hopper")
    join_class(url)
    commit()
    vote, = booth.posted
    assert vote.keys() == {"question", "choice", "confidence", "voter"}
    assert (vote["question"], vote["choice"], vote["confidence"]) == ("6.instant", KEYS[1], 80)
    assert re.fullmatch("[0-9a-f]{32}", vote["voter"])
    for _, _, headers, _ in booth.requests:
        assert {name.lower() for name in headers} <= {"host", "accept-encoding", "content-type", "content-length"}


def test_without_joining_no_request_is_made(booth, url, monkeypatch):
    monkeypatch.setattr(joining.threading, "Thread", lambda **_: pytest.fail("something was about to be sent"))
    box = commit()
    assert booth.requests == []
    assert "class" not in box.status


def test_a_second_answer_counts_instead_of_the_first_and_in_a_new_round_beside_it(booth, url):
    join_class(url)
    box = commit(choice=KEYS[0])
    box.commit(KEYS[1])
    settled()
    assert booth.tally().rounds[0].counts == {**dict.fromkeys(KEYS, 0), KEYS[1]: 1}
    booth.box.new_round()
    box.commit(KEYS[2])
    settled()
    assert [entry.votes for entry in booth.tally().rounds] == [1, 1]


def test_thinking_again_or_showing_an_old_answer_sends_nothing(booth, url):
    join_class(url)
    box = commit()
    box.committed = False
    predict("6.instant")
    settled()
    assert len(booth.posted) == 1


def test_the_variable_joins_as_well_and_leaving_holds(booth, url, monkeypatch):
    monkeypatch.setenv(joining.CLASS_VARIABLE, url)
    commit()
    assert len(booth.posted) == 1
    leave_class()
    commit()
    assert len(booth.posted) == 1
    join_class(url)
    commit()
    assert len(booth.posted) == 2


def test_another_question_than_the_one_on_is_not_counted_and_that_is_said(booth, url):
    join_class(url)
    box = commit("6.stale", "ttl")
    assert booth.tally().rounds[0].votes == 0
    assert box.status.endswith("The class does not have your answer: The class votes on 6.instant now.")
    assert box.commitment is not None


def test_a_class_that_is_gone_costs_one_line_and_no_time(monkeypatch):
    monkeypatch.setenv(joining.CLASS_VARIABLE, NOBODY)
    began = time.monotonic()
    box = predict("6.instant")
    box.commit(KEYS[0])
    assert time.monotonic() - began < 2
    settled()
    assert box.commitment is not None
    assert f"The class does not have your answer: Nobody answers at {NOBODY}" in box.status
    assert "\n" not in box.status


def test_news_of_an_answer_that_was_taken_back_is_not_shown(url):
    join_class(url)
    box = commit()
    old = box.commitment
    box.committed = False
    box._say(old, "late news")
    assert "late news" not in box.status


def test_where_there_are_no_threads_the_lesson_goes_on(url, monkeypatch):
    def no_threads(*_, **__):
        raise RuntimeError("can't start new thread")
    join_class(url)
    monkeypatch.setattr(joining.threading, "Thread", no_threads)
    box = predict("6.instant")
    box.commit(KEYS[0])
    assert box.commitment is not None
    assert box.status.endswith("nothing can be sent from here.")


@pytest.mark.parametrize("address", ["", "127.0.0.1:8123", "ftp://127.0.0.1", "http://", "file:///etc/passwd", "http://[::1",
                                     "http://x:0", "http://x:99999"])
def test_an_address_that_is_none_is_refused_at_once(address):
    with pytest.raises(CourseError, match="no address of a class"):
        join_class(address)
    assert not joining._joined


def test_joining_where_nobody_is_fails_in_the_cell():
    with pytest.raises(CourseError, match="Nobody answers"):
        join_class(NOBODY)
    assert not joining._joined


@pytest.mark.parametrize("answer", [b"<html>", b"{}", b'{"kind": "something else", "class": "x"}', b"[" * 5000],
                         ids=["html", "empty", "else", "deep"])
def test_joining_something_else_is_refused(answer):
    class Else(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_):
            pass
    with http.server.HTTPServer(("127.0.0.1", 0), Else) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        with pytest.raises(CourseError, match="is no class"):
            join_class(f"http://127.0.0.1:{server.server_port}")
        server.shutdown()


def test_the_note_says_what_is_sent(url):
    note = repr(join_class(url))
    for word in ("question", "choice", "how sure", "random number", "No name", "leave_class()"):
        assert word in note


def test_a_learner_is_one_voter_in_a_class_and_a_stranger_in_the_next():
    first, again, other = joining.voter("monday"), joining.voter("monday"), joining.voter("tuesday")
    assert first == again != other
    joining._secret.cache_clear()            # another notebook of the same learner
    assert joining.voter("monday") == first


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_the_secret_is_the_learners_alone():
    joining.voter("monday")
    assert stat.S_IMODE((journal().folder / "class.secret").stat().st_mode) == 0o600


def test_without_a_journal_there_is_a_voter_all_the_same(monkeypatch, tmp_path):
    monkeypatch.setenv(PROGRESS_VARIABLE, "off")
    assert joining.voter("monday") == joining.voter("monday")
    (tmp_path / "file").write_text("")
    monkeypatch.setenv(PROGRESS_VARIABLE, str(tmp_path / "file"))
    assert joining.voter("monday")
