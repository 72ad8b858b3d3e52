"""The course's static site, built once and served on a free loopback port, and a page in Chromium that looks at it.

    build_site  ->  StaticServer  ->  LitePage: the same questions as to a LabPage, of a kernel that runs in the page
"""

from __future__ import annotations

from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from pathlib import Path
from threading import Thread

from lab_page import CHROMIUM, LabPage

from failover_kit.course.lite.pantry import default_cache, stock
from failover_kit.course.lite.pins import read_pins
from failover_kit.errors import CourseError


def missing_parts() -> str:
    """Why the site cannot be built or looked at here; "" when it can."""
    packages = [name for name in ("playwright", "jupyterlite_core", "jupyterlite_pyodide_kernel") if find_spec(name) is None]
    if packages:
        return f"needs the packages {', '.join(packages)}"
    if not CHROMIUM.exists():
        return f"needs Chromium at {CHROMIUM}"
    try:
        stock(read_pins(), default_cache())
    except CourseError as error:
        if "could not fetch" in str(error) or "npm is needed" in str(error):
            return str(error)
        raise
    return ""


class _Handler(SimpleHTTPRequestHandler):
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript", ".wasm": "application/wasm"}

    def log_message(self, *_):
        pass


class StaticServer:
    """Hands out the files of a folder, as any web host would."""

    def __init__(self, folder: Path):
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, directory=str(folder)))
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}"
        Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


class LitePage(LabPage):
    """One notebook of the site, open in a browser that has never been there."""

    def __init__(self, browser, site_url: str, path: str):
        self.url = f"{site_url}/lab/index.html?path={path}"
        self.context = browser.new_context(viewport={"width": 1280, "height": 1600})
        self.page = self.context.new_page()
        self.console_errors, self.requests_elsewhere = [], []
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.console_errors.append(str(error)))
        self.context.on("request", self._asked)
        self.open()

    def open(self) -> None:
        """Load (or reload) the notebook, and wait until Python runs in the page."""
        self.page.goto(self.url)
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        self.page.wait_for_function("""async () => {
          const session = jupyterapp.shell.currentWidget?.context?.sessionContext;
          if (!session) return false;
          await session.ready;
          await session.session.kernel.info;
          return true;
        }""", timeout=120_000)

    def run_all_afresh(self) -> bool:
        """Forget the outputs that were saved with the notebook, run all cells; whether none of them raised."""
        return self.page.evaluate("""async () => {
          await jupyterapp.commands.execute("notebook:clear-all-cell-outputs");
          return jupyterapp.commands.execute("notebook:run-all-cells");
        }""")

    def run(self, *cells: str) -> None:
        """Run these cells, one after the other."""
        for cell in cells:
            self.page.evaluate("""async (id) => {
              const notebook = jupyterapp.shell.currentWidget.content;
              notebook.deselectAll();
              notebook.activeCellIndex = notebook.widgets.findIndex(({ model }) => model.id === id);
              await jupyterapp.commands.execute("notebook:run-cell");
            }""", cell)

    def outputs(self) -> dict[str, list[dict]]:
        """{id of a code cell: its outputs}"""
        return dict(self.page.evaluate("""() => jupyterapp.shell.currentWidget.content.widgets
            .filter(({ model }) => model.type === "code").map(({ model }) => [model.id, model.outputs.toJSON()])"""))

    def complaints(self) -> list[str]:
        """What cells raised or wrote to standard error."""
        return [f"{cell}: {output.get('ename', '')} {output.get('evalue', output.get('text'))}"
                for cell, outputs in self.outputs().items() for output in outputs
                if output["output_type"] == "error" or output.get("name") == "stderr"]

    def faults_of(self, sources: list[str]) -> list[str]:
        """Run this code in an emptied kernel, as nobody's work and without showing it: what it raised or complained of."""
        return self.page.evaluate("""async (sources) => {
          const kernel = jupyterapp.shell.currentWidget.context.sessionContext.session.kernel, faults = [];
          const nobody = "import os; os.environ['FAILOVER_KIT_PROGRESS'] = 'off'";
          const somebody = "import os; del os.environ['FAILOVER_KIT_PROGRESS']";
          for (const code of ["%reset -f", nobody, ...sources, somebody]) {
            const future = kernel.requestExecute({ code });
            future.onIOPub = ({ content, header }) => {
              if (header.msg_type === "error") faults.push(`${code}\n${content.ename}: ${content.evalue}`);
              if (header.msg_type === "stream" && content.name === "stderr") faults.push(`${code}\n${content.text}`);
            };
            await future.done;
          }
          return faults;
        }""", sources)

    def write(self, cell: str, source: str) -> None:
        """Type this into a cell."""
        self.page.evaluate("""([id, source]) => jupyterapp.shell.currentWidget.content.widgets
            .find(({ model }) => model.id === id).model.sharedModel.setSource(source)""", [cell, source])

    def cell(self, name: str):
        """The cell on the page."""
        self.page.evaluate("""(id) => { const notebook = jupyterapp.shell.currentWidget.content;
            const found = notebook.widgets.find(({ model }) => model.id === id);
            found.node.dataset.cellId = id; found.node.scrollIntoView(); }""", name)
        return self.page.locator(f'[data-cell-id="{name}"]')

    def downloaded(self) -> dict:
        """The notebook as it stands on the page, saved and fetched, as *File*, *Download* gives it."""
        return self.page.evaluate("""async () => {
          await jupyterapp.commands.execute("docmanager:save");
          const { path } = jupyterapp.shell.currentWidget.context;
          return (await jupyterapp.serviceManager.contents.get(path, { content: true })).content;
        }""")

    def close(self) -> None:
        self.context.close()


class Pages(dict):
    """{path of a notebook: its LitePage}, each opened when it is first asked for."""

    def __init__(self, browser, site_url: str):
        super().__init__()
        self.browser, self.site_url, self.ran = browser, site_url, set()

    def __missing__(self, path: str) -> LitePage:
        self[path] = LitePage(self.browser, self.site_url, path)
        return self[path]

    def run(self, path: str) -> LitePage:
        """The page of this notebook after all its cells have run, none of which raised."""
        if path not in self.ran:
            assert self[path].run_all_afresh(), self[path].complaints()
            self.ran.add(path)
        return self[path]
