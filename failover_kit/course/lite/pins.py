"""What the site is made of, file by file: name, version and SHA-256, so that the same bytes go in everywhere.

    pins.json  ->  read_pins()  ->  Pin  ->  pin.check(file)
    python -m failover_kit.course.lite.pins FOLDER        writes pins.json anew from a folder of downloads

Before this: nothing. After this: `pantry` fetches the files, `wheels` and `lockfile` put them into the site.
"""

from __future__ import annotations

import hashlib
import json
import sys
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from failover_kit.errors import CourseError

PINS = Path(__file__).with_name("pins.json")
INTERPRETER = "pyodide"      # the npm package that holds Python for the browser; all other pins are wheels


@dataclass(frozen=True)
class Pin:
    """One file to download: a wheel, or the npm package of the interpreter."""

    name: str
    version: str
    file: str
    sha256: str

    @property
    def is_wheel(self) -> bool:
        return self.file.endswith(".whl")

    def check(self, path: Path) -> None:
        """Raise CourseError unless this file has the bytes that were pinned."""
        found = digest(path)
        if found != self.sha256:
            raise CourseError(f"{path} is not the file that was pinned for {self.name} {self.version}: its SHA-256 is "
                              f"{found}, expected {self.sha256}. Delete it and build again; if it comes back like "
                              "this, do not use it.")


def digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def read_pins(file: Path = PINS) -> tuple[Pin, ...]:
    """All pins, by name. Raises CourseError where the list does not hold exactly one interpreter."""
    pins = tuple(Pin(**entry) for entry in json.loads(file.read_text(encoding="utf-8")))
    interpreters = [pin for pin in pins if pin.name == INTERPRETER]
    if len(interpreters) != 1:
        raise CourseError(f"{file} pins {len(interpreters)} files named {INTERPRETER!r}, expected one.")
    return pins


def interpreter_of(pins: Iterable[Pin]) -> Pin:
    return next(pin for pin in pins if pin.name == INTERPRETER)


def pins_of(folder: Path) -> list[Pin]:
    """Pins for the wheels and the interpreter's package in this folder."""
    found = []
    for path in sorted([*folder.glob("*.whl"), *folder.glob(f"{INTERPRETER}-*.tgz")]):
        name, version = path.stem.split("-")[:2]
        found.append(Pin(name.replace("_", "-").lower(), version, path.name, digest(path)))
    return found


def main(arguments: list[str]) -> int:
    if len(arguments) != 1:
        print("usage: python -m failover_kit.course.lite.pins FOLDER", file=sys.stderr)
        return 2
    pins = pins_of(Path(arguments[0]))
    PINS.write_text(json.dumps([asdict(pin) for pin in pins], indent=1) + "\n", encoding="utf-8")
    print(f"{PINS}: {len(pins)} pins")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
