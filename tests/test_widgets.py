"""Each widget constructed and driven as a browser would drive it, by its messages; no browser needed."""

import asyncio
import gzip
import importlib.resources
import json
import re
import subprocess
import sys
import threading
from pathlib import Path

import nbformat
import numpy as np
import plotly.graph_objects as go
import pytest
from nbclient import NotebookClient
from plotly.offline import get_plotlyjs

import failover_kit.widgets as widgets
from failover_kit.errors import ConfigurationError, LabError
from failover_kit.figures.alt import alt_of, with_alt
from failover_kit.widgets import (
    Button,
    Chart,
    Choice,
    Clock,
    Note,
    Progress,
    Slider,
    StepTable,
    Toggle,
    Topology,
    explore,
    without_live_views,
)
from failover_kit.widgets.base import LIVE_VIEW, KitWidget
from failover_kit.widgets.chart import PLOTLY_VIEW, plain
from failover_kit.widgets.plotly_library import plotly_library

REPOSITORY = Path(__file__).resolve().parents[1]
KINDS = [kind for name in widgets.__all__ if isinstance(kind := getattr(widgets, name), type)
         and issubclass(kind, KitWidget)]
PAIR = {"title": "All well", "nodes": {"users": {"label": "Users"}, "east": {"label": "us-east-1", "state": "healthy"}},
        "edges": [{"from": "users", "to": "east", "state": "traffic"}]}
ROWS = [{"time": 0, "status": "healthy"}, {"time": 10, "status": "unhealthy"}, {"time": 20, "status": "unhealthy"}]


def from_browser(widget, **state):
    """The message a page sends when its reader changes something."""
    widget._handle_msg({"content": {"data": {"method": "update", "state": state}}, "buffers": []})


def message(widget, **content):
    widget._handle_msg({"content": {"data": {"method": "custom", "content": content}}, "buffers": []})


def sent_by(widget):
    """From now on, what the widget sends to its page."""
    sent = []
    widget._send = lambda content, buffers=None: sent.append((content, buffers))
    return sent


def curve(ttl=60):
    return go.Figure(go.Scatter(x=[0, ttl], y=[1, 0]))


# Fixed words: what a reader without the widget gets, and what strict nbval compares

@pytest.mark.parametrize(("make", "words"), [
    (lambda: Slider("TTL", 0, 600, 10, 60, unit="s"), "TTL: 60 s"),
    (lambda: Slider("Loss", 0, 1, 0.05, 0.1), "Loss: 0.1"),
    (lambda: Slider("TTL", values=[60, 86400], labels=["1 min", "1 day"], value=86400), "TTL: 1 day"),
    (lambda: Choice("Policy", ["failover", "weighted"], "weighted"), "Policy: weighted (of failover, weighted)"),
    (lambda: Toggle("us-east-1", True, on="up", off="down"), "us-east-1: up"),
    (lambda: Button("Crash", print), "[Crash]"),
    (lambda: Note("Down for 90 s."), "Down for 90 s."),
    (lambda: Chart(curve(), "Falls to 0 at 60 s."), "Chart: Falls to 0 at 60 s."),
    (lambda: Topology(PAIR), "Topology: All well. us-east-1 is healthy. From Users to us-east-1: users' requests."),
    (lambda: StepTable(ROWS, caption="One outage"), "Step table: One outage, 3 rows"),
    (lambda: Progress("A day"), "Progress: A day"),
    (lambda: Clock("Outage", each=10, unit="s"), "Outage: 0 s"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_prints_as(make, words):
    widget = make()
    assert repr(widget) == words
    assert widget._repr_mimebundle_()["text/plain"] == words
    assert widget._repr_mimebundle_()[LIVE_VIEW]["model_id"] == widget.model_id


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_front_end_is_packaged_and_asks_nobody(kind):
    code, style = kind._esm, kind._css
    assert "export default { render }" in code
    assert "--fk-healthy: #009E73" in style
    assert not re.search(r"https?://|@import|url\(|\bfetch\(|XMLHttpRequest|import\(", code + style)


def test_every_front_end_file_belongs_to_a_widget():
    names = {file.name.split(".")[0] for file in importlib.resources.files(widgets).iterdir()
             if file.name.endswith((".js", ".css"))}
    modules = {kind.__module__.rsplit(".", 1)[1] for kind in KINDS}
    assert names == modules | {"common"}


# Callbacks

def test_a_change_in_the_browser_reaches_the_callback():
    heard, slider = [], Slider("TTL", 0, 600, 10, 60)
    slider.on_change(heard.append)
    from_browser(slider, value=300)
    assert (slider.value, heard, slider.notice) == (300, [300], {})


def test_a_callbacks_error_is_shown_in_the_widget():
    slider = Slider("TTL", 0, 600, 10, 60)
    slider.on_change(lambda ttl: ttl / 0)
    from_browser(slider, value=300)
    assert slider.notice["title"] == "This did not work."
    assert slider.notice["text"] == "ZeroDivisionError: division by zero"
    assert "ttl / 0" in slider.notice["details"]


def test_the_notice_goes_when_the_next_change_works():
    slider = Slider("TTL", 0, 600, 10, 60)
    slider.on_change(lambda ttl: 1 / (ttl - 300))
    from_browser(slider, value=300)
    assert slider.notice
    from_browser(slider, value=310)
    assert slider.notice == {}


def test_a_cell_that_sets_a_value_gets_the_error_itself():
    slider = Slider("TTL", 0, 600, 10, 60)
    slider.on_change(lambda ttl: ttl / 0)
    with pytest.raises(ZeroDivisionError):
        slider.value = 300
    assert slider.notice == {}


def test_what_a_callback_prints_is_shown(capsys):
    button = Button("Crash", lambda: print("us-east-1 is down"))
    message(button, kind="press")
    assert button.notice == {"title": "", "text": "us-east-1 is down", "details": ""}
    assert capsys.readouterr().out == ""


def test_prints_before_an_error_are_kept_with_it():
    def crash():
        print("trying")
        raise LabError("There is no site 'eu'.")
    button = Button("Crash", crash)
    message(button, kind="press")
    assert button.notice["text"] == "There is no site 'eu'.\nBefore that, it printed: trying"


def test_prints_of_another_thread_stay_where_they_belong(capsys):
    inside, go_on = threading.Event(), threading.Event()

    def slow():
        print("from the callback")
        inside.set()
        go_on.wait(10)
    button = Button("Slow", slow)
    thread = threading.Thread(target=message, args=(button,), kwargs={"kind": "press"})
    thread.start()
    inside.wait(10)
    print("from the cell")
    go_on.set()
    thread.join(10)
    assert button.notice["text"] == "from the callback"
    assert capsys.readouterr().out == "from the cell\n"
    assert type(sys.stdout).__name__ != "_Stdout"


def test_a_button_counts_each_press_it_answered_even_a_failed_one():
    button = Button("Crash", lambda: 1 / 0)
    message(button, kind="press")
    message(button, kind="press")
    assert button.presses == 2
    with pytest.raises(ZeroDivisionError):
        button.press()


def test_a_coroutine_callback_runs_on_the_loop_and_its_error_is_shown():
    async def cell():
        done = []

        async def work():
            await asyncio.sleep(0)
            done.append(True)
            raise ValueError("too late")
        button = Button("Work", work)
        await asyncio.to_thread(message, button, kind="press")      # as JupyterLab does: another thread
        while not button.notice:
            await asyncio.sleep(0)
        return done, button.notice["text"]
    assert asyncio.run(asyncio.wait_for(cell(), 10)) == ([True], "ValueError: too late")


# Controls

@pytest.mark.parametrize(("make", "problem"), [
    (lambda: Slider("TTL", 0, 600, 10, 700), "slider 'TTL': value is 700. Use 0 to 600."),
    (lambda: Slider("TTL", 0, 600, 10, 64), "slider 'TTL': value is 64, between two steps of 10. Use 60."),
    (lambda: Slider("TTL", 9, 3), "slider 'TTL': runs from 9 to 3 in steps of 1. min must be below max"),
    (lambda: Slider("TTL", values=[1, 2], value=3), "slider 'TTL': value is 3. Use one of: 1, 2."),
    (lambda: Slider("TTL", values=[1, 2], labels=["a"]), "has 1 labels for 2 values"),
    (lambda: Choice("Policy", []), "choice 'Policy': has no options"),
    (lambda: Choice("Policy", ["failover"], "random"), "value is 'random'. Use one of: 'failover'."),
    (lambda: Chart(curve()), "chart: has no text alternative"),
    (lambda: StepTable([], caption="x"), "has 0 rows and 0 columns"),
    (lambda: StepTable(ROWS), "has no caption"),
    (lambda: StepTable([{"a": 1}, {"b": 2}], caption="x"), "row 1: lacks a. Its columns are: a."),
    (lambda: StepTable([(1, 2), (3,)], ["a", "b"], "x"), "row 1: has 1 cells"),
    (lambda: explore(lambda: 3), "the function returned int. Return a plotly figure"),
    (lambda: explore(lambda ttl: curve(ttl), ttl=Slider("TTL", 1, 9)), "chart: has no text alternative"),
])
def test_refused_with_what_to_do(make, problem):
    with pytest.raises(ConfigurationError, match=re.escape(problem)):
        make()


@pytest.mark.parametrize(("slider", "given", "value"), [
    (lambda: Slider("x", 0, 1, 0.1, 0), 0.3, 0.3),               # 3 * 0.1 is 0.30000000000000004
    (lambda: Slider("x", 0, 10, 1, 0), 7, 7),
    (lambda: Slider("x", values=[1, 10, 100]), 100, 100),
], ids=["tenths", "whole", "listed"])
def test_slider_values_stay_exact(slider, given, value):
    slider = slider()
    from_browser(slider, value=given)
    assert slider.value == value
    assert type(slider.value) is type(value)


def test_a_value_off_the_scale_from_the_page_is_refused_and_said():
    slider = Slider("TTL", 0, 600, 10, 60)
    sent = sent_by(slider)
    from_browser(slider, value=9999)
    assert slider.value == 60
    assert "Use 0 to 600." in slider.notice["text"]
    assert sent[-1][0]["state"] == {"value": 60}      # so that the page shows it again


@pytest.mark.parametrize(("count", "as_list"), [(2, False), (5, False), (6, True)])
def test_many_options_become_a_list(count, as_list):
    assert Choice("Region", range(count)).as_list is as_list


def test_choice_gives_the_object_behind_the_words():
    heard, choice = [], Choice("Sites", {"one": (1,), "two": (1, 2)})
    choice.on_change(heard.append)
    from_browser(choice, index=1)
    assert (choice.value, heard) == ((1, 2), [(1, 2)])
    choice.value = (1,)
    assert choice.index == 0


# Chart

def test_chart_takes_its_words_from_the_figure():
    assert Chart(with_alt(curve(), "Falls to 0.")).alt == "Falls to 0."
    assert alt_of(curve()) == ""


@pytest.mark.parametrize(("value", "as_json"), [
    (np.array([1, 2]), [1, 2]),
    (np.array([[0.5], [1.0]]), [[0.5], [1.0]]),
    (np.float64(0.1) + np.float64(0.2), 0.3),                    # nine digits, whatever the processor
    (float("nan"), None),
    (np.inf, None),
    (1732446000123.0, 1732446000123.0),                          # a date in milliseconds keeps all its digits
    (np.datetime64("2024-11-24T10:00:00", "us"), "2024-11-24T10:00:00"),
    ({"x": (1, None, "a", True)}, {"x": [1, None, "a", True]}),
], ids=str)
def test_plain_json(value, as_json):
    assert plain(value) == as_json
    json.dumps(plain(value), allow_nan=False)


def test_numpy_and_lists_give_the_same_chart():
    x, y = np.linspace(0, 1, 7), np.arange(14).reshape(7, 2)
    one = Chart(go.Figure([go.Scatter(x=x), go.Heatmap(z=y)]), "a")
    two = Chart(go.Figure([go.Scatter(x=x.tolist()), go.Heatmap(z=y.tolist())]), "a")
    assert one.figure == two.figure
    assert json.loads(one.figure)["data"][1]["z"] == y.tolist()


def test_only_plotlys_stock_template_is_left_out():
    assert "template" not in json.loads(Chart(curve(), "a").figure)["layout"]
    dark = curve().update_layout(template="plotly_dark")
    assert "template" in json.loads(Chart(dark, "a").figure)["layout"]


def test_an_update_is_one_message():
    chart = Chart(curve(), "Falls.")
    sent = sent_by(chart)
    chart.update(curve(300), "Falls later.")
    assert [set(content["state"]) for content, _ in sent] == [{"figure", "alt"}]
    chart.update(curve(300), "Falls later.")
    assert [content for content, _ in sent[1:] if content["state"]] == []


def test_all_charts_share_plotlys_own_code():
    one, two = Chart(curve(), "Falls."), Chart(curve(), "Falls.")
    library = plotly_library()
    assert one.library == two.library == library.model_id
    assert gzip.decompress(library.code).decode() == get_plotlyjs()
    assert len(library.code) < 3_000_000
    assert len(json.dumps(one.get_state(), default=str)) < 60_000


def test_a_closed_library_is_opened_anew():
    before = plotly_library()
    before.close()
    assert Chart(curve(), "Falls.").library == plotly_library().model_id
    assert plotly_library() is not before


# Topology, progress

def test_topology_redraws_picture_and_words_together():
    topology = Topology(PAIR)
    sent = sent_by(topology)
    down = {**PAIR, "title": "Down", "nodes": {**PAIR["nodes"], "east": {"label": "us-east-1", "state": "unhealthy"}}}
    topology.update(down)
    assert [set(content["state"]) for content, _ in sent] == [{"svg", "alt"}]
    assert "us-east-1 is unhealthy." in topology.alt
    assert topology.still() == {"image/svg+xml": topology.svg}


def test_progress_tells_the_page_a_hundred_times_at_most():
    progress = Progress("A day", total=86400, unit="s")
    sent = sent_by(progress)
    for second in range(86401):
        progress(second)
    assert len(sent) == 100
    assert (progress.fraction, progress.text) == (1.0, "100 %, 86400 of 86400 s")


def test_progress_by_share():
    progress = Progress("A day", total=600, unit="s")
    progress.update(0.5)
    assert progress.text == "50 %, 300 of 600 s"


def test_progress_says_how_a_run_ended(capsys):
    with Progress("A day", total=10) as progress:
        progress(4, "failing over")
        assert progress.text == "40 %: failing over"
    assert (progress.fraction, progress.text) == (1.0, "done")
    progress = Progress("A day", total=10)

    def break_off():
        with progress:
            progress(7)
            raise ZeroDivisionError
    with pytest.raises(ZeroDivisionError):
        break_off()
    assert (progress.fraction, progress.text) == (0.7, "stopped at 70 %: ZeroDivisionError")


# Step table

def test_cells_say_what_they_mean():
    table = StepTable([{"t": 0.1 + 0.2, "status": "unhealthy", "note": None}], caption="x")
    assert table.cells == [[["0.3", ""], ["✕ unhealthy", "unhealthy"], ["", ""]]]


def test_steps_stop_at_both_ends():
    heard, table = [], StepTable(ROWS, caption="x")
    table.on_change(heard.append)
    for move in (table.back, table.next, table.next, table.next, table.back):
        move()
    assert heard == [1, 2, 1]
    with pytest.raises(ConfigurationError, match=r"row 3 is not there\. Use 0 to 2\."):
        table.value = 3


def test_still_form_is_a_table_that_escapes_its_text():
    html = StepTable([{"<b>": "<script>"}], caption="a & b").still()["text/html"]
    assert "<script>" not in html
    assert "<caption>a &amp; b</caption>" in html


async def _until(condition):
    while not condition():
        await asyncio.sleep(0)


def test_plays_to_the_end_and_again_from_the_start():
    async def cell():
        heard, table = [], StepTable(ROWS, caption="x", pace=0)
        table.on_change(heard.append)
        for _ in range(2):
            await asyncio.to_thread(from_browser, table, playing=True)
            await _until(lambda: not table.playing)
        return heard
    assert asyncio.run(asyncio.wait_for(cell(), 10)) == [1, 2, 0, 1, 2]


def test_stop_and_play_at_once_leaves_one_walk():
    async def cell():
        heard, table = [], StepTable(ROWS, caption="x", pace=0)
        table.on_change(heard.append)
        table.play()
        await _until(lambda: table.value == 1)
        table.stop()
        table.play()
        await _until(lambda: not table.playing)
        return heard, table.value
    assert asyncio.run(asyncio.wait_for(cell(), 10)) == ([1, 2], 2)


def test_closing_ends_the_walk():
    async def cell():
        table = StepTable(ROWS, caption="x", pace=60)
        table.play()
        await _until(lambda: table._task)
        task = table._task
        table.close()
        await asyncio.wait([task])
        return task.cancelled(), table.comm
    assert asyncio.run(asyncio.wait_for(cell(), 10)) == (True, None)


def test_a_follower_that_fails_stops_the_walk_and_is_shown():
    async def cell():
        table = StepTable(ROWS, caption="x", pace=0)
        table.on_change(lambda row: 1 / (row - 2))
        table.play()
        await _until(lambda: not table.playing and table.notice)
        return table.notice["text"]
    assert asyncio.run(asyncio.wait_for(cell(), 10)) == "ZeroDivisionError: division by zero"


def test_without_a_loop_play_says_so():
    table = StepTable(ROWS, caption="x")
    with pytest.raises(LabError, match="Step by hand"):
        table.play()
    assert table.playing is False


def test_a_clock_ticks_to_its_end_and_resets():
    async def cell():
        heard, clock = [], Clock("Outage", ticks=3, pace=0)
        clock.on_change(heard.append)
        await asyncio.to_thread(from_browser, clock, playing=True)
        await _until(lambda: not clock.playing)
        message(clock, kind="step")
        message(clock, kind="reset")
        message(clock, kind="step")
        return heard
    assert asyncio.run(asyncio.wait_for(cell(), 10)) == [1, 2, 3, 0, 1]


def test_a_panel_follows_a_clock():
    panel = explore(lambda tick: f"{10 * tick} s", tick=Clock("Outage"))
    message(panel.controls["tick"], kind="step")
    assert panel.views[0].text == "10 s"


# Panel

def falls(ttl, policy):
    return curve(ttl), f"{policy}: back after {ttl} s."


def falls_panel(function=falls):
    return explore(function, ttl=Slider("TTL", 0, 600, 10, 60, unit="s"),
                   policy=Choice("Policy", ["failover", "simple"]))


def test_panel_draws_at_once_and_at_each_change():
    panel = falls_panel()
    chart, note = panel.views
    assert isinstance(chart, Chart)
    assert (chart.alt, note.text) == ("failover: back after 60 s.",) * 2
    from_browser(panel.controls["ttl"], value=300)
    assert panel.views == [chart, note]
    assert (chart.alt, note.text) == ("failover: back after 300 s.",) * 2
    assert json.loads(chart.figure)["data"][0]["x"] == [0, 300]


def test_panel_in_words_is_what_is_set_and_what_it_gives():
    bundle = falls_panel()._repr_mimebundle_()
    assert bundle["text/plain"] == ("TTL: 60 s\nPolicy: failover (of failover, simple)\n"
                                    "Chart: failover: back after 60 s.\nfailover: back after 60 s.")
    assert set(bundle) == {"text/plain", PLOTLY_VIEW, LIVE_VIEW}


def test_set_draws_once():
    calls = []
    panel = falls_panel(lambda **values: calls.append(values) or "text")
    panel.set(ttl=300, policy="simple")
    assert calls == [{"ttl": 60, "policy": "failover"}, {"ttl": 300, "policy": "simple"}]
    with pytest.raises(ConfigurationError, match=r"has no control speed\. It has: ttl, policy\."):
        panel.set(speed=1)


def test_set_shows_what_was_set_before_a_refused_value():
    panel = falls_panel()
    with pytest.raises(ConfigurationError, match="value is 'random'"):
        panel.set(ttl=300, policy="random")
    assert panel.views[0].alt == "failover: back after 300 s."


def test_a_failing_function_is_shown_at_the_control_and_keeps_the_last_view():
    panel = falls_panel(lambda ttl, policy: f"{600 / (ttl - 300)}")
    before = panel.views[0].text
    from_browser(panel.controls["ttl"], value=300)
    assert "division by zero" in panel.controls["ttl"].notice["text"]
    assert panel.views[0].text == before


def test_a_failing_function_fails_the_cell():
    with pytest.raises(ZeroDivisionError):
        falls_panel(lambda ttl, policy: 1 / 0)


def test_results_of_another_kind_replace_the_view():
    panel = falls_panel(lambda ttl, policy: PAIR if policy == "simple" else "no picture")
    old = panel.views[0]
    from_browser(panel.controls["policy"], index=1)
    assert isinstance(panel.views[0], Topology)
    assert list(panel.children[1:]) == panel.views
    assert old.comm is None


def test_panel_closes_all_its_parts():
    panel = falls_panel()
    parts = [panel, *panel.controls.values(), *panel.views]
    panel.close()
    assert [part.comm for part in parts] == [None] * len(parts)


# Notebooks

CELLS = """
import plotly.graph_objects as go
import numpy as np
from failover_kit.widgets import *
explore(lambda ttl: (go.Figure(go.Scatter(x=np.linspace(0, ttl, 5) / 3)), f"{ttl} s"),
        ttl=Slider("TTL", 0, 600, 10, 60))
---
Chart(go.Figure(go.Bar(y=[1, 2])), "Two bars.")
---
StepTable([{"t": 0, "status": "healthy"}], caption="One row")
---
Topology({"nodes": {"east": {"state": "unhealthy"}}})
---
with Progress("Ten minutes", total=600) as tick:
    tick(300)
---
Button("Crash", print), Toggle("us-east-1"), Choice("Policy", ["failover"])
""".strip().split("\n---\n")


def test_an_unattended_run_is_the_same_each_time_and_passes_strict_nbval(tmp_path, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", str(REPOSITORY))
    book = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS],
                                    metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
    NotebookClient(book, timeout=120, resources={"metadata": {"path": str(tmp_path)}}).execute()
    kept = without_live_views(book)
    assert LIVE_VIEW not in json.dumps(kept)
    assert "widgets" not in kept["metadata"]
    assert PLOTLY_VIEW in kept["cells"][0]["outputs"][0]["data"]
    nbformat.write(kept, tmp_path / "kept.ipynb")
    nbformat.write(book, tmp_path / "live.ipynb")
    run = subprocess.run([sys.executable, "-m", "pytest", "--nbval", "--nbval-cell-timeout=120", "-q",
                          "-p", "no:cacheprovider", "-p", "no:randomly", "kept.ipynb", "live.ipynb"],
                         cwd=tmp_path, capture_output=True, text=True, timeout=300, check=False)
    assert f"{2 * len(CELLS)} passed" in run.stdout, run.stdout
