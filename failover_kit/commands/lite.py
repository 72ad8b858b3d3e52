"""`failover-kit lite`: build the course as a static site that runs in a browser."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from .options import AsJson, print_json


def lite(folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="Where the site is put: a new or empty folder, or "
                           "an earlier site, which is replaced.")],
         cache: Annotated[Path | None, typer.Option(metavar="FOLDER", help="Where downloads are kept, so that the next "
                          "build is offline; by default your user cache.")] = None,
         solutions: Annotated[bool, typer.Option(help="Put the solved exercises on the site, too.")] = False,
         json: AsJson = False) -> None:
    """Build a static site on which all lessons and exercises run in the browser, offline."""
    from ..course.lite.site import build_site

    site = build_site(folder, cache=cache, with_solutions=solutions)
    if json:
        print_json({"folder": str(site.folder), "notebooks": site.notebooks, "packages": site.packages, "bytes": site.size})
        return
    print(f"{site.folder}: {site.notebooks} notebooks, {site.packages} packages, {site.size / 1e6:.0f} MB")
    print("Any web server can hand it out. To look at it here:")
    print(f"  python3 -m http.server --bind 127.0.0.1 --directory {site.folder} 8000")
