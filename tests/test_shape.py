"""What the model must show, at the values of the published equations and at the default: the shape, not its decimals.

Ensembles of 1,000 people, 20 % marginalized, mean degree 10, no homophily, 400 steps, seeds paired across arms. A claim
about an average is a one-sided 99 % bootstrap bound over seeds, not a comparison of points.
"""

import functools

import numpy as np
import pytest
from published import published

from sim import simulate
from sim.networks import two_groups
from sim.outcomes import Regime
from sim.parameters import Parameters, preset, presets

pytestmark = pytest.mark.slow
SEEDS = range(16)
TRANSFER = [round(0.1 * i, 1) for i in range(11)]


@functools.cache
def network(seed):
    return two_groups(1000, 0.2, mean_degree=10, homophily=0, seed=seed)


@functools.cache
def runs(parameters, start="silent"):
    return [simulate(parameters, network(s), steps=400, start=start, seed=s) for s in SEEDS]


def ends(column, parameters=None, start="silent", **changes):
    """Return a column averaged over the last tenth of every run."""
    parameters = (parameters or Parameters()).replace(**changes)
    return late(runs(parameters, start), column)


def late(some_runs, column):
    return np.array([run.history[column].tail(40).mean() for run in some_runs])


def lower_bound(values):
    """Return the one-sided 99 % bootstrap bound below the mean of one value per seed."""
    rng = np.random.default_rng(1)
    return np.quantile(rng.choice(values, (4000, len(values))).mean(axis=1), 0.01)


def upper_bound(values):
    return -lower_bound(-np.asarray(values))


def shares_of(regime, some_runs):
    return np.mean([run.regime == regime for run in some_runs])


both = pytest.mark.parametrize("parameters", [published(), Parameters()], ids=["published", "default"])

# === stigma transfer has two edges ======================================================================


@pytest.mark.parametrize("column", ["ally_share", "mean_trust"])
@both
def test_allies_and_trust_are_highest_strictly_between_no_and_full_stigma_transfer(column, parameters):
    values = {transfer: ends(column, parameters, stigma_transfer=transfer) for transfer in TRANSFER}
    best = max(TRANSFER, key=lambda transfer: values[transfer].mean())
    assert 0 < best < 1
    assert lower_bound(values[best] - values[0.0]) > 0.15
    assert lower_bound(values[best] - values[1.0]) > 0.4


def test_free_support_is_not_believed():
    free = published(stigma_transfer=0)
    assert upper_bound(ends("mean_trust", free)) < 0.3
    assert lower_bound(ends("gatekeep_share", free)) > 0.6
    assert lower_bound(ends("expressed_support", free)) > 0.5  # it is there, only not credible


@pytest.mark.parametrize("transfer", [0.7, 0.8, 0.9, 1.0])
def test_strong_stigma_transfer_ends_in_opposition(transfer):
    dear = published(stigma_transfer=transfer)
    assert shares_of(Regime.OPPOSITION, runs(dear)) >= 0.9
    assert upper_bound(ends("ally_share", dear)) < 0.05
    assert upper_bound(ends("mean_trust", dear)) < 0.05


def test_at_the_default_strong_stigma_transfer_ends_in_silence_and_distrust():
    dear = Parameters(stigma_transfer=1.0)
    assert shares_of(Regime.SILENCE, runs(dear)) >= 0.9
    assert upper_bound(ends("ally_share", dear)) < 0.1
    assert upper_bound(ends("mean_trust", dear)) < 0.3


def test_the_collapse_is_abrupt():
    """In most seeds one step of 0.1 in stigma transfer takes more than half of all allies there ever were."""
    shares = np.array([ends("ally_share", published(stigma_transfer=transfer)) for transfer in TRANSFER])
    drops = np.sort(-np.diff(shares, axis=0), axis=0)[::-1]
    assert (drops[0] > 0.5 * shares.max(axis=0)).mean() >= 0.75
    assert lower_bound(drops[0] - 2 * drops[1]) > 0


# === loyalty and history ================================================================================


@both
def test_loyalty_amplifies_whatever_norm_is_there(parameters):
    for column, start in (("ally_share", "silent"), ("oppose_share", "opposed")):
        loyal, others = (ends(column, parameters, start, loyalty=loyalty) for loyalty in (0.9, 0.4))
        assert lower_bound(loyal - others) > 0.3


@both
def test_among_the_loyal_the_start_decides_the_end(parameters):
    loyal = parameters.replace(loyalty=0.9)
    assert shares_of(Regime.SPREAD, runs(loyal)) >= 0.9
    assert shares_of(Regime.OPPOSITION, runs(loyal, "opposed")) == 1


def test_among_the_disloyal_the_start_is_forgotten():
    free = published(loyalty=0.2)
    difference = ends("oppose_share", free, "opposed") - ends("oppose_share", free)
    assert -0.03 < lower_bound(difference) <= upper_bound(difference) < 0.03


def ramp(transfers):
    """Continue one run per seed through several values of stigma transfer; return the runs at each value."""
    stages = []
    for transfer in transfers:
        before = stages[-1] if stages else ["silent"] * len(SEEDS)
        p = published(stigma_transfer=transfer)
        stages.append(
            [simulate(p, network(s), steps=400, start=start, seed=s) for s, start in zip(SEEDS, before, strict=True)]
        )
    return stages


def test_raising_stigma_transfer_and_lowering_it_again_does_not_lead_back():
    """One continuing run per seed: 400 steps at each value, 800 at the top, as an established norm falls slowly."""
    low, up, *_, down, back = ramp([0.3, 0.6, 1.0, 1.0, 0.6, 0.3])
    assert shares_of(Regime.SPREAD, low) >= 0.9
    assert shares_of(Regime.OPPOSITION, back) >= 0.7
    for before, after in ((low, back), (up, down)):
        assert lower_bound(late(before, "ally_share") - late(after, "ally_share")) > 0.15


def test_established_allyship_outlives_a_transfer_under_which_it_could_not_have_grown():
    _, raised = ramp([0.3, 0.6])
    assert lower_bound(late(raised, "ally_share") - ends("ally_share", published(stigma_transfer=0.6))) > 0.1
    assert shares_of(Regime.OPPOSITION, raised) <= 0.15 < 0.75 <= shares_of(
        Regime.OPPOSITION, runs(published(stigma_transfer=0.6))
    )  # fmt: skip


def test_collapse_under_strong_transfer_outlives_it():
    """From silence straight into collapse: lowered to where silence would have turned into spread, nothing recovers."""
    *_, after = ramp([0.9, 0.5, 0.2])
    assert lower_bound(ends("ally_share", published(stigma_transfer=0.2)) - late(after, "ally_share")) > 0.4
    assert shares_of(Regime.OPPOSITION, after) == 1


# === what prevails is not what people want ==============================================================


@pytest.mark.parametrize("parameters", [preset("opposition"), published(stigma_transfer=0.8)])
def test_most_opposers_are_privately_sympathetic_where_opposition_prevails(parameters):
    assert shares_of(Regime.OPPOSITION, runs(parameters)) >= 0.9
    assert lower_bound(ends("opposer_private_share", parameters)) > 0.5


def test_a_private_majority_can_be_publicly_silent():
    quiet = preset("silence")
    assert lower_bound(ends("private_support", quiet)) > 0.55
    assert upper_bound(ends("expressed_support", quiet)) < 0.2
    assert lower_bound(ends("bystand_share", quiet)) > 0.7
    assert lower_bound(ends("perception_gap", quiet)) > 0.05  # the majority does not see that it is one


@pytest.mark.parametrize("name", list(presets()))
def test_private_support_is_a_majority_in_every_regime(name):
    assert lower_bound(ends("private_support", preset(name))) > 0.5


# === hollow spread and betrayal =========================================================================


def test_a_stronger_image_motive_raises_support_where_it_was_low():
    weak, strong = (published(stigma_transfer=0.1, image=image) for image in (2.0, 5.0))
    assert lower_bound(ends("expressed_support", strong) - ends("expressed_support", weak)) > 0.1


@pytest.mark.parametrize("transfer", [0.1, 0.2])
def test_a_stronger_image_motive_hollows_support_out(transfer):
    before, changed = (published(stigma_transfer=transfer, image=image) for image in (2.0, 5.0))
    assert lower_bound(ends("token_share", changed) - ends("ally_share", changed)) > 0.3
    assert lower_bound(ends("ally_share", before) - ends("ally_share", changed)) > 0.1
    assert lower_bound(ends("mean_trust", before) - ends("mean_trust", changed)) > 0.1
    assert lower_bound(ends("gatekeep_share", changed) - ends("gatekeep_share", before)) > 0.1


def test_a_strong_image_motive_costs_the_default_its_allies_and_its_trust():
    strong = {"image": 6.0}
    assert lower_bound(ends("token_share", **strong) - ends("ally_share", **strong)) > 0
    assert lower_bound(ends("ally_share") - ends("ally_share", **strong)) > 0.1
    assert lower_bound(ends("mean_trust") - ends("mean_trust", **strong)) > 0.1
    assert lower_bound(ends("gatekeep_share", **strong) - ends("gatekeep_share")) > 0.1


def test_losing_more_trust_to_betrayal_goes_over_a_cliff_and_repair_brings_it_back():
    mild, severe, repaired = {"betrayal_loss": 0.2}, {"betrayal_loss": 1.0}, {"betrayal_loss": 1.0, "repair": 0.9}
    assert lower_bound(ends("ally_share", **mild) - ends("ally_share", **severe)) > 0.4
    assert lower_bound(ends("mean_trust", **mild) - ends("mean_trust", **severe)) > 0.5
    assert shares_of(Regime.SPREAD, runs(Parameters(**severe))) == 0
    assert lower_bound(ends("ally_share", **repaired) - ends("ally_share", **severe)) > 0.4
    assert shares_of(Regime.SPREAD, runs(Parameters(**repaired))) >= 0.9


# === regimes ============================================================================================


@pytest.mark.parametrize("name", [name for name in presets() if name != "default"])
def test_a_preset_ends_in_the_regime_it_is_named_after(name):
    assert shares_of(Regime(name), runs(preset(name))) >= 0.9


def test_the_five_regimes_are_all_reached():
    assert {run.regime for name in presets() for run in runs(preset(name))} == set(Regime)


def test_at_the_default_the_start_decides():
    """Within 400 steps allies prevail in most seeds from silence and nearly all once there, else opposers may."""
    assert shares_of(Regime.SPREAD, runs(Parameters())) > 0.5
    assert shares_of(Regime.OPPOSITION, runs(Parameters())) == 0
    assert shares_of(Regime.SPREAD, runs(Parameters(), "allied")) >= 0.85
    assert shares_of(Regime.OPPOSITION, runs(Parameters(), "opposed")) >= 0.6
    assert lower_bound(ends("opposer_private_share", start="opposed")) > 0.5
