"""Task 4.2: a health check that sees what users see. Judged in the lab, against every kind of fault it has."""

from __future__ import annotations

from random import Random
from typing import Any

from failover_kit import Lab, Status
from failover_kit.aws.shapes import health_check_from_dict
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed
from failover_kit.health import StatusChange
from failover_kit.places import CHECKER_REGIONS
from failover_kit.probing import SEARCHED_BYTES

MUST_SEE = {                                   # fault -> what users say
    "wrong_page": "they get the web server's default page, with status 200",
    "app_broken": "every page of the shop is an error, while /health says OK",
    "http_500": "every page is an error",
    "hang": "they wait for ever",
    "crash": "connections are refused",
    "blackout": "nothing answers at all"}
MUST_FORGIVE = {                               # fault -> what is the matter
    "partition": "one part of the world cannot reach the site",
    "packet_loss": "a few requests in a hundred get lost",
    "flapping": "the site restarts now and then, in a quarter of a minute",
    "dependency": "a service behind the shop is down; users get their pages all the same"}
TEXTS = (("Your basket", "All rights reserved"), ("Choose a size", "Terms and conditions"),
         ("Garden chairs", "Follow our news"), ("New arrivals", "Made with care"))     # heading and footer of a page
SETTLE, OUTAGE = 60.0, 330.0                   # seconds; the slowest setting needs 300 to notice


def body(heading: str, footer: str) -> str:
    """The start page: a heading near the top, and a footer beyond what checkers read."""
    return f"<h1>{heading}</h1>" + "<li>product</li>" * (SEARCHED_BYTES // 15) + f"<p>{footer}</p>"


def draw(random: Random) -> dict[str, Any]:
    heading, footer = random.choice(TEXTS)
    return {"heading": heading, "footer": footer}


def judged(config: dict[str, Any], given: Given, seed: int, options: dict[str, dict[str, Any]]) -> dict[str, bool]:
    """Which faults turned this check unhealthy, each on a site of its own; "" for no fault at all."""
    with Lab.virtual(seed) as lab:
        kept = {}
        for fault in ("", *options):
            site = lab.site("us-east-1", name=fault or "healthy")
            site.site.pages = {"/": body(given.heading, given.footer)}
            raw = {"Id": site.name, "CallerReference": site.name,
                   "HealthCheckConfig": {**config, "IPAddress": site.address}}
            kept[fault] = lab.put_health_check(health_check_from_dict(raw)).id
            if fault:
                lab.at(SETTLE, lambda site=site, fault=fault: site.fail(fault, **options[fault]))
        turned = {change.health_check_id for change in lab.run(SETTLE + OUTAGE).of(StatusChange)
                  if change.status is Status.UNHEALTHY}
        return {fault: id_ in turned for fault, id_ in kept.items()}


def check(answer: Any, given: Given, random: Random) -> Feedback:
    options: dict[str, dict[str, Any]] = {fault: {} for fault in (*MUST_SEE, *MUST_FORGIVE)}
    options["partition"] = {"regions": tuple(random.sample(CHECKER_REGIONS, 2))}
    options["packet_loss"] = {"rate": random.uniform(0.03, 0.06)}
    options["flapping"] = {"period": 70.0, "down": 14.0}
    turned = judged({**answer}, given, random.getrandbits(30), options)
    if turned[""]:
        return _never_green(answer, given)
    missed = [fault for fault in MUST_SEE if not turned[fault]]
    if missed:
        return _blind(answer, missed[0])
    for fault, what in MUST_FORGIVE.items():
        if turned[fault]:
            return not_quite(f"A false alarm: {what}, and your check turns red. Users would be moved for nothing.",
                             ask="Which setting says how much a single checker puts up with?" if fault != "dependency"
                             else "Whose answer does the page you ask for depend on?")
    return passed("Red for all that keeps users from their page, green for what they can live with.")


def _never_green(answer: Any, given: Given) -> Feedback:
    start = "Nothing is wrong with the site, and your check is red."
    text = answer.get("SearchString", "")
    if text and text in given.footer:
        return not_quite(start, "whole-body-is-searched")
    if text and text.lower() in given.heading.lower() and text not in given.heading:
        return not_quite(start, "string-match-ignores-case")
    return not_quite(start, ask="Does the page that you ask for exist, and does it hold the text that you look for?")


def _blind(answer: Any, fault: str) -> Feedback:
    start = f"Users complain: {MUST_SEE[fault]}. Your check stays green."
    if answer["Type"] == "TCP":
        return not_quite(start, "tcp-sees-the-application")
    return not_quite(start, ask="What does your check ask for, and what would it have to find in the answer?")


TASK = Task(
    id="4.2", title="A check that sees the bug", points=4, kind=Kind.CONFIGURE, minutes=5,
    answer="config", expects="a dict like boto3's HealthCheckConfig, without IPAddress",
    given=dict(zip(("heading", "footer"), TEXTS[0], strict=True)), draw=draw, check=check,
    misconceptions=("tcp-sees-the-application", "whole-body-is-searched", "string-match-ignores-case"),
    equivalent_mutants=("line 1: `'ResourcePath'` is left out of the dict",),     # "/" is what it is then
    hints=("Start with the worst complaint: a page with status 200 that is the wrong page. Which type looks at the "
           "body?",
           "The body is long, and only its beginning is read. Which of the two texts stands at the beginning?",
           "Leave the threshold at 3 or more, or a restart of 14 s turns the check red when it asks every 10 s."),
    alternatives=(
        'config = dict(Type="HTTP_STR_MATCH", ResourcePath="/", SearchString=f"<h1>{given.heading}</h1>",\n'
        '              Port=80, RequestInterval=30, FailureThreshold=2)',
        'config = {"Type": "HTTP_STR_MATCH", \n'
        '          "SearchString": given.heading.split()[0], "RequestInterval": 10, "FailureThreshold": 4}'),
    wrong_answers=(
        WrongAnswer('config = {"Type": "TCP", "Port": 80}', "tcp-sees-the-application"),
        WrongAnswer('config = {"Type": "HTTP_STR_MATCH", "ResourcePath": "/", "SearchString": given.footer}',
                    "whole-body-is-searched"),
        WrongAnswer('config = {"Type": "HTTP_STR_MATCH", "ResourcePath": "/",\n'
                    '          "SearchString": given.heading.upper()}', "string-match-ignores-case"),
        WrongAnswer('config = {"Type": "HTTP", "ResourcePath": "/health"}'),
        WrongAnswer('config = {"Type": "HTTP", "ResourcePath": "/"}'),
        WrongAnswer('config = {"Type": "HTTP_STR_MATCH", "ResourcePath": "/", "SearchString": given.heading,\n'
                    '          "RequestInterval": 10, "FailureThreshold": 1}'),
        WrongAnswer('config = {"Type": "HTTP_STR_MATCH", "ResourcePath": "/health/deep", "SearchString": "OK"}'),
        WrongAnswer('config = {"Type": "HTTP_STR_MATCH", "ResourcePath": "/", "SearchString": given.heading,\n'
                    '          "Disabled": True}'),
        WrongAnswer('config = {"Type": "HTTP_STR_MATCH", "ResourcePath": "/"}'),
        WrongAnswer('config = given.heading')))
