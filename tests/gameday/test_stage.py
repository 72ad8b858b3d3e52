"""stage.py: skipping quiet hours changes nothing, and what is done to the world is done to the lab."""

import pytest
from shops import ARN, EAST, OBJECT, WEST, Capacity, check, outage, shop, with_object, zone

from failover_kit import Lab, Status
from failover_kit.gameday import Switch
from failover_kit.gameday.play import play
from failover_kit.gameday.stage import Stage
from failover_kit.healthcheck import HealthCheck
from failover_kit.metrics import MetricAlarm
from failover_kit.timeline import AnswerChange, Fault


@pytest.fixture
def staged():
    stages = []

    def make(design, seed=1):
        stages.append(Stage(design, seed))
        return stages[-1]
    yield make
    for stage in stages:
        stage.close()


def moves(timeline):
    return [(event.at, event.after) for event in timeline.of(AnswerChange) if event.before]


@pytest.mark.parametrize("interval", [10, 30])
def test_a_skipped_hour_is_as_good_as_a_waited_one(interval, monkeypatch):
    """Detection and failback take as long after six skipped hours as without skipping."""
    disaster = outage("crash", minutes=360)
    skipped = moves(play(shop(interval=interval), disaster, 3).timeline)
    monkeypatch.setattr(Stage, "_is_quiet", lambda self: False)
    waited = moves(play(shop(interval=interval), disaster, 3).timeline)
    assert [answer for _, answer in skipped] == [answer for _, answer in waited] == [(WEST,), (EAST,)]
    for (early, _), (late, _) in zip(skipped, waited, strict=True):
        assert early == pytest.approx(late, abs=interval)       # checkers' phases differ, nothing else


def test_hours_cost_no_more_probes_than_minutes():
    probes = []
    for minutes in (30, 600):
        stage = Stage(shop(), 1)
        stage.at(120, lambda stage=stage: stage.set_faults("us-east-1", {"crash": {}},
                                                           Fault(stage.now, "us-east-1", "crash")))
        stage.run(60 * minutes, lambda news: None)
        probes.append(len(stage.lab.timeline))
        assert stage.now == pytest.approx(60 * minutes)
        stage.close()
    assert probes[1] == pytest.approx(probes[0], rel=0.02)


def test_story_time_begins_when_all_is_settled(staged):
    stage = staged(with_object(capacity={"us-west-2": Capacity(share=0.0)}))
    assert stage.now == 0
    assert stage.calm_statuses == {"east": Status.HEALTHY, "west": Status.UNHEALTHY, "away": Status.HEALTHY,
                                   "home": Status.HEALTHY}
    assert stage.shares() == {"us-east-1": pytest.approx(1.0)}


def test_servers_that_are_off_serve_once_they_run(staged):
    stage = staged(shop(capacity={"us-west-2": Capacity(share=0.0)}))
    assert stage.served("us-west-2") == 0
    stage.set_capacity("us-west-2", 1.0)
    stage.run(stage.settling + 60, lambda news: None)
    assert stage.served("us-west-2") == pytest.approx(1.0)
    assert stage.lab.service.statuses["west"] is Status.HEALTHY


@pytest.mark.parametrize("design", [
    with_object(),
    shop(zone=zone(east="home"), switch=Switch(routing_control_arn=ARN), health_checks=(
        check("east", EAST), check("west", WEST),
        HealthCheck(id="control", type="RECOVERY_CONTROL", routing_control_arn=ARN),
        HealthCheck(id="home", type="CALCULATED", child_health_checks=("east", "control"), health_threshold=2))),
], ids=["an object at the standby (E9)", "a routing control (A43)"])
def test_the_switch_sends_users_away_and_lets_them_back(design, staged):
    stage = staged(design)
    for on, site in ((False, "us-west-2"), (True, "us-east-1")):
        stage.turn_switch(on, "a test")
        stage.run(stage.now + stage.settling, lambda news: None)
        assert stage.shares() == {site: pytest.approx(1.0)}


def test_an_edited_zone_sends_everybody_to_one_site(staged):
    stage = staged(shop())
    stage.edit_dns(stage.zone_that_sends_to("us-west-2"), "by hand")
    assert stage.shares() == {"us-west-2": pytest.approx(1.0)}
    stage.edit_dns(stage.design.zone, "and back")
    assert stage.shares() == {"us-east-1": pytest.approx(1.0)}


def test_a_metric_of_errors_moves_users(staged):
    """A CLOUDWATCH_METRIC check sees what users meet: the gray failure that a shallow page hides."""
    alarm = HealthCheck(id="errors", type="CLOUDWATCH_METRIC", alarm=MetricAlarm(name="errors", threshold=5.0))
    design = shop(zone=zone(east="errors"), health_checks=(alarm, check("west", WEST)))
    told = moves(play(design, outage("app_broken", minutes=30), 1).timeline)
    assert told[0][1] == (WEST,)
    assert 60 <= told[0][0] - 120 <= 200                        # a full period of 60 s, seen at the end of the next


def test_the_switch_object_is_not_there_at_first(staged):
    stage = staged(with_object())
    assert OBJECT not in stage.sites["us-west-2"].site.pages


def test_load_is_the_same_lab_as_any_other():
    with Lab.virtual(seed=1) as lab:
        lab.load(shop().zone, shop().health_checks)
        lab.run(minutes=3)
        assert lab.explain("app.example.com").values == (EAST,)
