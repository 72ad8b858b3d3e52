"""What Route 53 watches, and how: one health check's settings, refused when they cannot work.

    Route 53's fields (Type, IPAddress, RequestInterval, FailureThreshold, ...)  ->  HealthCheck

After this: health.py has the rules that turn its probes into a status, monitor.py keeps the score.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from .errors import ConfigurationError, Problem
from .health import Checker
from .metrics import MetricAlarm
from .places import CHECKER_REGIONS
from .records import dns_name

CHECKERS_PER_REGION = 2      # 16 checkers in 8 regions
MAX_CHILDREN = 256           # API reference, ChildHealthCheckList


class HealthCheckType(Enum):
    """Source: Route 53 API Reference, HealthCheckConfig, Type."""

    HTTP = "HTTP"
    HTTPS = "HTTPS"
    HTTP_STR_MATCH = "HTTP_STR_MATCH"
    HTTPS_STR_MATCH = "HTTPS_STR_MATCH"
    TCP = "TCP"
    CALCULATED = "CALCULATED"
    CLOUDWATCH_METRIC = "CLOUDWATCH_METRIC"
    RECOVERY_CONTROL = "RECOVERY_CONTROL"

    @property
    def probes(self) -> bool:
        """Do checkers send requests for this type?"""
        return self in (self.HTTP, self.HTTPS, self.HTTP_STR_MATCH, self.HTTPS_STR_MATCH, self.TCP)

    @property
    def matches_string(self) -> bool:
        return self in (self.HTTP_STR_MATCH, self.HTTPS_STR_MATCH)

    @property
    def uses_tls(self) -> bool:
        return self in (self.HTTPS, self.HTTPS_STR_MATCH)


@dataclass(frozen=True, kw_only=True)
class HealthCheck:
    """What Route 53 watches, and how. Refuses settings that cannot work, all problems at once.

    Source: Route 53 API Reference, HealthCheckConfig.
    """

    id: str
    type: HealthCheckType = HealthCheckType.HTTP
    ip_address: str | None = None
    fully_qualified_domain_name: str | None = None
    port: int | None = None                      # None: 80 for HTTP, 443 for HTTPS
    resource_path: str = "/"
    search_string: str | None = None             # looked for in the first 5,120 bytes of the body
    request_interval: int = 30                   # seconds between a response and the next request, 10 or 30
    failure_threshold: int = 3                   # probes in a row that change a checker's mind, 1 to 10
    measure_latency: bool = False
    inverted: bool = False
    disabled: bool = False
    enable_sni: bool | None = None               # None: true for HTTPS
    regions: tuple[str, ...] = CHECKER_REGIONS
    child_health_checks: tuple[str, ...] = ()    # CALCULATED
    health_threshold: int | None = None          # CALCULATED
    alarm: MetricAlarm | None = None             # CLOUDWATCH_METRIC
    insufficient_data_health_status: str = "LastKnownStatus"
    routing_control_arn: str | None = None       # RECOVERY_CONTROL
    name: str | None = None                      # only a tag in Route 53

    def __post_init__(self):
        put = lambda attribute, value: object.__setattr__(self, attribute, value)
        try:
            put("type", HealthCheckType(getattr(self.type, "value", self.type)))
        except ValueError:
            known = ", ".join(kind.value for kind in HealthCheckType)
            raise ConfigurationError(Problem(self.label, f"type is {self.type!r}", f"Use one of {known}.")) from None
        put("regions", tuple(self.regions))
        put("child_health_checks", tuple(self.child_health_checks))
        if self.resource_path and not self.resource_path.startswith("/"):
            put("resource_path", "/" + self.resource_path)
        if self.type.uses_tls and self.enable_sni is None:
            put("enable_sni", True)
        problems = [Problem(self.label, what, fix) for what, fix in (*self._schedule_problems(), *self._type_problems())]
        if problems:
            raise ConfigurationError(problems)

    @property
    def label(self) -> str:
        return f"health check {self.name or self.id}"

    @property
    def effective_port(self) -> int | None:
        return self.port or (443 if self.type.uses_tls else 80 if self.type is not HealthCheckType.TCP else None)

    @cached_property
    def checkers(self) -> tuple[Checker, ...]:
        """The checkers that probe for it; none for a type that does not probe."""
        if not self.type.probes:
            return ()
        return tuple(Checker(code, number) for code in self.regions for number in range(1, CHECKERS_PER_REGION + 1))

    @property
    def host(self) -> str:
        """The Host header of its requests, without a port."""
        return self.fully_qualified_domain_name or self.ip_address or ""

    def _schedule_problems(self):
        if self.request_interval not in (10, 30):
            yield f"request interval is {self.request_interval} s", "Route 53 offers 10 and 30."
        if not 1 <= self.failure_threshold <= 10:
            yield f"failure threshold is {self.failure_threshold}", "Use 1 to 10."
        unknown = [code for code in self.regions if code not in CHECKER_REGIONS]
        if unknown:
            yield f"no checkers in {', '.join(unknown)}", f"Choose from {', '.join(CHECKER_REGIONS)}."
        if len(self.regions) < 3 or len(set(self.regions)) < len(self.regions):
            yield f"regions are {', '.join(self.regions) or 'none'}", "Choose at least 3 different ones, or leave it out."
        if self.port is not None and not 1 <= self.port <= 65535:
            yield f"port is {self.port}", "Use 1 to 65535."

    def _type_problems(self):
        kind = self.type
        if kind.probes:
            if not (self.ip_address or self.fully_qualified_domain_name):
                yield "names no endpoint", "Give IPAddress or FullyQualifiedDomainName."
            if self.ip_address and not _is_address(self.ip_address):
                yield f"IPAddress {self.ip_address!r} is not an IP address", "Put names into FullyQualifiedDomainName."
            if self.fully_qualified_domain_name:
                yield from _name_problem(self.fully_qualified_domain_name)
            if kind is HealthCheckType.TCP and self.port is None:
                yield "a TCP check has no port", "Give the port to connect to."
        for label, text in (("ResourcePath", self.resource_path), ("SearchString", self.search_string),
                            ("FullyQualifiedDomainName", self.fully_qualified_domain_name)):
            if text and len(text) > 255:
                yield f"{label} has {len(text)} characters", "Use at most 255."
        if kind.matches_string and not self.search_string:
            yield "a string match check has no SearchString", "Give the text that a good page holds."
        if self.search_string and not kind.matches_string:
            yield f"type {kind.value} ignores its SearchString", "Use HTTP_STR_MATCH or HTTPS_STR_MATCH."
        if kind is HealthCheckType.CALCULATED:
            if self.health_threshold is None or not 0 <= self.health_threshold <= MAX_CHILDREN:
                yield f"HealthThreshold is {self.health_threshold}", f"Give 0 to {MAX_CHILDREN}."
            if len(self.child_health_checks) > MAX_CHILDREN:
                yield f"has {len(self.child_health_checks)} children", f"Use at most {MAX_CHILDREN}."
        elif self.child_health_checks:
            yield f"type {kind.value} cannot have child checks", "Use type CALCULATED."
        if kind is HealthCheckType.CLOUDWATCH_METRIC and self.alarm is None:
            yield "names no alarm", "Give AlarmIdentifier and the alarm's settings."
        if self.insufficient_data_health_status not in ("Healthy", "Unhealthy", "LastKnownStatus"):
            yield (f"InsufficientDataHealthStatus is {self.insufficient_data_health_status!r}",
                   "Use Healthy, Unhealthy or LastKnownStatus.")
        if kind is HealthCheckType.RECOVERY_CONTROL and not self.routing_control_arn:
            yield "names no routing control", "Give RoutingControlArn."


def _name_problem(name: str):
    try:
        dns_name(name)
    except ConfigurationError as error:
        yield f"FullyQualifiedDomainName {name!r}: {error.problems[0].what}", error.problems[0].fix


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def health_check_problems(checks: Sequence[HealthCheck]):
    """Problems among health checks: children that are missing, or calculated themselves.

    Source: Route 53 Developer Guide, "Values that you specify when you create or update health checks".
    """
    by_id = {check.id: check for check in checks}
    for check in checks:
        for child in check.child_health_checks:
            if child not in by_id:
                yield Problem(check.label, f"child health check {child!r} does not exist", "Create it first.")
            elif by_id[child].type is HealthCheckType.CALCULATED:
                yield Problem(check.label, f"child {child!r} is a calculated check itself",
                              "A calculated check may only have other types as children.")
