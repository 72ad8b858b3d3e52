"""A metric and the alarm settings that judge it, as a CLOUDWATCH_METRIC health check sees them.

    data points (time, value)  ->  one statistic a period  ->  OK, ALARM or INSUFFICIENT_DATA

Route 53 reads the metric's data stream, not the alarm's own state, so setting an alarm's state by hand moves
nothing. After this: health.from_alarm turns the state into a status.
Source: Route 53 Developer Guide, "How Amazon Route 53 determines the status of health checks that monitor an alarm".
"""

from __future__ import annotations

import operator
from dataclasses import dataclass, field
from enum import Enum
from statistics import fmean

from .errors import ConfigurationError, Problem


class AlarmState(Enum):
    OK = "OK"
    ALARM = "ALARM"
    INSUFFICIENT_DATA = "INSUFFICIENT_DATA"


COMPARISONS = {
    "GreaterThanOrEqualToThreshold": operator.ge,
    "GreaterThanThreshold": operator.gt,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
STATISTICS = {"Average": fmean, "Sum": sum, "SampleCount": len, "Maximum": max, "Minimum": min}


@dataclass(frozen=True, kw_only=True)
class MetricAlarm:
    """The settings copied from a CloudWatch alarm when the check is created. Source: CloudWatchAlarmConfiguration."""

    name: str
    region: str = "us-east-1"
    namespace: str = "FailoverKit"
    metric_name: str = "Errors"
    dimensions: tuple[tuple[str, str], ...] = ()
    statistic: str = "Average"
    comparison_operator: str = "GreaterThanThreshold"
    threshold: float = 0.0
    period: int = 60                 # seconds, at least 60: no high-resolution metrics
    evaluation_periods: int = 1      # all of them must breach: no M-out-of-N alarms

    def __post_init__(self):
        problems = []
        if self.comparison_operator not in COMPARISONS:
            problems.append(Problem(f"alarm {self.name}", f"comparison is {self.comparison_operator!r}",
                                    f"Use one of {', '.join(COMPARISONS)}."))
        if self.statistic not in STATISTICS:
            problems.append(Problem(f"alarm {self.name}", f"statistic is {self.statistic!r}",
                                    f"Use one of {', '.join(STATISTICS)}; Route 53 takes no percentiles."))
        if self.period < 60:
            problems.append(Problem(f"alarm {self.name}", f"period is {self.period} s",
                                    "Use 60 or more; Route 53 takes no high-resolution metrics."))
        if self.evaluation_periods < 1:
            problems.append(Problem(f"alarm {self.name}", f"evaluation periods are {self.evaluation_periods}",
                                    "Use 1 or more."))
        if problems:
            raise ConfigurationError(problems)

    def breaches(self, value: float) -> bool:
        return COMPARISONS[self.comparison_operator](value, self.threshold)


@dataclass
class MetricStream:
    """The data points of one metric. Keeps only what the alarm can still look back on."""

    alarm: MetricAlarm
    _periods: dict[int, list[float]] = field(default_factory=dict)   # period number -> its data points

    def put(self, value: float, now: float) -> None:
        self._periods.setdefault(int(now // self.alarm.period), []).append(float(value))

    def state(self, now: float) -> AlarmState:
        """The alarm's state from the last complete periods; one without data makes it INSUFFICIENT_DATA."""
        current = int(now // self.alarm.period)
        oldest = current - self.alarm.evaluation_periods
        self._periods = {number: points for number, points in self._periods.items() if number >= oldest}
        window = [self._periods.get(number) for number in range(oldest, current)]
        if not all(window):
            return AlarmState.INSUFFICIENT_DATA
        statistic = STATISTICS[self.alarm.statistic]
        return AlarmState.ALARM if all(self.alarm.breaches(statistic(points)) for points in window) else AlarmState.OK
