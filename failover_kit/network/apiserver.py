"""HTTP in front of an API that is a plain function: the kit's own AWS endpoint.

    HTTP request  ->  handle(method, path with query, headers, body)  ->  (status, headers, body)  ->  HTTP response

The function runs in the lab's thread, so that no answer, probe or change of the lab falls in the middle of a call.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from aiohttp import web

from ..errors import LabError
from .addresses import bind_tcp

LONGEST = 4 * 1024 * 1024     # bytes of a body that are read; the API itself says what is too much
BODY_LIMIT = 30.0             # real seconds for a body to arrive
HEAD_LIMIT = 10.0             # real seconds for a new connection to say what it wants
MAX_CONNECTIONS = 200         # at a time; further ones are closed at once
LINGER = 0.2                  # real seconds in which the rest of a refused body is read and thrown away

Handle = Callable[[str, str, Mapping[str, str], bytes], tuple[int, Mapping[str, str], bytes]]


class _Server(web.Server):
    """aiohttp's server, for few connections at a time, and none that says nothing."""

    def __init__(self, answer, **options):
        super().__init__(answer, **options)
        self._silent: dict[object, asyncio.TimerHandle] = {}      # connections without a request so far

    def connection_made(self, handler, transport) -> None:
        super().connection_made(handler, transport)
        if len(self.connections) > MAX_CONNECTIONS:
            asyncio.get_running_loop().call_soon(transport.abort)     # not before aiohttp has begun with it
        else:
            self._silent[handler] = asyncio.get_running_loop().call_later(HEAD_LIMIT, transport.abort)

    def speaks(self, handler) -> None:
        """This connection has sent the head of a request, or is gone."""
        if timer := self._silent.pop(handler, None):
            timer.cancel()

    def connection_lost(self, handler, exc=None) -> None:
        self.speaks(handler)
        super().connection_lost(handler, exc)


class ApiServer:
    """Serves one function over HTTP/1.1, inside the running event loop."""

    def __init__(self, handle: Handle):
        self._handle = handle
        self._server: _Server | None = None
        self._runner: web.ServerRunner | None = None

    async def start(self, host: str, port: int = 0) -> str:
        """Listen (port 0: a free one) and return the URL. Raises LabError when the port is taken."""
        try:
            listener = bind_tcp(host, port)
        except OSError as error:
            raise LabError(f"TCP port {port} on {host} cannot be used: {error.strerror}. "
                           "Choose another --api-port, or 0 for a free one.") from error
        self._server = _Server(self._answer, access_log=None, lingering_time=LINGER)
        self._runner = web.ServerRunner(self._server, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.SockSite(self._runner, listener).start()
        shown = f"[{host}]" if ":" in host else host
        return f"http://{shown}:{listener.getsockname()[1]}"

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self._server.speaks(request.protocol)
        try:
            async with asyncio.timeout(BODY_LIMIT):
                body, is_whole = await _read(request.content)
        except TimeoutError:
            return web.Response(status=408, text="The request's body did not arrive in time.")
        status, headers, content = self._handle(request.method, request.raw_path, request.headers, body)
        response = web.Response(status=status, body=content, headers=headers)
        if not is_whole:
            response.force_close()          # the rest of the body is still on its way
        return response

    async def stop(self) -> None:
        """Close the listener and every connection."""
        if self._runner is not None:
            await self._runner.cleanup()


async def _read(content) -> tuple[bytes, bool]:
    """The body, and whether that is all of it: reading ends soon after LONGEST."""
    body = bytearray()
    async for chunk in content.iter_any():
        body += chunk
        if len(body) > LONGEST:
            return bytes(body), False
    return bytes(body), True
