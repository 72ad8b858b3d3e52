"""The pages that no notebook holds: the course map, the glossary, the index of terms.

    README.md, lessons  ->  map_page;   GLOSSARY.md + mentions  ->  glossary_page, index_page
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape

from bs4 import BeautifulSoup

from ..syllabus import LESSONS, Lesson
from .page import COURSE, Page
from .reader import text_of
from .terms import Term

GLOSSARY, INDEX, START = "glossary.html", "terms.html", "index.html"
_FOR_TEACHERS = re.compile(r"INSTRUCTORS\.md")
_WAYS = ("<p class='aside'>This is the course to read. To run its experiments, install failover-kit and type "
         "<code>failover-kit</code>: the same lessons open as notebooks.</p>")

Mentions = Mapping[Term, Mapping[str, bool]]      # term -> anchor of a section -> is the term set in bold there?


def map_page(readme: str, pages: Mapping[int, Page]) -> Page:
    """The first page: the lessons as a row of stations with their times, then what lessons/README.md says."""
    body = text_of(readme)
    for link in body.find_all("a", href=_FOR_TEACHERS):
        link.find_parent("p").decompose()
    body.find("h1").insert_after(BeautifulSoup(_stations(pages) + _WAYS, "html.parser"))
    return Page(START, COURSE, body, folder="lessons")


def _stations(pages: Mapping[int, Page]) -> str:
    """The course map. `pages` are the lessons' pages by number; a lesson that is not in the book is no link."""
    stops = "".join(f"<li><span class='number' aria-hidden='true'>{lesson.number}</span>{_title(lesson, pages)} "
                    f"<span class='minutes'>{lesson.minutes} min</span></li>" for lesson in LESSONS)
    total = sum(lesson.minutes for lesson in LESSONS)
    return (f"<nav class='map' aria-label='Course map'><ol>{stops}</ol></nav>"
            f"<p>Together {total // 60} hours and {total % 60} minutes; the exercises and the game day come on top.</p>")


def _title(lesson: Lesson, pages: Mapping[int, Page]) -> str:
    name = escape(lesson.title)
    return f"<a href='{pages[lesson.number].file}'>{name}</a>" if lesson.number in pages else f"<span>{name}</span>"


def glossary_page(terms: Sequence[Term], found: Mapping[int, Mentions], pages: Mapping[int, Page]) -> Page:
    """Every term with its meaning, and links to the lessons in which it comes up."""
    entries = "".join(
        f"<dt id='{term.anchor}'>{escape(term.name)}</dt><dd>{_meaning(term)} "
        f"<span class='where'>{_lessons(term, found, pages)}</span></dd>" for term in terms)
    body = BeautifulSoup(f"<h1>Glossary</h1><p>Every term of the course. <a href='{INDEX}'>The index</a> says in which "
                         f"sections each of them stands.</p><dl class='glossary'>{entries}</dl>", "html.parser")
    return Page(GLOSSARY, "Glossary", body, folder="lessons")


def _meaning(term: Term) -> str:
    return text_of(term.meaning).find("p").decode_contents()


def _lessons(term: Term, found: Mapping[int, Mentions], pages: Mapping[int, Page]) -> str:
    links = [f"<a href='{pages[number].file}#{_first(mentions[term])}'>lesson {number}</a>"
             for number, mentions in found.items() if mentions.get(term)]
    return f"({', '.join(links)})" if links else ""


def _first(places: Mapping[str, bool]) -> str:
    """The section to send somebody to who wants to know what a term is: where it is set in bold, else its first one."""
    return next((anchor for anchor, marked in places.items() if marked), next(iter(places)))


def index_page(terms: Sequence[Term], found: Mapping[int, Mentions], pages: Mapping[int, Page]) -> Page:
    """Every term with the sections in which it stands; those that set it in bold or italic come in bold."""
    letters: dict[str, list[Term]] = {}
    for term in sorted(terms, key=lambda term: (term.name.lower(), term.anchor)):
        letters.setdefault(term.name[0].upper(), []).append(term)
    parts = []
    for letter, mine in letters.items():
        entries = "".join(f"<dt id='{term.anchor}'><a href='{GLOSSARY}#{term.anchor}'>{escape(term.name)}</a></dt>"
                          f"<dd>{_sections(term, found, pages)}</dd>" for term in mine)
        parts.append(f"<h2>{letter}</h2><dl class='terms'>{entries}</dl>")
    body = BeautifulSoup("<h1>Index of terms</h1><p>Each term, and the sections of the lessons in which it stands. "
                         "<strong>Bold</strong>: the section explains it or sets it off.</p>" + "".join(parts),
                         "html.parser")
    return Page(INDEX, "Index", body)


def _sections(term: Term, found: Mapping[int, Mentions], pages: Mapping[int, Page]) -> str:
    rows = []
    for number, mentions in found.items():
        titles = {section.anchor: section.title for section in pages[number].sections}
        links = [_link(pages[number].file, anchor, titles[anchor], marked)
                 for anchor, marked in mentions.get(term, {}).items()]
        if links:
            rows.append(f"<li>Lesson {number}: {'; '.join(links)}</li>")
    return f"<ul>{''.join(rows)}</ul>" if rows else "<p>In no lesson of this book.</p>"


def _link(file: str, anchor: str, title: str, marked: bool) -> str:
    link = f"<a href='{file}#{anchor}'>{escape(title)}</a>"
    return f"<strong>{link}</strong>" if marked else link
