"""The event loop that a live lab runs on: one that can watch a socket.

    asyncio  ->  new_loop()  ->  a loop with add_reader

The DNS server reads its UDP socket by itself, many datagrams at a wake-up, and needs `add_reader` for that. What asyncio
makes by default on Windows (a proactor loop) has none, and stops reading UDP once a client's port is gone. The loop here
watches up to 512 sockets on Windows; the servers' own limits stay below that.
Source: Python documentation, asyncio, "Platform Support".
"""

from __future__ import annotations

import asyncio


def new_loop() -> asyncio.AbstractEventLoop:
    """A loop that has `add_reader` on every system, whatever the program's own default is."""
    return asyncio.SelectorEventLoop()
