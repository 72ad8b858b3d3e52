"""A packet laid open: fields for every byte, and a question that can be changed by name or by byte."""

import pytest
from dnslib import DNSRecord

from failover_kit import ConfigurationError, Lab
from failover_kit.widgets import PacketView
from failover_kit.widgets.base import LIVE_VIEW
from failover_kit.widgets.packet import OFFERED_TYPES
from failover_kit.wire import describe


@pytest.fixture
def lab():
    with Lab.virtual(seed=1) as lab:
        lab.simple("app.example.com", "192.0.2.10", ttl=60)
        yield lab


@pytest.fixture
def view(lab):
    return PacketView.asking("app.example.com", send=lab.send)


def from_page(view, **content):
    view._handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})


def choose(view, **state):
    view._handle_msg({"content": {"data": {"method": "update", "state": state}}, "buffers": []})


def sent(view):
    """The query and the reply, read by dnslib."""
    return DNSRecord.parse(bytes.fromhex(view.query)), DNSRecord.parse(bytes.fromhex(view.reply))


def test_the_fields_cover_every_byte_of_the_query(view):
    assert [place for start, end, *_ in view.fields for place in range(start, end)] == list(range(len(view.packet)))
    assert [value for *_, name, value, _ in view.fields if name == "label"] == ["app", "example", "com"]


def test_the_query_was_sent_and_its_reply_kept(view):
    query, reply = sent(view)
    assert (str(query.q.qname), query.header.rd, len(query.ar)) == ("app.example.com.", 1, 0)
    assert (reply.header.id, reply.header.aa, str(reply.a.rdata), reply.a.ttl) == (query.header.id, 1, "192.0.2.10", 60)


def test_the_page_changes_sides(view):
    choose(view, side="reply")
    assert view.packet.hex(" ") == view.reply
    assert "192.0.2.10" in [value for *_, value, _ in view.fields]


@pytest.mark.parametrize(("name", "type_", "rcode", "answers"), [
    ("app.example.com", "A", 0, 1), ("app.example.com", "AAAA", 0, 0), ("ap.example.com", "A", 3, 0),
    ("example.com", "SOA", 0, 1), ("www.example.org", "A", 5, 0)])
def test_another_name_makes_other_bytes_and_another_reply(view, name, type_, rcode, answers):
    from_page(view, name=name, type=type_)
    query, reply = sent(view)
    assert (str(query.q.qname), query.q.qtype) == (f"{name}.", DNSRecord.question(name, type_).q.qtype)
    assert (reply.header.rcode, len(reply.rr)) == (rcode, answers)
    assert (view.name, view.type, view.notice) == (name, type_, {})


def test_other_bytes_make_another_name(view):
    from_page(view, hex=view.query.replace("61 70 70", "77 77 77").replace("00 01 00 01", "00 1c 00 01"))
    assert (view.name, view.type) == ("www.example.com", "AAAA")
    assert str(sent(view)[0].q.qname) == "www.example.com."


@pytest.mark.parametrize(("content", "problem"), [
    ({"name": "app..example.com", "type": "A"}, "empty label"), ({"name": "a" * 64, "type": "A"}, "64 bytes"),
    ({"hex": "12 3"}, "hexadecimal"), ({"hex": "zz"}, "hexadecimal")],
    ids=["doubled dot", "long label", "half a byte", "no digits"])
def test_what_cannot_be_asked_is_told_and_changes_nothing(view, content, problem):
    before = view.query, view.reply, view.name
    from_page(view, **content)
    assert problem in view.notice["text"]
    assert (view.query, view.reply, view.name) == before


def test_a_name_is_kept_as_it_is_typed(view):
    from_page(view, name="App.Example.com.", type="A")
    assert view.name == "App.Example.com."


def test_what_is_no_question_gets_silence(view):
    from_page(view, hex=view.reply)
    assert view.reply == ""
    choose(view, side="reply")
    assert (view.packet, view.fields, view.value) == (b"", [], 0)
    assert view.in_words().endswith("no reply")


def test_a_broken_packet_is_laid_open_and_sent_as_it_is(view):
    from_page(view, hex=view.query[:-9])
    assert view.fields[-1][2] == "unreadable"
    assert sent_rcode(view) == 1                                # FORMERR


def sent_rcode(view):
    return bytes.fromhex(view.reply)[3] & 15


def test_the_selected_field_stays_where_it_can(view):
    choose(view, side="reply")
    choose(view, value=len(view.fields) - 1)
    assert view.value > 40
    choose(view, side="query")
    assert view.value == len(view.fields) - 1


def test_one_packet_alone_can_be_changed_too():
    view = PacketView(bytes.fromhex("12 34 81 83 00 01 00 00 00 00 00 00 00 00 01 00 01"))
    assert not view.asks
    assert view.in_words() == f"Packet: 17 bytes in {len(describe(view.packet))} fields"
    from_page(view, hex="12 34")
    assert (view.packet, view.reply) == (b"\x12\x34", "")


def test_it_reads_without_a_kernel(view):
    bundle = view._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "text/html", LIVE_VIEW}
    assert bundle["text/html"].count("<tr>") == len(view.fields) + 1
    assert "<code>03 61 70 70</code>" in bundle["text/html"]
    assert bundle["text/plain"].startswith("Packet: query for app.example.com A, 33 bytes in 12 fields; reply of ")


@pytest.mark.parametrize(("name", "type_"), [("a..b", "A"), ("app.example.com", "ADDRESS")])
def test_a_question_that_cannot_be_asked_is_refused_in_the_cell(lab, name, type_):
    with pytest.raises(ConfigurationError):
        PacketView.asking(name, type_, send=lab.send)


@pytest.mark.parametrize("type_", OFFERED_TYPES)
def test_every_type_on_offer_can_be_asked_for(lab, type_):
    assert PacketView.asking("example.com", type_, send=lab.send).type == type_
