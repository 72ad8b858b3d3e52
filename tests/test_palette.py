"""Colours that everyone can tell apart, and never colour alone."""

from itertools import combinations, product

import plotly.graph_objects as go
import pytest

from failover_kit.figures.palette import MARKS, bar, css, line, marker

PAPERS = {"light": "#ffffff", "JupyterLab dark": "#111111"}
TWINS = {"unknown", "expected"}      # share the grey: one is a state, the other a curve

# Machado, Oliveira and Fernandes (2009), full severity, on linear RGB: how a dichromat sees a colour.
EYES = {
    "full colour": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def linear(colour):
    """sRGB "#rrggbb" to linear light, 0 to 1 each (IEC 61966-2-1)."""
    parts = [int(colour[place:place + 2], 16) / 255 for place in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(one, two):
    """WCAG 2.2, "contrast ratio"."""
    lights = sorted(sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear(colour), strict=True))
                    for colour in (one, two))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def seen(colour, eye):
    """CIE L*a*b* (D65) of a colour as this eye sees it."""
    light = linear(colour)
    light = [min(1, max(0, sum(weight * part for weight, part in zip(row, light, strict=True)))) for row in EYES[eye]]
    rows = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    x, y, z = (sum(weight * part for weight, part in zip(row, light, strict=True)) / white
               for row, white in zip(rows, (0.9505, 1.0, 1.089), strict=True))
    x, y, z = (part ** (1 / 3) if part > 0.008856 else 7.787 * part + 16 / 116 for part in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize(("meaning", "paper"), list(product(MARKS, PAPERS)))
def test_contrast_of_graphics_is_three_to_one(meaning, paper):
    assert contrast(MARKS[meaning].colour, PAPERS[paper]) >= 3


@pytest.mark.parametrize("eye", EYES)
def test_no_two_meanings_look_alike(eye):
    for one, two in combinations(MARKS, 2):
        if {one, two} != TWINS:
            between = zip(seen(MARKS[one].colour, eye), seen(MARKS[two].colour, eye), strict=True)
            distance = sum((a - b) ** 2 for a, b in between) ** 0.5
            assert distance > 10, f"{one} and {two} are {distance:.1f} apart"      # about 2 is just noticeable


@pytest.mark.parametrize("field", ["symbol", "dash", "glyph"])
def test_each_meaning_is_told_without_colour(field):
    values = [getattr(mark, field) for mark in MARKS.values()]
    if field == "dash":
        values.remove("solid")       # healthy: the plain line
    assert len(set(values)) == len(values)


def test_bars_differ_by_pattern():
    patterns = [mark.pattern for mark in MARKS.values()]
    assert len(set(patterns)) == len(patterns)


@pytest.mark.parametrize("meaning", MARKS)
def test_plotly_accepts_each_drawing(meaning):
    figure = go.Figure([go.Scatter(x=[1], y=[1], marker=marker(meaning), line=line(meaning)),
                        go.Bar(y=[1], marker=bar(meaning))])
    assert figure.data[0].line.color == figure.data[1].marker.color == MARKS[meaning].colour


def test_css_names_every_colour():
    assert css().count("--fk-") == len(MARKS)
    assert "--fk-primary: #0069AA;" in css()
