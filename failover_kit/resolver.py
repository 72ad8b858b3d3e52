"""A caching resolver: looks into its cache, asks when it must, follows CNAMEs, remembers what it was told.

    Question, now  ->  steps: yields each Question to ask, is sent (Reply or None, now)  ->  Resolution

It never sends and never waits: whoever drives the steps does, actors.py with packets, `resolve` with a function.
Resolvers stand in a row: a JVM's cache on a laptop's, that on the provider's resolver, that on the authority.
Source: RFC 1034 section 5.3.3 (the algorithm), RFC 2308 (negative answers), RFC 8767 (stale answers).
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from .cache import HONEST, CachePolicy, Entry, Found, Kind, TtlCache, whole
from .errors import ConfigurationError, NameNotFound, NoData, NoUsableReply
from .records import Question, Reply, RRset

MAX_CNAMES = 11                                    # in a row, as in Unbound and BIND; more are a failure
SOURCES = "cache", "upstream", "stale", "failed"   # from best to worst

Ask = Callable[[Question, float], Reply | None]
Told = tuple[Reply | None, float]                  # what came back (None: nothing in time), and when
Steps = Generator[Question, Told, "Resolution"]


@dataclass(frozen=True)
class Resolution:
    """What became of a question."""

    question: Question
    rcode: str                       # NOERROR, NXDOMAIN or SERVFAIL
    values: tuple[str, ...]          # empty: no such name, no such data, or a failure
    ttl: int                         # seconds until the first part of it is over
    source: str                      # "upstream": somebody was asked; "failed": nobody had a usable reply
    chain: tuple[str, ...]           # the names that CNAMEs led to, in order
    at: float                        # when it was ready
    problem: str = ""                # why it failed
    reply: Reply = field(default=Reply("SERVFAIL"), repr=False)    # the same for whoever asked, each TTL as it is here

    def raise_for_failure(self) -> Resolution:
        """Itself, if there are values. Raises NameNotFound, NoData or NoUsableReply."""
        name = self.chain[-1] if self.chain else self.question.name
        if self.values:
            return self
        if self.rcode == "NXDOMAIN":
            raise NameNotFound(f"{name} does not exist (NXDOMAIN). Check its spelling, or create a record for it.")
        if self.rcode == "NOERROR":
            raise NoData(f"{name} exists, but has no {self.question.type} record. Ask for another type, or create one.")
        raise NoUsableReply(f"{self.question} could not be resolved: {self.problem}. Look at the server asked.")


class Link(NamedTuple):
    """What is known about one name on the way from the question to its answer."""

    entry: Entry
    ttl: int             # seconds for which it may be passed on
    source: str


class CachingResolver:
    """Cache first, then whoever is behind it: `ask`, a function, or `upstream`, another resolver.

    With neither, drive its `steps`. From an answer it takes the records of the very name that it asked for; where a
    CNAME leads, it asks for itself, as Unbound does. So no server can speak for names that are not its own. Only an
    `upstream` resolver, which has asked for each link already, is believed wholly.
    """

    def __init__(self, policy: CachePolicy = HONEST, ask: Ask | None = None, upstream: CachingResolver | None = None):
        if ask and upstream:
            raise ConfigurationError("A resolver got `ask` and `upstream`. Give it only one of the two to turn to.")
        self.cache = TtlCache(policy)
        self.ask, self.upstream = ask, upstream

    def resolve(self, question: Question, now: float) -> Resolution:
        """The resolution, with `ask(question, now)` for a network in which no time passes."""
        last = self
        while last.upstream:
            last = last.upstream
        if last.ask is None:
            raise ConfigurationError("This resolver has nobody to ask. Give it `ask`, or drive its steps.")
        return run(self.steps(question, now), last.ask, now)

    def reply_to(self, question: Question, now: float) -> Reply:
        """The resolution as a reply, so that this resolver can be the `ask` of another one."""
        return self.resolve(question, now).reply

    def steps(self, question: Question, now: float) -> Steps:
        """Yields what to ask, is sent (reply, now), returns the Resolution. Each CNAME is kept on its own."""
        question = Question(absolute(question.name), question.type.upper())
        names, links = [question.name], []
        told: dict[str, Link] = {}       # what this resolution was told; good for it even with a TTL of 0
        while True:
            asked = Question(names[-1], question.type)
            link = told.get(asked.name) or self._remembered(asked, now)
            if link is None:
                reply, now = yield from self._ask(asked, now)
                told |= self._learn(asked, reply, now)
                link = told[asked.name]
            links.append(link)
            target = link.entry.kind is Kind.ANSWER and alias_target(link.entry.rrset, question.type)
            if not target:
                return _resolution(question, links, names, now)
            if target in names or len(names) > MAX_CNAMES:
                return _failure(question, f"its CNAMEs do not end: {' -> '.join([*names, target])}", names, now)
            names.append(target)

    def _remembered(self, asked: Question, now: float) -> Link | None:
        """What the cache has, unless it is better to ask first."""
        found = self.cache.get(asked, now)
        return None if found.ask_first else _found(found)

    def _ask(self, asked: Question, now: float) -> Generator[Question, Told, Told]:
        if self.upstream is None:
            return (yield asked)
        resolution = yield from self.upstream.steps(asked, now)
        return resolution.reply, resolution.at

    def _learn(self, asked: Question, reply: Reply | None, now: float) -> dict[str, Link]:
        """Keep what a reply says, as far as it is to be believed: by name, for this resolution."""
        if problem := _problem(asked, reply):
            return {asked.name: _found(self.cache.put_failure(asked, problem, now))}
        told: dict[str, Link] = {}
        answer, name = _by_name(asked, reply), asked.name
        while rrset := answer.pop(name, None):
            told[name] = _told(self.cache.put(rrset, now))
            name = alias_target(rrset, asked.type)
            if name is None or self.upstream is None:
                return told
        # The answer ends at this name. The chain does too, or it is left to us to go on: only an SOA tells which.
        if not told or reply.rcode == "NXDOMAIN" or any(rrset.type == "SOA" for rrset in reply.authority):
            told[name] = _told(self.cache.put_negative(Question(name, asked.type), reply, now))
        return told


def run(steps: Steps, ask: Ask, now: float) -> Resolution:
    """Drive a resolver's steps with a function instead of a network."""
    try:
        asked = next(steps)
        while True:
            asked = steps.send((ask(asked, now), now))
    except StopIteration as finished:
        return finished.value


def absolute(name: str) -> str:
    """A name in lower case with its final dot. Nothing is refused: it may come from a stranger's packet."""
    return name.lower() if name.endswith(".") else f"{name.lower()}."


def alias_target(rrset: RRset, asked_type: str) -> str | None:
    """Where a CNAME leads; None if these are the records that were asked for."""
    return absolute(rrset.values[0]) if rrset.type == "CNAME" and asked_type not in ("CNAME", "ANY") else None


def _problem(asked: Question, reply: Reply | None) -> str:
    """Why a reply does not answer; empty when it does. Source: RFC 8767 section 4, RFC 2308 section 2.2."""
    if reply is None:
        return "nobody replied in time"
    if reply.rcode not in ("NOERROR", "NXDOMAIN"):
        return f"the reply was {reply.rcode}"
    if reply.truncated:
        return "the reply was cut short"
    if reply.answer:
        return "" if asked.name in _by_name(asked, reply) else "the reply was about something else"
    authority = {rrset.type for rrset in reply.authority}
    if reply.rcode == "NOERROR" and "NS" in authority and "SOA" not in authority:
        return "the reply only says which other servers to ask, and this resolver does not go on to them"
    return ""


def _by_name(asked: Question, reply: Reply) -> dict[str, RRset]:
    """The records in the answer that can be part of it: of the type asked for, or CNAMEs."""
    return {rrset.name: rrset for rrset in reply.answer if asked.type == "ANY" or rrset.type in (asked.type, "CNAME")}


def _found(found: Found) -> Link:
    return Link(found.entry, found.ttl, {"fresh": "cache", "stale": "stale", "absent": "failed"}[found.state])


def _told(entry: Entry) -> Link:
    return Link(entry, whole(entry.ttl), "upstream")


def _resolution(question: Question, links: list[Link], names: list[str], now: float) -> Resolution:
    """The links of a chain put together. The worst of them counts for the whole."""
    last = links[-1].entry
    if last.kind is Kind.FAILURE:
        return _failure(question, last.problem, names, now)
    rcode = "NXDOMAIN" if last.kind is Kind.NXDOMAIN else "NOERROR"
    records = tuple(replace(link.entry.rrset, ttl=link.ttl) for link in links if link.entry.rrset)
    if last.kind is Kind.ANSWER:
        values, reply = records[-1].values, Reply(rcode, records)
    else:
        values, reply = (), Reply(rcode, records[:len(names) - 1], records[len(names) - 1:])      # CNAMEs, then the SOA
    return Resolution(question, rcode, values, min(link.ttl for link in links),
                      max((link.source for link in links), key=SOURCES.index), tuple(names[1:]), now, reply=reply)


def _failure(question: Question, problem: str, names: list[str], now: float) -> Resolution:
    return Resolution(question, "SERVFAIL", (), 0, "failed", tuple(names[1:]), now, problem)
