"""Opens a booth on a socket, inside a running event loop.

    Booth, host, port  ->  open_booth  ->  the URL, until the block ends
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from failover_kit.network.apiserver import ApiServer

from .booth import LONGEST_VOTE, Booth


@asynccontextmanager
async def open_booth(booth: Booth, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[str]:
    """Listen (port 0: a free one). Raises LabError where the port is taken."""
    server = ApiServer(booth, longest=LONGEST_VOTE)
    url = await server.start(host, port)
    try:
        yield url
    finally:
        await server.stop()
