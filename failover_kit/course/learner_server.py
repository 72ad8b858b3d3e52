"""Starts a learner's own server on a JupyterHub: their notebooks first, then JupyterHub's server in the same process.

    JUPYTERHUB_ROOT_DIR, MEM_LIMIT  ->  main()  ->  the folder filled, files private, memory limited, jupyterhub-singleuser

It runs as the learner, so it can do nothing that the learner could not. Before this: hub.py, or a chart of Zero to
JupyterHub, names it as the command of every server.
Source: JupyterHub documentation, Spawner.cmd, Spawner.notebook_dir and Spawner.mem_limit.
"""

from __future__ import annotations

import os
import sys
from collections.abc import MutableMapping, Sequence
from pathlib import Path

from failover_kit.errors import CourseError

from .shelf import course_folder
from .system_limits import set_limits

FOLDER = "~/failover-course"
FOLDER_VARIABLE = "JUPYTERHUB_ROOT_DIR"       # Spawner.notebook_dir, handed on by the hub
MEMORY_VARIABLE = "MEM_LIMIT"                 # Spawner.mem_limit in bytes, handed on by the hub


def prepare(environ: MutableMapping[str, str] = os.environ) -> Path:
    """Get everything ready for the server of the learner who runs this, and return the folder of their notebooks.

    What the learner makes from here on is for nobody else to read. Each of their processes may have as much data in
    memory as the hub allows (some spawners hold all of a learner's processes to it together; then this adds nothing).
    Raises CourseError where the folder cannot be filled.
    """
    os.umask(0o077)
    if limit := environ.get(MEMORY_VARIABLE):
        set_limits({"DATA": int(float(limit))})
    folder = Path(environ.get(FOLDER_VARIABLE) or FOLDER).expanduser()
    environ[FOLDER_VARIABLE] = str(folder)
    try:
        return course_folder(folder, for_class=True)
    except OSError as fault:
        raise CourseError(f"The notebooks cannot be put into {folder} ({fault}). Make room there, or let the learner "
                          "write there, and start the server again.") from fault


def main(arguments: Sequence[str] | None = None) -> int:
    """Fill the folder and become JupyterHub's server. Exit status 1 with a line on standard error if that fails."""
    try:
        prepare()
    except CourseError as fault:
        print(fault, file=sys.stderr)
        return 1
    given = sys.argv[1:] if arguments is None else arguments
    os.execv(sys.executable, [sys.executable, "-m", "jupyterhub.singleuser", *given])


if __name__ == "__main__":
    raise SystemExit(main())
