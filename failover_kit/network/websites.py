"""A real web server a site. It acts out the site's behaviour: serves, delays, errs, hangs, or refuses connections.

    faults.Site.behaviour(visit)  ->  what a browser, a checker or curl meets
"""

from __future__ import annotations

import asyncio
import ssl
from functools import cache

from aiohttp import web

from ..faults import Site, Visit
from ..places import Place, locate
from .addresses import AddressBook, bind_tcp


@cache
def certificate(name: str) -> ssl.SSLContext:
    """A server context with a certificate that nobody signed but us: Route 53's checkers accept any."""
    import trustme

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(name).configure_cert(context)
    return context


class Website:
    """A server for one address of a site. `now` gives lab time, `speed` is lab seconds a real second."""

    def __init__(self, site: Site, address: str, book: AddressBook, now, speed: float):
        self.site = site
        self._address = address
        self._book = book
        self._now = now
        self._speed = speed
        self._runner: web.ServerRunner | None = None
        self._door = asyncio.Lock()               # opened and closed by one at a time: a flapping site, a repair
        self._released = asyncio.Event()          # lets hanging requests go when the server stops
        self._endpoints = [(book.reserve(address), None)]

    @property
    def url(self) -> str:
        host, port = self._endpoints[0][0]
        return f"http://{host}:{port}/"

    async def start(self) -> None:
        self._runner = web.ServerRunner(web.Server(self._handle, access_log=None, handler_cancellation=True),
                                        shutdown_timeout=0)        # a request ends when its client leaves
        await self._runner.setup()
        async with self._door:
            await self._listen()

    async def serve_tls(self) -> None:
        """Listen for HTTPS as well, from the first time that somebody wants it."""
        if len(self._endpoints) == 1:
            self._endpoints.append((self._book.reserve(self._address, tls=True), certificate(self.site.name)))
            await self.site_changed()

    async def site_changed(self) -> None:
        """Stop listening when the site refuses connections, listen again when it does not."""
        async with self._door:
            await self._silence()
            await self._listen()

    async def _listen(self) -> None:
        if self._refuses():
            return
        for (host, port), context in self._endpoints:
            await web.SockSite(self._runner, bind_tcp(host, port), ssl_context=context, backlog=128).start()

    async def _silence(self) -> None:
        for listening in tuple(self._runner.sites):
            await listening.stop()

    def _refuses(self) -> bool:
        return self._behaviour("/", self.site.place).refused

    def _behaviour(self, path: str, client: Place):
        return self.site.behaviour(Visit(path, client, self._now(), draw=1.0))   # losses happen on the way, not here

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        behaviour = self._behaviour(request.path_qs, locate(request.remote or self.site.place.code))
        if behaviour.lost or behaviour.wait is None:
            await self._released.wait()
        if behaviour.refused or self._released.is_set():      # refused: flapping went down after the connection was made
            if request.transport is not None:                 # None: the client has left by itself
                request.transport.abort()
        else:
            await asyncio.sleep(behaviour.wait / self._speed)
        return web.Response(status=behaviour.status, text=behaviour.body, content_type="text/html",
                            headers={"X-Served-By": self.site.name})

    async def stop(self) -> None:
        self._released.set()
        if self._runner is not None:
            await self._runner.cleanup()
