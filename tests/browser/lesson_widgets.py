"""Each kind of widget, used by mouse and again by keyboard: rows of a lesson's table.

    LessonPage, Slide | Switch | Pick | Steps | Predict | Cards | Packet | Live  ->  use()  ->  nothing, or AssertionError

A row says where the widget stands, what is done with it by mouse, what by keyboard, and what must then be seen. `named()`
is what the page itself says of the widget, so that a test can compare the table with the page.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from lesson_page import SAID, LessonPage


@dataclass(frozen=True)
class Control:
    """A control of a panel that redraws when it moves.

    `mouse` and `keys` are (what is done, what the control then says, words that the panel then says). `before` is a radio
    button to choose first.
    """

    cell: str
    label: str
    mouse: tuple
    keys: tuple
    before: str = ""
    kind: ClassVar[str]

    def __str__(self) -> str:
        return f"{self.cell}, {self.kind} {self.label!r}"

    def named(self) -> set[tuple[str, str, str]]:
        return {(self.cell, self.kind, self.label)}

    def use(self, page: LessonPage) -> None:
        page.put_back(self.cell)
        before = self.made_ready(page)
        self.move(page, self.mouse[0])
        page.wait_until_redrawn(self.cell, before, self.mouse[2])
        assert self.says(page) == self.mouse[1]
        before = self.made_ready(page)
        self.press(page, self.keys[0])
        page.wait_until_redrawn(self.cell, before, self.keys[2])
        assert self.says(page) == self.keys[1]

    def made_ready(self, page: LessonPage) -> str:
        """Choose what is to be chosen first, and return what is drawn then."""
        if self.before:
            page.cell(self.cell).get_by_label(self.before, exact=True).check()
            page.settle()
        return page.drawn(self.cell)

    def press(self, page: LessonPage, keys: str) -> None:
        self.focus(page)
        for key in keys.split():
            page.page.keyboard.press(key)


@dataclass(frozen=True)
class Slide(Control):
    """A slider: the mouse drags its thumb to a share of the track (0 to 1)."""

    kind = "slider"

    def input(self, page):
        return page.cell(self.cell).get_by_role("slider", name=self.label, exact=True)

    def focus(self, page):
        self.input(page).focus()

    def says(self, page):
        return self.input(page).get_attribute("aria-valuetext")

    def move(self, page, share):
        thumb = self.input(page)
        thumb.hover()                                # scrolls to it, and waits until it stands still
        box = thumb.bounding_box()
        low, high, value = (float(thumb.evaluate(f"input => input.{name}")) for name in ("min", "max", "value"))
        place = lambda part: {"x": 8 + (box["width"] - 16) * part, "y": box["height"] / 2}     # the thumb is 16 px wide
        thumb.drag_to(thumb, source_position=place((value - low) / (high - low)), target_position=place(share))


@dataclass(frozen=True)
class Switch(Control):
    """A toggle: a click on its words, and the space bar."""

    kind = "toggle"

    def input(self, page):
        return page.cell(self.cell).get_by_role("switch", name=self.label, exact=True)

    def focus(self, page):
        self.input(page).focus()

    def says(self, page):
        return self.input(page).get_attribute("aria-description")

    def move(self, page, _):
        self.input(page).locator("xpath=following-sibling::span[1]").click()


@dataclass(frozen=True)
class Pick(Control):
    """Radio buttons: a click on one, and the arrow keys from the chosen one."""

    kind = "choice"

    def group(self, page):
        return page.cell(self.cell).get_by_role("group", name=self.label, exact=True)

    def focus(self, page):
        self.group(page).locator("input:checked").focus()

    def says(self, page):
        return self.group(page).locator("label", has=page.page.locator("input:checked")).text_content().strip()

    def move(self, page, option):
        self.group(page).get_by_text(option, exact=True).click()


@dataclass(frozen=True)
class Alone:
    """A widget that is alone of its kind in its cell, and whose use is the same in every lesson."""

    cell: str
    kind: ClassVar[str]

    def __str__(self) -> str:
        return f"{self.cell}, {self.kind}"

    def named(self) -> set[tuple[str, str, str]]:
        return {(self.cell, self.kind, "")}


@dataclass(frozen=True)
class Steps(Alone):
    """A step table: its buttons, its slider, its rows; `last` is what the last row's first cell says. A live run's
    table has rows and times of its own: 0 and "".

    With `reveal`, the rows to come are hidden. With a picture, it follows.
    """

    rows: int = 0
    last: str = ""
    reveal: bool = False
    picture: bool = False
    kind = "steps"

    def use(self, page):
        cell, press = page.cell(self.cell), page.page.keyboard.press
        lit = cell.locator('tr[aria-current="step"]')
        button = lambda name: cell.get_by_role("button", name=name, exact=True)
        body = cell.locator(".fk-steps tbody tr")
        rows = self.rows or body.count()
        at = lambda row: cell.locator(".fk-steps output", has_text=f"{row} of {rows}").wait_for()
        assert body.count() == rows

        button("Start").click()
        at(1)
        button("Next").click()
        at(2)
        page.settle()
        before = page.drawn(self.cell)
        assert body.evaluate_all("rows => rows.filter((row) => !row.hidden).length") == (2 if self.reveal else rows)
        button("Back").click()
        at(1)
        body.nth(1).click(force=True) if not self.reveal else button("Next").click()
        at(2)
        button("Start").click()
        at(1)
        button("Play").click()
        button("Stop").wait_for()
        at(2)                                        # it walks on by itself
        if rows > 2:
            button("Stop").click()
        button("Play").wait_for()

        scrubber = cell.get_by_role("slider", name="Row", exact=True)
        scrubber.focus()
        press("End")
        at(rows)
        last = lit.locator("th").text_content()
        assert self.last in last
        assert f"row {rows} of {rows}: {last}" in scrubber.get_attribute("aria-valuetext")
        if self.picture:
            page.settle()
            assert page.drawn(self.cell) != before
        press("ArrowLeft")
        at(rows - 1)
        button("Next").focus()
        press("Enter")
        at(rows)
        button("Start").focus()
        press("Space")
        at(1)


@dataclass(frozen=True)
class Predict(Alone):
    """A question, by mouse with a wrong answer and by keyboard with the right one; `opens` is its explanation's cell.

    `shown` is what the explanation quotes of the run.
    """

    question: str = ""
    opens: str = ""
    shown: str = ""
    kind = "prediction"

    def use(self, page):
        from failover_kit.course.predictions import find_prediction
        asked = find_prediction(self.question)
        keys = list(asked.choices)
        right = keys.index(asked.answer)
        wrong = 0 if right else 1
        form, explanation = page.cell(self.cell).locator(".fk-prediction"), page.cell(self.opens).locator(".fk-html-panel")
        commit = form.get_by_role("button")
        radios = form.get_by_role("radio")
        says = lambda words: explanation.get_by_text(words).wait_for(state="attached")     # it may stand out of view
        assert "opens when you have committed" in explanation.text_content()
        assert commit.is_disabled()

        form.get_by_text(asked.choices[keys[wrong]], exact=True).click()
        sure = form.get_by_role("slider")
        sure.hover()                                 # scrolls to it, and waits until it stands still
        box = sure.bounding_box()
        sure.click(position={"x": box["width"] - 4, "y": box["height"] / 2})
        commit.click()
        says("You were 100 % sure. It was not so.")
        assert self.shown in explanation.text_content()
        assert radios.nth(wrong).is_disabled()
        form.get_by_role("button", name="Think again").click()
        says("opens when you have committed")

        press = page.page.keyboard.press
        radios.nth(wrong).focus()
        for _ in range(abs(right - wrong)):
            press("ArrowDown" if right > wrong else "ArrowUp")
        press("Tab")
        press("ArrowLeft")
        press("Tab")
        press("Enter")
        says("You were 90 % sure. It was so.")
        assert self.shown in explanation.text_content()
        assert radios.nth(right).is_checked()


@dataclass(frozen=True)
class Cards(Alone):
    """Recall cards: the first by mouse, the second by keyboard; `count` is how many there are."""

    count: int = 0
    kind = "cards"

    def use(self, page):
        cards, press = page.cell(self.cell).locator(".fk-cards"), page.page.keyboard.press
        front = cards.locator(".fk-front")
        cards.get_by_text(f"Card 1 of {self.count}").wait_for()
        first = front.text_content()
        cards.get_by_role("button", name="Show the answer").click()
        knew = cards.get_by_role("button", name="I knew it")
        knew.wait_for()
        assert cards.locator("[aria-live]").text_content() != ""
        knew.click()
        cards.get_by_text(f"Card 2 of {self.count}").wait_for()
        assert front.text_content() != first

        cards.get_by_role("button", name="Show the answer").focus()
        press("Enter")
        cards.get_by_role("button", name="I did not").wait_for()
        press("Tab")
        press("Space")
        cards.get_by_text(f"Card 3 of {self.count}" if self.count > 2 else "You knew 1 of 2.").wait_for()


@dataclass(frozen=True)
class Packet(Alone):
    """The packet explorer: bytes and fields light each other, and the question, a side and the bytes can be changed."""

    kind = "packet"

    def use(self, page):
        box, press = page.cell(self.cell).locator(".fk-packet"), page.page.keyboard.press
        lit = lambda: "".join(box.locator(".fk-byte.fk-lit").evaluate_all("all => all.map((byte) => byte.firstChild.data)"))
        name, said = box.get_by_label("Name", exact=True), box.locator(".fk-said")
        box.locator(".fk-byte").nth(13).hover()              # the first letter of app
        assert lit() == "03617070"
        assert "app" in said.text_content()
        box.get_by_role("radio", name="query", exact=True).check()
        box.locator(".fk-byte").first.click()
        said.filter(has_text="id: ").wait_for()
        name.fill("www.example.com")
        box.locator(".fk-bytes .fk-byte", has_text="77w").first.wait_for()
        name.fill("app.example.com")
        box.locator(".fk-bytes .fk-byte", has_text="61a").first.wait_for()

        box.locator(".fk-field input:checked").focus()
        press("ArrowDown")
        page.page.mouse.move(0, 0)
        said.filter(has_text="flags: ").wait_for()
        name.focus()
        press("ControlOrMeta+a")
        page.page.keyboard.type("ap.example.com")
        box.get_by_role("radio", name="query", exact=True).focus()
        press("ArrowDown")                                   # the reply
        box.locator(".fk-field", has_text="NXDOMAIN").first.wait_for()
        box.get_by_label("Type", exact=True).focus()
        press("ArrowDown")
        box.locator("summary").focus()
        press("Enter")
        editor = box.locator("textarea")
        editor.fill(editor.input_value().replace("02 61 70 07", "03 61 70 70 07"))
        press("Tab")
        press("Enter")                                       # send these bytes
        page.page.wait_for_function("input => input.value === 'app.example.com'", arg=name.element_handle())


@dataclass(frozen=True)
class Live(Alone):
    """A live view: its cell and those before it (`opened_by`) are run again, since the lesson closes its lab in the end.

    `presses` are (how, button, what the picture then says); words that are empty are not waited for.
    """

    opened_by: tuple[str, ...] = ()
    presses: tuple[tuple[str, str, str], ...] = ()
    kind = "live"

    def named(self):
        return {(self.cell, "button", button) for _, button, _ in self.presses} | {(self.cell, "clock", "")}

    def use(self, page):
        page.rerun(*self.opened_by, self.cell)
        cell, press = page.cell(self.cell), page.page.keyboard.press
        cell.locator(".fk-plot .main-svg").first.wait_for()
        counts = "{label: button.presses for label, button in view.buttons.items()}"
        for number, (how, button, words) in enumerate(self.presses):
            before = eval(page.run_cell(f"print({counts})"))[button]
            knob = cell.get_by_role("button", name=button)
            if how == "mouse":
                knob.click()
            else:
                knob.focus()
                press("Enter")
            page.wait_for_python(f"{counts}[{button!r}]", str(before + 1))
            if words:
                page.page.wait_for_function(f"([cell, words]) => ({SAID})(cell).includes(words)",
                                            arg=[cell.element_handle(), words], timeout=20_000)
            if not number:
                self.use_the_clock(cell, press)
        page.run_cell("lab.close()")
        cell.get_by_role("button", name=button).click()
        cell.get_by_text("This drill is over: its lab is closed.").first.wait_for()

    def use_the_clock(self, cell, press):
        button = lambda name: cell.get_by_role("button", name=name, exact=True)
        time = cell.locator(".fk-clock .fk-value")
        button("Stop").click()
        button("Play").wait_for()
        button("Reset").click()
        time.get_by_text("0 s of lab time", exact=True).wait_for()
        button("One step").focus()
        press("Enter")
        time.filter(has_not_text="0 s of lab time").or_(time.filter(has_text="10 s of")).or_(
            time.filter(has_text="5 s of")).first.wait_for()
        button("Play").focus()
        press("Enter")
        button("Stop").wait_for()
