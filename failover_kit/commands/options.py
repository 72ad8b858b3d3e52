"""Options that several verbs share, spelled once, and the reading of the files they name."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from ..errors import ConfigurationError

ZoneFile = Annotated[Path, typer.Argument(metavar="ZONE.json", help="A zone: the kit's own format, what `aws route53 "
                                          "list-resource-record-sets` prints, or a change batch.")]
HealthCheckFile = Annotated[Path | None, typer.Option("--health-checks", metavar="FILE", help="What `aws route53 "
                                                      "list-health-checks` prints.")]
ZoneName = Annotated[str | None, typer.Option("--zone-name", help="The zone's name, where the file does not tell.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON for a program to read.")]
Seed = Annotated[int, typer.Option(help="Same seed, same run.")]
Speed = Annotated[float, typer.Option(min=0.01, max=100, help="Lab seconds a real second.")]


def load(zone_file: Path, health_checks: Path | None, zone_name: str | None):
    """The zone and checks in these files, with warnings on standard error. Raises ConfigurationError."""
    from ..aws.files import load_zone

    loaded = load_zone(zone_file, health_checks=health_checks, zone_name=zone_name)
    for warning in loaded.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    return loaded


def print_json(value) -> None:
    print(json.dumps(value, indent=2, ensure_ascii=False, default=str))


def write_text(path: Path, text: str) -> None:
    """Write a file, with the same line ends on every system; a path that cannot be written becomes a clear error."""
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be written: {error.strerror}. Choose another file.") from error
