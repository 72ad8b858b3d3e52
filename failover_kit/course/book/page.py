"""The frame around a page of the book: its head, its ways to the other pages, its list of contents.

    Page(file, title, soup, sections) + Frame  ->  HTML text
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from bs4 import BeautifulSoup

from .sections import MAIN, Section, outline

COURSE = "DNS failover"
CONTENTS_DOWN_TO = 3          # level of heading that the list of contents holds
CONTENTS_FROM = 3             # sections that make such a list worth its place


@dataclass
class Page:
    """One page: `body` holds everything inside <main>; its headings are put in order when it is made."""

    file: str                     # "lesson-3.html"
    name: str                     # what links to it say: "3. How failover works"
    body: BeautifulSoup
    folder: str = ""              # of its source, in the repository: where its links start from
    sections: tuple[Section, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.sections = outline(self.body)

    @property
    def has_charts(self) -> bool:
        return self.body.select_one("figure.chart") is not None


def framed(page: Page, top: Sequence[Page], before: Page | None, after: Page | None) -> str:
    """The whole page. `top` are the pages to reach from everywhere."""
    title = page.name if page.name == COURSE else f"{page.name} · {COURSE}"
    scripts = "<script defer src='plotly.min.js'></script>" if page.has_charts else ""
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="generator" content="failover-kit book">
<title>{escape(title)}</title><link rel="icon" href="data:,"><link rel="stylesheet" href="book.css">
{scripts}<script defer src="book.js"></script></head>
<body><a class="skip" href="#{MAIN}">Skip to the text</a>
<header><nav aria-label="Book"><ul>{"".join(_item(entry, page) for entry in top)}</ul></nav></header>
<div class="columns">{_contents(page.sections)}<main id="{MAIN}" tabindex="-1">
{page.body}
</main></div>
<footer>{_neighbours(before, after)}</footer></body></html>
"""


def _item(entry: Page, here: Page) -> str:
    current = ' aria-current="page"' if entry is here else ""
    return f'<li><a href="{entry.file}"{current}>{escape(entry.name)}</a></li>'


def _contents(sections: Sequence[Section]) -> str:
    listed = [section for section in sections if 1 < section.level <= CONTENTS_DOWN_TO]
    if len(listed) < CONTENTS_FROM:
        return ""
    items = "".join(f'<li class="level-{section.level}"><a href="#{section.anchor}">{escape(section.title)}</a></li>'
                    for section in listed)
    kind = "contents letters" if all(len(section.title) == 1 for section in listed) else "contents"
    return (f'<nav class="{kind}" aria-label="On this page"><details open><summary>On this page</summary>'
            f"<ul>{items}</ul></details></nav>")


def _neighbours(before: Page | None, after: Page | None) -> str:
    links = [f'<a rel="{rel}" href="{page.file}">{word}: {escape(page.name)}</a>'
             for page, rel, word in ((before, "prev", "Previous"), (after, "next", "Next")) if page]
    return f'<nav aria-label="Previous and next">{"".join(links)}</nav>' if links else ""
