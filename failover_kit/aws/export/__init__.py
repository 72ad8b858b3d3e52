"""A zone and its health checks in the words of other tools: the AWS CLI, CloudFormation, Terraform, octoDNS.

    HostedZone + HealthChecks  ->  Export (a document of plain JSON types, and warnings)  ->  text in JSON or YAML

Whatever a tool cannot say is left out, and named in the warnings. Before this: files.py or a lab has the zone.
After this: people keep the text with their code; importing.py reads CloudFormation back.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from ...errors import ConfigurationError
from ...healthcheck import HealthCheck
from ...zone import HostedZone
from .cli import to_cli, to_folder
from .cloudformation import to_cloudformation
from .octodns import to_octodns
from .plan import Export
from .terraform import to_terraform
from .yaml_text import to_yaml

__all__ = ["FORMATS", "Export", "export", "text_of", "to_cli", "to_cloudformation", "to_folder", "to_octodns",
           "to_terraform"]

FORMATS = {"cli": to_cli, "cloudformation": to_cloudformation, "terraform": to_terraform, "octodns": to_octodns}
YAML_ENDINGS = (".yaml", ".yml")
ENDINGS = {"cli": (".json",), "cloudformation": (*YAML_ENDINGS, ".json", ".template"), "terraform": (".tf.json",),
           "octodns": YAML_ENDINGS}
HEADERS = {
    "octodns": "---\n# {zone} for octoDNS: {file}.yaml in the directory of a YamlProvider with escaped_semicolons "
               "true,\\n# and octodns_route53.Route53Provider as the target.\n",
}


def export(zone: HostedZone, health_checks: Iterable[HealthCheck], to: str) -> Export:
    """The zone for one of FORMATS. Raises ConfigurationError for any other."""
    if to not in FORMATS:
        raise ConfigurationError(f"There is no export to {to!r}. Choose one of {', '.join(FORMATS)}.")
    return FORMATS[to](zone, health_checks)


def text_of(exported: Export, to: str, zone: HostedZone, file_name: str | None = None) -> str:
    """The document as text, in the tool's usual form, or as the ending of a file name says.

    Raises ConfigurationError for an ending that the tool would not read.
    """
    if file_name is not None and not file_name.lower().endswith(ENDINGS[to]):
        raise ConfigurationError(f"{file_name} is not a name for {to}: end it with {' or '.join(ENDINGS[to])}.")
    if (file_name or ENDINGS[to][0]).lower().endswith(YAML_ENDINGS):
        header = HEADERS.get(to, "").format(zone=zone.name, file=zone.name.rstrip(".") or ".")
        return header + to_yaml(exported.document, short_forms=to == "cloudformation")
    return json.dumps(exported.document, indent=2, ensure_ascii=False) + "\n"
