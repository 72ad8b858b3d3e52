"""Service parameters, the tail of an HTTPS or SVCB value: text <-> bytes.

    'alpn="h2,h3" port=8443'  <->  key, length, value; key, length, value; ...  in the order of the keys' numbers

Source: RFC 9460 section 2.1 (text), 2.2 (bytes) and 14.3.2 (keys). Used by rdata.py alone.
"""

from __future__ import annotations

import base64
import binascii
import ipaddress
from collections.abc import Sequence

from .errors import ConfigurationError, PacketError
from .octets import escaped, number, unescaped

KEYS = ("mandatory", "alpn", "no-default-alpn", "port", "ipv4hint", "ech", "ipv6hint")     # the index is the key


def _key_number(name: str) -> int:
    if name in KEYS:
        return KEYS.index(name)
    if name[:3] == "key" and name[3:].isdecimal() and int(name[3:]) < 65536:
        return int(name[3:])
    raise ConfigurationError(f"parameter {name!r} is not one of {', '.join(KEYS)}, or key and a number")


def _key_name(key: int) -> str:
    return KEYS[key] if key < len(KEYS) else f"key{key}"


def to_bytes(words: Sequence[str]) -> bytes:
    """The parameters given as `key=value` or `key`. Raises ConfigurationError."""
    given: dict[int, bytes] = {}
    for word in words:
        name, _, text = word.partition("=")
        key = _key_number(name)
        if key in given:
            raise ConfigurationError(f"parameter {name!r} is given twice")
        try:
            given[key] = _value_bytes(_key_name(key), text.removeprefix('"').removesuffix('"'))
        except (ValueError, binascii.Error) as error:
            raise ConfigurationError(f"parameter {name!r}: {error}") from None
    return b"".join(key.to_bytes(2, "big") + len(value).to_bytes(2, "big") + value
                    for key, value in sorted(given.items()))


def _value_bytes(name: str, text: str) -> bytes:
    """One parameter's value. Raises ValueError."""
    items = text.split(",")
    match name:
        case "mandatory":
            return b"".join(key.to_bytes(2, "big") for key in sorted(map(_key_number, items)))
        case "alpn":
            protocols = [unescaped(item) for item in items]
            if not all(1 <= len(protocol) <= 255 for protocol in protocols):
                raise ValueError("a protocol name has 1 to 255 characters")
            return b"".join(bytes([len(protocol)]) + protocol for protocol in protocols)
        case "no-default-alpn":
            if text:
                raise ValueError("takes no value")
            return b""
        case "port":
            if not (text.isdecimal() and text.isascii() and int(text) < 65536):
                raise ValueError("a port is a number from 0 to 65535")
            return int(text).to_bytes(2, "big")
        case "ipv4hint":
            return b"".join(ipaddress.IPv4Address(item).packed for item in items)
        case "ipv6hint":
            return b"".join(ipaddress.IPv6Address(item).packed for item in items)
        case "ech":
            return base64.b64decode(text, validate=True)
        case _:
            return unescaped(text)


def to_text(packet: bytes, start: int, end: int) -> str:
    """The parameters in bytes `start` to `end` of a packet. Raises PacketError."""
    words = []
    while start < end:
        key, length = number(packet, start, 2), number(packet, start + 2, 2)
        start += 4 + length
        if start > end:
            raise PacketError(f"service parameter {_key_name(key)} is longer than its record")
        text = _value_text(_key_name(key), packet[start - length:start])
        words.append(f'{_key_name(key)}="{text}"' if length else _key_name(key))
    return " ".join(words)


def _value_text(name: str, data: bytes) -> str:
    """One parameter's value. Raises PacketError."""
    match name:
        case "mandatory" | "port":
            shown = _key_name if name == "mandatory" else str
            return ",".join(shown(number(data, at, 2)) for at in range(0, len(data), 2))
        case "alpn":
            return ",".join(escaped(protocol, b' "\\,') for protocol in _strings(data))
        case "ipv4hint" | "ipv6hint":
            size = 4 if name == "ipv4hint" else 16
            if len(data) % size:
                raise PacketError(f"{name} is {len(data)} bytes long, not a multiple of {size}")
            return ",".join(str(ipaddress.ip_address(data[at:at + size])) for at in range(0, len(data), size))
        case "ech":
            return base64.b64encode(data).decode()
        case _:
            return escaped(data, b' "\\,')


def _strings(data: bytes) -> list[bytes]:
    """Byte strings with a length before each. Raises PacketError."""
    found, at = [], 0
    while at < len(data):
        end = at + 1 + data[at]
        if end > len(data):
            raise PacketError("a protocol name in alpn is longer than its parameter")
        found.append(data[at + 1:end])
        at = end
    return found
