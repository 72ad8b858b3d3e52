// Shows the SVG that Python drew, and says aloud which of its sentences are new.

function render({ model, el }) {
  const picture = make("div");
  const news = make("p", { className: "fk-heard-only", role: "status" });
  el.classList.add("fk", "fk-picture");
  el.append(picture, description(model, "picture"), news, noticeBox(model));

  const sentences = () => model.get("alt").split(/(?<=[.]) /);
  let known = sentences();
  follow(model, ["svg"], () => {
    picture.innerHTML = model.get("svg");
    news.textContent = sentences().filter((sentence) => !known.includes(sentence)).join(" ");
    known = sentences();
  });
}

export default { render };
