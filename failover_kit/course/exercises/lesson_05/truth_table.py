"""Task 5.1: the whole truth table of a failover pair, unchecked records included. Judged by the kit's own answers."""

from __future__ import annotations

from itertools import product
from random import Random
from typing import Any

from failover_kit import Failover, HostedZone, Question, RecordSet, Status
from failover_kit.authority import explain
from failover_kit.course.misconceptions import diagnose
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed

NAME = "app.example.com."
STATES = ("healthy", "unhealthy", "unchecked")
REGIONS = ("us-east-1", "us-west-2", "eu-west-1", "eu-central-1", "ap-southeast-1", "sa-east-1")
NOTHING = "no answer"


def numbers(random: Random, primary: str, secondary: str) -> dict[str, Any]:
    """All nine rows, in an order of their own. Where the primary has no check, its server is down."""
    rows = [(*states, "down" if states[0] != "healthy" else "up") for states in product(STATES, repeat=2)]
    random.shuffle(rows)
    return {"primary": primary, "secondary": secondary, "rows": rows}


def draw(random: Random) -> dict[str, Any]:
    return numbers(random, *random.sample(REGIONS, 2))


def answered(given: Given, states: tuple[str, str]) -> str:
    """Whom the kit's name servers answer for these two states, by name."""
    roles = dict(zip((Failover.PRIMARY, Failover.SECONDARY),
                     ((given.primary, "192.0.2.10"), (given.secondary, "192.0.2.20")),
                     strict=True))
    zone = HostedZone("example.com", tuple(
        RecordSet(name=NAME, ttl=60, failover=role, set_identifier=who, values=(address,),
                  health_check_id=None if state == "unchecked" else who)
        for (role, (who, address)), state in zip(roles.items(), states, strict=True)))
    statuses = {who: Status(state) for (who, _), state in zip(roles.values(), states, strict=True)
                if state != "unchecked"}
    return explain([zone], Question(NAME), statuses).set_identifiers[0]


def check(answer: Any, given: Given, random: Random) -> Feedback:
    said = list(answer)
    known = (given.primary, given.secondary, NOTHING)
    if len(said) != len(given.rows):
        return not_quite(f"There are {len(given.rows)} rows, and you gave {len(said)} answers.",
                         ask="Is there one answer for each row, in the order of the rows?")
    strange = [one for one in said if one not in known]
    if strange:
        return not_quite(f"{strange[0]!r} is not one of the possible answers.",
                         ask=f"Which of {', '.join(known)} is it?")
    wrong = [place for place, row in enumerate(given.rows) if said[place] != answered(given, row[:2])]
    if not wrong:
        return passed("Read it again by its columns: a record without a check is answered exactly as a healthy one is.")
    primary, secondary, server = given.rows[wrong[0]]
    start = (f"{len(wrong)} of {len(said)} rows are not right. The first: primary {primary}, its server {server}; "
             f"secondary {secondary}.")
    role = {given.primary: "primary", given.secondary: "secondary", NOTHING: NOTHING}
    cases = {(first, second): role[one] for one, (first, second, _) in zip(said, given.rows, strict=True)}
    belief = diagnose("failover-pair", lambda primary, secondary, primary_server_up: cases[primary, secondary],
                      [{"primary": first, "secondary": second, "primary_server_up": server == "up"}
                       for first, second, server in given.rows])
    return not_quite(start, belief.name if belief else None,
                     ask="" if belief else "Which of the two records counts as healthy in that row?")


_PROGRAM = """
answers = []
for primary, secondary, server in given.rows:
    {rule}
"""


def _rule(rule: str) -> str:
    return _PROGRAM.format(rule=rule)


TASK = Task(
    id="5.1", title="The truth table", points=2, kind=Kind.PREDICT, minutes=4,
    answer="answers", expects="a list of nine texts, one for each of `given.rows`",
    given=numbers(Random(51), "us-east-1", "us-west-2"), draw=draw, check=check,
    misconceptions=("both-unhealthy-means-no-answer", "both-unhealthy-means-secondary", "unchecked-primary-fails-over",
                    "unchecked-secondary-is-not-used"),
    hints=("Ask of each record first: does it count as healthy? There are only two answers to that.",
           "A record without a check counts as healthy, whatever its server does. Replace the word in both columns, "
           "and four different rows are left.",
           "A healthy primary is answered. An unhealthy one gives way to a secondary that counts as healthy. If "
           "neither does, both count as healthy again: go back to the first sentence."),
    alternatives=(
        _rule('ok = [state != "unhealthy" for state in (primary, secondary)]\n'
              '    answers.append(given.secondary if ok == [False, True] else given.primary)'),
        'table = {("unhealthy", "healthy"): given.secondary, ("unhealthy", "unchecked"): given.secondary}\n'
        "answers = tuple(table.get(row[:2], given.primary) for row in given.rows)"),
    wrong_answers=(
        WrongAnswer(_rule('answers.append(given.secondary if primary == "unhealthy" else given.primary)'),
                    "both-unhealthy-means-secondary"),
        WrongAnswer(_rule('answers.append("no answer" if primary == secondary == "unhealthy" else given.secondary '
                          'if primary == "unhealthy" else given.primary)'), "both-unhealthy-means-no-answer"),
        WrongAnswer(_rule('answers.append(given.secondary if server == "down" and secondary != "unhealthy" '
                          'else given.primary)'), "unchecked-primary-fails-over"),
        WrongAnswer(_rule('answers.append(given.secondary if (primary == "unhealthy" and secondary != "unhealthy") '
                          'or (primary == "unchecked" and server == "down") else given.primary)'),
                    "unchecked-primary-fails-over"),
        WrongAnswer(_rule('answers.append(given.secondary if primary == "unhealthy" and secondary == "healthy" '
                          'else given.primary)'), "unchecked-secondary-is-not-used"),
        WrongAnswer("answers = [given.primary] * len(given.rows)"),
        WrongAnswer("answers = [given.secondary] * 3"),
        WrongAnswer('answers = ["primary"] * len(given.rows)'),
        WrongAnswer("answers = 9")),
)
