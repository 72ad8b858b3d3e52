"""The book in Chromium, opened from the disk: charts are drawn, nothing is fetched, everybody can read it."""

import pytest
from lab_page import CHROMIUM, missing_parts

from failover_kit.course.book import bind
from failover_kit.course.syllabus import lesson

PAGES = ["index", "lesson-3", "exercises-3", "glossary", "terms"]
SIZES = [pytest.param("light", 1280, id="light, wide"), pytest.param("dark", 1280, id="dark, wide"),
         pytest.param("light", 360, id="light, narrow")]
DRAWN = "() => [...document.querySelectorAll('.plot')].every((plot) => plot.querySelector('.main-svg'))"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    if reason := missing_parts():
        pytest.skip(reason)
    place = tmp_path_factory.mktemp("book")
    bind(place, lessons=[lesson(3)])
    return place


@pytest.fixture(scope="module")
def browser(folder):
    from playwright.sync_api import sync_playwright
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=[
            "--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND"])
        yield chromium
        chromium.close()


class Reader:
    """A page of the book, with what it complained about and what it asked for elsewhere."""

    def __init__(self, browser, folder, scheme="light", width=1280):
        self.context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
        self.page, self.folder = self.context.new_page(), folder
        self.complaints, self.asked_elsewhere = [], []
        self.page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked_elsewhere.append(request.url)
                     if not request.url.startswith((folder.as_uri(), "data:")) else None)

    def open(self, name):
        self.page.goto((self.folder / f"{name}.html").as_uri())
        return self.page

    def draw_all(self):
        """Bring each chart into view, as a reader does."""
        for plot in self.page.query_selector_all(".plot"):
            plot.scroll_into_view_if_needed()
        self.page.wait_for_function(DRAWN)


@pytest.fixture(scope="module")
def readers(browser, folder):
    """One reader for each look of the pages."""
    made = {}

    def reader(scheme="light", width=1280):
        if (scheme, width) not in made:
            made[scheme, width] = Reader(browser, folder, scheme, width)
        return made[scheme, width]
    yield reader
    for one in made.values():
        one.context.close()


@pytest.mark.parametrize(("scheme", "width"), SIZES)
@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_whole_for_everybody(readers, name, scheme, width):
    from axe_playwright_python.sync_playwright import Axe

    reader = readers(scheme, width)
    page = reader.open(name)
    reader.draw_all()
    assert reader.complaints == reader.asked_elsewhere == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    if scheme == "dark" or width == 360:                   # colours in the one, focusable scrolling parts in the other
        found = Axe().run(page, options={"preload": False}).response["violations"]
        assert not [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found]


def test_charts_follow_the_colour_scheme(readers):
    inks = set()
    for scheme in ("light", "dark"):
        reader = readers(scheme)
        page = reader.open("lesson-3")
        reader.draw_all()
        inks.add(page.evaluate("document.querySelector('.plot text').style.fill"))
    assert len(inks) == 2


def test_the_keyboard_is_enough(readers):
    page = readers().open("lesson-3")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the text"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "text"
    answer = page.locator("details.answer").first
    answer.locator("summary").focus()
    page.keyboard.press("Enter")
    assert answer.get_attribute("open") is not None
    page.locator("a[rel=next]").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/exercises-3.html")


def test_what_scrolls_sideways_can_be_reached_and_nothing_else(readers):
    page = readers(width=360).open("lesson-3")
    page.wait_for_function("() => document.querySelector('main pre[tabindex]')")
    assert page.evaluate("""() => [...document.querySelectorAll('main pre, main .scroll')].every(
        (part) => (part.scrollWidth > part.clientWidth) === (part.tabIndex === 0))""")


def test_paper_has_everything_open_and_afterwards_it_is_as_before(readers):
    reader = readers("dark")
    page = reader.open("lesson-3")
    folded = "document.querySelectorAll('main details:not([open])').length"
    before = page.evaluate(folded)
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(folded) == 0
    page.wait_for_function(DRAWN)
    assert page.evaluate("document.querySelector('.plot text').style.fill") == "rgb(27, 27, 27)"
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(folded) == before > 5
