"""The command line: one verb a subcommand, each in its own module of `commands/`.

    failover-kit VERB ...  ->  commands/VERB.py  ->  text for people, or JSON with --json
"""

from __future__ import annotations

import sys

import typer

from .commands import answer, book, course, drill, export, grade, importing, lint, lite, recall, serve, vote
from .commands.console import speak_plainly
from .errors import FailoverKitError

app = typer.Typer(name="failover-kit", no_args_is_help=False, add_completion=False, pretty_exceptions_enable=False,
                  help="A course on DNS failover and a local Route 53 lab. Without a verb it opens the course.")


@app.callback(invoke_without_command=True)
def _bare(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        course.lab()


app.command("lab")(course.lab)
app.command("drill")(drill.drill)
app.command("serve")(serve.serve)
app.command("answer")(answer.answer)
app.command("lint")(lint.lint)
app.command("export")(export.export)
app.command("import")(importing.import_zone)
app.command("recall")(recall.recall)
app.command("grade")(grade.grade)
app.command("book")(book.book)
app.command("lite")(lite.lite)
app.command("vote")(vote.vote)


def main() -> None:
    """Run the command line; an error that the kit raises on purpose becomes one clear message and exit code 1."""
    speak_plainly()
    try:
        app()
    except FailoverKitError as error:
        print(f"failover-kit: {error}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:                # the reader of our output has left: nothing to tell anybody
        sys.stderr.close()
        sys.exit(1)
