"""The site itself: interpreter, wheels and notebooks, put together by JupyterLite.

    pinned files + notebooks  ->  build_site(folder)  ->  a folder that any web server can hand out

Before this: `pantry`, `wheels`, `lockfile`. After this: a browser.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from failover_kit.course.progress import BROWSER_FOLDER
from failover_kit.course.shelf import FOLDERS, shelf
from failover_kit.errors import CourseError

from .lockfile import locked
from .pantry import default_cache, stock
from .pins import INTERPRETER, Pin, interpreter_of, read_pins
from .start_page import start_page
from .wheels import kit_version, kit_wheel, slim

MARK = "failover-kit-site.json"          # what was built, and the sign that this folder may be built anew
NEEDED = ("jupyterlite_core", "jupyterlite_pyodide_kernel")
CORE_FILES = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
LOCK = "pyodide-lock.json"
KERNEL = "@jupyterlite/pyodide-kernel-extension"
EXTENSIONS = (KERNEL, "@jupyter-widgets/jupyterlab-manager", "anywidget", "jupyterlab-plotly")
CONTENTS = ("*.ipynb", "GLOSSARY.md", "pictures/*")
PROGRESS_NOTE = """# Your progress

What you predict and pass is written to `progress.jsonl` in this folder, in this browser and nowhere else. Download the file
to keep it; clearing the data of this site clears it.
"""


@dataclass(frozen=True)
class Site:
    """What was built."""

    folder: Path
    notebooks: int
    packages: int
    size: int        # bytes


def build_site(folder: str | Path, *, cache: Path | None = None, with_solutions: bool = False,
               pins: Sequence[Pin] | None = None) -> Site:
    """Build the site into `folder`: a new or empty one, or one that an earlier build has made, which is replaced.

    Files that are not in `cache` yet are fetched into it. Raises CourseError, before `folder` is touched, where
    JupyterLite is missing, a file cannot be had or is not the pinned one, or `folder` holds something else.
    """
    target = Path(folder).resolve()
    pins = read_pins() if pins is None else pins
    _check_builder(interpreter_of(pins))
    _check_target(target)
    files = stock(pins, cache or default_cache())
    with tempfile.TemporaryDirectory(prefix="failover-kit-lite-") as scratch:
        source, built = Path(scratch) / "source", Path(scratch) / "site"
        packages = _lay_out_python(source / "static" / INTERPRETER, files)
        notebooks = _lay_out_contents(source / "files", with_solutions)
        _write_settings(source, packages)
        _run_builder(source, built)
        shutil.copyfile(built / "lab" / "favicon.ico", built / "favicon.ico")
        (built / "index.html").write_text(start_page(with_solutions=with_solutions), encoding="utf-8")
        (built / MARK).write_text(json.dumps({"failover-kit": kit_version(), "packages": packages}, indent=1) + "\n")
        if target.exists():
            shutil.rmtree(target)
        shutil.copytree(built, target)
    size = sum(path.stat().st_size for path in target.rglob("*") if path.is_file())
    return Site(target, notebooks, len(packages), size)


def _check_builder(interpreter: Pin) -> None:
    missing = [name.replace("_", "-") for name in NEEDED if find_spec(name) is None]
    if missing:
        raise CourseError(f"Building the site needs {' and '.join(missing)}. Install the kit with its extra: "
                          "pip install 'failover-kit[lite]'.")
    from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION

    if interpreter.version != PYODIDE_VERSION:
        raise CourseError(f"The installed jupyterlite-pyodide-kernel works with pyodide {PYODIDE_VERSION}, and the site "
                          f"pins {interpreter.version}. Install the versions that go together: "
                          "pip install 'failover-kit[lite]'.")


def _check_target(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise CourseError(f"{folder} is a file. Name a folder for the site.")
    if folder.exists() and any(folder.iterdir()) and not (folder / MARK).exists():
        raise CourseError(f"{folder} holds something that is not a site of this course. "
                          "Name a new folder, or an empty one.")


def _lay_out_python(folder: Path, files: Mapping[str, Path]) -> dict[str, str]:
    """The interpreter and its packages; returns {package: version}."""
    folder.mkdir(parents=True)
    with tarfile.open(files[INTERPRETER]) as archive:
        parts = {name: archive.extractfile(f"package/{name}").read() for name in (*CORE_FILES, LOCK)}
    for name in CORE_FILES:
        (folder / name).write_bytes(parts[name])
    wheels = [slim(path, folder) for path in files.values() if path.suffix == ".whl"]
    wheels += [Path(shutil.copy(path, folder)) for path in _kernel_wheels()]
    wheels.append(kit_wheel(folder))
    lock = locked(json.loads(parts[LOCK]), wheels)
    (folder / LOCK).write_text(json.dumps(lock))
    return {name: entry["version"] for name, entry in lock["packages"].items()}


def _extension(name: str) -> Path:
    """Where an installed JupyterLab extension lies."""
    from jupyter_core.paths import jupyter_path

    for place in jupyter_path("labextensions"):
        if (Path(place) / name / "package.json").exists():
            return Path(place) / name
    raise CourseError(f"The JupyterLab extension {name} is not installed. Install the kit again: "
                      "pip install 'failover-kit[lite]'.")


def _kernel_wheels() -> list[Path]:
    """The wheels that the kernel brings along: the newest of each name."""
    newest = {path.name.partition("-")[0]: path for path in sorted((_extension(KERNEL) / "static/pypi").glob("*.whl"))}
    return list(newest.values())


def _lay_out_contents(folder: Path, with_solutions: bool) -> int:
    """Copy what a learner opens; returns how many notebooks that are."""
    for name in FOLDERS if with_solutions else FOLDERS[:2]:
        for pattern in CONTENTS:
            for path in sorted((shelf() / name).glob(pattern)):
                place = folder / name / path.relative_to(shelf() / name)
                place.parent.mkdir(parents=True, exist_ok=True)
                if path.suffix == ".ipynb":
                    place.write_text(_whole(path), encoding="utf-8")
                else:
                    shutil.copyfile(path, place)
    (folder / BROWSER_FOLDER.name).mkdir()
    (folder / BROWSER_FOLDER.name / "README.md").write_text(PROGRESS_NOTE, encoding="utf-8")
    return len(list(folder.rglob("*.ipynb")))


def _whole(notebook: Path) -> str:
    """This notebook with each text in one piece: on disk it is a list of lines, which a Jupyter server would join."""
    import nbformat

    return json.dumps(nbformat.read(notebook, as_version=4))


def _write_settings(source: Path, packages: Mapping[str, str]) -> None:
    kernel = {"disablePyPIFallback": True, "loadPyodideOptions": {"packages": sorted(packages)}}
    (source / "jupyter-lite.json").write_text(json.dumps({
        "jupyter-lite-schema-version": 0,
        "jupyter-config-data": {"appName": "failover-kit", "exposeAppInBrowser": True,
                                "litePluginSettings": {f"{KERNEL}:kernel": kernel}}}))
    (source / "jupyter_lite_config.json").write_text(json.dumps({"LiteBuildConfig": {
        "apps": ["lab"], "ignore_sys_prefix": ["federated_extensions"], "no_sourcemaps": True, "no_libarchive": True,
        "no_unused_shared_packages": True, "federated_extensions": [str(_extension(name)) for name in EXTENSIONS]}}))


def _run_builder(source: Path, built: Path) -> None:
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--lite-dir", str(source), "--output-dir", str(built)]
    done = subprocess.run(command, cwd=source, capture_output=True, text=True, check=False)
    if done.returncode:
        raise CourseError(f"JupyterLite could not build the site:\n{done.stdout.strip()}\n{done.stderr.strip()}")
