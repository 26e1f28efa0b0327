"""Two options and a norm on a complete graph: the binary choice model of Brock & Durlauf (2001).

The utilities of ALLY and OPPOSE differ by 2 (h + J m), so a logit at noise 1 gives m = tanh(h + J m).

Tolerance: with N people of whom a share r revise per step, the norm fluctuates as an autoregression with
coefficient 1 - r (1 - G'), G' = J (1 - m^2), and innovation variance r (2 - r) (1 - m^2) / N. Averages over T steps
are allowed four standard errors of that, plus 10 / N for the bias of a finite population.
"""

import math

import numpy as np
import pytest
from scipy.optimize import brentq

from sim import rules, simulate
from sim.meanfield import choice_probabilities, equilibria
from sim.networks import complete
from sim.rules import Stance
from sim.verification.binary_choice import SETTINGS, STEPS, N, settled, tolerance, two_options, variance
from sim.verification.limit_cases import mean_norm, visible_norm


@pytest.fixture(scope="module")
def everybody():
    return complete(N, 0.0, seed=1)


@pytest.mark.parametrize("norm", [-1.0, -0.4, 0.0, 0.7, 1.0])
@pytest.mark.parametrize(("coupling", "field"), [(0.5, 0.3), (1.5, -0.2), (4.0, 0.0)])
def test_the_logit_of_the_rulebook_is_a_hyperbolic_tangent(coupling, field, norm):
    seen = rules.Seen(**dict.fromkeys(rules.Seen._fields, 0) | {
        "allies": 1000 * (1 + norm) / 2, "opposers": 1000 * (1 - norm) / 2, "n_advantaged": 1000})  # fmt: skip
    parameters = two_options(coupling, field, effort=2.5)
    chances = choice_probabilities(parameters, rules.advantaged_view(parameters, seen))
    assert chances[Stance.BYSTAND] == chances[Stance.TOKEN] == 0
    assert chances[Stance.ALLY] - chances[Stance.OPPOSE] == pytest.approx(math.tanh(field + coupling * norm), abs=1e-13)


@pytest.mark.parametrize(("coupling", "field", "start"), SETTINGS)
def test_the_norm_settles_where_it_reproduces_itself(everybody, coupling, field, start):
    expected = settled(coupling, field, 1.0 if start == "allied" else -1.0)
    norm = mean_norm(two_options(coupling, field), everybody, start=start, steps=STEPS)
    assert norm == pytest.approx(expected, abs=tolerance(coupling, expected))


@pytest.mark.parametrize(("coupling", "n_equilibria"), [(0.8, 1), (1.3, 2)])
def test_there_are_two_equilibria_only_above_coupling_one(everybody, coupling, n_equilibria):
    allied, opposed = (mean_norm(two_options(coupling), everybody, start=start) for start in ("allied", "opposed"))
    assert (1 if allied - opposed < 0.1 else 2) == n_equilibria


@pytest.mark.parametrize("coupling", [1.3, 1.5, 2.0])
def test_an_adverse_norm_survives_up_to_the_spinodal_field(everybody, coupling):
    fold = math.sqrt(1 - 1 / coupling)
    spinodal = coupling * fold - math.atanh(fold)
    below, above = (mean_norm(two_options(coupling, x * spinodal), everybody, start="opposed") for x in (0.6, 1.5))
    assert below < -fold < fold < above


@pytest.mark.parametrize(("coupling", "field"), [(0.5, 0.2), (0.7, 0.5), (1.3, 0.3)])
def test_the_response_to_a_small_field_is_the_susceptibility(everybody, coupling, field):
    low, high = (
        mean_norm(two_options(coupling, field + change), everybody, start="allied", steps=400) for change in (-0.1, 0.1)
    )
    free = 1 - settled(coupling, field, 1.0) ** 2
    assert (high - low) / 0.2 == pytest.approx(free / (1 - coupling * free), rel=0.1)


@pytest.mark.parametrize(("coupling", "field"), [(0.0, 0.5), (0.6, 0.2), (1.4, 0.1)])
def test_fluctuations_have_the_size_that_revisions_make(coupling, field):
    """Within 15 %, four standard errors of a variance estimated from 6,000 correlated steps."""
    few = complete(300, 0.0, seed=1)
    history = simulate(two_options(coupling, field), few, steps=6200, start="allied", seed=3).history
    expected = variance(coupling, settled(coupling, field, 1.0), few.n_people)
    assert visible_norm(history)[200:].var() == pytest.approx(expected, rel=0.15)


@pytest.mark.parametrize("field", [0.0, 0.1, 0.25, -0.2])
@pytest.mark.parametrize("coupling", [0.5, 0.9, 1.5, 3.0])
def test_equilibria_are_the_roots_of_the_hyperbolic_tangent(coupling, field):
    def excess(m):
        return math.tanh(field + coupling * m) - m

    at = np.linspace(-1, 1, 9998)  # an even number of points: none is 0
    signs = np.sign([excess(m) for m in at])
    roots = [brentq(excess, at[i], at[i + 1], xtol=1e-14) for i in np.flatnonzero(np.diff(signs))]
    table = equilibria(two_options(coupling, field))
    assert table.norm.to_numpy() == pytest.approx(roots, abs=1e-9)
    assert table.is_stable.tolist() == [coupling * (1 - m**2) < 1 for m in roots]
