"""`failover-kit answer`: what would be answered, with exact probabilities and the reasons."""

from __future__ import annotations

from typing import Annotated

import typer

from .options import AsJson, HealthCheckFile, ZoneFile, ZoneName, load, print_json


def answer(zone_file: ZoneFile,
           name: Annotated[str, typer.Argument(metavar="NAME", help="The name asked for.")],
           type: Annotated[str, typer.Argument(metavar="TYPE", help="The record type asked for.")] = "A",
           health_checks: HealthCheckFile = None, zone_name: ZoneName = None,
           unhealthy: Annotated[list[str] | None, typer.Option(metavar="ID", help="A health check (or the DNS name of "
                                "an alias's AWS resource) to take as unhealthy; may be repeated.")] = None,
           client: Annotated[str, typer.Option(metavar="REGION-or-IP", help="Where the question comes from.")] = "us-east-1",
           json: AsJson = False) -> None:
    """Say what would be answered, how likely each answer is, and why."""
    from ..authority import explain
    from ..records import Question, dns_name

    loaded = load(zone_file, health_checks, zone_name)
    statuses = unhealthy_statuses(unhealthy or [], loaded)
    explanation = explain([loaded.zone], Question(dns_name(name), type.upper()), statuses, client)
    if json:
        print_json(explanation.as_dict())
    else:
        print(explanation)


def unhealthy_statuses(ids: list[str], loaded) -> dict:
    """The statuses of these ids, and of the calculated checks above them; whatever is not in it counts as healthy.

    Raises ConfigurationError with every id that the files do not know.
    """
    from ..errors import ConfigurationError, Problem
    from ..health import Status, calculated, modified
    from ..records import dns_name

    checks = {check.id: check for check in loaded.health_checks}
    resources = {record.alias.dns_name for record in loaded.zone.record_sets
                 if record.alias and not loaded.zone.target_of(record)}
    used = {record.health_check_id for record in loaded.zone.record_sets} - {None}
    chosen = {key if key in checks or key in used else dns_name(key): Status.UNHEALTHY for key in ids}
    unknown = [key for key in chosen if key not in checks and key not in resources and key not in used]
    if unknown:
        known = ", ".join(sorted({*checks, *used, *resources})) or "none"
        raise ConfigurationError([Problem(f"--unhealthy {key}", "there is no such health check or resource",
                                          f"Known: {known}.") for key in unknown])
    for check in checks.values():
        if check.child_health_checks and check.id not in chosen:
            children = [chosen.get(child, Status.HEALTHY) for child in check.child_health_checks]
            chosen[check.id] = modified(calculated(children, check.health_threshold),
                                        inverted=check.inverted, disabled=check.disabled)
    return chosen
