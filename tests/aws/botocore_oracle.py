"""What the AWS protocols are compared with: random values for a shape, botocore's own requests, its reading of answers,
and boto3 clients whose network is a function.

`sample(shape, rng)` obeys required, min, max, enum and pattern: what it makes, boto3 could send or AWS answer.
"""

import json
from datetime import UTC, datetime, timedelta
from random import Random

import boto3
from botocore.awsrequest import AWSResponse, HeadersDict, create_request_object, prepare_request_dict
from botocore.parsers import create_parser
from botocore.serialize import create_serializer

from failover_kit.aws.protocol import Request

ENDPOINT = "http://127.0.0.1:1"
WORD = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-"
ANYTHING = WORD + " .,:;/\\+%?#=~()[]{}$^!<>&\"'`|\t\n\x85é߷中\u2028\ufffd😀"
IPV4, IPV6 = ["192.0.2.10", "127.0.1.10", "255.255.255.255"], ["2001:db8::1", "::1", "fe80::1%eth0"]

# pattern of the models -> how to make one that matches; a new pattern in a model fails here by name
BY_PATTERN = {
    r".*\S.*": lambda rng, size: "x" + text(WORD + " ", rng, size - 1),
    r"[0-9A-Za-z_\-\*]+": lambda rng, size: text(WORD + "*", rng, size),
    r"[0-9A-Za-z_\-]+": lambda rng, size: text(WORD, rng, size),
    r"\p{ASCII}+": lambda rng, size: text(WORD + " <>&\n~", rng, size),
    r"[-+]?[0-9]{1,2}(\.[0-9]{0,2})?": lambda rng, size: rng.choice(["7", "-49.2", "+1.", "90.00"]),
    r"[-+]?[0-9]{1,3}(\.[0-9]{0,2})?": lambda rng, size: rng.choice(["7", "-179.22", "+1.", "180"]),
    r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}": lambda rng, size: "0a1b2c3d-0123-4567-89ab-0123456789ab",
    r"^[A-Za-z0-9:.\/_-]*$": lambda rng, size: text(WORD + ":./", rng, size),
    r"^\S+$": lambda rng, size: text(WORD + "<&é", rng, size),
    r"[\S]*": lambda rng, size: text(WORD + "+/=<&", rng, size),
    r"^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?"
    r"(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$": lambda rng, size: rng.choice(["2026-11-24T10:46:52Z",
                                                                              "2024-02-29T23:59:59.123+01:00"]),
    r"[^:].*": lambda rng, size: "A" + text(WORD + " :/<&é", rng, size - 1),
}


def text(alphabet: str, rng: Random, size: int) -> str:
    return "".join(rng.choices(alphabet, k=size))


def sample(shape, rng: Random, alphabet: str = ANYTHING):
    """A random value that the shape allows. Optional members are there or not."""
    limits = shape.metadata
    low = limits.get("min")
    match shape.type_name:
        case "structure" if shape.is_tagged_union:
            name = rng.choice(list(shape.members))
            return {name: _member(shape.members[name], rng, alphabet)}
        case "structure":
            return {name: _member(member, rng, alphabet) for name, member in shape.members.items()
                    if name in shape.required_members or rng.random() < 0.6}
        case "list":
            return [sample(shape.member, rng, alphabet) for _ in range(_size(rng, low or 0, limits.get("max"), 3))]
        case "map":
            size = _size(rng, low or 0, limits.get("max"), 3)
            return {f"{number}{sample(shape.key, rng, WORD)}": sample(shape.value, rng, alphabet)
                    for number in range(size)}
        case "string" if limits.get("enum"):
            return rng.choice(limits["enum"])
        case "string":
            pattern = limits.get("pattern")
            if pattern and "fe80" in pattern:
                return rng.choice(IPV4 + IPV6)
            size = _size(rng, max(low or 0, 1 if pattern else 0), limits.get("max"), 20)
            return BY_PATTERN[pattern](rng, size) if pattern else text(alphabet, rng, size)
        case "integer" | "long" as kind:
            bits = 31 if kind == "integer" else 63
            low = -(2**bits) if low is None else low
            high = min(limits.get("max", 2**bits - 1), 2**bits - 1)
            return rng.choice([low, high, rng.randint(low, high)])
        case "float" | "double":
            return rng.choice([0.0, -1.5, 1e-300, 1.7e308, float("inf"), float("-inf"), rng.uniform(-1e6, 1e6)])
        case "boolean":
            return rng.random() < 0.5
        case "timestamp":
            return datetime(2001, 1, 1, tzinfo=UTC) + timedelta(
                seconds=rng.randrange(10**9), microseconds=rng.choice([0, rng.randrange(10**6)]))
    raise AssertionError(f"no sample for a {shape.type_name}")


def plain(value) -> str:
    """One text for a value, types included: True is not 1, and a time is compared by its instant."""
    return json.dumps(value, default=lambda moment: moment.astimezone(UTC).isoformat(), sort_keys=True)


def botocore_request(operation, params, protocol: str, validate: bool = True) -> Request:
    """What botocore itself would send for these parameters."""
    serialised = create_serializer(protocol, include_validation=validate).serialize_to_request(params, operation)
    prepare_request_dict(serialised, ENDPOINT)
    return as_request(create_request_object(serialised).prepare())


def as_request(sent) -> Request:
    """An AWSPreparedRequest as the server gets it."""
    path, _, query = sent.url.removeprefix(ENDPOINT).partition("?")
    headers = {name: value.decode() if isinstance(value, bytes) else value for name, value in sent.headers.items()}
    body = sent.body.encode() if isinstance(sent.body, str) else sent.body or b""
    return Request(sent.method, path, query, headers, body)


def botocore_answer(response, shape, protocol: str):
    """What botocore makes of a response: (parsed members, metadata)."""
    parsed = create_parser(protocol).parse(
        {"status_code": response.status, "headers": HeadersDict(response.headers), "body": response.body}, shape)
    return parsed, parsed.pop("ResponseMetadata", {})


def offline_client(service: str, serve):
    """A boto3 client whose requests go to `serve`, a function from Request to Response, and nowhere else."""
    client = boto3.client(service, region_name="us-east-1", endpoint_url=ENDPOINT,
                          aws_access_key_id="x", aws_secret_access_key="x")

    def answer(request, **_):
        response = serve(as_request(request))
        return AWSResponse(request.url, response.status, HeadersDict(response.headers), Body(response.body))

    client.meta.events.register("before-send.*", answer)
    return client


class Body:
    """As much of an HTTP response's body as botocore reads."""

    def __init__(self, data: bytes):
        self.data = data

    def stream(self, *_args, **_options):
        return iter([self.data])


def _size(rng: Random, low: int, high: int | None, span: int) -> int:
    return rng.randint(low, min(low + span, high if high is not None else low + span))


def _member(member, rng: Random, alphabet: str):
    if member.serialization.get("location") == "header":
        alphabet = WORD + "/:."                                 # what an HTTP header can carry
    if member.name in ("ResourceId", "DelegationSetId", "ChangeId"):
        alphabet = WORD + ".~ %+é"                              # boto3 cuts these at the last slash
    value = sample(member, rng, alphabet)
    return value or "Z1" if member.serialization.get("location") == "uri" else value      # no empty path segments
