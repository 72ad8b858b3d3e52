// A button that waits for the answer to one press before it takes the next.

function render({ model, el }) {
  const button = make("button", { type: "button" }, model.get("label"));
  const busy = (state) => {
    button.setAttribute("aria-disabled", state);
    button.textContent = state ? `${model.get("label")} …` : model.get("label");
  };
  button.addEventListener("click", () => {
    if (button.getAttribute("aria-disabled") === "true") return;
    busy(true);
    model.send({ kind: "press" });
  });
  model.on("change:label", () => busy(false));
  model.on("change:presses", () => busy(false));
  el.classList.add("fk", "fk-button");
  el.append(button, noticeBox(model));
}

export default { render };
