"""What all seven lessons have in common: nine parts in one order, short cells, plain words, one way to begin and to end."""

import re
import statistics

import pytest
from lesson_run import LessonBook

from failover_kit.course import catalogue
from failover_kit.course.syllabus import LESSONS, lesson

NUMBERS = [entry.number for entry in LESSONS]
BOOKS = {number: LessonBook(number) for number in NUMBERS}


@pytest.fixture(params=NUMBERS, ids=lambda number: f"lesson {number}")
def book(request):
    return BOOKS[request.param]


def headings(book):
    """[(cell id, heading)] of the slides' headings: one or two hashes."""
    return [(name, line) for name, text in book.text.items() for line in text.splitlines() if re.match(r"#{1,2} ", line)]


def place(book, beginning):
    """Where the first heading with this beginning stands among the headings."""
    return next(at for at, (_, line) in enumerate(headings(book)) if line.startswith(beginning))


# ---- the nine parts -------------------------------------------------------------------------------------------------

def test_it_opens_with_its_title_and_what_you_can_do_after_it(book):
    first = book.cells[0].source
    assert first.startswith(f"# {book.number}. {lesson(book.number).title}\n")
    assert "After this lesson you can\n" in first
    assert 3 <= len(re.findall(r"^- .*\*\*\w+", first, re.MULTILINE)) <= 4
    assert f"](../exercises/{lesson(book.number).notebook}.ipynb)" in first
    assert "](GLOSSARY.md)" in first
    assert f"course_map({book.number})" in "\n".join(list(book.code.values())[:3])


def test_the_second_heading_is_a_hook_that_names_title_publisher_and_address_of_its_source(book):
    name, _ = headings(book)[1]
    assert name == "hook"
    assert re.search(r"\[[^\]*]+\*[^*]+\*[^\]]*\]\(https?://[^)]+\)", book.text[name])


@pytest.mark.parametrize("parts", [
    ("# ", "## The picture: ", "## Under the hood: ", '## Myth: "', "## Pitfall: ", "## Take it to AWS", "## Recap"),
    ("## The picture: ", "## Play: ", "## Take it to AWS")], ids=["parts", "play"])
def test_the_parts_come_in_one_order_under_the_same_headings(book, parts):
    places = [place(book, part) for part in parts]
    assert places == sorted(set(places))


def test_there_are_three_rounds_of_predicting_trying_and_explaining_or_more(book):
    rounds = book.asked_and_explained()
    assert len(rounds) >= 3
    assert sorted(name for name, _, _ in rounds) == sorted(
        question.id for question in catalogue.contents("questions", book.number))
    for name, asked, explained in rounds:
        assert asked < explained - 1, f"{name}: there is no experiment between question and explanation"


def test_something_live_has_a_virtual_twin(book):
    assert sum(source.count("Lab.best(") for source in book.code.values()) == 1


def test_play_is_a_widget_with_a_challenge(book):
    code = "\n".join(book.code.values())
    assert "explore(" in code
    assert re.search(r"\*\*Challenge", book.prose)
    assert re.search(r"[Gg]oal reached|[Cc]hallenge met", code), "it says when the number is reached"


def test_the_kits_own_source_is_read(book):
    assert re.search(r"\bgetsource\(", "\n".join(book.code.values()))


def test_a_myth_is_a_question_of_true_or_false_and_a_pitfall_is_measured_wrong_and_right(book):
    assert any(set(question.choices) == {"true", "false"}
               for question in catalogue.contents("questions", book.number))
    section = book.prose[book.prose.index("## Pitfall: "):book.prose.index("## Take it to AWS")]
    assert "**Wrong" in section
    assert re.search(r"\*\*Right|\*\*right", section)


def test_boto3_talks_to_the_lab_and_there_is_text_to_keep(book):
    code = "\n".join(book.code.values())
    assert re.search(r'\.api\.client\("route53"\)', code)
    assert 'boto3.client("route53")' in code + book.prose or 'boto3.client("cloudwatch")' in code
    kept = book.prose[book.prose.index("## Take it to AWS"):]
    assert re.search(r"CloudFormation|Terraform|command line", kept)


def test_the_recap_asks_for_this_lesson_and_for_earlier_ones(book):
    asked = [[int(number) for number in re.findall(r"\d+", call)]
             for call in re.findall(r"\brecall\((.*?)\)", "\n".join(book.code.values()))]
    mine, *earlier = ((numbers[:-1], numbers[-1]) for numbers in asked)
    assert mine[0] == [book.number]
    assert 4 <= mine[1] <= 6
    assert bool(earlier) is (book.number > 1)
    for numbers, count in earlier:
        assert max(numbers) < book.number
        assert count <= 2


def test_it_ends_with_the_next_need_and_its_exercises(book):
    last = book.text["next"]
    assert list(book.text)[-1] == "next"
    assert last.startswith("**Next.** ")
    if book.number < 7:
        assert f"Lesson {book.number + 1}, [" in " ".join(last.split())
        following = lesson(book.number + 1)
        assert f"[{following.title}]({following.notebook}.ipynb)" in " ".join(last.split())
    own = lesson(book.number).notebook
    assert f"First the exercises: [exercises/{own}.ipynb](../exercises/{own}.ipynb)" in " ".join(last.split())


# ---- its form -------------------------------------------------------------------------------------------------------

def test_cells_are_short(book):
    lines = {name: len([line for line in source.splitlines() if line.strip()]) for name, source in book.code.items()}
    assert max(lines.values()) <= 13
    assert len({name for name, count in lines.items() if count > 12} - {"imports"}) <= 1
    assert statistics.median(lines.values()) <= 3


def test_lines_of_code_fit_a_laptop(book):
    for name, source in book.code.items():
        assert max(map(len, source.splitlines())) <= 125, name


def test_text_is_plain_and_its_lines_are_short_enough_to_review(book):
    assert not re.search(r"[\U0001F000-\U0001FAFF\u2600-\u26FF]", book.prose)
    assert not re.search(r"\b(simply|obviously|of course|just works|amazing|powerful|seamless\w*|magic\w*)\b", book.prose)
    for name, text in book.text.items():
        for line in text.splitlines():
            assert len(line) <= 132 or line.startswith("|"), f"{name}: {line}"


def test_sentences_are_short(book):
    """Prose without tables, lists of words and code: no sentence above 32 words."""
    for name, text in book.text.items():
        plain = re.sub(r"```.*?```|^\|.*$|^#.*$|New words:.*?\[glossary|Timing, in minutes:.*?\.", "", text,
                       flags=re.DOTALL | re.MULTILINE)
        for sentence in re.split(r"(?<=[.?!:;])\s|\n\n|\n- |\n\d\. ", plain):
            assert len(sentence.split()) <= 32, f"{name}: {sentence}"


def test_notes_for_instructors_are_folded_and_nowhere_else(book):
    notes = {cell.id for cell in book.cells if cell.metadata["slideshow"]["slide_type"] == "notes"}
    folded = {name for name, text in book.text.items() if "For instructors" in text}
    assert notes == folded == {name for name in book.text if name.startswith("notes-")}
    assert "notes-opening" in notes
    for name in notes:
        assert book.text[name].startswith("<details><summary>For instructors</summary>\n\n")
        assert book.text[name].endswith("\n\n</details>")
