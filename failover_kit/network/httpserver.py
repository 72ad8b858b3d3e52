"""aiohttp's server, for few connections at a time, and none that says nothing.

    a function of one request  ->  LimitedServer  ->  what websites.py and apiserver.py listen with

Without it a client that opens connections, or leaves them open in silence, takes every socket that this process may have.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from aiohttp import web

MAX_CONNECTIONS = 200         # of one server at a time; further ones are closed at once
HEAD_LIMIT = 10.0             # real seconds for a new connection to say what it wants


class LimitedServer(web.Server):
    """Calls `handler` for each request. `options` are those of aiohttp's server."""

    def __init__(self, handler: Callable[[web.BaseRequest], Awaitable[web.StreamResponse]], **options):
        async def spoken(request: web.BaseRequest) -> web.StreamResponse:
            self._speaks(request.protocol)
            return await handler(request)
        super().__init__(spoken, **options)
        self._silent: dict[object, asyncio.TimerHandle] = {}      # connections without a request so far

    def connection_made(self, handler, transport) -> None:
        super().connection_made(handler, transport)
        if len(self.connections) > MAX_CONNECTIONS:
            asyncio.get_running_loop().call_soon(transport.abort)     # not before aiohttp has begun with it
        else:
            self._silent[handler] = asyncio.get_running_loop().call_later(HEAD_LIMIT, transport.abort)

    def _speaks(self, handler) -> None:
        """This connection has sent the head of a request, or is gone."""
        if timer := self._silent.pop(handler, None):
            timer.cancel()

    def connection_lost(self, handler, exc=None) -> None:
        self._speaks(handler)
        super().connection_lost(handler, exc)
