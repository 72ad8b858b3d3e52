"""What lint says: a rule, and one place where a zone goes against it.

    Rule (id, severity, why)  +  Hit (record, what, fix)  ->  Finding

Before this: the rules look at a Survey. After this: the command line prints findings, programs read them as JSON.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from .survey import Survey


class Severity(Enum):
    """How bad it is. The order is from worst to mildest."""

    ERROR = "error"          # failover will not do what the zone says it does, or Route 53 refuses it
    WARNING = "warning"      # it works, but later, less often or less surely than it could
    NOTE = "note"            # worth knowing


class Hit(NamedTuple):
    """One place where a rule is broken."""

    record: str              # the label of a record set, a group, a health check or the zone
    what: str                # with the value that was found
    fix: str


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong or risky."""

    rule: str                # "FK101"
    severity: Severity
    record: str              # "app.example.com. A (primary)"
    what: str
    why: str
    fix: str
    source: str              # where the reason is documented

    def as_dict(self) -> dict[str, str]:
        """For JSON."""
        return {**asdict(self), "severity": self.severity.value}

    def __str__(self) -> str:
        return (f"{self.severity.value} {self.rule} {self.record}: {self.what}\n"
                f"    why: {self.why} [{self.source}]\n    fix: {self.fix}")


@dataclass(frozen=True)
class Rule:
    """One thing to look for, and why it matters. Call it with a Survey to get its findings."""

    id: str
    severity: Severity
    title: str
    why: str
    source: str
    look: Callable[[Survey], Iterator[Hit]]

    def __call__(self, survey: Survey) -> Iterator[Finding]:
        for hit in self.look(survey):
            yield Finding(self.id, self.severity, hit.record, hit.what, self.why, hit.fix, self.source)


def rule(id: str, severity: Severity, title: str, *, why: str, source: str) -> Callable[[Callable], Rule]:
    """Makes a Rule of a function that yields a Hit for each place where the rule is broken."""
    return lambda look: Rule(id, severity, title, why, source, look)
