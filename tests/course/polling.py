"""A booth on a real socket for the tests, and its clients.

    Booth  ->  served  ->  URL;   ask(URL, ...)  ->  status, headers, JSON or text
"""

import asyncio
import http.client
import json
import threading
from contextlib import contextmanager
from urllib.parse import urlsplit

from failover_kit.course.classvote.station import open_booth

VOTERS = [f"{number:032x}" for number in range(1000)]


@contextmanager
def served(booth):
    """The URL of the booth, on a free loopback port, in a thread of its own."""
    loop, found, ended = asyncio.new_event_loop(), [], asyncio.Event()
    ready = threading.Event()

    async def serve():
        async with open_booth(booth) as url:
            found.append(url)
            ready.set()
            await ended.wait()
    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()))
    thread.start()
    try:
        assert ready.wait(20)
        yield found[0]
    finally:
        loop.call_soon_threadsafe(ended.set)
        thread.join(20)
        loop.close()


def ask(url, method="GET", path="/class", body=None, **headers):
    """Status, headers and content of one request over HTTP; a dict as body is sent as JSON."""
    where = urlsplit(url)
    connection = http.client.HTTPConnection(where.hostname, where.port, timeout=20)
    try:
        if isinstance(body, dict):
            body, headers = json.dumps(body), {"Content-Type": "application/json", **headers}
        connection.request(method, path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        answer = connection.getresponse()
        content = answer.read()
        is_json = answer.headers.get_content_type() == "application/json"
        return answer.status, answer.headers, json.loads(content) if is_json else content.decode()
    finally:
        connection.close()


def ballot(question="6.instant", choice="instant", confidence=70, voter=VOTERS[1]):
    return {"question": question, "choice": choice, "confidence": confidence, "voter": voter}
