"""Whatever is done to a run, both engines live the same lives, a run can be interrupted, and order does not matter."""

from __future__ import annotations

import numpy as np
import pytest

import sim
from sim.checks import InputError
from sim.interventions import CATALOGUE, RULES
from sim.interventions.intervention import ACTS, CHANGEABLE, SETTABLE
from sim.interventions.targets import pool_of
from sim.parameters import KNOBS
from sim.rules import Stance
from sim.state import FIELDS
from sim.verification.configurations import random_network, random_parameters, random_start
from sim.verification.engines import compared

N_CONFIGURATIONS = 200
USUAL = {knob.name: (knob.usual_low, knob.usual_high) for knob in KNOBS}
SCHEDULES = ["synchronous", "shuffled"]
quiet = pytest.mark.filterwarnings("ignore::sim.networks.NetworkWarning")


# === random lists of interventions ======================================================================


def random_time(rng) -> dict:
    begin = int(rng.integers(0, 8))
    time = {"begin": begin, "end": int(rng.choice([begin + 1, begin + int(rng.integers(2, 7))]))}
    if rng.random() < 0.4:
        del time["end"]
    return time


def random_group(rng, network, force) -> str:
    if force:
        return "advantaged" if isinstance(ACTS[force], Stance) else "marginalized"
    return str(rng.choice(["advantaged", "marginalized", "both"]))


def random_whom(rng, network, group: str, rules=RULES) -> dict:
    who = str(rng.choice([*rules, "people"]))
    pool = pool_of(group, network)
    if who == "everybody":
        return {"who": who, "group": group}
    if who == "people":
        if not len(pool):
            return {"who": "everybody", "group": group}
        few = rng.choice(pool, int(rng.integers(1, min(len(pool), 6) + 1)))
        return {"people": [network.labels[i] for i in few], "group": group}
    whom = {"who": who, "group": group, "draw": int(rng.integers(0, 3))}
    if who in ("most_loyal", "appointed", "most_sympathetic") and group == "both":
        pool = pool_of("advantaged", network)
    if rng.random() < 0.3:
        return whom | {"count": int(rng.integers(0, len(pool) + 1))}
    return whom | {"share": float(rng.choice([0.0, 0.02, 0.3, 0.7, 1.0]))}


def random_pairs(rng, network) -> list:
    if network.n_people < 2:
        return []
    return [tuple(network.labels[i] for i in rng.choice(network.n_people, 2, replace=False)) for _ in range(3)]


def random_deeds(rng, network) -> dict:
    deeds = {}
    knobs = [str(name) for name in rng.choice(CHANGEABLE, 4, replace=False)]
    if rng.random() < 0.5:
        deeds["scale"] = {name: float(rng.choice([0.0, 0.5, 0.9, 1.7, 10.0])) for name in knobs[:2]}
    if rng.random() < 0.5:
        deeds["shift"] = {name: float(rng.normal(0, np.ptp(USUAL[name]) / 2)) for name in knobs[1:]}
    if rng.random() < 0.3:
        deeds["set"] = {str(name): float(rng.choice([0.0, 0.25, 1.0])) for name in rng.choice([*SETTABLE], 2)}
    if rng.random() < 0.25:
        deeds["ties"] = int(rng.integers(1, 5))
    if rng.random() < 0.25:
        deeds["tie"], deeds["cut"] = random_pairs(rng, network), random_pairs(rng, network)
    return deeds


def random_intervention(rng, network, rules=RULES):
    ramp, strength = int(rng.choice([0, 0, 3, 9])), float(rng.choice([0.0, 0.5, 1.0, 1.0, 3.0]))
    about = random_time(rng) | {"ramp": ramp, "strength": strength}
    if rng.random() < 0.5:
        kind = str(rng.choice([*CATALOGUE]))
        defaults = CATALOGUE[kind].defaults
        about.setdefault("end", None)
        if rng.random() < 0.5:
            return sim.intervention(kind, **about)
        group = random_group(rng, network, defaults.get("force"))
        return sim.intervention(kind, **about, **random_whom(rng, network, group, rules))
    force = str(rng.choice([*ACTS])) if rng.random() < 0.3 else None
    group = random_group(rng, network, force)
    deeds = random_deeds(rng, network) | ({"force": force} if force else {})
    if not any(deeds.values()):
        deeds["shift"] = {"effort": -0.5}
    return sim.intervention(**about, **deeds, **random_whom(rng, network, group, rules))


def random_list(rng, network, rules=RULES, **settings) -> list:
    """Draw up to five interventions that can be used together in a run with these settings."""
    chosen = []
    for _ in range(int(rng.integers(1, 6))):
        try:
            more = [*chosen, random_intervention(rng, network, rules)]
            sim.simulate(network=network, steps=0, interventions=more, **settings)
        except InputError as problem:
            allowed = ("force different acts", "to different values at step", "does nothing")
            assert any(words in str(problem) for words in allowed), problem
        else:
            chosen = more
    return chosen


def configuration(rng, rules=RULES):
    parameters, network = random_parameters(rng), random_network(rng)
    people = {"start": random_start(rng, network), "start_seed": int(rng.integers(2**63))}
    given = random_list(rng, network, rules, parameters=parameters, **people)
    luck = {"seed": int(rng.integers(2**63)), "schedule": str(rng.choice(SCHEDULES))}
    return parameters, network, people | luck | {"interventions": given}


def sets_clash(interventions) -> bool:
    """Tell whether the same trait is set twice at the same step."""
    given = [(one.begin, name) for one in interventions for name in one.set if one.strength]
    return len(set(given)) < len(given)


def same_bits(one, other) -> list[str]:
    """Return the names of everything in which two runs differ."""
    found = [] if one.state == other.state else ["state"]
    if one.trajectory and other.trajectory:
        found += [name for name in FIELDS if one.trajectory[name].tobytes() != other.trajectory[name].tobytes()]
    found += [] if one.tallies.tobytes() == other.tallies.tobytes() else ["tallies"]
    found += [] if one.history.equals(other.history) else ["history"]
    return found + ([] if one.people.equals(other.people) else ["people"])


def part_of(run, first: int, last: int) -> dict:
    return {name: run.trajectory[name][first : last + 1].tobytes() for name in FIELDS}


# === the two engines ====================================================================================


@quiet
@pytest.mark.parametrize("block", range(10))
def test_both_engines_agree_whatever_is_done(block):
    rng = np.random.default_rng([20261121, block])
    for case in range(N_CONFIGURATIONS // 10):
        parameters, network, settings = configuration(rng)
        steps = int(rng.integers(0, 14))
        run = sim.simulate(parameters, network, steps=steps, record_people=True, threads=1, **settings)
        case = compared({"parameters": parameters, "network": network, "steps": steps, **settings})
        found = [] if case.is_within else [case]
        for about in ({"threads": 1}, {"threads": 3}, {"threads": 3, "record_people": True}):
            other = sim.simulate(parameters, network, steps=steps, **about, **settings)
            found += [(name, about) for name in same_bits(run, other)]
        assert not found, (block, case, found, steps, parameters, network, settings)


@quiet
def test_the_random_lists_do_something():
    rng, moved = np.random.default_rng([20261121, 0]), 0
    for _ in range(40):
        parameters, network, settings = configuration(rng)
        given = settings.pop("interventions")
        one, other = (sim.simulate(parameters, network, steps=9, interventions=i, **settings) for i in (given, []))
        moved += one.state != other.state
    assert moved >= 20


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_threads_do_not_change_a_bit_in_many_classes(schedule):
    network = sim.networks.scale_free(n_people=3001, mean_degree=6, seed=3)
    given = [
        sim.intervention(who=who, share=0.4, draw=draw, shift={"effort": -0.1 - draw}, begin=draw, end=9, ramp=draw)
        for draw, who in enumerate(["random", "highest_degree", "peer_nominated", "random"])
    ]
    given += [sim.intervention("cross_group_ties", begin=4, end=8), sim.intervention("norm_feedback", begin=2)]
    settings = {"network": network, "steps": 12, "seed": 5, "start": 0.2, "interventions": given, "schedule": schedule}
    one = sim.simulate(threads=1, **settings)
    assert one.course.n_classes > 12
    for threads in (2, 3, 7):
        assert not same_bits(one, sim.simulate(threads=threads, **settings)), threads


@quiet
@pytest.mark.parametrize("block", range(4))
def test_the_order_of_the_list_does_not_matter_to_a_bit(block):
    rng = np.random.default_rng([20261122, block])
    for case in range(25):
        parameters, network, settings = configuration(rng)
        given = settings.pop("interventions")
        if sets_clash(given):
            continue
        turned = [given[i] for i in rng.permutation(len(given))]
        one, other = (
            sim.simulate(parameters, network, steps=12, interventions=these, record_people=True, **settings)
            for these in (given, turned)
        )
        assert not same_bits(one, other), (block, case, parameters, network, given, turned)


def test_two_settings_of_one_trait_at_one_step_are_refused_or_do_not_depend_on_order():
    network = sim.networks.two_groups(n_people=40, mean_degree=6, seed=1)
    high, low = (sim.intervention(set={"sympathy": value}, begin=1) for value in (1.0, -1.0))
    try:
        one, other = (
            sim.simulate(network=network, steps=2, interventions=these) for these in ([high, low], [low, high])
        )
    except InputError:
        return
    assert one.state == other.state


# === interrupted and continued ==========================================================================


@quiet
@pytest.mark.parametrize("block", range(5))
def test_a_run_goes_on_as_if_it_had_not_been_interrupted(block):
    rng = np.random.default_rng([20261123, block])
    for case in range(12):
        parameters, network, settings = configuration(rng)
        start, more = settings.pop("start"), {"record_people": True} | settings
        whole = sim.simulate(parameters, network, steps=14, start=start, **more)
        cut = int(rng.integers(0, 15))
        half = sim.simulate(parameters, network, steps=cut, start=start, **more)
        rest = sim.simulate(parameters, network, steps=14 - cut, start=half, **more)
        about = (block, case, cut, parameters, network, settings)
        assert rest.state == whole.state, about
        assert part_of(whole, cut, 14) == part_of(rest, 0, 14 - cut), about
        assert rest.tallies.tobytes() == whole.tallies[cut:].tobytes(), about
        columns = [name for name in whole.history if name not in ("betrayals", "new_allies", "new_withdrawals")]
        expected = whole.history.iloc[cut:].reset_index(drop=True)
        assert rest.history[columns].equals(expected[columns]), about
        assert all(np.array_equal(a, b) for a, b in zip(rest.picked, whole.picked, strict=True)), about


@pytest.mark.parametrize("schedule", SCHEDULES)
def test_every_cut_of_ramps_windows_and_changed_ties(schedule):
    network = sim.networks.two_groups(n_people=60, mean_degree=6, homophily=0.5, seed=1)
    given = [
        sim.intervention("bystander_training", begin=2, end=9, ramp=5),
        sim.intervention("cross_group_ties", begin=3, end=7),
        sim.intervention("committed_allies", who="most_sympathetic", begin=4, end=8),
        sim.intervention(set={"sympathy": -0.5, "trust": 0.9}, who="random", share=0.5, begin=5),
        sim.intervention("safe_spaces", who="random", share=0.5, begin=1, end=6, ramp=2),
    ]
    settings = {"network": network, "seed": 3, "schedule": schedule, "interventions": given, "record_people": True}
    whole = sim.simulate(sim.Parameters(revise=0.5), steps=12, start=0.3, **settings)
    for cut in range(13):
        half = sim.simulate(sim.Parameters(revise=0.5), steps=cut, start=0.3, **settings)
        rest = sim.simulate(sim.Parameters(revise=0.5), steps=12 - cut, start=half, **settings)
        assert half.tallies[:-1].tobytes() == whole.tallies[:cut].tobytes(), cut
        assert rest.tallies.tobytes() == whole.tallies[cut:].tobytes(), cut
        assert part_of(whole, cut, 12) == part_of(rest, 0, 12 - cut), cut


@quiet
def test_the_readable_model_goes_on_from_a_run_too():
    rng = np.random.default_rng(20261124)
    fixed = [rule for rule in RULES if rule not in ("most_sympathetic", "most_loyal", "appointed")]
    for case in range(12):
        parameters, network, settings = configuration(rng, fixed)
        settings["interventions"] = [one for one in settings["interventions"] if one.who in fixed]
        start, cut = settings.pop("start"), int(rng.integers(0, 9))
        whole = sim.simulate(parameters, network, steps=9, start=start, **settings)
        half = sim.simulate(parameters, network, steps=cut, start=start, **settings)
        seed, start_seed = settings.pop("seed"), settings.pop("start_seed")
        model = sim.AllyshipModel(parameters, network=network, rng=seed, start=half, **settings)
        assert model.start_seed == start_seed
        model.run_for(9 - cut)
        assert model.state == whole.state, (case, cut, parameters, network, settings)


SWAYED = [
    sim.intervention(set={"sympathy": -1.0}, who="most_sympathetic", count=10, begin=2),
    sim.intervention("empathy", who="most_sympathetic", share=0.2, begin=6, strength=10),
]


def test_the_readable_model_goes_on_with_the_people_picked_at_the_start():
    settings = {"network": sim.networks.two_groups(n_people=60, mean_degree=6, seed=1), "interventions": SWAYED}
    half = sim.simulate(steps=5, seed=1, **settings)
    rest = sim.simulate(steps=5, seed=1, start=half, **settings)
    model = sim.AllyshipModel(rng=1, start=half, **settings)
    model.run_for(5)
    assert model.state == rest.state


def test_the_order_of_the_list_does_not_matter_to_a_run_that_goes_on():
    settings = {"network": sim.networks.two_groups(n_people=60, mean_degree=6, seed=1), "seed": 1, "steps": 5}
    half = sim.simulate(interventions=SWAYED, **settings)
    same, turned = (sim.simulate(start=half, interventions=given, **settings) for given in (SWAYED, SWAYED[::-1]))
    assert same.state == turned.state


def test_new_parameters_of_the_readable_model_leave_new_ties_alone():
    network = sim.networks.two_groups(n_people=60, mean_degree=6, seed=1)
    model = sim.AllyshipModel(network=network, rng=5, interventions=["cross_group_ties"])
    before = model.course.network_at(1)
    model.parameters = model.parameters.replace(effort=1.0)
    assert model.course.network_at(1) == before


# === nothing before it begins, nothing at strength 0 ====================================================


@quiet
@pytest.mark.parametrize("block", range(4))
def test_before_the_first_step_touched_a_run_is_the_one_without(block):
    rng = np.random.default_rng([20261125, block])
    for case in range(15):
        parameters, network, settings = configuration(rng)
        given = settings.pop("interventions")
        with_it = sim.simulate(parameters, network, steps=12, interventions=given, record_people=True, **settings)
        without = sim.simulate(parameters, network, steps=12, record_people=True, **settings)
        first = min((one.begin for one in given if one.strength > 0), default=12)
        knobs_only = not any(one.force or one.set or one.changes_ties for one in given if one.begin == first)
        last = first if knobs_only else first - 1  # a knob is felt in the course of the step
        assert part_of(with_it, 0, last) == part_of(without, 0, last), (block, case, parameters, network, given)
        assert with_it.tallies[: max(last, 0), :19].tobytes() == without.tallies[: max(last, 0), :19].tobytes()


@quiet
def test_at_strength_0_nothing_happens_at_all():
    rng = np.random.default_rng(20261126)
    for case in range(40):
        parameters, network, settings = configuration(rng)
        given = [{**one.to_dict(), "kind": "custom", "strength": 0.0} for one in settings.pop("interventions")]
        nothing = sim.simulate(parameters, network, steps=9, interventions=given, record_people=True, **settings)
        without = sim.simulate(parameters, network, steps=9, record_people=True, **settings)
        assert not same_bits(nothing, without), (case, parameters, network, given)


def test_a_run_with_every_kind_at_strength_0_is_the_run_without():
    network = sim.networks.two_groups(n_people=100, seed=1)
    nothing = [sim.intervention(kind, strength=0) for kind in CATALOGUE]
    one, other = (
        sim.simulate(network=network, steps=110, seed=2, interventions=given, record_people=True)
        for given in (nothing, [])
    )
    assert not same_bits(one, other)
