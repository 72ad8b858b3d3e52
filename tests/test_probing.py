"""probing.py against A17-A25: which exchanges pass, for each type of check."""

import pytest

from failover_kit.health import Outcome
from failover_kit.healthcheck import HealthCheck
from failover_kit.probing import Exchange, judge

BODY = b"x" * 5_113 + b"welcome"      # the last seven of the first 5,120 bytes


def check(kind="HTTP", search=None):
    return HealthCheck(id="c", type=kind, ip_address="127.0.1.10", port=80, search_string=search)


def answer(status=200, phrase="OK", connect=0.1, wait=0.1, body_after=0.1, body=b"", headers=100):
    return Exchange(connected_after=connect, status_after=wait, body_after=body_after, status=status, phrase=phrase,
                    body=body, header_bytes=headers)


@pytest.mark.parametrize(("kind", "seen", "passes", "reason"), [
    ("HTTP", answer(200), True, "Success: HTTP Status Code 200, OK"),
    ("HTTP", answer(302, "Found"), True, "Success: HTTP Status Code 302, Found"),                     # A20, H21
    ("HTTP", answer(399, ""), True, "Success: HTTP Status Code 399"),
    ("HTTP", answer(404, "Not Found"), False, "Failure: HTTP Status Code 404, Not Found"),
    ("HTTP", answer(500, "Internal Server Error"), False, "Failure: HTTP Status Code 500, Internal Server Error"),
    ("HTTP", answer(199, ""), False, "Failure: HTTP Status Code 199"),
    ("HTTPS", answer(200), True, "Success: HTTP Status Code 200, OK"),                                # A25: no verification
    ("HTTP", answer(connect=3.9), True, "Success"),                                                   # A17
    ("HTTP", answer(connect=4.1), False, "not established within 4 seconds"),
    ("HTTP", answer(wait=1.9), True, "Success"),
    ("HTTP", answer(wait=2.5), False, "No HTTP status code within 2 seconds"),                        # H23
    ("HTTP", Exchange(error="Connection refused"), False, "Failure: Connection refused"),
    ("HTTP", Exchange(took=4.0), False, "not established within 4 seconds"),
    ("HTTP", Exchange(connected_after=0.1), False, "No HTTP status code"),
    ("HTTP", Exchange(error="DNS resolution failed"), False, "Failure: DNS resolution failed"),      # A29
    ("HTTP", answer(headers=16_384), True, "Success"),                                                # A24
    ("HTTP", answer(headers=16_385), False, "headers are 16385 bytes"),
    ("TCP", Exchange(connected_after=8.0), True, "Success: TCP connection established"),              # A18, H23
    ("TCP", Exchange(connected_after=10.1), False, "not established within 10 seconds"),
    ("TCP", Exchange(error="Connection refused"), False, "Failure: Connection refused"),
], ids=str)
def test_pass_or_fail(kind, seen, passes, reason):
    outcome, text = judge(check(kind), seen)
    assert (outcome is Outcome.PASS) == passes
    assert reason in text


@pytest.mark.parametrize(("search", "body", "after", "passes"), [
    ("welcome", BODY, 0.1, True),                             # A22, H22: ends at byte 5,120
    ("welcome", b"x" + BODY, 0.1, False),                     # one byte past
    ("Welcome", BODY, 0.1, False),                            # case
    ("welcome", BODY, 2.1, False),                            # A19: too late
    ("welcome", b"", None, False),
], ids=["last bytes", "one past", "case", "late body", "no body"])
def test_string_match(search, body, after, passes):
    seen = answer(body=body, body_after=after)
    assert (judge(check("HTTP_STR_MATCH", search), seen)[0] is Outcome.PASS) == passes


def test_a_redirect_is_judged_by_its_own_body_A21():
    seen = answer(301, "Moved", body=b"moved to the welcome page")
    assert judge(check("HTTP_STR_MATCH", "welcome"), seen)[0] is Outcome.PASS
