"""`failover-kit drill --gameday`: play it, and tell of it in the terminal, as JSON or on a page.

    DESIGN.json + seed  ->  GameDayReport, Improvements  ->  tables and words
"""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from ..gameday import GameDayReport, Improvement, game_day, improvements, load_design
from .options import print_json, write_text

SHOWN = 3                  # changes
# Of the report's table, and their heads in a narrow terminal.
COLUMNS = {"disaster": "disaster", "RTO": "RTO", "RPO": "RPO", "error minutes": "errors", "lost writes": "lost",
           "false": "false", "objective": "goal"}


def play(design_file: Path, seed: int, as_json: bool, html: Path | None) -> None:
    """The whole verb. Raises ConfigurationError with every fault of the design."""
    report = game_day(load_design(design_file), seed)
    with ProcessPoolExecutor() as workers:
        found = improvements(report, executor=workers)
    if html:
        from ..figures.gameday_page import gameday_page

        write_text(html, gameday_page(report, found))
    if as_json:
        print_json({**report.as_dict(), "improvements": [one.as_dict() for one in found]})
    else:
        show(report, found, html)


def show(report: GameDayReport, found: list[Improvement], html: Path | None = None) -> None:
    """Print the whole report."""
    console = Console()
    console.print(f"\n[bold]Game day of the {report.design.name} design[/]  (virtual time, seed {report.seed})")
    console.print(_disasters(report))
    console.print(_score(report))
    console.print("[bold]In short[/]")
    console.print(report.summary(), highlight=False)
    useful = [one for one in found if one.points > 0][:SHOWN]
    console.print(f"\n[bold]What would have helped most[/] (of {len(found)} single changes, played on the same days)")
    for one in useful:
        console.print(f"  {one.summary()}", highlight=False)
    if not useful:
        console.print("  None of them would have gained a point.")
    if html:
        console.print(f"\nThe stories, step by step: {html}")


def _disasters(report: GameDayReport) -> Table:
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for name in COLUMNS.values():
        table.add_column(name, justify="left" if name in ("disaster", "goal") else "right", no_wrap=True)
    for row in report.table():
        cells = (row[key] for key in COLUMNS)
        table.add_row(*(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in cells),
                      style="bold" if row["objective"] == "missed" else "")
    return table


def _score(report: GameDayReport) -> Table:
    table = Table(pad_edge=False, box=SIMPLE, title=f"Score: {report.score:.0f} of 100", title_justify="left")
    for name in ("part", "points", "of", "why"):
        table.add_column(name, justify="right" if name in ("points", "of") else "left")
    for part in report.parts:
        table.add_row(part.name, f"{part.points:.0f}", f"{part.of:.0f}", part.why)
    if report.reference:
        table.add_row("together", f"{report.score:.0f}", "100", f"the {report.reference.design.name} design: "
                      f"{report.reference.score:.0f}", style="bold")
    return table
