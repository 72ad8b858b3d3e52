// A table with one row lit, buttons to walk through it, and a slider over its rows.

function render({ model, el }) {
  const cells = model.get("cells");
  const last = cells.length - 1;
  const caption = model.get("caption");
  const go = (row) => {
    if (model.get("playing")) model.set("playing", false);
    tell(model, "value", Math.min(Math.max(row, 0), last));
  };
  const button = (words, press) => {
    const node = make("button", { type: "button" }, words);
    node.addEventListener("click", press);
    return node;
  };

  const rows = cells.map((row, place) => {
    const line = make("tr", {}, make("td", { className: "fk-pointer", "aria-hidden": "true" }),
      ...row.map(([text, meaning], column) => {
        const cell = column === 0 ? make("th", { scope: "row" }, text) : make("td", {}, text);
        if (meaning) cell.style.borderLeft = `4px solid var(--fk-${meaning})`;
        return cell;
      }));
    line.addEventListener("click", () => go(place));
    return line;
  });
  const heads = model.get("columns").map((name) => make("th", { scope: "col" }, name));
  const table = make("table", {}, make("caption", {}, caption),
    make("thead", {}, make("tr", {}, make("td", { className: "fk-pointer" }), ...heads)), make("tbody", {}, ...rows));
  const frame = make("div", { className: "fk-frame", role: "region", tabIndex: 0, "aria-label": `Table: ${caption}` }, table);

  const id = freshId("rows");
  const scrubber = make("input", { type: "range", id, min: 0, max: last, step: 1 });
  scrubber.addEventListener("input", () => go(Number(scrubber.value)));
  const place = make("output", { className: "fk-value" });
  place.htmlFor = id;
  const play = button("Play", () => tell(model, "playing", !model.get("playing")));
  el.classList.add("fk", "fk-steps");
  el.append(
    make("div", { className: "fk-bar", role: "group", "aria-label": `Walk through: ${caption}` },
      button("Start", () => go(0)), button("Back", () => go(model.get("value") - 1)),
      button("Next", () => go(model.get("value") + 1)), play,
      make("label", { htmlFor: id }, "Row"), scrubber, place),
    frame, noticeBox(model),
  );

  follow(model, ["playing"], () => {
    play.textContent = model.get("playing") ? "Stop" : "Play";
  });
  follow(model, ["value"], () => {
    const lit = model.get("value");
    rows.forEach((line, number) => {
      line.classList.toggle("fk-lit", number === lit);
      line.hidden = model.get("reveal") && number > lit;
      line.firstChild.textContent = number === lit ? "▶︎" : "";
      if (number === lit) line.setAttribute("aria-current", "step");
      else line.removeAttribute("aria-current");
    });
    scrubber.value = lit;
    scrubber.setAttribute("aria-valuetext", `row ${lit + 1} of ${last + 1}: ${cells[lit].map(([text]) => text).join(", ")}`);
    place.textContent = `${lit + 1} of ${last + 1}`;
    // Scroll inside the frame only: scrollIntoView would move the notebook under the reader.
    const [top, bottom] = [rows[lit].offsetTop, rows[lit].offsetTop + rows[lit].offsetHeight];
    const head = table.tHead.offsetHeight;
    if (top - head < frame.scrollTop) frame.scrollTop = top - head;
    if (bottom > frame.scrollTop + frame.clientHeight) frame.scrollTop = bottom - frame.clientHeight;
  });
}

export default { render };
