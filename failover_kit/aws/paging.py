"""Lists in pages, as every List action of Route 53 gives them.

    items + MaxItems + where to begin  ->  one page, whether there is more, and the first item of the next one
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Generic, NamedTuple, TypeVar

from .protocol import AwsError

T = TypeVar("T")


class Page(NamedTuple, Generic[T]):
    """Some of a list's items."""

    items: Sequence[T]
    max_items: str              # MaxItems, as text, the way the API repeats it
    after: T | None             # the item that the next page begins with

    @property
    def is_truncated(self) -> bool:
        return self.after is not None


def page(items: Sequence[T], asked: dict[str, Any], most: int, is_start: Callable[[T], bool] | None = None) -> Page[T]:
    """The items from the first that `is_start` holds for (default: all), as many as MaxItems allows, at most `most`.

    Raises:
        AwsError: InvalidInput for a MaxItems that is not a number from 1.
    """
    count = _max_items(asked.get("MaxItems"), most)
    first = 0 if is_start is None else next((i for i, item in enumerate(items) if is_start(item)), len(items))
    found, rest = items[first:first + count], items[first + count:first + count + 1]
    return Page(found, str(count), rest[0] if rest else None)


def marked(items: Sequence[T], asked: dict[str, Any], most: int, id_of: Callable[[T], str]) -> tuple[Page[T], dict]:
    """The same for lists that go on from a Marker, with the members that describe the page.

    Raises:
        AwsError: as page, and InvalidInput for a Marker that is no item's id.
    """
    marker = asked.get("Marker")
    if marker and all(id_of(item) != marker for item in items):
        raise AwsError("InvalidInput", f"The marker {marker!r} is not the id of anything in this list.")
    found = page(items, asked, most, (lambda item: id_of(item) == marker) if marker else None)
    described = {"Marker": marker or "", "IsTruncated": found.is_truncated, "MaxItems": found.max_items}
    if found.is_truncated:
        described["NextMarker"] = id_of(found.after)
    return found, described


def _max_items(text: str | None, most: int) -> int:
    if text is None:
        return most
    if not (text.isascii() and text.isdigit() and len(text) < 10 and int(text) > 0):
        raise AwsError("InvalidInput", f"MaxItems is {text[:20]!r}, must be a whole number of at least 1.")
    return min(int(text), most)
