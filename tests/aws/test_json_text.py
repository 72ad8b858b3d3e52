"""JSON files: every way in which one can be broken is a clear problem with its place, never a traceback."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from failover_kit.aws.json_text import MAX_BYTES, parse_json, read_json, write_json
from failover_kit.errors import ConfigurationError


@pytest.mark.parametrize(("data", "message"), [
    (b"", "zone.json: is empty"),
    (b" \n", "zone.json: is empty"),
    (b'{\n  "TTL": 60\n  "Type": "A"\n}', "is not JSON: Expecting ',' delimiter at line 3, column 3. Look for a comma"),
    (b'{"TTL": 60', "line 1, column 11"),
    (b"{'TTL': 60}", "line 1, column 2"),
    (b'{"TTL": 060}', "line 1, column 10"),
    (b"ResourceRecordSets:\n- Name: app",
     "is not JSON: Expecting value at line 1, column 1. Run the AWS CLI with --output json."),
    (b"----\n| ListResourceRecordSets |", "Run the AWS CLI with --output json."),
    (b'{"a": "\t"}', "Invalid control character at line 1, column 8"),
    (b"{} {}", "Extra data at line 1, column 4"),
    (b"[" * 100_000, "is nested too deeply"),
    (b'{"a":' * 100_000, "is nested too deeply"),
    (b'{"TTL": ' + b"9" * 10_000 + b"}", "a number with thousands of digits"),
    ('{\n"Name": "café"}'.encode("latin-1"), "is not UTF-8 text: byte 0xe9 at line 2, byte 13. Save it as UTF-8."),
    (b"\x1f\x8b\x08\x00\xff\xfe", "is not UTF-8 text: byte 0x8b"),
    (b'{"a": "\\ud83d"}', "holds \\ud83d, half of a character"),
], ids=lambda v: str(v)[:40])
def test_refused(data, message):
    with pytest.raises(ConfigurationError) as caught:
        parse_json(data, "zone.json")
    [problem] = caught.value.problems
    assert problem.where == "zone.json"
    assert message in str(problem)
    assert problem.fix


@pytest.mark.parametrize("encode", [
    lambda text: text.encode(), lambda text: text.encode("utf-8-sig"), lambda text: text.encode("utf-16"),
    lambda text: text.encode("utf-16-le"), lambda text: text.encode("utf-32")],
    ids=["UTF-8", "with byte order mark", "UTF-16, as PowerShell redirects", "UTF-16 without mark", "UTF-32"])
def test_encodings(encode):
    assert parse_json(encode('{"Value": "café \\ud83d\\ude00"}'), "zone.json") == ({"Value": "café 😀"}, [])


@pytest.mark.parametrize(("text", "found"), [
    ('{"a": 1, "b": {"a": 2}, "c": [{"a": 3}, {"a": 4}]}', []),
    ('{"a": 1, "a": 2}', ['line 1, column 10: key "a" is given twice in one object, first in line 1']),
    ('{\n  "TTL": 60,\n  "Name": "{\\"TTL\\": 1",\n  "T\\u0054L": 300\n}',
     ['line 4, column 3: key "TTL" is given twice in one object, first in line 2']),
    ('[{"a": "a", "b": 1, "b": 2, "b": 3},\n {"c": [{"d": 1, "d": 1}], "c": 1}]',
     ['line 1, column 21: key "b"', 'line 1, column 29: key "b"', 'line 2, column 18: key "d"',
      'line 2, column 28: key "c"']),
])
def test_keys_given_twice_are_found_where_they_stand(text, found):
    value, problems = parse_json(text.encode(), "zone.json")
    assert value == json.loads(text)
    for problem, start in zip(problems, found, strict=True):
        assert str(problem).startswith(f"zone.json, {start}")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) |
                    st.dictionaries(st.text(), inner), max_leaves=10), st.sampled_from([None, 2]))
def test_what_json_writes_is_read_back(value, indent):
    assert parse_json(json.dumps(value, indent=indent).encode(), "zone.json") == (value, [])


@given(st.binary(max_size=30))
def test_any_bytes_give_a_value_or_a_problem(data):
    problems = ()
    try:
        parse_json(data, "zone.json")
    except ConfigurationError as error:
        problems = error.problems
    assert all(problem.what and problem.fix for problem in problems)


def test_a_file_beyond_the_limit_is_not_read(tmp_path):
    big = tmp_path / "big.json"
    with big.open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(ConfigurationError, match="is larger than 64 MiB"):
        read_json(big)


@pytest.mark.parametrize(("name", "reason"), [("gone.json", "No such file"), (".", "Is a directory")])
def test_a_path_that_cannot_be_read(tmp_path, name, reason):
    with pytest.raises(ConfigurationError, match=f"cannot be read: {reason}"):
        read_json(tmp_path / name)


def test_write(tmp_path):
    write_json(tmp_path / "zone.json", {"Name": "café"})
    assert read_json(tmp_path / "zone.json") == ({"Name": "café"}, [])
    with pytest.raises(ConfigurationError, match="cannot be written: No such file"):
        write_json(tmp_path / "gone" / "zone.json", {})
