"""Sites, what can go wrong with them, and what a client then sees.

    Site + active Faults + path + who asks + now  ->  Behaviour (refuse, lose, wait, answer)

Pure. simulation.py turns a Behaviour into an Exchange by arithmetic; network.py makes a real web server act it out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from .errors import ConfigurationError, LabError
from .places import Place

WELCOME = "Welcome to the shop"          # what a good page says; string matches look for it


@dataclass(frozen=True)
class Behaviour:
    """What a site does with one request. `lost`: nothing comes back at all; `refused`: the host says no."""

    lost: bool = False
    refused: bool = False
    wait: float | None = 0.0             # seconds before the status line; None: for ever
    status: int = 200
    body: str = ""


@dataclass(frozen=True)
class Visit:
    """One request to a site."""

    path: str
    client: Place
    now: float
    draw: float = 0.0                    # in [0, 1), for faults that strike at random


Effect = Callable[[Visit, Behaviour, Mapping[str, object]], Behaviour]


def _crash(visit, normal, options):
    return Behaviour(refused=True)


def _blackout(visit, normal, options):
    return Behaviour(lost=True)


def _hang(visit, normal, options):
    return Behaviour(wait=None)


def _slow(visit, normal, options):
    return Behaviour(wait=options["seconds"], status=normal.status, body=normal.body)


def _http_500(visit, normal, options):
    return Behaviour(status=options["status"], body="Internal Server Error")


def _wrong_page(visit, normal, options):
    return Behaviour(body="It works! This is the web server's default page.")


def _app_broken(visit, normal, options):
    """The shallow health page knows nothing of it; everything that runs the application does."""
    return normal if visit.path == "/health" else Behaviour(status=500, body="Traceback: no such table: orders")


def _dependency(visit, normal, options):
    """The shop gets by without it; only pages that look behind the shop, as deep checks do, tell of it."""
    return normal if visit.path in ("/", "/health") else Behaviour(status=503, body="A service behind the shop is down")


def _partition(visit, normal, options):
    return Behaviour(lost=True) if visit.client.code in options["regions"] else normal


def _flapping(visit, normal, options):
    down = (visit.now - options["since"]) % options["period"] < options["down"]
    return Behaviour(refused=True) if down else normal


def _packet_loss(visit, normal, options):
    return Behaviour(lost=True) if visit.draw < options["rate"] else normal


@dataclass(frozen=True)
class FaultKind:
    """A way to fail: what it does, in words and in effect, and its options with their defaults."""

    name: str
    meaning: str
    effect: Effect
    options: Mapping[str, object] = field(default_factory=dict)


FAULTS = {kind.name: kind for kind in (
    FaultKind("crash", "the server process is gone: connections are refused", _crash),
    FaultKind("blackout", "power or network is gone: packets vanish without an answer", _blackout),
    FaultKind("hang", "the server accepts connections and never answers", _hang),
    FaultKind("slow", "every answer comes late", _slow, {"seconds": 5.0}),
    FaultKind("http_500", "every page is an error", _http_500, {"status": 500}),
    FaultKind("wrong_page", "every page is the wrong one, with status 200", _wrong_page),
    FaultKind("app_broken", "the health page is fine, the application behind it is not", _app_broken),
    FaultKind("dependency", "a service behind the shop is down: deep pages fail, users are served", _dependency),
    FaultKind("partition", "some Regions cannot reach the site, the others can", _partition, {"regions": ()}),
    FaultKind("flapping", "down and up again, over and over", _flapping, {"period": 60.0, "down": 30.0, "since": 0.0}),
    FaultKind("packet_loss", "a share of all requests gets lost", _packet_loss, {"rate": 0.05}),
)}


@dataclass
class Site:
    """One place that serves the shop: its addresses, pages, and whatever is wrong with it at the moment."""

    name: str
    place: Place
    addresses: tuple[str, ...]           # most sites have one; a name stands for an endpoint known by name only
    pages: Mapping[str, str] = field(default_factory=dict)                  # path -> body, beside the shop's own
    active: dict[str, Mapping[str, object]] = field(default_factory=dict)   # fault name -> options

    @property
    def address(self) -> str:
        return self.addresses[0]

    def fail(self, fault: str, now: float, **options) -> None:
        """Break the site. Raises ConfigurationError for an unknown fault or option."""
        kind = FAULTS.get(fault)
        if kind is None:
            known = "; ".join(f"{k.name} ({k.meaning})" for k in FAULTS.values())
            raise ConfigurationError(f"There is no fault {fault!r}. Known: {known}.")
        unknown = set(options) - set(kind.options)
        if unknown:
            takes = ", ".join(kind.options) or "no options"
            raise ConfigurationError(f"Fault {fault!r} has no option {', '.join(sorted(unknown))}. It takes: {takes}.")
        if fault == "partition" and not options.get("regions"):
            raise ConfigurationError("A partition needs regions=[...]: the Regions that cannot reach the site.")
        since = {"since": now} if "since" in kind.options else {}
        self.active[fault] = {**kind.options, **since, **options}

    def repair(self, fault: str | None = None) -> None:
        """Mend one fault, or all of them."""
        if fault is None:
            self.active.clear()
        elif self.active.pop(fault, None) is None:
            raise LabError(f"Site {self.name} has no fault {fault!r} to repair. "
                           f"Active: {', '.join(self.active) or 'none'}.")

    def behaviour(self, visit: Visit) -> Behaviour:
        """What this visit meets: the healthy page, passed through each active fault in turn."""
        seen = Behaviour(body=self.page(visit.path))
        if seen.body == "":
            seen = Behaviour(status=404, body="Not Found")
        for name, options in self.active.items():
            if seen.lost or seen.refused:
                break
            seen = FAULTS[name].effect(visit, seen, options)
        return seen

    def page(self, path: str) -> str:
        """The body of a page when all is well; empty for a page that does not exist."""
        pages = {"/": f"<!doctype html><title>Shop</title><h1>{WELCOME}</h1><p>Served by {self.name}.</p>",
                 "/health": "OK",
                 "/health/deep": f"OK: {WELCOME}, database reachable",
                 **self.pages}
        return pages.get(path.split("?")[0], "")
