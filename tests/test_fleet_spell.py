"""When the curve turned on its side is the distribution of downtime, and when it is not."""

from math import inf

import pytest

from failover_kit.fleet import UNREACHABLE, AnswerStep, AnswerTimeline
from failover_kit.fleet.spell import Spell, downtime_in, one_spell

EAST, WEST = AnswerStep(0, "east"), AnswerStep(185, "west")


@pytest.mark.parametrize(("steps", "outages", "spell"), [
    ([EAST, WEST], {"east": [(100, 400)]}, Spell("east", 100, 400)),
    ([EAST, WEST], {"east": [(100, inf)]}, Spell("east", 100, 900)),
    ([EAST, WEST, AnswerStep(460, "east")], {"east": [(100, 400)]}, Spell("east", 100, 400)),
    ([EAST], {"east": [(100, 400)]}, Spell("east", 100, 400)),
    ([EAST, AnswerStep(50, "east", 5), WEST], {"east": [(100, 400)]}, Spell("east", 100, 400)),
    ([EAST, WEST], {"east": [(-50, 400)]}, Spell("east", 0, 400)),
    ([EAST, WEST], {}, None),
    ([EAST, WEST, AnswerStep(300, "east")], {"east": [(100, 400)]}, None),
    ([EAST, WEST], {"east": [(100, 120), (150, 400)]}, None),
    ([EAST, WEST], {"east": [(100, 400)], "west": [(500, 600)]}, None),
    ([EAST, WEST], {"east": [(100, 400)], "west": [(50, 60)]}, Spell("east", 100, 400)),
    ([EAST, WEST, AnswerStep(300, None)], {"east": [(100, 400)]}, None),
    ([EAST, WEST, AnswerStep(300, UNREACHABLE)], {"east": [(100, 400)]}, None),
    ([AnswerStep(0, {"east": 0.5, "west": 0.5}), WEST], {"east": [(100, 400)]}, None),
    ([AnswerStep(0, None), WEST], {"east": [(100, 400)]}, None),
], ids=["failover", "never back", "failback after recovery", "no failover", "TTL lowered before", "down from the start",
        "no outage", "failback too early", "two outages", "the standby fails later", "the standby failed before",
        "then no such name", "then DNS outage", "half the users lose nothing or join late", "no name at first"])
def test_one_spell(steps, outages, spell):
    assert one_spell(AnswerTimeline(steps, 900, outages)) == spell


def test_the_curve_on_its_side():
    downtime = downtime_in(Spell("east", 100, 400), [0, 100, 185, 185, 245, 300, 400], [1, 1, 1, 0.9, 0, 0, 0])
    assert (downtime.percentile(0), downtime.percentile(10), downtime.percentile(100)) == (85, 85, 145)
    assert downtime.percentile(55) == pytest.approx(115)
    assert downtime.mean == pytest.approx(85 + 0.9 * 30)
    assert downtime.maximum == 145


def test_users_who_never_move_lose_the_whole_spell():
    downtime = downtime_in(Spell("east", 100, 400), [100, 250, 400], [1, 0.4, 0.4])
    assert downtime.maximum == 300
    assert downtime.percentile(59) < downtime.percentile(61) == 300
