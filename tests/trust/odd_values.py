"""Sound documents made odd: every place in one takes every odd value in turn, once for each.

    {"TTL": 60}  ->  {"TTL": None}, {"TTL": -1}, {"TTL": []}, ..., {}
"""

import json
import math
from copy import deepcopy

DEEP: list = []
for _ in range(200):
    DEEP = [DEEP]

ODD = {
    "null": None, "true": True, "zero": 0, "negative": -1, "huge": 10 ** 40, "half": 0.5, "infinite": math.inf,
    "not a number": math.nan, "no text": "", "text": "odd", "dots": "..", "long text": "x" * 5_000, "NUL": "a\0b",
    "half a character": "\ud800", "star": "*", "list": [], "list of lists": [[]], "list of nulls": [None],
    "list of texts": ["a", "a"], "object": {}, "object of objects": {"a": {"a": {}}}, "function": {"Ref": "Nowhere"},
    "odd function": {"Fn::Select": [math.inf, ["a"]]}, "empty function": {"Fn::Not": []}, "deep": DEEP,
}
GONE = object()
TOKENS = [b'"', b"{", b"[", b"}", b"]", b",", b"\\", b"\\ud800", b"\xff", b"\0", b"!", b"&a ", b"*a", b": ", b"<", b"</"]


def places(value, path=()):
    """The path of every part of a JSON value, the whole first."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in inner:
        yield from places(item, (*path, key))


def changed(value, path, odd):
    """A copy with `odd` at a place; GONE takes it out."""
    if not path:
        return None if odd is GONE else odd
    whole = inner = deepcopy(value)
    for key in path[:-1]:
        inner = inner[key]
    if odd is GONE:
        del inner[path[-1]]
    else:
        inner[path[-1]] = odd
    return whole


def oddities(value):
    """(what was done, the document) for every place and odd value."""
    for path in places(value):
        for name, odd in (*ODD.items(), ("gone", GONE)):
            yield f"{'.'.join(map(str, path)) or 'all'}: {name}", changed(value, path, odd)


def twice_odd(value, rng, count):
    """Documents with two to four odd places, drawn."""
    for _ in range(count):
        document = value
        for _ in range(rng.randint(2, 4)):
            document = changed(document, rng.choice([*places(document)]), rng.choice([*ODD.values(), GONE]))
        yield "drawn", document


def scribbled(data: bytes, rng, count):
    """Bytes that were cut, doubled, and overwritten at drawn places."""
    for _ in range(count):
        text = bytearray(data)
        for _ in range(rng.randint(1, 4)):
            at, to = sorted((rng.randrange(len(text) + 1), rng.randrange(len(text) + 1)))
            match rng.randrange(4):
                case 0:
                    del text[at:min(to, at + 40)]
                case 1:
                    text[at:at] = text[at:min(to, at + 40)]
                case 2:
                    text[at:at] = rng.choice(TOKENS)
                case _ if text:
                    text[min(at, len(text) - 1)] = rng.randrange(256)
        yield bytes(text)


def as_bytes(document) -> bytes:
    return json.dumps(document).encode()
