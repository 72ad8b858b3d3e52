"""terrain.py: every endpoint is a site of its own address, every routed name knows what it depends on."""

import pytest

from failover_kit.aws.files import load_zone
from failover_kit.healthcheck import HealthCheck
from failover_kit.metrics import MetricAlarm
from failover_kit.records import AliasTarget, Failover, RecordSet
from failover_kit.terrain import Terrain
from failover_kit.zone import HostedZone

P, S = Failover
EAST, WEST = "192.0.2.1", "198.51.100.1"


def member(name, value, role, check=None, type="A"):
    answer = {"alias": value} if isinstance(value, AliasTarget) else {"ttl": 60, "values": (value,)}
    return RecordSet(name=f"{name}.example.com", type=type, set_identifier=role.value, failover=role, health_check_id=check,
                     **answer)


def simple(name, value, type="A"):
    answer = {"alias": value} if isinstance(value, AliasTarget) else {"ttl": 60, "values": (value,)}
    return RecordSet(name=f"{name}.example.com", type=type, **answer)


def terrain(*records, checks=()):
    return Terrain.of(HostedZone("example.com", records), checks)


def site_of(ground, endpoint):
    """The index of the site that this address, or made-up stand-in of a name, belongs to."""
    for index, site in enumerate(ground.sites):
        if endpoint in {ground.known_as.get(address, address) for address in site.addresses}:
            return index
    raise AssertionError(f"{endpoint} is nowhere")


PAIR = (member("app", EAST, P, "east"), member("app", WEST, S))
ALB = [AliasTarget(f"lb{n}.us-east-1.elb.amazonaws.com", True, "Z1") for n in range(300)]


@pytest.mark.parametrize(("record", "is_routed"), [
    (simple("www", AliasTarget("app.example.com", True)), True),
    (simple("www", AliasTarget("app.example.com", False)), True),
    (simple("www", "app.example.com.", "CNAME"), True),
    (simple("www", "App.Example.com", "CNAME"), True),
    (simple("*", AliasTarget("app.example.com", True)), True),
    (simple("www", EAST), False),
    (simple("www", "other.example.net.", "CNAME"), False),
    (simple("www", ALB[0]), False),
], ids=["alias", "deaf alias", "CNAME", "CNAME in capitals", "wildcard", "address", "CNAME to the outside", "AWS resource"])
def test_which_names_are_routed(record, is_routed):
    ground = terrain(*PAIR, record)
    assert (ground.names[record.name] is not None) == is_routed
    assert ground.names["app.example.com."]


def test_a_wildcard_is_asked_for_by_a_name_below_it():
    ground = terrain(*PAIR, simple("*", AliasTarget("app.example.com", True)))
    assert ground.names["*.example.com."].asked == "drill.example.com."


def test_names_depend_on_what_is_behind_aliases_cnames_and_checks():
    checks = [HealthCheck(id="east", type="CALCULATED", child_health_checks=("a", "b"), health_threshold=2),
              HealthCheck(id="a", ip_address=EAST), HealthCheck(id="b", ip_address="203.0.113.9")]
    ground = terrain(*PAIR, simple("www", "app.example.com.", "CNAME"), simple("x", "192.0.2.99"), checks=checks)
    for name in ("app.example.com.", "www.example.com."):
        depends = {endpoint for endpoint in (EAST, WEST, "203.0.113.9", "192.0.2.99")
                   if ground.depends(ground.names[name], [ground.sites[site_of(ground, endpoint)]])}
        assert depends == {EAST, WEST, "203.0.113.9"}


def test_only_what_is_needed_is_kept():
    check = HealthCheck(id="east", fully_qualified_domain_name="east.example.com")
    ground = terrain(*PAIR, simple("www", AliasTarget("app.example.com", True)), simple("east", EAST), simple("x", WEST),
                     checks=[check])
    kept = ground.only([ground.names["www.example.com."]])
    assert {name for name, type_ in kept.groups if type_ == "A"} == {"www.example.com.", "app.example.com.",
                                                                     "east.example.com."}


def test_a_hundred_load_balancers_are_a_hundred_sites():
    """The lab's usual stand-in addresses are only 254; two resources must never be one site by accident."""
    records = [member(f"a{n}", ALB[2 * n + k], role) for n in range(150) for k, role in enumerate(Failover)]
    ground = terrain(*records)
    assert len(ground.sites) == 300
    assert len({site.address for site in ground.sites}) == 300
    assert len({site.name for site in ground.sites}) == 300


def test_one_load_balancer_under_many_names_is_one_site():
    ground = terrain(*(member(f"a{n}", ALB[k], role) for n in range(5) for k, role in enumerate(Failover)))
    assert len(ground.sites) == 2


def test_the_target_of_a_cname_and_the_check_of_its_name_are_one_site():
    check = HealthCheck(id="east", fully_qualified_domain_name="East.example.net", type="HTTPS")
    ground = terrain(member("app", "east.example.net.", P, "east", "CNAME"),
                     member("app", "west.example.net.", S, None, "CNAME"), checks=[check])
    assert len(ground.sites) == 2
    assert ground.endpoints["east"] in ground.sites[site_of(ground, "east.example.net.")].addresses
    assert {zone.name for zone in ground.outside} == {"east.example.net.", "west.example.net."}


def test_a_cname_to_an_address_of_the_zone_is_that_site():
    ground = terrain(member("app", "east.example.com.", P, None, "CNAME"),
                     member("app", "west.example.net.", S, None, "CNAME"), simple("east", EAST))
    assert len(ground.sites) == 2
    assert ground.depends(ground.names["app.example.com."], [ground.sites[site_of(ground, EAST)]])


def test_a_load_balancer_checked_by_its_own_name_is_one_site():
    check = HealthCheck(id="east", fully_qualified_domain_name="lb0.us-east-1.elb.amazonaws.com")
    dual = AliasTarget("dualstack.lb0.us-east-1.elb.amazonaws.com", True, "Z1")
    ground = terrain(member("app", dual, P, "east"), member("app", ALB[1], S), checks=[check])
    assert len(ground.sites) == 2


@pytest.mark.parametrize(("records", "names"), [
    ([member("v6", "2001:db8::1", P, "v6", "AAAA"), member("v6", "2001:db8::2", S, None, "AAAA")], {"v6.example.com."}),
    ([*PAIR, member("app", "2001:db8::1", P, None, "AAAA")], {"app.example.com."}),      # asked for by IPv4 anyway
    ([*PAIR, simple("www", AliasTarget("app.example.com", True)),
      simple("www", AliasTarget("v6.example.com", True), "AAAA"), simple("v6", "2001:db8::1", "AAAA")],
     {"app.example.com.", "www.example.com."}),
], ids=["only IPv6", "both", "two aliases"])
def test_ipv6(records, names):
    check = HealthCheck(id="v6", ip_address="2001:db8::1")
    ground = terrain(*records, checks=[check])
    assert {routed.name for routed in ground.routed} == names
    assert not [record for record in ground.zone.record_sets if record.type == "AAAA"]


def test_which_checks_have_to_be_there():
    """A plain check of a site that stays up stays healthy; an inverted, disabled or calculated one may not be."""
    checks = [HealthCheck(id="east", ip_address=EAST), HealthCheck(id="west", ip_address=WEST),
              HealthCheck(id="alarm", type="CLOUDWATCH_METRIC", alarm=MetricAlarm(name="x")),
              HealthCheck(id="switch", type="RECOVERY_CONTROL", routing_control_arn="arn:x"),
              HealthCheck(id="stop", ip_address=WEST, inverted=True), HealthCheck(id="off", ip_address=WEST, disabled=True),
              HealthCheck(id="both", type="CALCULATED", child_health_checks=("west", "alarm"), health_threshold=2)]
    ids = ["east", "west", "alarm", "switch", "stop", "off", "both"]
    records = [RecordSet(name="app.example.com", ttl=60, values=(f"203.0.113.{n}",), set_identifier=id_, weight=1,
                         health_check_id=id_) for n, id_ in enumerate(ids)]
    ground = terrain(*records, simple("a", EAST), simple("b", WEST), checks=checks)
    names = ground.routed
    needed = lambda endpoint: {check.id for check in ground.moving_checks(names, [ground.sites[site_of(ground, endpoint)]])}
    assert needed(EAST) == {"east", "stop", "off", "both", "west", "alarm"}         # the last two as children of both
    assert needed("203.0.113.3") == {"stop", "off", "both", "west", "alarm"}


def test_the_examples():
    loaded = load_zone("shop-records.json", health_checks="shop-health-checks.json")
    ground = Terrain.of(loaded.zone, loaded.health_checks)
    assert [routed.name for routed in ground.routed] == ["example.net.", "api.example.net.", "checkout.example.net.",
                                                         "www.example.net."]
    assert ground.names["*.preview.example.net."] is None
