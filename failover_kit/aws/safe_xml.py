"""XML from strangers, and XML for them.

    bytes  ->  Element tree, or AwsError MalformedInput;     Element tree  ->  bytes

Safe by leaving out: no document type, so no entities and nothing external; size, elements and depth are limited.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from .protocol import AwsError, bounded

MAX_ELEMENTS = 50_000          # 1,000 changes, as many as one batch may hold, take about 20,000
MAX_DEPTH = 32                 # the deepest request of the model has 7 levels
NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")    # XML 1.0 section 2.2


@dataclass(slots=True)
class Element:
    """One element: local name, text, children in order. Namespaces are read past, attributes only written."""

    tag: str
    text: str = ""
    children: list[Element] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)

    def render(self) -> str:
        """The element as XML text. Characters that XML cannot hold become U+FFFD."""
        attributes = "".join(f" {name}={quoteattr(value)}" for name, value in self.attributes.items())
        text = escape(NOT_XML.sub("\ufffd", self.text), {"\r": "&#13;"})    # a bare CR would be read back as LF
        return f"<{self.tag}{attributes}>{text}{''.join(child.render() for child in self.children)}</{self.tag}>"


def document(root: Element) -> bytes:
    """A whole XML document in UTF-8."""
    return b'<?xml version="1.0" encoding="UTF-8"?>\n' + root.render().encode()


def parse(body: bytes) -> Element:
    """The tree of an untrusted document.

    Raises:
        AwsError: MalformedInput for XML that is not well formed, too deep, or has a DOCTYPE;
            as `bounded` if it is too large.
    """
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    top = Element("")
    open_elements = [top]
    elements = 0

    def start(name: str, _attributes: dict[str, str]) -> None:
        nonlocal elements
        elements += 1
        if elements > MAX_ELEMENTS:
            raise AwsError("MalformedInput", f"Invalid XML: there are more than {MAX_ELEMENTS} elements.")
        if len(open_elements) > MAX_DEPTH:
            raise AwsError("MalformedInput", f"Invalid XML: elements are nested more than {MAX_DEPTH} deep.")
        element = Element(name.rpartition(" ")[2])
        open_elements[-1].children.append(element)
        open_elements.append(element)

    def end(_name: str) -> None:
        open_elements.pop()

    def text(data: str) -> None:
        open_elements[-1].text += data

    def refuse(*_declaration: object) -> None:
        raise AwsError("MalformedInput", "Invalid XML: a DOCTYPE is not accepted, and so no entities are.")

    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(bounded(body), True)
    except (expat.ExpatError, LookupError, ValueError) as error:      # the last two: encodings Python does not know
        raise AwsError("MalformedInput", f"Invalid XML: {error}") from error
    return top.children[0]
