"""The API over real HTTP and DNS over real TCP, met by clients that are slow, broken, greedy or many."""

import asyncio
import http.client
import random
import socket
import struct
import time
from urllib.parse import urlsplit

import psutil
import pytest
from odd_values import scribbled

from failover_kit import Lab
from failover_kit.aws.safe_xml import MAX_ELEMENTS
from failover_kit.network import apiserver, dnsserver, httpserver
from failover_kit.records import Question
from failover_kit.wire import decode_reply, encode_query

ZONES = "/2013-04-01/hostedzone"
QUESTION = encode_query(Question("many.example.com.", "A"), 9)
MESSAGE = struct.pack("!H", len(QUESTION)) + QUESTION
XMLNS = 'xmlns="https://route53.amazonaws.com/doc/2013-04-01/"'
CHANGE = (f"<ChangeResourceRecordSetsRequest {XMLNS}><ChangeBatch><Changes><Change><Action>UPSERT</Action>"
          "<ResourceRecordSet><Name>a.example.com</Name><Type>A</Type><TTL>1</TTL><ResourceRecords><ResourceRecord>"
          "<Value>192.0.2.1</Value></ResourceRecord></ResourceRecords></ResourceRecordSet></Change></Changes></ChangeBatch>"
          "</ChangeResourceRecordSetsRequest>")


@pytest.fixture(scope="module")
def lab():
    with Lab.live(speed=50) as lab:
        lab.simple("many.example.com", *(f"192.0.2.{n}" for n in range(1, 101)))
        yield lab


@pytest.fixture
def api(lab):
    where = urlsplit(lab.api.url)
    return where.hostname, where.port


def post(api, body, path=ZONES, method="POST", **headers):
    connection = http.client.HTTPConnection(*api, timeout=20)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def tcp(lab):
    return socket.create_connection(("127.0.0.1", lab.world.dns_port), timeout=5)


def still_works(lab, api):
    assert post(api, None, "/2013-04-01/hostedzonecount", "GET")[0] == 200
    with tcp(lab) as stream:
        stream.sendall(MESSAGE)
        file = stream.makefile("rb")
        assert len(decode_reply(file.read(*struct.unpack("!H", file.read(2))))[2].answer[0].values) == 100


def tasks_of(lab):
    return lab.world.call(lambda: len(asyncio.all_tasks()))


def ended(sock):
    """Did the server end the connection, politely or not, before the socket's time limit?"""
    try:
        return sock.recv(1) == b""
    except ConnectionError:
        return True


def until(condition, seconds=8.0):
    """Waits for the condition; True if it came."""
    end = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


# ---- the API ----------------------------------------------------------------------------------------------------

BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10 if n else "ha"}">' for n in range(12))


@pytest.mark.parametrize("body", [
    f"<!DOCTYPE a [{BOMB}]><a>&e11;</a>", '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>',
    '<!DOCTYPE a [<!ENTITY % x SYSTEM "http://127.0.0.1:1/"> %x;]><a/>', "<a>" * 100_000, "<a b='1' b='2'/>",
    "<a>" + "x<a/>" * 400_000 + "</a>", "<a " + " ".join(f"a{n}=''" for n in range(50_000)) + "/>",
    "<a>" + "&#65;" * 300_000 + "</a>", "<?xml version='1.0' encoding='utf-7'?><a/>", "\ufeff", "<", "<a/><a/>",
    "\0" * 1000,
], ids=["laughs", "file", "parameter entity", "deep", "attribute twice", "many elements", "many attributes",
        "many references", "encoding", "mark only", "cut", "two roots", "NULs"])
def test_xml_that_means_harm_is_refused_at_once(lab, api, body):
    began = lab.world.call(time.thread_time)
    status, answer = post(api, body.encode())
    assert status == 400
    assert b"root:" not in answer
    assert lab.world.call(time.thread_time) - began < 1.0         # the thread that the DNS server lives in


def test_elements_without_end_are_counted(api):
    """Their text took time that grew with the square, in the thread that answers DNS."""
    status, answer = post(api, b"<a>" + b"<b/>" * (MAX_ELEMENTS + 1) + b"</a>")
    assert (status, b"more than" in answer) == (400, True)


SWITCH = {"X-Amz-Target": "ToggleCustomerAPI.UpdateRoutingControlState"}


@pytest.mark.parametrize(("headers", "body"), [
    (SWITCH, b"[" * 100_000), (SWITCH, b'{"RoutingControlArn": {"a": []}, "RoutingControlState": 1}'),
    (SWITCH, b'{"RoutingControlArn": ' + b"9" * 5_000 + b"}"), ({"X-Amz-Target": "x" * 4_000}, b"{}"),
    ({}, b"Action=PutMetricData&MetricData.member.999999999999.Value=1"),
    ({}, b"Action=PutMetricData&MetricData.member.1.Value=nan&MetricData=1"), ({}, b"&=" * 100_000), ({}, b"\xff" * 1000),
], ids=["deep JSON", "wrong types", "long number", "long target", "far index", "NaN", "empty pairs", "bytes"])
def test_the_other_protocols(lab, api, headers, body):
    status, _ = post(api, body, "/", **headers)
    assert 400 <= status < 500
    still_works(lab, api)


def test_scribbled_change_batches(lab, api):
    """Each is applied or refused as the caller's fault; none is the server's."""
    connection = http.client.HTTPConnection(*api, timeout=20)
    for body in scribbled(CHANGE.encode(), random.Random(4), 120):
        connection.request("POST", f"{ZONES}/{lab.zone.id}/rrset", body)
        answer = connection.getresponse()
        text = answer.read()
        assert answer.status in (200, 400, 404), (body, text)
    connection.close()
    still_works(lab, api)


@pytest.mark.parametrize(("method", "path"), [
    ("GET", "/2013-04-01/hostedzone?maxitems=" + "9" * 5_000), ("GET", "/2013-04-01/hostedzone?marker=%00%ff"),
    ("GET", "//////"), ("DELETE", "/2013-04-01/hostedzone/%2e%2e%2f" + "%2F" * 500), ("BREW", "/2013-04-01/hostedzone"),
    ("GET", "/2013-04-01/hostedzone/Z1/rrset?name=" + "a." * 2_000), ("GET", "/2013-04-01/healthcheck/%F0%9F/status"),
], ids=["digits", "NUL", "slashes", "dots", "method", "name", "bytes"])
def test_odd_paths(lab, api, method, path):
    assert 400 <= post(api, None, path, method)[0] < 500


def test_a_slow_body_is_not_waited_for(lab, api, monkeypatch):
    monkeypatch.setattr(apiserver, "BODY_LIMIT", 0.3)
    with socket.create_connection(api, timeout=8) as sock:
        sock.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n<")
        assert sock.recv(100).startswith(b"HTTP/1.1 408")
    still_works(lab, api)


@pytest.mark.parametrize("said", [b"", b"GET / HT", b"GET / HTTP/1.1\r\nHost: x\r\nX-A:"],
                         ids=["nothing", "half a line", "half a head"])
def test_a_connection_that_never_says_what_it_wants_is_closed(lab, api, monkeypatch, said):
    monkeypatch.setattr(httpserver, "HEAD_LIMIT", 0.3)
    with socket.create_connection(api, timeout=8) as sock:
        sock.sendall(said)
        assert ended(sock)
    still_works(lab, api)


def test_a_connection_that_spoke_is_kept(lab, api, monkeypatch):
    monkeypatch.setattr(httpserver, "HEAD_LIMIT", 0.2)
    connection = http.client.HTTPConnection(*api, timeout=20)
    for pause in (0.4, 0):
        connection.request("GET", "/2013-04-01/hostedzonecount")
        answer = connection.getresponse()
        assert (answer.status, bool(answer.read()), connection.sock is not None) == (200, True, True)
        time.sleep(pause)
    connection.close()


def test_connections_to_the_api_are_limited(lab, api, monkeypatch):
    monkeypatch.setattr(httpserver, "MAX_CONNECTIONS", 20)
    before, tasks = psutil.Process().num_fds(), tasks_of(lab)
    crowd = [socket.create_connection(api, timeout=8) for _ in range(60)]
    assert until(lambda: psutil.Process().num_fds() - before <= 60 + 20)
    for sock in crowd:
        sock.close()
    assert until(lambda: psutil.Process().num_fds() <= before)
    assert until(lambda: tasks_of(lab) <= tasks + 5)
    still_works(lab, api)


# ---- DNS over TCP -----------------------------------------------------------------------------------------------

def connections(lab):
    return lab.world.call(lambda: len(lab.world._dns._connections))


@pytest.mark.parametrize("sent", [b"", b"\0", b"\0\x20abc", b"\xff\xff" + b"x" * 1000],
                         ids=["nothing", "half a length", "half a message", "oversized length"])
def test_a_silent_or_slow_sender_is_cut_off(lab, api, monkeypatch, sent):
    monkeypatch.setattr(dnsserver, "TCP_IDLE", 0.3)
    with tcp(lab) as stream:
        stream.sendall(sent)
        assert ended(stream)
    assert until(lambda: connections(lab) == 0)


def drip(stream, pieces, pause=0.0):
    for piece in pieces:
        stream.sendall(piece if isinstance(piece, bytes) else bytes([piece]))
        time.sleep(pause)


def test_a_message_that_comes_byte_by_byte_has_one_limit_for_all_of_it(lab, api, monkeypatch):
    monkeypatch.setattr(dnsserver, "TCP_IDLE", 0.4)
    began = time.monotonic()
    with tcp(lab) as stream:
        with pytest.raises(ConnectionError):
            drip(stream, b"\x03\xff" + bytes(1_000), pause=0.02)
        assert time.monotonic() - began < 8
    assert until(lambda: connections(lab) == 0)


def test_a_client_that_never_reads_does_not_keep_its_connection(lab, api, monkeypatch):
    """Its replies fill every buffer on the way; closing waited for them to be taken, for ever."""
    monkeypatch.setattr(dnsserver, "TCP_IDLE", 0.3)
    before = psutil.Process().num_fds()
    greedy = [tcp(lab) for _ in range(3)]
    for stream in greedy:
        stream.settimeout(0.2)
        with pytest.raises(OSError, match=r"timed out|reset|pipe"):
            drip(stream, [MESSAGE * 50] * 20_000)
    assert until(lambda: psutil.Process().num_fds() <= before + len(greedy))      # the clients' own ends are left
    assert connections(lab) == 0
    for stream in greedy:
        stream.close()
    still_works(lab, api)


def test_a_half_closed_client_still_gets_its_replies(lab):
    with tcp(lab) as stream:
        stream.sendall(MESSAGE * 3)
        stream.shutdown(socket.SHUT_WR)
        file, replies = stream.makefile("rb"), 0
        while length := file.read(2):
            assert decode_reply(file.read(*struct.unpack("!H", length)))[2].answer
            replies += 1
    assert replies == 3


def test_scribbled_messages_over_tcp(lab, api):
    for data in scribbled(MESSAGE * 2, random.Random(5), 100):
        with tcp(lab) as stream:
            stream.sendall(data)
            stream.shutdown(socket.SHUT_WR)
            while stream.recv(4096):
                pass
    assert until(lambda: connections(lab) == 0)
    still_works(lab, api)


def test_a_crowd_of_connections_is_limited_and_leaves(lab, api, monkeypatch):
    monkeypatch.setattr(dnsserver, "MAX_CONNECTIONS", 20)
    crowd = [tcp(lab) for _ in range(60)]
    assert until(lambda: connections(lab) <= 20)
    for stream in crowd:
        stream.close()
    assert until(lambda: connections(lab) == 0)
    still_works(lab, api)


# ---- a lab's sites ----------------------------------------------------------------------------------------------

def test_requests_to_a_site_that_hangs_end_when_their_clients_leave():
    """Each probe that gave up left a task behind, and all of them complained when the lab closed."""
    with Lab.live(speed=100) as lab:
        site = lab.site("us-east-1")
        lab.health_check(site, request_interval=10)
        lab.run(20)
        before = tasks_of(lab)
        site.fail("hang")
        lab.run(120)                                  # about 100 probes of 8 checkers
        site.repair()
        lab.run(20)
        assert until(lambda: tasks_of(lab) < before + 10)
