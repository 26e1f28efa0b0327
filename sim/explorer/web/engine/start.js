// How a run starts (sim.state.first_state): people drawn from the start seed, stances from the kind of start.
const STARTS = { silent: BYSTAND, allied: ALLY, opposed: OPPOSE };

function first_state(parameters, network, start, start_seed) {
  const state = empty_state(network.n_people), key = key_of(start_seed);
  _draw_people(network.is_marginalized, parameters, ...key, state.act, state.sympathy, state.loyalty, state.trust);
  const advantaged = pool_of("advantaged", network);
  for (const i of advantaged) state.act[i] = typeof start === "string" ? STARTS[start] : BYSTAND;
  if (typeof start === "number") {
    const draw = new Map(advantaged.map((i) => [i, uniform(i, 0, FIRST_STANCE, ...key)]));
    const order = advantaged.slice().sort((a, b) => draw.get(a) - draw.get(b) || a - b);
    for (const i of order.slice(0, rounded(start * advantaged.length))) state.act[i] = ALLY;
  }
  return state;
}

// A network as the engine walks it, from who is marginalized (0 or 1) and everybody's neighbours, ascending.
function network_of({ is_marginalized, neighbours }) {
  const n_people = is_marginalized.length;
  const n_marginalized = is_marginalized.filter((one) => one).length;
  return { n_people, n_marginalized, n_advantaged: n_people - n_marginalized, is_marginalized, neighbours };
}
