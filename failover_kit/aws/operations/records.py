"""Record sets: change batches and the list.

Source: Route 53 API Reference, ChangeResourceRecordSets, ListResourceRecordSets.
"""

from __future__ import annotations

from typing import Any

from ...errors import ConfigurationError
from ...records import RecordSet
from ..account import Account
from ..change_batch import changed
from ..paging import page
from ..protocol import AwsError
from ..shapes import aws_name, kit_name, record_set_to_dict
from .zones import reversed_labels

MOST_LISTED = 300


def change_resource_record_sets(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    zone, batch = account.zone(asked["HostedZoneId"]), asked["ChangeBatch"]
    after = changed(zone, batch["Changes"], account.service.monitor.statuses)
    return {"ChangeInfo": account.submit(zone.id, after, batch.get("Comment"))}


def list_resource_record_sets(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    zone = account.zone(asked["HostedZoneId"])
    start = _start(asked)
    following = sorted((record for record in zone.record_sets if _place(record) >= start), key=_place)
    found = page(following, asked, MOST_LISTED)
    described = {"IsTruncated": found.is_truncated, "MaxItems": found.max_items}
    if found.is_truncated:
        described |= {"NextRecordName": aws_name(found.after.name), "NextRecordType": found.after.type,
                      "NextRecordIdentifier": found.after.set_identifier}
    return {"ResourceRecordSets": [record_set_to_dict(record, zone.id) for record in found.items], **described}


def _start(asked: dict[str, Any]) -> tuple[str, str, str]:
    for member, needs in (("StartRecordType", "StartRecordName"), ("StartRecordIdentifier", "StartRecordType")):
        if member in asked and needs not in asked:
            raise AwsError("InvalidInput", f"{member} needs {needs} beside it.")
    if "StartRecordName" not in asked:
        return "", "", ""
    try:
        name = kit_name(asked["StartRecordName"])
    except ConfigurationError as error:
        raise AwsError("InvalidInput", f"StartRecordName: {error.problems[0].what}") from error
    return reversed_labels(name), asked.get("StartRecordType", ""), asked.get("StartRecordIdentifier", "")


def _place(record: RecordSet) -> tuple[str, str, str]:
    """Where the record set stands in the list."""
    return reversed_labels(record.name), record.type, record.set_identifier or ""


OPERATIONS = {
    "ChangeResourceRecordSets": change_resource_record_sets,
    "ListResourceRecordSets": list_resource_record_sets,
}
