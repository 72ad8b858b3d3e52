"""The page that a learner lands on.

    syllabus  ->  start_page()  ->  HTML with a link to each notebook, and what is different in a browser

JupyterLite looks for its settings in this page too: the empty `jupyter-config-data` says that the site starts here.
"""

from __future__ import annotations

from html import escape

from failover_kit.course.syllabus import LESSONS, Lesson

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>DNS failover in seven notebooks</title>
<link rel="icon" href="./lab/favicon.ico">
<script id="jupyter-config-data" type="application/json" data-jupyter-lite-root=".">{{}}</script>
<style>
body {{ font: 17px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #1b1f24; }}
th, td {{ text-align: left; padding: 0.35rem 1rem 0.35rem 0; vertical-align: top; border-bottom: 1px solid #c8ccd1; }}
table {{ border-collapse: collapse; }}
a {{ color: #0a4fa3; }}
@media (prefers-color-scheme: dark) {{ body {{ background: #14171a; color: #e6e8ea; }} a {{ color: #8fc1ff; }} }}
</style>
</head>
<body>
<main>
<h1>DNS failover in seven notebooks</h1>
<p>Everything runs in this browser: there is nothing to install and no account to open, and what you do stays on this
device. A notebook's first cell takes about ten seconds, while
Python starts.</p>
<table>
<thead><tr><th scope="col">Lesson</th><th scope="col">Minutes</th><th scope="col">Practise</th></tr></thead>
<tbody>
{rows}
</tbody>
</table>
<h2>What is different in a browser</h2>
<ul>
<li>A browser has no sockets, so every lab runs in virtual time. It follows the same rules and tells the same story;
only <code>dig</code>, <code>curl</code> and real servers are missing. <code>Lab.live</code> says so.</li>
<li>Your notebooks and your progress are kept in this browser, on this device only. Clearing the data of this site
clears them: download what you want to keep (<em>File</em>, <em>Download</em>).</li>
<li>A cell that never ends cannot be stopped by its time limit: restart the kernel (<em>Kernel</em>, <em>Restart</em>).</li>
</ul>
</main>
</body>
</html>
"""


def start_page(*, with_solutions: bool = False) -> str:
    return PAGE.format(rows="\n".join(_row(entry, with_solutions) for entry in LESSONS))


def _row(entry: Lesson, with_solutions: bool) -> str:
    practise = _link("exercises", entry, "Exercises")
    if with_solutions:
        practise += ", " + _link("solutions", entry, "solutions")
    return (f"<tr><td>{_link('lessons', entry, f'{entry.number}. {entry.title}')}<br>{escape(entry.able_to)}</td>"
            f"<td>{entry.minutes}</td><td>{practise}</td></tr>")


def _link(folder: str, entry: Lesson, text: str) -> str:
    return f'<a href="lab/index.html?path={folder}/{entry.notebook}.ipynb">{escape(text)}</a>'
