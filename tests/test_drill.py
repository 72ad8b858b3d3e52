"""drill.py against what the fact sheet derives for detection, DNS switch and downtime (A14, B46)."""

import json
from dataclasses import replace
from statistics import fmean

import pytest

from failover_kit.commands.report_text import show
from failover_kit.drill import DrillSettings, drill
from failover_kit.errors import ConfigurationError
from failover_kit.scenarios import SCENARIOS

FEW = DrillSettings(users=10)


@pytest.fixture(scope="module")
def crash():
    return drill("crash", settings=DrillSettings(users=50), seed=1)


@pytest.mark.parametrize(("interval", "detection", "mean_detection", "recovery", "mean_recovery"), [
    (30, (71, 90), 85, (60, 78), 65),                 # A14; recovery's lower bound is 2 intervals after the phase
    (10, (24, 30), 28, (20, 27), 22),
])
def test_detection_and_recovery_A14(interval, detection, mean_detection, recovery, mean_recovery):
    """Ranges and means over seeds; half a second is left for round trips."""
    settings = DrillSettings(request_interval=interval, users=1)
    reports = [drill("crash", settings=settings, seed=seed).outage for seed in range(30)]
    detections = [outage.detection for outage in reports]
    recoveries = [outage.failback for outage in reports]
    assert detection[0] <= min(detections)
    assert max(detections) <= detection[1] + 2
    assert fmean(detections) == pytest.approx(mean_detection, abs=2.5)
    assert recovery[0] <= min(recoveries)
    assert max(recoveries) <= recovery[1] + 2
    assert fmean(recoveries) == pytest.approx(mean_recovery, abs=2.5)


def test_downtime_is_detection_plus_what_is_left_of_the_ttl_B46(crash):
    waits = crash.waits().values()
    detection = crash.outage.detection
    assert crash.outage.switch == detection
    assert min(waits) >= detection
    assert max(waits) <= detection + 60 + FEW.every + 0.5
    assert fmean(waits) == pytest.approx(detection + 30 + FEW.every / 2, abs=8)     # 0 to TTL, evenly


def test_the_budget_adds_up_to_the_wait(crash):
    for percent in (50, 100):
        budget = crash.budget(percent)
        assert [part.name for part in budget] == ["detection", "DNS switch", "cached answer", "next request"]
        assert all(part.seconds >= 0 for part in budget)
        total = sum(part.seconds for part in budget)
        assert total == pytest.approx(sorted(crash.waits().values())[round(len(crash.waits()) * percent / 100) - 1])


@pytest.mark.parametrize("ttl", [0, 10, 300])
def test_the_ttl_is_the_lever_of_the_cached_part(ttl):
    report = drill("crash", settings=DrillSettings(ttl=ttl, users=20))
    cached = next(part for part in report.budget() if part.name == "cached answer")
    assert cached.seconds <= ttl + DrillSettings.every + 0.5


@pytest.mark.parametrize(("name", "noticed"), [
    ("crash", True), ("blackout", True), ("hang", True), ("slow", True), ("http-500", True),
    ("wrong-page", False),           # status 200: a plain HTTP check passes
    ("app-broken", False),           # /health knows nothing of it
    ("partition", False),            # 8 of 16 checkers still pass: more than 18 %
], ids=lambda v: v if isinstance(v, str) else "")
def test_which_faults_a_shallow_check_notices(name, noticed):
    outage = drill(name, settings=FEW).outage
    assert (outage.detection is not None) == noticed
    assert (outage.failed_requests > 0) == (name not in ("partition", "slow"))     # five seconds: a user waits


@pytest.mark.parametrize(("name", "settings"), [
    ("wrong-page", {"check_type": "HTTP_STR_MATCH", "check_path": "/", "search_string": "Welcome to the shop"}),
    ("app-broken", {"check_path": "/health/deep"}),
    ("app-broken", {"check_path": "/"}),
])
def test_the_right_check_notices(name, settings):
    assert drill(name, settings=DrillSettings(users=5, **settings)).outage.detection is not None


def test_both_down_fails_open_to_the_primary_B25():
    report = drill("both-down", settings=FEW)
    answers = [change["happened"] for change in report.as_dict()["steps"] if change["part"] == "DNS"]
    assert [text.split()[-1] for text in answers] == ["127.0.1.10", "127.0.2.10", "127.0.1.10", "127.0.2.10", "127.0.1.10"]\
        or [text.split()[-1] for text in answers] == ["127.0.1.10", "127.0.2.10", "127.0.1.10"]


def test_same_seed_same_report():
    assert drill("crash", settings=FEW, seed=3).as_dict() == drill("crash", settings=FEW, seed=3).as_dict()
    assert drill("crash", settings=FEW, seed=3).as_dict() != drill("crash", settings=FEW, seed=4).as_dict()


def test_the_report_is_plain_json(crash):
    assert json.loads(json.dumps(crash.as_dict()))["detection"] == pytest.approx(crash.outage.detection, abs=0.001)


def test_the_summary_says_the_numbers(crash):
    assert f"noticed after {crash.outage.detection:.0f} s" in crash.summary()
    assert "No health check noticed" in drill("app-broken", settings=FEW).summary()


def test_an_unknown_scenario_is_named_with_what_there_is():
    with pytest.raises(ConfigurationError, match="no scenario 'meteor'") as caught:
        drill("meteor")
    assert all(name in str(caught.value) for name in SCENARIOS)


@pytest.mark.parametrize("name", SCENARIOS)
def test_every_scenario_can_be_reported(name):
    report = drill(name, settings=DrillSettings(users=3))
    assert report.summary().startswith(SCENARIOS[name].title)
    assert report.steps


@pytest.mark.parametrize(("stalled", "said"), [(0.2, False), (3.0, True)], ids=["hardly", "for a while"])
def test_a_machine_that_held_the_lab_up_is_named(stalled, said, capsys):
    report = replace(drill("crash"), stalled=stalled)
    show(report)
    assert ("too busy to run the lab for 3.0 s" in capsys.readouterr().out.replace("\n", " ")) is said
    assert report.as_dict()["stalled"] == stalled
