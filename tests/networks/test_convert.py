import json
import math
import re
import time
import warnings
from contextlib import contextmanager

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim import networks
from sim.networks import NetworkWarning, from_networkx


@contextmanager
def announces(pattern):
    """Expect such a warning, maybe among others (which `pytest.warns(match=...)` would raise again)."""
    with pytest.warns(NetworkWarning) as caught:
        yield
    assert any(re.search(pattern, str(one.message)) for one in caught)


def club(kind=nx.Graph, ties=((0, 1), (1, 2), (2, 3)), labels="abcd"):
    """Four people in a row, the first and the last in group "old"."""
    graph = kind()
    for label, group in zip(labels, ("old", "new", "new", "old"), strict=True):
        graph.add_node(label, group=group)
    graph.add_edges_from((labels[one], labels[other]) for one, other in ties)
    return graph


def convert(graph, **asked):
    return from_networkx(graph, **{"group": "group", "marginalized": "new", **asked})


def test_people_ties_and_groups_come_over_in_the_order_of_the_graph():
    graph = club(labels=("zoe", 3, ("x", 1), "ann"))
    network = convert(graph)
    assert network.labels == ("zoe", 3, ("x", 1), "ann")
    assert network.is_marginalized.tolist() == [False, True, True, False]
    assert [network.neighbours_of(person).tolist() for person in range(4)] == [[1], [0, 2], [1, 3], [2]]
    assert network.group_names == ("old", "new")
    assert network.notes == ()


def test_what_people_are_called_does_not_matter():
    names = ("abcd", "dcba", (4, 3, 2, 1), (0.5, "x", 7, ()))
    assert len({convert(club(labels=labels)).digest() for labels in names}) == 1


@pytest.mark.parametrize("family", sorted(networks.GENERATORS))
def test_there_and_back_is_the_same_network(family):
    arguments = {} if family == "complete" else {"mean_degree": 4}
    network = networks.GENERATORS[family](40, 0.3, seed=2, **arguments)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NetworkWarning)  # some are not connected
        again = convert(network.to_networkx(), marginalized="marginalized")
    assert again == network


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 10), st.sets(st.tuples(st.integers(0, 9), st.integers(0, 9)), max_size=30))
def test_directed_rules_are_union_and_intersection(n_people, nominations):
    graph = nx.DiGraph()
    graph.add_nodes_from(range(n_people), group="new")
    graph.add_edges_from((a, b) for a, b in nominations if max(a, b) < n_people)
    expected = {
        "any": nx.Graph(graph.to_undirected()),
        "mutual": nx.Graph(graph.to_undirected(reciprocal=True)),
    }
    for rule, plain in expected.items():
        plain.remove_edges_from(list(nx.selfloop_edges(plain)))
        with announces(f"by the rule '{rule}'"):
            network = convert(graph, directed=rule, allow_one_group=True)
        made = {frozenset(tie) for tie in network.to_networkx().edges()}
        assert made == {frozenset(tie) for tie in plain.edges()}


@pytest.mark.parametrize(
    ("graph", "asked", "warning", "n_ties"),
    [
        (
            club(nx.DiGraph, [(0, 1), (1, 0), (1, 2), (2, 3)]),
            {},
            "4 directed nominations (1 pairs mutual) made 3 ties by the rule 'any': one nomination is enough",
            3,
        ),
        (club(ties=[(0, 1), (1, 2), (2, 3), (2, 2)]), {}, "1 tie from a person to themselves dropped", 3),
        (club(nx.MultiGraph, [(0, 1), (1, 0), (1, 0), (1, 2), (2, 3)]), {}, "2 parallel ties merged", 3),
        (club(ties=[(0, 1), (1, 2), (2, 0)]), {}, "1 of 4 people have no ties; they are kept", 3),
        (club(ties=[(0, 1), (2, 3)]), {}, "the network has 2 components, the largest of 2; all are kept", 2),
        (
            club(),
            {"directed": "mutual"},
            "the ties have no direction, so directed = 'mutual' changes nothing",
            3,
        ),
    ],
)
def test_every_change_is_announced_and_noted(graph, asked, warning, n_ties):
    with pytest.warns(NetworkWarning) as caught:
        network = convert(graph, **asked)
    said = [str(one.message) for one in caught]
    assert any(text.startswith(warning) for text in said)
    assert list(network.notes) == said
    assert all(one.filename == __file__ for one in caught)
    assert (network.n_people, network.n_ties) == (4, n_ties)


def test_parallel_nominations_are_not_mutual():
    graph = club(nx.MultiDiGraph, [(0, 1), (0, 1), (1, 2), (2, 1), (2, 3)])
    with pytest.warns(NetworkWarning):
        network = convert(graph, directed="mutual")
    assert network.n_ties == 1
    assert network.neighbours_of(1).tolist() == [2]


def weighted(*weights, kind=nx.Graph):
    graph = club(kind)
    for (*_, data), weight in zip(graph.edges(data=True), weights, strict=True):
        data["meetings"] = weight
    return graph


def test_weights_are_ignored_with_a_warning():
    with announces("'meetings' is ignored: every tie counts the same"):
        network = convert(weighted(1, 0, 5))
    assert network.n_ties == 3


def test_weights_that_are_all_one_and_text_on_ties_pass_in_silence():
    graph = weighted(1, 1.0, 1)
    nx.set_edge_attributes(graph, "friend", "kind")
    assert convert(graph).notes == ()


@pytest.mark.parametrize(("min_weight", "n_ties"), [(-1, 3), (2, 3), (2.5, 2), (5, 1), (6, 0)])
def test_weak_ties_are_dropped(min_weight, n_ties):
    with announces(rf"{3 - n_ties} of 3 ties dropped: meetings below {min_weight}"):
        network = convert(weighted(2, 3, 5), weight="meetings", min_weight=min_weight)
    assert network.n_ties == n_ties
    assert network.source["min_weight"] == min_weight


def test_weak_nominations_are_dropped_before_mutual_ones_are_sought():
    graph = club(nx.DiGraph, [(0, 1), (1, 0), (1, 2), (2, 1)])
    for (*_, data), weight in zip(graph.edges(data=True), (3, 3, 3, 1), strict=True):
        data["w"] = weight
    with pytest.warns(NetworkWarning):
        assert convert(graph, directed="mutual", weight="w", min_weight=2).n_ties == 1


@pytest.mark.parametrize(
    ("values", "marginalized", "chosen", "names"),
    [
        (["a", "b", "c"], "b", [0, 1, 0], ("not b", "b")),
        (["a", "b", "b"], "b", [0, 1, 1], ("a", "b")),
        (["a", "b", "c"], ["b", "c"], [0, 1, 1], ("a", "b or c")),
        (["a", "b", "c"], {"c"}, [0, 0, 1], ("not c", "c")),
        ([1, 2, 3], 3, [0, 0, 1], ("not 3", "3")),
        ([1, 2, 3], np.array([2, 3]), [0, 1, 1], ("1", "2 or 3")),
        ([True, False, True], True, [1, 0, 1], ("False", "True")),
        ([("x", 1), ("x", 2), ("x", 2)], ("x", 1), [1, 0, 0], ("('x', 2)", "('x', 1)")),
        (["3", 3, 3], "3", [1, 0, 0], ("not 3", "3")),
        (
            ["marginalized", "advantaged", "advantaged"],
            "marginalized",
            [1, 0, 0],
            ("advantaged", "marginalized"),
        ),
    ],
)
def test_values_name_the_groups(values, marginalized, chosen, names):
    graph = nx.path_graph(3)
    nx.set_node_attributes(graph, dict(enumerate(values)), "group")
    network = convert(graph, marginalized=marginalized)
    assert network.is_marginalized.tolist() == [bool(one) for one in chosen]
    assert network.group_names == names
    json.dumps(network.source)


@pytest.mark.parametrize(
    ("values", "text", "found"),
    [([1, 3, 3], "3", 3), ([True, False, False], "True", True), ([0.5, 1, 1], "0.5", 0.5)],
)
def test_text_stands_for_a_number_that_prints_the_same(values, text, found):
    graph = nx.path_graph(3)
    nx.set_node_attributes(graph, dict(enumerate(values)), "group")
    with announces(f"'{text}' stands for the value {found}"):
        network = convert(graph, marginalized=text)
    assert network.is_marginalized.tolist() == [value == found for value in values]


def test_one_group_is_possible_when_it_is_allowed():
    graph = nx.path_graph(3)
    nx.set_node_attributes(graph, "new", "group")
    assert convert(graph, allow_one_group=True).n_advantaged == 0
    assert convert(graph, marginalized=(), allow_one_group=True).n_marginalized == 0
    assert math.isnan(convert(graph, allow_one_group=True).homophily)


def test_the_graph_is_left_as_it_was():
    graph = weighted(2, 3, 5, kind=nx.DiGraph)
    before = nx.node_link_data(graph, edges="edges")
    with pytest.warns(NetworkWarning):
        convert(graph, weight="meetings", min_weight=3)
    assert nx.node_link_data(graph, edges="edges") == before


def test_source_keeps_the_rules():
    graph = club()
    graph.name = "club"
    assert convert(graph).source == {
        "family": "networkx",
        "name": "club",
        "group": "group",
        "marginalized": "new",
        "directed": "any",
    }


def test_karate_club_is_zacharys():
    network = networks.karate_club()
    assert (network.n_people, network.n_ties, network.n_marginalized) == (34, 78, 17)
    assert network.group_names == ("Mr. Hi", "Officer")
    assert network.notes == ()
    degree = network.degree
    assert (degree[33], degree[0], degree[11]) == (17, 16, 1)  # the officer, the instructor, member 12
    across = sum(
        network.is_marginalized[a] != network.is_marginalized[b]
        for a in range(34)
        for b in network.neighbours_of(a)
    )
    assert across == 2 * 11  # ties cut when the club broke up
    assert networks.REAL["karate_club"]() == network


def test_large_networks_convert_quickly():
    network = networks.two_groups(50_000, mean_degree=6, seed=1)
    graph = network.to_networkx()
    start = time.perf_counter()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NetworkWarning)
        assert convert(graph, marginalized="marginalized") == network
    assert time.perf_counter() - start < 30  # not a benchmark: a loop over pairs of people would take hours
