// Draws the figure with plotly.js, which the kernel sends once, and follows the notebook's theme.

async function unpack(packed) {
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  const code = await new Response(stream).text();
  const module = { exports: {} };
  new Function("module", "exports", code)(module, module.exports);
  return module.exports;
}

// One copy a page and version, whichever chart, notebook or kernel brings it first.
async function plotlyFor(model) {
  const library = await model.widget_manager.get_model(model.get("library"));
  const shelf = (globalThis.failoverKitPlotly ??= {});
  return (shelf[library.get("version")] ??= unpack(library.get("code")));
}

function isDark() {
  const light = document.body.dataset.jpThemeLight;
  if (light) return light === "false";
  if (document.body.classList.contains("vscode-dark")) return true;
  return !document.body.classList.contains("vscode-light") && matchMedia("(prefers-color-scheme: dark)").matches;
}

// The figure's own settings win over the theme's.
function themed(layout) {
  const [ink, grid, paper] = isDark() ? ["#eeeeee", "#4a4a4a", "#111111"] : ["#1b1b1b", "#dddddd", "#ffffff"];
  const axis = { automargin: true, gridcolor: grid, linecolor: ink, tickcolor: ink, zerolinecolor: grid };
  const axes = new Set(["xaxis", "yaxis", ...Object.keys(layout).filter((key) => /^[xy]axis\d*$/.test(key))]);
  const title = layout.title?.text ?? layout.title;
  return {
    height: 380, hovermode: "closest", uirevision: "kept", paper_bgcolor: "rgba(0,0,0,0)", plot_bgcolor: "rgba(0,0,0,0)",
    margin: { l: 60, r: 20, t: title ? 56 : 20, b: 48 }, ...layout,
    font: { color: ink, family: "system-ui, sans-serif", size: 13, ...layout.font },
    hoverlabel: { bgcolor: paper, bordercolor: ink, font: { color: ink }, ...layout.hoverlabel },
    ...Object.fromEntries([...axes].map((key) => [key, { ...axis, ...layout[key] }])),
  };
}

function render({ model, el, signal }) {
  const plot = make("div", { className: "fk-plot", "aria-hidden": "true" }, "The chart is on its way …");
  const figure = make("div", { className: "fk-figure", role: "figure" }, plot);
  el.classList.add("fk", "fk-chart");
  el.append(figure, description(model, "chart"), noticeBox(model));
  follow(model, ["alt"], () => figure.setAttribute("aria-label", model.get("alt")));

  let plotly = null;
  let asked = false;
  const draw = () => {
    if (!plotly || asked || signal.aborted) return;
    asked = true;
    queueMicrotask(() => {
      asked = false;
      if (signal.aborted) return;
      const { data, layout } = JSON.parse(model.get("figure"));
      plotly.react(plot, data, themed(layout), { displayModeBar: false, responsive: false });
    });
  };
  plotlyFor(model).then((library) => {
    if (signal.aborted) return;
    plotly = library;
    plot.replaceChildren();
    draw();
  }, (error) => { plot.textContent = `The chart cannot be drawn here (${error}). Its content in words is below.`; });

  model.on("change:figure", draw);
  let dark = isDark();
  const theme = new MutationObserver(() => {
    if (isDark() !== dark) { dark = !dark; draw(); }
  });
  theme.observe(document.body, { attributeFilter: ["data-jp-theme-light", "data-jp-theme-name", "class"] });
  const size = new ResizeObserver(() => {
    if (plotly && plot.data && plot.offsetParent) plotly.Plots.resize(plot);
  });
  size.observe(figure);
  return () => {
    theme.disconnect();
    size.disconnect();
    if (plotly) plotly.purge(plot);
  };
}

export default { render };
