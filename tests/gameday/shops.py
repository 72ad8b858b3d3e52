"""The shop in a few small designs, so that a test changes just one thing."""

from dataclasses import replace

from failover_kit.gameday import Action, Capacity, DataPlan, Design, Disaster, Runbook, Switch
from failover_kit.healthcheck import HealthCheck
from failover_kit.records import RecordSet
from failover_kit.scenarios import Stroke
from failover_kit.zone import HostedZone

NAME, EAST, WEST = "app.example.com.", "127.0.1.10", "127.0.2.10"
SITES = {"us-east-1": EAST, "us-west-2": WEST}
OBJECT = "/initiate-failover.html"
ARN = "arn:aws:route53-recovery-control::111122223333:controlpanel/p/routingcontrol/home"
EDIT = (Action(do="edit-dns", seconds=300.0),)
BOTH_WRITE = DataPlan(copy="multi-writer", lag_seconds=1.0)


def check(id, address, **settings):
    return HealthCheck(id=id, ip_address=address, port=80, **{"resource_path": "/health", **settings})


def zone(ttl=60, east="east", west="west", **policies):
    """`failover=("PRIMARY", "SECONDARY")` by default; east, west: ids of the records' checks."""
    (field, values), = (policies or {"failover": ("PRIMARY", "SECONDARY")}).items()
    return HostedZone("example.com.", tuple(
        RecordSet(name=NAME, ttl=ttl, values=(address,), set_identifier=site, health_check_id=id, **{field: value})
        for (site, address), id, value in zip(SITES.items(), (east, west), values, strict=True)))


def shop(ttl=60, interval=30, threshold=3, path="/health", checked=True, **settings):
    """A hot standby, data that both sites may write, and nobody to help."""
    probes = dict(request_interval=interval, failure_threshold=threshold, resource_path=path)
    checks = (check("east", EAST, **probes), *([check("west", WEST, **probes)] if checked else []))
    return Design(**{"name": "shop", "zone": zone(ttl, west="west" if checked else None), "health_checks": checks,
                     "data": BOTH_WRITE, "runbook": Runbook(alarm="none"), **settings})


def with_object(**settings):
    """The same with an object at the standby as a switch."""
    checks = (check("east", EAST), check("west", WEST), check("away", WEST, resource_path=OBJECT, inverted=True),
              HealthCheck(id="home", type="CALCULATED", child_health_checks=("east", "away"), health_threshold=2))
    return Design(**{"name": "with a switch", "zone": zone(east="home"), "health_checks": checks, "data": BOTH_WRITE,
                     "runbook": Runbook(alarm="none"), "switch": Switch(object_path=OBJECT, at="us-west-2"),
                     **settings})


def by_hand(steps=EDIT, ttl=60, **book):
    """No health check moves anybody: weights 100 and 0 without checks."""
    return Design(name="by hand", zone=zone(ttl, None, None, weight=(100, 0)), data=BOTH_WRITE,
                  runbook=Runbook(steps=tuple(steps), **book))


def outage(fault="crash", minutes=30, *, role="primary", begins=120.0, settles=45, options=None, **more):
    """One plain disaster."""
    ends = begins + 60 * minutes
    return Disaster(fault, fault, (Stroke(begins, role, fault, options or {}), Stroke(ends, role, None)), ends,
                    ends + 60 * settles, **more)


__all__ = ["ARN", "BOTH_WRITE", "EAST", "NAME", "OBJECT", "WEST", "Action", "Capacity", "DataPlan", "Runbook",
           "by_hand", "check", "outage", "replace", "shop", "with_object", "zone"]
