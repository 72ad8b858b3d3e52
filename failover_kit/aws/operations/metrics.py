"""As much of CloudWatch as a CLOUDWATCH_METRIC health check needs: alarms to copy settings from, and data points.

Source: CloudWatch API Reference, PutMetricAlarm, DescribeAlarms, PutMetricData; Route 53 Developer Guide, "Monitoring
the state of a CloudWatch alarm" (which alarms Route 53 cannot use).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from ...metrics import MetricAlarm
from ..account import Account
from ..protocol import AwsError
from ..tables import ALARM_FIELDS

UNUSABLE = ("ExtendedStatistic", "Metrics", "DatapointsToAlarm", "ThresholdMetricId", "EvaluationCriteria")
PAST, FUTURE = 14 * 24 * 3600, 2 * 3600      # seconds around now from which data is taken; PutMetricData, Timestamp
MAX_VALUES, MAX_COUNT = 150, 10_000          # of one datum; the second is the lab's own


def put_metric_alarm(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    """Keeps the alarm for health checks that name it from now on. Those that copied its settings before keep theirs."""
    if used := [member for member in UNUSABLE if member in asked]:
        raise AwsError("NotImplemented", f"{', '.join(used)}: Route 53 health checks cannot use such an alarm.")
    if missing := [member for member in ALARM_FIELDS if member not in asked]:
        raise AwsError("MissingParameter", f"The alarm lacks {', '.join(missing)}.")
    MetricAlarm(name=asked["AlarmName"], **{field: asked[member] for member, field in ALARM_FIELDS.items()})
    account.alarms[asked["AlarmName"]] = {**{member: asked[member] for member in ALARM_FIELDS},
                                          "Dimensions": asked.get("Dimensions", [])}
    return {}


def describe_alarms(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    """The alarms' settings. No state: Route 53 reads the metric's data, and so does the lab."""
    names = asked.get("AlarmNames")
    return {"MetricAlarms": [{"AlarmName": name, **settings} for name, settings in account.alarms.items()
                             if names is None or name in names]}


def put_metric_data(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    points = [(datum["MetricName"], _dimensions(datum), value, _moment(account, datum))
              for datum in asked.get("MetricData", ()) for value in _values(datum)]
    for name, dimensions, value, at in points:
        account.service.put_metric_data(asked["Namespace"], name, dimensions, value, at)
    return {}


def _dimensions(holder: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((pair["Name"], pair["Value"]) for pair in holder.get("Dimensions", ()))


def _moment(account: Account, datum: dict[str, Any]) -> float:
    """Lab time of a datum: its Timestamp in the lab's calendar, or now."""
    stamp: datetime | None = datum.get("Timestamp")
    if stamp is None:
        return account.now()
    at = (stamp - account.epoch).total_seconds()
    if not -PAST <= at - account.now() <= FUTURE:
        raise AwsError("InvalidParameterValue", f"Timestamp {stamp.isoformat()} is not within two weeks before and two "
                       f"hours after the lab's time, {account.date(account.now()).isoformat()}. Leave it out for now.")
    return at


def _values(datum: dict[str, Any]) -> Iterator[float]:
    """Every value of a datum, as often as its count says. Raises AwsError."""
    if "StatisticValues" in datum:
        raise AwsError("NotImplemented", "StatisticValues: send Value or Values instead.")
    values = datum.get("Values", [datum["Value"]] if "Value" in datum else [])
    counts = datum.get("Counts", [1.0] * len(values))
    if not values or ("Value" in datum and "Values" in datum):
        raise AwsError("InvalidParameterCombination", f"Metric {datum['MetricName']} needs either Value or Values.")
    if len(values) > MAX_VALUES or len(counts) != len(values):
        raise AwsError("InvalidParameterValue", f"Metric {datum['MetricName']} has {len(values)} Values and "
                       f"{len(counts)} Counts; give one count a value, and at most {MAX_VALUES}.")
    if not all(map(math.isfinite, values)) or not all(0 <= count <= MAX_COUNT for count in counts):
        raise AwsError("InvalidParameterValue", f"Metric {datum['MetricName']} needs finite Values, and Counts from 0 "
                       f"to {MAX_COUNT}.")
    for value, count in zip(values, counts, strict=True):
        yield from [value] * round(count)


OPERATIONS = {
    "PutMetricAlarm": put_metric_alarm,
    "DescribeAlarms": describe_alarms,
    "PutMetricData": put_metric_data,
}
