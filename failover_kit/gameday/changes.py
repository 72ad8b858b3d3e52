"""Single changes to a design, such as an engineer would propose: each makes another design, or does not apply.

    Design  ->  {what is changed: the design with that change}

After this: improve.py plays the same disasters against each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from ..errors import ConfigurationError
from ..faults import WELCOME
from ..healthcheck import HealthCheck, HealthCheckType
from .cost import ttl_of
from .design import Design
from .plans import Action, Capacity, Switch

OBJECT = "/initiate-failover.html"
DEEP = ("/", "/health/deep")


def changes(design: Design) -> dict[str, Design]:
    """Every change that makes a sound design other than this one, by what it says."""
    found: dict[str, Design] = {}
    for words, change in _proposals(design):
        try:
            other = change()
        except ConfigurationError:                 # two parts of the design do not go together with it
            continue
        if other is not None and other != design:
            found[words] = replace(other, name=f"{design.name}, but {words}")
    return found


def _proposals(design: Design) -> Iterator[tuple[str, Callable[[], Design | None]]]:
    data, book = design.data, design.runbook
    yield "a TTL of 30 s", lambda: with_ttl(design, 30)
    yield "a TTL of 60 s", lambda: with_ttl(design, 60)
    yield "checks every 10 s", lambda: with_probes(design, request_interval=10)
    yield "checks every 30 s", lambda: with_probes(design, request_interval=30)
    yield "checks that look at the page users need", lambda: watching_the_page(design)
    yield "a health check for the standby too", lambda: with_all_checked(design)
    yield "error alarms that page people", lambda: replace(design, runbook=replace(book, alarm="errors"))
    yield "a rehearsed runbook: people decide in 5 minutes", lambda: replace(
        design, runbook=replace(book, page_seconds=min(book.page_seconds, 300.0),
                                decide_seconds=min(book.decide_seconds, 300.0)))
    yield "roll-back in the runbook", lambda: with_step(design, Action(do="roll-back", seconds=120))
    yield "scaling in the runbook, before users move", lambda: with_step(design, Action(do="scale", seconds=60))
    yield "deployments one site at a time", lambda: replace(design, staged_deploys=bool(design.others))
    yield "a standby of full size", lambda: with_capacity(design, lambda plan: replace(plan, share=1.0))
    yield "a standby that grows by itself", lambda: with_capacity(
        design, lambda plan: replace(plan, scales="automatic"))
    yield "a standby that turns away what it cannot answer in time", lambda: with_capacity(
        design, lambda plan: replace(plan, sheds_load=True))
    yield "a standby of half the size", lambda: with_capacity(design, lambda plan: replace(plan, share=0.5))
    yield "a live replica of the data", lambda: None if data.copy in ("replica", "multi-writer") else replace(
        design, data=replace(data, copy="replica", every_seconds=1.0, lag_seconds=2.0, promotion_seconds=60.0))
    yield "data that follows the DNS answer by itself", lambda: replace(
        design, data=replace(data, promotion="automatic", promotion_seconds=min(data.promotion_seconds, 60.0)))
    yield "an old primary that stops by itself (lease)", lambda: replace(design, data=replace(data, fence="lease"))
    yield "a failback that waits for the data", lambda: with_held_failback(design)
    yield "clients that back off with jitter", lambda: replace(design, clients=replace(design.clients, retry="jitter"))
    yield "no health check that moves users by itself", lambda: with_manual_switch(design)


def with_ttl(design: Design, ttl: int) -> Design | None:
    """All record sets behind the name with this TTL."""
    if ttl_of(design) == ttl:
        return None
    changed = [replace(record, ttl=ttl) for record in design.records if record.ttl is not None]
    return replace(design, zone=design.zone.with_record_sets(*changed))


def with_probes(design: Design, **settings: object) -> Design:
    """All probing checks with these settings."""
    return replace(design, health_checks=tuple(
        replace(check, **settings) if check.type.probes else check for check in design.health_checks))


def watching_the_page(design: Design) -> Design:
    """Endpoint checks that look for a good front page, and for nothing behind it."""
    return replace(design, health_checks=tuple(
        replace(check, type="HTTP_STR_MATCH", resource_path="/", search_string=WELCOME)
        if check.type.probes and not check.inverted else check for check in design.health_checks))


def with_all_checked(design: Design) -> Design | None:
    """A check for every record set with one address that has none, like the one that home has."""
    models = [check for check in design.checks_of(design.home) if check.type.probes and not check.inverted]
    bare = [record for record in design.records if record.values and not record.health_check_id]
    if not models or not bare:
        return None
    made = {record.identity: replace(models[0], id=f"added-for-{record.values[0]}", ip_address=record.values[0],
                                     fully_qualified_domain_name=None, name=None) for record in bare}
    zone = design.zone.with_record_sets(*(replace(record, health_check_id=made[record.identity].id) for record in bare))
    return replace(design, zone=zone, health_checks=(*design.health_checks, *made.values()))


def with_capacity(design: Design, change: Callable[[Capacity], Capacity]) -> Design:
    """The sites that stand by with another capacity."""
    changed = {site: change(design.capacity_of(site)) for site in design.others}
    return replace(design, capacity={**design.capacity, **changed})


def with_step(design: Design, step: Action) -> Design | None:
    """A runbook that begins with this step, if it has none of the kind."""
    if design.runbook.has(step.do):
        return None
    return replace(design, runbook=replace(design.runbook, steps=(step, *design.runbook.steps)))


def with_held_failback(design: Design) -> Design | None:
    """An object at the standby as the switch, home's check joined to it, and a failback that waits for the data."""
    if design.switch is None:
        design = _with_switch(design)
    if design is None or not design.data.has_one_writer:
        return None
    fence = "epoch" if design.data.fence == "none" else design.data.fence
    return replace(design, data=replace(design.data, failback="held", fence=fence))


def _with_switch(design: Design) -> Design | None:
    home = [record for record in design.records if record.values and record.health_check_id
            and record.values[0] in design.sites[0].addresses]
    if not home or not design.others:
        return None
    standby = design.sites[1]
    watched = next(check for check in design.health_checks if check.id == home[0].health_check_id)
    finder = HealthCheck(id="switch-away", type=HealthCheckType.HTTP, ip_address=standby.address, resource_path=OBJECT,
                         port=80, inverted=True, request_interval=watched.request_interval)
    joined = HealthCheck(id="home-may-serve", type=HealthCheckType.CALCULATED, health_threshold=2,
                         child_health_checks=(watched.id, finder.id))
    if watched.type is HealthCheckType.CALCULATED:
        return None
    zone = design.zone.with_record_sets(*(replace(record, health_check_id=joined.id) for record in home))
    return replace(design, zone=zone, health_checks=(*design.health_checks, finder, joined),
                   switch=Switch(object_path=OBJECT, at=standby.name))


def with_manual_switch(design: Design) -> Design | None:
    """Only the switch moves users: people decide about every failover."""
    if design.switch is None or not design.moves_by_itself:
        return None
    steps = design.runbook.steps if design.runbook.has("switch") else (Action(do="switch"), *design.runbook.steps)
    lone = [check.id for check in design.checks_of(design.home) if check.routing_control_arn or check.inverted]
    if not lone:
        return None
    checks = {record.identity: replace(record, health_check_id=lone[0]) for record in design.records
              if record.values and record.values[0] in design.sites[0].addresses}
    return replace(design, zone=design.zone.with_record_sets(*checks.values()),
                   runbook=replace(design.runbook, steps=steps))
