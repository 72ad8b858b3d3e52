"""What else can be looked up: TestDNSAnswer, locations, checkers' addresses, tags, limits. Facts A46, B38, D16."""

import ipaddress

import pytest
from change_batches import alias, change, create, refused, rrset

APP = "app.example.com"


def dns_test(client, zone_id, name=APP, type="A", **asked):
    found = client.test_dns_answer(HostedZoneId=zone_id, RecordName=name, RecordType=type, **asked)
    return found["ResponseCode"], found["RecordData"]


@pytest.fixture
def geo_zone(lab, route53):
    """One address a continent, and one for the rest. Returns the zone's id."""
    places = {"192.0.2.1": {"ContinentCode": "EU"}, "192.0.2.2": {"CountryCode": "JP"},
              "192.0.2.3": {"CountryCode": "*"}}
    change(route53, lab.zone.id, *(create(rrset(APP, value, SetIdentifier=value, GeoLocation=place))
                                   for value, place in places.items()))
    return lab.zone.id


@pytest.mark.parametrize(("asked", "value"), [
    ({}, "192.0.2.3"),                                                                     # D16: us-east-1
    ({"ResolverIP": "198.18.4.9"}, "192.0.2.1"),
    ({"ResolverIP": "198.18.4.9", "EDNS0ClientSubnetIP": "198.18.7.1"}, "192.0.2.2"),      # B38
    ({"ResolverIP": "198.18.4.9", "EDNS0ClientSubnetIP": "198.18.7.1", "EDNS0ClientSubnetMask": "0"}, "192.0.2.1"),
    ({"EDNS0ClientSubnetIP": "198.18.7.200", "EDNS0ClientSubnetMask": "32"}, "192.0.2.2"),
    ({"EDNS0ClientSubnetIP": "2001:db8::1"}, "192.0.2.3"),
], ids=str)
def test_an_answer_for_somebody_somewhere(route53, geo_zone, asked, value):
    assert dns_test(route53, geo_zone, **asked) == ("NOERROR", [value])


@pytest.mark.parametrize(("name", "type", "code"), [
    ("gone.example.com", "A", "NXDOMAIN"), (APP, "TXT", "NOERROR"), ("www.example.net", "A", "REFUSED")])
def test_an_empty_answer_has_its_code(route53, geo_zone, name, type, code):
    """C6, C10."""
    assert dns_test(route53, geo_zone, name, type) == (code, [])


def test_the_answer_is_described(lab, route53, geo_zone):
    """D16. It reads the zone, so a change on its way shows already; health counts."""
    lab.api.propagation = 60
    check = route53.create_health_check(CallerReference="c", HealthCheckConfig={
        "Type": "HTTP", "IPAddress": "192.0.2.9", "Disabled": True, "Inverted": True})["HealthCheck"]["Id"]
    change(route53, geo_zone,
           create(rrset("f.example.com", SetIdentifier="p", Failover="PRIMARY", HealthCheckId=check)),
           create(rrset("f.example.com", "192.0.2.2", SetIdentifier="s", Failover="SECONDARY")))
    found = route53.test_dns_answer(HostedZoneId=geo_zone, RecordName="f.example.com", RecordType="A")
    del found["ResponseMetadata"]
    assert found == {"Nameserver": "ns-2048.awsdns-64.com", "RecordName": "f.example.com.", "RecordType": "A",
                     "RecordData": ["192.0.2.2"], "ResponseCode": "NOERROR", "Protocol": "UDP"}
    assert lab.ask("f.example.com").rcode == "NXDOMAIN"


def test_an_alias_answers_with_its_targets_data(route53, geo_zone):
    """B40."""
    change(route53, geo_zone, create(alias("a.example.com", APP, geo_zone)))
    assert dns_test(route53, geo_zone, "a.example.com") == ("NOERROR", ["192.0.2.3"])


@pytest.mark.parametrize("asked", [
    {"EDNS0ClientSubnetMask": "24"}, {"EDNS0ClientSubnetIP": "192.0.2.1", "EDNS0ClientSubnetMask": "33"},
    {"EDNS0ClientSubnetIP": "192.0.2.1", "EDNS0ClientSubnetMask": "x"}, {"name": "a..example.com"}], ids=str)
def test_a_question_that_makes_no_sense(route53, geo_zone, asked):
    with refused("InvalidInput", 400):
        dns_test(route53, geo_zone, **asked)


# ---- locations -------------------------------------------------------------------------------------------------

def test_locations_are_listed_countries_first_and_continents_last(route53):
    """The order that ListGeoLocations' documentation gives, in pages."""
    seen, asked = [], {}
    while True:
        page = route53.list_geo_locations(MaxItems="50", **asked)
        seen += page["GeoLocationDetailsList"]
        if not page["IsTruncated"]:
            break
        asked = {f"Start{code}Code": page[f"Next{code}Code"] for code in ("Continent", "Country", "Subdivision")
                 if f"Next{code}Code" in page}
    assert seen[0] == {"CountryCode": "*", "CountryName": "Default"}
    countries = [each["CountryCode"] for each in seen if "CountryCode" in each and "SubdivisionCode" not in each][1:]
    assert countries == sorted(set(countries))
    assert len(countries) == 249                                                           # ISO 3166-1
    us = seen.index({"CountryCode": "US", "CountryName": "United States"})
    states = [each.get("SubdivisionCode") for each in seen[us + 1:us + 52]]
    assert states == sorted(states)
    assert len(set(states)) == 51                                                          # D.C. is one
    assert [each.get("ContinentCode") for each in seen[-7:]] == ["AF", "AN", "AS", "EU", "NA", "OC", "SA"]


@pytest.mark.parametrize(("codes", "name"), [
    ({"ContinentCode": "EU"}, "Europe"), ({"CountryCode": "JP"}, "Japan"), ({"CountryCode": "*"}, "Default"),
    ({}, "Default"),
    ({"CountryCode": "US", "SubdivisionCode": "TX"}, "Texas")], ids=str)
def test_one_location(route53, codes, name):
    assert name in route53.get_geo_location(**codes)["GeoLocationDetails"].values()


@pytest.mark.parametrize(("codes", "code", "status"), [
    ({"CountryCode": "XX"}, "NoSuchGeoLocation", 404),
    ({"CountryCode": "JP", "SubdivisionCode": "TX"}, "NoSuchGeoLocation", 404),
    ({"ContinentCode": "EU", "CountryCode": "FR"}, "InvalidInput", 400),
    ({"SubdivisionCode": "TX"}, "InvalidInput", 400)], ids=str)
def test_a_location_that_is_none(route53, codes, code, status):
    with refused(code, status):
        route53.get_geo_location(**codes)


def test_every_checker_is_in_the_published_ranges(lab, route53):
    ranges = [ipaddress.ip_network(each) for each in route53.get_checker_ip_ranges()["CheckerIpRanges"]]
    checkers = [ipaddress.ip_address(checker.address) for checker in lab.health_check("192.0.2.1").checkers]
    assert len(checkers) == 16
    assert all(any(address in each for each in ranges) for address in checkers)
    assert sum(each.num_addresses for each in ranges) == 16


# ---- tags ------------------------------------------------------------------------------------------------------

def tags(client, kind, resource_id):
    return {tag["Key"]: tag["Value"] for tag in client.list_tags_for_resource(
        ResourceType=kind, ResourceId=resource_id)["ResourceTagSet"]["Tags"]}


def tag(client, kind, resource_id, add=(), remove=()):
    lists = {"AddTags": [{"Key": key, "Value": value} for key, value in dict(add).items()],
             "RemoveTagKeys": list(remove)}
    client.change_tags_for_resource(ResourceType=kind, ResourceId=resource_id,
                                    **{name: items for name, items in lists.items() if items})


def test_a_checks_name_is_a_tag(lab, route53):
    """A46. It is no change of its settings: the version stays."""
    check = lab.health_check("192.0.2.1", name="the shop")
    assert tags(route53, "healthcheck", check.id) == {"Name": "the shop"}
    tag(route53, "healthcheck", check.id, {"Name": "East", "team": "web"})
    assert lab.service.monitor.check(check.id).name == "East"
    assert tags(route53, "healthcheck", check.id) == {"Name": "East", "team": "web"}
    tag(route53, "healthcheck", check.id, remove=["Name"])
    assert tags(route53, "healthcheck", check.id) == {"team": "web"}
    assert route53.get_health_check(HealthCheckId=check.id)["HealthCheck"]["HealthCheckVersion"] == 1


def test_tags_of_zones_one_and_several(lab, route53):
    second = route53.create_hosted_zone(Name="shop.example", CallerReference="r")["HostedZone"]["Id"].rpartition("/")[2]
    tag(route53, "hostedzone", lab.zone.id, {"a": "1", "b": "2"})
    tag(route53, "hostedzone", lab.zone.id, {"b": "3"}, remove=["a"])
    found = route53.list_tags_for_resources(ResourceType="hostedzone", ResourceIds=[lab.zone.id, second])
    assert [(each["ResourceId"], each["Tags"]) for each in found["ResourceTagSets"]] == [
        (lab.zone.id, [{"Key": "b", "Value": "3"}]), (second, [])]


def test_tags_that_are_refused(lab, route53):
    with refused("InvalidInput", 400):
        tag(route53, "hostedzone", lab.zone.id)
    tag(route53, "hostedzone", lab.zone.id, {f"k{number}": "" for number in range(10)})
    with refused("InvalidInput", 400, "11 tags"):
        tag(route53, "hostedzone", lab.zone.id, {"k10": ""})
    with refused("NoSuchHealthCheck", 404):
        tags(route53, "healthcheck", "nobody")
    assert len(tags(route53, "hostedzone", lab.zone.id)) == 10


# ---- limits ----------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("kind", "value", "count"), [
    ("MAX_HOSTED_ZONES_BY_OWNER", 500, 1), ("MAX_HEALTH_CHECKS_BY_OWNER", 200, 0),
    ("MAX_TRAFFIC_POLICIES_BY_OWNER", 50, 0),
    ("MAX_TRAFFIC_POLICY_INSTANCES_BY_OWNER", 5, 0), ("MAX_REUSABLE_DELEGATION_SETS_BY_OWNER", 100, 0)])
def test_limits_of_the_account(route53, kind, value, count):
    found = route53.get_account_limit(Type=kind)
    assert (found["Limit"], found["Count"]) == ({"Type": kind, "Value": value}, count)


def test_limits_of_a_zone(lab, route53):
    found = route53.get_hosted_zone_limit(HostedZoneId=lab.zone.id, Type="MAX_RRSETS_BY_ZONE")
    assert (found["Limit"]["Value"], found["Count"]) == (10_000, 2)
    with refused("HostedZoneNotPrivate", 400):
        route53.get_hosted_zone_limit(HostedZoneId=lab.zone.id, Type="MAX_VPCS_ASSOCIATED_BY_ZONE")
