// A packet's bytes on the left, its fields on the right. Pointing at one lights the other; radio buttons hold the choice.

function inBytes(start, end) {
  return end - start === 1 ? `byte ${start}` : `bytes ${start} to ${end - 1}`;
}

// Scrolls inside the frame only: scrollIntoView would move the notebook under the reader. `above` is kept for a heading.
function bring(frame, node, above) {
  frame.scrollTop = Math.min(frame.scrollTop, Math.max(node.offsetTop - above, 0));
  frame.scrollTop = Math.max(frame.scrollTop, node.offsetTop + node.offsetHeight - frame.clientHeight);
}

function questionBar(model) {
  const [nameId, typeId] = [freshId("name"), freshId("type")];
  const name = make("input", { id: nameId, type: "text", spellcheck: false, autocomplete: "off", className: "fk-text" });
  const type = make("select", { id: typeId });
  const ask = () => model.send({ name: name.value, type: type.value });
  name.addEventListener("input", ask);
  type.addEventListener("change", ask);
  follow(model, ["name"], () => {
    if (document.activeElement !== name) name.value = model.get("name");
  });
  follow(model, ["type"], () => {
    const offered = [...new Set([...model.get("types"), model.get("type")])];
    type.replaceChildren(...offered.map((text) => make("option", {}, text)));
    type.value = model.get("type");
  });
  const group = freshId("side");
  const sides = ["query", "reply"].map((side) => {
    const input = make("input", { type: "radio", name: group, value: side });
    input.addEventListener("change", () => tell(model, "side", side));
    follow(model, ["side"], () => { input.checked = model.get("side") === side; });
    return make("label", {}, input, ` ${side}`);
  });
  return make("div", { className: "fk-question" },
    make("div", {}, make("label", { htmlFor: nameId }, "Name"), name),
    make("div", {}, make("label", { htmlFor: typeId }, "Type"), type),
    make("fieldset", {}, make("legend", {}, "Show the"), ...sides));
}

function byteEditor(model) {
  const id = freshId("hex");
  const hex = make("textarea", { id, rows: 3, spellcheck: false });
  const send = make("button", { type: "button" }, model.get("asks") ? "Send these bytes" : "Show these bytes");
  send.addEventListener("click", () => model.send({ hex: hex.value }));
  follow(model, ["query"], () => { hex.value = model.get("query"); });
  return make("details", {}, make("summary", {}, "Change the bytes"),
    make("label", { htmlFor: id }, model.get("asks") ? "The query in hexadecimal" : "The packet in hexadecimal"),
    hex, send);
}

function render({ model, el }) {
  const grid = make("div", { className: "fk-bytes", "aria-hidden": "true" });
  const list = make("div", { className: "fk-fields", role: "radiogroup", "aria-label": "Fields of the packet" });
  const said = make("p", { className: "fk-said", role: "status" });
  const group = freshId("field");
  let bytes = [], rows = [], inputs = [], pointed = null;

  const light = () => {
    const lit = pointed ?? model.get("value");
    const fields = model.get("fields");
    bytes.forEach((byte) => byte.classList.toggle("fk-lit", Number(byte.dataset.field) === lit));
    rows.forEach((row, place) => row.classList.toggle("fk-lit", place === lit));
    said.replaceChildren();
    if (!fields[lit]) {
      said.append(model.get("side") === "reply" ? "No reply came: silence is the answer to what is no question."
        : "There are no bytes here.");
      return;
    }
    const [start, end, section, name, value, meaning] = fields[lit];
    said.append(make("strong", {}, `${name}: ${value}`), ` ${meaning} `,
      make("span", { className: "fk-where" }, `(${inBytes(start, end)}, ${section})`));
  };
  const point = (node, field) => {
    node.addEventListener("mouseenter", () => { pointed = field; light(); });
    node.addEventListener("mouseleave", () => { pointed = null; light(); });
  };

  const draw = () => {
    const fields = model.get("fields");
    const octets = model.get(model.get("side")).split(" ").filter(Boolean);
    const fieldOf = fields.flatMap(([start, end], place) => Array(end - start).fill(place));
    if (fieldOf.length !== octets.length) return;      // the other half of a change is on its way
    pointed = null;
    bytes = octets.map((octet, place) => {
      const code = parseInt(octet, 16);
      const letter = code > 32 && code < 127 ? String.fromCharCode(code) : "·";
      const byte = make("span", { className: "fk-byte" }, octet, make("small", {}, letter));
      const field = fieldOf[place];
      byte.dataset.field = field;
      byte.classList.toggle("fk-first", place === fields[field][0]);
      byte.classList.toggle("fk-even", ["question", "authority"].includes(fields[field][2]));
      byte.addEventListener("click", () => { tell(model, "value", field); });
      point(byte, field);
      return byte;
    });
    grid.replaceChildren();
    for (let row = 0; row < bytes.length; row += 16) {
      grid.append(make("span", { className: "fk-offset" }, String(row)), ...bytes.slice(row, row + 16));
    }

    const sections = [];
    inputs = [];
    rows = fields.map(([start, end, section, name, value], place) => {
      if (!place || section !== fields[place - 1][2]) {
        sections.push(make("div", { className: "fk-section", role: "group", "aria-label": section },
          make("div", { className: "fk-heading", "aria-hidden": "true" }, section)));
      }
      const input = make("input", { type: "radio", name: group });
      input.addEventListener("change", () => { pointed = null; tell(model, "value", place); });
      const row = make("label", { className: "fk-field" }, input,
        make("span", { className: "fk-place" }, end - start === 1 ? `${start}` : `${start}–${end - 1}`),
        make("span", {}, name), make("span", { className: "fk-value" }, value));
      point(row, place);
      inputs.push(input);
      sections.at(-1).append(row);
      return row;
    });
    list.replaceChildren(...sections);
    choose();
  };
  const choose = () => {
    const place = model.get("value");
    if (inputs[place]) inputs[place].checked = true;
    if (rows[place]) bring(list, rows[place], 30);
    const first = bytes.find((byte) => Number(byte.dataset.field) === place);
    if (first) bring(grid, first, 0);
    light();
  };

  el.classList.add("fk", "fk-packet");
  if (model.get("asks")) el.append(questionBar(model));
  el.append(noticeBox(model), said, make("div", { className: "fk-halves" }, grid, list), byteEditor(model));
  follow(model, ["fields", "query", "reply"], draw);
  model.on("change:value", choose);
  requestAnimationFrame(choose);      // only now is everything in its place, so that it can be scrolled to
}

export default { render };
