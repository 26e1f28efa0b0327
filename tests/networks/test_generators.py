import inspect
import math
import warnings
from collections import Counter

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from sim import networks
from sim.checks import InputError
from sim.networks import (
    GENERATORS,
    NetworkWarning,
    complete,
    random_regular,
    ring_lattice,
    scale_free,
    small_world,
    two_groups,
)

FAMILIES = sorted(GENERATORS)
DEGREED = sorted(set(FAMILIES) - {"complete"})
# Results are part of what is promised: these change only together with an entry in the changelog.
GOLDEN = {
    "complete": "2e19109452c8a08df312a5c9443978678517b546e433b50f106a0cb48ea7c43e",
    "random_regular": "ca7750c35d8ecbf56134d331fd2007b8b2bb81c309108fb52c601071c8aee907",
    "ring_lattice": "d0576986b1d655c5f05313f94384615bf64d11ff042094486612cd5a32bf96cb",
    "scale_free": "994d8b1252ed2d78ee247839a016db1cd50de276a65d6403b68f1893cc496714",
    "small_world": "2730b7582593361e21867a71b8cb122db6bea06b739fb1fec1c981af522d3334",
    "two_groups": "5293fea2987117382ba18d8b296a399317e7149fd9507b8053f7bf45c613338a",
}


NO_HOMOPHILY = {family: {} for family in FAMILIES} | {"two_groups": {"homophily": 0}}


def as_set(network):
    person = np.repeat(np.arange(network.n_people), network.degree)
    pairs = zip(person.tolist(), network.neighbours.tolist(), strict=True)
    return frozenset(pair for pair in pairs if pair[0] < pair[1])


def make(family, n_people, seed, **arguments):
    if family in DEGREED:
        arguments = {"mean_degree": 6, **arguments}
    return GENERATORS[family](n_people, seed=seed, **arguments)


def assert_sound(network):
    person = np.repeat(np.arange(network.n_people), network.degree)
    other = network.neighbours.astype(np.int64)
    assert (person != other).all()
    codes = person * network.n_people + other
    assert (np.diff(codes) > 0).all()  # sorted, and nobody twice
    assert np.array_equal(np.sort(other * network.n_people + person), codes)  # symmetric


# Every family


@pytest.mark.parametrize("family", FAMILIES)
def test_same_seed_same_network_other_seed_other_network(family):
    first = make(family, 200, 1)
    assert make(family, 200, 1).digest() == first.digest()
    assert make(family, 200, 2).digest() != first.digest()
    assert make(family, 200, 1 + 2**32).digest() != first.digest()
    assert make(family, 200, 0).digest() != first.digest()


@pytest.mark.parametrize("family", FAMILIES)
def test_networks_are_the_ones_they_always_were(family):
    assert make(family, 200, 2024).digest() == GOLDEN[family]


@pytest.mark.parametrize("family", FAMILIES)
@settings(max_examples=40, deadline=None)
@given(
    n_people=st.integers(1, 40),
    share=st.floats(0, 1),
    seed=st.integers(0, 2**64 - 1),
    density=st.floats(0, 1),
    other=st.floats(0, 1),
)
def test_whatever_the_arguments_the_network_is_sound(family, n_people, share, seed, density, other):
    degree = density * (n_people - 1)
    if family in ("ring_lattice", "small_world"):
        degree = int(degree) // 2 * 2
    elif family == "random_regular":
        degree = int(degree) if n_people % 2 == 0 else int(degree) // 2 * 2
    arguments = {} if family == "complete" else {"mean_degree": degree}
    if family == "small_world":
        arguments["rewiring"] = other
    if family == "two_groups":
        arguments["homophily"] = 0.0  # never asks for more ties than there is room for
    network = GENERATORS[family](n_people, share, seed=seed, **arguments)
    assert_sound(network)
    wanted = n_people * (n_people - 1) / 2 if family == "complete" else n_people * degree / 2
    assert abs(network.n_ties - wanted) <= (1.5 if family == "two_groups" else 0.5)
    if n_people > 1 and 0 < share < 1:
        assert 0 < network.n_marginalized < n_people
        assert abs(network.n_marginalized - share * n_people) <= 1
    else:
        assert network.n_marginalized == round(share * n_people)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(
    ("share", "count"), [(0.25, 10), (0.3, 12), (1e-9, 1), (1 - 1e-9, 39), (0, 0), (1, 40)]
)
def test_group_sizes_are_exact(family, share, count):
    assert make(family, 40, 3, marginalized_share=share, **NO_HOMOPHILY[family]).n_marginalized == count


def test_anybody_can_be_marginalized():
    counts = sum(complete(10, 0.3, seed=seed).is_marginalized.astype(int) for seed in range(600))
    assert counts.sum() == 1800
    assert stats.chisquare(counts).pvalue > 0.001


@pytest.mark.parametrize("family", ["ring_lattice", "small_world"])
def test_groups_on_a_ring_can_sit_side_by_side(family):
    clustered = make(family, 1000, 1, groups="clustered")
    assert clustered.is_marginalized.nonzero()[0].tolist() == list(range(200))
    assert clustered.homophily > 0.85
    assert abs(make(family, 1000, 1, groups="random").homophily) < 0.1
    assert clustered.n_marginalized == 200


@pytest.mark.parametrize("family", ["scale_free", "random_regular", "ring_lattice", "small_world"])
def test_families_that_are_blind_to_groups_have_no_homophily(family):
    measured = [make(family, 1000, seed).homophily for seed in range(12)]
    assert abs(np.mean(measured)) < 4 * 0.02 / math.sqrt(12)


@pytest.mark.parametrize("family", DEGREED)
def test_one_person_can_only_be_alone(family):
    assert make(family, 1, 1, mean_degree=0).n_ties == 0
    with pytest.raises(
        InputError, match=r"mean_degree = 10 .*n_people = 1 the greatest possible mean degree is 0"
    ):
        GENERATORS[family](1, seed=1)


@pytest.mark.parametrize("family", DEGREED)
def test_the_densest_network_is_complete(family):
    n_people = 9
    network = make(family, n_people, 1, mean_degree=n_people - 1, **NO_HOMOPHILY[family])
    assert network.n_ties == n_people * (n_people - 1) // 2
    assert as_set(network) == as_set(complete(n_people, seed=1))


# Two groups


@pytest.mark.parametrize("homophily", [-0.2, 0, 0.3, 0.5, 0.9, 1])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_homophily_and_mean_degrees_are_those_asked_for(homophily, seed):
    network = two_groups(1000, 0.2, mean_degree=10, homophily=homophily, seed=seed)
    assert network.homophily == pytest.approx(homophily - (1 - homophily) / 999, abs=0.001)
    assert network.n_ties == 5000
    for group in (network.is_marginalized, ~network.is_marginalized):
        assert network.degree[group].mean() == pytest.approx(10, abs=0.01)


def test_number_of_ties_in_each_block_is_the_expected_one():
    network = two_groups(1000, 0.2, mean_degree=10, homophily=0.5, seed=5)
    ends = [network.is_marginalized[list(pair)].sum() for pair in as_set(network)]
    across = 0.5 * 5000 * (800 * 200) / (1000 * 999 / 2)  # half of what chance makes
    assert Counter(ends)[1] == round(across)
    assert Counter(ends)[2] == pytest.approx((200 * 10 - across) / 2, abs=0.5)


def test_degrees_within_a_group_spread_as_in_a_random_graph():
    network = two_groups(20_000, 0.3, mean_degree=8, homophily=0.4, seed=6)
    assert network.degree.var() == pytest.approx(8, rel=0.05)
    assert network.measures()["clustering"] < 0.003


@pytest.mark.parametrize(("share", "mean_degree", "homophily"), [(0.4, 1.6, 0.0), (0.0, 1.2, 0.5)])
def test_all_networks_with_the_same_blocks_are_equally_likely(share, mean_degree, homophily):
    # Five people, so few ties that all possible sets of ties can be counted.
    seen = Counter()
    blocks = None
    for seed in range(4000):
        network = two_groups(5, share, mean_degree=mean_degree, homophily=homophily, seed=seed)
        order = np.argsort(network.is_marginalized, kind="stable")  # advantaged people first, by number
        rank = np.argsort(order, kind="stable")
        ties = frozenset(tuple(sorted(rank[list(pair)].tolist())) for pair in as_set(network))
        seen[ties] += 1
        n_a = network.n_advantaged
        counts = Counter(sum(end >= n_a for end in tie) for tie in ties)
        blocks = blocks or counts
        assert counts == blocks
    rooms = (math.comb(n_a, 2), n_a * (5 - n_a), math.comb(5 - n_a, 2))
    assert len(seen) == math.prod(math.comb(room, blocks[at]) for at, room in enumerate(rooms))
    assert stats.chisquare(list(seen.values())).pvalue > 0.001


@pytest.mark.parametrize(
    ("n_people", "share", "mean_degree", "homophily", "nearest"),
    [
        (20, 0.2, 10, 0.95, 1 - (4 * 10 - 4 * 3) / (10 * 16 * 4 / 19)),  # 4 people have 12 tie ends within at most
        (3, 0.4, 2, 0.5, 1 - 2 / (2 * 2 * 1 / 2)),  # everybody is tied to everybody: nothing to choose
        (10, 0.5, 5, -1, 1 - 25 / (5 * 5 * 5 / 9)),  # 25 pairs across, no more
        (100, 0.2, 6, -1, 1 - 20 * 6 / (6 * 80 * 20 / 99)),  # 20 people have 120 tie ends across at most
    ],
)
def test_groups_too_small_for_the_homophily_get_the_nearest(n_people, share, mean_degree, homophily, nearest):
    with pytest.warns(NetworkWarning, match="no room for homophily"):
        network = two_groups(n_people, share, mean_degree=mean_degree, homophily=homophily, seed=1)
    assert f"the nearest possible, {nearest:.3g}, is used" in network.notes[0]
    assert network.n_ties == round(n_people * mean_degree / 2)
    is_m = network.is_marginalized
    for group in (is_m, ~is_m):
        assert network.degree[group].mean() == pytest.approx(mean_degree, abs=2 / group.sum())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        again = two_groups(n_people, share, mean_degree=mean_degree, homophily=nearest, seed=1)
    assert again.digest() == network.digest()


@pytest.mark.parametrize("share", [0, 1])
def test_one_group_alone_is_a_plain_random_graph(share):
    network = two_groups(500, share, mean_degree=6, homophily=0.8, seed=2)
    assert network.n_ties == 1500
    assert math.isnan(network.homophily)
    assert network.degree.var() == pytest.approx(6, rel=0.25)


# Rings and small worlds


@pytest.mark.parametrize(("n_people", "mean_degree"), [(11, 4), (10, 8), (7, 6), (5, 2), (6, 0)])
def test_ring_lattice_is_the_one_of_networkx(n_people, mean_degree):
    expected = nx.watts_strogatz_graph(n_people, mean_degree, 0)
    assert as_set(ring_lattice(n_people, mean_degree=mean_degree, seed=1)) == {
        tuple(sorted(pair)) for pair in expected.edges()
    }
    assert (ring_lattice(n_people, mean_degree=mean_degree, seed=1).degree == mean_degree).all()


def test_small_world_without_rewiring_is_the_lattice():
    assert small_world(100, rewiring=0, seed=1).digest() == ring_lattice(100, seed=1).digest()


@pytest.mark.parametrize("rewiring", [0.05, 0.2, 0.5])
def test_share_of_rewired_ties_is_the_one_asked_for(rewiring):
    network = small_world(4000, mean_degree=10, rewiring=rewiring, seed=3)
    kept = sum(min(b - a, 4000 - b + a) <= 5 for a, b in as_set(network)) / network.n_ties
    assert kept == pytest.approx(1 - rewiring, abs=4 * math.sqrt(rewiring * (1 - rewiring) / 20_000) + 0.003)


@pytest.mark.parametrize("rewiring", [0, 0.02, 0.1, 0.3])
def test_small_world_clustering_follows_barrat_and_weigt(rewiring):
    # Lattice: 3 (k - 2) / (4 (k - 1)); a triangle survives if none of its three ties is rewired.
    network = small_world(5000, mean_degree=10, rewiring=rewiring, seed=4)
    expected = 3 * 8 / (4 * 9) * (1 - rewiring) ** 3
    assert network.measures()["clustering"] == pytest.approx(expected, abs=0.012)


def test_a_little_rewiring_makes_the_world_small():
    lengths = [
        nx.average_shortest_path_length(small_world(300, mean_degree=6, rewiring=p, seed=1).to_networkx())
        for p in (0, 0.1, 1)
    ]
    assert lengths[0] > 20
    assert lengths[1] < 6
    assert lengths[2] < lengths[1]


def test_rewired_ties_lead_anywhere():
    counts = np.zeros(12)
    for seed in range(400):
        for a, b in as_set(small_world(13, mean_degree=2, rewiring=1, seed=seed)):
            counts[(b - a) % 13 - 1] += 0.5
            counts[(a - b) % 13 - 1] += 0.5
    far = counts[1:-1]  # the direct neighbours are taken when their tie's turn comes
    assert stats.chisquare(far).pvalue > 0.001


def test_rewiring_in_a_nearly_complete_network_ends():
    network = small_world(60, mean_degree=58, rewiring=1, seed=1)
    assert network.n_ties == 60 * 29
    assert as_set(network) != as_set(ring_lattice(60, mean_degree=58, seed=1))


# Hubs


def test_hubs_follow_a_power_law_and_random_graphs_do_not():
    hubs = scale_free(100_000, mean_degree=6, seed=1).degree
    plain = two_groups(100_000, mean_degree=6, homophily=0, seed=1).degree
    assert plain.max() < 30
    assert hubs.max() > 300
    # Expected share of people with degree k or more: m (m + 1) / (k (k + 1)) with m = 3 ties made by each.
    for least in (5, 10, 30, 60):
        assert (hubs >= least).mean() == pytest.approx(12 / (least * (least + 1)), rel=0.15)
    tail = hubs[hubs >= 10]
    exponent = 1 + tail.size / np.log(tail / 9.5).sum()  # Clauset, Shalizi & Newman (2009), equation 3.7
    assert exponent == pytest.approx(3, abs=0.15)


def test_those_who_came_first_have_most_ties():
    degree = scale_free(2000, mean_degree=4, seed=2).degree
    assert degree[:20].mean() > 5 * degree[1000:].mean()


@pytest.mark.parametrize("mean_degree", [0, 0.5, 1, 2, 3.3, 5, 9.99, 97.5, 199])
def test_any_mean_degree_can_be_had_with_hubs(mean_degree):
    network = scale_free(200, mean_degree=mean_degree, seed=1)
    assert network.n_ties == math.floor(200 * mean_degree / 2 + 0.5)
    assert_sound(network)


def test_each_newcomer_makes_the_same_number_of_ties():
    network = scale_free(50, mean_degree=6, seed=3)
    made = [(network.neighbours_of(person) < person).sum() for person in range(50)]
    assert made[:4] == [0, 1, 2, 3]  # the first are all tied to each other
    assert set(made[4:]) == {3, 4}
    assert sum(made) == 150


def test_newcomers_prefer_people_in_proportion_to_their_ties():
    # 0-1, then person 2 joins one of them, then person 3 chooses among degrees 2, 1, 1.
    chosen = Counter()
    for seed in range(4000):
        network = scale_free(4, mean_degree=1.5, seed=seed)
        before = Counter(end for pair in as_set(network) if max(pair) < 3 for end in pair)
        chosen[before[int(network.neighbours_of(3)[0])]] += 1
    assert set(chosen) == {1, 2}
    assert stats.binomtest(chosen[2], 4000, 0.5).pvalue > 0.001


# Regular graphs


@pytest.mark.parametrize("n_people", range(1, 15))
def test_random_regular_works_for_every_small_case(n_people):
    for degree in range(n_people):
        if n_people * degree % 2 == 0:
            for seed in range(5):
                network = random_regular(n_people, mean_degree=degree, seed=seed)
                assert (network.degree == degree).all()
                assert_sound(network)


@pytest.mark.parametrize(
    ("n_people", "mean_degree"), [(1000, 3), (1001, 10), (200, 100), (200, 150), (50, 48)]
)
def test_random_regular_has_exact_degrees(n_people, mean_degree):
    network = random_regular(n_people, mean_degree=mean_degree, seed=8)
    assert (network.degree == mean_degree).all()
    assert_sound(network)


def test_random_regular_is_not_a_lattice():
    network = random_regular(2000, mean_degree=10, seed=1)
    assert network.measures()["clustering"] < 0.02
    assert network.measures()["largest_component_share"] == 1.0


def test_all_pairings_of_six_people_are_equally_likely():
    seen = Counter(as_set(random_regular(6, mean_degree=1, seed=seed)) for seed in range(3000))
    assert len(seen) == 15
    assert stats.chisquare(list(seen.values())).pvalue > 0.001


def test_every_two_regular_network_of_six_people_occurs():
    # 60 hexagons and 10 pairs of triangles; the repair makes them only nearly equally likely.
    seen = Counter(as_set(random_regular(6, mean_degree=2, seed=seed)) for seed in range(4000))
    assert len(seen) == 70
    assert min(seen.values()) > 20
    assert max(seen.values()) < 160


# Arguments


WRONG = [
    ("n_people", 0),
    ("n_people", -5),
    ("n_people", 10.0),
    ("n_people", "10"),
    ("n_people", True),
    ("n_people", None),
    ("n_people", 10**9),
    ("marginalized_share", -0.1),
    ("marginalized_share", 1.1),
    ("marginalized_share", math.nan),
    ("marginalized_share", "0.2"),
    ("marginalized_share", None),
    ("marginalized_share", True),
    ("seed", -1),
    ("seed", 2**64),
    ("seed", 1.0),
    ("seed", None),
    ("seed", "1"),
    ("seed", False),
    ("mean_degree", -1),
    ("mean_degree", math.inf),
    ("mean_degree", math.nan),
    ("mean_degree", "ten"),
    ("mean_degree", 40),
    ("mean_degree", None),
    ("mean_degree", True),
    ("homophily", 1.1),
    ("homophily", math.nan),
    ("homophily", "high"),
    ("homophily", -math.inf),
    ("rewiring", -0.1),
    ("rewiring", 1.5),
    ("rewiring", None),
    ("groups", "middle"),
    ("groups", None),
    ("groups", ["random"]),
]


@pytest.mark.parametrize(
    ("family", "name", "value"),
    [
        (f, *case)
        for f in FAMILIES
        for case in WRONG
        if case[0] in inspect.signature(GENERATORS[f]).parameters
    ],
)
def test_arguments_out_of_range_are_refused(family, name, value):
    arguments = {"n_people": 40, "seed": 1, name: value}
    if family in DEGREED:
        arguments.setdefault("mean_degree", 6)
    with pytest.raises(InputError, match=name) as refused:
        GENERATORS[family](**arguments)
    assert any(word in str(refused.value) for word in ("must be", "greatest possible", "allowed"))


@pytest.mark.parametrize(
    ("family", "n_people", "mean_degree", "message"),
    [
        ("ring_lattice", 20, 5, "mean_degree = 5 must be an even whole number"),
        ("ring_lattice", 20, 4.5, "mean_degree = 4.5 must be an even whole number"),
        ("small_world", 20, 7, "mean_degree = 7 must be an even whole number"),
        ("random_regular", 20, 4.5, "mean_degree = 4.5 must be a whole number"),
        ("random_regular", 21, 5, "mean_degree = 5 .*n_people = 21.*must be even"),
        ("two_groups", 90_000_000, 1000, "at most 4.44444, so that there are at most"),
    ],
)
def test_degrees_that_a_family_cannot_have_are_refused(family, n_people, mean_degree, message):
    with pytest.raises(InputError, match=message):
        GENERATORS[family](n_people, mean_degree=mean_degree, seed=1)


def test_a_complete_network_that_would_not_fit_is_refused_at_once():
    with pytest.raises(InputError, match="at most"):
        complete(1_000_000, seed=1)


def test_whole_floats_are_taken_as_degrees():
    assert ring_lattice(20, mean_degree=4.0, seed=1) == ring_lattice(20, mean_degree=4, seed=1)


def test_all_families_are_registered_under_their_own_names():
    assert set(GENERATORS) == {
        "two_groups",
        "small_world",
        "scale_free",
        "random_regular",
        "ring_lattice",
        "complete",
    }
    assert all(getattr(networks, name) is family for name, family in GENERATORS.items())
