"""The mean field is what dense networks of many people do.

Tolerance: four runs of 800 people whose traits are laid out at the quantiles of their distributions are averaged. A
share of 640 advantaged people then has a standard error of at most 0.5 / sqrt(4 * 640) = 0.01, one of 160 marginalized
people 0.02; conformity magnifies luck, so the largest of 250 deviations is allowed 8 and 5 of these. Where a run
comes near an edge, luck is magnified (runs differ by 0.1 to 0.3 in a share); there only the ends are compared.
"""

import dataclasses

import numpy as np
import pytest
from published import published

from sim import rules, simulate
from sim.meanfield import choice_probabilities, equilibria, mean_field
from sim.networks import complete, random_regular
from sim.parameters import Parameters, numbers_of, preset
from sim.rules import Response, Stance
from sim.state import first_state

STANCES = ["ally_share", "token_share", "bystand_share", "oppose_share"]
RESPONSES = ["welcome_share", "withdraw_share", "gatekeep_share"]
FEELINGS = ["mean_stigma", "mean_trust", "mean_sympathy"]
TOLERANCE = dict.fromkeys(STANCES, 0.08) | dict.fromkeys(RESPONSES, 0.11) | dict.fromkeys(FEELINGS, 0.06)
COMPLETE = complete(800, 0.2, seed=1)


def laid_out(p, network, start, seed):
    """Return a first state with traits at the midpoint quantiles, dealt out at random."""
    rng = np.random.default_rng(seed)
    groups = (~network.is_marginalized, network.is_marginalized)
    state = first_state(p, network, start, start_seed=seed)
    traits = {}
    for name, people, low in (("sympathy", groups[0], -1.0), ("loyalty", groups[0], 0.0), ("trust", groups[1], 0.0)):
        n = np.count_nonzero(people)
        mean, spread = getattr(p, name), getattr(p, f"{name}_spread")
        traits[name] = np.zeros(network.n_people)
        traits[name][people] = rng.permutation(
            [rules.drawn_trait(mean, spread, (i + 0.5) / n, low, 1.0) for i in range(n)]
        )
    return dataclasses.replace(state, **traits)


def average_history(p, network, start, steps, n_runs=4):
    histories = [
        simulate(p, network, steps=steps, start=laid_out(p, network, start, s), seed=s).history for s in range(n_runs)
    ]
    return sum(histories[1:], histories[0]) / n_runs


def check_all_along(p, network, start, steps):
    expected, found = mean_field(p, start=start, steps=steps), average_history(p, network, start, steps)
    for column, tolerance in TOLERANCE.items():
        assert found[column].to_numpy() == pytest.approx(expected[column].to_numpy(), abs=tolerance), column
    turned = found.betrayals.sum() / network.n_advantaged
    assert turned == pytest.approx(expected.betrayal_share.sum(), rel=0.1, abs=0.05)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "start"),
    [("default", "allied"), ("default", "opposed"), ("spread", "opposed"), ("hollow", "allied"), ("hollow", "opposed"),
     ("mixed", "allied"), ("mixed", "opposed")],
)  # fmt: skip
def test_everybody_tied_to_everybody_follows_the_mean_field_all_along(name, start):
    check_all_along(preset(name), COMPLETE, start, steps=250)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "start"), [("opposition", "opposed"), ("mixed", "silent"), ("hollow", "silent")])
def test_many_ties_each_follow_the_mean_field_all_along(name, start):
    check_all_along(preset(name), random_regular(1000, 0.2, mean_degree=200, seed=1), start, steps=250)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "start"), [("silence", "allied"), ("silence", "silent"), ("spread", "allied")])
def test_near_an_edge_everybody_tied_to_everybody_ends_where_the_mean_field_ends(name, start):
    p = preset(name)
    expected, found = mean_field(p, start=start), average_history(p, COMPLETE, start, steps=400)
    assert found[STANCES].iloc[-1].to_numpy() == pytest.approx(expected[STANCES].iloc[-1].to_numpy(), abs=0.05)


def test_one_step_of_the_mean_field_is_the_choice_at_the_average():
    p = published(loyalty_spread=0, sympathy_spread=0, trust_spread=0, revise=0.25)
    first, then = mean_field(p, steps=1, start=0.3).to_dict("records")
    n = rules.Seen(**dict.fromkeys(rules.Seen._fields, 0) | {
        "allies": 0.8 * 0.3, "silent_loyalty": 0.8 * 0.7 * 64 * 0.6, "n_advantaged": 0.8, "n_marginalized": 0.2,
        "responses": 0.2 * (2 * first["welcome_share"] + first["withdraw_share"]), "trust": 0.2 * 32})  # fmt: skip
    chances = choice_probabilities(p, rules.advantaged_view(numbers_of(p), n))
    for stance in Stance:
        name = f"{stance.name.lower()}_share"
        assert then[name] == pytest.approx(0.75 * first[name] + 0.25 * chances[stance], abs=1e-12)
    assert then["betrayal_share"] == pytest.approx(0.3 * 0.25 * (1 - chances[Stance.ALLY]), abs=1e-12)
    chances = choice_probabilities(p, rules.marginalized_view(numbers_of(p), n))
    for response in Response:
        name = f"{response.name.lower()}_share"
        assert then[name] == pytest.approx(0.75 * first[name] + 0.25 * chances[response], abs=1e-12)


def test_finer_quadrature_changes_next_to_nothing():
    coarse, fine = mean_field(start="allied"), mean_field(start="allied", nodes=(96, 24, 48))
    # trust is shown in steps of 1/64, which shifts a step or two; private support is resolved to one node
    for column in TOLERANCE:
        assert coarse[column].to_numpy() == pytest.approx(fine[column].to_numpy(), abs=0.01), column
    assert coarse.private_support.to_numpy() == pytest.approx(fine.private_support.to_numpy(), abs=0.03)


def test_the_first_row_is_the_start_and_shares_add_up():
    history = mean_field(start=0.25, steps=50)
    assert history.ally_share[0] == pytest.approx(0.25)
    assert history.bystand_share[0] == pytest.approx(0.75)
    for columns in (STANCES, RESPONSES):
        assert history[columns].sum(axis=1).to_numpy() == pytest.approx(1, abs=1e-12)


def test_without_marginalized_people_their_columns_are_empty():
    history = mean_field(steps=5, marginalized_share=0)
    assert history[[*RESPONSES, "mean_trust"]].isna().all().all()
    assert history.ally_share.notna().all()


def test_columns_mean_the_same_as_in_the_history_of_a_run():
    columns = set(simulate(network=complete(20, seed=1), steps=1).history.columns)
    assert set(mean_field(steps=1).columns) - columns == {"betrayal_share"}


@pytest.mark.parametrize("bad", [{"start": "loud"}, {"start": 1.2}, {"steps": -1}, {"marginalized_share": 1.0}])
def test_what_cannot_be_used_is_refused(bad):
    with pytest.raises(ValueError, match=next(iter(bad))):
        mean_field(**bad)


def test_equilibria_refuse_mechanisms_that_bring_in_more_than_the_norm():
    with pytest.raises(ValueError, match=r"stigma_transfer, sanction, acceptance, threat and accountability, image"):
        equilibria(Parameters())
    with pytest.raises(ValueError, match="view"):
        choice_probabilities(Parameters(), None)
