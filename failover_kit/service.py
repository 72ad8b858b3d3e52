"""The lab's own Route 53: hosted zones, health checks and the DNS server that answers from both, with a record of it.

    observations, zone changes, switches  ->  statuses  ->  other DNS answers, written to the timeline

Pure: `now` comes with every call. The lab drives it from a world (simulated or real); aws/api.py speaks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from .authority import Explanation, explain
from .errors import LabError
from .health import Observation, Status, StatusChange
from .healthcheck import HealthCheck
from .metrics import MetricStream
from .monitor import Monitor
from .nameserver import NameServer
from .places import Place
from .records import Policy, Question
from .timeline import AnswerChange, Note, Timeline
from .zone import HostedZone

MAX_WATCHED = 200     # questions whose answer is followed on the timeline


class Route53:
    """Zones and health checks as one service. Every change takes effect in the very next answer."""

    def __init__(self, timeline: Timeline | None = None):
        self.timeline = timeline if timeline is not None else Timeline()
        self.monitor = Monitor()
        self.zones: dict[str, HostedZone] = {}                  # by id, as people left them
        self.served: dict[str, HostedZone] = {}                 # by id, as the name servers have them
        self.resources: dict[str, Status] = {}                  # AWS resource's DNS name -> its health
        self.nameserver = NameServer((), {})
        self.on_check: Callable[[HealthCheck], None] = lambda check: None   # a new or changed check wants its checkers
        self._metrics: dict[str, MetricStream] = {}
        self._answers: dict[Question, Explanation] = {}
        self._edition = 0                                       # counts changes of zones
        self._served_edition: dict[str, int] = {}               # zone id -> the change that its name servers have
        self._offered: dict[tuple[str, str], frozenset[str]] = {}           # filled as asked, until something changes

    # ---- zones --------------------------------------------------------------------------------------------------

    def zone(self, name_or_id: str) -> HostedZone:
        """The zone with this id or this name. Raises LabError."""
        wanted = name_or_id if name_or_id.endswith(".") else name_or_id + "."
        for zone in self.zones.values():
            if zone.id == name_or_id or zone.name == wanted:
                return zone
        known = ", ".join(zone.name for zone in self.zones.values()) or "none yet"
        raise LabError(f"There is no hosted zone {name_or_id!r}. Known: {known}.")

    def put_zone(self, zone: HostedZone, now: float) -> None:
        """Add a zone, or replace the one with its id. The name servers have it at once."""
        self.accept_zone(zone.id, zone)(now)

    def remove_zone(self, zone_id: str, now: float) -> None:
        self.accept_zone(self.zone(zone_id).id, None)(now)

    def accept_zone(self, zone_id: str, zone: HostedZone | None) -> Callable[[float], None]:
        """Take a zone as it is now (None: deleted) without telling the name servers: call the result to do that.

        A change that reaches them after a later one to the same zone does nothing.
        """
        self._edition += 1
        edition, before = self._edition, self.zones.get(zone_id)
        if zone is None:
            del self.zones[zone_id]
        else:
            self.zones[zone_id] = zone

        def publish(now: float) -> None:
            if self._served_edition.get(zone_id, 0) > edition:
                return
            self._served_edition[zone_id] = edition
            self.served = {key: each for key, each in {**self.served, zone_id: zone}.items() if each is not None}
            self._republish(now, f"zone {(zone or before).name} {'changed' if zone else 'was deleted'}")
        return publish

    # ---- health -------------------------------------------------------------------------------------------------

    @property
    def statuses(self) -> dict[str, Status]:
        """Health check ids, and DNS names of AWS resources, with their status."""
        return {**self.monitor.statuses, **self.resources}

    def put_check(self, check: HealthCheck, now: float) -> None:
        """Add a health check, or change its settings."""
        known = {other.id for other in self.monitor.checks}
        changes = self.monitor.put(check, now)
        if check.alarm is not None:
            stream = self._metrics.get(check.id)
            if stream is None or stream.alarm != check.alarm:
                self._metrics[check.id] = MetricStream(check.alarm)
        if check.id in known:
            self._after(changes, now)
        else:
            self._republish(now, f"{check.label} was created")
        self.on_check(check)

    def remove_check(self, health_check_id: str, now: float) -> None:
        self.monitor.remove(health_check_id)
        self._metrics.pop(health_check_id, None)
        self._republish(now, f"health check {health_check_id} was deleted")

    def observe(self, observation: Observation) -> None:
        """One checker finished one probe."""
        self.timeline.add(observation)
        flip, changes = self.monitor.record(observation)
        if flip:
            self.timeline.add(flip)
        self._after(changes, observation.at)

    def put_metric(self, health_check_id: str, value: float, now: float) -> None:
        """One data point for the metric that a CLOUDWATCH_METRIC check watches."""
        self._stream(health_check_id).put(value, now)

    def put_metric_data(self, namespace: str, metric_name: str, dimensions: Iterable[tuple[str, str]], value: float,
                        now: float) -> None:
        """One data point for every check whose alarm watches this metric with just these dimensions."""
        metric = namespace, metric_name, frozenset(dimensions)
        for stream in self._metrics.values():
            if metric == (stream.alarm.namespace, stream.alarm.metric_name, frozenset(stream.alarm.dimensions)):
                stream.put(value, now)

    def evaluate_metric(self, health_check_id: str, now: float) -> None:
        """Judge the metric's last complete periods; due once a period."""
        state = self._stream(health_check_id).state(now)
        self._after(self.monitor.set_alarm(health_check_id, state, now), now)

    def set_control(self, arn: str, on: bool, now: float) -> None:
        """Turn a routing control On or Off."""
        self.set_controls({arn: on}, now)

    def set_controls(self, controls: Mapping[str, bool], now: float) -> None:
        """Turn several routing controls On or Off in one step: no answer is given in between."""
        changes = []
        for arn, on in controls.items():
            self.timeline.add(Note(now, f"routing control {arn} turned {'On' if on else 'Off'}"))
            changes += self.monitor.set_control(arn, on, now)
        self._after(changes, now)

    def set_resource(self, dns_name: str, status: Status, now: float) -> None:
        """Say how an AWS resource that aliases point to is doing (a load balancer's target groups, say)."""
        self.resources[dns_name] = status
        self._republish(now, f"{dns_name} is {status.value}")

    def _stream(self, health_check_id: str) -> MetricStream:
        try:
            return self._metrics[health_check_id]
        except KeyError:
            raise LabError(f"Health check {health_check_id!r} watches no metric. "
                           "Give it type CLOUDWATCH_METRIC and an alarm.") from None

    # ---- answers ------------------------------------------------------------------------------------------------

    def explain(self, name: str, type_: str = "A", client: str = "us-east-1") -> Explanation:
        """What would be answered now, with exact probabilities and reasons."""
        return explain(self.served.values(), Question(name, type_), self.statuses, client)

    def offers(self, name: str, address: str, client: Place) -> bool:
        """Could the authority give this address to this client at this moment?"""
        key = (name, client.code)
        if key not in self._offered:
            self._offered[key] = frozenset(self.explain(name, "A", client.code).values)
        return address in self._offered[key]

    def watch(self, name: str, type_: str, now: float) -> None:
        """Follow the answer to this question on the timeline, as a client in us-east-1 would get it."""
        question = Question(name, type_)
        if question not in self._answers and len(self._answers) < MAX_WATCHED:
            answer = self._answers[question] = self.explain(name, type_)
            self._note_answer(now, question, (), answer, "it is followed from now on")

    def _after(self, changes: list[StatusChange], now: float) -> None:
        for change in changes:
            self.timeline.add(change)
        if changes:
            self._republish(now, "; ".join(f"health check {change.health_check_id} is {change.status.value}"
                                           for change in changes))

    def _republish(self, now: float, reason: str) -> None:
        """Give the DNS server what is true now, and write down which answers that changes."""
        self._offered.clear()
        self.nameserver.update(zones=tuple(self.served.values()), statuses=self.statuses)
        for zone in self.served.values():
            for (name, type_), group in zone.groups.items() if len(zone.groups) <= MAX_WATCHED else ():
                if group[0].policy is not Policy.SIMPLE and type_ in ("A", "AAAA", "CNAME"):
                    self.watch(name, type_, now)
        for question, before in self._answers.items():
            after = self._answers[question] = self.explain(*question)
            if before.labels != after.labels:
                self._note_answer(now, question, before.labels, after, reason)

    def _note_answer(self, now: float, question: Question, before: tuple[str, ...], after: Explanation, reason: str):
        self.timeline.add(AnswerChange(now, question.name, question.type, before, after.labels, after.set_identifiers,
                                       after.ttl, reason, after.chances))
