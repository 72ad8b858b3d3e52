"""Every test of the course has a learner's folder of its own, and no seed unless it asks for one."""

import pytest

from failover_kit.course import prediction_box, progress, seeds


@pytest.fixture(autouse=True)
def learners_folder(tmp_path, monkeypatch):
    """The folder that this test's journal lies in."""
    folder = tmp_path / "learner"
    monkeypatch.setenv(progress.PROGRESS_VARIABLE, str(folder))
    for name in (seeds.KEY_VARIABLE, seeds.LEARNER_VARIABLE, seeds.HUB_VARIABLE, prediction_box.VERIFY_VARIABLE):
        monkeypatch.delenv(name, raising=False)
    prediction_box._boxes.clear()
    prediction_box._explanations.clear()
    return folder
