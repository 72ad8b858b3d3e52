"""nbconvert, told to make plain pages: cells, figures and text, and nothing that is loaded from elsewhere.

    notebook for readers (readable.py)  ->  page_of  ->  BeautifulSoup of the page's text
    Markdown                            ->  text_of  ->  the same
"""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from bs4 import BeautifulSoup


def page_of(notebook: Any) -> BeautifulSoup:
    """The cells of a notebook (nbformat 4) as HTML."""
    from nbconvert.exporters import HTMLExporter

    exporter = HTMLExporter(template_name="reader", exclude_anchor_links=True,
                            extra_template_basedirs=[str(files(__package__) / "template")])
    exporter.exclude_input_prompt = exporter.exclude_output_prompt = True
    html, _resources = exporter.from_notebook_node(notebook)
    return _scrolling(BeautifulSoup(html, "html.parser"))


def text_of(markdown: str) -> BeautifulSoup:
    """Markdown as notebooks show it."""
    from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    return _scrolling(BeautifulSoup(MarkdownWithMath(renderer=renderer).render(markdown), "html.parser"))


def _scrolling(soup: BeautifulSoup) -> BeautifulSoup:
    """Put each table where it scrolls by itself on a small screen; an empty corner of it is no heading."""
    for heading in soup.find_all("th"):
        if not heading.get_text(strip=True):
            heading.name = "td"
    for table in soup.find_all("table"):
        if not table.find_parent(class_="scroll"):
            table.wrap(soup.new_tag("div", attrs={"class": "scroll"}))
    return soup
