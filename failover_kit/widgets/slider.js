// A labelled <input type="range">. With `values`, the input counts their places and `aria-valuetext` says the value.

function render({ model, el }) {
  const id = freshId("slider");
  const values = model.get("values");
  const words = (place) => {
    const value = values.length ? values[place] : Number(place);
    return model.get("labels")[place] ?? `${inFigures(value)} ${model.get("unit")}`.trim();
  };
  const input = make("input", { type: "range", id });
  const output = make("output", { className: "fk-value" });
  output.htmlFor = id;
  const [low, high, step] = values.length ? [0, values.length - 1, 1] : ["min", "max", "step"].map((key) => model.get(key));
  Object.assign(input, { min: low, max: high, step });
  const end = (place) => make("span", { className: "fk-end", "aria-hidden": "true" }, words(place));

  el.classList.add("fk", "fk-slider");
  el.append(
    make("div", { className: "fk-slider-head" }, make("label", { htmlFor: id }, model.get("label")), output),
    make("div", { className: "fk-slider-track" }, end(low), input, end(high)),
    noticeBox(model),
  );

  const show = () => {
    output.textContent = words(input.value);
    input.setAttribute("aria-valuetext", words(input.value));
  };
  const send = () => tell(model, "value", values.length ? values[input.value] : Number(input.value));
  input.addEventListener("input", () => {
    show();
    if (model.get("continuous")) send();
  });
  input.addEventListener("change", send);
  follow(model, ["value"], () => {
    const value = model.get("value");
    input.value = values.length ? values.indexOf(value) : value;
    show();
  });
}

export default { render };
