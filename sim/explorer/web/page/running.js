// Running: from the button to the last step, a second luck, and branches with the same luck.
async function run_setup(then_play = true) {
  if (app.playing) return show_end();
  if (app.working) return;
  const { setup } = app;
  begin_work(t("working"));
  await breath();
  notice(null);
  try {
    const run = record(settings_of(setup), setup.steps);
    Object.assign(app, { run: { ...run, setup }, other: null, ghost: app.kept, branch: null, step: 0, revealed: false, person: null });
  } catch (problem) {
    end_work();
    if (problem instanceof Clash) return notice("notice.clash");
    throw problem;
  }
  app.level = Math.max(app.level, 1);
  end_work();
  if (!then_play) return show_end();
  is_calm() ? show_end() : play();
  show_stage();
}

// Where there is one column, the network and what follows it fill the screen; beside it, nothing moves that can be seen.
function show_stage() {
  find(is_narrow() ? "bench" : "network").scrollIntoView({ block: is_narrow() ? "start" : "nearest", behavior: is_calm() ? "auto" : "smooth" });
}

function play() {
  if (app.step >= app.setup.steps) app.step = 0;
  app.playing = setInterval(() => {
    if (app.step >= app.run.states.length - 1) return show_end();
    go_to(app.step + 1);
  }, STEP_TIME);
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
  app.step = app.run.states.length - 1;
  show_everything();
  keep_link();
  say(`${t(`regime.${regime_of(app.run.history)}`)} ${told_of_group_a(app.run)} ${told_of_group_b(app.run)}`);
}

async function run_second() {
  begin_work(t("working"));
  await breath();
  app.other = record(settings_of(app.run.setup, 1), app.run.setup.steps);
  app.level = 2;
  end_work();
  move_to("luck");
  say(find("luck").querySelector(".big").textContent);
}

// Goes on from the step on the stage under the setup as it is now, with the same luck.
function run_branch() {
  const { run, setup, step } = app, changes = { parameters: setup.parameters, interventions: setup.interventions };
  const made = branch(run, step, changes, setup.steps - step);
  Object.assign(app, { ghost: { run }, run: { ...made, setup }, other: null, many: null, revealed: true });
  app.branch = setup.scene === SANDBOX ? null : { step, value: setup.value, from: run.setup.value };
  app.step = setup.steps;
  app.level = 2;
  show_everything();
  keep_link();
  say(t("branch.done", { step }));
}

async function branch_with_person(person, act) {
  const setup = sandbox_from(app.run.setup), old = app.run;
  setup.interventions.push(intervention_from({ kind: "scene", people: [person], group: "advantaged", force: act, begin: app.step + 1 }));
  const step = app.step;
  Object.assign(app, { setup, kept: null, many: null, tried: new Map(), guess: { share: null, curve: null } }); // another question
  await run_setup(false);
  if (app.run === old) return;
  app.ghost = { run: old };
  app.step = Math.min(step + 1, setup.steps);
  app.person = person;
  show_everything();
  say(find("why-story").textContent);
}
