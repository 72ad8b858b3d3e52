"""Quotas, and how much of them is used. Only some can be reached here: the lab keeps no traffic policies.

Source: Route 53 API Reference, GetAccountLimit, GetHostedZoneLimit; Developer Guide, "Quotas".
"""

from __future__ import annotations

from typing import Any

from ..account import Account
from ..change_batch import MAX_RECORD_SETS
from ..protocol import AwsError
from .checks import MAX_CHECKS
from .zones import MAX_ZONES, get_reusable_delegation_set

UNUSED = {"MAX_REUSABLE_DELEGATION_SETS_BY_OWNER": 100, "MAX_TRAFFIC_POLICIES_BY_OWNER": 50,
          "MAX_TRAFFIC_POLICY_INSTANCES_BY_OWNER": 5}


def get_account_limit(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    limits = {
        "MAX_HEALTH_CHECKS_BY_OWNER": (MAX_CHECKS, len(account.service.monitor.checks)),
        "MAX_HOSTED_ZONES_BY_OWNER": (MAX_ZONES, len(account.service.zones)),
        **{kind: (value, 0) for kind, value in UNUSED.items()},
    }
    if asked["Type"] not in limits:
        raise AwsError("NotImplemented", f"{asked['Type']} is not counted in this lab. It knows {', '.join(limits)}.")
    value, count = limits[asked["Type"]]
    return {"Limit": {"Type": asked["Type"], "Value": value}, "Count": count}


def get_hosted_zone_limit(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    zone = account.zone(asked["HostedZoneId"])
    if asked["Type"] == "MAX_VPCS_ASSOCIATED_BY_ZONE":
        raise AwsError("HostedZoneNotPrivate", f"Hosted zone {zone.id} is public: no VPC can be associated with it.")
    return {"Limit": {"Type": asked["Type"], "Value": MAX_RECORD_SETS}, "Count": len(zone.record_sets)}


def get_reusable_delegation_set_limit(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    return get_reusable_delegation_set(account, {"Id": asked["DelegationSetId"]})


OPERATIONS = {
    "GetAccountLimit": get_account_limit,
    "GetHostedZoneLimit": get_hosted_zone_limit,
    "GetReusableDelegationSetLimit": get_reusable_delegation_set_limit,
}
