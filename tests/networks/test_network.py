import copy
import json
import os
import pickle
import subprocess
import sys
import warnings

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import networks
from sim.checks import InputError
from sim.networks import Network, NetworkWarning, from_edges

KITE = [(0, 1), (1, 2), (2, 0), (2, 3)]  # a triangle with a tail
GROUPS = [False, True, False, True]


def as_set(network):
    person = np.repeat(np.arange(network.n_people), network.degree)
    return {tuple(sorted(map(int, pair))) for pair in zip(person, network.neighbours, strict=True)}


@st.composite
def raw_ties(draw):
    n_people = draw(st.integers(1, 12))
    person = st.integers(0, n_people - 1)
    pairs = draw(st.lists(st.tuples(person, person), max_size=40))
    return pairs, draw(st.lists(st.booleans(), min_size=n_people, max_size=n_people))


def quietly(pairs, groups, **about):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NetworkWarning)
        return from_edges(pairs, groups, **about)


@given(raw_ties())
def test_arrays_hold_every_tie_twice_sorted_without_loops_or_repeats(raw):
    pairs, groups = raw
    network = quietly(pairs, groups)
    assert as_set(network) == {tuple(sorted(pair)) for pair in pairs if pair[0] != pair[1]}
    assert network.n_ties == len(as_set(network))
    for person in range(network.n_people):
        mine = network.neighbours_of(person).astype(int)
        assert (np.diff(mine) > 0).all()
        assert person not in mine
        assert all(person in network.neighbours_of(int(other)) for other in mine)


@given(raw_ties(), st.randoms(use_true_random=False))
def test_order_and_direction_of_pairs_do_not_matter(raw, random):
    pairs, groups = raw
    turned = [pair if random.random() < 0.5 else pair[::-1] for pair in pairs]
    random.shuffle(turned)
    assert quietly(turned, groups).digest() == quietly(pairs, groups).digest()


@given(raw_ties())
@settings(max_examples=60)
def test_measures_agree_with_networkx(raw):
    network = quietly(*raw)
    graph = network.to_networkx()
    measures = network.measures()
    assert measures["clustering"] == pytest.approx(nx.average_clustering(graph))
    assert measures["largest_component_share"] == max(map(len, nx.connected_components(graph))) / len(graph)
    assert measures["n_isolated"] == nx.number_of_isolates(graph)
    assert measures["degree_sd"] == pytest.approx(np.std([degree for _, degree in graph.degree()]))
    reached = {graph.nodes[end]["group"] for tie in graph.edges() for end in tie}
    if len(reached) == 2:
        assert network.homophily == pytest.approx(nx.attribute_assortativity_coefficient(graph, "group"))
    else:
        assert np.isnan(network.homophily)


def test_homophily_by_hand():
    # Ties 0-1 2-3 within, 1-2 across: e_within = 4/6; half of all ends lie in each group.
    network = from_edges([(0, 1), (2, 3), (1, 2)], [False, False, True, True])
    assert network.homophily == pytest.approx((4 / 6 - 1 / 2) / (1 - 1 / 2))


def test_sampled_clustering_of_a_large_network_is_close_to_the_exact_value():
    network = networks.small_world(2500, mean_degree=90, rewiring=0.1, seed=1)
    assert (network.degree.astype(float) ** 2).sum() > 20_000_000  # so it is sampled
    exact = nx.average_clustering(network.to_networkx())
    assert network.measures()["clustering"] == pytest.approx(exact, abs=0.005)


def test_counts_and_shares():
    network = from_edges(KITE, GROUPS)
    assert (network.n_people, network.n_ties, network.n_advantaged, network.n_marginalized) == (4, 4, 2, 2)
    assert network.degree.tolist() == [2, 2, 3, 1]
    assert network.mean_degree == 2.0
    assert network.marginalized_share == 0.5
    assert network.neighbours_of(2).tolist() == [0, 1, 3]
    assert network.neighbours.dtype == np.uint32
    assert network.offsets.dtype == np.int64
    assert network.labels == range(4)
    assert network.group_names == ("advantaged", "marginalized")


def test_nothing_can_be_changed():
    groups = np.array(GROUPS)
    network = from_edges(KITE, groups)
    groups[:] = True
    assert network.n_marginalized == 2
    for array in (network.offsets, network.neighbours, network.is_marginalized, network.degree):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0
    with pytest.raises(AttributeError):
        network.labels = range(4)


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda n: pickle.loads(pickle.dumps(n))])
def test_copies_are_equal_and_read_only(copied):
    network = from_edges(KITE, GROUPS, labels=list("abcd"), notes=["by hand"])
    other = copied(network)
    assert other == network
    assert (other.source, other.notes, other.labels) == (network.source, network.notes, network.labels)
    assert not other.neighbours.flags.writeable


def test_equality_is_by_content():
    network = from_edges(KITE, GROUPS)
    assert network == from_edges(KITE[::-1], GROUPS, labels=[0, 1, 2, 3], source={"family": "other"})
    assert hash(network) == hash(from_edges(KITE[::-1], GROUPS))
    assert network != from_edges(KITE[1:], GROUPS)
    assert network != from_edges(KITE, GROUPS[::-1])
    assert network != from_edges(KITE, GROUPS, labels=list("abcd"))
    assert network != from_edges(KITE, GROUPS, group_names=("A", "B"))
    assert network != "network"


def test_digest_is_that_of_the_arrays_alone():
    network = from_edges(KITE, GROUPS)
    assert network.digest() == from_edges(KITE, GROUPS, labels=list("abcd"), group_names=("A", "B")).digest()
    assert network.digest() != from_edges(KITE, [*GROUPS[:3], False]).digest()
    assert network.digest() == "9233141bceaf4ee57cd76bd0486d3762bd54463be910253cc9e775c84f264613"


def test_digest_does_not_depend_on_hash_randomisation():
    code = (
        "import networkx as nx; from sim import networks as n;"
        "g = nx.Graph(); g.add_nodes_from(['b', 'a', 'c'], group='x'); g.nodes['c']['group'] = 'y';"
        "g.add_edges_from([('a', 'b'), ('c', 'b')]);"
        "print(n.from_networkx(g, group='group', marginalized={'y'}).digest(),"
        "n.scale_free(50, mean_degree=4, seed=3).digest())"
    )
    outputs = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    }
    assert len(outputs) == 1
    assert len(outputs.pop().split()) == 2


def test_source_and_repr_say_what_it_is():
    network = networks.two_groups(60, mean_degree=6, seed=4)
    assert json.loads(json.dumps(network.source)) == {
        "family": "two_groups",
        "n_people": 60,
        "marginalized_share": 0.2,
        "mean_degree": 6.0,
        "homophily": 0.5,
        "seed": 4,
    }
    assert repr(network).startswith(
        "<Network two_groups: 60 people (12 marginalized), 180 ties, mean degree 6,"
    )


@pytest.mark.parametrize("family", sorted(networks.GENERATORS))
def test_source_is_enough_to_make_the_network_again(family):
    degree = {} if family == "complete" else {"mean_degree": 4}
    network = networks.GENERATORS[family](30, 0.3, seed=11, **degree)
    arguments = dict(network.source)
    assert networks.GENERATORS[arguments.pop("family")](**arguments) == network


def test_index_of_finds_labels_and_names_the_nearest():
    network = from_edges(KITE, GROUPS, labels=["anna", "bert", 7, ("x", 1)])
    assert [network.index_of(label) for label in ("anna", "bert", 7, ("x", 1))] == [0, 1, 2, 3]
    with pytest.raises(InputError, match=r"person 'ana' is not in this network .*did you mean 'anna'"):
        network.index_of("ana")
    with pytest.raises(InputError, match=r"person \['anna'\] is not in this network"):
        network.index_of(["anna"])
    assert from_edges(KITE, GROUPS).index_of(3) == 3
    with pytest.raises(InputError, match=r"person 4 is not .*from 0 to 3"):
        from_edges(KITE, GROUPS).index_of(4)


@pytest.mark.parametrize(
    ("pairs", "warning", "n_ties"),
    [
        ([(0, 0), (0, 1)], "1 tie from a person to themselves dropped", 1),
        ([(0, 1), (1, 0), (0, 1), (1, 2)], "2 parallel ties merged", 2),
    ],
)
def test_loops_and_repeats_are_announced_and_noted(pairs, warning, n_ties):
    with pytest.warns(NetworkWarning, match=warning) as caught:
        network = from_edges(pairs, GROUPS)
    assert network.n_ties == n_ties
    assert warning in network.notes[0]
    assert caught[0].filename == __file__


def test_a_person_alone_is_a_network():
    network = from_edges([], [True])
    assert (network.n_people, network.n_ties, network.mean_degree) == (1, 0, 0.0)
    assert np.isnan(network.homophily)
    assert network.measures()["largest_component_share"] == 1.0


def test_the_largest_person_number_survives():
    groups = np.zeros(70_000, bool)
    network = from_edges([(69_999, 65_537)], groups)
    assert network.neighbours_of(65_537).tolist() == [69_999]
    assert network.neighbours_of(69_999).tolist() == [65_537]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"offsets": [0, 1, 2]}, "offsets must have 4 entries"),
        ({"offsets": [0, 2, 1, 2]}, "must not fall"),
        ({"offsets": [1, 1, 2, 2]}, "from 0 to 2"),
        ({"neighbours": [1, 3]}, "below n_people = 3"),
        ({"neighbours": "ab"}, "neighbours must be a sequence of uint32"),
        ({"is_marginalized": []}, "must have from 1 to"),
        ({"is_marginalized": [[True], [False]]}, "one dimension"),
        ({"labels": ["a"]}, "one for each of 3 people"),
        ({"group_names": ("A", "A")}, "two different names"),
        ({"source": {"seed": {1}}}, "JSON"),
    ],
)
def test_arrays_that_do_not_fit_together_are_refused(change, message):
    good = {"offsets": [0, 1, 2, 2], "neighbours": [1, 0], "is_marginalized": [True, False, False]}
    assert Network(**good).n_ties == 1
    with pytest.raises(InputError, match=message):
        Network(**{**good, **change})


def test_importing_networks_is_quick():
    code = "import sys, sim.networks; print(sorted({'networkx', 'pandas', 'mesa'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
