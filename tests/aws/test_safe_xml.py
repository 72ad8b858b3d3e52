"""Untrusted XML: what is refused, and what comes through."""

import pytest

from failover_kit.aws.protocol import MAX_BODY, AwsError
from failover_kit.aws.safe_xml import MAX_DEPTH, Element, document, parse

LAUGHS = '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a0 "ha">' + "".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 12)) + "]><a>&a11;</a>"


@pytest.mark.parametrize(("body", "message"), [
    (LAUGHS, "DOCTYPE"),
    (LAUGHS.encode("utf-16"), "DOCTYPE"),
    ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/hostname">]><a>&x;</a>', "DOCTYPE"),
    ('<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><a/>', "DOCTYPE"),
    ('<!DOCTYPE a [<!ENTITY % p SYSTEM "http://127.0.0.1:1/p"> %p;]><a/>', "DOCTYPE"),
    ('<!DOCTYPE a [<!ATTLIST a b CDATA "default">]><a/>', "DOCTYPE"),
    ("<a>&undeclared;</a>", "undefined entity"),
    ("<a>" * (MAX_DEPTH + 1) + "</a>" * (MAX_DEPTH + 1), "nested more than"),
    ("<a>" * 300_000, "nested more than"),
    ("", "no element found"),
    ("<a>", "no element found"),
    ("<a></b>", "mismatched tag"),
    ("<a/><b/>", "junk after document element"),
    ("<a>\x00</a>", "not well-formed"),
    (b"<a>\xff</a>", "not well-formed"),
    ("<a b='1' b='2'/>", "duplicate attribute"),
    ("<p:a/>", "unbound prefix"),
    ('<?xml version="1.0" encoding="no-such-code"?><a/>', "unknown encoding"),
    ('<?xml version="1.0" encoding="rot13"?><a/>', "rot13"),
    ('<?xml version="1.0" encoding="shift_jis"?><a/>', "multi-byte encodings"),
], ids=["billion laughs", "billion laughs in UTF-16", "external entity", "external DTD", "parameter entity",
        "attribute list", "undeclared entity", "too deep", "far too deep", "empty", "not closed", "wrongly closed",
        "two roots", "NUL", "not UTF-8", "attribute twice", "unbound prefix", "unknown encoding", "not a text encoding",
        "multi-byte encoding"])
def test_refused(body, message):
    with pytest.raises(AwsError, match=message) as caught:
        parse(body if isinstance(body, bytes) else body.encode())
    assert caught.value.code == "MalformedInput"
    assert caught.value.message.startswith("Invalid XML: ")


def test_too_large_is_refused_unread():
    with pytest.raises(AwsError) as caught:
        parse(b"<a>" + b" " * MAX_BODY + b"</a>")
    assert caught.value.code == "RequestEntityTooLargeException"
    assert parse(b"<a>" + b" " * (MAX_BODY - 7) + b"</a>").text == " " * (MAX_BODY - 7)


def test_deepest_allowed():
    element = parse(b"<a>" * MAX_DEPTH + b"</a>" * MAX_DEPTH)
    depth = 1
    while element.children:
        element, depth = element.children[0], depth + 1
    assert depth == MAX_DEPTH


@pytest.mark.parametrize(("body", "tree"), [
    ("<a/>", Element("a")),
    ('<a xmlns="https://example.com/" xmlns:x="urn:x"><x:b>1</x:b></a>', Element("a", children=[Element("b", "1")])),
    ("<a>&lt;&amp;&#233;&#x1F600;</a>", Element("a", "<&é😀")),
    ("<a><![CDATA[<b>]]> c</a>", Element("a", "<b> c")),
    ("<!-- c --><?p i?><a> <!-- c --><b> x </b></a>", Element("a", " ", [Element("b", " x ")])),
    ("<a>1\r\n2\r3&#13;</a>", Element("a", "1\n2\n3\r")),          # XML 1.0 section 2.11
    ('<?xml version="1.0" encoding="ISO-8859-1"?><a>é</a>'.encode("latin-1"), Element("a", "é")),
    ("<a>é</a>".encode("utf-16"), Element("a", "é")),
], ids=["empty", "namespaces", "references", "CDATA", "comments", "line ends", "Latin-1", "UTF-16"])
def test_read(body, tree):
    assert parse(body if isinstance(body, bytes) else body.encode()) == tree


@pytest.mark.parametrize("text", ["", " x ", "<a b='c'>&amp;\"]]>", "\t\n\r\r\n", "é中😀\x85\u2028"])
def test_written_text_reads_back(text):
    tree = Element("a", children=[Element("b", text), Element("b")])
    assert parse(document(tree)) == tree
