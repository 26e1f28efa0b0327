// The network on its stage: one shape per person, one tab stop for all, arrows to walk among them.
const stage = { svg: find("network"), network: null, people: [], words: [], at: 0 };

function set_stage(network) {
  if (stage.network === network) return;
  const size = Math.max(0.62, Math.min(1.5, 13 / Math.sqrt(network.n_people)));
  Object.assign(stage, { network, words: [], at: 0, size });
  const ties = [];
  network.neighbours.forEach((others, i) => others.forEach((j) => i < j && ties.push(line_between(network, i, j))));
  stage.near = draw("path", { class: "ties near" });
  stage.people = network.places.map(([x, y], i) => person_on_stage(network, i, x, y, size));
  put(stage.svg, draw("path", { class: "ties", d: ties.join("") }), stage.near, ...stage.people);
}

function line_between(network, i, j) {
  const [x, y] = network.places[i], [u, v] = network.places[j];
  return `M${x} ${y}L${u} ${v}`;
}

function person_on_stage(network, i, x, y, size) {
  const in_ring = network.is_marginalized[i];
  const group = draw("g", { class: "person", transform: `translate(${x} ${y}) scale(${size})`, tabindex: i === 0 ? 0 : -1, role: "button" },
    draw("circle", { class: "hit", r: 18 }), in_ring && draw("circle", { class: "ring", r: 13.5 }),
    draw("circle", { class: "focus", r: 17 }));
  group.addEventListener("click", (event) => {
    event.stopPropagation();
    select_person(i);
  });
  group.addEventListener("keydown", (event) => walk(event, i));
  return group;
}

// A finger beside a person means the nearest one, within reach.
function select_nearest(event) {
  const { x, y } = new DOMPoint(event.clientX, event.clientY).matrixTransform(stage.svg.getScreenCTM().inverse());
  const away = stage.network.places.map(([u, v]) => Math.hypot(u - x, v - y));
  const nearest = away.indexOf(Math.min(...away));
  if (away[nearest] < 60) select_person(nearest);
}

// Shows a state; `others` is a set of people who act differently from a run that this one is compared with.
function show_state(state, others = new Set(), crosses = []) {
  const network = stage.network;
  stage.people.forEach((group, i) => {
    const word = word_of(network, state, i);
    if (stage.words[i] !== word) {
      group.querySelector(".shape")?.remove();
      group.append(shape(word, network.is_marginalized[i] ? 0.8 : 1.1));
      group.setAttribute("aria-label", `${t("person.named", { n: i + 1 })}, ${t(network.is_marginalized[i] ? "group.b" : "group.a")}: ${t(`word.${word}`)}`);
      stage.words[i] = word;
    }
    const line = group.querySelector(".crosses");
    if (crosses[i] && !line) group.append(draw("path", { class: "crosses", d: "M-9 13.5H9" }));
    if (!crosses[i] && line) line.remove();
    const mark = group.querySelector(".other");
    if (others.has(i) && !mark) group.append(draw("circle", { class: "other", r: 18 }));
    if (!others.has(i) && mark) mark.remove();
  });
}

function forget_words() {
  stage.words = [];
}

function mark_person(i) {
  stage.people.forEach((group, j) => group.classList.toggle("selected", j === i));
  stage.near.setAttribute("d", i === null ? "" : stage.network.neighbours[i].map((j) => line_between(stage.network, i, j)).join(""));
}

function focus_person(i) {
  stage.people[stage.at].setAttribute("tabindex", -1);
  stage.at = i;
  stage.people[i].setAttribute("tabindex", 0);
  stage.people[i].focus();
}

const DIRECTIONS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

function walk(event, i) {
  if (event.key === "Enter" || event.key === " ") select_person(i);
  else if (event.key === "Home") focus_person(0);
  else if (event.key === "End") focus_person(stage.people.length - 1);
  else if (event.key in DIRECTIONS) focus_person(next_towards(i, DIRECTIONS[event.key]));
  else return;
  event.preventDefault();
}

// The nearest person in a direction; what lies aside counts double.
function next_towards(i, [dx, dy]) {
  const [x, y] = stage.network.places[i];
  let best = i, least = Infinity;
  stage.network.places.forEach(([u, v], j) => {
    const ahead = (u - x) * dx + (v - y) * dy, aside = Math.abs((u - x) * dy) + Math.abs((v - y) * dx);
    if (ahead > 0 && aside <= 2 * ahead && ahead + 2 * aside < least) [best, least] = [j, ahead + 2 * aside];
  });
  return best;
}
