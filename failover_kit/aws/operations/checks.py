"""Health checks: create, get, list, update, delete, count.

Source: Route 53 API Reference, CreateHealthCheck, GetHealthCheck, ListHealthChecks, UpdateHealthCheck,
DeleteHealthCheck, GetHealthCheckCount.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ...healthcheck import HealthCheck
from ...timeline import Note
from ..account import Account
from ..paging import marked
from ..protocol import AwsError
from ..shapes import health_check_config, health_check_from_dict, health_check_to_dict

MAX_CHECKS = 200                     # active ones in one account; Route 53 quota
MOST_LISTED = 1000
NOT_FOR = {                          # HealthCheckConfig: members to leave out
    "CALCULATED": ("IPAddress", "Port"),
    "CLOUDWATCH_METRIC": ("IPAddress", "Port"),
    "RECOVERY_CONTROL": ("RequestInterval",),
}
NOT_SETTINGS = {"HealthCheckId", "HealthCheckVersion", "ResetElements"}     # of UpdateHealthCheck's members


def create_health_check(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    reference, config = asked["CallerReference"], asked["HealthCheckConfig"]
    check = _check_of(account, account.check_references.get(reference) or account.fresh_uuid(), config)
    if reference in account.check_references:
        _same_as_before(account, check, reference)
        return _created(account, account.check(check.id))
    if len(account.service.monitor.checks) >= MAX_CHECKS:
        raise AwsError("TooManyHealthChecks", f"This account has {MAX_CHECKS} health checks, which is the limit.")
    account.put_check(check)
    account.check_references[reference] = check.id
    account.check_note(check).caller_reference = reference
    return _created(account, check)


def _same_as_before(account: Account, check: HealthCheck, reference: str) -> None:
    """Raises AwsError unless the check that has this reference is still there, with these settings."""
    if check.id not in account.service.monitor.statuses:
        raise AwsError("HealthCheckAlreadyExists", f"A health check with caller reference {reference!r} was deleted. "
                                                   "Use another reference.")
    if replace(check, name=None) != replace(account.check(check.id), name=None):
        raise AwsError("HealthCheckAlreadyExists", f"A health check with caller reference {reference!r} and other "
                                                   "settings already exists.")


def _created(account: Account, check: HealthCheck) -> dict[str, Any]:
    return {"HealthCheck": _described(account, check),
            "Location": f"https://route53.amazonaws.com/2013-04-01/healthcheck/{check.id}"}


def get_health_check(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    return {"HealthCheck": _described(account, account.check(asked["HealthCheckId"]))}


def list_health_checks(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    found, described = marked(account.service.monitor.checks, asked, MOST_LISTED, lambda check: check.id)
    return {"HealthChecks": [_described(account, check) for check in found.items], **described}


def update_health_check(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    check = account.check(asked["HealthCheckId"])
    note = account.check_note(check)
    if asked.get("HealthCheckVersion", note.version) != note.version:
        raise AwsError("HealthCheckVersionMismatch", f"The health check is at version {note.version}, not "
                       f"{asked['HealthCheckVersion']}: somebody changed it in between.")
    if "IPAddress" in asked and check.ip_address is None:
        raise AwsError("InvalidInput", "IPAddress cannot be added to a health check that was created without one.")
    config = {**health_check_config(check), **{key: asked[key] for key in asked.keys() - NOT_SETTINGS}}
    for member in asked.get("ResetElements", ()):
        config.pop(member, None)
    keeps_alarm = check.alarm is not None and "AlarmIdentifier" not in asked
    updated = replace(_check_of(account, check.id, config, check if keeps_alarm else None), name=check.name)
    account.put_check(updated)
    note.version += 1
    note.check = updated
    return {"HealthCheck": _described(account, updated)}


def delete_health_check(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    check = account.check(asked["HealthCheckId"])
    parents = [other.id for other in account.service.monitor.checks if check.id in other.child_health_checks]
    if parents:
        raise AwsError("InvalidInput", f"Health check {check.id} is a child of {', '.join(parents)}: take it out there "
                                       "first.")
    orphans = [record.label for zone in account.service.zones.values() for record in zone.record_sets
               if record.health_check_id == check.id]
    account.forget_check(check)
    if orphans:
        account.service.timeline.add(Note(account.now(), f"{check.label} was deleted while {', '.join(orphans)} used "
                                                         "it: they count as healthy from now on"))
    return {}


def get_health_check_count(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    return {"HealthCheckCount": len(account.service.monitor.checks)}


def _check_of(account: Account, health_check_id: str, config: dict[str, Any],
              before: HealthCheck | None = None) -> HealthCheck:
    """The check that these settings describe. An alarm's settings are those of the check `before`, or copied now.

    Raises AwsError, ConfigurationError.
    """
    refused = [member for member in NOT_FOR.get(config["Type"], ()) if member in config]
    if refused:
        raise AwsError("InvalidInput", f"A health check of type {config['Type']} must not have {', '.join(refused)}.")
    described: dict[str, Any] = {"Id": health_check_id, "HealthCheckConfig": config}
    if "AlarmIdentifier" in config:
        name = config["AlarmIdentifier"]["Name"]
        if before is not None:
            described["CloudWatchAlarmConfiguration"] = health_check_to_dict(before)["CloudWatchAlarmConfiguration"]
        elif name in account.alarms:
            described["CloudWatchAlarmConfiguration"] = account.alarms[name]
        else:
            raise AwsError("InvalidInput", f"There is no alarm {name!r}: create it with CloudWatch's PutMetricAlarm.")
    return health_check_from_dict(described)


def _described(account: Account, check: HealthCheck) -> dict[str, Any]:
    note = account.check_note(check)
    return health_check_to_dict(check, note.caller_reference, note.version)


OPERATIONS = {
    "CreateHealthCheck": create_health_check,
    "GetHealthCheck": get_health_check,
    "ListHealthChecks": list_health_checks,
    "UpdateHealthCheck": update_health_check,
    "DeleteHealthCheck": delete_health_check,
    "GetHealthCheckCount": get_health_check_count,
}
