// A setup is everything that decides a run: where, who, under which numbers, what is done, which luck.
const NETWORKS = Object.fromEntries(Object.entries(DATA.networks).map(([name, told]) => [name, unpack_network(name, told)]));
const SCENES = Object.fromEntries(DATA.scenes.map((scene) => [scene.name, scene]));
const FIRST_SCENE = DATA.scenes[0].name, SANDBOX = "sandbox";
const STARTS_OFFERED = ["silent", "allied", "opposed", 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.7];
const MOST_STEPS = 400, MOST_MEASURES = 8;

function unpack_network(name, told) {
  const is_marginalized = new Array(told.n_people).fill(0), neighbours = is_marginalized.map(() => []);
  for (const i of told.marginalized) is_marginalized[i] = 1;
  for (let tie = 0; tie < told.ties.length; tie += 2) {
    const [one, other] = told.ties.slice(tie, tie + 2);
    neighbours[one].push(other);
    neighbours[other].push(one);
  }
  for (const ties of neighbours) ties.sort((a, b) => a - b);
  const places = is_marginalized.map((_, i) => [told.places[2 * i], told.places[2 * i + 1]]);
  return { ...network_of({ is_marginalized, neighbours }), name, places };
}

const default_numbers = () => Object.fromEntries(DATA.knobs.map((knob) => [knob.name, knob.default]));

// An intervention as the library would make it from a name and some arguments (sim.interventions.intervention).
function intervention_from({ kind, ...given }) {
  const made = structuredClone(kind in DATA.interventions ? DATA.interventions[kind].defaults : DATA.blank);
  if ("begin" in given && made.end !== null && !("end" in given)) made.end += given.begin - made.begin;
  if (given.people) Object.assign(made, { who: "everybody", share: null, count: null });
  if (given.who === "everybody") Object.assign(made, { share: null, count: null });
  if ("count" in given) made.share = null;
  return Object.assign(made, { kind }, given);
}

function setup_of_scene(name, value) {
  const scene = SCENES[name], control = scene.control, chosen = value === undefined ? control.value : value;
  const setup = {
    scene: name, value: chosen, network: scene.network, start: scene.start, schedule: "synchronous", steps: scene.steps,
    seed: String(scene.seed), start_seed: String(scene.seed), parameters: { ...default_numbers(), ...scene.parameters },
    interventions: [],
  };
  const done = scene.interventions.map((one) => ({ ...one }));
  if (control.kind === "parameter") setup.parameters[control.name] = chosen;
  if (control.kind === "intervention") done[control.place][control.name] = chosen;
  if (control.kind === "choice" && chosen !== "none") done.push({ kind: chosen, ...control.arguments });
  if (control.kind === "start") setup.start = chosen;
  setup.interventions = done.map(intervention_from);
  return setup;
}

// The same scene, people and luck at another place of its control.
function setup_at({ scene, seed, start_seed }, value) {
  return { ...setup_of_scene(scene, value), seed, start_seed };
}

function sandbox_from(setup) {
  return { ...structuredClone(setup), scene: SANDBOX, value: null };
}

// What the engine takes. People and luck both move with `luck`: 0 is the setup's own.
function settings_of(setup, luck = 0) {
  const moved = (seed) => String((BigInt(seed) + BigInt(luck)) & 0xffffffffffffffffn);
  return {
    parameters: setup.parameters, network: NETWORKS[setup.network], start: setup.start, schedule: setup.schedule,
    interventions: setup.interventions, limits: LIMITS, seed: moved(setup.seed), start_seed: moved(setup.start_seed),
  };
}

const changed_knobs = (parameters) => DATA.knobs.filter((knob) => parameters[knob.name] !== knob.default).map((knob) => knob.name);
