// A native progress bar. A screen reader hears each quarter, not each percent.

function render({ model, el }) {
  const id = freshId("progress");
  const bar = make("progress", { id, max: 1 });
  const words = make("span", { className: "fk-value" });
  const heard = make("p", { className: "fk-heard-only", role: "status" });
  el.classList.add("fk", "fk-progress");
  el.append(make("label", { htmlFor: id }, model.get("label")), bar, words, heard);

  let quarter = 0;
  follow(model, ["fraction", "text"], () => {
    bar.value = model.get("fraction");
    words.textContent = model.get("text");
    const now = Math.floor(bar.value * 4);
    if (now !== quarter || model.get("text").startsWith("stopped")) heard.textContent = `${model.get("label")}: ${model.get("text")}`;
    quarter = now;
  });
}

export default { render };
