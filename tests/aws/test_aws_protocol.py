"""The nouns that the AWS protocols share."""

import pickle

import pytest

from failover_kit.aws.protocol import MAX_BODY, AwsError, Request, bounded
from failover_kit.errors import FailoverKitError


@pytest.mark.parametrize("name", ["X-Amz-Target", "x-amz-target", "X-AMZ-TARGET"])
def test_header_names_have_no_case(name):
    request = Request("POST", "/", headers={"x-Amz-target": "A.B"})
    assert request.header(name) == "A.B"
    assert request.header("other") is None


def test_an_error_reads_as_code_and_messages():
    error = AwsError("InvalidChangeBatch", "one", "two")
    assert isinstance(error, FailoverKitError)
    assert (str(error), error.message) == ("InvalidChangeBatch: one; two", "one; two")


def test_an_error_survives_pickling_whole():
    error = pickle.loads(pickle.dumps(AwsError("C", "one", "two", status=409, fields={"a": 1}, headers={"b": "2"})))
    assert (error.code, error.messages, error.status, error.fields, error.headers) == (
        "C", ("one", "two"), 409, {"a": 1}, {"b": "2"})


def test_the_largest_body_is_read_and_no_larger():
    assert bounded(b"x" * MAX_BODY) == b"x" * MAX_BODY
    with pytest.raises(AwsError, match=f"{MAX_BODY + 1} bytes"):
        bounded(b"x" * (MAX_BODY + 1))
