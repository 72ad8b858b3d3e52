// A stack of cards: the question, then on request the answer, then two buttons. The kernel keeps the schedule.

function render({ model, el }) {
  const count = make("p", { className: "fk-count" });
  const front = make("p", { className: "fk-front" });
  const back = make("p", { "aria-live": "polite" });
  const bar = make("div", { className: "fk-bar" });
  el.classList.add("fk", "fk-cards");
  el.append(count, front, back, bar, noticeBox(model));

  const press = (text, event) => {
    const button = make("button", { type: "button" }, text);
    button.addEventListener("click", () => model.send({ event }));
    return button;
  };
  follow(model, ["count", "front", "back", "stage"], () => {
    const hadFocus = bar.contains(document.activeElement);
    count.textContent = model.get("count");
    front.textContent = model.get("front");
    back.textContent = model.get("back");
    bar.replaceChildren(...{
      asking: [press("Show the answer", "turn")],
      shown: [press("I knew it", "knew"), press("I did not", "forgot")],
      done: [],
    }[model.get("stage")]);
    if (hadFocus) bar.firstChild?.focus();   // the pressed button is gone: the keyboard goes on from here
  });
}

export default { render };
