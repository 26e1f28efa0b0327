"""Networks written from docs/odd.md alone have the same ties and groups as those of the generators."""

from __future__ import annotations

import odd_twin_networks as twin
import pytest

import sim
from sim import networks


def ties_of(network) -> set:
    return {(i, int(j)) for i in range(network.n_people) for j in network.neighbours_of(i) if i < j}


def as_set(ties) -> set:
    found = {tuple(sorted(tie)) for tie in ties}
    assert len(found) == len(ties)
    return found


@pytest.mark.parametrize("n, share, degree, homophily", [
    (40, 0.2, 6, 0.5), (41, 0.35, 4.3, -0.2), (30, 0.0, 5, 0.5), (9, 0.001, 3, 0), (1, 0.5, 0, 0.5),
    (20, 0.1, 6, 0.9), (20, 0.2, 9, -0.9),
])  # fmt: skip
@pytest.mark.filterwarnings("ignore:groups of .* have no room")
def test_two_groups(n, share, degree, homophily):
    network = networks.two_groups(n, share, mean_degree=degree, homophily=homophily, seed=2**50 + n)
    is_marginalized, ties = twin.two_groups(n, share, degree, homophily, 2**50 + n)
    assert network.is_marginalized.tolist() == is_marginalized
    assert ties_of(network) == as_set(ties)


@pytest.mark.parametrize("n, degree, rewiring", [(30, 4, 0.1), (25, 6, 1.0), (9, 8, 0.7), (60, 58, 0.02), (7, 0, 0.5)])
@pytest.mark.parametrize("seed", [1, 2**63])
def test_small_world_and_lattice(n, degree, rewiring, seed):
    network = networks.small_world(n, 0.3, mean_degree=degree, rewiring=rewiring, seed=seed)
    assert ties_of(network) == as_set(twin.small_world(n, degree, rewiring, seed))
    assert network.is_marginalized.tolist() == twin.who_is_marginalized(n, 0.3, seed)
    assert ties_of(networks.ring_lattice(n, mean_degree=degree, seed=seed)) == as_set(twin.ring_lattice(n, degree))


@pytest.mark.parametrize("n, degree", [(40, 4), (30, 3.7), (30, 1.2), (10, 9), (11, 7.5), (1, 0)])
@pytest.mark.parametrize("seed", [1, 2**63])
def test_scale_free(n, degree, seed):
    assert ties_of(networks.scale_free(n, mean_degree=degree, seed=seed)) == as_set(twin.scale_free(n, degree, seed))


@pytest.mark.parametrize("n, degree", [(20, 3), (16, 6), (9, 4), (10, 7), (6, 2), (5, 2), (8, 0), (6, 5)])
@pytest.mark.parametrize("seed", range(4))
def test_random_regular(n, degree, seed):
    ties = twin.random_regular(n, degree, seed)
    assert ties_of(networks.random_regular(n, mean_degree=degree, seed=seed)) == as_set(ties)


@pytest.mark.parametrize("name", ["rewired", "rewired_within", "shuffled_groups", "independent"])
def test_null_models(name):
    network = networks.two_groups(30, 0.4, mean_degree=4, homophily=0.4, seed=3)
    groups, ties = network.is_marginalized.tolist(), ties_of(network)
    _, null = sim.null_model(name, sim.Parameters(), network, seed=11)
    if name == "shuffled_groups":
        assert null.is_marginalized.tolist() == twin.shuffled_groups(groups, 11)
    elif name == "independent":
        ties = set()
    else:
        ties = as_set(twin.rewired(ties, groups, name == "rewired_within", 11))
    assert ties_of(null) == ties
