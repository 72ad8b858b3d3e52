"""Zone files: every form that AWS's tools print or take, every problem of a file at once (A35, B1-B8, C14, D3-D10)."""

import json
from copy import deepcopy
from importlib.util import find_spec
from pathlib import Path

import pytest
from botocore.validate import ParamValidator
from hypothesis import given, settings
from hypothesis import strategies as st

from failover_kit import examples
from failover_kit.aws.files import load_zone, write_zone, zone_document, zone_from_documents
from failover_kit.aws.json_text import read_json
from failover_kit.aws.model import service_model
from failover_kit.errors import ConfigurationError
from failover_kit.records import Failover, GeoLocation

SHOP = read_json(examples.path("examples-zone.json"))[0]
RECORDS = read_json(examples.path("shop-records.json"))[0]
CHECKS = read_json(examples.path("shop-health-checks.json"))[0]
EAST = {"Id": "east", "HealthCheckConfig": {"Type": "HTTP", "IPAddress": "192.0.2.1"}}


def record(name="app.example.com.", **other):
    return {"Name": name, "Type": "A", "TTL": 60, "ResourceRecords": [{"Value": "192.0.2.1"}], **other}


def alias(target, home="Z0HOME", name="www.example.com.", **other):
    return {"Name": name, "Type": "A", "AliasTarget": {"HostedZoneId": home, "DNSName": target,
                                                       "EvaluateTargetHealth": True}, **other}


def kit(*records, checks=None, **zone):
    document = {"HostedZone": {"Name": "example.com.", **zone}, "ResourceRecordSets": [*records]}
    return document if checks is None else {**document, "HealthChecks": [*checks]}


def batch(*changes):
    return {"Changes": [{"Action": action, "ResourceRecordSet": record} for action, record in changes]}


def problems_of(*arguments, **named):
    with pytest.raises(ConfigurationError) as caught:
        zone_from_documents(*arguments, **named)
    assert all(problem.fix for problem in caught.value.problems)
    return [str(problem) for problem in caught.value.problems]


# --- every form -------------------------------------------------------------------------------------------------

SOA = record("example.com.", Type="SOA",
             ResourceRecords=[{"Value": "ns1.example.net. admin.example.net. 1 7200 900 1209600 86400"}])


@pytest.mark.parametrize(("document", "zone", "id_"), [
    (kit(record(), Id="/hostedzone/Z0HOME"), "example.com.", "Z0HOME"),
    (kit(record(), Id="Z0HOME"), "example.com.", "Z0HOME"),
    (kit(record()), "example.com.", "Z0FAILOVERKIT00000001"),
    ({"HostedZone": {"Name": "example.com"}}, "example.com.", "Z0FAILOVERKIT00000001"),
    ({"ResourceRecordSets": [SOA, record()]}, "example.com.", "Z0FAILOVERKIT00000001"),
    ({"ResourceRecordSets": [SOA, record(), alias("app.example.com.")], "IsTruncated": False, "MaxItems": "300"},
     "example.com.", "Z0HOME"),
    ({"ResourceRecordSets": [SOA, record()], "ResponseMetadata": {"HTTPStatusCode": 200}, "IsTruncated": False},
     "example.com.", "Z0FAILOVERKIT00000001"),
    (batch(("CREATE", record()), ("UPSERT", record("www.example.com."))), "example.com.", "Z0FAILOVERKIT00000001"),
    ({"ChangeBatch": {"Comment": "first", **batch(("UPSERT", record()))}}, "example.com.", "Z0FAILOVERKIT00000001"),
    ({"HostedZoneId": "/hostedzone/Z0HOME", "ChangeBatch": batch(("UPSERT", record()))}, "example.com.", "Z0HOME"),
], ids=["kit", "kit, bare id", "kit, no id", "kit, no records", "list", "list, paged", "boto3's reply", "batch",
        "ChangeBatch", "request"])
def test_forms(document, zone, id_):
    loaded = zone_from_documents(document)
    assert (loaded.zone.name, loaded.zone.id) == (zone, id_)
    assert ("app.example.com.", "A") in loaded.zone.groups or "ResourceRecordSets" not in document


def botocore_examples():
    path = Path(find_spec("botocore").origin).parent / "data/route53/2013-04-01/examples-1.json"
    return json.loads(path.read_text())["examples"]["ChangeResourceRecordSets"]


@pytest.mark.parametrize("example", botocore_examples(), ids=lambda example: example["title"])
def test_change_batches_from_the_api_reference_load(example):
    loaded = zone_from_documents(example["input"])
    assert (loaded.zone.name, loaded.zone.id) == ("example.com.", "Z3M3LMPEXAMPLE")
    sent = [change["ResourceRecordSet"] for change in example["input"]["ChangeBatch"]["Changes"]]
    kept = loaded.zone.record_sets[2:]                                   # after SOA and NS
    assert [r.set_identifier for r in kept] == [raw.get("SetIdentifier") for raw in sent]
    assert [r.weight for r in kept] == [raw.get("Weight") for raw in sent]
    assert [r.failover and r.failover.value for r in kept] == [raw.get("Failover") for raw in sent]


def test_what_the_cli_lists_is_read_whole():
    loaded = zone_from_documents(RECORDS, CHECKS)
    assert [(r.name.replace("*", "\\052"), r.type, r.set_identifier) for r in loaded.zone.record_sets] == [
        (raw["Name"], raw["Type"], raw.get("SetIdentifier")) for raw in RECORDS["ResourceRecordSets"]]
    assert [check.id for check in loaded.health_checks] == [raw["Id"] for raw in CHECKS["HealthChecks"]]
    [www] = loaded.zone.group("www.example.net.", "A")
    assert www.alias.hosted_zone_id is None                              # stays in the zone, whose id it tells
    assert loaded.zone.id == "Z08765432SHOPEXPORT1"


def test_every_policy_is_read():
    by_name = {(r.name, r.set_identifier): r for r in zone_from_documents(SHOP).zone.record_sets}
    assert by_name["app.example.com.", "secondary"].failover is Failover.SECONDARY
    assert by_name["www.example.com.", "us-east-1"].weight == 3
    assert by_name["api.example.com.", "eu-west-1"].multivalue_answer
    assert by_name["global.example.com.", "eu-west-1"].region == "eu-west-1"
    assert by_name["near.example.com.", "Oregon"].geolocation == GeoLocation(country="US", subdivision="OR")
    assert by_name["example.com.", None].values == ('"v=spf1 mx -all"',)


def test_names_of_health_checks_are_tags():
    """A46."""
    names = {check.id: check.name for check in zone_from_documents(SHOP).health_checks}
    assert names["check-us-east-1"] == "us-east-1 /health"


def test_health_checks_of_both_files_count():
    document = kit(record(SetIdentifier="a", Weight=1, HealthCheckId="east"), checks=[EAST])
    config = {"Type": "CALCULATED", "HealthThreshold": 1, "ChildHealthChecks": ["east"]}
    loaded = zone_from_documents(document, {"HealthChecks": [{"Id": "west", "HealthCheckConfig": config}, EAST]})
    assert [check.id for check in loaded.health_checks] == ["east", "west"]
    other = {**EAST, "HealthCheckConfig": {**EAST["HealthCheckConfig"], "Port": 8080}}
    assert problems_of(document, {"HealthChecks": [other]}) == [
        "health check east: is given twice, with different settings. Keep one of them."]


@pytest.mark.parametrize(("changes", "values"), [
    ([("UPSERT", "192.0.2.1"), ("UPSERT", "192.0.2.2")], ["192.0.2.2"]),
    ([("CREATE", "192.0.2.1"), ("UPSERT", "192.0.2.2")], ["192.0.2.2"]),
    ([("UPSERT", "192.0.2.1"), ("CREATE", "192.0.2.2")], None),                  # D9: it already exists
    ([("CREATE", "192.0.2.1"), ("DELETE", "192.0.2.1")], None),
], ids=["UPSERT UPSERT", "CREATE UPSERT", "UPSERT CREATE", "CREATE DELETE"])
def test_a_batch_sees_its_own_earlier_changes(changes, values):
    """D4, D6."""
    document = batch(*((action, record(ResourceRecords=[{"Value": value}])) for action, value in changes))
    if values is None:
        assert len(problems_of(document)) == 1
    else:
        assert [[*r.values] for r in zone_from_documents(document).zone.group("app.example.com.", "A")] == [values]


# --- the zone's name --------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("document", "zone_name", "zone"), [
    (batch(("CREATE", record())), None, "example.com."),
    (batch(("CREATE", record())), "app.example.com", "app.example.com."),
    (batch(("CREATE", record("www.example.com.")), ("CREATE", record("*.a.example.com."))), None, "example.com."),
    (kit(record()), "Example.COM", "example.com."),
], ids=["guessed", "given", "common", "given and stated"])
def test_zone_name(document, zone_name, zone):
    assert zone_from_documents(document, zone_name=zone_name).zone.name == zone


def test_a_guess_is_said():
    assert zone_from_documents(batch(("CREATE", record()))).warnings == (
        "no SOA and no HostedZone: the zone is taken to be example.com. If it is another, say so with --zone-name.",)
    assert zone_from_documents(batch(("CREATE", record())), zone_name="example.com").warnings == ()


@pytest.mark.parametrize(("document", "zone_name", "problem"), [
    (batch(("CREATE", record("example.com.")), ("CREATE", record("example.org."))), None,
     "the zone's name cannot be told from the names in it: example.com., example.org. Name the zone with --zone-name"),
    ({"Changes": []}, None, "the zone's name is unknown: there are no names to tell it by. Name the zone with --zone-"),
    (kit(record()), "example.org", "--zone-name example.org: the zone in the file is example.com. Leave --zone-name"),
    ({"ResourceRecordSets": [SOA, record()]}, "example.org",
     "--zone-name example.org: the zone in the file is example.com."),
    (kit(record()), "a b", '--zone-name: name "a b" holds a space'),
    (kit(record(), Name="exa mple.com"), None, 'HostedZone.Name: name "exa mple.com" holds a space'),
    (kit(record(), Name=7), None, "zone file: HostedZone.Name is 7, must be text"),
    ({"HostedZone": "example.com", "ResourceRecordSets": [record()]}, None,
     'zone file: HostedZone is "example.com", must be an object. Write it like "HostedZone": {"Name": "example.com."'),
], ids=["nothing in common", "no names", "not as stated", "not the SOA's", "no name", "bad", "number", "text"])
def test_zone_name_refused(document, zone_name, problem):
    [found] = problems_of(document, zone_name=zone_name)
    assert found.startswith(problem)


# --- what is wrong, all at once ---------------------------------------------------------------------------------

@pytest.mark.parametrize(("document", "expected"), [
    (kit(record(), record("www.example.com.", TTL=-5), record("api.example.org.")),
     ["www.example.com. A: TTL is -5 s", "api.example.org. A: is outside the zone example.com."]),
    (kit(record(TTL="60"), alias("app.example.com.")), ["app.example.com. A: TTL is"]),     # a target, if not sound
    (kit(record(SetIdentifier="a", Weight=1), record(SetIdentifier="a", Weight=999)),
     ["app.example.com. A (a): weight is 999", "app.example.com. A: SetIdentifier a is used twice"]),
    (kit(record(SetIdentifier="a", Fallover="PRIMARY"), record(SetIdentifier="b", Failover="SECONDARY")),
     ['app.example.com. A (a): unknown key "Fallover"']),                                   # no mixed policies on top
    (kit(record(SetIdentifier="a", Failover="TERTIARY"), record(SetIdentifier="b", Failover="PRIMARY")),
     ['app.example.com. A (a): Failover is "TERTIARY"']),                                   # nor a second primary
    (kit(record(SetIdentifier="a", CidrRoutingConfig={}), record(SetIdentifier="b", CidrRoutingConfig={})),
     ["app.example.com. A (a): CidrRoutingConfig", "app.example.com. A (b): CidrRoutingConfig"]),
    (kit({"Type": "A"}, "text", record(Name="a..example.com")),
     ["record set 1: Name is missing", "record set 1: has no TTL", "record set 1: has 0 values",
      'record set 2: it is "text", must be an object',
      "\"a..example.com\" A: name 'a..example.com' has an empty label"]),
    (kit(record("example.com.", Type="CNAME", ResourceRecords=[{"Value": "a.example.com"}])),
     ["example.com. CNAME: a CNAME is not allowed at the zone apex"]),                      # C14
    (kit(record(HealthCheckId="esat"), checks=[EAST]),
     ['app.example.com. A: health check "esat" does not exist. Did you mean east?']),
    (kit(record(HealthCheckId="east"), checks=[{**EAST, "HealthCheckConfig": {"Type": "HTTP"}}]),
     ["health check east: names no endpoint"]),                                             # it exists, if not sound
    (kit(checks=[EAST, {"Id": "all", "HealthCheckConfig": {"Type": "CALCULATED", "HealthThreshold": 1,
                                                           "ChildHealthChecks": ["east", "west"]}}]),
     ["health check all: child health check 'west' does not exist"]),
    (kit(record(), alias("app.example.com.", home="Z0OTHER"), Id="Z0HOME"),
     ["www.example.com. A: AliasTarget.HostedZoneId is Z0OTHER, but app.example.com. is in this zone, Z0HOME"]),
    (kit({"Name": "www.example.com.", "Type": "A", "AliasTarget": {
        "DNSName": "lb.us-east-1.elb.amazonaws.com.", "EvaluateTargetHealth": True}}),
     ["www.example.com. A: AliasTarget lacks the HostedZoneId of lb.us-east-1.elb.amazonaws.com."]),
    (kit(record(), alias("app.example.com.", "Z0HOME"), alias("app.example.com.", "Z0HOME", "a.example.com."),
         alias("app.example.com.", "Z0SLIP", "b.example.com.")),
     ["b.example.com. A: AliasTarget.HostedZoneId is Z0SLIP, but app.example.com. is in this zone, Z0HOME"]),
    (batch(("DELETE", record()), ("REPLACE", record("www.example.com."))),
     ["change 2: Action is \"REPLACE\". Use one of CREATE, UPSERT, DELETE",
      "app.example.com. A: cannot be deleted: a change batch is read as a zone of its own"]),
    ({"Changes": [{"Action": "CREATE"}, {"ResourceRecordSet": record()}, "x"]},
     ["change 1: ResourceRecordSet is missing", "change 2: Action is missing",
      'change 3: it is "x", must be an object']),
    ({**kit(record()), **batch(("CREATE", record()))}, ["zone file: holds both ResourceRecordSets and Changes",
                                                       "app.example.com. A: there are 2 simple record sets"]),
], ids=lambda v: v[0][:50] if isinstance(v, list) else "")
def test_problems(document, expected):
    found = problems_of(document)
    assert len(found) == len(expected), found
    for text, start in zip(found, expected, strict=True):
        assert text.startswith(start)


@pytest.mark.parametrize(("document", "checks", "problem"), [
    ([record()], None, 'zone file: is a list, must be an object. Write it like {"ResourceRecordSets": [...]}; the AWS '
                       "CLI prints that unless it is run with --query."),
    ("zone", None, 'zone file: is "zone", must be an object.'),
    (None, None, "zone file: is null, must be an object."),
    ({}, None, "zone file: holds no record sets. Give what `aws route53 list-resource-record-sets` prints."),
    (CHECKS, None, "zone file: holds no record sets. Pass it with --health-checks, beside the file with the record"),
    ({"ResourceRecordSets": {}}, None, "zone file: ResourceRecordSets is an object, must be a list."),
    (kit(), [EAST], 'health checks file: is a list, must be an object. Write it like {"HealthChecks": [...]}'),
    (kit(), {"HealthCheck": EAST}, 'health checks file: unknown key "HealthCheck". Did you mean HealthChecks?'),
    (kit(), RECORDS, 'health checks file: unknown key "ResourceRecordSets". Known here: HealthChecks, '),
], ids=["list", "text", "null", "empty", "checks", "no list", "checks as list", "one check", "records as checks"])
def test_not_such_a_file(document, checks, problem):
    assert problems_of(document, checks)[0].startswith(problem)


def test_problems_of_both_files_come_together(tmp_path):
    (tmp_path / "zone.json").write_text('{"HostedZone": {"Name": "example.com", "Name": "example.org"}}')
    (tmp_path / "checks.json").write_text('{"HealthChecks": [{"Id": "east", "HealthCheckConfig": {"Type": "HTTP"}}]}')
    with pytest.raises(ConfigurationError) as caught:
        load_zone(tmp_path / "zone.json", health_checks=tmp_path / "checks.json")
    assert [problem.what for problem in caught.value.problems] == [
        'key "Name" is given twice in one object, first in line 1', "names no endpoint"]
    with pytest.raises(ConfigurationError) as caught:
        load_zone(tmp_path / "gone.json", health_checks=tmp_path / "gone-too.json")
    assert [Path(problem.where).name for problem in caught.value.problems] == ["gone.json", "gone-too.json"]


# --- what is worth a warning ------------------------------------------------------------------------------------

LISTED = {"ResourceRecordSets": [SOA, record(HealthCheckId="east"), record("a.example.com.", HealthCheckId="gone")]}


@pytest.mark.parametrize(("document", "checks", "warnings"), [
    (LISTED, None, ["2 record sets count as always healthy, as their health checks are not given: east, gone. Give "
                    "what `aws route53 list-health-checks` prints with --health-checks."]),
    (LISTED, {"HealthChecks": [EAST]}, ["1 record sets count as always healthy, as their health checks are not given: "
                                        "gone. They may have been deleted."]),
    ({**LISTED, "NextToken": "eyJ"}, {"HealthChecks": [EAST, {**EAST, "Id": "gone"}], "IsTruncated": True},
     ["zone file is cut short: its list goes on. Run the AWS CLI without --max-items.",
      "health checks file is cut short: its list goes on. Run the AWS CLI without --max-items."]),
    (kit(Config={"PrivateZone": True}), None,
     ["example.com. is a private zone; the lab answers everybody who can reach it."]),
], ids=["no checks", "deleted check", "cut short", "private zone"])
def test_warnings(document, checks, warnings):
    """A35: a check may be deleted while records use it; they then count as healthy."""
    loaded = zone_from_documents(document, checks)
    assert [*loaded.warnings] == warnings


def test_a_batch_with_its_checks_must_name_them():
    """D3: NoSuchHealthCheck."""
    document = batch(("CREATE", record(HealthCheckId="gone")))
    assert problems_of(document, {"HealthChecks": [EAST]}) == [
        'app.example.com. A: health check "gone" does not exist. Add it to HealthChecks, or leave HealthCheckId out.']


# --- writing, and reading back ----------------------------------------------------------------------------------

@pytest.mark.parametrize("files", [("examples-zone.json", None), ("shop-records.json", "shop-health-checks.json")])
def test_written_and_read_back(tmp_path, files):
    loaded = load_zone(files[0], health_checks=files[1])
    write_zone(tmp_path / "zone.json", loaded.zone, loaded.health_checks)
    again = load_zone(tmp_path / "zone.json")
    assert (again.zone, again.health_checks, again.warnings) == (loaded.zone, loaded.health_checks, ())


@pytest.mark.parametrize("files", [("examples-zone.json", None), ("shop-records.json", "shop-health-checks.json")])
def test_botocore_accepts_every_part_of_what_is_written(files):
    loaded = load_zone(files[0], health_checks=files[1])
    document, model = zone_document(loaded.zone, loaded.health_checks), service_model("route53")
    for member, shape in [("HostedZone", "HostedZone"), ("ResourceRecordSets", "ResourceRecordSets"),
                          ("HealthChecks", "HealthChecks"), ("ResourceTagSets", "ResourceTagSetList")]:
        if member in document:
            report = ParamValidator().validate(document[member], model.shape_for(shape))
            assert not report.has_errors(), report.generate_report()
    changes = {"Changes": [{"Action": "UPSERT", "ResourceRecordSet": raw} for raw in document["ResourceRecordSets"]]}
    assert not ParamValidator().validate(changes, model.shape_for("ChangeBatch")).has_errors()
    assert zone_from_documents({"HostedZoneId": loaded.zone.id, "ChangeBatch": changes}).zone == loaded.zone


def test_an_example_is_found_by_its_bare_name_unless_a_file_of_that_name_is_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert load_zone("examples-zone.json").zone.name == "example.com."
    Path("examples-zone.json").write_text(json.dumps(kit(Name="my.example.")))
    assert load_zone("examples-zone.json").zone.name == "my.example."
    with pytest.raises(ConfigurationError, match="No such file"):
        load_zone("elsewhere/examples-zone.json")


# --- nothing breaks it ------------------------------------------------------------------------------------------

leaves = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
anything = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) |
                        st.dictionaries(st.text(max_size=8), inner, max_size=3), max_leaves=6)
members = st.sampled_from(["HostedZone", "ResourceRecordSets", "HealthChecks", "Changes", "ChangeBatch",
                           "ResourceTagSets", "HostedZoneId", "IsTruncated", "NextToken"])


def outcome(*documents):
    """The zone, and the problems: one of the two."""
    try:
        return zone_from_documents(*documents), ()
    except ConfigurationError as error:
        return None, error.problems


@settings(max_examples=200, deadline=None)
@given(st.dictionaries(members, anything, max_size=4), anything)
def test_any_json_is_a_zone_or_a_list_of_problems(document, checks):
    loaded, problems = outcome(document, checks)
    assert (loaded is None) == bool(problems)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_damage_to_a_good_file_is_reported_never_a_traceback(data):
    document = deepcopy(SHOP)
    for _ in range(data.draw(st.integers(1, 3))):
        inside = document
        while True:
            key = data.draw(st.sampled_from([*inside] if isinstance(inside, dict) else range(len(inside))))
            if not isinstance(inside[key], (dict, list)) or not inside[key] or data.draw(st.integers(0, 5)) == 0:
                break
            inside = inside[key]
        inside[key] = data.draw(anything)
        if data.draw(st.booleans()):
            del inside[key]
    loaded, problems = outcome(document)
    assert (loaded is None) == bool(problems)
    assert all(problem.what and problem.fix for problem in problems)
