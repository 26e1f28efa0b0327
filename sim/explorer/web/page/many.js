// Thirty runs with thirty lucks: the band, the prediction over it, and what the story claims.
const MANY = 30;

async function run_many() {
  if (app.working) return;
  const setup = app.setup, runs = [];
  const bar = make("progress", { max: MANY, value: 0, "aria-label": t("many.working") });
  begin_work(t("many.working"));
  find("many").hidden = false;
  put(find("many"), make("h3", {}, t("many.title")), bar);
  for (let luck = 0; luck < MANY; luck++) {
    if (app.setup !== setup) return end_work();
    runs.push(outline(settings_of(setup, luck), setup.steps));
    bar.value = luck + 1;
    await breath();
  }
  app.many = runs;
  app.solved = true;
  end_work();
  app.level = Math.max(app.level, 2);
  show_everything();
  move_to("many");
  say(t("many.done"));
}

function show_many() {
  const section = find("many");
  section.hidden = !app.many;
  if (!app.many) return;
  const name = watched(), word = WATCHED[name], ends = app.many.map((run) => at_the_end(run.history[name]));
  const sorted = ends.slice().sort((a, b) => a - b), [low, middle, high] = [0.1, 0.5, 0.9].map((share) => quantile(sorted, share));
  const chart_a = draw("svg", { class: "chart", role: "img" }), chart_b = draw("svg", { class: "chart", role: "img" });
  const values = { what: t(`watch.${word}`), low: percent(low), middle: percent(middle), high: percent(high) };
  const of_group_a = name !== "mean_trust";
  const guessed = { guess: app.guess.share, curve: app.guess.curve }, none = { guess: null, curve: null };
  const first = name === "expressed_support" ? { ally: band_of(app.many, "ally_share"), token: band_of(app.many, "token_share") } : { ally: band_of(app.many, "ally_share"), oppose: band_of(app.many, "oppose_share") };
  band_chart(chart_a, first, { ...(of_group_a ? guessed : none), label: t("many.chart.a") });
  band_chart(chart_b, { welcome: band_of(app.many, "welcome_share"), trust: band_of(app.many, "mean_trust") }, { ...(of_group_a ? none : guessed), label: t("many.chart.b") });
  put(section, make("h3", {}, t("many.title")), make("p", { class: "big" }, t(percent(low) === percent(high) ? "many.told.same" : "many.told", values)),
    make("p", {}, verdict_on_guess(low, high)),
    make("div", { class: "pair" }, make("figure", {}, make("figcaption", {}, t("many.chart.a")), chart_a),
      make("figure", {}, make("figcaption", {}, t("many.chart.b")), chart_b)),
    table(t("many.table"), [t("many.regime"), t("many.runs")], count_regimes(), [1]),
    make("p", { class: "caveat" }, t("caveat")));
}

function verdict_on_guess(low, high) {
  const share = app.guess.share;
  if (share === null) return t("guess.none");
  return t(share < low ? "guess.below" : share > high ? "guess.above" : "guess.within", { share: percent(share), low: percent(low), high: percent(high) });
}

function count_regimes() {
  const counts = {};
  for (const run of app.many) counts[regime_of(run.history)] = (counts[regime_of(run.history)] || 0) + 1;
  return Object.entries(counts).sort((a, b) => b[1] - a[1]).map(([name, count]) => [t(`regime.${name}`), String(count)]);
}

// The puzzle of a scene: open for thought from the start, its answer only after thirty runs.
function show_puzzle() {
  const section = find("puzzle"), { scene } = app.setup;
  section.hidden = scene === SANDBOX || app.level < 2 || !app.run;
  if (section.hidden) return;
  put(section, make("h3", {}, t("puzzle.title")), make("p", { class: "big" }, t(`scene.${scene}.puzzle`)),
    app.solved ? make("details", {}, make("summary", {}, t("puzzle.answer")), make("p", {}, t(`scene.${scene}.answer`)),
      make("p", { class: "caveat" }, t("puzzle.checked"))) : make("p", { class: "quiet" }, t("puzzle.locked")),
    next_scene());
}

function next_scene() {
  const names = Object.keys(SCENES), next = names[names.indexOf(app.setup.scene) + 1] || SANDBOX;
  return make("div", { class: "row" }, make("button", { id: "next-scene", onclick: () => open_scene(next) },
    t("puzzle.next", { title: next === SANDBOX ? t("sandbox.title") : t(`scene.${next}.title`) })));
}
