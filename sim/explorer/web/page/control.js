// The list of scenes, and the one control of the scene on the stage.
function show_scenes() {
  const nav = find("scenes");
  nav.classList.toggle("waiting", app.level < 1); // it keeps its room, so that nothing moves when it comes
  nav.setAttribute("aria-label", t("scenes.title"));
  put(nav, ...[...Object.keys(SCENES), SANDBOX].map((name) => make("button", {
    "aria-current": name === app.setup.scene ? "true" : null, "data-scene": name, id: `scene-${name}`, onclick: () => open_scene(name),
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
}
