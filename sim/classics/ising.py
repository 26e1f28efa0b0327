"""Ising: two options on a network, each neighbour pulling with the same strength.

Rules. As in `sim.classics.brock_durlauf`, but with the *sum* of the neighbours' choices: the utility of +1 is
``field + coupling * sum``, and people choose by heat bath, one at a time in random turns.

Exact: on the square lattice order sets in at a coupling of asinh(1) / 2 = .440687 and is (1 - sinh(2 K)^-4)^(1/8),
.9113 at K = .5 (Onsager 1944; Yang 1952). On large random k-regular networks, locally trees, it sets in at
ln(k / (k - 2)) / 2 (Bethe 1935), and is tanh(k u) with u = artanh(tanh K tanh((k - 1) u)).

Departures: coupling and field are in units of the temperature. In a finite network order has no sign for ever; runs
begin ordered, and large ones stay so.

Onsager, L. (1944), *Physical Review* 65, 117-149; Yang, C. N. (1952), *Physical Review* 85, 808-816; Bethe, H. A.
(1935), *Proceedings of the Royal Society A* 150, 552-575.
"""

from __future__ import annotations

import math

from sim.checks import check_count, check_number
from sim.classics.heat_bath import choices
from sim.classics.lattices import SIDEWAYS, torus
from sim.classics.outcome import Outcome, check_network, history_of, model
from sim.streams import check_seed

SQUARE_CRITICAL = math.asinh(1) / 2


@model
def run(coupling=0.5, field=0, start=1, side=32, network=None, steps=200, seed=1):
    """Run the Ising model.

    Parameters
    ----------
    coupling : float
        Pull of each neighbour, in units of the temperature, in [-10, 10].
    field : float
        What speaks for +1 anyway, in [-10, 10].
    start : float
        Probability with which people begin at +1, in [0, 1].
    side : int
        Of the square lattice without edges, 3 to 3,000; ignored with a `network`.
    network : Network, optional
        Instead of the square lattice.
    steps : int
        Each of one turn per person on average.
    seed : int
        0 to 2**64 - 1.

    Returns
    -------
    Outcome
        Its ``history`` has ``mean_choice``, in [-1, 1].
    """
    coupling = check_number("coupling", coupling, -10, 10)
    field, start = check_number("field", field, -10, 10), check_number("start", start, 0, 1)
    network = torus(check_count("side", side, 3, 3000), SIDEWAYS) if network is None else check_network(network)
    steps, seed = check_count("steps", steps, 0, 1_000_000), check_seed(seed)
    means = choices(network, network.n_people, field=field, pull=coupling, is_mean=False, start=start, steps=steps,
                    seed=seed)  # fmt: skip
    return Outcome(history_of(mean_choice=means), network)


def square_order(coupling: float) -> float:
    """Return the mean choice in size on a large square lattice."""
    return (1 - math.sinh(2 * coupling) ** -4) ** 0.125 if coupling > SQUARE_CRITICAL else 0.0


def regular_critical(degree: int) -> float:
    """Return the coupling at which order sets in on large random networks of equal degree, at least 3."""
    degree = check_count("degree", degree, 3)
    return math.log(degree / (degree - 2)) / 2


def regular_order(coupling: float, degree: int) -> float:
    """Return the mean choice in size on large random networks of equal degree."""
    if coupling <= regular_critical(degree):
        return 0.0
    sent = 1.0
    for _ in range(100_000):
        sent, before = math.atanh(math.tanh(coupling) * math.tanh((degree - 1) * sent)), sent
        if abs(sent - before) < 1e-15:
            break
    return math.tanh(degree * sent)
