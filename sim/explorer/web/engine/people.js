// A person from a state, and back. What people do at a step is generated from sim/people.py.
AdvantagedPerson.prototype.is_marginalized = false;
MarginalizedPerson.prototype.is_marginalized = true;
const TRAITS = ["sympathy", "loyalty", "stigma", "trust"];

function person_from(model, state, i) {
  const is_marginalized = model.network.is_marginalized[i];
  const person = new (is_marginalized ? MarginalizedPerson : AdvantagedPerson)(model, i);
  take_traits(person, state, i);
  if (is_marginalized) {
    person.response = state.act[i];
  } else {
    person.stance = state.act[i];
    person.betrayed = state.betrayed[i] === 1;
  }
  return person;
}

function take_traits(person, state, i) {
  for (const name of person.is_marginalized ? ["trust"] : ["sympathy", "loyalty", "stigma"]) person[name] = state[name][i];
}

function empty_state(n, step = 0) {
  const state = { step, act: new Uint8Array(n), betrayed: new Uint8Array(n) };
  for (const name of TRAITS) state[name] = new Float64Array(n);
  return state;
}

function copy_state(state) {
  const copy = { step: state.step };
  for (const name of ["act", "betrayed", ...TRAITS]) copy[name] = state[name].slice();
  return copy;
}

function write_person(person, state) {
  const i = person.number;
  if (person.is_marginalized) {
    state.act[i] = person.response;
    state.trust[i] = person.trust;
  } else {
    state.act[i] = person.stance;
    state.betrayed[i] = person.betrayed ? 1 : 0;
    state.sympathy[i] = person.sympathy;
    state.loyalty[i] = person.loyalty;
    state.stigma[i] = person.stigma;
  }
}
