"""DNS over real sockets: UDP drained a wake-up at a time, TCP with length prefixes (RFC 1035 section 4.2, RFC 7766).

    datagram or TCP message  ->  respond(packet, client, draw, tcp=...)  ->  datagram or message
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
from collections.abc import Callable

from ..errors import LabError

DATAGRAMS_PER_WAKE = 64          # drained at once, so that other tasks still get their turn
MAX_DATAGRAM = 65_535            # bytes
TCP_IDLE = 10.0                  # seconds without a byte, then the connection is closed
MAX_CONNECTIONS = 200            # TCP connections at a time; further ones are closed at once
PORT_TRIES = 20                  # a free UDP port may be taken for TCP

Respond = Callable[..., bytes | None]


class DnsServer:
    """Serves one address and port over UDP and TCP, inside the running event loop."""

    def __init__(self, respond: Respond, seed: int | None = None):
        self._respond = respond
        self._draw = random.Random(seed).random
        self._udp: socket.socket | None = None
        self._tcp: asyncio.Server | None = None
        self._connections: set[asyncio.Task] = set()
        self.is_reachable = True            # False: packets are dropped, as if the network were gone

    async def start(self, host: str, port: int = 0) -> int:
        """Bind both sockets to the same port (0: a free one) and return it. Raises LabError when it is taken."""
        for _ in range(PORT_TRIES if port == 0 else 1):
            self._udp = _bound_udp(host, port)
            chosen = self._udp.getsockname()[1]
            try:
                self._tcp = await asyncio.start_server(self._serve_tcp, host, chosen)
            except OSError as error:
                self._udp.close()
                failure = error
                continue
            asyncio.get_running_loop().add_reader(self._udp.fileno(), self._drain)
            return chosen
        raise LabError(f"TCP port {port or 'any'} on {host} is taken ({failure.strerror}). Choose another --dns-port.")

    def _drain(self) -> None:
        """Answer the datagrams that are waiting."""
        receive, send, respond, draw = self._udp.recvfrom, self._udp.sendto, self._respond, self._draw
        for _ in range(DATAGRAMS_PER_WAKE):
            try:
                packet, client = receive(MAX_DATAGRAM)
            except (BlockingIOError, ConnectionError):
                return
            if not self.is_reachable:
                continue
            reply = respond(packet, client[0], draw())
            if reply is not None:
                try:
                    send(reply, client)
                except OSError:
                    continue              # this client is gone or its buffer is full; UDP promises nothing

    async def _serve_tcp(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        self._connections.add(task)
        try:
            if len(self._connections) <= MAX_CONNECTIONS:
                with contextlib.suppress(asyncio.IncompleteReadError):      # it has no more questions
                    await self._answer_stream(reader, writer)
            writer.close()
            async with asyncio.timeout(TCP_IDLE):
                await writer.wait_closed()                                  # replies on their way still arrive
        except (TimeoutError, ConnectionError):
            pass                          # the client went away or fell silent
        finally:
            writer.transport.abort()      # or a client that reads nothing would keep the connection
            self._connections.discard(task)

    async def _answer_stream(self, reader, writer) -> None:
        client = writer.get_extra_info("peername")[0]
        while True:
            async with asyncio.timeout(TCP_IDLE):
                length = int.from_bytes(await reader.readexactly(2), "big")
                packet = await reader.readexactly(length)
            reply = self._respond(packet, client, self._draw(), tcp=True) if self.is_reachable else None
            if reply is None:
                return
            writer.write(len(reply).to_bytes(2, "big") + reply)
            async with asyncio.timeout(TCP_IDLE):
                await writer.drain()

    async def stop(self) -> None:
        """Close both sockets and every connection."""
        if self._udp is not None:
            asyncio.get_running_loop().remove_reader(self._udp.fileno())
            self._udp.close()
        if self._tcp is not None:
            self._tcp.close()
            for task in tuple(self._connections):
                task.cancel()
            await asyncio.gather(*self._connections, return_exceptions=True)
            await self._tcp.wait_closed()


def _bound_udp(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    udp = socket.socket(family, socket.SOCK_DGRAM)
    try:
        udp.setblocking(False)
        udp.bind((host, port))
    except OSError as error:
        udp.close()
        raise LabError(f"UDP port {port} on {host} cannot be used: {error.strerror}. "
                       "Choose another --dns-port, or 0 for a free one.") from error
    return udp
