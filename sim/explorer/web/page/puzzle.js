// The puzzle of a scene: open for thought from the start, its answer only after thirty runs at enough places to compare.
function show_puzzle() {
  const section = find("puzzle"), { scene } = app.setup;
  section.hidden = scene === SANDBOX || app.level < 2 || !app.run;
  if (section.hidden) return;
  const was_open = section.querySelector("details")?.open, missing = SCENES[scene].places - app.tried.size;
  put(section, make("h3", {}, t("puzzle.title")), make("p", { class: "big" }, t(`scene.${scene}.puzzle`)), app.tried.size > 0 && places_tried(scene),
    missing > 0 ? make("p", { class: "quiet" }, t("puzzle.locked", { places: SCENES[scene].places, tried: app.tried.size }))
      : make("details", { open: was_open }, make("summary", {}, t("puzzle.answer")), make("p", {}, t(`scene.${scene}.answer`)), make("p", { class: "caveat" }, t("puzzle.checked"))),
    next_scene());
}

// What a place of the control of a scene is called.
function place_of(setup) {
  const { kind, digits } = SCENES[setup.scene].control;
  if (kind === "choice") return setup.value === "none" ? t("done.nothing") : name_of_intervention(setup.value);
  return number(setup.value, digits);
}

// One row for each place of the control at which there were thirty runs, in the order of the control.
function places_tried(scene) {
  const name = watched() === "mean_trust" ? "ally_share" : watched(), { values } = SCENES[scene].control;
  const order = (value) => (values ? values.indexOf(value) : value);
  const rows = [...app.tried].sort((a, b) => order(a[0]) - order(b[0])).map(([, { setup, runs }]) => [place_of(setup),
    by_regime(runs).map(([regime, those]) => `${t(`short.${regime}`)}\u00a0${those.length}`).join(", "), told_of_band(runs, name), told_of_band(runs, "mean_trust")]);
  const caption = `${t(`scene.${scene}.control`)} ${t("puzzle.tried")}`;
  return table(caption, [t("puzzle.place"), t("puzzle.ends"), t(`measure.${name}`), t("word.trust")], rows, values ? [] : [0]);
}

// A middle says nothing where runs end in ways far apart.
function told_of_band(runs, measure) {
  const ends = ends_of(runs, measure), heaps = parts_of_heaps(ends, "puzzle.heap"), { low, middle, high } = spread_of(ends);
  return heaps.length ? heaps.map((heap) => make("div", {}, heap)) : t("puzzle.band", { low: number(low * 100, 0), middle: percent(middle), high: number(high * 100, 0) });
}

function next_scene() {
  const names = Object.keys(SCENES), next = names[names.indexOf(app.setup.scene) + 1] || SANDBOX;
  return make("div", { class: "row" }, make("button", { id: "next-scene", onclick: () => open_scene(next) },
    t("puzzle.next", { title: next === SANDBOX ? t("sandbox.title") : t(`scene.${next}.title`) })));
}
