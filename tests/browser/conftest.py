"""One JupyterLab and one Chromium for all browser tests; each skipped, with its reason, where a part is missing."""

import pytest
from lab_page import CHROMIUM, JupyterLab, LabPage, missing_parts, notebook
from lesson_page import LessonPage

pytest.register_assert_rewrite("lesson_tests", "lesson_widgets")


def pytest_generate_tests(metafunc):
    """A lesson's tests are made for each of its widgets."""
    if "widget" in metafunc.fixturenames:
        metafunc.parametrize("widget", metafunc.cls.widgets, ids=str)


@pytest.fixture(scope="session")
def lab(tmp_path_factory):
    """A JupyterLab on a free loopback port, over an empty folder."""
    if reason := missing_parts():
        pytest.skip(reason)
    server = JupyterLab(tmp_path_factory.mktemp("jupyterlab") / "server")
    yield server
    server.close()


@pytest.fixture(scope="module")           # playwright keeps an event loop in this thread: others want none
def chromium():
    if reason := missing_parts():
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright
    with sync_playwright() as playwright:
        # A test browser under root needs --no-sandbox. The resolver rule keeps it on this machine.
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=[
            "--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def open_notebook(lab, chromium):
    """`open_notebook("name.ipynb", "cell", "cell", ...)`, or with one notebook node, gives a LabPage."""
    pages = []

    def open_one(name, *cells):
        book = notebook(*cells) if isinstance(cells[0], str) else cells[0]
        pages.append(LabPage(chromium, lab, name, book))
        return pages[-1]
    yield open_one
    for page in pages:
        page.close()


@pytest.fixture(scope="module")
def open_lesson(lab, chromium, tmp_path_factory):
    """`open_lesson("03_how_failover_works")` gives a LessonPage: the lesson's own notebook, all of it run."""
    pages = []

    def open_one(name):
        pages.append(LessonPage(chromium, lab, name, tmp_path_factory.mktemp("progress")))
        pages[-1].run_lesson()
        return pages[-1]
    yield open_one
    for page in pages:
        page.close()


@pytest.fixture(scope="class")
def page(request, open_lesson):
    """The page of the lesson that a class of tests is about."""
    return open_lesson(request.cls.lesson)
