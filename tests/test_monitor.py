"""monitor.py: a compact notation plays probes of 16 checkers and says what the check says (A11-A15, A33-A43)."""

import pytest

from failover_kit.errors import ConfigurationError, LabError
from failover_kit.health import AlarmState, Observation, Outcome, Status
from failover_kit.healthcheck import HealthCheck
from failover_kit.metrics import MetricAlarm, MetricStream
from failover_kit.monitor import Monitor

H, U = Status.HEALTHY, Status.UNHEALTHY


def endpoint(id="web", **settings):
    return HealthCheck(id=id, ip_address="127.0.1.10", **settings)


def play(monitor, check, passing, failing, rounds, start=0.0):
    """`rounds` probes by every checker: the first `passing` pass, the next `failing` fail, the others are silent."""
    changes = []
    for number in range(rounds):
        for index, checker in enumerate(check.checkers[:passing + failing]):
            outcome = Outcome.PASS if index < passing else Outcome.FAIL
            _, changed = monitor.record(Observation(check.id, checker, start + 30 * number, outcome, "test"))
            changes += changed
    return changes


@pytest.mark.parametrize(("passing", "failing", "status"), [
    (16, 0, H), (4, 12, H), (3, 13, H), (2, 14, U), (0, 16, U),       # A12, A13, H16
], ids=lambda v: str(v))
def test_three_of_sixteen_keep_it_healthy(passing, failing, status):
    check = endpoint()
    monitor = Monitor([check])
    play(monitor, check, passing, failing, rounds=3)
    assert monitor.status("web") is status


def test_eleven_checkers_need_two_H17():
    """Regions come in pairs of checkers; the eleventh of a larger set is silent, which counts as healthy (A15)."""
    check = endpoint(regions=("us-east-1", "us-west-1", "us-west-2"))
    monitor = Monitor([check])
    play(monitor, check, 1, 5, rounds=3)
    assert monitor.status("web") is U                                  # 1 of 6 = 16.7 %
    monitor = Monitor([check])
    play(monitor, check, 2, 4, rounds=3)
    assert monitor.status("web") is H                                  # 2 of 6 = 33 %


@pytest.mark.parametrize(("settings", "status"), [
    ({}, H), ({"inverted": True}, U),                                  # A15, H18
    ({"disabled": True}, H), ({"disabled": True, "inverted": True}, U),   # A34, H19
], ids=str)
def test_a_new_check(settings, status):
    assert Monitor([endpoint(**settings)]).status("web") is status


@pytest.mark.parametrize(("settings", "status"), [
    ({}, U), ({"inverted": True}, H), ({"disabled": True}, H), ({"disabled": True, "inverted": True}, U),
], ids=str)
def test_with_the_server_off_H19(settings, status):
    check = endpoint(**settings)
    monitor = Monitor([check])
    play(monitor, check, 0, 16, rounds=3)
    assert monitor.status("web") is status


def test_a_status_changes_once_and_says_why():
    check = endpoint()
    monitor = Monitor([check])
    changes = play(monitor, check, 0, 16, rounds=5)
    assert [(change.status, change.at) for change in changes] == [(U, 60.0)]
    assert changes[0].reason == "2 of 16 checkers say healthy (12.5%); more than 18% are needed"
    back = play(monitor, check, 16, 0, rounds=5, start=300.0)
    assert [(change.status, change.at) for change in back] == [(H, 360.0)]
    assert back[0].reason.startswith("3 of 16 checkers say healthy (18.8%)")


@pytest.mark.parametrize(("threshold", "unhealthy_children", "status"), [
    (0, "abc", H), (4, "", U), (2, "a", H), (2, "ab", U), (1, "ab", H), (3, "a", U),      # A36, H20
])
def test_calculated(threshold, unhealthy_children, status):
    children = [endpoint(id=letter) for letter in "abc"]
    monitor = Monitor([*children, HealthCheck(id="all", type="CALCULATED", child_health_checks=("a", "b", "c"),
                                              health_threshold=threshold)])
    for child in children:
        if child.id in unhealthy_children:
            play(monitor, child, 0, 16, rounds=3)
    assert monitor.status("all") is status


def test_calculated_changes_together_with_its_child():
    child = endpoint(id="a")
    monitor = Monitor([child, HealthCheck(id="all", type="CALCULATED", child_health_checks=("a",), health_threshold=1)])
    changes = play(monitor, child, 0, 16, rounds=3)
    assert [(change.health_check_id, change.status) for change in changes] == [("a", U), ("all", U)]
    assert changes[1].reason == "0 of 1 children healthy, 1 needed"


def test_a_disabled_child_counts_as_healthy_A39():
    child = endpoint(id="a", disabled=True)
    monitor = Monitor([child, HealthCheck(id="all", type="CALCULATED", child_health_checks=("a",), health_threshold=1)])
    play(monitor, child, 0, 16, rounds=3)
    assert monitor.status("all") is H


@pytest.mark.parametrize(("children", "message"), [
    (("missing",), "child health check 'missing' does not exist"), (("other",), "is a calculated check itself"),   # A38
])
def test_children_that_cannot_be(children, message):
    other = HealthCheck(id="other", type="CALCULATED", child_health_checks=(), health_threshold=0)
    with pytest.raises(ConfigurationError, match=message):
        Monitor([other, HealthCheck(id="all", type="CALCULATED", child_health_checks=children, health_threshold=1)])


def test_routing_controls_A43():
    monitor = Monitor([HealthCheck(id="switch", type="RECOVERY_CONTROL", routing_control_arn="arn:east")])
    assert monitor.status("switch") is H
    assert [change.status for change in monitor.set_control("arn:east", on=False, now=5.0)] == [U]
    assert [change.status for change in monitor.set_control("arn:east", on=True, now=6.0)] == [H]
    assert monitor.set_control("arn:another", on=False, now=7.0) == []


ALARM = MetricAlarm(name="errors", comparison_operator="GreaterThanThreshold", threshold=5.0, evaluation_periods=2)


@pytest.mark.parametrize(("points", "now", "state"), [
    ([], 120, AlarmState.INSUFFICIENT_DATA),
    ([(10, 9)], 120, AlarmState.INSUFFICIENT_DATA),
    ([(10, 9), (70, 9)], 120, AlarmState.ALARM),
    ([(10, 9), (70, 1)], 120, AlarmState.OK),
    ([(10, 9), (70, 9), (130, 1)], 130, AlarmState.ALARM),     # the running period does not count yet
    ([(10, 9), (70, 9), (130, 1)], 180, AlarmState.OK),
    ([(10, 9), (20, 1), (70, 9)], 120, AlarmState.OK),         # the average of a period is 5, not above 5
], ids=str)
def test_metric_stream(points, now, state):
    stream = MetricStream(ALARM)
    for at, value in points:
        stream.put(value, at)
    assert stream.state(now) is state


def test_alarm_drives_the_check_A40():
    monitor = Monitor([HealthCheck(id="metric", type="CLOUDWATCH_METRIC", alarm=ALARM)])
    assert monitor.status("metric") is H
    assert [c.status for c in monitor.set_alarm("metric", AlarmState.ALARM, now=60.0)] == [U]
    assert monitor.set_alarm("metric", AlarmState.INSUFFICIENT_DATA, now=120.0) == []      # LastKnownStatus
    assert [c.status for c in monitor.set_alarm("metric", AlarmState.OK, now=180.0)] == [H]


def test_changed_settings_keep_the_history():
    check = endpoint()
    monitor = Monitor([check])
    play(monitor, check, 0, 16, rounds=3)
    changes = monitor.put(endpoint(inverted=True), now=100.0)
    assert [change.status for change in changes] == [H]
    assert "inverted" in changes[0].reason


def test_readers_never_see_a_mapping_change():
    check = endpoint()
    monitor = Monitor([check])
    before = monitor.statuses
    play(monitor, check, 0, 16, rounds=3)
    assert before["web"] is H
    assert monitor.statuses["web"] is U


def test_probes_of_a_check_that_is_gone_count_for_nothing():
    check = endpoint()
    monitor = Monitor([check])
    monitor.remove("web")
    assert play(monitor, check, 0, 16, rounds=3) == []
    with pytest.raises(LabError, match=r"no health check 'web'\. Known: none yet"):
        monitor.status("web")
