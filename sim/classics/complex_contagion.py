"""Centola & Macy (2007): long ties speed up what one contact passes on, and stop what needs several.

Rules. People on a ring lattice join, for good, once a given number of neighbours have joined (`contacts`). At the start
one person, drawn at random, and all of that person's neighbours have joined. A share of the ties is rewired before, at
random, with everybody keeping the number of ties. With `noise`, people with at least one neighbour who has joined, but
too few, join with that probability per step.

Departures from the paper: the paper also shows square lattices and heterogeneous thresholds, which are not made here;
steps are synchronous (who joins in the end does not depend on it without noise). Noise is not in the paper: it is the
caveat of Eckles et al. (2024), under which long ties speed up complex contagion as well.

Centola, D., & Macy, M. (2007), "Complex contagions and the weakness of long ties", *American Journal of Sociology*
113(3), 702-734. Eckles, D., Mossel, E., Rahimian, M. A., & Sen, S. (2024), "Long ties accelerate noisy threshold-based
contagions", *Nature Human Behaviour* 8, 1057-1064.
"""

from __future__ import annotations

import numpy as np

from sim.checks import check_count, check_number
from sim.classics.adoption import spread
from sim.classics.lattices import rewired
from sim.classics.outcome import Outcome, check_network, history_of, model
from sim.networks import ring_lattice
from sim.streams import CLASSIC_START, check_seed, uniforms


@model
def run(contacts=2, rewiring=0, mean_degree=8, n_people=1000, noise=0, network=None, steps=1000, seed=1):
    """Run the model of Centola & Macy (2007).

    Parameters
    ----------
    contacts : int
        Neighbours who have to have joined, at least 1. The paper's a.
    rewiring : float
        Share of the ties that is rewired, in [0, 1].
    mean_degree : int
        Ties of everybody; even.
    n_people : int
    noise : float
        Probability per step of joining with at least one, but too few, in [0, 1].
    network : Network, optional
        Instead of the ring of `n_people` and `mean_degree`; is rewired as well.
    steps : int
    seed : int
        0 to 2**64 - 1.

    Returns
    -------
    Outcome
        Its ``history`` has ``adopted_share``.
    """
    contacts = check_count("contacts", contacts, 1, 1_000_000)
    rewiring, noise = check_number("rewiring", rewiring, 0, 1), check_number("noise", noise, 0, 1)
    steps, seed = check_count("steps", steps, 0, 10_000_000), check_seed(seed)
    if network is None:
        network = ring_lattice(n_people, 0.0, mean_degree=mean_degree, seed=seed)
    network = rewired(check_network(network), rewiring, seed)
    n_people = network.n_people
    first = int(uniforms(seed, CLASSIC_START, 1)[0] * n_people)
    begun = np.zeros(n_people, bool)
    begun[first] = begun[network.neighbours_of(first)] = True
    counts = spread(network, np.full(n_people, contacts), begun, steps, noise=noise, seed=seed)
    return Outcome(history_of(adopted_share=counts / n_people), network)
