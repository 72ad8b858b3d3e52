"""Any zone that can be built can be linted, laid out and drilled: generated zones of every kind."""

from generated_zones import zones
from hypothesis import given, settings

from failover_kit.aws.lint import lint
from failover_kit.health import Status
from failover_kit.routing import Router
from failover_kit.terrain import Terrain
from failover_kit.zone_drill import drill_zone
from failover_kit.zone_report import Verdict

NEVER_LEFT = ("FK101", "FK202", "FK302")           # rules that say: this record counts as healthy whatever happens
NO_MATTER = ("FK702",)                             # and that health never decides in this group


@settings(max_examples=150, deadline=None)
@given(zones())
def test_lint_has_something_to_say_and_it_is_true(generated):
    zone, checks = generated
    labels = {record.label for record in zone.record_sets} | {" ".join(key) for key in zone.groups} | {
        check.label for check in checks} | {zone.name}
    down = Router(zone, {check.id: Status.UNHEALTHY for check in checks})
    for finding in lint(zone, checks):
        assert finding.record in labels
        assert all((finding.what, finding.why, finding.fix, finding.source))
        if finding.rule in NEVER_LEFT:
            blamed = [record for record in zone.record_sets if record.label == finding.record]
            assert all(map(down.is_healthy, blamed))
        if finding.rule in NO_MATTER:
            group = next(group for key, group in zone.groups.items() if " ".join(key) == finding.record)
            assert len({group[0].health_check_id, *(record.health_check_id for record in group)}) == 1


@settings(max_examples=150, deadline=None)
@given(zones())
def test_every_zone_has_its_terrain(generated):
    zone, checks = generated
    ground = Terrain.of(zone, checks)
    at = [address for site in ground.sites for address in site.addresses]
    assert len(at) == len(set(at))                                       # no address is in two sites
    for routed in ground.routed:
        assert routed.addresses <= set(at)
        assert routed.check_ids <= {check.id for check in checks}
        ground.only([routed])                                            # all that it needs is there


@settings(max_examples=30, deadline=None)
@given(zones())
def test_every_zone_can_be_drilled(generated):
    zone, checks = generated
    report = drill_zone(zone, checks, users=1, progress=lambda share: None)
    for outage in report.outages:
        for outcome in outage.names:
            assert sum(outcome.before.values()) == sum(outcome.during.values()) == 1
            assert outcome.unserved.maximum <= outage.seconds + 15
            assert (outcome.unserved.maximum == 0) == (outcome.verdict in (Verdict.UNHARMED, Verdict.NEVER_SERVED))
