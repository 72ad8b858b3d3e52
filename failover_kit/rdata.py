"""The value of a record: the text that people write, and the bytes that travel. One table says both ways how.

    ("MX", "10 mail.example.com.")  <->  preference 00 0a, exchange 04 m a i l ...

Before this: octets.py reads names and numbers. After this: records.py refuses values that cannot be packed,
wire.py packs them, anatomy.py shows a packet's values field by field.
Source: RFC 1035 section 3.3, and the RFC of each newer type; Route 53 Developer Guide, "Supported DNS record types".
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from . import svcparams
from .errors import ConfigurationError, PacketError, Problem
from .octets import escaped, labels_of, name_bytes, name_of, number, read_name, unescaped

MAX_VALUE = 4_000            # Route 53 quota, characters in one value
Labels = tuple[bytes, ...]
_WORD = re.compile(r'[^\s"]*"(?:[^"\\]|\\.)*"|[^\s"]+')      # a quoted string may hold spaces


class Kind(NamedTuple):
    """How one field of a value is written and read."""

    to_bytes: Callable[[str], bytes | Labels]                     # labels: a name that may be compressed
    to_text: Callable[[bytes, int, int], tuple[str, int]]         # packet, start, end of value -> text, offset after it
    many: bool = False                                            # takes all the words that are left


class Part(NamedTuple):
    """One field of a value as it lies in a packet."""

    name: str
    kind: Kind
    start: int
    end: int
    text: str


# ---- kinds of fields -------------------------------------------------------------------------------------------

def _unsigned(size: int) -> Kind:
    top = 256 ** size - 1

    def to_bytes(text: str) -> bytes:
        if not re.fullmatch(r"[0-9]+", text) or int(text) > top:
            raise ConfigurationError(f"{text!r} is not a number from 0 to {top}")
        return int(text).to_bytes(size, "big")

    return Kind(to_bytes, lambda packet, start, end: (str(number(packet, start, size)), start + size))


def _address(family, size: int) -> Kind:
    def to_bytes(text: str) -> bytes:
        try:
            return family(text).packed
        except ValueError:
            raise ConfigurationError(f"{text!r} is not an IPv{4 if size == 4 else 6} address") from None

    return Kind(to_bytes, lambda packet, start, end: (str(family(number(packet, start, size))), start + size))


def _read_name(packet: bytes, start: int, end: int) -> tuple[str, int]:
    labels, after = read_name(packet, start)
    return name_of(labels), after


def _quoted(text: str) -> bytes:
    """The bytes of a string in quotation marks. Raises ConfigurationError."""
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        raise ConfigurationError(f"{text!r} is not in quotation marks")
    return unescaped(text[1:-1])


def _counted(data: bytes) -> bytes:
    if len(data) > 255:
        raise ConfigurationError(f"a string has {len(data)} bytes, at most 255 are allowed in one; "
                                 "several may follow one another, each in quotation marks of its own")
    return bytes([len(data)]) + data


def _shown(data: bytes) -> str:
    return '"' + escaped(data, b'"\\') + '"'


def _read_string(packet: bytes, start: int, end: int) -> tuple[str, int]:
    after = start + 1 + number(packet, start, 1)
    return _shown(packet[start + 1:after]), after


def _tag(text: str) -> bytes:
    if not re.fullmatch(r"[A-Za-z0-9-]{1,255}", text):
        raise ConfigurationError(f"{text!r} is not a tag of letters and digits")
    return _counted(text.encode())


def _read_tag(packet: bytes, start: int, end: int) -> tuple[str, int]:
    after = start + 1 + number(packet, start, 1)
    return escaped(packet[start + 1:after], b" \\"), after


def _hexadecimal(text: str) -> bytes:
    try:
        return bytes.fromhex(text.replace(" ", ""))
    except ValueError:
        raise ConfigurationError(f"{text!r} is not hexadecimal") from None


# fmt: off
U8, U16, U32 = _unsigned(1), _unsigned(2), _unsigned(4)
IPV4 = _address(ipaddress.IPv4Address, 4)
IPV6 = _address(ipaddress.IPv6Address, 16)
NAME = Kind(labels_of, _read_name)
FULL_NAME = Kind(lambda text: name_bytes(labels_of(text)), _read_name)       # never compressed: RFC 3597 section 4
STRING = Kind(lambda text: _counted(_quoted(text)), _read_string)
STRINGS = STRING._replace(many=True)                                         # one after the other, to the end
TAG = Kind(_tag, _read_tag)
REST = Kind(_quoted, lambda packet, start, end: (_shown(packet[start:end]), end))
HEX = Kind(_hexadecimal, lambda packet, start, end: (packet[start:end].hex().upper(), end), many=True)
PARAMS = Kind(lambda text: svcparams.to_bytes(_WORD.findall(text)),
              lambda packet, start, end: (svcparams.to_text(packet, start, end), end), many=True)

FIELDS: dict[str, dict[str, Kind]] = {
    "A":     {"address": IPV4},
    "AAAA":  {"address": IPV6},
    "CNAME": {"target": NAME},
    "NS":    {"name server": NAME},
    "PTR":   {"target": NAME},
    "MX":    {"preference": U16, "mail server": NAME},
    "TXT":   {"text": STRINGS},
    "SPF":   {"text": STRINGS},
    "SOA":   {"primary name server": NAME, "mailbox": NAME, "serial": U32, "refresh": U32, "retry": U32, "expire": U32,
              "minimum": U32},
    "SRV":   {"priority": U16, "weight": U16, "port": U16, "target": FULL_NAME},
    "CAA":   {"flags": U8, "tag": TAG, "value": REST},
    "NAPTR": {"order": U16, "preference": U16, "flags": STRING, "service": STRING, "regexp": STRING,
              "replacement": FULL_NAME},
    "DS":    {"key tag": U16, "algorithm": U8, "digest type": U8, "digest": HEX},
    "SSHFP": {"algorithm": U8, "type": U8, "fingerprint": HEX},
    "TLSA":  {"usage": U8, "selector": U8, "matching type": U8, "data": HEX},
    "SVCB":  {"priority": U16, "target": FULL_NAME, "parameters": PARAMS},
    "HTTPS": {"priority": U16, "target": FULL_NAME, "parameters": PARAMS},
}
EXAMPLES = {
    "A": "192.0.2.10", "AAAA": "2001:db8::10", "CNAME": "www.example.com.", "NS": "ns1.example.com.",
    "PTR": "www.example.com.", "MX": "10 mail.example.com.", "TXT": '"any text"', "SPF": '"v=spf1 -all"',
    "SOA": "ns1.example.com. hostmaster.example.com. 1 7200 900 1209600 86400", "SRV": "10 5 443 www.example.com.",
    "CAA": '0 issue "ca.example.net"', "NAPTR": '100 50 "s" "http" "" www.example.com.', "DS": "12345 8 2 0A1B2C",
    "SSHFP": "4 2 0A1B2C", "TLSA": "3 1 1 0A1B2C", "SVCB": '1 www.example.com. port="8443"',
    "HTTPS": '1 . alpn="h2,h3"',
}
# fmt: on


# ---- text to bytes ---------------------------------------------------------------------------------------------

def encode(type_: str, value: str) -> list[bytes | Labels]:
    """The fields of a value, in order: bytes, or the labels of a name that may be compressed.

    A type without a row in FIELDS takes RFC 3597's form, `\\# 4 C0000201`. Raises ConfigurationError.
    """
    if len(value) > MAX_VALUE:
        raise ConfigurationError(f"has {len(value)} characters, at most {MAX_VALUE} are allowed")
    words = _WORD.findall(value)
    if _WORD.sub("", value).strip():
        raise ConfigurationError("a quotation mark is missing")
    if type_ not in FIELDS:
        return [_unknown(type_, words)]
    kinds = list(FIELDS[type_].values())
    if not kinds[-1].many and len(words) != len(kinds):
        raise ConfigurationError(f"has {len(words)} parts instead of {len(kinds)}")
    if len(words) < len(kinds) - (kinds[-1] is PARAMS):
        raise ConfigurationError(f"has {len(words)} parts, must have {len(kinds)} or more")
    last = kinds.pop() if kinds[-1].many else None
    parts = [kind.to_bytes(word) for kind, word in zip(kinds, words, strict=False)]
    rest = words[len(kinds):]
    if last is STRINGS:
        return [*parts, *map(STRINGS.to_bytes, rest)]
    return [*parts, last.to_bytes(" ".join(rest))] if last else parts


def _unknown(type_: str, words: list[str]) -> bytes:
    if len(words) < 2 or words[0] != r"\#":
        raise ConfigurationError(f"{type_} values are written as \\#, a length and hexadecimal digits")
    data = _hexadecimal("".join(words[2:]))
    if words[1] != str(len(data)):
        raise ConfigurationError(f"{len(data)} bytes follow, not {words[1]}")
    return data


def check_value(type_: str, value: str) -> None:
    """Raises ConfigurationError, with what is wrong and how such a value looks, unless the value can be packed."""
    try:
        encode(type_, value)
    except ConfigurationError as error:
        example = f"Write it like {EXAMPLES[type_]}" if type_ in EXAMPLES else ""
        raise ConfigurationError(Problem(f"{type_} value {value!r}", error.problems[0].what, example)) from None


# ---- bytes to text ---------------------------------------------------------------------------------------------

def parts(type_: str, packet: bytes, start: int, end: int) -> Iterator[Part]:
    """The fields of the value in bytes `start` to `end` of a packet. Raises PacketError."""
    for name, kind in FIELDS.get(type_, {"data": HEX}).items():
        while True:
            text, after = kind.to_text(packet, start, end)
            if after > end:
                raise PacketError(f"the {name} of a {type_} record ends at byte {after}, its value at byte {end}")
            yield Part(name, kind, start, after, text)
            start = after
            if kind is not STRINGS or start == end:
                break
    if start != end:
        raise PacketError(f"{end - start} bytes are left over in a {type_} record")


def decode(type_: str, packet: bytes, start: int, end: int) -> str:
    """The value as text. Raises PacketError."""
    if type_ not in FIELDS:
        return f"\\# {end - start} {packet[start:end].hex().upper()}".rstrip()
    return " ".join(part.text for part in parts(type_, packet, start, end) if part.text)
