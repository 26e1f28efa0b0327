"""Gaisbauer, Olbrich & Banisch (2020): who keeps speaking, against the exact bounds and the mean field.

Tolerances: four standard errors of a mean over replicates, plus .02: people differ in their neighbourhoods (100 random
ties: a standard deviation of .05 in the share within), which moves an average over a curved function by about that.
"""

import math

import numpy as np
import pytest

from sim.classics import opinion_expression
from sim.networks import two_groups

SILENT, SPEAKING = -1.0, 0.5


def ends(replicates=6, **arguments):
    """Return the last probabilities of speaking, one row per replicate."""
    runs = (opinion_expression.run(seed=seed, **arguments).history for seed in range(replicates))
    return np.array([run.iloc[-1, 1:] for run in runs], float)


def test_the_bounds_are_the_published_ones():
    assert opinion_expression.both_speak_from(0.2) == pytest.approx(1.5)
    assert opinion_expression.alone_from(0.2) == pytest.approx(0.25)


@pytest.mark.parametrize("cost", [0.1, 0.3, 0.6])
def test_sharp_choices_change_sides_exactly_at_the_bounds(cost):
    """With a strength g, the share within is g / (1 + g); a thousandth on either side decides."""
    def rests(strength, start):
        share = strength / (1 + strength)
        return opinion_expression.resting([share, share], cost, 1e7, start).round(3).tolist()

    both, alone = opinion_expression.both_speak_from(cost), opinion_expression.alone_from(cost)
    assert rests(1.001 * both, (SPEAKING, SPEAKING)) == [1, 1]
    assert rests(0.999 * both, (SPEAKING, SPEAKING)) != [1, 1]
    assert rests(1.001 * alone, (SPEAKING, SILENT)) == [1, 0]
    assert rests(0.999 * alone, (SPEAKING, SILENT)) != [1, 0]


@pytest.mark.parametrize("homophily", [0.0, 0.5, 0.8])
def test_people_speak_as_often_as_in_the_mean_field(homophily):
    """Mild choices (b = 3), for which there is one place to rest; long runs, as who seldom speaks learns slowly."""
    arguments = {"homophily": homophily, "minority_share": 0.3, "sharpness": 3, "steps": 6000}
    network = two_groups(500, 0.3, mean_degree=100, homophily=homophily, seed=0)
    exact = opinion_expression.resting(opinion_expression.within(network), 0.2, 3, (SPEAKING, SPEAKING))
    values = ends(**arguments)
    errors = values.std(axis=0, ddof=1) / math.sqrt(len(values))
    assert (np.abs(values.mean(axis=0) - exact) < 4 * errors + 0.02).all()


@pytest.mark.parametrize(("homophily", "both"), [(0.6, True), (0.8, True), (0.1, False), (0.0, False)])
def test_both_groups_keep_speaking_only_if_they_keep_to_themselves_enough(homophily, both):
    """Groups of equal size have the strength (1 + h) / (1 - h): the bound is h = c, here .3."""
    values = ends(cost=0.3, homophily=homophily, sharpness=20, steps=1500)
    assert ((values > 0.5).all(axis=1) == both).all()


@pytest.mark.parametrize(("homophily", "speaks"), [(0.3, True), (0.0, True), (-0.7, False), (-0.9, False)])
def test_a_group_dominates_from_its_bound_on(homophily, speaks):
    """Strength c / (1 - c) is a share within of c = .3: h = -.4 for groups of equal size."""
    values = ends(cost=0.3, homophily=homophily, minority_reward=SILENT, sharpness=20, steps=1500)
    assert ((values[:, 0] > 0.5) == speaks).all()
    assert (values[:, 1] < 0.2).all()


def test_a_minority_that_keeps_together_silences_a_majority():
    """Public dominance without numbers: 30 % who speak already, at equal degrees, against 70 % who are silent."""
    values = ends(minority_share=0.3, homophily=0.6, majority_reward=SILENT, sharpness=20)
    assert (values[:, 1] > 0.8).all()
    assert (values[:, 0] < 0.2).all()


def test_within_is_the_share_of_tie_ends_within():
    network = two_groups(500, 0.5, mean_degree=100, homophily=0.4, seed=1)
    assert opinion_expression.within(network) == pytest.approx([0.7, 0.7], abs=0.005)
