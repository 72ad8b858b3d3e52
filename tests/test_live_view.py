"""A lab watched as it runs, and told again afterwards. In virtual time here; the browser tests press the buttons."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from failover_kit import ConfigurationError, Lab
from failover_kit.errors import LabError
from failover_kit.figures.scene import without_service
from failover_kit.widgets import LiveView, Replay
from failover_kit.widgets.base import LIVE_VIEW


def shop(lab):
    east, west = lab.site("us-east-1"), lab.site("us-west-2")
    check = lab.health_check(east, path="/health", request_interval=10)
    lab.failover("app.example.com", primary=east, secondary=west, health_check=check, ttl=30)
    lab.users(4, start_within=10)
    return east, west


def watching(work, *, pace=0.01, speed=1000.0):
    """Run `work(lab, view, east)` in a loop, as a notebook does: 10 s of lab time a tick."""
    async def main():
        with Lab.virtual(seed=3) as lab:
            east, _ = shop(lab)
            view = LiveView(lab, {"Crash": east.fail, "Repair": east.repair}, pace=pace, speed=speed)
            try:
                return await work(lab, view, east)
            finally:
                await asyncio.sleep(pace)       # let a walk that was just started begin, before it is stopped
                view.close()
                await asyncio.sleep(pace)
    with ThreadPoolExecutor(1) as thread:       # a loop of its own, beside the one that browser tests leave running
        return thread.submit(lambda: asyncio.run(main())).result()


def test_a_button_acts_at_once_and_the_picture_follows():
    async def work(lab, view, east):
        await view.run(seconds=20)
        view.press("Crash")
        assert "crash" in east.site.active
        return view.topology.alt
    assert "us-east-1, primary, is broken (crash)." in watching(work)


def test_a_virtual_lab_moves_with_the_clock():
    async def work(lab, view, east):
        before = lab.now
        await view.run(seconds=50)
        return lab.now - before
    assert 50 <= watching(work) <= 70


def test_until_waits_for_the_condition_and_draws_the_end():
    async def work(lab, view, east):
        await view.run(seconds=20)
        view.press("Crash")
        held = await view.until(lambda: lab.timeline.outages()[0].switched and not without_service(lab.timeline),
                                at_most=300)
        assert not view.clock.playing
        return held, lab.now, view.topology.alt, view.chart.alt
    held, now, picture, chart = watching(work)
    assert held
    assert now < 320
    assert "4 of 4 are served" in picture
    assert "answer: us-west-2" in picture
    assert "changes to 127.0.2.10" in chart


def test_until_gives_up_in_the_end_and_says_so():
    async def work(lab, view, east):
        return await view.until(lambda: False, at_most=30)
    assert watching(work) is False


def test_a_run_longer_than_the_clock_goes_on():
    async def work(lab, view, east):
        view.clock.ticks = 3
        await view.run(seconds=100)
        return lab.now
    assert watching(work) >= 100


def test_when_the_lab_is_closed_the_view_says_so_and_stands_still():
    async def work(lab, view, east):
        await view.run(seconds=20)
        lab.close()
        drawn = view.chart.figure
        with pytest.raises(LabError, match="Run the cell that opened the lab once more"):
            view.press("Crash")
        assert not east.site.active
        view.clock.play()
        await asyncio.sleep(0.1)
        assert not view.clock.playing
        assert view.chart.figure == drawn
        return view.doors.text
    assert watching(work).startswith("This drill is over")


def test_an_unknown_button_is_named():
    async def work(lab, view, east):
        view.press("Explode")
    with pytest.raises(ConfigurationError, match="It has: Crash, Repair"):
        watching(work)


def test_what_is_saved_is_the_same_in_every_run():
    async def work(lab, view, east):
        first = view._repr_mimebundle_()
        await view.run(seconds=30)
        view.press("Crash")
        later = view._repr_mimebundle_()
        assert first.pop(LIVE_VIEW)
        later.pop(LIVE_VIEW)
        return first, later
    first, later = watching(work)
    assert first == later
    assert first["text/plain"].endswith("Buttons: [Crash] [Repair]")


def test_the_doors_of_a_live_lab_are_told():
    with Lab.live(speed=50) as lab:
        east, west = shop(lab)
        view = LiveView(lab, {"Crash": east.fail})
        assert lab.dig("app.example.com") in view.doors.text
        assert east.url in view.doors.text
        assert west.url in view.doors.text
        view.close()


@pytest.fixture(scope="module")
def told():
    with Lab.virtual(seed=3) as lab:
        east, _ = shop(lab)
        lab.at(60, east.fail)
        lab.run(minutes=4)
        yield lab


def test_a_replay_steps_table_and_picture_together(told):
    replay = Replay(told, "One crash")
    row = next(i for i, step in enumerate(replay.steps) if step.part == "site")
    replay.table.value = row
    assert "us-east-1, primary, is broken (crash)." in replay.picture.alt
    replay.table.value = len(replay.steps) - 1
    assert "4 of 4 are served" in replay.picture.alt


def test_two_steps_of_one_moment_show_the_answer_of_each(told):
    replay = Replay(told, "One crash")
    change = next(i for i, step in enumerate(replay.steps) if step.part == "health check")
    assert replay.steps[change].at == replay.steps[change + 1].at
    replay.table.value = change
    assert "answer: us-east-1" in replay.picture.alt
    replay.table.value = change + 1
    assert "answer: us-west-2" in replay.picture.alt


def test_a_replay_can_begin_at_the_fault(told):
    replay = Replay(told, "From the crash on", since=60)
    assert "fails: crash" in replay.steps[0].happened


def test_the_answer_column_says_the_role(told):
    replay = Replay(told, "One crash")
    column = replay.table.columns.index("DNS answer")
    assert {row[column][1] for row in replay.table.cells} == {"primary", "secondary"}


def test_a_virtual_replay_is_kept_whole_and_a_live_one_by_its_caption(told):
    assert "<table>" in Replay(told, "One crash")._repr_mimebundle_()["text/html"]
    with Lab.live(speed=50) as lab:
        shop(lab)
        lab.run(seconds=5)
        kept = Replay(lab, "Your drill")._repr_mimebundle_()
    assert kept["text/plain"] == "Replay: Your drill"
    assert "text/html" not in kept
