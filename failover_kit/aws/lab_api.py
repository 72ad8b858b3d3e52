"""A lab's AWS API at hand: boto3 clients that talk to it, its URL, and the switches that only a lab has.

    lab.api.client("route53")  ->  boto3's own client, answered by api.py: in a live lab over HTTP, in a virtual lab
                                   without a socket

After this: lessons, the `serve` command. The account is made up, so no credentials are read or sent anywhere.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from ..errors import LabError
from ..service import Route53
from ..timeline import Note
from ..world import World
from .account import EPOCH
from .api import Api
from .control_panel import SafetyRule
from .json_rpc import SERVICES
from .protocol import Request, Response

if TYPE_CHECKING:
    from boto3.session import Session
    from botocore.client import BaseClient

CLIENTS = ("route53", *SERVICES)
NOT_READ = (None, None, os.devnull, None)       # botocore's setting without a name in a file or the environment
NOWHERE = "http://api.lab.invalid"      # RFC 2606: a virtual lab's clients never get as far as to look it up

_one_at_a_time = threading.Lock()               # boto3's clients may be shared by threads, its sessions not


class LabApi:
    """The API of one lab. Made by `lab.api`; a live lab's answers at `url` too, from the first use on."""

    def __init__(self, world: World, service: Route53, seed: int = 0):
        epoch = datetime.now(UTC) - timedelta(seconds=world.now()) if world.is_live else EPOCH
        self._world = world
        self._url: str | None = None
        self.api = Api(service, world.now, later=self._later, epoch=epoch, seed=seed)

    def start(self, host: str = "127.0.0.1", port: int = 0) -> str:
        """Listen for HTTP (port 0: a free one) and return the URL. Raises LabError if virtual, or the port is taken."""
        if not self._world.is_live:
            raise LabError("A virtual lab has no API address: nothing listens. Use lab.api.client(...), or Lab.live().")
        if self._url is not None:
            raise LabError(f"This lab's API listens at {self._url} already.")
        self._url = self._world.serve_api(self._handle_http, host, port)
        return self._url

    @property
    def url(self) -> str:
        """Where the API listens, in a live lab: what `--endpoint-url` or AWS_ENDPOINT_URL takes."""
        return self._url or self.start()

    def client(self, service: str = "route53", **options: Any) -> BaseClient:
        """boto3's client of route53, cloudwatch or route53-recovery-cluster, bound to this lab.

        It makes one attempt a call, and its waiters wait in lab time. `options` go to boto3's `client`.
        """
        from botocore.config import Config

        if service not in CLIENTS:
            raise LabError(f"This lab's API does not speak {service!r}. It speaks {', '.join(CLIENTS)}.")
        config = Config(proxies={}).merge(options.pop("config", None) or Config())
        url = self.url if self._world.is_live else NOWHERE
        with _one_at_a_time:
            client = _session().client(service, endpoint_url=url, config=config, **options)
        client.meta.events.register_first("before-send", self._answer_directly)
        name = client.meta.service_model.service_id.hyphenize()
        client.meta.events.unregister(f"needs-retry.{name}", unique_id=f"retry-config-{name}")     # one attempt a call
        stock_waiter = client.get_waiter
        client.get_waiter = lambda name: LabWaiter(self._world, stock_waiter(name))
        return client

    # ---- what only a lab has ------------------------------------------------------------------------------------

    @property
    def propagation(self) -> float:
        """Seconds of lab time until a change of a zone has reached the name servers."""
        return self.api.account.propagation

    @propagation.setter
    def propagation(self, seconds: float) -> None:
        if not seconds >= 0:
            raise LabError(f"propagation is {seconds!r} s, must be 0 or more. Route 53's is within 60, mostly.")
        self.api.account.propagation = seconds

    @property
    def time(self) -> datetime:
        """Now, in the lab's calendar: what SubmittedAt and CheckedTime are told in."""
        return self.api.account.date(self._world.now())

    def outage(self, is_down: bool = True) -> None:
        """Take Route 53's API down, or bring it back. DNS, checks and routing controls go on: they are data plane."""
        def change() -> None:
            self.api.is_up = not is_down
            self.api.account.service.timeline.add(
                Note(self._world.now(), "the Route 53 API is " + ("impaired" if is_down else "available again")))
        self._world.call(change)

    def routing_control(self, name: str, *, on: bool = True) -> str:
        """A new routing control, and its ARN: for a RECOVERY_CONTROL check and the route53-recovery-cluster client."""
        def add() -> str:
            arn = self.api.panel.add_control(name)
            self.api.account.service.set_control(arn, on, self._world.now())
            return arn
        return self._world.call(add)

    def safety_rule(self, name: str, controls: Iterable[str], *, targets: Iterable[str] = (), type: str = "ATLEAST",
                    threshold: int = 1, inverted: bool = False, wait_period_ms: int = 5000) -> str:
        """A new safety rule over these controls, and its ARN. With `targets` it is a gate, without an assertion."""
        rule = SafetyRule(name=name, controls=tuple(controls), targets=tuple(targets), type=type, threshold=threshold,
                          inverted=inverted, wait_period_ms=wait_period_ms)
        self._world.call(lambda: self.api.panel.add_rule(rule))
        return rule.arn

    # ---- between boto3, HTTP and the API ------------------------------------------------------------------------

    def handle(self, request: Request) -> Response:
        """The API's answer to a request, from any thread."""
        return self._world.call(lambda: self.api.handle(request))

    def _handle_http(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple:
        path, _, query = target.partition("?")
        answer = self.handle(Request(method, path, query, headers, body))
        return answer.status, answer.headers, answer.body

    def _answer_directly(self, request, **_):
        """botocore's before-send event: an answer here keeps the request off the network.

        A live lab's own actors are answered like this too. They must not wait for the server, which waits for them.
        """
        if not self._world.is_inside():
            return None
        from botocore.awsrequest import AWSResponse, HeadersDict

        path, _, query = request.url.removeprefix(self._url or NOWHERE).partition("?")
        headers = {name: value.decode() if isinstance(value, bytes) else value
                   for name, value in request.headers.items()}
        body = request.body.encode() if isinstance(request.body, str) else request.body or b""
        answer = self.handle(Request(request.method, path or "/", query, headers, body))
        return AWSResponse(request.url, answer.status, HeadersDict(answer.headers), _Content(answer.body))

    def _later(self, seconds: float, action) -> None:
        when, world = self._world.now() + seconds, self._world

        async def wait() -> None:
            await world.sleep_until(when)
            action()
        world.spawn(wait())


@cache
def _session() -> Session:
    """boto3 with made-up credentials, deaf to this machine's profiles and configuration."""
    from boto3.session import Session
    from botocore.session import Session as Settings

    settings = Settings(session_vars={"profile": (None,) * 4, "config_file": NOT_READ, "credentials_file": NOT_READ})
    return Session(aws_access_key_id="lab", aws_secret_access_key="lab", region_name="us-east-1",
                   botocore_session=settings)


class LabWaiter:
    """boto3's waiter, waiting in lab time: between two polls the lab's clock runs on for the waiter's delay."""

    def __init__(self, world: World, waiter):
        self._world = world
        self._waiter = waiter
        self.name = waiter.name
        self.config = waiter.config

    def wait(self, WaiterConfig: Mapping[str, int] | None = None, **parameters) -> None:
        """As boto3's `wait`. Raises botocore's WaiterError, and LabError when an actor of the lab itself would wait."""
        from botocore.exceptions import WaiterError

        settings = {"Delay": self.config.delay, "MaxAttempts": self.config.max_attempts, **(WaiterConfig or {})}
        for attempts_left in reversed(range(settings["MaxAttempts"])):
            try:
                return self._waiter.wait(WaiterConfig={"Delay": 0, "MaxAttempts": 1}, **parameters)
            except WaiterError as error:
                if "Max attempts exceeded" not in str(error) or not attempts_left:
                    raise
            if self._world.is_live and self._world.is_inside():
                raise LabError("This waits for the lab, so the lab's own actors cannot call it.")
            self._world.run(self._world.now() + settings["Delay"], lambda now: None)


class _Content:
    """As much of an HTTP response's body as botocore reads."""

    def __init__(self, data: bytes):
        self._data = data

    def stream(self, *_args, **_options) -> Iterator[bytes]:
        return iter([self._data])
