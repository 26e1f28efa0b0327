"""Random configurations: parameters, networks, starts, schedules and interventions of every kind.

`rng` is a `Luck`, or a generator of NumPy.
"""

from __future__ import annotations

import numpy as np

from sim import networks
from sim.interventions import CATALOGUE, RULES, Intervention, intervention
from sim.parameters import KNOBS, Parameters, presets
from sim.verification.luck import one_of, several

SIZES = (1, 2, 3, 5, 17, 60, 150, 300)
FAMILIES = ("two_groups", "scale_free", "small_world", "complete", "star", "graph")
STARTS = ("silent", "allied", "opposed", 0.0, 0.07, 0.5, 1.0, "by person")
SCHEDULES = ("synchronous", "shuffled")
STANCES = ("oppose", "bystand", "token", "ally", None)
RESPONSES = ("gatekeep", "withdraw", "welcome", None)


def random_parameters(rng) -> Parameters:
    """Draw a preset with about half of its knobs moved, often to an end of their usual range."""
    values = one_of(presets().values(), rng).parameters.to_dict()
    for knob in KNOBS:
        if knob.is_switch:
            values[knob.name] = bool(rng.random() < 0.9)
        elif rng.random() < 0.5:
            ends = (knob.usual_low, knob.usual_high, rng.uniform(knob.usual_low, knob.usual_high))
            values[knob.name] = float(one_of(ends, rng))
    values["ally_allowed"] = True
    values["revise"] = one_of((0.1, 0.5, 1.0), rng)
    return Parameters(**values)


def random_network(rng):
    """Draw a network of any family, from 1 to 300 people, hubs and isolated people included."""
    n, share, kind = one_of(SIZES, rng), one_of((0.0, 0.2, 0.5, 1.0), rng), one_of(FAMILIES, rng)
    if kind == "star":
        return networks.from_edges([(0, i) for i in range(1, n + 1)], _groups(n + 1, rng))
    if kind == "graph":
        n = max(n, 2)
        return networks.from_edges(_random_pairs(n, 2 * n, rng), _groups(n, rng))
    seed = int(rng.integers(2**32))
    if kind == "complete":
        return networks.complete(n_people=min(n, 60), marginalized_share=share, seed=seed)
    degree = min(one_of((2, 4, 10), rng), (n - 1) // 2 * 2)
    extra = {"homophily": one_of((0.0, 0.6), rng)} if kind == "two_groups" else {}
    generate = networks.GENERATORS[kind]
    return generate(n_people=n, marginalized_share=share, mean_degree=degree, seed=seed, **extra)


def _groups(n: int, rng) -> list[bool]:
    return [bool(rng.random() < 0.3) for _ in range(n)]


def _random_pairs(n: int, count: int, rng) -> np.ndarray:
    """Return at most so many different pairs of people."""
    drawn = [(int(rng.integers(n)), int(rng.integers(n))) for _ in range(count)]
    pairs = sorted({(min(pair), max(pair)) for pair in drawn if pair[0] != pair[1]})
    return np.array(pairs, dtype=np.int64).reshape(-1, 2)


def random_start(rng, network):
    """Draw a start: a word, a share of allies, or something for every single person."""
    start = one_of(STARTS, rng)
    if start != "by person":
        return start
    return [one_of(RESPONSES if is_marginalized else STANCES, rng) for is_marginalized in network.is_marginalized]


def random_interventions(rng, network) -> list[Intervention]:
    """Draw what is done to a run: mostly nothing, else ready-made things or one of one's own."""
    if rng.random() < 0.5:
        return []
    groups = [group for group, n in (("advantaged", network.n_advantaged), ("marginalized", network.n_marginalized))
              if n > 0]  # fmt: skip
    return [random_custom(rng, groups)] if rng.random() < 0.5 else _random_ready_made(rng)


def random_custom(rng, groups: list[str]) -> Intervention:
    """Draw knobs, scripts, ties or feelings for half of a group, with or without a ramp."""
    group = one_of(groups, rng)
    is_advantaged = group == "advantaged"
    about = {"group": group, "who": "random", "share": 0.5, "begin": int(rng.integers(0, 4))}
    kinds = [
        {"scale": {"sanction": 0.5, "noise": 1.5}, "ramp": int(rng.integers(0, 4))},
        {"shift": {"feedback": 0.5, "heed": 0.3}, "end": 6},
        {"force": "ally" if is_advantaged else "withdraw", "end": 5},
        {"set": {"sympathy": 0.9} if is_advantaged else {"trust": 0.1}},
        {"ties": 2} if len(groups) == 2 else {"shift": {"appeals": 0.1}},
    ]
    return intervention(**about, **one_of(kinds, rng))


def _random_ready_made(rng) -> list[Intervention]:
    """Draw up to three of the catalogue with other times, people and strengths; never two scripts."""
    done: list[Intervention] = []
    for kind in several(CATALOGUE, int(rng.integers(1, 4)), rng):
        begin = int(rng.integers(0, 6))
        given = {"begin": begin, "strength": one_of((0.5, 1.0, 1.7), rng), "draw": int(rng.integers(0, 3))}
        if CATALOGUE[kind].defaults.get("who", "everybody") != "everybody":
            given["who"] = one_of(RULES[1:], rng)
        if rng.random() < 0.5:
            given |= {"end": begin + int(rng.integers(1, 5)), "ramp": int(rng.integers(0, 4))}
        one = intervention(kind, **given)
        if not (one.force and any(other.force for other in done)):
            done.append(one)
    return done


def random_run(rng) -> dict:
    """Draw everything that `sim.simulate` takes."""
    network = random_network(rng)
    return {
        "parameters": random_parameters(rng),
        "network": network,
        "steps": int(rng.integers(0, 9)),
        "start": random_start(rng, network),
        "seed": int(rng.integers(2**63)),
        "start_seed": int(rng.integers(2**63)),
        "schedule": one_of(SCHEDULES, rng),
        "interventions": random_interventions(rng, network),
    }
