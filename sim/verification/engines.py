"""Section: the readable Mesa model, the compiled engine, runs side by side and threads live the same lives."""

from __future__ import annotations

import itertools
import math

import numpy as np

from sim import networks
from sim.lanes import simulate_many
from sim.model import AllyshipModel
from sim.run import simulate
from sim.state import FIELDS
from sim.verification.check import Case, Check, Section, same_bits
from sim.verification.configurations import (
    SCHEDULES,
    random_interventions,
    random_network,
    random_parameters,
    random_run,
    random_start,
)
from sim.verification.luck import Luck, one_of

THREADED = tuple(itertools.product((1, 5, 700, 3001, 20_001), (2, 3)))  # people, threads
MOST_LANES = 33


def model_of(given: dict) -> AllyshipModel:
    """Return the Mesa model of what `sim.simulate` takes."""
    settings = {name: value for name, value in given.items() if name not in ("parameters", "steps", "seed")}
    return AllyshipModel(given["parameters"], rng=given["seed"], **settings)


def lives_of(model: AllyshipModel, steps: int) -> dict[str, np.ndarray]:
    """Step a Mesa model; return every variable of every person at every step."""
    states = [model.state]
    for _ in range(steps):
        model.step()
        states.append(model.state)
    return {name: np.array([getattr(state, name) for state in states]) for name in FIELDS}


def compared(given: dict) -> Case:
    """Make one run on both engines and compare everything that came out."""
    run = simulate(record_people=True, **given)
    model = model_of(given)
    by_model = lives_of(model, given["steps"]) | {"tallies": np.array(model._tallies)}
    by_engine = {name: run.trajectory[name] for name in FIELDS} | {"tallies": run.tallies}
    tables = {name for name in ("history", "people") if not getattr(model, name).equals(getattr(run, name))}
    case = same_bits(by_model, by_engine)
    return case if not tables else Case(math.inf, 0.0, f"{case.about} {sorted(tables)}")


def engines_agree(count: int, seed: int):
    """Compare both engines on random configurations."""
    for i in range(count):
        yield compared(random_run(Luck(seed, i)))


def a_bit_is_noticed(count: int, seed: int):
    """Change one number of a life by its last bit, and expect the comparison to see it."""
    for i in range(count):
        rng = Luck(seed, 10**6 + i)
        network = networks.two_groups(n_people=40, mean_degree=6, seed=1 + i)
        lives = simulate(network=network, steps=3, seed=i, record_people=True).trajectory
        name = one_of(("sympathy", "loyalty", "stigma", "trust"), rng)
        changed = {**lives, name: lives[name].copy()}
        place = int(rng.integers(4)), int(rng.integers(40))
        changed[name][place] = np.nextafter(changed[name][place], 2)
        yield Case(float(same_bits(lives, changed).is_within), 0.0, f"{name} at {place}")


def lanes_agree(count: int, seed: int):
    """Compare runs made side by side with the same runs made alone."""
    made = 0
    for batch in itertools.count():
        rng = Luck(seed, 2 * 10**6 + batch)
        network, size = random_network(rng), min(int(rng.integers(1, MOST_LANES + 1)), count - made)
        each = [{"parameters": random_parameters(rng), "seed": int(rng.integers(2**63)),
                 "start": random_start(rng, network), "start_seed": int(rng.integers(2**63)),
                 "interventions": random_interventions(rng, network)} for _ in range(size)]  # fmt: skip
        common = {"network": network, "steps": int(rng.integers(0, 9)), "schedule": _mostly_synchronous(rng)}
        together = side_by_side(each, common, threads=int(rng.integers(1, 4)))
        yield from (same_run(run, simulate(**common, **one)) for run, one in zip(together, each, strict=True))
        made += size
        if made >= count:
            return


def _mostly_synchronous(rng) -> str:
    return SCHEDULES[int(rng.random() < 0.1)]  # shuffled runs are made one by one anyway


def side_by_side(each: list[dict], common: dict, threads: int):
    """Return the runs of several settings, made by `simulate_many`."""
    lists = {f"{name}s": [one[name] for one in each] for name in ("seed", "start", "start_seed")}
    return simulate_many([one["parameters"] for one in each], **common, **lists, threads=threads,
                         interventions=[one["interventions"] for one in each])  # fmt: skip


def same_run(one, other) -> Case:
    """Compare two runs in the last state of everybody and in the tallies of every step."""
    return same_bits(*({name: getattr(run.state, name) for name in FIELDS} | {"tallies": run.tallies}
                       for run in (one, other)))  # fmt: skip


def threads_agree(count: int, seed: int):
    """Compare runs on two and three threads with those on one."""
    for n_people, threads in THREADED[:count]:
        network = networks.scale_free(n_people=n_people, mean_degree=min(6, (n_people - 1) // 2 * 2), seed=3)
        one, many = (simulate(network=network, steps=25, seed=seed, start=0.2, threads=n) for n in (1, threads))
        yield same_run(many, one)


SECTION = Section(
    "engines",
    "The engines are equal",
    "The model you can read, person by person in Python, and the fast one that made the results are the same model: "
    "they give everybody the same life.",
    "That the rules are a good theory: both follow the same rulebook.",
    (
        Check("Mesa model against compiled engine: every variable of every person and every tally at every step, for "
              "random parameters, presets, networks of 1 to 300 people, starts, schedules, interventions and second "
              "identities", engines_agree, 500, 40),
        Check("a life with its last bit changed: does the comparison see it? (a difference is one that went unseen)",
              a_bit_is_noticed, 50, 10, unit="unseen"),
        Check("runs side by side (`sim.simulate_many`, 1 to 33 runs, 1 to 3 threads) against the same runs one by one",
              lanes_agree, 1000, 60),
        Check("two and three threads against one, 1 to 20,001 people", threads_agree, len(THREADED), 6),
    ),
)  # fmt: skip
