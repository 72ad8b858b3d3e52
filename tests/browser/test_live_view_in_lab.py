"""A live drill in JupyterLab: press the button, watch the picture and the timeline, step through the run."""

import pytest

CELLS = [
    """
from failover_kit import Lab
from failover_kit.widgets import LiveView, Replay
lab = Lab.best(speed=20)
east, west = lab.site("us-east-1"), lab.site("us-west-2")
check = lab.health_check(east, path="/health", request_interval=10)
lab.failover("app.example.com", primary=east, secondary=west, health_check=check, ttl=20)
lab.users(4, start_within=10)
view = LiveView(lab, {"Crash the primary": east.fail, "Repair the primary": east.repair})
view
""",
    "",
]


@pytest.fixture(scope="module")
def page(open_notebook):
    opened = open_notebook("live_view.ipynb", *CELLS)
    opened.run_all()
    yield opened
    opened.run_cell("lab.close()")


def test_the_learner_crashes_and_repairs_the_primary_and_the_picture_follows(page):
    look = page.page
    picture = look.locator(".fk-topology").first
    picture.locator("text", has_text="4 of 4 are served").wait_for()
    look.get_by_role("button", name="Crash the primary").focus()
    look.keyboard.press("Enter")
    picture.locator("text", has_text="broken").wait_for(timeout=5_000)
    picture.locator("text", has_text="answer: us-west-2").wait_for(timeout=20_000)
    picture.locator("text", has_text="4 of 4 are served").wait_for(timeout=20_000)
    assert look.locator(".fk-plot").first.locator("text", has_text="status check-us-east-1").count() == 1
    look.get_by_role("button", name="Repair the primary").click()
    picture.locator("text", has_text="answer: us-east-1").wait_for(timeout=20_000)
    assert page.console_errors == []
    assert page.requests_elsewhere == []


def test_it_says_how_to_ask_from_a_terminal(page):
    assert page.page.get_by_text("It is real. In a terminal: dig @127.0.0.1").count() == 1


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing(page, dark):
    from axe_playwright_python.sync_playwright import Axe
    page.dark(dark)
    page.page.wait_for_timeout(500)
    found = Axe().run(page.page, context=".jp-Cell-outputArea").response["violations"]
    page.dark(False)
    assert [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found] == []
