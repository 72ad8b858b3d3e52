"""course_map(): the seven lessons as a line with stations, this lesson lit, the learner's progress as filled rings.

    (lesson, Standing)  ->  map_svg()  ->  SVG text
"""

from __future__ import annotations

import html
import math

from failover_kit.figures.palette import MARKS

from .html_panel import HtmlPanel
from .progress import journal
from .standing import Standing, standing
from .syllabus import LESSONS, lesson

WIDTH, HEIGHT = 980, 190        # of the drawing, in its own units
STEP, FIRST, LINE_Y = 138, 76, 62
RADIUS, RING = 24, 6
WRAP = 16                       # characters of a title on one line


def map_svg(number: int, where: Standing | None = None) -> str:
    """The map with lesson `number` lit, as one SVG element with a title and a description. None: nobody's progress."""
    described = "; ".join(_described(entry.number, where, entry.number == number) for entry in LESSONS)
    stations = "".join(_station(entry.number, where, entry.number == number) for entry in LESSONS)
    last = FIRST + STEP * (len(LESSONS) - 1)
    return (f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' role='img' width='{WIDTH}' "
            f"aria-label='Course map' font-family='sans-serif' fill='currentColor'>"
            f"<title>Course map</title><desc>{html.escape(described)}</desc>"
            f"<line x1='{FIRST}' y1='{LINE_Y}' x2='{last}' y2='{LINE_Y}' stroke='#808080' stroke-width='3'/>"
            f"{stations}</svg>")


def map_text(number: int) -> str:
    """The map in words, without anybody's progress."""
    stops = [f"[{entry.number} {entry.title}]" if entry.number == number else f"{entry.number} {entry.title}"
             for entry in LESSONS]
    return "Course map: " + " - ".join(stops)


def course_map(number: int) -> HtmlPanel:
    """The map on a lesson's page. Where no kernel is, it shows the lesson lit and nobody's progress."""
    lesson(number)
    book = journal()
    svg = map_svg(number, standing(book.events()))
    note = (f"<p>Your progress is not being saved: {html.escape(book.trouble)}. "
            "Set FAILOVER_KIT_PROGRESS to a folder that you may write to.</p>" if book.trouble else "")
    return HtmlPanel(svg + note, map_text(number), {"image/svg+xml": map_svg(number)})


def _described(number: int, where: Standing | None, here: bool) -> str:
    place = " (you are here)" if here else ""
    progress = ": {} of {} questions and tasks done".format(*where.done(number)) if where else ""
    return f"lesson {number}, {lesson(number).title}{place}{progress}"


def _station(number: int, where: Standing | None, here: bool) -> str:
    done, of = where.done(number) if where else (0, 0)
    x = FIRST + STEP * (number - 1)
    around = 2 * math.pi * RADIUS
    share = done / of if of else 0.0
    colour, ring = MARKS["primary"].colour, MARKS["healthy"].colour
    fill, ink = (colour, "#ffffff") if here else ("#ffffff", "#1a1a1a")
    parts = [f"<circle cx='{x}' cy='{LINE_Y}' r='{RADIUS}' fill='{fill}' stroke='#808080' stroke-width='2'/>"]
    if share:
        parts.append(f"<circle cx='{x}' cy='{LINE_Y}' r='{RADIUS}' fill='none' stroke='{ring}' stroke-width='{RING}' "
                     f"stroke-dasharray='{share * around:.1f} {around:.1f}' transform='rotate(-90 {x} {LINE_Y})'/>")
    mark = MARKS["healthy"].glyph if of and done == of else str(number)
    parts.append(f"<text x='{x}' y='{LINE_Y + 7}' text-anchor='middle' font-size='20' font-weight='bold' "
                 f"fill='{ink}'>{mark}</text>")
    if here:
        parts.append(f"<path d='M{x - 8} 16h16l-8 12z' fill='{colour}'/>")
    for row, words in enumerate(_wrapped(lesson(number).title)):
        weight = " font-weight='bold'" if here else ""
        parts.append(f"<text x='{x}' y='{LINE_Y + 48 + 17 * row}' text-anchor='middle' font-size='14'{weight}>"
                     f"{html.escape(words)}</text>")
    if of:
        parts.append(f"<text x='{x}' y='{HEIGHT - 8}' text-anchor='middle' font-size='13'>{done} of {of}</text>")
    return f"<g>{''.join(parts)}</g>"


def _wrapped(title: str) -> list[str]:
    rows = [""]
    for word in title.split():
        if rows[-1] and len(rows[-1]) + 1 + len(word) > WRAP:
            rows.append("")
        rows[-1] = f"{rows[-1]} {word}".strip()
    return rows
