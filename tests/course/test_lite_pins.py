"""course/lite: pins, downloads and wheels. What is not the pinned file is named, and nothing is built from it."""

import hashlib
import json
import subprocess
import sys
import zipfile

import pytest

from failover_kit.course.lite import pantry
from failover_kit.course.lite.lockfile import locked
from failover_kit.course.lite.pantry import stock
from failover_kit.course.lite.pins import INTERPRETER, Pin, digest, interpreter_of, pins_of, read_pins
from failover_kit.course.lite.wheels import SERVICES, kit_wheel, slim, write_wheel
from failover_kit.errors import CourseError

PINS = read_pins()


def pin_of(name, content=b"right", suffix="-1.0-py3-none-any.whl"):
    return Pin(name, "1.0", f"{name}{suffix}", hashlib.sha256(content).hexdigest())


ONE, TWO, CORE = pin_of("one"), pin_of("two"), pin_of(INTERPRETER, suffix="-1.0.tgz")


@pytest.fixture
def cache(tmp_path):
    for pin in (ONE, TWO, CORE):
        (tmp_path / pin.file).write_bytes(b"right")
    return tmp_path


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    """Any program that is started fails, as without a network."""
    def run(command, **_):
        return subprocess.CompletedProcess(command, 1, "", "no route to anybody")
    monkeypatch.setattr(pantry.subprocess, "run", run)
    monkeypatch.setattr(pantry.shutil, "which", lambda name: f"/usr/bin/{name}")


def test_the_pins_are_wheels_for_any_machine_and_one_interpreter():
    assert interpreter_of(PINS).file == f"pyodide-{interpreter_of(PINS).version}.tgz"
    assert all(pin.file.endswith("-none-any.whl") for pin in PINS if pin.name != INTERPRETER)
    assert len({pin.name for pin in PINS}) == len(PINS)
    assert all(len(pin.sha256) == 64 and int(pin.sha256, 16) for pin in PINS)
    assert {"dnslib", "boto3", "botocore", "plotly", "ipywidgets", "anywidget", "ipython"} <= {pin.name for pin in PINS}


def test_the_pinned_interpreter_is_the_one_that_the_kernel_works_with():
    constants = pytest.importorskip("jupyterlite_pyodide_kernel.constants")
    assert interpreter_of(PINS).version == constants.PYODIDE_VERSION


def test_a_list_without_interpreter_is_refused(tmp_path):
    (tmp_path / "pins.json").write_text("[]")
    with pytest.raises(CourseError, match=r"pins 0 files named 'pyodide', expected one"):
        read_pins(tmp_path / "pins.json")


def test_pins_are_written_from_a_folder_of_downloads(cache):
    (cache / "note.txt").write_text("not a download")
    assert pins_of(cache) == [ONE, CORE, TWO]


def test_what_is_in_the_cache_is_not_fetched_again(cache):
    assert stock([ONE, TWO, CORE], cache) == {pin.name: cache / pin.file for pin in (ONE, TWO, CORE)}


def test_a_file_with_other_bytes_is_named(cache):
    (cache / TWO.file).write_bytes(b"wrong")
    with pytest.raises(CourseError) as error:
        stock([ONE, TWO, CORE], cache)
    said = str(error.value)
    assert str(cache / TWO.file) in said
    assert TWO.sha256 in said
    assert hashlib.sha256(b"wrong").hexdigest() in said
    assert "Delete it and build again" in said


@pytest.mark.parametrize(("missing", "program"), [(ONE, "python"), (CORE, "npm")], ids=["wheel", "interpreter"])
def test_a_file_that_cannot_be_fetched_is_named_with_the_way_out(cache, missing, program):
    (cache / missing.file).unlink()
    with pytest.raises(CourseError, match=rf"(?s)^{program}.* could not fetch .*{missing.file}.*no route to anybody.*"
                                          rf"put the files into {cache}"):
        stock([ONE, TWO, CORE], cache)


def test_without_npm_the_interpreter_can_be_put_there_by_hand(cache, monkeypatch):
    monkeypatch.setattr(pantry.shutil, "which", lambda _: None)
    assert stock([ONE, CORE], cache)
    (cache / CORE.file).unlink()
    with pytest.raises(CourseError, match=rf"npm is needed to fetch pyodide 1\.0.*put {CORE.file} .*into {cache}"):
        stock([ONE, CORE], cache)


def test_what_is_fetched_is_checked_before_it_is_kept(cache, monkeypatch):
    (cache / CORE.file).unlink()

    def npm(command, **_):
        (pantry.Path(command[-1]) / CORE.file).write_bytes(b"wrong")
        return subprocess.CompletedProcess(command, 0, "", "")
    monkeypatch.setattr(pantry.subprocess, "run", npm)
    with pytest.raises(CourseError, match=rf"{CORE.file} is not the file that was pinned for pyodide 1\.0"):
        stock([CORE], cache)
    assert not (cache / CORE.file).exists()


def test_pip_is_told_the_hashes_and_asks_for_nothing_else(cache, monkeypatch):
    (cache / ONE.file).unlink()
    seen = {}

    def pip(command, **_):
        folder = pantry.Path(command[-1])
        seen["command"], seen["wanted"] = command, (folder / "wheels.txt").read_text()
        (folder / ONE.file).write_bytes(b"right")
        return subprocess.CompletedProcess(command, 0, "", "")
    monkeypatch.setattr(pantry.subprocess, "run", pip)
    assert stock([ONE, TWO, CORE], cache)[ONE.name].read_bytes() == b"right"
    assert seen["wanted"] == f"one==1.0 --hash=sha256:{ONE.sha256}\n"
    assert {"--require-hashes", "--no-deps", "--only-binary=:all:"} <= set(seen["command"])
    assert seen["command"][:4] == [sys.executable, "-m", "pip", "download"]


# ---- wheels ---------------------------------------------------------------------------------------------------------

def names_in(wheel):
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def records_of(wheel):
    """{file: digest} as the wheel's RECORD has it."""
    with zipfile.ZipFile(wheel) as archive:
        record, = (name for name in archive.namelist() if name.endswith(".dist-info/RECORD"))
        rows = [line.split(",") for line in archive.read(record).decode().splitlines()]
        return {name: mark for name, mark, _ in rows if name != record}


def test_the_kit_s_own_wheel_holds_what_the_notebooks_import_and_the_same_bytes_each_time(tmp_path):
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, two = kit_wheel(tmp_path / "a"), kit_wheel(tmp_path / "b")
    assert one.read_bytes() == two.read_bytes()
    names = names_in(one)
    assert {"failover_kit/lab.py", "failover_kit/widgets/chart.js", "failover_kit/course/keys/"
            "01_dns_and_traffic_direction.json", "failover_kit/examples/naive-design.json"} <= names
    assert not [name for name in names if "__pycache__" in name or name.endswith(".ipynb")]
    assert records_of(one).keys() == {name for name in names if not name.endswith("/RECORD")}


def test_it_can_be_imported_from_the_wheel(tmp_path):
    wheel = kit_wheel(tmp_path)
    code = f"import sys; sys.path.insert(0, {str(wheel)!r}); import failover_kit; print(failover_kit.__file__)"
    done = subprocess.Popen([sys.executable, "-P", "-c", code], stdout=subprocess.PIPE, text=True)
    assert done.communicate()[0].startswith(str(wheel))


def test_a_slim_botocore_keeps_the_clients_of_a_lab(tmp_path):
    about, data = "botocore-1.dist-info", "botocore/data"
    kept = {f"{about}/METADATA", "botocore/session.py", f"{data}/endpoints.json", f"{data}/_retry.json",
            *(f"{data}/{service}/2000-01-01/service-2.json.gz" for service in SERVICES)}
    dropped = {f"{data}/{service}/2000-01-01/service-2.json.gz" for service in ("s3", "route53domains", "cloudwatchx")}
    (tmp_path / "out").mkdir()
    wheel = write_wheel(tmp_path / "botocore-1-py3-none-any.whl", {name: name.encode() for name in kept | dropped})
    slimmed = slim(wheel, tmp_path / "out")
    assert names_in(slimmed) == kept | {f"{about}/RECORD"}
    assert records_of(slimmed).keys() == kept


def test_another_wheel_stays_as_it_is(tmp_path):
    (tmp_path / "out").mkdir()
    wheel = write_wheel(tmp_path / "six-1-py3-none-any.whl", {"six.py": b"", "six-1.dist-info/METADATA": b""})
    assert slim(wheel, tmp_path / "out").read_bytes() == wheel.read_bytes()


def test_the_site_s_lock_knows_its_own_wheels_alone(tmp_path):
    wheel = tmp_path / "matplotlib_inline-0.2-py3-none-any.whl"
    wheel.write_bytes(b"bytes")
    theirs = {"info": {"python": "3.14"}, "packages": {"numpy": {"file_name": "elsewhere"}}}
    lock = json.loads(json.dumps(locked(theirs, [wheel])))
    assert lock["info"] == theirs["info"]
    entry, = lock["packages"].values()
    assert (entry["name"], entry["version"], entry["file_name"], entry["sha256"]) == (
        "matplotlib-inline", "0.2", wheel.name, digest(wheel))
