// Going on from the step on the stage with the same luck: under another value of the scene, or with one person who acts otherwise.
// Between the first and the last step, as often as a link can tell.
function can_branch() {
  const { run, setup, step, playing } = app;
  return run && !playing && setup.scene !== SANDBOX && run.setup !== setup && run.setup.scene === setup.scene
    && step > 0 && step < last_step() && branches_of(run).length < MOST_BRANCHES;
}

function run_branch() {
  const { run, setup, step } = app, changes = { parameters: setup.parameters, interventions: setup.interventions };
  const made = branch(run, step, changes, setup.steps - step);
  Object.assign(app, { kept: null, ghost: { run }, run: { ...made, setup }, other: null, many: null, revealed: true, step: setup.steps, level: 2 });
  show_everything();
  keep_link();
  say(t("branch.done", { step }));
}

// The run that others branched from, and their branches, the first one first.
const first_of = (run) => (run.before ? first_of(run.before) : run);
const branches_of = (run) => (run.before ? [...branches_of(run.before), { step: run.branched, value: run.setup.value }] : []);

// What is on the stage, with one person who acts otherwise from the next step on.
function setup_with(person, act) {
  const setup = sandbox_from(app.run.setup);
  setup.interventions.push(intervention_from({ kind: "scene", people: [person], group: "advantaged", force: act, begin: app.step + 1 }));
  return setup;
}

// Not of a branch, which began under other values; nor of somebody whose acts are decided from outside already.
function can_ask_what_if(person) {
  const { run, step, playing } = app;
  if (step >= last_step() || run.branched || run.setup.interventions.length >= MOST_MEASURES) return false;
  return playing !== null || !["ally", "bystand"].some((act) => clashes(settings_of(setup_with(person, act))));
}

async function branch_with_person(person, act) {
  const { run: before, step } = app, setup = setup_with(person, act);
  const run = await make_run(setup);
  if (!run) return;
  Object.assign(app, afresh(setup), { run, ghost: { run: before }, person, step: Math.min(step + 1, setup.steps), revealed: true });
  show_everything();
  keep_link();
  say(find("why-story").textContent);
}
