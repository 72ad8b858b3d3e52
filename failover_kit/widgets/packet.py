"""A DNS packet laid open: its bytes and its fields, lit together; the question, or any byte, can be changed.

    packet           ->  wire.describe  ->  PacketView(packet): point at a byte or a field, and see what it says
    name, type       ->  encode_query   ->  PacketView.asking(name, send=lab.send): the query, and the reply to it

Nothing is checked before it is sent: a broken packet is sent as it is, to see what a server makes of it.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Self

import traitlets

from ..errors import ConfigurationError, Problem
from ..octets import type_name
from ..records import Question, dns_name
from ..wire import describe, encode_query
from .base import KitWidget

Send = Callable[[bytes], bytes | None]
OFFERED_TYPES = ("A", "AAAA", "CNAME", "MX", "NS", "SOA", "TXT")
QUERY_ID = 0x1234                # any would do; a steady one keeps saved notebooks equal
SIDES = ("query", "reply")


class PacketView(KitWidget, front="packet"):
    """Shows one packet. `value` is the number of the selected field, counted from 0.

    Made by `asking`, it shows a query and the reply to it, one of them at a time (`side`), and can ask again.
    """

    query = traitlets.Unicode().tag(sync=True)            # as hex: "12 34 01 00"
    reply = traitlets.Unicode().tag(sync=True)
    side = traitlets.Enum(SIDES, "query").tag(sync=True)
    fields = traitlets.List().tag(sync=True)              # [start, end, section, name, value, meaning]
    value = traitlets.Int().tag(sync=True)
    asks = traitlets.Bool().tag(sync=True)                # is there anybody to ask?
    name = traitlets.Unicode().tag(sync=True)             # what is asked for, as the learner writes it
    type = traitlets.Unicode("A").tag(sync=True)
    types = traitlets.List(traitlets.Unicode(), list(OFFERED_TYPES)).tag(sync=True)

    def __init__(self, packet: bytes, *, send: Send | None = None):
        self._ask = send
        super().__init__(asks=send is not None)
        self.show(packet)

    @classmethod
    def asking(cls, name: str, type: str = "A", *, send: Send) -> Self:
        """A question for `name`, sent at once and whenever it is changed. Raises ConfigurationError."""
        return cls(_query(name, type), send=send)

    @property
    def packet(self) -> bytes:
        """The packet that is shown; empty when no reply came."""
        return bytes.fromhex(self.reply if self.side == "reply" else self.query)

    def show(self, packet: bytes) -> None:
        """Lay this packet open; with somebody to ask, send it and take the reply."""
        reply = (self._ask(packet) or b"") if self._ask else b""
        with self.hold_sync():
            self.query, self.reply = packet.hex(" "), reply.hex(" ")
            self._name_the_question(packet)
            self._lay_open()

    def ask(self, name: str, type: str = "A") -> None:
        """Ask for another name or type. Raises ConfigurationError for one that cannot be asked for."""
        self.show(_query(name, type))
        self.name = name

    def received(self, content: dict) -> None:
        """The page asks for a name and a type, or sends bytes as hex."""
        if "hex" in content:
            self.show(_from_hex(content["hex"]))
        else:
            self.ask(content["name"], content["type"])

    @traitlets.observe("side")
    def _lay_open(self, _change: object = None) -> None:
        fields = [list(field) for field in describe(self.packet)]
        with self.hold_sync():
            self.fields = fields
            self.value = min(self.value, max(len(fields) - 1, 0))

    def _name_the_question(self, packet: bytes) -> None:
        """The name and type that a packet asks for, as far as it can be read."""
        asked = [field for field in describe(packet) if field.section == "question"]
        labels = [field.value for field in asked if field.name == "label"]
        types = [field for field in asked if field.name == "type"]
        if types:
            number = int.from_bytes(packet[types[0].start:types[0].end], "big")
            self.name, self.type = ".".join(labels) or ".", type_name(number)

    def in_words(self) -> str:
        if not self.asks:
            return f"Packet: {_size(self.query)}"
        reply = f"reply of {_size(self.reply)}" if self.reply else "no reply"
        return f"Packet: query for {self.name} {self.type}, {_size(self.query)}; {reply}"

    def still(self) -> dict[str, object]:
        packet = self.packet
        rows = "".join(f"<tr><td>{start}</td><td><code>{packet[start:end].hex(' ')}</code></td>"
                       + "".join(f"<td>{escape(text)}</td>" for text in texts) + "</tr>"
                       for start, end, *texts in self.fields)
        heads = "".join(f'<th scope="col">{head}</th>'
                        for head in ("byte", "bytes in hex", "section", "field", "value", "what it says"))
        caption = f"The {self.side}, field by field" if self.asks else "The packet, field by field"
        return {"text/html": f"<table><caption>{caption}</caption><thead><tr>{heads}</tr></thead>"
                             f"<tbody>{rows}</tbody></table>"}


def _query(name: str, type_: str) -> bytes:
    """A question as a stub resolver sends it to its resolver: please ask others if you must (RD)."""
    return encode_query(Question(dns_name(name), type_), QUERY_ID, edns=False, recursion_desired=True)


def _from_hex(text: str) -> bytes:
    try:
        return bytes.fromhex(text)
    except ValueError:
        raise ConfigurationError(Problem("packet", "the bytes are not pairs of hexadecimal digits",
                                         "Write them like this: 12 34 01 00.")) from None


def _size(hexadecimal: str) -> str:
    packet = bytes.fromhex(hexadecimal)
    return f"{len(packet)} bytes in {len(describe(packet))} fields"
