"""fleet_view.py: a drill's users and a fleet that lives through the drill's timeline must agree."""

import pytest

from failover_kit import Lab
from failover_kit.drill import DrillSettings, drill
from failover_kit.errors import LabError
from failover_kit.fleet import AnswerStep, Fleet
from failover_kit.fleet_view import answer_timeline, outages
from failover_kit.places import locate
from failover_kit.timeline import Request

ASKING = DrillSettings(users=150, every=5.0, ttl=60)


@pytest.fixture(scope="module")
def crash():
    return drill("crash", settings=ASKING, seed=3)


def test_the_steps_are_the_drills_own(crash):
    answers, outage = answer_timeline(crash.timeline), crash.outage
    assert [step.at for step in answers.steps] == [0.0, outage.switched.at, outage.failed_back.at]
    assert [step.told for step in answers.steps] == [{"us-east-1": 1}, {"us-west-2": 1}, {"us-east-1": 1}]
    assert {step.ttl for step in answers.steps} == {60}
    assert answers.outages == {"us-east-1": ((outage.began, outage.ended),)}


@pytest.mark.parametrize("scenario", ["crash", "app-broken", "both-down"])
def test_the_drills_users_and_the_fleet_agree(scenario):
    """Share of failing requests in each minute: 1,800 requests a minute, so 0.05 is over four standard errors."""
    report = drill(scenario, settings=ASKING, seed=5)
    answers = answer_timeline(report.timeline)
    fleet = Fleet(ttl=60, demand=1 / ASKING.every).expected(answers)
    for minute in range(2, int(answers.until // 60)):
        asked = report.timeline.of(Request, 60 * minute, 60 * minute + 59.9)
        failed = sum(not request.ok for request in asked) / len(asked)
        expected = sum(fleet.down[60 * minute:60 * minute + 60]) / 60
        assert failed == pytest.approx(expected, abs=0.08)


def test_the_mean_downtime_agrees(crash):
    """Mean of 150 users; the fleet counts from the fault, the users from their next request on."""
    drilled = crash.outage.downtime().mean
    fleet = Fleet(ttl=60, demand=1 / ASKING.every).expected(answer_timeline(crash.timeline))
    assert drilled == pytest.approx(fleet.mean_downtime, abs=6)


def test_weighted_answers_keep_their_chances():
    with Lab.virtual(seed=1) as lab:
        east, west = lab.site("us-east-1"), lab.site("us-west-2")
        lab.weighted("app.example.com", {east: 3, west: 1})
        lab.run(minutes=2)
        (step,) = answer_timeline(lab.timeline, sites=lab.sites, until=120).steps
    assert step == AnswerStep(0.0, {"us-east-1": 0.75, "us-west-2": 0.25}, 60)


@pytest.mark.parametrize(("fault", "options", "down"), [
    ("crash", {}, [(60, 180)]),
    ("app_broken", {}, [(60, 180)]),                       # users fetch the shop, not the health page
    ("dependency", {}, []),
    ("slow", {"seconds": 5.0}, []),                        # late, but within a user's patience of 10 s
    ("slow", {"seconds": 15.0}, [(60, 180)]),
    ("flapping", {"period": 60.0, "down": 30.0}, [(60, 90), (120, 150)]),
    ("partition", {"regions": ("us-east-1",)}, [(60, 180)]),
    ("partition", {"regions": ("eu-west-1",)}, []),
], ids=lambda value: value if isinstance(value, str) else None)
def test_what_a_user_in_us_east_1_meets(fault, options, down):
    with Lab.virtual() as lab:
        site = lab.site("us-east-1")
        lab.at(60, lambda: site.fail(fault, **options))
        lab.at(180, site.repair)
        lab.run(minutes=4)
        assert outages(lab.timeline, locate("us-east-1"), 240).get("us-east-1", []) == down


def test_what_cannot_be_told_is_said():
    with Lab.virtual() as lab:
        site = lab.site("us-east-1")
        with pytest.raises(LabError, match="says nothing of the answers"):
            answer_timeline(lab.timeline)
        site.fail("packet_loss", rate=0.3)
        lab.run(minutes=1)
        with pytest.raises(LabError, match="packet loss"):
            outages(lab.timeline, locate("us-east-1"), 60)
