"""A reply in pieces: a packet that is not yet cut to size, nor put in order.

    wire.pack  ->  Packed  ->  the bytes of one packet (wire.encode_reply), or of many that differ in order (memory.py)

Source: RFC 1035 section 4.1 (the parts of a message), RFC 2181 section 9 (truncation).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from .octets import HEADER
from .reading import TC


@dataclass(frozen=True)
class Packed:
    """A reply in pieces, one a record. Within a section they may change places, and any id may go in front."""

    flags: int                           # the header's third and fourth byte
    question: bytes
    answer: tuple[bytes, ...] = ()
    authority: tuple[bytes, ...] = ()
    additional: tuple[bytes, ...] = ()
    opt: bytes = b""                     # EDNS0

    def __len__(self) -> int:
        """Bytes of the whole packet."""
        records = self.answer + self.authority + self.additional
        return HEADER + len(self.question) + sum(map(len, records)) + len(self.opt)

    @property
    def head(self) -> bytes:
        """The header after its id: flags and counts."""
        counts = 1, len(self.answer), len(self.authority), len(self.additional) + bool(self.opt)
        return b"".join(number.to_bytes(2, "big") for number in (self.flags, *counts))

    @property
    def rest(self) -> bytes:
        """What follows the answer section."""
        return b"".join((*self.authority, *self.additional, self.opt))

    def fitted(self, limit: int) -> Packed:
        """The same within `limit` bytes: without what RFC 2181 section 9 lets go, or else cut short (TC).

        Beside an answer the other sections are a courtesy; where there is none they are the message.
        """
        if len(self) <= limit:
            return self
        cut_short = replace(self, flags=self.flags | TC, answer=(), authority=(), additional=())
        if not self.answer:
            return cut_short
        lighter = replace(self, additional=()), replace(self, authority=(), additional=())
        return next((packed for packed in lighter if len(packed) <= limit), cut_short)
