"""Lays out a JupyterHub for a class on one Linux machine: its configuration, and what learners share.

    names, limits, exchange  ->  lay_out_hub(folder)  ->  folder/jupyterhub_config.py, learner/, exchange/, state/

    python -m failover_kit.course.hub FOLDER [--admin NAME]... [--course-key KEY] [--memory 1G] [--bind URL]

Run it again at any time: what is there already is kept. Before this: a Python that every user of the machine may read,
with `failover-kit[hub]`, and a user of the machine for each learner. After this: learner_server.py starts each
learner's server, classroom.py lays out the instructor's side of nbgrader.
Source: JupyterHub documentation, "Configuration Reference"; nbgrader documentation, "Using nbgrader with JupyterHub".
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Sequence
from pathlib import Path

from failover_kit.errors import CourseError

from .classroom import COURSE_ID, Layout, write_new
from .learner_server import FOLDER
from .seeds import KEY_VARIABLE

CONFIGURATION = "jupyterhub_config.py"
BIND = "http://127.0.0.1:8000"
MEMORY = "1G"                             # of data in memory for each process of a learner; a live lesson needs a fifth
PROXY = "node_modules/.bin/configurable-http-proxy"      # where npm puts it
IDLE = 3600                               # seconds until a server that nobody uses is ended

# With the rights that each needs.
_FOLDERS = {"": 0o755, "learner": 0o755, "learner/labconfig": 0o755, "exchange": 0o1777, "state": 0o700}

# JupyterLab, for every learner: no news from the internet, and no tools that make or grade assignments.
SERVER_CONFIGURATION = '''"""JupyterLab for learners on the hub."""

c = get_config()  # noqa: F821  (Jupyter puts it here)

c.LabApp.news_url = None
c.LabApp.check_for_updates_class = "jupyterlab.NeverCheckForUpdate"
'''
PAGE_CONFIGURATION = {"disabledExtensions": {
    f"@jupyter/nbgrader:{tool}": True for tool in ("create-assignment", "formgrader", "course-list")}}


def lay_out_hub(folder: str | Path, *, admins: Sequence[str] = (), course_id: str = COURSE_ID, course_key: str = "",
                memory: str = MEMORY, bind: str = BIND) -> Layout:
    """Make `folder` a hub's folder. A file or folder that exists is left as it is, its rights too.

    `admins` are the users who may see and stop others' servers, `course_key` gives each learner numbers of their own,
    `memory` is a number of bytes or a number and K, M, G or T. Raises CourseError: all that is wrong, or what could
    not be written.
    """
    if problems := _problems(admins, course_id, memory, bind):
        raise CourseError(" ".join(problems))
    root = Path(folder).resolve()
    for name, rights in _FOLDERS.items():
        _make_folder(root / name, rights)
    contents = {
        root / CONFIGURATION: (configuration(admins, course_key, memory, bind), 0o600),       # it holds the course key
        root / "learner" / "nbgrader_config.py": (learner_configuration(root / "exchange", course_id), 0o644),
        root / "learner" / "jupyter_server_config.py": (SERVER_CONFIGURATION, 0o644),
        root / "learner" / "labconfig" / "page_config.json": (json.dumps(PAGE_CONFIGURATION, indent=2) + "\n", 0o644),
    }
    written, kept = [], []
    for path, (text, rights) in contents.items():
        if write_new(path, text.encode()):
            path.chmod(rights)
            written.append(path)
        else:
            kept.append(path)
    return Layout(tuple(written), tuple(kept))


def _problems(admins: Sequence[str], course_id: str, memory: str, bind: str) -> list[str]:
    checks = [
        (bool(course_id) and course_id == course_id.strip() and "/" not in course_id,
         f"{course_id!r} cannot be a course's name. Use a short word such as {COURSE_ID!r}."),
        (re.fullmatch(r"[1-9]\d*[KMGT]?", memory) is not None,
         f"{memory!r} is not an amount of memory. Write a number and K, M, G or T, such as {MEMORY!r}."),
        (re.fullmatch(r"https?://[^/\s]*:\d+(/\S*)?", bind) is not None,
         f"{bind!r} is no address to listen on. Write a URL with a port, such as {BIND!r}."),
        *((re.fullmatch(r"[^\s/:,]+", name) is not None, f"{name!r} is not a user's name.") for name in admins),
    ]
    return [problem for is_fine, problem in checks if not is_fine]


def _make_folder(path: Path, rights: int) -> None:
    if path.is_dir():
        return
    try:
        path.mkdir(parents=True)
        path.chmod(rights)                # mkdir's own mode is cut by the umask
    except OSError as fault:
        raise CourseError(f"{path} cannot be made ({fault}). Choose a folder that is yours.") from fault


def configuration(admins: Sequence[str] = (), course_key: str = "", memory: str = MEMORY, bind: str = BIND) -> str:
    """The text of jupyterhub_config.py."""
    key = (f'    "{KEY_VARIABLE}": {course_key!r},              # gives each learner numbers of their own' if course_key
           else f'    # "{KEY_VARIABLE}": "spring",             # gives each learner numbers of their own')
    admin_set = "{" + ", ".join(repr(name) for name in sorted(admins)) + "}" if admins else "set()"
    return f'''"""A hub for the failover course on one Linux machine.

Start it as root, with the Python that has failover-kit: /opt/failover/bin/python -m jupyterhub -f {CONFIGURATION}
"""

import importlib.util
import os
import sys
from pathlib import Path

c = get_config()  # noqa: F821  (JupyterHub puts it here)
here = Path(__file__).resolve().parent

# ---- Who may come in --------------------------------------------------------------------------------------------

# Learners are users of this machine, and sign in with their name and password there (PAM). So the system itself keeps
# them apart: files, processes, memory.
c.JupyterHub.authenticator_class = "pam"

# Everybody with a password here may come in. To name them instead: c.Authenticator.allowed_users = {{"ann", "bob"}}
c.Authenticator.allow_all = True

# They may see, start and stop everybody's server.
c.Authenticator.admin_users = {admin_set}

# ---- Where it listens -------------------------------------------------------------------------------------------

# The only door for browsers. On loopback it waits for a web server with a certificate in front of it, such as Caddy or
# nginx. In a room with a network of its own, "http://:8000" opens it to everybody there, passwords unencrypted.
c.JupyterHub.bind_url = {bind!r}

# Everything behind the door stays on this machine.
c.JupyterHub.hub_ip = "127.0.0.1"
c.Spawner.ip = "127.0.0.1"

# The proxy comes from npm: `npm install configurable-http-proxy` in this folder; otherwise it must be on the path.
if (here / {PROXY!r}).exists():
    c.ConfigurableHTTPProxy.command = [str(here / {PROXY!r})]

# ---- What each learner gets -------------------------------------------------------------------------------------

# One process a learner, with the learner's own rights.
c.JupyterHub.spawner_class = "localprocess"

# Copies the notebooks into the learner's home the first time (later it adds what is missing and overwrites nothing),
# makes all that the learner writes private, and becomes JupyterHub's usual server.
c.Spawner.cmd = [sys.executable, "-m", "failover_kit.course.learner_server"]

# Where the notebooks go, and what a learner sees first.
c.Spawner.notebook_dir = {FOLDER!r}
c.Spawner.default_url = "/lab/tree/lessons"

# With this spawner: the most that each process of a learner may have in memory, so that one endless list ends in a
# MemoryError and not in a machine that stands still. One limit for all of a learner's processes together, and a
# limit on processors, need systemd: pip install jupyterhub-systemdspawner, then
#     c.JupyterHub.spawner_class = "systemd"; c.Spawner.cpu_limit = 1.0
c.Spawner.mem_limit = {memory!r}

# A whole class presses Start in the same minute.
c.Spawner.start_timeout = 120
c.Spawner.http_timeout = 120

# In the environment of every learner's server.
c.Spawner.environment = {{
    # Learners' nbgrader finds the exchange here, and JupyterLab what to leave out: news from the internet, and nbgrader's
    # tools for instructors. (To use Formgrader yourself, delete learner/labconfig/page_config.json.)
    "JUPYTER_CONFIG_PATH": str(here / "learner"),
{key}
}}

# Learners' terminals, and nbgrader, call the programs beside this Python by their names.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])

# ---- The hub's own ----------------------------------------------------------------------------------------------

# What the hub remembers, and its secrets: for root only.
c.JupyterHub.db_url = f"sqlite:///{{here / 'state' / 'jupyterhub.sqlite'}}"
c.JupyterHub.cookie_secret_file = str(here / "state" / "cookie_secret")
c.ConfigurableHTTPProxy.pid_file = str(here / "state" / "proxy.pid")

# When the hub ends, so do the learners' servers. (False: they go on, and a hub that comes back finds them.)
c.JupyterHub.cleanup_servers = True

# A server that nobody has used for an hour is ended, its live lab with it. What was written stays.
if importlib.util.find_spec("jupyterhub_idle_culler"):
    c.JupyterHub.services = [
        {{"name": "idle-culler", "command": [sys.executable, "-m", "jupyterhub_idle_culler", "--timeout={IDLE}"]}}]
    c.JupyterHub.load_roles = [
        {{"name": "idle-culler", "services": ["idle-culler"],
         "scopes": ["list:users", "read:users:activity", "read:servers", "delete:servers"]}}]
'''


def learner_configuration(exchange: Path, course_id: str = COURSE_ID) -> str:
    """The text of the nbgrader_config.py that every learner's nbgrader reads."""
    return f'''"""nbgrader for learners on the hub: where the course's work is handed out and in."""

c = get_config()  # noqa: F821  (nbgrader puts it here)

c.Exchange.root = {str(exchange)!r}
c.CourseDirectory.course_id = {course_id!r}
'''


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line. Exit status 1 with a line on standard error if the folder could not be laid out."""
    parser = argparse.ArgumentParser(prog="python -m failover_kit.course.hub",
                                     description="Lay out a JupyterHub for a class on one machine. Nothing is overwritten.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--admin", action="append", default=[], help="a user who may see and stop others' servers")
    parser.add_argument("--course-id", default=COURSE_ID, help=f"the course's name in nbgrader ({COURSE_ID})")
    parser.add_argument("--course-key", default="", help="gives each learner numbers of their own")
    parser.add_argument("--memory", default=MEMORY, help=f"limit for each process of a learner ({MEMORY})")
    parser.add_argument("--bind", default=BIND, help=f"the URL that browsers are answered on ({BIND})")
    chosen = parser.parse_args(arguments)
    try:
        done = lay_out_hub(chosen.folder, admins=chosen.admin, course_id=chosen.course_id, course_key=chosen.course_key,
                           memory=chosen.memory, bind=chosen.bind)
    except CourseError as fault:
        print(fault, file=sys.stderr)
        return 1
    print(done)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
