"""What patterns are measured by, worked out by hand on a few people."""

from types import SimpleNamespace

import numpy as np
import pytest

import sim
from sim.networks import from_edges
from sim.parameters import Parameters
from sim.patterns import acting, bench, built_in, norms, trust
from sim.rules import ALLY, BYSTAND, GATEKEEP, OPPOSE, TOKEN, WELCOME, WITHDRAW
from sim.sweeps.seeds import seeds_of

# Advantaged 0..3 in a row, marginalized 4 tied to 0 and 1, marginalized 5 tied to 3.
NETWORK = from_edges([(0, 1), (1, 2), (2, 3), (0, 4), (1, 4), (3, 5)], [0, 0, 0, 0, 1, 1])


def run(act, picked=(), network=NETWORK, trajectory=None, **state):
    state = {name: np.array(values, float) for name, values in state.items()}
    return SimpleNamespace(
        network=network, state=SimpleNamespace(act=np.array(act), **state), trajectory=trajectory,
        picked=tuple(np.array(people) for people in picked), parameters=Parameters(),
    )  # fmt: skip


@pytest.mark.parametrize(("n_rows", "n_last"), [(1, 1), (9, 1), (20, 2), (39, 3)])
def test_what_is_late_is_the_last_tenth_of_the_steps(n_rows, n_last):
    one = sim.simulate(steps=n_rows - 1, seed=3)
    last = one.history[["ally_share", "mean_trust"]].to_numpy()[-n_last:]
    assert bench.late("ally_share", "mean_trust")(one) == pytest.approx(last.mean(axis=0), rel=1e-14)
    assert bench.late("ally_share")(one) == pytest.approx(last[:, 0].mean(), rel=1e-14)


def test_every_replicate_has_the_network_of_its_own_seed():
    one = bench.Bench(pairs=3, seed=5)
    seeds = [one.network(replicate, network=lambda seed: seed) for replicate in range(3)]
    assert seeds == [seeds_of(5, replicate).network_seed for replicate in range(3)] and len(set(seeds)) == 3


def test_ties_to_some_people():
    assert bench.ties_to(NETWORK, NETWORK.is_marginalized).tolist() == [1, 1, 0, 1, 0, 0]
    assert bench.ties_to(NETWORK, ~NETWORK.is_marginalized).tolist() == [1, 2, 2, 1, 2, 1]


def test_witnesses_are_advantaged_neighbours_of_those_made_to_oppose():
    # 1 is made to oppose; witnesses are 0 and 2, of whom 2 acts; 3 and the marginalized 4 do not count.
    assert acting._acting_witnesses(run([BYSTAND, OPPOSE, ALLY, ALLY, WELCOME, WELCOME], [[1]])) == 0.5


def test_acceptance_and_support_around_planted_allies():
    # 0 is planted: 4 is the only marginalized neighbour; of the others 1 supports by a token act, 2 and 3 do not.
    kept_out = run([ALLY, TOKEN, BYSTAND, OPPOSE, GATEKEEP, WELCOME], [[0]])
    assert acting._around_planted(kept_out).tolist() == [-1.0, pytest.approx(1 / 3)]
    welcomed = run([ALLY, TOKEN, ALLY, OPPOSE, WELCOME, GATEKEEP], [[0]])
    assert acting._around_planted(welcomed).tolist() == [1.0, pytest.approx(2 / 3)]


def test_planted_allies_have_most_or_fewest_ties():
    hub = from_edges([(0, i) for i in range(1, 30)] + [(1, 2)], [0] * 40)
    assert acting._planted(hub, central=True)[-1] == 0 and len(acting._planted(hub, central=True)) == 2
    assert acting._planted(hub, central=False) == [30, 31]


def test_rejection_is_pressure_by_silence_from_those_who_went_along():
    half, steps = bench.STEPS // 2, bench.STEPS + 1
    act = np.full((steps, 6), BYSTAND)
    act[:, 2] = ALLY
    act[: half + 1, 1] = ALLY  # did not go along, silent now
    act[:, 3] = OPPOSE  # went along, but opposes now: not by silence
    act[:, 0] = BYSTAND  # went along, but has no ally around
    loyalty = np.tile([0.9, 0.5, 0.5, 0.8, 0, 0], (steps, 1))
    one = run(act[-1], trajectory={"act": act, "loyalty": loyalty})
    complicity = Parameters().complicity
    assert acting._rejection(one) == pytest.approx([0.0, 0.5 * complicity])
    act[-1, 3] = BYSTAND
    assert acting._rejection(run(act[-1], trajectory={"act": act, "loyalty": loyalty})) == pytest.approx(
        [0.8 * complicity, 0.5 * complicity]
    )


def test_bystanders_went_along_as_opposers_did():
    steps = bench.STEPS + 1
    act = np.full((steps, 6), BYSTAND)
    act[:, 2] = ALLY
    act[: bench.STEPS // 2 + 1, 1] = ALLY
    loyalty = np.tile([0, 0.5, 0.5, 0.8, 0, 0], (steps, 1))
    found = acting._rejection(run(act[-1], trajectory={"act": act, "loyalty": loyalty}))
    assert found == pytest.approx([0.8 * Parameters().complicity, 0.5 * Parameters().complicity])


def test_went_along_who_did_so_for_more_than_half_of_the_time():
    half, steps = bench.STEPS // 2, bench.STEPS + 1
    act = np.full((steps, 6), BYSTAND)
    act[:, 2] = ALLY
    act[round(0.45 * half) : half + 1, 1] = ALLY  # silent for 45 % of the first half: did not go along
    act[round(0.55 * half) : half + 1, 3] = ALLY
    loyalty = np.tile([0, 0.5, 0.5, 0.8, 0, 0], (steps, 1))
    found = acting._rejection(run(act[-1], trajectory={"act": act, "loyalty": loyalty}))
    assert found == pytest.approx([0.8 * Parameters().complicity, 0.5 * Parameters().complicity])


def test_leaving_counts_people_at_risk_by_how_long_they_have_taken_part():
    begin, steps = bench.STEPS // 4, bench.STEPS + 1
    act = np.full((steps, 6), BYSTAND)
    act[:, 4:] = GATEKEEP
    act[begin + 5 : begin + 15, 0] = ALLY  # a newcomer at risk for ten steps, who falls silent
    act[: begin + 3, 1] = ALLY  # of long standing, at risk for three steps after the first quarter
    act[begin + 5 : begin + 30, 4] = WELCOME  # twenty steps a newcomer, five of long standing, then withdraws
    act[begin + 30, 4] = WITHDRAW
    act[begin + 2 : begin + 4, 5] = WELCOME  # goes over to keeping allies out: at risk, but no leaving
    counts = trust._leaving(run(act[-1], trajectory={"act": act}))
    assert counts.tolist() == [0, 22, 1, 5, 1, 10, 1, 3]


def test_the_midpoint_lies_where_half_of_the_runs_have_tipped():
    shares = np.zeros((len(norms.COMMITTED), 4))
    shares[3:, 0] = shares[3:, 1] = shares[4:, 2] = 1  # none at 0.1, half at 0.15, three of four at 0.2
    midpoint = norms._midpoint(shares)
    assert midpoint(np.arange(4)) == pytest.approx(0.15)
    assert midpoint(np.array([2, 2, 2, 0])) == pytest.approx(0.15 + 0.05 / 3)
    assert midpoint(np.array([3, 3])) == np.inf
    assert norms._midpoint(np.ones_like(shares))(np.arange(4)) == 0.0


def test_the_midpoint_is_the_first_share_at_which_half_of_the_runs_have_tipped():
    shares = np.zeros((len(norms.COMMITTED), 2))
    shares[2:, 0] = 1
    assert norms._midpoint(shares)(np.arange(2)) == pytest.approx(0.1)  # one of two, and never more
    shares[5:, 1] = 1
    assert norms._midpoint(shares)(np.arange(2)) == pytest.approx(0.1)  # one of two, and both much later


def test_the_midpoint_counts_what_has_tipped_once_as_tipped():
    shares = np.zeros((len(norms.COMMITTED), 10))
    for row, tipped in enumerate([0, 4, 2, 6, 3, 3, 3, 3, 3, 3]):
        shares[row, :tipped] = 1
    # From 0.4 at a share of 0.05 on, never back to 0.2: half lies midway between 0.4 and 0.6, and 0.3 undoes nothing.
    assert norms._midpoint(shares)(np.arange(10)) == pytest.approx(0.125)


class Arms:
    """Stands in for a bench: what an arm comes to is worked out from what is done in it."""

    many = pairs = 4
    parameters = Parameters()

    def __init__(self, value_of):
        self._value_of = value_of

    def arm(self, measure, *, interventions=(), **about):
        return np.array([self._value_of(interventions)] * self.many)


def test_early_betrayal_is_judged_by_how_much_less_trust_it_leaves():
    left = {30: 0.1, 120: 0.4, 210: 0.9}
    clauses = trust.early_betrayal_is_worst(Arms(lambda done: left[done[0].begin] if done else 1.0))
    assert [clause.judged()["value"] for clause in clauses] == pytest.approx([0.1, 0.5, 0.3])


def test_contact_is_judged_by_pressure_that_naming_injustice_brings_back():
    added = {(): 0.3, ("cross_group_ties",): 0.1, ("amplify_voices",): 0.4, ("cross_group_ties", "amplify_voices"): 0.9}

    def support_and_pressure(done):
        kinds = tuple(one.kind for one in done)
        return 0.5 + 0.2 * ("cross_group_ties" in kinds), added[kinds]

    clauses = trust.contact_helps_and_quiets(Arms(support_and_pressure))
    assert [clause.judged()["value"] for clause in clauses] == pytest.approx([0.2, -0.2, 0.5 - -0.2])


def test_an_incident_lasts_for_ten_steps_and_takes_a_twentieth():
    lasted = acting.few_witnesses_act(Arms(lambda done: bench.STEPS - done[0].begin))[0]
    assert lasted.judged()["value"] == 10
    took = acting.few_witnesses_act(Arms(lambda done: done[0].share))[0]
    assert took.judged()["value"] == 0.05


def test_threat_is_judged_at_none_and_at_twice_the_default():
    usual = Parameters()

    class Changed(Arms):
        def arm(self, measure, *, changes, **about):
            return np.array([self._value_of(**changes)] * self.many)

    loyal = acting.threat_turns_the_loyal(Changed(lambda threat, loyalty: threat * loyalty + 0.1 * loyalty))
    assert [clause.judged()["value"] for clause in loyal] == pytest.approx([2 * usual.threat * 0.2, 0.1 * 0.2])
    calm = acting.threat_turns_the_loyal(Changed(lambda threat, loyalty: threat))
    assert [clause.judged()["value"] for clause in calm] == pytest.approx([0.0, 0.0])


def test_others_are_those_who_are_not_committed():
    act = [ALLY, ALLY, OPPOSE, BYSTAND, WELCOME, WELCOME]
    assert norms._others_support(run(act, [[0, 1]])) == 0.0
    assert norms._others_support(run(act, [[0]])) == 0.0  # one each: not more
    assert norms._others_support(run(act)) == 1.0


def test_climates_are_shares_of_supporters_around_and_everywhere():
    rows = norms._climates(run([ALLY, BYSTAND, TOKEN, OPPOSE, WELCOME, WELCOME]))
    assert rows.tolist() == [[1, 0, 0.5], [0, 1, 0.5], [1, 0, 0.5], [0, 1, 0.5]]


def test_a_token_act_expresses_support():
    whole = sim.simulate(network=NETWORK, steps=20, seed=3)
    one = run([TOKEN, BYSTAND, TOKEN, OPPOSE, WELCOME, WELCOME], sympathy=[0.5, -0.5, 0.5, -0.5, 0, 0])
    one.tallies, one.sizes, one.first_step = whole.tallies, whole.sizes, 0
    assert norms._context(one)[2] == pytest.approx(1.0)  # the sympathetic speak, by token acts, and nobody else


def test_the_local_climate_is_weighed_against_twice_the_global_one():
    # Two climates that have nothing to do with each other, of mean 0 and spread 1: acts follow one thrice as much.
    local, everywhere = np.array([-1, -1, 1, 1.0]), np.array([-1, 1, -1, 1.0])
    rows = np.column_stack([3 * local + everywhere, local, everywhere])
    (clause,) = norms.the_local_climate_matters(Arms(lambda done: rows))
    assert clause.judged()["value"] == pytest.approx(3 - 2 * 1)


def test_acting_near_those_that_the_first_intervention_picks():
    assert norms._acting_near(run([ALLY, BYSTAND, BYSTAND, ALLY, WELCOME, WELCOME], [[1], [3]])) == 0.5


def test_stigma_by_distance():
    # 0 supports; 1 is tied to a marginalized person; 2 to neither (no supporter near); 3 is tied to 5.
    act = [TOKEN, BYSTAND, BYSTAND, OPPOSE, WELCOME, WELCOME]
    stigma = built_in._stigma(run(act, stigma=[0.8, 0.4, 0.1, 0.2, 0, 0]))
    assert stigma[[0, 1, 3]] == pytest.approx([0.8, 0.3, 0.1]) and np.isnan(stigma[2])


def test_contact_and_prejudice_go_apart():
    # Shares of ties across: 1/2, 1/3, 0, 1/2; sympathy rises with them.
    assert built_in._contact_and_prejudice(run([BYSTAND] * 6, sympathy=[0.5, 1 / 3, 0, 0.5, 0, 0])) == pytest.approx(-1)
