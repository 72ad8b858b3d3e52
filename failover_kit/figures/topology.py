"""Draws who talks to whom, and what is broken, as one small SVG picture.

    {"title": ..., "nodes": {...}, "edges": [...]}  ->  topology_svg  ->  "<svg ...>"
                                                    ->  topology_alt  ->  the same in sentences

The text is a whole file: save it for a README, or show it in a notebook. It follows JupyterLab's theme where there is
one, else the reader's own light or dark setting. It holds no ids, so many pictures can share a page. States are told
by border, hatching, glyph and word as well as by colour. `topology_layout.py` decides where the boxes stand.
"""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from math import hypot

from .palette import MARKS
from .topology_layout import ROW_PITCH, Box, box_width, checked, positions

NODE_STATES = {"healthy": "healthy", "unhealthy": "unhealthy", "unknown": "not known yet", "fault": "broken"}
BORDERS = {"healthy": "", "unhealthy": "9 5", "unknown": "2 4", "fault": "14 4 2 4", None: ""}

# fmt: off
EDGES = {
    # state         what it says             colour                     width dashes
    "traffic":     ("users' requests",       MARKS["primary"].colour,     5,  ""),
    "query":       ("DNS question",          MARKS["primary"].colour,     2,  "8 5"),
    "check":       ("health check",          MARKS["healthy"].colour,     2,  "2 5"),
    "replication": ("data copied",           MARKS["secondary"].colour,   3,  "12 4 3 4"),
    "blocked":     ("does not get through",  MARKS["unhealthy"].colour,   3,  "5 5"),
    "idle":        ("not used now",          "var(--fk-faint)",           1.5, ""),
}
# fmt: on

STYLE = """
.fk-topology { --fk-ink: var(--jp-content-font-color1, #1b1b1b); --fk-faint: var(--jp-content-font-color2, #666);
  --fk-paper: var(--jp-layout-color0, #fff); font: 14px system-ui, sans-serif; height: auto; }
@media (prefers-color-scheme: dark) { .fk-topology { --fk-ink: var(--jp-content-font-color1, #eee);
  --fk-faint: var(--jp-content-font-color2, #bbb); --fk-paper: var(--jp-layout-color0, #111); } }
.fk-topology text { fill: var(--fk-ink); text-anchor: middle; }
.fk-topology .fk-paper { fill: var(--fk-paper); }
.fk-topology .fk-name { font-weight: 600; }
.fk-topology .fk-small { font-size: 12px; }
.fk-topology .fk-halo { paint-order: stroke; stroke: var(--fk-paper); stroke-width: 5px; stroke-linejoin: round; }
.fk-topology .fk-left { text-anchor: start; }
.fk-topology .fk-right { text-anchor: end; }
.fk-topology .fk-cross { font-size: 19px; font-weight: 700; }
""".strip()


def topology_svg(model: Mapping) -> str:
    """The picture as SVG text.

    `model` holds `title` (str), `nodes` and `edges`:

    * `nodes`: {id: {"label": str, "kind": "client" | "resolver" | "dns" | "site" | "database" | "checker",
      "role": "primary" | "secondary", "state": "healthy" | "unhealthy" | "unknown" | "fault", "note": str,
      "at": (column, row)}}. All but the id may be left out. Without `at`, boxes flow left to right along the edges.
    * `edges`: [{"from": id, "to": id, "state": "traffic" | "query" | "check" | "replication" | "blocked" | "idle",
      "label": str}].

    Raises ConfigurationError with every problem of the model at once.
    """
    model = checked(model, NODE_STATES, EDGES)
    nodes, edges, width = model["nodes"], model["edges"], box_width(model["nodes"])
    boxes = positions(nodes, edges, width)
    wide = max(box.x + width / 2 for box in boxes.values()) + 24
    tall = max(box.y for box in boxes.values()) + ROW_PITCH / 2 + 4
    legend, legend_height = _legend(edges, tall, wide)
    title = f'<text class="fk-name" x="{wide / 2:g}" y="22">{escape(model["title"])}</text>' if model["title"] else ""
    height = tall + legend_height
    return "\n".join([
        f'<svg xmlns="http://www.w3.org/2000/svg" class="fk-topology" role="img" width="{wide:g}" '
        f'viewBox="0 0 {wide:g} {height:g}" style="max-width:100%" '
        f'aria-label="{escape(topology_alt(model), quote=True)}">',
        f"<style>{STYLE}</style>",
        f'<rect class="fk-paper" width="{wide:g}" height="{height:g}"/>', title,
        *(_edge(edge, boxes, edges) for edge in edges),
        *(_node(key, node, boxes[key]) for key, node in nodes.items()),
        legend, "</svg>"])


def topology_alt(model: Mapping) -> str:
    """The picture in sentences, for those who do not see it: each state, then each line between two boxes.

    >>> topology_alt({"nodes": {"east": {"label": "us-east-1", "state": "unhealthy", "note": "HTTP 503"}}})
    'us-east-1 is unhealthy (HTTP 503).'
    """
    model = checked(model, NODE_STATES, EDGES)
    nodes = model["nodes"]
    said = [model["title"].rstrip(".") + "."] if model["title"] else []
    for key, node in nodes.items():
        name = _name(key, node)
        if "role" in node:
            name += f", {node['role']},"
        facts = [f"is {NODE_STATES[node['state']]}"] if node.get("state") else []
        note = f" ({node['note']})" if node.get("note") else ""
        if facts or note:
            said.append(f"{name} {' '.join(facts)}".rstrip() + f"{note}.")
    for edge in model["edges"]:
        words, label = EDGES[edge["state"]][0], f" ({edge['label']})" if edge.get("label") else ""
        said.append(f"From {_name(edge['from'], nodes[edge['from']])} to "
                    f"{_name(edge['to'], nodes[edge['to']])}: {words}{label}.")
    return " ".join(said)


def _name(key: str, node: Mapping) -> str:
    return node.get("label", key)


def _node(key: str, node: Mapping, box: Box) -> str:
    state = node.get("state")
    colour = MARKS[state].colour if state else "var(--fk-faint)"
    lines = [(_name(key, node), "fk-name")]
    if "role" in node:
        lines.append((f"{MARKS[node['role']].glyph} {node['role']}", "fk-small"))
    if state:
        lines.append((f"{MARKS[state].glyph} {NODE_STATES[state]}", "fk-small"))
    if node.get("note"):
        lines.append((node["note"], "fk-small"))
    first = box.y + 5 - 8.5 * (len(lines) - 1)
    text = "".join(f'<text class="{style} fk-halo" x="{box.x:g}" y="{first + 17 * row:g}">{escape(line)}</text>'
                   for row, (line, style) in enumerate(lines))
    outline = f'class="fk-paper" stroke="{colour}" stroke-width="{3 if state else 1.5}" ' \
              f'stroke-dasharray="{BORDERS[state]}"'
    return f"<g>{box.outline(node.get('kind', 'site'), outline)}{_hatching(state, box, colour)}{text}</g>"


def _hatching(state: str | None, box: Box, colour: str) -> str:
    """Slanted lines over a box that is down. Cut by arithmetic, because an SVG pattern would need an id."""
    if state not in ("unhealthy", "fault"):
        return ""
    left, right = box.x - box.w / 2 + 6, box.x + box.w / 2 - 6
    top, bottom = box.y - box.h / 2 + 6, box.y + box.h / 2 - 6
    path = []
    start = left - (bottom - top)
    while start < right:           # each line climbs from (start, bottom) to (start + height, top)
        begin, end = max(start, left), min(start + bottom - top, right)
        path.append(f"M{begin:g} {bottom - (begin - start):g}L{end:g} {bottom - (end - start):g}")
        start += 14
    return f'<path d="{"".join(path)}" stroke="{colour}" stroke-width="1.5" opacity="0.45"/>'


def _edge(edge: Mapping, boxes: Mapping[str, Box], edges: list) -> str:
    _, colour, width, dashes = EDGES[edge["state"]]
    pair = [other for other in edges if {other["from"], other["to"]} == {edge["from"], edge["to"]}]
    start, end = boxes[edge["from"]], boxes[edge["to"]]
    length = hypot(end.x - start.x, end.y - start.y)
    along_x, along_y = (end.x - start.x) / length, (end.y - start.y) / length
    # Lines between the same two boxes run side by side, whichever way they point.
    aside = (pair.index(edge) - (len(pair) - 1) / 2) * 26 * (1 if edge["from"] <= edge["to"] else -1)
    shift = (-along_y * aside, along_x * aside)
    x1, y1 = start.border(along_x, along_y, shift)
    x2, y2 = end.border(-along_x, -along_y, shift)
    tip = 9 + width
    base_x, base_y, half = x2 - along_x * tip, y2 - along_y * tip, 4 + width
    arrow = (f'<path d="M{x2:.1f} {y2:.1f}L{base_x - along_y * half:.1f} {base_y + along_x * half:.1f}'
             f'L{base_x + along_y * half:.1f} {base_y - along_x * half:.1f}Z" fill="{colour}"/>')
    shaft = (f'<path d="M{x1:.1f} {y1:.1f}L{base_x:.1f} {base_y:.1f}" stroke="{colour}" stroke-width="{width}" '
             f'stroke-dasharray="{dashes}" fill="none"/>')
    middle = (x1 + x2) / 2, (y1 + y2) / 2
    cross = (f'<text class="fk-cross fk-halo" x="{middle[0]:.1f}" y="{middle[1] + 6:.1f}">'
             f'{MARKS["unhealthy"].glyph}</text>') if edge["state"] == "blocked" else ""
    return f"<g>{shaft}{arrow}{cross}{_label(edge.get('label', ''), middle, (along_x, along_y), shift)}</g>"


def _label(text: str, middle: tuple[float, float], along: tuple[float, float], shift: tuple[float, float]) -> str:
    """Words beside a line: above one that lies, outside one that stands, in the open corner of one that slopes."""
    if not text:
        return ""
    x, y, style = middle[0], middle[1] - 11, "fk-small fk-halo"
    if abs(along[0]) < 0.5:                        # it stands
        side = -1 if shift[0] < 0 else 1
        x, y = middle[0] + 14 * side, middle[1] + 4
    elif abs(along[1]) > 0.2:                      # it slopes: above it is to the left where it climbs to the right
        below = shift[1] > 0
        side = 1 if (along[0] * along[1] > 0) is not below else -1
        x, y = middle[0] + 6 * side, middle[1] + (14 if below else -6)
    else:
        side = 0
    style += {1: " fk-left", -1: " fk-right", 0: ""}[side]
    return f'<text class="{style}" x="{x:.1f}" y="{y:.1f}">{escape(text)}</text>'


def _legend(edges: list, top: float, wide: float) -> tuple[str, float]:
    """What the kinds of line mean, for those that are in the picture; and its height."""
    used = [state for state in EDGES if any(edge["state"] == state for edge in edges)]
    parts, x, y = [], 24.0, top + 14
    for state in used:
        words, colour, width, dashes = EDGES[state]
        space = 44 + 6.4 * len(words) + 22
        if x > 24 and x + space > wide:
            x, y = 24.0, y + 22
        parts.append(f'<path d="M{x:g} {y:g}h34" stroke="{colour}" stroke-width="{width}" stroke-dasharray="{dashes}"/>'
                     f'<text class="fk-small fk-left" x="{x + 42:g}" y="{y + 4:g}">{escape(words)}</text>')
        x += space
    return "".join(parts), (y - top + 14) if used else 0.0
