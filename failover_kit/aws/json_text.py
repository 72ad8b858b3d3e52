"""Files of JSON, read with suspicion: what is wrong comes as Problems with line and column, never as a traceback.

    bytes  ->  value, and keys that are given twice;   value  ->  a file

After this: files.py makes a zone of the value. Source: RFC 8259.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from ..errors import ConfigurationError, Problem

MAX_BYTES = 64 * 2 ** 20         # a zone of 10,000 record sets, the quota that Route 53 starts with, takes about 5 MB
_KEY_OR_BRACE = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"(\s*:)?|[{}]')


def read_json(path: Path) -> tuple[Any, list[Problem]]:
    """The value in a file, with a Problem for each key that is given twice. Raises ConfigurationError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigurationError(Problem(str(path), f"cannot be read: {error.strerror}",
                                         "Check the path and its permissions.")) from error
    return parse_json(data, str(path))


def parse_json(data: bytes, where: str) -> tuple[Any, list[Problem]]:
    """The value in these bytes, with a Problem for each key that is given twice.

    Text in UTF-8, or in UTF-16 or UTF-32 as redirecting on Windows writes it. `where` names the bytes for people.
    Raises ConfigurationError.
    """
    def refuse(what: str, fix: str) -> ConfigurationError:
        return ConfigurationError(Problem(where, what, fix))

    if len(data) > MAX_BYTES:
        raise refuse(f"is larger than {MAX_BYTES // 2 ** 20} MiB", "Split it by zone.")
    try:
        text = data.decode(json.detect_encoding(data)).removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        line, column = data.count(b"\n", 0, error.start) + 1, error.start - data.rfind(b"\n", 0, error.start)
        raise refuse(f"is not UTF-8 text: byte 0x{data[error.start]:02x} at line {line}, byte {column}",
                     "Save it as UTF-8.") from None
    if not text.strip():
        raise refuse("is empty", "Redirect the output of the AWS CLI into it once more.")
    keys_twice = False

    def collect(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        nonlocal keys_twice
        keys_twice = keys_twice or len(dict(pairs)) < len(pairs)
        return dict(pairs)

    try:
        value = json.loads(text, object_pairs_hook=collect)
        half = _half_a_character(value) if re.search(r"\\u[dD][89a-fA-F]", text) else None
    except json.JSONDecodeError as error:
        raise refuse(f"is not JSON: {error.msg.removesuffix(' at')} at line {error.lineno}, column {error.colno}",
                     "Look for a comma, quote or bracket that is missing or left over there or just before."
                     if text.lstrip()[0] in "{[" else "Run the AWS CLI with --output json.") from None
    except RecursionError:
        raise refuse("is nested too deeply", "Route 53's formats need no more than ten levels.") from None
    except ValueError:                           # an integer beyond Python's limit of digits
        raise refuse("holds a number with thousands of digits", "Correct that number.") from None
    if half:
        raise refuse(f"holds {half}, half of a character", "Write both halves of the pair, or none.")
    return value, _keys_given_twice(text, where) if keys_twice else []


def _half_a_character(value: Any) -> str | None:
    """The first surrogate without its partner, as it is escaped in JSON: such text cannot be sent or printed."""
    try:
        json.dumps(value, ensure_ascii=False).encode()
    except UnicodeEncodeError as error:
        return f"\\u{ord(error.object[error.start]):04x}"
    return None


def _keys_given_twice(text: str, where: str) -> list[Problem]:
    """Finds them in text that is JSON for certain, where every string before a colon is a key."""
    problems, open_objects = [], []
    line, line_start, counted_to = 1, 0, 0
    for token in _KEY_OR_BRACE.finditer(text):
        if newlines := text.count("\n", counted_to, token.start()):
            line, line_start = line + newlines, text.rfind("\n", counted_to, token.start()) + 1
        counted_to = token.start()
        if token[0] == "{":
            open_objects.append({})
        elif token[0] == "}":
            open_objects.pop()
        elif token[1]:
            key = json.loads(token[0][:-len(token[1])])
            if key in open_objects[-1]:
                problems.append(Problem(f"{where}, line {line}, column {token.start() - line_start + 1}",
                                        f"key {json.dumps(key)} is given twice in one object, first in line "
                                        f"{open_objects[-1][key]}", "Keep one of them."))
            open_objects[-1].setdefault(key, line)
    return problems


def write_json(path: Path, value: Any) -> None:
    """Write a file that people can read too. Raises ConfigurationError where the path cannot be written."""
    try:
        path.write_text(json.dumps(value, indent=4) + "\n", encoding="utf-8")
    except OSError as error:
        raise ConfigurationError(Problem(str(path), f"cannot be written: {error.strerror}",
                                         "Choose another file.")) from error
