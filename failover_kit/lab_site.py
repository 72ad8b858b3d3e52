"""One site of a lab in the learner's hands: break it, mend it, find it.

    fail("crash"), repair()  ->  the site's faults, the world's sockets, a line on the timeline
"""

from __future__ import annotations

from collections.abc import Callable

from .errors import LabError
from .faults import Site
from .timeline import Fault, Timeline
from .world import World


class LabSite:
    """A site of a lab: break it with `fail`, mend it with `repair`."""

    def __init__(self, world: World, timeline: Timeline, site: Site):
        self._world = world
        self._timeline = timeline
        self.site = site

    @property
    def name(self) -> str:
        return self.site.name

    @property
    def address(self) -> str:
        return self.site.address

    @property
    def url(self) -> str:
        """Where a browser or curl finds it, in a live lab."""
        return live_world(self._world, "URL").url(self.site)

    def fail(self, fault: str = "crash", **options) -> None:
        """Begin a fault: crash, blackout, hang, slow, http_500, wrong_page, app_broken, dependency, partition,
        flapping, packet_loss.

        Raises ConfigurationError for an unknown fault or option; the message lists what there is.
        """
        def begin(now: float):
            self.site.fail(fault, now, **options)
            detail = ", ".join(f"{key}={value}" for key, value in options.items())
            self._timeline.add(Fault(now, self.name, fault, detail, self.site.active[fault]))
        self._change(begin)

    def repair(self, fault: str | None = None) -> None:
        """End one fault, or all of them."""
        def end(now: float):
            was_broken = bool(self.site.active)
            self.site.repair(fault)
            if was_broken and not self.site.active:
                self._timeline.add(Fault(now, self.name, "repaired"))
        self._change(end)

    def _change(self, change: Callable[[float], None]) -> None:
        self._world.call(lambda: change(self._world.now()))
        self._world.site_changed(self.site)

    def __repr__(self) -> str:
        host, port = self._world.moved.get(self.address, ("", 0))
        moved = f" (here {host}:{port})" if host else ""        # where a system has no such address to give
        return f"<site {self.name} at {self.address}{moved}{''.join(f', {fault}' for fault in self.site.active)}>"


def live_world(world: World, what: str) -> World:
    if not world.is_live:
        raise LabError(f"A virtual lab has no {what}: nothing listens. Use Lab.live().")
    return world
