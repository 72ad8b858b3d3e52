// Shared by every widget of the kit; each widget's own file follows it.

// JupyterLab takes bare keys for its own commands (an arrow moves to the next cell, "x" cuts one), even while a control
// has the focus. Keep them for the control; keys with Ctrl, Alt or Cmd, Shift-Enter and Escape still reach the notebook.
if (!globalThis.failoverKitKeys) {
  globalThis.failoverKitKeys = true;
  window.addEventListener("keydown", (event) => {
    const forNotebook = event.ctrlKey || event.metaKey || event.altKey || event.key === "Escape"
      || (event.shiftKey && event.key === "Enter");
    if (!forNotebook && event.target.closest?.(".fk")) event.stopPropagation();
  }, true);
}

function freshId(word) {
  globalThis.failoverKitIds = (globalThis.failoverKitIds ?? 0) + 1;
  return `fk-${word}-${globalThis.failoverKitIds}`;
}

// An element with properties (or attributes, for names with a dash) and children.
function make(tag, properties = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "role" || name.includes("-")) node.setAttribute(name, value);
    else node[name] = value;
  }
  node.append(...children);
  return node;
}

// Draw now, and again whenever one of these traits changes.
function follow(model, names, draw) {
  for (const name of names) model.on(`change:${name}`, draw);
  draw();
}

// Tell the kernel. ipywidgets keeps one message under way and merges those that wait: the latest value wins.
function tell(model, name, value) {
  model.set(name, value);
  model.save_changes();
}

// A number as the kit writes it: 60, 0.25, 1.23457.
function inFigures(value) {
  return typeof value === "number" && !Number.isInteger(value) ? String(Number(value.toPrecision(6))) : String(value);
}

// Where a callback's prints and errors show. A notebook would drop them.
function noticeBox(model) {
  const box = make("div", { className: "fk-notice", role: "status" });
  follow(model, ["notice"], () => {
    const { title, text, details } = model.get("notice") ?? {};
    box.replaceChildren();
    box.classList.toggle("fk-failed", Boolean(title));
    if (!text) return;
    if (title) box.append(make("strong", {}, `✕ ${title} `));
    box.append(make("span", {}, text));
    if (details) box.append(make("details", {}, make("summary", {}, "Where it happened"),
      make("pre", { tabIndex: 0, role: "region", "aria-label": "traceback" }, details)));
  });
  return box;
}

// The same in words, for whoever asks; `what` is "chart" or "picture".
function description(model, what) {
  const words = make("p");
  follow(model, ["alt"], () => { words.textContent = model.get("alt"); });
  return make("details", { className: "fk-description" }, make("summary", {}, `This ${what} in words`), words);
}
