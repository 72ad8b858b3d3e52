"""The pinned files, fetched once and kept, so that a second build needs no network.

    Pin, Pin, ...  ->  stock(pins, cache)  ->  {name: a file in the cache with the pinned bytes}

Wheels come by pip, the interpreter by npm, each from wherever that client is set up to look. What cannot be fetched
can be put into the cache folder by hand: only the bytes count.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from failover_kit.errors import CourseError

from .pins import Pin, interpreter_of

# Wheels for the interpreter of the site, whatever Python builds it.
PYTHON = ("--python-version", "3.14", "--implementation", "py", "--abi", "none", "--platform", "any")


def default_cache() -> Path:
    import platformdirs

    return Path(platformdirs.user_cache_dir("failover-kit", appauthor=False)) / "lite"


def stock(pins: Sequence[Pin], cache: Path) -> Mapping[str, Path]:
    """Every pinned file, checked. Raises CourseError that names a file that differs or cannot be had."""
    cache.mkdir(parents=True, exist_ok=True)
    missing = [pin for pin in pins if not (cache / pin.file).exists()]
    if wheels := [pin for pin in missing if pin.is_wheel]:
        _fetch_wheels(wheels, cache)
    if interpreter_of(pins) in missing:
        _fetch_interpreter(interpreter_of(pins), cache)
    for pin in pins:
        pin.check(cache / pin.file)
    return {pin.name: cache / pin.file for pin in pins}


def _fetch_wheels(pins: Sequence[Pin], cache: Path) -> None:
    with tempfile.TemporaryDirectory() as folder:
        wanted = Path(folder) / "wheels.txt"
        wanted.write_text("".join(f"{pin.name}=={pin.version} --hash=sha256:{pin.sha256}\n" for pin in pins))
        _run([sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
              "--only-binary=:all:", *PYTHON, "--require-hashes", "--requirement", str(wanted), "--dest", folder],
             pins, cache)
        _keep(pins, Path(folder), cache)


def _fetch_interpreter(pin: Pin, cache: Path) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise CourseError(f"npm is needed to fetch {pin.name} {pin.version}, and is not installed. Install Node.js, or "
                          f"put {pin.file} of that package into {cache}.")
    with tempfile.TemporaryDirectory() as folder:
        _run([npm, "pack", "--silent", f"{pin.name}@{pin.version}", "--pack-destination", folder], [pin], cache)
        _keep([pin], Path(folder), cache)


def _run(command: Sequence[str], pins: Sequence[Pin], cache: Path) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        files = ", ".join(pin.file for pin in pins)
        raise CourseError(f"{Path(command[0]).name} could not fetch what the site is made of ({files}):\n"
                          f"{done.stderr.strip()}\nBuild once where there is a network, or put the files into {cache}.")


def _keep(pins: Sequence[Pin], folder: Path, cache: Path) -> None:
    """Move what was fetched into the cache, once it is known to be right."""
    for pin in pins:
        fetched = folder / pin.file
        if not fetched.exists():
            raise CourseError(f"{pin.name} {pin.version} was fetched, but not as {pin.file}. "
                              "The pins and the package index do not agree: pins.json needs to be written anew.")
        pin.check(fetched)
        shutil.move(fetched, cache / pin.file)
