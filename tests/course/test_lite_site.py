"""course/lite/site.py: what is refused before anything is touched. A whole site is built in tests/browser/test_lite.py."""

import ast
import json
import subprocess
import sys
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import nbformat
import pytest
from typer.testing import CliRunner

from failover_kit.cli import app
from failover_kit.course.lite import site
from failover_kit.course.lite.pins import INTERPRETER, read_pins
from failover_kit.course.lite.site import MARK, Site, build_site
from failover_kit.course.lite.start_page import start_page
from failover_kit.course.syllabus import LESSONS
from failover_kit.errors import CourseError

ROOT = Path(__file__).parents[2]


@pytest.fixture
def builder(monkeypatch):
    """A builder that is there and fits the pins, whatever is installed."""
    monkeypatch.setattr(site, "_check_builder", lambda _: None)


def test_a_missing_extra_is_named_with_its_install_line(tmp_path, monkeypatch):
    monkeypatch.setattr(site, "find_spec", lambda name: None if "pyodide" in name else object())
    with pytest.raises(CourseError, match=r"needs jupyterlite-pyodide-kernel\. .*pip install 'failover-kit\[lite\]'"):
        build_site(tmp_path / "site")
    assert not (tmp_path / "site").exists()


def test_a_kernel_for_another_interpreter_is_refused(tmp_path):
    pytest.importorskip("jupyterlite_pyodide_kernel")
    pins = [replace(pin, version="0.1") if pin.name == INTERPRETER else pin for pin in read_pins()]
    with pytest.raises(CourseError, match=r"works with pyodide [\d.]+, and the site pins 0\.1"):
        build_site(tmp_path / "site", pins=pins)


@pytest.mark.usefixtures("builder")
def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(CourseError, match=r"holds something that is not a site of this course"):
        build_site(tmp_path)
    assert (tmp_path / "thesis.txt").read_text() == "years of work"
    with pytest.raises(CourseError, match=r"thesis\.txt is a file\. Name a folder"):
        build_site(tmp_path / "thesis.txt")


@pytest.mark.usefixtures("builder")
def test_an_earlier_site_is_only_replaced_by_a_finished_one(tmp_path, monkeypatch):
    (tmp_path / MARK).write_text("{}")
    monkeypatch.setattr(site, "stock", lambda pins, cache: {})
    monkeypatch.setattr(site, "_lay_out_python", lambda folder, files: folder.mkdir(parents=True) or {})
    monkeypatch.setattr(site, "_write_settings", lambda source, packages: None)
    monkeypatch.setattr(site.subprocess, "run", lambda command, **_: subprocess.CompletedProcess(command, 1, "", "no room"))
    with pytest.raises(CourseError, match=r"(?s)JupyterLite could not build the site:.*no room"):
        build_site(tmp_path, cache=tmp_path)
    assert (tmp_path / MARK).exists()


class Page(HTMLParser):
    """Links, and the settings that JupyterLite looks for."""

    def __init__(self, text):
        super().__init__()
        self.links, self.settings, self._in_settings, self.hosts = [], "", False, []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        named = dict(attributes)
        self.links += [named["href"]] if tag == "a" else []
        self.hosts += [value for name, value in attributes if name in ("src", "href") and "//" in value]
        self._in_settings = named.get("id") == "jupyter-config-data"
        if self._in_settings:
            assert named["data-jupyter-lite-root"] == "."

    def handle_data(self, data):
        self.settings += data if self._in_settings else ""

    def handle_endtag(self, _):
        self._in_settings = False


@pytest.mark.parametrize(("solutions", "folders"), [(False, ["lessons", "exercises"]),
                                                    (True, ["lessons", "exercises", "solutions"])])
def test_the_start_page_links_every_notebook_once_and_no_other_host(solutions, folders):
    page = Page(start_page(with_solutions=solutions))
    assert sorted(page.links) == sorted(f"lab/index.html?path={folder}/{entry.notebook}.ipynb"
                                        for folder in folders for entry in LESSONS)
    assert page.hosts == []
    assert json.loads(page.settings) == {}


NOTEBOOKS = sorted(path for folder in ("lessons", "solutions") for path in (ROOT / folder).glob("*.ipynb"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: f"{path.parent.name}-{path.stem[:2]}")
def test_a_notebook_imports_only_what_is_on_the_site(path):
    on_the_site = {pin.name.replace("-", "_") for pin in read_pins()} | {"IPython", "failover_kit"} | sys.stdlib_module_names
    imported = set()
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            for node in ast.walk(ast.parse(cell.source)):
                if isinstance(node, ast.Import):
                    imported |= {alias.name.partition(".")[0] for alias in node.names}
                elif isinstance(node, ast.ImportFrom):
                    imported.add(node.module.partition(".")[0])
    assert imported <= on_the_site
    assert "failover_kit" in imported


@pytest.mark.parametrize("options", [[], ["--json"]], ids=["words", "json"])
def test_the_verb_says_what_it_built(tmp_path, monkeypatch, options):
    asked = {}
    monkeypatch.setattr(site, "build_site", lambda folder, **more: asked.update(more) or Site(folder, 14, 37, 54_000_000))
    done = CliRunner().invoke(app, ["lite", str(tmp_path / "here"), "--cache", str(tmp_path), *options])
    assert done.exit_code == 0, done.output
    assert asked == {"cache": tmp_path, "with_solutions": False}
    if options:
        assert json.loads(done.stdout) == {"folder": str(tmp_path / "here"), "notebooks": 14, "packages": 37,
                                           "bytes": 54_000_000}
    else:
        assert "14 notebooks, 37 packages, 54 MB" in done.stdout
        assert "http.server --bind 127.0.0.1" in done.stdout
