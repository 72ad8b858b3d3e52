"""The static site: lessons and exercises run in the browser alone, and the browser asks nobody else for anything."""

import json
import os
import re
from html.parser import HTMLParser

import nbformat
import pytest
from lab_page import CHROMIUM, REPOSITORY
from lite_page import Pages, StaticServer, missing_parts

from failover_kit.course.grading import find_submissions, grade
from failover_kit.course.lite.site import build_site
from failover_kit.course.syllabus import LESSONS, lesson

# The lessons that no other test here runs take 45 s more: FAILOVER_KIT_TEST_LITE=all asks for them.
OTHER_LESSONS = (2, 4, 5, 7) if os.environ.get("FAILOVER_KIT_TEST_LITE") == "all" else ()
NOTHING_LEAVES = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    if reason := missing_parts():
        pytest.skip(reason)
    return build_site(tmp_path_factory.mktemp("lite") / "site")


@pytest.fixture(scope="module")
def server(site):
    server = StaticServer(site.folder)
    yield server
    server.close()


@pytest.fixture(scope="module")
def pages(server):
    from playwright.sync_api import sync_playwright
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=NOTHING_LEAVES)
        opened = Pages(browser, server.url)
        yield opened
        for page in opened.values():
            page.close()
        browser.close()


@pytest.fixture(autouse=True)
def nobody_else_is_asked_and_the_console_is_quiet(pages):
    """After each test: no page has asked another host, and none has complained."""
    yield
    asked, complained = [], []
    for page in pages.values():
        asked += page.requests_elsewhere
        complained += page.console_errors
        page.requests_elsewhere.clear()
        page.console_errors.clear()
    assert asked == []
    assert complained == []


def notebook(folder, number):
    return f"{folder}/{lesson(number).notebook}.ipynb"


def solution(task):
    """What stands in the solved notebook in the place of the task's stub."""
    solved = nbformat.read(REPOSITORY / notebook("solutions", int(task[0])), as_version=4)
    source, = (cell.source for cell in solved.cells if cell.id == f"failover-{task.replace('.', '-')}")
    return source


@pytest.mark.parametrize("number", [1, 3, 6])
def test_a_lesson_runs_from_top_to_bottom(pages, number):
    page = pages.run(notebook("lessons", number))
    assert page.complaints() == []
    outputs = page.outputs()
    assert sum(map(bool, outputs.values())) > len(outputs) / 2


def test_a_slider_moves_the_chart(pages):
    page = pages.run(notebook("lessons", 1))
    cell = page.cell("play-widget")
    plot = cell.locator(".fk-plot .main-svg").first
    plot.wait_for(timeout=20_000)
    drawn = lambda: cell.locator(".fk-plot").evaluate("plot => plot.innerHTML")
    before, slider = drawn(), cell.get_by_role("slider", name="TTL")
    slider.focus()
    for _ in range(5):
        page.page.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "170 s"
    cell.evaluate("""(cell, before) => new Promise((done) => {
        const look = () => cell.querySelector(".fk-plot").innerHTML !== before ? done() : setTimeout(look, 50);
        look();
    })""", before)
    assert drawn() != before


def test_an_exercise_is_passed_remembered_and_graded(pages, tmp_path):
    page = pages[notebook("exercises", 1)]
    page.write("failover-1-1", solution("1.1"))
    page.run("setup", "failover-1-1-given", "failover-1-1", "failover-1-1-check", "failover-1-2-given", "failover-1-2",
             "failover-1-2-check")
    said = page.outputs()["failover-1-1-check"][0]["data"]["text/plain"]
    assert "".join(said).startswith("Task 1.1: passed.")
    not_yet, = page.complaints()
    assert "Task 1.2: not attempted" in not_yet
    submission = tmp_path / "dora" / f"{lesson(1).notebook}.ipynb"
    submission.parent.mkdir()
    submission.write_text(json.dumps(page.downloaded()))
    graded, = grade(find_submissions([tmp_path]))
    assert [(task.task, task.passed) for task in graded.tasks][:2] == [("1.1", True), ("1.2", False)]
    assert graded.remarks == ()
    page.open()                        # another kernel, the same drive
    kept = page.run_cell("from failover_kit.course.progress import journal\n"
                         "print([(event.kind, event.data['task']) for event in journal().events()"
                         " if event.data.get('verdict') == 'passed'], journal().file)")
    assert kept == "[('checked', '1.1')] /drive/progress/progress.jsonl"


@pytest.mark.parametrize(("folder", "number"), [*(("lessons", number) for number in OTHER_LESSONS),
                                                *(("solutions", entry.number) for entry in LESSONS)])
def test_the_other_notebooks_run_too(pages, folder, number):
    """Without being shown, in one kernel. A check that is not passed raises."""
    cells = nbformat.read(REPOSITORY / notebook(folder, number), as_version=4).cells
    assert pages[notebook("exercises", 1)].faults_of([cell.source for cell in cells if cell.cell_type == "code"]) == []


def test_what_needs_sockets_says_so_and_offers_the_twin(pages):
    page = pages[notebook("lessons", 1)]
    said = page.run_cell("from failover_kit import Lab\nfrom failover_kit.errors import LabError\n"
                         "try: Lab.live()\n"
                         "except LabError as error: print(error)\n"
                         "with Lab.best() as twin: print(twin.world.is_live, twin.timeline.events[0].text)")
    assert re.search(r"needs sockets.* Lab\.virtual\(seed=\.\.\.\) .*\nFalse virtual time, as there are no sockets", said)


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.to = []

    def handle_starttag(self, tag, attributes):
        if tag == "a":
            self.to.append(dict(attributes)["href"])


def test_the_start_page_leads_to_every_notebook(site):
    links = Links()
    links.feed((site.folder / "index.html").read_text())
    wanted = {f"{folder}/{entry.notebook}.ipynb" for entry in LESSONS for folder in ("lessons", "exercises")}
    assert {link.partition("?path=")[2] for link in links.to} == wanted
    for path in wanted:
        assert (site.folder / "files" / path).exists()
        assert nbformat.read(site.folder / "files" / path, 4) == nbformat.read(REPOSITORY / path, 4)
    assert not (site.folder / "files" / "solutions").exists()
