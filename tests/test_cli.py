"""cli.py: every verb as a user runs it, in a process of its own; JSON for programs, clear errors, exit codes."""

import json
import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from failover_kit import examples

ZONE = str(examples.path("examples-zone.json"))


def run(*arguments, **options):
    """The command in a fresh process."""
    return subprocess.run([sys.executable, "-m", "failover_kit", *arguments], capture_output=True, text=True, timeout=120,
                          check=False, env={**os.environ, "COLUMNS": "140"}, **options)


def test_drill_tells_the_story():
    shown = run("drill", "--users", "10")
    assert shown.returncode == 0
    assert shown.stderr == ""
    for words in ("us-east-1 fails: crash", "2 of 16 healthy", "changes to 127.0.2.10", "Where the time went",
                  "detection", "cached answer", "In short"):
        assert words in shown.stdout


def test_drill_json_agrees_with_A14_and_B46():
    report = json.loads(run("drill", "--json", "--interval", "30", "--threshold", "3", "--ttl", "60").stdout)
    assert 71 <= report["detection"] <= 92
    assert report["dns_switch"] == report["detection"]
    assert report["wait"]["maximum"] <= report["detection"] + 60 + 5.5
    assert 60 <= report["failback"] <= 80


def test_drill_writes_a_page_that_opens_offline(tmp_path):
    page = tmp_path / "drill.html"
    assert run("drill", "--users", "5", "--html", str(page)).returncode == 0
    text = page.read_text()
    assert 'role="figure"' in text
    assert "cdn" not in text.split("<body>")[1].lower()
    assert not [line for line in text.split("<body>")[1].splitlines() if 'src="http' in line or 'href="http' in line]


def test_scenarios_are_listed():
    assert "app-broken" in run("drill", "--scenario", "list").stdout


@pytest.mark.parametrize(("arguments", "message"), [
    (["drill", "--scenario", "meteor"], "no scenario 'meteor'"),
    (["drill", "--interval", "20"], "Route 53 offers 10 and 30"),
    (["drill", "--threshold", "11"], "failure threshold is 11"),
    (["drill", "--ttl", "-1"], "TTL is -1"),
    (["drill", "--users", "2", "--html", "/nowhere/at/all.html"], "cannot be written"),
    (["answer", "missing.json", "app.example.com"], "missing.json"),
    (["answer", ZONE, "app.example.com", "--unhealthy", "nope"], "there is no such health check"),
    (["answer", ZONE, "app.example.com", "--client", "Mars"], "neither an address nor a place"),
    (["serve", ZONE, "--host", "192.0.2.77"], "cannot be used"),
], ids=lambda v: " ".join(v)[:50] if isinstance(v, list) else "")
def test_errors_are_one_clear_message(arguments, message):
    shown = run(*arguments)
    assert shown.returncode != 0
    assert message in shown.stderr
    assert "Traceback" not in shown.stderr
    assert shown.stdout == ""


def test_ten_mistakes_are_reported_in_one_go():
    shown = run("answer", str(examples.path("mistakes-zone.json")), "app.example.com")
    assert shown.returncode == 1
    lines = [line for line in shown.stderr.splitlines() if line.startswith("  - ")]
    assert len(lines) == 10
    assert all(len(line.split(": ", 1)) == 2 and ". " in line.split(": ", 1)[1] for line in lines)     # record: what. fix


@pytest.mark.parametrize(("unhealthy", "identifiers"), [
    ([], ["primary"]), (["check-us-east-1"], ["secondary"]), (["check-us-east-1", "check-us-west-2"], ["primary"]),
])
def test_answer_json(unhealthy, identifiers):
    flags = [word for name in unhealthy for word in ("--unhealthy", name)]
    answer = json.loads(run("answer", ZONE, "app.example.com", "A", "--json", *flags).stdout)
    assert set(answer) == {"rcode", "outcomes", "reasons"}
    assert [outcome["set_identifiers"] for outcome in answer["outcomes"]] == [identifiers]
    assert answer["outcomes"][0]["probability"] == 1
    assert answer["reasons"]


def test_answer_for_a_name_that_is_not_there():
    assert json.loads(run("answer", ZONE, "gone.example.com", "--json").stdout)["rcode"] == "NXDOMAIN"


@pytest.mark.skipif(shutil.which("dig") is None, reason="dig (package dnsutils) is not installed")
@pytest.mark.skipif(sys.platform != "linux", reason="needs loopback addresses of its own for each site")
def test_serve_fails_over_and_back_for_dig():
    command = [sys.executable, "-m", "failover_kit", "serve", ZONE, "--speed", "60", "--json"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as serve:
        ready = json.loads(serve.stdout.readline())
        port = ready["dns"].split(":")[1]

        def answer(*more):
            shown = subprocess.run(["dig", "@127.0.0.1", "-p", port, "app.example.com", "+short", *more],
                                   capture_output=True, text=True, timeout=10, check=True)
            return shown.stdout.split()

        def becomes(address):
            for _ in range(300):                              # each dig takes a while itself; 30 s at most
                if answer() == [address]:
                    return True
            return False

        assert answer() == answer("+tcp") == ["127.0.1.10"]
        print("fail us-east-1 crash", file=serve.stdin, flush=True)
        assert becomes("127.0.2.10")
        print("repair us-east-1", file=serve.stdin, flush=True)
        assert becomes("127.0.1.10")
        print("fail nobody", file=serve.stdin, flush=True)
        print("status", file=serve.stdin, flush=True)
        serve.send_signal(signal.SIGINT)
        out, err = serve.communicate(timeout=20)
        assert "fail needs a site" in out
        assert err.strip() == "stopped"
        assert serve.returncode == 0


def test_the_course_is_found_or_copied(tmp_path):
    from failover_kit.commands.course import course_folder

    here = course_folder()
    assert (here / "lessons").is_dir()
    copied = course_folder(tmp_path / "mine")
    notebook = next((copied / "solutions").glob("*.ipynb"))
    notebook.write_text("my own work")
    course_folder(tmp_path / "mine")
    assert notebook.read_text() == "my own work"


def test_help_for_every_verb():
    for verb in ("drill", "serve", "answer", "lab"):
        assert "--help" in run(verb, "--help").stdout


def test_module_and_command_are_the_same():
    program = Path(sys.executable).with_name("failover-kit")
    if not program.exists():
        pytest.skip("the package is not installed in this environment")
    shown = subprocess.run([program, "answer", ZONE, "app.example.com", "--json"], capture_output=True, text=True,
                           timeout=60, check=True)
    assert shown.stdout == run("answer", ZONE, "app.example.com", "--json").stdout


def test_recall_asks_and_remembers(tmp_path):
    folder = {**os.environ, "FAILOVER_KIT_PROGRESS": str(tmp_path)}
    ask = lambda typed: subprocess.run([sys.executable, "-m", "failover_kit", "recall", "1", "--most", "2"], input=typed,
                                       capture_output=True, text=True, timeout=60, check=True, env=folder).stdout
    assert "You knew 1 of 2." in ask("\ny\n\nn\n")
    assert "Still due:" in ask("q\n")
