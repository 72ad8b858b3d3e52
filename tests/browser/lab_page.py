"""A JupyterLab of its own on a free loopback port, and a page in Debian's Chromium that looks at it.

    cells  ->  temporary notebook  ->  JupyterLab  ->  Page: run, drag, press, reload, look
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import nbformat

REPOSITORY = Path(__file__).resolve().parents[2]
CHROMIUM = Path("/usr/bin/chromium")
LOCAL_HOSTS = ("127.0.0.1", "localhost", "")


# A cell outside the window is drawn, too: what the page says does not depend on where it was scrolled to.
SETTINGS = {"apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
            "notebook-extension/tracker": {"windowingMode": "none"}}


def missing_parts() -> str:
    """Why browser tests cannot run here; "" when they can."""
    from importlib.util import find_spec
    packages = [name for name in ("playwright", "jupyterlab", "axe_playwright_python") if find_spec(name) is None]
    if packages:
        return f"needs the packages {', '.join(packages)}"
    return "" if CHROMIUM.exists() else f"needs Chromium at {CHROMIUM}"


def notebook(*cells: str) -> nbformat.NotebookNode:
    return nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}})


def _extensions(folder: Path) -> Path:
    """Links to this environment's extensions, without JupyterLite's: those complain in the console of a JupyterLab."""
    installed = Path(sys.prefix, "share", "jupyter", "labextensions")
    for package in (*installed.glob("*/package.json"), *installed.glob("@*/*/package.json")):
        name = package.parent.relative_to(installed)
        if name.parts[0] != "@jupyterlite":
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).symlink_to(package.parent)
    return folder


class JupyterLab:
    """A server over `folder`; everything it writes stays there."""

    def __init__(self, folder: Path):
        self.folder, self.notebooks = folder, folder / "notebooks"
        self.notebooks.mkdir(parents=True)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        home = dict.fromkeys(("HOME", "IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR",
                              "JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR"), str(folder / "home"))
        for name, setting in SETTINGS.items():
            file = folder / "home" / "@jupyterlab" / f"{name}.jupyterlab-settings"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(json.dumps(setting))
        self.log = (folder / "server.log").open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", "--ServerApp.ip=127.0.0.1",
             f"--ServerApp.port={port}", "--ServerApp.port_retries=0", f"--ServerApp.root_dir={self.notebooks}",
             "--IdentityProvider.token=", "--ServerApp.password=", "--LabApp.expose_app_in_browser=True",
             "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate", "--LabApp.news_url=None",
             "--LabApp.extension_manager=readonly", f"--LabApp.labextensions_path={_extensions(folder / 'extensions')}"],
            cwd=self.notebooks, env={**os.environ, **home, "PYTHONPATH": str(REPOSITORY)},
            stdout=self.log, stderr=subprocess.STDOUT)
        self._wait_until_ready()

    def _wait_until_ready(self, patience: float = 60.0) -> None:
        give_up = time.monotonic() + patience
        while time.monotonic() < give_up and self.process.poll() is None:
            try:
                with urllib.request.urlopen(f"{self.url}/api/status", timeout=5):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        self.close()
        raise RuntimeError(f"JupyterLab did not start:\n{(self.folder / 'server.log').read_text()}")

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.log.close()


class LabPage:
    """One notebook open in one browser page. Keeps what the page complained about, and whom it asked."""

    def __init__(self, browser, lab: JupyterLab, name: str, cells: nbformat.NotebookNode):
        nbformat.write(cells, lab.notebooks / name)
        self.url = f"{lab.url}/lab/workspaces/{name.partition('.')[0]}/tree/{name}"
        self.context = browser.new_context(viewport={"width": 1280, "height": 1600})
        self.page = self.context.new_page()
        self.console_errors: list[str] = []
        self.requests_elsewhere: list[str] = []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.console_errors.append(str(error)))
        self.page.on("request", self._asked)
        self.open()

    def _heard(self, message) -> None:
        if message.type == "error":
            self.console_errors.append(f"{message.text} ({message.location.get('url', '')})")

    def _asked(self, request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.hostname not in LOCAL_HOSTS:
            self.requests_elsewhere.append(request.url)

    def open(self) -> None:
        """Load (or reload) the notebook and wait for its kernel."""
        self.page.goto(self.url)
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        self.page.wait_for_function("""async () => {
          const session = jupyterapp.shell.currentWidget?.context?.sessionContext;
          if (!session) return false;
          await session.ready;
          return session.session?.kernel?.status === "idle" && session.session.kernel.connectionStatus === "connected";
        }""", timeout=60_000)

    def command(self, name: str, **arguments) -> None:
        self.page.evaluate("([name, args]) => jupyterapp.commands.execute(name, args)", [name, arguments])

    def run_all(self, wait: bool = True) -> None:
        """Run all cells; with `wait`, until the last has run."""
        if wait:
            self.command("notebook:run-all-cells")
        else:
            self.page.evaluate("() => { jupyterapp.commands.execute('notebook:run-all-cells'); }")

    def wait_for_python(self, expression: str, value: str, patience: float = 20.0) -> None:
        """Until the kernel prints this value: widget messages are handled beside the cells, not before them."""
        give_up = time.monotonic() + patience
        while (printed := self.run_cell(f"print({expression})")) != value:
            assert time.monotonic() < give_up, f"{expression} is {printed}, not {value}"
            self.page.wait_for_timeout(50)

    def run_cell(self, code: str) -> str:
        """Run code in this notebook's kernel, beside its cells, and return what it printed."""
        return self.page.evaluate("""async (code) => {
          const kernel = jupyterapp.shell.currentWidget.context.sessionContext.session.kernel;
          const future = kernel.requestExecute({ code, store_history: false });
          let printed = "";
          future.onIOPub = ({ content, header }) => {
            if (header.msg_type === "stream") printed += content.text;
            if (header.msg_type === "error") throw new Error(content.evalue);
          };
          await future.done;
          return printed.trim();
        }""", code)

    def dark(self, wanted: bool = True) -> None:
        self.command("apputils:change-theme", theme="JupyterLab Dark" if wanted else "JupyterLab Light")
        self.page.wait_for_selector(f'body[data-jp-theme-light="{"false" if wanted else "true"}"]', state="attached")

    def close(self) -> None:
        """Shut the kernel down and leave. Closing twice is fine."""
        if not self.page.is_closed():
            self.page.evaluate("() => jupyterapp.shell.currentWidget?.context?.sessionContext?.shutdown()")
            self.context.close()
