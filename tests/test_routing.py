"""routing.py against the fact sheet's rules B9-B42: who answers, with what probability, and why."""

from collections import Counter
from fractions import Fraction
from itertools import product
from math import sqrt

import pytest

from failover_kit.health import Status
from failover_kit.places import PLACES, locate, region, round_trip
from failover_kit.records import AliasTarget, GeoLocation, RecordSet
from failover_kit.routing import Router, pick, shuffled
from failover_kit.zone import HostedZone

H, U = Status.HEALTHY, Status.UNHEALTHY
NAME = "app.example.com."


class Group:
    """A group under test. Members are written "id:health" with H, U or - for no health check."""

    def __init__(self, *members, name=NAME, **common):
        self.records, self.statuses = [], {}
        for number, (label, policy) in enumerate(members, start=1):
            identifier, health = label.split(":")
            check = None if health == "-" else f"{name}{identifier}"
            if check:
                self.statuses[check] = {"H": H, "U": U}[health]
            alias = policy.pop("alias", None)
            answer = {"alias": alias} if alias else {"ttl": 60, "values": (f"192.0.2.{number}",)}
            self.records.append(RecordSet(name=name, set_identifier=identifier, health_check_id=check,
                                          **answer, **policy, **common))


def shares(*groups, client="us-east-1", name=NAME):
    """{set identifier: exact probability} of the answers at `name`; multivalue members share theirs."""
    zone = HostedZone("example.com", tuple(record for group in groups for record in group.records))
    statuses = {key: status for group in groups for key, status in group.statuses.items()}
    found = Counter()
    for outcome in Router(zone, statuses, locate(client)).outcomes(zone.group(name, "A")):
        for record in outcome.pool:
            share = Fraction(min(outcome.at_most or 1, len(outcome.pool)), len(outcome.pool))
            found[record.set_identifier or record.name] += outcome.probability * share
    return dict(found)


def failover(primary, secondary=None):
    members = [(f"P:{primary}", {"failover": "PRIMARY"})]
    if secondary:
        members.append((f"S:{secondary}", {"failover": "SECONDARY"}))
    return Group(*members)


def weighted(*members, name=NAME):
    """weighted("10H", "0U"): one member each, weight then health; identifiers a, b, c..."""
    return Group(*((f"{letter}:{text[-1]}", {"weight": int(text[:-1])})
                   for letter, text in zip("abcdefgh", members, strict=False)), name=name)


@pytest.mark.parametrize(("primary", "secondary", "answer"), [
    ("H", "H", "P"), ("H", "U", "P"), ("U", "H", "S"), ("U", "U", "P"),      # B25
    ("U", "-", "S"),                                                         # B26
    ("-", "H", "P"), ("-", "U", "P"), ("-", "-", "P"),                       # B27
    ("H", None, "P"), ("U", None, "P"),                                      # B28
])
def test_failover_pair(primary, secondary, answer):
    assert shares(failover(primary, secondary)) == {answer: 1}


@pytest.mark.parametrize(("members", "expected"), [
    (["10H", "20H", "20H"], {"a": "1/5", "b": "2/5", "c": "2/5"}),           # B18
    (["10H", "20H", "20U"], {"a": "1/3", "b": "2/3"}),                       # B22
    (["0H", "0H"], {"a": "1/2", "b": "1/2"}),                                # B19
    (["100H", "0H"], {"a": "1"}),                                            # B20
    (["100U", "0H"], {"b": "1"}),                                            # B20
    (["100U", "50H", "0H"], {"b": "1"}),                                     # B20, B24
    (["100U", "0U"], {"a": "1"}),                                            # B21
    (["100U", "50U", "0U"], {"a": "2/3", "b": "1/3"}),                       # B21
    (["0H", "0H", "0U"], {"a": "1/2", "b": "1/2"}),                          # B19, B9
    (["100U", "0-"], {"b": "1"}),                                            # B10
    (["255H"], {"a": "1"}),
], ids=lambda v: " ".join(v) if isinstance(v, list) else "")
def test_weighted(members, expected):
    assert shares(weighted(*members)) == {key: Fraction(value) for key, value in expected.items()}


@pytest.mark.parametrize("healths", ["".join(h) for h in product("HU-", repeat=3) if set(h) != {"U"}])
def test_weighted_equals_redrawing_until_healthy_B9(healths):
    """The documented procedure: draw by weight, drop an unhealthy one, draw again among the rest."""
    weights = (10, 20, 30)

    def redraw(left):
        total, result = sum(weights[i] for i in left), Counter()
        for i in left:
            if healths[i] == "U":
                for key, share in redraw([j for j in left if j != i]).items():
                    result[key] += Fraction(weights[i], total) * share
            else:
                result["abc"[i]] += Fraction(weights[i], total)
        return result

    members = [f"{weight}{health}" for weight, health in zip(weights, healths, strict=True)]
    mine, theirs = shares(weighted(*members)), redraw([0, 1, 2])
    # Dropping one and drawing among the rest keeps the rest in proportion to their weights.
    assert mine == {key: share for key, share in theirs.items() if share}


@pytest.mark.parametrize(("healthy", "unhealthy", "answering", "each"), [
    (10, 0, "H", "4/5"), (5, 5, "H", "1"), (0, 10, "U", "4/5"), (8, 2, "H", "1"), (1, 9, "H", "1"), (0, 3, "U", "1"),
])
def test_multivalue_B32(healthy, unhealthy, answering, each):
    members = [(f"{h}{i}:{h}", {"multivalue_answer": True})
               for h, count in (("H", healthy), ("U", unhealthy)) for i in range(count)]
    found = shares(Group(*members))
    assert {key[0] for key in found} == {answering}
    assert set(found.values()) == {Fraction(each)}


def geo(**areas):
    return Group(*((f"{area}:{health}", {"geolocation": GeoLocation(**_area(area))}) for area, health in areas.items()))


def _area(code):
    if code == "default":
        return {"country": "*"}
    if code in ("EU", "NAmerica", "AS"):
        return {"continent": code[:2]}
    country, _, state = code.partition("_")
    return {"country": country, **({"subdivision": state} if state else {})}


@pytest.mark.parametrize(("areas", "client", "answer"), [
    ({"US_VA": "H", "US": "H", "NAmerica": "H", "default": "H"}, "us-east-1", "US_VA"),      # B34
    ({"US_VA": "U", "US": "H", "NAmerica": "H", "default": "H"}, "us-east-1", "US"),         # H14
    ({"US_VA": "U", "US": "U", "NAmerica": "H", "default": "H"}, "us-east-1", "NAmerica"),
    ({"US_VA": "U", "US": "U", "NAmerica": "U", "default": "H"}, "us-east-1", "default"),
    ({"US_VA": "U", "US": "U", "NAmerica": "U", "default": "U"}, "us-east-1", "US_VA"),      # B11 on the chain
    ({"US_VA": "H", "US": "H"}, "us-west-2", "US"),                                          # another state
    ({"EU": "H", "default": "H"}, "JP", "default"),
    ({"EU": "H"}, "JP", None),                                                               # B35
    ({"NA": "H", "default": "H"}, "us-east-1", "default"),       # country NA is Namibia, not North America
    ({"EU": "U", "AS": "H", "default": "U"}, "eu-west-1", "EU"),  # fail open never leaks another area
], ids=str)
def test_geolocation(areas, client, answer):
    assert shares(geo(**areas), client=client) == ({answer: 1} if answer else {})


@pytest.mark.parametrize(("client", "healths", "answer"), [
    ("us-east-1", "HHH", "us-east-1"), ("JP", "HHH", "us-west-2"), ("DE", "HHH", "eu-west-1"),
    ("us-east-1", "UHH", "us-west-2"), ("us-east-1", "UUH", "eu-west-1"), ("us-east-1", "UUU", "us-east-1"),
])
def test_latency_next_best_B33(client, healths, answer):
    codes = ("us-east-1", "us-west-2", "eu-west-1")
    group = Group(*((f"{code}:{health}", {"region": code}) for code, health in zip(codes, healths, strict=True)))
    assert shares(group, client=client) == {answer: 1}
    healthy = [c for c, h in zip(codes, healths, strict=True) if h == "H"] or codes
    assert answer == min(healthy, key=lambda code: round_trip(locate(client), region(code)))


# ---- trees ------------------------------------------------------------------------------------------------------

def tree(a_members, b_members, *, a_evaluates=True, a_check="-"):
    """Latency at the top: alias A (nearest) over weighted members, alias B over weighted members."""
    top = Group((f"A:{a_check}", {"region": "us-east-1", "alias": AliasTarget("a.example.com", a_evaluates)}),
                ("B:-", {"region": "us-west-2", "alias": AliasTarget("b.example.com", True)}))
    under = [Group(*((f"{letter}{i}:{health}", {"weight": 1}) for i, health in enumerate(members)),
                   name=f"{letter}.example.com.") for letter, members in (("a", a_members), ("b", b_members))]
    return shares(top, *under)


@pytest.mark.parametrize(("arguments", "answers"), [
    (dict(a_members="UU", b_members="H"), {"b0"}),                           # H9, B13
    (dict(a_members="UU", b_members="H", a_evaluates=False), {"a0", "a1"}),  # H10, B14
    (dict(a_members="U-", b_members="H"), {"a1"}),                           # H11, B17
    (dict(a_members="HH", b_members="H", a_check="U"), {"b0"}),              # H12, B15
    (dict(a_members="UU", b_members="U"), {"a0", "a1"}),                     # H13, B16
    (dict(a_members="HU", b_members="H"), {"a0"}),
], ids=lambda v: str(sorted(v) if isinstance(v, set) else v))
def test_tree_of_aliases(arguments, answers):
    assert set(tree(**arguments)) == answers


def test_three_levels_keep_exact_probabilities():
    """failover over weighted over multivalue-free leaves: probabilities multiply along the way."""
    top = Group(("P:-", {"failover": "PRIMARY", "alias": AliasTarget("mid.example.com", True)}),
                ("S:H", {"failover": "SECONDARY"}))
    middle = Group(("m1:-", {"weight": 1, "alias": AliasTarget("leaf.example.com", True)}),
                   ("m2:H", {"weight": 2}), name="mid.example.com.")
    leaf = Group(("l1:H", {"weight": 1}), ("l2:H", {"weight": 3}), ("l3:U", {"weight": 9}), name="leaf.example.com.")
    assert shares(top, middle, leaf) == {"l1": Fraction(1, 12), "l2": Fraction(1, 4), "m2": Fraction(2, 3)}


def test_alias_answers_with_its_targets_ttl_B41():
    zone = HostedZone("example.com", (RecordSet(name="a.example.com", ttl=17, values=("192.0.2.1",)),
                                      RecordSet(name=NAME, alias=AliasTarget("a.example.com"))))
    decision = Router(zone, {}).decide(zone.group(NAME, "A"), 0.0)
    assert (decision.ttl, decision.values) == (17, ("192.0.2.1",))


@pytest.mark.parametrize(("status", "answer"), [(H, "P"), (U, "S")])
def test_alias_to_an_aws_resource_follows_its_health_B44(status, answer):
    balancer = "shop-1.us-east-1.elb.amazonaws.com."
    zone = HostedZone("example.com", Group(
        ("P:-", {"failover": "PRIMARY", "alias": AliasTarget(balancer, True)}), ("S:-", {"failover": "SECONDARY"})).records)
    decision = Router(zone, {balancer: status}).decide(zone.group(NAME, "A"), 0.0)
    assert decision.record_sets[0].set_identifier == answer
    if answer == "P":
        assert decision.ttl == 60


# ---- draws and reasons ------------------------------------------------------------------------------------------

def test_draws_follow_the_exact_distribution():
    group = weighted("10H", "20H", "70H")
    zone = HostedZone("example.com", group.records)
    router, n = Router(zone, group.statuses), 20_000
    counts = Counter(router.decide(zone.group(NAME, "A"), (i + 0.5) / n).record_sets[0].set_identifier for i in range(n))
    assert counts == {"a": n // 10, "b": n // 5, "c": 7 * n // 10}


def test_a_draw_is_used_up_evenly():
    """What `pick` passes on is as good as a fresh draw, so one number serves a whole tree."""
    group = weighted("1H", "3H")
    zone = HostedZone("example.com", group.records)
    possible = Router(zone, group.statuses).outcomes(zone.group(NAME, "A"))
    left = [pick(possible, (i + 0.5) / 1000)[1] for i in range(1000)]
    assert all(0 <= draw < 1 for draw in left)
    assert abs(sum(left) / 1000 - 0.5) < 0.01


@pytest.mark.parametrize("count", [1, 2, 3, 4, 5])
def test_every_order_is_equally_likely(count):
    n = 12_000
    orders = Counter(shuffled("abcde"[:count], (i + 0.5) / n) for i in range(n))
    expected = n / len(orders)
    assert all(abs(seen - expected) < 3 * sqrt(expected) for seen in orders.values())
    assert len(orders) == [1, 2, 6, 24, 120][count - 1]


def test_reasons_tell_the_whole_way():
    group = failover("U", "H")
    zone = HostedZone("example.com", group.records)
    decision = Router(zone, group.statuses).decide(zone.group(NAME, "A"), 0.0)
    assert [str(reason) for reason in decision.reasons] == [
        "app.example.com. A (P) is unhealthy: health check app.example.com.P is unhealthy",
        "app.example.com. A (S) is the secondary and takes the traffic"]
    assert all(reason.page for reason in decision.reasons)


def test_fail_open_is_said():
    group = failover("U", "U")
    zone = HostedZone("example.com", group.records)
    assert "fail open" in str(Router(zone, group.statuses).decide(zone.group(NAME, "A"), 0.0))


def test_a_deleted_check_counts_as_healthy_A35():
    zone = HostedZone("example.com", failover("U", "H").records)
    assert Router(zone, {}).decide(zone.group(NAME, "A"), 0.0).record_sets[0].set_identifier == "P"


def test_places_have_networks_of_their_own():
    assert len({place.network for place in PLACES}) == len(PLACES)
