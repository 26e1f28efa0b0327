"""The psychology: what people show, perceive, choose and learn. Every rule of the model is here, once.

Each rule is a pure function of a few numbers, with the parameters `p` (anything with the attributes declared in
``sim.parameters``). The same functions run as plain Python in the readable Mesa agents and, compiled, in the
fast engine, so both give the same bits. No rule knows about graphs, arrays or random number generators.

Groups have different roles: *advantaged* people choose a stance, *marginalized* people a response.

What people emit lies on a coarse grid of whole numbers (a perception is coarse): a feeling in [0, 1] is shown to
the nearest 1/64. Sums over neighbours are then exact whatever their order. What people feel themselves is not
rounded. (A coarse grid can hold a trust that everybody shares against drifts below a thousandth a step. Shown eight
times finer, no average over 24 replicates moved by more than its standard error.)

Averages "around" a person are over the person's advantaged or marginalized neighbours, each counting once, and 0
where there are none.
"""

from __future__ import annotations

from collections import namedtuple
from enum import IntEnum

from numba.extending import register_jitable

from sim.arithmetic import exponential, normal_quantile


class Stance(IntEnum):
    """What an advantaged person shows in public now."""

    OPPOSE = 0
    BYSTAND = 1
    TOKEN = 2
    ALLY = 3


class Response(IntEnum):
    """How a marginalized person responds to allies now."""

    GATEKEEP = 0
    WITHDRAW = 1
    WELCOME = 2


# Plain integers of the same values: compiled code reads these as constants.
OPPOSE, BYSTAND, TOKEN, ALLY = 0, 1, 2, 3
GATEKEEP, WITHDRAW, WELCOME = 0, 1, 2

GRID = 64  # steps between 0 and 1 in which a feeling is shown to others


# === what people show ===================================================================================


@register_jitable(forceinline=True)
def shown_level(feeling):
    """Return the level 0..64 at which a feeling in [0, 1] is visible to others (the nearest of 65)."""
    return int(feeling * 64.0 + 0.5)


# What one person shows to each neighbour, as whole numbers: counts are 0 or 1, feelings are levels from 0 to 64.
Shown = namedtuple(
    "Shown", "allies tokens opposers betrayals responses silent_loyalty ally_stigma token_stigma trust"
)


@register_jitable(forceinline=True)
def shown_by_advantaged(stance, betrayed, stigma, loyalty):
    """Return what an advantaged person shows: the stance, a fresh betrayal, and what others read off it.

    Stigma is visible on those who support; loyalty matters to others only in the silent, whose silence it turns into
    pressure.
    """
    level = shown_level(stigma)
    return Shown(
        1 if stance == ALLY else 0,
        1 if stance == TOKEN else 0,
        1 if stance == OPPOSE else 0,
        1 if betrayed else 0,
        0,
        shown_level(loyalty) if stance == BYSTAND else 0,
        level if stance == ALLY else 0,
        level if stance == TOKEN else 0,
        0,
    )


@register_jitable(forceinline=True)
def shown_by_marginalized(response, trust):
    """Return what a marginalized person shows: the response (its code) and the level of trust."""
    return Shown(0, 0, 0, 0, response, 0, 0, 0, shown_level(trust))


@register_jitable(forceinline=True)
def visibility(p, stance):
    """Return how visible a stance is as support: 1 for an ally, ν for a token act, else 0."""
    return 1.0 if stance == ALLY else p.token_visibility if stance == TOKEN else 0.0


@register_jitable(forceinline=True)
def is_betrayal(old_stance, new_stance):
    """Return whether a change of stance is a betrayal: an ally who is no longer one."""
    return old_stance == ALLY and new_stance != ALLY


# === what people perceive ===============================================================================

# What a person sees around: totals of what neighbours show, and how many neighbours of each group there are.
Seen = namedtuple("Seen", (*Shown._fields, "n_advantaged", "n_marginalized"))

# What the totals mean to an advantaged person, and to a marginalized one: averages and what follows from them.
AdvantagedView = namedtuple(
    "AdvantagedView", "support opposition norm pressure cost contagious welcome marginalized_share"
)
MarginalizedView = namedtuple(
    "MarginalizedView", "support opposition credible betrayals tokens peers peer_trust has_peers"
)


@register_jitable(forceinline=True)
def advantaged_view(p, seen, told=0.0):
    """Turn what an advantaged person sees into what it means.

    `told` is the norm as it would look if everybody showed what they privately think, from -1 to +1; it counts only
    with `feedback`.
    """
    tie = per_tie(seen.n_advantaged)
    allies, tokens, opposition = seen.allies * tie, seen.tokens * tie, seen.opposers * tie
    support = visible_support(p, allies, tokens)
    pressure = sanction_pressure(p, opposition, average_level(seen.silent_loyalty, tie))
    contagious = contagious_stigma(p, average_level(seen.ally_stigma, tie), average_level(seen.token_stigma, tie))
    welcome = average_response(seen.responses, seen.n_marginalized)
    marginalized_share = seen.n_marginalized * per_tie(seen.n_advantaged + seen.n_marginalized)
    return AdvantagedView(
        support,
        opposition,
        felt_norm(p, visible_norm(support, opposition), told),
        pressure,
        punishment(p, pressure, support),
        contagious,
        welcome,
        marginalized_share,
    )


@register_jitable(forceinline=True)
def marginalized_view(p, seen):
    """Turn what a marginalized person sees into what it means."""
    tie = per_tie(seen.n_advantaged)
    allies, tokens = seen.allies * tie, seen.tokens * tie
    return MarginalizedView(
        visible_support(p, allies, tokens),
        seen.opposers * tie,
        credible_support(p, allies, average_level(seen.ally_stigma, tie)),
        seen.betrayals * tie,
        tokens,
        average_response(seen.responses, seen.n_marginalized),
        average_level(seen.trust, per_tie(seen.n_marginalized)),
        1.0 if seen.n_marginalized > 0 else 0.0,
    )


@register_jitable(forceinline=True)
def average_level(total, tie):
    """Return the average feeling in [0, 1] behind a total of shown levels."""
    return total * tie * 0.015625


@register_jitable(forceinline=True)
def average_response(total, n_marginalized):
    """Return <w> in [-1, 1] from a total of response codes (GATEKEEP 0, WITHDRAW 1, WELCOME 2); 0 when alone."""
    return (total - n_marginalized) * per_tie(n_marginalized)


@register_jitable(forceinline=True)
def per_tie(n_ties):
    """Return the weight of one tie in an average over `n_ties` ties; 0 when there are none."""
    return 1.0 / n_ties if n_ties > 0 else 0.0


@register_jitable(forceinline=True)
def visible_support(p, allies, tokens):
    """Return <v>: how much support is visible around, from the shares of allies and token allies."""
    return allies + p.token_visibility * tokens


@register_jitable(forceinline=True)
def visible_norm(support, opposition):
    """Return the in-group norm as it looks from here, from -1 (all oppose) to +1 (all support)."""
    return support - opposition


@register_jitable(forceinline=True)
def felt_norm(p, norm, told):
    """Return the norm that people go by: what they see, and in part what they have been told of private views.

    Directions: `feedback` and `heed` move it towards `told`; at 0 of either it is what is seen. Those who punish are
    seen, private support is only believed in, so it counts less than what is seen (`heed`).
    """
    return norm + p.feedback * p.heed * (told - norm)


@register_jitable(forceinline=True)
def sanction_pressure(p, opposition, silent_loyalty):
    """Return <k>: pressure on those who step out of line.

    Opposers exert it fully; silent bystanders in proportion to their loyalty and to `complicity` (Monin, Sawyer &
    Marquez 2008: those who went along reject the one who did not).
    """
    return opposition + p.complicity * silent_loyalty


@register_jitable(forceinline=True)
def punishment(p, pressure, support):
    """Return the cost of being punished, softened where others stand alongside.

    Directions: rises with `sanction` and pressure; falls with `shield` and visible support (Asch 1951, Allen & Levine
    1969: whoever has a partner withstands a majority).
    """
    return p.sanction * pressure * (1.0 - p.shield * support)


@register_jitable(forceinline=True)
def contagious_stigma(p, ally_stigma, token_stigma):
    """Return <S v>: stigma visible on supporters around, which can rub off a second time (Pryor et al. 2012)."""
    return ally_stigma + p.token_visibility * token_stigma


@register_jitable(forceinline=True)
def credible_support(p, allies, ally_stigma):
    """Return <u>: support as it counts for trust. Costly support counts more (Thai & Nylund 2024).

    Each ally counts 1 - ψ + ψ S, with S the stigma the ally visibly bears. Token acts count nothing.
    """
    return (1.0 - p.cost_credibility) * allies + p.cost_credibility * ally_stigma


@register_jitable(forceinline=True)
def perceived_support(p, norm, told):
    """Return the share of the in-group a person takes to be privately supportive, judging by the visible norm.

    `feedback` replaces what is seen by what is `told`: at 1 the belief is true.

    An ally counts 1, an opposer 0, the silent one half (silence tells nothing), a token act in between, (1 + ν) / 2. So
    nobody visible on either side, or nobody around, reads as one half. This is a measure: no choice depends on it
    (Bursztyn, Gonzalez & Yanagizawa-Drott 2020 compare it with private support).
    """
    return 0.5 * (1.0 + norm + p.feedback * (told - norm))


# === scripted people ====================================================================================


@register_jitable(forceinline=True)
def scripted(p, choice):
    """Return what a person does who has chosen: the choice, or the act that a script forces on this person."""
    return choice if p.forced < 0.0 else int(p.forced)


# === how advantaged people choose =======================================================================


@register_jitable(forceinline=True)
def ally_utility(p, sympathy, loyalty, stigma, norm, welcome, cost):
    """Return the utility of standing up openly, relative to silence.

    Conviction and the norm (felt in proportion to loyalty) speak for it or against it, welcome by the supported group
    for it; felt stigma, punishment and effort against it.

    Parameters
    ----------
    sympathy : float in [-1, 1]
    loyalty, stigma : float in [0, 1]
    norm, welcome : float in [-1, 1]
        The in-group's visible norm; the average response (+1 welcome, -1 gatekeep) of marginalized neighbours.
    cost : float
        From `punishment`.
    """
    return (
        p.conviction * sympathy
        + loyalty * p.conformity * norm
        + p.acceptance * welcome
        - p.stigma_cost * stigma
        - cost
        - p.effort
    )


@register_jitable(forceinline=True)
def oppose_utility(p, sympathy, loyalty, stigma, norm, support):
    """Return the utility of open opposition, relative to silence.

    The mirror image of conviction and norm, plus hierarchy threat (visible allies provoke the loyal: Pratto et al.
    1994, Wilkins & Kaiser 2014), plus the urge of the stigmatized to prove their loyalty (Centola, Willer & Macy
    2005), minus accountability where support is visible (who is confronted holds back: Czopp, Monteith & Mark 2006),
    minus effort.
    """
    return (
        -p.conviction * sympathy
        - loyalty * p.conformity * norm
        + p.threat * loyalty * support
        + p.distancing * loyalty * stigma
        - p.accountability * support
        - p.effort
    )


@register_jitable(forceinline=True)
def token_utility(p, loyalty, stigma, norm, support, cost):
    """Return the utility of a cheap visible act, relative to silence.

    A token ally seeks credit where support is common (Kutlaca & Radke 2023) and, being only partly visible, meets
    the norm, the stigma and the punishment at ν times their strength. Private conviction plays no part.
    """
    return (
        p.image * support
        + p.token_visibility * (loyalty * p.conformity * norm - p.stigma_cost * stigma - cost)
        - p.token_effort
    )


@register_jitable(forceinline=True)
def stance_utilities(p, sympathy, loyalty, stigma, view):
    """Return the utilities of OPPOSE, TOKEN and ALLY for a person with an `AdvantagedView`; BYSTAND has 0."""
    return (
        oppose_utility(p, sympathy, loyalty, stigma, view.norm, view.support),
        token_utility(p, loyalty, stigma, view.norm, view.support, view.cost),
        ally_utility(p, sympathy, loyalty, stigma, view.norm, view.welcome, view.cost),
    )


@register_jitable(forceinline=True)
def choose_stance(p, oppose, token, ally, draw):
    """Choose a stance from the utilities of its three alternatives to silence (whose utility is 0).

    Parameters
    ----------
    oppose, token, ally : float
        Utilities.
    draw : float in [0, 1)
        The person's luck. One draw serves all options, so small changes in utility move few people.
    """
    w_oppose, w_bystand, w_token, w_ally = stance_weights(p, oppose, token, ally)
    luck = draw if p.noise > 0.0 else 0.0
    target = luck * (w_bystand + w_token + w_ally + w_oppose)
    to_token, to_ally = w_bystand + w_token, w_bystand + w_token + w_ally
    return BYSTAND if target < w_bystand else TOKEN if target < to_token else ALLY if target < to_ally else OPPOSE


@register_jitable(forceinline=True)
def stance_weights(p, oppose, token, ally):
    """Return weights proportional to the probabilities of OPPOSE, BYSTAND, TOKEN, ALLY (logit at temperature `noise`).

    At `noise` 0 only the best option has weight; on a tie the draw is ignored and the first of BYSTAND, TOKEN,
    ALLY, OPPOSE is taken, so that indifference means inertia. Forbidden stances have weight exactly 0.
    """
    oppose = oppose if p.oppose_allowed > 0.0 else -1e300
    bystand = 0.0 if p.bystand_allowed > 0.0 else -1e300
    token = token if p.token_allowed > 0.0 else -1e300
    ally = ally if p.ally_allowed > 0.0 else -1e300
    best = larger(larger(oppose, bystand), larger(token, ally))
    return (
        p.oppose_allowed * option_weight(oppose, best, p.noise),
        p.bystand_allowed * option_weight(bystand, best, p.noise),
        p.token_allowed * option_weight(token, best, p.noise),
        p.ally_allowed * option_weight(ally, best, p.noise),
    )


@register_jitable(forceinline=True)
def option_weight(utility, best, noise):
    """Return the weight of one option in a logit choice, 1 for the best one."""
    if noise > 0.0:
        return exponential((utility - best) / noise)
    return 1.0 if utility == best else 0.0


# === how marginalized people choose =====================================================================


@register_jitable(forceinline=True)
def welcome_utility(p, trust, peers):
    """Return the utility of welcoming allies: trust, and what marginalized neighbours do (-1..+1)."""
    return p.trust_weight * (2.0 * trust - 1.0) + p.solidarity * peers


@register_jitable(forceinline=True)
def gatekeep_utility(p, trust, peers, support):
    """Return the utility of keeping allies out.

    The mirror image of welcoming, plus authenticity threat where visible support is strong (dilution, being spoken
    over: Droogendyk et al. 2016, Park et al. 2022), minus effort.
    """
    return (
        -p.trust_weight * (2.0 * trust - 1.0)
        - p.solidarity * peers
        + p.authenticity_threat * support
        - p.gatekeep_effort
    )


@register_jitable(forceinline=True)
def withdraw_utility(p, opposition):
    """Return the utility of withdrawing: opposition around drives people out (McKay et al. 2007), safety keeps them."""
    return p.hostility * opposition - p.safety


@register_jitable(forceinline=True)
def response_utilities(p, trust, view):
    """Return the utilities of GATEKEEP, WITHDRAW and WELCOME for a person with a `MarginalizedView`."""
    return (
        gatekeep_utility(p, trust, view.peers, view.support),
        withdraw_utility(p, view.opposition),
        welcome_utility(p, trust, view.peers),
    )


@register_jitable(forceinline=True)
def choose_response(p, gatekeep, withdraw, welcome, draw):
    """Choose a response by logit; at `noise` 0 the best one, ties going to the first of WITHDRAW, WELCOME, GATEKEEP."""
    w_gatekeep, w_withdraw, w_welcome = response_weights(p, gatekeep, withdraw, welcome)
    luck = draw if p.noise > 0.0 else 0.0
    target = luck * (w_withdraw + w_welcome + w_gatekeep)
    return WITHDRAW if target < w_withdraw else WELCOME if target < w_withdraw + w_welcome else GATEKEEP


@register_jitable(forceinline=True)
def response_weights(p, gatekeep, withdraw, welcome):
    """Return weights proportional to the probabilities of GATEKEEP, WITHDRAW, WELCOME."""
    best = larger(larger(gatekeep, withdraw), welcome)
    return (
        option_weight(gatekeep, best, p.noise),
        option_weight(withdraw, best, p.noise),
        option_weight(welcome, best, p.noise),
    )


# === how people learn ===================================================================================


@register_jitable(forceinline=True)
def next_stigma(p, stigma, stance, view):
    """Return felt stigma after one step: it follows its source at rate ρ, and opposing sheds it faster.

    Source: τ (2 σ (own visibility + q * share of marginalized ties) + stigma visible on supporters around), and for
    people with a crossing identity the stigma of that dimension, which is their own and needs no act (everybody else
    is under numbers with `crossing_stigma` 0); at most 1. The factor 2 puts a group of middling stigma, σ = 1/2, at a
    source of τ for an ally; at σ = 0.6 an ally's source is capped from τ = 0.83 on. Directions: rises with
    `stigma_transfer`, `group_stigma`, `proximity`, `crossing_stigma`; ties cost less than acts (Hebl & Mannix 2003;
    Neuberg et al. 1994). Distancing by opposing multiplies it by 1 - ρ once more.
    """
    own = visibility(p, stance) + p.proximity * view.marginalized_share
    source = p.stigma_transfer * (2.0 * p.group_stigma * own + view.contagious) + p.crossing_stigma
    source = smaller(1.0, source)
    stigma = (1.0 - p.stigma_memory) * stigma + p.stigma_memory * source
    return (1.0 - p.stigma_memory) * stigma if stance == OPPOSE else stigma


@register_jitable(forceinline=True)
def next_sympathy(p, sympathy, stance, view):
    """Return private sympathy after one step, in [-1, 1].

    Welcoming contact raises it (Pettigrew & Tropp 2006), in proportion to the share of marginalized ties; one's own act
    (ally +1, token +ν, silence 0, opposition -1) is slowly internalised (Festinger 1957); appeals from outside move it
    at the rate `appeals`.
    """
    act = -1.0 if stance == OPPOSE else visibility(p, stance)
    met = p.contact * view.marginalized_share * larger(0.0, view.welcome) * (1.0 - sympathy)
    appealed = p.appeals - absolute(p.appeals) * sympathy  # towards +1, or with a negative rate towards -1
    return clip(sympathy + met + p.internalise * (act - sympathy) + appealed, -1.0, 1.0)


@register_jitable(forceinline=True)
def next_trust(p, trust, view):
    """Return trust in allies after one step, in [0, 1].

    Credible support builds trust in proportion to what is missing, and with `wariness` to what is there as well, so
    that distrust keeps itself alive (Slovic 1993); betrayal (less what repair undoes), opposition and
    token acts destroy it in proportion to what is there. With the default values loss exceeds gain at equal
    exposure to betrayal or opposition (Slovic 1993). All shares are of advantaged neighbours: one defector among
    ten costs a tenth of `betrayal_loss`, and turning to a token act counts as turning away. Where there are
    marginalized neighbours, trust also moves towards theirs; where there are none, nobody is there to gossip with,
    and trust does not drift to zero.
    """
    gain = p.trust_gain * view.credible * (1.0 - trust) * (1.0 - p.wariness * (1.0 - trust))
    betrayal = p.betrayal_loss * (1.0 - p.repair) * view.betrayals
    loss = betrayal + p.opposition_loss * view.opposition + p.token_loss * view.tokens
    heard = p.gossip * view.has_peers * (view.peer_trust - trust)
    return clip(trust + gain - loss * trust + heard, 0.0, 1.0)


# === how people start ===================================================================================


@register_jitable(forceinline=True)
def drawn_trait(mean, spread, draw, low, high):
    """Return a personal trait: normal around `mean`, clipped to [low, high]; exactly `mean` when `spread` is 0."""
    draw = draw if draw > 0.0 else 5.5e-17  # a draw of 0 stands for the lowest of 2**53 cells, not for minus infinity
    return clip(mean + spread * normal_quantile(draw), low, high)


@register_jitable(forceinline=True)
def loosened_loyalty(p, loyalty, crosses):
    """Return in-group loyalty as it is effective: less for people whose second identity crosses the in-group's.

    Roccas & Brewer (2002): the less the groups that one belongs to overlap, the less exclusive each of them is.
    """
    return loyalty * (1.0 - p.crossing_release) if crosses else loyalty


@register_jitable(forceinline=True)
def first_response(p, trust, draw):
    """Return how a marginalized person responds before anybody has done anything."""
    return choose_response(
        p, gatekeep_utility(p, trust, 0.0, 0.0), withdraw_utility(p, 0.0), welcome_utility(p, trust, 0.0), draw
    )


# === small arithmetic ===================================================================================


@register_jitable(forceinline=True)
def larger(a, b):
    """Return the larger of two numbers."""
    return a if a > b else b


@register_jitable(forceinline=True)
def absolute(a):
    """Return a number without its sign."""
    return a if a > 0.0 else -a


@register_jitable(forceinline=True)
def smaller(a, b):
    """Return the smaller of two numbers."""
    return a if a < b else b


@register_jitable(forceinline=True)
def clip(value, low, high):
    """Return `value` moved into [low, high]."""
    return smaller(larger(value, low), high)
