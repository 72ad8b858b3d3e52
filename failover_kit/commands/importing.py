"""`failover-kit import`: a CloudFormation template, or what the AWS CLI lists, as a zone in the kit's own format."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from .options import HealthCheckFile, ZoneName, write_text


def import_zone(template: Annotated[Path, typer.Argument(metavar="TEMPLATE", help="A CloudFormation template in JSON "
                                    "or YAML, or anything else that holds a zone.")],
                output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE",
                                                            help="Write a file instead of printing.")] = None,
                parameter: Annotated[list[str] | None, typer.Option(metavar="NAME=VALUE", help="A value for one of the "
                                     "template's parameters; may be repeated.")] = None,
                health_checks: HealthCheckFile = None, zone_name: ZoneName = None) -> None:
    """Read a zone and its health checks, and write them as one file that every other verb takes."""
    from ..aws.files import zone_document
    from ..aws.importing import load

    loaded = load(template, health_checks=health_checks, zone_name=zone_name, parameters=_pairs(parameter or []))
    for warning in loaded.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    text = json.dumps(zone_document(loaded.zone, loaded.health_checks), indent=4) + "\n"
    if output is not None:
        write_text(output, text)
    else:
        print(text, end="")


def _pairs(given: list[str]) -> dict[str, str]:
    """NAME=VALUE as a mapping. Raises ConfigurationError for one without an equals sign."""
    from ..errors import ConfigurationError, Problem

    odd = [pair for pair in given if "=" not in pair]
    if odd:
        raise ConfigurationError([Problem(f"--parameter {pair}", "has no value", "Write it like Domain=example.com.")
                                  for pair in odd])
    return dict(pair.split("=", 1) for pair in given)
