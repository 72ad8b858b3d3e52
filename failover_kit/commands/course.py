"""`failover-kit` and `failover-kit lab`: open the course in JupyterLab."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from ..course.shelf import course_folder


def lab(folder: Annotated[Path | None, typer.Option(help="Where the notebooks are, or should be put.")] = None,
        browser: Annotated[bool, typer.Option(help="Open a browser window.")] = True,
        port: Annotated[int, typer.Option(help="Port of JupyterLab; 0 picks a free one.")] = 0) -> None:
    """Open the course in JupyterLab."""
    course = course_folder(folder)
    print(f"Opening the course in {course} (Ctrl-C ends it)")
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={course}", f"--ServerApp.port={port}",
               "--ServerApp.ip=127.0.0.1", "--LabApp.default_url=/lab/tree/lessons"]
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:      # in a container; Jupyter wants to be told that this is meant
        command.append("--allow-root")
    try:
        raise SystemExit(subprocess.call(command))
    except KeyboardInterrupt:
        raise SystemExit(0) from None
