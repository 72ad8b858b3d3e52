"""records.py and zone.py: what is refused, by name and all at once (B1-B8, B30, B39, B42, C1-C5, C12, C14)."""

import pytest

from failover_kit.errors import ConfigurationError
from failover_kit.records import AliasTarget, GeoLocation, RecordSet, dns_name
from failover_kit.zone import HostedZone

A = {"name": "app.example.com", "ttl": 60, "values": ("192.0.2.1",)}


def alias(target, evaluate=True):
    return AliasTarget(target, evaluate)


@pytest.mark.parametrize(("fields", "message"), [
    ({"ttl": None}, "has no TTL"),                                                                     # B7
    ({"ttl": -5}, "TTL is -5 s, must be a whole number from 0 to 2147483647"),
    ({"ttl": 2**31}, "TTL is 2147483648"),
    ({"values": ()}, "has 0 values"),
    ({"values": ("192.0.2.1",) * 2}, "gives one value twice"),
    ({"values": tuple(f"10.0.{i // 256}.{i % 256}" for i in range(401))}, "has 401 values"),            # B6
    ({"values": ("shop.example.com",)}, "is not an IPv4 address"),
    ({"type": "AAAA"}, "is not an IPv6 address"),
    ({"type": "SPAM"}, "type 'SPAM' is not one"),
    ({"type": "CNAME", "values": ("a.example.com", "b.example.com")}, "a CNAME has 2 values"),
    ({"set_identifier": "x"}, "SetIdentifier but no routing policy"),
    ({"weight": 1}, "weighted routing without a SetIdentifier"),                                       # B2
    ({"weight": 256, "set_identifier": "x"}, "weight is 256"),                                         # B18
    ({"weight": 1, "failover": "PRIMARY", "set_identifier": "x"}, "asks for 2 routing policies"),
    ({"failover": "TERTIARY", "set_identifier": "x"}, "Failover is 'TERTIARY'"),
    ({"type": "NS", "weight": 1, "set_identifier": "x", "values": ("ns.example.com",)}, "NS records cannot use"),   # B8
    ({"type": "CNAME", "multivalue_answer": True, "set_identifier": "x", "values": ("a.example.com",)}, "multivalue"),
    ({"alias": alias("b.example.com")}, "an alias record also gives a TTL or values"),                 # B7
    ({"ttl": None, "values": (), "alias": alias("app.example.com")}, "targets its own name"),
    ({"ttl": None, "values": (), "alias": alias("b.example.com", False), "failover": "PRIMARY", "set_identifier": "x"},
     "must evaluate its target's health"),                                                             # B30
    ({"name": "*app.example.com"}, "has * as part of a label"),                                        # C12
    ({"name": "a..example.com"}, "empty label"),
    ({"name": "m\u00fcnchen.example.com"}, "outside ASCII"),
    ({"name": "\ud800.example.com"}, "outside ASCII"),
    ({"name": "x" * 64 + ".example.com"}, "64 bytes long"),                                            # C5
    ({"name": ".".join(["x" * 50] * 6)}, "at most 255"),
], ids=lambda v: str(v)[:50])
def test_record_set_refused(fields, message):
    with pytest.raises(ConfigurationError) as caught:
        RecordSet(**{**A, **fields})
    assert message in str(caught.value)


@pytest.mark.parametrize(("fields", "message"), [
    ({"continent": "EU", "country": "DE"}, "together with"), ({"continent": "XX"}, "continent is 'XX'"),
    ({"country": "DE", "subdivision": "BY"}, "Subdivisions need country"), ({}, "is empty"),
])
def test_geolocation_refused(fields, message):
    with pytest.raises(ConfigurationError, match=message):
        GeoLocation(**fields)


def routed(identifier, **policy):
    return RecordSet(name="app.example.com", ttl=60, values=("192.0.2.1",), set_identifier=identifier, **policy)


@pytest.mark.parametrize(("records", "message"), [
    ([RecordSet(**A), routed("x", weight=1)], "mixes routing policies in one group: simple, weighted"),       # B1
    ([routed("x", weight=1), routed("y", failover="PRIMARY")], "mixes routing policies"),
    ([RecordSet(**A), RecordSet(**A)], "there are 2 simple record sets"),
    ([routed("x", weight=1), routed("x", weight=2)], "SetIdentifier x is used twice"),                        # B2
    ([routed("x", failover="PRIMARY"), routed("y", failover="PRIMARY")], "Failover role PRIMARY is used twice"),   # B5
    ([routed("x", region="us-east-1"), routed("y", region="us-east-1")], "Region us-east-1 is used twice"),   # B4
    ([routed("x", geolocation=GeoLocation(country="DE")), routed("y", geolocation=GeoLocation(country="DE"))],
     "GeoLocation DE is used twice"),                                                                         # B4
    ([routed(str(i), weight=1) for i in range(101)], "has 101 record sets, at most 100"),                     # B4
    ([RecordSet(name="app.example.org", ttl=60, values=("192.0.2.1",))], "is outside the zone example.com."),
    ([RecordSet(name="example.com", type="CNAME", ttl=60, values=("a.example.com",))], "not allowed at the zone apex"),
    ([RecordSet(**A), RecordSet(name="app.example.com", type="CNAME", ttl=60, values=("b.example.com",))],
     "a CNAME stands beside A at the same name"),                                                             # C14
    ([RecordSet(name="app.example.com", alias=alias("gone.example.com"))], "alias target gone.example.com. A is not in"),
    ([RecordSet(name=f"{a}.example.com", alias=alias(f"{b}.example.com")) for a, b in ("xy", "yz", "zx")],
     "alias records form a loop"),
], ids=lambda v: v[:40] if isinstance(v, str) else "")
def test_zone_refused(records, message):
    with pytest.raises(ConfigurationError) as caught:
        HostedZone("example.com", tuple(records))
    assert message in str(caught.value)
    assert all(problem.fix for problem in caught.value.problems)


def test_every_problem_of_a_zone_is_reported():
    with pytest.raises(ConfigurationError) as caught:
        HostedZone("example.com", (
            RecordSet(name="app.example.org", ttl=60, values=("192.0.2.1",)),
            RecordSet(name="example.com", type="CNAME", ttl=60, values=("a.example.com",)),
            RecordSet(name="b.example.com", alias=alias("gone.example.com"))))
    assert len(caught.value.problems) == 3


def test_a_new_zone_has_soa_and_ns_C1_C2():
    zone = HostedZone("Example.COM")
    soa, = zone.group("example.com.", "SOA")
    ns, = zone.group("example.com.", "NS")
    assert soa.ttl == 900
    assert soa.values[0].endswith(" 1 7200 900 1209600 86400")
    assert (ns.ttl, len(ns.values)) == (172_800, 4)
    assert sorted(value.split(".", 2)[2] for value in ns.values) == ["co.uk.", "com.", "net.", "org."]     # C3


def test_names_that_exist_include_empty_non_terminals_C6():
    zone = HostedZone("example.com", (RecordSet(name="a.b.example.com", ttl=60, values=("192.0.2.1",)),))
    assert {"example.com.", "b.example.com.", "a.b.example.com."} == set(zone.names)


def test_a_failed_change_leaves_the_zone_as_it_was():
    zone = HostedZone("example.com", (RecordSet(**A),))
    before = zone.record_sets
    with pytest.raises(ConfigurationError, match="is outside the zone"):
        zone.with_record_sets(RecordSet(name="b.example.com", ttl=60, values=("192.0.2.2",)),
                              RecordSet(name="b.example.org", ttl=60, values=("192.0.2.2",)))
    assert zone.record_sets == before


def test_removing_an_alias_target_is_noticed():
    zone = HostedZone("example.com", (RecordSet(**A), RecordSet(name="b.example.com", alias=alias("app.example.com"))))
    with pytest.raises(ConfigurationError, match=r"alias target app\.example\.com\. A is not in the zone"):
        zone.with_groups({("app.example.com.", "A"): ()})


def test_a_record_set_replaces_the_one_of_its_identity():
    zone = HostedZone("example.com", (routed("x", weight=1), routed("y", weight=2)))
    changed = zone.with_record_sets(routed("x", weight=9))
    assert {record.set_identifier: record.weight for record in changed.group("app.example.com.", "A")} == {"x": 9, "y": 2}


@pytest.mark.parametrize(("text", "name"), [
    ("App.Example.COM", "app.example.com."), ("\\052.example.com.", "*.example.com."), (".", "."),
])
def test_names_are_kept_in_one_form_C5(text, name):
    assert dns_name(text) == name
