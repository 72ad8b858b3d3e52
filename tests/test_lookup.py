"""lookup.py: what a zone answers, fact by fact (C1-C15, B31-B43, H24), and RFC 4592's own example zone."""

from collections import Counter
from fractions import Fraction
from itertools import permutations
from math import sqrt

import pytest
from zonetext import zone

from failover_kit.health import Status
from failover_kit.lookup import Lookup
from failover_kit.places import locate
from failover_kit.records import AliasTarget, GeoLocation, Question, RecordSet, RRset
from failover_kit.routing import Router
from failover_kit.zone import DEFAULT_NAME_SERVERS, stand_in_address

U = Status.UNHEALTHY
NS = RRset("example.com.", "NS", 172_800, DEFAULT_NAME_SERVERS)                                              # C2, C3
SOA = "ns-2048.awsdns-64.com. awsdns-hostmaster.amazon.com. 1 7200 900 1209600 86400"


def answers(in_zone, name, kind="A", client="us-east-1", **statuses):
    return Lookup(Router(in_zone, statuses, locate(client)), Question(name, kind)).answers()


def reply_of(in_zone, name, kind="A", client="us-east-1", **statuses):
    """The one reply that is possible."""
    possible = answers(in_zone, name, kind, client, **statuses).possible
    assert [one.probability for one in possible] == [1]
    return possible[0].reply


def verdict(reply):
    """What kind of reply it is, in a word; makes sure that the rest of the message fits."""
    sections = [bool(section) for section in (reply.answer, reply.authority, reply.additional)]
    owner = [rrset.type for rrset in reply.authority]
    match reply.rcode, *sections[:2]:
        case "NXDOMAIN" | "NOERROR", False, True if owner == ["SOA"]:
            assert reply.authoritative
            return "NXDOMAIN" if reply.rcode == "NXDOMAIN" else "NODATA"
        case "NOERROR", False, True if owner == ["NS"]:
            assert not reply.authoritative
            return f"see {reply.authority[0].name}"
        case "NOERROR", True, _:
            assert reply.authoritative
            return " ".join((reply.answer[0].type, *sorted(reply.answer[0].values)))
    return reply.rcode


# ---- RFC 4592 section 2.2.1 ------------------------------------------------------------------------------------

RFC4592 = zone("example.", r"""
    example.                 3600 SOA  ns.example.com. hostmaster.example.com. 1 7200 900 1209600 3600
    example.                 3600 NS   ns.example.com.
    example.                 3600 NS   ns.example.net.
    *.example.               3600 TXT  "this is a wildcard"
    *.example.               3600 MX   10 host1.example.
    sub.*.example.           3600 TXT  "this is not a wildcard"
    host1.example.           3600 A    192.0.2.1
    _ssh._tcp.host1.example. 3600 SRV  0 0 22 host1.example.
    _ssh._tcp.host2.example. 3600 SRV  0 0 22 host1.example.
    subdel.example.          3600 NS   ns.example.com.
    subdel.example.          3600 NS   ns.example.net.
""")


@pytest.mark.parametrize(("name", "kind", "expected"), [
    ("host3.example.", "MX", "MX 10 host1.example."),                       # synthesised
    ("host3.example.", "A", "NODATA"),                                      # the wildcard has no A
    ("foo.bar.example.", "TXT", 'TXT "this is a wildcard"'),                # bar.example. does not exist: any depth
    ("host1.example.", "MX", "NODATA"),                                     # host1.example. exists
    ("sub.*.example.", "MX", "NODATA"),                                     # so does sub.*.example.
    ("_telnet._tcp.host1.example.", "SRV", "NXDOMAIN"),                     # _tcp.host1.example. exists without a wildcard
    ("host.subdel.example.", "A", "see subdel.example."),                   # delegated
    ("ghost.*.example.", "MX", "NXDOMAIN"),                                 # *.example. exists: nothing stands in below it
    # beyond the RFC's list
    ("*.example.", "MX", "MX 10 host1.example."),                           # asked for by its own name
    ("*.example.", "A", "NODATA"),
    ("a.b.c.d.example.", "MX", "MX 10 host1.example."),
    ("_tcp.host1.example.", "SRV", "NODATA"),                               # empty non-terminal
    ("_tcp.host2.example.", "A", "NODATA"),
    ("host2.example.", "TXT", "NODATA"),                                    # exists only through names below it
    ("x.host2.example.", "TXT", "NXDOMAIN"),
    ("x.sub.*.example.", "TXT", "NXDOMAIN"),
    ("subdel.example.", "NS", "see subdel.example."),
    ("subdel.example.", "MX", "see subdel.example."),
    ("subdel.example.", "DS", "NODATA"),                                    # the parent's side of the cut: RFC 4035
    ("x.subdel.example.", "DS", "see subdel.example."),
    ("host3.example.", "NS", "NODATA"),
    ("example.", "A", "NODATA"),
    ("example.", "NS", "NS ns.example.com. ns.example.net."),
])
def test_rfc_4592(name, kind, expected):
    assert verdict(reply_of(RFC4592, name, kind)) == expected


def test_synthesised_records_bear_the_name_asked_for():
    assert reply_of(RFC4592, "host3.example.", "MX").answer == (RRset("host3.example.", "MX", 3600, ("10 host1.example.",)),)


# ---- the hosted zone's own answers -----------------------------------------------------------------------------

SHOP = zone("example.com", r"""
    app.example.com.          60    A      192.0.2.1
    app.example.com.          60    AAAA   2001:db8::1
    many.example.com.         60    A      192.0.2.1
    many.example.com.         60    A      192.0.2.2
    many.example.com.         60    A      192.0.2.3
    www.example.com.          300   CNAME  app.example.com.
    out.example.com.          300   CNAME  www.example.net.
    example.com.              300   MX     10 mail.example.com.
    example.com.              300   MX     20 mail.example.net.
    mail.example.com.         300   A      192.0.2.25
    mail.example.com.         300   AAAA   2001:db8::25
    _http._tcp.example.com.   300   SRV    0 0 80 app.example.com.
    deep.er.example.com.      300   TXT    "deep"
    *.wild.example.com.       60    A      192.0.2.9
    *.cn.example.com.         60    CNAME  app.example.com.
    *.ns.example.com.         60    NS     ns.example.net.
    dep.example.com.          3600  NS     ns1.dep.example.com.
    dep.example.com.          3600  NS     ns2.example.com.
    dep.example.com.          3600  NS     ns.example.net.
    dep.example.com.          3600  DS     12345 8 2 0A0B
    ns1.dep.example.com.      3600  A      192.0.2.53
    ns1.dep.example.com.      3600  AAAA   2001:db8::53
    x.dep.example.com.        3600  A      192.0.2.99
    ns2.example.com.          3600  A      192.0.2.54
    relay.example.com.        300   MX     10 x.dep.example.com.
    example.com.              alias A      app.example.com.
    a.example.com.            alias A      b.example.com.
    b.example.com.            alias A      app.example.com.
""")


@pytest.mark.parametrize(("name", "kind", "expected"), [
    ("example.com.", "SOA", f"SOA {SOA}"),                                                                     # C1, C2
    ("example.com.", "NS", "NS " + " ".join(sorted(DEFAULT_NAME_SERVERS))),                                    # C1, C3
    ("app.example.com.", "A", "A 192.0.2.1"),
    ("app.example.com.", "TXT", "NODATA"),                                                                     # C6
    ("nope.example.com.", "A", "NXDOMAIN"),                                                                    # C6
    ("x.app.example.com.", "A", "NXDOMAIN"),
    ("er.example.com.", "TXT", "NODATA"),                                                                      # C6
    ("deep.er.example.com.", "TXT", 'TXT "deep"'),
    ("wild.example.com.", "A", "NODATA"),                                                                      # C13
    ("x.wild.example.com.", "A", "A 192.0.2.9"),                                                               # C12
    ("x.y.wild.example.com.", "A", "A 192.0.2.9"),
    ("x.wild.example.com.", "MX", "NODATA"),
    ("x.cn.example.com.", "AAAA", "CNAME app.example.com."),
    ("x.cn.example.com.", "NS", "CNAME app.example.com."),
    ("x.ns.example.com.", "NS", "NODATA"),                                                                     # C12
    ("x.ns.example.com.", "A", "NODATA"),                       # nor does a wildcard delegate
    ("*.ns.example.com.", "NS", "NS ns.example.net."),
    ("www.example.com.", "A", "CNAME app.example.com."),                                                       # C9
    ("www.example.com.", "MX", "CNAME app.example.com."),
    ("www.example.com.", "CNAME", "CNAME app.example.com."),
    ("www.example.com.", "ANY", "CNAME app.example.com."),
    ("app.example.com.", "ANY", "A 192.0.2.1"),                                                                # RFC 8482
    ("nope.example.com.", "ANY", "NXDOMAIN"),
    ("er.example.com.", "ANY", "NODATA"),
    ("dep.example.com.", "A", "see dep.example.com."),
    ("dep.example.com.", "NS", "see dep.example.com."),
    ("dep.example.com.", "ANY", "see dep.example.com."),
    ("dep.example.com.", "DS", "DS 12345 8 2 0A0B"),
    ("x.dep.example.com.", "A", "see dep.example.com."),        # occluded: below a cut it is not ours to say
    ("ns1.dep.example.com.", "A", "see dep.example.com."),
    ("no.x.dep.example.com.", "TYPE65280", "see dep.example.com."),
    ("example.com.", "DS", "NODATA"),
    ("app.example.com.", "TYPE65280", "NODATA"),
    ("example.com.", "A", "A 192.0.2.1"),                                                                      # B42
    ("a.example.com.", "A", "A 192.0.2.1"),
    ("a.example.com.", "AAAA", "NODATA"),                       # an alias answers for its own type only         # B40
    ("a.example.com.", "CNAME", "NODATA"),
])
def test_what_is_at_a_name(name, kind, expected):
    assert verdict(reply_of(SHOP, name, kind)) == expected


@pytest.mark.parametrize(("soa", "ttl"), [
    (None, 900),                                                                                           # H24, C4, C2
    ("900 SOA a. b. 1 7200 900 1209600 60", 60),
    ("30 SOA a. b. 1 7200 900 1209600 86400", 30),
])
@pytest.mark.parametrize("name", ["nope.example.com.", "example.com."], ids=["NXDOMAIN", "NODATA"])
def test_negative_answers_carry_the_soa_with_the_lower_of_its_ttl_and_minimum(soa, ttl, name):
    at_hand = zone("example.com", f"example.com. {soa}" if soa else "")
    reply = reply_of(at_hand, name, "TXT")
    assert [(rrset.name, rrset.type, rrset.ttl) for rrset in reply.authority] == [("example.com.", "SOA", ttl)]
    assert str(ttl) in answers(at_hand, name, "TXT").possible[0].reasons[-1].text


def test_positive_answers_carry_the_zone_s_name_servers():                                                     # C7
    assert reply_of(SHOP, "app.example.com.").authority == (NS,)
    assert reply_of(SHOP, "www.example.com.").authority == (NS,)
    assert reply_of(SHOP, "x.wild.example.com.").authority == (NS,)
    assert reply_of(SHOP, "example.com.", "NS").authority == ()                                # once is enough


@pytest.mark.parametrize(("name", "kind", "additional"), [                                                     # C8
    ("example.com.", "MX", {("mail.example.com.", "A"): ("192.0.2.25",), ("mail.example.com.", "AAAA"): ("2001:db8::25",)}),
    ("www.example.com.", "A", {("app.example.com.", "A"): ("192.0.2.1",), ("app.example.com.", "AAAA"): ("2001:db8::1",)}),
    ("_http._tcp.example.com.", "SRV", {("app.example.com.", "A"): ("192.0.2.1",),
                                        ("app.example.com.", "AAAA"): ("2001:db8::1",)}),
    ("out.example.com.", "A", {}),                              # another zone's host: not known here
    ("relay.example.com.", "MX", {}),                           # known only below a cut: not ours to say
    ("app.example.com.", "A", {}),
    ("ns2.example.com.", "A", {}),
    ("dep.example.com.", "A", {("ns1.dep.example.com.", "A"): ("192.0.2.53",),                                 # glue
                               ("ns1.dep.example.com.", "AAAA"): ("2001:db8::53",),
                               ("ns2.example.com.", "A"): ("192.0.2.54",)}),
])
def test_additional_addresses(name, kind, additional):
    assert {(rrset.name, rrset.type): rrset.values for rrset in reply_of(SHOP, name, kind).additional} == additional


def test_name_servers_of_the_zone_s_own_come_with_their_addresses():
    own = zone("example.com", """
        example.com.      60  NS  ns1.example.com.
        ns1.example.com.  60  A   192.0.2.53
        app.example.com.  60  A   192.0.2.1
    """)
    assert reply_of(own, "app.example.com.").additional == (RRset("ns1.example.com.", "A", 60, ("192.0.2.53",)),)
    assert reply_of(own, "ns1.example.com.").additional == ()                                  # it is in the answer


# ---- values and their order ------------------------------------------------------------------------------------

def test_values_come_in_random_order():                                                                   # B31, C15
    possible, = answers(SHOP, "many.example.com.").possible
    orders = Counter(possible.drawn((n + 0.5) / 600).answer[0].values for n in range(600))
    assert orders == {order: 100 for order in permutations(("192.0.2.1", "192.0.2.2", "192.0.2.3"))}


def multivalue(count, *, unhealthy=0, **fields):
    records = [RecordSet(name="mv.example.com", set_identifier=f"m{n}", multivalue_answer=True, health_check_id=f"h{n}",
                         **{"ttl": 60, "values": (f"192.0.2.{n}",), **fields}) for n in range(count)]
    return zone("example.com", "").with_record_sets(*records), {f"h{n}": U for n in range(unhealthy)}


@pytest.mark.parametrize(("count", "unhealthy", "size", "distinct"), [
    (10, 0, 8, 10), (10, 5, 5, 5), (10, 10, 8, 10), (3, 0, 3, 3),
], ids=["8 of 10", "the healthy 5", "all unhealthy: 8 of 10", "all 3"])
def test_multivalue(count, unhealthy, size, distinct):                                                        # B32, H8
    at_hand, statuses = multivalue(count, unhealthy=unhealthy)
    possible = answers(at_hand, "mv.example.com.", **statuses)
    drawn = [possible.drawn((n + 0.5) / 1000) for n in range(1000)]
    assert {len(one.reply.answer[0].values) for one in drawn} == {size}
    seen = Counter(value for one in drawn for value in one.reply.answer[0].values)
    assert len(seen) == distinct
    share = size / distinct
    assert all(abs(count - 1000 * share) <= 5 * sqrt(1000 * share * (1 - share)) for count in seen.values())
    for one in drawn:
        assert [record.values[0] for record in one.record_sets] == [*one.reply.answer[0].values]


def test_multivalue_with_one_value_twice_answers_it_once():                                     # RFC 2181 section 5
    at_hand, _ = multivalue(3, values=("192.0.2.7",))
    assert answers(at_hand, "mv.example.com.").drawn(0.5).reply.answer[0].values == ("192.0.2.7",)


def test_records_of_one_reply_share_the_lowest_ttl():                                         # RFC 2181 section 5.2
    at_hand, _ = multivalue(2)
    lower = RecordSet(name="mv.example.com", set_identifier="m0", multivalue_answer=True, ttl=5, values=("192.0.2.0",))
    possible = answers(at_hand.with_record_sets(lower), "mv.example.com.")
    assert {possible.drawn(draw).reply.answer[0].ttl for draw in (0.1, 0.9)} == {5}


@pytest.mark.parametrize("draw", [0.0, 0.1, 1 / 3, 0.5, 0.9, 1 - 2 ** -53])
@pytest.mark.parametrize("name", ["many.example.com.", "app.example.com.", "a.example.com."])
def test_a_draw_means_the_same_here_and_in_routing(name, draw):
    router = Router(SHOP, {})
    decision = router.decide(SHOP.group(name, "A"), draw)
    drawn = answers(SHOP, name).drawn(draw)
    assert (drawn.reply.answer[0].values, drawn.record_sets, drawn.path) == (
        decision.values, decision.record_sets, decision.path)


# ---- alias records ---------------------------------------------------------------------------------------------

def test_alias_answers_bear_the_alias_s_name_and_the_target_s_ttl():                                       # B40, B41
    assert reply_of(SHOP, "a.example.com.").answer == (RRset("a.example.com.", "A", 60, ("192.0.2.1",)),)


ELB = "shop-1.us-east-1.elb.amazonaws.com."


@pytest.mark.parametrize(("resources", "kind", "expected"), [
    ({ELB: ("198.51.100.1", "198.51.100.2")}, "A", "A 198.51.100.1 198.51.100.2"),
    ({ELB: ("198.51.100.1", "2001:db8::7")}, "AAAA", "AAAA 2001:db8::7"),
    ({ELB: ("198.51.100.1",)}, "AAAA", "NODATA"),
    ({}, "A", f"A {stand_in_address(ELB)}"),
    ({}, "AAAA", f"AAAA {stand_in_address(ELB, 'AAAA')}"),
    ({}, "HTTPS", "NODATA"),
])
def test_aliases_of_aws_resources(resources, kind, expected):                                                  # B41
    at_hand = zone("example.com", f"lb.example.com. alias {kind} {ELB}", resources=resources)
    reply = reply_of(at_hand, "lb.example.com.", kind)
    assert verdict(reply) == expected
    assert not reply.answer or reply.answer[0].ttl == 60
    said = " ".join(map(str, answers(at_hand, "lb.example.com.", kind).possible[0].reasons))
    assert f"{ELB}, an AWS resource" in said
    assert "stands in for it" in said


def test_a_cname_alias_without_a_cname_to_lead_to_fails():                                                      # B43
    at_hand = zone("example.com", "c.example.com. alias CNAME elsewhere.example.net.")
    reply = reply_of(at_hand, "c.example.com.")
    assert (reply.rcode, reply.authority, reply.authoritative) == ("SERVFAIL", (), False)
    assert "CNAME" in str(answers(at_hand, "c.example.com.").possible[0].reasons[-1])


def test_a_cname_alias_of_a_cname_works():
    at_hand = zone("example.com", "c.example.com. alias CNAME d.example.com.\nd.example.com. 30 CNAME e.example.net.")
    assert reply_of(at_hand, "c.example.com.").answer == (RRset("c.example.com.", "CNAME", 30, ("e.example.net.",)),)


def alias_of(target):
    return {"ttl": None, "values": (), "alias": AliasTarget(target, True)}


# ---- routing ---------------------------------------------------------------------------------------------------

def routed(*records):
    return zone("example.com", "").with_record_sets(*(
        RecordSet(**{"name": "app.example.com", "ttl": 60, "set_identifier": f"s{n}", "values": (f"192.0.2.{n}",), **fields})
        for n, fields in enumerate(records, start=1)))


@pytest.mark.parametrize(("client", "expected"), [("IE", "A 192.0.2.1"), ("JP", "NODATA")])
def test_geolocation_without_a_match_is_empty_with_the_soa(client, expected):                               # B35, H15
    at_hand = routed({"geolocation": GeoLocation(continent="EU")})
    assert verdict(reply_of(at_hand, "app.example.com.", client=client)) == expected


def test_chances_are_exact():                                                                             # B18, B22
    at_hand = routed({"weight": 10}, {"weight": 20}, {"weight": 20, "health_check_id": "h3"})
    possible = answers(at_hand, "app.example.com.", h3=U).possible
    assert {one.reply.answer[0].values[0]: one.probability for one in possible} == {
        "192.0.2.1": Fraction(1, 3), "192.0.2.2": Fraction(2, 3)}


@pytest.mark.parametrize(("records", "tailored"), [
    ([{"region": "us-east-1"}], True), ([{"geolocation": GeoLocation(country="*")}], True), ([{"weight": 1}], False),
    ([{"failover": "PRIMARY"}], False),
    ([{"failover": "PRIMARY", **alias_of("inner.example.com")}, {"name": "inner.example.com", "region": "us-east-1"}], True),
], ids=["latency", "geolocation", "weighted", "failover", "failover over latency"])
def test_answers_that_depend_on_the_client_say_so(records, tailored):                                          # B38
    found = answers(routed(*records), "app.example.com.")
    assert found.tailored is tailored
    assert found.possible[0].reply.client_scope == (24 if tailored else None)


def test_answers_name_the_health_checks_they_depend_on():
    at_hand = routed(
        {"failover": "PRIMARY", **alias_of("inner.example.com"), "health_check_id": "top"},
        {"failover": "SECONDARY", **alias_of(ELB)},
        {"name": "inner.example.com", "weight": 1, "health_check_id": "a"},
        {"name": "inner.example.com", "weight": 2, "health_check_id": "b"},
        {"name": "other.example.com", "weight": 2, "health_check_id": "c"},
        {"name": "www.example.com", "type": "CNAME", "set_identifier": None, "values": ("app.example.com",)})
    assert answers(at_hand, "app.example.com.").watches == {"top", "a", "b", ELB}
    assert answers(at_hand, "other.example.com.").watches == {"c"}
    assert answers(at_hand, "www.example.com.").watches >= {"top", "a", "b"}        # its addresses ride along
    assert answers(at_hand, "nope.example.com.").watches == frozenset()


def test_addresses_ride_along_only_where_they_are_certain():                                               # C8, C9
    at_hand = routed({"weight": 1}, {"weight": 1}, {"name": "www.example.com", "type": "CNAME", "set_identifier": None,
                                                    "values": ("app.example.com",)})
    assert reply_of(at_hand, "www.example.com.").additional == ()


def test_every_answer_has_reasons_and_each_names_its_page():
    for name in ("app", "nope", "x.wild", "er", "dep", "a", "www"):
        for one in answers(SHOP, f"{name}.example.com.").possible:
            assert one.reasons
            assert all(reason.text and reason.page for reason in one.reasons)


def test_a_zone_emptied_of_everything_still_answers():
    empty = zone("example.com", "").with_groups({("example.com.", "NS"): (), ("example.com.", "SOA"): ()})
    reply = reply_of(empty, "x.example.com.")
    assert (reply.rcode, reply.answer, reply.authority) == ("NXDOMAIN", (), ())
