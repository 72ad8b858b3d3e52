"""The course as a book to read: static HTML pages with outputs, a glossary and an index of terms.

    lessons/, exercises/  ->  bind(folder)  ->  pages that open from a disk, without internet

Reading order: terms, sections, links; paper, readable, reader; page, parts, binding.
"""

from .binding import bind

__all__ = ["bind"]
