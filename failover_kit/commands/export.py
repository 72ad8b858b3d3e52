"""`failover-kit export`: a zone in the words of the AWS CLI, CloudFormation, Terraform or octoDNS."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from .options import HealthCheckFile, ZoneFile, ZoneName, load, write_text


def export(zone_file: ZoneFile,
           to: Annotated[str, typer.Option(metavar="FORMAT", help="cli, cloudformation, terraform or octodns.")],
           output: Annotated[Path | None, typer.Option("-o", "--output", metavar="FILE", help="Write a file, JSON or "
                             "YAML as its ending says; for cli also a folder, with a script to run.")] = None,
           health_checks: HealthCheckFile = None, zone_name: ZoneName = None) -> None:
    """Write a zone and its health checks as infrastructure as code. What a format cannot say is named on stderr."""
    from ..aws.export import export as run
    from ..aws.export import text_of, to_folder

    loaded = load(zone_file, health_checks, zone_name)
    exported = run(loaded.zone, loaded.health_checks, to)
    for warning in exported.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    if to == "cli" and output is not None and (output.is_dir() or not output.suffix):
        _write_folder(output, to_folder(loaded.zone, loaded.health_checks)[0])
    elif output is not None:
        write_text(output, text_of(exported, to, loaded.zone, output.name))
    else:
        print(text_of(exported, to, loaded.zone), end="")


def _write_folder(folder: Path, files: dict[str, str]) -> None:
    """Write the files; a script may be run. Raises ConfigurationError."""
    from ..errors import ConfigurationError

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ConfigurationError(f"{folder} cannot be made: {error.strerror}. Choose another folder.") from error
    for name, text in files.items():
        write_text(folder / name, text)
        if name.endswith(".sh"):
            (folder / name).chmod(0o755)
