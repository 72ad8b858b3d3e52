"""Wheels as the site holds them: the kit's own, and others without what no lesson uses.

    failover_kit's folder  ->  kit_wheel(folder)  ->  failover_kit-VERSION-py3-none-any.whl
    a pinned wheel         ->  slim(wheel, folder) ->  the same wheel, smaller

Same input, same bytes: times are fixed and names sorted.
"""

from __future__ import annotations

import base64
import hashlib
import re
import shutil
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path

PACKAGE = Path(__file__).parents[2]
SERVICES = ("route53", "route53-recovery-cluster", "cloudwatch")     # the clients that lab.api has
NOT_SHIPPED = frozenset({"__pycache__", "notebooks"})                # the notebooks are contents of the site
WHEN = (2020, 1, 1, 0, 0, 0)

# Files of a package that nothing in the course opens, by the wheel's name.
UNUSED: Mapping[str, re.Pattern[str]] = {
    "botocore": re.compile(rf"botocore/data/(?!(?:{'|'.join(SERVICES)})/)[^/]+/"),
    "boto3": re.compile(r"boto3/(?:examples|data)/"),
    "plotly": re.compile(r"[^/]+\.data/data/|plotly/labextension/"),
    "jedi": re.compile(r"jedi/third_party/(?:django-stubs|typeshed/stubs)/"),
}


def slim(wheel: Path, folder: Path) -> Path:
    """Put this wheel into `folder`, without its unused files."""
    unused = UNUSED.get(wheel.name.partition("-")[0])
    target = folder / wheel.name
    if unused is None:
        return Path(shutil.copyfile(wheel, target))
    with zipfile.ZipFile(wheel) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()
                 if not name.endswith("/") and not unused.match(name)}
    return write_wheel(target, parts)


def kit_wheel(folder: Path, package: Path = PACKAGE) -> Path:
    """This kit, as it is on disk, as a wheel."""
    version = kit_version()
    parts = {path.relative_to(package.parent).as_posix(): path.read_bytes() for path in package.rglob("*")
             if path.is_file() and NOT_SHIPPED.isdisjoint(path.relative_to(package).parts)}
    about = f"failover_kit-{version}.dist-info"
    parts[f"{about}/METADATA"] = f"Metadata-Version: 2.1\nName: failover-kit\nVersion: {version}\n".encode()
    parts[f"{about}/WHEEL"] = b"Wheel-Version: 1.0\nGenerator: failover-kit\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    return write_wheel(folder / f"failover_kit-{version}-py3-none-any.whl", parts)


def kit_version() -> str:
    from importlib.metadata import PackageNotFoundError, version

    try:
        return version("failover-kit")
    except PackageNotFoundError:      # run from a folder, not installed
        return "0"


def write_wheel(target: Path, parts: Mapping[str, bytes]) -> Path:
    """A wheel of these files, with a RECORD that fits them."""
    about = next(name.partition("/")[0] for name in parts if name.partition("/")[0].endswith(".dist-info"))
    record = f"{about}/RECORD"
    parts = {**{name: parts[name] for name in sorted(parts) if name != record},
             record: "".join(_record(record, parts)).encode()}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            entry = zipfile.ZipInfo(name, WHEN)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, content)
    return target


def _record(record: str, parts: Mapping[str, bytes]) -> Iterable[str]:
    """Its lines: name, hash, size (binary distribution format, "The .dist-info directory")."""
    for name in sorted(parts):
        if name != record:
            mark = base64.urlsafe_b64encode(hashlib.sha256(parts[name]).digest()).rstrip(b"=").decode()
            yield f"{name},sha256={mark},{len(parts[name])}\n"
    yield f"{record},,\n"
