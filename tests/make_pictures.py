"""Makes the pictures that the README shows, from the kit's own run: `python tests/make_pictures.py`.

    drill("crash")  ->  timeline figure  ->  headless Chromium  ->  lessons/pictures/drill.png
"""

from pathlib import Path

from playwright.sync_api import sync_playwright

from failover_kit.drill import DrillSettings, drill
from failover_kit.figures.timeline_figure import timeline_figure

PICTURES = Path(__file__).parent.parent / "lessons" / "pictures"
SIZE = {"width": 1100, "height": 560}


def main() -> None:
    report = drill("crash", settings=DrillSettings(users=50))
    figure = timeline_figure(report.timeline, title="A failover, from cause to effect")
    figure.update_layout(width=SIZE["width"] - 20, template="plotly_white")
    page_text = figure.to_html(include_plotlyjs=True, config={"displayModeBar": False})
    PICTURES.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport=SIZE, device_scale_factor=1.5)
        page.set_content(page_text)
        page.wait_for_selector(".plotly .main-svg")
        page.screenshot(path=PICTURES / "drill.png")
        browser.close()


if __name__ == "__main__":
    main()
