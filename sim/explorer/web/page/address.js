// The whole state as it stands in the address, and what is made of an address on opening.
function current_link() {
  const { setup, run, guess } = app, more = { guess: guess.share, curve: guess.curve };
  return run?.setup === setup ? link_of_run(run, more) : link_of(setup, more); // what is chosen; its run as well, if there is one
}

const link_of_run = (run, more) => link_of(first_of(run).setup, { ...more, step: app.step, branches: branches_of(run) });
const whole_link = () => location.href.split("#")[0] + current_link();

function keep_link() {
  if (find("link")) find("link").value = whole_link();
  try {
    history.replaceState(null, "", current_link());
  } catch { /* some viewers of files allow no address of their own: then the link is only in its field */ }
}

async function open_link() {
  if (!location.hash) return;
  try {
    const { setup, more, language: words } = read_link(location.hash);
    set_language(words);
    app.level = 2;
    open_setup(setup, more);
    if (clashes(settings_of(setup))) notice("notice.clash");
    if (more.step !== null || more.branches.length) await run_link(setup, more);
  } catch (problem) {
    if (!(problem instanceof BadLink)) throw problem;
    notice(problem.message);
  }
}

async function run_link(setup, { step, branches }) {
  while (app.working) await breath(); // other runs, which end when they see that the setup is another one
  await run_setup(false);
  if (app.run?.setup !== setup) return; // a clash, or something else was chosen meanwhile
  for (const one of branches) {
    Object.assign(app, { step: one.step, setup: setup_at(setup, one.value) });
    run_branch();
  }
  if (step !== null) go_to(step);
  keep_link();
}
