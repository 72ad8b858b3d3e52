"""Outages to drill: what breaks, when, and when it is mended.

    "crash"  ->  Scenario (steps against the roles "primary" and "secondary")

After this: drill.py runs one against a lab.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from .errors import ConfigurationError

MEND_AT, UNTIL = 300.0, 600.0      # seconds after the first stroke: five minutes of outage, five to come back


@dataclass(frozen=True)
class Stroke:
    """One thing that is done to a site at a moment."""

    at: float                  # seconds after the first one
    role: str                  # "primary" or "secondary"
    fault: str | None          # None: repair everything
    options: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Scenario:
    """A named outage."""

    name: str
    title: str
    strokes: tuple[Stroke, ...]
    until: float = UNTIL       # seconds after the first stroke


def _outage(name: str, title: str, fault: str, role: str = "primary", **options) -> Scenario:
    return Scenario(name, title, (Stroke(0, role, fault, options), Stroke(MEND_AT, role, None)))


SCENARIOS = {scenario.name: scenario for scenario in (
    _outage("crash", "The primary's server process dies", "crash"),
    _outage("blackout", "The primary's Region loses power", "blackout"),
    _outage("hang", "The primary accepts connections and never answers", "hang"),
    _outage("slow", "The primary answers after five seconds", "slow", seconds=5.0),
    _outage("http-500", "Every page of the primary is an error", "http_500"),
    _outage("wrong-page", "The primary serves its default page, with status 200", "wrong_page"),
    _outage("app-broken", "The primary's application fails while its health page is fine", "app_broken"),
    _outage("partition", "Half of the checkers' Regions cannot reach the primary", "partition",
            regions=("us-west-2", "eu-west-1", "ap-northeast-1", "sa-east-1")),
    _outage("flapping", "The primary goes down and up every minute", "flapping"),
    _outage("packet-loss", "A third of all requests to the primary get lost", "packet_loss", rate=1 / 3),
    Scenario("both-down", "The secondary fails while the primary is down",
             (Stroke(0, "primary", "crash"), Stroke(180, "secondary", "crash"),
              Stroke(MEND_AT, "secondary", None), Stroke(MEND_AT, "primary", None))),
)}


def scenario(name: str) -> Scenario:
    """The scenario with this name. Raises ConfigurationError."""
    if name not in SCENARIOS:
        known = "\n".join(f"  {s.name:<12} {s.title}" for s in SCENARIOS.values())
        raise ConfigurationError(f"There is no scenario {name!r}. Choose one of:\n{known}")
    return SCENARIOS[name]
