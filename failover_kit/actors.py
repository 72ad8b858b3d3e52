"""Those who act in a lab: checkers that probe, metrics that are judged, users who want the page.

    World (time, sites, DNS) + Route53 (checks, zones)  ->  observations and requests on the timeline

Each actor is a coroutine that waits for its next moment. It runs unchanged in both worlds, virtual and live.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from . import places, wire
from .faults import WELCOME
from .health import Checker, Observation
from .healthcheck import HealthCheck, HealthCheckType
from .places import Place
from .probing import USER_AGENT, Exchange, Limits, judge, limits
from .records import Question, Reply, dns_name
from .resolver import CachingResolver, Resolution
from .service import Route53
from .timeline import Request, Resolved
from .world import HttpRequest, World, draw_for

USER_LIMITS = Limits(connect=5.0, status=10.0, body=10.0)    # [model] seconds until a visitor gives up


# ---- checkers --------------------------------------------------------------------------------------------------

async def checker(world: World, service: Route53, health_check_id: str, who: Checker) -> None:
    """Probes one endpoint for as long as the check exists and uses this checker.

    The first probe comes at a moment of the checker's own within one interval. From then on the interval
    counts from the end of one probe to the start of the next, so checkers do not fall into step.
    """
    interval = service.monitor.check(health_check_id).request_interval
    await world.sleep_until(world.now() + interval * draw_for(world.seed, "phase", health_check_id, str(who)))
    number = 0
    while health_check_id in service.monitor.statuses:
        check = service.monitor.check(health_check_id)
        if who not in check.checkers:
            return
        if not check.disabled:
            number += 1
            started = world.now()
            seen = await probe(world, service, check, who, number)
            outcome, reason = judge(check, seen)
            service.observe(Observation(check.id, who, world.now(), outcome, reason, world.now() - started))
        await world.sleep_until(world.now() + check.request_interval)


async def probe(world: World, service: Route53, check: HealthCheck, who: Checker, number: int) -> Exchange:
    """One probe of the check's endpoint, as Route 53 sends it."""
    address = check.ip_address or _address_of(world, service, check.fully_qualified_domain_name)
    if address is None:
        return Exchange(error="DNS resolution failed")
    return await world.exchange(HttpRequest(
        address=address, client=places.region(who.region), key=(check.id, str(who), number), limits=limits(check),
        path=check.resource_path, host=_host_header(check), port=check.effective_port, tls=check.type.uses_tls,
        sni=bool(check.enable_sni), connect_only=check.type is HealthCheckType.TCP,
        user_agent=USER_AGENT.format(reference=check.id)))


def _address_of(world: World, service: Route53, name: str) -> str | None:
    """The IPv4 address behind a name at this moment: from the lab's zones, or a site that goes by that name."""
    if name in world.sites:
        return name
    values = service.explain(dns_name(name), "A").values
    return values[0] if values else None


def _host_header(check: HealthCheck) -> str:
    usual = 443 if check.type.uses_tls else 80
    return check.host if check.effective_port == usual else f"{check.host}:{check.effective_port}"


async def metric_judge(world: World, service: Route53, health_check_id: str) -> None:
    """Judges the metric of a CLOUDWATCH_METRIC check each time one of its periods ends."""
    while health_check_id in service.monitor.statuses:
        period = service.monitor.check(health_check_id).alarm.period
        await world.sleep_until((world.now() // period + 1) * period)
        if health_check_id in service.monitor.statuses:
            service.evaluate_metric(health_check_id, world.now())


# ---- users -----------------------------------------------------------------------------------------------------

@dataclass
class User:
    """Somebody who wants the page at `name` every `every` seconds, and finds it through their own resolver."""

    name: str                           # "user-1"
    wants: str                          # "app.example.com."
    place: Place
    resolver: CachingResolver
    every: float = 5.0                  # seconds between requests
    start_within: float = 5.0           # seconds in which the first request is made
    keep_alive: float = 0.0             # seconds an open connection is used again without asking the DNS
    tries_all: bool = False             # try every address of the answer before giving up
    connected_to: str | None = None
    connected_until: float = 0.0
    asked: int = field(default=0, repr=False)


async def user(world: World, service: Route53, who: User) -> None:
    """Requests the page again and again; the first time at a moment of the user's own."""
    due = world.now() + who.start_within * draw_for(world.seed, "user", who.name)
    while True:
        await world.sleep_until(due)
        await visit(world, service, who)
        due = max(due + who.every, world.now())


async def visit(world: World, service: Route53, who: User) -> Request:
    """One request for the page: find an address, connect, read. The outcome goes to the timeline."""
    started = world.now()
    addresses = await _addresses(world, service, who)
    if not addresses:
        return _record(world, service, who, started, None, Exchange(error="no address for the name"))
    for address in addresses if who.tries_all else addresses[:1]:
        who.asked += 1
        seen = await world.exchange(HttpRequest(
            address=address, client=who.place, key=(who.name, who.asked), limits=USER_LIMITS,
            host=who.wants.rstrip(".")))
        request = _record(world, service, who, started, address, seen)
        if request.ok:
            break
        started = world.now()
    _remember_connection(world, who, address, seen)
    return request


async def _addresses(world: World, service: Route53, who: User) -> tuple[str, ...]:
    if who.connected_to and world.now() < who.connected_until:
        return (who.connected_to,)
    found = await resolve(world, who, Question(who.wants, "A"))
    source = found.source if found.values else "failed"
    service.timeline.add(Resolved(world.now(), who.name, who.wants, found.values, found.ttl, source))
    return found.values


def _remember_connection(world: World, who: User, address: str, seen: Exchange) -> None:
    """An answered connection stays open and is used again; one that was refused or lost is gone."""
    if not who.keep_alive or seen.status is None:
        who.connected_to = None
    elif who.connected_to != address or world.now() >= who.connected_until:
        who.connected_to, who.connected_until = address, world.now() + who.keep_alive


def _record(world: World, service: Route53, who: User, started: float, address: str | None, seen: Exchange) -> Request:
    site = world.sites.get(address)
    good = seen.status == 200 and WELCOME.encode() in seen.body
    stale = address is not None and not service.offers(who.wants, address, who.place)
    request = Request(world.now(), who.name, address, site.name if site else None, good, _outcome(seen, good),
                      started, stale)
    service.timeline.add(request)
    return request


def _outcome(seen: Exchange, good: bool) -> str:
    if seen.status is not None:
        return f"{seen.status} {seen.phrase}" + ("" if good or seen.status != 200 else ", but the wrong page")
    return seen.error or ("no answer" if seen.connected_after is not None else "no connection")


async def resolve(world: World, who: User, question: Question) -> Resolution:
    """The user's resolver at work: from its cache, or by asking the lab's DNS server with real packets."""
    steps = who.resolver.steps(question, world.now())
    try:
        asked = next(steps)
        while True:
            reply = await ask(world, asked, who.place, key=(who.name, round(world.now(), 6)))
            asked = steps.send((reply, world.now()))
    except StopIteration as finished:
        return finished.value


async def ask(world: World, question: Question, place: Place, key: tuple) -> Reply | None:
    """One query packet to the lab's DNS server, and the reply unpacked; over TCP again if it was cut short."""
    draw = draw_for(world.seed, "dns", *key)
    packet = wire.encode_query(question, id=int(draw * 65536), client_subnet=str(place.network))
    for tcp in (False, True):
        answer = await world.ask(packet, place, draw, tcp=tcp)
        if answer is None:
            return None
        _, _, reply = wire.decode_reply(answer)
        if not reply.truncated:
            break
    return reply
