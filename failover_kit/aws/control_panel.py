"""Routing controls and the safety rules that guard them, as Amazon Application Recovery Controller has them.

    states + the changes asked for + rules  ->  the rules that forbid them

Pure. After this: operations/controls.py turns the switches.
Source: Route 53 ARC API references, RoutingControl, AssertionRule, GatingRule, RuleConfig.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from ..errors import ConfigurationError, Problem

ARN = "arn:aws:route53-recovery-control::123456789012:controlpanel/0f1e2d3c4b5a69788796a5b4c3d2e1f0"
WAIT_PERIOD_MS = 5000


@dataclass(frozen=True, kw_only=True)
class SafetyRule:
    """What must hold for routing controls to be changed.

    Without `targets` it is an assertion: once `controls` have changed, so many of them must be On. With `targets`
    it is a gate: those may change only while so many of `controls` are On.
    """

    name: str
    controls: tuple[str, ...]                # ARNs: AssertedControls, or GatingControls
    targets: tuple[str, ...] = ()            # ARNs: TargetControls
    type: str = "ATLEAST"                    # or AND, OR
    threshold: int = 1                       # for ATLEAST
    inverted: bool = False                   # the rule holds when it otherwise would not
    wait_period_ms: int = WAIT_PERIOD_MS     # milliseconds after a change in which no other is taken

    def __post_init__(self):
        object.__setattr__(self, "controls", tuple(self.controls))
        object.__setattr__(self, "targets", tuple(self.targets))
        problems = []
        if self.type not in ("ATLEAST", "AND", "OR"):
            problems.append(Problem(f"safety rule {self.name}", f"type is {self.type!r}", "Use ATLEAST, AND or OR."))
        if not self.controls:
            problems.append(Problem(f"safety rule {self.name}", "names no controls", "Give at least one ARN."))
        if problems:
            raise ConfigurationError(problems)

    @property
    def arn(self) -> str:
        return f"{ARN}/safetyrule/{self.name}"

    @property
    def guarded(self) -> tuple[str, ...]:
        """The controls whose changes it looks at."""
        return self.targets or self.controls

    def allows(self, before: Mapping[str, bool], after: Mapping[str, bool]) -> bool:
        """Does it hold for a change of every control's state from `before` to `after`?"""
        states = before if self.targets else after
        on = sum(states[arn] for arn in self.controls)
        needed = {"AND": len(self.controls), "OR": 1, "ATLEAST": self.threshold}[self.type]
        return (on >= needed) is not self.inverted


@dataclass
class ControlPanel:
    """The controls of one cluster, with their rules."""

    name: str = "lab"
    arn: str = ARN
    controls: dict[str, str] = field(default_factory=dict)      # ARN -> name
    rules: list[SafetyRule] = field(default_factory=list)
    _changed: dict[str, float] = field(default_factory=dict)    # rule's ARN -> when a change last passed it

    def add_control(self, name: str) -> str:
        """A new control's ARN. Raises ConfigurationError for a name that is taken or holds spaces."""
        if not name or len(name) > 64 or any(letter.isspace() for letter in name) or name in self.controls.values():
            raise ConfigurationError(Problem(f"routing control {name!r}", "has a name that cannot be used",
                                             "Give 1 to 64 characters without spaces that no other control has."))
        arn = f"{self.arn}/routingcontrol/{len(self.controls):016x}"
        self.controls[arn] = name
        return arn

    def add_rule(self, rule: SafetyRule) -> None:
        """Guard the controls with one more rule. Raises ConfigurationError for a name that is taken."""
        if rule.arn in {other.arn for other in self.rules}:
            raise ConfigurationError(Problem(f"safety rule {rule.name}", "exists already", "Give it another name."))
        self.rules.append(rule)

    def refusals(self, asked: Mapping[str, bool], before: Mapping[str, bool], now: float,
                 overridden: Collection[str] = ()) -> Iterable[tuple[SafetyRule, str]]:
        """The rules that forbid these changes, each with why. `before` holds the state of every control."""
        after = {**before, **asked}
        for rule in self._concerned(asked):
            if rule.arn in overridden:
                continue
            since = now - self._changed.get(rule.arn, float("-inf"))
            if since * 1000 < rule.wait_period_ms:
                yield rule, f"its wait period of {rule.wait_period_ms} ms after the last change is not over"
            elif not rule.allows(before, after):
                yield rule, "the states of its controls do not satisfy it"

    def note_change(self, asked: Mapping[str, bool], now: float) -> None:
        """Start the wait period of every rule that guards one of these."""
        self._changed |= {rule.arn: now for rule in self._concerned(asked)}

    def _concerned(self, asked: Mapping[str, bool]) -> list[SafetyRule]:
        return [rule for rule in self.rules if not asked.keys().isdisjoint(rule.guarded)]
