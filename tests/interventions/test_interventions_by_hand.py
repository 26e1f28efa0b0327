"""Small cases with something done from outside, worked out by hand, in both engines."""

from __future__ import annotations

import pytest
from published import published

import sim
from sim.networks import from_edges
from sim.rules import ALLY, BYSTAND, OPPOSE, WELCOME, WITHDRAW


def by_engine(parameters, network, start, steps, given):
    return sim.simulate(parameters, network, start=start, steps=steps, seed=11, interventions=given).state


def by_threads(parameters, network, start, steps, given):
    settings = {"start": start, "steps": steps, "seed": 11, "interventions": given}
    return sim.simulate(parameters, network, threads=2, **settings).state


def by_mesa(parameters, network, start, steps, given):
    model = sim.AllyshipModel(parameters, network=network, start=start, rng=11, interventions=given)
    model.run_for(steps)
    return model.state


engines = pytest.mark.parametrize("run", [by_engine, by_threads, by_mesa])
CERTAIN = published(revise=1, noise=0, contact=0.1, internalise=0.2, sympathy_spread=0, loyalty_spread=0,
                         trust_spread=0, sympathy=0.5, loyalty=0.5, trust=0.75)  # fmt: skip
PATH = from_edges([(0, 1), (1, 2)], [False, False, True])  # an ally, a silent one, one who welcomes
BEGIN = ["ally", "bystand", "welcome"]


@engines
def test_three_in_a_row_when_the_one_in_the_middle_is_made_to_oppose(run):
    """As in `test_hand_worked`, but person 1 opposes in state 1, and is free again.

    State 1: stigma of 1 is .8 * .2 * .4 * 1.2 * .2/2 (opposing sheds it), sympathy .5 + .1 * .5 * .5 + .2 (-1 - .5).

    State 2: 0 sees an opposer: oppose -.8 + 3.5 - 1.5 = 1.2. 1 sees silence and a welcome: ally .45 + 1.5 - .02304 -
    .3 - 1.5 > 0. 2 sees an opposer: withdraw 2 against welcome 1, trust .75 (1 - .2).
    """
    scene = [sim.intervention("scene", people=[1], force="oppose", begin=1, end=2)]
    state = run(CERTAIN, PATH, BEGIN, 1, scene)
    assert (state.act.tolist(), state.betrayed.tolist()) == ([BYSTAND, OPPOSE, WELCOME], [1, 0, 0])
    assert state.stigma[1] == pytest.approx(0.00768, rel=1e-12)
    assert state.sympathy[1] == pytest.approx(0.225, rel=1e-12)
    state = run(CERTAIN, PATH, BEGIN, 2, scene)
    assert (state.act.tolist(), state.betrayed.tolist()) == ([OPPOSE, ALLY, WITHDRAW], [0, 0, 0])
    assert state.stigma.tolist() == pytest.approx([0, 0.111744, 0], rel=1e-12)
    assert state.sympathy.tolist() == pytest.approx([0.12, 0.41875, 0], rel=1e-12)
    assert state.trust[2] == pytest.approx(0.6, rel=1e-12)


STAR = from_edges([(0, 4), (1, 4), (2, 4), (3, 4)], [False] * 4 + [True])
FAITHFUL = CERTAIN.replace(conviction=10, sympathy=1, trust=0.5, internalise=0, contact=0, repair=0)


@engines
@pytest.mark.parametrize(("repair", "lost"), [(0.0, 0.2), (0.6, 0.08)])
def test_five_people_two_allies_who_fall_silent_and_what_repair_does(run, repair, lost):
    """Four allies without stigma build trust .5 + .15 * .2 * .5. Then two betray: half of the ties, so .4 / 2 is lost.

    The two others bear stigma .2 * .4 * 1.2 * 1.2 = .1152, seen as 7/64: credible .2 / 2 + .8 * 7/64 / 2.
    """
    given = [sim.intervention("scene", people=[0, 1], force="bystand", begin=1, end=2)]
    if repair:
        given.append(sim.intervention("trust_repair", begin=1, end=2, shift={"repair": repair}))
    one = run(FAITHFUL, STAR, "allied", 1, given)
    assert (one.act.tolist()[:4], one.betrayed.tolist()) == ([BYSTAND, BYSTAND, ALLY, ALLY], [1, 1, 0, 0, 0])
    assert one.trust[4] == pytest.approx(0.515, rel=1e-12)
    two = run(FAITHFUL, STAR, "allied", 2, given)
    assert (two.act.tolist()[:4], two.betrayed.tolist()) == ([ALLY] * 4, [0] * 5)
    assert two.trust[4] == pytest.approx(0.515 + 0.15 * 0.14375 * 0.485 - lost * 0.515, rel=1e-12)


@engines
def test_five_people_when_two_never_were_allies(run):
    """Silent from the start, nobody was betrayed: trust .5 + .15 (.2 / 2) .5."""
    given = [sim.intervention("scene", people=[0, 1], force="bystand", end=1)]
    assert run(FAITHFUL, STAR, "allied", 0, given).act.tolist()[:4] == [BYSTAND, BYSTAND, ALLY, ALLY]
    state = run(FAITHFUL, STAR, "allied", 1, given)
    assert state.trust[4] == pytest.approx(0.5075, rel=1e-12)
    assert (state.act.tolist()[:4], state.betrayed.tolist()) == ([ALLY] * 4, [0] * 5)


@engines
def test_five_strangers_who_meet_for_two_steps(run):
    """Nobody knows anybody; in steps 1 and 2 person 4 knows two allies, in step 2 all four but person 0, who is cut."""
    strangers = from_edges([], [False] * 4 + [True])
    given = [
        sim.intervention(tie=[(0, 4), (1, 4)], begin=1, end=3),
        sim.intervention(tie=[(4, 2), (4, 3)], cut=[(4, 0)], begin=2, end=3),
    ]
    parameters = FAITHFUL.replace(cost_credibility=0)  # credible support is the share of allies: 1 with ties, else 0
    trust = [0.5, 0.5, 0.5 + 0.15 * 0.5, 0.575 + 0.15 * 0.425, 0.575 + 0.15 * 0.425]
    for steps, expected in enumerate(trust):
        state = run(parameters, strangers, "allied", steps, given)
        assert state.trust[4] == pytest.approx(expected, rel=1e-12), steps
    marginalized_share = [0, 0, 1, 1, 0]  # of the ties of person 1 in the step before
    stigma = 0.0
    for steps in range(5):
        if steps:
            stigma = 0.8 * stigma + 0.2 * 0.4 * 1.2 * (1 + 0.2 * marginalized_share[steps])
        assert run(parameters, strangers, "allied", steps, given).stigma[1] == pytest.approx(stigma, rel=1e-12)


@engines
def test_five_people_who_are_told_what_most_think(run):
    """A ring of opposers, four of five of them sympathetic; all are told at step 0: the norm of -1 becomes +.6.

    With heed 1, 0 sympathy counts 2 * .5 + .5 * 7 * .6 = 3.1 for allyship, less pressure 2 and effort 1.5: below 0.
    Token: .5 (2.1 - 2) - 1.75. Oppose: -3.1 - 1.5. So silence. Unsympathetic: ally -.4, oppose -.6: silence too.
    Untold, all of them oppose: -1 + 3.5 - 1.5, and 1 + 3.5 - 1.5.
    """
    ring = from_edges([(0, 1), (1, 2), (2, 3), (3, 4), (4, 0)], [False] * 5)
    parameters = CERTAIN.replace(heed=1, conformity=7, conviction=2, sanction=2, effort=1.5)
    minority = sim.intervention(set={"sympathy": -0.5}, people=[2])
    assert run(parameters, ring, "opposed", 1, [minority]).act.tolist() == [OPPOSE] * 5
    told = [minority, sim.intervention("norm_feedback", end=1)]
    assert run(parameters, ring, "opposed", 1, told).act.tolist() == [BYSTAND] * 5
    two = [minority, sim.intervention("norm_feedback", people=[0, 3], end=1)]
    assert run(parameters, ring, "opposed", 1, two).act.tolist() == [BYSTAND, OPPOSE, OPPOSE, BYSTAND, OPPOSE]
