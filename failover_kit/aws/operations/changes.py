"""How far a change has come. Source: Route 53 API Reference, GetChange."""

from __future__ import annotations

from typing import Any

from ..account import Account
from ..protocol import AwsError


def get_change(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    if asked["Id"] not in account.changes:
        raise AwsError("NoSuchChange", f"Could not find resource with ID: {asked['Id']}")
    return {"ChangeInfo": account.change_info(account.changes[asked["Id"]])}


OPERATIONS = {"GetChange": get_change}
