// Thirty runs with thirty lucks: every run as a line, the prediction over them, and how many ended how.
const MANY = 30;

async function run_many() {
  const { setup } = app, runs = await make_runs(t("many.working"), () => thirty_of(setup));
  if (!runs || app.setup !== setup) return;
  app.many = runs;
  app.tried.set(setup.value, { setup, runs });
  app.level = Math.max(app.level, 2);
  show_everything();
  move_to("many");
  say(t("many.done"));
}

// No more of them once another setup is chosen.
async function thirty_of(setup) {
  const runs = [];
  const bar = make("progress", { max: MANY, value: 0, "aria-label": t("many.working") });
  find("many").hidden = false;
  put(find("many"), make("h3", {}, t("many.title")), bar);
  for (let luck = 0; luck < MANY && app.setup === setup; luck++) {
    runs.push(outline(settings_of(setup, luck), setup.steps));
    bar.value = luck + 1;
    await breath();
  }
  return runs;
}

const ends_of = (runs, name) => runs.map((run) => at_the_end(run.history[name]));

// The middle of shares, and where eight of ten lie.
function spread_of(shares) {
  const sorted = shares.slice().sort((a, b) => a - b);
  const [low, middle, high] = [0.1, 0.5, 0.9].map((share) => quantile(sorted, share));
  return { low, middle, high };
}

function show_many() {
  const section = find("many"), { many, setup } = app;
  section.hidden = !many;
  if (!many) return;
  const name = watched(), ends = ends_of(many, name), band = spread_of(ends);
  put(section, make("h3", {}, t("many.title")), setup.scene !== SANDBOX && make("p", { class: "quiet" }, `${t(`scene.${setup.scene}.control`)} ${place_of(setup)}`),
    make("p", { class: "big" }, told_of_many(name, ends, band)), make("p", { class: "verdict" }, verdict_on_guess(ends, band)),
    make("div", { class: "pair" }, figure_of_many(name === "mean_trust" ? "ally_share" : name), figure_of_many("mean_trust")),
    table(t("many.table"), [t("many.regime"), t("many.runs"), t("measure.ally_share"), t("word.trust")], rows_of_regimes(many), [1, 2, 3]),
    make("p", { class: "caveat" }, t("caveat")));
}

function told_of_many(name, ends, { low, middle, high }) {
  const values = { what: t(`watch.${WATCHED[name]}`), low: percent(low), middle: percent(middle), high: percent(high) };
  if (values.low === values.high) return t("many.told.same", values);
  return `${t("many.told", values)} ${t("many.near", { n: count_near(ends, middle) })} ${told_of_heaps(ends)}`;
}

function figure_of_many(name) {
  const is_watched = name === watched(), word = name === "mean_trust" ? "trust" : "ally", svg = draw("svg", { class: "chart", role: "img" });
  const label = t("many.chart", { what: t(`watch.${WATCHED[name]}`) });
  const { share, curve } = is_watched ? app.guess : { share: null, curve: null };
  runs_chart(svg, app.many.map((run) => run.history[name]), word, t(name === "expressed_support" ? "word.support" : `word.${word}`), { guess: share, curve, label });
  return make("figure", {}, make("figcaption", {}, label), svg);
}

// Pairs of a regime and its runs, the most frequent first.
function by_regime(runs) {
  const found = new Map();
  for (const run of runs) {
    const name = regime_of(run.history);
    found.set(name, [...(found.get(name) || []), run]);
  }
  return [...found].sort((a, b) => b[1].length - a[1].length);
}

function rows_of_regimes(runs) {
  return by_regime(runs).map(([name, those]) => [t(`short.${name}`), String(those.length),
    ...["ally_share", "mean_trust"].map((measure) => percent(spread_of(ends_of(those, measure)).middle))]);
}
