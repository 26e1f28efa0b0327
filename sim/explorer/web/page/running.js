// Running: from the button to the last step, and a second luck.

// Runs are made one after the other. Where measures clash there is none, and everything stays as it was; so it does for
// whoever chooses something else meanwhile.
async function make_runs(text, make) {
  if (app.working) return null;
  const { setup, run } = app;
  begin_work(text);
  await breath();
  notice(null);
  try {
    const made = await make();
    return app.setup === setup && app.run === run ? made : null;
  } catch (problem) {
    if (!(problem instanceof Clash)) throw problem;
    notice("notice.clash");
    return null;
  } finally {
    end_work();
  }
}

const make_run = (setup, luck = 0) => make_runs(t("working"), () => ({ ...record(settings_of(setup, luck), setup.steps), setup }));

async function run_setup(then_play = true) {
  if (app.playing) return show_end();
  const run = await make_run(app.setup);
  if (!run) return;
  Object.assign(app, { run, other: null, ghost: app.kept, step: 0, revealed: false, person: null, level: Math.max(app.level, 1) });
  if (!then_play) return show_end();
  show_everything();
  is_calm() ? show_end() : play();
  show_stage();
}

// Where there is one column, the network and what follows it fill the screen; beside it, nothing moves that can be seen.
function show_stage() {
  find(is_narrow() ? "bench" : "network").scrollIntoView({ block: is_narrow() ? "start" : "nearest", behavior: is_calm() ? "auto" : "smooth" });
}

const last_step = () => app.run.states.length - 1;

function play() {
  if (app.step === last_step()) app.step = 0;
  app.playing = setInterval(() => go_to(app.step + 1), STEP_TIME);
  show_buttons();
}

function stop_playing() {
  clearInterval(app.playing);
  app.playing = null;
  show_buttons();
}

function show_end() {
  stop_playing();
  app.revealed = true;
  app.step = last_step();
  show_everything();
  keep_link();
  say(told_of_end(app.run));
}

async function run_second() {
  const other = await make_run(app.run.setup, 1);
  if (!other) return;
  Object.assign(app, { other, level: 2 });
  show_everything();
  move_to("luck");
  say(find("luck").querySelector(".big").textContent);
}
