"""Task 7.4: safety rules for the switches of three sites, tried on every change that anybody could make."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from random import Random
from typing import Any

from failover_kit.aws.control_panel import ControlPanel, SafetyRule
from failover_kit.course.tasks import Given, Kind, Task, WrongAnswer
from failover_kit.course.verdicts import Feedback, not_quite, passed

NAMES = ("frankfurt", "ohio", "oregon", "sydney", "tokyo", "virginia")


def draw(random: Random) -> dict[str, Any]:
    return {"sites": tuple(sorted(random.sample(NAMES, 3))), "most": random.choice((1, 2)),
            "gate": random.choice(("approved", "change-window", "drill-day"))}


def changes(sites: tuple[str, ...], gate: str) -> Iterator[tuple[dict[str, bool], dict[str, bool]]]:
    """(states before, states asked for): every change of the sites together, and of the gate alone."""
    for states in product((True, False), repeat=len(sites) + 1):
        before = dict(zip((*sites, gate), states, strict=True))
        for wanted in product((True, False), repeat=len(sites)):
            yield before, dict(zip(sites, wanted, strict=True))
        yield before, {gate: not before[gate]}


def allowed_by(rules: Any, before: Mapping[str, bool], asked: Mapping[str, bool]) -> bool:
    """What the lab's control panel says, with the learner's rules on it."""
    panel = ControlPanel()
    arns = {name: panel.add_control(name) for name in before}
    for rule in rules:
        words = {**rule, "controls": [arns[name] for name in rule["controls"]],
                 "targets": [arns[name] for name in rule.get("targets", ())]}
        panel.add_rule(SafetyRule(**words))
    by_arn = [{arns[name]: state for name, state in states.items()} for states in (asked, before)]
    return not [*panel.refusals(*by_arn, now=1e6)]


def check(answer: Any, given: Given, random: Random) -> Feedback:
    cases = [*changes(given.sites, given.gate)]
    random.shuffle(cases)
    for before, asked in cases:
        on = sum({**before, **asked}[name] for name in given.sites)
        about_sites = given.gate not in asked
        right = not about_sites or (before[given.gate] and 1 <= on <= given.most)
        if allowed_by(answer, before, asked) == right:
            continue
        told = (f"{given.gate} is {_word(before[given.gate])}; somebody wants "
                + ", ".join(f"{name} {_word(state)}" for name, state in asked.items()))
        if right:
            return not_quite(f"{told}. Your rules forbid it, and nothing speaks against it.",
                             ask="Which of your rules refuses this, and is that what it was meant for?")
        if about_sites and not on and before[given.gate]:
            return not_quite(f"{told}. Your rules allow it.", "all-off-stops-traffic")
        if on > given.most and before[given.gate]:
            return not_quite(f"{told}. Your rules allow it, and too many sites take writes.",
                             ask="A rule says at least how many are On. How do you turn that into at most?")
        return not_quite(f"{told}. Your rules allow it, without approval.",
                         ask="Which kind of rule looks at one control when another is to be changed?")
    return passed(f"{len(cases)} possible changes, and each was judged as the business wants it.")


def _word(state: bool) -> str:
    return "On" if state else "Off"


_ONE = '{"name": "some", "controls": given.sites}'
_MOST = '{"name": "few", "controls": given.sites, "threshold": given.most + 1, "inverted": True}'
_GATE = '{"name": "gate", "controls": [given.gate], "targets": given.sites}'

TASK = Task(
    id="7.4", title="Switches that cannot hurt", points=4, kind=Kind.CONFIGURE, minutes=8,
    answer="rules", expects="a list of dicts with name, controls and, where needed, targets, type, threshold, inverted",
    given={"sites": ("frankfurt", "ohio", "virginia"), "most": 1, "gate": "approved"}, draw=draw, check=check,
    misconceptions=("all-off-stops-traffic",),
    equivalent_mutants=tuple(f"line {number}: {name!r} becomes another text" for number, name in
                             ((2, "at least one"), (3, "not too many"), (4, "approved"))),
    hints=("Three wishes, three rules. Two of them look at the sites after the change, one looks at another control "
           "before it.",
           "A rule of type ATLEAST with `inverted` holds when fewer are On than its threshold.",
           "The third rule has `targets`: the controls that it guards. Its `controls` are what must be On for that."),
    alternatives=(
        'rules = [{"name": "a", "controls": list(given.sites), "type": "OR"},\n'
        '         {"name": "b", "controls": list(given.sites), "type": "ATLEAST", "threshold": 1 + given.most, '
        '"inverted": True},\n'
        '         {"name": "c", "controls": (given.gate,), "targets": list(given.sites), "type": "AND"}]\n',
        f'rules = ({_GATE}, {_MOST},\n'
        '         {"name": "some", "controls": given.sites, "type": "ATLEAST", "threshold": 1})\n'),
    wrong_answers=(
        WrongAnswer(f"rules = [{_MOST}, {_GATE}]", "all-off-stops-traffic"),
        WrongAnswer(f"rules = [{_ONE}, {_GATE}]"),
        WrongAnswer(f"rules = [{_ONE}, {_MOST}]"),
        WrongAnswer(f'rules = [{_ONE}, {_GATE}, '
                    f'{{"name": "few", "controls": given.sites, "threshold": given.most, "inverted": True}}]'),
        WrongAnswer(f'rules = [{_ONE}, {_MOST}, {{"name": "gate", "controls": given.sites, "targets": [given.gate]}}]'),
        WrongAnswer('rules = [{"name": "all", "controls": given.sites, "type": "AND"}]'),
        WrongAnswer('rules = [{"name": "some", "controls": ["nowhere"]}]'),
        WrongAnswer("rules = 3")),
)
