"""Zones written as in a zone file, so that a test, knot and nsd can read the same text."""

import shlex

from failover_kit.records import AliasTarget, RecordSet
from failover_kit.zone import HostedZone


def zone(name, text, **fields):
    """A HostedZone from lines of "owner TTL type value"; records of one owner and type are one record set.

    "owner alias type target" makes an alias record, with "evaluate" behind it one that evaluates its target.
    """
    plain, aliases = {}, []
    for line in filter(None, map(str.strip, text.splitlines())):
        owner, ttl, kind, value = line.split(None, 3)
        if ttl == "alias":
            target, *evaluate = shlex.split(value)
            aliases.append(RecordSet(name=owner, type=kind, alias=AliasTarget(target, bool(evaluate))))
        else:
            plain.setdefault((owner, kind), (int(ttl), []))[1].append(value)
    records = [RecordSet(name=owner, type=kind, ttl=ttl, values=tuple(values))
               for (owner, kind), (ttl, values) in plain.items()]
    return HostedZone(name, (*records, *aliases), **fields)
