"""A drill's report for the terminal: the steps as a table, the downtime budget as bars, a summary in words."""

from __future__ import annotations

from pathlib import Path

from rich.console import Console
from rich.table import Table
from rich.text import Text

from ..drill import BudgetPart, DrillReport
from ..story import COLUMNS, Step

STYLES = {"site": "bold", "checker": "yellow", "health check": "magenta", "DNS": "cyan", "user": "green", "operator": "dim"}
BAR = 48               # characters for the longest budget
WORTH_SAYING = 1.0     # real seconds that a live lab stood still


def show(report: DrillReport, html: Path | None = None) -> None:
    """Print the whole report."""
    console = Console()
    world = "virtual time" if report.speed is None else f"live on loopback, {report.speed:g} lab seconds a second"
    console.print(f"\n[bold]{report.scenario.title}[/]  ({world}, seed {report.seed})")
    console.print(step_table(report.steps))
    if budget := report.budget():
        console.print("[bold]Where the time went for the user who waited longest[/]")
        console.print(budget_bars(budget))
    console.print("[bold]In short[/]")
    console.print(report.summary(), highlight=False)
    if report.stalled > WORTH_SAYING:
        console.print(f"This machine was too busy to run the lab for {report.stalled:.1f} s; the lab's clock stood still "
                      "meanwhile, and its figures hold. To get on faster, close other programs.", highlight=False)
    if html:
        console.print(f"\nTimeline written to {html}")


def step_table(steps: list[Step]) -> Table:
    """The steps of a run as a rich table."""
    table = Table(show_lines=False, pad_edge=False)
    for name in COLUMNS.values():
        table.add_column(name, justify="right" if name == "time" else "left", overflow="fold",
                         ratio=3 if name == "what happened" else None)
    for step in steps:
        table.add_row(f"{step.at:.1f} s", Text(step.happened, STYLES.get(step.part, "")), step.checkers, step.status,
                      step.answer, step.landed)
    return table


def budget_bars(budget: list[BudgetPart]) -> Text:
    """One bar a part, in proportion, each with its lever."""
    total = sum(part.seconds for part in budget) or 1.0
    lines = Text()
    for part, glyph in zip(budget, "█▓▒░", strict=False):
        lines.append(f"  {part.name:<14}{part.seconds:7.1f} s  ")
        lines.append(glyph * max(1, round(BAR * part.seconds / total)), style="cyan")
        lines.append(f"  lever: {part.lever}\n", style="dim")
    lines.append(f"  {'together':<14}{total:7.1f} s\n", style="bold")
    return lines
