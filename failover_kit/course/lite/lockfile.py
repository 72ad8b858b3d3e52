"""pyodide-lock.json: the packages that the site's Python starts with.

    the interpreter's own lock, wheels  ->  locked(lock, wheels)  ->  a lock that knows these wheels and nothing else

The interpreter's package lists hundreds of builds that lie on another host. They are left out: the site has what it
ships, and asks nobody for more. Each wheel's SHA-256 is in the lock, and the browser checks it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from .pins import digest


def locked(lock: Mapping, wheels: Iterable[Path]) -> dict:
    """The lock of the site, for wheels that lie beside it."""
    entries = {entry["name"]: entry for entry in map(_entry, wheels)}
    return {**lock, "packages": dict(sorted(entries.items()))}


def _entry(wheel: Path) -> dict:
    name, version = wheel.name.split("-")[:2]
    return {"name": name.replace("_", "-").lower(), "version": version, "file_name": wheel.name,
            "sha256": digest(wheel), "install_dir": "site", "package_type": "package", "imports": [], "depends": [],
            "unvendored_tests": False}
