// A question with its choices, a confidence and a button. Holds no rule of its own.

function render({ model, el }) {
  const name = freshId("prediction");
  const inputs = model.get("choices").map(([key]) => {
    const input = make("input", { type: "radio", name, value: key });
    input.addEventListener("change", () => tell(model, "choice", key));
    return input;
  });
  const slider = make("input", { type: "range", min: 0, max: 100, step: 10 });
  slider.addEventListener("input", () => tell(model, "confidence", Number(slider.value)));
  const sure = make("output", { className: "fk-value" });
  const fields = make("fieldset", {}, make("legend", {}, model.get("question")),
    ...inputs.map((input, place) => make("label", {}, input, make("span", {}, model.get("choices")[place][1]))),
    make("label", { className: "fk-confidence" }, "How sure are you?", slider, sure));
  const button = make("button", { type: "button" });
  button.addEventListener("click", () => tell(model, "committed", !model.get("committed")));
  const status = make("p", { role: "status" });
  el.classList.add("fk", "fk-prediction");
  el.append(fields, button, status, noticeBox(model));

  follow(model, ["choice", "confidence", "committed", "status"], () => {
    const committed = model.get("committed");
    for (const input of inputs) input.checked = input.value === model.get("choice");
    slider.value = model.get("confidence");
    slider.setAttribute("aria-valuetext", `${model.get("confidence")} per cent`);
    sure.textContent = `${model.get("confidence")} %`;
    fields.disabled = committed;
    button.disabled = !committed && !model.get("choice");
    button.textContent = committed ? "Think again" : "Commit";
    status.textContent = model.get("status");
  });
}

export default { render };
