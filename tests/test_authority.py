"""authority.py: which zone answers, and the explanation of an answer."""

import json
from fractions import Fraction

import pytest
from zonetext import zone

from failover_kit.authority import Authority, explain
from failover_kit.errors import ConfigurationError
from failover_kit.health import Status
from failover_kit.places import region
from failover_kit.records import AliasTarget, GeoLocation, Question, RecordSet

U = Status.UNHEALTHY
PARENT = zone("example.com", """
    app.example.com.  60   A   192.0.2.1
    sub.example.com.  60   NS  ns.example.net.
    sub.example.com.  60   DS  1 8 2 0A0B
""")
CHILD = zone("sub.example.com", "app.sub.example.com.  60  A  192.0.2.2")
TWIN = zone("example.com", "app.example.com.  60  A  192.0.2.3", id="ZTWIN")
ROOT = zone(".", "org.  60  NS  ns.org.")


def rcode_and_values(zones, name, kind="A"):
    answers = Authority(zones, {}).answers(Question(name, kind))
    reply = answers.possible[0].reply
    return reply.rcode, reply.answer[0].values if reply.answer else ()


@pytest.mark.parametrize(("zones", "name", "kind", "expected"), [
    ([PARENT, CHILD], "app.example.com.", "A", ("NOERROR", ("192.0.2.1",))),
    ([PARENT, CHILD], "app.sub.example.com.", "A", ("NOERROR", ("192.0.2.2",))),           # the longest name wins
    ([CHILD, PARENT], "app.sub.example.com.", "A", ("NOERROR", ("192.0.2.2",))),
    ([PARENT], "app.sub.example.com.", "A", ("NOERROR", ())),                              # a referral
    ([PARENT, CHILD], "sub.example.com.", "DS", ("NOERROR", ("1 8 2 0A0B",))),             # kept in the zone above
    ([CHILD], "sub.example.com.", "DS", ("NOERROR", ())),
    ([PARENT], "example.net.", "A", ("REFUSED", ())),                                                          # C10
    ([PARENT], "com.", "A", ("REFUSED", ())),
    ([PARENT], ".", "NS", ("REFUSED", ())),
    ([PARENT], "anexample.com.", "A", ("REFUSED", ())),                                    # not below it, just longer
    ([], "example.com.", "A", ("REFUSED", ())),
    ([ROOT], "nope.", "A", ("NXDOMAIN", ())),
    ([ROOT, PARENT], "app.example.com.", "A", ("NOERROR", ("192.0.2.1",))),
    ([PARENT, TWIN], "app.example.com.", "A", ("NOERROR", ("192.0.2.1",))),                # D1: two zones, one name
    ([TWIN, PARENT], "app.example.com.", "A", ("NOERROR", ("192.0.2.3",))),
    ({"Z1": PARENT, "Z2": CHILD}, "app.sub.example.com.", "A", ("NOERROR", ("192.0.2.2",))),
    *(([PARENT], "example.com.", kind, ("REFUSED", ())) for kind in ("AXFR", "IXFR", "MAILA", "TKEY")),
], ids=str)
def test_the_zone_that_answers(zones, name, kind, expected):
    assert rcode_and_values(zones, name, kind) == expected


def test_refusals_carry_nothing_and_claim_nothing():
    reply = Authority([PARENT], {}).answers(Question("example.net.", "A")).possible[0].reply
    assert (reply.answer, reply.authority, reply.additional, reply.authoritative) == ((), (), (), False)


def test_the_statuses_are_the_ones_of_the_moment():
    statuses = {"h": U}
    authority = Authority([PARENT], statuses)
    statuses.clear()
    assert authority.statuses == {"h": U}


# ---- explanations ----------------------------------------------------------------------------------------------

def records(*members, name="app.example.com"):
    return [RecordSet(**{"name": name, "ttl": 60, "values": (f"192.0.2.{n}",), "set_identifier": f"s{n}", **fields})
            for n, fields in enumerate(members, start=1)]


def explained(*members, client="us-east-1", name="app.example.com.", kind="A", statuses=None):
    at_hand = zone("example.com", "").with_record_sets(*members)
    return explain([at_hand], Question(name, kind), statuses or {}, client)


PAIR = records({"failover": "PRIMARY", "health_check_id": "h1"}, {"failover": "SECONDARY", "health_check_id": "h2"})
WEIGHTED = records({"weight": 10}, {"weight": 20}, {"weight": 20, "health_check_id": "h3"})


@pytest.mark.parametrize(("unhealthy", "chosen"), [("", "s1"), ("1", "s2"), ("2", "s1"), ("12", "s1")])        # B25
def test_a_failover_pair(unhealthy, chosen):
    found = explained(*PAIR, statuses={f"h{n}": U for n in unhealthy})
    assert [(o.set_identifiers, o.probability) for o in found.outcomes] == [((chosen,), 1)]
    assert found.labels == found.values == (f"192.0.2.{chosen[1]}",)
    assert (found.rcode, found.verdict, found.ttl, found.set_identifiers) == ("NOERROR", "NOERROR", 60, (chosen,))


def test_weights_are_exact():                                                                                  # B22
    found = explained(*WEIGHTED, statuses={"h3": U})
    assert {o.set_identifiers: o.probability for o in found.outcomes} == {("s1",): Fraction(1, 3), ("s2",): Fraction(2, 3)}
    assert found.labels == ("192.0.2.1 (1/3)", "192.0.2.2 (2/3)")
    assert found.values == ("192.0.2.2", "192.0.2.1")                                  # the likeliest first


def test_fail_open_is_said():                                                                                  # B11
    text = str(explained(*PAIR, statuses={"h1": U, "h2": U}))
    assert "fail open" in text
    assert "[How Amazon Route 53 chooses records when health checking is configured]" in text


def test_multivalue_is_one_outcome():                                                                          # B32
    found = explained(*records(*[{"multivalue_answer": True}] * 10))
    outcome, = found.outcomes
    assert (len(outcome.values), outcome.at_most, outcome.probability) == (10, 8, 1)
    assert outcome.label.startswith("8 of 192.0.2.1, ")


@pytest.mark.parametrize(("name", "kind", "rcode", "label"), [
    ("nope.example.com.", "A", "NXDOMAIN", "NXDOMAIN"), ("app.example.com.", "TXT", "NOERROR", "no data"),
    ("example.net.", "A", "REFUSED", "REFUSED"), ("app.example.com.", "AXFR", "REFUSED", "REFUSED"),
])
def test_answers_without_records(name, kind, rcode, label):
    found = explained(*PAIR, name=name, kind=kind)
    assert (found.rcode, found.outcomes, found.values, found.ttl, found.labels) == (rcode, (), (), 0, (label,))
    assert found.reasons


def weighted_alias(identifier, target):
    return RecordSet(name="app.example.com", set_identifier=identifier, weight=1, alias=AliasTarget(target))


def test_branches_that_meet_are_one_outcome():
    """Two weighted aliases lead to one record set: it answers always, under the name of neither."""
    leaf = RecordSet(name="leaf.example.com", ttl=30, values=("192.0.2.9",), set_identifier="leaf", failover="PRIMARY")
    outcome, = explained(weighted_alias("a", leaf.name), weighted_alias("b", leaf.name), leaf).outcomes
    assert (outcome.set_identifiers, outcome.probability, outcome.ttl) == (("leaf",), 1, 30)


def test_a_plain_target_goes_by_the_name_of_the_alias_that_led_to_it():
    leaves = [RecordSet(name=f"{i}.example.com", ttl=30, values=(f"192.0.2.{n}",)) for n, i in enumerate("ab")]
    found = explained(*(weighted_alias(f"to {leaf.name}", leaf.name) for leaf in leaves), *leaves)
    assert [(o.set_identifiers, o.probability) for o in found.outcomes] == [
        (("to a.example.com.",), 0.5), (("to b.example.com.",), 0.5)]


@pytest.mark.parametrize(("client", "value"), [("eu-west-1", "192.0.2.1"), ("JP", "192.0.2.2"), ("198.18.4.9", "192.0.2.1"),
                                               (region("ap-northeast-1"), "192.0.2.2")], ids=str)
def test_the_client_s_place_counts(client, value):                                                             # B34, B38
    found = explained(*records({"geolocation": GeoLocation(continent="EU")}, {"geolocation": GeoLocation(country="*")}),
                      client=client)
    assert found.values == (value,)


def test_an_unknown_client():
    with pytest.raises(ConfigurationError, match="'Atlantis' is neither"):
        explained(*PAIR, client="Atlantis")


def test_as_json():
    found = explained(*WEIGHTED, statuses={"h3": U}).as_dict()
    assert json.loads(json.dumps(found)) == found
    assert found["rcode"] == "NOERROR"
    assert found["outcomes"][1] == {"set_identifiers": ["s2"], "values": ["192.0.2.2"], "ttl": 60, "probability": 2 / 3}
    assert any("health check h3 is unhealthy" in reason and "[" in reason for reason in found["reasons"])


def test_as_text():
    assert str(explained(*WEIGHTED, statuses={"h3": U})).splitlines()[:4] == [
        "app.example.com. A from us-east-1: NOERROR",
        "    1/3  s1: 192.0.2.1 (TTL 60 s)",
        "    2/3  s2: 192.0.2.2 (TTL 60 s)",
        "because"]
