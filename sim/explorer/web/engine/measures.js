// Counting a state in whole numbers, as sim/tallies.py and sim/measures.py do, so that shares and means have the same bits.
const MEASURES = [
  "ally_share", "token_share", "bystand_share", "oppose_share", "welcome_share", "withdraw_share", "gatekeep_share",
  "mean_stigma", "mean_trust", "mean_sympathy", "perceived_support", "expressed_support", "private_support",
  "pressure_per_ally", "silent_private_share", "opposer_private_share",
];

// `full`: also what people perceive, for which everybody has to look around.
function measures_of(model, full = true) {
  const acts = [0, 0, 0, 0], responses = [0, 0, 0];
  let stigma = 0, sympathy = 0, trust = 0, perceived = 0, pressure = 0;
  let sympathetic = 0, sympathetic_silent = 0, sympathetic_opposers = 0;
  for (const person of model.people) {
    if (person.is_marginalized) {
      responses[person.response] += 1;
      trust += fixed(person.trust);
      continue;
    }
    acts[person.stance] += 1;
    stigma += fixed(person.stigma);
    sympathy += fixed(person.sympathy + 1.0);
    if (full) {
      const view = advantaged_view(person.numbers, person.look_around(), model.told);
      perceived += fixed(perceived_support(person.numbers, view.support - view.opposition, model.told));
      if (person.stance === ALLY) pressure += fixed(view.pressure);
    }
    if (person.sympathy > 0.0) {
      sympathetic += 1;
      if (person.stance === BYSTAND) sympathetic_silent += 1;
      if (person.stance === OPPOSE) sympathetic_opposers += 1;
    }
  }
  const n = model.network.n_advantaged, m = model.network.n_marginalized;
  return {
    ally_share: acts[ALLY] / n, token_share: acts[TOKEN] / n, bystand_share: acts[BYSTAND] / n,
    oppose_share: acts[OPPOSE] / n, welcome_share: responses[WELCOME] / m, withdraw_share: responses[WITHDRAW] / m,
    gatekeep_share: responses[GATEKEEP] / m, mean_stigma: stigma / FIXED / n, mean_trust: trust / FIXED / m,
    mean_sympathy: sympathy / FIXED / n - 1.0, perceived_support: full ? perceived / FIXED / n : NaN,
    expressed_support: (acts[ALLY] + acts[TOKEN]) / n, private_support: sympathetic / n,
    pressure_per_ally: full ? pressure / FIXED / acts[ALLY] : NaN, silent_private_share: sympathetic_silent / acts[BYSTAND],
    opposer_private_share: sympathetic_opposers / acts[OPPOSE],
  };
}

// The mean over the last tenth of a run, at least its last state: what "at the end" means everywhere.
const tail_length = (values) => Math.max(1, Math.floor(values.length / 10));

function at_the_end(values) {
  const tail = [...values.slice(-tail_length(values))].filter((value) => !Number.isNaN(value));
  return tail.length ? tail.reduce((sum, value) => sum + value, 0) / tail.length : NaN;
}

function regime_of(history) {
  const end = (name) => at_the_end(history[`${name}_share`]);
  return regime_of_shares(end("oppose"), end("bystand"), end("token"), end("ally"));
}
