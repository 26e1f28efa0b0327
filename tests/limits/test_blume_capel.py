"""Three options and a norm on a complete graph: the Blume-Capel model in mean field.

With D = exp(e): m = G(m) = 2 sinh(J m + h) / (2 cosh(J m + h) + D).

At h = 0, m = 0 loses its stability where G'(0) = 2 J / (2 + D) = 1, that is at D = 2 J - 2. The cubic term of G there
is proportional to 1/6 - 1/(2 + D): above D = 4 (e = ln 4, J = 3, the tricritical point) it is positive, and order
vanishes with a jump at the fold, the greatest D with a root m > 0, D(m) = 2 sinh(J m) / m - 2 cosh(J m).

Tolerance: 0.03 on a norm averaged over 240 steps of 1,000 people. One draw of 1,000 people has a standard deviation of
at most 1 / sqrt(1000) = 0.032, and the points stay away from the folds, so that averages are several times as sharp;
0.08 along ramps, which average 60 steps.
"""

import math

import numpy as np
import pytest
from scipy.optimize import brentq, minimize_scalar

from sim import simulate
from sim.meanfield import equilibria
from sim.networks import complete
from sim.verification.limit_cases import mean_norm, visible_norm
from sim.verification.three_choices import FIRST, SETTINGS, TOLERANCE, excess, settled, three_options

TRICRITICAL_EFFORT, TRICRITICAL_COUPLING = math.log(4), 3.0


@pytest.fixture(scope="module")
def everybody():
    return complete(1000, 0.0, seed=1)


def roots(coupling, effort, field=0.0):
    at = np.linspace(-1, 1, 9998)  # an even number of points: none is 0
    signs = np.sign([excess(m, coupling, effort, field) for m in at])
    crossings = np.flatnonzero(np.diff(signs))
    return [brentq(excess, at[i], at[i + 1], args=(coupling, effort, field), xtol=1e-14) for i in crossings]


def instability(coupling):
    return math.log(2 * coupling - 2)


def fold(coupling):
    best = minimize_scalar(
        lambda m: 2 * math.cosh(coupling * m) - 2 * math.sinh(coupling * m) / m, bounds=(1e-3, 1), method="bounded"
    )
    return math.log(-best.fun)


@pytest.mark.parametrize(("coupling", "effort", "field", "start"), SETTINGS)
def test_the_norm_settles_where_it_reproduces_itself(everybody, coupling, effort, field, start):
    norm = mean_norm(three_options(coupling, effort, field), everybody, start=start)
    assert norm == pytest.approx(settled(coupling, effort, field, FIRST[start]), abs=TOLERANCE)


def ramp(coupling, efforts, network):
    """Return the strength of the norm while effort changes within one run, averaged late at each value."""
    run, strengths = "allied", []
    for effort in efforts:
        run = simulate(three_options(coupling, effort), network, steps=120, start=run, seed=5)
        strengths.append(abs(visible_norm(run.history)[60:].mean()))
    return np.array(strengths)


def loop(coupling, efforts, network):
    """Return the strength on the way up and on the way down, both in the order of `efforts`."""
    strengths = ramp(coupling, [*efforts, *efforts[::-1]], network)
    return strengths[: len(efforts)], strengths[len(efforts) :][::-1]


def test_order_vanishes_continuously_below_the_tricritical_point(everybody):
    efforts = np.array([-1.0, -0.4, 0.1, 0.4, 1.0, 1.4])  # the line is at ln 2 = 0.69 for J = 2
    up, down = loop(2.0, efforts, everybody)
    expected = [settled(2.0, effort, 0.0, 1.0) for effort in efforts]
    assert up == pytest.approx(expected, abs=0.08)
    assert down == pytest.approx(expected, abs=0.08)


def test_order_jumps_and_remembers_above_the_tricritical_point(everybody):
    coupling = 5.0
    lower, upper = instability(coupling), fold(coupling)
    between = np.linspace(lower, upper, 5)[1:-1]
    efforts = np.array([lower - 0.3, *between, upper + 0.15, upper + 0.4])
    up, down = loop(coupling, efforts, everybody)
    assert up == pytest.approx([settled(coupling, e, 0.0, 1.0) for e in efforts], abs=0.08)
    assert (up[1:4] > 0.6).all()
    assert (down[1:4] < 0.15).all()  # on the way down, silence holds until its own instability
    assert (up[4:] < 0.15).all()
    assert down[0] > 0.8


def test_a_field_turns_silence_over_with_a_jump_and_not_back():
    network = complete(1000, 0.0, seed=1)
    norms = [
        visible_norm(simulate(three_options(5.0, 2.35, field), network, steps=120, start=start, seed=2).history)[60:]
        for field in (0.0, 0.1)
        for start in ("silent", "allied")
    ]
    silent, allied, silent_in_field, allied_in_field = (norm.mean() for norm in norms)
    assert silent < 0.1 < 0.8 < allied
    assert silent_in_field < 0.2 < 0.8 < allied_in_field
    moved = simulate(three_options(5.0, 2.35, 0.6), network, steps=60, start="silent", seed=2)
    back = simulate(three_options(5.0, 2.35, 0.0), network, steps=120, start=moved, seed=2)
    assert visible_norm(back.history)[60:].mean() > 0.8


@pytest.mark.parametrize(
    ("coupling", "effort", "field"),
    [(1.0, 0.5, 0.3), (2.0, 0.0, 0.0), (2.0, 1.2, 0.0), (5.0, 1.8, 0.0), (5.0, 2.35, 0.0), (5.0, 2.35, 0.1),
     (5.0, 2.9, 0.0), (4.0, 3.0, 0.5), (3.0, -5.0, 0.2)],
)  # fmt: skip
def test_equilibria_are_the_roots_of_the_three_state_equation(coupling, effort, field):
    expected = roots(coupling, effort, field)
    table = equilibria(three_options(coupling, effort, field))
    assert table.norm.to_numpy() == pytest.approx(expected, abs=1e-9)
    falls = [excess(m - 1e-6, coupling, effort, field) > excess(m + 1e-6, coupling, effort, field) for m in expected]
    assert table.is_stable.tolist() == falls


def test_silence_loses_stability_where_coupling_is_one_plus_half_exp_effort():
    for effort in (-1.0, 0.0, TRICRITICAL_EFFORT, 2.5):
        critical = 1 + math.exp(effort) / 2
        for coupling, stable in ((critical - 0.01, True), (critical + 0.01, False)):
            table = equilibria(three_options(coupling, effort))
            assert table.is_stable[table.norm == 0].tolist() == [stable]


@pytest.mark.parametrize("distance", [0.1, 0.3, 1.0])
def test_order_and_silence_coexist_only_beyond_the_tricritical_point(distance):
    assert instability(TRICRITICAL_COUPLING) == pytest.approx(TRICRITICAL_EFFORT)
    beyond = TRICRITICAL_COUPLING + distance
    middle = (instability(beyond) + fold(beyond)) / 2
    assert len(equilibria(three_options(beyond, middle))) == 5
    before = TRICRITICAL_COUPLING - distance
    around = instability(before) + np.linspace(-0.02, 0.02, 21)
    assert {len(equilibria(three_options(before, effort))) for effort in around} == {1, 3}
