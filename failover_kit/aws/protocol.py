"""The nouns that every AWS protocol shares: a request, where it goes, a response, and an error.

    Request  ->  Route (operation, labels)  ->  dict in boto3's spelling  ->  Response, or AwsError  ->  Response

No sockets: whoever serves HTTP makes a Request and sends a Response.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ..errors import FailoverKitError

if TYPE_CHECKING:
    from botocore.model import OperationModel

MAX_BODY = 2 * 1024 * 1024     # bytes; the largest change batch Route 53 takes (1,000 records) is under 1 MiB


@dataclass(frozen=True)
class Request:
    """An HTTP request. `path` and `query` as on the request line, still percent-encoded; header names in any case."""

    method: str
    path: str                      # "/2013-04-01/hostedzone/Z1"
    query: str = ""                # "name=www&type=A", without the "?"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    def header(self, name: str) -> str | None:
        """The header's value whatever the case of its name, or None."""
        return next((value for key, value in self.headers.items() if key.lower() == name.lower()), None)


@dataclass(frozen=True)
class Route:
    """Which operation a request asks for, and the decoded values of the labels in its path."""

    operation: OperationModel
    labels: Mapping[str, str] = field(default_factory=dict)     # as the model's requestUri names them: {"Id": "Z1"}


@dataclass(frozen=True)
class Response:
    """An HTTP response, complete but for what the server adds (Content-Length, Date)."""

    status: int
    headers: Mapping[str, str]
    body: bytes = b""


class AwsError(FailoverKitError):
    """An error for the caller of the API, as AWS would answer it.

    `code` is what boto3 shows in `error.response["Error"]["Code"]`. Several `messages` stay several where the
    error has room for a list (InvalidChangeBatch). `status` None: as the service model says for this code.
    `fields` are further members of the error's shape, `headers` further headers of its response.
    """

    def __init__(self, code: str, *messages: str, status: int | None = None,
                 fields: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None):
        self.code = code
        self.messages = messages
        self.status = status
        self.fields = dict(fields or {})
        self.headers = dict(headers or {})
        super().__init__(code, *messages)      # all that pickle needs beside the attributes

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"

    @property
    def message(self) -> str:
        """All messages as one line."""
        return "; ".join(self.messages)


def bounded(body: bytes) -> bytes:
    """The body, if it is no larger than MAX_BODY.

    Raises:
        AwsError: RequestEntityTooLargeException (413).
    """
    if len(body) > MAX_BODY:
        raise AwsError("RequestEntityTooLargeException",
                       f"The request body has {len(body)} bytes; at most {MAX_BODY} are read.")
    return body
