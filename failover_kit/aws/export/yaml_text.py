"""YAML as people like to read it: keys in their order, no anchors, CloudFormation's functions in their short form.

    {"Ref": "HostedZone"}  ->  !Ref HostedZone

Before this: an Export's document. PyYAML is imported on first use.
Source: YAML 1.1; CloudFormation User Guide, "Intrinsic function reference".
"""

from __future__ import annotations

from typing import Any

WIDTH = 120


def to_yaml(document: Any, *, short_forms: bool = False) -> str:
    """The document as YAML. `short_forms` writes CloudFormation's functions as tags."""
    import yaml

    class Dumper(yaml.SafeDumper):
        """Indents lists below their key, and repeats a value rather than pointing to it."""

        def ignore_aliases(self, data):
            return True

        def increase_indent(self, flow=False, indentless=False):
            return super().increase_indent(flow, False)

        def choose_scalar_style(self):
            """A tagged word needs no quotes."""
            style = super().choose_scalar_style()
            is_word = self.analysis.allow_flow_plain if self.flow_level else self.analysis.allow_block_plain
            return "" if style == "'" and is_word and (self.event.tag or "").startswith("!") else style

    def mapping(dumper, data):
        name, value = next(iter(data.items()), (None, None))
        if short_forms and len(data) == 1 and (name == "Ref" or str(name).startswith("Fn::")):
            tag = "!" + name.removeprefix("Fn::")
            if name == "Fn::GetAtt":
                value = ".".join(value)
            if isinstance(value, list):
                return dumper.represent_sequence(tag, value, flow_style=True)
            return dumper.represent_scalar(tag, value)
        return dumper.represent_mapping("tag:yaml.org,2002:map", data.items())

    Dumper.add_representer(dict, mapping)
    return yaml.dump(document, Dumper=Dumper, sort_keys=False, width=WIDTH, allow_unicode=True,
                     default_flow_style=False)
