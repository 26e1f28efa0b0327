// One run, advanced step by step. The order of a step is generated from sim/model.py.
class World {
  // `settings`: parameters, network, seed, start_seed, start (or a `state` to go on from), schedule, interventions, limits.
  constructor(settings) {
    this.network = settings.network;
    this.schedule = settings.schedule;
    this.key = key_of(settings.seed);
    const { parameters, network, start_seed, limits, picked = null } = settings;
    const numbers = { ...parameters, forced: NOT_FORCED };
    const state = settings.state || first_state(numbers, network, settings.start, start_seed);
    this.course = new Course(parameters, network, settings.interventions, { state, start_seed, limits, picked });
    this.enter(this.course.begun(state));
  }

  enter(state) {
    this.now = state.step;
    this.people = Array.from({ length: this.network.n_people }, (_, i) => person_from(this, state, i));
    this.agents = { do: (moment) => this.people.forEach((person) => person[moment]()) };
    this._meet();
    this._look_up_numbers();
  }

  numbers_of(person) {
    return this._numbers[this.course.classes[person.number]];
  }

  _look_up_numbers() {
    this._numbers = this.course.numbers(this.now);
    this.told = 0.0;
    const n = this.network.n_advantaged;
    if (n && this._numbers.some((numbers) => numbers.feedback > 0)) {
      const sympathetic = this.people.filter((person) => !person.is_marginalized && person.sympathy > 0).length;
      this.told = 2.0 * (sympathetic / n) - 1.0;
    }
  }

  _meet() {
    const neighbours = this.course.neighbours_at(this.now);
    for (const person of this.people) person.meet(neighbours[person.number].map((i) => this.people[i]));
  }

  _take_up(state) {
    for (const person of this.people) take_traits(person, state, person.number);
  }

  _in_random_order() {
    const draws = this.people.map((person) => uniform(person.number, this.now, ORDER, ...this.key));
    return this.people.slice().sort((a, b) => draws[a.number] - draws[b.number] || a.number - b.number);
  }

  get state() {
    const state = empty_state(this.people.length, this.now);
    for (const person of this.people) write_person(person, state);
    return state;
  }

  measures() {
    this._look_up_numbers();
    this.agents.do("emit"); // what is shown depends on the state alone, so showing it once more changes nothing
    return measures_of(this);
  }

  note_stance() {}

  note_response() {}

  _observe() {}
}
World.prototype.step = AllyshipModel_step;
