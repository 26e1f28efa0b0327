"""Whom an intervention reaches: named rules that pick people, the same people in every run of the same replicate."""

from __future__ import annotations

import numpy as np

from sim import streams
from sim.checks import InputError, check_count

RULES = (
    "everybody", "random", "highest_degree", "peer_nominated", "bridging", "most_sympathetic", "most_loyal",
    "appointed",
)  # fmt: skip


def pick(intervention, network, state, start_seed: int) -> np.ndarray:
    """Return the people that an intervention reaches, ascending.

    Parameters
    ----------
    intervention : Intervention
    network : Network
    state : State
        The people at the start of the run; what they privately are counts for some rules.
    start_seed : int
        Luck of who the people are: whom a rule picks belongs to it, not to the luck of what happens.

    Notes
    -----
    ``random``: all equally likely. ``highest_degree``: most ties. ``peer_nominated``: everybody names one random
    neighbour; those of the group named most often (Paluck, Shepherd & Aronow 2016 ask people for names). ``bridging``:
    most ties to the other group. ``most_sympathetic``: highest private sympathy (of marginalized people: trust).
    ``most_loyal``: highest in-group loyalty. ``appointed``: by authority, which sees prominence and loyalty from above
    but no private views: highest sum of the ranks by ties and by loyalty (assumed). Of equals, chance decides.
    """
    if intervention.people:
        numbers = [number_of(network, label, intervention.kind) for label in intervention.people]
        return np.unique(np.array(numbers, dtype=np.int64))
    pool = pool_of(intervention.group, network)
    if intervention.who == "everybody":
        return pool
    if intervention.count is not None:
        count = check_count(f"{intervention.kind}: count", intervention.count, 0, len(pool))
    else:
        count = max(round(intervention.share * len(pool)), 1 if intervention.share > 0 and len(pool) else 0)
    chance = streams.uniforms(start_seed, streams.TARGETS, network.n_people, step=2 * intervention.draw)[pool]
    score = _score(intervention, network, state, start_seed, pool)
    return np.sort(pool[np.lexsort((chance, -score))[:count]])


def pool_of(group: str, network) -> np.ndarray:
    """Return the people of a group, or of both."""
    if group == "both":
        return np.arange(network.n_people)
    return np.flatnonzero(network.is_marginalized == (group == "marginalized"))


def number_of(network, label, kind: str) -> int:
    """Return the number of a person by label; a wrong label is refused in the name of an intervention."""
    try:
        return network.index_of(label)
    except InputError as problem:
        raise InputError(f"{kind}: {problem}") from None


def _score(intervention, network, state, start_seed: int, pool) -> np.ndarray:
    rule = intervention.who
    if rule == "highest_degree":
        return network.degree[pool].astype(float)
    if rule == "bridging":
        return _ties_across(network)[pool].astype(float)
    if rule == "peer_nominated":
        return _nominations(network, start_seed, 2 * intervention.draw + 1, pool)
    if rule == "most_sympathetic":
        return np.where(network.is_marginalized, state.trust, state.sympathy)[pool]
    if rule == "most_loyal":
        return state.loyalty[pool]
    if rule == "appointed":
        return _ranks(network.degree[pool]) + _ranks(state.loyalty[pool])
    return np.zeros(len(pool))


def _ties_across(network) -> np.ndarray:
    owner = np.repeat(np.arange(network.n_people), network.degree)
    across = network.is_marginalized[owner] != network.is_marginalized[network.neighbours]
    return np.bincount(owner[across], minlength=network.n_people)


def _nominations(network, start_seed: int, step: int, pool) -> np.ndarray:
    """Return how often each is named, when everybody names one random neighbour."""
    draws = streams.uniforms(start_seed, streams.TARGETS, network.n_people, step=step)
    has_ties = network.degree > 0
    places = network.offsets[:-1][has_ties] + (draws[has_ties] * network.degree[has_ties]).astype(np.int64)
    return np.bincount(network.neighbours[places], minlength=network.n_people)[pool].astype(float)


def _ranks(values: np.ndarray) -> np.ndarray:
    """Return how many of the others each value exceeds."""
    return np.searchsorted(np.sort(values), values, side="left").astype(float)
