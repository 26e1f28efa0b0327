// The same as tables: everybody at this step, and the course of the run. For screen readers, and for whoever likes numbers.
function show_tables() {
  const section = find("tables"), { run, step } = app;
  section.hidden = app.level < 2 || !run;
  if (section.hidden) return;
  const was_open = [...section.querySelectorAll("details")].map((one) => one.open);
  const part = (k, title, build) => {
    const details = make("details", { open: was_open[k] }, make("summary", { id: `table-${k}` }, title));
    const body = () => details.open && details.append(make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": title }, build()));
    if (was_open[k]) body();
    details.addEventListener("toggle", () => (details.querySelector(".scroll") ? null : body()));
    return details;
  };
  put(section, make("h3", {}, t("tables.title")), part(0, t("tables.people", { step }), () => people_table(run, step)),
    part(1, t("tables.course"), () => course_table(run)));
}

function people_table(run, step) {
  const { network } = run.settings, state = run.states[step];
  const rows = network.is_marginalized.map((is_marginalized, i) => [
    make("button", { class: "plain", onclick: () => select_person(i), "aria-label": t("tables.why", { n: i + 1 }) }, String(i + 1)),
    t(is_marginalized ? "group.b" : "group.a"), t(`word.${word_of(network, state, i)}`),
    ...(is_marginalized ? ["", "", "", number(state.trust[i])] : [number(state.sympathy[i]), number(state.loyalty[i]), number(state.stigma[i]), ""]),
    String(network.neighbours[i].length)]);
  return table("", ["person", "group", "act", "sympathy", "loyalty", "stigma", "trust", "ties"].map((name) => t(`column.${name}`)), rows, [3, 4, 5, 6, 7]);
}

const TOLD_MEASURES = ["ally_share", "token_share", "bystand_share", "oppose_share", "welcome_share", "gatekeep_share", "withdraw_share", "mean_trust", "private_support", "perceived_support"];

// Said only where it shows: rounded, these shares of a whole do not add up to 100.
function note_on_rounding(...wholes) {
  const adds_up = (shares) => shares.some(Number.isNaN) || shares.reduce((sum, share) => sum + Math.round(share * 100), 0) === 100;
  return !wholes.every(adds_up) && make("p", { class: "quiet rounded" }, t("rounded"));
}

// What both groups show, each as a whole; `share_of` gives the share of one measure.
const both_wholes = (share_of) => [SHOWN_STANCES, SHOWN_RESPONSES].map((words) => words.map((word) => share_of(`${word}_share`)));

function course_table(run) {
  const rows = run.states.map((_, step) => [String(step), ...TOLD_MEASURES.map((name) => percent(run.history[name][step]))]);
  const wholes = run.states.flatMap((_, step) => both_wholes((name) => run.history[name][step]));
  return [note_on_rounding(...wholes), table("", [t("column.step"), ...TOLD_MEASURES.map((name) => t(`measure.${name}`))], rows, [...TOLD_MEASURES.keys()].map((k) => k + 1))];
}
