"""Tags of hosted zones and health checks. A health check's Name is what the lab calls it.

Source: Route 53 API Reference, ChangeTagsForResource, ListTagsForResource, ListTagsForResources.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ..account import Account
from ..protocol import AwsError

MAX_TAGS = 10                        # on one resource; API Reference, TagList


def change_tags_for_resource(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    resource = _resource(account, asked["ResourceType"], asked["ResourceId"])
    if "AddTags" not in asked and "RemoveTagKeys" not in asked:
        raise AwsError("InvalidInput", "Give AddTags, RemoveTagKeys, or both.")
    if any(not tag.get("Key") for tag in asked.get("AddTags", ())):
        raise AwsError("InvalidInput", "Every tag of AddTags needs a Key.")
    removed = set(asked.get("RemoveTagKeys", ()))
    tags = {key: value for key, value in _tags(account, resource).items() if key not in removed}
    tags |= {tag["Key"]: tag.get("Value", "") for tag in asked.get("AddTags", ())}
    if len(tags) > MAX_TAGS:
        raise AwsError("InvalidInput", f"The resource would have {len(tags)} tags; at most {MAX_TAGS} are allowed.")
    if resource[0] == "healthcheck":
        check = account.check(resource[1])
        name = tags.pop("Name", None)
        if name != check.name:
            account.put_check(replace(check, name=name))
    account.tags[resource] = tags
    return {}


def list_tags_for_resource(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    return {"ResourceTagSet": _tag_set(account, asked["ResourceType"], asked["ResourceId"])}


def list_tags_for_resources(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    return {"ResourceTagSets": [_tag_set(account, asked["ResourceType"], each) for each in asked["ResourceIds"]]}


def _tag_set(account: Account, resource_type: str, resource_id: str) -> dict[str, Any]:
    resource = _resource(account, resource_type, resource_id)
    return {"ResourceType": resource[0], "ResourceId": resource[1],
            "Tags": [{"Key": key, "Value": value} for key, value in _tags(account, resource).items()]}


def _resource(account: Account, resource_type: str, resource_id: str) -> tuple[str, str]:
    """The resource's key. Raises AwsError for one that is not there."""
    plain_id = resource_id.rpartition("/")[2]
    find = account.check if resource_type == "healthcheck" else account.zone
    return resource_type, find(plain_id).id


def _tags(account: Account, resource: tuple[str, str]) -> dict[str, str]:
    tags = dict(account.tags.get(resource, {}))
    if resource[0] == "healthcheck" and (name := account.check(resource[1]).name) is not None:
        tags = {"Name": name, **tags}
    return tags


OPERATIONS = {
    "ChangeTagsForResource": change_tags_for_resource,
    "ListTagsForResource": list_tags_for_resource,
    "ListTagsForResources": list_tags_for_resources,
}
