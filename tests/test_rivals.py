"""Other decision rules on the model's own rules: the logit twin is the model, and each rule does what it says."""

import numpy as np
import pytest

import sim
from sim import rivals
from sim.checks import InputError
from sim.networks import from_edges, two_groups
from sim.parameters import Parameters

NETWORK = two_groups(300, 0.25, mean_degree=8, homophily=0.4, seed=3)
FULL = Parameters(stigma_transfer=0.3, internalise=0.02, contact=0.05, revise=0.4, feedback=0.3)


@pytest.mark.parametrize("parameters", [Parameters(), FULL, FULL.replace(noise=0, token_allowed=False)])
@pytest.mark.parametrize("start", ["silent", "allied", "opposed", 0.4])
def test_the_logit_rule_is_the_model_to_the_last_bit(parameters, start):
    rival = rivals.simulate("logit", parameters, NETWORK, steps=60, start=start, seed=5, start_seed=6)
    run = sim.simulate(parameters, NETWORK, steps=60, start=start, seed=5, start_seed=6)
    assert rival.state == run.state
    for name in rival.history.columns.drop("step"):
        assert rival.history[name].to_numpy() == pytest.approx(run.history[name].to_numpy(), abs=1e-8, nan_ok=True)


@pytest.mark.parametrize("start", ["allied", "opposed", 0.4])
def test_the_threshold_rule_is_the_limit_without_noise(start):
    rival = rivals.simulate("threshold", FULL, NETWORK, steps=60, start=start, seed=5)
    run = sim.simulate(FULL.replace(noise=0), NETWORK, steps=60, start=start, seed=5)
    own = ~NETWORK.is_marginalized  # first responses of the others are drawn with noise
    assert (rival.state.act[own] == run.state.act[own]).mean() > 0.98


def test_nobody_imitates_what_nobody_does():
    silent = rivals.simulate("imitation", FULL, NETWORK, steps=50, start="silent", seed=1).history
    assert (silent["bystand_share"] == 1).all()
    some = rivals.simulate("imitation", FULL, NETWORK, steps=200, start=0.5, seed=1).history
    assert (some[["oppose_share", "token_share"]] == 0).all(axis=None)
    assert some["ally_share"].nunique() > 10


def test_people_imitate_their_own_group_and_the_lonely_nobody():
    ties = from_edges([(0, 2), (1, 2)], [False, False, True, False])
    start = ["ally", "oppose", "welcome", "token"]
    run = rivals.simulate("imitation", FULL, ties, steps=100, start=start, seed=1)
    assert run.state.act.tolist() == [3, 0, 2, 2]


def test_the_better_off_are_imitated():
    """Two people: with effort alone the ally is worse off than the silent one, by `effort`."""
    pair = from_edges([(0, 1)], [False, False])
    alone = {name: 0.0 for name in ("conformity", "conviction", "stigma_transfer", "sanction", "threat", "image")}
    p = Parameters(**alone, effort=2, revise=1)
    ends = [rivals.simulate("imitation", p, pair, steps=1, start=["ally", "bystand"], seed=s).state.act
            for s in range(2000)]  # fmt: skip
    to_silence, to_ally = (np.mean([end[i] == new for end in ends]) for i, new in ((0, 1), (1, 3)))
    assert to_silence == pytest.approx(1 / (1 + np.exp(-2)), abs=4 * 0.5 / np.sqrt(2000))
    assert to_ally == pytest.approx(1 / (1 + np.exp(2)), abs=4 * 0.5 / np.sqrt(2000))
    still = [rivals.simulate("imitation", p.replace(noise=0), pair, steps=1, start=["ally", "bystand"], seed=s)
             for s in range(20)]  # fmt: skip
    assert all(run.state.act.tolist() == [1, 1] for run in still)


def test_bad_input_is_refused():
    with pytest.raises(InputError, match="did you mean 'threshold'"):
        rivals.simulate("treshold")
    with pytest.raises(InputError, match="parameters must be"):
        rivals.simulate("logit", {"noise": 1})
    with pytest.raises(InputError, match="network must be"):
        rivals.simulate("logit", None, 7)
    with pytest.raises(InputError, match=r"steps = -1"):
        rivals.simulate("logit", steps=-1)
