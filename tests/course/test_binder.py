""".binder/: what repo2docker, Binder and Zero to JupyterHub read fits the kit. (No image is built, no chart is there.)"""

from importlib.util import find_spec
from pathlib import Path, PurePosixPath

import pytest
import yaml

from failover_kit.course.hub import IDLE
from failover_kit.course.learner_server import FOLDER
from failover_kit.course.progress import PROGRESS_VARIABLE

BINDER = Path(__file__).parents[2] / ".binder"
HOME = "/home/jovyan"                        # of the user in every image that repo2docker builds
SERVER_AND_LESSON = 167e6 + 174e6            # bytes, as measured: the server, and a kernel after lesson 6
UNITS = {"M": 1e6, "G": 1e9}


@pytest.fixture(scope="module")
def values():
    return yaml.safe_load((BINDER / "values.yaml").read_text(encoding="utf-8"))


def amount(text):
    return float(text[:-1]) * UNITS[text[-1]]


def test_the_command_is_one_that_the_kit_has(values):
    python, option, module = values["singleuser"]["cmd"]
    assert (python, option) == ("python", "-m")
    assert find_spec(module) is not None


def test_the_volume_is_where_the_command_puts_the_notebooks(values):
    mounted = values["singleuser"]["storage"]["homeMountPath"]
    assert mounted == FOLDER.replace("~", HOME)
    assert PurePosixPath(values["singleuser"]["extraEnv"][PROGRESS_VARIABLE]).is_relative_to(mounted)


def test_a_learner_has_room_for_a_server_and_a_lesson(values):
    memory = values["singleuser"]["memory"]
    assert SERVER_AND_LESSON < amount(memory["guarantee"]) < amount(memory["limit"])


def test_idle_servers_are_ended_as_on_one_machine(values):
    assert values["cull"] == {"enabled": True, "timeout": IDLE}


def test_the_image_has_a_python_that_the_kit_runs_on():
    assert (BINDER / "runtime.txt").read_text(encoding="utf-8").strip() == "python-3.11"
    assert "-e ." in (BINDER / "requirements.txt").read_text(encoding="utf-8").splitlines()
