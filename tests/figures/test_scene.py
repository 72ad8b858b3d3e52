"""The picture of a lab tells the truth of its timeline, at any moment of a run."""

import pytest

from failover_kit import Lab
from failover_kit.figures.scene import role_of, scene, without_service
from failover_kit.figures.topology import topology_alt

CRASH, REPAIR = 60.0, 300.0


@pytest.fixture(scope="module")
def run():
    """A shop whose primary crashes at 60 s and is repaired at 300 s, with six users and one visit by hand."""
    with Lab.virtual(seed=3) as lab:
        east, west = lab.site("us-east-1"), lab.site("us-west-2")
        check = lab.health_check(east, path="/health")
        lab.failover("app.example.com", primary=east, secondary=west, health_check=check, ttl=60)
        lab.visit()
        lab.users(6, start_within=30)
        lab.at(CRASH, east.fail)
        lab.at(REPAIR, east.repair)
        lab.run(minutes=10)
        yield lab


def edge(model, start, end):
    return next(edge for edge in model["edges"] if (edge["from"], edge["to"]) == (start, end))


def outage(lab):
    return lab.timeline.outages()[0]


def test_before_anything_happened(run):
    model = scene(run, at=-1.0)
    assert [model["nodes"][key]["note"] for key in ("users", "resolvers", "dns")] == ["", "nothing kept yet", ""]
    assert edge(model, "users", "us-east-1")["state"] == "idle"


def test_the_sites_have_the_roles_of_their_record_sets(run):
    assert [role_of(run, site) for site in run.sites] == ["primary", "secondary"]
    assert [scene(run)["nodes"][site.name]["role"] for site in run.sites] == ["primary", "secondary"]


def test_a_site_without_a_pair_has_no_role():
    with Lab.virtual() as lab:
        east = lab.site("us-east-1")
        lab.simple("app.example.com", east)
        assert role_of(lab, east) is None
        assert "role" not in scene(lab)["nodes"]["us-east-1"]


MOMENTS = {     # moment of the run -> users served, checkers healthy, answer, primary's state, its requests, its probes
    "calm": (lambda o: CRASH - 1, "6 of 6", "16 of 16", "us-east-1", "healthy", "traffic", "check"),
    "just crashed": (lambda o: CRASH + 40, "0 of 6", "16 of 16", "us-east-1", "fault", "blocked", "blocked"),
    "just switched": (lambda o: o.switched.at, "0 of 6", "2 of 16", "us-west-2", "fault", "blocked", "blocked"),
    "all moved": (lambda o: REPAIR - 1, "6 of 6", "0 of 16", "us-west-2", "fault", "idle", "blocked"),
    "back": (lambda o: 599.0, "6 of 6", "16 of 16", "us-east-1", "healthy", "traffic", "check"),
}


@pytest.mark.parametrize("moment", MOMENTS)
def test_what_the_picture_says_at_a_moment(run, moment):
    when, users, checkers, answer, state, requests, probes = MOMENTS[moment]
    model = scene(run, when(outage(run)))
    nodes = model["nodes"]
    assert nodes["users"]["note"] == f"{users} are served"
    assert nodes["checkers"]["note"] == f"{checkers} say healthy"
    assert nodes["dns"]["note"] == f"answer: {answer}"
    assert nodes["us-east-1"]["state"] == state
    assert edge(model, "users", "us-east-1")["state"] == requests
    assert edge(model, "checkers", "us-east-1")["state"] == probes


def test_right_after_the_switch_all_resolvers_are_outdated_and_one_ttl_later_none_is(run):
    switched = outage(run).switched.at
    assert scene(run, switched)["nodes"]["resolvers"]["note"].endswith("are outdated")
    assert scene(run, switched + 66)["nodes"]["resolvers"]["note"] == "all are up to date"


def test_without_service_counts_users_and_no_visits_by_hand(run):
    assert without_service(run.timeline, CRASH - 1) == []
    assert len(without_service(run.timeline, outage(run).switched.at)) == 6
    assert without_service(run.timeline) == []


def test_a_failed_visit_is_not_a_user_without_service():
    with Lab.virtual() as lab:
        east = lab.site("us-east-1")
        lab.simple("app.example.com", east)
        east.fail()
        assert not lab.visit().ok
        assert without_service(lab.timeline) == []
        assert scene(lab)["nodes"]["users"]["note"] == ""


def test_the_answer_can_be_that_of_a_step_at_the_same_moment(run):
    at = outage(run).switched.at
    assert scene(run, at, answer="127.0.1.10")["nodes"]["dns"]["note"] == "answer: us-east-1"


def test_a_lab_without_checks_has_a_picture_too():
    with Lab.virtual() as lab:
        lab.simple("app.example.com", lab.site("us-east-1"))
        assert "us-east-1 is healthy" in topology_alt(scene(lab))


def test_a_lab_without_checks_shows_no_checkers():
    with Lab.virtual() as lab:
        lab.simple("app.example.com", lab.site("us-east-1"))
        model = scene(lab)
        assert "checkers" not in model["nodes"]
        assert not [edge for edge in model["edges"] if "checkers" in (edge["from"], edge["to"])]
