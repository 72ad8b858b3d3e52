// Draws the charts in the page's colours, folds and unfolds for small screens and paper, and lets the keyboard scroll.

const dark = matchMedia("(prefers-color-scheme: dark)");
const PAPER_WIDTH = 640;      // px of a chart on paper

// The figure's own settings win over the page's.
function themed(layout, isDark) {
  const [ink, grid, paper] = isDark ? ["#e8e8e6", "#4a4e52", "#16181a"] : ["#1b1b1b", "#dddddd", "#ffffff"];
  const axis = { automargin: true, gridcolor: grid, linecolor: ink, tickcolor: ink, zerolinecolor: grid };
  const axes = new Set(["xaxis", "yaxis", ...Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key))]);
  const title = layout.title?.text ?? layout.title;
  return {
    height: 380, hovermode: "closest", paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    margin: { l: 60, r: 20, t: title ? 56 : 20, b: 48 }, ...layout,
    font: { color: ink, family: "system-ui, sans-serif", size: 13, ...layout.font },
    hoverlabel: { bgcolor: paper, bordercolor: ink, font: { color: ink }, ...layout.hoverlabel },
    ...Object.fromEntries([...axes].map((key) => [key, { ...axis, ...layout[key] }])),
  };
}

const charts = [...document.querySelectorAll("figure.chart")].map((figure) => ({
  plot: figure.querySelector(".plot"),
  parts: JSON.parse(figure.querySelector("script").textContent),
}));

function draw({ plot, parts }, isDark = dark.matches, width = undefined) {
  Plotly.react(plot, parts.data, { ...themed(parts.layout, isDark), width }, { displayModeBar: false, responsive: !width });
}

const waiting = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    if (!entry.isIntersecting) continue;
    waiting.unobserve(entry.target);
    draw(charts.find(({ plot }) => plot === entry.target));
  }
}, { rootMargin: "600px" });
for (const { plot, parts } of charts) {
  plot.style.minHeight = `${parts.layout.height ?? 380}px`;      // so that nothing moves when it is drawn
  waiting.observe(plot);
}
dark.addEventListener("change", () => charts.filter(({ plot }) => plot.data).forEach((chart) => draw(chart)));

const contents = document.querySelector(".contents details");
if (contents && matchMedia("(max-width: 63.99rem)").matches) contents.open = false;

// On paper everything is open, and black on white.
let opened = [];
addEventListener("beforeprint", () => {
  opened = [...document.querySelectorAll("main details:not([open])")];
  for (const part of opened) part.open = true;
  for (const chart of charts) draw(chart, false, PAPER_WIDTH);
});
addEventListener("afterprint", () => {
  for (const part of opened) part.open = false;
  for (const chart of charts) draw(chart);
});

// What scrolls sideways can be reached with the keyboard; what does not is no stop on the way.
const sideways = new ResizeObserver((entries) => {
  for (const { target } of entries) {
    if (target.scrollWidth > target.clientWidth) {
      target.tabIndex = 0;
      target.setAttribute("role", "group");
      target.setAttribute("aria-label", "Scrolls sideways");
    } else {
      for (const name of ["tabindex", "role", "aria-label"]) target.removeAttribute(name);
    }
  }
});
for (const part of document.querySelectorAll("main pre, main .scroll")) sideways.observe(part);
