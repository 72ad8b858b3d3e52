"""Each file of tests for one lesson names it (`LESSON = 3`) and gets its notebook, run once."""

import pytest
from lesson_run import LessonBook


@pytest.fixture(scope="module")
def book(request):
    """The lesson's notebook as it lies in the file."""
    return LessonBook(request.module.LESSON)


@pytest.fixture(scope="module")
def run(book, tmp_path_factory):
    """{cell id: its outputs as text} of one run in which every explanation is held against its question."""
    return book.run(tmp_path_factory.mktemp("run"))


@pytest.fixture(scope="module")
def twin(book, tmp_path_factory):
    """The same without sockets."""
    return book.run(tmp_path_factory.mktemp("twin"), virtual=True)
