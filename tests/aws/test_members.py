"""One JSON object by its table: what fits, what is said about the rest, and what stands in for it."""

import pytest

from failover_kit.aws.members import Member, nearest, read, shown

INNER = {"Port": Member(int, 80, required=True), "Path": Member(str, "/")}
TABLE = {
    "Name": Member(str, "app", required=True),
    "Kind": Member(str, "A", choices=("A", "AAAA", "CNAME")),
    "Share": Member(float, 0.5),
    "On": Member(bool, True),
    "Inner": Member(dict, {"Port": 80}, of=INNER),
    "Ports": Member(list, [80], of=Member(int, 80)),
    "Extra": Member(object),
}


@pytest.mark.parametrize(("given", "kept", "said", "doubtful"), [
    ({"Name": "x", "Share": 1, "On": False, "Ports": [1, 2], "Extra": [None]}, {}, [], set()),
    ({"Name": "x", "Inner": {"Port": 1}}, {}, [], set()),
    ({}, {"Name": "app"}, ["Name is missing"], {"Name"}),
    ({"name": "x"}, {"Name": "x"}, ['unknown key "name"'], set()),
    ({"Name": "x", "name": "y"}, {"Name": "x"}, ['unknown key "name"'], set()),
    ({"Name": "x", "Colour": 1}, {"Name": "x"}, ['unknown key "Colour"'], set()),
    ({"Name": "x", "Kind": "cname"}, {"Name": "x", "Kind": "CNAME"}, ['Kind is "cname"'], set()),
    ({"Name": "x", "Kind": "PTR"}, {"Name": "x", "Kind": "A"}, ['Kind is "PTR"'], {"Kind"}),
    ({"Name": "x", "On": "False"}, {"Name": "x", "On": False}, ['On is "False", must be true or false'], set()),
    ({"Name": "x", "Share": float("nan")}, {"Name": "x", "Share": 0.5}, ["Share is NaN, must be a number"], {"Share"}),
    ({"Name": "x", "Share": True}, {"Name": "x", "Share": 0.5}, ["Share is true, must be a number"], {"Share"}),
    ({"Name": "x", "Inner": {"Prot": 1, "Path": 2}}, {"Name": "x", "Inner": {"Port": 1, "Path": "/"}},
     ['unknown key "Inner.Prot"', "Inner.Path is 2, must be text"], {"Inner.Path"}),
    ({"Name": "x", "Inner": 5}, {"Name": "x", "Inner": {"Port": 80}}, ["Inner is 5, must be an object"], {"Inner"}),
    ({"Name": "x", "Ports": [1, "a", "3", []]}, {"Name": "x", "Ports": [1, 3]},
     ['Ports[1] is "a", must be a whole number', 'Ports[2] is "3", must be a whole number',
      "Ports[3] is a list, must be a whole number"], {"Ports[1]", "Ports[3]"}),
    ({"Name": "x", "Path": "/"}, {"Name": "x"}, ['unknown key "Path"'], set()),
    ("x", {"Name": "app"}, ['it is "x", must be an object'], {"Name"}),
], ids=lambda v: str(sorted(v) if isinstance(v, set) else v))
def test_read(given, kept, said, doubtful):
    reading = read(given, TABLE, "here")
    assert reading.values == (kept or given)
    assert [problem.what for problem in reading.problems] == said
    assert all(problem.where == "here" and problem.fix for problem in reading.problems)
    assert reading.doubtful == doubtful


def test_doubts():
    reading = read({"Name": "x", "Inner": {}, "Ports": ["a"]}, TABLE, "here")
    assert [reading.doubts(member) for member in ("Name", "Inner", "Inner.Port", "Inner.Path", "Ports", "Port")] == [
        False, True, True, False, True, False]


@pytest.mark.parametrize(("word", "meant"), [
    ("HealthcheckId", "HealthCheckId"), ("TTl", "TTL"), ("ResourceRecord", "ResourceRecords"), ("Fallover", "Failover"),
    ("Colour", None), ("", None), ("x" * 10_000, None)], ids=lambda v: str(v)[:20])
def test_nearest(word, meant):
    assert nearest(word, ["Name", "HealthCheckId", "TTL", "ResourceRecords", "Failover"]) == meant


@pytest.mark.parametrize(("value", "text"), [
    (None, "null"), (True, "true"), ("a\x1b[31m", '"a\\u001b[31m"'), ({"a": 1}, "an object"), ([1], "a list"),
    ("x" * 100, '"' + "x" * 59 + "..."), (10 ** 100, "1" + "0" * 59 + "...")], ids=lambda v: str(v)[:12])
def test_shown(value, text):
    assert shown(value) == text
