"""The form of a change batch, whatever the zone holds: which members go together, and how much is too much.

    [{"Action": "CREATE", "ResourceRecordSet": {...}}, ...]  ->  nothing, or InvalidInput, or InvalidChangeBatch

After this: change_batch.py. Source: Route 53 API Reference, ResourceRecordSet and ChangeResourceRecordSets;
Developer Guide, "Quotas", maximums on ChangeResourceRecordSets requests.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from .protocol import AwsError
from .tables import REFUSED

POLICIES = ("Weight", "Region", "Failover", "GeoLocation", "MultiValueAnswer", "CidrRoutingConfig",
            "GeoProximityLocation")
MAX_RECORDS, MAX_CHARACTERS = 1000, 32_000      # in one batch; what an UPSERT holds counts twice


def check_form(changes: Sequence[dict[str, Any]]) -> None:
    """Raises:
        AwsError: InvalidInput for members that do not go together, NotImplemented for routing that the lab does not
            do, InvalidChangeBatch for a batch that is too large.
    """
    if problems := [f"{problem} in Change with [{_shown(change)}]" for change in changes
                    for problem in _problems(change["ResourceRecordSet"])]:
        raise AwsError("InvalidInput", f"Invalid request: {', and '.join(problems)}")
    for change in changes:
        for member in REFUSED.keys() & change["ResourceRecordSet"].keys():
            raise AwsError("NotImplemented", f"{change['ResourceRecordSet']['Name']} asks for {REFUSED[member]} "
                           f"({member}), which this lab does not do.")
    if problems := list(_too_much(changes)):
        raise AwsError("InvalidChangeBatch", *problems)


def _problems(record: dict[str, Any]) -> Iterator[str]:
    answers = [name for name, there in (
        ("alias", "AliasTarget" in record), ("policy", "TrafficPolicyInstanceId" in record),
        ("values", {"TTL", "ResourceRecords"} <= record.keys())) if there]
    left_over = answers and "values" not in answers and {"TTL", "ResourceRecords"} & record.keys()
    if len(answers) != 1 or left_over:
        yield ("Expected exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId], "
               f"but found {'more than one' if answers else 'none'}")
    policies = routing_of(record)
    if len(policies) > 1 or ("SetIdentifier" in record and not policies):
        yield ("Expected exactly one of [Weight, Region, Failover, GeoLocation, or MultiValueAnswer], "
               f"but found {'more than one' if policies else 'none'}")
    if policies and "SetIdentifier" not in record:
        yield "Missing field 'SetIdentifier'"


def routing_of(record: dict[str, Any]) -> list[str]:
    """The members that ask for a routing policy."""
    return [name for name in POLICIES if name in record and record[name] is not False]


def _shown(change: dict[str, Any]) -> str:
    record = change["ResourceRecordSet"]
    return (f"Action={change['Action']}, Name={record['Name']}, Type={record['Type']}, "
            f"SetIdentifier={record.get('SetIdentifier', 'null')}")


def _too_much(changes: Sequence[dict[str, Any]]) -> Iterator[str]:
    records = characters = 0
    for change in changes:
        values = [item["Value"] for item in change["ResourceRecordSet"].get("ResourceRecords", ())]
        times = 2 if change["Action"] == "UPSERT" else 1
        records += times * len(values)
        characters += times * sum(map(len, values))
    if records > MAX_RECORDS:
        yield f"Number of records limit of {MAX_RECORDS} exceeded."
    if characters > MAX_CHARACTERS:
        yield f"Number of characters limit of {MAX_CHARACTERS} exceeded."
