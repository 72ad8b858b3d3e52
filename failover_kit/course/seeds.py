"""Whose numbers these are: the same task asks two learners for two different answers.

    (course key, learner, task)  -> HMAC-SHA256 ->  random.Random  ->  the numbers of the task

Without a course key everybody gets the task's default numbers. A grader that knows the key and the learner's name
draws the same numbers again, so nothing about them has to be sent or trusted.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from failover_kit.errors import CourseError

KEY_VARIABLE = "FAILOVER_KIT_COURSE_KEY"
LEARNER_VARIABLE = "FAILOVER_KIT_LEARNER"
HUB_VARIABLE = "JUPYTERHUB_USER"          # set by JupyterHub for every user's server


@dataclass(frozen=True)
class Learner:
    """One learner of one class. `course_key` is the class's secret, `name` what the grader calls the learner."""

    course_key: str
    name: str

    def random(self, task: str, purpose: str = "given") -> Random:
        """A generator that only this learner, task and purpose have. Source: RFC 2104 (HMAC)."""
        message = json.dumps([self.name, task, purpose]).encode()
        return Random(int.from_bytes(hmac.digest(self.course_key.encode(), message, hashlib.sha256)))


def learner_from(environ: Mapping[str, str] = os.environ) -> Learner | None:
    """The learner that the environment names, or None: then the default numbers are used.

    Reads FAILOVER_KIT_COURSE_KEY, and for the name FAILOVER_KIT_LEARNER or JupyterHub's own JUPYTERHUB_USER.
    """
    key = environ.get(KEY_VARIABLE)
    name = environ.get(LEARNER_VARIABLE) or environ.get(HUB_VARIABLE)
    return Learner(key, name) if key and name else None


_FROM_ENVIRONMENT = object()
_acting: ContextVar[object] = ContextVar("acting learner", default=_FROM_ENVIRONMENT)


@contextmanager
def acting_as(learner: Learner | None) -> Iterator[None]:
    """Within the block this learner's numbers are used (None: the default ones), whatever the environment says."""
    token = _acting.set(learner)
    try:
        yield
    finally:
        _acting.reset(token)


def current_learner() -> Learner | None:
    """The learner whose numbers the notebook functions use."""
    acting = _acting.get()
    return learner_from() if acting is _FROM_ENVIRONMENT else acting


@dataclass(frozen=True)
class SeedFile:
    """What an instructor keeps: the course key, and the learner behind each submission's folder."""

    course_key: str
    learners: Mapping[str, str] = field(default_factory=dict)   # folder -> learner, where the two differ

    def learner(self, folder: str) -> Learner:
        """The learner whose work lies in `folder`."""
        return Learner(self.course_key, self.learners.get(folder, folder))

    @classmethod
    def read(cls, path: str | Path) -> SeedFile:
        """Read {"course_key": "...", "learners": {"folder": "name"}}; `learners` may be left out."""
        try:
            content = json.loads(Path(path).read_text(encoding="utf-8"))
        except (OSError, ValueError) as fault:
            raise CourseError(f"{path}: the seed file cannot be read ({fault}). "
                              'It should hold {"course_key": "..."}.') from fault
        key = content.get("course_key") if isinstance(content, dict) else None
        if not isinstance(key, str) or not key:
            raise CourseError(f'{path}: the seed file has no "course_key". It should hold {{"course_key": "..."}}.')
        names = content.get("learners", {})
        if not isinstance(names, dict) or not all(isinstance(name, str) for name in names.values()):
            raise CourseError(f'{path}: "learners" must map a folder\'s name to a learner\'s name.')
        return cls(key, names)
