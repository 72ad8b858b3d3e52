"""book/: pages to read. What is promised: whole, offline, linked, and without what is meant for instructors."""

import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urlsplit

import nbformat
import pytest
from bs4 import BeautifulSoup

from failover_kit import Lab
from failover_kit.course import prediction_box, syllabus
from failover_kit.course.book import bind
from failover_kit.course.book.links import follow
from failover_kit.course.book.page import Page
from failover_kit.course.book.readable import chart_html, readable_exercise, readable_lesson
from failover_kit.course.book.running import run_to_read
from failover_kit.course.book.sections import mentions, outline
from failover_kit.course.book.terms import Finder, Term, read_glossary
from failover_kit.course.predictions import all_predictions, find_prediction
from failover_kit.course.shelf import shelf
from failover_kit.errors import ConfigurationError, CourseError
from failover_kit.widgets import Replay
from failover_kit.widgets.base import LIVE_VIEW
from failover_kit.widgets.frozen import READING_VARIABLE

PLOTLY, SVG = "application/vnd.plotly.v1+json", "image/svg+xml"
LESSONS = [pytest.param(lesson, id=f"lesson {lesson.number}") for lesson in syllabus.LESSONS]


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The whole book, as {file name: page}."""
    folder = tmp_path_factory.mktemp("book")
    return {file.name: soup(file.read_text(encoding="utf-8")) for file in bind(folder) if file.suffix == ".html"}


@pytest.fixture(scope="module")
def glossary():
    return read_glossary((shelf() / "lessons" / "GLOSSARY.md").read_text(encoding="utf-8"))


def soup(text):
    return BeautifulSoup(text, "html.parser")


def notebook_of(lesson):
    return nbformat.read(shelf() / "lessons" / f"{lesson.notebook}.ipynb", as_version=4)


def words_of(node):
    return " ".join(node.get_text(" ").split())


# The whole book

def test_every_page_is_there(book):
    numbers = range(1, 8)
    assert set(book) == {"index.html", "glossary.html", "terms.html", *(f"lesson-{n}.html" for n in numbers),
                         *(f"exercises-{n}.html" for n in numbers)}


def test_every_internal_link_and_anchor_leads_somewhere(book):
    anchors = {name: {node["id"] for node in page.find_all(id=True)} for name, page in book.items()}
    dead = []
    for name, page in book.items():
        for link in page.find_all("a", href=True):
            where = urlsplit(link["href"])
            if where.scheme in ("http", "https"):
                continue
            target = where.path or name
            if where.scheme or target not in book or (where.fragment and unquote(where.fragment) not in anchors[target]):
                dead.append((name, link["href"]))
    assert not dead


def test_every_page_can_be_reached_by_its_neighbours(book):
    seen, name = [], "index.html"
    while name:
        seen.append(name)
        following = book[name].select_one("a[rel=next]")
        name = following["href"] if following else None
    assert sorted(seen) == sorted(book)


def test_nothing_is_loaded_from_elsewhere(tmp_path):
    files = bind(tmp_path / "book", lessons=syllabus.LESSONS[:1])
    local = {file.name for file in files}
    for file in files:
        if file.suffix == ".html":
            page = soup(file.read_text(encoding="utf-8"))
            loaded = [node.get("src") or node.get("href") for node in page.select("[src], link[href]")]
            assert set(loaded) <= local | {"data:,"}
            assert not page.select("iframe, object, embed, base, form, [srcset], [style*='url(']")
        elif file.suffix in (".css", ".js") and file.name != "plotly.min.js":
            text = file.read_text(encoding="utf-8")
            assert "http" not in text
            assert "url(" not in text
            assert "import" not in text


def test_a_page_is_whole(book):
    for name, page in book.items():
        assert page.html["lang"] == "en", name
        assert len(page.find_all("h1")) == len(page.find_all("main")) == 1, name
        levels = [int(heading.name[1]) for heading in page.main.find_all(["h1", "h2", "h3", "h4", "h5", "h6"])]
        assert levels[0] == 1, name
        assert all(after <= before + 1 for before, after in pairwise(levels)), name
        ids = [node["id"] for node in page.find_all(id=True)]
        assert len(ids) == len(set(ids)), name


def test_the_course_map_has_each_lesson_with_its_time(book):
    stations = book["index.html"].select(".map li")
    assert [(station.a["href"], station.select_one(".minutes").text) for station in stations] == [
        (f"lesson-{lesson.number}.html", f"{lesson.minutes} min") for lesson in syllabus.LESSONS]
    assert "Nine ways in" in words_of(book["index.html"])             # what lessons/README.md says


def test_nothing_for_instructors_is_in_the_book(book):
    whole = " ".join(words_of(page) for page in book.values())
    assert "instructor" not in whole.lower()
    notes = [soup_of_markdown(cell.source) for lesson in syllabus.LESSONS for cell in notebook_of(lesson).cells
             if cell.metadata.get("slideshow", {}).get("slide_type") == "notes"]
    assert len(notes) > 20
    assert not [note for note in notes if note in whole]


def soup_of_markdown(source):
    """A note's longest run of plain words, as a page would show it."""
    return max((" ".join(part.split()) for part in source.replace("*", "|").replace("`", "|").replace("<", "|")
                .replace(">", "|").split("|")), key=len)


@pytest.mark.parametrize("lesson", LESSONS)
def test_every_figure_of_a_lesson_is_on_its_page(book, lesson):
    page, outputs = book[f"lesson-{lesson.number}.html"], [
        (cell.source, output.get("data", {})) for cell in notebook_of(lesson).cells for output in cell.get("outputs", ())]
    drawn = [data[PLOTLY] for source, data in outputs if PLOTLY in data and not source.endswith("calibration()")]
    assert [json.loads(script.string)["data"] for script in page.select("figure.chart script")] == [
        chart["data"] for chart in drawn]
    assert len(page.select("figure.picture svg")) == sum(SVG in data for _, data in outputs)
    assert all(len(figure["aria-label"]) > 20 for figure in page.select("figure"))
    assert "Loading" not in words_of(page)
    assert not page.select("[type*=widget]")


@pytest.mark.parametrize("lesson", LESSONS)
def test_the_text_and_code_of_a_lesson_are_on_its_page(book, lesson):
    shown = words_of(book[f"lesson-{lesson.number}.html"]).replace(" ", "")
    cells = readable_lesson(notebook_of(lesson)).cells
    code = [cell.source for cell in cells if cell.cell_type == "code" and "transient" not in cell.metadata]
    assert len(code) > 15
    assert not [source for source in code if "".join(source.split()) not in shown]
    headings = [line.lstrip("# ").replace("`", "") for cell in cells if cell.cell_type == "markdown"
                for line in cell.source.splitlines()[:1] if line.startswith("#")]
    assert not [heading for heading in headings if heading.replace(" ", "").replace("*", "") not in shown]


@pytest.mark.parametrize("lesson", LESSONS)
def test_questions_are_asked_and_answers_are_folded(book, lesson):
    page = book[f"lesson-{lesson.number}.html"]
    asked = {question["aria-label"].removeprefix("Question "): question for question in page.select(".question")}
    mine = [prediction for prediction in all_predictions() if prediction.id.startswith(f"{lesson.number}.")]
    assert set(asked) == {prediction.id for prediction in mine}
    for prediction in mine:
        assert len(asked[prediction.id].find_all("li")) == len(prediction.choices)
    answers = page.select("details.answer")
    assert len(answers) == len(mine)
    assert not [answer for answer in answers if answer.has_attr("open")]
    assert all(prediction.why.replace("`", "").split(". ")[0] in words_of(page) for prediction in mine)
    assert page.select(".cards details")


def test_every_term_is_in_the_glossary_and_in_the_index(book, glossary):
    assert len(glossary) > 90
    for name in ("glossary.html", "terms.html"):
        assert sorted(node.text for node in book[name].find_all("dt")) == sorted(term.name for term in glossary)


def test_every_term_of_the_index_stands_in_the_section_it_names(book, glossary):
    names = {term.anchor: term for term in glossary}
    texts = {f"{name}#{heading['id']}": section_text(heading).lower() for name, page in book.items()
             for heading in page.main.find_all(["h1", "h2", "h3", "h4"])}
    wrong, links = [], 0
    for entry in book["terms.html"].find_all("dt"):
        for link in entry.find_next_sibling("dd").find_all("a"):
            links += 1
            if not any(word.lower() in texts[link["href"]] for word in names[entry["id"]].words):
                wrong.append((entry.text, link["href"]))
    assert not wrong
    assert links > 300


def section_text(heading):
    """The words from a heading to the next one."""
    texts = [heading.get_text()]
    for node in heading.next_elements:
        if getattr(node, "name", None) in ("h1", "h2", "h3", "h4", "footer"):
            break
        if isinstance(node, str):
            texts.append(node)
    return " ".join(" ".join(texts).split())


def test_a_lessons_new_words_lead_to_the_glossary(book):
    links = {link.text: link["href"] for link in book["lesson-3.html"].select("main a.term")}
    assert links["failover pair"] == "glossary.html#failover-pair"


def test_a_term_of_the_glossary_links_to_the_lessons_that_use_it(book):
    entry = book["glossary.html"].find("dt", string="failover pair").find_next_sibling("dd")
    assert "lesson-3.html" in {link["href"].split("#")[0] for link in entry.find_all("a")}


# One lesson, and the folder

def test_a_book_of_one_lesson_has_no_link_to_another(tmp_path):
    files = bind(tmp_path / "one", lessons=[syllabus.lesson(3)])
    assert [file.name for file in files if file.suffix == ".html"] == [
        "index.html", "lesson-3.html", "exercises-3.html", "glossary.html", "terms.html"]
    pages = [soup(file.read_text(encoding="utf-8")) for file in files if file.suffix == ".html"]
    targets = {urlsplit(link["href"]).path for page in pages for link in page.find_all("a", href=True)
               if not link["href"].startswith("http")}
    assert targets <= {"", *(file.name for file in files)}
    assert "Multi-Region" in words_of(pages[0])


def test_an_older_book_is_replaced_and_nothing_else(tmp_path):
    folder = tmp_path / "book"
    bind(folder, lessons=[syllabus.lesson(2)])
    bind(folder, lessons=[])
    assert not (folder / "lesson-2.html").exists()
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(ConfigurationError, match=r"notes\.txt, which is no part of a book"):
        bind(folder, lessons=[])
    assert (folder / "index.html").exists()


@pytest.mark.parametrize("manifest", ['{"files": ["../kept.txt"]}', '{"files": 3}', "{", "[]"])
def test_a_strange_list_of_files_deletes_nothing(tmp_path, manifest):
    kept, folder = tmp_path / "kept.txt", tmp_path / "book"
    kept.write_text("mine")
    folder.mkdir()
    (folder / "book.json").write_text(manifest)
    (folder / "page.html").write_text("mine, too")
    with pytest.raises(ConfigurationError):
        bind(folder, lessons=[syllabus.lesson(3)])
    assert kept.exists()
    assert (folder / "page.html").exists()


def test_a_folder_that_is_a_file_is_refused(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigurationError, match="cannot become a book"):
        bind(tmp_path / "file")


def test_the_command_writes_a_book_and_says_where(tmp_path):
    command = [sys.executable, "-m", "failover_kit", "book", str(tmp_path / "b"), "--lesson", "2", "--json"]
    shown = json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=100).stdout)
    assert Path(shown["start"]).read_text(encoding="utf-8").startswith("<!doctype html>")
    assert shown["files"]


# Run for readers

def test_a_run_for_readers_puts_its_numbers_into_the_explanation(tmp_path):
    path = tmp_path / "lesson.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(
        "from failover_kit.course import explain\nexplain('3.last-user', first=7, last=52, ttl=60)")]), path)
    before = path.read_bytes()
    page = soup(readable_lesson(run_to_read(path)).cells[0].outputs[0]["data"]["text/html"])
    assert "the first user was served 7 s after the switch" in words_of(page.select_one("details.answer"))
    assert path.read_bytes() == before


def test_a_saved_notebook_never_holds_the_answer(monkeypatch):
    box = prediction_box.explain("3.last-user", first=7, last=52, ttl=60)
    assert set(box.still()) == set()
    monkeypatch.setenv(READING_VARIABLE, "1")
    assert find_prediction("3.last-user").why in box.still()["text/html"]


# Its parts

TERMS = read_glossary("""# Glossary
**A**: an IPv4 address. ([lesson 1](x.ipynb))
**cache**: copies. ([lesson 1](x.ipynb))
**record, record set**: facts about a name. ([lesson 1](x.ipynb))
**Region**: a group of data centres. ([lesson 1](x.ipynb))
**NS**: a name server. ([lesson 1](x.ipynb))
""")


@pytest.mark.parametrize(("text", "found"), [
    ("Caches keep it.", ["cache"]),
    ("the\ncache", ["cache"]),
    ("uncached, cache-free", []),
    ("a record set and a record", ["record, record set"] * 2),
    ("A record of the shop", ["A", "record, record set"]),
    ("A shop", []),
    ("two Regions, one region", ["Region"]),
    ("NS, and ns", ["NS"]),
])
def test_terms_are_found_as_they_are_spelled(text, found):
    assert [term.name for term in Finder(TERMS).find(text)] == found


@pytest.mark.parametrize(("text", "called"), [
    ("A", ["A"]), ("As", []), ("caches", ["cache"]), ("Record set", ["record, record set"]), ("a cache", []), ("", [])])
def test_a_text_as_a_whole_names_a_term(text, called):
    assert [term.name for term in Finder(TERMS).called(text)] == called


def test_a_glossary_names_all_its_faults():
    with pytest.raises(CourseError, match=r"(?s)line 1.*line 3"):
        read_glossary("**A** an address\n**B**: fine. ([lesson 1](x.ipynb))\n**C**: no lesson\n")
    with pytest.raises(CourseError, match="no term"):
        read_glossary("# Glossary\n")


def test_two_terms_of_one_name_have_two_anchors():
    one = "**check**: this. ([lesson 1](x.ipynb))\n"
    assert [term.anchor for term in read_glossary(one + one)] == ["check", "check-2"]


@pytest.mark.parametrize(("written", "levels"), [
    ((1, 2, 3, 2), (1, 2, 3, 2)), ((1, 3, 3), (1, 2, 2)), ((1, 3, 2, 4), (1, 2, 2, 3)), ((2, 4), (1, 2))])
def test_headings_skip_no_level(written, levels):
    page = soup("".join(f"<h{level}>Same</h{level}>" for level in written))
    sections = outline(page)
    assert tuple(section.level for section in sections) == levels
    assert len({section.anchor for section in sections}) == len(written)


def test_a_heading_takes_no_id_that_is_taken():
    page = soup("<h1>Text</h1><p id='cache'></p><h2>Cache</h2>")
    assert [section.anchor for section in outline(page)] == ["text-2", "cache-2"]


def test_mentions_know_their_section_and_leave_code_alone():
    page = soup("<h1>One</h1><p>A <strong>cache</strong>.</p><pre>Region</pre><h2>Two</h2><p>caches <code>A</code></p>")
    outline(page)
    found = {term.name: dict(places) for term, places in mentions(page, Finder(TERMS)).items()}
    assert found == {"cache": {"one": True, "two": False}, "A": {"two": False}}


@pytest.mark.parametrize(("href", "becomes"), [
    ("02_x.ipynb", '<a href="lesson-2.html">Go</a>'),
    ("02_x.ipynb#part", '<a href="lesson-2.html#part">Go</a>'),
    ("../lessons/02_x.ipynb", '<a href="lesson-2.html">Go</a>'),
    ("../exercises/02_x.ipynb", "Go"),
    ("../../etc/passwd", "Go"),
    ("javascript:alert(1)", "Go"),
    ("#here", '<a href="#here">Go</a>'),
    ("https://example.org/02_x.ipynb", '<a href="https://example.org/02_x.ipynb">Go</a>'),
])
def test_links_lead_inside_the_book_or_nowhere(href, becomes):
    page = soup(f'<a href="{href}">Go</a>')
    follow(page, "lessons", {"lessons/02_x.ipynb": Page("lesson-2.html", "2. X", soup(""))})
    assert str(page) == becomes


def test_a_link_that_says_a_files_name_says_the_pages_name():
    page = soup('<a href="02_x.ipynb">lessons/02_x.ipynb</a>')
    follow(page, "lessons", {"lessons/02_x.ipynb": Page("lesson-2.html", "2. X", soup(""))})
    assert page.text == "2. X"


def test_a_charts_words_and_numbers_cannot_leave_their_place():
    hostile = "</script><script>alert(1)</script>'"
    page = soup(chart_html({"data": [{"name": hostile}], "layout": {}}, f"TTL: 60 s\nChart: {hostile}"))
    assert len(page.find_all("script")) == 1
    assert json.loads(page.script.string)["data"][0]["name"] == hostile
    assert page.figure["aria-label"] == hostile
    assert page.figcaption.contents[0] == "TTL: 60 s"


def test_an_exercise_shows_its_numbers_and_no_check(monkeypatch):
    monkeypatch.setenv("FAILOVER_KIT_COURSE_KEY", "spring")
    monkeypatch.setenv("FAILOVER_KIT_LEARNER", "ann")
    lesson = syllabus.lesson(3)
    cells = readable_exercise(nbformat.read(shelf() / "exercises" / f"{lesson.notebook}.ipynb", as_version=4)).cells
    sources = [cell.source for cell in cells]
    assert not [source for source in sources if source.startswith("check(")]
    card = next(cell for cell in cells if cell.source.startswith('given = task("3.3")'))
    assert "<code>given.ttl</code></th><td style='text-align:left'><code>60<" in card.outputs[0]["data"]["text/html"]


def test_a_term_stands_for_each_of_its_words():
    assert Term("primary, secondary", "", 3, "x").words == ("primary", "secondary")


def test_a_live_run_is_told_in_pages_to_read_and_stands_for_itself_in_notebooks(monkeypatch):
    lab = Lab.virtual(seed=3)
    east, west = lab.site("us-east-1"), lab.site("us-west-2")
    lab.failover("app.example.com", primary=east, secondary=west, health_check=lab.health_check(east), ttl=60)
    lab.users(2, every=5)
    lab.at(10, east.fail)
    lab.run(minutes=3)
    monkeypatch.setattr(type(lab.world), "is_live", True)
    told = Replay(lab, "My drill")
    assert told._repr_mimebundle_().keys() == {"text/plain", LIVE_VIEW}
    output = nbformat.v4.new_output("execute_result", {"text/plain": told.in_words()})
    cell = nbformat.v4.new_code_cell("told", outputs=[output])
    page = readable_lesson(nbformat.v4.new_notebook(cells=[cell])).cells[0].outputs[0]["data"]["text/html"]
    assert "My drill: in the notebook, the steps of its own live run" in page
    monkeypatch.setenv(READING_VARIABLE, "1")
    assert "us-east-1 fails: crash" in told._repr_mimebundle_()["text/html"]
