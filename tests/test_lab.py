"""lab.py: what a learner types, in both worlds; everything opened is closed."""

import gc
import threading
import time
import urllib.error
import urllib.request

import psutil
import pytest
from dnslib import DNSRecord

from failover_kit import ConfigurationError, Lab, Question
from failover_kit.errors import LabError
from failover_kit.health import Status
from failover_kit.healthcheck import HealthCheck
from failover_kit.metrics import MetricAlarm
from failover_kit.timeline import Request, Resolved
from failover_kit.wire import encode_query

NAME = "app.example.com"


@pytest.fixture(params=["virtual", "live"])
def lab(request):
    with Lab.virtual(seed=7) if request.param == "virtual" else Lab.live(speed=20, seed=7) as lab:
        yield lab


def pair(lab, **settings):
    east, west = lab.site("us-east-1"), lab.site("us-west-2")
    check = lab.health_check(east, path="/health", request_interval=10, failure_threshold=1, **settings)
    lab.failover(NAME, primary=east, secondary=west, health_check=check, ttl=60)
    return east, west, check


# ---- both worlds ------------------------------------------------------------------------------------------------

def test_bytes_go_out_and_bytes_come_back(lab):
    lab.simple(NAME, "192.0.2.10")
    packet = encode_query(Question(f"{NAME}."), id=0x1234)
    reply = DNSRecord.parse(lab.send(packet))
    assert (reply.header.id, str(reply.a.rdata)) == (0x1234, "192.0.2.10")
    assert lab.send(b"\x12\x34") is None                      # too short to be answered
    lab.dns_outage()
    assert lab.send(packet) is None


def test_fail_over_and_back(lab):
    east, west, check = pair(lab)
    assert lab.ask(NAME).answer[0].values == (east.address,)
    east.fail("crash")
    lab.run(20)
    assert lab.status(check) is Status.UNHEALTHY
    assert lab.ask(NAME).answer[0].values == (west.address,)
    east.repair()
    lab.run(20)
    assert lab.ask(NAME).answer[0].values == (east.address,)
    assert lab.explain(NAME).set_identifiers == ("primary",)


@pytest.mark.parametrize(("fault", "detail", "noticed"), [
    ("crash", "Connection refused", True),
    ("hang", "no answer", True),
    ("http_500", "500 Internal Server Error", True),
    ("wrong_page", "200 OK, but the wrong page", False),
    ("app_broken", "500 Internal Server Error", False),
])
def test_what_a_user_and_a_checker_see(lab, fault, detail, noticed):
    east, _, check = pair(lab)
    assert lab.visit(NAME).detail == "200 OK"
    east.fail(fault)
    request = lab.visit(NAME)
    assert (request.ok, request.detail, request.site) == (False, detail, "us-east-1")
    lab.run(25)
    assert (lab.status(check) is Status.UNHEALTHY) == noticed


def test_a_partition_hits_only_some_checkers(lab):
    east, _, check = pair(lab)
    east.fail("partition", regions=["eu-west-1", "sa-east-1"])
    lab.run(25)
    views = lab.service.monitor.views(check.id)
    cut_off = {checker.region for checker, view in views.items() if view.phase.status is Status.UNHEALTHY}
    assert cut_off == {"eu-west-1", "sa-east-1"}
    assert lab.status(check) is Status.HEALTHY


def test_settings_change_while_it_runs(lab):
    _, west, check = pair(lab)
    lab.put_health_check(HealthCheck(id=check.id, ip_address=check.ip_address, resource_path="/health",
                                     request_interval=10, failure_threshold=1, inverted=True))
    assert lab.ask(NAME).answer[0].values == (west.address,)
    lab.delete(NAME, set_identifier="secondary")
    assert lab.ask(NAME).answer[0].values == (check.ip_address,)          # B28: fail open


def test_users_keep_what_their_resolver_told_them(lab):
    pair(lab)
    lab.users(2, NAME, every=5)
    lab.run(30)
    sources = {resolved.source for resolved in lab.timeline.of(Resolved)}
    assert sources == {"cache", "upstream"}
    assert all(request.ok for request in lab.timeline.of(Request))


# ---- virtual ----------------------------------------------------------------------------------------------------

def test_metrics_and_controls_drive_checks():
    with Lab.virtual() as lab:
        alarm = MetricAlarm(name="errors", threshold=5)
        metric = lab.health_check(type="CLOUDWATCH_METRIC", id="metric", alarm=alarm)
        switch = lab.health_check(type="RECOVERY_CONTROL", id="switch", routing_control_arn="arn:east")
        lab.run(10)
        lab.metric(metric, 9.0)
        lab.run(60)
        assert lab.status(metric) is Status.UNHEALTHY
        lab.control("arn:east", on=False)
        assert lab.status(switch) is Status.UNHEALTHY


def test_all_controls_off_fails_open_H28():
    with Lab.virtual() as lab:
        east, west = lab.site("us-east-1"), lab.site("us-west-2")
        checks = {side: lab.health_check(type="RECOVERY_CONTROL", id=side, routing_control_arn=f"arn:{side}")
                  for side in ("east", "west")}
        lab.failover(NAME, primary=east, secondary=west, health_check=checks["east"],
                     secondary_health_check=checks["west"])
        lab.control("arn:east", on=False)
        assert lab.explain(NAME).values == (west.address,)
        lab.control("arn:west", on=False)
        assert lab.explain(NAME).values == (east.address,)


@pytest.mark.parametrize(("standby", "answer"), [("absent", "primary"), ("present", "secondary"), ("blackout", "primary")])
def test_standby_takes_over_primary_H29(standby, answer):
    """STOP (E9, E10): the primary's check watches an object in the standby Region, inverted."""
    with Lab.virtual() as lab:
        east, west = lab.site("us-east-1"), lab.site("us-west-2")
        object_path = "/health" if standby == "present" else "/initiate-failover.html"
        check = lab.health_check(west, path=object_path, request_interval=10, failure_threshold=1, inverted=True)
        if standby == "blackout":
            west.fail("blackout")
        lab.failover(NAME, primary=east, secondary=west, health_check=check)
        lab.run(60)
        assert lab.explain(NAME).set_identifiers == (answer,)


def test_a_dns_outage_leaves_only_caches():
    with Lab.virtual() as lab:
        pair(lab)
        lab.users(1, NAME, every=5)
        lab.run(10)
        lab.dns_outage()
        with pytest.raises(LabError, match="unreachable"):
            lab.ask(NAME)
        lab.run(120)
        assert lab.timeline.of(Request)[-1].detail == "no address for the name"
        lab.dns_outage(False)
        lab.run(30)
        assert lab.timeline.of(Request)[-1].ok


def test_keep_alive_ignores_the_dns_C22():
    """A pooled connection to a site that still answers stays there, whatever the DNS says."""
    with Lab.virtual() as lab:
        east, west, _ = pair(lab)
        lab.users(1, NAME, every=5, keep_alive=600)
        lab.run(20)
        lab.failover(NAME, primary=west, secondary=east, ttl=60)
        lab.run(200)
        assert {request.site for request in lab.timeline.of(Request)} == {"us-east-1"}
        lab.run(600)
        assert lab.timeline.of(Request)[-1].site == "us-west-2"


def test_a_client_that_tries_every_address():
    with Lab.virtual(seed=3) as lab:
        east, west = lab.site("us-east-1"), lab.site("us-west-2")
        lab.multivalue(NAME, [east, west])
        east.fail("crash")
        lab.users(5, NAME, every=5, tries_all=True)
        lab.users(5, NAME, every=5)
        lab.run(300)
        failed = {r.user for r in lab.timeline.of(Request) if not r.ok}
        last = {r.user: r.ok for r in lab.timeline.of(Request)}
        assert all(last[f"user-{n}"] for n in range(1, 6))
        assert failed & {f"user-{n}" for n in range(6, 11)}


@pytest.mark.parametrize(("make", "message"), [
    (lambda lab: lab.site("mars-1"), "'mars-1' is not a Region of the lab"),
    (lambda lab: (lab.site("us-east-1"), lab.site("us-east-1")), "a site 'us-east-1' already"),
    (lambda lab: lab.site("us-east-1").fail("meteor"), "no fault 'meteor'. Known: crash"),
    (lambda lab: lab.site("us-east-1").fail("slow", minutes=1), "has no option minutes. It takes: seconds"),
    (lambda lab: lab.site("us-east-1").fail("partition"), "needs regions"),
    (lambda lab: lab.site("us-east-1").repair("crash"), "has no fault 'crash' to repair"),
    (lambda lab: lab.run(-1), "forward only"),
    (lambda lab: lab.delete("gone.example.com"), "no record set gone.example.com. A"),
    (lambda lab: lab.dns_address, "nothing listens. Use Lab.live"),
    (lambda lab: lab.simple("app.example.org", "192.0.2.1"), "outside the zone"),
    (lambda lab: lab.explain(NAME, client="Mars"), "neither an address nor a place"),
])
def test_mistakes_are_named(make, message):
    with Lab.virtual() as lab, pytest.raises((ConfigurationError, LabError)) as caught:
        make(lab)
    assert message in str(caught.value)


# ---- live -------------------------------------------------------------------------------------------------------

def test_real_pages_over_http():
    with Lab.live(speed=10) as lab:
        east = lab.site("us-east-1")
        with urllib.request.urlopen(east.url, timeout=5) as page:
            assert b"Welcome to the shop" in page.read()
        east.fail("crash")
        with pytest.raises(urllib.error.URLError, match="refused"):
            urllib.request.urlopen(east.url, timeout=5)
        east.repair()
        assert urllib.request.urlopen(east.url + "health", timeout=5).read() == b"OK"


def test_https_checks_accept_any_certificate_A25():
    with Lab.live(speed=5) as lab:
        east = lab.site("us-east-1")
        check = lab.health_check(east, type="HTTPS", path="/health", request_interval=10, failure_threshold=1,
                                 fully_qualified_domain_name="some.other.name")
        lab.run(12)
        reports = [observation.reason for observation in lab.service.monitor.latest(check.id)]
        assert reports
        assert set(reports) == {"Success: HTTP Status Code 200, OK"}


def test_everything_is_closed_again():
    process, left = psutil.Process(), []
    for _ in range(6):
        with Lab.live(speed=50) as lab:
            pair(lab)
            lab.users(3, NAME)
            lab.run(20)
        gc.collect()
        left.append((process.num_fds(), threading.active_count()))
    assert set(left[1:]) == {left[0]}           # the first may wake a library's own helper thread, once a process
    with pytest.raises(LabError, match="closed"):
        lab.ask(NAME)


def test_a_forgotten_lab_closes_itself():
    lab = Lab.live()
    pair(lab)
    thread = next(t for t in threading.enumerate() if t.name == "failover-lab")
    del lab
    gc.collect()
    thread.join(5)
    assert not thread.is_alive()


def test_a_fixed_port_moves_to_the_new_lab():
    first = Lab.live()
    port = int(first.dns_address.split(":")[1])
    first.close()
    older = Lab.live(dns_port=port)
    newer = Lab.live(dns_port=port)
    assert newer.dns_address == older.dns_address
    newer.site("us-east-1")
    with pytest.raises(LabError, match="closed"):
        older.ask(NAME)
    newer.close()


def test_a_taken_port_is_a_clear_error():
    with Lab.live() as lab:
        port = int(lab.dns_address.split(":")[1])
        code = f"from failover_kit import Lab\ntry: Lab.live(dns_port={port})\nexcept Exception as e: print(e)"
        import subprocess
        import sys
        shown = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
        assert f"UDP port {port} on 127.0.0.1 cannot be used" in shown.stdout
        assert shown.stderr == ""


def test_two_labs_at_once_do_not_meet():
    with Lab.live(speed=20) as one, Lab.live(speed=20) as two:
        for lab in (one, two):
            pair(lab)
        one.sites[0].fail("crash")
        one.run(15)
        assert one.ask(NAME).answer[0].values != two.ask(NAME).answer[0].values


def test_an_actor_that_breaks_is_not_silent():
    with Lab.live(speed=50) as lab:
        lab.at(1, lambda: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            lab.run(20)


def test_live_time_runs_at_its_speed():
    with Lab.live(speed=50) as lab:
        began = time.monotonic()
        lab.run(25)
        assert 0.45 < time.monotonic() - began < 2.0


def test_users_of_one_provider_share_its_resolver():
    """What one of them made it learn, the others get from its cache; a browser's pin starts anew on top (C21)."""
    with Lab.virtual() as lab:
        pair(lab)
        lab.users(5, NAME, every=10, shared=True)
        lab.run(50)
        asked = [resolved for resolved in lab.timeline.of(Resolved) if resolved.source == "upstream"]
        assert len(asked) == 1


def test_the_best_lab_is_virtual_where_sockets_are_refused(monkeypatch):
    def refuse(*_, **__):
        raise PermissionError("no sockets in this sandbox")

    with Lab.best() as lab:
        assert lab.world.is_live
    monkeypatch.setattr("failover_kit.network.dnsserver._bound_udp", refuse)
    with Lab.best() as lab:
        assert not lab.world.is_live
        assert "no sockets in this sandbox" in lab.timeline.events[0].text
