"""`failover-kit drill`: run an outage and tell what happened, step by step and in numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .options import AsJson, HealthCheckFile, Seed, Speed, ZoneName, print_json, write_text


def drill(zone_file: Annotated[Path | None, typer.Argument(metavar="[ZONE.json]", help="Your own zone; each of its sites "
                               "fails in turn. Without it, the course's shop.")] = None,
          health_checks: HealthCheckFile = None, zone_name: ZoneName = None,
          scenario: Annotated[str, typer.Option(help="Which outage; `--scenario list` names them.")] = "crash",
          interval: Annotated[int, typer.Option(help="Request interval of the health checks: 10 or 30 s.")] = 30,
          threshold: Annotated[int, typer.Option(help="Failure threshold, 1 to 10.")] = 3,
          ttl: Annotated[int, typer.Option(help="TTL of the records, in seconds.")] = 60,
          users: Annotated[int, typer.Option(min=1, max=10_000, help="How many users keep asking.")] = 50,
          seed: Seed = 0,
          live: Annotated[bool, typer.Option("--live", help="Real servers, probes and DNS on loopback.")] = False,
          speed: Speed = 10.0,
          json: AsJson = False,
          html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page with the timeline.")] = None) -> None:
    """Run an outage and report: detection, DNS switch, downtime of users, stale requests, failback."""
    from ..drill import DrillSettings
    from ..drill import drill as run
    from ..scenarios import SCENARIOS
    from ..scenarios import scenario as find

    if scenario == "list":
        for known in SCENARIOS.values():
            print(f"{known.name:<12} {known.title}")
        return
    settings = DrillSettings(request_interval=interval, failure_threshold=threshold, ttl=ttl, users=users)
    if live and not json:
        from .live_table import watched

        report = watched(lambda **hooks: run(scenario, settings=settings, seed=seed, live=True, speed=speed, **hooks),
                         until=settings.calm + find(scenario).until)
    else:
        report = run(scenario, settings=settings, seed=seed, live=live, speed=speed)
    if html:
        from ..figures.page import drill_page

        write_text(html, drill_page(report))
    if json:
        print_json(report.as_dict())
    else:
        from .report_text import show

        show(report, html)
