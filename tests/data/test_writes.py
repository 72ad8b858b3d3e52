"""writes.py: a write is the same write in whichever store it lies."""

from dataclasses import replace

import pytest

from failover_kit.data.writes import Write

W = Write("cart-1", "two books", 12.5, 1, "us-east-1", 7, writer="ana", request="r-1", position=7, stored_at=12.5)


@pytest.mark.parametrize(("change", "same"), [
    ({"position": 99}, True),
    ({"stored_at": 14.5}, True),
    ({"value": "one book"}, False),
    ({"epoch": 2}, False),
    ({"origin": "us-west-2"}, False),
    ({"sequence": 8}, False),
], ids=str)
def test_place_and_arrival_do_not_make_another_write(change, same):
    assert (replace(W, **change) == W) is same


@pytest.mark.parametrize("change", [{"epoch": 2}, {"origin": "us-west-2"}, {"sequence": 8}], ids=str)
def test_id_tells_writes_apart(change):
    assert W.id == "us-east-1/1.7"
    assert replace(W, **change).id != W.id


def test_a_write_says_what_when_where():
    assert str(W) == "cart-1=two books (at 12.5 s in us-east-1, epoch 1)"
