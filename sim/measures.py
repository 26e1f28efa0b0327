"""Numbers read off a run. Observers never touch it.

Everything is built on *tallies*: whole numbers counted over people and ties at one step. Whole numbers add up
exactly in any order, so a measure has the same bits on one thread or many. Averages of feelings are tallied in fixed
point (2**-32).
"""

from __future__ import annotations

import numpy as np
from numba.extending import register_jitable

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


@register_jitable
def fixed(value):
    """Return a number in [0, 2] as a whole number of 2**-32."""
    return int(value * 4294967296.0 + 0.5)


def history_table(tallies: np.ndarray, n_advantaged: int, n_marginalized: int, n_advantaged_ties: int,
                  n_cross_ties: int, first_step: int = 0):  # fmt: skip
    """Turn tallies into the history of a run: one row per step, shares of each person's own group.

    Parameters
    ----------
    tallies : int array, shape (n_steps + 1, N_TALLIES)
        Row i counts the state at step `first_step` + i and the changes made in the step after it.
    n_advantaged, n_marginalized : int
        Size of the groups. Shares and means of an empty group are NaN.
    n_advantaged_ties : int
        Tie ends between advantaged people (each tie counted from both sides).
    n_cross_ties : int
        Ties between the groups.
    first_step : int
        Step of the first row.

    Returns
    -------
    pandas.DataFrame
        The columns are described in ``COLUMNS``.
    """
    import pandas as pd

    count = {name: tallies[:, i].astype(float) for i, name in enumerate(TALLIES)}
    changes = np.vstack([np.zeros(N_TALLIES, np.int64), tallies[:-1]])  # what happened in the step that led here
    with np.errstate(divide="ignore", invalid="ignore"):
        table = {"step": np.arange(first_step, first_step + len(tallies))}
        for name in ("ally", "token", "bystand", "oppose"):
            table[f"{name}_share"] = count[name] / n_advantaged
        for name in ("welcome", "withdraw", "gatekeep"):
            table[f"{name}_share"] = count[name] / n_marginalized
        table["mean_stigma"] = count["stigma"] / FIXED / n_advantaged
        table["mean_trust"] = count["trust"] / FIXED / n_marginalized
        table["mean_sympathy"] = count["sympathy"] / FIXED / n_advantaged - 1.0
        table["perceived_support"] = count["perceived"] / FIXED / n_advantaged
        table["expressed_support"] = (count["ally"] + count["token"]) / n_advantaged
        table["private_support"] = count["private"] / n_advantaged
        table["perception_gap"] = table["private_support"] - table["perceived_support"]
        table["expression_gap"] = table["private_support"] - table["expressed_support"]
        table["betrayals"] = changes[:, BETRAYALS]
        table["new_allies"] = changes[:, _into(3)].sum(axis=1)
        table["new_withdrawals"] = changes[:, [RESPONSE_CHANGES + 1, RESPONSE_CHANGES + 7]].sum(axis=1)
        table["pressure_per_ally"] = count["pressure_on_allies"] / FIXED / count["ally"]
        table["silent_private_share"] = count["private_silent"] / count["bystand"]
        table["opposer_private_share"] = count["private_opposers"] / count["oppose"]
        table["ally_segregation"] = _assortativity(
            count["ally_ally_ties"] / n_advantaged_ties, count["ally_ties"] / n_advantaged_ties
        )
        table["trust_across_ties"] = count["trust_across_ties"] / 64.0 / n_cross_ties
    return pd.DataFrame(table)


COLUMNS = {
    "step": "step; row 0 is the state before the first step",
    "ally_share": "share of advantaged people who are allies",
    "token_share": "share of advantaged people who are token allies",
    "bystand_share": "share of advantaged people who are silent",
    "oppose_share": "share of advantaged people who oppose",
    "welcome_share": "share of marginalized people who welcome allies",
    "withdraw_share": "share of marginalized people who have withdrawn",
    "gatekeep_share": "share of marginalized people who keep allies out",
    "mean_stigma": "average felt stigma of advantaged people, 0 to 1",
    "mean_trust": "average trust of marginalized people in allies, 0 to 1",
    "mean_sympathy": "average private sympathy of advantaged people, -1 to 1",
    "perceived_support": "private support as advantaged people perceive it around them, averaged",
    "expressed_support": "share of advantaged people who show support (ally or token)",
    "private_support": "share of advantaged people whose private sympathy is above 0",
    "perception_gap": "private minus perceived support",
    "expression_gap": "private minus expressed support",
    "betrayals": "allies who stopped being allies in the step that led here",
    "new_allies": "people who became allies in the step that led here",
    "new_withdrawals": "marginalized people who withdrew in the step that led here",
    "pressure_per_ally": "average sanction pressure that allies meet, before shielding; NaN without allies",
    "silent_private_share": "share of the silent who are privately sympathetic; NaN when nobody is silent",
    "opposer_private_share": "share of opposers who are privately sympathetic; NaN without opposers",
    "ally_segregation": "assortativity of being an ally over advantaged ties, -1 to 1; NaN when all or none are",
    "trust_across_ties": "trust shown, averaged over ties between the groups; NaN without such ties",
}


def conversion_table(tallies: np.ndarray, first_step: int = 0):
    """Return who turned into what: one row per step and pair of different stances or responses with a count above 0."""
    import pandas as pd

    from sim.rules import Response, Stance

    rows = []
    for base, kinds in ((STANCE_CHANGES, Stance), (RESPONSE_CHANGES, Response)):
        for old in kinds:
            for new in kinds:
                if old != new:
                    counts = tallies[:, base + len(kinds) * old + new]
                    rows += [(first_step + i + 1, old.name, new.name, int(counts[i])) for i in np.flatnonzero(counts)]
    table = pd.DataFrame(rows, columns=["step", "before", "after", "people"])
    return table.sort_values("step", kind="stable", ignore_index=True)


def _into(stance: int) -> list[int]:
    return [STANCE_CHANGES + 4 * old + stance for old in range(4) if old != stance]


def _assortativity(both: np.ndarray, one: np.ndarray) -> np.ndarray:
    """Return Newman's assortativity of a yes/no trait from the share of tie ends yes-yes and the share at yes."""
    return np.where(one * (1 - one) > 0, (both - one**2) / (one - one**2), np.nan)
