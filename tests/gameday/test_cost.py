"""cost.py: a month's bill, added up by hand."""

import pytest
from shops import ARN, BOTH_WRITE, Capacity, DataPlan, check, replace, shop

from failover_kit.gameday.cost import SHOP_PRICES, monthly_cost, queries_per_month, ttl_of
from failover_kit.gameday.users import BEHAVIOURS, DEMAND
from failover_kit.healthcheck import HealthCheck

MONTH = 30 * 24 * 3600


@pytest.mark.parametrize("ttl", [0, 60, 86_400])
def test_queries_follow_from_the_ttl(ttl):
    """20,000 resolvers, each asking once in what it keeps and the second until the next request."""
    honest, stubborn = BEHAVIOURS.values()
    expected = 20_000 * MONTH * (honest / (ttl + 1 / DEMAND) + stubborn / (max(ttl, 300) + 1 / DEMAND))
    assert queries_per_month(shop(ttl=ttl)) == pytest.approx(expected)
    assert monthly_cost(shop(ttl=ttl))["DNS queries"] == pytest.approx(expected / 1e6 * 0.40, abs=0.01)


@pytest.mark.parametrize(("share", "price"), [(0.0, 0.0), (0.3, 0.3), (1.0, 1.0)])
def test_a_standby_costs_what_it_holds(share, price):
    cost = monthly_cost(shop(capacity={"us-west-2": Capacity(share=share)}))
    assert cost.get("servers in us-west-2", 0.0) == pytest.approx(price * SHOP_PRICES.servers)


@pytest.mark.parametrize(("plan", "price"), [
    (DataPlan(copy="backup"), 900 + 60), (DataPlan(copy="replica"), 2 * 900), (BOTH_WRITE, 2 * 900 * 1.5),
], ids=["backup", "replica", "multi-writer"])
def test_what_the_data_costs(plan, price):
    cost = monthly_cost(shop(data=plan))
    assert sum(value for item, value in cost.items() if "database" in item or "backups" in item) == pytest.approx(price)


@pytest.mark.parametrize(("settings", "price"), [
    ({}, 0.50), ({"request_interval": 10}, 1.50), ({"type": "HTTPS"}, 1.50), ({"measure_latency": True}, 1.50),
    ({"type": "HTTPS_STR_MATCH", "search_string": "ok", "request_interval": 10}, 3.50),
], ids=["plain", "fast", "HTTPS", "latency", "fast HTTPS string match"])
def test_what_a_health_check_costs_A46(settings, price):
    design = shop()
    checks = (check("east", "127.0.1.10", **settings), design.health_checks[1])
    assert monthly_cost(replace(design, health_checks=checks))["health checks"] == pytest.approx(price + 0.50)


def test_routing_controls_cost_a_cluster_E12():
    design = shop()
    control = HealthCheck(id="control", type="RECOVERY_CONTROL", routing_control_arn=ARN)
    with_control = replace(design, health_checks=(*design.health_checks, control))
    assert monthly_cost(with_control)["routing controls"] == 2.5 * 730


def test_a_ttl_is_the_lowest_of_the_names_record_sets():
    assert ttl_of(shop(ttl=45)) == 45
