"""`failover-kit vote`: a class votes on a question; the counts as bars in the terminal, and on a page to project."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Annotated, TextIO

import typer

from ..errors import ConfigurationError
from .options import AsJson, print_json

PAUSE = 1.0       # seconds between two looks at the votes
BAR = 16          # characters


def vote(question: Annotated[str, typer.Argument(metavar="QUESTION", help="The question's id, such as 6.instant.")],
         folders: Annotated[list[Path] | None, typer.Argument(metavar="[FOLDER]...", help="Count what learners committed, "
                            "in the progress files below these folders.")] = None,
         port: Annotated[int | None, typer.Option(min=0, max=65535, help="Serve a page to project, and, without folders, "
                         "take the answers of learners who join; 0 picks a free one.")] = None,
         host: Annotated[str, typer.Option(help="Address to bind; all but loopback is open to others.")] = "127.0.0.1",
         answer: Annotated[bool, typer.Option("--answer", help="Mark the right choice in the terminal.")] = False,
         json: AsJson = False) -> None:
    """Show how a class votes on a question. Ctrl-C ends it.

    Learners join with join_class("http://ADDRESS:PORT"), or are counted from their progress files. With --json one count is
    printed: at once, or with --port when the vote ends.
    """
    from ..course.classvote.ballots import BallotBox
    from ..course.classvote.journals import JournalVotes
    from ..course.predictions import find_prediction

    prediction = find_prediction(question)
    if not folders and port is None:
        raise ConfigurationError(f"Nobody can vote on {question} yet. Name the folder with the learners' progress files, or "
                                 "--port for learners to join.")
    box = None if folders else BallotBox(prediction)
    tally = box.tally if box else JournalVotes(prediction, folders or []).tally
    if port is None and (json or not sys.stdout.isatty()):
        _show_once(tally, json, answer)
        return
    try:
        asyncio.run(_serve(tally, box, host, port, show=None if json else lambda: bars(tally(), answer)))
    except KeyboardInterrupt:
        print("ended", file=sys.stderr)
    if json:
        print_json(tally().as_dict())
    elif not sys.stdout.isatty():
        _show_once(tally, json, answer)


def _show_once(tally: Callable, json: bool, answer: bool) -> None:
    if json:
        print_json(tally().as_dict())
        return
    from rich.console import Console

    Console().print(bars(tally(), answer))


async def _serve(tally: Callable, box, host: str, port: int | None, show: Callable | None) -> None:
    """Show the votes, and serve the page if there is a port for it, until the vote is ended."""
    async with AsyncExitStack() as stack:
        if port is not None:
            await _open_page(stack, tally, box, host, port, out=sys.stdout if show else sys.stderr)
        await _watch(show)


async def _open_page(stack: AsyncExitStack, tally: Callable, box, host: str, port: int, out: TextIO) -> None:
    """Serve the page and the votes, and say where."""
    import socket

    from ..course.classvote.booth import Booth
    from ..course.classvote.station import open_booth
    from ..network.addresses import is_loopback

    if host != "localhost" and not is_loopback(host):
        print(f"warning: {host} is not loopback: everybody who reaches this machine can vote.", file=sys.stderr)
    booth = Booth(tally, box, names=(host, socket.gethostname()))
    url = await stack.enter_async_context(open_booth(booth, host, port))
    reached = url.replace("//0.0.0.0:", f"//{socket.gethostname()}:").replace("//[::]:", f"//{socket.gethostname()}:")
    print(f"page to project: {reached}/#key={booth.key}", file=out, flush=True)
    if box:
        print(f'learners:        from failover_kit.course import join_class; join_class("{reached}")', file=out, flush=True)


async def _watch(show: Callable | None) -> None:
    """Draw the votes again and again where somebody looks; elsewhere just wait."""
    if show is None or not sys.stdout.isatty():
        await asyncio.Event().wait()
    from rich.live import Live

    with Live(show(), auto_refresh=False) as live:
        while True:
            await asyncio.sleep(PAUSE)
            live.update(show(), refresh=True)


def bars(tally, answer: bool = False):
    """The vote as a table of bars, for rich to print."""
    from rich.table import Table
    from rich.text import Text

    from ..course.classvote.ballots import round_name

    table = Table(title=Text(tally.prediction.question), title_justify="left", caption_justify="left", show_lines=True,
                  caption=Text(" ".join([f"{time.strftime('%H:%M:%S')}", *tally.notes])))
    table.add_column("choice", overflow="fold")
    rounds = [(number, entry) for number, entry in enumerate(tally.rounds, start=1) if number == 1 or entry.votes]
    for number, entry in rounds:
        sure = "" if entry.confidence is None else f", {entry.confidence:.0f} % sure"
        table.add_column(f"{round_name(number)}: {entry.votes}{sure}", no_wrap=True)
    for key, text in tally.prediction.choices.items():
        mark = "\n✓ right" if answer and key == tally.prediction.answer else ""
        table.add_row(Text(text + mark), *(_bar(entry.counts[key], entry.votes) for _, entry in rounds))
    return table


def _bar(count: int, votes: int):
    from rich.text import Text

    share = count / votes if votes else 0.0
    return Text(f"{'█' * round(share * BAR):<{BAR}} {count} ({share:.0%})")
