"""What a checker makes of one exchange with an endpoint: Route 53's limits on time, status, body and headers.

    HealthCheck + Exchange (what was seen, and how long each part took)  ->  Outcome and reason

Pure: the exchange comes from simulation.py (worked out) or network.py (measured). After this: monitor.py counts.
Source: Route 53 Developer Guide, "How Amazon Route 53 determines whether a health check is healthy".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from .health import Outcome
from .healthcheck import HealthCheck, HealthCheckType

HTTP_CONNECT_LIMIT = 4.0      # seconds to connect, HTTP and HTTPS
TCP_CONNECT_LIMIT = 10.0      # seconds to connect, TCP
STATUS_LIMIT = 2.0            # seconds from the connection to the status code
BODY_LIMIT = 2.0              # seconds from the status code to the body, for a string match
SEARCHED_BYTES = 5_120        # the search string must lie wholly within these first bytes of the body
MAX_HEADER_BYTES = 16_384     # all response headers together
USER_AGENT = "Amazon-Route53-Health-Check-Service (ref {reference}; report http://amzn.to/1vsZADi)"


class Limits(NamedTuple):
    """Seconds that a client waits for each part of an exchange before it gives up."""

    connect: float
    status: float         # from the connection
    body: float           # from the status code


@dataclass(frozen=True)
class Exchange:
    """One attempt to talk to an endpoint. A part that never came is None; times are seconds."""

    took: float = 0.0                        # from start to end
    connected_after: float | None = None     # from the start
    status_after: float | None = None        # from the connection
    body_after: float | None = None          # from the status code
    status: int | None = None
    phrase: str = ""
    body: bytes = b""                        # decompressed; its first 5,120 bytes at least
    header_bytes: int = 0
    error: str | None = None                 # "Connection refused", "DNS resolution failed", ...


def limits(check: HealthCheck) -> Limits:
    """How long a checker waits for each part."""
    return Limits(TCP_CONNECT_LIMIT if check.type is HealthCheckType.TCP else HTTP_CONNECT_LIMIT,
                  STATUS_LIMIT, BODY_LIMIT)


def judge(check: HealthCheck, seen: Exchange) -> tuple[Outcome, str]:
    """Pass or fail, and the reason in the form of Route 53's status report."""
    problem = _problem(check, seen)
    if problem:
        return Outcome.FAIL, f"Failure: {problem}"
    if check.type is HealthCheckType.TCP:
        return Outcome.PASS, "Success: TCP connection established"
    return Outcome.PASS, f"Success: HTTP Status Code {seen.status}, {seen.phrase}".rstrip(", ")


def _problem(check: HealthCheck, seen: Exchange) -> str | None:
    if seen.error and seen.connected_after is None:
        return seen.error
    if seen.connected_after is None or seen.connected_after > limits(check).connect:
        return f"The connection was not established within {limits(check).connect:g} seconds"
    if check.type is HealthCheckType.TCP:
        return None
    if seen.status is None and seen.error:
        return seen.error
    if seen.status is None or seen.status_after > STATUS_LIMIT:
        return f"No HTTP status code within {STATUS_LIMIT:g} seconds of connecting"
    if seen.header_bytes > MAX_HEADER_BYTES:
        return f"The response headers are {seen.header_bytes} bytes long, at most {MAX_HEADER_BYTES} are allowed"
    if not 200 <= seen.status < 400:
        return f"HTTP Status Code {seen.status}, {seen.phrase}".rstrip(", ")
    if check.type.matches_string:
        if seen.body_after is None or seen.body_after > BODY_LIMIT:
            return f"No response body within {BODY_LIMIT:g} seconds of the status code"
        if check.search_string.encode() not in seen.body[:SEARCHED_BYTES]:
            return f"The search string was not found in the first {SEARCHED_BYTES} bytes of the body"
    return None
