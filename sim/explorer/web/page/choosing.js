// Choosing what the next run will be: a scene, a value, a setup of one's own, a language.
function open_setup(setup, more = {}) {
  stop_playing();
  notice(null);
  Object.assign(app, afresh(setup), { guess: { share: more.guess ?? null, curve: more.curve ?? null } });
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
  if (app.run && JSON.stringify(setup) === JSON.stringify(app.run.setup)) setup = app.run.setup; // back to what was run
  stop_playing();
  Object.assign(app, { setup, many: null });
  if (setup.scene === SANDBOX) app.tried.clear();
  app.guess = { share: null, curve: null };
  show_everything();
  keep_link();
}

function change_scene_value(value) {
  change_setup(setup_at(app.setup, value));
}

function change_sandbox(change) {
  const setup = structuredClone(app.setup);
  change(setup);
  if (!STANCES.some((stance) => setup.parameters[`${stance}_allowed`])) {
    show_sandbox();
    keep_keyboard();
    return notice("notice.stances");
  }
  change_setup(setup);
}

function set_language(name) {
  language = name;
  find("language").value = name;
  translate_page();
  forget_words();
}
