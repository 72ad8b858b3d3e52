"""The real world: a clock, UDP and TCP sockets, web servers and HTTP clients. Nothing else in the kit does I/O like this.

    loops.py       the event loop
    addresses.py   where each site's address really is on this system
    clock.py       lab time on a real clock, actors as asyncio tasks in one background thread
    dnsserver.py   UDP and TCP in front of nameserver.NameServer
    httpserver.py  an HTTP server with a limit on connections
    websites.py    a web server a site, acting out faults
    apiserver.py   HTTP in front of the AWS API (aws/api.py)
    client.py      one HTTP or TCP exchange, measured part by part

Everything binds loopback, on free ports unless told otherwise.
"""

from .clock import LiveWorld

__all__ = ["LiveWorld"]
