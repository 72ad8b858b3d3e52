"""disasters.py: what a seed draws, and that it draws the same everywhere."""

import pytest

from failover_kit.errors import ConfigurationError
from failover_kit.faults import FAULTS
from failover_kit.gameday import KINDS, campaign, disaster
from failover_kit.gameday.design import USERS
from failover_kit.health import checkers_needed
from failover_kit.places import CHECKER_REGIONS

SEEDS = range(30)


def test_a_campaign_has_every_disaster_once_and_is_the_same_for_the_same_seed():
    assert [one.name for one in campaign(5)] == list(KINDS)
    assert campaign(5) == campaign(5)
    assert campaign(5) != campaign(6)


@pytest.mark.parametrize("name", KINDS)
def test_what_is_drawn_is_sound(name):
    for seed in SEEDS:
        one = disaster(name, seed)
        (first, last) = one.strokes
        low, high = KINDS[name].minutes
        assert 120 <= one.began_at <= 180
        assert 60 * low <= one.mended_at - one.began_at <= 60 * high
        assert one.until == one.mended_at + 45 * 60
        assert first.fault in FAULTS
        assert last.fault is None
        assert set(first.options) <= set(FAULTS[first.fault].options)


def test_checkers_cut_off_are_too_many_to_call_a_site_healthy_A13():
    for seed in SEEDS:
        regions = disaster("checker-outage", seed).strokes[0].options["regions"]
        left = 2 * (len(CHECKER_REGIONS) - len(regions))
        assert left < checkers_needed(16)
        assert not set(regions) & set(USERS)                    # no user is cut off


def test_a_partition_leaves_only_the_neighbourhood_of_home():
    regions = disaster("partition", 1).strokes[0].options["regions"]
    assert set(CHECKER_REGIONS) - set(regions) == {"us-east-1"}
    assert set(USERS) - set(regions) == {"US-NY"}
    assert "eu-west-1" not in disaster("partition", 1, home="eu-west-1").strokes[0].options["regions"]


def test_the_control_plane_is_down_for_seven_hours_F2():
    assert disaster("control-plane", 3).api_down == (0.0, 7 * 3600)
    assert all(one.api_down is None for one in campaign(3) if one.name != "control-plane")


def test_an_unknown_name_is_answered_with_the_known_ones():
    with pytest.raises(ConfigurationError, match="shared-dependency"):
        disaster("meteor")
