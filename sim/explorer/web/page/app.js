// The page as a whole: showing what there is, and the beginning.
function go_to(step) {
  if (step >= last_step()) return show_end();
  app.step = Math.max(0, step);
  show_step();
  show_charts();
  if (!app.playing) [show_buttons(), show_tables()];
  show_working();
  keep_keyboard();
}

function stand_at(step) {
  stop_playing();
  go_to(step);
  keep_link();
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
  show_working();
  keep_keyboard();
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
    Object.assign(find("step"), { max: last_step(), value: step });
    find("step").setAttribute("aria-label", t("replay.step"));
    find("step-told").textContent = t("replay.told", { step, steps: last_step() });
  }
  show_differing();
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

function show_charts() {
  const { run, ghost, step } = app, section = find("charts");
  section.hidden = !run;
  if (!run) return;
  const { network } = run.settings;
  find("chart-a-title").textContent = t("chart.a", { n: network.n_advantaged });
  find("chart-b-title").textContent = t("chart.b", { n: network.n_marginalized });
  const fits = ghost && ghost.run.states.length === run.states.length ? ghost.run.history : null;
  const marks = run.course.interventions.filter((one) => one.begin > 0 && one.begin < run.states.length).map((one) => [one.begin, name_of_intervention(one.kind)]);
  const more = { step, ghost: fits, cut: run.branched, marks, shown: app.revealed ? Infinity : step, size: is_narrow() ? NARROW : BESIDE };
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
  if (can_branch()) find("run").after(make("button", { id: "branch", onclick: run_branch }, t("branch", { step: app.step })));
  if (!app.working) find("working").textContent = run && run.setup !== app.setup ? t("changed") : "";
}

function select_person(i) {
  const before = app.person;
  if (i !== null && !app.run) return say(t("why.first"));
  stop_playing();
  app.revealed = true;
  app.person = i;
  show_everything();
  keep_link();
  if (i === null) return focus_person(before ?? 0);
  move_to("why", "nearest");
  say(find("why").querySelector("p").textContent);
}

function begin() {
  put(find("language"), ...Object.keys(DATA.strings).map((name) => make("option", { value: name, lang: name }, DATA.strings[name].language_name)));
  find("language").onchange = (event) => {
    set_language(event.target.value);
    show_everything();
    keep_link();
  };
  find("run").onclick = () => run_setup();
  document.querySelector(".skip").onclick = (event) => [event.preventDefault(), move_to("main")]; // no place to go back from
  find("back").onclick = () => stand_at(app.step - 1);
  find("forward").onclick = () => stand_at(app.step + 1);
  find("play").onclick = () => (app.playing ? stand_at(app.step) : play());
  find("step").oninput = (event) => [stop_playing(), go_to(Number(event.target.value))];
  find("step").onchange = keep_link;
  find("open-help").onclick = show_help;
  find("projector").onclick = (event) => event.target.setAttribute("aria-pressed", document.documentElement.classList.toggle("projector"));
  find("unfold").onclick = () => [(app.level = 2), show_everything(), say(t("unfolded"))];
  order_cards();
  NARROW_PAGE.addEventListener("change", () => [order_cards(), show_charts()]);
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
