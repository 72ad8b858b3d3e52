"""A zone as inputs of AWS CLI commands, and a script that runs them.

    HostedZone + HealthChecks  ->  {"CreateHostedZone": ..., "CreateHealthCheck": [...], "ChangeTagsForResource": [...],
                                    "ChangeResourceRecordSets": [...]}, each for --cli-input-json
                               ->  a folder: one file an input, and apply.sh

The ids in the inputs are the kit's. AWS gives others, and apply.sh puts those in as it goes.
Source: Route 53 API Reference, the actions named; AWS CLI User Guide, "Generating skeletons and input files".
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any

from ...healthcheck import HealthCheck
from ...records import RecordSet
from ...zone import HostedZone
from ..shapes import health_check_config, record_set_to_dict
from .plan import Export, Plan, batches, plain_name, plan

REFERENCE = 64          # characters of a health check's CallerReference
SCRIPT = """\
#!/bin/sh
# Creates the zone {name} with the AWS CLI: health checks first, then the record sets.
# Set HOSTED_ZONE_ID to fill a zone that exists already. Run again, it creates no health check twice.
set -eu
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
: > "$work/ids"
known() {{ printf 's|@%s@|%s|g\\n' "$1" "$2" >> "$work/ids"; }}
run() {{                                  # an action and its input, with the ids that AWS has given so far
    sed -f "$work/ids" "$2" > "$work/input.json"
    action=$1; shift 2
    aws route53 "$action" --cli-input-json "file://$work/input.json" "$@"
}}

zone=${{HOSTED_ZONE_ID:-$(run create-hosted-zone hosted-zone.json --query HostedZone.Id --output text)}}
known zone "${{zone##*/}}"
for input in {checks}; do
    id=$(run create-health-check "$input" --query HealthCheck.Id --output text)
    known "${{input%.json}}" "$id"
done
for input in {tags}; do run change-tags-for-resource "$input"; done
for input in {changes}; do run change-resource-record-sets "$input"; done
"""


def to_cli(zone: HostedZone, health_checks: Iterable[HealthCheck]) -> Export:
    """The inputs in one document, in the order in which to send them."""
    planned = plan(zone, health_checks)
    return Export(_inputs(planned, zone.id, {}), planned.warnings)


def to_folder(zone: HostedZone, health_checks: Iterable[HealthCheck]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The files of a folder, name -> text, with a place (`@health-check-1@`) for each id to come; and warnings."""
    planned = plan(zone, health_checks)
    checks = [f"health-check-{number}" for number, _ in enumerate(planned.checks, 1)]
    places = {check.id: f"@{name}@" for check, name in zip(planned.checks, checks, strict=True)}
    inputs = _inputs(planned, "@zone@", places)
    tags, changes = inputs["ChangeTagsForResource"], inputs["ChangeResourceRecordSets"]
    files = {"hosted-zone.json": inputs["CreateHostedZone"],
             **{f"{name}.json": check for name, check in zip(checks, inputs["CreateHealthCheck"], strict=True)},
             **{f"tags-{number}.json": tag for number, tag in enumerate(tags, 1)},
             **{f"change-batch-{number}.json": change for number, change in enumerate(changes, 1)}}
    listed = {kind: " ".join(name for name in files if name.startswith(kind))
              for kind in ("health-check-", "tags-", "change-batch-")}
    script = SCRIPT.format(name=zone.name, checks=listed["health-check-"], tags=listed["tags-"],
                           changes=listed["change-batch-"])
    return {**{name: json.dumps(value, indent=2) + "\n" for name, value in files.items()}, "apply.sh": script}, \
        planned.warnings


def _inputs(planned: Plan, zone_id: str, ids: dict[str, str]) -> dict[str, Any]:
    """The inputs, for a zone with this id, and with the ids of health checks replaced as `ids` says."""
    zone = planned.zone
    records = [record for key in planned.keys for record in zone.group(*key)]
    return {
        "CreateHostedZone": {"Name": plain_name(zone.name), "CallerReference": _reference(f"{zone.name} {zone.id}")},
        "CreateHealthCheck": [_create(check, ids) for check in planned.checks],
        "ChangeTagsForResource": [{"ResourceType": "healthcheck", "ResourceId": ids.get(check.id, check.id),
                                   "AddTags": [{"Key": "Name", "Value": check.name}]}
                                  for check in planned.checks if check.name is not None],
        "ChangeResourceRecordSets": [
            {"HostedZoneId": zone_id, "ChangeBatch": {"Changes": [_upsert(record, zone_id, ids) for record in batch]}}
            for batch in batches(records)],
    }


def _create(check: HealthCheck, ids: dict[str, str]) -> dict[str, Any]:
    config = health_check_config(check)
    if check.child_health_checks:
        config["ChildHealthChecks"] = [ids.get(child, child) for child in check.child_health_checks]
    return {"CallerReference": _reference(check.id), "HealthCheckConfig": config}


def _upsert(record: RecordSet, zone_id: str, ids: dict[str, str]) -> dict[str, Any]:
    said = record_set_to_dict(record, zone_id)
    if record.health_check_id in ids:
        said["HealthCheckId"] = ids[record.health_check_id]
    return {"Action": "UPSERT", "ResourceRecordSet": said}


def _reference(text: str) -> str:
    """A CallerReference: the same for the same text, so that nothing is created twice."""
    return text if len(text) <= REFERENCE else hashlib.sha256(text.encode()).hexdigest()
