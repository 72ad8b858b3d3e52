"""cache.py: what is kept for how long (C4, C16-C21, C23), against the RFCs and the manuals of real resolvers."""

import doctest
from dataclasses import replace
from math import inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failover_kit import cache
from failover_kit.cache import (
    BIND_DEFAULT,
    BROWSER,
    HONEST,
    JVM,
    MINIMUM_300,
    OLD_JVM,
    POLICIES,
    SERVE_STALE,
    UNBOUND_DEFAULT,
    CachePolicy,
    Kind,
    TtlCache,
    negative_ttl,
    pinned,
)
from failover_kit.errors import ConfigurationError
from failover_kit.records import MAX_TTL, Question, Reply, RRset

APP = "app.example.com."
A, AAAA, TXT = Question(APP, "A"), Question(APP, "AAAA"), Question(APP, "TXT")


def address(ttl=60, value="192.0.2.1", name=APP):
    return RRset(name, "A", ttl, (value,))


def alias(ttl=60, target="www.example.net."):
    return RRset(APP, "CNAME", ttl, (target,))


def soa(ttl=900, minimum=86_400):
    return RRset("example.com.", "SOA", ttl, (f"ns-1.example.com. host.example.com. 1 7200 900 1209600 {minimum}",))


def nxdomain(*authority):
    return Reply("NXDOMAIN", authority=authority)


def nodata(*authority):
    return Reply("NOERROR", authority=authority)


# ---- counting down ---------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("now", "state", "ttl"), [
    (10.0, "fresh", 60),
    (10.9, "fresh", 59),        # rounded down: nothing lives longer for being passed on
    (11.0, "fresh", 59),
    (69.0, "fresh", 1),
    (69.9, "fresh", 0),
    (70.0, "absent", 0),        # over at the very second
    (500., "absent", 0),
], ids=str)
def test_an_answer_with_ttl_60_learned_at_10(now, state, ttl):
    remembers = TtlCache()
    remembers.put(address(ttl=60), now=10.0)
    found = remembers.get(A, now)
    assert (found.state, found.ttl, found.ask_first) == (state, ttl, state != "fresh")


@given(ttl=st.integers(0, 200), learned=st.integers(0, 10_000), later=st.integers(0, 300_000))
def test_fresh_is_exactly_the_ttl(ttl, learned, later):
    """In quarters of a second, which floats hold exactly, against whole-number arithmetic."""
    remembers = TtlCache()
    remembers.put(address(ttl=ttl), now=learned / 4)
    found = remembers.get(A, now=(learned + later) / 4)
    left = 4 * ttl - later
    assert (found.state, found.ttl) == (("fresh", left // 4) if left > 0 else ("absent", 0))


def test_what_was_never_told_is_absent():
    assert TtlCache().get(A, now=0.0) == ("absent", None, 0, True)


def test_a_later_answer_replaces_an_earlier_one():
    remembers = TtlCache()
    remembers.put(address(value="192.0.2.1"), now=0.0)
    remembers.put(address(value="192.0.2.2", ttl=5), now=1.0)
    assert remembers.get(A, now=2.0).entry.rrset.values == ("192.0.2.2",)
    assert remembers.get(A, now=7.0).state == "absent"


# ---- policies --------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("policy", "ttl", "kept"), [
    (HONEST, 0, 0), (HONEST, 60, 60), (HONEST, 172_800, 172_800), (HONEST, MAX_TTL, 604_800),     # C18: at most 7 days
    (UNBOUND_DEFAULT, 5, 5), (UNBOUND_DEFAULT, 172_800, 86_400),                                  # C16
    (BIND_DEFAULT, 5, 5), (BIND_DEFAULT, 700_000, 604_800),                                       # C17
    (MINIMUM_300, 60, 300), (MINIMUM_300, 0, 300), (MINIMUM_300, 301, 301), (MINIMUM_300, 90_000, 86_400),
    (JVM, 0, 30), (JVM, 60, 30), (JVM, 5, 30),                                                    # C20
    (OLD_JVM, 0, inf), (OLD_JVM, 60, inf),
    (BROWSER, 5, 60), (BROWSER, 86_400, 60),                                                      # C21
    (pinned("as AWS advises", 5, 10), 60, 5),                                                     # C20
], ids=lambda v: v.name if isinstance(v, CachePolicy) else str(v))
def test_how_long_records_are_kept(policy, ttl, kept):
    assert TtlCache(policy).put(address(ttl=ttl), now=0.0).ttl == kept


@pytest.mark.parametrize(("policy", "ttl", "kept"), [
    (HONEST, 900, 900), (HONEST, 86_400, 10_800),                                                 # RFC 2308 section 5
    (UNBOUND_DEFAULT, 86_400, 3_600), (BIND_DEFAULT, 86_400, 10_800),                             # C16, C17
    (MINIMUM_300, 5, 300), (MINIMUM_300, 900, 900),
    (JVM, 900, 10), (OLD_JVM, 900, 10), (BROWSER, 900, 0),                                        # C20, C21
    (CachePolicy("stubborn", minimum_negative_ttl=7_200), 900, 7_200),                            # C23, F4
], ids=lambda v: v.name if isinstance(v, CachePolicy) else str(v))
@pytest.mark.parametrize("reply", [nxdomain, nodata], ids=["no such name", "no such data"])
def test_how_long_negative_answers_are_kept(policy, ttl, kept, reply):
    assert TtlCache(policy).put_negative(A, reply(soa(ttl, 86_400)), now=0.0).ttl == kept


def test_for_ever_is_for_ever_and_still_fits_in_a_packet():
    remembers = TtlCache(OLD_JVM)
    remembers.put(address(ttl=60), now=0.0)
    found = remembers.get(A, now=10 * 365 * 86_400.0)
    assert (found.state, found.ttl) == ("fresh", MAX_TTL)


def test_a_policy_reports_all_that_is_wrong_with_it():
    with pytest.raises(ConfigurationError) as error:
        CachePolicy("odd", minimum_ttl=61, maximum_ttl=60, failure_ttl=-1, stale_window=float("nan"))
    assert len(error.value.problems) == 3
    assert "the minimum TTL is 61 s, above the maximum, 60 s" in str(error.value)


def test_the_ready_made_policies_are_known_by_name():
    assert all(POLICIES[policy.name] is policy for policy in
               (HONEST, UNBOUND_DEFAULT, BIND_DEFAULT, MINIMUM_300, SERVE_STALE, JVM, OLD_JVM, BROWSER))


# ---- negative answers: RFC 2308 --------------------------------------------------------------------------------

@pytest.mark.parametrize(("ttl", "minimum", "seconds"), [
    (900, 86_400, 900),         # C4, H24: Route 53's own SOA; the 86400 does not count
    (86_400, 300, 300),
    (0, 86_400, 0),
    (900, 0, 0),
], ids=str)
def test_the_ttl_of_a_negative_answer(ttl, minimum, seconds):
    assert negative_ttl(soa(ttl, minimum)) == seconds


def test_a_negative_answer_without_soa_is_not_kept():
    remembers = TtlCache()
    remembers.put_negative(A, nxdomain(), now=0.0)
    assert negative_ttl(None) == 0
    assert remembers.get(A, now=0.0).state == "absent"


def test_a_jvm_sees_no_soa_and_keeps_it_for_10_seconds_all_the_same():
    remembers = TtlCache(JVM)
    remembers.put_negative(A, nxdomain(), now=0.0)
    assert [remembers.get(A, now).state for now in (9.9, 10.0)] == ["fresh", "absent"]


@pytest.mark.parametrize(("reply", "known"), [
    (nxdomain(soa()), {A: Kind.NXDOMAIN, AAAA: Kind.NXDOMAIN, TXT: Kind.NXDOMAIN}),      # for the name (C6)
    (nodata(soa()), {A: Kind.NODATA, AAAA: None, TXT: None}),                            # for the name and type
], ids=["no such name", "no such data"])
def test_what_a_negative_answer_to_A_says_about_other_types(reply, known):
    remembers = TtlCache()
    remembers.put_negative(A, reply, now=0.0)
    said = {question: remembers.get(question, now=899.0) for question in known}
    assert {question: found.entry and found.entry.kind for question, found in said.items()} == known
    assert remembers.get(A, now=899.0).ttl == 1
    assert remembers.get(A, now=900.0).state == "absent"
    assert remembers.get(Question("www." + APP), now=1.0).state == "absent"              # nothing about names below


# ---- what stands in for what -----------------------------------------------------------------------------------

def test_a_cname_stands_in_for_every_other_type():
    remembers = TtlCache()
    remembers.put(alias(), now=0.0)
    assert [remembers.get(q, now=1.0).entry.rrset.type for q in (A, TXT, Question(APP, "CNAME"))] == ["CNAME"] * 3


@pytest.mark.parametrize("tell", [
    lambda remembers: remembers.put_negative(Question(APP, "CNAME"), nodata(soa()), now=0.0),
    lambda remembers: remembers.put_failure(Question(APP, "CNAME"), "nobody replied in time", now=0.0),
], ids=["no CNAME here", "asking for the CNAME failed"])
def test_what_is_known_of_the_cname_says_nothing_of_the_address(tell):
    remembers = TtlCache()
    tell(remembers)
    assert remembers.get(A, now=0.5).state == "absent"
    assert remembers.get(Question(APP, "CNAME"), now=0.5).state == "fresh"


OLD, NEW = address(ttl=3_600, value="192.0.2.1"), address(ttl=60, value="192.0.2.2")
TELL = {
    "old A": lambda r, now: r.put(OLD, now), "A": lambda r, now: r.put(NEW, now),
    "A with TTL 0": lambda r, now: r.put(replace(NEW, ttl=0), now),
    "CNAME": lambda r, now: r.put(alias(), now),
    "NXDOMAIN": lambda r, now: r.put_negative(A, nxdomain(soa(60)), now),
    "NXDOMAIN for TXT": lambda r, now: r.put_negative(TXT, nxdomain(soa(60)), now),
    "NXDOMAIN, no SOA": lambda r, now: r.put_negative(A, nxdomain(), now),
    "no data": lambda r, now: r.put_negative(A, nodata(soa(60)), now),
}


@pytest.mark.parametrize(("first", "then", "says"), [
    ("old A", "CNAME", "CNAME"), ("old A", "NXDOMAIN", Kind.NXDOMAIN), ("old A", "NXDOMAIN for TXT", Kind.NXDOMAIN),
    ("old A", "no data", Kind.NODATA), ("old A", "A with TTL 0", None), ("old A", "NXDOMAIN, no SOA", None),
    ("CNAME", "A", "192.0.2.2"), ("CNAME", "NXDOMAIN", Kind.NXDOMAIN), ("CNAME", "A with TTL 0", None),
    ("NXDOMAIN", "A", "192.0.2.2"), ("NXDOMAIN", "CNAME", "CNAME"), ("NXDOMAIN", "no data", Kind.NODATA),
    ("no data", "A", "192.0.2.2"), ("no data", "NXDOMAIN", Kind.NXDOMAIN),
])
def test_what_was_learned_last_counts(first, then, says):
    """C19, also once its TTL is over: what it replaced never comes back, not even as a stale answer."""
    remembers = TtlCache(SERVE_STALE)
    TELL[first](remembers, 0.0)
    TELL[then](remembers, 1.0)
    for now in (2.0, 100.0):
        found = remembers.get(A, now)
        if says is None:
            assert found.state == "absent"
        else:
            assert found.state == ("fresh" if now == 2.0 else "stale")
            assert says in (found.entry.kind, found.entry.rrset.type, found.entry.rrset.values[0])


# ---- stale answers: RFC 8767 -----------------------------------------------------------------------------------

def test_a_stale_answer_serves_for_a_day_with_ttl_30_when_asking_is_in_vain():
    remembers = TtlCache(SERVE_STALE)
    remembers.put(address(ttl=60), now=0.0)
    found = {now: remembers.get(A, now) for now in (59.9, 60.0, 86_459.9, 86_460.0)}
    assert {now: (f.state, f.ttl) for now, f in found.items()} == {
        59.9: ("fresh", 0), 60.0: ("stale", 30), 86_459.9: ("stale", 30), 86_460.0: ("absent", 0)}      # C18


def test_without_a_stale_window_there_are_no_stale_answers():
    remembers = TtlCache(HONEST)
    remembers.put(address(ttl=60), now=0.0)
    assert remembers.get(A, now=60.0).state == "absent"
    assert remembers.put_failure(A, "nobody replied in time", now=61.8).state == "absent"


def test_after_a_try_in_vain_there_is_no_other_one_for_30_seconds():
    remembers = TtlCache(SERVE_STALE)
    remembers.put(address(ttl=60), now=0.0)
    assert remembers.get(A, now=100.0).ask_first
    assert remembers.put_failure(A, "nobody replied in time", now=101.8).state == "stale"
    assert [remembers.get(A, now).ask_first for now in (101.8, 131.7, 131.8)] == [False, False, True]      # C18
    remembers.put(address(ttl=60, value="192.0.2.2"), now=132.0)
    assert remembers.get(A, now=140.0).state == "fresh"
    assert remembers.get(A, now=200.0).ask_first                      # the time in vain is forgotten


@pytest.mark.parametrize(("policy", "seconds"), [(HONEST, 1), (UNBOUND_DEFAULT, 5), (BIND_DEFAULT, 1), (JVM, 10),
                                                 (SERVE_STALE, 1)], ids=lambda v: getattr(v, "name", str(v)))
def test_a_failure_is_kept_for_moments_and_never_goes_stale(policy, seconds):
    """RFC 9520: at least 1 second; unbound and BIND by measure and manual; C20: JVM."""
    remembers = TtlCache(policy)
    failed = remembers.put_failure(A, "the reply was SERVFAIL", now=0.0)
    assert (failed.entry.kind, failed.entry.problem) == (Kind.FAILURE, "the reply was SERVFAIL")
    assert [remembers.get(A, now).state for now in (seconds - 0.1, seconds)] == ["fresh", "absent"]
    assert remembers.get(AAAA, now=0.0).state == "absent"


def test_a_stale_cname_is_kept_from_being_asked_for_as_well():
    remembers = TtlCache(SERVE_STALE)
    remembers.put(alias(ttl=60), now=0.0)
    assert remembers.put_failure(A, "nobody replied in time", now=70.0).entry.rrset.type == "CNAME"
    assert not remembers.get(TXT, now=71.0).ask_first


# ---- size and table --------------------------------------------------------------------------------------------

def test_it_never_grows_beyond_its_size():
    remembers = TtlCache(OLD_JVM, max_entries=100)
    for number in range(1_000):
        remembers.put(address(name=f"host-{number}.example.com."), now=float(number))
        remembers.put_negative(Question(f"none-{number}.example.com."), nxdomain(), now=float(number))
        remembers.put_failure(Question(f"lost-{number}.example.com."), "nobody replied in time", now=float(number))
        assert len(remembers) <= 100


def test_what_was_learned_longest_ago_makes_room():
    remembers = TtlCache(max_entries=2)
    for name in ("a.", "b.", "a.", "c."):                 # a. is learned again before c. comes
        remembers.put(address(name=name), now=0.0)
    assert [row.name for row in remembers.entries(now=1.0)] == ["a.", "c."]


def test_the_table_of_a_lesson():
    remembers = TtlCache(SERVE_STALE)
    remembers.put(address(name="gone.example.com.", ttl=1), now=0.0)
    remembers.put(address(ttl=60), now=50.0)
    remembers.put_negative(TXT, nodata(soa()), now=50.0)
    remembers.put_negative(Question("nope.example.com.", "A"), nxdomain(soa()), now=50.0)
    remembers.put_failure(Question("lost.example.com.", "A"), "nobody replied in time", now=74.5)
    remembers.put(RRset("new.example.com.", "A", 0, ("192.0.2.9",)), now=75.0)
    assert remembers.entries(now=75.25) == [
        ("gone.example.com.", "A", ("192.0.2.1",), 0, "answer", "stale"),
        (APP, "A", ("192.0.2.1",), 34, "answer", "fresh"),
        (APP, "TXT", (), 874, "no such data", "fresh"),
        ("nope.example.com.", "ANY", (), 874, "no such name", "fresh"),
        ("lost.example.com.", "A", (), 0, "failure", "fresh"),
    ]
    remembers.clear()
    assert remembers.entries(now=75.25) == []


def test_the_table_leaves_out_what_is_over():
    remembers = TtlCache(SERVE_STALE)
    remembers.put(address(ttl=3_600), now=0.0)
    remembers.put_negative(TXT, nxdomain(soa()), now=1.0)
    assert [row.kind for row in remembers.entries(now=2.0)] == ["no such name"]


def test_examples_in_the_docstrings():
    assert doctest.testmod(cache) == (0, 1)
