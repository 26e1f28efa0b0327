"""Brock & Durlauf (2001): discrete choice with social interactions.

Rules. Everybody chooses -1 or +1 again and again, by a logit of ``field + interaction * m``, where m is what one
expects others to choose: here the mean of everybody else's present choice, or with a `network` of the neighbours'. One
person at a time, in random turns.

Exact: in a large population the mean choice is a root of m = tanh(b h + b J m), with intensity b, field h and
interaction J. For b J > 1 there are three roots while the field is weaker than the spinodal one,
b H = b J m_s - artanh(m_s) with m_s = sqrt(1 - 1 / (b J)); beyond it a population that chose against the field gives
in.

Departures from the paper: it looks at rational expectations in equilibrium; here expectations are what is seen, and
equilibria are what turns of choosing lead to. Its third option, silence, is the Blume-Capel model, which the project's
own model contains as a limit case.

Brock, W. A., & Durlauf, S. N. (2001), "Discrete choice with social interactions", *Review of Economic Studies* 68(2),
235-260.
"""

from __future__ import annotations

import math

import numpy as np
from scipy import optimize

from sim.checks import InputError, check_count, check_number
from sim.classics.heat_bath import choices
from sim.classics.outcome import Outcome, check_network, history_of, model
from sim.streams import check_seed


@model
def run(interaction=1.5, field=0, intensity=1, start=0.5, n_people=1000, network=None, steps=200, seed=1):
    """Run the model of Brock & Durlauf (2001).

    Parameters
    ----------
    interaction : float
        Pull of the others' mean choice, in [-100, 100]. The paper's J.
    field : float
        What speaks for +1 anyway, in [-100, 100]. The paper's h.
    intensity : float
        How sharply people choose the better option, in [0, 100]. The paper's beta.
    start : float
        Probability with which people begin at +1, in [0, 1].
    n_people : int
        At least 2; ignored with a `network`.
    network : Network, optional
        Who sees whom; everybody sees everybody without one.
    steps : int
        Each of one turn per person on average.
    seed : int
        0 to 2**64 - 1.

    Returns
    -------
    Outcome
        Its ``history`` has ``mean_choice``, in [-1, 1].
    """
    pull = check_number("interaction", interaction, -100, 100)
    field = check_number("field", field, -100, 100)
    intensity = check_number("intensity", intensity, 0, 100)
    start = check_number("start", start, 0, 1)
    n_people = check_count("n_people", n_people, 2, 10_000_000) if network is None else check_network(network).n_people
    steps, seed = check_count("steps", steps, 0, 1_000_000), check_seed(seed)
    means = choices(network, n_people, field=intensity * field, pull=intensity * pull, is_mean=True, start=start,
                    steps=steps, seed=seed)  # fmt: skip
    return Outcome(history_of(mean_choice=means), network)


def equilibria(interaction: float, field: float = 0.0, intensity: float = 1.0) -> list[float]:
    """Return all roots of m = tanh(b h + b J m), ascending."""

    def excess(m):
        return np.tanh(intensity * (field + interaction * m)) - m

    grid = np.linspace(-1, 1, 20_000)  # an even number of points: none is 0
    signs = np.sign(excess(grid))
    return [optimize.brentq(excess, grid[i], grid[i + 1]) for i in np.flatnonzero(np.diff(signs))]


def spinodal_field(interaction: float, intensity: float = 1.0) -> float:
    """Return the field from which on a population that chose against it gives in.

    Raises
    ------
    InputError
        If intensity times interaction is at most 1, where there is only one equilibrium anyway.
    """
    strength = intensity * interaction
    if strength <= 1:
        raise InputError(f"intensity * interaction = {strength:g} is out of range: it must be above 1")
    at = math.sqrt(1 - 1 / strength)
    return (strength * at - math.atanh(at)) / intensity
