"""A lesson as its tests see it: cells by id, what is saved in the file, and what a run of it says.

    7  ->  LessonBook(7)  ->  .source("alone-run"), .prose, .saved()  ->  .run(folder) -> {cell id: outputs as text}

A run happens in a fresh kernel, in a folder of its own, with progress off, no learner's seed, and every explanation held
against its question (FAILOVER_KIT_VERIFY). A cell that writes to stderr fails it.
"""

import copy
import os
import re
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from failover_kit.course import prediction_box, progress, seeds
from failover_kit.course.predictions import find_prediction
from failover_kit.course.standing import Commitment
from failover_kit.course.syllabus import lesson

ROOT = Path(__file__).resolve().parents[2]
LESSONS = ROOT / "lessons"
LIVE_TAG = "nbval-ignore-output"      # on the cells whose outputs are one run's own


class LessonBook:
    """One notebook of lessons/, read once; `read()` gives a copy that may be changed and run."""

    def __init__(self, number):
        self.number = number
        self.path = LESSONS / f"{lesson(number).notebook}.ipynb"
        self._content = nbformat.read(self.path, as_version=4)
        self.cells = self._content.cells
        self.code = {cell.id: cell.source for cell in self.cells if cell.cell_type == "code"}
        self.text = {cell.id: cell.source for cell in self.cells if cell.cell_type == "markdown"}
        self.prose = "\n".join(self.text.values())
        self.live_cells = {cell.id for cell in self.cells if LIVE_TAG in cell.metadata.get("tags", ())}
        self.minutes = [cell.metadata["minutes"] for cell in self.cells if "minutes" in cell.metadata]

    def source(self, cell_id):
        """What stands in a cell, code or text."""
        return (self.code | self.text)[cell_id]

    def saved(self):
        """{cell id: text} of the outputs in the file."""
        return told(self._content)

    def steady(self, outputs):
        """These outputs without those of the cells that are one run's own."""
        return {name: text for name, text in outputs.items() if name not in self.live_cells}

    def defined(self, *cells):
        """What these code cells define, after the imports, run here; the course map is left out."""
        names = {}
        for cell in ("imports", *cells):
            exec(re.sub(r"^course_map\(\d\)$", "", self.code[cell], flags=re.MULTILINE), names)
        return names

    def run(self, folder, *, virtual=False, only=None):
        """{cell id: its outputs as text} of a run in this folder.

        `virtual`: with the virtual twin in the place of the one live lab. `only`: ids or beginnings of ids of the cells
        to run, for a part of a lesson that stands alone.
        """
        book = copy.deepcopy(self._content)
        if only:
            book.cells = [cell for cell in book.cells if cell.id.startswith(tuple(only))]
        if virtual:
            assert sum(len(re.findall(r"Lab\.best\(.*?\)", cell.source)) for cell in book.cells) == 1
            for cell in book.cells:
                cell.source = re.sub(r"Lab\.best\(.*?\)", "Lab.virtual()", cell.source)
        client = NotebookClient(book, timeout=120, kernel_name="python3", resources={"metadata": {"path": str(folder)}})
        client.execute(env=environment(folder))
        return told(book)

    def asked_and_explained(self):
        """[(question id, place of its `predict`, place of its `explain`)] among the code cells, in the order asked."""
        sources = list(self.code.values())
        places = {verb: {found: place for place, text in enumerate(sources)
                         for found in re.findall(rf'\b{verb}\("(\d\.[^"]+)"', text)} for verb in ("predict", "explain")}
        assert set(places["predict"]) == set(places["explain"])
        return [(name, place, places["explain"][name]) for name, place in places["predict"].items()]


def environment(folder):
    """The kernel's environment: this kit, no learner, no progress, explanations checked."""
    kept = {name: value for name, value in os.environ.items()
            if name not in (seeds.KEY_VARIABLE, seeds.LEARNER_VARIABLE, seeds.HUB_VARIABLE)}
    return kept | {progress.PROGRESS_VARIABLE: "off", prediction_box.VERIFY_VARIABLE: "1", "PYTHONPATH": str(ROOT),
                   "HOME": str(folder), "IPYTHONDIR": str(folder)}


def told(book):
    """{id: text} of a notebook's code cells; what a cell printed in pieces is one text."""
    outputs = {}
    for cell in book.cells:
        if cell.cell_type == "code":
            assert not any(output.get("name") == "stderr" for output in cell.outputs), f"{cell.id}: {cell.outputs}"
            outputs[cell.id] = "".join(output.get("text") or output.get("data", {}).get("text/plain", "")
                                       for output in cell.outputs)
    return outputs


def assert_it_reads_the_run(name, values, changed, other):
    """A question's explanation follows the run: with `values` it shows the answer, with what is `changed` the other one."""
    question = find_prediction(name)
    assert question.run_shows(values) == question.answer
    assert question.run_shows(values | changed) == other
    for choice in question.choices:
        said = question.explanation(Commitment(name, choice, 70, choice == question.answer), values)
        assert ("It was so" in said) is (choice == question.answer)


def template_of(prose):
    """The CloudFormation template in a lesson's text, with `!Ref` as {"Ref": name}."""
    import yaml

    class Loader(yaml.SafeLoader):
        pass

    Loader.add_constructor("!Ref", lambda loader, node: {"Ref": loader.construct_scalar(node)})
    return yaml.load(re.search(r"```yaml\n(.*?)```", prose, re.DOTALL)[1], Loader)
