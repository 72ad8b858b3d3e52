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
from ..world import World
from .addresses import AddressBook, is_loopback
from .client import CLIENT_HEADER
from .httpserver import LimitedServer


@cache
def certificate(name: str) -> ssl.SSLContext:
    """A server context with a certificate that nobody signed but us: Route 53's checkers accept any."""
    import trustme

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert(name).configure_cert(context)
    return context


class Website:
    """A server for one address of a site. `clock` gives lab time, and waits in it."""

    def __init__(self, site: Site, address: str, book: AddressBook, clock: World):
        self.site = site
        self._address = address
        self._book = book
        self._clock = clock
        self._runner: web.ServerRunner | None = None
        self._door = asyncio.Lock()               # opened and closed by one at a time: a flapping site, a repair
        self._released = asyncio.Event()          # lets hanging requests go when the server stops
        self._doors: dict[bool, ssl.SSLContext | None] = {False: None}       # by TLS
        book.reserve(address)

    @property
    def url(self) -> str:
        host, port = self._book.reserve(self._address)
        return f"http://{host}:{port}/"

    async def start(self) -> None:
        self._runner = web.ServerRunner(LimitedServer(self._handle, access_log=None, handler_cancellation=True),
                                        shutdown_timeout=0)        # a request ends when its client leaves
        await self._runner.setup()
        async with self._door:
            await self._listen()

    async def serve_tls(self) -> None:
        """Listen for HTTPS as well, from the first time that somebody wants it."""
        if True not in self._doors:
            self._doors[True] = certificate(self.site.name)
            await self.site_changed()

    async def site_changed(self) -> None:
        """Stop listening when the site refuses connections, listen again when it does not."""
        async with self._door:
            await self._silence()
            await self._listen()

    async def _listen(self) -> None:
        if self._refuses():
            return
        for tls, context in self._doors.items():
            listener = self._book.listener(self._address, tls)
            await web.SockSite(self._runner, listener, ssl_context=context, backlog=128).start()

    async def _silence(self) -> None:
        for listening in tuple(self._runner.sites):
            await listening.stop()
        for tls in self._doors:
            self._book.hold(self._address, tls)

    def _refuses(self) -> bool:
        return self._behaviour("/", self.site.place).refused

    def _behaviour(self, path: str, client: Place):
        return self.site.behaviour(Visit(path, client, self._clock.now(), draw=1.0))   # losses happen on the way, not here

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        behaviour = self._behaviour(request.path_qs, self._place_of(request))
        if behaviour.lost or behaviour.wait is None:
            await self._released.wait()
        if behaviour.refused or self._released.is_set():      # refused: flapping went down after the connection was made
            if request.transport is not None:                 # None: the client has left by itself
                request.transport.abort()
        else:
            await self._clock.sleep_until(self._clock.now() + behaviour.wait)
        return web.Response(status=behaviour.status, text=behaviour.body, content_type="text/html",
                            headers={"X-Served-By": self.site.name})

    def _place_of(self, request: web.BaseRequest) -> Place:
        named = request.headers.get(CLIENT_HEADER, "")
        return locate(named if is_loopback(named) else request.remote or self.site.place.code)

    async def stop(self) -> None:
        self._released.set()
        if self._runner is not None:
            await self._runner.cleanup()
