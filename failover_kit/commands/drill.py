"""`failover-kit drill`: run an outage and tell what happened, step by step and in numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .options import AsJson, HealthCheckFile, Seed, Speed, ZoneName, load, print_json, write_text

SHOP_ONLY = ("interval", "threshold", "ttl", "live", "speed", "html")     # options that say what the shop is like
USERS_PER_NAME = 3


def drill(context: typer.Context,
          zone_file: Annotated[Path | None, typer.Argument(metavar="[ZONE.json]", help="Your own zone; each of its sites "
                               "fails in turn. Without it, the course's shop.")] = None,
          health_checks: HealthCheckFile = None, zone_name: ZoneName = None,
          scenario: Annotated[str, typer.Option(help="Which outage; `--scenario list` names them.")] = "crash",
          interval: Annotated[int, typer.Option(help="Request interval of the health checks: 10 or 30 s.")] = 30,
          threshold: Annotated[int, typer.Option(help="Failure threshold, 1 to 10.")] = 3,
          ttl: Annotated[int, typer.Option(help="TTL of the records, in seconds.")] = 60,
          users: Annotated[int, typer.Option(min=1, max=10_000, help="How many users keep asking: of the shop 50, of each "
                                                  "name of your zone 3, unless you say so.")] = 50,
          seed: Seed = 0,
          live: Annotated[bool, typer.Option("--live", help="Real servers, probes and DNS on loopback.")] = False,
          speed: Speed = 10.0,
          json: AsJson = False,
          gameday: Annotated[Path | None, typer.Option("--gameday", metavar="DESIGN.json", help="A design (zone, checks, "
                             "data, runbook); ten disasters happen to it, drawn by --seed.")] = None,
          html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write a page with the timeline.")] = None) -> None:
    """Run an outage and report: detection, DNS switch, downtime of users, stale requests, failback."""
    from ..drill import DrillSettings
    from ..drill import drill as run
    from ..errors import ConfigurationError
    from ..scenarios import SCENARIOS
    from ..scenarios import scenario as find

    if scenario == "list":
        for known in SCENARIOS.values():
            print(f"{known.name:<12} {known.title}")
        return
    if gameday is not None:
        _play_gameday(context, gameday, seed, json, html)
        return
    if zone_file is not None:
        _drill_zone(context, zone_file, health_checks, zone_name, scenario, users, seed, json)
        return
    if health_checks is not None or zone_name is not None:
        raise ConfigurationError("--health-checks and --zone-name belong to a zone of your own. Give it first: "
                                 "failover-kit drill ZONE.json ...")
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


def _drill_zone(context: typer.Context, zone_file: Path, health_checks: Path | None, zone_name: str | None, scenario: str,
                users: int, seed: int, json: bool) -> None:
    """Drill somebody's own zone. Raises ConfigurationError for options that only the shop has."""
    from ..errors import ConfigurationError, Problem
    from ..zone_drill import drill_zone

    given = lambda option: context.get_parameter_source(option).name != "DEFAULT"
    if odd := [option for option in SHOP_ONLY if given(option)]:
        raise ConfigurationError([Problem(f"--{option}", "is for the course's shop", "Leave it out: a zone of your own "
                                          "brings its records and checks along, and is drilled in virtual time.")
                                  for option in odd])
    loaded = load(zone_file, health_checks, zone_name)
    report = drill_zone(loaded.zone, loaded.health_checks, scenario=scenario,
                        users=users if given("users") else USERS_PER_NAME, seed=seed)
    if json:
        print_json(report.as_dict())
    else:
        from .zone_drill_text import show

        show(report)


def _play_gameday(context: typer.Context, design: Path, seed: int, json: bool, html: Path | None) -> None:
    """A whole campaign against a design. Raises ConfigurationError for options that say what the design says."""
    from ..errors import ConfigurationError, Problem
    from .gameday_text import play

    given = lambda option: context.get_parameter_source(option).name != "DEFAULT"
    odd = [name for name in context.params if given(name) and name not in ("gameday", "seed", "json", "html")]
    if odd:
        raise ConfigurationError([Problem(name, "does not go with --gameday", "Leave it out: the design says it.")
                                  for name in odd])
    play(design, seed, json, html)
