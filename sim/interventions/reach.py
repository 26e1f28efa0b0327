"""On whom an intervention acts directly: of the people it is given to, those whose rules read what it changes."""

from __future__ import annotations

import numpy as np

# The numbers that the rules of marginalized people read, and those of them that no rule of advantaged people reads.
MARGINALIZED_ONLY = frozenset((
    "cost_credibility", "trust_gain", "wariness", "betrayal_loss", "repair", "opposition_loss", "token_loss", "gossip",
    "trust_weight", "solidarity", "authenticity_threat", "gatekeep_effort", "hostility", "safety",
))  # fmt: skip
OF_BOTH = frozenset(("token_visibility", "revise", "noise", "forced"))


def is_read_by(knob: str, *, is_marginalized: bool) -> bool:
    """Tell whether the rules of a group read a knob in the course of a run."""
    return knob in MARGINALIZED_ONLY | OF_BOTH if is_marginalized else knob not in MARGINALIZED_ONLY


def acted_on(intervention, people: np.ndarray, network) -> np.ndarray:
    """Return on whom of the people it is given to an intervention can act directly.

    Parameters
    ----------
    intervention : Intervention
    people : int array
        Whom it was given to (`Run.picked`).
    network : Network

    Notes
    -----
    A knob acts on those whose rules read it, a feeling on those who have it, a script and new ties on everybody they
    are given to. Single ties (``tie``, ``cut``) act on those they join and not on who is picked.
    """
    one = intervention
    if one.force or one.ties:
        return people
    is_marginalized = network.is_marginalized[people]
    knobs = [*one.scale, *one.shift]
    groups = {
        group: any(is_read_by(knob, is_marginalized=group) for knob in knobs)
        or any((name == "trust") == group for name in one.set)
        for group in (False, True)
    }
    return people[np.where(is_marginalized, groups[True], groups[False])]
