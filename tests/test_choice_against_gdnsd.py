"""The kit's choice beside gdnsd's, a production DNS server with health checks: every health pattern of three policies.

gdnsd's resolver plugins simplefo, multifo and weighted follow the same rules as Route 53's failover, multivalue and
weighted records, with a threshold so low that all members fail before it counts (`up_thresh`).
"""

from collections import Counter
from itertools import product
from math import sqrt

import dns.message
import dns.rdatatype
import pytest
from peers import free_port, program, started

from failover_kit.health import Status
from failover_kit.places import PLACES
from failover_kit.records import Failover, RecordSet
from failover_kit.routing import Router
from failover_kit.zone import HostedZone

pytestmark = pytest.mark.skipif(program("gdnsd") is None, reason="gdnsd (package gdnsd) is not installed")

WEIGHTS = (10, 20, 50)
ASKED = 1500            # questions for each weighted pattern
PATTERNS = [("failover", "".join(p)) for p in product("HU", repeat=2)] \
    + [("multivalue", "".join(p)) for p in product("HU", repeat=3)] \
    + [("weighted", "".join(p)) for p in product("HU", repeat=3)]


def address(index, member):
    return f"192.0.2.{10 * index + member + 1}"


def members(index, pattern):
    return [(address(index, member), health) for member, health in enumerate(pattern)]


def resource(index, policy, pattern):
    """gdnsd's configuration of one group."""
    lines = {
        "failover": [f"primary => {address(index, 0)}", f"secondary => {address(index, 1)}"],
        "multivalue": ["up_thresh => 0.01"] + [f"m{i} => {a}" for i, (a, _) in enumerate(members(index, pattern))],
        "weighted": ["up_thresh => 0.01"] + [f"m{i} => [ {a}, {w} ]" for i, ((a, _), w) in
                                             enumerate(zip(members(index, pattern), WEIGHTS, strict=False))],
    }[policy]
    return f"    g{index} => {{ service_types => told, {', '.join(lines)} }}"


@pytest.fixture(scope="module")
def gdnsd(tmp_path_factory):
    """gdnsd with a group for each pattern, its health read from a file."""
    here = tmp_path_factory.mktemp("gdnsd")
    port = free_port()
    plugin = {"failover": "simplefo", "multivalue": "multifo", "weighted": "weighted"}
    resources = {policy: "\n".join(resource(i, p, pattern) for i, (p, pattern) in enumerate(PATTERNS) if p == policy)
                 for policy in plugin}
    plugins = "\n".join(f"  {plugin[policy]} => {{\n{lines}\n  }}" for policy, lines in resources.items())
    (here / "zones").mkdir()
    (here / "health").write_text("".join(f"{a} => {'UP' if health == 'H' else 'DOWN'}\n" for i, (_, pattern)
                                         in enumerate(PATTERNS) for a, health in members(i, pattern)))
    (here / "config").write_text(f"""
options => {{ listen => 127.0.0.1:{port}, run_dir => {here}, state_dir => {here}, zones_default_ttl => 60 }}
service_types => {{ told => {{ plugin => extfile, file => {here}/health, direct => true }} }}
plugins => {{
{plugins}
}}
""")
    (here / "zones" / "example.com").write_text("@ SOA ns1 host 1 7200 900 1209600 900\n@ NS ns1.example.net.\n" + "".join(
        f"g{i} 60 DYNA {plugin[policy]}!g{i}\n" for i, (policy, _) in enumerate(PATTERNS)))
    with started("gdnsd", ["-c", here, "start"], port, "example.com", here) as peer:
        yield peer


def ask(peer, index):
    reply = dns.message.from_wire(peer.udp(dns.message.make_query(f"g{index}.example.com", "A").to_wire()))
    return sorted(str(value) for rrset in reply.answer if rrset.rdtype == dns.rdatatype.A for value in rrset)


def ours(index, policy, pattern):
    """{answers: probability} as the kit works it out."""
    routing = {"failover": lambda i: {"failover": list(Failover)[i]}, "multivalue": lambda i: {"multivalue_answer": True},
               "weighted": lambda i: {"weight": WEIGHTS[i]}}[policy]
    records = tuple(RecordSet(name=f"g{index}.example.com", ttl=60, values=(a,), set_identifier=str(i), health_check_id=a,
                              **routing(i)) for i, (a, _) in enumerate(members(index, pattern)))
    statuses = {a: Status.HEALTHY if health == "H" else Status.UNHEALTHY for a, health in members(index, pattern)}
    outcomes = Router(HostedZone("example.com", records), statuses, PLACES[0]).outcomes(records)
    return {tuple(sorted(v for r in outcome.pool for v in r.values)): float(outcome.probability) for outcome in outcomes}


@pytest.mark.parametrize(("index", "policy", "pattern"), [(i, *p) for i, p in enumerate(PATTERNS) if p[0] != "weighted"],
                         ids=lambda v: v if isinstance(v, str) else "")
def test_same_answer(gdnsd, index, policy, pattern):
    (expected, certain), = ours(index, policy, pattern).items()
    assert certain == 1
    if policy == "failover" and pattern == "UU":
        # gdnsd hands out the primary as well when both are down.
        assert expected == (address(index, 0),)
    assert tuple(ask(gdnsd, index)) == expected


@pytest.mark.parametrize(("index", "pattern"), [(i, p) for i, (policy, p) in enumerate(PATTERNS) if policy == "weighted"],
                         ids=lambda v: v if isinstance(v, str) else "")
def test_same_shares(gdnsd, index, pattern):
    expected = ours(index, "weighted", pattern)
    seen = Counter(tuple(ask(gdnsd, index)) for _ in range(ASKED))
    assert set(seen) == set(expected)
    for answer, probability in expected.items():
        margin = 5 * sqrt(ASKED * probability * (1 - probability))
        assert abs(seen[answer] - ASKED * probability) <= margin
