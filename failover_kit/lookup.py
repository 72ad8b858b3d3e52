"""One question in its zone: every reply that is possible, with its exact probability and its reasons.

    Question + Router (zone, statuses, where the client is)  ->  Answers

Pure. Before this: routing.py chooses within a group. After this: authority.py finds the zone, wire.py packs the reply.
Source: RFC 1034 section 4.3.2 (the algorithm), RFC 4592 (wildcards), RFC 2308 (negative answers);
Route 53 Developer Guide, "DNS constraints and behaviors".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from fractions import Fraction
from functools import lru_cache

from .answers import Answers, Possible
from .records import RECORD_TYPES, Question, RecordSet, Reply, RRset, dns_name, parent_of
from .routing import GUIDE, Outcome, Reason, Router
from .zone import HostedZone

SCOPE = 24                                      # bits of a client's address in which the lab's places differ
NAMES_A_HOST = ("CNAME", "MX", "NS", "SRV")     # values that end in the name of a host
BEHAVIOR = "DNS constraints and behaviors"      # pages of the Developer Guide
NEGATIVE = "NS and SOA records that Amazon Route 53 creates for a public hosted zone"
WILDCARD = "DNS domain name format"


def lineage(name: str) -> Iterator[str]:
    """The name, its parent, and so on up to the root."""
    while name != ".":
        yield name
        name = parent_of(name)
    yield name


class Lookup:
    """Walks from the apex to the name: is the way delegated, does the name exist, what does it hold of this type?"""

    def __init__(self, router: Router, question: Question):
        self.router = router
        self.zone: HostedZone = router.zone
        self.question = question
        self._consulted: list[RecordSet] = []

    def answers(self) -> Answers:
        possible = tuple(self._possible())
        reached = [*self._reached()]
        tailored = any(record.region or record.geolocation for record in reached)
        if tailored:
            possible = tuple(replace(one, reply=replace(one.reply, client_scope=SCOPE)) for one in possible)
        return Answers(self.question, possible, tailored, frozenset(self._watches(reached)))

    def _possible(self) -> Iterable[Possible]:
        if cut := self._delegation(self.question.name):
            return [self._referral(cut)]
        owner, reasons = self._owner()
        if owner is None:
            return [self._negative("NXDOMAIN", reasons)]
        group = self._group(owner)
        if not group:
            return [self._negative("NOERROR", (*reasons, self._nothing_of_this_type(owner)))]
        return [self._positive(outcome, reasons) for outcome in self._outcomes(group)] or [
            self._negative("NOERROR", (*reasons, Reason(f"no location record is for {self.router.client}, and there is "
                                                        "no default", GUIDE["geolocation"])))]

    # ---- finding the record sets --------------------------------------------------------------------------------

    def _delegation(self, name: str) -> str | None:
        """The name nearest to the apex, at or above this one, that is delegated to other name servers.

        The question for DS at that very name stays with this zone (RFC 4035 section 3.1.4.1).
        """
        cut = None
        for above in lineage(name):
            if above == self.zone.name:
                break
            if (above, "NS") in self.zone.groups and not above.startswith("*."):
                cut = above
        return None if (cut, "DS") == self.question else cut

    def _owner(self) -> tuple[str | None, tuple[Reason, ...]]:
        """The name whose record sets answer: this one, or the wildcard at its closest encloser (RFC 4592)."""
        name = self.question.name
        encloser = next((above for above in lineage(name) if above in self.zone.names), self.zone.name)
        if encloser == name:
            return name, ()
        wildcard = "*." + encloser.removeprefix(".")
        if wildcard in self.zone.names:
            return wildcard, (Reason(f"{name} does not exist, {wildcard} stands for it", WILDCARD),)
        return None, (Reason(f"{name} does not exist, and there is no {wildcard} to stand for it", NEGATIVE),)

    def _types(self, owner: str) -> list[str]:
        return [kind for kind in RECORD_TYPES if (owner, kind) in self.zone.groups]

    def _group(self, owner: str) -> tuple[RecordSet, ...]:
        """The group that answers: a CNAME for every type; ANY takes the first there is (RFC 8482 section 4.1)."""
        kind = self.question.type
        if kind == "ANY":
            return next((self.zone.group(owner, there) for there in self._types(owner)), ())
        no_say = kind == "NS" and owner != self.question.name        # a wildcard does not delegate
        return self.zone.group(owner, "CNAME") or (() if no_say else self.zone.group(owner, kind))

    def _outcomes(self, group: tuple[RecordSet, ...]) -> tuple[Outcome, ...]:
        self._consulted += group
        return self.router.outcomes(group)

    # ---- building replies ---------------------------------------------------------------------------------------

    def _positive(self, outcome: Outcome, reasons: tuple[Reason, ...]) -> Possible:
        leaf, several = outcome.pool[0], len(outcome.pool) > 1
        reasons = (*reasons, *outcome.reasons, *self._stand_in(leaf))
        units = tuple(map(self.router.values_of, outcome.pool))
        values = [value for unit in units for value in unit]
        if not values:
            return self._without_values(leaf, outcome, reasons)
        ttl = min(map(self.router.ttl_of, outcome.pool))
        answer = RRset(self.question.name, leaf.type, ttl, tuple(dict.fromkeys(values)))
        authority = () if leaf.key == (self.zone.name, "NS") else self._rrsets(self.zone.name, "NS")
        additional = tuple(rrset for rrset in self._addresses((answer, *authority))
                           if (rrset.name, rrset.type) != (answer.name, answer.type))
        reply = Reply("NOERROR", (answer,), authority, additional, authoritative=True)
        if not several:
            units = tuple((value,) for value in values)
        return Possible(outcome.probability, reply, reasons, outcome, units if len(units) > 1 else (),
                        outcome.at_most if several else None)

    def _stand_in(self, leaf: RecordSet) -> tuple[Reason, ...]:
        if not leaf.alias:
            return ()
        values = ", ".join(self.router.values_of(leaf)) or "nothing"
        return (Reason(f"{leaf.label} is an alias of {leaf.alias.dns_name}, an AWS resource; in this lab "
                       f"{values} stands in for it", GUIDE["alias"]),)

    def _without_values(self, leaf: RecordSet, outcome: Outcome, reasons: tuple[Reason, ...]) -> Possible:
        """An alias whose target has nothing of its type: no data, and for CNAME, which must have one, a failure."""
        if leaf.type == "CNAME":
            broken = Reason("a CNAME alias needs a CNAME record in its own zone as its target", GUIDE["alias"])
            empty = Possible(Fraction(1), Reply("SERVFAIL"), (*reasons, broken))
        else:
            empty = self._negative("NOERROR", reasons)
        return replace(empty, probability=outcome.probability, outcome=outcome)

    def _negative(self, rcode: str, reasons: tuple[Reason, ...]) -> Possible:
        """No such name or no such data: empty, with the SOA that says how long to remember it (RFC 2308 section 3)."""
        soa = tuple(replace(rrset, ttl=min(rrset.ttl, int(rrset.values[0].split()[-1])))
                    for rrset in self._rrsets(self.zone.name, "SOA"))
        kept = [Reason(f"a resolver may remember that for {rrset.ttl} s: the lower of the SOA's TTL and its minimum",
                       NEGATIVE) for rrset in soa]
        return Possible(Fraction(1), Reply(rcode, authority=soa, authoritative=True), (*reasons, *kept))

    def _nothing_of_this_type(self, owner: str) -> Reason:
        types = ", ".join(self._types(owner))
        there = f"exists, with {types}" if types else "exists, for there are names below it"
        return Reason(f"{owner} {there}; it has no data of type {self.question.type}", NEGATIVE)

    def _referral(self, cut: str) -> Possible:
        """Whom to ask instead, and where to find them (glue). Not authoritative: what is there is theirs to say."""
        servers = self._rrsets(cut, "NS")
        reply = Reply(authority=servers, additional=self._addresses(servers, glue=True))
        return Possible(Fraction(1), reply, (Reason(f"{cut} is delegated to other name servers: ask them", BEHAVIOR),))

    def _rrsets(self, name: str, kind: str) -> tuple[RRset, ...]:
        """The records of a name and type, where it is certain which ones answer."""
        group = self.zone.group(name, kind)
        outcomes = self._outcomes(group) if group else ()
        if len(outcomes) != 1 or len(outcomes[0].pool) != 1:
            return ()
        leaf = outcomes[0].pool[0]
        values = self.router.values_of(leaf)
        return (RRset(name, kind, self.router.ttl_of(leaf), values),) if values else ()

    def _addresses(self, rrsets: Iterable[RRset], glue: bool = False) -> tuple[RRset, ...]:
        """The addresses of the hosts that these records name, as far as the zone knows them."""
        hosts = dict.fromkeys(_host_in(value) for rrset in rrsets if rrset.type in NAMES_A_HOST
                              for value in rrset.values)
        known = [host for host in hosts if host in self.zone.names and (glue or not self._delegation(host))]
        return tuple(rrset for host in known for kind in ("A", "AAAA") for rrset in self._rrsets(host, kind))

    # ---- what the answer depends on -----------------------------------------------------------------------------

    def _reached(self) -> Iterator[RecordSet]:
        """The record sets consulted, and all that their aliases lead to, each once."""
        seen, left = set(), [*self._consulted]
        while left:
            record = left.pop()
            if record.identity not in seen:
                seen.add(record.identity)
                yield record
                left += self.zone.target_of(record)

    def _watches(self, reached: Iterable[RecordSet]) -> Iterator[str]:
        for record in reached:
            if record.health_check_id is not None:
                yield record.health_check_id
            if record.alias and not self.zone.target_of(record):
                yield record.alias.dns_name


@lru_cache(4096)
def _host_in(value: str) -> str:
    return dns_name(value.split()[-1])
