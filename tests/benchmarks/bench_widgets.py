"""How long from a slider's key press to the redrawn chart, in JupyterLab in Chromium.

    python tests/benchmarks/bench_widgets.py [--lessons [3 4 ...]] [--presses 60] [--at-most 100] [--json FILE]

The clock runs in the page: from the keydown event to plotly's "drawn" event that carries the new value. So it holds the
trip to the kernel, the kernel's work, the trip back, and the drawing. With --at-most, a larger median (ms) fails.
With --lessons, every slider of these lessons (of all, if none is named) in its own notebook: from the keydown event to
the last change of the chart, picture or note that it moves.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "browser"))

from lab_page import CHROMIUM, JupyterLab, LabPage, missing_parts, notebook
from lesson_page import LESSONS, LessonPage
from lesson_widgets import Slide

# One small chart and one as large as a lesson needs; each carries the slider's value in its title.
CELL = """
import numpy as np, plotly.graph_objects as go
from failover_kit.widgets import *

def curves(ttl):
    t = np.linspace(0, 3600, {points})
    return go.Figure([go.Scatter(x=t, y=np.exp(-t / (ttl + share)), name=f"{{share}}") for share in range({lines})],
                     dict(title=f"{{ttl}}")), f"TTL {{ttl}}"
explore(curves, ttl=Slider("TTL", 1, 600, 1, 60))
"""
CHARTS = {"2 lines of 121 points": (121, 2), "6 lines of 1000 points": (1000, 6)}

TIMED_PRESS = """async () => {
    const slider = document.querySelector('input[type=range]');
    const plot = document.querySelector('.fk-plot');
    slider.focus();
    const wanted = String(Number(slider.value) + 1);
    const drawn = new Promise((done) => {
        const see = () => {
            if (plot.layout.title?.text !== wanted) return;
            plot.removeListener('plotly_afterplot', see);
            done(performance.now());
        };
        plot.on('plotly_afterplot', see);
    });
    const pressed = new Promise((done) => {
        addEventListener('keydown', () => done(performance.now()), { capture: true, once: true });
    });
    window.timing = Promise.all([pressed, drawn]).then(([from, to]) => to - from);
}"""


# Watches what a slider moves, from the next key until nothing has changed any more for 80 ms.
TIMED_REDRAW = """(cell) => {
    let pressed = 0, drawn = 0;
    const views = [...cell.querySelectorAll(".fk-plot, .fk-picture, .fk-note")];
    const seen = new MutationObserver(() => { drawn = performance.now(); });
    views.forEach((view) => seen.observe(view, { subtree: true, childList: true, attributes: true, characterData: true }));
    addEventListener("keydown", () => { pressed = performance.now(); }, { capture: true, once: true });
    window.isDrawn = () => drawn > 0 && performance.now() - drawn > 80;      // all views have had their turn
    window.redraw = () => { seen.disconnect(); return drawn - pressed; };
}"""


def lesson_latencies(page: LessonPage, presses: int) -> dict[tuple[str, str], list[float]]:
    """{(cell, slider): milliseconds of each press, to and fro, that changed something}."""
    from playwright.sync_api import TimeoutError
    taken: dict[tuple[str, str], list[float]] = {}
    for cell, kind, label in sorted(page.widgets()):
        if kind != "slider":
            continue
        page.put_back(cell)
        times = []
        for number in range(presses + 4):
            Slide(cell, label, (), ()).focus(page)
            at_end = page.page.evaluate("() => document.activeElement.value === document.activeElement.max")
            page.cell(cell).evaluate(TIMED_REDRAW)
            page.page.keyboard.press("ArrowLeft" if at_end or number % 2 else "ArrowRight")
            with suppress(TimeoutError):            # a step that changes nothing to see is not counted
                page.page.wait_for_function("window.isDrawn()", timeout=2_000)
                times.append(page.page.evaluate("window.redraw()"))
        taken[cell, label] = sorted(times[4:])      # the first few warm up
    return taken


def measure_lessons(browser, lab: JupyterLab, numbers: list[int], presses: int, progress: Path) -> list[dict]:
    rows = []
    for path in sorted(LESSONS.glob("0*.ipynb")):
        if numbers and int(path.name[:2]) not in numbers:
            continue
        page = LessonPage(browser, lab, path.stem, progress)
        page.run_lesson()
        for (cell, label), taken in lesson_latencies(page, presses).items():
            if not taken:
                raise SystemExit(f"{path.stem} {cell}: the slider {label!r} changes nothing to see")
            rows.append({"chart": f"{path.stem[:2]} {cell}: {label}", "presses": len(taken),
                         "median_ms": round(statistics.median(taken), 1),
                         "p95_ms": round(taken[int(0.95 * len(taken))], 1)})
            print(f"{rows[-1]['chart']}: median {rows[-1]['median_ms']} ms, 95th percentile {rows[-1]['p95_ms']} ms, "
                  f"{len(taken)} presses", flush=True)
        page.close()
    return rows


def latencies(page: LabPage, presses: int) -> list[float]:
    """Milliseconds for each press of the right arrow."""
    page.run_all()
    page.page.wait_for_selector(".fk-plot .main-svg", timeout=60_000)
    taken = []
    for _ in range(presses + 5):
        page.page.evaluate(TIMED_PRESS)
        page.page.keyboard.press("ArrowRight")
        taken.append(page.page.evaluate("window.timing"))
    return sorted(taken[5:])      # the first few warm up


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--presses", type=int, default=60)
    options.add_argument("--lessons", type=int, nargs="*", metavar="N", help="measure the sliders of these lessons")
    options.add_argument("--at-most", type=float, metavar="MS", help="fail when a median is above this")
    options.add_argument("--json", type=Path, metavar="FILE", help="write the numbers there, too")
    given = options.parse_args()
    if reason := missing_parts():
        print(f"cannot measure: {reason}")
        return 2
    from playwright.sync_api import sync_playwright
    worst, rows = 0.0, []
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        lab = JupyterLab(Path(folder) / "server")
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=["--no-sandbox"])
        try:
            if given.lessons is not None:
                rows = measure_lessons(browser, lab, given.lessons, given.presses, Path(folder) / "progress")
                worst = max((row["median_ms"] for row in rows), default=0.0)
            for number, (name, (points, lines)) in enumerate(CHARTS.items() if given.lessons is None else ()):
                page = LabPage(browser, lab, f"bench{number}.ipynb", notebook(CELL.format(points=points, lines=lines)))
                taken = latencies(page, given.presses)
                page.close()
                worst = max(worst, statistics.median(taken))
                rows.append({"chart": name, "presses": len(taken), "median_ms": round(statistics.median(taken), 1),
                             "p95_ms": round(taken[int(0.95 * len(taken))], 1),
                             "spread_ms": [round(taken[0], 1), round(taken[-1], 1)]})
                print(f"{name}: median {statistics.median(taken):.0f} ms, "
                      f"95th percentile {taken[int(0.95 * len(taken))]:.0f} ms, {len(taken)} presses")
        finally:
            browser.close()
            lab.close()
    if given.json:
        given.json.write_text(json.dumps({"rows": rows}, indent=1))
    return int(given.at_most is not None and worst > given.at_most)


if __name__ == "__main__":
    sys.exit(main())
