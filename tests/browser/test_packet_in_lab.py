"""The packet explorer in JupyterLab, by mouse and by keyboard."""

import pytest

CELLS = [
    """
from failover_kit import Lab
from failover_kit.widgets import PacketView
lab = Lab.virtual()
lab.simple("app.example.com", "192.0.2.10", ttl=60)
view = PacketView.asking("app.example.com", send=lab.send)
view
"""]


@pytest.fixture
def page(open_notebook):
    lab_page = open_notebook("packet.ipynb", *CELLS)
    lab_page.run_all()
    lab_page.page.locator(".fk-byte").first.wait_for(timeout=60_000)
    yield lab_page
    assert lab_page.console_errors == []
    assert lab_page.requests_elsewhere == []


def test_bytes_and_fields_light_each_other_and_the_question_can_be_changed(page):
    box = page.page.locator(".fk-packet")
    lit = lambda: "".join(box.locator(".fk-byte.fk-lit").evaluate_all("all => all.map((e) => e.firstChild.data)"))
    assert lit() == "1234", "the id is selected at first"

    box.locator(".fk-byte").nth(13).hover()                     # the first letter of app
    assert lit() == "03617070"
    assert "app" in box.locator(".fk-field.fk-lit").inner_text()
    box.locator(".fk-field").nth(10).hover()                    # the type
    assert lit() == "0001"

    box.locator(".fk-field input").first.focus()
    page.page.keyboard.press("ArrowDown")
    page.page.mouse.move(0, 0)
    page.wait_for_python("view.value", "1")
    assert lit() == "0100", "the flags: RD"

    box.locator(".fk-text").fill("shop.example.com")
    page.wait_for_python("view.name, view.packet[12:17]", "shop.example.com b'\\x04shop'")
    box.get_by_role("radio", name="reply").check()
    page.wait_for_python("view.side, view.packet[3] & 15", "reply 3")      # NXDOMAIN
    box.get_by_text("Change the bytes").click()
    editor = box.locator("textarea")
    editor.fill(editor.input_value().replace("04 73 68 6f 70", "03 61 70 70"))
    box.get_by_role("button", name="Send these bytes").click()
    page.wait_for_python("view.name", "app.example.com")
    assert box.locator(".fk-text").input_value() == "app.example.com"


def test_axe_finds_nothing(page):
    from axe_playwright_python.sync_playwright import Axe
    found = Axe().run(page.page, context=".jp-OutputArea-output")
    assert found.violations_count == 0, found.generate_report()
