"""What can happen to a shop: ten disasters, drawn from a seed in their details.

    seed  ->  Disasters (what breaks when, in which role, and when it is mended)

After this: play.py lets one happen to a design. Times are seconds from the start of a disaster's story.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random

from ..errors import ConfigurationError
from ..places import CHECKER_REGIONS, distance_km, locate
from ..scenarios import Stroke
from .design import USERS

MINUTE, HOUR = 60.0, 3600.0
FIRST = 120.0                        # seconds of calm before anything breaks
SETTLES = 45 * MINUTE                # after the mending: time for people to find it, and to go back
API_DOWN = 7 * HOUR                  # AWS us-east-1, 7 December 2021: Route 53's APIs were impaired for seven hours


@dataclass(frozen=True)
class Disaster:
    """One story. Roles of strokes: "primary" is the design's home site, "secondary" all others, "both" every site."""

    name: str
    title: str
    strokes: tuple[Stroke, ...]
    mended_at: float
    until: float
    cuts_link: bool = False          # no data gets from the home site to the others while it lasts
    is_deploy: bool = False          # people caused it with a deployment, and can roll it back
    api_down: tuple[float, float] | None = None     # when calls to the DNS control plane fail

    @property
    def began_at(self) -> float:
        return self.strokes[0].at


@dataclass(frozen=True)
class _Kind:
    """A disaster before its details are drawn."""

    title: str
    fault: str
    role: str
    minutes: tuple[float, float]     # shortest and longest
    options: Callable[[Random, str], Mapping[str, object]] = lambda rng, home: {}
    extra: Mapping[str, object] = field(default_factory=dict)


def _cut_from_the_world(rng: Random, home: str) -> Mapping[str, object]:
    """All but the Region's own neighbourhood: its checkers, and the users next to it, still see the site."""
    neighbours = min(USERS, key=lambda place: distance_km(locate(place), locate(home)))
    return {"regions": tuple(place for place in (*CHECKER_REGIONS, *USERS) if place not in (home, neighbours))}


def _checkers_cut_off(rng: Random, home: str) -> Mapping[str, object]:
    """So many of the checkers' Regions that too few are left to call a site healthy; users are elsewhere."""
    left = rng.randrange(2)
    return {"regions": tuple(rng.sample(CHECKER_REGIONS, len(CHECKER_REGIONS) - left))}


def _up_and_down(rng: Random, home: str) -> Mapping[str, object]:
    period = rng.uniform(90, 240)
    return {"period": period, "down": period * rng.uniform(0.5, 0.7)}


KINDS = {
    "crash": _Kind("The primary's servers die", "crash", "primary", (20, 40), extra={"cuts_link": True}),
    "hang": _Kind("The primary accepts connections and never answers", "hang", "primary", (20, 40)),
    "gray-failure": _Kind("The application fails while its health page is fine", "app_broken", "primary", (80, 120)),
    "flapping": _Kind("The primary goes down and up, again and again", "flapping", "primary", (20, 40), _up_and_down),
    "checker-outage": _Kind("The health checkers are cut off; every site is fine", "partition", "both", (15, 30),
                            _checkers_cut_off),
    "partition": _Kind("The primary is cut off from most of the world, and works on", "partition", "primary", (40, 80),
                       _cut_from_the_world, {"cuts_link": True}),
    "bad-deploy": _Kind("A bad version is deployed", "http_500", "both", (80, 120), extra={"is_deploy": True}),
    "region-loss": _Kind("The primary's Region loses power", "blackout", "primary", (180, 300),
                         extra={"cuts_link": True}),
    "control-plane": _Kind("The primary's servers die while nobody can change DNS records", "crash", "primary",
                           (90, 150), extra={"cuts_link": True}),
    "shared-dependency": _Kind("A service behind both sites fails; the shop gets by without it", "dependency", "both",
                               (30, 60)),
}


def disaster(name: str, seed: int = 0, home: str = "us-east-1") -> Disaster:
    """One of KINDS, with the details that this seed draws, for a shop whose home is in this Region.

    Raises ConfigurationError for an unknown name.
    """
    if name not in KINDS:
        known = "\n".join(f"  {key:<18} {kind.title}" for key, kind in KINDS.items())
        raise ConfigurationError(f"There is no disaster {name!r}. Choose one of:\n{known}")
    kind, rng = KINDS[name], Random(f"{seed} {name}")
    begins = FIRST + rng.uniform(0, MINUTE)
    mended = begins + MINUTE * rng.uniform(*kind.minutes)
    strokes = Stroke(begins, kind.role, kind.fault, kind.options(rng, home)), Stroke(mended, kind.role, None)
    return Disaster(
        name, kind.title, strokes, mended, mended + SETTLES,
        api_down=(0.0, API_DOWN) if name == "control-plane" else None, **kind.extra)


def campaign(seed: int = 0, home: str = "us-east-1") -> tuple[Disaster, ...]:
    """All ten, as this seed draws them. Every design that plays it meets the same."""
    return tuple(disaster(name, seed, home) for name in KINDS)
