"""Without noise, opposition and token acts the model is a linear threshold model: ally if share > e / (lambda J)."""

import numpy as np
import pytest

from sim import simulate
from sim.meanfield import equilibria
from sim.networks import from_edges, two_groups
from sim.rules import Stance
from sim.verification.cascades import LINEAR, linear_threshold, next_stance_of_the_centre, stands_up
from sim.verification.thresholds import seeded, thresholds_at


@pytest.mark.parametrize("n_neighbours", [1, 2, 3, 4, 8, 16, 40])
@pytest.mark.parametrize(("loyalty", "coupling", "effort"), LINEAR)
def test_people_stand_up_when_the_share_of_allies_exceeds_the_threshold(loyalty, coupling, effort, n_neighbours):
    """The values are binary fractions, so that the share can equal the threshold exactly: then silence stays."""
    parameters = linear_threshold(loyalty, coupling, effort)
    for n_allies in range(n_neighbours + 1):
        expected = stands_up(loyalty, coupling, effort, n_allies, n_neighbours)
        assert next_stance_of_the_centre(parameters, n_allies, n_neighbours) == expected


def test_indifference_means_silence_whatever_the_luck():
    ring = from_edges([(i, (i + 1) % 400) for i in range(400)], [False] * 400)
    parameters = thresholds_at(0.5)
    every_other = ["ally", "bystand"] * 200  # everybody sees no ally, or two
    assert simulate(parameters, ring, steps=1, start=every_other).history.ally_share.tolist() == [0.5, 0.5]
    pairs = ["ally", "ally", "bystand", "bystand"] * 100  # everybody sees exactly one: a tie
    assert simulate(parameters, ring, steps=1, start=pairs).history.ally_share.tolist() == [0.5, 0]


def test_an_ordinary_ally_without_support_falls_silent_again():
    assert next_stance_of_the_centre(thresholds_at(0.18), 0, 5) == Stance.BYSTAND
    pair = from_edges([(0, 1)], [False, False])
    alone = from_edges([], [False])
    for network, shares in ((pair, [0.5, 0.5, 0.5]), (alone, [1, 0, 0])):  # the two of a pair take turns
        run = simulate(thresholds_at(0.18), network, steps=2, start={0: "ally"})
        assert run.history.ally_share.tolist() == shares


def test_around_a_convinced_seed_allies_only_ever_join():
    network = two_groups(2000, 0.0, mean_degree=4, homophily=0, seed=3)
    parameters = thresholds_at(0.18)
    acts = simulate(
        parameters, network, steps=60, start=seeded(parameters, network, [0, 1, 2]), record_people=True
    ).trajectory["act"]  # fmt: skip
    assert acts[-1].mean() > 2 * Stance.BYSTAND
    assert (np.diff(acts.astype(int), axis=0) >= 0).all()


@pytest.mark.parametrize("revise", [0.2, 0.7])
def test_slower_revision_ends_in_the_same_place(revise):
    network = two_groups(2000, 0.0, mean_degree=4, homophily=0, seed=3)
    ends = [
        simulate(parameters, network, steps=600, start=seeded(parameters, network, [0, 1, 2]), seed=4).state.act
        for parameters in (thresholds_at(0.18), thresholds_at(0.18).replace(revise=revise))
    ]
    assert (ends[0] == ends[1]).all()


@pytest.mark.parametrize("phi", [0.18, 0.5, 0.9])
def test_equally_reluctant_people_have_a_threshold_between_none_and_all(phi):
    table = equilibria(thresholds_at(phi))
    assert table.norm.to_numpy() == pytest.approx([0, phi, 1], abs=1e-9)
    assert table.is_stable.tolist() == [True, False, True]
