"""What a whole run amounts to: its regime, when it tipped, how long allies lasted."""

from __future__ import annotations

from enum import StrEnum

import numpy as np

from sim.rules import Stance


class Regime(StrEnum):
    """What prevails among advantaged people at the end of a run."""

    SILENCE = "silence"
    SPREAD = "spread"
    HOLLOW = "hollow"
    OPPOSITION = "opposition"
    MIXED = "mixed"


def last_tenth(history):
    """Return the last tenth of a history, at least its last row."""
    return history.tail(_tenth(history))


def tail_means(history) -> dict[str, float]:
    """Return the mean of every column but ``step`` over the last tenth of a run (at least its last row).

    Parameters
    ----------
    history : DataFrame or mapping of arrays
        `Run.history`, or what it is made of (`sim.measures.history_columns`), of one run or of several.

    Returns
    -------
    dict
        A number for each column; of several runs a list of numbers. Steps at which a measure is NaN are left out; NaN
        if it is NaN at all of them.
    """
    names, count = [name for name in history if name != "step"], _tenth(history)
    rows = np.array([np.asarray(history[name], float)[..., -count:] for name in names])
    is_known = ~np.isnan(rows)
    counts = is_known.sum(axis=-1)
    sums = np.where(is_known, rows, 0.0).sum(axis=-1)
    means = np.divide(sums, counts, out=np.full(sums.shape, np.nan), where=counts > 0)
    return dict(zip(names, means.tolist(), strict=True))


def _tenth(history) -> int:
    return max(1, len(history["step"]) // 10)


def regime_of(history) -> Regime:
    """Name the regime of a run from its history.

    Averages the stance shares over the last tenth of the run (at least the last row). OPPOSITION and SILENCE: more than
    half oppose, or are silent. Visible support of more than half is SPREAD if most of it is costly (allies), HOLLOW if
    most of it is cheap (token allies). Anything else is MIXED, as is a network without advantaged people.
    """
    return _regime_of_means(tail_means({name: history[name] for name in ("step", *_STANCES)}))


_STANCES = ("oppose_share", "bystand_share", "token_share", "ally_share")


def _regime_of_means(means: dict) -> Regime:
    return regime_of_shares(*(means[name] for name in _STANCES))


def regime_of_shares(oppose: float, bystand: float, token: float, ally: float) -> Regime:
    """Name the regime from the four stance shares; see `regime_of`."""
    if oppose > 0.5:
        return Regime.OPPOSITION
    if bystand > 0.5:
        return Regime.SILENCE
    if ally + token > 0.5:
        return Regime.SPREAD if ally >= token else Regime.HOLLOW
    return Regime.MIXED


def summary_of(history) -> dict[str, float | int | str | None]:
    """Sum up a run for both groups.

    Returns
    -------
    dict
        The entries of `SUMMARY`.

    Notes
    -----
    Shares are smoothed for peak, tipping and collapse: each is the mean over a tenth of the run that ends there, so
    that one restless step does not break a stretch. Where the peak is the start ("allied"), collapse tells how long
    what was given lasted.
    """
    stacked = {name: np.asarray(history[name])[None] for name in {*_FINAL, *_SMOOTHED, *_SUMMED}}
    return summaries_of({"step": np.asarray(history["step"]), **stacked})[0]


def summaries_of(histories) -> list[dict[str, float | int | str | None]]:
    """Sum up several runs of as many steps; see `summary_of`.

    Parameters
    ----------
    histories : mapping of arrays
        `sim.measures.history_columns` of stacked tallies.
    """
    means = tail_means({name: histories[name] for name in ("step", *_FINAL)})
    smoothed = dict(zip(_SMOOTHED, _smoothed([histories[name] for name in _SMOOTHED]), strict=True))
    betrayals, withdrawals = (histories[name].sum(axis=-1).tolist() for name in _SUMMED)
    return [
        _summary(histories["step"], one_of(means, i), one_of(smoothed, i))
        | {"betrayals": int(betrayals[i]), "withdrawals": int(withdrawals[i])}
        for i in range(len(betrayals))
    ]


def one_of(stacked: dict, i: int) -> dict:
    """Return what is stacked under every name for the i-th run."""
    return {name: values[i] for name, values in stacked.items()}


def _summary(steps, tail: dict, smoothed: dict) -> dict:
    regime, ally = _regime_of_means(tail), smoothed["ally_share"]
    peak = int(np.argmax(ally))
    can_collapse = ally[peak] >= TOOK_HOLD and regime is not Regime.SPREAD
    fallen = (ally <= 0.5 * ally[peak]) & (np.arange(len(ally)) > peak) & can_collapse
    majority = _MAJORITY[regime]
    tipped = None if majority is None else _start_of_last_stretch(steps, smoothed[majority] > 0.5)
    return {
        "regime": str(regime),
        "tipping_step": None if tipped == steps[0] else tipped,
        **{f"final_{name}": mean for name, mean in tail.items()},
        "peak_ally_share": float(ally[peak]),
        "peak_step": int(steps[peak]),
        "collapse_step": _start_of_last_stretch(steps, fallen),
    }


TOOK_HOLD = 0.2  # a smaller share of allies is background, not a movement that could collapse
_FINAL = (
    "ally_share", "token_share", "bystand_share", "oppose_share", "welcome_share", "withdraw_share", "gatekeep_share",
    "mean_stigma", "mean_trust", "private_support", "perceived_support", "expressed_support",
)  # fmt: skip
_SMOOTHED = ("ally_share", "bystand_share", "oppose_share", "expressed_support")
_SUMMED = ("betrayals", "new_withdrawals")
_MAJORITY = {  # what more than half of the advantaged people do where a regime prevails
    Regime.SILENCE: "bystand_share", Regime.OPPOSITION: "oppose_share", Regime.SPREAD: "expressed_support",
    Regime.HOLLOW: "expressed_support", Regime.MIXED: None,
}  # fmt: skip
SUMMARY = {
    "regime": "what prevails among advantaged people in the last tenth of the run (`regime_of`)",
    "tipping_step": "the step from which on what prevails at the end (silence, opposition, visible support) was in the "
    "majority without a break; None for MIXED and when it was from the start",
    **{f"final_{name}": f"mean of {name} over the last tenth of the run" for name in _FINAL},
    "peak_ally_share": "the highest smoothed share of allies",
    "peak_step": "the first step at which it was reached",
    "collapse_step": "the step from which on the smoothed ally share stayed at or below half of its peak; None if it "
    "did not, if allyship never took hold (a peak below `TOOK_HOLD`) or if it prevails in the end (SPREAD)",
    "betrayals": "allies who stopped being allies, over the whole run",
    "withdrawals": "marginalized people who withdrew, over the whole run",
}


def ally_tenure(trajectory: dict, is_marginalized: np.ndarray):
    """Return how long people stay allies: a Kaplan-Meier survival curve over all spells of allyship.

    Parameters
    ----------
    trajectory : dict
        `Run.trajectory` of a run with ``record_people=True``.
    is_marginalized : bool array
        `Network.is_marginalized`.

    Returns
    -------
    pandas.DataFrame
        One row per tenure at which someone left: ``tenure`` (steps since becoming an ally), ``at_risk``, ``left``,
        ``survival`` and its 95 % interval ``low``, ``high`` (Greenwood, on the log-minus-log scale). Spells that last
        to the end of the run count as unfinished. Empty when nobody was ever an ally.

    References
    ----------
    Kaplan & Meier (1958), "Nonparametric estimation from incomplete observations".
    """
    import pandas as pd

    lengths, is_finished = _ally_spells(trajectory["act"][:, ~is_marginalized] == Stance.ALLY)
    tenures = np.unique(lengths[is_finished])
    at_risk = np.array([(lengths >= t).sum() for t in tenures], dtype=np.int64)
    left = np.array([((lengths == t) & is_finished).sum() for t in tenures], dtype=np.int64)
    survival = np.cumprod(1.0 - left / np.maximum(at_risk, 1))
    low, high = _survival_interval(survival, at_risk, left)
    columns = {"tenure": tenures, "at_risk": at_risk, "left": left, "survival": survival, "low": low, "high": high}
    return pd.DataFrame(columns)


def _ally_spells(is_ally: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the length of every spell of allyship, and whether it ended before the run did."""
    padded = np.zeros((len(is_ally) + 2, is_ally.shape[1]), np.int8)
    padded[1:-1] = is_ally
    change = np.diff(padded, axis=0)
    _, first = np.nonzero(change.T == 1)  # people in order, so starts and ends pair up
    _, last = np.nonzero(change.T == -1)
    return last - first, last < len(is_ally)


@np.errstate(divide="ignore", invalid="ignore")
def _survival_interval(survival, at_risk, left) -> tuple[np.ndarray, np.ndarray]:
    variance = np.cumsum(left / (at_risk * (at_risk - left)))
    width = 1.959963984540054 * np.sqrt(variance) / np.abs(np.log(survival))
    is_open = (survival > 0) & (survival < 1)
    low = np.where(is_open, survival ** np.exp(width), survival)
    return low, np.where(is_open, survival ** np.exp(-width), survival)


def _smoothed(share) -> np.ndarray:
    """Return the mean over a tenth of the run that ends at each step; at the start, over what there is."""
    share = np.asarray(share, float)
    n_rows = share.shape[-1]
    width = max(1, n_rows // 10)
    sums = np.cumsum(np.nan_to_num(share), axis=-1)
    sums[..., width:] -= sums[..., :-width].copy()
    means = sums / np.minimum(np.arange(1, n_rows + 1), width)
    return np.round(means, 12)  # so that equal means are equal, whatever was summed up before


def _start_of_last_stretch(steps, is_true) -> int | None:
    """Return the step from which on `is_true` holds to the end, or None."""
    if not is_true[-1]:
        return None
    breaks = np.flatnonzero(~is_true)
    return int(steps[breaks[-1] + 1 if len(breaks) else 0])
