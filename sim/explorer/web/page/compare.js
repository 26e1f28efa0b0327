// Before and after: one thing changed, the same luck, so that what differs is what the change did.
function people_who_differ(step) {
  const { run, ghost } = app;
  if (!run || !ghost || ghost.run.settings.network !== run.settings.network || !ghost.run.states[step]) return new Set();
  const before = ghost.run.states[step].act, now = run.states[step].act;
  return new Set([...now.keys()].filter((i) => now[i] !== before[i]));
}

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
  return make("div", {}, table(t("compare.table"), ["", t("compare.before"), t("compare.after"), t("compare.difference")], rows, [1, 2, 3]), note_on_ends(before, after),
    make("p", {}, t(same_luck ? "compare.same" : "compare.other"), " ", make("span", { id: "differing" }, told_of_differing(before, after))), make("p", { class: "caveat" }, t("compare.one")));
}

// Counted person by person, where there is somebody to compare each with.
function told_of_differing(before, after) {
  if (before.settings.network !== after.settings.network) return t("compare.network");
  return before.states[app.step] ? t("compare.differ", { n: people_who_differ(app.step).size }) : t("compare.over");
}

function show_differing() {
  const told = find("differing"), { run, ghost } = app;
  if (told && run && ghost) told.textContent = told_of_differing(ghost.run, run);
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
