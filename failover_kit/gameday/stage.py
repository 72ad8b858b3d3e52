"""A lab with a design in it, whose quiet hours are skipped.

    Design + seed  ->  Stage: break, mend, scale, switch, edit; run(until)  ->  a timeline in story time

When nothing has changed for so long that every checker has made up its mind, nothing will: the clock jumps to the next
thing that is due. So hours cost no more than minutes. Before this: design.py. After this: play.py directs.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import count
from math import inf

from ..fleet_view import Faults, share_served
from ..health import Observation, Status, StatusChange
from ..healthcheck import HealthCheckType
from ..lab import Lab
from ..places import locate
from ..probing import limits
from ..records import RecordSet
from ..timeline import AnswerChange, Fault, Note, Timeline
from ..zone import HostedZone
from .design import USERS, Design

TICK = 5.0                 # seconds between two looks at what happened
METRIC_EVERY = 20.0        # seconds between two data points of an alarm's metric


class Stage:
    """Story time is lab time plus what was skipped. 0 is a calm moment, with every checker settled."""

    def __init__(self, design: Design, seed: int):
        self.design = design
        self.lab = Lab.virtual(seed)
        self.lab.load(design.zone, design.health_checks)
        self.lab.service.watch(design.asked_name, "A", self.lab.now)
        self.sites = {site.name: self.lab_site(site.address) for site in design.sites}
        self.timeline = Timeline()
        self.histories: dict[str, list[tuple[float, Faults]]] = {name: [(0.0, {})] for name in self.sites}
        self.capacity: dict[str, list[tuple[float, float]]] = {}
        self.zones: list[tuple[float, HostedZone]] = [(0.0, design.zone)]
        self._agenda: list[tuple[float, int, Callable[[], None]]] = []
        self._order = count()
        self._offset = self._changed_at = 0.0
        self._seen = 0
        self._shares: dict[str, float] | None = None          # as long as nothing changes
        for name in self.sites:
            self.capacity[name] = [(0.0, design.capacity_of(name).share)]
            if design.capacity_of(name).share == 0:
                self.sites[name].site.fail("crash", 0.0)
        if design.switch and design.switch.object_path:
            self._put_object(False)
        self._metrics()
        self.lab.run(self._warm_up(), progress=lambda now: None)
        self._changed_at = -inf
        self._offset, self._seen = -self.lab.now, len(self.lab.timeline)
        self.calm_statuses: Mapping[str, Status] = dict(self.lab.service.statuses)
        self.timeline.add(self._answer_now())
        for name in self.sites:
            if self.capacity[name][0][1] == 0:
                self.histories[name] = [(0.0, {"off": {}})]

    def lab_site(self, address: str):
        return next(site for site in self.lab.sites if address in site.site.addresses)

    def _answer_now(self) -> AnswerChange:
        now = self.lab.explain(self.design.asked_name)
        return AnswerChange(0.0, self.design.asked_name, "A", (), now.labels, now.set_identifiers, now.ttl,
                            "it is followed from now on", now.chances)

    @cached_property
    def settling(self) -> float:
        """Seconds after which every checker has made up its mind about an unchanging world."""
        probing = [check for check in self.design.health_checks if check.type.probes]
        alarms = [check.alarm for check in self.design.health_checks if check.alarm]
        return max([2 * TICK, *(check.failure_threshold * (check.request_interval + sum(limits(check)))
                                + check.request_interval for check in probing),
                    *((alarm.evaluation_periods + 2) * alarm.period for alarm in alarms)])

    def _warm_up(self) -> float:
        """Seconds until all is settled: one interval where every check starts as it will stay, and healthy."""
        checks = self.design.health_checks
        as_it_starts = not any(check.inverted or check.alarm for check in checks) and all(
            capacity[0][1] > 0 for capacity in self.capacity.values())
        return max((check.request_interval for check in checks), default=TICK) if as_it_starts else self.settling

    # ---- time -----------------------------------------------------------------------------------------------------

    @property
    def now(self) -> float:
        """Seconds of story time."""
        return self.lab.now + self._offset

    def at(self, when: float, action: Callable[[], None]) -> None:
        heapq.heappush(self._agenda, (max(when, self.now), next(self._order), action))

    def run(self, until: float, look: Callable[[list], None]) -> None:
        """Go on to `until`. `look` is shown the new events of the lab every few seconds."""
        while self.now < until - 1e-6:
            due = min(self._agenda[0][0] if self._agenda else until, until)
            if self._is_quiet() and due > self.now + TICK:
                self._offset += due - self.now
            else:
                self.lab.run(max(min(due, self.now + TICK) - self.now, 0.0), progress=lambda now: None)
            look(self._news())
            while self._agenda and self._agenda[0][0] <= self.now + 1e-6:
                heapq.heappop(self._agenda)[2]()

    def _is_quiet(self) -> bool:
        restless = any("flapping" in history[-1][1] for history in self.histories.values())
        return not restless and self.now - self._changed_at > self.settling

    def _news(self) -> list:
        events, self._seen = self.lab.timeline.events[self._seen:], len(self.lab.timeline)
        told = [replace(event, at=event.at + self._offset) for event in events if not isinstance(event, Observation)]
        for event in told:
            self.timeline.add(event)
            if isinstance(event, StatusChange | AnswerChange):
                self._changed_at, self._shares = self.now, None
        return told

    def note(self, text: str) -> None:
        self.timeline.add(Note(self.now, text))

    # ---- what is done to the world ----------------------------------------------------------------------------------

    def faults(self, site: str) -> Faults:
        """What is wrong with a site at the moment."""
        return self.histories[site][-1][1]

    def capacity_now(self, site: str) -> float:
        """The share of the whole load that a site can carry at the moment."""
        return self.capacity[site][-1][1] if site in self.capacity else 0.0

    def set_faults(self, site: str, faults: Faults, why: Fault | None) -> None:
        """Give a site just these faults ("off": its servers do not run), and tell of it."""
        lab_site = self.sites[site].site
        lab_site.repair()
        for fault, options in faults.items():
            lab_site.fail("crash" if fault == "off" else fault, self.lab.now, **options)
        told: dict[str, dict[str, object]] = {}
        for fault in faults:
            told[fault] = {} if fault == "off" else dict(lab_site.active[fault])
            if fault == "flapping":
                told[fault]["since"] = self.now
        self.histories[site].append((self.now, told))
        if why is not None:
            self.timeline.add(why)
        self._changed_at = self.now

    def set_capacity(self, site: str, share: float) -> None:
        self.capacity[site].append((self.now, share))
        self.note(f"{site} can carry {share:.0%} of the load now")
        if share > 0 and "off" in self.faults(site):
            left = {fault: options for fault, options in self.faults(site).items() if fault != "off"}
            self.set_faults(site, left, None)

    def turn_switch(self, on: bool, who: str) -> None:
        """On: users may go home. Off: they are sent away from there."""
        switch = self.design.switch
        self.note(f"the switch is turned {'to' if on else 'away from'} {self.design.home}, by {who}")
        if switch.routing_control_arn:
            self.lab.control(switch.routing_control_arn, on)
        else:
            self._put_object(not on)
        self._changed_at, self._shares = self.now, None

    def _put_object(self, there: bool) -> None:
        site, path = self.sites[self.design.switch.at].site, self.design.switch.object_path
        pages = {key: body for key, body in site.pages.items() if key != path}
        site.pages = {**pages, path: "fail over"} if there else pages

    def edit_dns(self, zone: HostedZone, words: str) -> None:
        self.note(words)
        self.lab.service.put_zone(zone, self.lab.now)
        self.zones.append((self.now, zone))
        self._changed_at, self._shares = self.now, None

    def zone_that_sends_to(self, site: str) -> HostedZone:
        """The design's zone with one plain record in the place of the name's records."""
        name = self.design.asked_name
        addresses = next(found.addresses for found in self.design.sites if found.name == site)
        ttl = min((record.ttl for record in self.design.records if record.ttl is not None), default=60)
        return self.design.zone.with_groups({(name, "A"): (RecordSet(name=name, ttl=ttl, values=addresses[:1]),)})

    # ---- what can be seen -------------------------------------------------------------------------------------------

    def shares(self) -> dict[str, float]:
        """{site: share of the users who ask now that are sent there}"""
        if self._shares is None:
            self._shares = self._asked_now()
        return self._shares

    def _asked_now(self) -> dict[str, float]:
        named = {address: site.name for site in self.design.sites for address in site.addresses}
        found: dict[str, float] = {}
        for client, weight in USERS.items():
            for address, chance in self.lab.explain(self.design.asked_name, client=client).chances.items():
                found[named.get(address, address)] = found.get(named.get(address, address), 0.0) + weight * chance
        return found

    def served(self, site: str) -> float:
        """The share of all users that this site, as it is now, would serve."""
        if site not in self.histories:
            return 0.0
        return sum(weight * served_with(self.faults(site), client, self.now) for client, weight in USERS.items())

    def _metrics(self) -> None:
        """Feeds the alarms of CLOUDWATCH_METRIC checks: the percentage of failing requests at their site."""
        for check in self.design.health_checks:
            if check.type is HealthCheckType.CLOUDWATCH_METRIC:
                for name in (site for site in self.sites if check in self.design.checks_of(site)):
                    self._feed(check, name)

    def _feed(self, check, site: str) -> None:
        async def feed():
            while True:
                await self.lab.world.sleep_until(self.lab.now + METRIC_EVERY)
                self.lab.metric(check, 100 * (1 - self.served(site)))
        self.lab.world.spawn(feed())

    def close(self) -> None:
        self.lab.close()


def served_with(faults: Faults, client: str, now: float) -> float:
    """The share of a place's users that a site with these faults serves; nobody, while its servers are off."""
    return 0.0 if "off" in faults else share_served(faults, locate(client), now)
