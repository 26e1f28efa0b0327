// Whole runs: every state kept for replay, branching and explanation; or many runs for a band.

// Returns { settings, states, history } with one state and one row of measures per step, the first included.
function record(settings, steps) {
  const world = new World(settings);
  const states = [world.state], rows = [world.measures()];
  for (let i = 0; i < steps; i++) {
    world.step();
    states.push(world.state);
    rows.push(world.measures());
  }
  return { settings: { ...settings, picked: world.course.picked }, course: world.course, states, history: columns_of(rows) };
}

// Goes on from step `step` of a run with other settings and the same luck.
function branch(run, step, changes, steps) {
  const settings = { ...run.settings, ...changes, state: copy_state(run.states[step]) };
  settings.picked = settings.interventions.map((one) => picked_before(run.course, one));
  const rest = record(settings, steps);
  const history = {};
  for (const name of MEASURES) history[name] = Float64Array.from([...run.history[name].slice(0, step), ...rest.history[name]]);
  return { ...rest, states: [...run.states.slice(0, step), ...rest.states], history, branched: step, before: run };
}

// Whom an intervention reached in the run so far: it goes on reaching them. A new one picks anew.
function picked_before(course, one) {
  const text = sorting_text(new Intervention(one));
  const place = course.interventions.findIndex((other) => sorting_text(other) === text);
  return place < 0 ? null : course.picked[place];
}

function columns_of(rows) {
  const columns = {};
  for (const name of MEASURES) columns[name] = Float64Array.from(rows, (row) => row[name]);
  return columns;
}

// 10th and 90th percentile over the courses of one measure, step by step (linear interpolation).
function band_of(courses) {
  const low = [], high = [];
  for (let i = 0; i < courses[0].length; i++) {
    const values = courses.map((course) => course[i]).filter((value) => !Number.isNaN(value)).sort((a, b) => a - b);
    low.push(quantile(values, 0.1));
    high.push(quantile(values, 0.9));
  }
  return { low, high };
}

function quantile(sorted, share) {
  if (!sorted.length) return NaN;
  const place = share * (sorted.length - 1), left = Math.floor(place), right = Math.ceil(place);
  return sorted[left] + (place - left) * (sorted[right] - sorted[left]);
}

// A run of which only its course is kept: for many runs. What needs a second look at everybody's neighbours is left out.
const OUTLINED = MEASURES.filter((name) => name !== "perceived_support" && name !== "pressure_per_ally");

function outline(settings, steps) {
  const world = new World(settings), rows = [measures_of(world, false)];
  for (let i = 0; i < steps; i++) {
    world.step();
    rows.push(measures_of(world, false));
  }
  return { settings: { seed: settings.seed }, history: columns_of(rows) };
}
