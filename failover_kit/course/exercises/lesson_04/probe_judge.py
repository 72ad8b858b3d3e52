"""Task 4.6: the judge of one probe. Judged against the kit's own, over replies that nobody has seen before."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit import HealthCheck
from failover_kit.course.misconceptions import diagnose
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.health import Outcome
from failover_kit.probing import SEARCHED_BYTES, Exchange, judge

TYPES = ("HTTP", "HTTPS", "HTTP_STR_MATCH", "HTTPS_STR_MATCH", "TCP")
TEXT = "in stock"
GOOD = {"connected_after": 0.1, "status_after": 0.2, "status": 200, "body_after": 0.1, "body": b"<h1>in stock</h1>"}
CODES = (199, 200, 204, 299, 301, 302, 399, 400, 403, 404, 500, 503)
DRAWN = 60


def config(type: str) -> dict[str, str]:
    return {"Type": type} | ({"SearchString": TEXT} if type.endswith("STR_MATCH") else {})


def right(check: dict[str, str], seen: dict[str, Any]) -> bool:
    """What the kit says."""
    made = HealthCheck(id="probe", type=check["Type"], ip_address="192.0.2.10", port=80,
                       search_string=check.get("SearchString"))
    return judge(made, Exchange(**seen))[0] is Outcome.PASS


def replies(random: Random) -> list[dict[str, Any]]:
    """Replies that differ from a good one in one thing, then many that differ in several."""
    last = SEARCHED_BYTES - len(TEXT)
    ways = {"connected_after": (None, 4.0, 4.1, 10.0, 10.1), "status_after": (None, 2.0, 2.1), "status": CODES,
            "body_after": (None, 2.0, 2.1),
            "body": (b"", b"IN STOCK", b"." * last + TEXT.encode(), b"." * (last + 1) + TEXT.encode())}
    single = [{**GOOD, name: value} for name, values in ways.items() for value in values]
    several = [{**GOOD, **{name: random.choice(ways[name]) for name in random.sample(sorted(ways), 2)}}
               for _ in range(DRAWN)]
    return [GOOD, *map(_told, single), *map(_told, several)]


def _told(seen: dict[str, Any]) -> dict[str, Any]:
    """Nothing comes after a connection that never opened, and no body without a status."""
    if seen["connected_after"] is None:
        return {**seen, "status_after": None, "status": None, "body_after": None, "body": b""}
    if seen["status_after"] is None:
        return {**seen, "status": None, "body_after": None, "body": b""}
    return {**seen, "body": b""} if seen["body_after"] is None else seen


def check(answer: Any, given: Given, random: Random) -> Feedback:
    for seen in replies(random):
        for type in TYPES:
            said = answer(config(type), dict(seen))
            if not isinstance(said, bool):
                return not_quite(f"`passes` returned {said!r}. It should return True or False.",
                                 ask="Is there a `return` on every way through it?")
            if said is not right(config(type), seen):
                return _explain(answer, type, seen)
    return passed("That is the whole of it: whatever a checker does not ask here, it does not know.")


def _explain(answer: Any, type: str, seen: dict[str, Any]) -> Feedback:
    verdict = "fails" if right(config(type), seen) else "passes"
    changed = {name: value for name, value in seen.items() if value != GOOD[name]}
    differs = ", ".join(f"{name} {_short(value)}" for name, value in changed.items()) or "nothing amiss"
    start = f"{type}: a reply with {differs} {verdict} with you. It should not."

    def web(code: int) -> bool:
        return answer(config("HTTP"), {**GOOD, "status": code})

    def knock(port_open: bool, page_works: bool) -> bool:
        if port_open:
            return answer(config("TCP"), {**GOOD, "status": 200 if page_works else 500})
        return answer(config("TCP"), _told({**GOOD, "connected_after": None}))

    def found(body: str, search: str) -> bool:
        return answer({"Type": "HTTP_STR_MATCH", "SearchString": search}, {**GOOD, "body": body.encode()})

    belief = (diagnose("tcp-check", knock) if type == "TCP"
              else diagnose("status-code", web) if [*changed] == ["status"]
              else diagnose("string-match", found) if [*changed] == ["body"] else None)
    if belief:
        return not_quite(start, belief.name)
    return not_quite(start, ask="Which limits of time, codes and bytes does this type of check have?")


def _short(value: Any) -> str:
    if not isinstance(value, bytes):
        return repr(value)
    return f"of {len(value)} bytes" if len(value) > 20 else repr(value)


_ALT = '''
def passes(check, seen):
    kind = check["Type"]
    never = float("inf")
    def after(name):
        return never if seen[name] is None else seen[name]
    if kind == "TCP":
        return after("connected_after") <= 10
    good = after("connected_after") <= 4 and after("status_after") <= 2 and {code}
    if kind.endswith("STR_MATCH"):
        good = good and after("body_after") <= 2 and {body}
    return good
'''
_CODE, _BODY = 'seen["status"] // 100 in (2, 3)', 'check["SearchString"].encode() in seen["body"][:5120]'


def _variant(code: str = _CODE, body: str = _BODY) -> str:
    return _ALT.replace("{code}", code).replace("{body}", body)


TASK = Task(
    id="4.6", title="The judge of one probe", points=5, kind=Kind.WRITE, minutes=8,
    answer="passes", expects="a function of a check (dict) and a reply (dict) that returns True or False",
    check=check,
    misconceptions=("tcp-sees-the-application", "any-reply-is-a-pass", "redirect-fails", "whole-body-is-searched",
                    "string-match-ignores-case"),
    hints=("Go in the order of time: connection, status, body. Each step can end it.",
           "For TCP the connection is all there is, and it may take 10 s. For the others it may take 4 s.",
           "`None` means that this part never came. Cut the body to its first 5,120 bytes before you look for the "
           "text; the body is bytes, the text is not."),
    alternatives=(
        _variant(),
        'def passes(check, seen):\n'
        '    limits = [("connected_after", 10 if check["Type"] == "TCP" else 4)]\n'
        '    if check["Type"] != "TCP":\n        limits.append(("status_after", 2))\n'
        '    if "SearchString" in check:\n        limits.append(("body_after", 2))\n'
        '    for name, limit in limits:\n'
        '        if seen[name] is None or not seen[name] <= limit:\n            return False\n'
        '    if check["Type"] != "TCP" and seen["status"] not in range(200, 400):\n        return False\n'
        '    if "SearchString" not in check:\n        return True\n'
        '    return seen["body"].decode().find(check["SearchString"], 0, 5120) >= 0\n'),
    wrong_answers=(
        WrongAnswer(_variant().replace('if kind == "TCP":\n        return after("connected_after") <= 10',
                                       'if kind == "TCP":\n        return after("connected_after") <= 10 and '
                                       'seen["status"] is not None and seen["status"] < 400'),
                    "tcp-sees-the-application"),
        WrongAnswer(_variant(code='seen["status"] is not None'), "any-reply-is-a-pass"),
        WrongAnswer(_variant(code='200 <= seen["status"] < 300'), "redirect-fails"),
        WrongAnswer(_variant(body='check["SearchString"].encode() in seen["body"]'), "whole-body-is-searched"),
        WrongAnswer(_variant(body='check["SearchString"].lower().encode() in seen["body"][:5120].lower()'),
                    "string-match-ignores-case"),
        WrongAnswer(_variant().replace("<= 10", "<= 4")),
        WrongAnswer(_variant(code=f'seen["status"] is not None and {_CODE}').replace('after("status_after") <= 2 and ',
                                                                                     "")),
        WrongAnswer('def passes(check, seen):\n    return seen["status"] == 200\n'),
        WrongAnswer('def passes(check, seen):\n    print(check, seen)\n')))
