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
from .httpserver import LimitedServer

LONGEST = 4 * 1024 * 1024     # bytes of a body that are read; the API itself says what is too much
BODY_LIMIT = 30.0             # real seconds for a body to arrive
LINGER = 0.2                  # real seconds in which the rest of a refused body is read and thrown away

Handle = Callable[[str, str, Mapping[str, str], bytes], tuple[int, Mapping[str, str], bytes]]


class ApiServer:
    """Serves one function over HTTP/1.1, inside the running event loop."""

    def __init__(self, handle: Handle, longest: int = LONGEST):
        self._handle, self._longest = handle, longest
        self._runner: web.ServerRunner | None = None

    async def start(self, host: str, port: int = 0) -> str:
        """Listen (port 0: a free one) and return the URL. Raises LabError when the port is taken."""
        try:
            listener = bind_tcp(host, port)
        except OSError as error:
            raise LabError(f"TCP port {port} on {host} cannot be used: {error.strerror}. "
                           "Choose another port, or 0 for a free one.") from error
        server = LimitedServer(self._answer, access_log=None, lingering_time=LINGER)
        self._runner = web.ServerRunner(server, shutdown_timeout=1.0)
        await self._runner.setup()
        await web.SockSite(self._runner, listener).start()
        shown = f"[{host}]" if ":" in host else host
        return f"http://{shown}:{listener.getsockname()[1]}"

    async def _answer(self, request: web.BaseRequest) -> web.StreamResponse:
        try:
            async with asyncio.timeout(BODY_LIMIT):
                body, is_whole = await _read(request.content, self._longest)
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


async def _read(content, longest: int) -> tuple[bytes, bool]:
    """The body, and whether that is all of it: reading ends soon after `longest` bytes."""
    body = bytearray()
    async for chunk in content.iter_any():
        body += chunk
        if len(body) > longest:
            return bytes(body), False
    return bytes(body), True
