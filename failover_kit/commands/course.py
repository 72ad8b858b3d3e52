"""`failover-kit` and `failover-kit lab`: open the course in JupyterLab."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import Annotated

import typer

from ..errors import ConfigurationError

FOLDERS = ("lessons", "exercises", "solutions")


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


def course_folder(wanted: Path | None = None) -> Path:
    """The folder with the notebooks: the checkout that this package runs from, or a copy made on first use.

    A copy never overwrites a file that is there already: it may hold a learner's work.
    """
    checkout = Path(str(files("failover_kit"))).parent
    if wanted is None and (checkout / "lessons").is_dir():
        return checkout
    target = (wanted or Path.cwd() / "failover-course").resolve()
    packaged = Path(str(files("failover_kit"))) / "notebooks"
    source = checkout if (checkout / "lessons").is_dir() else packaged
    if not (source / "lessons").is_dir():
        raise ConfigurationError(f"No notebooks are in {checkout} or {packaged}. Install the kit from its repository: "
                                 "pip install -e .")
    for name in FOLDERS:
        for notebook in sorted((source / name).glob("*.*")):
            place = target / name / notebook.name
            place.parent.mkdir(parents=True, exist_ok=True)
            if not place.exists():
                shutil.copyfile(notebook, place)
    return target
