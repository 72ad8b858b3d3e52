"""The AWS API of a lab: Route 53, the switches of Application Recovery Controller, and CloudWatch's data points.

    protocol.Request  ->  operation and parameters  ->  operations/  ->  protocol.Response, always

Pure: no sockets, and time is a function that is given. lab_api.py puts it in front of boto3, network/ behind HTTP.
"""

from __future__ import annotations

import logging
import uuid
from collections import deque
from collections.abc import Callable
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import ConfigurationError
from ..service import Route53
from . import json_rpc, query_rpc, rest_xml
from .account import EPOCH, PROPAGATION, Account, Later
from .control_panel import ControlPanel
from .model import ANY_PARAMETER_ERROR, PARAMETER_ERRORS, service_model
from .operations import OPERATIONS
from .protocol import AwsError, Request, Response, Route

if TYPE_CHECKING:
    from datetime import datetime

    from botocore.model import OperationModel

log = logging.getLogger(__name__)


class Protocol(NamedTuple):
    """How one service is spoken."""

    service: str
    route: Callable[[Request], Route]
    parse: Callable[[Route, Request], dict[str, Any]]
    answer: Callable[[OperationModel, dict[str, Any], str], Response]
    refuse: Callable[[AwsError, str], Response]


def protocol_of(request: Request) -> Protocol:
    """The protocol that a request is in: JSON by its target, CloudWatch's form by its path, or Route 53's XML."""
    target = request.header(json_rpc.TARGET)
    if target is not None:
        service = next((name for name in json_rpc.SERVICES
                        if target.startswith(service_model(name).metadata["targetPrefix"] + ".")), json_rpc.SERVICES[0])
        return Protocol(service, json_rpc.route, json_rpc.parse_request, json_rpc.serialise_response,
                        partial(json_rpc.serialise_error, service=service_model(service)))
    if request.method == "POST" and request.path in ("", "/"):
        return Protocol(query_rpc.SERVICE, query_rpc.route, query_rpc.parse_request, query_rpc.serialise_response,
                        query_rpc.serialise_error)
    return Protocol("route53", rest_xml.route, rest_xml.parse_request, rest_xml.serialise_response,
                    rest_xml.serialise_error)


class Api:
    """Answers AWS requests about one lab.

    `propagation` is how many seconds of lab time a change of a zone takes to reach the name servers; `later` is asked
    to do something after so many seconds. With `requests_per_second`, Route 53 answers Throttling
    beyond that many a second of lab time.
    """

    def __init__(self, service: Route53, now: Callable[[], float], *, later: Later | None = None,
                 propagation: float = PROPAGATION, epoch: datetime = EPOCH, seed: int = 0,
                 requests_per_second: int | None = None):
        self.account = Account(service, now, later=later, propagation=propagation, epoch=epoch, seed=seed)
        self.requests_per_second = requests_per_second
        self.is_up = True                    # False: Route 53's control plane is impaired; DNS and switches go on
        self._recent: deque[float] = deque()
        self._request_ids = Random(f"{seed} requests")

    @property
    def panel(self) -> ControlPanel:
        """The routing controls and their safety rules."""
        return self.account.panel

    def handle(self, request: Request) -> Response:
        """The answer to a request. Never raises: what goes wrong becomes an AWS error."""
        request_id = str(uuid.UUID(int=self._request_ids.getrandbits(128), version=4))
        protocol = protocol_of(request)
        try:
            return self._answer(protocol, request, request_id)
        except AwsError as error:
            return protocol.refuse(error, request_id)
        except ConfigurationError as error:
            code = PARAMETER_ERRORS.get(protocol.service, ANY_PARAMETER_ERROR)[1]
            return protocol.refuse(AwsError(code, *map(str, error.problems)), request_id)
        except Exception:
            log.exception("%s %s could not be answered (request id %s)", request.method, request.path, request_id)
            return protocol.refuse(AwsError("InternalFailure", "The lab's API failed; its log says more."), request_id)

    def _answer(self, protocol: Protocol, request: Request, request_id: str) -> Response:
        if protocol.service == "route53":
            self._admit()
        target = protocol.route(request)
        operation = target.operation
        act = OPERATIONS[protocol.service].get(operation.name)
        if act is None:
            raise AwsError("NotImplemented", f"{operation.name} is not part of this lab.")
        asked = protocol.parse(target, request)
        self.account.catch_up()
        return protocol.answer(operation, act(self.account, asked), request_id)

    def _admit(self) -> None:
        """Raises AwsError while the control plane is down, or asked too often."""
        if not self.is_up:
            raise AwsError("ServiceUnavailable", "The Route 53 API is impaired. DNS answers and health checks go on.")
        if self.requests_per_second is not None:
            now = self.account.now()
            while self._recent and self._recent[0] <= now - 1:
                self._recent.popleft()
            if len(self._recent) >= self.requests_per_second:
                raise AwsError("Throttling", "Rate exceeded", status=400)
            self._recent.append(now)

