// A polite live region.

function render({ model, el }) {
  const words = make("p", { role: "status" });
  el.classList.add("fk", "fk-note");
  el.append(words);
  follow(model, ["text"], () => { words.textContent = model.get("text"); });
}

export default { render };
