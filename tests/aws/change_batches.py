"""Record sets and changes in boto3's spelling, as short as tests need them."""

from contextlib import contextmanager

import pytest
from botocore.exceptions import ClientError

ELB = "my-lb-1.us-east-1.elb.amazonaws.com."
ELB_ZONE = "Z35SXDOTRQ7X7K"


def rrset(name="app.example.com.", *values, type="A", ttl=60, **more):
    """A record set with values; the A record of 192.0.2.1 unless told otherwise."""
    return {"Name": name, "Type": type, "TTL": ttl, "ResourceRecords": [{"Value": v} for v in values or ["192.0.2.1"]],
            **more}


def alias(name, target, zone_id, *, type="A", evaluate=True, **more):
    return {"Name": name, "Type": type, "AliasTarget": {
        "HostedZoneId": zone_id, "DNSName": target, "EvaluateTargetHealth": evaluate}, **more}


def create(record):
    return {"Action": "CREATE", "ResourceRecordSet": record}


def upsert(record):
    return {"Action": "UPSERT", "ResourceRecordSet": record}


def delete(record):
    return {"Action": "DELETE", "ResourceRecordSet": record}


def change(client, zone_id, *changes, comment=None):
    batch = {"Changes": list(changes)} | ({"Comment": comment} if comment else {})
    return client.change_resource_record_sets(HostedZoneId=zone_id, ChangeBatch=batch)["ChangeInfo"]


def listed(client, zone_id):
    """Every record set of the zone, by (name, type, set identifier), but for its SOA and NS."""
    pages = client.get_paginator("list_resource_record_sets").paginate(HostedZoneId=zone_id)
    return {(each["Name"], each["Type"], each.get("SetIdentifier")): each for page in pages
            for each in page["ResourceRecordSets"] if each["Type"] not in ("SOA", "NS")}


@contextmanager
def refused(code, status=None, message=None):
    """The call inside is refused with this code (and HTTP status, and words of the message)."""
    with pytest.raises(ClientError) as caught:
        yield caught
    error = caught.value.response
    assert error["Error"]["Code"] == code, error["Error"]
    if status is not None:
        assert error["ResponseMetadata"]["HTTPStatusCode"] == status
    if message is not None:
        assert message in error["Error"]["Message"]
