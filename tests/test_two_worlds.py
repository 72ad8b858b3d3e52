"""The same scenario in virtual time and on real sockets: the same decisions in the same order."""

import pytest

from failover_kit.drill import DrillSettings, drill
from failover_kit.health import StatusChange
from failover_kit.scenarios import Scenario, Stroke
from failover_kit.timeline import AnswerChange, Fault

SPEED = 30.0
SLACK = 3.0           # lab seconds: 100 ms of real time, over three probes


def decisions(timeline):
    """What was decided, without the times."""
    kinds = (Fault, StatusChange, AnswerChange)
    return [(type(event).__name__, getattr(event, "fault", None) or getattr(event, "after", None)
             or (event.health_check_id, event.status)) for event in timeline if isinstance(event, kinds)]


@pytest.mark.parametrize("fault", ["crash", "http_500"])
def test_same_decisions(fault):
    name = Scenario("short", "A short outage", (Stroke(0, "primary", fault), Stroke(60, "primary", None)), until=110)
    settings = DrillSettings(request_interval=10, users=3, every=10.0)
    virtual = drill(name, settings=settings, seed=5)
    live = drill(name, settings=settings, seed=5, live=True, speed=SPEED)
    assert decisions(live.timeline) == decisions(virtual.timeline)
    assert 24 <= live.outage.detection <= 30 + 2 + SLACK          # A14 at interval 10
    assert 20 <= live.outage.failback <= 27 + 2 + SLACK
    assert live.waits().keys() == virtual.waits().keys()
