"""Hosted zones through boto3, and how a change reaches the name servers. Facts C1 to C3, C5, D1, D2, D11, D18."""

import pytest
from change_batches import change, create, refused, rrset, upsert

from failover_kit.timeline import AnswerChange, Note


def new_zone(client, name="shop.example", reference="r1", **more):
    return client.create_hosted_zone(Name=name, CallerReference=reference, **more)


def test_a_new_zone_is_described(route53):
    """D1, D17."""
    made = new_zone(route53, "Shop.Example", HostedZoneConfig={"Comment": "the shop", "PrivateZone": False})
    zone = made["HostedZone"]
    assert made["ResponseMetadata"]["HTTPStatusCode"] == 201
    assert zone["Id"].startswith("/hostedzone/Z")
    assert (zone["Name"], zone["CallerReference"], zone["ResourceRecordSetCount"]) == ("shop.example.", "r1", 2)
    assert zone["Config"] == {"Comment": "the shop", "PrivateZone": False}
    assert made["ChangeInfo"]["Status"] == "PENDING"
    assert made["ChangeInfo"]["Id"].startswith("/change/C")
    assert made["Location"] == f"https://route53.amazonaws.com/2013-04-01{zone['Id']}"
    suffixes = [server.split(".", 2)[2] for server in made["DelegationSet"]["NameServers"]]
    assert suffixes == ["com", "net", "org", "co.uk"]                                                       # C3


def test_a_new_zone_holds_soa_and_four_name_servers(lab, route53):
    """C1, C2."""
    zone_id = new_zone(route53)["HostedZone"]["Id"]
    ns, soa = route53.list_resource_record_sets(HostedZoneId=zone_id)["ResourceRecordSets"]
    assert (ns["Type"], ns["TTL"], len(ns["ResourceRecords"])) == ("NS", 172800, 4)
    assert (soa["Type"], soa["TTL"]) == ("SOA", 900)
    assert soa["ResourceRecords"][0]["Value"].endswith(" 1 7200 900 1209600 86400")
    assert lab.ask("shop.example", "SOA").answer[0].ttl == 900


@pytest.mark.parametrize("repeat", ["shop.example", "other.example"])
def test_a_caller_reference_makes_one_zone(route53, repeat):
    new_zone(route53)
    with refused("HostedZoneAlreadyExists", 409):
        new_zone(route53, repeat)


def test_two_zones_may_have_one_name(lab, route53):
    """D1. The lab's one server answers from the older."""
    first = new_zone(route53)["HostedZone"]["Id"]
    second = new_zone(route53, reference="r2")["HostedZone"]["Id"]
    assert first != second
    change(route53, second, create(rrset("www.shop.example")))
    assert lab.ask("www.shop.example").rcode == "NXDOMAIN"
    change(route53, first, create(rrset("www.shop.example", "192.0.2.7")))
    assert lab.ask("www.shop.example").answer[0].values == ("192.0.2.7",)
    assert "goes on answering" in [event.text for event in lab.timeline if isinstance(event, Note)][-3]


@pytest.mark.parametrize("name", ["com", ".", "a..example", "x" * 64 + ".example", "*.example.com", "shop example.com"])
def test_names_that_cannot_be_a_zone(route53, name):
    with refused("InvalidDomainName", 400):
        new_zone(route53, name)


@pytest.mark.parametrize("more", [{"VPC": {"VPCRegion": "us-east-1", "VPCId": "vpc-1"}},
                                  {"HostedZoneConfig": {"PrivateZone": True}}], ids=str)
def test_private_zones_are_not_built(route53, more):
    with refused("NotImplemented", 501, "public"):
        new_zone(route53, **more)


def test_no_more_than_500_zones(route53):
    for number in range(499):
        new_zone(route53, f"z{number}.example", f"r{number}")
    with refused("TooManyHostedZones", 400):
        new_zone(route53, "last.example", "last")
    assert route53.get_hosted_zone_count()["HostedZoneCount"] == 500


def test_only_an_empty_zone_can_be_deleted(lab, route53):
    """D2."""
    zone_id = new_zone(route53)["HostedZone"]["Id"]
    record = rrset("www.shop.example")
    change(route53, zone_id, create(record))
    with refused("HostedZoneNotEmpty", 400):
        route53.delete_hosted_zone(Id=zone_id)
    change(route53, zone_id, {"Action": "DELETE", "ResourceRecordSet": record})
    assert lab.ask("www.shop.example").rcode == "NXDOMAIN"
    assert route53.delete_hosted_zone(Id=zone_id)["ChangeInfo"]["Status"] == "PENDING"
    assert lab.ask("www.shop.example").rcode == "REFUSED"                                                   # C10
    with refused("NoSuchHostedZone", 404):
        route53.get_hosted_zone(Id=zone_id)


def test_the_zone_of_the_lab_itself_is_there_too(lab, route53):
    (zone,) = route53.list_hosted_zones()["HostedZones"]
    assert zone["Id"] == f"/hostedzone/{lab.zone.id}"
    assert route53.get_hosted_zone(Id=lab.zone.id)["HostedZone"] == zone
    lab.simple("www.example.com", "192.0.2.1")
    assert route53.get_hosted_zone(Id=zone["Id"])["HostedZone"]["ResourceRecordSetCount"] == 3


def test_the_comment_can_be_changed_and_removed(lab, route53):
    assert route53.update_hosted_zone_comment(Id=lab.zone.id, Comment="new")["HostedZone"]["Config"]["Comment"] == "new"
    assert "Comment" not in route53.update_hosted_zone_comment(Id=lab.zone.id)["HostedZone"]["Config"]


def test_zones_are_listed_in_pages(route53):
    for number in range(6):
        new_zone(route53, f"z{number}.example", str(number))
    pages = list(route53.get_paginator("list_hosted_zones").paginate(PaginationConfig={"PageSize": 3}))
    assert [len(page["HostedZones"]) for page in pages] == [3, 3, 1]
    assert [zone["Name"] for page in pages for zone in page["HostedZones"]][1:] == [f"z{n}.example." for n in range(6)]
    assert route53.list_hosted_zones(HostedZoneType="PrivateHostedZone")["HostedZones"] == []
    with refused("InvalidInput", 400, "marker"):
        route53.list_hosted_zones(Marker="Z404")


def test_zones_by_name_are_sorted_by_reversed_labels(route53):
    for number, name in enumerate(["b.example.net", "a.example", "example.net", "a-b.example.net", "example.com"]):
        new_zone(route53, name, str(number))
    order = ["example.com.", "example.com.", "a.example.", "example.net.", "a-b.example.net.", "b.example.net."]
    assert [zone["Name"] for zone in route53.list_hosted_zones_by_name()["HostedZones"]] == order
    page = route53.list_hosted_zones_by_name(DNSName="example", MaxItems="2")
    assert [zone["Name"] for zone in page["HostedZones"]] == order[2:4]
    assert (page["IsTruncated"], page["NextDNSName"], page["DNSName"]) == (True, "a-b.example.net.", "example")
    rest = route53.list_hosted_zones_by_name(DNSName=page["NextDNSName"], HostedZoneId=page["NextHostedZoneId"])
    assert [zone["Name"] for zone in rest["HostedZones"]] == order[4:]
    with refused("InvalidInput", 400):
        route53.list_hosted_zones_by_name(HostedZoneId="Z1")


def test_there_are_no_reusable_delegation_sets(lab, route53):
    assert route53.list_reusable_delegation_sets()["DelegationSets"] == []
    for ask in (lambda: route53.get_reusable_delegation_set(Id="N1"), lambda: new_zone(route53, DelegationSetId="N1"),
                lambda: route53.list_hosted_zones(DelegationSetId="N1"),
                lambda: route53.get_reusable_delegation_set_limit(
                    Type="MAX_ZONES_BY_REUSABLE_DELEGATION_SET", DelegationSetId="N1")):
        with refused("NoSuchDelegationSet", 400):
            ask()


@pytest.mark.parametrize("ask", [
    lambda client: client.get_hosted_zone(Id="Z404"), lambda client: client.delete_hosted_zone(Id="Z404"),
    lambda client: client.update_hosted_zone_comment(Id="Z404", Comment="x"),
    lambda client: client.list_resource_record_sets(HostedZoneId="Z404"),
    lambda client: change(client, "Z404", create(rrset())),
    lambda client: client.get_hosted_zone_limit(HostedZoneId="Z404", Type="MAX_RRSETS_BY_ZONE"),
    lambda client: client.test_dns_answer(HostedZoneId="Z404", RecordName="x.example.com", RecordType="A"),
    lambda client: client.list_tags_for_resource(ResourceType="hostedzone", ResourceId="Z404"),
], ids=["get", "delete", "comment", "list", "change", "limit", "test", "tags"])
def test_an_unknown_zone(route53, ask):
    """D18."""
    with refused("NoSuchHostedZone", 404, "Z404"):
        ask(route53)


# ---- on the way to the name servers ----------------------------------------------------------------------------

def status(client, info):
    return client.get_change(Id=info["Id"])["ChangeInfo"]["Status"]


def test_a_change_is_pending_until_it_has_spread(either_lab):
    """D11, G3: the list has it at once, the DNS after the delay; INSYNC and the new answer come together."""
    lab, client = either_lab, either_lab.api.client("route53")
    lab.api.propagation = 40
    info = change(client, lab.zone.id, create(rrset("www.example.com")), comment="first")
    listed = client.list_resource_record_sets(HostedZoneId=lab.zone.id)["ResourceRecordSets"]
    assert listed[-1]["Name"] == "www.example.com."
    assert status(client, info) == "PENDING"
    assert lab.ask("www.example.com").rcode == "NXDOMAIN"
    lab.run(lab.api.propagation + 1)
    assert lab.ask("www.example.com").answer[0].values == ("192.0.2.1",)
    told = client.get_change(Id=info["Id"].rpartition("/")[2])["ChangeInfo"]
    assert (told["Status"], told["Comment"], told["SubmittedAt"]) == ("INSYNC", "first", info["SubmittedAt"])


def test_a_zone_comes_and_goes_with_the_delay_too(lab, route53):
    lab.api.propagation = 60
    made = new_zone(route53)
    assert lab.ask("shop.example", "NS").rcode == "REFUSED"
    lab.run(60)
    assert len(lab.ask("shop.example", "NS").answer[0].values) == 4
    gone = route53.delete_hosted_zone(Id=made["HostedZone"]["Id"])["ChangeInfo"]
    assert lab.ask("shop.example", "NS").rcode == "NOERROR"
    lab.run(60)
    assert (lab.ask("shop.example", "NS").rcode, status(route53, gone)) == ("REFUSED", "INSYNC")


def test_a_late_change_does_not_undo_a_later_one(lab, route53):
    """F1's lesson: name servers take no older plan over a newer one."""
    lab.api.propagation = 10
    change(route53, lab.zone.id, create(rrset("www.example.com")))
    lab.run(5)
    lab.api.propagation = 1
    change(route53, lab.zone.id, upsert(rrset("www.example.com", "192.0.2.2")))
    lab.run(1)
    assert lab.ask("www.example.com").answer[0].values == ("192.0.2.2",)
    lab.run(10)
    assert lab.ask("www.example.com").answer[0].values == ("192.0.2.2",)


def test_the_lab_builds_on_changes_that_are_on_their_way(lab, route53):
    lab.api.propagation = 10
    change(route53, lab.zone.id, create(rrset("www.example.com")))
    lab.simple("lab.example.com", "192.0.2.3")
    assert lab.ask("www.example.com").rcode == lab.ask("lab.example.com").rcode == "NOERROR"
    lab.run(20)
    assert lab.ask("lab.example.com").rcode == "NOERROR"


def test_the_timeline_tells_when_the_answer_changed(lab, route53):
    lab.users(1, "www.example.com")
    lab.api.propagation = 7
    info = change(route53, lab.zone.id, create(rrset("www.example.com")))
    lab.run(30)
    change_id = info["Id"].rpartition("/")[2]
    (taken,) = [event for event in lab.timeline if isinstance(event, Note) and change_id in event.text]
    switched = [event for event in lab.timeline if isinstance(event, AnswerChange)][-1]
    assert (taken.at, switched.at, switched.after) == (0, 7, ("192.0.2.1",))


def test_an_unknown_change(route53):
    """D18."""
    with refused("NoSuchChange", 404, "C404"):
        route53.get_change(Id="C404")
