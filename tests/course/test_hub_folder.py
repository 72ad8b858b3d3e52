"""course/hub.py, learner_server.py: what a hub's folder holds, and what happens before a learner's server starts."""

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from failover_kit.course import learner_server
from failover_kit.course.hub import configuration, lay_out_hub, main
from failover_kit.course.syllabus import LESSONS
from failover_kit.errors import CourseError

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "lessons" / "INSTRUCTORS.md").read_text(encoding="utf-8")
POSIX = pytest.mark.skipif(os.name != "posix", reason="rights are POSIX")


def loaded(path):
    """The configuration as Jupyter's own applications load it."""
    loader = pytest.importorskip("traitlets.config.loader")
    return loader.PyFileConfigLoader(path.name, path=str(path.parent)).load_config()


def rights(path):
    return oct(stat.S_IMODE(path.stat().st_mode))


@POSIX
def test_learners_may_read_what_is_theirs_and_nothing_of_the_hubs_own(tmp_path):
    before = os.umask(0o077)
    try:
        lay_out_hub(tmp_path / "hub", course_key="spring")
    finally:
        os.umask(before)
    assert {path.relative_to(tmp_path).as_posix(): rights(path) for path in tmp_path.rglob("*")} == {
        "hub": "0o755", "hub/jupyterhub_config.py": "0o600", "hub/state": "0o700", "hub/exchange": "0o1777",
        "hub/learner": "0o755", "hub/learner/nbgrader_config.py": "0o644", "hub/learner/jupyter_server_config.py": "0o644",
        "hub/learner/labconfig": "0o755", "hub/learner/labconfig/page_config.json": "0o644"}


def test_what_is_there_is_kept(tmp_path, capsys):
    assert main([str(tmp_path), "--admin", "grace"]) == 0
    first = capsys.readouterr().out.splitlines()
    mine = tmp_path / "jupyterhub_config.py"
    mine.write_text("# mine")
    assert main([str(tmp_path), "--admin", "ada"]) == 0
    assert capsys.readouterr().out.splitlines() == [line.replace("wrote", "kept") for line in first]
    assert mine.read_text() == "# mine"


def test_every_setting_is_one_that_jupyterhub_knows(tmp_path, monkeypatch):
    pytest.importorskip("jupyterhub")
    from jupyterhub.app import JupyterHub
    from jupyterhub.auth import Authenticator
    from jupyterhub.proxy import ConfigurableHTTPProxy
    from jupyterhub.spawner import Spawner
    monkeypatch.setenv("PATH", "/usr/bin")
    lay_out_hub(tmp_path, admins=["grace"], course_key="spring", memory="512M", bind="http://127.0.0.1:9000")
    config = loaded(tmp_path / "jupyterhub_config.py")
    known = {(cls.__name__, name) for cls in (JupyterHub, Authenticator, ConfigurableHTTPProxy, Spawner)
             for name in cls.class_traits(config=True)}
    assert known.issuperset((section, name) for section in config for name in config[section])
    assert config.Authenticator.admin_users == {"grace"}
    assert config.JupyterHub.bind_url == "http://127.0.0.1:9000"
    assert config.Spawner.mem_limit == "512M"
    assert config.Spawner.environment["FAILOVER_KIT_COURSE_KEY"] == "spring"
    assert config.Spawner.cmd == [sys.executable, "-m", "failover_kit.course.learner_server"]
    assert os.environ["PATH"].split(os.pathsep)[0] == str(Path(sys.executable).parent)


def test_the_proxy_beside_the_configuration_is_preferred(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin")
    (tmp_path / "jupyterhub_config.py").write_text(configuration())
    assert "command" not in loaded(tmp_path / "jupyterhub_config.py").ConfigurableHTTPProxy
    proxy = tmp_path / "node_modules" / ".bin" / "configurable-http-proxy"
    proxy.parent.mkdir(parents=True)
    proxy.touch()
    assert loaded(tmp_path / "jupyterhub_config.py").ConfigurableHTTPProxy.command == [str(proxy)]


def test_every_setting_is_explained():
    """A comment stands before each setting, or before the group that it is in."""
    blocks = re.split(r"\n\n", configuration(["grace"], "spring"))
    settings = [block for block in blocks if re.search(r"^ *c\.", block, re.M) and "get_config" not in block]
    assert len(settings) > 12
    assert [block for block in settings if not block.lstrip().startswith("#")] == []


@pytest.mark.parametrize(("options", "complaint"), [
    ({"memory": "lots"}, "'lots' is not an amount of memory"), ({"bind": "8000"}, "'8000' is no address"),
    ({"course_id": "a/b"}, "'a/b' cannot be a course's name"), ({"admins": ["x y"]}, "'x y' is not a user's name"),
    ({"memory": "0", "bind": ""}, "memory.*no address"),
], ids=["memory", "bind", "course", "admin", "two at once"])
def test_a_wrong_option_is_named_before_anything_is_written(tmp_path, options, complaint):
    with pytest.raises(CourseError, match=complaint):
        lay_out_hub(tmp_path / "hub", **options)
    assert not (tmp_path / "hub").exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path, capsys):
    (tmp_path / "hub").write_text("a file")
    assert main([str(tmp_path / "hub" / "inner")]) == 1
    assert "Choose a folder that is yours" in capsys.readouterr().err


# ---- before a learner's server ----------------------------------------------------------------------------------

@pytest.fixture
def umask():
    before = os.umask(0o022)
    yield
    os.umask(before)


@POSIX
def test_a_learner_gets_notebooks_of_their_own_without_the_answers(tmp_path, umask):
    environ = {"JUPYTERHUB_ROOT_DIR": str(tmp_path / "course")}
    folder = learner_server.prepare(environ)
    assert folder == tmp_path / "course"
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*.*")}
    assert {f"lessons/{entry.notebook}.ipynb" for entry in LESSONS} <= names
    assert not {name for name in names if name.startswith("solutions") or "INSTRUCTORS" in name}
    assert {rights(path) for path in (folder, folder / "lessons")} == {"0o700"}
    mine = folder / "lessons" / f"{LESSONS[0].notebook}.ipynb"
    mine.write_text("my work")
    learner_server.prepare(environ)
    assert mine.read_text() == "my work"


def test_without_a_folder_from_the_hub_it_is_in_the_home(tmp_path, monkeypatch, umask):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    environ = {}
    assert learner_server.prepare(environ) == tmp_path / "failover-course"
    assert environ == {"JUPYTERHUB_ROOT_DIR": str(tmp_path / "failover-course")}


def test_the_hubs_limit_is_handed_to_the_system(tmp_path, monkeypatch, umask):
    asked = []
    monkeypatch.setattr(learner_server, "set_limits", asked.append)
    learner_server.prepare({"JUPYTERHUB_ROOT_DIR": str(tmp_path), "MEM_LIMIT": str(2 ** 30)})
    assert asked == [{"DATA": 2 ** 30}]


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux holds a process to its data in memory")
def test_a_limit_on_data_holds_and_a_hard_limit_is_never_raised():
    code = """
import resource
from failover_kit.course.system_limits import set_limits
assert set_limits({"DATA": 2**28}) == ["DATA"]
assert set_limits({"DATA": 2**30, "NOSUCH": 1}) == ["DATA"]
assert resource.getrlimit(resource.RLIMIT_DATA) == (2**28, 2**28)
try:
    bytearray(2**29)
except MemoryError:
    print("enough")
"""
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True).stdout == b"enough\n"


def test_a_folder_that_cannot_be_filled_is_named_and_no_server_starts(tmp_path, monkeypatch, capsys, umask):
    (tmp_path / "file").touch()
    monkeypatch.setenv("JUPYTERHUB_ROOT_DIR", str(tmp_path / "file" / "course"))
    monkeypatch.setattr(os, "execv", lambda *_: pytest.fail("a server was started"))
    assert learner_server.main([]) == 1
    assert "The notebooks cannot be put into" in capsys.readouterr().err


def test_it_becomes_jupyterhubs_server_with_the_hubs_arguments(tmp_path, monkeypatch, umask):
    became = []
    monkeypatch.setenv("JUPYTERHUB_ROOT_DIR", str(tmp_path))
    monkeypatch.setattr(os, "execv", lambda path, command: became.append((path, command)))
    learner_server.main(["--debug"])
    assert became == [(sys.executable, [sys.executable, "-m", "jupyterhub.singleuser", "--debug"])]
