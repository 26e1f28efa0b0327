// The page as a whole: what is chosen, what was run, and what is unfolded so far.
const app = {
  level: 0, setup: setup_of_scene(FIRST_SCENE), run: null, other: null, many: null, kept: null, ghost: null, branch: null,
  step: 0, person: null, guess: { share: null, curve: null }, asked: null, control: null, working: false, playing: null, tried: new Map(), revealed: false,
};
const is_calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const is_narrow = () => matchMedia("(max-width: 860px)").matches;
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
  put(find("notice"), ...(key ? [make("p", {}, t(key)), make("button", { onclick: () => notice(null) }, t("close"))] : []));
}

function begin_work(text) {
  app.working = true;
  find("working").textContent = text;
  for (const id of ["run", "run-below", "second", "run-many"]) find(id)?.setAttribute("disabled", "");
}

function end_work() {
  app.working = false;
  find("working").textContent = "";
  show_everything();
}

// --- choosing ------------------------------------------------------------------------------------------------

function open_setup(setup, more = {}) {
  stop_playing();
  Object.assign(app, { setup, run: null, other: null, many: null, kept: null, ghost: null, branch: null, person: null, tried: new Map(), revealed: false });
  app.guess = { share: more.guess ?? null, curve: more.curve ?? null };
  app.step = 0;
  show_everything();
  keep_link();
}

function open_scene(name) {
  open_setup(name === SANDBOX ? sandbox_from(app.setup) : setup_of_scene(name));
  find("main").focus({ preventScroll: true });
  scrollTo({ top: 0, behavior: is_calm() ? "auto" : "smooth" });
  say(find("question").textContent);
}

// Another setup for the next run: what was run stays on the stage until then.
function change_setup(setup) {
  stop_playing();
  Object.assign(app, { setup, many: null });
  if (setup.scene === SANDBOX) app.tried.clear();
  app.guess = { share: null, curve: null };
  show_everything();
  keep_link();
}

function change_scene_value(value) {
  const { seed, start_seed } = app.setup;
  change_setup({ ...setup_of_scene(app.setup.scene, value), seed, start_seed });
}

function change_sandbox(change) {
  const setup = structuredClone(app.setup), focused = document.activeElement?.id;
  change(setup);
  if (!STANCES.some((stance) => setup.parameters[`${stance}_allowed`])) {
    show_sandbox();
    return notice("notice.stances");
  }
  change_setup(setup);
  if (focused) find(focused)?.focus();
}

// --- running -------------------------------------------------------------------------------------------------

async function run_setup(then_play = true) {
  if (app.playing) return show_end();
  if (app.working) return;
  const { setup } = app;
  begin_work(t("working"));
  await breath();
  notice(null);
  try {
    const run = record(settings_of(setup), setup.steps);
    Object.assign(app, { run: { ...run, setup }, other: null, ghost: app.kept, branch: null, step: 0, revealed: false, person: null });
  } catch (problem) {
    end_work();
    if (problem instanceof Clash) return notice("notice.clash");
    throw problem;
  }
  app.level = Math.max(app.level, 1);
  end_work();
  if (!then_play) return show_end();
  is_calm() ? show_end() : play();
  show_stage();
}

// Where there is one column, the network and what follows it fill the screen; beside it, nothing moves that can be seen.
function show_stage() {
  find("network").scrollIntoView({ block: is_narrow() ? "start" : "nearest", behavior: is_calm() ? "auto" : "smooth" });
}

function play() {
  if (app.step >= app.setup.steps) app.step = 0;
  app.playing = setInterval(() => {
    if (app.step >= app.run.states.length - 1) return show_end();
    go_to(app.step + 1);
  }, STEP_TIME);
  show_buttons();
}

function stop_playing() {
  clearInterval(app.playing);
  app.playing = null;
  show_buttons();
}

function show_end() {
  stop_playing();
  app.revealed = true;
  app.step = app.run.states.length - 1;
  show_everything();
  keep_link();
  say(`${t(`regime.${regime_of(app.run.history)}`)} ${told_of_group_a(app.run)} ${told_of_group_b(app.run)}`);
}

async function run_second() {
  begin_work(t("working"));
  await breath();
  app.other = record(settings_of(app.run.setup, 1), app.run.setup.steps);
  app.level = 2;
  end_work();
  move_to("luck");
  say(find("luck").querySelector(".big").textContent);
}

// Goes on from the step on the stage under the setup as it is now, with the same luck.
function run_branch() {
  const { run, setup, step } = app, changes = { parameters: setup.parameters, interventions: setup.interventions };
  const made = branch(run, step, changes, setup.steps - step);
  Object.assign(app, { ghost: { run }, run: { ...made, setup }, other: null, many: null, revealed: true });
  app.branch = setup.scene === SANDBOX ? null : { step, value: setup.value, from: run.setup.value };
  app.step = setup.steps;
  app.level = 2;
  show_everything();
  keep_link();
  say(t("branch.done", { step }));
}

async function branch_with_person(person, act) {
  const setup = sandbox_from(app.run.setup), old = app.run;
  setup.interventions.push(intervention_from({ kind: "scene", people: [person], group: "advantaged", force: act, begin: app.step + 1 }));
  const step = app.step;
  Object.assign(app, { setup, kept: null, many: null, tried: new Map(), guess: { share: null, curve: null } }); // another question
  await run_setup(false);
  if (app.run === old) return;
  app.ghost = { run: old };
  app.step = Math.min(step + 1, setup.steps);
  app.person = person;
  show_everything();
}

// --- showing -------------------------------------------------------------------------------------------------

function go_to(step) {
  app.step = Math.max(0, Math.min(step, app.run.states.length - 1));
  show_step();
  show_charts();
}

function show_everything() {
  const { setup } = app;
  show_scenes();
  const in_sandbox = setup.scene === SANDBOX;
  find("question").textContent = in_sandbox ? t("sandbox.question") : t(`scene.${setup.scene}.question`);
  find("story").textContent = in_sandbox ? t("sandbox.how") : t(`scene.${setup.scene}.story`);
  show_control();
  show_predict();
  show_step();
  show_charts();
  show_buttons();
  show_result();
  show_luck();
  if (!app.working) show_many();
  show_puzzle();
  show_compare();
  show_tables();
  show_sandbox();
  show_export();
  find("unfold").hidden = app.level >= 2;
  find("foot").textContent = `${t("foot")} allyship-sim ${DATA.version} (${DATA.digest}).`;
}

function show_scenes() {
  const nav = find("scenes");
  nav.classList.toggle("waiting", app.level < 1); // it keeps its room, so that nothing moves when it comes
  nav.setAttribute("aria-label", t("scenes.title"));
  put(nav, ...[...Object.keys(SCENES), SANDBOX].map((name) => make("button", {
    "aria-current": name === app.setup.scene ? "true" : null, "data-scene": name, onclick: () => open_scene(name),
  }, name === SANDBOX ? t("sandbox.title") : t(`scene.${name}.title`))));
  if (nav.scrollWidth > nav.clientWidth) nav.scrollLeft = nav.querySelector("[aria-current]").offsetLeft - 60;
}

// Made anew only where it would say something else: a run may end while somebody holds it.
function show_control() {
  const { setup } = app, box = find("control");
  if (app.control?.setup === setup && app.control.language === language) return;
  app.control = { setup, language };
  if (setup.scene === SANDBOX) return put(box, make("p", { class: "quiet" }, t("sandbox.below")));
  const { control } = SCENES[setup.scene], words = t(`scene.${setup.scene}.control`);
  const focused = document.activeElement?.id === "slider";
  if (control.kind === "choice") {
    const select = choose(control.values, setup.value, (kind) => (kind === "none" ? t("done.nothing") : name_of_intervention(kind)), (event) => change_scene_value(event.target.value));
    select.id = "slider";
    const sentence = setup.value === "none" ? "" : has_words(`about.${setup.value}`) ? t(`about.${setup.value}`) : DATA.interventions[setup.value].sentence;
    put(box, make("label", { for: "slider" }, words), select, make("p", { class: "quiet" }, sentence));
  } else {
    const value = make("output", { class: "value", for: "slider", id: "slider-value" }, number(setup.value, control.digits));
    const slider = make("input", { id: "slider", type: "range", min: control.low, max: control.high, step: control.step, value: setup.value, "aria-describedby": "slider-ends",
      oninput: (event) => (value.textContent = number(Number(event.target.value), control.digits)),
      onchange: (event) => change_scene_value(Math.round(Number(event.target.value) * 1e6) / 1e6) });
    put(box, make("label", { for: "slider" }, words, " ", value), slider,
      make("div", { class: "ends", id: "slider-ends" }, make("span", {}, t(`scene.${setup.scene}.low`)), make("span", {}, t(`scene.${setup.scene}.high`))));
  }
  if (focused) find("slider").focus();
}

function show_step() {
  const { run, step } = app, network = run ? run.settings.network : NETWORKS[app.setup.network];
  set_stage(network);
  const { state, crosses } = run ? { state: run.states[step], crosses: run.course.crosses } : opening();
  show_state(state, people_who_differ(step), crosses);
  show_legend(network, state, crosses);
  find("network").setAttribute("aria-label", t("stage.label", { n: network.n_people }));
  find("stage-title").textContent = t("stage.title", { step });
  if (run) {
    Object.assign(find("step"), { max: run.states.length - 1, value: step });
    find("step").setAttribute("aria-label", t("replay.step"));
    find("step-told").textContent = t("replay.told", { step, steps: run.states.length - 1 });
  }
  show_why();
}

// How everybody starts, shown before anything was run.
function opening() {
  const settings = settings_of(app.setup), world = new World(clashes(settings) ? { ...settings, interventions: [] } : settings);
  return { state: world.state, crosses: world.course.crosses };
}

function clashes(settings) {
  try {
    return !new World(settings);
  } catch (problem) {
    if (problem instanceof Clash) return true;
    throw problem;
  }
}

function people_who_differ(step) {
  const { run, ghost } = app;
  if (!run || !ghost || ghost.run.settings.network !== run.settings.network || !ghost.run.states[step]) return new Set();
  const before = ghost.run.states[step].act, now = run.states[step].act;
  return new Set([...now.keys()].filter((i) => now[i] !== before[i]));
}

function show_charts() {
  const { run, ghost, step } = app, section = find("charts");
  section.hidden = !run;
  if (!run) return;
  const { network } = run.settings;
  find("chart-a-title").textContent = t("chart.a", { n: network.n_advantaged });
  find("chart-b-title").textContent = t("chart.b", { n: network.n_marginalized });
  const fits = ghost && ghost.run.states.length === run.states.length ? ghost.run.history : null;
  const marks = run.course.interventions.filter((one) => one.begin > 0 && one.begin < run.states.length).map((one) => [one.begin, name_of_intervention(one.kind)]);
  const more = { step, ghost: fits, cut: run.branched, marks, shown: app.revealed ? Infinity : step };
  line_chart(find("chart-a"), CHART_A, run.history, { ...more, label: `${find("chart-a-title").textContent} ${app.revealed ? told_of_group_a(run) : ""}` });
  line_chart(find("chart-b"), CHART_B, run.history, { ...more, label: `${find("chart-b-title").textContent} ${app.revealed ? told_of_group_b(run) : ""}` });
}

function show_buttons() {
  const { run, playing } = app, replay = find("replay");
  find("run").textContent = playing ? t("run.end") : app.setup.scene === SANDBOX ? t("run.sandbox") : t("run");
  find("run").disabled = app.working;
  replay.hidden = !run;
  find("main").classList.toggle("playing", playing !== null);
  find("play").textContent = playing ? "❚❚" : "▶";
  find("play").setAttribute("aria-label", t(playing ? "pause" : "play"));
  find("branch")?.remove();
  const can_branch = run && !playing && run.setup !== app.setup && run.setup.scene === app.setup.scene && app.setup.scene !== SANDBOX && app.step > 0 && app.step < app.setup.steps;
  if (can_branch) find("run").after(make("button", { id: "branch", onclick: run_branch }, t("branch", { step: app.step })));
  if (!app.working) find("working").textContent = run && run.setup !== app.setup ? t("changed") : "";
}

// Before and after: one thing changed, the same luck, so that what differs is what the change did.
function show_compare() {
  const section = find("compare"), { run, ghost, kept } = app;
  section.hidden = app.level < 2 || !run || !app.revealed;
  if (section.hidden) return;
  const keep = make("button", { id: "keep", onclick: keep_run }, t(kept ? "compare.keep.again" : "compare.keep"));
  const parts = [make("h3", {}, t("compare.title")), make("p", {}, t(kept ? "compare.kept" : "compare.how"))];
  if (ghost && ghost.run !== run) parts.push(comparison(ghost.run, run));
  put(section, ...parts, make("div", { class: "row" }, keep, kept && make("button", { id: "forget", class: "plain", onclick: forget_run }, t("compare.forget"))));
}

const COMPARED = ["ally_share", "token_share", "bystand_share", "oppose_share", "welcome_share", "gatekeep_share", "withdraw_share", "mean_trust"];

function comparison(before, after) {
  const same_luck = ["seed", "start_seed", "network"].every((name) => before.settings[name] === after.settings[name]);
  const rows = COMPARED.map((name) => [`${t(COMPARED.indexOf(name) < 4 ? "group.a" : "group.b")}: ${t(`measure.${name}`)}`, percent(end_of(before, name)), percent(end_of(after, name)), points(end_of(after, name) - end_of(before, name))]);
  const differ = people_who_differ(app.step).size;
  return make("div", {}, table(t("compare.table"), ["", t("compare.before"), t("compare.after"), t("compare.difference")], rows, [1, 2, 3]), note_on_ends(before, after),
    make("p", {}, t(same_luck ? "compare.same" : "compare.other", { n: differ })), make("p", { class: "caveat" }, t("compare.one")));
}

function keep_run() {
  app.kept = app.ghost = { run: app.run };
  show_everything();
  say(t("compare.kept"));
  find("slider")?.focus();
}

function forget_run() {
  app.kept = app.ghost = null;
  show_everything();
  find("keep").focus();
}

function select_person(i) {
  const before = app.person;
  if (i !== null && !app.run) return say(t("why.first"));
  stop_playing();
  app.revealed = true;
  app.person = i;
  show_everything();
  if (i === null) return focus_person(before ?? 0);
  move_to("why", "nearest");
  say(find("why").querySelector("p").textContent);
}

// --- the address ---------------------------------------------------------------------------------------------

function current_link() {
  const more = { branch: app.branch && { step: app.branch.step, value: app.branch.value }, guess: app.guess.share, curve: app.guess.curve, step: app.run && app.step };
  return link_of(app.branch ? { ...app.setup, value: app.branch.from } : app.setup, more);
}

function keep_link() {
  try {
    history.replaceState(null, "", current_link());
  } catch { /* some viewers of files allow no address of their own: then the link is only in its field */ }
}

async function open_link() {
  if (!location.hash.startsWith("#") || location.hash === "#main" || location.hash.length < 2) return;
  try {
    const { setup, more, language: words } = read_link(location.hash);
    set_language(words);
    app.level = 2;
    open_setup(setup, more);
    if (clashes(settings_of(setup))) notice("notice.clash");
    if (more.step !== null || more.branch) {
      await run_setup(false);
      if (!app.run) return; // a clash, or other runs that are still being made
      if (more.branch) {
        app.step = more.branch.step;
        app.setup = { ...setup_of_scene(setup.scene, more.branch.value), seed: setup.seed, start_seed: setup.start_seed };
        run_branch();
      }
      if (more.step !== null) go_to(more.step);
      keep_link();
    }
  } catch (problem) {
    if (!(problem instanceof BadLink)) throw problem;
    notice(problem.message);
  }
}

function set_language(name) {
  language = name;
  find("language").value = name;
  translate_page();
  forget_words();
}

// --- the beginning -------------------------------------------------------------------------------------------

function begin() {
  put(find("language"), ...Object.keys(DATA.strings).map((name) => make("option", { value: name, lang: name }, DATA.strings[name].language_name)));
  find("language").onchange = (event) => {
    set_language(event.target.value);
    show_everything();
    keep_link();
  };
  find("run").onclick = () => run_setup();
  find("back").onclick = () => [stop_playing(), go_to(app.step - 1), show_buttons(), keep_link()];
  find("forward").onclick = () => [stop_playing(), go_to(app.step + 1), show_buttons(), keep_link()];
  find("play").onclick = () => (app.playing ? stop_playing() : play());
  find("step").oninput = (event) => [stop_playing(), go_to(Number(event.target.value)), show_buttons()];
  find("step").onchange = keep_link;
  find("open-help").onclick = show_help;
  find("projector").onclick = (event) => event.target.setAttribute("aria-pressed", document.documentElement.classList.toggle("projector"));
  find("unfold").onclick = () => [(app.level = 2), show_everything()];
  addEventListener("hashchange", open_link);
  addEventListener("error", () => notice("notice.error"));
  addEventListener("unhandledrejection", () => notice("notice.error"));
  find("network").onclick = select_nearest;
  const preferred = (navigator.language || "en").slice(0, 2);
  set_language(preferred in DATA.strings ? preferred : "en");
  show_everything();
  open_link();
}

window.allyship = { app, record, branch, outline, explain, settings_of, setup_of_scene, intervention_from, network_of, regime_of, MEASURES, NETWORKS, read_link, link_of };
begin();
