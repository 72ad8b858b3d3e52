"""The people in the loop: they are paged, look, decide, and work through the runbook, each of which takes time.

    errors and alarms  ->  page  ->  decide  ->  runbook steps that help  ->  and, once it is mended, the way back

Before this: incident.py. Beside it: automation.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..health import Status, StatusChange
from ..zone import HostedZone
from .incident import Incident
from .plans import Action

ALARM_LEVEL = 0.05             # share of failing requests that sets off the error alarm
ALARM_SECONDS = 120.0          # it has to last for so long: two periods of a CloudWatch alarm
COMPLAINT_SECONDS = 1_800.0    # until customers' complaints reach somebody who can act [assumption]
SPREAD_SECONDS = 60.0          # until a changed record is on every name server; API Reference, GetChange
RECOVERED_API = 3_600.0        # until calls work again; Developer Guide, "Accelerated recovery"
CATCH_UP_SECONDS = 5.0         # for the last batches of a replication that has run the other way since the mending
ROUNDS = 6                     # times that people go through the runbook while users fail


class People:
    """Whoever is on call."""

    def __init__(self, incident: Incident):
        self.incident, self.stage = incident, incident.stage
        self.book = incident.design.runbook
        self._bad_since: float | None = None
        self._at_work = False

    # ---- noticing ---------------------------------------------------------------------------------------------------

    def look(self, news: list) -> None:
        """Page somebody if there is a reason to."""
        if self._at_work:
            return
        if self.incident.failing() <= ALARM_LEVEL:
            self._bad_since = None
        elif self._bad_since is None:
            self._bad_since = self.stage.now
            for patience in (ALARM_SECONDS, COMPLAINT_SECONDS):
                self.stage.at(self.stage.now + patience, lambda: self.look([]))
        bad_for = 0.0 if self._bad_since is None else self.stage.now - self._bad_since
        turned = any(isinstance(event, StatusChange) and event.status is Status.UNHEALTHY for event in news)
        if self.book.alarm == "errors" and bad_for >= ALARM_SECONDS:
            self._page("the error alarm pages whoever is on call")
        elif self.book.alarm == "health checks" and turned:
            self._page("a health check's alarm pages whoever is on call")
        elif bad_for >= COMPLAINT_SECONDS:
            self._page("customers' complaints reach whoever is on call")

    def _page(self, words: str) -> None:
        self._at_work = True
        self.incident.reached("paged")
        self.stage.note(words)

        def look_around() -> None:
            self.incident.reached("at the keyboard")
            self.stage.note("somebody is at the keyboard, and looks")
        there = self.stage.now + self.book.page_seconds
        self.stage.at(there, look_around)
        self.stage.at(there + self.book.decide_seconds, lambda: self._work_through(1))

    # ---- the runbook ------------------------------------------------------------------------------------------------

    def _work_through(self, round_: int) -> None:
        self.incident.reached("decided")
        self.stage.note("people have decided what to do" if round_ == 1 else "people go through the runbook again")
        self._next(iter(self.book.steps), round_)

    def _next(self, steps: Iterator[Action], round_: int) -> None:
        """Begin the next step that helps. After the last, begin again if users still fail."""
        for step in steps:
            if self._helps(step.do):
                self.stage.note(f"people begin: {step.do}, {step.seconds:.0f} s of work")
                self.stage.at(self.stage.now + step.seconds,
                              lambda step=step: self._finish(step.do, lambda: self._next(steps, round_)))
                return
        if self.incident.failing() > ALARM_LEVEL and round_ < ROUNDS:
            self.stage.at(self.stage.now + self.book.decide_seconds, lambda: self._work_through(round_ + 1))
        else:
            self._at_work, self._bad_since = False, None

    def _helps(self, do: str) -> bool:
        """Would this step, as things are, do users any good?"""
        incident, stage, home = self.incident, self.stage, self.incident.design.home
        match do:
            case "edit-dns" | "switch":
                done = incident.edited if do == "edit-dns" else incident.held
                standby = self._standby()
                return not (done or incident.mended) and standby is not None and (
                    stage.served(standby) > stage.served(incident.goes_to()) + ALARM_LEVEL)
            case "scale":
                needed = incident.goes_to() != home or stage.served(home) < 1 - ALARM_LEVEL
                return needed and any(stage.capacity_now(site) < 1 and not incident.is_growing(site)
                                      for site in incident.design.others)
            case "promote":
                broken = stage.served(incident.writer) < 1 - ALARM_LEVEL
                return incident.design.data.has_one_writer and self._heir() != incident.writer and (
                    broken or incident.refuses_writes(incident.goes_to()))
            case "roll-back":
                return incident.disaster.is_deploy and not incident.mended
        return False

    def _standby(self) -> str | None:
        """The site that serves best beside home."""
        return max(self.incident.design.others, key=self.stage.served, default=None)

    def _heir(self) -> str:
        """The site that should take the writes: where users are, or where they will be sent."""
        goes = self.incident.goes_to()
        return goes if self.stage.served(goes) > 1 - ALARM_LEVEL else self._standby() or goes

    def _finish(self, do: str, then: Callable[[], None]) -> None:
        """The hands are off the keyboard: the step takes effect, at once or when machines are ready."""
        incident, wait = self.incident, 0.0
        if self._helps(do):
            match do:
                case "edit-dns":
                    wait = self._edit(self.stage.zone_that_sends_to(self._standby()))
                case "switch":
                    incident.held = True
                    self.stage.turn_switch(False, "people")
                case "scale":
                    for site in incident.design.others:
                        incident.scale(site)
                    wait = max(incident.design.capacity_of(site).scale_seconds for site in incident.design.others)
                case "promote":
                    heir, wait = self._heir(), incident.promotion_wait()
                    self.stage.at(self.stage.now + wait, lambda: incident.promote(heir, "people"))
                case "roll-back":
                    self.stage.note("people roll the deployment back")
                    incident.mend()
        self.stage.at(self.stage.now + wait, then)

    # ---- the DNS control plane --------------------------------------------------------------------------------------

    def _edit(self, zone: HostedZone) -> float:
        """Change the zone, as soon as the control plane takes calls. Returns the seconds that people wait for it."""
        opens = self._api_opens()
        if opens > self.stage.now:
            self.stage.note("the DNS control plane takes no changes: people try again later")
            self.stage.at(opens, lambda: self._edit(zone))
            return 0.0

        def arrive() -> None:
            if zone is self.incident.design.zone or not self.incident.mended:
                self.incident.reached("record changed")
                self.incident.edited = zone is not self.incident.design.zone
                self.stage.edit_dns(zone, "the changed record has reached the name servers")
        self.incident.reached("record sent")
        self.stage.at(self.stage.now + SPREAD_SECONDS, arrive)
        return SPREAD_SECONDS

    def _api_opens(self) -> float:
        """When the next call to the DNS control plane will work, in seconds."""
        start, end = self.incident.disaster.api_down or (0.0, 0.0)
        if not start <= self.stage.now < end:
            return self.stage.now
        recovered = start + RECOVERED_API if self.incident.design.accelerated_recovery else end
        return max(self.stage.now, min(end, recovered))

    # ---- the way back -----------------------------------------------------------------------------------------------

    def after_mending(self) -> None:
        """With no hurry, take back what was done by hand, or held."""
        self.stage.at(self.stage.now + self.book.decide_seconds, self._go_home)

    def _go_home(self) -> None:
        incident, data, home = self.incident, self.incident.design.data, self.incident.design.home
        if not (incident.held or incident.edited):
            return
        if not incident.refuses_writes(home) and incident.writer == home:
            return self._let_back()
        if data.failback != "held":
            incident.promote(home, "people")
            return self._let_back()
        self.stage.note(f"{incident.writer} stops taking writes, until {home} has everything")
        incident.stop_writes()
        stopped, catching_up = self.stage.now, data.lag_seconds + CATCH_UP_SECONDS

        def come_home() -> None:
            incident.promote(home, "people", planned=True, old_stopped_at=stopped)
            self._let_back()
        self.stage.at(stopped + catching_up, come_home)

    def _let_back(self) -> None:
        if self.incident.edited:
            self._edit(self.incident.design.zone)
        if self.incident.held:
            self.incident.held = False
            self.stage.turn_switch(True, "people")
