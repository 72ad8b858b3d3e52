// Asks how the vote stands once a second, and draws it. The key comes behind the # of the address, and leaves the address
// bar at once, since the page is projected.

const PAUSE = 1000;      // ms
const SVG = "http://www.w3.org/2000/svg";
const part = (id) => document.getElementById(id);

const given = new URLSearchParams(location.hash.slice(1)).get("key");
if (given) {
  sessionStorage.setItem("key", given);
  history.replaceState(null, "", location.pathname);
}
const headers = { "X-Presenter-Key": sessionStorage.getItem("key") ?? "" };

function make(tag, properties = {}, ...children) {
  const node = Object.assign(document.createElement(tag), properties);
  node.append(...children);
  return node;
}

function draw(tag, attributes, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.append(...children);
  return node;
}

// A bar that is `share` of its row. The latest vote has stripes, so that it needs no colour to be told from the first.
function bar(isFirst, share) {
  return draw("svg", { "aria-hidden": "true" }, draw("rect", { width: `${100 * share}%`, height: "100%",
    ...(isFirst ? { class: "first" } : { fill: "url(#stripes)" }) }));
}

const pressed = (id) => part(id).getAttribute("aria-pressed") === "true";
let state = null;

// The first vote, and the latest one if there is another. Rounds that nobody started count once somebody votes in them.
function shownRounds() {
  const begun = state.rounds.filter((round, index) => !index || round.votes || state.can_go_on !== null);
  return begun.length > 1 ? [begun[0], begun.at(-1)] : begun;
}

function row(round, isFirst, key, isAlone) {
  const share = round.votes ? round.counts[key] / round.votes : 0;
  const count = make("b", {}, `${round.counts[key]} (${Math.round(100 * share)} %)`);
  return make("div", { className: "row" }, ...(isAlone ? [] : [make("span", {}, round.name)]), bar(isFirst, share), count);
}

function showChoices() {
  const rounds = shownRounds();
  part("choices").className = rounds.length > 1 ? "rounds" : "";
  part("choices").replaceChildren(...state.choices.map(({ key, text }, place) => {
    const isRight = pressed("right") && key === state.answer;
    const line = make("li", { className: isRight ? "right" : "" }, make("span", { className: "letter" },
      `${"ABCDEF"[place]}.`), text);
    if (isRight) line.append(make("span", { className: "verdict" }, "✓ right"));
    if (pressed("results")) line.append(...rounds.map((round, index) => row(round, !index, key, rounds.length === 1)));
    return line;
  }));
}

function show() {
  part("question").textContent = state.text;
  document.title = `Vote: ${state.question}`;
  const rounds = shownRounds();
  const sure = rounds.at(-1).confidence;
  const turnout = rounds.map(({ name, votes }) => `${name}: ${votes} ${votes === 1 ? "answer" : "answers"}`).join(". ")
    + (sure !== null && pressed("results") ? `. On average ${Math.round(sure)} % sure.` : ".");
  if (part("turnout").textContent !== turnout) part("turnout").textContent = turnout;
  part("notes").textContent = state.notes.join(" ");
  part("controls").hidden = false;
  part("round").hidden = state.can_go_on === null;
  part("round").disabled = !state.can_go_on;
  showChoices();
}

let before = "";
async function ask(method, path) {
  try {
    const reply = await fetch(path, { method, headers });
    const content = await reply.json();
    if (!reply.ok) throw new Error(content.error);
    if (JSON.stringify(content) !== before) {
      before = JSON.stringify(content);
      state = content;
      show();
    }
  } catch (fault) {
    before = "";
    part("notes").textContent = fault instanceof TypeError ? "The vote has ended, or its program cannot be reached." : fault.message;
  }
}

for (const id of ["results", "right"]) {
  part(id).addEventListener("click", () => {
    part(id).setAttribute("aria-pressed", String(!pressed(id)));
    show();
  });
}
part("round").addEventListener("click", () => ask("POST", "round"));

async function follow() {
  await ask("GET", "votes");
  setTimeout(follow, PAUSE);
}
follow();
