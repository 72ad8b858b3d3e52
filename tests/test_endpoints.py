"""endpoints.py: which addresses and endpoints are one site."""

from failover_kit.aws.files import load_zone
from failover_kit.endpoints import sites_of
from failover_kit.healthcheck import HealthCheck
from failover_kit.lab import Lab
from failover_kit.records import AliasTarget, RecordSet
from failover_kit.zone import HostedZone


def record(identifier, *values, check=None, **more):
    return RecordSet(name="app.example.com", ttl=60, values=values, set_identifier=identifier, weight=1,
                     health_check_id=check, **more)


def names_and_addresses(records, checks=()):
    return [(site.name, site.addresses) for site in sites_of(HostedZone("example.com", tuple(records)), checks)]


def test_the_labs_own_addresses_are_named_after_their_region():
    assert names_and_addresses([record("a", "127.0.1.10"), record("b", "127.0.2.10")]) == [
        ("us-east-1", ("127.0.1.10",)), ("us-west-2", ("127.0.2.10",))]


def test_a_record_and_its_checks_endpoint_stand_for_one_site():
    check = HealthCheck(id="c", fully_qualified_domain_name="origin.example.net")
    assert names_and_addresses([record("blue", "192.0.2.1", check="c")], [check]) == [
        ("blue", ("192.0.2.1", "origin.example.net"))]


def test_an_endpoint_that_is_a_name_of_the_zone_is_its_address():
    check = HealthCheck(id="c", fully_qualified_domain_name="origin.example.com")
    origin = RecordSet(name="origin.example.com", ttl=60, values=("192.0.2.1",))
    found, = names_and_addresses([origin, record("blue", "192.0.2.1", check="c")], [check])
    assert found[1] == ("192.0.2.1",)


def test_values_without_a_check_fail_one_by_one():
    assert len(names_and_addresses([record("blue", "192.0.2.1", "192.0.2.2")])) == 2


def test_an_aws_resource_is_a_site_of_its_own():
    balancer = RecordSet(name="www.example.com", alias=AliasTarget("lb.us-east-1.elb.amazonaws.com", True))
    (name, (address,)), = names_and_addresses([balancer])
    assert name == "www.example.com"
    assert address.startswith("203.0.113.")


def test_a_loaded_zone_starts_healthy_whatever_its_checks_look_for():
    loaded = load_zone("shop-records.json", health_checks="shop-health-checks.json")
    with Lab.virtual() as lab:
        lab.load(loaded.zone, loaded.health_checks)
        lab.run(minutes=5)
        probed = [check.id for check in loaded.health_checks if check.type.probes and not check.inverted]
        assert {lab.status(check).value for check in probed} == {"healthy"}


def test_a_check_of_what_another_record_set_answers_joins_no_sites():
    """A5: swapped checks are a mistake that a drill should find, so the two sites fail one by one."""
    east, west = (HealthCheck(id=id_, ip_address=address) for id_, address in (("e", "192.0.2.1"), ("w", "192.0.2.2")))
    records = [record("blue", "192.0.2.1", check="w"), record("green", "192.0.2.2", check="e")]
    assert names_and_addresses(records, [east, west]) == [("blue", ("192.0.2.1",)), ("green", ("192.0.2.2",))]


def test_an_inverted_check_is_a_switch_and_joins_no_sites():
    """E9: the primary's check looks for an object at the standby. It is not there, so the primary is healthy."""
    stop = HealthCheck(id="stop", ip_address="192.0.2.2", resource_path="/initiate-failover.html", inverted=True)
    zone = HostedZone("example.com", (record("blue", "192.0.2.1", check="stop"), record("green", "192.0.2.2")))
    assert [site.addresses for site in sites_of(zone, [stop])] == [("192.0.2.1",), ("192.0.2.2",)]
    with Lab.virtual() as lab:
        lab.load(zone, [stop])
        lab.run(minutes=4)
        assert lab.status(stop).value == "healthy"


def test_a_check_of_a_routed_name_is_nowhere_in_particular():
    """A30: which site it sees is for the DNS to say."""
    check = HealthCheck(id="c", fully_qualified_domain_name="app.example.com")
    records = [record("blue", "192.0.2.1", check="c"), record("green", "192.0.2.2", check="c")]
    assert names_and_addresses(records, [check]) == [("blue", ("192.0.2.1",)), ("green", ("192.0.2.2",))]


def test_one_page_satisfies_every_check_that_asks_for_it():
    checks = [HealthCheck(id=text, type="HTTP_STR_MATCH", ip_address="192.0.2.1", resource_path="/ok",
                          search_string=text) for text in ("database up", "queue short")]
    [site] = sites_of(HostedZone("example.com", (record("blue", "192.0.2.1", check="database up"),)), checks)
    assert all(check.search_string in site.page("/ok") for check in checks)
