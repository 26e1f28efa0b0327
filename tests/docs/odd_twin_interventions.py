"""Interventions, written from docs/odd.md alone on top of the second implementation of the model.

An intervention `one` is anything with the arguments of the page; persons are named by their numbers.
"""

from __future__ import annotations

import copy
from types import SimpleNamespace

from odd_twin import advance, clip, draw, first_people

TARGETS, MEETINGS = 33, 35
ACTS = {"oppose": 0, "bystand": 1, "token": 2, "ally": 3, "gatekeep": 0, "withdraw": 1, "welcome": 2}


def whom(one, people, start_seed):
    """Return the numbers of the persons whom an intervention reaches, by the state at the beginning."""
    if one.people:
        return set(one.people)
    pool = [person for person in people if one.group in ("both", group_of(person))]
    if one.who == "everybody":
        return {person.number for person in pool}
    count = max(round(one.share * len(pool)), one.share > 0) if one.count is None else one.count
    score = scores(one, people, pool, start_seed)

    def place(person):
        return -score[person.number], draw(start_seed, person.number, 2 * one.draw, TARGETS)

    return {person.number for person in sorted(pool, key=place)[:count]}


def group_of(person):
    return "marginalized" if person.is_marginalized else "advantaged"


def scores(one, people, pool, start_seed):
    named = [0] * len(people)
    for person in people:
        if person.neighbours:
            u = draw(start_seed, person.number, 2 * one.draw + 1, TARGETS)
            named[sorted(other.number for other in person.neighbours)[int(u * len(person.neighbours))]] += 1
    rule = {
        "random": lambda person: 0,
        "highest_degree": lambda person: len(person.neighbours),
        "bridging": lambda person: sum(other.is_marginalized != person.is_marginalized for other in person.neighbours),
        "most_sympathetic": lambda person: person.trust if person.is_marginalized else person.sympathy,
        "most_loyal": lambda person: person.loyalty,
        "peer_nominated": lambda person: named[person.number],
        "appointed": lambda person: sum(
            (len(other.neighbours) < len(person.neighbours)) + (other.loyalty < person.loyalty) for other in pool
        ),
    }[one.who]
    return {person.number: rule(person) for person in pool}


def is_on(one, step):
    return one.begin <= step and (one.end is None or step < one.end)


def numbers_of(p, limits, plan, person, step):
    """Return the parameters that a person is under while the step from `step` is taken."""
    values = p.to_dict() | {"script": None}
    mine = [one for one, reached in plan if person.number in reached]
    strength = {id(one): one.strength * min(1, (step - one.begin + 1) / one.ramp if one.ramp else 1) for one in mine}
    active = [one for one in mine if is_on(one, step)]
    for one in active:
        for name, factor in one.scale.items():
            values[name] *= max(0, 1 + strength[id(one)] * (factor - 1))
    for one in active:
        for name, amount in one.shift.items():
            values[name] += strength[id(one)] * amount
    for name in {name for one in active for name in (*one.scale, *one.shift)}:
        values[name] = clip(values[name], *limits[name])
    for one in mine:
        if one.force and is_on(one, step + 1):
            values |= {"script": ACTS[one.force], "revise": 1.0}
    return SimpleNamespace(**values)


def tie_up(people, ties, plan, start_seed, step):
    """Give everybody the neighbours of a step."""
    there, gone = {tuple(sorted(tie)) for tie in ties}, set()
    for one, reached in plan:
        if is_on(one, step):
            there |= {tuple(sorted(tie)) for tie in one.tie}
            gone |= {tuple(sorted(tie)) for tie in one.cut}
            for i in sorted(reached):
                others = [other.number for other in people if other.is_marginalized != people[i].is_marginalized]
                met = [others[int(draw(start_seed, i, 1000 * one.draw + j, MEETINGS) * len(others))]
                       for j in range(one.ties)]  # fmt: skip
                there |= {(min(i, other), max(i, other)) for other in met}
    for person in people:
        person.neighbours = []
    for low, high in there - gone:
        people[low].neighbours.append(people[high])
        people[high].neighbours.append(people[low])


def set_traits(people, plan, step):
    for one, reached in plan:
        for name, value in one.set.items() if one.begin == step else ():
            for i in reached:
                if people[i].is_marginalized == (name == "trust"):
                    setattr(people[i], name, value)


def simulate(p, limits, is_marginalized, ties, interventions, *, steps, start, seed, start_seed, schedule):
    """Return the people at every step."""
    people = first_people(p, is_marginalized, ties, start, start_seed)
    plan = [(one, whom(one, people, start_seed)) for one in interventions]
    set_traits(people, plan, 0)
    for one, reached in plan:
        for i in reached if one.force and is_on(one, 0) else ():
            people[i].act = ACTS[one.force]
    lives = [copy.deepcopy(people)]
    for step in range(steps):
        tie_up(people, ties, plan, start_seed, step)
        under = [numbers_of(p, limits, plan, person, step) for person in people]
        advance(lambda person, under=under: under[person.number], people, seed, step, schedule)
        set_traits(people, plan, step + 1)
        lives.append(copy.deepcopy(people))
    return lives
