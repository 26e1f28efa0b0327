"""What a whole run amounts to: its regime, when it tipped, how long allies lasted."""

from __future__ import annotations

from enum import StrEnum

import numpy as np


class Regime(StrEnum):
    """What prevails among advantaged people at the end of a run."""

    SILENCE = "silence"
    SPREAD = "spread"
    HOLLOW = "hollow"
    OPPOSITION = "opposition"
    MIXED = "mixed"


def regime_of(history) -> Regime:
    """Name the regime of a run from its history.

    Averages the stance shares over the last tenth of the run (at least the last row). OPPOSITION and SILENCE: more than
    half oppose, or are silent. Visible support of more than half is SPREAD if most of it is costly (allies), HOLLOW if
    most of it is cheap (token allies). Anything else is MIXED, as is a network without advantaged people.
    """
    tail = history.tail(max(1, len(history) // 10))
    return regime_of_shares(*(float(tail[f"{name}_share"].mean()) for name in ("oppose", "bystand", "token", "ally")))


def regime_of_shares(oppose: float, bystand: float, token: float, ally: float) -> Regime:
    """Name the regime from the four stance shares; see `regime_of`."""
    if oppose > 0.5:
        return Regime.OPPOSITION
    if bystand > 0.5:
        return Regime.SILENCE
    if ally + token > 0.5:
        return Regime.SPREAD if ally >= token else Regime.HOLLOW
    return Regime.MIXED


def _first_step(history, is_true) -> int | None:
    hits = np.flatnonzero(is_true)
    return int(history["step"].iloc[hits[0]]) if len(hits) else None
