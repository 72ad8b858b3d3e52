"""The name servers' knowledge: zones and statuses. What they reply to a question, and why.

    Question + zones + statuses + where the client is  ->  Answers  ->  Explanation, for people and programs

Pure: no clock, no sockets, no randomness of its own. Before this: lookup.py answers within one zone.
After this: nameserver.py puts the replies into packets, and keeps them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction

from .answers import Answers, Possible
from .health import Status
from .lookup import BEHAVIOR, Lookup, lineage
from .places import PLACES, Place, locate
from .records import Question, RecordSet, Reply
from .routing import Reason, Router
from .zone import HostedZone

# Questions for more than the records of one name and type.
TRANSFERS = ("AXFR", "IXFR", "MAILB", "MAILA", "TKEY", "TSIG")


class Authority:
    """The hosted zones that name servers answer for, and the statuses they know of. Never changes.

    Of two zones with one name the first answers. `statuses` maps health check ids, and DNS names of AWS
    resources, to a Status; one that is missing counts as healthy.
    """

    def __init__(self, zones: Mapping[str, HostedZone] | Iterable[HostedZone], statuses: Mapping[str, Status]):
        given = tuple(zones.values() if isinstance(zones, Mapping) else zones)
        self.zones = {zone.name: zone for zone in reversed(given)}
        self.statuses = dict(statuses)

    def serves_the_same_as(self, other: Authority) -> bool:
        """Are these the very same zones, whatever the statuses?"""
        return self.zones.keys() == other.zones.keys() and all(
            zone is other.zones[name] for name, zone in self.zones.items())

    def zone_of(self, question: Question) -> HostedZone | None:
        """The zone with the longest name that holds this one.

        The DS records of a zone are kept in the zone above it (RFC 4035 section 3.1.4.1).
        """
        found = [self.zones[name] for name in lineage(question.name) if name in self.zones]
        if question.type == "DS" and len(found) > 1 and found[0].name == question.name:
            return found[1]
        return found[0] if found else None

    def answers(self, question: Question, client: Place | str = PLACES[0]) -> Answers:
        """Every possible answer to a client at this place; a Region, a country or an address will do as well."""
        zone = self.zone_of(question)
        if zone is None:
            return _refused(question, f"no zone here holds {question.name}")
        if question.type in TRANSFERS:
            return _refused(question, f"{question.type} is not answered here")
        place = client if isinstance(client, Place) else locate(client)
        return Lookup(Router(zone, self.statuses, place), question).answers()


def _refused(question: Question, why: str) -> Answers:
    return Answers(question, (Possible(Fraction(1), Reply("REFUSED"), (Reason(why, BEHAVIOR),)),))


# ---- in words --------------------------------------------------------------------------------------------------

@dataclass(frozen=True)
class ExplainedOutcome:
    """One answer that may be given: by which record sets, with which values, how likely."""

    set_identifiers: tuple[str, ...]     # of the record sets that answer, or of the alias that led to them
    values: tuple[str, ...]
    ttl: int | None                      # seconds
    probability: Fraction
    at_most: int | None = None           # so many of the record sets answer together, each choice equally likely

    @property
    def label(self) -> str:
        """The values in short, with the share of answers that hold them if it is not all."""
        few = f"{self.at_most} of " if self.at_most and self.at_most < len(self.values) else ""
        share = "" if self.probability == 1 else f" ({self.probability})"
        return f"{few}{', '.join(self.values) or 'no data'}{share}"

    def as_dict(self) -> dict:
        """For JSON; `probability` as a number."""
        return {"set_identifiers": list(self.set_identifiers), "values": list(self.values), "ttl": self.ttl,
                "probability": float(self.probability)} | ({"at_most": self.at_most} if self.at_most else {})


@dataclass(frozen=True)
class Explanation:
    """All that may be answered to a question at this moment, and why."""

    question: Question
    client: Place
    rcode: str
    outcomes: tuple[ExplainedOutcome, ...]      # probabilities add up to 1; empty where no record set answers
    reasons: tuple[Reason, ...]                 # in the order of the decisions; each names its documentation page

    @property
    def values(self) -> tuple[str, ...]:
        """Every value that may be answered, the likeliest outcome's first."""
        return tuple(dict.fromkeys(value for outcome in self._by_chance() for value in outcome.values))

    @property
    def chances(self) -> dict[str, float]:
        """{value: chance that it stands first in an answer}; the values of one outcome change places at random."""
        found: dict[str, float] = {}
        for outcome in self.outcomes:
            for value in outcome.values:
                found[value] = found.get(value, 0.0) + float(outcome.probability) / len(outcome.values)
        return found

    @property
    def set_identifiers(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for outcome in self._by_chance() for name in outcome.set_identifiers))

    @property
    def labels(self) -> tuple[str, ...]:
        """The outcomes in short: two explanations with the same labels answer the same."""
        return tuple(outcome.label for outcome in self.outcomes) or (self.verdict,)

    @property
    def ttl(self) -> int:
        """The shortest TTL that may be answered; 0 where nothing is."""
        return min((outcome.ttl for outcome in self.outcomes if outcome.ttl is not None), default=0)

    @property
    def verdict(self) -> str:
        """The rcode, or 'no data' for a NOERROR without answers."""
        return "no data" if self.rcode == "NOERROR" and not self.values else self.rcode

    def _by_chance(self) -> list[ExplainedOutcome]:
        return sorted(self.outcomes, key=lambda outcome: -outcome.probability)

    def as_dict(self) -> dict:
        """For JSON."""
        return {"rcode": self.rcode, "outcomes": [outcome.as_dict() for outcome in self.outcomes],
                "reasons": [f"{reason} [{reason.page}]" for reason in self.reasons]}

    def __str__(self) -> str:
        lines = [f"{self.question} from {self.client}: {self.verdict}"]
        for outcome in self.outcomes:
            who = f"{', '.join(outcome.set_identifiers)}: " if outcome.set_identifiers else ""
            lines.append(f"  {outcome.probability!s:>5}  {who}{', '.join(outcome.values)} (TTL {outcome.ttl} s)")
        return "\n".join([*lines, "because", *(f"  - {reason}  [{reason.page}]" for reason in self.reasons)])


def explain(zones: Mapping[str, HostedZone] | Iterable[HostedZone], question: Question, statuses: Mapping[str, Status],
            client: Place | str = PLACES[0]) -> Explanation:
    """What these zones answer, with exact probabilities and reasons. Raises ConfigurationError for a client unknown."""
    place = client if isinstance(client, Place) else locate(client)
    possible = Authority(zones, statuses).answers(question, place).possible
    chances: dict[tuple, Fraction] = {}         # outcomes that look the same from outside are one
    for one in possible if any(one.reply.answer for one in possible) else ():
        answer = one.reply.answer
        values, ttl = (answer[0].values, answer[0].ttl) if answer else ((), None)
        key = _identifiers(one), values, ttl, one.at_most
        chances[key] = chances.get(key, Fraction(0)) + one.probability
    outcomes = tuple(ExplainedOutcome(names, values, ttl, chance, at_most)
                     for (names, values, ttl, at_most), chance in chances.items())
    likeliest = max(possible, key=lambda one: one.probability)
    reasons = tuple(dict.fromkeys(reason for one in possible for reason in one.reasons))
    return Explanation(question, place, likeliest.reply.rcode, outcomes, reasons)


def _identifiers(possible: Possible) -> tuple[str, ...]:
    """The set identifiers of the record sets that answer; where they have none, of the last alias on the way."""
    pool: tuple[RecordSet, ...] = possible.outcome.pool if possible.outcome else ()
    path = possible.outcome.path if possible.outcome else ()
    named = tuple(record.set_identifier for record in pool if record.set_identifier)
    return named or tuple(record.set_identifier for record in path if record.set_identifier)[-1:]
