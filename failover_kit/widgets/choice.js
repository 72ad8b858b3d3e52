// Radio buttons in a fieldset, or a labelled <select>.

function radios(model) {
  const name = freshId("choice");
  const inputs = model.get("shown").map((_, place) => {
    const input = make("input", { type: "radio", name, value: place });
    input.addEventListener("change", () => tell(model, "index", place));
    return input;
  });
  follow(model, ["index"], () => { inputs[model.get("index")].checked = true; });
  return make("fieldset", {}, make("legend", {}, model.get("label")),
    ...inputs.map((input, place) => make("label", {}, input, ` ${model.get("shown")[place]}`)));
}

function list(model) {
  const id = freshId("choice");
  const select = make("select", { id }, ...model.get("shown").map((text) => make("option", {}, text)));
  select.addEventListener("change", () => tell(model, "index", select.selectedIndex));
  follow(model, ["index"], () => { select.selectedIndex = model.get("index"); });
  return make("div", { className: "fk-list" }, make("label", { htmlFor: id }, model.get("label")), select);
}

function render({ model, el }) {
  el.classList.add("fk", "fk-choice");
  el.append(model.get("as_list") ? list(model) : radios(model), noticeBox(model));
}

export default { render };
