"""Centola, Willer & Macy (2005): the pattern of false enforcement, and the rules on a handful of people.

The paper's numbers were not at hand; the pattern is. Counts out of 40 runs are compared with what it says of nearly all
or nearly none: a count that is 95 % or 5 % likely to be in a run lies within 34..40 or 0..6 with 99.9 %.
"""

import numpy as np
import pytest

from sim.classics import emperors_dilemma
from sim.classics.lattices import torus
from sim.networks import complete, from_edges
from sim.streams import CLASSIC_START, permutation

RUNS, MOST, FEW = 40, 34, 6


def enforcing(runs=RUNS, **arguments):
    """Return in how many runs most disbelievers falsely enforce the norm in the end."""
    histories = (emperors_dilemma.run(seed=seed, **arguments).history for seed in range(runs))
    return sum(history["false_enforcement_share"].iloc[-1] > 0.5 for history in histories)


def test_on_the_lattice_three_per_cent_scattered_believers_suffice():
    assert enforcing(believer_share=0.03) >= MOST
    assert enforcing(believer_share=0.002) <= FEW


def test_clustered_believers_are_enough_with_far_fewer():
    """Half a per cent, five people, tips most runs when they sit together, and hardly any when they do not."""
    together, apart = (enforcing(believer_share=0.005, clustered=clustered) for clustered in (True, False))
    assert together > RUNS / 2
    assert apart <= FEW
    assert enforcing(believer_share=0.01, clustered=True) >= MOST


@pytest.mark.parametrize(("rewiring", "believers", "clustered"), [(0.4, 0.03, False), (0.2, 0.01, True)])
def test_bridges_stop_the_cascade(rewiring, believers, clustered):
    assert enforcing(believer_share=believers, clustered=clustered) >= MOST
    assert enforcing(believer_share=believers, clustered=clustered, rewiring=rewiring) <= FEW


@pytest.mark.parametrize("believers", [0.01, 0.05, 0.1, 0.13])
def test_where_everybody_sees_everybody_nobody_ever_enforces_falsely(believers):
    """Exact up to the weakest conviction plus the cost, .135."""
    network = complete(400, 0.0, seed=1)
    for seed in range(5):
        history = emperors_dilemma.run(believer_share=believers, network=network, seed=seed).history
        assert (history["false_enforcement_share"] == 0).all()
    assert believers < emperors_dilemma.complete_limit()


@pytest.mark.parametrize("believers", [0.15, 0.2])
def test_up_to_a_fifth_of_believers_tip_nobody_for_long_there(believers):
    assert enforcing(5, believer_share=believers, network=complete(1000, 0.0, seed=1)) == 0


def test_without_believers_nothing_happens_and_with_believers_alone_neither():
    none = emperors_dilemma.run(believer_share=0).history
    assert (none[["complying_share", "false_enforcement_share", "true_enforcement_share"]] == 0).all(axis=None)
    everybody = emperors_dilemma.run(believer_share=1).history
    assert (everybody["believers_enforcing_share"] == 0).all()


def most(conviction, *, cost=0.125):
    """Return the greatest shares in 30 steps of a disbeliever with eight believers around, and no others."""
    network = from_edges([(0, other) for other in range(1, 9)], [False] * 9)
    seed = next(s for s in range(100) if permutation(s, CLASSIC_START, 9)[8] == 0)  # the middle is no believer
    return emperors_dilemma.run(believer_share=8 / 9, weakest=conviction, strongest=conviction, enforcement_cost=cost,
                                network=network, steps=30, seed=seed).history.max()  # fmt: skip


def test_one_disbeliever_among_believers():
    """All eight see a deviant and enforce (1 x 1 > .125); the pressure in the middle then rises to 1."""
    assert most(0.86)[["complying_share", "false_enforcement_share"]].tolist() == [1, 1]  # 1 > .86 + .125
    assert most(0.9)[["complying_share", "false_enforcement_share"]].tolist() == [1, 0]  # 1 > .9, 1 < .9 + .125
    assert most(1.0)[["complying_share", "true_enforcement_share"]].tolist() == [0, 1]  # not greater; 1 x 1 > .125
    assert most(1.0, cost=1.0)["true_enforcement_share"] == 0
    assert most(0.5, cost=1.0)[["complying_share", "believers_enforcing_share"]].tolist() == [0, 0]


@pytest.mark.parametrize(
    ("name", "low", "high"),
    [("enforcement_cost", 0.125, 0.4), ("strongest", 0.38, 0.9), ("weakest", 0.01, 0.35)],
)
def test_higher_costs_and_convictions_stop_it(name, low, high):
    assert enforcing(10, **{name: low}) >= 9
    assert enforcing(10, **{name: high}) <= 1


def test_convictions_must_have_a_range():
    with pytest.raises(ValueError, match=r"weakest = 0\.5 .* at most strongest = 0\.38"):
        emperors_dilemma.run(weakest=0.5)


def test_the_nearest_people_come_first():
    network = torus(9)
    order = np.roll(np.arange(81), -40)  # 40 is in the middle
    ranked = emperors_dilemma.nearest(network, order)
    assert ranked[0] == 40
    assert set(ranked[1:9]) == set(network.neighbours_of(40))
    assert sorted(ranked) == list(range(81))
