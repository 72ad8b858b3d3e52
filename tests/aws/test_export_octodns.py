"""Export to octoDNS: octodns loads and validates it, and what octodns-route53 makes of it answers like the zone."""

import logging
import subprocess
import sys
from functools import cache
from itertools import count
from pathlib import Path

import pytest
import yaml
from generated_zones import own_records, plain_zones, probing, zones
from hypothesis import HealthCheck as Hypothesis
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from octodns.provider.yaml import YamlProvider
from octodns.record.geo import GeoCodes
from octodns.zone import Zone
from octodns_route53 import Route53Provider

from failover_kit.authority import explain
from failover_kit.aws.export import export, text_of
from failover_kit.aws.export.continents import CONTINENT_OF
from failover_kit.aws.export.octodns import to_octodns
from failover_kit.aws.files import load_zone, zone_from_documents
from failover_kit.health import Status
from failover_kit.healthcheck import HealthCheck
from failover_kit.metrics import MetricAlarm
from failover_kit.records import AliasTarget, Failover, GeoLocation, Question, RecordSet
from failover_kit.zone import HostedZone

logging.getLogger("Route53Provider[route53]").setLevel(logging.ERROR)
PLACES = ("us-west-2", "eu-central-1", "JP")


def written(zone, checks, folder):
    """The zone file in a folder of its own."""
    text = text_of(export(zone, checks, "octodns"), "octodns", zone)
    (folder / "example.com.yaml").write_text(text)
    return folder


def octodns_zone(folder, name="example.com."):
    """The zone as octodns itself reads and validates it. Raises its ValidationError, or an error about the order."""
    found = Zone(name, [])
    YamlProvider("yaml", str(folder), escaped_semicolons=True).populate(found)
    return found


class FakeRoute53:
    """As much of boto3's client as octodns-route53 needs to plan."""

    def __init__(self):
        self.checks, self._numbers = {}, count(1)

    def list_health_checks(self, **_):
        return {"HealthChecks": [], "IsTruncated": False}

    def create_health_check(self, CallerReference, HealthCheckConfig):
        id_ = f"octodns-{next(self._numbers)}"
        self.checks[id_] = HealthCheckConfig
        return {"HealthCheck": {"Id": id_, "CallerReference": CallerReference, "HealthCheckConfig": HealthCheckConfig}}

    def change_tags_for_resource(self, **_):
        pass


@cache
def route53_provider():
    return Route53Provider("route53", access_key_id="x", secret_access_key="x")


def made_by_octodns(folder):
    """The zone that octodns-route53 would create in Route 53, read back as ours."""
    provider = route53_provider()
    provider._conn = client = FakeRoute53()
    provider._health_checks = None
    records = [made.mod("CREATE", []) for record in sorted(octodns_zone(folder).records)
               for made in provider._gen_records(record, "/hostedzone/Z0NEW", creating=True)]
    document = {"HostedZone": {"Name": "example.com.", "Id": "Z0NEW"},
                "ResourceRecordSets": [change["ResourceRecordSet"] for change in records]}
    checks = [{"Id": id_, "HealthCheckConfig": config} for id_, config in client.checks.items()]
    return zone_from_documents(document, {"HealthChecks": checks})


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    numbers = count()

    def fresh():
        return tmp_path_factory.mktemp(f"octodns{next(numbers)}")
    return fresh


# --- loading ----------------------------------------------------------------------------------------------------

@settings(max_examples=40, deadline=None)
@given(generated=zones())
def test_octodns_reads_whatever_is_exported(folders, generated):
    zone, checks = generated
    octodns_zone(written(zone, checks, folders()))


@pytest.mark.parametrize(("zone_file", "checks", "left_out"), [
    ("examples-zone.json", None, ["api.example.com. A", "global.example.com. A"]),
    ("shop-records.json", "shop-health-checks.json", ["example.net. A", "checkout.example.net. A", "www.example.net. A"]),
])
def test_the_examples_and_what_they_lose(tmp_path, zone_file, checks, left_out):
    loaded = load_zone(zone_file, health_checks=checks)
    exported = to_octodns(loaded.zone, loaded.health_checks)
    assert [warning.split(" is left out")[0] for warning in exported.warnings] == left_out
    name = loaded.zone.name
    (tmp_path / f"{name}yaml").write_text(text_of(exported, "octodns", loaded.zone))
    found = {(record.fqdn, record._type) for record in octodns_zone(tmp_path, name).records}
    lost = {tuple(label.split()) for label in left_out}
    for record in own_records(loaded.zone) - {r for r in own_records(loaded.zone) if r.key in lost}:
        simple_alias = record.alias and not record.policies
        assert (record.name, "Route53Provider/ALIAS" if simple_alias else record.type) in found


def test_octodns_validate_passes(tmp_path):
    loaded = load_zone("examples-zone.json")
    written(loaded.zone, loaded.health_checks, tmp_path)
    config = {"providers": {
        "files": {"class": "octodns.provider.yaml.YamlProvider", "directory": str(tmp_path), "escaped_semicolons": True},
        "route53": {"class": "octodns_route53.Route53Provider", "access_key_id": "x", "secret_access_key": "x"}},
        "zones": {"example.com.": {"sources": ["files"], "targets": ["route53"]}}}
    (tmp_path / "config.yaml").write_text(yaml.safe_dump(config))
    command = Path(sys.executable).with_name("octodns-validate")
    shown = subprocess.run([command, "--config-file", str(tmp_path / "config.yaml")], capture_output=True, text=True,
                           timeout=60, check=False)
    assert shown.returncode == 0, shown.stderr


# --- the same answers -------------------------------------------------------------------------------------------

def chances(zone, name, kind, statuses, place):
    """value -> exact probability, of every answer."""
    found = {}
    for outcome in explain([zone], Question(name, kind), statuses, place).outcomes:
        for value in outcome.values:
            found[value] = found.get(value, 0) + outcome.probability
    return found


def statuses_of(checks, down):
    """What each check says while these endpoints are down."""
    watched = {check.id: check.ip_address or check.fully_qualified_domain_name.rstrip(".") + "." for check in checks}
    return {id_: Status.UNHEALTHY if endpoint in down else Status.HEALTHY for id_, endpoint in watched.items()}


@settings(max_examples=40, deadline=None, suppress_health_check=[Hypothesis.filter_too_much])
@given(generated=plain_zones(), draw=st.randoms(use_true_random=False))
def test_the_answers_are_the_same_while_anything_is_healthy(folders, generated, draw):
    """B9-B22, B34: locations over failover over weights, for clients here and there."""
    zone, checks = generated
    exported = to_octodns(zone, checks)
    assume(not exported.warnings)                       # weights beyond 100 come out a little different, and say so
    made = made_by_octodns(written(zone, checks, folders()))
    kind = next(record.type for record in zone.record_sets if record.name == "app.example.com.")
    endpoints = sorted({value for record in own_records(zone) for value in record.values})
    for _ in range(4):
        down = {value for value in endpoints if draw.random() < 0.4}
        ours, theirs = statuses_of(checks, down), statuses_of(made.health_checks, down)
        for place in PLACES:
            expected = chances(zone, "app.example.com.", kind, ours, place)
            unchecked = {record.values[0] for record in own_records(zone) if record.values and not record.health_check_id}
            if set(expected) - down or set(expected) & unchecked:            # not failing open
                assert chances(made.zone, "app.example.com.", kind, theirs, place) == expected
                if kind != "CNAME":
                    assert chances(made.zone, "www.example.com.", kind, theirs, place) == expected


def test_with_everything_down_the_primary_answers():
    """B25: octodns falls back to the record's plain values, which are the primary's."""
    pair = [RecordSet(name="app.example.com", ttl=60, values=(f"192.0.2.{n}",), set_identifier=role.value, failover=role,
                      health_check_id=f"c{n}") for n, role in enumerate(Failover, 1)]
    checks = [probing(f"c{n}", f"192.0.2.{n}") for n in (1, 2)]
    said = to_octodns(HostedZone("example.com", tuple(pair)), checks).document["app"]
    assert said["values"] == ["192.0.2.1"]


# --- what cannot be said ----------------------------------------------------------------------------------------

def leaf(value="192.0.2.1", check_id="c", name="app.example.com", **policy):
    values = value if isinstance(value, tuple) else (value,)
    return RecordSet(name=name, ttl=policy.pop("ttl", 60), values=values, health_check_id=check_id,
                     set_identifier=f"m{values[0]}" if policy else None, **policy)


def alias(target, evaluate=True, home=None, **more):
    return RecordSet(name="app.example.com", alias=AliasTarget(target, evaluate, home), **more)


C = probing("c", "192.0.2.1")
W = {"weight": 1}


@pytest.mark.parametrize(("records", "checks", "why"), [
    ([leaf(region="us-east-1")], [C], "uses latency routing"),
    ([leaf(multivalue_answer=True)], [C], "uses multivalue answer routing"),
    ([leaf(("192.0.2.1", "192.0.2.2"), **W)], [C], "holds 2 values"),
    ([leaf(geolocation=GeoLocation("EU"))], [C], "needs a default location"),
    ([leaf(**W), leaf("192.0.2.2", ttl=30, **W)], [C], "different TTLs: 30, 60 s"),
    ([leaf(**W)], [HealthCheck(id="c", type="CALCULATED", health_threshold=0)], "is of type CALCULATED"),
    ([leaf(**W)], [HealthCheck(id="c", type="CLOUDWATCH_METRIC", alarm=MetricAlarm(name="x"))],
     "is of type CLOUDWATCH_METRIC"),
    ([leaf(**W)], [probing("c", "192.0.2.1", inverted=True)], "is inverted"),
    ([leaf(**W)], [], "settings of health check c are not known"),
    ([alias("lb.elb.amazonaws.com", home="Z1", set_identifier="x", weight=1)], [], "is an alias of an AWS resource"),
    ([alias("b.example.com", False, set_identifier="x", weight=1), leaf(name="b.example.com")], [C],
     "does not evaluate its target"),
    ([alias("b.example.com", set_identifier="x", weight=1, health_check_id="c"), leaf(name="b.example.com")], [C],
     "has a health check of its own"),
    ([alias("lb.example.org", home="Z1")], [], "does not know the AWS service"),
    ([RecordSet(name="app.example.com", type="TXT", ttl=60, values=('"a"',), set_identifier="x", weight=1)], [], "not TXT"),
    ([RecordSet(name="app.example.com", type="HTTPS", ttl=60, values=("1 .",))], [], "does not do HTTPS records"),
    ([RecordSet(name="app.example.com", type="TXT", ttl=60, values=('"\\"x"',))], [], "quotation mark at the start"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_what_is_left_out_and_why(records, checks, why):
    exported = to_octodns(HostedZone("example.com", tuple(records)), checks)
    told = [warning for warning in exported.warnings if warning.startswith("app.example.com. ")]
    assert len(told) == 1
    assert "is left out" in told[0]
    assert why in told[0]
    assert "app" not in exported.document


@pytest.mark.parametrize(("records", "checks", "why"), [
    ([leaf()], [C], "check c is left out: octoDNS checks dynamic records only"),
    ([leaf(**W)], [probing("c", "192.0.2.9")], "would watch 192.0.2.1 instead of 192.0.2.9"),
    ([leaf(**W)], [probing("c", "192.0.2.1", type="HTTP_STR_MATCH", search_string="ok")], "would look for no string"),
    ([leaf(**W)], [probing("c", "192.0.2.1", regions=("us-east-1", "us-west-2", "eu-west-1"))], "from all Regions"),
    ([leaf(**W), leaf("192.0.2.2", "d", **W)], [C, probing("d", "192.0.2.2", failure_threshold=5)], "d would be set like c"),
    ([leaf(weight=255), leaf("192.0.2.2", None, weight=1)], [C], "weights 255, 1 become 100, 1"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_what_comes_out_different_is_told(tmp_path, records, checks, why):
    zone = HostedZone("example.com", tuple(records))
    exported = to_octodns(zone, checks)
    assert [why in warning for warning in exported.warnings] == [True]
    assert "app" in exported.document
    octodns_zone(written(zone, checks, tmp_path))


@pytest.mark.parametrize(("settings_", "status"), [
    ({}, None), ({"disabled": True}, "up"), ({"disabled": True, "inverted": True}, "down"), (None, "up"),
], ids=["obeys its check", "disabled", "disabled and inverted", "no check"])
def test_status_of_a_value(settings_, status):
    """A34."""
    checks = [] if settings_ is None else [probing("c", "192.0.2.1", **settings_)]
    zone = HostedZone("example.com", (leaf(check_id=None if settings_ is None else "c", **W),))
    [value] = to_octodns(zone, checks).document["app"]["dynamic"]["pools"]["m192-0-2-1"]["values"]
    assert value.get("status") == status


def test_weight_zero_serves_when_the_others_are_down():
    """B20: as a pool to fall back to."""
    zone = HostedZone("example.com", (leaf(weight=100), leaf("192.0.2.2", None, weight=0)))
    dynamic = to_octodns(zone, [C]).document["app"]["dynamic"]
    [rule] = dynamic["rules"]
    assert [value["value"] for value in dynamic["pools"][rule["pool"]]["values"]] == ["192.0.2.1"]
    spare = dynamic["pools"][dynamic["pools"][rule["pool"]]["fallback"]]
    assert [value["value"] for value in spare["values"]] == ["192.0.2.2"]


def test_both_families_of_an_alias_are_one_record(tmp_path):
    records = [RecordSet(name="www.example.com", type=kind, alias=AliasTarget("lb.us-east-1.elb.amazonaws.com", True, "Z1"))
               for kind in ("A", "AAAA")]
    zone = HostedZone("example.com", tuple(records))
    assert [value["type"] for value in to_octodns(zone, ()).document["www"]["values"]] == ["A", "AAAA"]
    assert own_records(made_by_octodns(written(zone, (), tmp_path)).zone) == set(records)


def test_countries_are_on_the_continents_where_octodns_has_them():
    for country, continent in CONTINENT_OF.items():
        assert GeoCodes.parse(f"{continent}-{country}")["country_code"] == country
        assert GeoCodes.validate(f"{continent}-{country}", "") == []
