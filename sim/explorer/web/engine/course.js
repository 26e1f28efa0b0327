// Interventions: whom they reach, and under which numbers everybody is at each step (sim/interventions in Python).
const ACTS = { oppose: 0, bystand: 1, token: 2, ally: 3, gatekeep: 0, withdraw: 1, welcome: 2 };
const STANCES = ["oppose", "bystand", "token", "ally"];
const MOST_NEW_TIES = 1000;

class Intervention {
  constructor(given) {
    Object.assign(this, given);
  }

  get changes_knobs() {
    return Object.keys(this.scale).length + Object.keys(this.shift).length > 0;
  }

  get is_set() {
    return Object.keys(this.set).length > 0;
  }
}
Intervention.prototype.strength_at = Intervention_strength_at;
Intervention.prototype.is_on = Intervention_is_on;

// Whom an intervention reaches, ascending (sim.interventions.targets.pick).
function pick(one, network, state, start_seed) {
  if (one.people) return [...new Set(one.people)].sort((a, b) => a - b);
  const pool = pool_of(one.group, network);
  if (one.who === "everybody") return pool;
  const least = one.share > 0 && pool.length ? 1 : 0;
  const count = one.count !== null ? one.count : Math.max(rounded(one.share * pool.length), least);
  const key = key_of(start_seed);
  const chance = pool.map((i) => uniform(i, 2 * one.draw, TARGETS, ...key));
  const score = SCORES[one.who](pool, network, state, (i) => uniform(i, 2 * one.draw + 1, TARGETS, ...key));
  const order = pool.map((_, place) => place);
  order.sort((a, b) => score[b] - score[a] || chance[a] - chance[b] || a - b);
  return order.slice(0, count).map((place) => pool[place]).sort((a, b) => a - b);
}

function pool_of(group, network) {
  const everybody = Array.from({ length: network.n_people }, (_, i) => i);
  if (group === "both") return everybody;
  return everybody.filter((i) => (network.is_marginalized[i] === 1) === (group === "marginalized"));
}

function ranks(values) {
  return values.map((value) => values.filter((other) => other < value).length);
}

const SCORES = {
  random: (pool) => pool.map(() => 0),
  highest_degree: (pool, network) => pool.map((i) => network.neighbours[i].length),
  bridging: (pool, network) =>
    pool.map((i) => network.neighbours[i].filter((j) => network.is_marginalized[j] !== network.is_marginalized[i]).length),
  most_sympathetic: (pool, network, state) =>
    pool.map((i) => (network.is_marginalized[i] ? state.trust[i] : state.sympathy[i])),
  most_loyal: (pool, network, state) => pool.map((i) => state.loyalty[i]),
  appointed: (pool, network, state) => {
    const ties = ranks(pool.map((i) => network.neighbours[i].length)), loyalty = ranks(pool.map((i) => state.loyalty[i]));
    return ties.map((rank, place) => rank + loyalty[place]);
  },
  peer_nominated: (pool, network, state, draw) => {
    const named = new Array(network.n_people).fill(0);
    network.neighbours.forEach((ties, i) => {
      if (ties.length) named[ties[whole(draw(i) * ties.length)]] += 1;
    });
    return pool.map((i) => named[i]);
  },
};

class Course {
  constructor(parameters, network, interventions, { state = null, start_seed = 0, picked = null, limits }) {
    this.parameters = parameters;
    this.network = network;
    this.limits = limits;
    this.start_seed = start_seed;
    this.interventions = interventions.map((one) => new Intervention(one));
    this.picked = this.interventions.map((one, i) => (picked && picked[i]) || pick(one, network, state, start_seed));
    this.acting = this.interventions
      .map((one, i) => ({ one, i, order: sorting_text(one) }))
      .filter(({ one }) => one.changes_knobs || one.force)
      .sort((a, b) => (a.order < b.order ? -1 : a.order > b.order ? 1 : a.i - b.i));
    this.crosses = crossing(parameters, network, start_seed);
    this.refuse_clashes();
    this.resolve_classes();
  }

  // Two scripts that want different things of one person at one time (sim.interventions.course refuses them as well).
  refuse_clashes() {
    const on = (one) => one.strength > 0;
    const overlap = (a, b) => (a.end === null || b.begin < a.end) && (b.end === null || a.begin < b.end);
    this.interventions.forEach((a, i) =>
      this.interventions.slice(i + 1).forEach((b, rest) => {
        const both = this.picked[i].some((person) => this.picked[i + 1 + rest].includes(person));
        const acts = a.force && b.force && a.force !== b.force && overlap(a, b);
        const traits = a.begin === b.begin && Object.keys(a.set).some((name) => name in b.set && a.set[name] !== b.set[name]);
        if (on(a) && on(b) && both && (acts || traits)) throw new Clash(a.kind, b.kind);
      }),
    );
  }

  // People who are reached by the same interventions and have the same identities are always under the same numbers.
  resolve_classes() {
    const names = new Map();
    this.members = [];
    this.classes = Array.from({ length: this.network.n_people }, (_, person) => {
      const reached = this.acting.map(({ i }) => this.picked[i].includes(person));
      const crosses = this.crosses[person], name = [...reached, crosses].join();
      if (!names.has(name)) {
        names.set(name, this.members.length);
        this.members.push({ reached, crosses });
      }
      return names.get(name);
    });
    this.tables = new Map();
  }

  numbers(step) {
    const signature = this.acting.map(({ one }) => [one.strength_at(step), Boolean(one.force) && one.is_on(step + 1)]);
    const name = signature.join();
    if (!this.tables.has(name)) this.tables.set(name, this.members.map((one) => this.made(one, signature)));
    return this.tables.get(name);
  }

  made({ reached, crosses }, signature) {
    const numbers = { ...this.parameters, forced: NOT_FORCED };
    if (!crosses) numbers.crossing_stigma = 0.0; // only those bear it who have that identity
    const changed = new Set();
    this.acting.forEach(({ one }, column) => {
      for (const [knob, factor] of Object.entries(one.scale)) {
        if (reached[column]) numbers[knob] *= Math.max(0.0, 1.0 + signature[column][0] * (factor - 1.0));
        changed.add(knob);
      }
    });
    this.acting.forEach(({ one }, column) => {
      for (const [knob, amount] of Object.entries(one.shift)) {
        if (reached[column]) numbers[knob] += signature[column][0] * amount;
        changed.add(knob);
      }
    });
    for (const knob of changed) numbers[knob] = Math.min(Math.max(numbers[knob], this.limits[knob][0]), this.limits[knob][1]);
    this.acting.forEach(({ one }, column) => {
      if (!signature[column][1] || !reached[column]) return;
      numbers.forced = ACTS[one.force];
      numbers.revise = 1.0; // so that nobody sleeps through the script
    });
    return numbers;
  }

  // Whether people or ties are changed from outside at the beginning of a step in (first, last].
  breaks(first, last) {
    const within = (step) => step !== null && first < step && step <= last;
    return this.interventions.some(
      (one) => one.strength > 0 && ((within(one.begin) && (one.is_set || one.ties)) || (within(one.end) && one.ties)),
    );
  }

  neighbours_at(step) {
    const active = this.interventions.map((one, i) => [one, this.picked[i]]).filter(([one]) => one.ties && one.is_on(step));
    if (!active.length) return this.network.neighbours;
    const sets = this.network.neighbours.map((ties) => new Set(ties));
    for (const [one, people] of active) this.add_ties(one, people, sets);
    return sets.map((ties) => [...ties].sort((a, b) => a - b));
  }

  add_ties(one, people, sets) {
    const { is_marginalized, n_people } = this.network, key = key_of(this.start_seed);
    const all = Array.from({ length: n_people }, (_, i) => i);
    for (let place = 0; place < one.ties; place++) {
      for (const person of people) {
        const others = all.filter((i) => is_marginalized[i] !== is_marginalized[person]);
        if (!others.length) continue;
        const met = others[whole(uniform(person, MOST_NEW_TIES * one.draw + place, MEETINGS, ...key) * others.length)];
        sets[person].add(met);
        sets[met].add(person);
      }
    }
  }

  arrived(state) {
    const copy = copy_state(state);
    this.interventions.forEach((one, i) => {
      if (!one.is_set || !(one.strength > 0) || one.begin !== state.step) return;
      for (const [name, value] of Object.entries(one.set)) {
        for (const person of this.picked[i]) {
          if ((this.network.is_marginalized[person] === 1) === (name === "trust")) copy[name][person] = value;
        }
      }
    });
    return copy;
  }

  begun(state) {
    const copy = this.arrived(state);
    this.interventions.forEach((one, i) => {
      if (!one.force || !one.is_on(state.step)) return;
      const is_stance = STANCES.includes(one.force), act = ACTS[one.force];
      for (const person of this.picked[i]) {
        if (is_stance && state.step > 0 && one.force !== "ally" && copy.act[person] === ALLY) copy.betrayed[person] = 1;
        if (act === ALLY) copy.betrayed[person] = 0;
        copy.act[person] = act;
      }
    });
    return copy;
  }
}

class Clash extends Error {
  constructor(one, other) {
    super(`${one} and ${other} want different things of the same person`);
    this.kinds = [one, other];
  }
}

// The order in which interventions multiply and add up: as Python sorts them, by how it would print them.
function sorting_text(one) {
  const whole_numbers = ["begin", "end", "ramp", "count", "draw", "ties"];
  const print = (value, is_whole) => {
    if (value === null) return "None";
    if (typeof value === "string") return `'${value}'`;
    if (typeof value === "number") return is_whole || !Number.isInteger(value) ? String(value) : `${value}.0`;
    if (Array.isArray(value)) return `[${value.map((item) => print(item, true)).join(", ")}]`;
    return `{${Object.entries(value).map(([name, item]) => `'${name}': ${print(item, false)}`).join(", ")}}`;
  };
  const names = Object.keys(one).sort();
  return `[${names.map((name) => `('${name}', ${print(one[name], whole_numbers.includes(name))})`).join(", ")}]`;
}
