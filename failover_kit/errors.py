"""Every error the kit raises on purpose; nothing here imports anything of ours.

FailoverKitError
├── ConfigurationError    a zone, record set, health check or scenario that cannot work
├── PacketError           bytes that are not a DNS message this server can serve
├── ResolutionError       a question that got no usable answer
│   ├── NameNotFound      the name does not exist (NXDOMAIN, RFC 2308 section 2.1)
│   ├── NoData            the name exists, but not with this type (RFC 2308 section 2.2)
│   └── NoUsableReply     nobody answered in time, or the answer was a failure
├── LabError              the lab was asked for something it does not have or cannot do
└── CourseError           the course was asked for a task, question or notebook it does not have
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong with an input: where, what, and how to put it right."""

    where: str       # "app.example.com. A (set identifier 'primary')"
    what: str        # "TTL is -5 s, must be 0 to 2147483647"
    fix: str = ""    # "Failover records usually use 60."

    def __str__(self) -> str:
        head = f"{self.where}: {self.what}" if self.where else self.what
        return f"{head.rstrip('.')}. {self.fix}".rstrip() if self.fix else head


class FailoverKitError(Exception):
    """Parent of every error that the kit raises on purpose."""


class ConfigurationError(FailoverKitError, ValueError):
    """An input that cannot work. `problems` holds every fault that was found, not just the first."""

    def __init__(self, problems: str | Problem | Iterable[str | Problem]):
        if isinstance(problems, (str, Problem)):
            problems = [problems]
        self.problems: tuple[Problem, ...] = tuple(
            p if isinstance(p, Problem) else Problem("", p) for p in problems)
        super().__init__(self._text())

    def _text(self) -> str:
        if len(self.problems) == 1:
            return str(self.problems[0])
        return "\n".join([f"{len(self.problems)} problems:", *(f"  - {p}" for p in self.problems)])

    def __reduce__(self):  # so that a worker process can hand it back whole
        return type(self), (self.problems,)


class PacketError(FailoverKitError):
    """Bytes that are not a question this server answers; `rcode` is what to reply with.

    `reply` is the finished reply packet, or None where silence is right (too short to
    hold an id, or itself a response: answering those would let two servers talk forever).
    """

    def __init__(self, message: str, rcode: str = "FORMERR", reply: bytes | None = None):
        super().__init__(message)
        self.rcode = rcode
        self.reply = reply


class ResolutionError(FailoverKitError):
    """A question that got no usable answer."""


class NameNotFound(ResolutionError):
    """The name does not exist (NXDOMAIN)."""


class NoData(ResolutionError):
    """The name exists, but holds no record of this type."""


class NoUsableReply(ResolutionError):
    """Nobody answered in time, or the reply was SERVFAIL, REFUSED, or a CNAME loop."""


class LabError(FailoverKitError):
    """The lab was asked for something that it does not have or cannot do."""


class CourseError(FailoverKitError):
    """The course was asked for a task, a question, a card or a notebook that it does not have."""
