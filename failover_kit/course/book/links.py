"""Links between notebooks become links between the book's pages.

    "../exercises/03_x.ipynb", in lessons/  ->  "exercises-3.html", or plain text where the book has no such page
"""

from __future__ import annotations

import posixpath
from collections.abc import Mapping
from pathlib import PurePosixPath
from typing import Protocol
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

ELSEWHERE = ("http", "https", "mailto")


class Target(Protocol):
    """A page to link to: its file, and what a link to it says."""

    file: str
    name: str


def follow(soup: BeautifulSoup, folder: str, pages: Mapping[str, Target]) -> None:
    """Rewrite every link of a page whose source lies in `folder`.

    `pages` has the book's pages by their sources: {"lessons/GLOSSARY.md": Page("glossary.html", ...)}. A link to anything
    that is not in the book becomes plain text; links to other sites stay, as links to click on.
    """
    files = {page.file for page in pages.values()}
    for link in soup.find_all("a", href=True):
        where = urlsplit(link["href"])
        if where.scheme in ELSEWHERE or where.path in files or not (where.scheme or where.path):
            continue
        page = pages.get(posixpath.normpath(posixpath.join(folder, unquote(where.path))))
        if where.scheme or page is None:
            link.unwrap()
            continue
        link["href"] = f"{page.file}#{where.fragment}" if where.fragment else page.file
        if link.get_text().endswith((".ipynb", PurePosixPath(where.path).stem)):      # it says no more than the file's name
            link.string = page.name
