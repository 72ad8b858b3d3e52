"""Figures of disaster recovery: every number that is put in is drawn, and said in words."""

import pytest

from failover_kit.figures.alt import alt_of
from failover_kit.figures.recovery_figures import downtime_figure, outage_line, seconds_down


def bars(figure):
    return {trace.name.split(":")[0]: (trace.base[0], trace.x[0]) for trace in figure.data if trace.type == "bar"}


def test_an_outage_lies_on_both_sides_of_its_fault_in_minutes():
    figure = outage_line(last_copy_at=600, failed_at=3000, served_at=4500)
    assert bars(figure) == {"data that is lost": (-40, 40), "without service": (0, 25)}
    assert list(figure.data[-1].x) == [-40, 0, 25]
    assert alt_of(figure) == ("The newest data that survives is 40 min older than the fault; "
                              "service is back 25 min after it.")


@pytest.mark.parametrize(("rto", "rpo", "verdicts"), [
    (1500, 2400, "RPO of 40 min kept. RTO of 25 min kept."),
    (1440, 2400, "RPO of 40 min kept. RTO of 24 min missed."),
    (1500, 2340, "RPO of 39 min missed. RTO of 25 min kept."),
], ids=["both kept to the second", "too late", "too old"])
def test_objectives_are_drawn_on_their_side_and_judged(rto, rpo, verdicts):
    figure = outage_line(600, 3000, 4500, rto=rto, rpo=rpo)
    drawn = bars(figure)
    assert drawn[f"RTO {rto / 60:.0f} min"] == (0, rto / 60)
    assert drawn[f"RPO {rpo / 60:.0f} min"] == (-rpo / 60, rpo / 60)
    assert alt_of(figure).endswith(verdicts)


def test_one_objective_can_stand_alone():
    assert "RTO 30 min" in bars(outage_line(0, 60, 120, rto=1800))


def test_a_year_has_365_days():
    assert seconds_down(0.0) == 31_536_000
    assert seconds_down(0.99) == pytest.approx(87.6 * 3600)


def test_time_down_is_drawn_in_seconds_and_said_in_words():
    figure = downtime_figure({"one": 0.99, "two": 0.9999, "perfect": 1.0})
    assert [trace.x[0] for trace in figure.data] == pytest.approx([315_360, 3153.6, 1.0])
    assert [trace.text[0] for trace in figure.data] == ["87 h 36 min", "52 min 34 s", "0 s"]
    assert alt_of(figure) == "Down in a year: one 87 h 36 min, two 52 min 34 s, perfect 0 s."
