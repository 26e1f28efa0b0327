// The whole state as it stands in the address, and what is made of an address on opening.
function current_link() {
  const more = { branch: app.branch && { step: app.branch.step, value: app.branch.value }, guess: app.guess.share, curve: app.guess.curve, step: app.run && app.step };
  return link_of(app.branch ? { ...app.setup, value: app.branch.from } : app.setup, more);
}

function keep_link() {
  try {
    history.replaceState(null, "", current_link());
  } catch { /* some viewers of files allow no address of their own: then the link is only in its field */ }
}

async function open_link() {
  if (!location.hash.startsWith("#") || location.hash === "#main" || location.hash.length < 2) return;
  try {
    const { setup, more, language: words } = read_link(location.hash);
    set_language(words);
    app.level = 2;
    open_setup(setup, more);
    if (clashes(settings_of(setup))) notice("notice.clash");
    if (more.step !== null || more.branch) {
      await run_setup(false);
      if (!app.run) return; // a clash, or other runs that are still being made
      if (more.branch) {
        app.step = more.branch.step;
        app.setup = { ...setup_of_scene(setup.scene, more.branch.value), seed: setup.seed, start_seed: setup.start_seed };
        run_branch();
      }
      if (more.step !== null) go_to(more.step);
      keep_link();
    }
  } catch (problem) {
    if (!(problem instanceof BadLink)) throw problem;
    notice(problem.message);
  }
}
