"""design.py and spelling.py: the sites of a design, what is unclear in one, and its JSON."""

import json

import pytest
from shops import ARN, WEST, Action, DataPlan, Runbook, by_hand, check, replace, shop, with_object, zone

from failover_kit import examples
from failover_kit.errors import ConfigurationError
from failover_kit.gameday import Capacity, Clients, Design, Switch, design_from_dict, design_to_dict, load_design
from failover_kit.healthcheck import HealthCheck

DESIGNS = ("naive-design.json", "reference-design.json")


# ---- sites --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("design", "home", "others"), [
    (shop(), "us-east-1", ("us-west-2",)),
    (shop(zone=zone(weight=(1, 3))), "us-west-2", ("us-east-1",)),
    (shop(zone=zone(weight=(0, 1))), "us-west-2", ("us-east-1",)),
    (shop(zone=zone(region=("us-east-1", "us-west-2"))), "us-east-1", ("us-west-2",)),     # most users live nearer
], ids=["failover", "weighted 1 to 3", "weighted 0 to 1", "latency"])
def test_home_is_where_most_users_go_on_a_calm_day(design, home, others):
    assert (design.home, design.others) == (home, others)


@pytest.mark.parametrize(("design", "moves"), [
    (shop(), True), (shop(checked=False), True), (with_object(), True), (by_hand(), False),
    (shop(zone=zone(weight=(1, 1))), True), (shop(zone=zone(east=None)), False),
], ids=["pair", "secondary unchecked (B26)", "calculated", "no checks", "active-active", "primary unchecked (B27)"])
def test_whether_the_answer_leaves_home_by_itself(design, moves):
    assert design.moves_by_itself is moves


def test_a_site_without_a_capacity_of_its_own_carries_everything():
    assert shop().capacity_of("us-west-2") == Capacity(share=1.0)


# ---- what is wrong ------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("change", "words"), [
    ({"asked_name": "www.example.com"}, "the zone has no A record of that name"),
    ({"capacity": {"mars-1": Capacity()}}, "site 'mars-1' is not behind"),
    ({"capacity": {"us-east-1": Capacity(share=0.9)}}, "gets 100% of the load on a calm day, and can carry 90%"),
    ({"front": "carrier pigeon"}, "front is 'carrier pigeon'"),
    ({"runbook": Runbook(steps=(Action(do="switch"),))}, "the design has none"),
    ({"data": DataPlan(copy="replica", failback="held")}, "nothing can hold it"),
    ({"switch": Switch(routing_control_arn=ARN)}, "no health check watches routing control"),
    ({"switch": Switch(object_path="/x", at="us-west-2")}, "no inverted health check looks for /x"),
    ({"health_checks": (check("west", WEST), HealthCheck(id="east", type="CALCULATED", health_threshold=1,
                                                         child_health_checks=("gone",)))}, "'gone' does not exist"),
], ids=lambda value: value if isinstance(value, str) else next(iter(value)))
def test_what_does_not_fit_together(change, words):
    with pytest.raises(ConfigurationError, match=words):
        replace(shop(), **change)


def test_a_single_site_cannot_be_copied_to():
    alone = zone().with_groups({("app.example.com.", "A"): zone().record_sets[-2:-1]})
    with pytest.raises(ConfigurationError, match="only one site"):
        Design(name="alone", zone=alone, health_checks=shop().health_checks, data=DataPlan(copy="replica"))


# ---- JSON -----------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("name", DESIGNS)
def test_a_design_survives_its_json(name):
    design = load_design(name)
    assert design_from_dict(json.loads(json.dumps(design_to_dict(design)))) == design


@pytest.mark.parametrize("design", [
    shop(), with_object(), by_hand(), shop(name="clients", clients=Clients(retry="jitter", tries_all=True))],
    ids=lambda design: design.name)
def test_so_do_designs_made_in_python(design):
    assert design_from_dict(design_to_dict(design)) == design


def test_every_fault_of_every_part_is_named_at_once():
    raw = json.loads(examples.path("naive-design.json").read_text())
    raw["zone"]["ResourceRecordSets"][0]["TTL"] = -5
    raw["zone"]["HealthChecks"][0]["HealthCheckConfig"]["RequestInterval"] = 20
    raw |= {"colour": "red", "staged_deploys": "yes", "capacity": {"us-west-2": {"share": -1, "size": 2}},
            "data": {"copy": "tape"}, "runbook": {"steps": [{"do": "pray"}, {"seconds": 5}]}, "objective": []}
    with pytest.raises(ConfigurationError) as caught:
        design_from_dict(raw)
    told = "\n".join(map(str, caught.value.problems))
    for words in ("TTL is -5", "request interval is 20 s", "'colour'", "staged_deploys is 'yes'", "share is -1",
                  "'size'", "'tape'", "'pray'", "lacks 'do'", "objective: is []"):
        assert words in told


@pytest.mark.parametrize(("raw", "words"), [
    ([], "must be an object"), ({}, "has no zone"), ({"zone": 7}, "must be an object"),
    ({"zone": "no-such-zone.json"}, "no-such-zone.json"),
], ids=repr)
def test_what_is_no_design(raw, words):
    with pytest.raises(ConfigurationError, match=words):
        design_from_dict(raw)


def test_files_that_are_none(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot be read"):
        load_design(tmp_path / "missing.json")
    (tmp_path / "bad.json").write_text("{")
    with pytest.raises(ConfigurationError, match="is not JSON"):
        load_design(tmp_path / "bad.json")


def test_a_zone_may_be_a_file_of_its_own(tmp_path):
    (tmp_path / "zone.json").write_text(examples.path("examples-zone.json").read_text())
    (tmp_path / "design.json").write_text(json.dumps({"name": "mine", "zone": "zone.json", "data": {"copy": "none"}}))
    design = load_design(tmp_path / "design.json")
    assert (design.home, design.others) == ("us-east-1", ("us-west-2",))
    assert design.asked_name == "app.example.com."


def test_a_zone_may_be_the_lists_that_the_aws_cli_prints():
    design = load_design("naive-design.json")
    document = design_to_dict(design)["zone"]
    lists = design_from_dict({"name": "listed", "zone": {"ResourceRecordSets": document["ResourceRecordSets"]},
                              "health_checks": {"HealthChecks": document["HealthChecks"]}})
    assert (lists.home, lists.health_checks) == (design.home, design.health_checks)
