"""Route 53's structures as tables: each member's name, its type, an example, and the noun's field it becomes.

    "SetIdentifier"  <->  RecordSet.set_identifier

Data only. members.py reads an object by such a table, shapes.py makes nouns of it.
Source: Route 53 API Reference, ResourceRecordSet, AliasTarget, GeoLocation, HealthCheck, HealthCheckConfig,
CloudWatchAlarmConfiguration, HostedZone, Change, ResourceTagSet, and the responses of the List actions.
"""

from __future__ import annotations

from ..healthcheck import HealthCheckType
from ..places import PLACES
from ..records import RECORD_TYPES, Failover
from .members import Member

REGIONS = tuple(place.code for place in PLACES if place.is_region)

# Members of ResourceRecordSet for routing that the kit does not do, and what that routing is called.
REFUSED = {
    "CidrRoutingConfig": "IP-based routing",
    "GeoProximityLocation": "geoproximity routing",
    "TrafficPolicyInstanceId": "a record of a traffic policy",
    "AZAffinity": "Availability Zone affinity",
}

# fmt: off
ALIAS_TARGET = {
    "HostedZoneId": Member(str, "Z35SXDOTRQ7X7K"),
    "DNSName": Member(str, "my-load-balancer.us-east-1.elb.amazonaws.com.", required=True),
    "EvaluateTargetHealth": Member(bool, True, required=True),
}
GEO_LOCATION = {
    "ContinentCode": Member(str, "EU"),
    "CountryCode": Member(str, "*"),
    "SubdivisionCode": Member(str, "CA"),
}
RECORD_SET = {                                  # in the order in which the AWS CLI prints them
    "Name": Member(str, "app.example.com.", required=True),
    "Type": Member(str, "A", required=True, choices=RECORD_TYPES),
    "SetIdentifier": Member(str, "primary"),
    "Weight": Member(int, 10),
    "Region": Member(str, "us-east-1", choices=REGIONS),
    "GeoLocation": Member(dict, {"CountryCode": "*"}, of=GEO_LOCATION),
    "Failover": Member(str, "PRIMARY", choices=tuple(role.value for role in Failover)),
    "MultiValueAnswer": Member(bool, True),
    "TTL": Member(int, 60),
    "ResourceRecords": Member(list, [{"Value": "192.0.2.10"}], of=Member(dict, {"Value": "192.0.2.10"}, of={
        "Value": Member(str, "192.0.2.10", required=True)})),
    "AliasTarget": Member(dict, {name: member.example for name, member in ALIAS_TARGET.items()}, of=ALIAS_TARGET),
    "HealthCheckId": Member(str, "check-east"),
}
ALARM_IDENTIFIER = {"Region": Member(str, "us-east-1", required=True), "Name": Member(str, "errors", required=True)}
DIMENSION = {"Name": Member(str, "Site", required=True), "Value": Member(str, "us-east-1", required=True)}
ALARM = {                                       # CloudWatchAlarmConfiguration
    "EvaluationPeriods": Member(int, 1, required=True),
    "Threshold": Member(float, 5, required=True),
    "ComparisonOperator": Member(str, "GreaterThanThreshold", required=True),
    "Period": Member(int, 60, required=True),
    "MetricName": Member(str, "Errors", required=True),
    "Namespace": Member(str, "Shop", required=True),
    "Statistic": Member(str, "Average", required=True),
    "Dimensions": Member(list, [], of=Member(dict, {"Name": "Site", "Value": "us-east-1"}, of=DIMENSION)),
}
CONFIG = {                                      # HealthCheckConfig
    "IPAddress": Member(str, "192.0.2.10"),
    "Port": Member(int, 80),
    "Type": Member(str, "HTTP", required=True, choices=tuple(kind.value for kind in HealthCheckType)),
    "ResourcePath": Member(str, "/health"),
    "FullyQualifiedDomainName": Member(str, "east.example.com"),
    "SearchString": Member(str, "ok"),
    "RequestInterval": Member(int, 30),
    "FailureThreshold": Member(int, 3),
    "MeasureLatency": Member(bool, False),
    "Inverted": Member(bool, False),
    "Disabled": Member(bool, False),
    "HealthThreshold": Member(int, 1),
    "ChildHealthChecks": Member(list, ["check-east"], of=Member(str, "check-east")),
    "EnableSNI": Member(bool, True),
    "Regions": Member(list, list(REGIONS[:3]), of=Member(str, "us-east-1")),
    "AlarmIdentifier": Member(dict, {"Region": "us-east-1", "Name": "errors"}, of=ALARM_IDENTIFIER),
    "InsufficientDataHealthStatus": Member(str, "LastKnownStatus"),
    "RoutingControlArn": Member(str, "arn:aws:route53-recovery-control::111122223333:controlpanel/0/routingcontrol/0"),
}
LINKED_SERVICE = Member(dict, {})               # says which AWS service owns the thing; without meaning here
HEALTH_CHECK = {
    "Id": Member(str, "check-east", required=True),
    "CallerReference": Member(str, "check-east"),
    "LinkedService": LINKED_SERVICE,
    "HealthCheckConfig": Member(dict, {"Type": "HTTP", "IPAddress": "192.0.2.10"}, required=True, of=CONFIG),
    "HealthCheckVersion": Member(int, 1),
    "CloudWatchAlarmConfiguration": Member(dict, {}, of=ALARM),
}
HOSTED_ZONE = {
    "Id": Member(str, "/hostedzone/Z0123456789EXAMPLE"),
    "Name": Member(str, "example.com.", required=True),
    "CallerReference": Member(str, "2026-01-01"),
    "Config": Member(dict, {}, of={"Comment": Member(str, ""), "PrivateZone": Member(bool, False)}),
    "ResourceRecordSetCount": Member(int, 2),
    "LinkedService": LINKED_SERVICE,
    "Features": Member(dict, {}),
}

RECORD = {name: RECORD_SET[name].example for name in ("Name", "Type", "TTL", "ResourceRecords")}
CHANGE = {
    "Action": Member(str, "UPSERT", required=True, choices=("CREATE", "UPSERT", "DELETE")),
    "ResourceRecordSet": Member(dict, RECORD, required=True),
}
TAG = {"Key": Member(str, "Name", required=True), "Value": Member(str, "")}
TAG_SET = {
    "ResourceType": Member(str, "healthcheck", required=True),
    "ResourceId": Member(str, "check-east", required=True),
    "Tags": Member(list, [{"Key": "Name", "Value": "East"}], of=Member(dict, {"Key": "Name", "Value": "East"}, of=TAG)),
}
PAGING = {                                      # of lists, and of boto3's replies
    "IsTruncated": Member(bool, False),
    **dict.fromkeys(("MaxItems", "Marker", "NextMarker", "NextToken", "NextRecordName", "NextRecordType",
                     "NextRecordIdentifier", "ResponseMetadata"), Member(object)),
}
HEALTH_CHECKS_FILE = {"HealthChecks": Member(list, [], required=True), **PAGING}
ZONE_FILE = {
    "HostedZone": Member(dict, {"Name": "example.com."}, of=HOSTED_ZONE),
    "ResourceRecordSets": Member(list, [RECORD]),
    "HealthChecks": Member(list, []),
    "ResourceTagSets": Member(list, [], of=Member(dict, {}, of=TAG_SET)),
    "HostedZoneId": HOSTED_ZONE["Id"],
    "ChangeBatch": Member(dict, {"Changes": []}, of={
        "Comment": Member(str, ""),
        "Changes": Member(list, [], required=True)}),
    "Changes": Member(list, []),
    "Comment": Member(str, ""),
    "DelegationSet": Member(object),            # printed by get-hosted-zone beside HostedZone, as are the VPCs
    "VPCs": Member(object),
    **PAGING,
}

# member -> field of the noun, for all that is written the same way on both sides
RECORD_FIELDS = {
    "SetIdentifier": "set_identifier", "Weight": "weight", "Region": "region", "MultiValueAnswer": "multivalue_answer",
    "TTL": "ttl", "HealthCheckId": "health_check_id",
}
GEO_FIELDS = {"ContinentCode": "continent", "CountryCode": "country", "SubdivisionCode": "subdivision"}
CONFIG_FIELDS = {
    "IPAddress": "ip_address", "Port": "port", "ResourcePath": "resource_path",
    "FullyQualifiedDomainName": "fully_qualified_domain_name", "SearchString": "search_string",
    "RequestInterval": "request_interval", "FailureThreshold": "failure_threshold", "MeasureLatency": "measure_latency",
    "Inverted": "inverted", "Disabled": "disabled", "HealthThreshold": "health_threshold",
    "ChildHealthChecks": "child_health_checks", "EnableSNI": "enable_sni", "Regions": "regions",
    "InsufficientDataHealthStatus": "insufficient_data_health_status", "RoutingControlArn": "routing_control_arn",
}
ALARM_FIELDS = {
    "EvaluationPeriods": "evaluation_periods", "Threshold": "threshold", "ComparisonOperator": "comparison_operator",
    "Period": "period", "MetricName": "metric_name", "Namespace": "namespace", "Statistic": "statistic",
}
# fmt: on
