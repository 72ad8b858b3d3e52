"""Templates as text: short forms, what YAML 1.1 would make of words, and files that are none."""

import pytest

from failover_kit.aws.template_text import parse_template, read_template
from failover_kit.errors import ConfigurationError


def value_of(text):
    value, problems = parse_template(text.encode(), "stack")
    assert problems == []
    return value


@pytest.mark.parametrize(("text", "value"), [
    ("a: !Ref Zone", {"a": {"Ref": "Zone"}}),
    ("a: !GetAtt Alb.DNSName", {"a": {"Fn::GetAtt": ["Alb", "DNSName"]}}),
    ("a: !GetAtt [Alb, DNSName]", {"a": {"Fn::GetAtt": ["Alb", "DNSName"]}}),
    ("a: !GetAtt Nested.Outputs.Name", {"a": {"Fn::GetAtt": ["Nested", "Outputs.Name"]}}),
    ("a: !Sub 'x.${D}'", {"a": {"Fn::Sub": "x.${D}"}}),
    ("a: !Sub ['x.${D}', {D: !Ref Domain}]", {"a": {"Fn::Sub": ["x.${D}", {"D": {"Ref": "Domain"}}]}}),
    ("a: !Join ['.', [x, !Ref D]]", {"a": {"Fn::Join": [".", ["x", {"Ref": "D"}]]}}),
    ("a:\n  Fn::Join: ['.', [x]]", {"a": {"Fn::Join": [".", ["x"]]}}),
    ("a: !If [C, !Ref X, !Ref 'AWS::NoValue']", {"a": {"Fn::If": ["C", {"Ref": "X"}, {"Ref": "AWS::NoValue"}]}}),
    ("a: !Condition C", {"a": {"Condition": "C"}}),
    ("CountryCode: NO", {"CountryCode": "NO"}),                    # Norway, not false
    ("a: on\nb: 0123\nc: 1.20\nd: 2010-09-09", {"a": "on", "b": "0123", "c": "1.20", "d": "2010-09-09"}),
    ("# a comment\n---\na: 1", {"a": "1"}),
    ('{"a": 1, "b": {"Ref": "X"}}', {"a": 1, "b": {"Ref": "X"}}),
    ('\ufeff{"a": true}', {"a": True}),
], ids=lambda value: value[:40] if isinstance(value, str) else "")
def test_values(text, value):
    assert value_of(text) == value


@pytest.mark.parametrize(("text", "words"), [
    ("a: [1, 2", "is neither JSON nor YAML: .* line 1, column 9"),
    ("a: b: c", "line 1, column 5"),
    ("a: &x 1\nb: *x", r"takes no aliases \(\*name\) at line 2, column 4"),
    ("a: !!python/object/apply:os.system [ls]", None),             # text and lists, nothing runs
    ("{", "is not JSON"),
    ("", "is empty"),
    ("a: \x07", "is neither JSON nor YAML"),
    ("a: \xff", None),
    ("[" * 2_000, "nested too deeply"),
    ("- " * 2_000 + "x", "nested too deeply"),
], ids=["open list", "two colons", "alias", "python tag", "json", "empty", "control character", "latin", "deep json",
        "deep yaml"])
def test_what_is_no_template(text, words):
    if words is None:
        value_of(text)
        return
    with pytest.raises(ConfigurationError, match=words):
        parse_template(text.encode(), "stack")


def test_python_tags_are_just_names():
    assert value_of("a: !!python/object/apply:os.system [ls]") == {"a": ["ls"]}


def test_bytes_that_are_not_text():
    with pytest.raises(ConfigurationError, match="neither JSON nor YAML"):
        parse_template(b"a: \xff\xfe", "stack")


def test_keys_given_twice_are_told_with_their_place():
    _, problems = parse_template(b"Resources:\n  A: 1\n  B: 2\n  A: 3\n", "stack")
    assert [str(problem) for problem in problems] == [
        "stack, line 4, column 3: key 'A' is given twice, first in line 2. Keep one of them."]


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(ConfigurationError, match="cannot be read: No such file"):
        read_template(tmp_path / "gone.yaml")
