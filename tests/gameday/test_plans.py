"""plans.py: what cannot work is refused when it is built, every fault at once."""

import pytest

from failover_kit.errors import ConfigurationError
from failover_kit.gameday import Action, Capacity, Clients, DataPlan, Objective, Runbook, Switch


@pytest.mark.parametrize(("make", "words"), [
    (lambda: Capacity(share=-0.1), "share is -0.1"),
    (lambda: Capacity(share="half"), "share is 'half'"),
    (lambda: Capacity(scales="sometimes"), "scales is 'sometimes'"),
    (lambda: Capacity(sheds_load="yes"), "sheds_load is 'yes'"),
    (lambda: DataPlan(copy="tape"), "copy is 'tape'"),
    (lambda: DataPlan(lag_seconds=-1), "lag_seconds is -1"),
    (lambda: DataPlan(fence="barbed wire"), "fence is 'barbed wire'"),
    (lambda: Action(do="pray"), "do is 'pray'"),
    (lambda: Action(do="edit-dns", seconds=float("inf")), "seconds of 'edit-dns' is inf"),
    (lambda: Runbook(alarm="owl"), "alarm is 'owl'"),
    (lambda: Clients(retry="harder"), "retry is 'harder'"),
    (lambda: Switch(), "both a routing control and an object, or neither"),
    (lambda: Switch(routing_control_arn="arn", object_path="/x", at="us-west-2"), "both a routing control"),
    (lambda: Switch(object_path="/x"), "needs the site it lies at"),
    (lambda: Objective(availability=1.0), "availability is 1.0"),
    (lambda: Objective(rto_seconds=-1), "rto_seconds is -1"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_what_cannot_work(make, words):
    with pytest.raises(ConfigurationError, match=words.replace("(", r"\(")):
        make()


def test_every_fault_is_named_at_once():
    with pytest.raises(ConfigurationError) as caught:
        DataPlan(copy="tape", promotion="soon", fence="", lag_seconds=-1)
    assert len(caught.value.problems) == 4


@pytest.mark.parametrize(("copy", "one"), [
    ("none", False), ("backup", True), ("replica", True), ("multi-writer", False)])
def test_who_has_one_writer(copy, one):
    assert DataPlan(copy=copy).has_one_writer is one
