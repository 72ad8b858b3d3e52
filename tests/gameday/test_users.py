"""users.py: where users go and what fails, against closed formulas and against the fleet itself."""

import pytest
from shops import Capacity, DataPlan, Runbook, by_hand, outage, shop, zone

from failover_kit.fleet import honest
from failover_kit.gameday import Clients, suffer
from failover_kit.gameday import users as users_module
from failover_kit.gameday.incident import WRITE_SHARE
from failover_kit.gameday.play import play
from failover_kit.gameday.users import ANYCAST_SECONDS, BEHAVIOURS, DEMAND, answers_at, live_through
from failover_kit.gameday.writers import writers

LOST = outage("blackout", minutes=60, cuts_link=True)


def curve_of(design, disaster=LOST, seed=1):
    played = play(design, disaster, seed)
    return live_through(played, writers(played))


def share_at(curve, seconds, site):
    return curve.shares[site][curve.index(seconds)]


@pytest.mark.parametrize("ttl", [30, 60, 300])
def test_error_minutes_of_an_outage_are_detection_and_what_is_left_of_the_ttl(ttl):
    """A cache in use holds an answer for `keeps` of keeps + 1/demand seconds, and the fault comes at any of these."""
    report = suffer(shop(ttl=ttl), LOST, 1)
    waits = sum(share * (behaviour.keeps(ttl, "") ** 2 / 2) / (behaviour.keeps(ttl, "") + 1 / DEMAND)
                for behaviour, share in BEHAVIOURS.items())
    assert report.error_minutes == pytest.approx((report.moved_after + waits) / 60, rel=0.02)


def test_without_stubborn_resolvers_service_is_back_one_ttl_after_the_switch(monkeypatch):
    """Less the last hundredth of the TTL, when 1 % of the requests still fail."""
    monkeypatch.setattr(users_module, "BEHAVIOURS", {honest(): 1.0})
    users_module._expected.cache_clear()
    report = suffer(shop(ttl=61), LOST, 1)
    users_module._expected.cache_clear()
    assert report.rto == pytest.approx(report.moved_after + 61 * 0.99, abs=2)


def test_shares_add_up_and_no_share_is_negative():
    curve = curve_of(shop(zone=zone(weight=(2, 1))), outage("flapping", 20, options={"period": 120.0, "down": 60.0}))
    for index in range(len(curve.times)):
        assert sum(row[index] for row in curve.shares.values()) == pytest.approx(1)
        assert all(-1e-9 <= row[index] <= 1 + 1e-9 for row in curve.shares.values())
        assert -1e-9 <= curve.errors[index] <= 1 + 1e-9


def test_a_partition_hurts_those_who_are_cut_off_and_nobody_else():
    cut = outage("partition", 30, options={"regions": ("eu-central-1", "ap-south-1")})       # 40 % of the users
    curve = curve_of(by_hand(alarm="none"), cut)
    assert curve.errors[curve.index(600)] == pytest.approx(0.4)


@pytest.mark.parametrize(("fault", "options", "failing"), [
    ("http_500", {}, 1.0), ("app_broken", {}, 1.0), ("dependency", {}, 0.0), ("slow", {"seconds": 5.0}, 0.0),
    ("packet_loss", {"rate": 0.25}, 0.25),
], ids=lambda value: value if isinstance(value, str) else "")
def test_what_a_fault_means_to_users(fault, options, failing):
    curve = curve_of(by_hand(alarm="none"), outage(fault, 20, options=options))
    assert curve.errors[curve.index(600)] == pytest.approx(failing)
    assert curve.errors[curve.index(60)] == 0


def test_weighted_answers_lose_only_their_share():
    """Both sites serve; one dies. Users of the other notice nothing."""
    curve = curve_of(shop(zone=zone(weight=(1, 1))))
    assert curve.errors[curve.index(150)] == pytest.approx(0.5, abs=0.01)
    assert share_at(curve, 60, "us-west-2") == pytest.approx(0.5, abs=0.01)
    assert share_at(curve, 1500, "us-west-2") == pytest.approx(1, abs=0.01)


def test_a_client_that_tries_every_address_notices_nothing():
    both = zone(multivalue_answer=(True, True))
    assert max(curve_of(shop(zone=both, clients=Clients(tries_all=True))).errors) == pytest.approx(0)
    assert max(curve_of(shop(zone=both)).errors) == pytest.approx(0.5, abs=0.01)


def test_anycast_turns_at_one_moment_E16():
    """No cache waits: everybody is moved 30 s after the health checks have noticed."""
    report = suffer(shop(front="anycast"), LOST, 1)
    assert report.rto == pytest.approx(report.moved_after + ANYCAST_SECONDS, abs=2)
    assert report.error_minutes == pytest.approx(report.rto / 60, abs=0.05)


@pytest.mark.parametrize(("capacity", "failing"), [(1.0, 0.0), (0.5, 0.5), (0.25, 0.75)])
def test_a_standby_that_sheds_load_serves_what_it_can(capacity, failing):
    small = {"us-west-2": Capacity(share=capacity, scales="never")}
    curve = curve_of(shop(capacity=small))
    assert curve.errors[curve.index(2400)] == pytest.approx(failing, abs=0.02)


def test_a_standby_that_queues_serves_nobody_in_time():
    small = {"us-west-2": Capacity(share=0.5, scales="never", sheds_load=False)}
    curve = curve_of(shop(capacity=small))
    assert curve.errors[curve.index(2400)] > 0.95


def test_one_half_of_an_active_active_pair_must_carry_all_E25():
    halves = {site: Capacity(share=0.5, scales="never") for site in ("us-east-1", "us-west-2")}
    curve = curve_of(shop(zone=zone(weight=(1, 1)), capacity=halves))
    assert curve.errors[curve.index(60)] == 0
    assert curve.errors[curve.index(2400)] == pytest.approx(0.5, abs=0.02)


def test_a_replica_that_nobody_promoted_refuses_the_writes():
    curve = curve_of(shop(data=DataPlan(copy="replica")))
    assert curve.errors[curve.index(2400)] == pytest.approx(WRITE_SHARE, abs=0.01)


def test_a_backup_serves_nobody_before_it_is_restored():
    design = shop(data=DataPlan(copy="backup", every_seconds=3600), runbook=Runbook(alarm="none"))
    curve = curve_of(design, LOST)
    assert curve.errors[curve.index(2400)] == pytest.approx(1)


def test_the_answers_of_a_place_are_those_of_its_own_routing():
    """Latency records: Frankfurt is nearer to Virginia than to Oregon, Dallas is about as far from both."""
    design = shop(zone=zone(region=("us-east-1", "us-west-2")))
    played = play(design, LOST, 1)
    for place in ("eu-central-1", "US-NY"):
        first, then, back = answers_at(played, place)
        assert (first.told, then.told, back.told) == ({"us-east-1": 1}, {"us-west-2": 1}, {"us-east-1": 1})


@pytest.mark.parametrize("ttl", [30, 60])
def test_answers_have_the_ttl_of_their_records(ttl):
    assert {step.ttl for step in answers_at(play(shop(ttl=ttl), LOST, 1), "US-NY")} == {ttl}
