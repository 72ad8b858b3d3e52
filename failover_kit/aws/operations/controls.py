"""Routing controls: read and turn them, within the safety rules. Unlike Route 53's own API this is a data plane.

Source: Route 53 ARC API Reference (cluster), GetRoutingControlState, ListRoutingControls, UpdateRoutingControlState,
UpdateRoutingControlStates.
"""

from __future__ import annotations

from typing import Any

from ..account import Account
from ..protocol import AwsError

STATES = {True: "On", False: "Off"}
MOST_LISTED = 100


def get_routing_control_state(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    arn = asked["RoutingControlArn"]
    return {"RoutingControlArn": arn, "RoutingControlState": STATES[account.service.monitor.control(arn)],
            "RoutingControlName": _known(account, [arn])[arn]}


def list_routing_controls(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    panel = account.panel
    if asked.get("ControlPanelArn", panel.arn) != panel.arn:
        raise _missing(asked["ControlPanelArn"], "controlpanel")
    controls, token = list(_controls(account).items()), asked.get("NextToken", "0")
    if not (token.isascii() and token.isdigit() and int(token[:9]) <= len(controls)):
        raise AwsError("ValidationException", f"NextToken {token[:20]!r} is not one that this API gave.")
    first = int(token[:9])
    last = first + min(asked.get("MaxResults", MOST_LISTED), MOST_LISTED)
    return {"RoutingControls": [
        {"ControlPanelArn": panel.arn, "ControlPanelName": panel.name, "RoutingControlArn": arn,
         "RoutingControlName": name, "RoutingControlState": STATES[account.service.monitor.control(arn)],
         "Owner": panel.arn.split(":")[4]} for arn, name in controls[first:last]],
        "NextToken": str(last) if last < len(controls) else None}


def update_routing_control_state(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    return _turn(account, [asked], asked)


def update_routing_control_states(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    return _turn(account, asked["UpdateRoutingControlStateEntries"], asked)


def _turn(account: Account, entries: list[dict[str, Any]], asked: dict[str, Any]) -> dict[str, Any]:
    """Set all of these states in one step, or none. Raises AwsError when a safety rule forbids it."""
    states = {entry["RoutingControlArn"]: entry["RoutingControlState"] == "On" for entry in entries}
    if len(states) < len(entries):
        raise AwsError("ValidationException", "A routing control is given twice.")
    _known(account, states)
    overridden = asked.get("SafetyRulesToOverride", ())
    for arn in set(overridden) - {rule.arn for rule in account.panel.rules}:
        raise _missing(arn, "safetyrule")
    now, before = account.now(), {arn: account.service.monitor.control(arn) for arn in _controls(account)}
    for rule, why in account.panel.refusals(states, before, now, overridden):
        raise AwsError("ConflictException", f"Safety rule {rule.name} forbids this change: {why}.",
                       fields={"resourceId": rule.arn, "resourceType": "safetyrule"})
    account.service.set_controls(states, now)
    account.panel.note_change(states, now)
    return {}


def _controls(account: Account) -> dict[str, str]:
    """ARN -> name of the panel's controls, of those that its rules name, and of all that a health check watches."""
    watched = [check.routing_control_arn for check in account.service.monitor.checks if check.routing_control_arn]
    ruled = [arn for rule in account.panel.rules for arn in (*rule.controls, *rule.targets)]
    return {arn: arn.rpartition("/")[2][-64:] for arn in (*watched, *ruled)} | account.panel.controls


def _known(account: Account, arns) -> dict[str, str]:
    """The same. Raises AwsError if one of these is not among them."""
    controls = _controls(account)
    for arn in arns:
        if arn not in controls:
            raise _missing(arn, "routingcontrol")
    return controls


def _missing(arn: str, kind: str) -> AwsError:
    return AwsError("ResourceNotFoundException", f"There is no {kind} {arn}.",
                    fields={"resourceId": arn, "resourceType": kind})


OPERATIONS = {
    "GetRoutingControlState": get_routing_control_state,
    "ListRoutingControls": list_routing_controls,
    "UpdateRoutingControlState": update_routing_control_state,
    "UpdateRoutingControlStates": update_routing_control_states,
}
