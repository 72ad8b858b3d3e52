"""resolver.py: one resolver, its mishaps, and several in a row (C4, C6-C9, C16-C23, B46)."""

import asyncio
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from failover_kit.cache import (
    BROWSER,
    HONEST,
    JVM,
    MINIMUM_300,
    OLD_JVM,
    SERVE_STALE,
    CachePolicy,
    TtlCache,
)
from failover_kit.errors import ConfigurationError, NameNotFound, NoData, NoUsableReply
from failover_kit.records import MAX_TTL, Question, Reply, RRset
from failover_kit.resolver import MAX_CNAMES, CachingResolver, run

SOA = RRset("example.com.", "SOA", 900, ("ns-1.example.com. host.example.com. 1 7200 900 1209600 86400",))
NS = RRset("example.com.", "NS", 172_800, ("ns-1.example.com.",))
APP, WWW = Question("app.example.com."), Question("www.example.com.")


def a(name, ttl=60, value="192.0.2.1"):
    return RRset(name, "A", ttl, (value,))


def cname(name, target, ttl=300):
    return RRset(name, "CNAME", ttl, (target,))


class Zone:
    """A plain authority: says what is in its table, one link at a time (C9), and counts who asked for what."""

    def __init__(self, *rrsets):
        self.rrsets = {(rrset.name, rrset.type): rrset for rrset in rrsets}
        self.asked = []
        self.replies = {}           # name -> what to reply instead; None: stay silent
        self.is_silent = False
        self.soa = SOA

    def __call__(self, question, now):
        self.asked.append(question.name.split(".")[0])
        if self.is_silent:
            return None
        if question.name in self.replies:
            return self.replies[question.name]
        found = self.rrsets.get((question.name, "CNAME")) or self.rrsets.get((question.name, question.type))
        if found:
            return Reply(answer=(found,), authority=(NS,), authoritative=True)
        exists = any(name == question.name or name.endswith("." + question.name) for name, _ in self.rrsets)
        return Reply("NOERROR" if exists else "NXDOMAIN", authority=(self.soa,), authoritative=True)


def shop():
    return Zone(cname("www.example.com.", "app.example.com."), a("app.example.com."), a("a.b.example.com."))


def resolver(zone, policy=HONEST):
    return CachingResolver(policy, ask=zone)


def row(*policies, zone):
    """Resolvers from the provider's to the application's own; the last one is asked."""
    last = CachingResolver(policies[0], ask=zone)
    for policy in policies[1:]:
        last = CachingResolver(policy, upstream=last)
    return last


# ---- one resolver ----------------------------------------------------------------------------------------------

def test_the_second_answer_comes_from_the_cache_and_the_third_from_upstream():
    zone = shop()
    ours = resolver(zone)
    story = [ours.resolve(APP, now) for now in (0.0, 25.5, 59.9, 60.0)]
    assert [(r.source, r.ttl, r.at) for r in story] == [
        ("upstream", 60, 0.0), ("cache", 34, 25.5), ("cache", 0, 59.9), ("upstream", 60, 60.0)]
    assert {r.values for r in story} == {("192.0.2.1",)}
    assert zone.asked == ["app", "app"]


def test_users_see_a_changed_record_only_when_the_ttl_is_over():
    zone = shop()
    ours = resolver(zone)
    ours.resolve(APP, 0.0)
    zone.rrsets["app.example.com.", "A"] = a("app.example.com.", value="192.0.2.2")
    assert [ours.resolve(APP, now).values[0][-1] for now in (1.0, 59.0, 60.0)] == ["1", "1", "2"]


def test_ttl_0_is_good_for_one_answer():
    zone = Zone(cname("www.example.com.", "app.example.com.", ttl=0), a("app.example.com.", ttl=0))
    ours = resolver(zone)
    assert [ours.resolve(WWW, 5.0).values for _ in range(2)] == [("192.0.2.1",)] * 2
    assert zone.asked == ["www", "app", "www", "app"]


def test_any_spelling_of_a_name_is_the_same_question():
    zone = shop()
    ours = resolver(zone)
    assert ours.resolve(Question("APP.Example.com", "a"), 0.0).question == APP
    assert ours.resolve(APP, 1.0).source == "cache"


@pytest.mark.parametrize(("question", "rcode", "error", "says"), [
    (Question("nope.example.com."), "NXDOMAIN", NameNotFound, "nope.example.com. does not exist"),
    (Question("app.example.com.", "AAAA"), "NOERROR", NoData, "app.example.com. exists, but has no AAAA record"),
    (Question("b.example.com."), "NOERROR", NoData, "b.example.com. exists"),              # C6: an empty non-terminal
    (Question("www.example.com.", "AAAA"), "NOERROR", NoData, "app.example.com. exists"),  # the CNAME's target
], ids=["no such name", "no such data", "only names below", "no such data behind a CNAME"])
def test_negative_answers_are_kept_for_900_seconds(question, rcode, error, says):
    """C4, H24: Route 53's SOA has TTL 900 and minimum 86400."""
    zone = shop()
    zone.rrsets["www.example.com.", "CNAME"] = cname("www.example.com.", "app.example.com.", ttl=7_200)
    ours = resolver(zone)
    story = [ours.resolve(question, now) for now in (0.0, 899.0, 900.0)]
    assert [(r.rcode, r.values, r.source, r.ttl) for r in story] == [
        (rcode, (), "upstream", 900), (rcode, (), "cache", 1), (rcode, (), "upstream", 900)]
    with pytest.raises(error, match=says):
        story[0].raise_for_failure()


def test_a_good_resolution_raises_nothing():
    good = resolver(shop()).resolve(APP, 0.0)
    assert good.raise_for_failure() is good


# ---- CNAMEs ----------------------------------------------------------------------------------------------------

def test_each_link_of_a_chain_is_kept_on_its_own():
    zone = shop()
    ours = resolver(zone)
    story = [ours.resolve(WWW, now) for now in (0.0, 59.0, 60.0, 300.0)]
    assert [(r.ttl, r.source, r.chain) for r in story] == [
        (60, "upstream", ("app.example.com.",)), (1, "cache", ("app.example.com.",)),
        (60, "upstream", ("app.example.com.",)), (60, "upstream", ("app.example.com.",))]
    assert zone.asked == ["www", "app", "app", "www", "app"]
    assert ours.resolve(APP, 301.0).source == "cache"
    assert story[1].reply.answer == (cname("www.example.com.", "app.example.com.", 241), a("app.example.com.", 1))


def test_who_asks_for_the_cname_gets_the_cname():
    ours = resolver(shop())
    found = ours.resolve(Question("www.example.com.", "CNAME"), 0.0)
    assert (found.values, found.chain) == (("app.example.com.",), ())


LOOP = [cname("www.example.com.", "one.example.com."), cname("one.example.com.", "two.example.com."),
        cname("two.example.com.", "one.example.com.")]


@pytest.mark.parametrize("chain", [LOOP, [cname("www.example.com.", "www.example.com.")]], ids=["a ring", "to itself"])
def test_a_cname_loop_ends(chain):
    zone = Zone(*chain)
    found = resolver(zone).resolve(WWW, 0.0)
    assert (found.rcode, found.values, found.source) == ("SERVFAIL", (), "failed")
    names = [rrset.name for rrset in chain] + list(chain[-1].values)
    with pytest.raises(NoUsableReply, match=re.escape(f"its CNAMEs do not end: {' -> '.join(names)}. ")):
        found.raise_for_failure()
    assert len(zone.asked) == len(chain)


@pytest.mark.parametrize(("cnames", "rcode"), [(11, "NOERROR"), (12, "SERVFAIL")], ids=str)
def test_a_chain_may_have_11_links(cnames, rcode):
    zone = Zone(a(f"{cnames}.example.com."),
                *(cname(f"{n}.example.com.", f"{n + 1}.example.com.") for n in range(cnames)))
    assert resolver(zone).resolve(Question("0.example.com."), 0.0).rcode == rcode


VICTIM = a("www.victim.net.", value="203.0.113.66")
TO_APP, TO_VICTIM = cname("www.example.com.", "app.example.com."), cname("www.example.com.", "www.victim.net.")
OTHER_APP = a("app.example.com.", value="192.0.2.9")


@pytest.mark.parametrize(("reply", "asked", "value"), [
    (Reply(answer=(TO_APP,)), ["www", "app"], "192.0.2.1"),
    (Reply(answer=(TO_APP, OTHER_APP)), ["www", "app"], "192.0.2.1"),
    (Reply(answer=(OTHER_APP, TO_APP)), ["www", "app"], "192.0.2.1"),
    (Reply(answer=(TO_VICTIM, VICTIM)), ["www", "www"], "198.51.100.1"),
    (Reply(answer=(TO_APP,), additional=(OTHER_APP,)), ["www", "app"], "192.0.2.1"),         # C8
], ids=["nothing", "the target", "the target, first", "somebody else's address", "the target, additional"])
def test_what_rides_along_with_a_cname_is_asked_for_all_the_same(reply, asked, value):
    """C9. Whoever runs example.com cannot make anybody believe where victim.net is."""
    zone = shop()
    zone.rrsets["www.victim.net.", "A"] = a("www.victim.net.", value="198.51.100.1")
    zone.replies["www.example.com."] = reply
    ours = resolver(zone)
    assert (ours.resolve(WWW, 0.0).values, zone.asked) == ((value,), asked)
    assert ours.cache.get(Question("www.victim.net."), 0.0).state == ("fresh" if "198" in value else "absent")


def test_an_upstream_resolver_is_believed_wholly():
    """It has asked for each link itself. One question through the whole row, and even a TTL of 0 is asked for once."""
    zone = Zone(TO_APP, a("app.example.com.", ttl=0))
    ours = row(HONEST, HONEST, HONEST, zone=zone)
    assert ours.resolve(WWW, 0.0).values == ("192.0.2.1",)
    assert zone.asked == ["www", "app"]


@pytest.mark.parametrize("answer", [(OTHER_APP, VICTIM), (VICTIM, OTHER_APP)], ids=["after", "before"])
def test_records_that_nobody_asked_for_are_not_kept(answer):
    zone = shop()
    zone.replies["app.example.com."] = Reply(answer=answer, authority=(NS, SOA), additional=(VICTIM,))
    ours = resolver(zone)
    assert ours.resolve(APP, 0.0).values == ("192.0.2.9",)
    assert [row.name for row in ours.cache.entries(0.0)] == ["app.example.com."]


@pytest.mark.parametrize("policies", [(HONEST,), (HONEST, HONEST)], ids=["from an authority", "from an upstream"])
@pytest.mark.parametrize("rcode", ["NXDOMAIN", "NOERROR"])
def test_a_cname_to_nothing(rcode, policies):
    """RFC 6604: the rcode is about the end of the chain; the CNAME itself is good."""
    zone = Zone(TO_APP, a("x.app.example.com." if rcode == "NOERROR" else "x.example.com."))
    zone.replies["www.example.com."] = Reply(rcode, (TO_APP,), (SOA,))
    ours = row(*policies, zone=zone)
    found = ours.resolve(WWW, 0.0)
    assert (found.rcode, found.values, found.chain) == (rcode, (), ("app.example.com.",))
    assert ours.resolve(Question("www.example.com.", "CNAME"), 1.0).values == ("app.example.com.",)
    assert (ours.resolve(APP, 1.0).source, ours.resolve(APP, 1.0).ttl) == ("cache", 899)
    assert zone.asked == ["www", "app"]


@pytest.mark.parametrize("label", ["nope", "b"], ids=["no such name", "no such data"])
def test_an_upstream_tells_the_end_of_the_chain_even_where_nobody_may_keep_it(label):
    zone = Zone(cname("www.example.com.", f"{label}.example.com."), a("a.b.example.com."))
    zone.soa = replace(SOA, ttl=0)
    found = row(HONEST, HONEST, zone=zone).resolve(WWW, 0.0)
    assert (found.values, found.ttl, zone.asked) == ((), 0, ["www", label])


def test_who_asks_for_any_type_gets_what_the_authority_shows():
    """RFC 8482: one type of those at the name. It is kept as that type, and a CNAME is not followed."""
    zone = shop()
    zone.replies["app.example.com."] = Reply(answer=(RRset("app.example.com.", "TXT", 60, ('"hello"',)),))
    ours = resolver(zone)
    assert ours.resolve(Question("app.example.com.", "ANY"), 0.0).values == ('"hello"',)
    assert ours.resolve(Question("app.example.com.", "TXT"), 1.0).source == "cache"
    found = ours.resolve(Question("www.example.com.", "ANY"), 0.0)
    assert (found.values, found.chain) == (("app.example.com.",), ())


# ---- replies that are none -------------------------------------------------------------------------------------

@pytest.mark.parametrize(("reply", "problem"), [
    (None, "nobody replied in time"),
    (Reply("SERVFAIL"), "the reply was SERVFAIL"),
    (Reply("REFUSED"), "the reply was REFUSED"),                                                    # C10
    (Reply("RCODE9"), "the reply was RCODE9"),
    (Reply(answer=(a("app.example.com."),), truncated=True), "the reply was cut short"),
    (Reply(answer=(a("other.example.com."),)), "the reply was about something else"),
    (Reply(answer=(RRset("app.example.com.", "MX", 60, ("10 mx.",)),)), "the reply was about something else"),
    (Reply(authority=(NS,)), "the reply only says which other servers to ask"),
], ids=["silence", "SERVFAIL", "REFUSED", "an odd rcode", "truncated", "another name", "another type", "a referral"])
def test_a_reply_that_is_no_answer(reply, problem):
    zone = shop()
    zone.replies["app.example.com."] = reply
    ours = resolver(zone)
    story = [ours.resolve(APP, now) for now in (0.0, 0.9, 1.0)]
    assert [(r.rcode, r.values, r.ttl, r.source) for r in story] == [("SERVFAIL", (), 0, "failed")] * 3
    assert zone.asked == ["app", "app"]                      # RFC 9520: not again within the same second
    for found in story:
        with pytest.raises(NoUsableReply, match=f"app.example.com. A could not be resolved: {problem}"):
            found.raise_for_failure()
    zone.replies.clear()
    assert ours.resolve(APP, 2.0).values == ("192.0.2.1",)


def test_an_answer_without_soa_that_says_nothing_is_believed_and_not_kept():
    zone = shop()
    zone.replies["app.example.com."] = Reply()
    ours = resolver(zone)
    assert [ours.resolve(APP, 0.0).rcode for _ in range(2)] == ["NOERROR", "NOERROR"]
    assert zone.asked == ["app", "app"]


def test_a_resolver_with_nobody_to_ask_says_so():
    with pytest.raises(ConfigurationError, match="nobody to ask"):
        CachingResolver(upstream=CachingResolver()).resolve(APP, 0.0)
    with pytest.raises(ConfigurationError, match="only one of the two"):
        CachingResolver(ask=shop(), upstream=CachingResolver())


# ---- serve-stale: RFC 8767 -------------------------------------------------------------------------------------

def test_stale_answers_bridge_an_outage_of_the_dns_and_no_other_one():
    """C18, C19: TTL 60, silence from 50 to 100, and then the authority says that the name is gone."""
    zone = shop()
    ours = resolver(zone, SERVE_STALE)
    ours.resolve(APP, 0.0)
    zone.is_silent = True
    story = [ours.resolve(APP, now) for now in (50.0, 60.0, 61.0, 89.9, 90.0)]
    assert [(r.source, r.ttl, r.values) for r in story] == [
        ("cache", 10, ("192.0.2.1",)), *[("stale", 30, ("192.0.2.1",))] * 4]
    assert zone.asked == ["app", "app", "app"]              # at 0, at 60, and 30 s later
    zone.is_silent = False
    zone.rrsets.pop(("app.example.com.", "A"))
    assert ours.resolve(APP, 121.0).rcode == "NXDOMAIN"     # an answer, though a bad one, replaces the stale one
    zone.is_silent = True
    assert ours.resolve(APP, 2_000.0).rcode == "NXDOMAIN"


def test_an_honest_resolver_has_nothing_to_say_in_an_outage():
    zone = shop()
    ours = resolver(zone)
    ours.resolve(APP, 0.0)
    zone.is_silent = True
    assert [ours.resolve(APP, now).source for now in (59.0, 60.0)] == ["cache", "failed"]


def test_a_stale_link_makes_the_whole_chain_stale():
    zone = shop()
    ours = resolver(zone, SERVE_STALE)
    ours.resolve(WWW, 0.0)
    zone.is_silent = True
    found = ours.resolve(WWW, 100.0)
    assert (found.source, found.ttl, found.values) == ("stale", 30, ("192.0.2.1",))
    assert found.reply.answer[0].ttl == 200                 # the CNAME itself is still fresh


# ---- resolvers in a row ----------------------------------------------------------------------------------------

def test_the_ttl_that_is_left_is_passed_on_and_a_pin_starts_anew():
    zone = shop()
    isp = CachingResolver(HONEST, ask=zone)
    stub, browser = CachingResolver(HONEST, upstream=isp), CachingResolver(BROWSER, upstream=isp)
    isp.resolve(APP, 0.0)
    assert stub.resolve(APP, 45.0).ttl == 15
    assert browser.resolve(APP, 45.0).ttl == 60
    assert [stub.resolve(APP, now).source for now in (59.5, 60.0)] == ["cache", "upstream"]
    assert [browser.resolve(APP, now).source for now in (104.5, 105.0)] == ["cache", "upstream"]


def test_a_minimum_is_passed_on_as_if_it_were_the_ttl():
    ours = row(MINIMUM_300, HONEST, zone=shop())
    assert [ours.resolve(APP, now).ttl for now in (0.0, 100.0)] == [300, 200]


def test_for_ever_is_passed_on_as_the_largest_ttl():
    ours = row(OLD_JVM, CachePolicy("any", maximum_ttl=MAX_TTL), zone=shop())
    assert [ours.resolve(APP, now).ttl for now in (0.0, 100.0)] == [MAX_TTL, MAX_TTL - 100]


def test_negative_answers_are_passed_on_with_what_is_left_of_them():
    zone = shop()
    isp = CachingResolver(HONEST, ask=zone)
    stub = CachingResolver(HONEST, upstream=isp)
    isp.resolve(Question("nope.example.com."), 0.0)
    found = stub.resolve(Question("nope.example.com."), 600.0)
    assert (found.rcode, found.ttl) == ("NXDOMAIN", 300)
    assert found.reply.authority[0].ttl == 300


def test_a_stale_answer_is_passed_on_for_30_seconds():
    zone = shop()
    isp = CachingResolver(SERVE_STALE, ask=zone)
    stub = CachingResolver(HONEST, upstream=isp)
    isp.resolve(APP, 0.0)
    zone.is_silent = True
    story = [stub.resolve(APP, now) for now in (100.0, 129.0)]
    assert [(r.ttl, r.source) for r in story] == [(30, "upstream"), (1, "cache")]


@pytest.mark.parametrize(("policies", "ttl", "worst"), [
    ((HONEST,), 60, 60),
    ((HONEST, BROWSER), 60, 60 + 60),
    ((HONEST, BROWSER, JVM), 60, 60 + 60 + 30),
    ((MINIMUM_300, BROWSER), 60, 300 + 60),
    ((HONEST, JVM), 5, 5 + 30),
    ((HONEST,), 86_400, 86_400),                           # pitfall 1: a TTL of a day
    ((HONEST, JVM), 86_400, 86_400 + 30),
], ids=lambda v: " < ".join(p.name for p in v) if isinstance(v, tuple) else str(v))
def test_the_worst_case_adds_up(policies, ttl, worst):
    """Each cache learns the old answer at the last moment at which the one below it still has it."""
    moment = 1 / 64
    zone = Zone(a("app.example.com.", ttl))
    last = CachingResolver(policies[0], ask=zone)
    now = -moment                                          # just before the change at 0
    last.resolve(APP, now)
    zone.rrsets["app.example.com.", "A"] = a("app.example.com.", ttl, "192.0.2.2")
    for policy in policies[1:]:
        now += last.cache.policy.keeps(ttl) - moment
        last = CachingResolver(policy, upstream=last)
        last.resolve(APP, now)
    assert last.resolve(APP, worst - 2 * moment * len(policies)).values == ("192.0.2.1",)
    assert last.resolve(APP, worst).values == ("192.0.2.2",)


def test_a_row_of_honest_caches_adds_nothing():
    zone = shop()
    last = row(HONEST, HONEST, HONEST, zone=zone)
    last.upstream.upstream.resolve(APP, -1.0)
    last.upstream.resolve(APP, 20.0)
    assert last.resolve(APP, 40.0).ttl == 19
    zone.rrsets["app.example.com.", "A"] = a("app.example.com.", value="192.0.2.2")
    assert [last.resolve(APP, now).values[0][-1] for now in (58.9, 59.0)] == ["1", "2"]


@settings(max_examples=200, deadline=None)
@given(ttl=st.integers(0, 90), requests=st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1_000)), max_size=60),
       policies=st.lists(st.sampled_from([HONEST, BROWSER, JVM, MINIMUM_300]), min_size=3, max_size=3))
def test_nobody_is_ever_later_than_the_worst_case(ttl, requests, policies):
    """Anybody may ask any cache of a row at any time; the record changes at 100."""
    zone = Zone(a("app.example.com.", ttl))
    last = row(*policies, zone=zone)
    caches = [last, last.upstream, last.upstream.upstream]
    worst = {HONEST: 0, BROWSER: 60, JVM: 30, MINIMUM_300: 300}
    bound = policies[0].keeps(ttl) + sum(worst[policy] for policy in policies[1:])
    for index, now in sorted(requests, key=lambda request: request[1]):
        changed = now >= 100
        zone.rrsets["app.example.com.", "A"] = a("app.example.com.", ttl, "192.0.2.2" if changed else "192.0.2.1")
        found = caches[index].resolve(APP, float(now))
        if now >= 100 + bound:
            assert found.values == ("192.0.2.2",)


def test_failover_seen_by_a_user_whose_cache_was_just_refreshed():
    """B46: interval 30, threshold 3, TTL 60: detected after 85 s, seen after about 145 s."""
    zone = shop()
    ours = resolver(zone)
    ours.resolve(APP, 84.0)
    zone.rrsets["app.example.com.", "A"] = a("app.example.com.", value="192.0.2.2")             # at 85 s
    seen = next(now for now in range(85, 300) if ours.resolve(APP, float(now)).values == ("192.0.2.2",))
    assert seen == 144


def test_an_old_jvm_never_learns_of_the_failover():
    """C20, at a provider that is honest."""
    zone = shop()
    ours = row(HONEST, OLD_JVM, zone=zone)
    ours.resolve(APP, 0.0)
    zone.rrsets["app.example.com.", "A"] = a("app.example.com.", value="192.0.2.2")
    assert ours.resolve(APP, 30 * 86_400.0).values == ("192.0.2.1",)
    assert zone.asked == ["app"]


@settings(max_examples=100, deadline=None)
@given(policies=st.lists(st.sampled_from([HONEST, BROWSER, JVM, SERVE_STALE]), min_size=2, max_size=4),
       requests=st.lists(st.tuples(st.sampled_from(["www", "b", "nope"]), st.integers(0, 400), st.booleans()),
                         max_size=20))
def test_an_upstream_and_an_ask_are_the_same_row(policies, requests):
    """One generator through the whole row, or each resolver the `ask` of the next: for names that share no link."""
    zones = shop(), shop()
    first = row(*policies, zone=zones[0])
    second = CachingResolver(policies[0], ask=zones[1])
    for policy in policies[1:]:
        second = CachingResolver(policy, ask=second.reply_to)
    for label, now, silent in sorted(requests, key=lambda request: request[1]):
        question = Question(f"{label}.example.com.")
        zones[0].is_silent = zones[1].is_silent = silent
        one, other = first.resolve(question, float(now)), second.resolve(question, float(now))
        assert (one.rcode, one.values, one.ttl, one.source, one.reply) == (
            other.rcode, other.values, other.ttl, other.source, other.reply)
    assert zones[0].asked == zones[1].asked


# ---- driven by somebody else -----------------------------------------------------------------------------------

def test_a_whole_answer_from_an_upstream_pins_each_link_anew():
    """A browser keeps what it was told of a name, whatever it knows of the names behind it."""
    ours = row(HONEST, BROWSER, zone=shop())
    ours.resolve(APP, 0.0)
    assert ours.resolve(WWW, 10.0).ttl == 60
    assert ours.resolve(APP, 10.0).ttl == 60


def test_the_steps_of_a_row_are_driven_like_those_of_one():
    """Time passes while the question is out: the answer counts from the moment at which it came."""
    ours = CachingResolver(JVM, upstream=CachingResolver(HONEST))
    steps = ours.steps(WWW, 10.0)
    assert next(steps) == WWW
    assert steps.send((Reply(answer=(cname("www.example.com.", "app.example.com."),)), 10.5)) == APP
    with pytest.raises(StopIteration) as finished:
        steps.send((Reply(answer=(a("app.example.com."),)), 11.0))
    found = finished.value.value
    assert (found.values, found.at, found.ttl, found.source) == (("192.0.2.1",), 11.0, 30, "upstream")
    kept = ours.upstream.cache.entries(12.0)
    assert [(row.name, row.left) for row in kept] == [("www.example.com.", 298), ("app.example.com.", 59)]
    with pytest.raises(StopIteration) as finished:
        next(ours.steps(WWW, 12.0))
    assert finished.value.value.source == "cache"


def test_two_users_of_one_resolver_may_ask_at_the_same_time():
    """Coroutines that share a resolver: both wait, both are answered, the cache has it once."""
    ours, zone = CachingResolver(), shop()

    async def user(question):
        steps = ours.steps(question, 0.0)
        try:
            asked = next(steps)
            while True:
                await asyncio.sleep(0)
                asked = steps.send((zone(asked, 1.0), 1.0))
        except StopIteration as finished:
            return finished.value

    async def both():
        return await asyncio.gather(user(WWW), user(WWW), user(APP))
    assert [found.values for found in asyncio.run(both())] == [("192.0.2.1",)] * 3
    assert len(ours.cache) == 2


def test_a_failure_does_not_outdo_an_answer_that_came_meanwhile():
    ours = CachingResolver()
    first, second = ours.steps(APP, 0.0), ours.steps(APP, 0.0)
    assert next(first) == next(second) == APP
    for steps, told in ((first, (Reply(answer=(a("app.example.com."),)), 0.1)), (second, (None, 1.8))):
        with pytest.raises(StopIteration) as finished:
            steps.send(told)
        assert finished.value.value.values == ("192.0.2.1",)
    assert finished.value.value.source == "cache"
    assert ours.cache.get(APP, 2.0).state == "fresh"


# ---- whatever comes back ---------------------------------------------------------------------------------------

NAMES = st.sampled_from(["www.example.com.", "app.example.com.", "example.com.", "victim.net.", "\\056.\\377.", "."])
RRSETS = st.one_of(
    st.builds(a, NAMES, st.integers(0, 100)), st.builds(cname, NAMES, NAMES, st.integers(0, 100)),
    st.builds(lambda name: RRset(name, "NS", 60, ("ns.example.com.",)), NAMES),
    st.builds(lambda name, ttl: RRset(name, "SOA", ttl, ("ns. host. 1 2 3 4 60",)), NAMES, st.integers(0, 100)))
SECTIONS = st.lists(RRSETS, max_size=4).map(tuple)
RCODES = st.sampled_from(["NOERROR", "NXDOMAIN", "SERVFAIL"])
REPLIES = st.none() | st.builds(Reply, RCODES, SECTIONS, SECTIONS, SECTIONS, st.booleans(), st.booleans())


@settings(max_examples=300, deadline=None)
@given(replies=st.lists(REPLIES, max_size=40), gaps=st.lists(st.integers(0, 50), min_size=12, max_size=12),
       policies=st.lists(st.sampled_from([HONEST, SERVE_STALE, JVM]), min_size=1, max_size=3))
def test_no_reply_upsets_it(replies, gaps, policies):
    """It ends, asks for no link twice, and keeps nothing but what it asked for."""
    asked, left = [], iter(replies)

    def ask(question, now):
        asked.append(question.name)
        return next(left, None)

    ours, now = row(*policies, zone=ask), 0.0
    for gap in gaps:
        before = len(asked)
        found = run(ours.steps(WWW, now), ask, now)
        assert len(asked) - before <= MAX_CNAMES + 1
        assert len(set(asked[before:])) == len(asked) - before
        assert found.rcode in ("NOERROR", "NXDOMAIN", "SERVFAIL")
        assert bool(found.values) <= (found.rcode == "NOERROR")
        now += gap
    assert {kept.name for kept in ours.cache.entries(0.0)} <= set(asked)


def test_the_cache_belongs_to_the_resolver_and_shows_its_table():
    ours = resolver(shop(), JVM)
    ours.resolve(WWW, 0.0)
    assert isinstance(ours.cache, TtlCache)
    assert [(row.name, row.type, row.left) for row in ours.cache.entries(10.0)] == [
        ("www.example.com.", "CNAME", 20), ("app.example.com.", "A", 20)]
