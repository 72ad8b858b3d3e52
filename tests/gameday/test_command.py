"""`failover-kit drill --gameday`, from the outside."""

import json

import pytest
from typer.testing import CliRunner

from failover_kit.cli import app
from failover_kit.errors import ConfigurationError


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """The search for improvements has tests of its own."""
    from failover_kit.commands import gameday_text

    monkeypatch.setattr(gameday_text, "improvements", lambda report, executor=None: [])


def run(*words):
    return CliRunner().invoke(app, ["drill", "--gameday", *words], catch_exceptions=True)


def test_json_for_a_program():
    result = run("reference-design.json", "--seed", "3", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["design"], told["seed"], len(told["disasters"])) == ("reference", 3, 10)
    assert told["improvements"] == []


def test_words_for_people_and_a_page_that_needs_no_network(tmp_path):
    page = tmp_path / "day.html"
    result = run("naive-design.json", "--seed", "3", "--html", str(page))
    assert result.exit_code == 0, result.output
    assert "region-loss" in result.stdout
    assert "Score:" in result.stdout
    text = page.read_text()
    assert text.count("<details") == 10
    assert 'src="http' not in text.replace("https://plot.ly", "")
    assert 'role="figure"' in text


@pytest.mark.parametrize("words", [("naive-design.json", "--ttl", "5"), ("naive-design.json", "--live")])
def test_options_that_the_design_answers_are_refused(words):
    result = run(*words)
    assert isinstance(result.exception, ConfigurationError)
    assert "does not go with --gameday" in str(result.exception)


def test_a_bad_design_is_refused_with_every_fault(tmp_path):
    (tmp_path / "bad.json").write_text('{"name": "bad", "data": {"copy": "tape"}, "runbook": {"alarm": "owl"}}')
    result = run(str(tmp_path / "bad.json"))
    assert isinstance(result.exception, ConfigurationError)
    assert len(result.exception.problems) == 3
