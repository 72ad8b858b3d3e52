"""A lesson as a learner meets it: its notebook open in JupyterLab, and run.

    lessons/03_*.ipynb  ->  LessonPage: run, seen, drawn

After this: lesson_widgets.py uses what is on the page, lesson_tests.py says what every lesson has to pass.
"""

from __future__ import annotations

from pathlib import Path

import nbformat
from lab_page import REPOSITORY, LabPage

LESSONS = REPOSITORY / "lessons"

# Every control of the kit that somebody can use, as (cell id, kind, label). A prediction's question is its label no
# longer than needed: there is one a cell, as with cards, tables and packets.
WIDGETS_ON_THE_PAGE = """() => {
  const kinds = ["slider", "choice", "toggle", "button", "clock", "steps", "prediction", "cards", "packet"];
  const labels = { slider: "label", toggle: "label > span", choice: "legend, .fk-list > label", button: "button" };
  const found = [];
  for (const cell of document.querySelectorAll("[data-cell-id]")) {
    for (const widget of cell.querySelectorAll(".fk")) {
      const kind = kinds.find((name) => widget.classList.contains(`fk-${name}`));
      if (kind) found.push([cell.dataset.cellId, kind, labels[kind] ? widget.querySelector(labels[kind]).textContent : ""]);
    }
  }
  return found;
}"""

# What a cell's output draws and says: the pictures themselves, their text alternatives, and the notes.
DRAWN = """(cell) => [...cell.querySelectorAll(".fk-plot .main-svg, .fk-picture svg, .fk-note p")]
  .map((part) => part.outerHTML).join("")"""
SAID = """(cell) => [...cell.querySelectorAll(".fk-figure, .fk-picture details p, .fk-note p")]
  .map((part) => part.getAttribute("aria-label") ?? part.textContent).join("\\n")"""

PUT_BACK = """(cell) => cell.querySelectorAll(".fk-slider input, .fk-toggle input, .fk-choice input, .fk-choice select")
  .forEach((input) => {
    const moved = input.type === "range" ? input.value !== input.dataset.first
      : input.type === "checkbox" ? String(input.checked) !== input.dataset.first
      : input.type === "radio" ? input.dataset.first === "true" && !input.checked
      : String(input.selectedIndex) !== input.dataset.first;
    if (!moved) return;
    if (input.type === "range") input.value = input.dataset.first;
    else if (input.localName === "select") input.selectedIndex = Number(input.dataset.first);
    else input.checked = input.dataset.first === "true";
    input.dispatchEvent(new Event("input"));
    input.dispatchEvent(new Event("change"));
  })"""


class LessonPage(LabPage):
    """A lesson's real notebook, with its saved outputs, in a page of its own; `progress` is the learner's folder."""

    def __init__(self, browser, lab, name: str, progress: Path):
        super().__init__(browser, lab, f"{name}.ipynb", nbformat.read(LESSONS / f"{name}.ipynb", as_version=4))
        self.page.set_default_timeout(15_000)
        self.run_cell(f"import os; os.environ['FAILOVER_KIT_PROGRESS'] = {str(progress)!r}")

    def run_lesson(self) -> None:
        """Run all cells, and note where each control stands, so that `put_back` can find the way."""
        self.run_all()
        self.page.evaluate("""() => jupyterapp.shell.currentWidget.content.widgets.forEach((widget) => {
            widget.node.dataset.cellId = widget.model.id;
        })""")
        self.page.wait_for_function("""() => [...document.querySelectorAll(".fk-plot")].every(
            (plot) => plot.querySelector(".main-svg"))""", timeout=30_000)
        self.page.evaluate("""() => document.querySelectorAll(
            ".fk-slider input, .fk-toggle input, .fk-choice input, .fk-choice select").forEach((input) => {
                input.dataset.first = input.type === "range" ? input.value
                  : input.localName === "select" ? input.selectedIndex : input.checked;
            })""")

    def rerun(self, *cells: str) -> None:
        """Run these cells once more, as somebody does who goes back to a section."""
        for cell in cells:
            self.page.evaluate("""async (id) => {
                const notebook = jupyterapp.shell.currentWidget.content;
                notebook.deselectAll();
                notebook.activeCellIndex = notebook.widgets.findIndex((widget) => widget.model.id === id);
                await jupyterapp.commands.execute("notebook:run-cell");
            }""", cell)

    def cell(self, name: str):
        return self.page.locator(f'[data-cell-id="{name}"]')

    def text_of(self, name: str) -> str:
        """What the cell's output says in plain text."""
        return self.cell(name).locator(".jp-OutputArea").text_content()

    def errors(self) -> list[str]:
        """The cells that ended in an error or wrote to standard error."""
        return self.page.evaluate("""() => jupyterapp.shell.currentWidget.content.widgets
            .filter(({ model }) => model.type === "code" && model.outputs.toJSON().some(
                (output) => output.output_type === "error" || output.name === "stderr"))
            .map(({ model }) => model.id)""")

    def widgets(self) -> set[tuple[str, str, str]]:
        """Every control on the page: (cell, kind, label)."""
        return {tuple(found) for found in self.page.evaluate(WIDGETS_ON_THE_PAGE)}

    def put_back(self, name: str) -> None:
        """Set the controls of a cell as they stood after the run, and wait until the kernel has drawn that."""
        self.cell(name).evaluate(PUT_BACK)
        self.settle()

    def settle(self) -> None:
        """Until the kernel has answered what was sent to it, and the page has drawn the answer."""
        self.run_cell("")
        self.page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def drawn(self, name: str) -> str:
        return self.cell(name).evaluate(DRAWN)

    def wait_until_redrawn(self, name: str, before: str, words: str) -> None:
        """Until the cell's picture is another than before, and its words say this."""
        try:
            self.page.wait_for_function(
                f"([cell, before, words]) => ({DRAWN})(cell) !== before && ({SAID})(cell).includes(words)",
                arg=[self.cell(name).element_handle(), before, words], timeout=10_000)
        except Exception as error:
            error.add_note(f"{name} says: {self.cell(name).evaluate(SAID)!r}\n"
                           f"redrawn: {self.drawn(name) != before}, expected: {words!r}")
            raise

    def axe(self, dark: bool) -> list:
        """What axe finds in the output areas, in one of JupyterLab's themes."""
        from axe_playwright_python.sync_playwright import Axe
        self.dark(dark)
        self.settle()
        found = Axe().run(self.page, context=".jp-Cell-outputArea").response["violations"]
        self.dark(False)
        return [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found]
