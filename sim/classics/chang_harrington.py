"""Chang & Harrington (2020): does society come to accept people with a hidden stigma?

Rules. 10,000 people live on a 100 x 100 lattice without edges. Ties are made one at a time until the mean degree is
20: a person is drawn; with probability ``1 - random_tie_share`` the partner is drawn from the 48 people around (Moore
neighbourhood of range 3), else from all others; a pair that is tied already is drawn anew. One tenth of the people, at
random places, are stigmatized and at first hide it, but for a `revealed_share` of them. Of the others a
`conformist_share` are conformists, the rest compassionates; an `accepting_share` of them accepts at the start.

At every step everybody looks at the same picture. A stigmatized person who hides reveals, for good, when the share of
accepting neighbours reaches `stigmatized_threshold`; a conformist accepts as long as that share is at least
`conformist_threshold`; a compassionate accepts as long as the share of neighbours who have revealed is at least
`compassionate_threshold`. Accepting neighbours are those who accept and the stigmatized who have revealed.

No departure from the paper's results is known; its text was at hand only in summary. What that leaves open: here the
person, the kind of tie and the partner are all drawn anew when a pair is tied already, so that with
``0 < random_tie_share < 1`` somewhat more than that share of the ties leads far away (neighbours run out, strangers do
not). Drawing only the partner anew fits the published quantiles without random ties as well; over 64 runs it moves
medians by at most .02 without and .03 with a random tie share of .1. Numbers of people are rounded to whole ones. A
person without ties (there is hardly ever one) sees a share of 0.

Exact, in the mean over networks: ties are 100,000 of 240,000 pairs, so that without random ties degrees are nearly
binomial (48, 5/12). Where all stigmatized people have revealed, a compassionate then accepts with probability .771;
where 15 % have, with .151. With w conformists who all accept, or none, that makes w + .771 (1 - w) and .151 (1 - w).

Chang, M.-H., & Harrington, J. E. (2020), "A dynamic computational model of social stigma", *Journal of Artificial
Societies and Social Simulation* 23(2) 1, doi 10.18564/jasss.4225.
"""

from __future__ import annotations

import numpy as np
from numba.extending import register_jitable

from sim.checks import check_count, check_number
from sim.classics.outcome import Outcome, history_of, model, share_of
from sim.compiled import compiled
from sim.networks.asked import choose_groups
from sim.networks.drawing import add, new_set
from sim.networks.edges import from_codes
from sim.networks.network import Network
from sim.streams import CLASSIC_START, CLASSIC_WHO, TIES, check_seed, key, permutation, uniform

SIDE, RANGE, MEAN_DEGREE, STIGMATIZED_SHARE = 100, 3, 20, 0.1
STIGMATIZED, CONFORMIST, COMPASSIONATE = 0, 1, 2


@model
def run(
    conformist_share=0.3,
    random_tie_share=0,
    revealed_share=0.15,
    accepting_share=0,
    stigmatized_threshold=0.4,
    conformist_threshold=0.3,
    compassionate_threshold=0.05,
    steps=300,
    seed=1,
):
    """Run the model of Chang & Harrington (2020).

    Parameters
    ----------
    conformist_share : float
        Conformists among those who are not stigmatized, in [0, 1]; the others are compassionates. The paper's w.
    random_tie_share : float
        Probability that a tie is drawn from everywhere outside the neighbourhood, in [0, 1]. The paper's q.
    revealed_share : float
        Stigmatized people who have revealed at the start, in [0, 1].
    accepting_share : float
        People who are not stigmatized and accept at the start, in [0, 1].
    stigmatized_threshold, conformist_threshold : float
        Share of accepting neighbours from which on a stigmatized person reveals, and a conformist accepts; in [0, 1].
    compassionate_threshold : float
        Share of revealed stigmatized neighbours from which on a compassionate accepts; in [0, 1].
    steps : int
    seed : int
        0 to 2**64 - 1; one seed gives the network, the people and the start.

    Returns
    -------
    Outcome
        Its ``history`` has ``accepting_share`` (of those who are not stigmatized), ``revealed_share`` (of the
        stigmatized), and ``conformists_accepting`` and ``compassionates_accepting`` (shares of their kind; NaN where
        nobody is of it).

    Raises
    ------
    InputError
        If a value is out of range or an argument is unknown.
    """
    conformist_share = check_number("conformist_share", conformist_share, 0, 1)
    random_tie_share = check_number("random_tie_share", random_tie_share, 0, 1)
    revealed_share = check_number("revealed_share", revealed_share, 0, 1)
    accepting_share = check_number("accepting_share", accepting_share, 0, 1)
    thresholds = (
        check_number("stigmatized_threshold", stigmatized_threshold, 0, 1),
        check_number("conformist_threshold", conformist_threshold, 0, 1),
        check_number("compassionate_threshold", compassionate_threshold, 0, 1),
    )
    steps, seed = check_count("steps", steps, 0, 1_000_000), check_seed(seed)
    network = neighbourhood_network(random_tie_share, seed)
    kind = _kinds(network.is_marginalized, conformist_share, seed)
    shows = _start(network.is_marginalized, revealed_share, accepting_share, seed)
    counts = _steps(network.offsets, network.neighbours, kind, shows, np.array(thresholds), steps)
    sizes = np.bincount(kind, minlength=3)
    history = history_of(
        accepting_share=share_of(counts[:, CONFORMIST] + counts[:, COMPASSIONATE], sizes[1:].sum()),
        revealed_share=share_of(counts[:, STIGMATIZED], sizes[STIGMATIZED]),
        conformists_accepting=share_of(counts[:, CONFORMIST], sizes[CONFORMIST]),
        compassionates_accepting=share_of(counts[:, COMPASSIONATE], sizes[COMPASSIONATE]),
    )
    return Outcome(history, network)


def neighbourhood_network(random_tie_share: float, seed: int) -> Network:
    """Return the paper's network; the marginalized group are the stigmatized."""
    n_people = SIDE * SIDE
    n_ties = n_people * MEAN_DEGREE // 2
    codes = _draw_ties(new_set(n_ties), n_ties, random_tie_share, *key(seed))
    source = {"family": "chang_harrington", "random_tie_share": random_tie_share, "seed": seed}
    return from_codes(np.sort(codes), choose_groups(n_people, STIGMATIZED_SHARE, seed), source=source)


def _kinds(is_stigmatized: np.ndarray, conformist_share: float, seed: int) -> np.ndarray:
    kind = np.where(is_stigmatized, STIGMATIZED, COMPASSIONATE)
    kind[_some(~is_stigmatized, conformist_share, seed, CLASSIC_WHO)] = CONFORMIST
    return kind


def _start(is_stigmatized: np.ndarray, revealed_share: float, accepting_share: float, seed: int) -> np.ndarray:
    shows = np.zeros(is_stigmatized.size, bool)
    shows[_some(is_stigmatized, revealed_share, seed, CLASSIC_START)] = True
    shows[_some(~is_stigmatized, accepting_share, seed, CLASSIC_START)] = True
    return shows


def _some(among: np.ndarray, share: float, seed: int, purpose: int) -> np.ndarray:
    """Return a random share of the people who are `among`."""
    order = permutation(seed, purpose, among.size)
    order = order[among[order]]
    return order[: round(share * order.size)]


@compiled
def _draw_ties(table, n_ties, random_tie_share, k0, k1):
    n_people = SIDE * SIDE
    codes = np.empty(n_ties, np.int64)
    n_done = 0
    attempt = 0
    while n_done < n_ties:
        person = int(uniform(attempt, 0, TIES, k0, k1) * n_people)
        if uniform(attempt, 1, TIES, k0, k1) < random_tie_share:
            other = _stranger(person, attempt, k0, k1)
        else:
            other = _neighbour(person, uniform(attempt, 2, TIES, k0, k1))
        code = min(person, other) * n_people + max(person, other)
        if add(table, code):
            codes[n_done] = code
            n_done += 1
        attempt += 1
    return codes


@register_jitable
def _neighbour(person, draw):
    width = 2 * RANGE + 1
    cell = int(draw * (width * width - 1))
    cell += cell >= width * width // 2  # the cell in the middle is the person's own
    row = (person // SIDE + cell // width - RANGE + SIDE) % SIDE
    column = (person % SIDE + cell % width - RANGE + SIDE) % SIDE
    return row * SIDE + column


@register_jitable
def _stranger(person, attempt, k0, k1):
    trial = 2
    while True:
        other = int(uniform(attempt, trial, TIES, k0, k1) * SIDE * SIDE)
        down, right = abs(person // SIDE - other // SIDE), abs(person % SIDE - other % SIDE)
        if min(down, SIDE - down) > RANGE or min(right, SIDE - right) > RANGE:
            return other
        trial += 1


@compiled
def _steps(offsets, neighbours, kind, shows, thresholds, steps):
    """Return how many of each kind show (have revealed; accept) before the first step and after each."""
    counts = np.zeros((steps + 1, 3), np.int64)
    shows_next = shows.copy()
    for person in range(kind.size):
        counts[0, kind[person]] += shows[person]
    for step in range(1, steps + 1):
        is_settled = True
        for person in range(kind.size):
            accepting = revealed = 0
            for place in range(offsets[person], offsets[person + 1]):
                other = neighbours[place]
                accepting += shows[other]
                revealed += shows[other] and kind[other] == STIGMATIZED
            n_ties = max(offsets[person + 1] - offsets[person], 1)
            # a ratio of whole numbers is rounded as the threshold was when it was typed: 6 of 20 do reach 0.3
            seen = (revealed if kind[person] == COMPASSIONATE else accepting) / n_ties
            is_kept = kind[person] == STIGMATIZED and shows[person]
            shows_next[person] = is_kept or seen >= thresholds[kind[person]]
            is_settled &= shows_next[person] == shows[person]
            counts[step, kind[person]] += shows_next[person]
        if is_settled:  # nothing will ever change
            counts[step:] = counts[step]
            break
        shows, shows_next = shows_next, shows
    return counts
