"""The page of a vote in Chromium: bars after votes, hidden until asked for, by keyboard, and for the presenter alone."""

import json
import subprocess
import sys
import urllib.request

import pytest

from failover_kit.course.predictions import find_prediction

QUESTION = find_prediction("6.instant")
KEYS = [*QUESTION.choices]
RIGHT = KEYS.index(QUESTION.answer)


class Projector:
    """The command with its page open, and voters."""

    def __init__(self, browser, scheme="light", width=1280):
        self.process = subprocess.Popen([sys.executable, "-m", "failover_kit", "vote", "6.instant", "--port", "0"],
                                        stdout=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().split()[-1]
        self.url = self.address.partition("/#")[0]
        self.context = browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme)
        self.page = self.context.new_page()
        self.complaints, self.asked_elsewhere = [], []
        self.page.on("console", lambda message: self.complaints.append(message.text) if message.type == "error" else None)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", lambda request: self.asked_elsewhere.append(request.url)
                     if not request.url.startswith((self.url, "data:")) else None)
        self.page.goto(self.address)
        self.page.wait_for_selector("#controls:not([hidden])")

    def cast(self, voter, choice):
        body = {"question": "6.instant", "choice": choice, "confidence": 60, "voter": f"{voter:032x}"}
        request = urllib.request.Request(f"{self.url}/vote", json.dumps(body).encode(), {"Content-Type": "application/json"})
        assert urllib.request.urlopen(request, timeout=20).status == 200

    def sees(self, words):
        self.page.wait_for_function("words => document.querySelector('main').innerText.includes(words)", arg=words)

    def press(self, name, key="Enter"):
        self.page.get_by_role("button", name=name, exact=True).focus()
        self.page.keyboard.press(key)

    def bars(self):
        """The width of each bar as a share of its row, in per cent."""
        return [[round(float(bar.get_attribute("width").rstrip("%"))) for bar in choice.query_selector_all("rect")]
                for choice in self.page.query_selector_all("#choices > li")]

    def close(self):
        self.context.close()
        self.process.terminate()
        self.process.wait(20)
        self.process.stdout.close()


@pytest.fixture(params=[("light", 1280), ("dark", 360)], ids=["light, wide", "dark, narrow"])
def projector(chromium, request):
    one = Projector(chromium, *request.param)
    yield one
    one.close()


def test_a_whole_vote_by_keyboard(projector):
    from axe_playwright_python.sync_playwright import Axe

    page = projector.page
    assert page.text_content("h1") == QUESTION.question
    for voter, choice in enumerate([KEYS[0], KEYS[0], KEYS[0], KEYS[RIGHT]]):
        projector.cast(voter, choice)
    projector.sees("First vote: 4 answers")                 # it came by itself
    assert projector.bars() == [[]] * len(KEYS)             # and says no more than that
    assert "%" not in page.inner_text("main")
    assert "right" not in page.inner_text("#choices")

    projector.press("Show results")
    projector.sees("3 (75 %)")
    expected = [[75 if key == KEYS[0] else 25 if key == QUESTION.answer else 0] for key in KEYS]
    assert projector.bars() == expected
    assert page.get_attribute("#results", "aria-pressed") == "true"

    projector.press("New round", key="Space")
    projector.sees("Second vote: 0 answers")
    projector.cast(0, KEYS[RIGHT])
    projector.cast(1, KEYS[RIGHT])
    projector.sees("Second vote: 2 answers")
    assert [bars[1] for bars in projector.bars()] == [100 if key == QUESTION.answer else 0 for key in KEYS]
    assert [bars[:1] for bars in projector.bars()] == expected

    projector.press("Show which is right", key="Space")
    assert [("right" in choice.inner_text()) for choice in page.query_selector_all("#choices > li")] == [
        key == QUESTION.answer for key in KEYS]
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page).response["violations"]
    assert not [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found]

    projector.press("Show results")
    assert projector.bars() == [[]] * len(KEYS)
    assert projector.complaints == projector.asked_elsewhere == []


def test_the_key_is_not_on_the_wall_and_nobody_gets_on_without_it(chromium):
    projector = Projector(chromium)
    try:
        assert projector.page.url == f"{projector.url}/"
        projector.page.reload()                             # this window still has it
        projector.page.wait_for_selector("#controls:not([hidden])")
        stranger = chromium.new_context()
        page = stranger.new_page()
        page.goto(projector.url)
        page.wait_for_function("() => document.getElementById('notes').textContent.includes('that the terminal shows')")
        assert page.is_hidden("#controls")
        assert QUESTION.question not in page.content()
        stranger.close()
        projector.process.terminate()
        projector.sees("The vote has ended")
    finally:
        projector.close()
