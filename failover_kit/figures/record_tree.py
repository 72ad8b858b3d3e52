"""A name's record sets as a tree, with the health of each and the share of all answers that goes through it.

    HostedZone + name + {health check id: Status}  ->  record_tree  ->  topology model (see topology.py)

Nothing is decided here: the shares are those of routing.py's outcomes, so a picture cannot differ from an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ..errors import ConfigurationError, Problem
from ..health import Status
from ..places import locate
from ..records import Policy, RecordSet, dns_name
from ..routing import Outcome, Router
from ..zone import HostedZone


def record_tree(zone: HostedZone, name: str, statuses: Mapping[str, Status] | None = None, client: str = "us-east-1",
                *, type: str = "A", names: Mapping[str, str] | None = None, title: str = "") -> dict:
    """The tree of record sets behind a name, as a topology model.

    Boxes are the name and every record set that can be reached from it; an alias to a group stands for that group.
    Lines that carry answers say which share of all answers they carry. `client` is a Region, a country or an address;
    `names` says what to call the values ({"192.0.2.10": "us-east-1"}).
    Raises ConfigurationError where the zone has no such name and type, or the client is unknown.
    """
    name = dns_name(name)
    group = zone.group(name, type)
    if not group:
        raise ConfigurationError(Problem(f"{name} {type}", "is not in the zone", "Give a name that has record sets."))
    tree = _Tree(Router(zone, statuses or {}, locate(client)), group, names or {})
    tree.grow(group, ())
    top = tree.middle(group, ())
    tree.nodes["name"] = {"label": name.rstrip("."), "kind": "dns", "note": _policy(group), "at": (0, top)}
    return {"title": title, "nodes": tree.nodes, "edges": tree.edges}


class _Tree:
    """Walks from the top to the leaves; each leaf takes the next row, each branch the middle of its own."""

    def __init__(self, router: Router, group: tuple[RecordSet, ...], names: Mapping[str, str]):
        self._router, self._names = router, names
        self._outcomes = router.outcomes(group)
        self._rows = 0
        self._places: dict[tuple[RecordSet, ...], float] = {}
        self.nodes: dict[str, dict] = {}
        self.edges: list[dict] = []

    def grow(self, group: tuple[RecordSet, ...], above: tuple[RecordSet, ...]) -> None:
        for record in group:
            way = (*above, record)
            members = self._router.zone.target_of(record)
            self.grow(members, way)
            if not members:
                self._places[way], self._rows = self._rows, self._rows + 1
            else:
                self._places[way] = self.middle(members, way)
            self.nodes[_key(way)] = self._node(record, members, (len(way), self._places[way]))
            self.edges.append({"from": _key(above), "to": _key(way), **self._traffic(way)})

    def middle(self, group: tuple[RecordSet, ...], above: tuple[RecordSet, ...]) -> float:
        rows = [self._places[*above, record] for record in group]
        return (min(rows) + max(rows)) / 2

    def _node(self, record: RecordSet, members: tuple[RecordSet, ...], at: tuple[int, float]) -> dict:
        node = {"label": self._label(record), "kind": "dns" if members else "site", "at": at,
                "note": self._note(record, members),
                "state": "healthy" if self._router.is_healthy(record) else "unhealthy"}
        return node | ({"role": record.failover.value.lower()} if record.failover else {})

    def _label(self, record: RecordSet) -> str:
        """The set identifier; where it says no more than the role, what stands behind the record."""
        if record.set_identifier and not (record.failover and record.set_identifier.upper() == record.failover.value):
            return record.set_identifier
        if record.alias:
            return record.alias.dns_name.rstrip(".")
        return ", ".join(self._names.get(value, value) for value in record.values)

    def _note(self, record: RecordSet, members: tuple[RecordSet, ...]) -> str:
        named = [self._names[value] for value in record.values if value in self._names]
        said = [name for name in named if name not in self._label(record)]
        if record.weight is not None:
            said.append(f"weight {record.weight}")
        if members:
            said.append(_policy(members) + ("" if record.alias.evaluate_target_health else ", target not evaluated"))
        elif record.health_check_id is None and not (record.alias and record.alias.evaluate_target_health):
            said.append("no check")
        return ", ".join(said)

    def _traffic(self, way: tuple[RecordSet, ...]) -> dict:
        through = [outcome for outcome in self._outcomes if _passes(outcome, way)]
        share = sum((outcome.probability for outcome in through), Fraction(0))
        if not share:
            return {"state": "idle"}
        chosen = any(outcome.at_most and len(outcome.pool) > outcome.at_most for outcome in through)
        return {"state": "traffic", "label": "at times" if chosen else "all" if share == 1 else _share(share)}


def _passes(outcome: Outcome, way: tuple[RecordSet, ...]) -> bool:
    """Does an answer of this outcome come by this way from the top?"""
    if len(way) <= len(outcome.path):
        return outcome.path[:len(way)] == way
    return way[:-1] == outcome.path and way[-1] in outcome.pool


def _share(share: Fraction) -> str:
    percent = 100 * share
    return f"{percent} %" if percent.denominator == 1 else f"{share}"


def _key(way: tuple[RecordSet, ...]) -> str:
    return " > ".join(record.label for record in way) or "name"


def _policy(group: tuple[RecordSet, ...]) -> str:
    policy = group[0].policy
    return "multivalue" if policy is Policy.MULTIVALUE else policy.value
