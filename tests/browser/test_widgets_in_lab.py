"""The widgets in JupyterLab, by mouse and by keyboard, as a learner meets them."""

import pytest
from lab_page import REPOSITORY, notebook

CELLS = [
    """
import asyncio, time
import numpy as np, plotly.graph_objects as go
from failover_kit.figures import palette
from failover_kit.widgets import *

def back(ttl, policy, standby):
    t = np.linspace(0, 600, 121)
    stale = np.where(t < 30, 1, np.clip(1 - (t - 30) / ttl, 0, 1))
    figure = go.Figure([go.Scatter(x=t, y=100 * stale, name="dead site", line=palette.line("unhealthy")),
                        go.Scatter(x=t, y=100 * (1 - stale), name="standby", line=palette.line("secondary"))])
    figure.update_layout(title="Where users land", xaxis_title="time (s)", yaxis_title="users (%)", height=300)
    return figure, f"{policy}, standby {'up' if standby else 'down'}: the last user is back after {30 + ttl} s."

panel = explore(back, ttl=Slider("TTL", 10, 600, 10, 60, unit="s"), policy=Choice("Policy", ["failover", "simple"]),
                standby=Toggle("Standby", True, on="up", off="down"))
panel
""",
    "size = Slider('Fleet', values=[10, 1000, 100000], value=1000, unit='resolvers'); size",
    "region = Choice('Region', ['us-east-1', 'us-west-2', 'eu-west-1', 'ap-south-1', 'sa-east-1', 'other']); region",
    "Button('Say', lambda: print('us-east-1 is down'))",
    "Button('Break', lambda: 1 / 0)",
    "slow = Button('Wait', lambda: time.sleep(0.5)); slow",
    """
pictures = [{"title": "Row 0", "nodes": {"users": {"label": "Users", "kind": "client"},
                                         "east": {"label": "us-east-1", "role": "primary", "state": state}},
             "edges": [{"from": "users", "to": "east", "state": "traffic"}]}
            for state in ("healthy", "fault", "unhealthy", "unknown")]
topology = Topology(pictures[0])
topology
""",
    """
table = StepTable([{"time": 10 * row, "status": pictures[row]["nodes"]["east"]["state"]} for row in range(4)],
                  caption="One outage", pace=0.05)
table.on_change(lambda row: topology.update(pictures[row]))
table
""",
    "Chart(go.Figure(go.Bar(y=[1, 2], marker=palette.bar('fault'))), 'Two bars: 1 and 2.')",
    """
with Progress("Ten minutes", total=600, unit="s") as tick:
    for second in range(600):
        tick(second)
""",
    """
clock = Clock("Outage", ticks=4, pace=0.05, each=10, unit="s")
explore(lambda tick: f"{10 * tick} s into the outage", tick=clock)
""",
    "Note('That is all.')",
]


@pytest.fixture(scope="module")
def page(open_notebook):
    lab_page = open_notebook("widgets.ipynb", *CELLS)
    lab_page.run_all()
    lab_page.page.get_by_text("That is all.", exact=True).wait_for(timeout=60_000)
    lab_page.page.wait_for_function("document.querySelectorAll('.fk-plot .main-svg').length >= 2", timeout=60_000)
    yield lab_page
    # Whatever the tests did with it: no error in the console, and nobody else was asked for anything.
    assert lab_page.console_errors == []
    assert lab_page.requests_elsewhere == []


@pytest.fixture
def open_page(open_notebook):
    """As `open_notebook`, for one test: its pages and kernels go when it ends."""
    pages = []

    def open_one(*arguments):
        pages.append(open_notebook(*arguments))
        return pages[-1]
    yield open_one
    for lab_page in pages:
        lab_page.close()


@pytest.fixture
def look(page):
    """The page, with its widgets set back to where they began."""
    page.run_cell("panel.set(ttl=60, policy='failover', standby=True); size.value = 1000; region.index = 0;"
                  "table.stop(); table.value = 0; clock.reset(); topology.update(pictures[0])")
    page.page.get_by_role("status").get_by_text("failover, standby up: the last user is back after 90 s.").wait_for()
    return page.page


def chart(look):
    return look.get_by_role("figure").first


def wait_for_name(locator, text):
    locator.page.wait_for_function("([node, text]) => node.getAttribute('aria-label').includes(text)",
                                   arg=[locator.element_handle(), text])


def drawn_until_zero(look):
    """Where plotly's curve of the dead site reaches zero, in seconds: from what is drawn, not from what was sent."""
    return look.evaluate("""() => {
        const { x, y } = document.querySelector('.fk-plot').calcdata[0].reduce(
            (all, { x, y }) => ({ x: [...all.x, x], y: [...all.y, y] }), { x: [], y: [] });
        return x[y.findIndex((value) => value === 0)];
    }""")


def test_dragging_a_slider_redraws_the_chart(page, look):
    slider = look.get_by_role("slider", name="TTL")
    assert drawn_until_zero(look) == 90
    slider.hover()      # scrolls to it and waits until it stands still
    box = slider.bounding_box()
    middle = box["y"] + box["height"] / 2
    look.mouse.move(box["x"] + 4 + (box["width"] - 16) * 50 / 590, middle)
    look.mouse.down()
    for share in (0.2, 0.4, 0.6):
        look.mouse.move(box["x"] + box["width"] * share, middle)
    look.mouse.up()
    ttl = int(slider.input_value())
    assert 300 < ttl < 420
    page.wait_for_python("panel.values['ttl']", str(ttl))
    assert slider.get_attribute("aria-valuetext") == f"{ttl} s"
    wait_for_name(chart(look), f"after {30 + ttl} s")
    look.wait_for_function(
        "limit => document.querySelector('.fk-plot').calcdata[0].some(p => p.y === 0 && p.x >= limit)", arg=ttl)
    assert 0 <= drawn_until_zero(look) - (30 + ttl) <= 5


@pytest.mark.parametrize(("keys", "ttl"), [("ArrowRight", 70), ("ArrowLeft", 50), ("Home", 10), ("End", 600)])
def test_a_slider_obeys_the_keyboard(page, look, keys, ttl):
    slider = look.get_by_role("slider", name="TTL")
    slider.focus()
    look.keyboard.press(keys)
    wait_for_name(chart(look), f"after {30 + ttl} s")
    page.wait_for_python("panel.values['ttl']", str(ttl))
    assert look.locator("output").first.text_content() == f"{ttl} s"


def test_bare_keys_stay_in_the_control_and_commands_reach_the_notebook(page, look):
    cells = look.locator(".jp-Cell").count()
    look.get_by_role("slider", name="TTL").focus()
    for key in ("x", "d", "d", "b"):
        look.keyboard.press(key)
    page.run_cell("1")
    assert look.locator(".jp-Cell").count() == cells
    look.keyboard.press("Control+s")
    look.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")


def test_a_slider_over_a_list_says_the_value_not_the_place(page, look):
    slider = look.get_by_role("slider", name="Fleet")
    slider.focus()
    look.keyboard.press("ArrowRight")
    assert slider.get_attribute("aria-valuetext") == "100000 resolvers"
    page.wait_for_python("size.value", "100000")


def test_radio_switch_and_list_obey_the_keyboard(page, look):
    look.get_by_role("radio", name="failover").focus()
    look.keyboard.press("ArrowDown")
    wait_for_name(chart(look), "simple, standby up")
    look.get_by_role("switch", name="Standby").focus()
    look.keyboard.press("Space")
    wait_for_name(chart(look), "simple, standby down")
    look.get_by_label("Region").focus()
    look.keyboard.press("ArrowDown")
    page.wait_for_python("region.value", "us-west-2")


def test_what_a_button_prints_is_seen(look):
    look.get_by_role("button", name="Say").click()
    look.locator(".fk-notice", has_text="us-east-1 is down").wait_for()


def test_what_a_button_breaks_is_seen_with_the_traceback_on_demand(look):
    button = look.get_by_role("button", name="Break")
    button.focus()
    look.keyboard.press("Enter")
    notice = look.locator(".fk-notice", has_text="This did not work. ZeroDivisionError: division by zero")
    notice.wait_for()
    assert not notice.locator("pre").is_visible()
    notice.locator("summary").click()
    assert "lambda: 1 / 0" in notice.locator("pre").text_content()
    notice.locator("summary").click()


def test_a_busy_button_takes_one_press(page, look):
    before = int(page.run_cell("print(slow.presses)"))
    button = look.get_by_role("button", name="Wait")
    for _ in range(3):
        button.click(force=True)
    look.wait_for_function("node => node.getAttribute('aria-disabled') === 'false'", arg=button.element_handle())
    assert int(page.run_cell("print(slow.presses)")) == before + 1


def test_steps_light_a_row_and_the_picture_follows(look):
    for name, row, state in (("Next", "10", "fault"), ("Next", "20", "unhealthy"), ("Back", "10", "fault")):
        look.get_by_role("button", name=name, exact=True).click()
        look.locator('tr[aria-current="step"] th', has_text=row).wait_for()
        look.locator(".fk-topology text", has_text={"fault": "broken"}.get(state, state)).wait_for()
    scrubber = look.get_by_role("slider", name="Row")
    scrubber.focus()
    look.keyboard.press("End")
    look.locator(".fk-topology text", has_text="not known yet").wait_for()
    assert scrubber.get_attribute("aria-valuetext") == "row 4 of 4: 30, ? unknown"
    look.locator("tbody tr", has_text="healthy").first.click()
    look.locator('tr[aria-current="step"] th', has_text="0").wait_for()


def test_play_walks_to_the_end_and_stop_stops(page, look):
    controls = look.get_by_role("group", name="Walk through: One outage")
    controls.get_by_role("button", name="Play").click()
    look.locator('tr[aria-current="step"] th', has_text="30").wait_for()
    controls.get_by_role("button", name="Play").wait_for()
    page.run_cell("table.pace = 30")
    controls.get_by_role("button", name="Play").click()
    look.locator('tr[aria-current="step"] th').get_by_text("0", exact=True).wait_for()
    controls.get_by_role("button", name="Stop").click()
    controls.get_by_role("button", name="Play").wait_for()
    page.wait_for_python("table.playing", "False")
    page.run_cell("table.pace = 0.05")


def test_a_clock_plays_steps_and_resets(look):
    controls = look.get_by_role("group", name="Outage", exact=True)
    controls.get_by_role("button", name="Play").click()
    look.get_by_text("40 s into the outage").wait_for()
    controls.get_by_role("button", name="Play").wait_for()
    controls.get_by_role("button", name="Reset").click()
    look.get_by_text("0 s into the outage", exact=True).wait_for()
    controls.get_by_role("button", name="One step").click()
    look.get_by_text("10 s into the outage").wait_for()


def test_the_words_of_a_picture_open_on_demand(look):
    details = look.locator("details", has_text="This chart in words").first
    assert not details.locator("p").is_visible()
    details.locator("summary").click()
    assert details.locator("p").text_content() == "failover, standby up: the last user is back after 90 s."
    details.locator("summary").click()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_outputs_are_accessible_and_follow_the_theme(page, look, dark):
    from axe_playwright_python.sync_playwright import Axe
    page.dark(dark)
    ink = "rgb(238, 238, 238)" if dark else "rgb(27, 27, 27)"
    look.wait_for_function(
        "ink => getComputedStyle(document.querySelector('.fk-plot .xtick text')).fill === ink", arg=ink)
    look.get_by_role("button", name="Break").click()
    look.locator(".fk-notice.fk-failed").first.wait_for()
    found = Axe().run(look, context=".jp-Cell-outputArea").response["violations"]
    page.dark(False)
    assert [(rule["id"], [node["html"][:200] for node in rule["nodes"]]) for rule in found] == []


def test_a_chart_appears_while_a_cell_still_runs(open_page):
    page = open_page("busy.ipynb", """
from failover_kit.widgets import *
Chart({"data": [{"y": [1, 2]}]}, "Up.")""", "import time; time.sleep(600)")
    page.run_all(wait=False)
    page.page.wait_for_selector(".fk-plot .main-svg", timeout=20_000)
    page.command("notebook:interrupt-kernel")


def test_controls_answer_while_an_async_cell_waits(open_page):
    page = open_page("waiting.ipynb", """
import asyncio
from failover_kit.widgets import *
pressed = asyncio.Event()
Button("Crash the primary", pressed.set)""", """
await asyncio.wait_for(pressed.wait(), 60)
Note("The crash was seen.")""")
    page.run_all(wait=False)
    page.page.get_by_role("button", name="Crash the primary").click()
    page.page.get_by_text("The crash was seen.", exact=True).wait_for()


def test_a_kept_notebook_shows_its_still_forms_without_a_kernel(open_page):
    from nbclient import NotebookClient

    from failover_kit.widgets import without_live_views
    book = notebook(*CELLS)
    NotebookClient(book, timeout=120, resources={"metadata": {"path": str(REPOSITORY)}}).execute()
    page = open_page("kept.ipynb", without_live_views(book))
    page.page.wait_for_selector(".js-plotly-plot .main-svg")
    shown = page.page.locator(".jp-Notebook").text_content()
    assert "One outage" in page.page.locator(".jp-RenderedHTML table caption").text_content()
    assert "Topology: Row 0. us-east-1, primary, is healthy." in shown
    assert "Error displaying widget" not in shown
    assert page.console_errors == []


def test_a_slow_function_skips_what_it_cannot_draw_and_ends_with_the_latest(open_page):
    page = open_page("slow.ipynb", """
import time
from failover_kit.widgets import *
calls = []
def slow(ttl):
    calls.append(ttl)
    time.sleep(0.15)
    return f"TTL is {ttl}"
explore(slow, ttl=Slider("TTL", 0, 100, 1, 0))""")
    page.run_all()
    page.page.get_by_role("slider").focus()
    for _ in range(40):
        page.page.keyboard.press("ArrowRight")
    page.page.get_by_role("status").get_by_text("TTL is 40").wait_for()
    calls = int(page.run_cell("print(len(calls))"))
    assert 2 <= calls < 30


def test_a_reload_finds_the_state_again_and_the_library_comes_once_a_page(open_page):
    page = open_page("reload.ipynb", *CELLS)
    large = []

    def count(socket):
        socket.on("framereceived", lambda frame: large.append(len(frame)) if len(frame) > 1_000_000 else None)
    page.page.on("websocket", count)
    page.run_all()
    look = page.page
    look.wait_for_function("document.querySelectorAll('.fk-plot .main-svg').length >= 2", timeout=60_000)
    page.run_cell("panel.set(ttl=300); table.value = 2")
    wait_for_name(chart(look), "after 330 s")
    page.command("docmanager:save")
    look.wait_for_function("!jupyterapp.shell.currentWidget.context.model.dirty")
    large.clear()

    page.open()
    look.wait_for_function("document.querySelectorAll('.fk-plot .main-svg').length >= 2", timeout=60_000)
    assert look.get_by_role("slider", name="TTL").input_value() == "300"
    assert drawn_until_zero(look) == 330
    assert look.locator('tr[aria-current="step"] th').text_content() == "20"
    assert len(large) == 1

    look.get_by_role("slider", name="TTL").focus()
    look.keyboard.press("ArrowRight")
    wait_for_name(chart(look), "after 340 s")
    assert page.console_errors == []
    assert page.requests_elsewhere == []


def test_a_closed_panel_leaves_the_page(open_page):
    page = open_page("close.ipynb", """
from failover_kit.widgets import *
panel = explore(lambda ttl: ({"data": [{"y": [ttl]}]}, f"TTL {ttl}"), ttl=Slider("TTL"))
panel""")
    page.run_all()
    page.page.wait_for_selector(".fk-plot .main-svg", timeout=60_000)
    page.run_cell("panel.close()")
    page.page.wait_for_selector(".fk", state="detached")
    assert page.console_errors == []
