"""The course's own widgets and verdicts in JupyterLab: commit a prediction and turn a card by mouse and by keyboard."""

import pytest

CELLS = [
    "from failover_kit.course import check, course_map, explain, predict, recall, task",
    "course_map(1)",
    'predict("1.change-seen")',
    'explain("1.change-seen", address="192.0.2.10", which="old", ttl=38)',
    'predict("1.missing-type")',
    'explain("1.missing-type", rcode="NOERROR", answers=0)',
    "recall(1, 2)",
    'task("1.1")',
    'check("1.1", [("192.0.2.10", 120), ("198.51.100.20", 300)])',
    'check("1.1", [("198.51.100.20", 300), ("198.51.100.20", 300)])',
]


@pytest.fixture(scope="module")
def page(open_notebook):
    lab_page = open_notebook("course.ipynb", *CELLS)
    lab_page.run_all()
    lab_page.page.get_by_text("Change your answer and run this cell again").wait_for(timeout=60_000)
    return lab_page


@pytest.fixture
def look(page):
    return page.page


def prediction(look, question):
    return look.get_by_role("group", name=question).locator("xpath=ancestor::*[contains(@class, 'fk-prediction')]")


def explanation(look, nth):
    return look.locator(".fk-html-panel").nth(nth)   # 0 is the course map


def test_the_map_is_drawn_with_this_lesson_lit(look):
    assert look.get_by_role("img", name="Course map").locator("path").count() == 1


def test_a_prediction_is_committed_by_mouse_and_only_then_explained(look):
    form = prediction(look, "The shop moves")
    button = form.get_by_role("button")
    assert button.is_disabled()
    assert "opens when you have committed" in explanation(look, 1).inner_text()
    form.get_by_label("The new address").check()
    form.get_by_label("How sure").fill("80")
    button.click()
    explanation(look, 1).get_by_text("You were 80 % sure. It was not so.").wait_for()
    assert "192.0.2.10" in explanation(look, 1).inner_text()
    assert form.get_by_label("The new address").is_disabled()
    assert button.inner_text() == "Think again"


def test_a_prediction_is_committed_by_keyboard_alone(page, look):
    form = prediction(look, "has an A record and no other")
    cells = look.locator(".jp-Notebook .jp-Cell").count()
    form.get_by_label("NXDOMAIN").focus()
    look.keyboard.press("Space")
    look.keyboard.press("ArrowDown")                     # the second choice
    look.keyboard.press("Tab")
    for _ in range(3):
        look.keyboard.press("ArrowRight")                # 50 % to 80 %
    look.keyboard.press("Tab")
    look.keyboard.press("Enter")
    explanation(look, 2).get_by_text("You were 80 % sure. It was so.").wait_for()
    assert form.get_by_label("NOERROR with an empty answer").is_checked()
    assert look.locator(".jp-Notebook .jp-Cell").count() == cells      # no key reached the notebook


def test_cards_are_turned_by_keyboard_and_the_focus_stays_on_the_card(look):
    cards = look.locator(".fk-cards")
    front = cards.locator(".fk-front")
    first = front.inner_text()
    cards.get_by_role("button", name="Show the answer").focus()
    look.keyboard.press("Enter")
    cards.get_by_role("button", name="I did not").wait_for()
    look.keyboard.press("Space")                         # the focus is on "I knew it"
    cards.get_by_text("Card 2 of 4").wait_for()
    assert front.inner_text() != first
    assert look.evaluate("document.activeElement.textContent") == "Show the answer"


def test_a_pass_shows_a_solution_on_request_and_a_failure_no_traceback(look):
    solution = look.locator("details").filter(has_text="kept_until")
    assert not solution.locator("pre").is_visible()
    solution.locator("summary").click()
    assert "kept_until = given.cached_at + given.ttl" in solution.locator("pre").inner_text()
    shown = look.locator(".jp-Notebook").inner_text()
    assert "Task 1.1: not quite" in shown
    assert "Who would" not in shown
    assert "What makes it throw that answer away?" in shown
    assert "Traceback" not in shown


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_axe_finds_nothing_in_the_outputs(page, look, dark):
    from axe_playwright_python.sync_playwright import Axe
    page.dark(dark)
    found = Axe().run(look, context=".jp-Cell-outputArea").response["violations"]
    page.dark(False)
    assert [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found] == []


def test_a_reload_finds_what_was_committed(open_notebook):
    page = open_notebook("course_reload.ipynb", *CELLS[:4])
    page.run_all()
    form = prediction(page.page, "The shop moves")
    form.get_by_label("The old address").check()
    form.get_by_role("button").click()
    explanation(page.page, 1).get_by_text("It was so.").wait_for()
    page.command("docmanager:save")
    page.page.wait_for_timeout(500)
    page.open()
    form = prediction(page.page, "The shop moves")
    form.get_by_role("button", name="Think again").wait_for(timeout=60_000)
    assert form.get_by_label("The old address").is_checked()
    assert page.console_errors == []
    assert page.requests_elsewhere == []


def test_a_page_without_trouble(page):
    assert page.console_errors == []
    assert page.requests_elsewhere == []
