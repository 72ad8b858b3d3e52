"""A JupyterHub of its own on free loopback ports, as the kit lays it out, and its learners over HTTP.

    folder  ->  lay_out_hub + a few lines for a test  ->  Hub  ->  Learner: start, run code in a kernel

What differs from a class: learners are no users of this machine (SimpleLocalProcessSpawner), so the system does not
keep them apart; they sign in with tokens; ports are free ones.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from importlib.util import find_spec
from pathlib import Path

import psutil

from failover_kit.course.hub import lay_out_hub

REPOSITORY = Path(__file__).resolve().parents[2]
PROXY = "configurable-http-proxy"
PATIENCE = 60.0

TEST_LINES = '''
load_subconfig({configuration!r})
c = get_config()
c.JupyterHub.authenticator_class = "dummy"
c.JupyterHub.spawner_class = "simple"
c.SimpleLocalProcessSpawner.home_dir_template = {homes!r}
c.Spawner.args = {arguments!r}
c.JupyterHub.bind_url = "http://127.0.0.1:{door}"
c.JupyterHub.hub_port = {hub}
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy}"
c.ConfigurableHTTPProxy.command = [{command!r}]
c.JupyterHub.services.append({{"name": "test", "api_token": {token!r}}})
c.JupyterHub.load_roles.append({{"name": "test", "services": ["test"],
                                "scopes": ["admin:users", "admin:servers", "tokens"]}})
'''


def missing_parts() -> str:
    """Why a hub cannot run here; "" when it can."""
    packages = [name for name in ("jupyterhub", "websocket", "nbgrader") if find_spec(name) is None]
    if packages:
        return f"needs the packages {', '.join(packages)}"
    return "" if shutil.which(PROXY) or shutil.which("npm") else f"needs {PROXY}, or npm to install it"


def proxy_command(folder: Path) -> str:
    """The proxy that is on the path; otherwise npm installs one into `folder`, in a few seconds."""
    if found := shutil.which(PROXY):
        return found
    folder.mkdir(parents=True)
    subprocess.run(["npm", "install", "--no-audit", "--no-fund", f"{PROXY}@5.1"], cwd=folder, check=True,
                   capture_output=True, timeout=120)
    return str(folder / "node_modules" / ".bin" / PROXY)


class Hub:
    """A hub that was started, with all its processes."""

    def __init__(self, folder: Path, command: str):
        self.folder, self.homes = folder / "hub", folder / "homes"
        self.homes.mkdir()
        lay_out_hub(self.folder, course_key="spring")
        door, hub, proxy = _free_ports(3)
        self.url, self.token = f"http://127.0.0.1:{door}", secrets.token_hex(16)
        configuration = folder / "test_config.py"
        configuration.write_text(TEST_LINES.format(
            configuration=str(self.folder / "jupyterhub_config.py"), homes=str(self.homes / "{username}"),
            door=door, hub=hub, proxy=proxy, command=command, token=self.token,
            arguments=["--allow-root"] if os.geteuid() == 0 else []))
        self.log = folder / "hub.log"
        with self.log.open("w") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "jupyterhub", "-f", str(configuration)], cwd=folder, stdout=log, stderr=log,
                env={**os.environ, "HOME": str(folder), "PYTHONPATH": str(REPOSITORY)})
        self.until(lambda: self.ask("GET", "")[0] == 200, "the hub did not start")

    def until(self, condition, complaint: str) -> None:
        """Wait until the condition holds; a hub that has ended, or takes too long, fails with its log."""
        give_up = time.monotonic() + PATIENCE
        while not condition():
            if time.monotonic() > give_up or self.process.poll() is not None:
                raise AssertionError(f"{complaint}:\n{self.log.read_text()}")
            time.sleep(0.1)

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, object]:
        """The hub's own API, as a service that may do everything."""
        return request(method, f"{self.url}/hub/api/{path}", self.token, body)

    def processes(self) -> list[psutil.Process]:
        """The hub and all that it and its children have started."""
        hub = psutil.Process(self.process.pid)
        return [hub, *hub.children(recursive=True)]

    def close(self) -> list[str]:
        """End the hub as `systemctl stop` or a kill does, and return the command lines of what it left running."""
        started = self.processes()
        self.process.terminate()
        self.process.wait(PATIENCE)
        left = psutil.wait_procs(started, timeout=20)[1]
        lines = [" ".join(process.cmdline()) for process in left]
        for process in left:
            process.kill()
        return lines


class Learner:
    """A user of the hub, with a token of their own."""

    def __init__(self, hub: Hub, name: str):
        self.hub, self.name = hub, name
        self.home = hub.homes / name
        assert hub.ask("POST", f"users/{name}")[0] == 201
        self.token = hub.ask("POST", f"users/{name}/tokens", {"note": "test"})[1]["token"]
        self.url = f"{hub.url}/user/{name}"

    def begin_server(self) -> None:
        status, answer = request("POST", f"{self.hub.url}/hub/api/users/{self.name}/server", self.token)
        assert status in (201, 202), answer

    def await_server(self) -> None:
        self.hub.until(lambda: self.hub.ask("GET", f"users/{self.name}")[1]["servers"].get("", {}).get("ready"),
                       f"the server of {self.name} did not start")

    def ask(self, method: str, path: str, body: object = None, *, of: Learner | None = None) -> tuple[int, object]:
        """This learner's server (or somebody else's) with this learner's token."""
        return request(method, f"{(of or self).url}/{path}", self.token, body)

    def kernel(self) -> Kernel:
        return Kernel(self)


class Kernel:
    """A kernel of a learner's server, through the proxy, as JupyterLab talks to it."""

    def __init__(self, learner: Learner):
        import websocket

        status, started = learner.ask("POST", "api/kernels", {"name": "python3"})
        assert status == 201, started
        self.id = started["id"]
        self._socket = websocket.create_connection(
            f"{learner.url.replace('http', 'ws', 1)}/api/kernels/{self.id}/channels", timeout=PATIENCE,
            header=[f"Authorization: token {learner.token}"])

    def begin(self, code: str) -> str:
        """Send code to be run; `result` waits for it."""
        header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "username": "", "session": uuid.uuid4().hex,
                  "version": "5.3", "date": ""}
        self._socket.send(json.dumps({
            "header": header, "parent_header": {}, "metadata": {}, "channel": "shell", "buffers": [],
            "content": {"code": code, "silent": False, "store_history": False, "user_expressions": {},
                        "allow_stdin": False, "stop_on_error": True}}))
        return header["msg_id"]

    def result(self, message: str) -> str:
        """What that code printed; if it raised, an AssertionError with what it raised."""
        printed = ""
        while True:
            heard = json.loads(self._socket.recv())
            if heard["parent_header"].get("msg_id") != message:
                continue
            kind, content = heard["msg_type"], heard["content"]
            if kind == "stream" and content["name"] == "stdout":
                printed += content["text"]
            if kind == "error":
                raise AssertionError(f"{content['ename']}: {content['evalue']}")
            if kind == "status" and content["execution_state"] == "idle":
                return printed

    def run(self, code: str) -> str:
        return self.result(self.begin(code))

    def close(self) -> None:
        self._socket.close()


def request(method: str, url: str, token: str, body: object = None) -> tuple[int, object]:
    """Status and JSON (or text) of an answer; (0, reason) where nobody answers."""
    sent = urllib.request.Request(url, method=method, headers={"Authorization": f"token {token}"},
                                  data=None if body is None else json.dumps(body).encode())
    try:
        with urllib.request.urlopen(sent, timeout=PATIENCE) as answer:
            status, content = answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            status, content = refused.code, refused.read()
    except OSError as fault:
        return 0, str(fault)
    try:
        return status, json.loads(content)
    except ValueError:
        return status, content.decode(errors="replace")


def _free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [one.getsockname()[1] for one in sockets]
    for one in sockets:
        one.close()
    return ports
