"""A zone drill's report for the terminal: a table an outage, names with the same fate in one row, a summary in words.

Before this: zone_drill.py makes the report.
"""

from __future__ import annotations

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..zone_report import BAD, NameOutcome, SiteOutage, Verdict, ZoneDrillReport

STYLES = {Verdict.UNHARMED: "green", Verdict.SHAKEN: "yellow", Verdict.FAILS_OVER: "green", Verdict.TOO_SLOW: "yellow",
          Verdict.STAYS_DOWN: "bold red", Verdict.NEVER_SERVED: "bold red"}
SHOWN_NAMES = 4
SHOWN_OUTAGES = 12           # with more of them, only those that went badly get a table


def show(report: ZoneDrillReport) -> None:
    """Print the whole report."""
    console = Console(highlight=False)
    shown = [outage for outage in report.outages if len(report.outages) <= SHOWN_OUTAGES or len(outage.failed) > 1
             or any(outcome.verdict in BAD for outcome in outage.names)]
    for outage in shown:
        console.print(Text(f"\n{_title(outage, report)}: {report.fault} for {outage.seconds:.0f} s", "bold"))
        console.print(_table(outage, report.zone))
    if len(shown) < len(report.outages):
        console.print(f"{len(report.outages) - len(shown)} outages more went well; --json has them all.\n")
    console.print("[bold]In short[/]")
    console.print(report.summary())
    if report.not_routed:
        console.print(f"Not routed, so not drilled: {_some(report.not_routed)}.")
    console.print("[bold]What the drill takes for granted[/]")
    for line in report.assumptions:
        console.print(f"  - {line}", style="dim")


def _title(outage: SiteOutage, report: ZoneDrillReport) -> str:
    """The sites that fail, one with its endpoints."""
    if len(outage.failed) > 1:
        return f"All {len(outage.failed)} sites together"
    site = next(site for site in report.sites if site.name == outage.failed[0])
    where = ", ".join(endpoint.rstrip(".") for endpoint in site.endpoints if endpoint != site.name)
    return f"{site.name} ({where})" if where else site.name


def _table(outage: SiteOutage, zone: str) -> Table:
    table = Table(pad_edge=False, padding=0, box=box.SIMPLE_HEAD)
    for title in ("name", "before", "at the end", "after repair"):
        table.add_column(title, overflow="fold")
    for title in ("down: median,\nlongest", "DNS\nswitch"):
        table.add_column(title, justify="right", no_wrap=True)
    table.add_column("so it", no_wrap=True)
    for rows in _alike(outage).values():
        first = rows[0]
        table.add_row(_some([_relative(row.name, zone) for row in rows], "\n"),
                      _servers(first.before), _servers(first.during),
                      "as before" if first.after == first.before else _servers(first.after),
                      _down(rows), _longest([row.switched for row in rows]),
                      Text(first.verdict.value, STYLES[first.verdict]))
    return table


def _alike(outage: SiteOutage) -> dict[tuple, list[NameOutcome]]:
    """The names of an outage by their fate."""
    found: dict[tuple, list[NameOutcome]] = {}
    for outcome in outage.names:
        fate = (outcome.verdict, *(tuple(seen.items()) for seen in (outcome.before, outcome.during, outcome.after)))
        found.setdefault(fate, []).append(outcome)
    return found


def _servers(seen: dict[str, int]) -> str:
    """The sites, with how many users each had if it was not all of them."""
    total = sum(seen.values())
    return "\n".join((site or "nobody") + (f" {count}/{total}" if count < total else "")
                     for site, count in seen.items())


def _down(rows: list[NameOutcome]) -> str:
    longest = max(row.unserved.maximum for row in rows)
    return f"{max(row.unserved.p50 for row in rows):.0f} s, {longest:.0f} s" if longest else "-"


def _relative(name: str, zone: str) -> str:
    """A name without the zone's; the zone's own name as it is."""
    return name.removesuffix(f".{zone}")


def _longest(moments: list[float | None]) -> str:
    known = [moment for moment in moments if moment is not None]
    return f"{max(known):.0f} s" if known else "-"


def _some(names: Sequence[str], between: str = ", ") -> str:
    more = [f"and {len(names) - SHOWN_NAMES} more"] if len(names) > SHOWN_NAMES else []
    return between.join([*(name.rstrip(".") for name in names[:SHOWN_NAMES]), *more])
