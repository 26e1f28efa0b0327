"""The model with another way of deciding; what people show, see and learn stays as it is.

Three decision rules answer the same question. Everything else (emit, gather, learn, and who reconsiders when) is
``sim.rules`` unchanged, so that what differs between two runs with the same seeds is how people decide:

logit
    The model's own: every option in proportion to the exponential of its utility. Runs equal those of `sim.simulate`
    to the last bit.
threshold
    The option of greatest utility, without luck; silence where nothing is better. As utilities are linear in the
    visible norm, a person stands up once that norm reaches a threshold, which conviction lowers and stigma, punishment
    and effort raise (Granovetter 1978, Watts 2002: see `sim.classics`). It is the logit rule's limit without noise.
imitation
    Look at one random neighbour of the own group, and take over what that neighbour does with probability
    1 / (1 + exp((own - other) / noise)), where `own` and `other` are the utilities that either gets from what they do
    now (Szabo & Toke 1998). Nobody does what nobody around does; whoever has no such neighbour stays with what they do.

Nothing is tuned: the parameters are the model's. The steps are synchronous. Interventions do not apply.

Szabo, G., & Toke, C. (1998), "Evolutionary prisoner's dilemma game on a square lattice", *Physical Review E* 58, 69-73.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numba.extending import register_jitable

from sim import rules
from sim.checks import InputError, check_choice, check_count, shown
from sim.compiled import compiled
from sim.networks import Network
from sim.parameters import Parameters, numbers_of
from sim.rules import ALLY, BYSTAND, GATEKEEP, OPPOSE, TOKEN, WITHDRAW
from sim.state import State, frozen, state_to_start_from
from sim.streams import CHOICE, CLASSIC_PARTNER, REVISE, check_seed, coarse_uniform, key, uniform

RULES = ("logit", "threshold", "imitation")
LOGIT, THRESHOLD, IMITATION = 0, 1, 2


@dataclass(frozen=True, eq=False)
class Rival:
    """A run under one decision rule.

    Attributes
    ----------
    rule : str
    history : DataFrame
        One row per step from 0: shares of stances among advantaged and of responses among marginalized people, mean
        stigma, trust and sympathy, ``private_support``, ``expressed_support`` and ``opposer_private_share``, as in
        `sim.measures.COLUMNS`.
    state : State
        The people after the last step.
    """

    rule: str
    history: object
    state: State


def simulate(
    rule: str, parameters: Parameters | None = None, network: Network | None = None, *, steps=400, start="silent",
    seed=0, start_seed=None,
) -> Rival:  # fmt: skip
    """Run the model with a decision rule.

    Parameters
    ----------
    rule : {"logit", "threshold", "imitation"}
    parameters : Parameters, optional
        The default ones if omitted.
    network : Network, optional
        1,000 people in two groups, generated from `seed`, if omitted.
    steps : int
    start, seed, start_seed
        As in `sim.simulate`.

    Returns
    -------
    Rival

    Raises
    ------
    InputError
        For anything that cannot be used.
    """
    number = RULES.index(check_choice("rule", rule, RULES))
    parameters = Parameters() if parameters is None else parameters
    if not isinstance(parameters, Parameters):
        raise InputError(f"parameters must be a Parameters object, not {shown(parameters)}")
    steps, seed = check_count("steps", steps, 0, 1_000_000), check_seed(seed)
    start_seed = seed if start_seed is None else check_seed(start_seed, name="start_seed")
    if network is None:
        from sim.networks import two_groups

        network = two_groups(1000, seed=seed)
    if not isinstance(network, Network):
        raise InputError(f"network must be a Network, not {shown(network)}; sim.networks makes them")
    first = state_to_start_from(start, parameters, network, start_seed)
    feeling = np.where(network.is_marginalized, first.trust, first.stigma)
    people = [first.act.copy(), first.betrayed.copy(), feeling, first.sympathy.copy(), first.loyalty]
    numbers = numbers_of(parameters)
    still = numbers._replace(noise=0.0) if number == THRESHOLD else numbers
    ties = network.offsets, network.neighbours, network.is_marginalized
    sums = _run(*ties, numbers, still, number, *people, first.step, steps, *key(seed))
    act, betrayed, feeling, sympathy, loyalty = people
    own = ~network.is_marginalized
    state = State(first.step + steps, act, betrayed, sympathy, loyalty, feeling * own, feeling * ~own)
    return Rival(rule, _history(sums, network, first.step), frozen(state))


# === deciding ===========================================================================================


@register_jitable
def payoff_of_stance(p, sympathy, loyalty, stigma, view, stance):
    """Return the utility of what an advantaged person does now; silence is worth 0."""
    oppose, token, ally = rules.stance_utilities(p, sympathy, loyalty, stigma, view)
    return oppose if stance == OPPOSE else token if stance == TOKEN else ally if stance == ALLY else 0.0


@register_jitable
def payoff_of_response(p, trust, view, response):
    """Return the utility of how a marginalized person responds now."""
    gatekeep, withdraw, welcome = rules.response_utilities(p, trust, view)
    return gatekeep if response == GATEKEEP else withdraw if response == WITHDRAW else welcome


@register_jitable
def takes_over(noise, own, other, draw):
    """Return whether a person takes over what another does: the likelier, the more the other gets out of it."""
    best = rules.larger(own, other)
    weight = rules.option_weight(other, best, noise)
    if noise > 0.0:
        return draw * (weight + rules.option_weight(own, best, noise)) < weight
    return other > own


@register_jitable
def peer_of(offsets, neighbours, is_marginalized, person, draw):
    """Return a random neighbour of the person's own group, or the person where there is none."""
    n_peers = 0
    for place in range(offsets[person], offsets[person + 1]):
        n_peers += is_marginalized[neighbours[place]] == is_marginalized[person]
    left = int(draw * n_peers)
    for place in range(offsets[person], offsets[person + 1]):
        other = np.int64(neighbours[place])
        if is_marginalized[other] == is_marginalized[person]:
            if left == 0:
                return other
            left -= 1
    return person


# === stepping ===========================================================================================


@register_jitable
def show(signs, person, new):
    """Write down what a person shows."""
    signs[person, 0], signs[person, 1], signs[person, 2] = new.allies, new.tokens, new.opposers
    signs[person, 3], signs[person, 4], signs[person, 5] = new.betrayals, new.responses, new.silent_loyalty
    signs[person, 6], signs[person, 7], signs[person, 8] = new.ally_stigma, new.token_stigma, new.trust


@register_jitable
def look_around(offsets, neighbours, is_marginalized, signs, person):
    """Return what a person sees: totals of what the neighbours show."""
    allies = tokens = opposers = betrayals = responses = silent_loyalty = ally_stigma = token_stigma = trust = 0
    n_marginalized = 0
    for place in range(offsets[person], offsets[person + 1]):
        other = neighbours[place]
        n_marginalized += is_marginalized[other]
        allies += signs[other, 0]
        tokens += signs[other, 1]
        opposers += signs[other, 2]
        betrayals += signs[other, 3]
        responses += signs[other, 4]
        silent_loyalty += signs[other, 5]
        ally_stigma += signs[other, 6]
        token_stigma += signs[other, 7]
        trust += signs[other, 8]
    n_advantaged = offsets[person + 1] - offsets[person] - n_marginalized
    return rules.Seen(
        allies, tokens, opposers, betrayals, responses, silent_loyalty, ally_stigma, token_stigma, trust,
        n_advantaged, n_marginalized,
    )  # fmt: skip


@compiled
def _run(
    offsets, neighbours, is_marginalized, p, still, rule, act, betrayed, feeling, sympathy, loyalty, first, steps, k0,
    k1,
):
    """Advance the people in place; return sums over them before the first step and after each."""
    n_people = act.size
    signs = np.zeros((n_people, 9), np.int32)
    payoff, chosen = np.zeros(n_people), act.copy()
    sums = np.zeros((steps + 1, N_SUMS))
    _count(is_marginalized, act, feeling, sympathy, sums[0])
    for step in range(first, first + steps):
        n_private = n_advantaged = 0
        for i in range(n_people):
            if is_marginalized[i]:
                show(signs, i, rules.shown_by_marginalized(np.int64(act[i]), feeling[i]))
            else:
                show(signs, i, rules.shown_by_advantaged(act[i], betrayed[i], feeling[i], loyalty[i]))
                n_private += sympathy[i] > 0.0
                n_advantaged += 1
        told = 2.0 * n_private / n_advantaged - 1.0 if n_advantaged > 0 else 0.0
        if rule == IMITATION:
            for i in range(n_people):
                seen = look_around(offsets, neighbours, is_marginalized, signs, i)
                if is_marginalized[i]:
                    payoff[i] = payoff_of_response(p, feeling[i], rules.marginalized_view(p, seen), act[i])
                else:
                    view = rules.advantaged_view(p, seen, told)
                    payoff[i] = payoff_of_stance(p, sympathy[i], loyalty[i], feeling[i], view, act[i])
        for i in range(n_people):
            seen = look_around(offsets, neighbours, is_marginalized, signs, i)
            chosen[i] = act[i]
            is_awake = coarse_uniform(i, step, REVISE, k0, k1) < p.revise
            draw = uniform(i, step, CHOICE, k0, k1) if is_awake else 0.0
            if is_awake and rule == IMITATION:
                peer = peer_of(offsets, neighbours, is_marginalized, i, uniform(i, step, CLASSIC_PARTNER, k0, k1))
                if takes_over(p.noise, payoff[i], payoff[peer], draw):
                    chosen[i] = act[peer]
            if is_marginalized[i]:
                response_view = rules.marginalized_view(p, seen)
                if is_awake and rule != IMITATION:
                    gatekeep, withdraw, welcome = rules.response_utilities(p, feeling[i], response_view)
                    chosen[i] = rules.choose_response(still, gatekeep, withdraw, welcome, draw)
                feeling[i] = rules.next_trust(p, feeling[i], response_view)
            else:
                stance_view = rules.advantaged_view(p, seen, told)
                if is_awake and rule != IMITATION:
                    oppose, token, ally = rules.stance_utilities(p, sympathy[i], loyalty[i], feeling[i], stance_view)
                    chosen[i] = rules.choose_stance(still, oppose, token, ally, draw)
                betrayed[i] = rules.is_betrayal(act[i], chosen[i])
                feeling[i] = rules.next_stigma(p, feeling[i], chosen[i], stance_view)
                sympathy[i] = rules.next_sympathy(p, sympathy[i], chosen[i], stance_view)
        act[:] = chosen
        _count(is_marginalized, act, feeling, sympathy, sums[step - first + 1])
    return sums


# What is summed: stances, responses, stigma, trust, sympathy, private supporters, and those among opposers.
N_SUMS = 12


@compiled
def _count(is_marginalized, act, feeling, sympathy, sums):
    for i in range(act.size):
        if is_marginalized[i]:
            sums[4 + act[i]] += 1
            sums[8] += feeling[i]
        else:
            sums[act[i]] += 1
            sums[7] += feeling[i]
            sums[9] += sympathy[i]
            sums[10] += sympathy[i] > 0.0
            sums[11] += sympathy[i] > 0.0 and act[i] == OPPOSE


def _history(sums: np.ndarray, network: Network, first: int):
    import pandas as pd

    with np.errstate(divide="ignore", invalid="ignore"):
        advantaged, marginalized = sums / network.n_advantaged, sums / network.n_marginalized
        return pd.DataFrame({
            "step": np.arange(first, first + len(sums)),
            "ally_share": advantaged[:, ALLY], "token_share": advantaged[:, TOKEN],
            "bystand_share": advantaged[:, BYSTAND], "oppose_share": advantaged[:, OPPOSE],
            "welcome_share": marginalized[:, 6], "withdraw_share": marginalized[:, 5],
            "gatekeep_share": marginalized[:, 4], "mean_stigma": advantaged[:, 7], "mean_trust": marginalized[:, 8],
            "mean_sympathy": advantaged[:, 9], "private_support": advantaged[:, 10],
            "expressed_support": advantaged[:, ALLY] + advantaged[:, TOKEN],
            "opposer_private_share": sums[:, 11] / sums[:, OPPOSE],
        })  # fmt: skip
