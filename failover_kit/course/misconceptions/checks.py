"""Wrong ideas about health checks: what passes, who must agree, what a switch on the check does. Lessons 3 and 4."""

from __future__ import annotations

from .beliefs import Concept, Misconception

SEARCHED_BYTES = 5120


def _view(history, threshold, passes_needed=None):
    healthy, streak, last = True, 0, ""
    for outcome in history:
        streak = streak + 1 if outcome == last else 1
        last = outcome
        if outcome == "F" and streak >= threshold:
            healthy = False
        if outcome == "P" and streak >= (passes_needed or threshold):
            healthy = True
    return "healthy" if healthy else "unhealthy"


def _total_view(history, threshold):
    return "unhealthy" if history.count("F") >= threshold else "healthy"


CONCEPTS = (
    Concept(
        name="one-checker-detects",
        question="The first failing probe comes `first` seconds after the fault. When does this checker change its "
                 "mind?",
        right=lambda first, interval, threshold: first + (threshold - 1) * interval,
        cases=({"first": 12, "interval": 30, "threshold": 3}, {"first": 4, "interval": 10, "threshold": 2})),
    Concept(
        name="one-checker-view",
        question="A checker saw these passes and fails. What does it say?",
        right=lambda history, threshold: _view(history, threshold),
        cases=({"history": "FPFPF", "threshold": 3}, {"history": "FFFP", "threshold": 3},
               {"history": "FFF", "threshold": 3}, {"history": "FFFPPP", "threshold": 3})),
    Concept(
        name="checkers-agree",
        question="`passing` of `checkers` say healthy. Is the health check healthy?",
        right=lambda passing, checkers: passing / checkers > 0.18,
        cases=({"passing": 3, "checkers": 16}, {"passing": 8, "checkers": 16}, {"passing": 2, "checkers": 16},
               {"passing": 16, "checkers": 16}, {"passing": 15, "checkers": 16})),
    Concept(
        name="switched-check",
        question="Is a check healthy, given its two switches and what its checkers say?",
        right=lambda disabled, inverted, endpoint_healthy: (disabled or endpoint_healthy) != inverted,
        cases=tuple({"disabled": disabled, "inverted": inverted, "endpoint_healthy": healthy}
                    for disabled in (False, True) for inverted in (False, True) for healthy in (False, True))),
    Concept(
        name="check-without-data",
        question="Is a check healthy that was created a second ago?",
        right=lambda inverted: not inverted,
        cases=({"inverted": False}, {"inverted": True})),
    Concept(
        name="status-code",
        question="Does this HTTP status code pass?",
        right=lambda code: 200 <= code < 400,
        cases=({"code": 200}, {"code": 302}, {"code": 404}, {"code": 503})),
    Concept(
        name="certificate",
        question="Does this HTTPS probe pass?",
        right=lambda code, certificate_valid: 200 <= code < 400,
        cases=({"code": 200, "certificate_valid": False}, {"code": 500, "certificate_valid": True})),
    Concept(
        name="string-match",
        question="Does the string match pass on this body?",
        right=lambda body, search: search in body[:SEARCHED_BYTES],
        cases=({"body": "." * 5116 + "ready", "search": "ready"}, {"body": "all READY", "search": "ready"},
               {"body": "all ready", "search": "ready"}, {"body": "no", "search": "ready"})),
    Concept(
        name="calculated-check",
        question="Is a calculated check healthy with this many healthy children?",
        right=lambda threshold, healthy, children: healthy >= threshold,
        cases=({"threshold": 1, "healthy": 1, "children": 3}, {"threshold": 2, "healthy": 2, "children": 3},
               {"threshold": 3, "healthy": 2, "children": 3}, {"threshold": 0, "healthy": 0, "children": 3})),
    Concept(
        name="tcp-check",
        question="Does a TCP check pass?",
        right=lambda port_open, page_works: port_open,
        cases=({"port_open": True, "page_works": False}, {"port_open": False, "page_works": False})),
    Concept(
        name="alarm-check",
        question="Is a check on a CloudWatch alarm healthy?",
        right=lambda metric_within_limits, alarm_set_to_ok: metric_within_limits,
        cases=({"metric_within_limits": True, "alarm_set_to_ok": False},
               {"metric_within_limits": False, "alarm_set_to_ok": True})),
    Concept(
        name="watched-endpoint",
        question="A record points at one server and its check watches another. Is the check healthy?",
        right=lambda record_value, check_endpoint, servers_up: check_endpoint in servers_up,
        cases=({"record_value": "east", "check_endpoint": "west", "servers_up": ("east",)},
               {"record_value": "east", "check_endpoint": "west", "servers_up": ("west",)})),
    Concept(
        name="probes-sent",
        question="How many probes reach the endpoint in `seconds`?",
        right=lambda interval, checkers, seconds, questions: seconds // interval * checkers,
        cases=({"interval": 30, "checkers": 16, "seconds": 60, "questions": 1000},)),
)

MISCONCEPTIONS = (
    Misconception(
        name="interval-is-detection-time", lesson=3, concept="one-checker-detects",
        belief="A fault is noticed one interval after it happens.",
        refutation="A checker changes its mind only after as many failures in a row as the threshold says.",
        question="After the first failing probe, what does the checker wait for?",
        source="Route 53 API Reference, HealthCheckConfig, FailureThreshold",
        believed=lambda first, interval, threshold: interval),
    Misconception(
        name="one-failure-is-enough", lesson=3, concept="one-checker-detects",
        belief="The first failing probe makes a check unhealthy.",
        refutation="One failure starts a streak. The threshold says how long the streak must get.",
        question="What would one lost packet do to your service if this were so?",
        source="Route 53 API Reference, HealthCheckConfig, FailureThreshold",
        believed=lambda first, interval, threshold: first),
    Misconception(
        name="failures-need-not-be-consecutive", lesson=3, concept="one-checker-view",
        belief="The threshold counts all failures, with passes in between.",
        refutation="The failures must follow one another. A single pass starts the count again.",
        question="Fail, pass, fail: how long is the streak of failures now?",
        source="Route 53 Developer Guide, dns-failover-determining-health-of-endpoints",
        believed=_total_view),
    Misconception(
        name="one-pass-recovers", lesson=3, concept="one-checker-view",
        belief="One good probe makes an unhealthy endpoint healthy again.",
        refutation="The threshold counts both ways: as many passes in a row as it took failures.",
        question="An endpoint that answers every other probe: should it be in service?",
        source="Route 53 API Reference, HealthCheckConfig, FailureThreshold",
        believed=lambda history, threshold: _view(history, threshold, passes_needed=1)),
    Misconception(
        name="checkers-vote-by-majority", lesson=4, concept="checkers-agree",
        belief="A check is healthy when more than half of the checkers say so.",
        refutation="More than 18 % is enough. Few healthy views keep an endpoint in service.",
        question="Why would it be safer to need less than half for 'healthy'?",
        source="Route 53 Developer Guide, dns-failover-determining-health-of-endpoints",
        believed=lambda passing, checkers: passing / checkers > 0.5),
    Misconception(
        name="one-failing-checker-is-enough", lesson=4, concept="checkers-agree",
        belief="If one checker cannot reach the endpoint, the check is unhealthy.",
        refutation="A single checker may just have a bad route. All but 18 % must agree before the status changes.",
        question="One checker's own network breaks. Should your service fail over?",
        source="Route 53 Developer Guide, dns-failover-determining-health-of-endpoints",
        believed=lambda passing, checkers: passing == checkers),
    Misconception(
        name="disabled-means-unhealthy", lesson=4, concept="switched-check",
        belief="A disabled check counts as unhealthy, so disabling it moves traffic away.",
        refutation="Disabling stops the probes and reads as healthy, so traffic stays. To move it, invert the check.",
        question="Probing has stopped. Which status keeps a working service in place?",
        source="Route 53 API Reference, UpdateHealthCheckRequest, Disabled",
        believed=lambda disabled, inverted, endpoint_healthy: not disabled and endpoint_healthy != inverted),
    Misconception(
        name="disabled-ignores-inversion", lesson=4, concept="switched-check",
        belief="A disabled check is always healthy, inverted or not.",
        refutation="Inversion comes last: a disabled and inverted check is unhealthy.",
        question="In which order are the two switches applied?",
        source="Route 53 API Reference, UpdateHealthCheckRequest, Disabled",
        believed=lambda disabled, inverted, endpoint_healthy: disabled or endpoint_healthy != inverted),
    Misconception(
        name="new-check-is-unhealthy", lesson=4, concept="check-without-data",
        belief="A new check is unhealthy until it has seen a success.",
        refutation="Until there is enough data it counts as healthy; only an inverted one starts unhealthy.",
        question="You attach a new check to a live primary. What would happen in the first seconds?",
        source="Route 53 Developer Guide, dns-failover-determining-health-of-endpoints",
        believed=lambda inverted: False),
    Misconception(
        name="redirect-fails", lesson=4, concept="status-code",
        belief="Only codes from 200 to 299 pass.",
        refutation="2xx and 3xx pass. A redirect is a sign of life.",
        question="Where does the documentation draw the upper line?",
        source="Route 53 API Reference, HealthCheckType",
        believed=lambda code: 200 <= code < 300),
    Misconception(
        name="any-reply-is-a-pass", lesson=4, concept="status-code",
        belief="If the server answers at all, it is healthy.",
        refutation="An HTTP check reads the status code: 4xx and 5xx fail. Only a TCP check stops at the connection.",
        question="The server answers 500 to everybody. Would you want to stay?",
        source="Route 53 API Reference, HealthCheckType",
        believed=lambda code: True),
    Misconception(
        name="expired-certificate-fails", lesson=4, concept="certificate",
        belief="An HTTPS check fails when the certificate has expired.",
        refutation="The checkers do not validate certificates. Users see an error page while the check stays green.",
        question="Which side checks the certificate in a browser, and does a checker do the same?",
        source="Route 53 Developer Guide, dns-failover-determining-health-of-endpoints",
        believed=lambda code, certificate_valid: 200 <= code < 400 and certificate_valid),
    Misconception(
        name="whole-body-is-searched", lesson=4, concept="string-match",
        belief="The string may stand anywhere in the page.",
        refutation="It must lie wholly within the first 5,120 bytes of the body.",
        question="How much of the body does a checker read?",
        source="Route 53 Developer Guide, health-checks-creating-values, Search string",
        believed=lambda body, search: search in body),
    Misconception(
        name="string-match-ignores-case", lesson=4, concept="string-match",
        belief="Upper and lower case do not matter in a string match.",
        refutation="The match is case-sensitive.",
        question="The page says READY. Is that the string you asked for?",
        source="Route 53 Developer Guide, health-checks-creating-values, Search string",
        believed=lambda body, search: search.lower() in body[:SEARCHED_BYTES].lower()),
    Misconception(
        name="calculated-needs-all", lesson=4, concept="calculated-check",
        belief="A calculated check is healthy only when all of its children are.",
        refutation="It is healthy when at least HealthThreshold children are; all of them is just one setting.",
        question="What does HealthThreshold count, and what is it set to here?",
        source="Route 53 API Reference, HealthCheckConfig, HealthThreshold",
        believed=lambda threshold, healthy, children: healthy == children),
    Misconception(
        name="calculated-is-a-majority", lesson=4, concept="calculated-check",
        belief="A calculated check follows the majority of its children.",
        refutation="There is no vote. It compares the healthy children with HealthThreshold.",
        question="What does HealthThreshold count, and what is it set to here?",
        source="Route 53 API Reference, HealthCheckConfig, HealthThreshold",
        believed=lambda threshold, healthy, children: healthy > children / 2),
    Misconception(
        name="tcp-sees-the-application", lesson=4, concept="tcp-check",
        belief="A TCP check fails when the application behind the port is broken.",
        refutation="A TCP check only opens a connection. A process that accepts and then answers nonsense passes.",
        question="Which bytes does a TCP check send once it is connected?",
        source="Route 53 Developer Guide, dns-failover-determining-health-of-endpoints",
        believed=lambda port_open, page_works: port_open and page_works),
    Misconception(
        name="alarm-state-decides", lesson=4, concept="alarm-check",
        belief="Setting an alarm's state by hand makes its health check follow.",
        refutation="Route 53 reads the metric's data stream, not the alarm's state.",
        question="What does the check read: the alarm, or what the alarm reads?",
        source="Route 53 Developer Guide, dns-failover-determining-health-of-endpoints",
        believed=lambda metric_within_limits, alarm_set_to_ok: alarm_set_to_ok),
    Misconception(
        name="check-follows-the-record", lesson=4, concept="watched-endpoint",
        belief="A health check watches the address in the record that it is attached to.",
        refutation="It watches the endpoint in its own settings. The two can differ, and then the record lies.",
        question="Where in the check's settings does the record's value appear?",
        source="Route 53 API Reference, ResourceRecordSet, HealthCheckId",
        believed=lambda record_value, check_endpoint, servers_up: record_value in servers_up),
    Misconception(
        name="probes-follow-questions", lesson=4, concept="probes-sent",
        belief="Route 53 probes the endpoint when somebody asks for the name.",
        refutation="Probes follow their own schedule, whether or not anybody asks.",
        question="If a probe were made for each question, how long would an answer take during an outage?",
        source="Route 53 Developer Guide, dns-failover-simple-configs",
        believed=lambda interval, checkers, seconds, questions: questions),
)
