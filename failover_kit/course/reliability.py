"""Does a learner know what they know? Confidence against correctness, over all committed predictions.

    Commitments  ->  table() and brier_score()  ->  calibration_figure()

Source: the reliability diagram and score of G. W. Brier, "Verification of forecasts expressed in terms of
probability", Monthly Weather Review 78 (1950).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from .progress import journal
from .standing import Commitment, standing

if TYPE_CHECKING:
    import plotly.graph_objects as go

    from failover_kit.widgets import Chart

EDGES = (0, 25, 45, 65, 85, 101)   # per cent; each group holds its lower edge


@dataclass(frozen=True)
class Group:
    """Predictions of about the same confidence."""

    count: int
    confidence: float   # mean, per cent
    correct: float      # share that was right, per cent


def table(commitments: Iterable[Commitment]) -> tuple[Group, ...]:
    """Groups of similar confidence, from unsure to sure; empty groups are left out."""
    made = list(commitments)
    groups = []
    for low, high in pairwise(EDGES):
        inside = [one for one in made if low <= one.confidence < high]
        if inside:
            groups.append(Group(len(inside), sum(one.confidence for one in inside) / len(inside),
                                100 * sum(one.correct for one in inside) / len(inside)))
    return tuple(groups)


def brier_score(commitments: Sequence[Commitment]) -> float | None:
    """Mean squared distance of confidence from what came: 0 is best, 0.25 is always saying 50 %. None without any."""
    if not commitments:
        return None
    return sum((one.confidence / 100 - one.correct) ** 2 for one in commitments) / len(commitments)


def calibration_figure(commitments: Sequence[Commitment]) -> go.Figure:
    """Share of right answers over confidence, against the line where the two agree."""
    import plotly.graph_objects as go

    from failover_kit.figures.alt import with_alt
    from failover_kit.figures.palette import line, marker

    groups = table(commitments)
    figure = go.Figure()
    figure.add_scatter(x=[0, 100], y=[0, 100], mode="lines", line=line("expected"), name="well calibrated",
                       hoverinfo="skip")
    figure.add_scatter(
        x=[group.confidence for group in groups], y=[group.correct for group in groups], mode="markers+text",
        marker=marker("primary", size=14), text=[f"n = {group.count}" for group in groups],
        textposition="middle right", name="your predictions",
        hovertemplate="%{x:.0f} % sure, %{y:.0f} % right<extra></extra>")
    figure.update_layout(
        title=_summary(commitments), height=420, template="plotly_white",
        xaxis={"title": {"text": "how sure you were (%)"}, "range": [-3, 112]},
        yaxis={"title": {"text": "how often you were right (%)"}, "range": [-5, 108]})
    return with_alt(figure, " ".join(
        [f"{_summary(commitments)}.",
         *(f"{group.count} made at about {group.confidence:.0f} %: {group.correct:.0f} % right." for group in groups)]))


def _summary(commitments: Sequence[Commitment]) -> str:
    score = brier_score(commitments)
    if score is None:
        return "No predictions committed yet"
    number = f"{len(commitments)} predictions" if len(commitments) > 1 else "1 prediction"
    return f"{number}, Brier score {score:.2f} (0 is best)"


def calibration() -> Chart:
    """The figure for this learner: above the line you knew more than you thought, below it less."""
    from failover_kit.widgets import Chart
    return Chart(calibration_figure(tuple(standing(journal().events()).predictions.values())))
