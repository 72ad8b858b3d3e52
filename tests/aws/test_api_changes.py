"""ChangeResourceRecordSets and what it refuses, through boto3. Facts D3 to D7, D9, D10, D12; vectors H25 to H27."""

from random import Random

import pytest
from change_batches import ELB, ELB_ZONE, alias, change, create, delete, listed, refused, rrset, upsert

APP, WWW = "app.example.com.", "www.example.com."


def weighted(identifier, weight=1, ttl=60, name=APP, **more):
    return rrset(name, ttl=ttl, SetIdentifier=identifier, Weight=weight, **more)


def failover(role, identifier=None, name=APP, **more):
    return rrset(name, SetIdentifier=identifier or role.lower(), Failover=role, **more)


def latency(region, identifier):
    return rrset(APP, SetIdentifier=identifier, Region=region)


def multivalue(identifier):
    return rrset(APP, SetIdentifier=identifier, MultiValueAnswer=True)


def many(name, count):
    return rrset(name, *(f"10.0.{number // 256}.{number % 256}" for number in range(count)))


LONG_TEXTS = [f'"{number:03}{"x" * 195}"' for number in range(20)]          # 4,000 characters


@pytest.fixture
def ids(lab, route53):
    """What the tables below cannot know: the zone's id, and that of a health check."""
    check = route53.create_health_check(
        CallerReference="c", HealthCheckConfig={"Type": "HTTP", "IPAddress": "192.0.2.1"})
    return {"zone": lab.zone.id, "check": check["HealthCheck"]["Id"]}


# ---- batches that are taken ------------------------------------------------------------------------------------

TAKEN = {
    # before (one batch), the batch, what is listed then
    "create a simple record": ([], [create(rrset())], {(APP, "A", None)}),
    "upsert creates what is missing": ([], [upsert(rrset())], {(APP, "A", None)}),
    "upsert replaces (D6)": ([create(rrset())], [upsert(rrset(APP, "192.0.2.7"))], {(APP, "A", None)}),
    "upsert tells members apart by set identifier (D6)": (
        [create(weighted("a"))], [upsert(weighted("b"))], {(APP, "A", "a"), (APP, "A", "b")}),
    "delete CNAME, create A at the same name (H26, D4)": (
        [create(rrset(APP, "x.example.net", type="CNAME"))],
        [delete(rrset(APP, "x.example.net", type="CNAME")), create(rrset())], {(APP, "A", None)}),
    "create, then delete in one batch (D4)": ([], [create(rrset()), delete(rrset())], set()),
    "delete, then create again (D4)": ([create(rrset())], [delete(rrset()), create(rrset(APP, "192.0.2.2"))],
                                       {(APP, "A", None)}),
    "weights 0 and 255 (B18)": ([], [create(weighted("a", 0)), create(weighted("b", 255))],
                                {(APP, "A", "a"), (APP, "A", "b")}),
    "MultiValueAnswer false beside another policy": ([], [create(weighted("a", MultiValueAnswer=False))],
                                                     {(APP, "A", "a")}),
    "values in another order (D5)": ([create(rrset(APP, "192.0.2.1", "192.0.2.2"))],
                                     [delete(rrset(APP, "192.0.2.2", "192.0.2.1"))], set()),
    "MultiValueAnswer left out of a delete (D5)": (
        [create(multivalue("a"))], [delete(rrset(APP, SetIdentifier="a"))], set()),
    "name without its dot, in capitals (C5)": ([create(rrset("App.Example.COM"))], [delete(rrset(APP))], set()),
    "escaped wildcard (C12)": ([create(rrset("*.example.com"))], [delete(rrset("\\052.example.com"))], set()),
    "a target made by the same batch (B39)": (
        [], [create(rrset(WWW)), create(alias(APP, WWW, "{zone}"))], {(APP, "A", None), (WWW, "A", None)}),
    "alias of an AWS resource": ([], [create(alias(APP, ELB, ELB_ZONE))], {(APP, "A", None)}),
    "alias at the apex (B42)": ([], [create(alias("example.com.", ELB, ELB_ZONE))], {("example.com.", "A", None)}),
    "failover pair, the primary with a check (B5)": (
        [], [create(failover("PRIMARY", HealthCheckId="{check}")), create(failover("SECONDARY"))],
        {(APP, "A", "primary"), (APP, "A", "secondary")}),
    "primary alias without a check (B30)": (
        [], [create(rrset(WWW)), create(alias(APP, WWW, "{zone}", SetIdentifier="p", Failover="PRIMARY"))],
        {(APP, "A", "p"), (WWW, "A", None)}),
    "1,000 values (D7)": ([], [create(many(APP, 400)), create(many(WWW, 400)), create(many("big.example.com", 200))],
                          {(APP, "A", None), (WWW, "A", None), ("big.example.com.", "A", None)}),
    "500 values in an upsert (D7)": ([], [upsert(many(APP, 400)), upsert(many(WWW, 100))],
                                     {(APP, "A", None), (WWW, "A", None)}),
    "32,000 characters (D7)": ([], [create(rrset(f"t{n}.example.com", *LONG_TEXTS, type="TXT")) for n in range(8)],
                               {(f"t{n}.example.com.", "TXT", None) for n in range(8)}),
}


def filled(value, ids):
    """The table's {zone} and {check} filled in."""
    match value:
        case dict():
            return {key: filled(item, ids) for key, item in value.items()}
        case list():
            return [filled(item, ids) for item in value]
        case "{zone}" | "{check}":
            return ids[value[1:-1]]
    return value


@pytest.mark.parametrize(("before", "batch", "after"), TAKEN.values(), ids=TAKEN)
def test_a_batch_is_taken(route53, ids, before, batch, after):
    if before:
        change(route53, ids["zone"], *filled(before, ids))
    info = change(route53, ids["zone"], *filled(batch, ids), comment="why")
    assert (info["Status"], info["Comment"]) == ("PENDING", "why")
    assert listed(route53, ids["zone"]).keys() == after


def test_what_was_sent_is_what_is_listed(route53, ids):
    sent = [rrset(APP, SetIdentifier="eu", GeoLocation={"ContinentCode": "EU"}, HealthCheckId=ids["check"]),
            rrset(APP, "192.0.2.2", SetIdentifier="tx", GeoLocation={"CountryCode": "US", "SubdivisionCode": "TX"}),
            rrset(APP, "192.0.2.3", SetIdentifier="rest", GeoLocation={"CountryCode": "*"}),
            rrset("t.example.com.", '"one" "two"', type="TXT", ttl=0),
            rrset("m.example.com.", "10 mail.example.com.", type="MX"),
            alias("elb.example.com.", ELB, ELB_ZONE, evaluate=False)]
    change(route53, ids["zone"], *map(create, sent))
    found = listed(route53, ids["zone"])
    assert [found[each["Name"], each["Type"], each.get("SetIdentifier")] for each in sent] == sent


# ---- batches that are refused ----------------------------------------------------------------------------------

CNAME_APP = rrset(APP, "x.example.net", type="CNAME")
REFUSED = {
    # before, the batch, InvalidChangeBatch's messages
    "create twice": ([create(rrset())], [create(rrset(APP, "192.0.2.2"))], [
        "Tried to create resource record set [name='app.example.com.', type='A'] but it already exists"]),
    "create a member twice": ([create(weighted("x"))], [create(weighted("x"))], [
        "Tried to create resource record set [name='app.example.com.', type='A', set-identifier='x'] "
        "but it already exists"]),
    "create twice in one batch (D4)": ([], [create(rrset()), create(rrset())], [
        "Tried to create resource record set [name='app.example.com.', type='A'] but it already exists"]),
    "delete what is not there": ([], [delete(rrset())], [
        "Tried to delete resource record set [name='app.example.com.', type='A'] but it was not found"]),
    "delete twice in one batch (D4)": ([create(rrset())], [delete(rrset()), delete(rrset())], [
        "Tried to delete resource record set [name='app.example.com.', type='A'] but it was not found"]),
    "delete with an old TTL (H27)": ([create(rrset())], [delete(rrset(ttl=300))], [
        "Tried to delete resource record set [name='app.example.com.', type='A'] but the values provided do not match "
        "the current values"]),
    "delete with another value (D5)": ([create(rrset(APP, "192.0.2.1", "192.0.2.2"))], [delete(rrset())], [
        "Tried to delete resource record set [name='app.example.com.', type='A'] but the values provided do not match "
        "the current values"]),
    "delete with another weight (D5)": ([create(weighted("x", 1))], [delete(weighted("x", 2))], [
        "Tried to delete resource record set [name='app.example.com.', type='A', set-identifier='x'] but the values "
        "provided do not match the current values"]),
    "outside the zone": ([], [create(rrset("foo.org"))], [
        "RRSet with DNS name foo.org. is not permitted in zone example.com."]),
    "CNAME at the apex (C14)": ([], [create(rrset("example.com", "x.example.net", type="CNAME"))], [
        "RRSet of type CNAME with DNS name example.com. is not permitted at apex in zone example.com."]),
    "CNAME beside another type (C14)": ([create(rrset())], [create(CNAME_APP)], [
        "RRSet of type CNAME with DNS name app.example.com. is not permitted as it conflicts with other records with "
        "the same DNS name in zone example.com."]),
    "upsert does not change a type (D6)": ([create(CNAME_APP)], [upsert(rrset())], [
        "RRSet of type A with DNS name app.example.com. is not permitted because a conflicting RRSet of type  CNAME "
        "with the same DNS name already exists in zone example.com."]),
    "alias of nothing (B39)": ([], [create(alias(APP, WWW, "{zone}"))], [
        "Tried to create an alias that targets www.example.com., type A in zone {zone}, but that target was not "
        "found"]),
    "alias of another type (B39)": ([create(rrset(WWW))], [create(alias(APP, WWW, "{zone}", type="AAAA"))], [
        "Tried to create an alias that targets www.example.com., type AAAA in zone {zone}, but that target was not "
        "found"]),
    "alias before its target (B39)": ([], [create(alias(APP, WWW, "{zone}")), create(rrset(WWW))], [
        "Tried to create an alias that targets www.example.com., type A in zone {zone}, but that target was not "
        "found"]),
    "two for one Region (B4)": ([create(latency("eu-west-1", "x"))], [create(latency("eu-west-1", "y"))], [
        "RRSet with DNS name app.example.com., type A, SetIdentifier y, and Region Name=eu-west-1 cannot be created "
        "because a latency RRSet with the same name, type and region already exists."]),
    "weighted beside failover (B1)": ([create(failover("SECONDARY"))], [create(weighted("w"))], [
        "RRSet with DNS name app.example.com., type A, SetIdentifier w cannot be created as a non-weighted set exists "
        "with the same name and type"]),
    "simple beside weighted (B1)": ([create(weighted("w"))], [upsert(rrset())], [
        "RRSet with DNS name app.example.com., type A cannot be created as other RRSets exist with the same name and "
        "type"]),
    "weighted beside simple (B1)": ([create(rrset())], [create(weighted("w"))], [
        "RRSet with DNS name app.example.com., type A, SetIdentifier w cannot be created as a non-weighted set exists "
        "with the same name and type"]),
    "primary without a check (D9)": ([], [create(failover("PRIMARY"))], [
        "A non-alias primary ResourceRecordSet must have an associated health check"]),
    "1,001 values (D7)": ([], [create(many(APP, 400)), create(many(WWW, 400)), create(many("big.example.com", 201))], [
        "Number of records limit of 1000 exceeded."]),
    "501 values count twice in an upsert (D7)": ([], [upsert(many(APP, 400)), upsert(many(WWW, 101))], [
        "Number of records limit of 1000 exceeded."]),
    "32,001 characters (D7)": ([], [create(rrset(f"t{n}.example.com", *LONG_TEXTS, type="TXT")) for n in range(8)] + [
        create(rrset("t8.example.com", '"x"', type="TXT"))], ["Number of characters limit of 32000 exceeded."]),
    "the zone keeps its SOA and NS (C1)": ([], [
        delete(rrset("example.com.", "ns-2048.awsdns-64.com.", "ns-2049.awsdns-65.net.", "ns-2050.awsdns-66.org.",
                     "ns-2051.awsdns-67.co.uk.", type="NS", ttl=172800))], [
        "A HostedZone must contain at least one NS record for the zone itself."]),
    "every problem": ([], [delete(rrset()), create(rrset("foo.org")), create(failover("PRIMARY", name=WWW))], [
        "Tried to delete resource record set [name='app.example.com.', type='A'] but it was not found",
        "RRSet with DNS name foo.org. is not permitted in zone example.com.",
        "A non-alias primary ResourceRecordSet must have an associated health check"]),
}


@pytest.mark.parametrize(("before", "batch", "messages"), REFUSED.values(), ids=REFUSED)
def test_a_batch_is_refused_as_a_whole(lab, route53, ids, before, batch, messages):
    change(route53, ids["zone"], create(rrset("other.example.com.")), *filled(before, ids))
    state = listed(route53, ids["zone"]), lab.zone
    good = create(rrset("good.example.com."))
    with refused("InvalidChangeBatch", 400) as caught:
        change(route53, ids["zone"], good, *filled(batch, ids), upsert(rrset("other.example.com.", "192.0.2.9")))
    expected = ", ".join(message.replace("{zone}", ids["zone"]) for message in messages)
    assert caught.value.response["Error"]["Message"] == f"[{expected}]"                     # D9: printed in brackets
    assert (listed(route53, ids["zone"]), lab.zone) == state                                # D3, H25: all or nothing
    assert lab.ask("good.example.com").rcode == "NXDOMAIN"


FORMS = {
    "set identifier without a policy": ("DELETE", rrset(APP, SetIdentifier="y"), (
        "Invalid request: Expected exactly one of [Weight, Region, Failover, GeoLocation, or MultiValueAnswer], but "
        "found none in Change with [Action=DELETE, Name=app.example.com., Type=A, SetIdentifier=y]")),
    "two policies": ("CREATE", weighted("y", Region="eu-west-1"), (
        "exactly one of [Weight, Region, Failover, GeoLocation, or MultiValueAnswer], but found more than one")),
    "neither values nor alias": ("CREATE", {"Name": APP, "Type": "A"}, (
        "Invalid request: Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or "
        "TrafficPolicyInstanceId], but found none in Change with [Action=CREATE, Name=app.example.com., Type=A, "
        "SetIdentifier=null]")),
    "values without a TTL": ("CREATE", {"Name": APP, "Type": "A", "ResourceRecords": [{"Value": "192.0.2.1"}]}, (
        "TrafficPolicyInstanceId], but found none")),
    "alias with a TTL (B7)": ("CREATE", alias(APP, ELB, ELB_ZONE, TTL=60), (
        "TrafficPolicyInstanceId], but found more than one")),
    "policy without a set identifier": ("UPSERT", rrset(APP, Weight=1), (
        "Invalid request: Missing field 'SetIdentifier' in Change with [Action=UPSERT, Name=app.example.com., Type=A, "
        "SetIdentifier=null]")),
}


@pytest.mark.parametrize(("action", "record", "words"), FORMS.values(), ids=FORMS)
def test_members_that_do_not_go_together_are_invalid_input(lab, route53, action, record, words):
    """D10."""
    before = lab.zone
    with refused("InvalidInput", 400, words):
        change(route53, lab.zone.id, create(rrset("good.example.com.")),
               {"Action": action, "ResourceRecordSet": record})
    assert lab.zone is before


@pytest.mark.parametrize("record", [
    rrset(APP, "300.1.1.1"), rrset(APP, "hello", type="TXT"), rrset("a..example.com"),
    rrset(APP, "192.0.2.1", "192.0.2.1"),
    rrset(APP, "a.example.net", "b.example.net", type="CNAME"), rrset("x*.example.com", "192.0.2.1"),
    weighted("x", name="example.com.") | {"Type": "NS", "ResourceRecords": [{"Value": "ns.example.net."}]},
    alias(APP, ELB, ELB_ZONE, evaluate=False, SetIdentifier="p", Failover="PRIMARY"),
], ids=["address", "no quotes", "empty label", "value twice", "two CNAMEs", "half wildcard", "NS routed (B8)",
        "failover alias that does not evaluate (B30)"])
def test_a_record_set_that_cannot_work_is_an_invalid_resource_record(lab, route53, record):
    before = lab.zone
    with refused("InvalidChangeBatch", 400, "Invalid Resource Record: "):
        change(route53, lab.zone.id, create(record))
    assert lab.zone is before


@pytest.mark.parametrize("routing", [
    {"CidrRoutingConfig": {"CollectionId": "0a1b2c3d-0123-4567-89ab-0123456789ab", "LocationName": "office"}},
    {"GeoProximityLocation": {"AWSRegion": "us-east-1", "Bias": 5}},
], ids=lambda routing: next(iter(routing)))
def test_routing_that_the_lab_does_not_do_is_refused_by_name(lab, route53, routing):
    with refused("NotImplemented", 501, next(iter(routing))):
        change(route53, lab.zone.id, create(rrset(APP, SetIdentifier="x", **routing)))


def test_a_check_that_does_not_exist_is_named(lab, route53, ids):
    """D3; and A35: a record whose check was deleted can still be deleted."""
    with refused("NoSuchHealthCheck", 404, "nobody"):
        change(route53, ids["zone"], create(failover("PRIMARY", HealthCheckId="nobody")))
    primary = failover("PRIMARY", HealthCheckId=ids["check"])
    change(route53, ids["zone"], create(primary))
    route53.delete_health_check(HealthCheckId=ids["check"])
    change(route53, ids["zone"], delete(primary))
    assert not listed(route53, ids["zone"])


def test_weighted_records_share_the_ttl_given_last(route53, ids):
    """B7."""
    change(route53, ids["zone"], create(weighted("a", ttl=60)), create(weighted("b", ttl=60)))
    change(route53, ids["zone"], upsert(weighted("b", ttl=20)))
    assert {record["TTL"] for record in listed(route53, ids["zone"]).values()} == {20}


def test_an_alias_is_not_left_without_its_target(lab, route53, ids):
    change(route53, ids["zone"], create(rrset(WWW)), create(alias(APP, WWW, ids["zone"])))
    with refused("InvalidChangeBatch", 400, "alias target www.example.com. A is not in the zone"):
        change(route53, ids["zone"], delete(rrset(WWW)))
    change(route53, ids["zone"], delete(rrset(WWW)), delete(alias(APP, WWW, ids["zone"])))
    assert not listed(route53, ids["zone"])


# ---- the list --------------------------------------------------------------------------------------------------

def names(client, zone_id, **asked):
    found = client.list_resource_record_sets(HostedZoneId=zone_id, **asked)
    return [(each["Name"].split(".")[0], each["Type"]) for each in found["ResourceRecordSets"]], found


def test_the_list_is_sorted_by_reversed_labels_then_type(route53, ids):
    """D12. The dot counts: "com.example.a-b." comes before "com.example.a.", as "-" comes before "."."""
    change(route53, ids["zone"], *(create(rrset(name)) for name in (
        "z.example.com", "a.z.example.com", "a.example.com", "a-b.example.com", "*.example.com")),
        create(rrset("a.example.com", "2001:db8::1", type="AAAA")))
    assert names(route53, ids["zone"])[0] == [
        ("example", "NS"), ("example", "SOA"), ("\\052", "A"), ("a-b", "A"), ("a", "A"), ("a", "AAAA"), ("z", "A"),
        ("a", "A")]


@pytest.mark.parametrize(("start", "first"), [
    ({"StartRecordName": "b.example.com"}, ("b", "A")),
    ({"StartRecordName": "aa.example.com"}, ("b", "A")),                                     # not there: the next one
    ({"StartRecordName": "b.example.com", "StartRecordType": "AAAA"}, ("c", "A")),
    ({"StartRecordName": "zz.example.com"}, None),
], ids=str)
def test_the_list_begins_where_it_is_told(route53, ids, start, first):
    change(route53, ids["zone"], *(create(rrset(f"{letter}.example.com")) for letter in "abc"))
    found, _ = names(route53, ids["zone"], **start)
    assert found[:1] == ([first] if first else [])


@pytest.mark.parametrize("start", [
    {"StartRecordType": "A"}, {"StartRecordName": "a.example.com", "StartRecordIdentifier": "x"},
    {"StartRecordName": "a..example.com"}, {"MaxItems": "0"}, {"MaxItems": "many"}], ids=str)
def test_a_start_that_makes_no_sense_is_invalid_input(route53, ids, start):
    with refused("InvalidInput", 400):
        names(route53, ids["zone"], **start)


def test_pages_cover_everything_once_even_within_a_group(route53, ids):
    change(route53, ids["zone"], *(create(weighted(f"w{number:02}")) for number in range(25)))
    _, first = names(route53, ids["zone"], MaxItems="10")
    assert (first["IsTruncated"], first["NextRecordName"], first["NextRecordType"], first["NextRecordIdentifier"],
            first["MaxItems"]) == (True, APP, "A", "w08", "10")
    pages = list(route53.get_paginator("list_resource_record_sets").paginate(
        HostedZoneId=ids["zone"], PaginationConfig={"PageSize": 10}))
    seen = [each.get("SetIdentifier") for page in pages for each in page["ResourceRecordSets"]]
    assert seen == [None, None, *(f"w{number:02}" for number in range(25))]
    assert [len(page["ResourceRecordSets"]) for page in pages] == [10, 10, 7]


def test_at_most_300_at_a_time(route53, ids):
    change(route53, ids["zone"], *(create(rrset(f"h{number}.example.com")) for number in range(310)))
    found, page = names(route53, ids["zone"], MaxItems="1000")
    assert (len(found), page["IsTruncated"], page["MaxItems"]) == (300, True, "300")


# ---- random batches against a dict -----------------------------------------------------------------------------

def by_the_dict(state, batch):
    """What a plain dict makes of a batch of A records, simple or weighted, or None where a rule forbids it."""
    state = dict(state)
    for action, name, identifier, value in batch:
        key = name, identifier
        mixes = any(other[0] == name and other != key and None in (identifier, other[1]) for other in state)
        if action == "DELETE":
            if state.get(key) != value:
                return None
            del state[key]
        elif mixes or (action == "CREATE" and key in state):
            return None
        else:
            state[key] = value
    return state


@pytest.mark.parametrize("seed", range(4))
def test_random_batches_do_what_a_dict_does(lab, route53, seed):
    """D3 to D6, B1: the same record sets after each batch, and none of a batch that is refused."""
    rng, state, taken = Random(seed), {}, 0
    for _ in range(150):
        batch = [(rng.choice(["CREATE", "UPSERT", "DELETE"]), f"{rng.choice('abc')}.example.com.",
                  rng.choice([None, "x", "y"]), f"192.0.2.{rng.randrange(2)}") for _ in range(rng.randrange(1, 4))]
        changes = [{"Action": action, "ResourceRecordSet": weighted(identifier, name=name) | {
            "ResourceRecords": [{"Value": value}]} if identifier else rrset(name, value)}
            for action, name, identifier, value in batch]
        expected = by_the_dict(state, batch)
        try:
            change(route53, lab.zone.id, *changes)
            assert expected is not None, batch
            state, taken = expected, taken + 1
        except route53.exceptions.InvalidChangeBatch:
            assert expected is None, batch
        assert {(name, identifier): record["ResourceRecords"][0]["Value"]
                for (name, _, identifier), record in listed(route53, lab.zone.id).items()} == state
    assert taken > 20
