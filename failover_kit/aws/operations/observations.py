"""What the live checkers see: one observation each, and no verdict over all of them.

Source: Route 53 API Reference, GetHealthCheckStatus, GetHealthCheckLastFailureReason, GetCheckerIpRanges.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable
from typing import Any

from ...health import Checker, Observation
from ...healthcheck import CHECKERS_PER_REGION
from ...places import CHECKER_REGIONS
from ..account import Account


def get_health_check_status(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    check = account.check(asked["HealthCheckId"])
    return {"HealthCheckObservations": _described(account, account.service.monitor.latest(check.id))}


def get_health_check_last_failure_reason(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    check = account.check(asked["HealthCheckId"])
    return {"HealthCheckObservations": _described(account, account.service.monitor.last_failures(check.id))}


def get_checker_ip_ranges(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    addresses = [ipaddress.ip_network(Checker(code, number).address)
                 for code in CHECKER_REGIONS for number in range(1, CHECKERS_PER_REGION + 1)]
    return {"CheckerIpRanges": [str(span) for span in ipaddress.collapse_addresses(addresses)]}


def _described(account: Account, observations: Iterable[Observation]) -> list[dict[str, Any]]:
    return [{"Region": seen.checker.region, "IPAddress": seen.checker.address,
             "StatusReport": {"Status": seen.reason, "CheckedTime": account.date(seen.at)}}
            for seen in sorted(observations, key=lambda seen: seen.checker)]


OPERATIONS = {
    "GetHealthCheckStatus": get_health_check_status,
    "GetHealthCheckLastFailureReason": get_health_check_last_failure_reason,
    "GetCheckerIpRanges": get_checker_ip_ranges,
}
