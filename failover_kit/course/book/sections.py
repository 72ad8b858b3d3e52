"""A page's headings: in order, each with an id, and the parts of the text that stand under them.

    page (BeautifulSoup)  ->  outline  ->  Section(level, title, anchor), ...;  mentions  ->  terms by section
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bs4 import BeautifulSoup, NavigableString, Tag

from .terms import Finder, Term, free_anchor

MAIN = "text"       # the id of the page's <main>
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
MARKED = ("strong", "em")
NOT_PROSE = ("pre", "script", "svg", "figure", "style")


@dataclass(frozen=True)
class Section:
    """One heading; `level` is 1 for the page's title."""

    level: int
    title: str
    anchor: str


def outline(soup: BeautifulSoup) -> tuple[Section, ...]:
    """Put the headings in order (no level is skipped), give each an id of its own, and list them."""
    taken = {MAIN, *(element["id"] for element in soup.find_all(id=True))}
    found: list[Section] = []
    before: list[int] = []               # the levels, as written, of the headings that this one stands under
    for heading in soup.find_all(HEADINGS):
        written = int(heading.name[1])
        while before and before[-1] >= written:
            before.pop()
        before.append(written)
        heading.name = f"h{len(before)}"
        title = " ".join(heading.get_text().split())
        heading["id"] = free_anchor(title, taken)
        found.append(Section(len(before), title, heading["id"]))
    return tuple(found)


def mentions(soup: BeautifulSoup, finder: Finder) -> dict[Term, dict[str, bool]]:
    """For each term, the sections (by anchor) whose prose holds it, and whether it is set in bold or italic there."""
    found: dict[Term, dict[str, bool]] = {}
    anchor = ""

    def note(terms: Sequence[Term], marked: bool) -> None:
        for term in terms:
            places = found.setdefault(term, {})
            places[anchor] = places.get(anchor, False) or marked

    def walk(node: Tag) -> None:
        nonlocal anchor
        for child in node.children:
            if isinstance(child, NavigableString):
                note(tuple(finder.find(str(child))), marked=False)
            elif child.name in HEADINGS:
                anchor = child["id"]
                note(tuple(finder.find(child.get_text())), marked=False)
            elif child.name in (*MARKED, "code"):
                whole = finder.called(child.get_text())
                note(whole or tuple(finder.find(child.get_text())), marked=bool(whole) and child.name in MARKED)
            elif child.name not in NOT_PROSE and "output" not in child.get("class", ()):
                walk(child)

    walk(soup)
    return found


def link_terms(soup: BeautifulSoup, finder: Finder, page: str) -> None:
    """Link each term that the text sets in bold or italic to its entry on the glossary's page."""
    for marked in soup.find_all(MARKED):
        terms = finder.called(marked.get_text())
        if terms and not marked.find_parent(["a", "figure", *HEADINGS, "summary"]) and not marked.find("a"):
            link = soup.new_tag("a", href=f"{page}#{terms[0].anchor}", attrs={"class": "term"})
            link.extend(list(marked.contents))
            marked.append(link)
