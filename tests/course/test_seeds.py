"""Two learners get different numbers, the grader gets the same ones again, and nobody needs a seed."""

from random import Random

import pytest

from failover_kit.course.seeds import Learner, SeedFile, acting_as, current_learner, learner_from
from failover_kit.errors import CourseError

ANN = Learner("spring class", "ann")
# printf '["ann", "1.1", "given"]' | openssl dgst -sha256 -hmac 'spring class'
ANN_1_1 = 0x9962fdc1d2b283703a20e59f9677be484d33c91e062a8480685d70b4a5a61798


def test_the_seed_is_the_hmac_of_learner_task_and_purpose():
    assert ANN.random("1.1").random() == Random(ANN_1_1).random()


@pytest.mark.parametrize("other", [
    Learner("spring class", "bob").random("1.1"), Learner("autumn class", "ann").random("1.1"), ANN.random("1.2"),
    ANN.random("1.1", "scenarios"),
    Learner("spring class", 'ann", "1.1').random("1.1"),     # a name cannot be chosen so that it runs into the task
], ids=["learner", "class", "task", "purpose", "odd name"])
def test_any_difference_gives_other_numbers(other):
    assert other.random() != ANN.random("1.1").random()


@pytest.mark.parametrize(("environ", "learner"), [
    ({}, None),
    ({"FAILOVER_KIT_LEARNER": "ann"}, None),
    ({"FAILOVER_KIT_COURSE_KEY": "k"}, None),
    ({"FAILOVER_KIT_COURSE_KEY": "k", "FAILOVER_KIT_LEARNER": "ann"}, Learner("k", "ann")),
    ({"FAILOVER_KIT_COURSE_KEY": "k", "JUPYTERHUB_USER": "bob"}, Learner("k", "bob")),
    ({"FAILOVER_KIT_COURSE_KEY": "k", "JUPYTERHUB_USER": "bob", "FAILOVER_KIT_LEARNER": "ann"}, Learner("k", "ann")),
], ids=["nothing", "no key", "no name", "key and name", "on a hub", "name before hub"])
def test_the_environment_names_the_learner(environ, learner):
    assert learner_from(environ) == learner


def test_within_a_block_somebody_else_is_the_learner(monkeypatch):
    monkeypatch.setenv("FAILOVER_KIT_COURSE_KEY", "k")
    monkeypatch.setenv("FAILOVER_KIT_LEARNER", "ann")
    with acting_as(Learner("k", "bob")):
        assert current_learner().name == "bob"
        with acting_as(None):
            assert current_learner() is None
    assert current_learner().name == "ann"


def test_a_seed_file_knows_the_learner_behind_a_folder(tmp_path):
    file = tmp_path / "seed.json"
    file.write_text('{"course_key": "k", "learners": {"team-1": "ann"}}')
    seeds = SeedFile.read(file)
    assert seeds.learner("team-1") == Learner("k", "ann")
    assert seeds.learner("bob") == Learner("k", "bob")


@pytest.mark.parametrize(("content", "said"), [
    ("{", "cannot be read"), ("[]", 'no "course_key"'), ('{"course_key": ""}', 'no "course_key"'),
    ('{"course_key": "k", "learners": {"a": 1}}', "must map"), (None, "cannot be read")])
def test_a_seed_file_that_cannot_work_is_refused(tmp_path, content, said):
    file = tmp_path / "seed.json"
    if content is not None:
        file.write_text(content)
    with pytest.raises(CourseError, match=said):
        SeedFile.read(file)
