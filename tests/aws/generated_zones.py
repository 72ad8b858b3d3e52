"""Zones of every kind, drawn by hypothesis: all policies, trees of aliases, all types of health checks.

    zones() -> strategy of (HostedZone, HealthChecks);   plain_zones(): only what octoDNS can say
"""

from hypothesis import strategies as st

from failover_kit.healthcheck import HealthCheck
from failover_kit.metrics import MetricAlarm
from failover_kit.places import CHECKER_REGIONS
from failover_kit.records import AliasTarget, Failover, GeoLocation, RecordSet
from failover_kit.zone import HostedZone

LABELS = ("app", "www", "api", "a1", "a10", "a2", "x-y", "_dmarc", "*", "*.stores", "no", "on", "east.eu", "null", "0")
ALB = AliasTarget("dualstack.lb-1.us-east-1.elb.amazonaws.com", True, "Z35SXDOTRQ7X7K")
VALUES = {
    "A": st.integers(1, 250).map(lambda n: f"192.0.2.{n}"),
    "AAAA": st.integers(1, 250).map(lambda n: f"2001:db8::{n:x}"),
    "CNAME": st.sampled_from(("one.example.net.", "two.example.net.", "app.example.com.")),
    "MX": st.integers(0, 99).map(lambda n: f"{n} mail{n}.example.net."),
    "TXT": st.sampled_from(('"v=spf1 -all"', '"a;b" "c"', '"say \\"hi\\""', '"${x} %{y}"', '"yes"', '"tab\\011 end\\\\"',
                            '"k=1; p=AB"', '"' + "x" * 255 + '" "' + "y" * 30 + '"')),
    "SRV": st.integers(1, 99).map(lambda n: f"0 {n} 443 host{n}.example.net."),
    "CAA": st.sampled_from(('0 issue "amazon.com"', '0 issuewild ";"', '128 iodef "mailto:a@example.com"')),
    "NS": st.sampled_from(("ns1.example.net.", "ns2.example.net.")),
    "HTTPS": st.sampled_from(("1 . alpn=h2", "0 other.example.net.")),
}
REGIONS = ("us-east-1", "us-west-2", "eu-west-1")
AREAS = (GeoLocation(country="*"), GeoLocation(continent="EU"), GeoLocation(country="NO"), GeoLocation(country="DE"),
         GeoLocation(continent="NA"), GeoLocation(country="US"), GeoLocation(country="US", subdivision="OR"))
TEXT = st.text("abcXYZ09 -_./:${}%'\"", min_size=1, max_size=20)


def probing(id_, value, **settings):
    """A check of an address or a name."""
    where = {"ip_address": value} if ":" in value or value.replace(".", "").isdigit() else {
        "fully_qualified_domain_name": value.rstrip(".")}
    return HealthCheck(id=id_, **where, **settings)


@st.composite
def health_checks(draw):
    """Some checks of all types; ids are theirs alone."""
    checks = []
    for number in range(draw(st.integers(0, 4))):
        kind = draw(st.sampled_from(("HTTP", "HTTPS", "HTTP_STR_MATCH", "TCP", "CLOUDWATCH_METRIC", "RECOVERY_CONTROL")))
        common = {"id": f"check-{number}-{draw(st.sampled_from('abc'))}", "type": kind, "inverted": draw(st.booleans()),
                  "name": draw(st.none() | TEXT)}
        if kind == "CLOUDWATCH_METRIC":
            alarm = MetricAlarm(name=f"{draw(st.sampled_from(('errors', '5xx rate')))}{number}",
                                threshold=draw(st.integers(0, 9)), region=draw(st.sampled_from(REGIONS)),
                                dimensions=draw(st.sampled_from(((), (("Site", "a"),)))))
            checks.append(HealthCheck(**common, alarm=alarm, insufficient_data_health_status=draw(
                st.sampled_from(("Healthy", "Unhealthy", "LastKnownStatus")))))
        elif kind == "RECOVERY_CONTROL":
            checks.append(HealthCheck(**common, routing_control_arn=f"arn:aws:route53-recovery-control::1:x/{number}"))
        else:
            checks.append(HealthCheck(
                **common, ip_address=draw(st.none() | VALUES["A"]), fully_qualified_domain_name="east.example.net",
                port=draw(st.integers(1, 65535)), request_interval=draw(st.sampled_from((10, 30))),
                failure_threshold=draw(st.integers(1, 10)), measure_latency=draw(st.booleans()),
                resource_path="/" if kind == "TCP" else draw(st.sampled_from(("/", "/health?x=${y}"))),
                search_string=draw(TEXT) if kind == "HTTP_STR_MATCH" else None,
                regions=draw(st.sampled_from((CHECKER_REGIONS, CHECKER_REGIONS[:3])))))
    if checks and draw(st.booleans()):
        children = tuple(check.id for check in checks)
        checks.append(HealthCheck(id="all", type="CALCULATED", child_health_checks=children,
                                  health_threshold=draw(st.integers(0, len(children)))))
    return tuple(checks)


def _policies(draw, kind, count):
    """What makes each of `count` members a member."""
    policy = draw(st.sampled_from(("failover", "weighted", "latency", "geolocation", "multivalue")))
    if policy == "failover":
        return [{"failover": role} for role in (Failover.PRIMARY, Failover.SECONDARY)]
    if policy == "latency":
        return [{"region": region} for region in REGIONS[:count]]
    if policy == "geolocation":
        return [{"geolocation": area} for area in draw(st.permutations(AREAS))[:count]]
    if policy == "multivalue" and kind != "CNAME":
        return [{"multivalue_answer": True} for _ in range(count)]
    return [{"weight": draw(st.integers(0, 255))} for _ in range(count)]


@st.composite
def zones(draw):
    """A zone and its checks."""
    checks = draw(health_checks())
    ids = st.sampled_from([None, *(check.id for check in checks)])
    records: list[RecordSet] = []
    for label in draw(st.lists(st.sampled_from(LABELS), unique=True, max_size=6)):
        name, kind = f"{label}.example.com.", draw(st.sampled_from(tuple(VALUES)))
        targets = sorted({record.name for record in records if record.type == kind})

        def answer(may_alias=True, kind=kind, targets=targets):
            """Values, or an alias of something that is there already."""
            if may_alias and kind in ("A", "AAAA") and draw(st.booleans()):
                return {"alias": draw(st.sampled_from([ALB, *(AliasTarget(target, True) for target in targets)]))}
            values = st.lists(VALUES[kind], min_size=1, max_size=1 if kind == "CNAME" else 3, unique=True)
            return {"ttl": draw(st.integers(0, 86_400)), "values": tuple(draw(values))}

        if kind == "NS" or draw(st.booleans()):
            records.append(RecordSet(name=name, type=kind, health_check_id=None if kind == "NS" else draw(ids), **answer()))
            continue
        for number, policy in enumerate(_policies(draw, kind, draw(st.integers(1, 3)))):
            records.append(RecordSet(name=name, type=kind, set_identifier=f"{draw(TEXT)}{number}", health_check_id=draw(ids),
                                     **policy, **answer("multivalue_answer" not in policy)))
    return HostedZone("example.com", tuple(records), draw(st.sampled_from(("Z0EXAMPLE", "Z0FAILOVERKIT00000001")))), checks


def own_records(zone):
    """All record sets but the SOA and NS that every zone has."""
    return {record for record in zone.record_sets if not (record.name == zone.name and record.type in ("SOA", "NS"))}


# --- what octoDNS can say ---------------------------------------------------------------------------------------

@st.composite
def plain_zones(draw):
    """One name, `app`, over locations, failover and weights, with one check for each value; and www, its alias."""
    kind = draw(st.sampled_from(("A", "AAAA", "CNAME")))
    values = [{"A": f"192.0.2.{n}", "AAAA": f"2001:db8::{n:x}", "CNAME": f"s{n}.example.net."}[kind] for n in range(1, 40)]
    checks: list[HealthCheck] = []
    records: list[RecordSet] = []
    taken = iter(values)
    ttl = draw(st.sampled_from((30, 60)))

    def leaf():
        """A value of its own, mostly with a check of its own."""
        value = next(taken)
        checked = draw(st.integers(0, 4)) > 0
        if checked:
            checks.append(probing(f"check-{value}", value, resource_path="/health", request_interval=10))
        return {"values": (value,), "ttl": ttl, "health_check_id": f"check-{value}" if checked else None}

    def member(name, depth, kinds):
        """An answer: a value, or an alias of a group below."""
        if kind == "CNAME" or depth == 0 or draw(st.booleans()):
            return leaf()
        below = f"b{len(records)}-{depth}.{name}"
        group(below, depth - 1, kinds)
        return {"alias": AliasTarget(below, True)}

    def group(name, depth, kinds):
        chosen = draw(st.sampled_from(kinds))
        below = tuple(k for k in kinds if k != "geolocation") if chosen != "weighted" else ()
        if chosen == "weighted":
            weights = draw(st.lists(st.sampled_from((0, 1, 3, 100, 250)), min_size=1, max_size=3))
            members = [({"weight": weight}, leaf()) for weight in weights]
        elif chosen == "failover":
            members = [({"failover": role}, member(name, depth, below)) for role in Failover]
        else:
            areas = [AREAS[0], *draw(st.lists(st.sampled_from(AREAS[1:]), unique=True, max_size=3))]
            members = [({"geolocation": area}, member(name, depth, below)) for area in areas]
        for number, (policy, said) in enumerate(members):
            records.append(RecordSet(name=name, type=kind, set_identifier=f"member {number}", **policy, **said))
    group("app.example.com.", 2, ("failover", "weighted", "geolocation"))
    if kind != "CNAME":
        records.append(RecordSet(name="www.example.com", type=kind, alias=AliasTarget("app.example.com", True)))
    return HostedZone("example.com", tuple(records)), tuple(checks)
