"""CloudFormation templates as text: JSON, or YAML with its short forms, read with suspicion.

    "!GetAtt Alb.DNSName"  ->  {"Fn::GetAtt": ["Alb", "DNSName"]}

YAML's scalars stay text (CountryCode NO is Norway, not false); whoever uses a value knows what it has to be.
After this: intrinsics.py fills in the functions. PyYAML is imported on first use.
Source: CloudFormation User Guide, "Template formats" and "Intrinsic function reference"; YAML 1.1.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ..errors import ConfigurationError, Problem
from .json_text import MAX_BYTES, parse_json

JSON_STARTS = ("{", "[", '"')


def read_template(path: Path) -> tuple[Any, list[Problem]]:
    """The value in a file, with a Problem for each key that is given twice. Raises ConfigurationError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ConfigurationError(Problem(str(path), f"cannot be read: {error.strerror}",
                                         "Check the path and its permissions.")) from error
    return parse_template(data, str(path))


def parse_template(data: bytes, where: str) -> tuple[Any, list[Problem]]:
    """The value in these bytes, JSON or YAML. `where` names them for people. Raises ConfigurationError."""
    head = data[:64].decode("utf-8", "ignore").lstrip("\ufeff \t\r\n")
    is_yaml = head and not head.startswith(JSON_STARTS) and b"\0" not in data[:64] and len(data) <= MAX_BYTES
    return _parse_yaml(data, where) if is_yaml else parse_json(data, where)


def _parse_yaml(data: bytes, where: str) -> tuple[Any, list[Problem]]:
    import yaml

    problems: list[Problem] = []

    class Loader(yaml.BaseLoader):
        """Text, lists and mappings, and a mapping for each tag."""

        def compose_node(self, parent, index):
            if self.check_event(yaml.AliasEvent):
                mark = self.peek_event().start_mark
                raise yaml.composer.ComposerError(None, None, "CloudFormation takes no aliases (*name)", mark)
            return super().compose_node(parent, index)

        def construct_mapping(self, node, deep=True):
            seen: dict[Any, int] = {}
            for key, _ in node.value:
                if isinstance(key, yaml.ScalarNode):
                    if key.value in seen:
                        problems.append(Problem(f"{where}, {_place(key.start_mark)}", f"key {key.value!r} is given "
                                                f"twice, first in line {seen[key.value]}", "Keep one of them."))
                    seen.setdefault(key.value, key.start_mark.line + 1)
            return super().construct_mapping(node, deep=True)

    def function(loader, name, node):
        if isinstance(node, yaml.ScalarNode):
            value = loader.construct_scalar(node)
        else:
            value = (loader.construct_sequence if isinstance(node, yaml.SequenceNode)
                     else loader.construct_mapping)(node, deep=True)
        if name == "GetAtt" and isinstance(value, str):
            value = value.split(".", 1)
        return {name if name in ("Ref", "Condition") else f"Fn::{name}": value}

    Loader.add_multi_constructor("!", function)
    try:
        return yaml.load(data, Loader), problems        # a BaseLoader: it makes text, lists and mappings only
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = f"is neither JSON nor YAML: {error.problem}{f' at {_place(mark)}' if mark else ''}"
    except (yaml.YAMLError, ValueError) as error:        # ValueError: bytes, or numbers with thousands of digits
        what = f"is neither JSON nor YAML: {str(error).splitlines()[0]}"
    except RecursionError:
        what = "is nested too deeply"
    raise ConfigurationError(Problem(where, what, "Look at that place, or just before: indentation is part of YAML."))


def _place(mark) -> str:
    return f"line {mark.line + 1}, column {mark.column + 1}"
