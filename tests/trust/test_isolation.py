"""Labs beside each other: in one process, and ten on one host. Nothing of theirs is open to other machines."""

import ipaddress
import multiprocessing
import urllib.request
import warnings

import lab_process
import pytest
from typer.testing import CliRunner

from failover_kit import Lab
from failover_kit.cli import app
from failover_kit.network.addresses import AddressBook, OpenToOthers, bind_tcp


@pytest.fixture
def two():
    with Lab.live(speed=50, seed=1) as one, Lab.live(speed=50, seed=2) as other:
        yield one, other


def test_two_labs_in_one_process_know_nothing_of_each_other(two):
    sites = []
    for number, lab in enumerate(two):
        east, west = lab.site("us-east-1"), lab.site("us-west-2")
        check = lab.health_check(east, request_interval=10, failure_threshold=1)
        lab.failover("app.example.com", primary=east, secondary=west, health_check=check, ttl=5)
        lab.simple("mine.example.com", f"192.0.2.{number}")
        sites.append((east, west))
    assert len({lab.dns_address for lab in two}) == len({lab.api.url for lab in two}) == 2
    assert [east.address for east, _ in sites] == ["127.0.1.10"] * 2          # the same addresses, each on its own port
    assert len({site.url for pair in sites for site in pair}) == 4
    sites[0][0].fail("crash")
    two[0].run(90)
    two[1].run(1)
    assert [lab.ask("app.example.com").answer[0].values[0] for lab in two] == ["127.0.2.10", "127.0.1.10"]
    assert [lab.ask("mine.example.com").answer[0].values[0] for lab in two] == ["192.0.2.0", "192.0.2.1"]
    names = [{zone["Id"] for zone in lab.api.client().list_hosted_zones()["HostedZones"]} for lab in two]
    assert all(len(zones) == 1 for zones in names)


def test_closing_one_lab_leaves_the_other(two):
    for lab in two:
        lab.simple("mine.example.com", "192.0.2.1")
    two[0].close()
    assert two[1].ask("mine.example.com").answer


def test_ten_labs_on_one_host_do_not_clash():
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("forkserver" if "forkserver" in methods else "spawn")
    if "forkserver" in methods:
        context.set_forkserver_preload(["lab_process", "failover_kit.network", "failover_kit.aws.lab_api"])
    labs = []
    try:
        for number in range(10):
            here, there = context.Pipe()
            process = context.Process(target=lab_process.run, args=(there, number), daemon=True)
            process.start()
            labs.append((process, here))
        told = [_heard(pipe) for _, pipe in labs]
        sockets = [socket for _, _, _, listening in told for socket in listening]
        assert len(sockets) == len(set(sockets)) >= 10 * 5                # DNS twice, the API, two sites
        assert len({url for _, _, urls, _ in told for url in urls}) == 20
        assert all(ipaddress.ip_address(address).is_loopback for _, address, _ in sockets)
        for _, pipe in labs:
            pipe.send("go on")
        for number, (_, pipe) in enumerate(labs):
            mine, app_, (east, west) = _heard(pipe)
            assert (mine, app_) == ((f"192.0.2.{number}",), (west if number % 2 else east,))
    finally:
        for process, pipe in labs:
            if process.is_alive():
                pipe.send("end")
            process.join(20)
    assert [process.exitcode for process, _ in labs] == [0] * 10


def _heard(pipe):
    assert pipe.poll(60), "a lab said nothing for a minute"
    return pipe.recv()


def test_a_crashed_sites_port_is_not_given_to_another_lab():
    """It is bound but does not listen; with SO_REUSEADDR on both sides a second one could bind it, and then listen."""
    one, other = AddressBook(), AddressBook()
    try:
        address, port = one.reserve("127.0.1.10")
        other._common_port[False] = port                   # as if that port had been free for its first site
        assert other.reserve("127.0.1.10") != (address, port)
        with bind_tcp(address, port) as repaired:          # the site itself comes back beside its own reservation
            repaired.listen()
    finally:
        one.close()
        other.close()


def test_nothing_listens_beyond_loopback_and_nobody_is_warned():
    before = lab_process.listeners()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        with Lab.live(speed=50) as lab:
            site = lab.site("us-east-1")
            lab.health_check(site, type="HTTPS", request_interval=10)
            lab.users(3, every=5)
            lab.simple("app.example.com", site.address)
            assert urllib.request.urlopen(lab.api.url + "/2013-04-01/hostedzonecount").status == 200
            lab.run(30)
            opened = lab_process.listeners() - before
    assert {protocol for protocol, _, _ in opened} == {"tcp", "udp"}
    assert len(opened) >= 5                                # DNS twice, the API, the site with and without TLS
    assert all(ipaddress.ip_address(address).is_loopback for _, address, _ in opened)
    assert not lab_process.listeners() - before


def test_a_dns_server_beyond_loopback_is_asked_for_and_warned_of():
    with pytest.warns(OpenToOthers, match=r"0\.0\.0\.0 is not loopback"):
        Lab.live(host="0.0.0.0").close()


def test_an_api_beyond_loopback_is_asked_for_and_warned_of():
    with Lab.live() as lab, pytest.warns(OpenToOthers, match="everybody who reaches this machine"):
        lab.api.start("0.0.0.0")


def test_the_command_warns_once(monkeypatch):
    monkeypatch.setattr(Lab, "run", lambda *_, **__: (_ for _ in ()).throw(KeyboardInterrupt))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = CliRunner().invoke(app, ["serve", "--host", "0.0.0.0"])
    assert result.exit_code == 0, result.output
    assert result.output.count("is not loopback") == 1
