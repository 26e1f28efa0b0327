"""Whole steps on tiny networks, worked out by hand, in both engines: revise 1, noise 0, nothing left to luck."""

import numpy as np
import pytest
from published import published

import sim
from sim.networks import from_edges
from sim.rules import ALLY, BYSTAND, GATEKEEP, OPPOSE, TOKEN, WELCOME, WITHDRAW

CERTAIN = published(revise=1, noise=0, contact=0.1, internalise=0.2, sympathy_spread=0, loyalty_spread=0,
                         trust_spread=0)  # fmt: skip


def by_engine(parameters, network, start, steps):
    return sim.simulate(parameters, network, start=start, steps=steps, seed=11).state


def by_threads(parameters, network, start, steps):
    return sim.simulate(parameters, network, start=start, steps=steps, seed=11, threads=2).state


def by_mesa(parameters, network, start, steps):
    model = sim.AllyshipModel(parameters, network=network, start=start, rng=11)
    model.run_for(steps)
    return model.state


engines = pytest.mark.parametrize("run", [by_engine, by_threads, by_mesa])


def assert_state(state, *, act, betrayed, sympathy, stigma, trust):
    assert state.act.tolist() == act
    assert state.betrayed.tolist() == betrayed
    for name, expected in (("sympathy", sympathy), ("stigma", stigma), ("trust", trust)):
        assert getattr(state, name).tolist() == pytest.approx(expected, rel=1e-12, abs=1e-15), name


# === three in a row: an ally, a silent one, and one who welcomes ========================================

PATH = from_edges([(0, 1), (1, 2)], [False, False, True])
PATH_PARAMETERS = CERTAIN.replace(sympathy=0.5, loyalty=0.5, trust=0.75)


@engines
def test_three_in_a_row_after_one_step(run):
    """The ally sees only silent loyalty 1/2: pressure .15, cost .3.

    Ally 1 - .3 - 1.5 = -.8, so silence: a betrayal. Sympathy .5 + .2 (0 - .5).

    The silent one sees an ally and a welcome: ally 1 + 3.5 + 1.5 - 1.5 = 4.5, token 2 + 1.75 - 1.75 = 2, so allyship.
    Stigma .2 * .4 * 1.2 * (1 + .2/2); sympathy .5 + .1 * .5 * .5 + .2 * .5.

    The third sees silence and has no peers: welcome 1, gatekeep -2, withdraw 0; trust stays.
    """
    assert_state(
        run(PATH_PARAMETERS, PATH, ["ally", "bystand", "welcome"], 1),
        act=[BYSTAND, ALLY, WELCOME], betrayed=[1, 0, 0],
        sympathy=[0.4, 0.625, 0], stigma=[0, 0.1056, 0], trust=[0, 0, 0.75],
    )  # fmt: skip


@engines
def test_three_in_a_row_after_two_steps(run):
    """Stigma .1056 shows as level 7.

    First: ally .8 + 3.5 - 1.5 = 2.8 against token 2; stigma .2 * .4 (1.2 + 7/64); sympathy .4 + .2 * .6.
    Second: ally 1.25 + 1.5 - .3168 - .3 - 1.5 = .6332; stigma .8 * .1056 + .2 * .528; sympathy .625 + .01875 + .075.
    Third: an ally with level 7 is credible .2 + .8 * 7/64 = .2875; trust .75 + .15 * .2875 * .25.
    """
    assert_state(
        run(PATH_PARAMETERS, PATH, {0: "ally", 2: "welcome"}, 2),
        act=[ALLY, ALLY, WELCOME], betrayed=[0, 0, 0],
        sympathy=[0.52, 0.71875, 0], stigma=[0.10475, 0.19008, 0], trust=[0, 0, 0.76078125],
    )  # fmt: skip


# === five people, both groups, everything going on at once ==============================================

FIVE = from_edges(
    [(0, 1), (0, 2), (0, 3), (1, 2), (2, 3), (2, 4), (3, 4)], [True, False, False, True, False]
)
FIVE_PARAMETERS = CERTAIN.replace(conformity=4, effort=0.5, token_effort=0.5, repair=0.25)
MIXED = sim.State(
    step=0,
    act=np.array([WELCOME, ALLY, OPPOSE, GATEKEEP, TOKEN], np.uint8),
    betrayed=np.array([0, 0, 1, 0, 0], np.uint8),
    sympathy=np.array([0, 0.5, -0.5, 0, 0]),
    loyalty=np.array([0, 0.5, 0.75, 0, 1.0]),
    stigma=np.array([0, 0.5, 0.25, 0, 0.125]),
    trust=np.array([0.75, 0, 0, 0.25, 0]),
)

# Person 0 sees an ally with stigma 1/2, an opposer who has just betrayed, and a gatekeeper with trust 1/4:
# credible .1 + .8/4 = .3; lost (.4 * .75 / 2 + .2 / 2) .75; heard .1 (.25 - .75).
# Person 3 sees a token act, the same opposer, and one who welcomes with trust 3/4:
# credible 0; lost (.15 + .1 + .05 / 2) .25; heard .1 (.75 - .25).
FIVE_TRUST = [0.52375, 0, 0, 0.23125, 0]


@engines
def test_five_people_after_one_step(run):
    """Worked out person by person.

    0: welcome 1 - 1 = 0, gatekeep -1 + 1 + .75 - 1 = -.25, withdraw 2/2 = 1: withdraws.
    1: sees the opposer and a welcome. Ally 1 - 2 + 1.5 - 1.5 - 2 - .5 = -3.5, token -3.25, oppose
       -1 + 2 + .25 - .5 = .75: turns against. Stigma .8 (.4 + .2 * .4 * 1.2 * .1); sympathy .5 + .025 - .3.
    2: sees an ally, a token act, one welcome, one gatekeeper. Ally -1 + 2.25 - .75 - .5 = 0, oppose
       1 - 2.25 + .5625 + .1875 - .75 - .5 < 0, token 1.5 + .5 (2.25 - .75) - .5 = 1.75: token.
       Stigma .2 + .2 * .4 (1.2 * .6 + .25 + .03125); sympathy -.5 + .2 (.5 + .5).
    3: welcome -1 + 1 = 0, gatekeep 1 - 1 + .375 - 1 < 0, withdraw 1: withdraws.
    4: sees the opposer and a gatekeeper. Oppose 4 + .125 - .5 = 3.625, the rest negative: opposes.
       Stigma .8 (.1 + .0096); sympathy 0 + .2 (-1): a gatekeeper is no contact.
    """
    assert_state(
        run(FIVE_PARAMETERS, FIVE, MIXED, 1),
        act=[WITHDRAW, OPPOSE, TOKEN, WITHDRAW, OPPOSE], betrayed=[0, 1, 0, 0, 0],
        sympathy=[0, 0.225, -0.3, 0, -0.2], stigma=[0, 0.32768, 0.2801, 0, 0.08768], trust=FIVE_TRUST,
    )  # fmt: skip


@engines
def test_five_people_when_nobody_reconsiders_still_learn(run):
    """Stances stay, the old betrayal is over, feelings follow what is seen and done.

    1: stigma .4 + .2 * .528, sympathy .5 + .025 + .1. 2: stigma .8 (.2 + .2 * .4 (.12 + .28125)), sympathy -.5 - .1.
    4: stigma .1 + .2 * .4 * 1.2 * .6, sympathy .2 * .5.
    """
    assert_state(
        run(FIVE_PARAMETERS.replace(revise=0), FIVE, MIXED, 1),
        act=[WELCOME, ALLY, OPPOSE, GATEKEEP, TOKEN], betrayed=[0, 0, 0, 0, 0],
        sympathy=[0, 0.625, -0.6, 0, 0.1], stigma=[0, 0.5056, 0.18568, 0, 0.1576], trust=FIVE_TRUST,
    )  # fmt: skip


def test_the_history_counts_what_happened_in_the_step():
    history = sim.simulate(FIVE_PARAMETERS, FIVE, start=MIXED, steps=1).history
    first, last = history.iloc[0], history.iloc[1]
    assert [first[f"{name}_share"] * 3 for name in ("ally", "token", "bystand", "oppose")] == [1, 1, 0, 1]
    assert [last[f"{name}_share"] * 3 for name in ("ally", "token", "bystand", "oppose")] == [0, 1, 0, 2]
    assert (first.betrayals, last.betrayals, last.new_withdrawals) == (0, 1, 2)
    assert last.mean_trust == pytest.approx((0.52375 + 0.23125) / 2, abs=1e-9)
    assert first.pressure_per_ally == 1.0


# === nobody around ======================================================================================


@engines
@pytest.mark.parametrize(("sympathy", "stance", "betrayed"), [(0.9, ALLY, 0), (0.75, BYSTAND, 1), (0.5, BYSTAND, 1)])
def test_people_without_ties_act_on_conviction_alone(run, sympathy, stance, betrayed):
    """Ally 2 x - 1.5: at x = .75 a tie, and indifference means inertia. Trust 1/2: a tie, and withdrawal."""
    alone = from_edges([], [False, True])
    state = run(CERTAIN.replace(sympathy=sympathy, internalise=0), alone, ["ally", "welcome"], 1)
    assert state.act.tolist() == [stance, WITHDRAW]
    assert state.betrayed.tolist() == [betrayed, 0]
    assert state.stigma[0] == pytest.approx(0.096 if stance == ALLY else 0, rel=1e-12)
    assert (state.sympathy[0], state.trust[1]) == (sympathy, 0.5)
