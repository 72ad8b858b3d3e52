"""The polling booth: what is answered to each HTTP request. It keeps no socket, so that tests can simply call it.

    method, path, headers, body  ->  Booth  ->  status, headers, body

Two doors. Learners' programs: GET /class, POST /vote. The instructor's page: /, its files, and with a key GET /votes and
POST /round. A request is untrusted: nothing of it is ever repeated in an answer. Browsers may open the page but cannot vote,
and a page from elsewhere can neither read nor press anything (Fetch standard: Origin, Sec-Fetch-Site; no CORS header here).
"""

from __future__ import annotations

import hmac
import ipaddress
import json
import re
import secrets
import time
from collections.abc import Callable, Mapping
from importlib.resources import files
from urllib.parse import urlsplit

from failover_kit.errors import CourseError

from .ballots import BallotBox, Tally, Vote
from .rate import Bucket

KEY_HEADER = "X-Presenter-Key"
KIND = "failover-kit vote"           # how a learner's program knows that it has come to the right place
LONGEST_VOTE = 512                   # bytes
VOTER = re.compile(r"[0-9a-f]{32}")
VOTES_A_SECOND, VOTES_AT_ONCE = 50, 300
PAGE = {"/": ("booth.html", "text/html"), "/booth.css": ("booth.css", "text/css"),
        "/booth.js": ("booth.js", "text/javascript")}
HEADERS = {
    "Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; "
                               "img-src data:; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"}

Answer = tuple[int, dict[str, str], bytes]


class Refused(Exception):
    """A request that is not served, with the HTTP status and the reason."""

    def __init__(self, status: int, reason: str):
        super().__init__(reason)
        self.status = status


class Booth:
    """Serves one vote. `tally` says how it stands; `box` takes answers over HTTP (None: they come from elsewhere).

    `key` opens the instructor's page and is part of the address that only the instructor sees. `names` are the host names
    besides IP addresses under which this machine may be called; any other one is a page from elsewhere that has its name
    lead here (DNS rebinding).
    """

    def __init__(self, tally: Callable[[], Tally], box: BallotBox | None = None, *, names: tuple[str, ...] = (),
                 clock: Callable[[], float] = time.monotonic):
        self.tally, self.box, self.key = tally, box, secrets.token_urlsafe(16)
        self._names = {"localhost", *(name.lower() for name in names)}
        self._class = secrets.token_hex(8)       # another one each time: voters' numbers differ from class to class
        self._clock, self._rate = clock, Bucket(VOTES_A_SECOND, VOTES_AT_ONCE)

    def __call__(self, method: str, path: str, headers: Mapping[str, str], body: bytes) -> Answer:
        try:
            self._called_by_our_name(headers)
            match method, path:
                case ("GET" | "HEAD"), _ if path in PAGE:
                    return _file(*PAGE[path])
                case "GET", "/class":
                    return _said(200, kind=KIND, **{"class": self._class}, question=self._open_box().prediction.id)
                case "POST", "/vote":
                    return _said(200, counted=True, round=self._vote(headers, body))
                case "GET", "/votes":
                    self._is_presenter(headers)
                    return _said(200, **self.tally().as_dict())
                case "POST", "/round":
                    self._is_presenter(headers)
                    self._open_box().new_round()
                    return _said(200, **self.tally().as_dict())
            raise Refused(404, "There is nothing here.")
        except Refused as fault:
            return _said(fault.status, error=str(fault))
        except CourseError as fault:
            return _said(409, error=str(fault))

    def _called_by_our_name(self, headers: Mapping[str, str]) -> None:
        host = ""
        try:
            host = urlsplit(f"//{headers.get('Host', '')}").hostname or ""
            ipaddress.ip_address(host)
        except ValueError:               # no IP address, or nothing at all
            if host not in self._names:
                raise Refused(421, "This server has another name.") from None

    def _is_presenter(self, headers: Mapping[str, str]) -> None:
        origin = headers.get("Origin")
        if (origin is not None and origin != f"http://{headers.get('Host')}") or headers.get(
                "Sec-Fetch-Site", "same-origin") != "same-origin":
            raise Refused(403, "Not from another page.")
        key = headers.get(KEY_HEADER, "").encode("utf-8", "surrogateescape")
        if not hmac.compare_digest(key, self.key.encode()):
            raise Refused(403, "Open the address that the terminal shows.")

    def _open_box(self) -> BallotBox:
        if self.box is None:
            raise Refused(409, "The votes come from progress files here.")
        return self.box

    def _vote(self, headers: Mapping[str, str], body: bytes) -> int:
        if "Origin" in headers or "Sec-Fetch-Site" in headers:
            raise Refused(403, "Votes come from notebooks, not from pages.")
        if not self._rate.takes(self._clock()):
            raise Refused(429, "Too many votes at once. Try again in a second.")
        if len(body) > LONGEST_VOTE:
            raise Refused(413, "That is too long for a vote.")
        if headers.get("Content-Type", "").partition(";")[0].strip() != "application/json":
            raise Refused(415, "A vote is JSON.")
        box = self._open_box()
        content = _read(body)
        if content["question"] != box.prediction.id:
            raise Refused(409, f"The class votes on {box.prediction.id} now.")
        return box.cast(Vote(content["voter"], content["choice"], content["confidence"]))


def _read(body: bytes) -> dict:
    """A vote's four fields, each of its type. Raises Refused."""
    try:
        content = json.loads(body)
        sound = (content.keys() == {"question", "choice", "confidence", "voter"}
                 and all(isinstance(content[name], str) for name in ("question", "choice", "voter"))
                 and type(content["confidence"]) is int and 0 <= content["confidence"] <= 100
                 and VOTER.fullmatch(content["voter"]) is not None)
    except (ValueError, AttributeError, RecursionError):
        sound = False
    if not sound:
        raise Refused(400, "A vote is question, choice, confidence (0 to 100) and voter (32 hexadecimal digits).")
    return content


def _file(name: str, kind: str) -> Answer:
    content = files(__package__).joinpath(name).read_bytes()
    return 200, {**HEADERS, "Content-Type": f"{kind}; charset=utf-8"}, content


def _said(status: int, **content: object) -> Answer:
    return status, {**HEADERS, "Content-Type": "application/json"}, json.dumps(content).encode()
