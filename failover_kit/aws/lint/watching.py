"""Rules about what health checks look at: the application rather than the port, and the record's own endpoint.

Before this: survey.py. Source of every rule: as it says.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator

from ...healthcheck import HealthCheck, HealthCheckType
from ...records import RecordSet
from .finding import Hit, Severity, rule
from .survey import Survey, absolute

BODY_BYTES = 5_120          # Developer Guide: a string match looks at this many bytes of the body
CLOSING_TAGS = ("</body", "</html", "</footer", "</main")
PAGE_ENDINGS = ("/", ".html", ".htm", ".php", ".aspx", ".jsp")
DETERMINES = "Developer Guide, How Amazon Route 53 determines whether a health check is healthy"
VALUES = "Developer Guide, Values that you specify when you create or update health checks"


@rule("FK501", Severity.WARNING, "TCP check cannot see the application",
      why="A TCP check passes as soon as a connection opens. A server that answers every request with an error, or "
          "never, passes as well.",
      source=DETERMINES)
def tcp(survey: Survey) -> Iterator[Hit]:
    for check in survey.used_checks:
        if check.type is HealthCheckType.TCP:
            yield Hit(check.label, f"only opens a connection to port {check.port}",
                      "Use HTTP or HTTPS with the path of a page that runs the application, if the endpoint speaks it.")


@rule("FK502", Severity.WARNING, "any 200 on / will do",
      why="A start page often comes from a cache or is a web server's default page: it is there when the application "
          "is not. Any status from 200 to 399 passes.",
      source=DETERMINES)
def bare_start_page(survey: Survey) -> Iterator[Hit]:
    for check in survey.used_checks:
        is_bare = check.type in (HealthCheckType.HTTP, HealthCheckType.HTTPS) and check.resource_path == "/"
        if is_bare and not check.inverted:
            yield Hit(check.label, f"{check.type.value} of / passes with any page",
                      "Name a health page that tries what users need, or match a string that only a good page holds.")


def _watched_records(survey: Survey) -> Iterator[tuple[RecordSet, HealthCheck, frozenset[str], frozenset[str]]]:
    """Record sets whose check watches other addresses than they answer: record, check, its addresses, those watched.

    Only where both are addresses: what is behind an outside name cannot be told from here. An inverted check on
    another place is a switch (STOP), not a mistake.
    """
    for record in survey.zone.record_sets:
        check = survey.check_of(record)
        if check is None or check.inverted:
            continue
        answered, watched = survey.endpoints(record), survey.watched(check)
        if watched and all(map(_is_address, watched | answered)) and not watched & answered:
            yield record, check, answered, watched


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True


def _siblings_with(survey: Survey, record: RecordSet, watched: frozenset[str]) -> list[RecordSet]:
    return [other for other in survey.zone.group(*record.key)
            if other is not record and survey.endpoints(other) & watched]


@rule("FK503", Severity.WARNING, "check watches another endpoint than its record",
      why="A health check tests the endpoint that it names itself, never the value of the record. If the two are "
          "different machines, one can be down while the other is fine.",
      source="API Reference, ResourceRecordSet, HealthCheckId")
def other_endpoint(survey: Survey) -> Iterator[Hit]:
    for record, check, answered, watched in _watched_records(survey):
        if not _siblings_with(survey, record, watched):
            yield Hit(record.label, f"answers {_few(answered)}, but {check.label} watches {_few(watched)}",
                      "Let the check watch what the record answers, or make it one child of a calculated check.")


@rule("FK504", Severity.ERROR, "check watches the other site",
      why="When the other site goes down, this one is taken out of service; when this one goes down, nobody notices.",
      source="API Reference, ResourceRecordSet, HealthCheckId")
def watches_sibling(survey: Survey) -> Iterator[Hit]:
    for record, check, answered, watched in _watched_records(survey):
        for other in _siblings_with(survey, record, watched):
            yield Hit(record.label, f"answers {_few(answered)}, but {check.label} watches {_few(watched)}, "
                      f"which is what {other.label} answers", "Swap the two HealthCheckIds.")


def _few(endpoints: frozenset[str]) -> str:
    names = sorted(endpoints)
    return ", ".join(names[:3]) + (" ..." if len(names) > 3 else "")


@rule("FK505", Severity.ERROR, "check on the very name that it controls",
      why="The check asks the DNS for the name, gets whichever site is in service, and so judges the wrong one after a "
          "failover: the outcome is unpredictable.",
      source=VALUES)
def own_name(survey: Survey) -> Iterator[Hit]:
    for check in survey.used_checks:
        if not check.type.probes or check.ip_address:
            continue
        reached = survey.depends_on(absolute(check.fully_qualified_domain_name))
        for record in survey.used[check.id]:
            if record.name in reached and survey.matters(record.key):
                yield Hit(record.label, f"{check.label} watches {check.fully_qualified_domain_name}, whose answer "
                          "depends on this very record",
                          "Give each server a name of its own and check that, or give IPAddress.")


@rule("FK506", Severity.WARNING, "string that may lie too far down the page",
      why=f"Only the first {BODY_BYTES:,} bytes of the body are searched, and the string must lie wholly within them. "
          "A page that grows by a menu can push it out, and a healthy site turns unhealthy.",
      source=DETERMINES)
def string_too_far_down(survey: Survey) -> Iterator[Hit]:
    for check in survey.used_checks:
        if not check.type.matches_string:
            continue
        path, text = check.resource_path.split("?")[0].lower(), check.search_string.lower()
        is_late = any(tag in text for tag in CLOSING_TAGS)
        if is_late or path.endswith(PAGE_ENDINGS):
            where = "near the end of a page" if is_late else f"in a whole page, {check.resource_path}"
            yield Hit(check.label, f"looks for {check.search_string!r} {where}",
                      "Match on a small health page, or on text near the top such as the title.")


RULES = (tcp, bare_start_page, other_endpoint, watches_sibling, own_name, string_too_far_down)
