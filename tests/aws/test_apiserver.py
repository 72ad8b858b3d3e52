"""network/apiserver.py: the API over real HTTP. Sizes, slow and broken clients, many at once, an end without delay."""

import http.client
import socket
import threading
import time
from urllib.parse import urlsplit

import pytest
from change_batches import change, create, listed, rrset, upsert

from failover_kit import Lab
from failover_kit.aws.protocol import MAX_BODY


@pytest.fixture
def live():
    with Lab.live(seed=1) as lab:
        lab.api.propagation = 0
        yield lab


def connect(lab):
    where = urlsplit(lab.api.url)
    return http.client.HTTPConnection(where.hostname, where.port, timeout=20)


def ask(connection, method="GET", path="/2013-04-01/hostedzonecount", body=None, **headers):
    connection.request(method, path, body, headers)
    answer = connection.getresponse()
    return answer.status, answer.read()


def test_a_connection_is_used_again(live):
    connection = connect(live)
    assert [ask(connection)[0] for _ in range(3)] == [200, 200, 200]


def test_percent_encoding_in_paths_stays_until_the_protocol_reads_it(live):
    status, body = ask(connect(live), path="/2013-04-01/hostedzone/Z%2F..%2F1%20%C3%A9")
    assert (status, "ID: 1 é</Message>" in body.decode()) == (404, True)


@pytest.mark.parametrize(("size", "code"), [
    (MAX_BODY, b"MalformedInput"), (MAX_BODY + 1, b"RequestEntityTooLargeException")], ids=["largest", "one more"])
def test_a_body_at_the_limit_and_beyond(live, size, code):
    status, body = ask(connect(live), "POST", "/2013-04-01/hostedzone", b"<" + b"x" * (size - 1))
    assert (code in body, status) == (True, 400 if size == MAX_BODY else 413)
    assert ask(connect(live))[0] == 200


def test_an_endless_body_is_cut_off(live):
    """Chunks without end: they are soon refused, and the connection is closed."""
    where, chunk = urlsplit(live.api.url), b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    with socket.create_connection((where.hostname, where.port), timeout=20) as sock:
        sock.sendall(b"POST /2013-04-01/hostedzone HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
        with pytest.raises(OSError, match=r"reset|pipe|aborted"):
            send_for(15, sock, chunk)
    assert ask(connect(live))[0] == 200


def send_for(seconds, sock, data):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        sock.sendall(data)


@pytest.mark.parametrize("raw", [
    b"GARBAGE\r\n\r\n", b"\x00\xff\x00\xff" * 50, b"GET / HTTP/9.9\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n",
    b"POST /2013-04-01/hostedzone HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf",
    b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n",
], ids=["garbage", "bytes", "version", "length", "half a body", "long path"])
def test_a_broken_client_harms_nobody(live, raw):
    where = urlsplit(live.api.url)
    with socket.create_connection((where.hostname, where.port), timeout=20) as sock:
        sock.sendall(raw)
    assert ask(connect(live))[0] == 200


def test_many_at_once_lose_no_change(live):
    zone_id, failures = live.zone.id, []

    client = live.api.client("route53")

    def work(letter):
        try:
            for number in range(10):
                change(client, zone_id, create(rrset(f"{letter}{number}.example.com")),
                       upsert(rrset("shared.example.com", f"192.0.2.{number}")))
        except Exception as error:
            failures.append(error)

    threads = [threading.Thread(target=work, args=(letter,)) for letter in "abcdefgh"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert not failures
    assert len(listed(client, zone_id)) == 81
    assert live.ask("h9.example.com").rcode == "NOERROR"


def test_closing_does_not_wait_for_clients():
    lab = Lab.live()
    idle, where = connect(lab), urlsplit(lab.api.url)
    assert ask(idle)[0] == 200
    with socket.create_connection((where.hostname, where.port)) as half:
        half.sendall(b"POST /2013-04-01/hostedzone HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n")
        began = time.monotonic()
        lab.close()
        assert time.monotonic() - began < 5
