"""Wrong ideas about DNS itself: who is asked, what is kept and for how long, what the bits say. Lesson 1."""

from __future__ import annotations

from .beliefs import Concept, Misconception


def _questions_upstream(ttl, asked_at):
    asked, kept_until = 0, float("-inf")
    for at in asked_at:
        if at >= kept_until:
            asked, kept_until = asked + 1, at + ttl
    return asked


def _empty_answer(held, has_children, asked):
    if asked in held:
        return "answer"
    return "no data" if held or has_children else "no such name"


CONCEPTS = (
    Concept(
        name="cached-answer",
        question="A resolver has kept the old answer. Which one does it give at `asked_at`?",
        right=lambda ttl, cached_at, changed_at, asked_at: "old" if asked_at < cached_at + ttl else "new",
        cases=({"ttl": 300, "cached_at": 0, "changed_at": 120, "asked_at": 200},
               {"ttl": 300, "cached_at": 0, "changed_at": 120, "asked_at": 350},
               {"ttl": 60, "cached_at": 10, "changed_at": 30, "asked_at": 100})),
    Concept(
        name="ttl-left",
        question="Which TTL does a resolver write on an answer that it has kept since `cached_at`?",
        right=lambda ttl, cached_at, last_asked_at, asked_at: ttl - (asked_at - cached_at),
        cases=({"ttl": 300, "cached_at": 0, "last_asked_at": 100, "asked_at": 220},
               {"ttl": 60, "cached_at": 5, "last_asked_at": 20, "asked_at": 50})),
    Concept(
        name="empty-answer",
        question="What does the zone say about a name and a type?",
        right=_empty_answer,
        cases=({"held": ("A",), "has_children": False, "asked": "AAAA"},
               {"held": (), "has_children": True, "asked": "A"},
               {"held": (), "has_children": False, "asked": "A"},
               {"held": ("A",), "has_children": False, "asked": "A"})),
    Concept(
        name="negative-ttl",
        question="How long may a resolver keep the news that a name does not exist?",
        right=lambda soa_ttl, soa_minimum: min(soa_ttl, soa_minimum),
        cases=({"soa_ttl": 900, "soa_minimum": 86400}, {"soa_ttl": 3600, "soa_minimum": 60})),
    Concept(
        name="questions-upstream",
        question="How many of these requests make the resolver ask the authoritative server?",
        right=_questions_upstream,
        cases=({"ttl": 60, "asked_at": (0, 10, 20, 70, 75)}, {"ttl": 300, "asked_at": (0, 100, 200, 299)})),
    Concept(
        name="lookup-order",
        question="Whom does a lookup ask, in order?",
        right=lambda cached, zones: ("resolver",) if cached else ("resolver", *zones),
        cases=({"cached": False, "zones": ("root", "com", "example.com")},
               {"cached": True, "zones": ("root", "com", "example.com")})),
    Concept(
        name="header-bit",
        question="What is bit `position` of this 16-bit word, counted as the RFC draws it?",
        right=lambda word, position: word >> (15 - position) & 1,
        cases=({"word": 0x8400, "position": 0}, {"word": 0x8400, "position": 5}, {"word": 0x0103, "position": 7},
               {"word": 0x0080, "position": 8}, {"word": 0x0180, "position": 7})),
)

MISCONCEPTIONS = (
    Misconception(
        name="ttl-restarts-on-change", lesson=1, concept="cached-answer",
        belief="When the record changes, every cache starts its TTL again.",
        refutation="A cache counts from the moment it stored the answer. Nobody tells it that the record changed.",
        question="Who would tell the cache that the record has changed?",
        source="RFC 1035 section 3.2.1; RFC 2181 section 8",
        believed=lambda ttl, cached_at, changed_at, asked_at: "old" if asked_at < changed_at + ttl else "new"),
    Misconception(
        name="change-is-immediate", lesson=1, concept="cached-answer",
        belief="After the record has changed, everybody gets the new answer.",
        refutation="The authoritative server gives the new answer at once. Whoever kept the old one uses it until "
                   "its TTL is over.",
        question="The resolver kept an answer before the change. What makes it throw that answer away?",
        source="RFC 1035 section 3.2.1",
        believed=lambda ttl, cached_at, changed_at, asked_at: "new" if asked_at >= changed_at else "old"),
    Misconception(
        name="ttl-stays-full", lesson=1, concept="ttl-left",
        belief="A cached answer always shows the TTL that the zone states.",
        refutation="A resolver writes the seconds that are left. Ask it twice and watch the number fall.",
        question="If the resolver told its own clients the full TTL, how old could their copy get?",
        source="RFC 1034 section 4.3.4; RFC 2181 section 8",
        believed=lambda ttl, cached_at, last_asked_at, asked_at: ttl),
    Misconception(
        name="ttl-restarts-on-read", lesson=1, concept="ttl-left",
        belief="Each question that a cache answers starts the TTL again.",
        refutation="Reading does not renew. Only an answer from the authoritative server starts a new TTL.",
        question="If each question started the TTL again, when would a popular name ever be refreshed?",
        source="RFC 1035 section 3.2.1",
        believed=lambda ttl, cached_at, last_asked_at, asked_at: ttl - (asked_at - last_asked_at)),
    Misconception(
        name="children-do-not-count", lesson=1, concept="empty-answer",
        belief="A name without records of its own does not exist, even if names below it do.",
        refutation="A name exists as soon as something exists below it: an empty non-terminal, answered with no data.",
        question="There are names below this one. Can it be that it does not exist?",
        source="RFC 8020 section 2; Route 53 Developer Guide, SOA-NSrecords",
        believed=lambda held, has_children, asked:
            "answer" if asked in held else "no data" if held else "no such name"),
    Misconception(
        name="missing-type-means-no-name", lesson=1, concept="empty-answer",
        belief="If there is no record of the type I asked for, the answer is NXDOMAIN.",
        refutation="NXDOMAIN says that the name has nothing of any type, and nothing below it. A name that holds "
                   "other types gives NOERROR with an empty answer.",
        question="Does the name hold any record at all, of any type?",
        source="RFC 2308 sections 2.1 and 2.2",
        believed=lambda held, has_children, asked: "answer" if asked in held else "no such name"),
    Misconception(
        name="negative-answers-are-not-kept", lesson=1, concept="negative-ttl",
        belief="A resolver keeps answers only; the news that a name does not exist is asked for each time.",
        refutation="Resolvers keep negative answers too, for the smaller of the SOA's own TTL and its last field.",
        question="If absence were never cached, what would a mistyped name cost the authoritative servers?",
        source="RFC 2308 section 5",
        believed=lambda soa_ttl, soa_minimum: 0),
    Misconception(
        name="negative-ttl-is-the-minimum-field", lesson=1, concept="negative-ttl",
        belief="Negative answers are kept for the last field of the SOA, whatever its TTL.",
        refutation="The smaller one counts. In a fresh Route 53 zone that is the SOA's TTL of 900 s, not 86400 s.",
        question="The SOA record has a TTL of its own. Which of the two runs out first?",
        source="RFC 2308 section 5; Route 53 Developer Guide, SOA-NSrecords",
        believed=lambda soa_ttl, soa_minimum: soa_minimum),
    Misconception(
        name="every-request-asks-the-authority", lesson=1, concept="questions-upstream",
        belief="Each request of a user reaches the authoritative server.",
        refutation="While the TTL lasts the resolver answers from its cache, so the authoritative server sees one "
                   "question for each TTL and resolver.",
        question="The second request came while the first answer was still good. Who answered it?",
        source="RFC 1034 section 5.3.3",
        believed=lambda ttl, asked_at: len(asked_at)),
    Misconception(
        name="browser-asks-the-authority", lesson=1, concept="lookup-order",
        belief="The browser asks the zone's own name server directly.",
        refutation="The browser asks its resolver. Only the resolver walks from the root down to the zone.",
        question="How would a browser know the address of that name server?",
        source="RFC 1034 sections 2.4 and 5.3.1",
        believed=lambda cached, zones: zones[-1:]),
    Misconception(
        name="root-knows-every-address", lesson=1, concept="lookup-order",
        belief="The root servers know the address of every name.",
        refutation="A root server knows only who runs the top-level domains. It refers the resolver onward.",
        question="The root answers with a referral. To whom?",
        source="RFC 1034 sections 4.2.1 and 5.3.3",
        believed=lambda cached, zones: ("resolver", *zones[:1])),
    Misconception(
        name="bits-count-from-the-right", lesson=1, concept="header-bit",
        belief="Bit 0 of the header's picture is the lowest bit of the word.",
        refutation="The RFC draws bit 0 on the left: it is the most significant one, worth 0x8000 in a 16-bit word.",
        question="In the RFC's picture QR stands at the far left. Which hexadecimal mask is that?",
        source="RFC 1035 sections 2.3.2 and 4.1.1",
        believed=lambda word, position: word >> position & 1),
    Misconception(
        name="low-byte-comes-first", lesson=1, concept="header-bit",
        belief="The first of the two flag bytes is the low one.",
        refutation="DNS sends the most significant octet first, as all network byte order does.",
        question="The two flag bytes are 0x01 and 0x00. Which number is that?",
        source="RFC 1035 section 2.3.2",
        believed=lambda word, position: (word >> 8 | (word & 0xFF) << 8) >> (15 - position) & 1),
)
