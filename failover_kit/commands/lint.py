"""`failover-kit lint`: what is wrong or risky in a zone, each with its rule, the reason and the fix."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .options import AsJson, HealthCheckFile, ZoneFile, ZoneName, load, print_json

STYLES = {"error": "bold red", "warning": "yellow", "note": "cyan"}


def _list_rules(wanted: bool) -> None:
    if wanted:
        from ..aws.lint import REFUSED, RULES

        for rule in (REFUSED, *RULES):
            print(f"{rule.id}  {rule.severity.value:<8} {rule.title}")
        raise typer.Exit()


def lint(zone_file: ZoneFile, health_checks: HealthCheckFile = None, zone_name: ZoneName = None,
         strict: Annotated[bool, typer.Option("--strict", help="Exit with 1 on warnings too.")] = False,
         ignore: Annotated[list[str] | None, typer.Option(metavar="RULE", help="Leave out what this rule says, for "
                           "example FK610; may be repeated.")] = None,
         rules: Annotated[bool, typer.Option("--rules", is_eager=True, callback=_list_rules,
                                             help="List the rules and end.")] = False,
         json: AsJson = False) -> None:
    """Say what is wrong or risky, and how to put it right. Exits with 1 if there are errors."""
    from ..aws.lint import Severity

    findings = [finding for finding in _findings(zone_file, health_checks, zone_name)
                if finding.rule not in _known_rules(ignore or [])]
    counts = {severity.value: sum(finding.severity is severity for finding in findings) for severity in Severity}
    if json:
        print_json({"findings": [finding.as_dict() for finding in findings], "counts": counts})
    else:
        _show(findings, counts)
    if counts["error"] or (strict and counts["warning"]):
        raise typer.Exit(1)


def _findings(zone_file: Path, health_checks: Path | None, zone_name: str | None) -> list:
    """What lint finds; of a file that holds no zone, why not. Raises ConfigurationError where there is no file."""
    from .. import examples
    from ..aws.lint import lint as look
    from ..aws.lint import refused
    from ..errors import ConfigurationError

    try:
        loaded = load(zone_file, health_checks, zone_name)
    except ConfigurationError as error:
        if all(path is None or path.is_file() or str(path) in examples.NAMES for path in (zone_file, health_checks)):
            return refused(error)
        raise
    return look(loaded.zone, loaded.health_checks or (None if health_checks is None else ()))


def _known_rules(ids: list[str]) -> list[str]:
    """The ids, checked. Raises ConfigurationError."""
    from ..aws.lint import RULES
    from ..errors import ConfigurationError, Problem

    known = {rule.id for rule in RULES}
    unknown = [id_ for id_ in ids if id_.upper() not in known]
    if unknown:
        raise ConfigurationError([Problem(f"--ignore {id_}", "there is no such rule", "`failover-kit lint --rules` "
                                          "lists them.") for id_ in unknown])
    return [id_.upper() for id_ in ids]


def _show(findings, counts: dict[str, int]) -> None:
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    console, explained = Console(highlight=False), set()
    for finding in findings:
        kind = finding.severity.value
        console.print(Text.assemble((f"{kind} {finding.rule} ", STYLES[kind]), (finding.record, "bold"),
                                    f": {finding.what}" if finding.record else finding.what))
        console.print(Padding(Text(f"fix: {finding.fix}"), (0, 0, 0, 4)))
        if finding.rule not in explained:                       # the reason is the rule's: once is enough
            console.print(Padding(Text(f"why: {finding.why} [{finding.source}]"), (0, 0, 0, 4)))
            explained.add(finding.rule)
    console.print(", ".join(f"{count} {kind}{'' if count == 1 else 's'}" for kind, count in counts.items()))
