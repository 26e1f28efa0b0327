"""Counting a state: whole numbers over people and ties, on which all measures are built.

Whole numbers add up exactly in any order. Averages of feelings are tallied in fixed point (2**-32).
"""

from __future__ import annotations

from numba import uint64 as u64
from numba.extending import register_jitable

from sim import rules
from sim.gather import SUM_OF_ALLIES, SUM_OF_TRUST
from sim.rules import AdvantagedView

FIXED = 4294967296.0  # one unit of a feeling in fixed point

# The first seven tallies count people by Stance and Response code.
TALLIES = (
    "oppose", "bystand", "token", "ally",
    "gatekeep", "withdraw", "welcome",
    "stigma", "trust", "sympathy", "perceived",
    "private", "private_silent", "private_opposers",
    "pressure_on_allies", "ally_ties", "ally_ally_ties", "trust_across_ties",
    "betrayals",
)  # fmt: skip
RESPONSE_TALLY = 4
STIGMA, TRUST, SYMPATHY, PERCEIVED = 7, 8, 9, 10
PRIVATE, PRIVATE_SILENT, PRIVATE_OPPOSERS = 11, 12, 13
PRESSURE_ON_ALLIES, ALLY_TIES, ALLY_ALLY_TIES, TRUST_ACROSS_TIES = 14, 15, 16, 17
BETRAYALS = 18
STANCE_CHANGES = 19  # 16 tallies: old stance * 4 + new stance, counted over those who reconsidered
RESPONSE_CHANGES = STANCE_CHANGES + 16  # 9 tallies: old response * 3 + new response
N_TALLIES = RESPONSE_CHANGES + 9

SUPPORT, OPPOSITION, PRESSURE = (AdvantagedView._fields.index(name) for name in ("support", "opposition", "pressure"))


@register_jitable(forceinline=True)
def fixed(value):
    """Return a number in [0, 2] as a whole number of 2**-32."""
    return int(value * 4294967296.0 + 0.5)


@register_jitable(forceinline=True)
def tally_advantaged(layout, crowd, p, told, start, stop, lane, desk, tally):
    """Count a tile of advantaged people of one run, and what they see."""
    sums = desk.sums[lane]
    stigma = sympathy = perceived = private = private_silent = private_opposers = 0
    oppose = token = ally = pressure = ally_ties = ally_ally_ties = trust_across = 0
    for j in range(u64(stop - start)):
        i = u64(start) + j
        act = crowd.act[i]
        is_private = crowd.sympathy[i] > 0.0
        is_ally = act == rules.ALLY
        oppose += act == rules.OPPOSE
        token += act == rules.TOKEN
        ally += is_ally
        stigma += fixed(crowd.feeling[i])
        sympathy += fixed(crowd.sympathy[i] + 1.0)
        perceived += fixed(rules.perceived_support(p, desk.views[SUPPORT, j] - desk.views[OPPOSITION, j], told))
        private += is_private
        private_silent += is_private and act == rules.BYSTAND
        private_opposers += is_private and act == rules.OPPOSE
        pressure += fixed(desk.views[PRESSURE, j]) if is_ally else 0
        ally_ties += layout.n_advantaged_ties[i] if is_ally else 0
        ally_ally_ties += sums[SUM_OF_ALLIES, j] if is_ally else 0
        trust_across += sums[SUM_OF_TRUST, j]
    tally[rules.OPPOSE] += oppose
    tally[rules.BYSTAND] += stop - start - oppose - token - ally
    tally[rules.TOKEN] += token
    tally[rules.ALLY] += ally
    tally[STIGMA] += stigma
    tally[SYMPATHY] += sympathy
    tally[PERCEIVED] += perceived
    tally[PRIVATE] += private
    tally[PRIVATE_SILENT] += private_silent
    tally[PRIVATE_OPPOSERS] += private_opposers
    tally[PRESSURE_ON_ALLIES] += pressure
    tally[ALLY_TIES] += ally_ties
    tally[ALLY_ALLY_TIES] += ally_ally_ties
    tally[TRUST_ACROSS_TIES] += trust_across


@register_jitable(forceinline=True)
def tally_marginalized(crowd, start, stop, tally):
    """Count a tile of marginalized people."""
    trust = gatekeep = withdraw = 0
    for i in range(u64(start), u64(stop)):
        gatekeep += crowd.act[i] == rules.GATEKEEP
        withdraw += crowd.act[i] == rules.WITHDRAW
        trust += fixed(crowd.feeling[i])
    tally[RESPONSE_TALLY + rules.GATEKEEP] += gatekeep
    tally[RESPONSE_TALLY + rules.WITHDRAW] += withdraw
    tally[RESPONSE_TALLY + rules.WELCOME] += stop - start - gatekeep - withdraw
    tally[TRUST] += trust
