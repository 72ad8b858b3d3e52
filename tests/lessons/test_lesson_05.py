"""Lesson 5 says what the kit does: every claim of its prose is held to a run, to a default of the kit, or to a fact."""

import re
from fractions import Fraction
from itertools import product

import pytest
from lesson_run import assert_it_reads_the_run, template_of

from failover_kit import AliasTarget, ConfigurationError, Failover, HealthCheck, Lab, Question, RecordSet, Status
from failover_kit.authority import explain
from failover_kit.load import cascade
from failover_kit.zone import HostedZone

LESSON = 5
APP = "app.example.com."


# ---- what the runs show ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("cell", "said"), [
    ("pair-traffic", "Counter({'us-east-1': 2400})"),
    ("truth-table", "primary unhealthy  secondary healthy    -> the secondary\n"
                    "primary unhealthy  secondary unhealthy  -> the primary"),          # B25
    ("dead-run", "(secondary) is the secondary and takes the traffic"),                # B26
    ("dead-cured", "('us-east-1', '200 OK')"),                                         # B11
    ("weights-lab", "us-east-1: users' requests (1/3)"),                               # B22
    ("places-table", "JP     latency: ap-northeast-1  geolocation: no data"),          # B35
    ("tree-run", "to east-2: users' requests (all)"),                                  # B13
    ("tree-deaf", "{False: 'us-1', True: 'eu-1'}"),                                    # B14
    ("play-check", "2/5 and 2/3. Goal: 1/5 and 1/3."),
    ("hood-source", "candidates = nonzero or pool"),
    ("hood-run", "(us-west-2) is one of 1 record sets of weight 0"),                   # B20
    ("pitfall-wrong", "east-2: users' requests (all)"),                                # B17
    ("pitfall-lint-run", "('FK202', 'east.example.com. A (east-2)')"),
    ("staged-good-run", "100 %: 0 of"), ("aws-test", "shares: 1/100 99/100"),
])
def test_a_cell_shows_what_the_prose_says(run, cell, said):
    assert said in run[cell]


def test_saved_outputs_are_those_of_this_kit(book, run):
    assert run == book.saved()


def test_the_unchecked_leaf_costs_the_whole_blackout_and_the_checked_ones_a_few_minutes(run):
    wrong, right = (float(line.split()[-2]) for line in run["pitfall-compare"].strip().splitlines())
    assert wrong > 9.5            # of ten minutes
    assert right < 3


def test_a_staged_failback_harms_a_small_part_of_the_requests(run):
    sudden, staged = map(int, re.findall(r"\d+", run["staged-compare"]))
    assert 0 < staged < sudden / 10
    first, second, last = eval(run["staged-bad"])
    assert re.fullmatch(r"1 %: 0 of \d requests failed", first)      # too few to tell, as the prose says
    assert re.fullmatch(r"10 %: \d\d of \d+ requests failed", second)
    assert last == "0 %: stopped"


def test_under_weights_fewer_requests_fail_but_most_users_meet_the_crash(run):
    lost = [int(number) for number in re.findall(r"(\d+) of \d+ requests failed", run["myth-figure"])]
    assert lost[1] < lost[0]
    hit = eval(run["myth-hit"])
    assert hit["failover"] == 40
    assert 20 < hit["weighted 1 and 1"] < 40


# ---- rules in the prose ---------------------------------------------------------------------------------------------

def leaf(number, **policy):
    return RecordSet(name=APP, set_identifier=str(number), ttl=60, values=(f"192.0.2.{number}",),
                     health_check_id=str(number), **policy)


GROUPS = {
    "failover": (leaf(1, failover=Failover.PRIMARY), leaf(2, failover=Failover.SECONDARY)),
    "weighted": (leaf(1, weight=1), leaf(2, weight=1)),
    "latency": (leaf(1, region="us-east-1"), leaf(2, region="eu-west-1")),
    "multivalue": (leaf(1, multivalue_answer=True), leaf(2, multivalue_answer=True)),
}


@pytest.mark.parametrize("policy", GROUPS)
def test_every_policy_fails_open(policy):                                   # B11
    zone = HostedZone("example.com", GROUPS[policy])
    all_down = explain([zone], Question(APP), {"1": Status.UNHEALTHY, "2": Status.UNHEALTHY})
    all_up = explain([zone], Question(APP), {})
    assert all_down.outcomes == all_up.outcomes
    assert any("fail open" in str(reason) for reason in all_down.reasons)


def test_an_unchecked_record_is_answered_as_a_healthy_one_is():             # B10, the note beside the truth table
    def answered(first, second):
        records = [RecordSet(name=APP, set_identifier=role.value, failover=role, ttl=60, values=(f"192.0.2.{place}",),
                             health_check_id=None if state is None else role.value)
                   for place, (role, state) in enumerate(zip(Failover, (first, second), strict=True), 1)]
        statuses = {role.value: state for role, state in zip(Failover, (first, second), strict=True) if state}
        return explain([HostedZone("example.com", tuple(records))], Question(APP), statuses).set_identifiers
    for first, second in product((*Status, None), repeat=2):
        assert answered(first, second) == answered(first or Status.HEALTHY, second or Status.HEALTHY)


def test_two_that_are_left_of_three_carry_half_as_much_again_and_then_all_three_are_answered():         # E25, B11
    steps = list(cascade(3, {"us-east-1": 1.4, "us-west-2": 1.4, "eu-west-1": 1.4}, lost=["us-east-1"]))
    assert [step.load_each for step in steps] == [1.5, 1.0]
    assert len(steps[-1].in_service) == 3


def test_the_numbers_of_the_table_of_policies():                            # B18, B32
    with pytest.raises(ConfigurationError, match="0 to 255"):
        leaf(1, weight=256)
    zone = HostedZone("example.com", tuple(leaf(number, multivalue_answer=True) for number in range(1, 11)))
    assert explain([zone], Question(APP), {}).outcomes[0].at_most == 8


def test_an_alias_in_a_failover_pair_must_evaluate_its_target():            # B30
    with pytest.raises(ConfigurationError, match="must evaluate"):
        RecordSet(name=APP, set_identifier="x", failover=Failover.PRIMARY, alias=AliasTarget("east.example.com", False))


def test_a_disabled_check_says_healthy_and_an_inverted_one_as_well_unhealthy():      # A34
    with Lab.virtual() as lab:
        site = lab.site("us-east-1")
        site.fail("crash")
        plain = lab.health_check(site, path="/health", disabled=True)
        turned = lab.health_check(site, path="/health", disabled=True, inverted=True)
        lab.run(minutes=3)
        assert (lab.status(plain), lab.status(turned)) == (Status.HEALTHY, Status.UNHEALTHY)


def test_the_check_of_the_staged_failback_is_as_its_question_says():        # A6, A11
    check = HealthCheck(id="usual", ip_address="192.0.2.10")
    assert (check.request_interval, check.failure_threshold, len(check.checkers)) == (30, 3, 16)
    assert Fraction(1, 5) ** check.failure_threshold == Fraction(1, 125)


def test_europe_gives_way_to_the_default_and_not_to_the_nearest():
    with Lab.virtual() as lab:
        sites = {code: lab.site(region) for code, region in
                 {"US": "us-east-1", "EU": "eu-west-1", "*": "ap-northeast-1"}.items()}
        check = lab.health_check(sites["EU"], disabled=True, inverted=True)
        lab.geolocation("area.example.com", sites, health_checks={sites["EU"]: check})
        assert lab.explain("area.example.com", client="GB").values == (sites["*"].address,)


def test_servers_that_die_one_by_one_are_left_in_the_order_that_the_lesson_tells():
    with Lab.virtual() as lab:
        checks = {}
        for place, region in (("us", "us-east-1"), ("eu", "eu-west-1")):
            pair = [lab.site(region, f"{place}-{number}") for number in (1, 2)]
            checks |= {site.name: lab.health_check(site, path="/health", id=site.name) for site in pair}
            lab.failover(f"{place}.example.com", primary=pair[0], secondary=pair[1], health_check=checks[pair[0].name],
                         secondary_health_check=checks[pair[1].name])
        lab.latency(APP, {"us-east-1": "us.example.com", "eu-west-1": "eu.example.com"})
        name_of = {site.address: site.name for site in lab.sites}
        seen = []
        for name in checks:
            seen.append(name_of[lab.explain(APP, client="US-TX").values[0]])
            site = next(site for site in lab.sites if site.name == name)
            site.fail("crash")
            lab.run(minutes=3)
        seen.append(name_of[lab.explain(APP, client="US-TX").values[0]])
    assert seen == ["us-1", "us-2", "eu-1", "eu-2", "us-1"]


def test_the_challenge_has_one_solution_up_to_a_common_factor():
    """us-west-2: 1/5 of all three, 1/3 without us-east-2."""
    met = {(east, ohio, west) for east, ohio, west in product(range(51), repeat=3)
           if west and 5 * west == east + ohio + west and 3 * west == east + west}
    assert met == {(2 * k, 2 * k, k) for k in range(1, 26)}


def test_the_template_to_keep_describes_the_tree_of_the_lesson(book):
    template = template_of(book.prose)
    east, primary = (template["Resources"][name]["Properties"] for name in ("East1", "Primary"))
    with Lab.virtual() as lab:
        site = lab.site("us-east-1")
        check = lab.health_check(site, path="/health", id="east-1")
        home = {"Ref": "Zone"}
        assert east.pop("HostedZoneId") == primary.pop("HostedZoneId") == primary["AliasTarget"]["HostedZoneId"] == home
        assert east.pop("HealthCheckId") == {"Ref": "East1Check"}
        primary["AliasTarget"]["HostedZoneId"] = lab.zone.id
        east |= {"TTL": int(east["TTL"]), "ResourceRecords": [{"Value": site.address}], "HealthCheckId": check.id}
        lab.api.client("route53").change_resource_record_sets(HostedZoneId=lab.zone.id, ChangeBatch={"Changes": [
            {"Action": "CREATE", "ResourceRecordSet": record} for record in (east, primary)]})
        lab.run(minutes=2)
        answer = lab.explain(APP)
        assert (answer.values, answer.ttl) == ((site.address,), 60)        # B41: the TTL of the record behind the alias


# ---- the questions --------------------------------------------------------------------------------------------------

# question -> (what the lesson's run shows, another run, the choice that it stands for)
VALUES = {
    "5.standby-share": (dict(requests=2400, secondary=0), dict(secondary=1200), "half"),
    "5.dead-standby": (dict(site="us-west-2", result="connection refused"), dict(site="us-east-1"), "primary"),
    "5.lost-weight": (dict(share=Fraction(1, 3), hits=101, asked=300), dict(share=Fraction(1, 5)), "fifth"),
    "5.no-default": (dict(rcode="NOERROR", count=0, texas="US"), dict(count=1), "any"),
    "5.branch": (dict(dead="east-1", answers="east-2"), dict(answers="us-west-2"), "secondary"),
    "5.zero-weight": (dict(weight=0), dict(weight=100), "hundred"),
    "5.load-balancing": (dict(failover=0.0, weighted=48.0, failover_lost=471, weighted_lost=260), dict(failover=50.0),
                         "true"),
    "5.unchecked-leaf": (dict(moved=0, users=40, answer="east-2"), dict(moved=40), "soon"),
    "5.who-notices": (dict(minutes=12.0, turns=0, failed=690, asked=3397), dict(turns=4), "flaps"),
}


@pytest.mark.parametrize("name", VALUES)
def test_an_explanation_reads_the_run(name):
    assert_it_reads_the_run(name, *VALUES[name])
