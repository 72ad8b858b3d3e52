"""Task 4.1: ten probes, pass or fail. Judged by the kit's own judge of one probe."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit import HealthCheck
from failover_kit.course.misconceptions import recognise
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.health import Outcome
from failover_kit.probing import SEARCHED_BYTES, Exchange, judge

TEXT = "in stock"
LETTERS = "abcdefghij"
FAR_OFF = 5           # wrong ones; with so many, no single belief explains them


def probe(type: str, *, status: int = 200, seconds: float = 0.1, text: str = "", at: int = 0, note: str = "") -> dict:
    """One probe: the check's type, what came back and how late, which text stands where in the body, what else is."""
    return {"type": type, "status": status, "seconds_to_status": seconds, "text": text, "text_at": at, "note": note}


def body_of(one: dict) -> bytes:
    return b"." * one["text_at"] + one["text"].encode()


def passes(one: dict) -> bool:
    """What Route 53's rules make of it."""
    check = HealthCheck(id="probe", type=one["type"], ip_address="192.0.2.10", port=80,
                        search_string=TEXT if one["type"].endswith("STR_MATCH") else None)
    seen = Exchange(connected_after=0.1, status_after=one["seconds_to_status"], status=one["status"], body_after=0.0,
                    body=body_of(one))
    return judge(check, seen)[0] is Outcome.PASS


def probes(redirect: int, server_error: int, late: float, beyond: int) -> list[dict]:
    """Ten probes, of which five pass; the numbers change nothing about which."""
    last = SEARCHED_BYTES - len(TEXT)
    return [
        probe("HTTP", status=redirect, note="the page it points to does not exist"),
        probe("HTTP", status=400),
        probe("HTTP", status=server_error),
        probe("TCP", status=server_error, note="the port is open"),
        probe("HTTP", seconds=late),
        probe("HTTP", seconds=round(late - 1, 1)),
        probe("HTTPS", note="the certificate expired yesterday"),
        probe("HTTP_STR_MATCH", text=TEXT, at=last + beyond),
        probe("HTTP_STR_MATCH", text=TEXT, at=last),
        probe("HTTP_STR_MATCH", text=TEXT.upper(), at=40)]


def draw(random: Random) -> dict[str, Any]:
    made = probes(random.choice((301, 302, 307, 308)), random.choice((500, 502, 503)), random.choice((2.4, 2.6, 2.8)),
                  random.randint(1, len(TEXT) - 1))
    random.shuffle(made)
    return {"probes": dict(zip(LETTERS, made, strict=True))}


def check(answer: Any, given: Given, random: Random) -> Feedback:
    named = [*answer]
    strange = isinstance(answer, str) or len(set(named)) < len(named) or not set(named) <= set(given.probes)
    if strange:
        return not_quite("The answer should be a list that holds the letter of each passing probe once.",
                         ask="Which letters does `given.probes` have?")
    wrong = [one for letter, one in given.probes.items() if (letter in named) is not passes(one)]
    if not wrong:
        return passed("Note how little a pass can mean: three of these pass while no user is served.")
    said = f"{len(wrong)} of {len(given.probes)} probes are judged wrongly."
    beliefs = [belief for belief in map(_belief, wrong) if belief]
    if beliefs and len(wrong) < FAR_OFF:
        return not_quite(said, beliefs[0])
    return not_quite(said, ask="For each of them: what does this type of check look at, and what does it not look at?")


def _belief(one: dict) -> str | None:
    """The belief that judges this probe wrongly, if there is one."""
    said = not passes(one)
    match one["type"]:
        case "TCP":
            found = recognise("tcp-check", said, port_open=True, page_works=False)
        case "HTTPS":
            found = recognise("certificate", said, code=200, certificate_valid=False)
        case "HTTP_STR_MATCH":
            found = recognise("string-match", said, body=body_of(one).decode(), search=TEXT)
        case _:
            found = recognise("status-code", said, code=one["status"])
    return found.name if found else None


def _program(rule: str) -> str:
    """A program that judges each probe `p` by an expression."""
    return f"passing = [letter for letter, p in given.probes.items() if ({rule})]"


_MATCH = 'p["text"] in ("", "in stock") and p["text_at"] + 8 <= 5120'
_TIME = 'p["seconds_to_status"] <= 2'

TASK = Task(
    id="4.1", title="Pass or fail?", points=2, kind=Kind.PREDICT, minutes=4,
    answer="passing", expects="a list of letters, each a key of given.probes",
    given={"probes": dict(zip(LETTERS, probes(302, 503, 2.6, 1), strict=True))}, draw=draw, check=check,
    misconceptions=("redirect-fails", "any-reply-is-a-pass", "tcp-sees-the-application", "expired-certificate-fails",
                    "whole-body-is-searched", "string-match-ignores-case"),
    equivalent_mutants=("line 4: 400 becomes 399", "line 4: 200 becomes 199", "line 4: Gt becomes GtE"),
    hints=("Take them one type at a time: what does a TCP check wait for, what an HTTP check, what a string match?",
           "HTTP reads the status code, and looks at the clock: 2 s from the connection. Nothing in Route 53 reads a "
           "certificate's dates.",
           "Count bytes for the string matches: where does the text begin, how long is it, and where must it end?"),
    alternatives=(
        _program(f'p["type"] == "TCP" or p["status"] < 400 and {_TIME} and {_MATCH}'),
        _program(f'p["type"] == "TCP" or not (p["status"] // 100 in (4, 5) or not {_TIME} or not ({_MATCH}))')
        + "\npassing = set(passing)"),
    wrong_answers=(
        WrongAnswer(_program(f'p["type"] == "TCP" or p["status"] < 300 and {_TIME} and {_MATCH}'), "redirect-fails"),
        WrongAnswer(_program(f"{_TIME} and {_MATCH}"), "any-reply-is-a-pass"),
        WrongAnswer(_program(f'p["status"] < 400 and {_TIME} and {_MATCH}'), "tcp-sees-the-application"),
        WrongAnswer(_program('p["type"] == "TCP" or p["status"] < 400 and p["type"] != "HTTPS" '
                             f"and {_TIME} and {_MATCH}"), "expired-certificate-fails"),
        WrongAnswer(_program(f'p["type"] == "TCP" or p["status"] < 400 and {_TIME} and p["text"] in ("", "in stock")'),
                    "whole-body-is-searched"),
        WrongAnswer(_program(f'p["type"] == "TCP" or p["status"] < 400 and {_TIME} and p["text_at"] + 8 <= 5120'),
                    "string-match-ignores-case"),
        WrongAnswer(_program(f'p["type"] == "TCP" or p["status"] < 400 and {_MATCH}')),
        WrongAnswer("passing = [*given.probes]"),
        WrongAnswer('passing = ["nothing"]'),
        WrongAnswer('passing = "abc"')))
