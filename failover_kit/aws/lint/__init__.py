"""Looks for what will go wrong with a zone before it does: rules with an id, a reason, its source, and the fix.

    HostedZone + HealthChecks  ->  Survey  ->  RULES  ->  Findings, the worst first

    FK0 cannot be read   FK1 failover pairs   FK2 trees of aliases   FK3 other groups   FK4 TTLs
    FK5 what checks watch   FK6 how checks are set   FK7 shared fate
"""

from __future__ import annotations

from collections.abc import Iterable

from ...errors import ConfigurationError
from ...healthcheck import HealthCheck
from ...zone import HostedZone
from . import failover, groups, settings, shared_fate, trees, ttl, watching
from .finding import Finding, Rule, Severity
from .survey import Survey

__all__ = ["REFUSED", "RULES", "Finding", "Rule", "Severity", "lint", "refused"]

RULES: tuple[Rule, ...] = (*failover.RULES, *trees.RULES, *groups.RULES, *ttl.RULES, *watching.RULES, *settings.RULES,
                           *shared_fate.RULES)
REFUSED = Rule("FK001", Severity.ERROR, "cannot be read",
               "Route 53 refuses it, or no tool can tell what it means. Nothing else is looked at until it is right.",
               "API Reference, ResourceRecordSet and HealthCheckConfig", lambda survey: iter(()))
_ORDER = list(Severity)


def lint(zone: HostedZone, health_checks: Iterable[HealthCheck] | None) -> list[Finding]:
    """What is wrong or risky in a zone, errors first, each severity in the order of the rules.

    `health_checks` are all that there are. None says that nobody knows: then the rules that need them find nothing.
    """
    survey = Survey.of(zone, health_checks)
    findings = [finding for rule in RULES for finding in rule(survey)]
    return sorted(findings, key=lambda finding: _ORDER.index(finding.severity))


def refused(error: ConfigurationError) -> list[Finding]:
    """A file that cannot be read, as findings: one for each of its problems."""
    return [Finding(REFUSED.id, REFUSED.severity, problem.where, problem.what, REFUSED.why, problem.fix, REFUSED.source)
            for problem in error.problems]
