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
RECORDS, CHECKS = str(examples.path("shop-records.json")), str(examples.path("shop-health-checks.json"))


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
    (["drill", "--health-checks", CHECKS], "belong to a zone of your own"),
    (["drill", ZONE, "--ttl", "5"], "--ttl: is for the course's shop"),
    (["drill", ZONE, "--scenario", "both-down"], "not a single fault"),
    (["drill", "missing.json"], "missing.json"),
    (["lint", "missing.json"], "missing.json"),
    (["lint", ZONE, "--ignore", "FK999"], "there is no such rule"),
    (["export", ZONE, "--to", "pulumi"], "no export to 'pulumi'"),
    (["export", ZONE, "--to", "terraform", "-o", "main.yaml"], "end it with .tf.json"),
    (["export", ZONE, "--to", "octodns", "-o", "/nowhere/at/all.yaml"], "cannot be written"),
    (["import", "missing.yaml"], "missing.yaml"),
    (["import", ZONE, "--parameter", "Domain"], "--parameter Domain: has no value"),
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


# --- your own zone ----------------------------------------------------------------------------------------------

def test_drill_of_a_zone_of_ones_own():
    shown = run("drill", RECORDS, "--health-checks", CHECKS)
    assert (shown.returncode, shown.stderr) == (0, "")
    for words in ("shop-us-east-1 (dualstack.shop-east-1234567890.us-east-1.elb.amazonaws.com, 198.51.100.20)",
                  "fails over", "All 4 sites together", "nobody", "Every name survives the failure of any single site",
                  "Not routed, so not drilled", "What the drill takes for granted"):
        assert words in " ".join(shown.stdout.split())


def test_drill_json_of_a_zone_of_ones_own():
    report = json.loads(run("drill", ZONE, "--json", "--users", "2", "--seed", "4").stdout)
    assert (report["zone"], report["users_per_name"], report["seed"]) == ("example.com.", 2, 4)
    assert report["stays_down"] == {"near.example.com.": ["us-east-1"]}      # the default location has no larger one
    assert len(report["outages"]) == len(report["sites"]) + 1


@pytest.mark.parametrize(("arguments", "code", "words"), [
    ([ZONE], 0, "0 errors, 0 warnings, 2 notes"),
    ([RECORDS, "--health-checks", CHECKS, "--ignore", "fk610"], 0, "0 errors, 0 warnings, 1 note"),
    ([RECORDS], 0, "0 errors"),
    ([str(examples.path("mistakes-zone.json"))], 1, "10 errors"),
    (["risky.json"], 0, "FK102"),
    (["risky.json", "--strict"], 1, "1 warning"),
    (["broken.json"], 1, "FK101"),
    (["--rules"], 0, "FK704  warning  primary and secondary in one Region"),
], ids=lambda value: " ".join(Path(word).name for word in value) if isinstance(value, list) else "")
def test_lint(tmp_path, arguments, code, words):
    zone = json.loads(Path(ZONE).read_text())
    primary, secondary = (next(record for record in zone["ResourceRecordSets"] if record["Name"] == "app.example.com."
                               and record.get("Failover") == role) for role in ("PRIMARY", "SECONDARY"))
    without = {"risky.json": secondary, "broken.json": primary}
    for name, record in without.items():
        records = [{key: value for key, value in one.items() if one is not record or key != "HealthCheckId"}
                   for one in zone["ResourceRecordSets"]]
        (tmp_path / name).write_text(json.dumps({**zone, "ResourceRecordSets": records}))
    shown = run("lint", *arguments, cwd=tmp_path)
    assert shown.returncode == code
    assert words in shown.stdout


def test_lint_json():
    shown = run("lint", str(examples.path("mistakes-zone.json")), "--json")
    told = json.loads(shown.stdout)
    assert shown.returncode == 1
    assert told["counts"] == {"error": 10, "warning": 0, "note": 0}
    assert {tuple(finding) for finding in told["findings"]} == {
        ("rule", "severity", "record", "what", "why", "fix", "source")}


@pytest.mark.parametrize(("to", "words"), [
    ("cli", '"CreateHealthCheck"'), ("cloudformation", "!Ref HostedZone"), ("terraform", '"aws_route53_record"'),
    ("octodns", "Route53Provider/ALIAS"),
])
def test_export_prints(to, words):
    shown = run("export", ZONE, "--to", to)
    assert shown.returncode == 0
    assert words in shown.stdout
    assert ("left out" in shown.stderr) == (to == "octodns")


def test_export_and_import_give_the_same_zone(tmp_path):
    from failover_kit.aws.files import load_zone

    for name in ("stack.yaml", "stack.json"):
        assert run("export", ZONE, "--to", "cloudformation", "-o", str(tmp_path / name)).returncode == 0
        shown = run("import", str(tmp_path / name), "-o", str(tmp_path / "zone.json"))
        assert (shown.returncode, shown.stdout, shown.stderr) == (0, "", "")
        before, after = load_zone(ZONE), load_zone(tmp_path / "zone.json")
        assert (set(after.zone.record_sets), after.health_checks) == (set(before.zone.record_sets), before.health_checks)


def test_import_of_what_the_aws_cli_lists_prints_one_file():
    shown = run("import", RECORDS, "--health-checks", CHECKS)
    assert shown.returncode == 0
    document = json.loads(shown.stdout)
    assert (len(document["ResourceRecordSets"]), len(document["HealthChecks"])) == (23, 6)


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX script")
def test_export_to_a_folder_with_a_script(tmp_path):
    assert run("export", ZONE, "--to", "cli", "-o", str(tmp_path / "shop")).returncode == 0
    assert os.access(tmp_path / "shop/apply.sh", os.X_OK)
    assert json.loads((tmp_path / "shop/hosted-zone.json").read_text())["Name"] == "example.com."


# --- the server -------------------------------------------------------------------------------------------------

@pytest.mark.skipif(shutil.which("dig") is None, reason="dig (package dnsutils) is not installed")
@pytest.mark.skipif(sys.platform != "linux", reason="needs loopback addresses of its own for each site")
def test_serve_fails_over_and_back_for_dig():
    command = [sys.executable, "-m", "failover_kit", "serve", ZONE, "--speed", "60", "--json"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True) as serve:
        ready = json.loads(serve.stdout.readline())
        port = ready["dns"].split(":")[1]

        def answer(*more):
            shown = subprocess.run(["dig", "@127.0.0.1", "-p", port, "app.example.com", "+short", *more],
                                   capture_output=True, text=True, timeout=10, check=True)
            return shown.stdout.split()

        def becomes(address):
            return any(answer() == [address] for _ in range(300))      # each dig takes a while itself; 30 s at most

        assert answer() == answer("+tcp") == ["127.0.1.10"]
        print("fail us-east-1 crash", file=serve.stdin, flush=True)
        assert becomes("127.0.2.10")
        print("repair us-east-1", file=serve.stdin, flush=True)
        assert becomes("127.0.1.10")
        print("fail nobody", file=serve.stdin, flush=True)
        print("status", file=serve.stdin, flush=True)
        serve.send_signal(signal.SIGINT)
        try:
            out, err = serve.communicate(timeout=20)
        finally:
            serve.kill()
        assert "fail needs a site" in out
        assert err.strip() == "stopped"
        assert serve.returncode == 0


def test_help_for_every_verb():
    for verb in ("drill", "serve", "answer", "lab", "lint", "export", "import"):
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
