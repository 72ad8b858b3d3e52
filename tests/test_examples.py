"""The shipped examples are what they say: one sound zone, one with ten mistakes, one raw export."""

from pathlib import Path

import pytest

from failover_kit import examples
from failover_kit.aws.files import load_zone
from failover_kit.errors import ConfigurationError, LabError
from failover_kit.lab import Lab
from failover_kit.records import Policy


@pytest.fixture
def shop():
    return load_zone("examples-zone.json")


def test_the_shop_is_what_the_course_needs(shop):
    assert (shop.zone.name, shop.warnings) == ("example.com.", ())
    primary, secondary = shop.zone.group("app.example.com.", "A")
    assert (primary.values, primary.failover.value, primary.ttl) == (("127.0.1.10",), "PRIMARY", 60)
    assert (secondary.values, secondary.failover.value, secondary.ttl) == (("127.0.2.10",), "SECONDARY", 60)
    assert {record.policy for record in shop.zone.record_sets} == set(Policy)
    assert {record.type for record in shop.zone.record_sets} >= {"A", "CNAME", "MX", "TXT", "NS", "SOA"}
    assert ("*.stores.example.com.", "A") in shop.zone.groups


def test_every_check_of_the_shop_watches_its_own_record(shop):
    endpoints = {check.id: check.ip_address for check in shop.health_checks}
    for record in shop.zone.record_sets:
        if record.health_check_id:
            assert record.values == (endpoints[record.health_check_id],)


def test_the_shop_fails_over(shop):
    with Lab.virtual(seed=3) as lab:
        lab.load(shop.zone, shop.health_checks)
        lab.run(minutes=2)
        assert lab.explain("app.example.com").values == ("127.0.1.10",)
        next(site for site in lab.sites if site.address == "127.0.1.10").fail("crash")
        lab.run(minutes=3)
        for name in ("app", "www", "us", "global", "x.stores"):
            assert lab.explain(f"{name}.example.com").values == ("127.0.2.10",)
        assert lab.explain("example.com").values == ("127.0.2.10",)
        assert set(lab.explain("api.example.com").values) == {"127.0.2.10", "127.0.4.10"}


def test_ten_mistakes_are_ten_problems():
    with pytest.raises(ConfigurationError) as caught:
        load_zone("mistakes-zone.json")
    problems = caught.value.problems
    assert len(problems) == len({problem.where for problem in problems}) == 10
    assert all(problem.what and problem.fix for problem in problems)


def test_the_export_is_a_zone_of_its_own():
    loaded = load_zone("shop-records.json", health_checks="shop-health-checks.json")
    assert (loaded.zone.name, loaded.zone.id, loaded.warnings) == ("example.net.", "Z08765432SHOPEXPORT1", ())
    assert (len(loaded.zone.record_sets), len(loaded.health_checks)) == (23, 6)
    outside = {record.alias.dns_name for record in loaded.zone.record_sets
               if record.alias and not loaded.zone.target_of(record)}
    assert outside == {"dualstack.shop-east-1234567890.us-east-1.elb.amazonaws.com.",
                       "dualstack.shop-west-987654321.us-west-2.elb.amazonaws.com."}


def test_paths():
    assert all(examples.path(name).is_file() for name in examples.NAMES)
    assert {path.name for path in Path(examples.__file__).parent.glob("*.json")} == set(examples.NAMES)
    with pytest.raises(LabError, match="The kit ships examples-zone"):
        examples.path("gone.json")
