"""Groups are roles, not names; and where nothing distinguishes ally from opposer, the two are mirror images."""

import numpy as np
import pytest

from sim import simulate
from sim.meanfield import mean_field
from sim.networks import complete, two_groups
from sim.parameters import Parameters
from sim.verification.limit_cases import norm_only
from sim.verification.symmetry import (
    LABELS,
    SYMMETRIC,
    SYMPATHIES,
    graph_with_roles,
    is_mirrored,
    renamed,
    runs_by_name,
    weights,
)


@pytest.mark.parametrize("schedule", ["synchronous", "shuffled"])
@pytest.mark.parametrize("label", LABELS, ids=["text", "number", "tuple"])
def test_what_groups_and_people_are_called_changes_no_bit(label, schedule):
    runs = runs_by_name(label, schedule)
    for run in runs[1:]:
        assert run.history.equals(runs[0].history)
        assert run.state == runs[0].state
        assert run.conversions.equals(runs[0].conversions)


def test_who_is_marginalized_does_matter():
    network = renamed(graph_with_roles(), "a", "b", str)
    swapped = renamed(graph_with_roles(lambda person: person % 4 != 1), "a", "b", str)
    assert swapped.n_marginalized == network.n_advantaged
    one, other = (simulate(Parameters(), net, steps=60, seed=9).history for net in (network, swapped))
    assert not one.equals(other)


# --- ally and opposer ---------------------------------------------------------------------------------

@pytest.mark.parametrize("p", SYMMETRIC)
@pytest.mark.parametrize("sympathy", SYMPATHIES)
def test_turning_every_sympathy_and_act_around_mirrors_the_choice_exactly(p, sympathy):
    for allies in range(8):
        for opposers in range(8 - allies):
            assert is_mirrored(p, sympathy, allies, opposers)


@pytest.mark.parametrize(
    "change",
    [{"threat": 0.5}, {"accountability": 0.5}, {"sanction": 0.5}],
    ids=["threat", "accountability", "sanction"],
)  # fmt: skip
def test_each_asymmetric_mechanism_breaks_the_mirror(change):
    p = SYMMETRIC[0].replace(**change)
    oppose, _, _, ally = weights(p, 0.3, 2, 3)
    mirrored_oppose, _, _, mirrored_ally = weights(p, -0.3, 3, 2)
    assert mirrored_oppose != ally or mirrored_ally != oppose


@pytest.mark.parametrize("p", SYMMETRIC)
def test_the_mean_field_mirrors_itself(p):
    p = p.replace(sympathy=0.2, sympathy_spread=0.4, revise=0.2)
    one = mean_field(p, start="allied", steps=100)
    other = mean_field(p.replace(sympathy=-0.2), start="opposed", steps=100)
    assert one.ally_share.to_numpy() == pytest.approx(other.oppose_share.to_numpy(), abs=1e-10)
    assert one.oppose_share.to_numpy() == pytest.approx(other.ally_share.to_numpy(), abs=1e-10)


@pytest.mark.parametrize("network", [two_groups(1000, 0.2, mean_degree=10, homophily=0, seed=2), complete(400, seed=2)])
def test_runs_mirror_themselves_up_to_luck(network):
    """Sixteen runs each way: mean final shares differ by less than four standard errors."""
    p = norm_only(coupling=2.0, effort=0.5, sympathy_spread=0.4, field=0.1, revise=0.3)

    def ends(p, column, start):
        return [simulate(p, network, steps=60, start=start, seed=s).history[column].iloc[-1] for s in range(16)]

    allies = ends(p, "ally_share", "allied")
    opposers = ends(p.replace(sympathy=-0.1), "oppose_share", "opposed")
    error = np.sqrt((np.var(allies, ddof=1) + np.var(opposers, ddof=1)) / 16)
    assert abs(np.mean(allies) - np.mean(opposers)) < 4 * error
    against = ends(p, "oppose_share", "allied")
    assert np.mean(allies) - np.mean(against) > 4 * error  # the mirror is not trivial: the two stances differ in a run
