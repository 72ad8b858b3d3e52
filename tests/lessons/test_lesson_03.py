"""Lesson 3 says what the kit does: every claim of its prose is held to a run, to a default of the kit, or to a fact."""

import pytest
from lesson_run import assert_it_reads_the_run, template_of

from failover_kit import DrillSettings, HealthCheck, Lab, Status, drill
from failover_kit.health import aggregate, checkers_needed
from failover_kit.scenarios import Scenario, Stroke

LESSON = 3


# ---- what the runs show ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("cell", "said"), [
    ("drill-ask", "('127.0.1.10',)"), ("drill-visit", "('us-east-1', '200 OK')"),
    ("drill-explain", "(primary) is the primary and takes the traffic"),
    ("drill-crash", "True"), ("drill-explain-after", "(secondary) is the secondary and takes the traffic"),
    ("back-repair", "True"), ("planes-run", "('ServiceUnavailable', 'us-west-2')"), ("hood-run", "fail open"),
    ("myth-show", "PRIMARY [{'Value': '127.0.1.10'}]"), ("pitfall-compare", "down for 7.0 hours"),
    ("aws-drill", "answered: us-west-2"), ("play-check", "Not there yet"),
])
def test_a_cell_shows_what_the_prose_says(run, cell, said):
    assert said in run[cell]


def test_the_users_of_the_twin_move_one_by_one_within_a_ttl_of_the_switch(run):
    waits = eval(run["twin-waits"])
    assert len(waits) == 8
    assert len(set(waits)) > 4
    assert 0 < waits[0] < waits[-1] <= 60 + 5        # TTL, and one gap between two requests of a user


def test_the_drill_in_one_call_is_the_same_outage_as_the_twin(run):
    report = drill("crash", settings=DrillSettings(users=8), seed=3)
    assert f"crash, back {report.outage.failback:.0f} s" in run["back-twin"]
    crash = report.outage
    twin = [round(down - crash.switch) for down in report.timeline.downtimes(crash.began, crash.ended).values()]
    assert sorted(twin) == eval(run["twin-waits"])


def test_saved_outputs_are_those_of_this_kit(book, run):
    assert run == book.saved()


# ---- numbers in the prose -------------------------------------------------------------------------------------------

def test_route_53s_usual_settings():                                        # A6, A8, A9, A11
    check = HealthCheck(id="usual", ip_address="192.0.2.10")
    assert (check.request_interval, check.failure_threshold) == (30, 3)
    assert len(check.checkers) == 16
    assert len({checker.region for checker in check.checkers}) == 8


def test_more_than_18_per_cent_of_16_are_3():                               # A12, A13
    views = lambda healthy: [Status.HEALTHY] * healthy + [Status.UNHEALTHY] * (16 - healthy)
    assert (aggregate(views(3)), aggregate(views(2))) == (Status.HEALTHY, Status.UNHEALTHY)
    assert checkers_needed(16) == 3
    assert 3 / 16 == 0.1875


def longest_wait(interval, threshold, ttl):
    crash = Scenario("crash", "The primary crashes", (Stroke(0, "primary", "crash"),), until=interval * threshold + ttl + 30)
    shop = DrillSettings(request_interval=interval, failure_threshold=threshold, ttl=ttl, users=8, check_secondary=False)
    report = drill(crash, settings=shop, seed=3)
    return max(report.waits().values()), report.outage.detection


TTLS = (5, 10, 15, 20, 30, 45, 60, 120, 300)


def test_the_challenge_can_be_met_with_the_short_interval_alone():
    met = {(interval, ttl) for interval in (10, 30) for ttl in TTLS if longest_wait(interval, 3, ttl)[0] <= 60}
    assert met == {(10, 5), (10, 10), (10, 15), (10, 20), (10, 30)}


def test_each_lever_moves_its_own_part():
    assert longest_wait(30, 3, 60)[1] == pytest.approx(longest_wait(30, 3, 300)[1], abs=1.5)     # the TTL leaves detection
    assert longest_wait(10, 3, 60)[1] < longest_wait(30, 3, 60)[1]


def test_the_way_back_is_sooner_than_the_way_out_for_any_seed():            # A14
    for seed in range(12):
        outage = drill("crash", settings=DrillSettings(users=1), seed=seed).outage
        assert outage.failback < outage.switch


def test_the_template_to_keep_describes_the_shop_of_the_lesson(book):
    template = template_of(book.prose)
    resources = {name: part["Properties"] for name, part in template["Resources"].items()}
    with Lab.virtual() as lab:
        east, west = lab.site("us-east-1"), lab.site("us-west-2")
        route53 = lab.api.client("route53")
        config = resources["PrimaryCheck"]["HealthCheckConfig"] | {"IPAddress": east.address}
        check = route53.create_health_check(CallerReference="template", HealthCheckConfig=config)["HealthCheck"]
        for name, site in (("AppPrimary", east), ("AppSecondary", west)):
            record = {key: value for key, value in resources[name].items() if key != "HostedZoneName"}
            record |= {"TTL": int(record["TTL"]), "ResourceRecords": [{"Value": site.address}]}
            if "HealthCheckId" in record:
                assert record["HealthCheckId"] == {"Ref": "PrimaryCheck"}
                record["HealthCheckId"] = check["Id"]
            route53.change_resource_record_sets(HostedZoneId=lab.zone.id, ChangeBatch={"Changes": [
                {"Action": "CREATE", "ResourceRecordSet": record}]})
        lab.run(minutes=2)
        assert lab.visit().site == "us-east-1"
        east.fail()
        lab.run(minutes=3)
        assert lab.visit().site == "us-west-2"


# ---- the questions --------------------------------------------------------------------------------------------------

VALUES = {
    "3.who-switches": dict(seconds="28", reason="health check check-us-east-1 is unhealthy", site="the secondary", edits=0),
    "3.last-user": dict(first=7, last=52, ttl=60),
    "3.way-back": dict(out=83.0, back=65.0, edits=0),
    "3.api-down": dict(error="ServiceUnavailable", site="us-west-2", unserved=0, users=8),
    "3.both-down": dict(unhealthy=2, site="us-east-1"),
    "3.record-rewritten": dict(before=4, during=4, same="yes", site="us-west-2"),
}
ELSEWHERE = {       # a run that shows something else is recognised as such
    "3.who-switches": ("operator", dict(edits=1)), "3.last-user": ("at-once", dict(first=1, last=3)),
    "3.way-back": ("slower", dict(back=90.0)), "3.api-down": ("stuck", dict(unserved=8, site="us-east-1")),
    "3.both-down": ("secondary", dict(site="us-west-2")), "3.record-rewritten": ("true", dict(same="no")),
}


@pytest.mark.parametrize("name", VALUES)
def test_an_explanation_reads_the_run(name):
    other, changed = ELSEWHERE[name]
    assert_it_reads_the_run(name, VALUES[name], changed, other)
