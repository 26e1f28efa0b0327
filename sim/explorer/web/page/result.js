// What came out, for both groups always, and no conclusion before two lucks.
const end_of = (run, name) => at_the_end(run.history[name]);

function show_result() {
  const { run, other } = app;
  find("result").hidden = !run || !app.revealed;
  if (!run || !app.revealed) return;
  const regime = regime_of(run.history);
  put(find("result-body"),
    make("p", { class: "big" }, t(`regime.${regime}`)),
    make("p", {}, told_of_group_a(run)), make("p", {}, told_of_group_b(run)), note_on_ends(run), notes_on_late(run.setup),
    !other && make("p", { class: "quiet" }, t(run.branched ? "result.branched" : "result.one.luck", { step: run.branched }),
      run.branched && app.ghost?.run === run.before && ` ${t("result.before")}`),
    !other && !run.branched && make("button", { id: "second", onclick: run_second }, t("result.second")),
    app.level >= 2 && !other && !run.branched && run_many_button(),
    other && make("p", {}, make("a", { href: "#luck", onclick: (event) => jump(event, "luck") }, t("result.see.luck"))),
    run.setup.scene !== SANDBOX && make("p", { class: "quiet again" }, t("try.again")));
}

// It stays where it is when it can do nothing: the slider may lie below it.
const run_many_button = () =>
  make("button", { id: "run-many", onclick: run_many, disabled: app.many !== null || app.run.setup !== app.setup }, t("many.run"));

// The shares of what a group shows at the end, the largest first, those of nobody left out.
function told_of_shares(run, words) {
  const shares = words.map((word) => [word, end_of(run, `${word}_share`)]).filter(([, share]) => share >= 0.005);
  return and_list(shares.sort((a, b) => b[1] - a[1]).map(([word, share]) => t(`told.${word}`, { share: percent(share) })));
}

function told_of_group_a(run) {
  const steps = tail_length(run.history.ally_share);
  return t("told.a", { shares: told_of_shares(run, SHOWN_STANCES), private: percent(end_of(run, "private_support")), steps });
}

function told_of_group_b(run) {
  return t("told.b", { shares: told_of_shares(run, SHOWN_RESPONSES), trust: percent(end_of(run, "mean_trust")), first: percent(run.history.mean_trust[0]) });
}

const told_of_end = (run) => `${t(`regime.${regime_of(run.history)}`)} ${told_of_group_a(run)} ${told_of_group_b(run)}`;

const note_on_ends = (...runs) => note_on_rounding(...runs.flatMap((run) => both_wholes((name) => end_of(run, name))));

// In one column the result comes before the next attempt; beside the stage the button to run stays where it is.
function order_cards() {
  const attempt = find("try"), result = find("result");
  is_narrow() ? attempt.before(result) : attempt.after(result);
  keep_keyboard();
}

function jump(event, id) {
  event.preventDefault();
  find(id).scrollIntoView({ behavior: is_calm() ? "auto" : "smooth" });
}

// Two lucks side by side: first whether they agree, then what each came to.
function show_luck() {
  const { run, other } = app, section = find("luck");
  section.hidden = !run || !other;
  if (section.hidden) return;
  const is_near = (name) => Math.abs(end_of(run, name) - end_of(other, name)) < GAP; // as within one heap of thirty runs
  const same = regime_of(run.history) === regime_of(other.history) && ["ally_share", watched()].every(is_near);
  const chart = (one, k, columns, label) => {
    const svg = draw("svg", { class: "chart", role: "img" });
    line_chart(svg, columns, one.history, { step: one.states.length - 1, label: t(label, { n: k + 1 }) });
    return svg;
  };
  const charts = [run, other].map((one, k) => make("figure", {}, make("figcaption", {}, t("luck.named", { n: k + 1, seed: one.settings.seed })),
    make("p", {}, t(`regime.${regime_of(one.history)}`)),
    chart(one, k, CHART_A, "luck.chart"), make("p", { class: "quiet" }, told_of_group_a(one)),
    chart(one, k, CHART_B, "luck.chart.b"), make("p", { class: "quiet" }, told_of_group_b(one))));
  put(section, make("h3", {}, t("luck.title")), make("p", { class: "big" }, t(same ? "luck.same" : "luck.differ")),
    make("div", { class: "pair" }, charts), note_on_ends(run, other),
    make("div", { class: "row" }, run_many_button()));
}
