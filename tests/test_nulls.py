"""Null models keep what they promise to keep, take away the rest, and can be swept."""

import networkx as nx
import numpy as np
import pytest

import sim
from sim.checks import InputError
from sim.networks import from_edges, ring_lattice, scale_free, two_groups
from sim.networks.nulls import rewired, shuffled_groups, without_ties
from sim.nulls import NULLS, null_model

NETWORKS = {
    "groups": two_groups(300, 0.3, mean_degree=8, homophily=0.7, seed=1),
    "hubs": scale_free(300, 0.2, seed=2),
    "ring": ring_lattice(200, 0.2, mean_degree=6, seed=3),
    "one tie": from_edges([(0, 1)], [0, 1, 1]),
    "no ties": from_edges([], [0, 1]),
    "triangle": from_edges([(0, 1), (1, 2), (0, 2)], [0, 0, 1]),
}


def ties_to(network, group):
    """Return how many ties everybody has to a group."""
    owner = np.repeat(np.arange(network.n_people), network.degree)
    to_group = network.is_marginalized[network.neighbours] == group
    return np.bincount(owner[to_group], minlength=network.n_people)


@pytest.mark.parametrize("name", NETWORKS)
@pytest.mark.parametrize("keep_mixing", [False, True])
def test_rewiring_keeps_everybodys_number_of_ties_and_makes_no_loops_or_doubles(name, keep_mixing):
    network = NETWORKS[name]
    other = rewired(network, seed=5, keep_mixing=keep_mixing)
    assert (other.degree == network.degree).all()
    assert (other.is_marginalized == network.is_marginalized).all()
    for person in range(other.n_people):
        neighbours = other.neighbours[other.offsets[person] : other.offsets[person + 1]].tolist()
        assert neighbours == sorted(set(neighbours) - {person})
    if keep_mixing:
        assert (ties_to(other, True) == ties_to(network, True)).all()


def test_rewiring_destroys_homophily_and_clusters_unless_mixing_is_kept():
    groups, ring = NETWORKS["groups"], NETWORKS["ring"]
    assert groups.measures()["homophily"] > 0.6
    assert abs(rewired(groups, seed=1).measures()["homophily"]) < 0.1
    assert rewired(groups, seed=1, keep_mixing=True).measures()["homophily"] == groups.measures()["homophily"]
    before, after = (nx.average_clustering(sim.networks.to_networkx(one)) for one in (ring, rewired(ring, seed=1)))
    assert before > 0.5 and after < 0.1


def test_all_pairings_of_a_small_network_are_about_equally_likely():
    """Three ties among six people, one each: 15 pairings."""
    network = from_edges([(0, 1), (2, 3), (4, 5)], [0] * 6)
    seen = [tuple(rewired(network, seed=seed).neighbours.tolist()) for seed in range(3000)]
    counts = [seen.count(one) for one in set(seen)]
    assert len(counts) == 15
    assert sum((count - 200) ** 2 / 200 for count in counts) < 36.1  # chi-square, 14 degrees of freedom, p = .001


def test_shuffling_keeps_ties_and_group_sizes():
    network = NETWORKS["groups"]
    other = shuffled_groups(network, seed=4)
    assert (other.neighbours == network.neighbours).all()
    assert other.n_marginalized == network.n_marginalized
    assert abs(other.measures()["homophily"]) < 0.1
    assert other != shuffled_groups(network, seed=5)


def test_without_ties_nobody_is_tied_and_everybody_is_there():
    other = without_ties(NETWORKS["groups"])
    assert (other.n_people, other.n_ties) == (300, 0)


@pytest.mark.parametrize("name", ["rewired", "rewired_within", "shuffled_groups"])
def test_the_same_seed_makes_the_same_null_model(name):
    network = NETWORKS["hubs"]
    one, same, other = (null_model(name, sim.Parameters(), network, seed=seed)[1] for seed in (7, 7, 8))
    assert one == same != other


def test_without_influence_ties_do_not_matter_to_what_people_do():
    network = NETWORKS["groups"]
    parameters, kept = null_model("no_influence", sim.Parameters(), network)
    assert kept is network
    tied = sim.simulate(parameters, network, steps=60, start=0.5, seed=3)
    for other in (without_ties(network), rewired(network, seed=9)):
        assert (sim.simulate(parameters, other, steps=60, start=0.5, seed=3).state.act == tied.state.act).all()
    influenced = sim.simulate(network=network, steps=60, start=0.5, seed=3)
    assert (influenced.state.act != tied.state.act).any()


def test_null_models_can_be_swept(tmp_path):
    design = {"null": ["none", *NULLS], "network_n_people": 100, "steps": 20, "replicates": 2}
    swept = sim.sweep(design, tmp_path)
    assert not len(swept.failures)
    ties = swept.table.groupby("null")["homophily"].mean()
    assert abs(ties["rewired"]) < 0.2 < ties["none"] == ties["rewired_within"]
    assert sim.replay(swept, 3).is_equal
    plain = sim.sweep(design | {"null": "none"}, tmp_path)
    without = sim.sweep({name: value for name, value in design.items() if name != "null"}, tmp_path)
    assert set(plain.table["key"]) == set(without.table["key"])  # the model itself is the same run as ever


def test_a_given_network_is_changed_as_well(tmp_path):
    swept = sim.sweep(
        sim.Design(axes={"null": ["none", "rewired"], "network": ["club"], "steps": 10}, replicates=3,
                   networks={"club": sim.networks.karate_club()}), tmp_path)  # fmt: skip
    table = swept.table.set_index(["null", "replicate"])["homophily"].unstack()
    assert table.loc["none"].nunique() == 1 and table.loc["rewired"].nunique() == 3


def test_runs_on_null_models_of_a_given_network_are_made_again_alike(tmp_path):
    about = {"networks": {"club": sim.networks.karate_club()}, "replicates": 3}
    axes = {"null": "rewired", "network": "club", "steps": 15, "loyalty": [0.2, 0.4, 0.6, 0.8]}
    swept = sim.sweep(sim.Design(axes=axes, **about), tmp_path)
    assert all(sim.replay(swept, row).is_equal for row in range(len(swept.table)))
    assert (swept.table.groupby("replicate")["homophily"].nunique() == 1).all()


def test_an_unknown_null_model_is_refused(tmp_path):
    with pytest.raises(InputError, match="rewired"):
        null_model("rewierd", sim.Parameters(), NETWORKS["ring"])
    with pytest.raises(InputError, match="rewired"):
        sim.sweep({"null": ["rewierd"]}, tmp_path)
    with pytest.raises(InputError, match="keep_mixing"):
        rewired(NETWORKS["ring"], seed=1, keep_mixing=1)
    with pytest.raises(InputError, match="seed"):
        rewired(NETWORKS["ring"], seed=-1)


def test_what_is_no_parameters_or_no_network_is_refused():
    network = sim.networks.two_groups(20, homophily=0.0, seed=1)
    for given, fragment in (((None, network), "parameters must be"), ((sim.Parameters(), None), "network must be")):
        for name in ("no_influence", "rewired"):
            with pytest.raises(InputError, match=fragment):
                sim.null_model(name, *given)
