// How a run starts (sim.state.first_state): people drawn from the start seed, stances from the kind of start.
const STARTS = { silent: BYSTAND, allied: ALLY, opposed: OPPOSE };

function first_state(parameters, network, start, start_seed) {
  const state = empty_state(network.n_people), key = key_of(start_seed);
  const crosses = crossing(parameters, network, start_seed);
  _draw_people(crosses, network.is_marginalized, parameters, ...key, state.act, state.sympathy, state.loyalty, state.trust);
  const advantaged = pool_of("advantaged", network);
  for (const i of advantaged) state.act[i] = typeof start === "string" ? STARTS[start] : BYSTAND;
  if (typeof start === "number") for (const i of some_of(advantaged, start, FIRST_STANCE, key)) state.act[i] = ALLY;
  return state;
}

// A share of some people, rounded to whole people: a larger share contains a smaller one.
function some_of(people, share, purpose, key) {
  const draw = new Map(people.map((i) => [i, uniform(i, 0, purpose, ...key)]));
  const order = people.slice().sort((a, b) => draw.get(a) - draw.get(b) || a - b);
  return order.slice(0, rounded(share * people.length));
}

// Who is advantaged, and marginalized on a second dimension (sim.state.crossing).
function crossing(parameters, network, start_seed) {
  const crosses = new Array(network.n_people).fill(false);
  for (const i of some_of(pool_of("advantaged", network), parameters.crossing_share, CROSSING, key_of(start_seed))) crosses[i] = true;
  return crosses;
}

// A network as the engine walks it, from who is marginalized (0 or 1) and everybody's neighbours, ascending.
function network_of({ is_marginalized, neighbours }) {
  const n_people = is_marginalized.length;
  const n_marginalized = is_marginalized.filter((one) => one).length;
  return { n_people, n_marginalized, n_advantaged: n_people - n_marginalized, is_marginalized, neighbours };
}
