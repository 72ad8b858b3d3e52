"""What a zone would answer to a resolver somewhere. Source: Route 53 API Reference, TestDNSAnswer."""

from __future__ import annotations

import ipaddress
from typing import Any

from ...authority import Authority
from ...errors import ConfigurationError
from ...records import Question
from ..account import Account
from ..protocol import AwsError
from ..shapes import aws_name, kit_name
from .zones import name_servers


def dns_answer(account: Account, asked: dict[str, Any]) -> dict[str, Any]:
    """Reads the zone as it is now, without asking the DNS: a change that is PENDING shows here already."""
    zone = account.zone(asked["HostedZoneId"])
    try:
        name = kit_name(asked["RecordName"])
    except ConfigurationError as error:
        raise AwsError("InvalidInput", f"RecordName: {error.problems[0].what}") from error
    answers = Authority([zone], account.service.statuses).answers(Question(name, asked["RecordType"]), _client(asked))
    reply = answers.drawn(account.random.random()).reply
    return {"Nameserver": name_servers(zone)[0], "RecordName": aws_name(name),
            "RecordType": asked["RecordType"],
            "RecordData": [value for rrset in reply.answer for value in rrset.values],
            "ResponseCode": reply.rcode, "Protocol": "UDP"}


def _client(asked: dict[str, Any]) -> str:
    """Where the question comes from: the client's network if the resolver tells it, else the resolver."""
    resolver, client = asked.get("ResolverIP", "us-east-1"), asked.get("EDNS0ClientSubnetIP")
    if client is None:
        if "EDNS0ClientSubnetMask" in asked:
            raise AwsError("InvalidInput", "EDNS0ClientSubnetMask needs EDNS0ClientSubnetIP beside it.")
        return resolver
    address = ipaddress.ip_address(client)
    mask = asked.get("EDNS0ClientSubnetMask", "24" if address.version == 4 else "64")
    if not (mask.isascii() and mask.isdigit() and int(mask) <= address.max_prefixlen):
        raise AwsError("InvalidInput", f"EDNS0ClientSubnetMask is {mask!r}, must be 0 to {address.max_prefixlen} for "
                                       f"{client}.")
    network = ipaddress.ip_network(f"{client}/{mask}", strict=False)
    return str(network.network_address) if network.prefixlen else resolver


OPERATIONS = {"TestDNSAnswer": dns_answer}
