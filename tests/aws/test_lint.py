"""lint: each rule on a zone that goes against that rule alone, and zones that go against none (facts A5-A43, B7-B45, C4)."""

import json
from dataclasses import replace

import pytest

from failover_kit import Lab, examples
from failover_kit.aws.files import load_zone
from failover_kit.aws.lint import REFUSED, RULES, Severity, lint, refused
from failover_kit.aws.lint.settings import detection
from failover_kit.errors import ConfigurationError
from failover_kit.healthcheck import HealthCheck
from failover_kit.metrics import MetricAlarm
from failover_kit.records import AliasTarget, Failover, GeoLocation, RecordSet
from failover_kit.zone import HostedZone

EAST, WEST, EU = "192.0.2.1", "198.51.100.1", "203.0.113.1"
ALB_EAST = AliasTarget("shop-1.us-east-1.elb.amazonaws.com", True, "Z35SXDOTRQ7X7K")
ALB_WEST = AliasTarget("shop-2.us-west-2.elb.amazonaws.com", True, "Z1H1FL5HABSF5")


# --- a small language for zones ---------------------------------------------------------------------------------

def check(id="east", ip=EAST, **settings):
    given = {"type": "HTTP", "ip_address": ip, "resource_path": "/health"}
    return HealthCheck(id=id, **{**given, **settings})


def other(id, kind, **settings):
    """A check that probes nothing."""
    return HealthCheck(id=id, type=kind, **settings)


def one(value=EAST, check_id="east", name="app.example.com", id=None, **policy):
    """A record set: an address, or an alias."""
    answer = {"alias": value} if isinstance(value, AliasTarget) else {"values": (value,), "ttl": policy.pop("ttl", 60)}
    return RecordSet(name=name, set_identifier=(id or str(value)[:60]) if policy else None, health_check_id=check_id,
                     **answer, **policy)


def primary(value=EAST, check_id="east", **more):
    return one(value, check_id, id="primary", failover=Failover.PRIMARY, **more)


def secondary(value=WEST, check_id="west", **more):
    return one(value, check_id, id="secondary", failover=Failover.SECONDARY, **more)


def weighted(*members, **more):
    """Members as (value, check, weight)."""
    return [one(value, check_id, id=f"{index}", weight=weight, **more)
            for index, (value, check_id, weight) in enumerate(members)]


def here(name, evaluate=True):
    return AliasTarget(f"{name}.example.com", evaluate)


def soa(ttl, minimum):
    return RecordSet(name="example.com", type="SOA", ttl=ttl,
                     values=(f"ns1.example.net. admin.example.net. 1 7200 900 1209600 {minimum}",))


TWO = (check(), check("west", WEST))
PAIR = (primary(), secondary())
ALARM = MetricAlarm(name="errors", period=60)


def both(*checks):
    """A calculated check that needs all of these."""
    return other("both", "CALCULATED", child_health_checks=tuple(checks), health_threshold=len(checks))


def rules_of(records, checks):
    """The ids of the rules that found something. FK104 is about any pair without a switch, so it has a test of its own."""
    found = {finding.rule for finding in lint(HostedZone("example.com", tuple(records)), checks)}
    return found - {"FK104"}


# --- one zone a rule --------------------------------------------------------------------------------------------

# fmt: off
ROWS = [
    # rule, record sets, health checks
    ("FK101", [primary(check_id=None), secondary()], TWO[1:]),                                                     # B27, D9
    ("FK102", [primary(), secondary(check_id=None)], TWO[:1]),                                                     # B26
    ("FK103", [primary()], TWO[:1]),                                                                               # B28
    ("FK103", [secondary()], TWO[1:]),
    ("FK201", [*weighted((here("a", False), None, 1), (WEST, "west", 1)), one(name="a.example.com")], TWO),        # B14
    ("FK201", [*weighted((replace(ALB_EAST, evaluate_target_health=False), None, 1), (ALB_WEST, None, 1))], ()),
    ("FK201", [*weighted((AliasTarget("d1.cloudfront.net", False, "Z2FDTNDATAQYW2"), None, 1), (ALB_WEST, None, 1))], ()),
    ("FK202", [primary(here("a"), None), secondary(),                                                              # B17
               *weighted((EAST, "east", 1), (EU, None, 1), name="a.example.com")], TWO),
    ("FK202", [primary(here("a"), None), secondary(), one(check_id=None, name="a.example.com")], TWO[1:]),
    ("FK203", [one(AliasTarget("d1.cloudfront.net", True, "Z2FDTNDATAQYW2"), None)], ()),                          # B44
    ("FK301", [*weighted((EAST, None, 1), (WEST, None, 1))], ()),                                                  # B10
    ("FK301", [one(EAST, None, region="us-east-1"), one(WEST, None, region="us-west-2")], ()),
    ("FK301", [one(EAST, None, geolocation=GeoLocation(country="*")), one(WEST, None, geolocation=GeoLocation("EU"))], ()),
    ("FK301", [one(EAST, None, multivalue_answer=True), one(WEST, None, multivalue_answer=True)], ()),             # B32
    ("FK302", [*weighted((EAST, "east", 1), (WEST, None, 1))], TWO[:1]),
    ("FK303", [one(weight=1)], TWO[:1]),
    ("FK304", [*weighted((EAST, "east", 0), (WEST, "west", 0))], TWO),                                             # B19
    ("FK305", [one(EAST, "east", geolocation=GeoLocation("EU")),                                                   # B35
               one(WEST, "west", geolocation=GeoLocation(country="US"))], TWO),
    ("FK401", [primary(ttl=61), secondary()], TWO),                                                                # B45
    ("FK401", [*PAIR[1:], primary(here("a"), None), one(name="a.example.com", ttl=300)], TWO),                     # B41
    ("FK402", [primary(ttl=86_400), secondary(ttl=86_400)], TWO),
    ("FK403", [primary(ttl=1), secondary(ttl=1)], TWO),
    ("FK404", [*weighted((EAST, "east", 1)), one(WEST, "west", id="1", weight=1, ttl=30)], TWO),                   # B7
    ("FK405", [soa(86_400, 86_400)], ()),                                                                          # C4
    ("FK501", PAIR, [check(type="TCP", port=443), TWO[1]]),                                                        # A18
    ("FK502", PAIR, [check(resource_path="/"), TWO[1]]),                                                           # A20
    ("FK503", PAIR, [check(ip=EU), TWO[1]]),                                                                       # A5
    ("FK503", [*PAIR, one(EU, None, name="mgmt.example.com")],
              [check(ip=None, fully_qualified_domain_name="mgmt.Example.com"), TWO[1]]),
    ("FK504", PAIR, [check(ip=WEST), check("west", EAST)]),
    ("FK505", [primary(ALB_EAST), secondary(ALB_WEST)],                                                            # A30
              [check(ip=None, fully_qualified_domain_name="app.example.com"), TWO[1]]),
    ("FK505", [primary(ALB_EAST), secondary(ALB_WEST), one(here("app"), None, name="www.example.com"),
               RecordSet(name="shop.example.com", type="CNAME", ttl=60, values=("WWW.example.com",))],
              [check(ip=None, fully_qualified_domain_name="shop.example.com"), TWO[1]]),
    ("FK506", PAIR, [check(type="HTTP_STR_MATCH", search_string="Welcome", resource_path="/"), TWO[1]]),           # A22
    ("FK506", PAIR, [check(type="HTTP_STR_MATCH", search_string="ok</BODY>"), TWO[1]]),
    ("FK601", PAIR, [check(failure_threshold=1), TWO[1]]),                                                         # A11
    ("FK602", PAIR, [check(failure_threshold=5), TWO[1]]),                                                         # A14
    ("FK603", [primary(check_id="both"), secondary()],                                                             # A36
              [*TWO, other("both", "CALCULATED", child_health_checks=("east",), health_threshold=2)]),
    ("FK604", [primary(check_id="both"), secondary()],
              [*TWO, other("both", "CALCULATED", child_health_checks=("east",), health_threshold=0)]),
    ("FK605", PAIR, [check(disabled=True), TWO[1]]),                                                               # A34
    ("FK605", PAIR, [check(disabled=True, inverted=True), TWO[1]]),
    ("FK606", PAIR, [check(inverted=True), TWO[1]]),                                                               # E11, A15
    ("FK606", PAIR, [check(ip=WEST, resource_path="/initiate-failover.html", inverted=True), TWO[1]]),             # E9
    ("FK607", PAIR, [check(regions=("us-east-1", "eu-west-1", "sa-east-1")), TWO[1]]),                             # A9
    ("FK608", PAIR, [other("east", "CLOUDWATCH_METRIC", alarm=ALARM), TWO[1]]),                                    # A40
    ("FK609", PAIR, [other("east", "CLOUDWATCH_METRIC", alarm=replace(ALARM, evaluation_periods=3),
                           insufficient_data_health_status="Unhealthy"), TWO[1]]),
    ("FK610", PAIR, [*TWO, check("eu", EU)]),                                                                      # A46
    ("FK611", PAIR, TWO[:1]),                                                                                      # A35
    ("FK701", [primary(), secondary(EAST)], [TWO[0], check("west")]),
    ("FK701", [primary(ALB_EAST, None), secondary(here("a"), None), one(ALB_EAST, None, name="a.example.com")], ()),
    ("FK702", [primary(ALB_EAST), secondary(ALB_WEST, "east")], TWO[:1]),
    ("FK703", [primary(check_id="a"), secondary(check_id="b")],                                                    # E26
              [*TWO, check("database", EU), replace(both("east", "database"), id="a"),
               replace(both("west", "database"), id="b")]),
    ("FK704", [primary(ALB_EAST, None), secondary(AliasTarget("shop-9.us-east-1.elb.amazonaws.com", True, "Z3"), None)], ()),
]
# fmt: on


@pytest.mark.parametrize(("rule", "records", "checks"), ROWS, ids=[f"{row[0]}-{index}" for index, row in enumerate(ROWS)])
def test_each_rule_alone(rule, records, checks):
    assert rules_of(records, checks) == {rule}


def test_every_rule_has_a_row():
    assert {row[0] for row in ROWS} | {"FK104"} == {rule.id for rule in RULES}
    assert len({rule.id for rule in (*RULES, REFUSED)}) == len(RULES) + 1


# --- and zones that are fine ------------------------------------------------------------------------------------

TREE = [primary(here("a"), None), secondary(here("b"), None),
        *weighted((EAST, "east", 1), (EU, "eu", 1), name="a.example.com"),
        one(WEST, "west", name="b.example.com")]
FINE = {
    "empty": ([], ()),
    "pair": (PAIR, TWO),
    "pair of load balancers": ([primary(ALB_EAST, None), secondary(ALB_WEST, None)], ()),
    "tree": (TREE, [*TWO, check("eu", EU)]),
    "branch with a check of its own (B15)": (
        [primary(here("a"), "east"), secondary(), one(EAST, None, name="a.example.com")], TWO),
    "weights 100 and 0 (B24)": (weighted((EAST, "east", 100), (WEST, "west", 0)), TWO),
    "simple with a long TTL": ([one(EAST, None, name="mail.example.com", ttl=86_400)], ()),
    "alias of a simple record, deaf": ([one(here("a", False), None), one(name="a.example.com", check_id=None)], ()),
    "one check for every area but the default": (
        [one(EAST, "east", geolocation=GeoLocation(country="*")), one(WEST, "west", geolocation=GeoLocation("EU")),
         one(WEST, "west", id="Asia", geolocation=GeoLocation("AS"))], TWO),
    "check by name, of a name of its own": (
        [*PAIR, one(EAST, None, name="east.example.com")],
        [check(ip=None, fully_qualified_domain_name="east.example.com"), TWO[1]]),
    "check by a name outside the zone": (PAIR, [check(ip=None, fully_qualified_domain_name="east.example.org"), TWO[1]]),
    "host header is not the endpoint": (PAIR, [check(fully_qualified_domain_name="app.example.com"), TWO[1]]),
    "calculated over the endpoint and a switch": (
        [primary(check_id="both"), secondary()],
        [*TWO, other("switch", "RECOVERY_CONTROL", routing_control_arn="arn:x"), both("east", "switch")]),
    "alarm that counts silence as failure": (
        PAIR, [other("east", "CLOUDWATCH_METRIC", alarm=ALARM, insufficient_data_health_status="Unhealthy"), TWO[1]]),
    "fast and not nervous": (PAIR, [check(request_interval=10, failure_threshold=6), TWO[1]]),
    "usual SOA": ([soa(900, 86_400)], ()),
}


@pytest.mark.parametrize(("records", "checks"), FINE.values(), ids=FINE.keys())
def test_nothing_is_found_where_nothing_is_wrong(records, checks):
    assert rules_of(records, checks) == set()


@pytest.mark.parametrize(("files", "notes"), [
    (("examples-zone.json", None), {"FK104", "FK610"}),
    (("shop-records.json", "shop-health-checks.json"), {"FK104", "FK610"}),
], ids=["the course's shop", "an export of the AWS CLI"])
def test_the_examples_get_notes_only(files, notes):
    loaded = load_zone(files[0], health_checks=files[1])
    findings = lint(loaded.zone, loaded.health_checks)
    assert {finding.rule for finding in findings} == notes
    assert {finding.severity for finding in findings} == {Severity.NOTE}


# --- details ----------------------------------------------------------------------------------------------------

def test_no_switch_is_a_note_about_the_zone():
    """E4, E5, E23."""
    switch = other("switch", "RECOVERY_CONTROL", routing_control_arn="arn:x")
    found = [finding.rule for finding in lint(HostedZone("example.com", PAIR), TWO)]
    assert found == ["FK104"]
    records = (primary(check_id="both"), secondary())
    assert lint(HostedZone("example.com", records), [*TWO, switch, both("east", "switch")]) == []


def test_unknown_checks_are_not_guessed_at():
    """None: the zone came without its checks, so nothing can be said of them."""
    zone = HostedZone("example.com", PAIR)
    assert lint(zone, None) == []
    assert {finding.rule for finding in lint(zone, ())} == {"FK104", "FK611"}


def test_errors_come_first_and_say_everything():
    records = [primary(check_id=None, ttl=300), secondary()]
    findings = lint(HostedZone("example.com", tuple(records)), TWO)
    severities = [list(Severity).index(finding.severity) for finding in findings]
    assert severities == sorted(severities)
    assert [finding.rule for finding in findings] == ["FK101", "FK401", "FK104", "FK610"]
    first = findings[0]
    assert str(first) == (f"error FK101 app.example.com. A (primary): the primary has no health check\n"
                          f"    why: {first.why} [{first.source}]\n    fix: {first.fix}")
    assert json.loads(json.dumps(first.as_dict())) == {**first.as_dict(), "severity": "error"}
    assert EAST in first.fix


@pytest.mark.parametrize(("interval", "threshold", "seconds"), [(30, 3, 85), (10, 3, 28)])
def test_detection_is_the_mean_of_A14(interval, threshold, seconds):
    assert detection(check(request_interval=interval, failure_threshold=threshold)) == pytest.approx(seconds, abs=0.5)


@pytest.mark.parametrize(("children", "threshold", "expected"), [
    (("east", "off"), 1, {"FK604", "FK605"}),            # A39: the disabled child alone keeps it healthy
    (("east", "off"), 2, {"FK605"}),
    (("east", "out"), 2, {"FK603", "FK605"}),            # disabled and inverted: never healthy
    (("east", "out"), 1, {"FK605"}),
])
def test_children_that_cannot_change(children, threshold, expected):
    calc = other("both", "CALCULATED", child_health_checks=children, health_threshold=threshold)
    stuck = {"off": check("off", EU, disabled=True), "out": check("out", EU, disabled=True, inverted=True)}
    assert rules_of([primary(check_id="both"), secondary()], [*TWO, stuck[children[1]], calc]) == expected


def test_what_is_found_is_what_happens():
    """The rules that claim a record can never fail agree with the router: with every check red it is still in the pool."""
    from failover_kit.health import Status
    from failover_kit.routing import Router

    for rule, records, checks in ROWS:
        if rule in ("FK101", "FK202", "FK302"):
            zone = HostedZone("example.com", tuple(records))
            router = Router(zone, {item.id: Status.UNHEALTHY for item in checks})
            findings = [finding for finding in lint(zone, checks) if finding.rule == rule]
            blamed = {finding.record for finding in findings}
            assert blamed
            assert all(router.is_healthy(record) for record in zone.record_sets if record.label in blamed)


def test_alarms_that_route_53_does_not_take_are_refused_while_reading():
    """A41: percentiles and high-resolution metrics. They cannot get as far as a rule."""
    document = json.loads(examples.path("shop-health-checks.json").read_text())
    alarm = next(raw for raw in document["HealthChecks"] if "CloudWatchAlarmConfiguration" in raw)
    alarm["CloudWatchAlarmConfiguration"] |= {"Statistic": "p99", "Period": 10}
    from failover_kit.aws.files import zone_from_documents

    with pytest.raises(ConfigurationError) as caught:
        zone_from_documents(json.loads(examples.path("shop-records.json").read_text()), document)
    findings = refused(caught.value)
    assert [(finding.rule, finding.severity) for finding in findings] == [("FK001", Severity.ERROR)] * 2
    assert "percentiles" in findings[0].fix
    assert "high-resolution" in findings[1].fix


def test_a_lab_lints_itself():
    with Lab.virtual() as lab:
        east, west = lab.site("us-east-1"), lab.site("us-west-2")
        lab.failover("app.example.com", primary=east, secondary=west, ttl=86_400)
        assert {finding.rule for finding in lab.lint()} == {"FK101", "FK102", "FK104", "FK402"}


def test_a_large_zone_is_linted_in_linear_time():
    """Ten times the zone takes about ten times the work: counted in calls, not seconds."""
    import sys

    def calls(names):
        records = [record for index in range(names) for record in
                   (primary(name=f"a{index}.example.com"), secondary(name=f"a{index}.example.com"))]
        zone, count = HostedZone("example.com", tuple(records)), 0

        def count_calls(frame, event, argument):
            nonlocal count
            count += event == "call"
        sys.setprofile(count_calls)
        lint(zone, TWO)
        sys.setprofile(None)
        return count
    assert calls(100) < 15 * calls(10)
