"""The same rules without a graph: what a very large, well-mixed population would do.

Everybody sees the averages of the whole population, and chance averages out. What remains is a deterministic
iteration of expected shares: quick, smooth, and something to hold the simulation against. All psychology is
called from ``rules.py``; only the bookkeeping of shares is here.

What is exact, and what is approximated, compared with a run on a complete graph:

- The population is infinite, so nobody counts in their own surroundings and shares do not fluctuate.
- Traits are integrated over their quantiles, clipping included: Gauss-Legendre quadrature, or equal shares of
  people if more than 128 `nodes` are asked for.
- People of one trait cell and stance differ in how long they have held it, hence in felt stigma. Each cell
  and stance keeps the mean of stigma and of sympathy (moment closure): the learning rules are linear, so the
  means move exactly, but choices are evaluated at the mean.
- Stigma and loyalty are shown unrounded (a run shows them to the nearest 1/64): people differ, and it averages
  out. Trust is rounded as in a run, because gossip makes it alike and then rounding holds it.
- Trust and responses need no closure: in a well-mixed population everybody's trust moves by the same view.

On networks with few ties per person, chance and correlations between neighbours come on top: this is the
limit of infinite degree, and a sparse network can end in another regime.

References
----------
Brock & Durlauf (2001), Review of Economic Studies 68, 235-260 (self-consistent choice); Blume (1966),
Physical Review 141, 517, and Capel (1966), Physica 32, 966 (three-state choice with a first-order jump);
Granovetter (1978), American Journal of Sociology 83, 1420-1443, and Watts (2002), PNAS 99, 5766-5771
(thresholds).
"""

from __future__ import annotations

import numbers
from collections import namedtuple

import numpy as np
from numba.extending import register_jitable

from sim import rules
from sim.checks import InputError, check_choice, check_count, check_number, is_flag, shown
from sim.compiled import compiled
from sim.parameters import Parameters, numbers_of
from sim.rules import Response, Stance
from sim.state import STARTS

# Advantaged people by trait cell: share of each cell and its loyalty, shape (cells,); the probability of each
# stance, and the mean stigma and sympathy of those who hold it, shape (cells, 4).
_Advantaged = namedtuple("_Advantaged", "weight loyalty stance stigma sympathy")

# Marginalized people by first trust: share and present trust, shape (nodes,); probability of each response,
# shape (nodes, 3).
_Marginalized = namedtuple("_Marginalized", "weight trust response")

_COLUMNS = (
    "ally_share", "token_share", "bystand_share", "oppose_share",
    "welcome_share", "withdraw_share", "gatekeep_share",
    "mean_stigma", "mean_trust", "mean_sympathy",
    "perceived_support", "expressed_support", "private_support", "perception_gap", "expression_gap",
    "pressure_per_ally", "silent_private_share", "opposer_private_share", "betrayal_share",
)  # fmt: skip
_OF_MARGINALIZED = [4, 5, 6, 8]  # columns that mean nothing where nobody is marginalized
_MOST_GAUSS_NODES = 128
_NOTHING_SEEN = rules.Seen(*(0.0 for _ in rules.Seen._fields))
_ROUNDING = 1e-12  # a norm that reproduces itself up to this is an equilibrium


def choice_probabilities(
    parameters: Parameters, view, *, sympathy=None, loyalty=None, stigma=0.0, trust=None
) -> dict:
    """Return how likely each option is for somebody who reconsiders.

    A multinomial logit, ``P(option) = exp(U / T) / sum of exp(U' / T)`` over the allowed options, with the
    utilities U of the rulebook and T = `noise`; at T = 0 the best option has probability 1, and options that
    tie for the best share it (a run takes the first of them).

    Parameters
    ----------
    parameters : Parameters
    view : rules.AdvantagedView or rules.MarginalizedView
        What the person sees; its kind says who is choosing.
    sympathy, loyalty, trust : float, optional
        Of the person; by default the averages in `parameters`.
    stigma : float
        Felt stigma of an advantaged person.

    Returns
    -------
    dict
        Probability by `Stance`, or by `Response`.

    Examples
    --------
    >>> parameters = Parameters(effort=0, token_allowed=False)
    >>> alone = rules.advantaged_view(parameters, rules.Seen(*[0] * len(rules.Seen._fields)))
    >>> round(choice_probabilities(parameters, alone, sympathy=0)[Stance.ALLY], 6)
    0.333333
    """
    p = numbers_of(parameters)
    if isinstance(view, rules.MarginalizedView):
        trust = p.trust if trust is None else trust
        weights, kinds = rules.response_weights(p, *rules.response_utilities(p, trust, view)), Response
    elif isinstance(view, rules.AdvantagedView):
        sympathy = p.sympathy if sympathy is None else sympathy
        loyalty = p.loyalty if loyalty is None else loyalty
        utilities = rules.stance_utilities(p, sympathy, loyalty, stigma, view)
        weights, kinds = rules.stance_weights(p, *utilities), Stance
    else:
        raise InputError(f"view must be an AdvantagedView or a MarginalizedView, not {shown(view)}")
    total = sum(weights)
    return {kind: weight / total for kind, weight in zip(kinds, weights, strict=True)}


def mean_field(
    parameters: Parameters | None = None,
    *,
    steps: int = 400,
    start="silent",
    marginalized_share: float = 0.2,
    nodes=(48, 12, 24),
):
    """Iterate the expected shares of a very large, well-mixed population under the synchronous schedule.

    With P(c, s) the share of trait cell c in stance s, r = `revise` and pi the choice probabilities at the
    population's averages, one step is

        P'(c, s') = (1 - r) P(c, s') + r sum over s of P(c, s) pi(s' | c, s);

    felt stigma, sympathy and trust then learn by the rulebook.

    Parameters
    ----------
    parameters : Parameters, optional
    steps : int
    start : str or float
        ``"silent"``, ``"allied"``, ``"opposed"``, or the share of first allies among otherwise silent people.
    marginalized_share : float
        Share of marginalized people, in [0, 1).
    nodes : tuple of three int
        Quadrature nodes for sympathy, loyalty and trust; a trait that does not vary takes one.

    Returns
    -------
    pandas.DataFrame
        One row per step, from the start on. The columns of `sim.measures.COLUMNS` that make sense without a
        graph, and ``betrayal_share``: the share of advantaged people who stopped being allies in the step
        that led here.

    Examples
    --------
    >>> history = mean_field(Parameters(stigma_transfer=0.2))
    >>> bool(history.ally_share.iloc[-1] > 0.5)
    True
    """
    import pandas as pd

    parameters = Parameters() if parameters is None else parameters
    _check_one_identity(parameters)
    steps = check_count("steps", steps)
    share = check_number("marginalized_share", marginalized_share, 0, 1 - 1e-9)
    p = numbers_of(parameters)
    advantaged = _first_advantaged(p, _first_stances(start), nodes[:2])
    marginalized = _first_marginalized(p, nodes[2])
    rows = np.zeros((steps + 1, len(_COLUMNS)))
    _iterate(p, share, advantaged, marginalized, rows)
    if share == 0:  # an empty group has no shares
        rows[:, _OF_MARGINALIZED] = np.nan
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    table.insert(0, "step", np.arange(steps + 1))
    return table


def equilibria(parameters: Parameters, *, nodes=(48, 12), grid=2000):
    """Find every visible norm that reproduces itself, where choice depends on others through the norm alone.

    With stigma, sanction, acceptance, threat, accountability and image off, the norm m that people see gives
    choice probabilities, and these the norm ``G(m) = E[visibility] - P(OPPOSE)``. Equilibria solve
    ``m = G(m)``. Uniform people with x = h / a and loyalty 1 (D = exp(e), T = 1, no tokens) give Blume-Capel,
    and without BYSTAND Brock & Durlauf:

        G(m) = 2 sinh(J m + h) / (2 cosh(J m + h) + D),        G(m) = tanh(J m + h).

    At `noise` 0 without OPPOSE, G is the share of people whose threshold lies below m: Granovetter's F.

    Parameters
    ----------
    parameters : Parameters
    nodes : tuple of two int
        Quadrature nodes for sympathy and loyalty; take many thousands at `noise` 0, where G is a staircase.
    grid : int
        Norms are searched between this many points on either side of 0. Pairs of equilibria closer together
        than 1 / grid (at a fold) are missed.

    Returns
    -------
    pandas.DataFrame
        One row per equilibrium, ascending: ``norm``, ``is_stable``, and the share of each stance there.

    Notes
    -----
    A revision at rate r moves the norm by r (G(m) - m). G never falls (its slope is loyalty * J / T times the
    variance of visibility), so m is stable exactly if G(m) - m falls through 0 there, at any r. Where G jumps
    over m, the threshold itself is reported as unstable.

    Raises
    ------
    InputError
        If a mechanism is on that brings in more than the norm.
    """
    import pandas as pd

    _check_norm_only(parameters)
    p = numbers_of(parameters)
    crowd = _first_advantaged(p, np.array([0.0, 1.0, 0.0, 0.0]), nodes)
    norms = np.linspace(-1.0, 1.0, 2 * check_count("grid", grid, 1) + 1)
    excess = np.array([_norm_reproduced(p, crowd, m) - m for m in norms])
    excess[np.abs(excess) < _ROUNDING] = 0
    found = [(m, _falls(excess, i)) for i, m in enumerate(norms) if excess[i] == 0]
    crossings = np.flatnonzero(excess[:-1] * excess[1:] < 0)
    found += [(_bisect(p, crowd, norms[i], norms[i + 1]), bool(excess[i] > 0)) for i in crossings]
    table = pd.DataFrame(sorted(found), columns=["norm", "is_stable"])
    shares = np.array([_shares_at(p, crowd, m) for m in table.norm]).reshape(-1, 4)
    for stance in reversed(Stance):
        table[f"{stance.name.lower()}_share"] = shares[:, stance]
    return table


def _check_one_identity(parameters: Parameters) -> None:
    if parameters.crossing_share > 0:
        raise InputError(
            f"crossing_share = {parameters.crossing_share:g} must be 0: the theory without a graph knows one identity"
        )


def _check_norm_only(parameters: Parameters) -> None:
    stigma = parameters.stigma_transfer * (parameters.stigma_cost + parameters.distancing)
    opposing = (parameters.threat + parameters.accountability) * parameters.oppose_allowed
    more = {
        "stigma_transfer": stigma,
        "sanction": parameters.sanction,
        "acceptance": parameters.acceptance,
        "threat and accountability": opposing,
        "image": parameters.image * parameters.token_allowed,
    }
    on = [name for name, weight in more.items() if weight]
    if on:
        raise InputError(f"equilibria looks at the visible norm alone, so these must be 0: {', '.join(on)}")


def _falls(excess: np.ndarray, i: int) -> bool:
    """Tell whether G(m) - m goes from above to below 0 at a grid point where it is 0."""
    return bool((i == 0 or excess[i - 1] > 0) and (i == len(excess) - 1 or excess[i + 1] < 0))


def _bisect(p, crowd, low: float, high: float) -> float:
    rises = _norm_reproduced(p, crowd, low) < low
    for _ in range(60):
        middle = 0.5 * (low + high)
        if (_norm_reproduced(p, crowd, middle) < middle) == rises:
            low = middle
        else:
            high = middle
    return 0.5 * (low + high)


def _norm_reproduced(p, crowd, norm: float) -> float:
    oppose, _, token, ally = _shares_at(p, crowd, norm)
    return rules.visible_norm(rules.visible_support(p, ally, token), oppose)


# === the population at the start ========================================================================


def _first_stances(start) -> np.ndarray:
    if isinstance(start, numbers.Real) and not is_flag(start):
        allies = check_number("start", start, 0, 1)
        return np.array([0.0, 1.0 - allies, 0.0, allies])
    stances = np.zeros(4)
    stances[STARTS[check_choice("start", start, STARTS)]] = 1.0
    return stances


def _first_advantaged(p, stances: np.ndarray, nodes) -> _Advantaged:
    x, x_weight = _trait(p.sympathy, p.sympathy_spread, -1.0, 1.0, nodes[0])
    loyalty, loyalty_weight = _trait(p.loyalty, p.loyalty_spread, 0.0, 1.0, nodes[1])
    cells = len(x) * len(loyalty)
    return _Advantaged(
        np.outer(x_weight, loyalty_weight).ravel(),
        np.tile(loyalty, len(x)),
        np.tile(stances, (cells, 1)),
        np.zeros((cells, 4)),
        np.repeat(x, len(loyalty))[:, None] * np.ones(4),
    )


def _first_marginalized(p, n_nodes: int) -> _Marginalized:
    trust, weight = _trait(p.trust, p.trust_spread, 0.0, 1.0, n_nodes)
    unmoved = rules.marginalized_view(p, _NOTHING_SEEN)
    response = np.array([rules.response_weights(p, *rules.response_utilities(p, t, unmoved)) for t in trust])
    return _Marginalized(weight, trust, response / response.sum(axis=1, keepdims=True))


def _trait(mean: float, spread: float, low: float, high: float, n_nodes: int):
    """Return values of a personal trait and the share of people each stands for."""
    if spread == 0:
        return np.array([mean]), np.ones(1)
    if n_nodes > _MOST_GAUSS_NODES:
        quantiles, weight = (np.arange(n_nodes) + 0.5) / n_nodes, np.full(n_nodes, 1.0 / n_nodes)
    else:
        at, weight = np.polynomial.legendre.leggauss(n_nodes)
        quantiles, weight = 0.5 * (1.0 + at), 0.5 * weight
    values = [rules.drawn_trait(mean, spread, u, low, high) for u in quantiles.tolist()]
    return np.array(values), weight


# === one step after the other ===========================================================================


@compiled
def _iterate(p, share, advantaged, marginalized, rows):
    """Fill one row per step, changing the population in place; `share` is that of marginalized people."""
    betrayals = 0.0
    for step in range(len(rows)):
        seen = _seen(share, advantaged, marginalized, betrayals)
        _describe(p, seen, advantaged, marginalized, betrayals, rows[step])
        betrayals = _advance_advantaged(p, rules.advantaged_view(p, seen), advantaged)
        _advance_marginalized(p, rules.marginalized_view(p, seen), marginalized)


@register_jitable
def _seen(share, advantaged, marginalized, betrayals):
    """Return what everybody sees: the population as neighbours, with group shares as "numbers of ties"."""
    n = 1.0 - share
    levels = n * rules.GRID * advantaged.weight
    stance, stigma = advantaged.stance, advantaged.stigma
    return rules.Seen(
        allies=n * _held(advantaged, rules.ALLY),
        tokens=n * _held(advantaged, rules.TOKEN),
        opposers=n * _held(advantaged, rules.OPPOSE),
        betrayals=n * betrayals,
        responses=share * np.sum(marginalized.weight * _mean_response(marginalized.response)),
        silent_loyalty=np.sum(levels * advantaged.loyalty * stance[:, rules.BYSTAND]),
        ally_stigma=np.sum(levels * stance[:, rules.ALLY] * stigma[:, rules.ALLY]),
        token_stigma=np.sum(levels * stance[:, rules.TOKEN] * stigma[:, rules.TOKEN]),
        trust=share * _shown_trust(marginalized),
        n_advantaged=n,
        n_marginalized=share,
    )


@register_jitable
def _held(advantaged, stance):
    return np.sum(advantaged.weight * advantaged.stance[:, stance])


@register_jitable
def _shown_trust(crowd):
    total = 0.0
    for k in range(crowd.weight.size):
        total += crowd.weight[k] * rules.shown_level(crowd.trust[k])
    return total


@register_jitable
def _mean_response(response):
    return rules.WITHDRAW * response[:, rules.WITHDRAW] + rules.WELCOME * response[:, rules.WELCOME]


@register_jitable
def _advance_advantaged(p, view, crowd):
    """Let every trait cell reconsider and learn; return the share of people who stopped being allies."""
    betrayals = 0.0
    for c in range(crowd.weight.size):
        before = crowd.stance[c].copy()
        stigma, sympathy = crowd.stigma[c].copy(), crowd.sympathy[c].copy()
        after = (1.0 - p.revise) * before
        stigma_sum, sympathy_sum = after * stigma, after * sympathy  # of those who now hold each stance
        loyalty = crowd.loyalty[c]
        for old in range(4):
            oppose, token, ally = rules.stance_utilities(p, sympathy[old], loyalty, stigma[old], view)
            weights = np.array(rules.stance_weights(p, oppose, token, ally))
            moved = p.revise * before[old] * weights / weights.sum()
            after += moved
            stigma_sum += moved * stigma[old]
            sympathy_sum += moved * sympathy[old]
            for new in range(4):
                betrayals += crowd.weight[c] * moved[new] * rules.is_betrayal(old, new)
        for new in range(4):
            if after[new] > 0.0:
                crowd.stigma[c, new] = rules.next_stigma(p, stigma_sum[new] / after[new], new, view)
                crowd.sympathy[c, new] = rules.next_sympathy(p, sympathy_sum[new] / after[new], new, view)
            crowd.stance[c, new] = after[new]
    return betrayals


@register_jitable
def _advance_marginalized(p, view, crowd):
    for k in range(crowd.weight.size):
        gatekeep, withdraw, welcome = rules.response_utilities(p, crowd.trust[k], view)
        weights = np.array(rules.response_weights(p, gatekeep, withdraw, welcome))
        crowd.response[k] = (1.0 - p.revise) * crowd.response[k] + p.revise * weights / weights.sum()
        crowd.trust[k] = rules.next_trust(p, crowd.trust[k], view)


@register_jitable
def _seen_norm(norm):
    """Return what shows a norm: allies only, or opposers only."""
    return rules.Seen(
        allies=max(0.0, norm), tokens=0.0, opposers=max(0.0, -norm), betrayals=0.0,
        responses=0.0, silent_loyalty=0.0, ally_stigma=0.0, token_stigma=0.0, trust=0.0,
        n_advantaged=1.0, n_marginalized=0.0,
    )  # fmt: skip


@compiled
def _shares_at(p, crowd, norm):
    """Return the share of each stance that everybody's choice at a visible norm adds up to."""
    shares = np.zeros(4)
    view = rules.advantaged_view(p, _seen_norm(norm))
    for c in range(crowd.weight.size):
        sympathy = crowd.sympathy[c, rules.BYSTAND]
        oppose, token, ally = rules.stance_utilities(p, sympathy, crowd.loyalty[c], 0.0, view)
        weights = np.array(rules.stance_weights(p, oppose, token, ally))
        shares += crowd.weight[c] * weights / weights.sum()
    return shares


@register_jitable
def _describe(p, seen, advantaged, marginalized, betrayals, row):
    """Write the measures of the present state."""
    stance = advantaged.stance * advantaged.weight.reshape(-1, 1)
    private = np.sum(stance * (advantaged.sympathy > 0.0), axis=0)
    share = np.sum(stance, axis=0)
    response = np.sum(marginalized.response * marginalized.weight.reshape(-1, 1), axis=0)
    view = rules.advantaged_view(p, seen)
    perceived = rules.perceived_support(p, view.norm, 0.0)
    silent_loyalty = rules.average_level(seen.silent_loyalty, rules.per_tie(seen.n_advantaged))
    pressure = rules.sanction_pressure(p, view.opposition, silent_loyalty)
    expressed = share[rules.ALLY] + share[rules.TOKEN]
    row[:4] = share[::-1]
    row[4:7] = response[::-1]
    row[7] = np.sum(stance * advantaged.stigma)
    row[8] = np.sum(marginalized.weight * marginalized.trust)
    row[9] = np.sum(stance * advantaged.sympathy)
    row[10], row[11], row[12] = perceived, expressed, private.sum()
    row[13], row[14] = private.sum() - perceived, private.sum() - expressed
    row[15] = pressure if share[rules.ALLY] > 0.0 else np.nan
    row[16] = private[rules.BYSTAND] / share[rules.BYSTAND] if share[rules.BYSTAND] > 0.0 else np.nan
    row[17] = private[rules.OPPOSE] / share[rules.OPPOSE] if share[rules.OPPOSE] > 0.0 else np.nan
    row[18] = betrayals
