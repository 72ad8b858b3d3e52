"""One HTTP or TCP exchange over a real socket, each part timed against its own limit.

    world.HttpRequest  ->  probing.Exchange (seconds of lab time)

Certificates are not verified and redirects are not followed, as Route 53's checkers do neither.
"""

from __future__ import annotations

import asyncio
import ssl

import aiohttp

from ..probing import MAX_HEADER_BYTES, SEARCHED_BYTES, Exchange
from ..world import HttpRequest
from .pulse import Pulse

CLIENT_HEADER = "X-Forwarded-For"       # says where a client is, on systems where it cannot connect from there
HEADER_ROOM = 4 * MAX_HEADER_BYTES      # read more than is allowed, to be able to say how much it was


class Client:
    """Makes exchanges. `speed` is lab seconds a second that `pulse` counts; limits shrink by it.

    With `bind_source` each client connects from the loopback address of its place; otherwise it names it in a header.
    """

    def __init__(self, speed: float, pulse: Pulse, bind_source: bool = True):
        self._speed = speed
        self._pulse = pulse
        self._bind_source = bind_source
        self._sessions: dict[str, aiohttp.ClientSession] = {}     # by source address
        self._tls = ssl.create_default_context()
        self._tls.check_hostname, self._tls.verify_mode = False, ssl.CERT_NONE

    async def exchange(self, request: HttpRequest, host: str, port: int) -> Exchange:
        """Talk to host:port as the request says."""
        stopwatch = _Stopwatch(self._pulse, self._speed)
        try:
            if request.connect_only:
                return await self._connect(request, host, port, stopwatch)
            return await self._get(request, host, port, stopwatch)
        except TimeoutError:
            return stopwatch.exchange()
        except (OSError, aiohttp.ClientError, ValueError) as error:
            return stopwatch.exchange(error=_words(error))

    async def _connect(self, request, host, port, stopwatch) -> Exchange:
        async with self._pulse.limit(request.limits.connect / self._speed):
            _, writer = await asyncio.open_connection(host, port)
        stopwatch.connected()
        writer.close()
        return stopwatch.exchange()

    async def _get(self, request: HttpRequest, host: str, port: int, stopwatch: _Stopwatch) -> Exchange:
        headers = {"Host": request.host or host, "User-Agent": request.user_agent, "Accept-Encoding": "gzip, deflate"}
        if not self._bind_source:
            headers[CLIENT_HEADER] = request.client.address(101)
        server_name = request.host.split(":")[0] if request.tls and request.sni and request.host else None
        url = f"{'https' if request.tls else 'http'}://{f'[{host}]' if ':' in host else host}:{port}{request.path}"
        async with self._pulse.limit(request.limits.connect / self._speed) as limit:
            stopwatch.on_connected = lambda: limit.restart(request.limits.status / self._speed)
            async with self._session(request.client.address(101)).get(
                    url, headers=headers, allow_redirects=False, ssl=self._tls, server_hostname=server_name,
                    trace_request_ctx=stopwatch) as response:
                stopwatch.status(response)
                limit.restart(request.limits.body / self._speed)
                await stopwatch.read_body(response)
        return stopwatch.exchange()

    def _session(self, source: str) -> aiohttp.ClientSession:
        """A session that connects from this loopback address, with a fresh connection each time."""
        if source not in self._sessions:
            trace = aiohttp.TraceConfig()
            trace.on_connection_create_end.append(_connected)
            local = (source, 0) if self._bind_source else None
            # No host name is ever looked up here; aiodns, where installed, would open sockets and a thread of its own.
            connector = aiohttp.TCPConnector(force_close=True, limit=0, local_addr=local,
                                             resolver=aiohttp.ThreadedResolver())
            self._sessions[source] = aiohttp.ClientSession(
                connector=connector, trace_configs=[trace], timeout=aiohttp.ClientTimeout(total=None),
                max_line_size=HEADER_ROOM, max_field_size=HEADER_ROOM, cookie_jar=aiohttp.DummyCookieJar())
        return self._sessions[source]

    async def close(self) -> None:
        for session in self._sessions.values():
            await session.close()


async def _connected(session, context, params) -> None:
    context.trace_request_ctx.connected()


class _Stopwatch:
    """Notes when each part of an exchange was done, in lab seconds."""

    def __init__(self, pulse: Pulse, speed: float):
        self._pulse = pulse
        self._speed = speed
        self._started = self._mark = pulse.time()
        self._seen: dict = {}
        self.on_connected = lambda: None

    def _lap(self) -> float:
        now = self._pulse.time()
        lap, self._mark = (now - self._mark) * self._speed, now
        return lap

    def connected(self) -> None:
        self._seen["connected_after"] = self._lap()
        self.on_connected()

    def status(self, response: aiohttp.ClientResponse) -> None:
        header_bytes = sum(len(name) + len(value) + 4 for name, value in response.raw_headers)
        self._seen.update(status_after=self._lap(), status=response.status, phrase=response.reason or "",
                          header_bytes=header_bytes)

    async def read_body(self, response: aiohttp.ClientResponse) -> None:
        """The first bytes of the body, as far as a string match looks."""
        body = b""
        try:
            while len(body) < SEARCHED_BYTES and (chunk := await response.content.read(SEARCHED_BYTES - len(body))):
                body += chunk
            self._seen["body_after"] = self._lap()
        finally:
            self._seen["body"] = body

    def exchange(self, error: str | None = None) -> Exchange:
        took = (self._pulse.time() - self._started) * self._speed
        return Exchange(took=took, error=error, **self._seen)


def _words(error: Exception) -> str:
    """What went wrong, in a few words a person understands."""
    cause = getattr(error, "os_error", error)
    if isinstance(cause, ConnectionRefusedError):
        return "Connection refused"
    if isinstance(cause, ConnectionResetError | aiohttp.ServerDisconnectedError):
        return "Connection closed by the endpoint"
    if isinstance(cause, ssl.SSLError):
        return f"SSL alert {cause.reason or 'handshake_failure'}".lower().replace("ssl", "SSL")
    if isinstance(cause, aiohttp.ClientResponseError):
        return "The response is not valid HTTP"
    return getattr(cause, "strerror", None) or str(cause) or type(cause).__name__
