"""Finds out which zone a list of record sets belongs to, where nobody says so.

    [("example.com.", "SOA"), ("app.example.com.", "A"), ...]  ->  "example.com."

Before this: files.py reads names and types. Source: RFC 1034 section 4.2 (a zone's top has its SOA and NS).
"""

from __future__ import annotations

from collections.abc import Collection

from ..errors import ConfigurationError, Problem
from ..records import parent_of

MIN_LABELS = 2          # "example.com."; a top-level domain is nobody's zone here
SAY_IT = "Name the zone with --zone-name, for example --zone-name example.com."


def named_by_soa_or_ns(records: Collection[tuple[str, str]]) -> str | None:
    """The name with the SOA; else the name with NS that all others are at or below. None where neither tells."""
    with_soa = [name for name, type_ in records if type_ == "SOA"]
    if with_soa or not records:
        return min(with_soa, key=len, default=None)
    with_ns = {name for name, type_ in records if type_ == "NS"}
    top = _common([name for name, _ in records])
    while top not in with_ns:
        if top == ".":
            return None
        top = parent_of(top)
    return top


def guessed(records: Collection[tuple[str, str]]) -> str:
    """The longest name that all names end in; one label less where that is most likely a host and not a zone.

    That is so for a single name, and for one that holds a CNAME, which is never at a zone's top.
    Raises ConfigurationError where less than two labels are left.
    """
    names = {name for name, _ in records}
    if not names:
        raise ConfigurationError(Problem("", "the zone's name is unknown: there are no names to tell it by", SAY_IT))
    common = _common(names)
    is_host = names == {common} and common.count(".") > MIN_LABELS
    if is_host or (common, "CNAME") in records or common.startswith("*."):
        common = parent_of(common)
    if common.count(".") < MIN_LABELS:
        some = ", ".join(sorted(names, key=lambda name: (len(name), name))[:3])
        raise ConfigurationError(Problem("", f"the zone's name cannot be told from the names in it: {some}", SAY_IT))
    return common


def is_below(name: str, top: str) -> bool:
    """Is this name at or below `top`?"""
    return name == top or name.endswith("." + top) or top == "."


def _common(names: Collection[str]) -> str:
    common = min(names, key=len)
    while not all(is_below(name, common) for name in names):
        common = parent_of(common)
    return common
