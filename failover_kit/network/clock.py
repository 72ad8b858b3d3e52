"""Lab time on a real clock: actors as asyncio tasks in one background thread, sites and DNS on real sockets.

    lab seconds = real seconds in which the machine let the lab run (see pulse) x speed

Everything that touches the lab's state runs in that one thread; `call` gets you there and back.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import threading
import time
from collections.abc import Callable, Coroutine

from ..errors import LabError
from ..faults import Site, Visit
from ..places import Place
from ..probing import Exchange
from ..world import DNS_TIMEOUT, HttpRequest, World, draw_for
from .addresses import LOOPBACK, AddressBook, has_all_of_loopback, is_loopback, warn_if_open
from .apiserver import ApiServer, Handle
from .client import Client
from .dnsserver import DnsServer
from .loops import new_loop
from .pulse import Pulse
from .websites import Website

CALL_LIMIT = 30.0        # real seconds to wait for the lab's thread before giving up on it
PROGRESS_STEP = 0.1      # real seconds between two signs of progress


class LiveWorld(World):
    """The world on loopback, in real time times `speed`."""

    is_live = True

    def __init__(self, seed: int, respond, *, speed: float = 1.0, host: str = LOOPBACK, dns_port: int = 0):
        super().__init__(seed, respond)
        if not 0 < speed <= 100:
            raise LabError(f"speed is {speed!r}, must be above 0 and at most 100: "
                           "timeouts shrink with it, and below a few milliseconds they mean nothing.")
        warn_if_open(host)
        self.speed = speed
        self._closing = False
        self._failures: list[BaseException] = []
        self._tasks: set[asyncio.Task] = set()
        self._websites: dict[str, Website] = {}
        self._api_servers: list[ApiServer] = []
        self._book = AddressBook()
        self._loop = new_loop()
        self._thread = threading.Thread(target=self._run_loop, name="failover-lab", daemon=True)
        self._thread.start()
        self._pulse = Pulse()
        self._loop.call_soon_threadsafe(self._pulse.start)
        self._dns = DnsServer(respond, seed)
        self._client = Client(speed, self._pulse, bind_source=has_all_of_loopback())
        try:
            self.dns_host, self.dns_port = host, self._await(self._dns.start(host, dns_port))
        except BaseException:
            self.close()
            raise

    def _run_loop(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_forever()

    # ---- time ---------------------------------------------------------------------------------------------------

    def now(self) -> float:
        return self._pulse.time() * self.speed

    @property
    def stalled(self) -> float:
        return self._pulse.stalled

    async def sleep_until(self, when: float) -> None:
        await self._pulse.sleep((when - self.now()) / self.speed)

    def spawn(self, coroutine: Coroutine) -> None:
        def start():
            task = self._loop.create_task(coroutine)
            self._tasks.add(task)
            task.add_done_callback(self._finished)
        self.call(start)

    def _finished(self, task: asyncio.Task) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception():
            self._failures.append(task.exception())

    def finish(self, coroutine: Coroutine):
        return self._await(coroutine, limit=None)

    def call(self, function: Callable):
        if self.is_inside():
            return function()

        async def there():
            return function()
        return self._await(there())

    def is_inside(self) -> bool:
        """Is the caller in the lab's own thread?"""
        return threading.current_thread() is self._thread

    def _await(self, coroutine: Coroutine, limit: float | None = CALL_LIMIT):
        """Run a coroutine in the lab's thread and wait for what it gives."""
        if self._loop.is_closed() or self.is_inside():
            coroutine.close()
            if not self._loop.is_closed():
                raise LabError("This waits for the lab, so the lab's own actors cannot call it.")
            raise LabError("This lab is closed. Make a new one.")
        try:
            return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(limit)
        except concurrent.futures.TimeoutError:
            raise LabError(f"The lab did not answer within {limit:g} s. Close it and make a new one.") from None
        except (concurrent.futures.CancelledError, RuntimeError):
            if self._loop.is_closed() or self._closing:      # somebody closed the lab meanwhile
                coroutine.close()
                raise LabError("This lab is closed. Make a new one.") from None
            raise

    def run(self, until: float, progress: Callable[[float], None]) -> None:
        while (left := (until - self.now()) / self.speed) > 0:
            time.sleep(min(left, PROGRESS_STEP))
            progress(min(self.now(), until))
            self._raise_failures()

    def _raise_failures(self) -> None:
        if self._failures:
            raise self._failures.pop(0)

    # ---- sites and DNS ------------------------------------------------------------------------------------------

    def open_site(self, site: Site) -> None:
        super().open_site(site)
        for address in site.addresses:
            website = self._websites[address] = Website(site, address, self._book, self)
            if self.is_inside():
                self.spawn(website.start())
            else:
                self._await(website.start())

    def site_changed(self, site: Site) -> None:
        """Open or close the site's door; a flapping site does so again and again until it is repaired."""
        if self.is_inside():
            self.spawn(self._open_or_close(site))
        else:
            self._await(self._open_or_close(site))
        if "flapping" in site.active:
            self.spawn(self._flap(site, site.active["flapping"]))

    async def _open_or_close(self, site: Site) -> None:
        for address in site.addresses:
            await self._websites[address].site_changed()

    async def _flap(self, site: Site, options) -> None:
        while site.active.get("flapping") is options:
            into = (self.now() - options["since"]) % options["period"]
            turn = options["down"] if into < options["down"] else options["period"]
            await self.sleep_until(self.now() + turn - into + 0.001)
            await self._open_or_close(site)

    def url(self, site: Site) -> str:
        return self._websites[site.address].url

    @property
    def moved(self) -> dict[str, tuple[str, int]]:
        return dict(self._book.moved)

    async def exchange(self, request: HttpRequest) -> Exchange:
        """A real exchange, unless the way there is broken: then the client waits as long as it would in vain."""
        site = self.sites.get(request.address)
        lost = site is not None and self._lost_on_the_way(site, request)
        if lost or (site is None and not is_loopback(request.address)):
            started = self.now()
            await self._pulse.sleep(request.limits.connect / self.speed)
            return Exchange(took=self.now() - started)
        if site is None:
            return await self._client.exchange(request, request.address, request.port or 80)
        if request.tls:
            await self._websites[request.address].serve_tls()
        host, port = self._book.reserve(request.address, tls=request.tls)
        return await self._client.exchange(request, host, port)

    def _lost_on_the_way(self, site: Site, request: HttpRequest) -> bool:
        draw = draw_for(self.seed, "loss", *request.key)
        return site.behaviour(Visit(request.path, request.client, self.now(), draw)).lost

    async def ask(self, packet: bytes, client: Place, draw: float, *, tcp: bool = False) -> bytes | None:
        self._dns.is_reachable = self.dns_is_up
        try:
            async with self._pulse.limit(DNS_TIMEOUT / min(self.speed, 4)):
                return await (_ask_tcp if tcp else _ask_udp)(packet, self.dns_host, self.dns_port)
        except (TimeoutError, OSError):
            return None

    def serve_api(self, handle: Handle, host: str = LOOPBACK, port: int = 0) -> str:
        """Serve the AWS API over HTTP beside the DNS server (port 0: a free one) and return its URL."""
        warn_if_open(host)
        server = ApiServer(handle)
        url = self._await(server.start(host, port))
        self._api_servers.append(server)
        return url

    def close(self) -> None:
        """Stop every actor, close every socket, end the thread. Twice is fine."""
        if self._loop.is_closed():
            return
        if self.is_inside():              # a forgotten lab is closed by the garbage collector, which runs anywhere
            threading.Thread(target=self.close, name="failover-lab-end").start()
            return
        self._closing = True
        if self._thread.is_alive():
            asyncio.run_coroutine_threadsafe(self._shut(), self._loop).result(CALL_LIMIT)
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(CALL_LIMIT)
        self._book.close()
        self._loop.close()

    async def _shut(self) -> None:
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for website in self._websites.values():
            await website.stop()
        await self._client.close()
        for server in self._api_servers:
            await server.stop()
        await self._dns.stop()
        rest = asyncio.all_tasks() - {asyncio.current_task()}          # connections whose clients left just now
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        await self._loop.shutdown_asyncgens()


class _OneReply(asyncio.DatagramProtocol):
    """Waits for the datagram that carries the query's id."""

    def __init__(self, packet: bytes):
        self._packet = packet
        self.reply = asyncio.get_running_loop().create_future()

    def connection_made(self, transport) -> None:
        transport.sendto(self._packet)

    def datagram_received(self, data: bytes, address) -> None:
        if data[:2] == self._packet[:2] and not self.reply.done():
            self.reply.set_result(data)

    def error_received(self, error) -> None:
        if not self.reply.done():
            self.reply.set_exception(error)


async def _ask_udp(packet: bytes, host: str, port: int) -> bytes:
    transport, protocol = await asyncio.get_running_loop().create_datagram_endpoint(
        lambda: _OneReply(packet), remote_addr=(host, port))
    try:
        return await protocol.reply
    finally:
        transport.close()


async def _ask_tcp(packet: bytes, host: str, port: int) -> bytes:
    reader, writer = await asyncio.open_connection(host, port)
    try:
        writer.write(len(packet).to_bytes(2, "big") + packet)
        return await reader.readexactly(int.from_bytes(await reader.readexactly(2), "big"))
    finally:
        writer.close()
