"""Two options and a norm on a complete graph: the binary choice model of Brock & Durlauf (2001).

The utilities of ALLY and OPPOSE differ by 2 (h + J m), so a logit at noise 1 gives m = tanh(h + J m).

Tolerance: with N people of whom a share r revise per step, the norm fluctuates as an autoregression with
coefficient 1 - r (1 - G'), G' = J (1 - m^2), and innovation variance r (2 - r) (1 - m^2) / N. Averages over T steps
are allowed four standard errors of that, plus 10 / N for the bias of a finite population.
"""

from __future__ import annotations

import math

from sim.networks import complete
from sim.verification.check import Case, Check, spread_over
from sim.verification.limit_cases import mean_norm, norm_only

N, REVISE, STEPS = 1000, 0.5, 240
SETTINGS = [
    (0.0, 0.4, "opposed"), (0.6, 0.2, "opposed"), (0.8, 0.0, "allied"), (1.3, 0.0, "allied"), (1.3, 0.0, "opposed"),
    (1.5, 0.1, "opposed"), (1.5, 0.1, "allied"), (2.0, -0.1, "allied"),
]  # fmt: skip


def two_options(coupling, field=0.0, **more):
    """Return parameters under which people either support or oppose."""
    return norm_only(coupling=coupling, field=field, bystand_allowed=False, revise=REVISE, **more)


def settled(coupling, field, norm):
    """Return where m = tanh(h + J m) leads from a first norm."""
    for _ in range(5000):
        norm = math.tanh(field + coupling * norm)
    return norm


def autocorrelation(coupling, norm):
    """Return how much of a deviation is left after a step."""
    return 1 - REVISE * (1 - coupling * (1 - norm**2))


def variance(coupling, norm, n_people):
    """Return the variance of the norm that luck makes."""
    return REVISE * (2 - REVISE) * (1 - norm**2) / n_people / (1 - autocorrelation(coupling, norm) ** 2)


def tolerance(coupling, norm, n_people=N, steps=STEPS):
    """Return how far an average over so many steps may be from the fixed point."""
    memory = autocorrelation(coupling, norm)
    return 4 * math.sqrt(variance(coupling, norm, n_people) * (1 + memory) / (1 - memory) / steps) + 10 / n_people


def settles(count: int, seed: int):
    """Compare norms of long runs with the fixed points."""
    everybody = complete(N, 0.0, seed=1)
    for coupling, field, start in spread_over(SETTINGS, count):
        expected = settled(coupling, field, 1.0 if start == "allied" else -1.0)
        norm = mean_norm(two_options(coupling, field), everybody, start=start, steps=STEPS)
        yield Case(abs(norm - expected), tolerance(coupling, expected), f"J = {coupling}, h = {field}, {start}")


CHECK = Check(
    "Brock & Durlauf 2001: the norm of 1,000 people on a complete graph settles where m = tanh(h + J m)",
    settles, len(SETTINGS), 3, "visible norm, -1 to 1", "four standard errors, and 10 / N",
    "Runs fluctuate as an autoregression of known size; a finite population is biased by about one person in N.",
)  # fmt: skip
