"""The arrows point one way: a module imports from earlier rows only, and the front door pulls in nothing heavy."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import failover_kit

PACKAGE = Path(failover_kit.__file__).parent

LAYERS = [                       # a module, or a whole sub-package, may import from earlier rows only
    {"errors"},
    {"places", "metrics", "records"},
    {"health"},
    {"healthcheck", "zone"},
    {"routing", "monitor", "cache"},
    {"probing", "timeline", "wire", "endpoints_of"},
    {"authority", "resolver", "faults"},
    {"nameserver", "story", "endpoints"},
    {"service", "world"},
    {"actors"},
    {"simulation", "network", "progress"},
    {"lab", "scenarios"},
    {"drill"},
]
CORE_ALLOWED = set(sys.stdlib_module_names)


def sources():
    return sorted(path for path in PACKAGE.rglob("*.py") if "notebooks" not in path.parts)


@pytest.mark.parametrize("module", ["numpy", "plotly", "aiohttp", "botocore", "ipywidgets", "anywidget", "rich", "typer"])
def test_the_front_door_is_light(module):
    code = f"import sys, failover_kit; failover_kit.Lab; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def top_level_imports(path):
    """(relative level, module) of each import that runs when the module is loaded."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ImportFrom):
            yield node.level, node.module or ""
            if node.level and not node.module:
                yield from ((node.level, alias.name) for alias in node.names)
        elif isinstance(node, ast.Import):
            yield from ((0, alias.name) for alias in node.names)
