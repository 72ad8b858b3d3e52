"""play.py, people.py, automation.py, incident.py: who does what when, added up by hand."""

import pytest
from shops import EAST, WEST, Action, Capacity, DataPlan, Runbook, by_hand, outage, replace, shop, with_object

from failover_kit.gameday.people import ALARM_SECONDS, COMPLAINT_SECONDS, RECOVERED_API, SPREAD_SECONDS
from failover_kit.gameday.plans import LEASE_SECONDS
from failover_kit.gameday.play import play
from failover_kit.timeline import AnswerChange, Note

LOST = outage("blackout", minutes=240, cuts_link=True)
REPLICA = dict(copy="replica", lag_seconds=2.0, promotion_seconds=60.0)
LOOK = 5.0       # seconds between two looks at the world


def answers(played):
    return [(event.at, event.after) for event in played.timeline.of(AnswerChange) if event.before]


def noted(played, words):
    return [note.at for note in played.timeline.of(Note) if words in note.text]


# ---- people -------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize(("alarm", "paged"), [("errors", ALARM_SECONDS), ("none", COMPLAINT_SECONDS)])
def test_from_the_fault_to_another_answer(alarm, paged):
    """Alarm, page, decision, five minutes of editing, a minute of spreading."""
    played = play(by_hand(alarm=alarm, page_seconds=300, decide_seconds=900), LOST)
    expected = {"paged": paged, "at the keyboard": paged + 300, "decided": paged + 1200, "record sent": paged + 1500,
                "record changed": paged + 1500 + SPREAD_SECONDS}
    for milestone, after in expected.items():
        assert played.milestones[milestone] - 120 == pytest.approx(after, abs=LOOK + 1), milestone
    assert answers(played)[0] == (pytest.approx(played.milestones["record changed"], abs=0.1), (WEST,))


def test_a_health_checks_alarm_pages_at_once():
    played = play(shop(runbook=Runbook(alarm="health checks")), LOST, 1)
    detected = answers(played)[0][0]
    assert played.milestones["paged"] == pytest.approx(detected, abs=LOOK)


def test_nobody_is_paged_by_a_shallow_check_in_a_gray_failure():
    gray = outage("app_broken", minutes=100)
    assert "paged" in play(shop(runbook=Runbook(alarm="errors")), gray).milestones
    slow = play(shop(runbook=Runbook(alarm="health checks")), gray).milestones["paged"] - 120
    assert slow == pytest.approx(COMPLAINT_SECONDS, abs=LOOK + 1)


@pytest.mark.parametrize(("accelerated", "opens"), [(False, 7 * 3600), (True, RECOVERED_API)])
def test_nobody_edits_dns_while_its_control_plane_is_down_E5_E7(accelerated, opens):
    design = replace(by_hand(), accelerated_recovery=accelerated)
    long = outage("blackout", minutes=600, api_down=(0.0, 7 * 3600))
    played = play(design, long)
    assert answers(played)[0][0] == pytest.approx(opens + SPREAD_SECONDS, abs=LOOK)


def test_a_switch_and_a_health_check_need_no_control_plane_E5():
    down = outage("app_broken", minutes=120, api_down=(0.0, 7 * 3600))
    switched = play(with_object(runbook=Runbook(steps=(Action(do="switch", seconds=60),))), down, 1)
    assert 0 < answers(switched)[0][0] - 120 < 2400
    crashed = play(shop(), outage("crash", minutes=120, api_down=(0.0, 7 * 3600)), 1)
    assert 60 < answers(crashed)[0][0] - 120 < 110


def test_a_step_that_would_not_help_is_passed_over():
    steps = (Action(do="roll-back"), Action(do="scale"), Action(do="promote"), Action(do="edit-dns"))
    played = play(by_hand(steps), LOST)
    begun = [note.text for note in played.timeline.of(Note) if "begin" in note.text]
    assert begun == ["people begin: edit-dns, 120 s of work"]


def test_nobody_sends_users_to_a_standby_that_is_off():
    """With scaling first in the runbook users move once the servers run; without it, never."""
    off = {"us-west-2": Capacity(share=0.0, scales="by hand", scale_seconds=900)}
    lost = replace(by_hand((Action(do="edit-dns"),)), capacity=off)
    saved = replace(by_hand((Action(do="scale", seconds=120), Action(do="edit-dns", seconds=120))), capacity=off)
    assert [answer for _, answer in answers(play(lost, LOST)) if answer == (WEST,)] == []
    moved = answers(play(saved, LOST))[0][0] - 120
    assert moved == pytest.approx(ALARM_SECONDS + 300 + 900 + 120 + 900 + 120 + SPREAD_SECONDS, abs=3 * LOOK)


def test_a_bad_deploy_ends_when_it_is_rolled_back():
    deploy = outage("http_500", minutes=120, role="both", is_deploy=True)
    played = play(shop(runbook=Runbook(alarm="errors", steps=(Action(do="roll-back", seconds=120),))), deploy)
    assert played.mended_at - 120 == pytest.approx(ALARM_SECONDS + 300 + 900 + 120, abs=2 * LOOK + 1)
    assert play(shop(), deploy).mended_at == pytest.approx(deploy.mended_at, abs=LOOK)


def test_a_staged_deploy_never_reaches_home():
    deploy = outage("http_500", minutes=60, role="both", is_deploy=True)
    played = play(shop(staged_deploys=True), deploy)
    assert [faults for _, faults in played.histories["us-east-1"] if faults] == []
    assert any(faults for _, faults in played.histories["us-west-2"])


def test_who_edited_the_zone_takes_it_back_once_all_is_mended():
    played = play(by_hand(decide_seconds=900), LOST)
    (_, (there,)), (back, (home,)) = answers(played)
    assert (there, home) == (WEST, EAST)
    assert back - LOST.mended_at == pytest.approx(900 + SPREAD_SECONDS, abs=LOOK)


# ---- automation and data --------------------------------------------------------------------------------------------

def test_data_that_follows_the_answer_takes_writes_a_minute_later():
    played = play(shop(data=DataPlan(**REPLICA, promotion="automatic")), LOST, 2)
    moved = answers(played)[0][0]
    first = played.promotions[0]
    assert first.site == "us-west-2"
    assert first.at == pytest.approx(moved + 60, abs=LOOK)
    assert first.old_stopped_at is None                     # nobody can reach a Region that lost power


@pytest.mark.parametrize(("fence", "link", "stopped"), [
    ("epoch", True, "never"), ("epoch", False, "then"), ("lease", True, "lease"), ("lease", False, "then"),
    ("none", True, "never"), ("none", False, "never"),
])
def test_when_the_old_primary_stops(fence, link, stopped):
    fault = replace(outage("hang", minutes=60), cuts_link=link)
    first = play(shop(data=DataPlan(**REPLICA, promotion="automatic", fence=fence)), fault, 2).promotions[0]
    expected = {"never": None, "then": first.at, "lease": 120 + LEASE_SECONDS}[stopped]
    assert first.old_stopped_at == (None if expected is None else pytest.approx(expected))


def test_a_held_failback_waits_for_people_and_data():
    played = play(with_object(data=DataPlan(**REPLICA, promotion="automatic", failback="held"),
                              runbook=Runbook(alarm="none", decide_seconds=900)), LOST, 2)
    away, home = played.promotions
    assert (away.site, away.planned, home.site, home.planned) == ("us-west-2", False, "us-east-1", True)
    assert home.at >= LOST.mended_at + 900
    back = answers(played)[-1]
    assert back[1] == (EAST,)
    assert back[0] > home.at                                # users come after the data


def test_an_automatic_failback_does_not_wait():
    played = play(shop(data=DataPlan(**REPLICA, promotion="automatic")), LOST, 2)
    back = answers(played)[-1][0]
    assert 50 < back - LOST.mended_at < 90                  # B29: as soon as the checks pass
    assert [(one.site, one.planned) for one in played.promotions] == [("us-west-2", False), ("us-east-1", False)]


def test_a_standby_that_grows_by_itself():
    plan = {"us-west-2": Capacity(share=0.3, scales="automatic", scale_seconds=600)}
    played = play(shop(capacity=plan), LOST, 2)
    (_, before), (grown, after) = played.capacity["us-west-2"]
    assert (before, after) == (0.3, 1.0)
    assert grown == pytest.approx(answers(played)[0][0] + 600, abs=LOOK)


def test_the_same_arguments_give_the_same_story():
    design = with_object(data=DataPlan(**REPLICA, promotion="automatic", failback="held"))
    one, two = (play(design, LOST, 9) for _ in range(2))
    assert list(one.timeline) == list(two.timeline)
    assert (one.promotions, one.milestones, one.capacity) == (two.promotions, two.milestones, two.capacity)
    assert noted(one, "switch")
