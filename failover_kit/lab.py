"""The one noun to start with: a lab with sites, health checks, DNS records, users, and a clock to let run.

    lab = Lab.virtual(seed=7)      # or Lab.live(speed=10): the same, on real sockets
    east, west = lab.site("us-east-1"), lab.site("us-west-2")
    check = lab.health_check(east, path="/health", request_interval=30, failure_threshold=3)
    lab.failover("app.example.com", primary=east, secondary=west, health_check=check, ttl=60)
    east.fail("crash"); lab.run(minutes=5); lab.explain("app.example.com")

Both worlds run the same actors (actors.py) over the same rules and write the same timeline.
"""

from __future__ import annotations

import sys
import weakref
from collections.abc import Callable, Coroutine, Iterable, Sequence
from typing import TYPE_CHECKING, Self

from . import actors, places
from .actors import User
from .authority import Explanation
from .cache import HONEST, CachePolicy
from .endpoints import sites_of
from .errors import ConfigurationError, LabError
from .faults import Site
from .health import Status
from .healthcheck import HealthCheck, HealthCheckType
from .lab_site import LabSite, live_world
from .places import Place
from .record_verbs import RecordVerbs, Target, is_address
from .records import Question, Reply, dns_name
from .resolver import CachingResolver
from .service import Route53
from .simulation import VirtualWorld
from .timeline import Note, Request, Timeline
from .world import World, draw_for
from .zone import HostedZone

if TYPE_CHECKING:
    from .aws.lab_api import LabApi

_port_holders: dict[tuple[str, int], weakref.finalize] = {}     # fixed DNS port -> closes the lab that has it


class Lab(RecordVerbs):
    """Sites, checks, records and users in one world. Close it, or use it in a `with` block."""

    def __init__(self, world_of: Callable[[int, Callable], World], *, seed: int = 0, zone: str = "example.com"):
        self.service = Route53()
        self.timeline: Timeline = self.service.timeline
        self.world = world_of(seed, self.service.nameserver.respond)
        self.seed = seed
        self._sites: dict[str, LabSite] = {}
        self._users: list[User] = []
        self._api: LabApi | None = None
        self.service.on_check = _starter(self.world, self.service)
        self.close = weakref.finalize(self, self.world.close)     # also when forgotten, and at exit
        self._in_world(lambda now: self.service.put_zone(HostedZone(zone), now))
        self._zone_id = next(iter(self.service.zones))

    @classmethod
    def virtual(cls, seed: int = 0, *, zone: str = "example.com") -> Lab:
        """A lab in virtual time: hours pass in milliseconds, and the same seed tells the same story."""
        return cls(VirtualWorld, seed=seed, zone=zone)

    @classmethod
    def live(cls, speed: float = 1.0, *, seed: int = 0, zone: str = "example.com", host: str = "127.0.0.1",
             dns_port: int = 0) -> Lab:
        """A lab on real sockets, `speed` lab seconds to the second. TTLs on the wire stay in lab seconds.

        A fixed `dns_port` is taken over from an older lab of this program, so that a cell can be run again.
        Raises LabError in a browser.
        """
        if sys.platform == "emscripten":
            raise LabError("A live lab needs sockets, and a browser's Python has none. Lab.virtual(seed=...) runs the "
                           "same sites, checks and records in virtual time; Lab.best() takes whichever there is.")
        from .network import LiveWorld

        if dns_port and (holder := _port_holders.pop((host, dns_port), None)):
            holder()
        lab = cls(lambda seed, respond: LiveWorld(seed, respond, speed=speed, host=host, dns_port=dns_port),
                  seed=seed, zone=zone)
        if dns_port:
            _port_holders[host, dns_port] = lab.close
        return lab

    @classmethod
    def best(cls, speed: float = 10.0, *, seed: int = 0, zone: str = "example.com") -> Lab:
        """A live lab, or its virtual twin where there are no sockets or threads (in a browser, say).

        The twin says why on its timeline.
        """
        try:
            return cls.live(speed, seed=seed, zone=zone)
        except (LabError, OSError) as refused:
            why = str(refused) if sys.platform != "emscripten" else "a browser's Python has none"
        lab = cls.virtual(seed, zone=zone)
        lab.timeline.add(Note(0.0, f"virtual time, as there are no sockets here: {why}"))
        return lab

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception) -> None:
        self.close()

    def __repr__(self) -> str:
        kind = f"live, DNS on {self.dns_address}" if self.world.is_live else "virtual"
        return f"<lab ({kind}) at {self.now:.1f} s: {len(self._sites)} sites, {len(self._users)} users>"

    # ---- describe -----------------------------------------------------------------------------------------------

    def site(self, region: str, name: str | None = None) -> LabSite:
        """A new site in this Region, with an address and a running web server. Raises ConfigurationError."""
        place = places.region(region)
        name = name or region
        if name in self._sites:
            raise ConfigurationError(f"There is a site {name!r} already. Give this one a name of its own: name=...")
        number = 10 + sum(site.site.place is place for site in self._sites.values())
        return self.open_site(Site(name, place, (place.address(number),)))

    def open_site(self, site: Site) -> LabSite:
        """Put a site of your own making on the lab's network, with a running web server."""
        self.world.open_site(site)
        self._sites[site.name] = LabSite(self.world, self.timeline, site)
        return self._sites[site.name]

    @property
    def sites(self) -> tuple[LabSite, ...]:
        return tuple(self._sites.values())

    def health_check(self, target: Target | None = None, *, type: str = "HTTP", path: str = "/", id: str | None = None,
                     **settings) -> HealthCheck:
        """A health check on a site, an address or a name. `settings` are HealthCheck's other fields.

        Types without an endpoint (CALCULATED, CLOUDWATCH_METRIC, RECOVERY_CONTROL) take no target.
        """
        if isinstance(target, LabSite):
            settings.setdefault("ip_address", target.address)
            settings.setdefault("name", f"{target.name} {path}")
        elif target is not None:
            settings["ip_address" if is_address(target) else "fully_qualified_domain_name"] = target
        if type == "TCP":
            settings.setdefault("port", 80)
        check = HealthCheck(id=id or self._fresh_id(target), type=HealthCheckType(type), resource_path=path, **settings)
        return self.put_health_check(check)

    def put_health_check(self, check: HealthCheck) -> HealthCheck:
        """Add a check, or change the settings of the one with its id."""
        self._in_world(lambda now: self.service.put_check(check, now))
        return check

    def _fresh_id(self, target: Target | None) -> str:
        base = f"check-{target.name if isinstance(target, LabSite) else target or 'derived'}"
        taken = {check.id for check in self.service.monitor.checks}
        return next(name for name in (base, *(f"{base}-{n}" for n in range(2, 10_000))) if name not in taken)

    def users(self, count: int = 1, name: str = "app.example.com", *, every: float = 5.0,
              regions: Sequence[str] = ("us-east-1",), caches: Sequence[CachePolicy] = (HONEST,),
              keep_alive: float = 0.0, tries_all: bool = False, start_within: float | None = None,
              shared: bool = False) -> list[User]:
        """People who want the page every `every` seconds, each with a resolver of their own.

        They start at moments of their own within `start_within` seconds (default: one gap).
        `caches` is the way from the authority to the user: the resolver's policy first, then the caches nearer
        to the user (operating system, browser, JVM). With `shared`, the users of one Region have that first
        resolver in common, as customers of one provider do.
        """
        providers: dict[Place, CachingResolver] = {}
        made = []
        for index in range(count):
            place = places.locate(regions[index % len(regions)])
            resolver = providers.setdefault(place, CachingResolver(caches[0])) if shared else CachingResolver(caches[0])
            for policy in caches[1:]:
                resolver = CachingResolver(policy, upstream=resolver)
            made.append(User(f"user-{len(self._users) + 1}", dns_name(name), place, resolver, every,
                             every if start_within is None else start_within, keep_alive, tries_all))
            self._users.append(made[-1])
            self.world.spawn(actors.user(self.world, self.service, made[-1]))
        self._in_world(lambda now: self.service.watch(dns_name(name), "A", now))
        return made

    def load(self, zone: HostedZone, health_checks: Iterable[HealthCheck] = (), *, open_sites: bool = True) -> None:
        """Take over a zone and its checks, and open a site for every endpoint they name.

        With `open_sites=False` the endpoints are expected to run already, on loopback.
        """
        checks = tuple(health_checks)
        for site in sites_of(zone, checks) if open_sites else ():
            self.open_site(site)

        def put(now: float):
            for check in sorted(checks, key=lambda check: check.type is HealthCheckType.CALCULATED):
                self.service.put_check(check, now)
            self.service.remove_zone(self._zone_id, now)
            self._zone_id = zone.id
            self.service.put_zone(zone, now)
        self._in_world(put)

    # ---- experiment ---------------------------------------------------------------------------------------------

    @property
    def now(self) -> float:
        """Seconds of lab time."""
        return self.world.now()

    def run(self, seconds: float = 0.0, *, minutes: float = 0.0, hours: float = 0.0,
            progress: Callable[[float], None] | None = None) -> Timeline:
        """Let lab time pass. `progress` is told the lab time now and then; without it a long run shows a bar."""
        span = seconds + 60 * minutes + 3600 * hours
        if span < 0:
            raise LabError(f"Time runs forward only: {span} s.")
        if progress is not None:
            self.world.run(self.now + span, progress)
        else:
            from .progress import shown

            with shown("Lab time", self.now, self.now + span) as report:
                self.world.run(self.now + span, report)
        return self.timeline

    def at(self, when: float, action: Callable[[], object]) -> None:
        """Do something at a moment of lab time, for example `lab.at(60, east.fail)`."""
        async def later():
            await self.world.sleep_until(when)
            action()
        self.world.spawn(later())

    def control(self, routing_control_arn: str, on: bool) -> None:
        """Turn a routing control On or Off by hand."""
        self._in_world(lambda now: self.service.set_control(routing_control_arn, on, now))

    def metric(self, check: HealthCheck, value: float) -> None:
        """Send one data point to the metric that a CLOUDWATCH_METRIC check watches."""
        self._in_world(lambda now: self.service.put_metric(check.id, value, now))

    def dns_outage(self, is_down: bool = True) -> None:
        """Make the DNS servers unreachable, or reachable again. Health checks go on."""
        def change(now: float):
            self.world.dns_is_up = not is_down
            self.timeline.add(Note(now, "the DNS servers are " + ("unreachable" if is_down else "reachable again")))
        self._in_world(change)

    # ---- look ---------------------------------------------------------------------------------------------------

    def ask(self, name: str, type: str = "A", client: str = "us-east-1") -> Reply:
        """Ask the lab's DNS server with a real packet. Raises LabError when nothing comes back."""
        question, place = Question(dns_name(name), type), places.locate(client)
        reply = self.world.finish(actors.ask(self.world, question, place, key=("ask", round(self.now, 6))))
        if reply is None:
            raise LabError(f"No reply to {question} from the lab's DNS server: it is unreachable at the moment.")
        return reply

    def send(self, packet: bytes, client: str = "us-east-1") -> bytes | None:
        """Send these bytes to the lab's DNS server: the bytes that come back, or None when nothing does in time."""
        draw = draw_for(self.seed, "send", packet)
        return self.world.finish(self.world.ask(packet, places.locate(client), draw))

    def explain(self, name: str, type: str = "A", client: str = "us-east-1") -> Explanation:
        """What would be answered now: every outcome with its exact probability, and the reasons."""
        return self._in_world(lambda now: self.service.explain(dns_name(name), type, client))

    def visit(self, name: str = "app.example.com", client: str = "us-east-1") -> Request:
        """Fetch the page once, as a user whose resolver remembers nothing yet."""
        visitor = User("visitor", dns_name(name), places.locate(client), CachingResolver(policy=HONEST))
        visitor.asked = int(1000 * self.now)
        return self.world.finish(actors.visit(self.world, self.service, visitor))

    def status(self, check: HealthCheck | str) -> Status:
        """What a health check says now."""
        return self.service.monitor.status(check if isinstance(check, str) else check.id)

    @property
    def dns_address(self) -> str:
        """Host and port of the DNS server, in a live lab: `dig @HOST -p PORT NAME`."""
        world = live_world(self.world, "DNS address")
        return f"{world.dns_host}:{world.dns_port}"

    def dig(self, name: str, type: str = "A") -> str:
        """The command that asks this lab from a terminal."""
        world = live_world(self.world, "DNS address")
        return f"dig @{world.dns_host} -p {world.dns_port} {name} {type}"

    @property
    def api(self) -> LabApi:
        """The lab's AWS API: `lab.api.client("route53")` is boto3's client, and a live lab's has a `url` too."""
        if self._api is None:
            from .aws.lab_api import LabApi

            self._api = LabApi(self.world, self.service, self.seed)
        return self._api

    def lint(self) -> list:
        """What is wrong or risky in the lab's zones and checks: a list of findings."""
        from .aws.lint import lint

        return [finding for zone in self.service.zones.values() for finding in lint(zone, self.service.monitor.checks)]

    def _in_world(self, change: Callable[[float], object]):
        """Run a change where the actors run, with the lab time."""
        return self.world.call(lambda: change(self.world.now()))


def _starter(world: World, service: Route53) -> Callable[[HealthCheck], None]:
    """Starts whoever a check needs and does not have yet. Knows no Lab, so that a forgotten lab can end."""
    started = set()

    def start(check: HealthCheck) -> None:
        wanted = {(check.id, who): actors.checker for who in check.checkers}
        for key in wanted.keys() - started:
            started.add(key)
            world.spawn(until_done(key, actors.checker, *key))
        if check.type is HealthCheckType.CLOUDWATCH_METRIC and (check.id, None) not in started:
            started.add((check.id, None))
            world.spawn(until_done((check.id, None), actors.metric_judge, check.id))

    async def until_done(key: tuple, actor: Callable[..., Coroutine], *about) -> None:
        try:
            await actor(world, service, *about)
        finally:
            started.discard(key)          # a checker that left may be wanted again
    return start
