// Why a person did what they did in the step from `step` to `step` + 1 (sim.effects.explain), by the rules themselves.
const STANCE_NAMES = ["OPPOSE", "BYSTAND", "TOKEN", "ALLY"], RESPONSE_NAMES = ["GATEKEEP", "WITHDRAW", "WELCOME"];
const STANCE_ORDER = [BYSTAND, TOKEN, ALLY, OPPOSE], RESPONSE_ORDER = [WITHDRAW, WELCOME, GATEKEEP];

// Steps before the cut of a branch are explained by the run that made them.
function explain(run, person, step) {
  if (!(step < run.branched)) return explain_made(run, person, step);
  const why = explain(run.before, person, step), scripts = step + 1 === run.branched ? scripts_of(run, person, run.branched) : [];
  if (!scripts.length) return why;
  const names = why.is_marginalized ? RESPONSE_NAMES : STANCE_NAMES; // a script of the branch acts from the cut itself on
  return { ...why, outcome: names[run.states[run.branched].act[person]], scripted_by: scripts };
}

function explain_made(run, person, step) {
  const { network, seed, schedule } = run.settings, key = key_of(seed);
  const p = run.course.numbers(step)[run.course.classes[person]];
  const state = run.states[step], is_marginalized = network.is_marginalized[person] === 1;
  const told = told_at(run, step), seen = seen_by(run, person, step, key, schedule);
  const names = is_marginalized ? RESPONSE_NAMES : STANCE_NAMES;
  const draw = uniform(person, step, CHOICE, ...key);
  const revise_draw = coarse_uniform(person, step, REVISE, ...key);
  const about = (is_marginalized ? weigh_response : weigh_stance)(p, state, person, seen, told, draw);
  const reconsidered = revise_draw < p.revise;
  return {
    person, is_marginalized, step, seen, told, numbers: p, revise_draw, draw, reconsidered, ...about,
    before: names[state.act[person]],
    outcome: names[reconsidered ? scripted(p, about.choice) : state.act[person]],
    chosen: reconsidered ? names[about.choice] : null,
    crosses: run.course.crosses[person],
    traits: Object.fromEntries(TRAITS.map((name) => [name, state[name][person]])),
    scripted_by: scripts_of(run, person, step + 1),
  };
}

function scripts_of(run, person, step) {
  return run.course.interventions
    .filter((one, i) => one.strength > 0 && one.force && one.is_on(step) && run.course.picked[i].includes(person))
    .map((one) => one.kind);
}

function weigh_stance(p, state, i, seen, told, draw) {
  const view = advantaged_view(p, seen, told);
  const traits = [state.sympathy[i], state.loyalty[i], state.stigma[i]];
  const [oppose, token, ally] = stance_utilities(p, ...traits, view);
  const choice = choose_stance(p, oppose, token, ally, draw);
  const chances = chances_of(p, stance_weights(p, oppose, token, ally), choice);
  return {
    view, choice, terms: stance_terms(p, ...traits, seen, view, told), order: STANCE_ORDER.map((act) => STANCE_NAMES[act]),
    utilities: { OPPOSE: oppose, BYSTAND: 0.0, TOKEN: token, ALLY: ally }, probabilities: named(STANCE_NAMES, chances),
  };
}

function weigh_response(p, state, i, seen, told, draw) {
  const view = marginalized_view(p, seen), utilities = response_utilities(p, state.trust[i], view);
  const choice = choose_response(p, ...utilities, draw);
  const chances = chances_of(p, response_weights(p, ...utilities), choice);
  return {
    view, choice, terms: response_terms(p, state.trust[i], view), order: RESPONSE_ORDER.map((act) => RESPONSE_NAMES[act]),
    utilities: named(RESPONSE_NAMES, utilities), probabilities: named(RESPONSE_NAMES, chances),
  };
}

function named(names, values) {
  return Object.fromEntries(names.map((name, i) => [name, values[i]]));
}

function chances_of(p, weights, choice) {
  if (p.noise === 0) return weights.map((_, i) => (i === choice ? 1.0 : 0.0));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}

function seen_by(run, person, step, key, schedule) {
  const { network } = run.settings, neighbours = run.course.neighbours_at(step)[person];
  const others = neighbours.map((j) => {
    const state = run.states[step + (schedule === "shuffled" && acts_before(j, person, step, key) ? 1 : 0)];
    if (network.is_marginalized[j]) return { shown: shown_by_marginalized(state.act[j], state.trust[j]) };
    return { shown: shown_by_advantaged(state.act[j], state.betrayed[j] === 1, state.stigma[j], state.loyalty[j]) };
  });
  const n_marginalized = neighbours.filter((j) => network.is_marginalized[j]).length;
  return seen_around({ neighbours: others, n_advantaged: neighbours.length - n_marginalized, n_marginalized });
}

function acts_before(j, i, step, key) {
  const theirs = uniform(j, step, ORDER, ...key), own = uniform(i, step, ORDER, ...key);
  return theirs < own || (theirs === own && j < i);
}

function told_at(run, step) {
  const { network } = run.settings;
  if (!network.n_advantaged || !run.course.numbers(step).some((numbers) => numbers.feedback > 0)) return 0.0;
  const sympathetic = pool_of("advantaged", network).filter((i) => run.states[step].sympathy[i] > 0).length;
  return 2.0 * (sympathetic / network.n_advantaged) - 1.0;
}
