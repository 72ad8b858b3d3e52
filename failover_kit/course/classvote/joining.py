"""The learner's side: joining a class on purpose, and telling it each answer that is committed.

    join_class("http://127.0.0.1:8123")  ->  each committed answer as one POST /vote;  leave_class()  ->  no more

Nothing is ever sent without that, or without FAILOVER_KIT_CLASS set to the address. What is sent: the question's id, the
choice, the confidence, and a random number that stands for the learner in this one class. A lesson never depends on it:
where nobody answers, one line says so.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import os
import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from failover_kit.errors import CourseError

from ..markup import Note
from ..progress import journal
from ..standing import Commitment
from .booth import KIND

CLASS_VARIABLE = "FAILOVER_KIT_CLASS"
PATIENCE = 3.0              # seconds for the class to answer
LONGEST_ANSWER = 4096       # bytes that are read of what it says


@dataclass(frozen=True)
class Class:
    """Where a class is. Each call is one connection of its own."""

    address: str

    def __post_init__(self) -> None:
        try:
            where = urlsplit(self.address)
            sound = where.scheme in ("http", "https") and where.hostname and where.port != 0
        except ValueError:
            sound = False
        if not sound:
            raise CourseError(f"{self.address!r} is no address of a class. It looks like http://127.0.0.1:8123; whoever "
                              "teaches knows it.")

    def name(self) -> str:
        """What the class calls itself today. Raises CourseError where no class answers."""
        answer = self._ask("GET", "/class")
        if answer.get("kind") != KIND or not isinstance(answer.get("class"), str):
            raise CourseError(f"What answers at {self.address} is no class. Ask for its address.")
        return answer["class"]

    def vote(self, commitment: Commitment) -> None:
        """Send one answer. Raises CourseError where it was not counted."""
        body = {"question": commitment.question, "choice": commitment.choice, "confidence": round(commitment.confidence),
                "voter": voter(self.name())}
        self._ask("POST", "/vote", json.dumps(body))

    def _ask(self, method: str, path: str, body: str | None = None) -> Mapping[str, Any]:
        where = urlsplit(self.address)
        kind = http.client.HTTPSConnection if where.scheme == "https" else http.client.HTTPConnection
        connection = kind(where.hostname, where.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, {"Content-Type": "application/json"} if body else {})
            response = connection.getresponse()
            content = json.loads(response.read(LONGEST_ANSWER))
        except (OSError, http.client.HTTPException) as fault:
            raise CourseError(f"Nobody answers at {self.address} ({fault}).") from fault
        except (ValueError, RecursionError) as fault:
            raise CourseError(f"What answers at {self.address} is no class.") from fault
        finally:
            connection.close()
        if not isinstance(content, dict) or response.status != 200:
            reason = content.get("error") if isinstance(content, dict) else None
            raise CourseError(str(reason)[:200] if reason else f"{self.address} refused with status {response.status}.")
        return content


_joined: list[Class] = []        # the class that this process has joined; empty: none
_left: list[bool] = []           # whether the learner has left, and the variable no longer counts


def join_class(address: str) -> Note:
    """Join a class: from now on it is told each answer that you commit. Raises CourseError where no class answers."""
    chosen = Class(address)
    chosen.name()
    _joined[:] = [chosen]
    return Note("You have joined the class", f"Each answer that you commit from now on is sent to {address}: the question, "
                "your choice, how sure you are, and a random number that stands for you today. No name. "
                "`leave_class()` ends it.")


def leave_class() -> Note:
    """Send nothing any more."""
    _joined.clear()
    _left[:] = [True]
    return Note("You have left the class", "Nothing is sent any more.")


def tell_class(commitment: Commitment, say: Callable[[str], None], variables: Mapping[str, str] = os.environ) -> None:
    """Send an answer to the class that was joined, if one was, beside the lesson; `say` is told in one line how it went."""
    address = variables.get(CLASS_VARIABLE) if not _left else None
    if not _joined and not address:
        return

    def send() -> None:
        try:
            (_joined[0] if _joined else Class(address)).vote(commitment)
            say("The class has your answer.")
        except CourseError as fault:
            say(f"The class does not have your answer: {fault}")
    try:
        threading.Thread(target=send, name="class vote", daemon=True).start()
    except RuntimeError:         # a browser's Python has no threads
        say("The class does not have your answer: nothing can be sent from here.")


def voter(class_name: str) -> str:
    """A random number for this learner in this class. Nobody can tell that two of them belong to one learner."""
    return hmac.new(_secret(journal().folder), class_name.encode(), hashlib.sha256).hexdigest()[:32]


@cache
def _secret(folder: Path | None) -> bytes:
    """What the learner's numbers are made of: kept beside their journal, so that a second notebook is the same voter."""
    if folder is None:
        return secrets.token_bytes(32)
    file = folder / "class.secret"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _kept(file)
    except OSError:              # nothing can be kept here: this notebook is a voter of its own
        return secrets.token_bytes(32)
    with open(handle, "wb") as out:
        secret = secrets.token_bytes(32)
        out.write(secret)
    return secret


def _kept(file: Path) -> bytes:
    try:
        return file.read_bytes() or secrets.token_bytes(32)
    except OSError:
        return secrets.token_bytes(32)
