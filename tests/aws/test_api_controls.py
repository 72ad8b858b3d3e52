"""Routing controls with their safety rules, and CloudWatch's data points, through boto3. Facts A40 to A43, E12-E14."""

from datetime import timedelta

import pytest
from change_batches import change, create, refused, rrset

from failover_kit import Status
from failover_kit.timeline import AnswerChange


@pytest.fixture
def switches(either_lab):
    """Two controls with a RECOVERY_CONTROL check each, over a failover pair: (lab, cluster client, ARNs, check ids)."""
    lab, route53 = either_lab, either_lab.api.client("route53")
    arns = [lab.api.routing_control("east"), lab.api.routing_control("west", on=False)]
    checks = [route53.create_health_check(CallerReference=arn[-20:], HealthCheckConfig={
        "Type": "RECOVERY_CONTROL", "RoutingControlArn": arn})["HealthCheck"]["Id"] for arn in arns]
    change(route53, lab.zone.id, *(
        create(rrset("app.example.com", f"192.0.2.{number}", SetIdentifier=role, Failover=role, HealthCheckId=check))
        for number, (role, check) in enumerate(zip(("PRIMARY", "SECONDARY"), checks, strict=True), 1)))
    return lab, lab.api.client("route53-recovery-cluster"), arns, checks


def answer(lab):
    return lab.ask("app.example.com").answer[0].values[0]


def turn(client, states, **more):
    return client.update_routing_control_states(UpdateRoutingControlStateEntries=[
        {"RoutingControlArn": arn, "RoutingControlState": state} for arn, state in states.items()], **more)


def test_a_control_moves_its_check_and_the_answer(switches):
    """A43."""
    lab, cluster, (east, west), checks = switches
    assert (answer(lab), [lab.status(check) for check in checks]) == ("192.0.2.1", [Status.HEALTHY, Status.UNHEALTHY])
    turn(cluster, {east: "Off", west: "On"})
    assert (answer(lab), [lab.status(check) for check in checks]) == ("192.0.2.2", [Status.UNHEALTHY, Status.HEALTHY])
    cluster.update_routing_control_state(RoutingControlArn=east, RoutingControlState="On")
    assert answer(lab) == "192.0.2.1"


def test_all_off_fails_open_to_the_primary(switches):
    """E14, H28."""
    lab, cluster, (east, _), _ = switches
    cluster.update_routing_control_state(RoutingControlArn=east, RoutingControlState="Off")
    assert answer(lab) == "192.0.2.1"


def test_several_controls_turn_in_one_step(switches):
    """E13: no answer in between, whatever the order."""
    lab, cluster, (east, west), _ = switches
    before = sum(isinstance(event, AnswerChange) for event in lab.timeline)
    turn(cluster, {east: "Off", west: "On"})
    changes = [event for event in lab.timeline if isinstance(event, AnswerChange)][before:]
    assert [change.after for change in changes] == [("192.0.2.2",)]


def test_controls_are_listed_with_their_states(switches):
    _, cluster, (east, west), _ = switches
    found = cluster.list_routing_controls()["RoutingControls"]
    assert [(each["RoutingControlName"], each["RoutingControlArn"], each["RoutingControlState"]) for each in found] == [
        ("east", east, "On"), ("west", west, "Off")]
    first = cluster.list_routing_controls(MaxResults=1)
    second = cluster.list_routing_controls(MaxResults=1, NextToken=first["NextToken"])
    assert [page["RoutingControls"][0]["RoutingControlName"] for page in (first, second)] == ["east", "west"]
    assert "NextToken" not in second
    assert cluster.list_routing_controls(ControlPanelArn=found[0]["ControlPanelArn"])["RoutingControls"] == found
    assert cluster.get_routing_control_state(RoutingControlArn=west)["RoutingControlState"] == "Off"


ARN = "arn:aws:route53-recovery-control::1:controlpanel/x/routingcontrol/y"


@pytest.mark.parametrize(("ask", "code"), [
    (lambda client: client.get_routing_control_state(RoutingControlArn=ARN), "ResourceNotFoundException"),
    (lambda client: client.list_routing_controls(ControlPanelArn=ARN), "ResourceNotFoundException"),
    (lambda client: client.list_routing_controls(NextToken="soon"), "ValidationException"),
    (lambda client: client.list_routing_controls(NextToken="99"), "ValidationException"),
    (lambda client: turn(client, {ARN: "On"}), "ResourceNotFoundException"),
], ids=["state", "panel", "token", "token beyond", "turn"])
def test_controls_that_are_not_there(lab, ask, code):
    with refused(code) as caught:
        ask(lab.api.client("route53-recovery-cluster"))
    if code == "ResourceNotFoundException":
        assert caught.value.response["resourceId"] == ARN


@pytest.fixture
def panel(lab):
    """Four controls, the first two On: (lab, cluster client, turn by letter)."""
    arns = {letter: lab.api.routing_control(letter, on=letter in "ab") for letter in "abcg"}
    client = lab.api.client("route53-recovery-cluster")

    def turn_letters(text, override=()):
        """'a- c+' turns a Off and c On."""
        states = {arns[word[0]]: {"+": "On", "-": "Off"}[word[1]] for word in text.split()}
        return turn(client, states, **({"SafetyRulesToOverride": list(override)} if override else {}))
    return lab, arns, turn_letters


RULES = {
    # (rule, what is turned, taken?)
    "assertion: one stays On": (dict(controls="ab"), "a-", True),
    "assertion: none would be On": (dict(controls="ab"), "a- b-", False),
    "assertion: counts the state after the change": (dict(controls="ab", threshold=2), "a-", False),
    "assertion: swapped in one transaction": (dict(controls="ac"), "a- c+", True),
    "assertion: other controls are free": (dict(controls="ab", threshold=2), "c+", True),
    "assertion AND": (dict(controls="ab", type="AND"), "b-", False),
    "assertion OR": (dict(controls="ab", type="OR"), "b-", True),
    "assertion inverted: not both On": (dict(controls="ac", type="AND", inverted=True), "c+", False),
    "gate shut": (dict(controls="g", targets="ab"), "a-", False),
    "gate shut, and opened in the same transaction": (dict(controls="g", targets="ab"), "g+ a-", False),
    "gate open": (dict(controls="b", targets="ac"), "a- c+", True),
    "gate: its own switch is free": (dict(controls="g", targets="ab"), "g+", True),
}


@pytest.mark.parametrize(("rule", "changes", "is_taken"), RULES.values(), ids=RULES)
def test_safety_rules(panel, rule, changes, is_taken):
    """E13."""
    lab, arns, turn_letters = panel
    rule = {name: [arns[letter] for letter in value] if name in ("controls", "targets") else value
            for name, value in rule.items()}
    rule_arn = lab.api.safety_rule("guard", **rule)
    states = {arn: lab.service.monitor.control(arn) for arn in arns.values()}
    if is_taken:
        turn_letters(changes)
        return
    with refused("ConflictException", 400, "guard") as caught:
        turn_letters(changes)
    assert caught.value.response["resourceId"] == rule_arn
    assert {arn: lab.service.monitor.control(arn) for arn in arns.values()} == states
    turn_letters(changes, override=[rule_arn])                                             # E13: break the glass
    assert {arn: lab.service.monitor.control(arn) for arn in arns.values()} != states


def test_the_wait_period_holds_off_a_second_change(panel):
    """E13: 5000 ms unless told otherwise."""
    lab, arns, turn_letters = panel
    lab.api.safety_rule("guard", [arns["a"], arns["b"]])
    turn_letters("a-")
    with refused("ConflictException", 400, "5000 ms"):
        turn_letters("a+")
    lab.run(5)
    turn_letters("a+")


def test_a_rule_that_is_not_there_cannot_be_overridden(panel):
    lab, arns, turn_letters = panel
    with refused("ResourceNotFoundException", 400, "safetyrule"):
        turn_letters("a-", override=["arn:no"])
    assert lab.service.monitor.control(arns["a"])


def test_switches_work_while_the_control_plane_is_down(switches):
    """E5, E6."""
    lab, cluster, (east, west), _ = switches
    lab.api.outage()
    with refused("ServiceUnavailable", 503):
        lab.api.client("route53").list_hosted_zones()
    turn(cluster, {east: "Off", west: "On"})
    assert answer(lab) == "192.0.2.2"
    lab.api.outage(False)
    lab.api.client("route53").list_hosted_zones()


# ---- metrics ---------------------------------------------------------------------------------------------------

@pytest.fixture
def metric(lab, route53):
    """A check on the alarm "more than 5 errors a minute": (lab, cloudwatch client, check's id)."""
    cloudwatch = lab.api.client("cloudwatch")
    put_alarm(cloudwatch)
    check = alarm_check(route53)
    return lab, cloudwatch, check["Id"]


EAST = [{"Name": "Site", "Value": "east"}]


def put_alarm(cloudwatch, **settings):
    cloudwatch.put_metric_alarm(**{
        "AlarmName": "errors", "Namespace": "Shop", "MetricName": "Errors", "Dimensions": EAST, "Statistic": "Sum",
        "Period": 60, "EvaluationPeriods": 1, "Threshold": 5.0,
        "ComparisonOperator": "GreaterThanThreshold", **settings})


def alarm_check(route53):
    made = route53.create_health_check(CallerReference="m", HealthCheckConfig={
        "Type": "CLOUDWATCH_METRIC", "AlarmIdentifier": {"Region": "us-east-1", "Name": "errors"}})
    return made["HealthCheck"]


def put(cloudwatch, *data, namespace="Shop"):
    defaults = {"MetricName": "Errors", "Dimensions": EAST}
    cloudwatch.put_metric_data(Namespace=namespace, MetricData=[{**defaults, **datum} for datum in data])


DATA = {
    "above": ([{"Value": 6}], Status.UNHEALTHY),
    "at the threshold": ([{"Value": 5}], Status.HEALTHY),
    "summed over the period": ([{"Value": 3}, {"Value": 3}], Status.UNHEALTHY),
    "values with counts": ([{"Values": [1.0, 2.0], "Counts": [2.0, 2.0]}], Status.UNHEALTHY),
    "values without counts": ([{"Values": [2.0, 3.0]}], Status.HEALTHY),
    "another metric": ([{"Value": 9, "MetricName": "Orders"}], Status.HEALTHY),
    "other dimensions": ([{"Value": 9, "Dimensions": [{"Name": "Site", "Value": "west"}]}], Status.HEALTHY),
    "no dimensions": ([{"Value": 9, "Dimensions": []}], Status.HEALTHY),
}


@pytest.mark.parametrize(("data", "status"), DATA.values(), ids=DATA)
def test_data_points_decide(metric, data, status):
    """A40, A15: judged when the period is complete; too little data leaves a new check healthy."""
    lab, cloudwatch, check = metric
    put(cloudwatch, *data)
    assert lab.status(check) is Status.HEALTHY
    lab.run(61)
    assert lab.status(check) is status


def test_data_is_placed_by_its_timestamp(metric):
    lab, cloudwatch, check = metric
    lab.run(130)
    put(cloudwatch, {"Value": 9, "Timestamp": lab.api.time - timedelta(seconds=61)})       # two periods ago: too late
    lab.run(60)
    assert lab.status(check) is Status.HEALTHY
    put(cloudwatch, {"Value": 9, "Timestamp": lab.api.time})
    lab.run(60)
    assert lab.status(check) is Status.UNHEALTHY
    with refused("InvalidParameterValue", 400, "the lab's time"):
        put(cloudwatch, {"Value": 1, "Timestamp": lab.api.time + timedelta(days=1)})


@pytest.mark.parametrize(("insufficient", "status"), [
    ("Healthy", Status.HEALTHY), ("Unhealthy", Status.UNHEALTHY), ("LastKnownStatus", Status.UNHEALTHY)])
def test_too_little_data(metric, route53, insufficient, status):
    """A40."""
    lab, cloudwatch, check = metric
    route53.update_health_check(HealthCheckId=check, InsufficientDataHealthStatus=insufficient)
    put(cloudwatch, {"Value": 9})
    lab.run(61)
    assert lab.status(check) is Status.UNHEALTHY
    lab.run(120)
    assert lab.status(check) is status


def test_an_alarms_settings_are_copied_until_the_check_is_updated(metric, route53):
    """A42."""
    lab, cloudwatch, check = metric
    put_alarm(cloudwatch, Threshold=100.0)

    def threshold():
        return route53.get_health_check(HealthCheckId=check)["HealthCheck"]["CloudWatchAlarmConfiguration"]["Threshold"]

    assert threshold() == 5
    route53.update_health_check(HealthCheckId=check, Inverted=False)
    assert threshold() == 5
    route53.update_health_check(HealthCheckId=check, AlarmIdentifier={"Region": "us-east-1", "Name": "errors"})
    assert threshold() == 100
    put(cloudwatch, {"Value": 50})
    lab.run(61)
    assert lab.status(check) is Status.HEALTHY


def test_alarms_are_described_without_a_state(metric):
    _, cloudwatch, _ = metric
    (alarm,) = cloudwatch.describe_alarms()["MetricAlarms"]
    assert (alarm["AlarmName"], alarm["Threshold"], "StateValue" in alarm) == ("errors", 5.0, False)
    assert cloudwatch.describe_alarms(AlarmNames=["other"])["MetricAlarms"] == []
    with refused("NotImplemented", 501, "SetAlarmState"):
        cloudwatch.set_alarm_state(AlarmName="errors", StateValue="ALARM", StateReason="test")


@pytest.mark.parametrize(("settings", "code"), [
    ({"ExtendedStatistic": "p99"}, "NotImplemented"), ({"DatapointsToAlarm": 1}, "NotImplemented"),       # A41
    ({"Period": 10}, "InvalidParameterValue"),                                                           # A41
    ({"ComparisonOperator": "GreaterThanUpperThreshold"}, "InvalidParameterValue"),
], ids=str)
def test_alarms_that_route_53_cannot_use(lab, settings, code):
    with refused(code):
        put_alarm(lab.api.client("cloudwatch"), **settings)


@pytest.mark.parametrize(("datum", "code"), [
    ({}, "InvalidParameterCombination"), ({"Value": 1, "Values": [1.0]}, "InvalidParameterCombination"),
    ({"Values": [1.0], "Counts": [1.0, 2.0]}, "InvalidParameterValue"),
    ({"Values": [1.0], "Counts": [1e12]}, "InvalidParameterValue"),
    ({"Values": [1.0] * 151}, "InvalidParameterValue"), ({"Value": float("inf")}, "InvalidParameterValue"),
    ({"StatisticValues": {"SampleCount": 1, "Sum": 9, "Minimum": 9, "Maximum": 9}}, "NotImplemented"),
], ids=["nothing", "both", "counts", "a huge count", "151 values", "infinite", "statistics"])
def test_data_that_is_refused_changes_nothing(metric, datum, code):
    lab, cloudwatch, check = metric
    with refused(code):
        put(cloudwatch, {"Value": 100}, datum)
    lab.run(61)
    assert lab.status(check) is Status.HEALTHY
