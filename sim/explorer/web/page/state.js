// What is chosen, what was run, and what is unfolded so far; and what the page says about it.

// What was run thirty times in a scene, with the same people and luck: there again for whoever comes back to it.
const TRIED = new Map();

function tried_in({ scene, seed, start_seed }) {
  const key = [scene, seed, start_seed].join();
  if (scene === SANDBOX || !TRIED.has(key)) TRIED.set(key, new Map());
  return TRIED.get(key);
}

const app = { level: 0, asked: null, control: null, working: false, playing: null, ...afresh(setup_of_scene(FIRST_SCENE)) };

// Another question: nothing run, nothing predicted, nothing to compare with.
function afresh(setup) {
  return { setup, run: null, other: null, many: null, kept: null, ghost: null, step: 0, person: null, guess: { share: null, curve: null }, tried: tried_in(setup), revealed: false };
}

const is_calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const NARROW_PAGE = matchMedia("(max-width: 860px), (max-height: 480px)");
const is_narrow = () => NARROW_PAGE.matches;
const breath = () => new Promise((done) => setTimeout(done));
const STEP_TIME = 55;

function say(text) {
  find("told").textContent = text;
}

// Brings a part of the page into view, and the keyboard with it.
function move_to(id, block = "start") {
  find(id).focus({ preventScroll: true });
  find(id).scrollIntoView({ block, behavior: is_calm() ? "auto" : "smooth" });
}

function notice(key) {
  find("notice").hidden = !key;
  put(find("notice"), ...(key ? [make("p", {}, t(key)), make("button", { onclick: () => [notice(null), find("main").focus({ preventScroll: true })] }, t("close"))] : []));
}

function begin_work(text) {
  if (app.playing) stand_at(app.step);
  app.working = true;
  find("working").textContent = text;
  show_working();
}

// While runs are made, no button makes others.
function show_working() {
  if (!app.working) return;
  for (const button of document.querySelectorAll("#run, #run-below, #branch, #second, #run-many, [data-act]")) button.disabled = true;
}

function end_work() {
  app.working = false;
  find("working").textContent = "";
  show_everything();
}
