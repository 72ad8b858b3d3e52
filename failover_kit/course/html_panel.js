// Shows the HTML that the kernel has written, and reads it out when it changes.

function render({ model, el }) {
  const body = make("div", { "aria-live": "polite" });
  el.classList.add("fk", "fk-html-panel");
  el.append(body, noticeBox(model));
  follow(model, ["html"], () => { body.innerHTML = model.get("html"); });
}

export default { render };
