"""Where the boxes of a topology picture stand, and what shape they have. Checks the model on the way in.

    {"nodes": ..., "edges": ...}  ->  checked  ->  positions  ->  {id: Box}      (pixels; y grows downwards)
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from math import copysign

from ..errors import ConfigurationError, Problem

KINDS = ("client", "resolver", "dns", "site", "database", "checker")
ROLES = ("primary", "secondary")
COLUMN_GAP = 104     # pixels between two columns: room for a label on the line
ROW_PITCH = 140
BOX_HEIGHT = 86
MARGIN_TOP = 40      # the title's place
NODE_KEYS = {"label", "kind", "role", "state", "note", "at"}
EDGE_KEYS = {"from", "to", "state", "label"}


@dataclass(frozen=True)
class Box:
    """A node's place: centre, width and height."""

    x: float
    y: float
    w: float
    h: float = BOX_HEIGHT

    def border(self, along_x: float, along_y: float, shift: tuple[float, float]) -> tuple[float, float]:
        """Where a line that leaves the centre (moved by `shift`) in this direction crosses the border."""
        sides = ((along_x, shift[0], self.w / 2 + 3), (along_y, shift[1], self.h / 2 + 3))
        reach = min((half - copysign(offset, offset * along)) / abs(along) for along, offset, half in sides
                    if abs(along) > 1e-9)
        return self.x + shift[0] + along_x * reach, self.y + shift[1] + along_y * reach

    def outline(self, kind: str, look: str) -> str:
        """The box as an SVG shape; `look` is its fill and stroke."""
        left, top, right, bottom = self.x - self.w / 2, self.y - self.h / 2, self.x + self.w / 2, self.y + self.h / 2
        if kind == "dns":                                          # cut corners
            return (f'<path d="M{left + 14:g} {top:g}H{right - 14:g}L{right:g} {top + 14:g}V{bottom - 14:g}'
                    f'L{right - 14:g} {bottom:g}H{left + 14:g}L{left:g} {bottom - 14:g}V{top + 14:g}Z" {look}/>')
        if kind == "database":                                     # a drum
            bow = f"a{self.w / 2:g} 8 0 0 "
            return (f'<path d="M{left:g} {top + 8:g}{bow}1 {self.w:g} 0V{bottom - 8:g}{bow}1 {-self.w:g} 0Z'
                    f'M{left:g} {top + 8:g}{bow}0 {self.w:g} 0" {look}/>')
        radius = {"client": 26, "resolver": 12, "checker": 12}.get(kind, 2)
        return f'<rect x="{left:g}" y="{top:g}" width="{self.w:g}" height="{self.h:g}" rx="{radius}" {look}/>'


def checked(model: Mapping, states: Collection[str], edge_states: Collection[str]) -> dict:
    """The model with defaults filled in; ConfigurationError with all that is wrong in it."""
    nodes, edges = dict(model.get("nodes", {})), [{"state": "idle", **edge} for edge in model.get("edges", ())]
    problems: list[Problem] = []
    if not nodes:
        problems.append(Problem("topology", "has no nodes", "Give at least one, as {'users': {'label': 'Users'}}."))
    for key, node in nodes.items():
        place = f"node {key!r}"
        problems += _unknown_keys(place, node, NODE_KEYS)
        problems += _not_among(place, "kind", node.get("kind", "site"), KINDS)
        problems += _not_among(place, "role", node.get("role", "primary"), ROLES)
        problems += _not_among(place, "state", node.get("state") or "healthy", states)
    for edge in edges:
        place = f"edge {edge.get('from')!r} to {edge.get('to')!r}"
        problems += _unknown_keys(place, edge, EDGE_KEYS)
        problems += _not_among(place, "state", edge["state"], edge_states)
        for end in ("from", "to"):
            problems += _not_among(place, end, edge.get(end), nodes)
        if edge.get("from") == edge.get("to"):
            problems.append(Problem(place, "starts and ends at the same node", "Point it at another one."))
    if problems:
        raise ConfigurationError(problems)
    return {"title": model.get("title", ""), "nodes": nodes, "edges": edges}


def _unknown_keys(place: str, given: Mapping, known: Collection[str]) -> list[Problem]:
    return [Problem(place, f"has an unknown field {key!r}", f"Known fields: {', '.join(sorted(known))}.")
            for key in given if key not in known]


def _not_among(place: str, field: str, value: object, known: Iterable[str]) -> list[Problem]:
    known = list(known)
    return [] if value in known else [Problem(place, f"{field} is {value!r}", f"Use one of: {', '.join(known)}.")]


def box_width(nodes: Mapping[str, Mapping]) -> float:
    """One width for all boxes: the longest text in them, at about 7.6 pixels a character."""
    texts = [text for key, node in nodes.items() for text in (node.get("label", key), node.get("note", ""))]
    return max(124.0, 28 + 7.6 * max(map(len, texts)))


def positions(nodes: Mapping[str, Mapping], edges: Iterable[Mapping], width: float) -> dict[str, Box]:
    """A box for each node: at its own `at` (column, row), else in the column that its distance along the edges says."""
    edges = list(edges)
    column = _distances(nodes, edges)
    members: dict[int, list[str]] = {}
    for key in nodes:
        members.setdefault(column[key], []).append(key)
    tallest = max(map(len, members.values()))
    grid = {key: node.get("at") or (column[key], members[column[key]].index(key)
                                    + (tallest - len(members[column[key]])) / 2) for key, node in nodes.items()}
    first_column, first_row = (min(place[axis] for place in grid.values()) for axis in (0, 1))
    return {key: Box(24 + width / 2 + (at[0] - first_column) * (width + COLUMN_GAP),
                     MARGIN_TOP + BOX_HEIGHT / 2 + (at[1] - first_row) * ROW_PITCH, width) for key, at in grid.items()}


def _distances(nodes: Mapping[str, Mapping], edges: list[Mapping]) -> dict[str, int]:
    """Steps along the edges from the nodes that nothing points at (or from the first node, in a ring)."""
    starts = [key for key in nodes if all(edge["to"] != key for edge in edges)] or [next(iter(nodes))]
    distance = dict.fromkeys(starts, 0)
    queue = list(starts)
    for key in queue:
        for edge in edges:
            if edge["from"] == key and edge["to"] not in distance:
                distance[edge["to"]] = distance[key] + 1
                queue.append(edge["to"])
    return {key: distance.get(key, 0) for key in nodes}
