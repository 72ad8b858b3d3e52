"""The topology picture: what it says, that it says it without colour, and that its geometry holds."""

import re
from xml.etree import ElementTree

import pytest

from failover_kit.errors import ConfigurationError
from failover_kit.figures.topology import BORDERS, EDGES, NODE_STATES, topology_alt, topology_svg
from failover_kit.figures.topology_layout import Box, positions

OUTAGE = {
    "title": "The primary is down",
    "nodes": {
        "users": {"label": "Users", "kind": "client", "at": (0, 0.5)},
        "dns": {"label": "Route 53", "kind": "dns", "at": (1, 0)},
        "east": {"label": "us-east-1", "role": "primary", "state": "unhealthy", "note": "HTTP 503", "at": (2, 0)},
        "west": {"label": "us-west-2", "role": "secondary", "state": "healthy", "at": (2, 1)},
    },
    "edges": [{"from": "users", "to": "dns", "state": "query", "label": "TTL over"},
              {"from": "dns", "to": "east", "state": "blocked"},
              {"from": "users", "to": "west", "state": "traffic"}],
}


def texts(svg):
    return [node.text for node in ElementTree.fromstring(svg).iter() if node.tag.endswith("text")]


def test_alt_says_all_that_the_picture_shows():
    assert topology_alt(OUTAGE) == (
        "The primary is down. us-east-1, primary, is unhealthy (HTTP 503). us-west-2, secondary, is healthy. "
        "From Users to Route 53: DNS question (TTL over). From Route 53 to us-east-1: does not get through. "
        "From Users to us-west-2: users' requests.")
    assert ElementTree.fromstring(topology_svg(OUTAGE)).get("aria-label") == topology_alt(OUTAGE)


def test_states_and_roles_are_written_out():
    shown = texts(topology_svg(OUTAGE))
    assert {"The primary is down", "us-east-1", "● primary", "✕ unhealthy", "HTTP 503", "◆ secondary",
            "✓ healthy"} <= set(shown)


def test_the_legend_explains_the_lines_that_are_there_and_no_others():
    shown = texts(topology_svg(OUTAGE))
    used = {"query", "blocked", "traffic"}
    assert {state for state, (words, *_) in EDGES.items() if words in shown} == used


def test_no_state_is_told_by_colour_alone():
    borders = [BORDERS[state] for state in NODE_STATES]
    assert len(set(borders)) == len(borders)
    lines = [(width, dashes) for _, _, width, dashes in EDGES.values()]
    assert len(set(lines)) == len(lines)


def test_same_model_same_text_and_no_ids():
    svg = topology_svg(OUTAGE)
    assert svg == topology_svg(OUTAGE)
    assert not re.search(r"\bid=|url\(#|https?://(?!www\.w3\.org)", svg)


def test_text_is_escaped():
    svg = topology_svg({"title": "<script>", "nodes": {"a": {"label": 'a & "b"', "note": "<i>"}}})
    assert "<script>" not in svg
    assert {"<script>", 'a & "b"', "<i>"} <= set(texts(svg))


@pytest.mark.parametrize("kind", ["client", "resolver", "dns", "site", "database", "checker"])
@pytest.mark.parametrize("state", [None, *NODE_STATES])
def test_every_kind_and_state_is_well_formed(kind, state):
    ElementTree.fromstring(topology_svg({"nodes": {"a": {"kind": kind, "state": state}}}))


def test_every_problem_is_reported_at_once():
    with pytest.raises(ConfigurationError) as caught:
        topology_svg({"nodes": {"a": {"kind": "cloud", "colour": "red"}, "b": {"state": "ill"}},
                      "edges": [{"from": "a", "to": "c", "state": "fast"}, {"from": "b", "to": "b"}]})
    assert [str(problem).split(". ")[0] for problem in caught.value.problems] == [
        "node 'a': has an unknown field 'colour'", "node 'a': kind is 'cloud'", "node 'b': state is 'ill'",
        "edge 'a' to 'c': state is 'fast'", "edge 'a' to 'c': to is 'c'",
        "edge 'b' to 'b': starts and ends at the same node"]


def test_an_empty_model_is_refused():
    with pytest.raises(ConfigurationError, match="has no nodes"):
        topology_svg({"nodes": {}})


@pytest.mark.parametrize(("edges", "columns"), [
    ([("a", "b"), ("b", "c")], [0, 1, 2]),
    ([("a", "b"), ("a", "c")], [0, 1, 1]),
    ([("a", "b"), ("b", "c"), ("a", "c")], [0, 1, 1]),       # the shortest way counts
    ([("a", "b"), ("b", "c"), ("c", "a")], [0, 1, 2]),       # a ring starts at its first node
    ([], [0, 0, 0]),
], ids=["chain", "fork", "short cut", "ring", "no edges"])
def test_boxes_flow_along_the_edges(edges, columns):
    boxes = positions({key: {} for key in "abc"}, [{"from": a, "to": b} for a, b in edges], 100)
    assert [round((box.x - 74) / 204) for box in boxes.values()] == columns
    assert len({(box.x, box.y) for box in boxes.values()}) == 3


@pytest.mark.parametrize(("along", "shift", "border"), [
    ((1, 0), (0, 0), (163, 100)), ((-1, 0), (0, 0), (37, 100)), ((0, 1), (0, 0), (100, 133)),
    ((0, -1), (20, 0), (120, 67)), ((1, 0), (0, -13), (163, 87)), ((0.6, 0.8), (0, 0), (124.75, 133)),
    ((0.8, -0.6), (6, 8), (160.666667, 67)),
])
def test_lines_leave_at_the_border(along, shift, border):
    """A box 120 by 60 around (100, 100), with 3 pixels of air."""
    assert Box(100, 100, 120, 60).border(*along, shift) == pytest.approx(border)
