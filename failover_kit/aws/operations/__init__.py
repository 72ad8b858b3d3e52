"""What each operation of the API does, one small function an operation.

    Account + parameters in boto3's spelling  ->  what AWS would answer, in boto3's spelling, or AwsError

Before this: api.py parses the request. An operation that is not in OPERATIONS answers NotImplemented by name.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..account import Account
from . import changes, checks, controls, limits, locations, metrics, observations, records, tags, testing, zones

Operation = Callable[[Account, dict[str, Any]], dict[str, Any]]

ROUTE53 = (zones, records, changes, checks, observations, tags, testing, locations, limits)
OPERATIONS: dict[str, dict[str, Operation]] = {
    "route53": {name: operation for module in ROUTE53 for name, operation in module.OPERATIONS.items()},
    "route53-recovery-cluster": controls.OPERATIONS,
    "cloudwatch": metrics.OPERATIONS,
}
