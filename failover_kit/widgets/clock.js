// Play or stop, one tick, back to zero; and what the clock says.

function render({ model, el }) {
  const button = (words, press) => {
    const node = make("button", { type: "button" }, words);
    node.addEventListener("click", press);
    return node;
  };
  const play = button("Play", () => tell(model, "playing", !model.get("playing")));
  const time = make("span", { className: "fk-value" });
  el.classList.add("fk", "fk-clock");
  el.append(
    make("div", { className: "fk-bar", role: "group", "aria-label": model.get("label") },
      make("span", {}, model.get("label")), play, button("One step", () => model.send({ kind: "step" })),
      button("Reset", () => model.send({ kind: "reset" })), time),
    noticeBox(model),
  );
  follow(model, ["playing"], () => { play.textContent = model.get("playing") ? "Stop" : "Play"; });
  follow(model, ["value"], () => {
    time.textContent = `${inFigures(model.get("value") * model.get("each"))} ${model.get("unit")}`.trim();
  });
}

export default { render };
