"""The nouns of an answer: names, questions, record sets. A value that cannot work is refused when it is built.

    Route 53's fields (Name, Type, TTL, Failover, ...)  ->  RecordSet

After this: zone.py puts record sets together, routing.py chooses among the members of a group.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from .errors import ConfigurationError, Problem
from .rdata import check_value

MAX_TTL = 2_147_483_647          # seconds; RFC 2181 section 8
MAX_LABEL, MAX_NAME = 63, 255    # bytes; RFC 1035 section 2.3.4
MAX_VALUES = 400                 # Route 53 quota, values in one record set
RECORD_TYPES = ("A", "AAAA", "CAA", "CNAME", "DS", "HTTPS", "MX", "NAPTR", "NS", "PTR",
                "SOA", "SPF", "SRV", "SSHFP", "SVCB", "TLSA", "TXT")
UNROUTED_TYPES = ("NS", "SOA", "DS")   # no routing policy but simple


def dns_name(text: str) -> str:
    """A name as the kit keeps it: lower case, with its final dot, `\\052` read as `*`.

    >>> dns_name("App.Example.com")
    'app.example.com.'

    Raises ConfigurationError for an empty label, a label over 63 bytes or a name over 255.
    Source: RFC 1035 section 2.3.4; Route 53 Developer Guide, "DNS domain name format".
    """
    name = str(text).strip().lower().replace("\\052", "*")
    name = name if name.endswith(".") else name + "."
    if name == ".":
        return name
    labels = name[:-1].split(".")
    if "" in labels:
        raise ConfigurationError(Problem(repr(text), "the name has an empty label", "Remove the doubled dot."))
    if any(ch.isspace() for ch in name):
        raise ConfigurationError(Problem(repr(text), "the name holds a space", "Names are letters, digits, - and _."))
    if not name.isascii():
        raise ConfigurationError(Problem(repr(text), "the name holds a character outside ASCII",
                                         "Write the label in Punycode (xn--...), or the byte as \\ooo in octal."))
    longest = max(labels, key=lambda label: len(label.encode()))
    if len(longest.encode()) > MAX_LABEL:
        raise ConfigurationError(Problem(repr(text), f"label {longest[:12]}... is {len(longest.encode())} bytes long, "
                                         f"at most {MAX_LABEL} are allowed", "Shorten it."))
    if len(name.encode()) > MAX_NAME:
        raise ConfigurationError(Problem(f"{name[:24]}...", f"the name is {len(name.encode())} bytes long, "
                                         f"at most {MAX_NAME} are allowed", "Shorten it."))
    return name


def parent_of(name: str) -> str:
    """The name one label up: `app.example.com.` -> `example.com.`; the root's parent is the root."""
    return name.split(".", 1)[1] or "."


class Policy(Enum):
    """How Route 53 picks among the record sets of one group."""

    SIMPLE = "simple"
    FAILOVER = "failover"
    WEIGHTED = "weighted"
    LATENCY = "latency"
    GEOLOCATION = "geolocation"
    MULTIVALUE = "multivalue answer"


class Failover(Enum):
    """The two roles of a failover group."""

    PRIMARY = "PRIMARY"
    SECONDARY = "SECONDARY"


class Question(NamedTuple):
    """What a resolver asks: a name and a type (class IN is understood)."""

    name: str
    type: str = "A"

    def __str__(self) -> str:
        return f"{self.name} {self.type}"


@dataclass(frozen=True)
class RRset:
    """Resource records with one name and type, as they travel in a message (RFC 2181 section 5)."""

    name: str
    type: str
    ttl: int                     # seconds
    values: tuple[str, ...]      # text form, as in a zone file


@dataclass(frozen=True)
class Reply:
    """An answer to a question, before it is packed into bytes or after it was unpacked (RFC 1035 section 4.1)."""

    rcode: str = "NOERROR"                   # NOERROR NXDOMAIN SERVFAIL REFUSED FORMERR NOTIMP
    answer: tuple[RRset, ...] = ()
    authority: tuple[RRset, ...] = ()
    additional: tuple[RRset, ...] = ()
    authoritative: bool = False              # AA
    truncated: bool = False                  # TC: ask again over TCP
    client_scope: int | None = None          # EDNS client subnet scope prefix length, where the answer depends on it


@dataclass(frozen=True)
class GeoLocation:
    """Where a geolocation record applies: a continent, a country, or a US state; `country="*"` is the default.

    Source: Route 53 API Reference, GeoLocation.
    """

    continent: str | None = None     # AF AN AS EU OC NA SA
    country: str | None = None       # ISO 3166-1 alpha-2, or "*"
    subdivision: str | None = None   # US state, with country "US"

    def __post_init__(self):
        if self.continent and (self.country or self.subdivision):
            raise ConfigurationError(Problem("GeoLocation", "gives a continent together with a country",
                                             "Give one of the two."))
        if self.continent and self.continent not in ("AF", "AN", "AS", "EU", "OC", "NA", "SA"):
            raise ConfigurationError(Problem("GeoLocation", f"continent is {self.continent!r}",
                                             "Use one of AF AN AS EU OC NA SA."))
        if self.subdivision and self.country not in ("US", "UA"):
            raise ConfigurationError(Problem("GeoLocation", f"subdivision {self.subdivision!r} with country "
                                             f"{self.country!r}", "Subdivisions need country 'US'."))
        if not (self.continent or self.country):
            raise ConfigurationError(Problem("GeoLocation", "is empty", "For the default location use country '*'."))

    @property
    def is_default(self) -> bool:
        return self.country == "*"

    def __str__(self) -> str:
        if self.is_default:
            return "default"
        return self.continent or "-".join(filter(None, (self.country, self.subdivision)))


@dataclass(frozen=True)
class AliasTarget:
    """What an alias record stands for: another record set of the zone, or an AWS resource by its DNS name."""

    dns_name: str
    evaluate_target_health: bool = False
    hosted_zone_id: str | None = None      # None: the record's own zone

    def __post_init__(self):
        object.__setattr__(self, "dns_name", dns_name(self.dns_name))


@dataclass(frozen=True, kw_only=True)
class RecordSet:
    """One answer a zone can give: a name, a type, values (or an alias), and how it takes part in routing.

    Source: Route 53 API Reference, ResourceRecordSet.
    """

    name: str                                # fully qualified: "app.example.com."
    type: str = "A"
    ttl: int | None = None                   # seconds a resolver may keep the answer; None for an alias
    values: tuple[str, ...] = ()             # ("192.0.2.10",)
    alias: AliasTarget | None = None
    set_identifier: str | None = None        # tells apart the members of a group
    health_check_id: str | None = None       # None: always counted as healthy
    failover: Failover | None = None
    weight: int | None = None                # 0 to 255
    region: str | None = None                # AWS Region, for latency routing
    geolocation: GeoLocation | None = None
    multivalue_answer: bool = False

    def __post_init__(self):
        name = dns_name(self.name)
        object.__setattr__(self, "name", name)
        object.__setattr__(self, "type", str(self.type).upper())
        object.__setattr__(self, "values", tuple(self.values))
        if isinstance(self.failover, str):
            object.__setattr__(self, "failover", _enum(Failover, self.failover, self.label, "Failover"))
        problems = [Problem(self.label, what, fix) for what, fix in self._problems()]
        if problems:
            raise ConfigurationError(problems)

    @property
    def label(self) -> str:
        """The record's identity for people: name, type and set identifier."""
        return f"{self.name} {self.type}" + (f" ({self.set_identifier})" if self.set_identifier else "")

    @property
    def key(self) -> tuple[str, str]:
        """The group it belongs to: (name, type)."""
        return self.name, self.type

    @property
    def identity(self) -> tuple[str, str, str | None]:
        """What tells it from every other record set of a zone: (name, type, set identifier)."""
        return self.name, self.type, self.set_identifier

    @property
    def policies(self) -> tuple[Policy, ...]:
        """Every routing policy this record asks for; more than one is a mistake."""
        asked = {Policy.FAILOVER: self.failover is not None, Policy.WEIGHTED: self.weight is not None,
                 Policy.LATENCY: self.region is not None, Policy.GEOLOCATION: self.geolocation is not None,
                 Policy.MULTIVALUE: self.multivalue_answer}
        return tuple(policy for policy, yes in asked.items() if yes)

    @property
    def policy(self) -> Policy:
        return self.policies[0] if self.policies else Policy.SIMPLE

    def _problems(self):
        if self.type not in RECORD_TYPES:
            yield f"type {self.type!r} is not one that Route 53 keeps", f"Use one of {', '.join(RECORD_TYPES)}."
        leftmost = self.name.split(".")[0]
        if "*" in leftmost and leftmost != "*":
            yield "has * as part of a label", "A wildcard must be the whole leftmost label."
        yield from self._value_problems()
        yield from self._policy_problems()

    def _value_problems(self):
        if self.alias:
            if self.ttl is not None or self.values:
                yield ("an alias record also gives a TTL or values",
                       "Remove TTL and values (the target's apply), or remove AliasTarget.")
            if self.type in ("NS", "SOA"):
                yield f"an alias cannot be of type {self.type}", "Give it values."
            if self.alias.dns_name == self.name and self.alias.hosted_zone_id is None:
                yield "the alias targets its own name", "Name another record set as its target."
            return
        if self.ttl is None:
            yield "has no TTL", "Give 0 to 2147483647 seconds; failover records usually use 60."
        elif isinstance(self.ttl, bool) or not isinstance(self.ttl, int) or not 0 <= self.ttl <= MAX_TTL:
            yield f"TTL is {self.ttl!r} s, must be a whole number from 0 to {MAX_TTL}", "Failover records usually use 60."
        if not 1 <= len(self.values) <= MAX_VALUES:
            yield f"has {len(self.values)} values, must have 1 to {MAX_VALUES}", "Give ResourceRecords or an AliasTarget."
        if self.type == "CNAME" and len(self.values) > 1:
            yield f"a CNAME has {len(self.values)} values, may have only one", "Keep one of them."
        if len(set(self.values)) < len(self.values):
            yield "gives one value twice", "Remove the duplicate."
        for value in self.values:
            yield from _value_problem(self.type, value)

    def _policy_problems(self):
        named = [policy.value for policy in self.policies]
        if len(named) > 1:
            yield f"asks for {len(named)} routing policies: {', '.join(named)}", "A record set has exactly one."
        if named and not self.set_identifier:
            yield f"{named[0]} routing without a SetIdentifier", "Give each member of the group its own SetIdentifier."
        if self.set_identifier is not None and not named:
            yield ("has a SetIdentifier but no routing policy",
                   "Give Failover, Weight, Region, GeoLocation or MultiValueAnswer, or remove the SetIdentifier.")
        if self.set_identifier is not None and not 1 <= len(self.set_identifier) <= 128:
            yield f"SetIdentifier has {len(self.set_identifier)} characters, must have 1 to 128", "Shorten it."
        if named and self.type in UNROUTED_TYPES:
            yield f"{self.type} records cannot use {named[0]} routing", "Make it a simple record."
        if self.weight is not None and (not isinstance(self.weight, int) or not 0 <= self.weight <= 255):
            yield f"weight is {self.weight!r}, must be a whole number from 0 to 255", "Scale the group's weights to fit."
        if self.multivalue_answer and (self.alias or self.type == "CNAME"):
            yield "multivalue answer routing on an alias or CNAME", "Use weighted routing, or give addresses."
        if self.failover and self.alias and not self.alias.evaluate_target_health:
            yield "a failover alias must evaluate its target's health", "Set EvaluateTargetHealth to true."


def _enum(kind, value, where, field_name):
    try:
        return kind(value)
    except ValueError:
        choices = " or ".join(member.value for member in kind)
        raise ConfigurationError(Problem(where, f"{field_name} is {value!r}", f"Use {choices}.")) from None


def _value_problem(type_: str, value: str):
    """Nothing, or what is wrong with one value."""
    if not isinstance(value, str) or not value:
        yield f"value {value!r} is not text", "Give each value as a string."
    elif type_ in RECORD_TYPES:
        try:
            check_value(type_, value)
        except ConfigurationError as error:
            yield f"value {value!r}: {error.problems[0].what}", error.problems[0].fix
