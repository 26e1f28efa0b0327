// All numbers of the model, as the parameter table declares them: name, meaning, range, default, source.
function show_sandbox() {
  const section = find("sandbox");
  section.hidden = app.level < 2;
  if (section.hidden) return;
  if (app.setup.scene !== SANDBOX) {
    const changed = changed_knobs(app.setup.parameters);
    put(section, make("h3", {}, t("sandbox.title")), make("p", {}, t("sandbox.story")),
      make("details", { open: section.querySelector("details:not([data-mechanism])")?.open }, make("summary", { id: "scene-sets" }, t("sandbox.scene.sets", { n: changed.length })), knob_list(changed)),
      make("button", { id: "open-sandbox", onclick: () => [open_setup(sandbox_from(app.setup)), say(t("sandbox.story"))] }, t("sandbox.open")));
    return;
  }
  const open = new Set([...section.querySelectorAll("details[open]")].map((one) => one.dataset.mechanism));
  const mechanisms = [...new Set(DATA.knobs.map((knob) => knob.mechanism))];
  put(section, make("h3", {}, t("sandbox.title")), make("p", {}, t("sandbox.how")), run_form(), intervention_form(),
    make("div", { class: "mechanisms" }, mechanisms.map((mechanism) => make("details", { "data-mechanism": mechanism, open: open.has(mechanism) },
      make("summary", {}, mechanism_words(mechanism)),
      make("div", { class: "knobs" }, DATA.knobs.filter((knob) => knob.mechanism === mechanism).map(knob_control))))),
    make("button", { id: "run-below", class: "main", onclick: () => [find("run").focus({ preventScroll: true }), run_setup()] }, t("run.sandbox")));
}

const mechanism_words = (name) => (has_words(`mechanism.${name}`) ? t(`mechanism.${name}`) : name);

function knob_list(names) {
  return make("div", { class: "scroll", tabindex: 0, role: "region", "aria-label": t("sandbox.scene.sets", { n: names.length }) }, table("", [t("knob.name"), t("knob.here"), t("knob.default"), t("knob.meaning")],
    names.map((name) => [name, plain(app.setup.parameters[name]), plain(KNOBS[name].default), meaning_of(name)]), [1, 2]));
}

function knob_control(knob) {
  const value = app.setup.parameters[knob.name], id = `knob-${knob.name}`;
  const box = make("div", { class: value === knob.default ? "knob" : "knob changed" });
  const told = make("span", { class: "value" }, knob.switch ? t(value ? "yes" : "no") : plain(value));
  const change = (next) => change_sandbox((setup) => (setup.parameters[knob.name] = next));
  const input = knob.switch
    ? make("input", { type: "checkbox", id, checked: value === 1, onchange: (event) => change(event.target.checked ? 1 : 0) })
    : make("input", { type: "range", id, min: Math.min(knob.usual_low, value), max: Math.max(knob.usual_high, value), step: step_of(knob), value,
      oninput: (event) => (told.textContent = plain(Number(event.target.value))), onchange: (event) => change(Number(event.target.value)) });
  const allowed = t("knob.range", { low: plain(knob.low), high: plain(knob.high), default: plain(knob.default) });
  return fill(box, {}, [make("label", { for: id }, make("span", {}, knob.symbol ? `${knob.name} (${knob.symbol})` : knob.name), told), input,
    make("p", {}, meaning_of(knob.name)), make("p", {}, `${allowed} ${t("knob.source")}: `, make("span", { lang: "en" }, knob.source))]);
}

function step_of(knob) {
  const room = (knob.usual_high - knob.usual_low) / 40;
  return Math.min(0.1, 10 ** Math.floor(Math.log10(room)));
}

function field(name, control) {
  const id = `set-${name}`;
  control.id = id;
  return make("div", {}, make("label", { for: id }, t(`set.${name}`)), control);
}

const choose = (values, chosen, words, onchange, disabled = false) =>
  make("select", { onchange, disabled }, values.map((value) => make("option", { value: String(value), selected: String(value) === String(chosen) }, words(value))));

function run_form() {
  const { setup } = app;
  const starts = STARTS_OFFERED.includes(setup.start) ? STARTS_OFFERED : [...STARTS_OFFERED, setup.start];
  const start_words = (start) => (typeof start === "string" ? t(`start.${start}`) : t("start.share", { share: percent(start) }));
  const seed = (name) => make("input", { type: "text", inputmode: "numeric", pattern: "[0-9]{1,19}", maxlength: 19, value: setup[name],
    onchange: (event) => /^\d{1,19}$/.test(event.target.value) ? change_sandbox((one) => (one[name] = String(BigInt(event.target.value)))) : (event.target.value = app.setup[name]) });
  return make("div", { class: "form" },
    field("network", choose(Object.keys(NETWORKS), setup.network, (name) => t(`network.${name}`, { n: NETWORKS[name].n_people }),
      (event) => change_sandbox((one) => Object.assign(one, { network: event.target.value, interventions: fitting(one.interventions, NETWORKS[event.target.value]) })))),
    field("start", choose(starts, setup.start, start_words, (event) => change_sandbox((one) => (one.start = event.target.value in STARTS ? event.target.value : Number(event.target.value))))),
    field("schedule", choose(["synchronous", "shuffled"], setup.schedule, (name) => t(`schedule.${name}`), (event) => change_sandbox((one) => (one.schedule = event.target.value)))),
    field("steps", make("input", { type: "number", min: 1, max: MOST_STEPS, value: setup.steps,
      onchange: (event) => change_sandbox((one) => (one.steps = Math.round(Math.min(MOST_STEPS, Math.max(1, Number(event.target.value) || 1))))) })),
    field("seed", seed("seed")), field("people", seed("start_seed")),
    field("preset", choose(["", ...Object.keys(DATA.presets)], "", (name) => (name ? name : t("preset.none")),
      (event) => event.target.value && change_sandbox((one) => (one.parameters = { ...default_numbers(), ...DATA.presets[event.target.value] })))));
}

const name_of_intervention = (kind) => (has_words(`intervention.${kind}`) ? t(`intervention.${kind}`) : kind);

// Only here: in a scene the word would give the puzzle away.
const name_with_warning = (kind) => DATA.interventions[kind]?.harmful ? t("done.harmful", { what: name_of_intervention(kind) }) : name_of_intervention(kind);

const words_of_intervention = (one) =>
  one.people && one.force ? t("done.person", { n: one.people.map((i) => i + 1).join(", "), act: t(`word.${one.force}`) }) : name_with_warning(one.kind);

// What would begin after the last step, which the library tells as well (Run.not_done).
const told_of_late = (setup) => setup.interventions.filter((one) => one.begin > setup.steps)
  .map((one) => t("done.late", { what: words_of_intervention(one), begin: one.begin, steps: setup.steps }));

const notes_on_late = (setup) => told_of_late(setup).map((text) => make("p", { class: "caveat late" }, text));

// On another network the people who were named are others, and a count is still at most all of them.
const fitting = (interventions, network) => interventions.filter((one) => !one.people)
  .map((one) => (one.count === null ? one : { ...one, count: Math.min(one.count, pool_of(one.group, network).length) }));

function intervention_form() {
  const { interventions } = app.setup;
  const rows = interventions.map((one, k) => make("li", { class: "row" },
    make("span", {}, words_of_intervention(one)),
    make("label", {}, `${t("done.begin")} `, make("input", { id: `begin-${k}`, type: "number", min: 0, max: MOST_STEPS, value: one.begin, style: "width:5.5rem",
      onchange: (event) => change_sandbox((setup) => move_intervention(setup.interventions[k], Math.max(0, Math.min(MOST_STEPS, Math.round(Number(event.target.value) || 0))))) })),
    one.share !== null && intervention_number(k, "share", 0, 1, 0.05),
    one.count !== null && intervention_number(k, "count", 0, pool_of(one.group, NETWORKS[app.setup.network]).length, 1),
    (Object.keys(one.scale).length > 0 || Object.keys(one.shift).length > 0) && intervention_number(k, "strength", 0, 3, 0.1),
    make("button", { class: "plain", onclick: () => {
      change_sandbox((setup) => setup.interventions.splice(k, 1));
      find("set-add").focus();
    } }, t("done.remove"))));
  const offered = Object.keys(DATA.interventions);
  return make("div", {}, make("h4", {}, t("done.title")), make("ul", {}, rows.length ? rows : make("li", {}, t("done.none"))), notes_on_late(app.setup),
    make("div", { class: "form" }, field("add", choose(["", ...offered], "", (kind) => (kind ? name_with_warning(kind) : t("done.choose")),
      (event) => event.target.value && change_sandbox((setup) => setup.interventions.push(intervention_from({ kind: event.target.value }))), interventions.length >= MOST_MEASURES))));
}

function intervention_number(k, name, low, high, step) {
  const given = (event) => Math.min(high, Math.max(low, Number(event.target.value) || 0));
  const change = (event) => change_sandbox((setup) => (setup.interventions[k][name] = name === "count" ? Math.round(given(event)) : given(event)));
  return make("label", {}, `${t(`done.${name}`)} `, make("input", { id: `${name}-${k}`, type: "number", min: low, max: high, step, value: app.setup.interventions[k][name], style: "width:5.5rem", onchange: change }));
}

function move_intervention(one, begin) {
  if (one.end !== null) one.end += begin - one.begin;
  one.begin = begin;
}
