"""The picture of a run: sites, checkers, status, DNS answer, caches and requests over one time axis.

    Timeline  ->  plotly Figure with a text alternative

Read it from top to bottom: each lane is the cause of the one below it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import plotly.graph_objects as go
from plotly.subplots import make_subplots

from ..health import Observation, StatusChange
from ..health import checkers_needed as needed_of
from ..story import story
from ..timeline import Fault, Request, Timeline
from .alt import with_alt
from .lanes import Span, answer_spans, cache_spans, checker_counts, served_by, site_spans, status_spans
from .palette import bar, line, marker

MAX_USERS = 6                    # lanes; more make the picture unreadable
SITE_MEANINGS = ("primary", "secondary", "cached", "expected")
LANE = 26                        # pixels a lane


def timeline_figure(timeline: Timeline, *, title: str = "", users: Sequence[str] | None = None,
                    since: float = 0.0, until: float | None = None) -> go.Figure:
    """The run as lanes. `users` chooses whose requests are shown (default: the first six).

    `since` and `until` are where the time axis begins and ends, in seconds of lab time.
    """
    events = list(timeline)
    end = until or max((event.at for event in events), default=1.0)
    users = list(users or timeline.users()[:MAX_USERS])
    meaning = _SiteMeanings(timeline)
    sites = site_spans(timeline, meaning.sites, end)
    causes = [*status_spans(timeline, end), *answer_spans(timeline, {}, end)]
    caches = cache_spans(timeline, users, end)
    probed = _probed(timeline)
    top, bottom = _lanes(sites), [*_lanes(causes), *users]
    heights = [LANE * max(1, len(top)), 90 if probed else 1, LANE * max(1, len(bottom))]
    figure = make_subplots(rows=3, cols=1, shared_xaxes=True, vertical_spacing=0.03, row_heights=heights)
    _draw_spans(figure, sites, 1, lambda span: "healthy" if span.state == "up" else "fault")
    for health_check_id, checkers in probed.items():
        _draw_checkers(figure, checker_counts(timeline, health_check_id, checkers, end), health_check_id, checkers)
    _draw_spans(figure, causes, 3, lambda span: span.state if span.state in ("healthy", "unhealthy")
                else meaning.of(span.state))
    _draw_spans(figure, caches, 3, lambda span: meaning.of(span.state), width=0.45, legend=False)
    _draw_requests(figure, [r for r in timeline.of(Request, until=end) if r.user in users])
    figure.update_yaxes(categoryorder="array", categoryarray=top[::-1], row=1, col=1)
    figure.update_yaxes(categoryorder="array", categoryarray=bottom[::-1], row=3, col=1)
    if probed:
        figure.update_yaxes(title_text="checkers<br>healthy", row=2, col=1, rangemode="tozero")
    figure.update_xaxes(range=[since, end])
    figure.update_xaxes(title_text="lab time (s)", row=3, col=1)
    figure.update_layout(title=title or None, barmode="overlay", height=sum(heights) + (210 if title else 180),
                         margin={"l": 190, "r": 20, "t": 50 if title else 20, "b": 120}, bargap=0.25,
                         legend={"orientation": "h", "yref": "container", "y": 0, "yanchor": "bottom"})
    return with_alt(figure, alt_text(timeline))


def alt_text(timeline: Timeline) -> str:
    """What the picture says, in sentences: the steps of the run."""
    steps = story(timeline)
    if not steps:
        return "Nothing happened yet."
    return "; ".join(f"at {step.at:.0f} s {step.happened}" for step in steps) + "."


class _SiteMeanings:
    """Which look stands for which site, and which addresses belong to it."""

    def __init__(self, timeline: Timeline):
        self._site_of = served_by(timeline)
        named = [fault.site for fault in timeline.of(Fault)] + sorted(self._site_of.values())
        self.sites = sorted(dict.fromkeys(named))

    def of(self, values: str) -> str:
        """The look of an answer: that of its first address's site."""
        site = self._site_of.get(values.split(", ")[0].split(" ")[0])
        return SITE_MEANINGS[self.sites.index(site) % len(SITE_MEANINGS)] if site in self.sites else "unknown"


def _probed(timeline: Timeline) -> dict[str, int]:
    """{health check: number of its checkers} for the checks that changed, or all when none did."""
    checkers: dict[str, set] = {}
    for observation in timeline.of(Observation):
        checkers.setdefault(observation.health_check_id, set()).add(observation.checker)
    changed = {change.health_check_id for change in timeline.of(StatusChange)}
    return {check: len(found) for check, found in checkers.items() if check in changed or not changed}


def _lanes(spans: Iterable[Span]) -> list[str]:
    return list(dict.fromkeys(span.lane for span in spans))


NAMES = {"healthy": "works / healthy", "unhealthy": "unhealthy", "fault": "broken", "primary": "first site's address",
         "secondary": "second site's address", "cached": "third site's address", "expected": "fourth site's address",
         "unknown": "other answer"}


def _draw_spans(figure, spans: Sequence[Span], row: int, meaning_of, width: float = 0.75, legend: bool = True) -> None:
    by_meaning: dict[str, list[Span]] = {}
    for span in spans:
        by_meaning.setdefault(meaning_of(span), []).append(span)
    for meaning, group in by_meaning.items():
        shown = legend and not any(trace.name == NAMES[meaning] for trace in figure.data)
        figure.add_trace(go.Bar(
            orientation="h", y=[span.lane for span in group], base=[span.start for span in group],
            x=[span.end - span.start for span in group], width=width, marker=bar(meaning), name=NAMES[meaning],
            legendgroup=meaning, showlegend=shown, hovertext=[_hover(span) for span in group], hoverinfo="text"),
            row=row, col=1)


def _hover(span: Span) -> str:
    return f"{span.words}<br>{span.start:.1f} s to {span.end:.1f} s"


def _draw_checkers(figure, counts, health_check_id: str, checkers: int) -> None:
    figure.add_trace(go.Scatter(
        x=[at for at, _ in counts], y=[count for _, count in counts], mode="lines", name=f"checkers of {health_check_id}",
        line={**line("healthy"), "shape": "hv", "dash": "solid"}, showlegend=False,
        hovertemplate="%{y} of " + str(checkers) + " checkers healthy at %{x:.1f} s<extra></extra>"), row=2, col=1)
    needed = needed_of(checkers)
    figure.add_hline(y=needed, row=2, col=1, line={**line("expected", 1.5)}, annotation_text=f"{needed} needed",
                     annotation_position="top left")


def _draw_requests(figure, requests: Sequence[Request]) -> None:
    for ok, meaning, name in ((True, "healthy", "request served"), (False, "unhealthy", "request failed")):
        group = [request for request in requests if request.ok is ok]
        figure.add_trace(go.Scatter(
            x=[request.at for request in group], y=[request.user for request in group], mode="markers",
            marker={**marker(meaning, 6 if ok else 9), "line": {"width": 1, "color": "white"}}, name=name,
            hovertext=[f"{r.user} at {r.at:.1f} s: {r.site or r.address or 'nowhere'}, {r.detail}" for r in group],
            hoverinfo="text"), row=3, col=1)


