// The whole state in the address, behind the #. What comes in from an address is checked piece by piece, and refused
// as a whole when any piece is wrong; it is never shown, and never becomes markup.
const LONGEST_LINK = 6000, MOST_BRANCHES = 8, LINK_VERSION = "1";
const NUMBER = /^-?\d{1,10}(\.\d{1,20})?(e-\d{1,3})?$/, SEED = /^\d{1,20}$/, COUNT = /^\d{1,10}$/;

class BadLink extends Error {}

function refuse_link(reason) {
  throw new BadLink(reason);
}

function link_of(setup, more = {}) {
  const parts = [["v", LINK_VERSION], ["m", DATA.digest], ["l", language], ["s", setup.scene], ["seed", setup.seed]];
  if (setup.start_seed !== setup.seed) parts.push(["people", setup.start_seed]);
  if (setup.scene !== SANDBOX) {
    parts.push(["x", setup.value]);
  } else {
    parts.push(["n", setup.network], ["b", setup.start], ["o", setup.schedule], ["t", setup.steps]);
    parts.push(["p", changed_knobs(setup.parameters).map((name) => `${name}:${setup.parameters[name]}`).join("~")]);
    parts.push(["i", setup.interventions.map(link_of_intervention).join("~")]);
  }
  if (Number.isInteger(more.step)) parts.push(["step", more.step]);
  if (more.branches) parts.push(["branch", more.branches.map(({ step, value }) => `${step}~${value}`).join("~")]);
  if (more.curve) parts.push(["curve", more.curve.map((share) => Math.round(share * 100)).join(".")]);
  else if (more.guess !== null && more.guess !== undefined) parts.push(["guess", more.guess]);
  return `#${parts.filter(([, value]) => value !== "").map(([name, value]) => `${name}=${encodeURIComponent(value)}`).join("&")}`;
}

const TOLD_OF_INTERVENTION = ["begin", "end", "ramp", "strength", "who", "share", "count", "draw", "people", "force"];

function link_of_intervention(one) {
  const usual = intervention_from({ kind: one.kind });
  const told = TOLD_OF_INTERVENTION.filter((name) => JSON.stringify(one[name]) !== JSON.stringify(usual[name]));
  return [one.kind, ...told.map((name) => `${name}:${one[name] === null ? "none" : [].concat(one[name]).join(".")}`)].join(";");
}

// Returns { setup, more }, or throws BadLink with the key of a polite sentence.
function read_link(hash) {
  if (hash.length > LONGEST_LINK) refuse_link("link.long");
  const given = new Map();
  for (const part of hash.replace(/^#/, "").split("&")) {
    const [name, text, ...rest] = part.split("=");
    if (rest.length || text === undefined || given.has(name)) refuse_link("link.form");
    given.set(name, decoded(text));
  }
  if (given.get("v") !== LINK_VERSION) refuse_link("link.version");
  if (given.get("m") !== DATA.digest) refuse_link("link.model");
  const known = ["v", "m", "l", "s", "seed", "people", "x", "n", "b", "o", "t", "p", "i", "step", "branch", "guess", "curve"];
  if ([...given.keys()].some((name) => !known.includes(name))) refuse_link("link.form");
  const words = given.get("l") ?? "en";
  if (!Object.hasOwn(DATA.strings, words)) refuse_link("link.form");
  const setup = given.get("s") === SANDBOX ? sandbox_in_link(given) : scene_in_link(given);
  setup.seed = seed_in_link(given.get("seed"));
  setup.start_seed = given.has("people") ? seed_in_link(given.get("people")) : setup.seed;
  return { setup, more: more_in_link(given, setup), language: words };
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return refuse_link("link.form");
  }
}

function scene_in_link(given) {
  if (!Object.hasOwn(SCENES, given.get("s") ?? "")) refuse_link("link.form");
  for (const name of ["n", "b", "o", "t", "p", "i"]) if (given.has(name)) refuse_link("link.form");
  return setup_of_scene(given.get("s"), value_in_link(SCENES[given.get("s")].control, given.get("x")));
}

function value_in_link(control, text) {
  if (control.kind === "choice") return control.values.includes(text) ? text : refuse_link("link.range");
  const value = number_in_link(text, control.low, control.high), places = Math.round((value - control.low) / control.step);
  return Math.round((control.low + places * control.step) * 1e6) / 1e6 === value ? value : refuse_link("link.range");
}

function sandbox_in_link(given) {
  if (given.has("x") || given.has("branch")) refuse_link("link.form");
  const setup = sandbox_from(setup_of_scene(FIRST_SCENE));
  Object.assign(setup, { parameters: default_numbers(), interventions: [] });
  setup.network = name_in_link(given.get("n"), Object.keys(NETWORKS));
  setup.schedule = name_in_link(given.get("o"), ["synchronous", "shuffled"]);
  setup.start = Object.hasOwn(STARTS, given.get("b") ?? "") ? given.get("b") : number_in_link(given.get("b"), 0, 1);
  setup.steps = count_in_link(given.get("t"), 1, MOST_STEPS);
  for (const part of pieces(given.get("p"))) {
    const [name, text, ...rest] = part.split(":");
    if (rest.length || !Object.hasOwn(KNOBS, name)) refuse_link("link.form");
    const value = number_in_link(text, KNOBS[name].low, KNOBS[name].high);
    if (KNOBS[name].switch && value !== 0 && value !== 1) refuse_link("link.range");
    setup.parameters[name] = value;
  }
  if (!STANCES.some((stance) => setup.parameters[`${stance}_allowed`])) refuse_link("link.range");
  setup.interventions = pieces(given.get("i")).map((part) => intervention_in_link(part, NETWORKS[setup.network]));
  if (setup.interventions.length > MOST_MEASURES) refuse_link("link.range");
  return setup;
}

const pieces = (text) => (text ? text.split("~") : []);

// What is refused here is what sim.interventions refuses, under the same limits; a test holds the two together.
const LAST_STEP = 2 ** 31, LONGEST_RAMP = 1e6, LAST_DRAW = 1e6;
const OF_ADVANTAGED = ["most_loyal", "appointed", "most_sympathetic"]; // rules that rank what only they have

function intervention_in_link(part, network) {
  const [kind, ...told] = part.split(";");
  if (kind !== "scene" && !Object.hasOwn(DATA.interventions, kind)) refuse_link("link.form");
  const made = intervention_from({ kind });
  for (const one of told) {
    const [name, text, ...rest] = one.split(":");
    if (rest.length || !TOLD_OF_INTERVENTION.includes(name) || text === undefined) refuse_link("link.form");
    made[name] = argument_in_link(name, text, network.n_people);
  }
  made.group = group_in_link(made, intervention_from({ kind }));
  if (!is_possible(made, network)) refuse_link("link.range");
  return made;
}

// Among whom a rule picks: it follows from the act and the rule where the catalogue leaves it open.
function group_in_link(one, usual) {
  const wanted = usual.force ? "both" : usual.group, able = one.force && group_that_can(one.force);
  if (able) return wanted === "both" || wanted === able ? able : refuse_link("link.range");
  return wanted === "both" && OF_ADVANTAGED.includes(one.who) ? "advantaged" : wanted;
}

const group_that_can = (act) => (STANCES.includes(act) ? "advantaged" : "marginalized");

function is_possible(one, network) {
  const is_counted = one.share !== null || one.count !== null;
  if (one.end !== null && one.end <= one.begin) return false;
  if (one.people) return !is_counted && one.who === "everybody" && (!one.force || all_can(one, network));
  if (one.share !== null && one.count !== null) return false;
  return (one.who !== "everybody") === is_counted && (one.count ?? 0) <= pool_of(one.group, network).length;
}

function all_can(one, network) {
  const able = pool_of(group_that_can(one.force), network);
  return one.people.every((person) => able.includes(person));
}

function argument_in_link(name, text, n_people) {
  if (text === "none" && ["end", "share", "count"].includes(name)) return null;
  if (name === "who") return name_in_link(text, DATA.rules);
  if (name === "force") return name_in_link(text, Object.keys(ACTS));
  if (name === "strength") return number_in_link(text, 0, 10);
  if (name === "share") return number_in_link(text, 0, 1);
  if (name === "people") return text.split(".").map((one) => count_in_link(one, 0, n_people - 1));
  return count_in_link(text, 0, { begin: LAST_STEP, end: LAST_STEP, ramp: LONGEST_RAMP, draw: LAST_DRAW, count: n_people }[name]);
}

function more_in_link(given, setup) {
  const more = { step: null, branches: [], guess: null, curve: null };
  if (given.has("step")) more.step = count_in_link(given.get("step"), 0, setup.steps);
  if (given.has("guess")) more.guess = number_in_link(given.get("guess"), 0, 1);
  if (given.has("curve")) {
    more.curve = given.get("curve").split(".").map((share) => count_in_link(share, 0, 100) / 100);
    if (more.curve.length !== CURVE_POINTS || given.has("guess")) refuse_link("link.form");
    more.guess = more.curve[CURVE_POINTS - 1];
  }
  if (given.has("branch")) more.branches = branches_in_link(given.get("branch").split("~"), setup);
  return more;
}

// Pairs of a step and the value from there on.
function branches_in_link(told, setup) {
  if (told.length % 2 || told.length > 2 * MOST_BRANCHES) refuse_link("link.form");
  const branches = [], { control } = SCENES[setup.scene];
  for (let k = 0; k < told.length; k += 2) branches.push({ step: count_in_link(told[k], 1, setup.steps - 1), value: value_in_link(control, told[k + 1]) });
  return branches;
}

function number_in_link(text, low, high) {
  if (!NUMBER.test(text ?? "")) refuse_link("link.form");
  const value = Number(text);
  return value >= low && value <= high ? value : refuse_link("link.range");
}

function count_in_link(text, low, high) {
  if (!COUNT.test(text ?? "")) refuse_link("link.form");
  return number_in_link(text, low, high);
}

function name_in_link(text, names) {
  return names.includes(text) ? text : refuse_link("link.form");
}

function seed_in_link(text) {
  if (!SEED.test(text ?? "") || BigInt(text) > 0xffffffffffffffffn) refuse_link("link.range");
  return String(BigInt(text));
}
