// A checkbox that reads as a switch, with its state in words.

function render({ model, el }) {
  const input = make("input", { type: "checkbox", role: "switch" });
  const state = make("span", { className: "fk-state", "aria-hidden": "true" });
  input.addEventListener("change", () => tell(model, "value", input.checked));
  el.classList.add("fk", "fk-toggle");
  el.append(make("label", {}, input, make("span", {}, model.get("label")), state), noticeBox(model));
  follow(model, ["value"], () => {
    input.checked = model.get("value");
    state.textContent = model.get(model.get("value") ? "on" : "off");
    input.setAttribute("aria-description", state.textContent);
  });
}

export default { render };
