"""healthcheck.py: settings that cannot work are refused by name, all at once (A1-A9, A36-A41)."""

import pytest

from failover_kit.errors import ConfigurationError
from failover_kit.healthcheck import HealthCheck
from failover_kit.metrics import MetricAlarm
from failover_kit.places import CHECKER_REGIONS

HERE = {"ip_address": "127.0.1.10"}


@pytest.mark.parametrize(("settings", "message"), [
    ({"type": "PING", **HERE}, "type is 'PING'"),
    ({}, "names no endpoint"),
    ({**HERE, "request_interval": 20}, "request interval is 20 s. Route 53 offers 10 and 30"),
    ({**HERE, "failure_threshold": 0}, "failure threshold is 0"),
    ({**HERE, "failure_threshold": 11}, "failure threshold is 11"),
    ({"ip_address": "shop.example.com"}, "is not an IP address"),
    ({**HERE, "port": 70_000}, "port is 70000"),
    ({**HERE, "type": "TCP"}, "a TCP check has no port"),
    ({**HERE, "type": "HTTP_STR_MATCH"}, "has no SearchString"),
    ({**HERE, "search_string": "x"}, "ignores its SearchString"),
    ({**HERE, "resource_path": "/" + "x" * 255}, "ResourcePath has 256 characters"),
    ({**HERE, "regions": ("us-east-1", "us-west-1")}, "Choose at least 3"),
    ({**HERE, "regions": ("us-east-1", "us-west-1", "eu-north-1")}, "no checkers in eu-north-1"),
    ({**HERE, "child_health_checks": ("a",)}, "cannot have child checks"),
    ({"type": "CALCULATED"}, "HealthThreshold is None"),
    ({"type": "CALCULATED", "health_threshold": 257}, "HealthThreshold is 257"),
    ({"type": "CLOUDWATCH_METRIC"}, "names no alarm"),
    ({"type": "RECOVERY_CONTROL"}, "names no routing control"),
    ({**HERE, "insufficient_data_health_status": "Maybe"}, "'Maybe'"),
], ids=lambda v: str(v)[:60])
def test_refused(settings, message):
    with pytest.raises(ConfigurationError, match="health check c: ") as caught:
        HealthCheck(id="c", **settings)
    assert message in str(caught.value)


def test_all_faults_are_reported_together():
    with pytest.raises(ConfigurationError) as caught:
        HealthCheck(id="c", request_interval=5, failure_threshold=99, port=0)
    assert len(caught.value.problems) == 4
    assert all(problem.fix for problem in caught.value.problems)


def test_sixteen_checkers_in_eight_regions_A8_A9():
    checkers = HealthCheck(id="c", **HERE).checkers
    assert len(checkers) == 16
    assert len({checker.region for checker in checkers}) == 8 == len(CHECKER_REGIONS)
    assert len({checker.address for checker in checkers}) == 16


@pytest.mark.parametrize("settings", [
    {"type": "CALCULATED", "health_threshold": 0},
    {"type": "CLOUDWATCH_METRIC", "alarm": MetricAlarm(name="a")},
    {"type": "RECOVERY_CONTROL", "routing_control_arn": "arn"},
], ids=lambda s: s["type"])
def test_these_types_do_not_probe_A2(settings):
    assert HealthCheck(id="c", **settings).checkers == ()


@pytest.mark.parametrize(("given", "kept"), [("health", "/health"), ("/health?deep=1", "/health?deep=1")])
def test_path_gets_its_slash_A3(given, kept):
    assert HealthCheck(id="c", resource_path=given, **HERE).resource_path == kept


@pytest.mark.parametrize(("settings", "message"), [
    ({"comparison_operator": "Above"}, "comparison is 'Above'"), ({"statistic": "p99"}, "no percentiles"),       # A41
    ({"period": 10}, "no high-resolution metrics"), ({"evaluation_periods": 0}, "evaluation periods are 0"),
])
def test_alarms_that_route_53_does_not_take(settings, message):
    with pytest.raises(ConfigurationError, match=message):
        MetricAlarm(name="errors", **settings)
