"""Numbers read off a run: what the tallies of its states mean. Observers never touch the run.

Everything is built on whole numbers (see ``tallies.py``), so a measure has the same bits on one thread or many.
"""

from __future__ import annotations

import math
from collections import namedtuple

import numpy as np

from sim.rules import GRID, Response, Stance
from sim.tallies import BETRAYALS, FIXED, RESPONSE_CHANGES, STANCE_CHANGES, TALLIES

# What shares are shares of: people of each group, tie ends between advantaged people (a tie counts from both sides),
# ties between the groups.
Sizes = namedtuple("Sizes", "advantaged marginalized advantaged_tie_ends cross_ties")


def history_table(tallies: np.ndarray, sizes: Sizes, first_step: int = 0):
    """Turn tallies into the history of a run: a DataFrame with one row per step and the columns of ``COLUMNS``.

    Parameters
    ----------
    tallies : int array, shape (n_steps + 1, N_TALLIES)
        Row i counts the state at step `first_step` + i and the changes made in the step after it.
    sizes : Sizes
        Shares and means of an empty group are NaN.
    first_step : int
        Step of the first row.
    """
    import pandas as pd

    return pd.DataFrame(history_columns(tallies, sizes, first_step))


@np.errstate(divide="ignore", invalid="ignore")
def history_columns(tallies: np.ndarray, sizes: Sizes, first_step: int = 0) -> dict[str, np.ndarray]:
    """Return the columns of `history_table` by name.

    Tallies of several runs of as many steps may be stacked, shape (n_runs, n_steps + 1, N_TALLIES); then every column
    but ``step`` has one row for each run.
    """
    n_rows = tallies.shape[-2]
    counts = np.moveaxis(tallies[..., : len(TALLIES)], -1, 0)
    count = dict(zip(TALLIES, np.array(counts, float, order="C"), strict=True))
    columns = {"step": np.arange(first_step, first_step + n_rows)}
    columns |= {f"{name}_share": count[name] / sizes.advantaged for name in ("ally", "token", "bystand", "oppose")}
    columns |= {f"{name}_share": count[name] / sizes.marginalized for name in ("welcome", "withdraw", "gatekeep")}
    private = count["private"] / sizes.advantaged
    perceived = count["perceived"] / FIXED / sizes.advantaged
    expressed = (count["ally"] + count["token"]) / sizes.advantaged
    return columns | {
        "mean_stigma": count["stigma"] / FIXED / sizes.advantaged,
        "mean_trust": count["trust"] / FIXED / sizes.marginalized,
        "mean_sympathy": count["sympathy"] / FIXED / sizes.advantaged - 1.0,
        "perceived_support": perceived,
        "expressed_support": expressed,
        "private_support": private,
        "perception_gap": private - perceived,
        "expression_gap": private - expressed,
        "betrayals": _led_here(tallies, BETRAYALS),
        "new_allies": _led_here(tallies, *(STANCE_CHANGES + 4 * old + 3 for old in (0, 1, 2))),
        "new_withdrawals": _led_here(tallies, *(RESPONSE_CHANGES + 3 * old + 1 for old in (0, 2))),
        "pressure_per_ally": count["pressure_on_allies"] / FIXED / count["ally"],
        "silent_private_share": count["private_silent"] / count["bystand"],
        "opposer_private_share": count["private_opposers"] / count["oppose"],
        "ally_segregation": _assortativity(
            count["ally_ally_ties"] / sizes.advantaged_tie_ends, count["ally_ties"] / sizes.advantaged_tie_ends
        ),
        "trust_across_ties": count["trust_across_ties"] / GRID / sizes.cross_ties,
    }


def _led_here(tallies: np.ndarray, *changes: int) -> np.ndarray:
    """Return how many changes of some kinds happened in the step that led to each row."""
    counts = np.zeros(tallies.shape[:-1], np.int64)
    for change in changes:
        counts[..., 1:] += tallies[..., :-1, change]
    return counts


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
    "perceived_support": "private support as advantaged people would judge it by what they see, averaged",
    "expressed_support": "share of advantaged people who show support (ally or token)",
    "private_support": "share of advantaged people whose private sympathy is above 0",
    "perception_gap": "private minus perceived support",
    "expression_gap": "private minus expressed support",
    "betrayals": "allies who stopped being allies in the step that led here, be it for a token act or silence",
    "new_allies": "people who became allies in the step that led here",
    "new_withdrawals": "marginalized people who withdrew in the step that led here",
    "pressure_per_ally": "average sanction pressure that allies meet, before shielding; NaN without allies",
    "silent_private_share": "share of the silent who are privately sympathetic; NaN when nobody is silent",
    "opposer_private_share": "share of opposers who are privately sympathetic; NaN without opposers",
    "ally_segregation": "assortativity of being an ally over advantaged ties, -1 to 1; NaN when all or none are",
    "trust_across_ties": "trust shown, averaged over ties between the groups; NaN without such ties",
}


# Where the values of a column can lie: from 0 to 1 unless said otherwise.
RANGES = (
    dict.fromkeys(COLUMNS, (0.0, 1.0))
    | dict.fromkeys(("mean_sympathy", "perception_gap", "expression_gap", "ally_segregation"), (-1.0, 1.0))
    | dict.fromkeys(("step", "betrayals", "new_allies", "new_withdrawals"), (0, math.inf))
)


def conversion_table(tallies: np.ndarray, first_step: int = 0):
    """Return who turned into what: one row per step and pair of different stances or responses with a count above 0."""
    import pandas as pd

    rows = []
    for base, kinds in ((STANCE_CHANGES, Stance), (RESPONSE_CHANGES, Response)):
        for old in kinds:
            for new in kinds:
                if old != new:
                    counts = tallies[:, base + len(kinds) * old + new]
                    rows += [(first_step + i + 1, old.name, new.name, int(counts[i])) for i in np.flatnonzero(counts)]
    table = pd.DataFrame(rows, columns=["step", "before", "after", "people"])
    return table.sort_values("step", kind="stable", ignore_index=True)


def _assortativity(both: np.ndarray, one: np.ndarray) -> np.ndarray:
    """Return Newman's assortativity of a yes/no trait from the share of tie ends yes-yes and the share at yes."""
    return np.where(one * (1 - one) > 0, (both - one**2) / (one - one**2), np.nan)
