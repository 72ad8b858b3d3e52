"""zone_drill.py: what each outage does to each name, for zones right and wrong (facts A5, A14, A34, B7-B35, B46, E9)."""

import json

import pytest

from failover_kit.aws.files import load_zone
from failover_kit.errors import ConfigurationError
from failover_kit.healthcheck import HealthCheck
from failover_kit.records import AliasTarget, Failover, GeoLocation, RecordSet
from failover_kit.zone import HostedZone
from failover_kit.zone_drill import RESOURCE_DELAY, drill_zone
from failover_kit.zone_report import Verdict

EAST, WEST = "192.0.2.1", "198.51.100.1"
P, S = Failover
OVER, DOWN, UNHARMED, SLOW, NEVER = (Verdict.FAILS_OVER, Verdict.STAYS_DOWN, Verdict.UNHARMED, Verdict.TOO_SLOW,
                                     Verdict.NEVER_SERVED)


def check(id, ip=None, **more):
    return HealthCheck(id=id, **{"ip_address": ip, "resource_path": "/ready", "request_interval": 10, **more})


def record(value, check_id=None, name="app", type="A", ttl=60, **policy):
    answer = {"alias": value} if isinstance(value, AliasTarget) else {"ttl": ttl, "values": (value,)}
    return RecordSet(name=f"{name}.example.com", type=type, health_check_id=check_id, **answer, **policy,
                     set_identifier=str(value)[:60] if policy else None)


def pair(first=EAST, second=WEST, first_check="east", second_check="west", **more):
    return [record(first, first_check, failover=P, **more), record(second, second_check, failover=S, **more)]


def alb(number):
    return AliasTarget(f"lb{number}.us-east-1.elb.amazonaws.com", True, "Z1")


def drilled(records, checks=(), **options):
    return drill_zone(HostedZone("example.com", tuple(records)), checks, progress=lambda share: None, **options)


def outcomes(report, name="app.example.com."):
    """What happened to a name when each site failed, and when all did."""
    return [next((outcome for outcome in outage.names if outcome.name == name), None) for outage in report.outages]


CHECKS = (check("east", EAST), check("west", WEST))
GEO = {"us": GeoLocation(country="US"), "eu": GeoLocation(continent="EU"), "*": GeoLocation(country="*")}

# fmt: off
ROWS = {
    # zone: (record sets, checks, (first site fails, second site fails, both fail))
    "checked pair": (pair(), CHECKS, (OVER, UNHARMED, DOWN)),                                                      # B25
    "primary without a check": (pair(first_check=None), CHECKS[1:], (DOWN, UNHARMED, DOWN)),                       # B27
    "secondary without a check": (pair(second_check=None), CHECKS[:1], (OVER, UNHARMED, DOWN)),                    # B26
    "swapped checks": (pair(first_check="west", second_check="east"), CHECKS, (DOWN, DOWN, DOWN)),                 # A5
    "one check for both": (pair(second_check="east"), CHECKS[:1], (DOWN, UNHARMED, DOWN)),                         # B11
    "disabled check": (pair(), (check("east", EAST, disabled=True), CHECKS[1]), (DOWN, UNHARMED, DOWN)),           # A34
    "a day's TTL": (pair(ttl=86_400), CHECKS, (SLOW, UNHARMED, DOWN)),                                             # C20
    "weights": ([record(EAST, "east", weight=1), record(WEST, "west", weight=0)], CHECKS, (OVER, UNHARMED, DOWN)), # B20
    "one weight unchecked": ([record(EAST, "east", weight=0), record(WEST, weight=1)], CHECKS[:1],                 # B10
                             (UNHARMED, DOWN, DOWN)),
    "load balancers": (pair(alb(1), alb(2), None, None), (), (OVER, UNHARMED, DOWN)),                              # B44
    "deaf branch": ([record(AliasTarget("a.example.com", False), weight=1), record(WEST, "west", weight=0),        # B14
                     record(EAST, "east", name="a")], CHECKS, (UNHARMED, DOWN, DOWN)),
    "branch that listens": ([record(AliasTarget("a.example.com", True), weight=1), record(WEST, "west", weight=0), # B13
                             record(EAST, "east", name="a")], CHECKS, (UNHARMED, OVER, DOWN)),
    "names outside": (pair("east.example.net.", "west.example.net.", type="CNAME"),
                      (check("east", fully_qualified_domain_name="east.example.net"),
                       check("west", fully_qualified_domain_name="west.example.net")), (OVER, UNHARMED, DOWN)),
    "IPv6 only": (pair("2001:db8::1", "2001:db8::2", type="AAAA"),
                  (check("east", "2001:db8::1"), check("west", "2001:db8::2")), (OVER, UNHARMED, DOWN)),
    "STOP switch not thrown": (pair(first_check="stop"),                                                           # E9
                               (check("stop", WEST, resource_path="/initiate-failover.html", inverted=True), CHECKS[1]),
                               (DOWN, UNHARMED, DOWN)),
    "no default location": ([record(EAST, "east", geolocation=GEO["us"]), record(WEST, "west", geolocation=GEO["eu"])],
                            CHECKS, (DOWN, DOWN, DOWN)),                                                           # B35
    "default location": ([record(EAST, "east", geolocation=GEO["*"]), record(WEST, "west", geolocation=GEO["eu"])],
                         CHECKS, (DOWN, OVER, DOWN)),                                                              # B34
}
# fmt: on


@pytest.mark.parametrize(("records", "checks", "verdicts"), ROWS.values(), ids=ROWS.keys())
def test_each_site_in_turn_and_all_together(records, checks, verdicts):
    report = drilled(records, checks)
    assert len(report.sites) == 2
    assert [outcome.verdict for outcome in outcomes(report)] == list(verdicts)
    assert bool(report.stays_down.get("app.example.com.")) == any(verdict in (DOWN, SLOW) for verdict in verdicts[:2])


@pytest.mark.parametrize(("interval", "low", "high"), [(10, 24, 31), (30, 71, 91)])
def test_users_wait_for_detection_and_for_their_caches(interval, low, high):
    """A14 and B46: detection within its range, nobody waits longer than that and the TTL, and the next request."""
    checks = (check("east", EAST, request_interval=interval), check("west", WEST, request_interval=interval))
    [first, *_] = outcomes(drilled(pair(), checks, users=9))
    assert low <= first.switched <= high
    assert first.unserved.maximum <= first.switched + 60 + 5.1
    assert first.unserved.p50 > first.switched - 5


def test_who_serves_whom():
    [first, second, both] = outcomes(drilled(pair(), CHECKS))
    assert (first.before, first.during, first.after) == ({EAST: 3}, {WEST: 3}, {EAST: 3})            # B29: back at once
    assert (second.before, second.during, second.after) == ({EAST: 3}, {EAST: 3}, {EAST: 3})
    assert (both.during, both.after) == ({"": 3}, {EAST: 3})


def test_a_place_that_no_record_is_for_is_not_served_before_either():
    records, checks, _ = ROWS["no default location"]
    [first, *_] = outcomes(drilled(records, checks))
    assert first.before == {EAST: 1, WEST: 1, "": 1}
    assert first.unserved.count == 2
    only = drilled([record(EAST, "east", geolocation=GeoLocation(continent="AF"))], CHECKS)
    assert outcomes(only)[0].verdict is NEVER


def test_aliases_hear_of_their_resource_after_a_while():
    [first, *_] = outcomes(drilled(pair(alb(1), alb(2), None, None)))
    assert first.switched == RESOURCE_DELAY
    [unseen, *_] = outcomes(drilled(pair(alb(1), alb(2), None, None), scenario="app-broken"))
    assert (unseen.switched, unseen.verdict) == (None, DOWN)


def test_a_shallow_check_does_not_see_a_broken_application():
    shallow = (check("east", EAST, resource_path="/health"), check("west", WEST, resource_path="/health"))
    assert outcomes(drilled(pair(), shallow, scenario="app-broken"))[0].verdict is DOWN
    assert outcomes(drilled(pair(), CHECKS, scenario="app-broken"))[0].verdict is OVER      # /ready is no such page


def test_lost_requests_are_no_failover():
    [first, *_] = outcomes(drilled(pair(), CHECKS, scenario="packet-loss"))
    assert first.verdict is Verdict.SHAKEN
    assert (first.before, first.switched) == (first.during, None)


def test_names_that_lead_to_a_routed_name_are_drilled_too():
    records = [*pair(), record(AliasTarget("app.example.com", True), name="www"), record("app.example.com.", name="shop",
                                                                                        type="CNAME"),
               record(AliasTarget("app.example.com", True), name="*"), record("192.0.2.77", name="mail")]
    report = drilled(records, CHECKS)
    assert {outcome.name for outcome in report.outages[0].names} == {
        "app.example.com.", "www.example.com.", "shop.example.com.", "*.example.com."}
    assert {outcome.verdict for outcome in report.outages[0].names} == {OVER}
    assert report.not_routed == ("mail.example.com.",)
    assert "192.0.2.77" not in {endpoint for site in report.sites for endpoint in site.endpoints}


def test_a_dependency_that_both_checks_share_is_a_site_of_its_own():
    """E26: it takes both sites out, so everything fails open and nobody moves; the users notice nothing at all."""
    both = [HealthCheck(id=f"{name} and database", type="CALCULATED", child_health_checks=(name, "database"),
                        health_threshold=2) for name in ("east", "west")]
    report = drilled(pair(first_check="east and database", second_check="west and database"),
                     [*CHECKS, check("database", "203.0.113.9"), *both])
    assert len(report.sites) == 3
    by_site = dict(zip((site.endpoints[0] for site in report.sites), outcomes(report), strict=False))
    assert by_site["203.0.113.9"].verdict is UNHARMED
    assert by_site[EAST].verdict is OVER


def test_the_report_in_words_and_for_programs():
    report = drilled([*pair(first_check=None), *[record(EAST, "east", name="ok", failover=P),
                                                 record(WEST, "west", name="ok", failover=S)]], CHECKS)
    assert report.stays_down == {"app.example.com.": [EAST]}
    assert report.never_fails_over == ("app.example.com.",)
    assert f"With {EAST} down, some users of app.example.com have no service until the repair." in report.summary()
    told = json.loads(json.dumps(report.as_dict()))
    assert [outage["failed"] for outage in told["outages"]] == [[EAST], [WEST], [EAST, WEST]]
    assert told["never_fails_over"] == ["app.example.com."]
    names = {name["name"]: name for name in told["outages"][0]["names"]}
    assert names["ok.example.com."]["verdict"] == "fails over"
    assert names["ok.example.com."]["unserved"]["longest"] > 0
    assert told["assumptions"]


def test_the_same_seed_tells_the_same_story():
    one, two, other = (drilled(pair(), CHECKS, seed=seed).as_dict() for seed in (1, 1, 2))
    assert one == two
    assert {**other, "seed": 1} != one


def test_progress_goes_from_nothing_to_all():
    shares = []
    drill_zone(HostedZone("example.com", tuple(pair())), CHECKS, progress=shares.append)
    assert shares == sorted(shares)
    assert 0 <= shares[0] < 0.1
    assert shares[-1] == pytest.approx(1.0)


@pytest.mark.parametrize("records", [[], [record("192.0.2.77", name="mail")]], ids=["empty", "nothing routed"])
def test_a_zone_with_nothing_to_drill_says_so(records):
    report = drilled(records)
    assert report.outages == ()
    assert "nothing to drill" in report.summary()


@pytest.mark.parametrize("scenario", ["both-down", "meteor"])
def test_scenarios_that_no_single_site_can_have(scenario):
    with pytest.raises(ConfigurationError, match="Choose one of crash, blackout"):
        drilled(pair(), CHECKS, scenario=scenario)


def test_an_export_of_the_aws_cli():
    loaded = load_zone("shop-records.json", health_checks="shop-health-checks.json")
    report = drill_zone(loaded.zone, loaded.health_checks, progress=lambda share: None)
    assert {outcome.name: outcome.verdict for outcome in report.outages[0].names} == {
        "example.net.": OVER, "checkout.example.net.": OVER, "www.example.net.": OVER}
    assert report.stays_down == {}
    assert "dualstack.shop-east-1234567890.us-east-1.elb.amazonaws.com." in report.sites[0].endpoints
    assert "198.51.100.20" in report.sites[0].endpoints                    # the address that its check watches


def test_a_zone_of_hundreds_of_record_sets():
    """Names over the same two sites, with an alias and a mail host each: 220 record sets."""
    records = []
    for number in range(55):
        records += pair(name=f"app{number}")
        records.append(record(AliasTarget(f"app{number}.example.com", True), name=f"www{number}"))
        records.append(record(f"203.0.113.{number}", name=f"mail{number}"))
    report = drilled(records, CHECKS, users=1)
    assert len(report.sites) == 2
    assert [len(outage.names) for outage in report.outages] == [110, 110, 110]
    assert {outcome.verdict for outcome in report.outages[0].names} == {OVER}
