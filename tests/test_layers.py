"""The arrows point one way: a module imports from earlier rows only, and the front door pulls in nothing heavy."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import failover_kit

PACKAGE = Path(failover_kit.__file__).parent

LAYERS = [                       # a module, or a whole sub-package, may import from earlier rows and from itself
    {"errors"},
    {"octets", "places", "metrics", "durations"},
    {"svcparams"},
    {"rdata"},
    {"records", "anatomy"},
    {"health", "zone", "reading"},
    {"healthcheck", "routing", "cache", "data", "load", "fleet"},
    {"monitor", "probing", "answers", "packed", "resolver", "faults"},
    {"lookup"},
    {"timeline", "authority", "wire", "endpoints"},
    {"memory"},
    {"nameserver", "story", "world"},
    {"service"},
    {"actors"},
    {"simulation", "network", "progress"},
    {"lab_site"},
    {"record_verbs"},
    {"lab", "scenarios"},
    {"drill", "examples"},
    {"aws", "fleet_view", "terrain", "zone_report"},
    {"zone_drill", "gameday"},
    {"strategies", "sweep"},
    {"figures"},
    {"widgets"},
    {"course"},
    {"commands"},
    {"cli"},
    {"__main__"},
]
RANK = {name: rank for rank, row in enumerate(LAYERS) for name in row}
CORE = {name for name, rank in RANK.items() if rank <= RANK["drill"]} - {"network", "progress", "examples"}
LIGHT = sys.stdlib_module_names | {"failover_kit"}
HEAVY_MAY_BE_USED_IN = {"fleet": {"numpy"}, "wire": {"dnslib"}}

SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if path != PACKAGE / "__init__.py")


def part(path):
    """The module or sub-package of the kit that a file belongs to."""
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def loaded_at_import(path):
    """(names of the kit's own parts, other modules) that a file imports when it is loaded."""
    own, other = set(), set()
    depth = len(path.relative_to(PACKAGE).parts)
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ImportFrom) and node.level == depth:
            own |= {node.module.split(".")[0]} if node.module else {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            names = node.module.split(".")
            own |= set(names[1:2]) if names[0] == "failover_kit" else set()
            other.add(names[0])
        elif isinstance(node, ast.Import):
            other |= {alias.name.split(".")[0] for alias in node.names}
    return own, other


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_point_down(path):
    own, _ = loaded_at_import(path)
    above = {name for name in own if name in RANK and RANK[name] >= RANK[part(path)] and name != part(path)}
    assert not above


@pytest.mark.parametrize("path", [path for path in SOURCES if part(path) in CORE],
                         ids=lambda path: str(path.relative_to(PACKAGE)))
def test_the_core_needs_little(path):
    _, other = loaded_at_import(path)
    assert other - LIGHT <= HEAVY_MAY_BE_USED_IN.get(part(path), set())


@pytest.mark.parametrize("module", ["numpy", "plotly", "aiohttp", "botocore", "ipywidgets", "anywidget", "rich", "typer"])
def test_the_front_door_is_light(module):
    code = f"import sys, failover_kit; failover_kit.Lab; sys.exit({module!r} in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_every_part_has_its_place():
    assert {part(path) for path in SOURCES} - {"notebooks"} <= set(RANK)


def test_every_module_says_what_it_turns_into_what():
    silent = [path for path in SOURCES if path.read_text().strip() and not ast.get_docstring(ast.parse(path.read_text()))]
    assert not silent
