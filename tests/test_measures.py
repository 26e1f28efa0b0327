"""Every measure, recomputed another way: with NetworkX and plain NumPy, from the people and ties."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

import sim
from sim.measures import COLUMNS

ALLY, TOKEN, BYSTAND, OPPOSE = "ALLY", "TOKEN", "BYSTAND", "OPPOSE"


@pytest.fixture(scope="module")
def run():
    network = sim.networks.two_groups(n_people=200, mean_degree=8, homophily=0.3, seed=4)
    return sim.simulate(sim.Parameters(stigma_transfer=0.3), network, steps=60, seed=4, start=0.3, record_people=True)


@pytest.fixture(scope="module")
def last(run):
    return run.history.iloc[-1]


@pytest.fixture(scope="module")
def advantaged(run):
    return run.people[~run.people.is_marginalized]


@pytest.fixture(scope="module")
def marginalized(run):
    return run.people[run.people.is_marginalized]


@pytest.fixture(scope="module")
def graph(run):
    graph = run.network.to_networkx()
    nx.set_node_attributes(graph, run.people.set_index("person").to_dict("index"))
    return graph


def advantaged_neighbours(graph, person):
    return [graph.nodes[other] for other in graph[person] if not graph.nodes[other]["is_marginalized"]]


def test_every_column_is_described_and_in_order(run):
    assert list(run.history.columns) == list(COLUMNS)


def test_stance_shares_are_of_the_advantaged_group(last, advantaged):
    for stance in (ALLY, TOKEN, BYSTAND, OPPOSE):
        assert last[f"{stance.lower()}_share"] == (advantaged.stance == stance).mean()


def test_response_shares_are_of_the_marginalized_group(last, marginalized):
    for response in ("WELCOME", "WITHDRAW", "GATEKEEP"):
        assert last[f"{response.lower()}_share"] == (marginalized.response == response).mean()


def test_means_are_those_of_the_people(last, advantaged, marginalized):
    assert last.mean_stigma == pytest.approx(advantaged.stigma.mean(), abs=1e-9)
    assert last.mean_sympathy == pytest.approx(advantaged.sympathy.mean(), abs=1e-9)
    assert last.mean_trust == pytest.approx(marginalized.trust.mean(), abs=1e-9)


def test_private_and_expressed_support_are_two_different_things(last, advantaged):
    assert last.private_support == (advantaged.sympathy > 0).mean()
    assert last.expressed_support == advantaged.stance.isin([ALLY, TOKEN]).mean()
    assert last.expression_gap == last.private_support - last.expressed_support
    assert last.perception_gap == last.private_support - last.perceived_support
    silent, opposers = advantaged[advantaged.stance == BYSTAND], advantaged[advantaged.stance == OPPOSE]
    assert last.silent_private_share == (silent.sympathy > 0).mean()
    assert len(opposers) > 0
    assert last.opposer_private_share == (opposers.sympathy > 0).mean()


def test_opposers_with_sympathy_are_counted_among_opposers():
    network = sim.networks.two_groups(n_people=200, seed=1)
    run = sim.simulate(network=network, steps=40, seed=1, start="opposed")
    opposers = run.people[run.people.stance == OPPOSE]
    assert 50 < len(opposers) < network.n_advantaged
    assert run.history.opposer_private_share.iloc[-1] == (opposers.sympathy > 0).mean()


def test_indifference_is_not_private_support():
    network = sim.networks.two_groups(n_people=60, mean_degree=6, seed=1)
    parameters = sim.Parameters(sympathy=0.0, sympathy_spread=0.0)
    assert sim.simulate(parameters, network, steps=0).history.private_support[0] == 0


def test_a_hub_counts_all_its_neighbours():
    n = 2001
    pairs = np.column_stack([np.zeros(n - 1, int), np.arange(1, n)])
    network = sim.networks.from_edges(pairs, np.arange(n) > 0)
    last = sim.simulate(sim.Parameters(trust=1.0, trust_spread=0.0), network, steps=0).history.iloc[-1]
    assert last.trust_across_ties == 1.0


def test_perceived_support_counts_the_silent_as_evenly_split(last, advantaged, graph):
    worth = {ALLY: 1.0, TOKEN: 0.75, BYSTAND: 0.5, OPPOSE: 0.0}  # a token act is half visible by default
    perceived = []
    for person in advantaged.person:
        around = [worth[other["stance"]] for other in advantaged_neighbours(graph, person)]
        perceived.append(np.mean(around) if around else 0.5)
    assert last.perceived_support == pytest.approx(np.mean(perceived), abs=1e-9)


def test_pressure_per_ally_is_what_allies_meet(last, advantaged, graph):
    pressure = []
    for person in advantaged.person[advantaged.stance == ALLY]:
        around = advantaged_neighbours(graph, person)
        silent = [round(64 * other["loyalty"]) / 64 * (other["stance"] == BYSTAND) for other in around]
        opposers = [other["stance"] == OPPOSE for other in around]
        pressure.append(np.mean(opposers) + 0.3 * np.mean(silent) if around else 0.0)
    assert len(pressure) > 10
    assert last.pressure_per_ally == pytest.approx(np.mean(pressure), abs=1e-9)


def test_ally_segregation_is_newmans_assortativity(last, advantaged, graph):
    people = graph.subgraph(advantaged.person).copy()
    nx.set_node_attributes(people, {p: people.nodes[p]["stance"] == ALLY for p in people}, "is_ally")
    assert last.ally_segregation == pytest.approx(nx.attribute_assortativity_coefficient(people, "is_ally"), abs=1e-9)


def test_trust_across_ties_is_averaged_over_ties_between_the_groups(last, graph):
    shown = [
        round(64 * graph.nodes[b]["trust"]) / 64
        for a in graph
        for b in graph[a]
        if graph.nodes[b]["is_marginalized"] and not graph.nodes[a]["is_marginalized"]
    ]
    assert last.trust_across_ties == pytest.approx(np.mean(shown), abs=1e-9)


def test_changes_are_those_between_two_steps(run):
    act = run.trajectory["act"]
    stances, responses = act[:, ~run.network.is_marginalized], act[:, run.network.is_marginalized]
    betrayals = ((stances[:-1] == 3) & (stances[1:] != 3)).sum(axis=1)
    assert run.history.betrayals.tolist() == [0, *betrayals]
    assert run.history.new_allies.tolist() == [0, *((stances[:-1] != 3) & (stances[1:] == 3)).sum(axis=1)]
    assert run.history.new_withdrawals.tolist() == [0, *((responses[:-1] != 1) & (responses[1:] == 1)).sum(axis=1)]
    table = run.conversions
    quiet = table[(table.before == BYSTAND) & (table.after == ALLY)].groupby("step").people.sum()
    for step, people in quiet.items():
        assert people == ((stances[step - 1] == 1) & (stances[step] == 3)).sum()
    assert table.people.sum() == (act[:-1] != act[1:]).sum()


def test_shares_of_an_empty_group_are_missing_not_zero():
    network = sim.networks.two_groups(n_people=30, mean_degree=4, marginalized_share=0, homophily=0, seed=1)
    last = sim.simulate(network=network, steps=3, seed=1).history.iloc[-1]
    assert np.isnan([last.welcome_share, last.mean_trust, last.trust_across_ties]).all()
    assert last.ally_share + last.token_share + last.bystand_share + last.oppose_share == pytest.approx(1)


def test_segregation_is_missing_when_everybody_is_the_same():
    network = sim.networks.two_groups(n_people=100, seed=1)
    assert np.isnan(sim.simulate(network=network, steps=0, start="silent").history.ally_segregation[0])
    assert np.isnan(sim.simulate(network=network, steps=0, start="allied").history.ally_segregation[0])


# --- whole runs -----------------------------------------------------------------------------------------


def history_of(**shares):
    import pandas as pd

    n = len(next(iter(shares.values())))
    zero = dict.fromkeys([name for name in COLUMNS if name != "step"], [0.0] * n)
    table = pd.DataFrame({"step": range(n)} | zero | shares)
    return table.assign(expressed_support=table.ally_share + table.token_share)


@pytest.mark.parametrize(
    ("oppose", "bystand", "token", "ally", "regime"),
    [
        (0.51, 0.49, 0, 0, "opposition"),
        (0.0, 0.51, 0.09, 0.4, "silence"),
        (0.0, 0.4, 0.29, 0.31, "spread"),
        (0.0, 0.4, 0.31, 0.29, "hollow"),
        (0.3, 0.4, 0.15, 0.15, "mixed"),
        (0.5, 0.5, 0, 0, "mixed"),
        (0.0, 0.4, 0.3, 0.3, "spread"),
    ],
)
def test_the_regime_is_what_more_than_half_show(oppose, bystand, token, ally, regime):
    assert sim.outcomes.regime_of_shares(oppose, bystand, token, ally) == regime


def test_the_regime_looks_at_the_last_tenth():
    ally = [1.0] * 18 + [0.0] * 2
    history = history_of(ally_share=ally, bystand_share=[1 - a for a in ally])
    assert sim.outcomes.regime_of(history) == "silence"


@pytest.mark.parametrize(("n_rows", "n_silent", "regime"), [(19, 1, "silence"), (20, 1, "mixed"), (29, 2, "silence")])
def test_a_tenth_is_rounded_down_but_at_least_one_row(n_rows, n_silent, regime):
    ally = [1.0] * (n_rows - n_silent) + [0.0] * n_silent
    history = history_of(ally_share=ally, bystand_share=[1 - a for a in ally])
    assert sim.outcomes.regime_of(history) == regime
    assert sim.outcomes.summary_of(history)["final_bystand_share"] == (0.5 if regime == "mixed" else 1.0)


def test_exactly_half_of_the_peak_is_a_collapse():
    ally = [0.4, 0.8, 0.4, 0.3, 0.3]
    summary = sim.outcomes.summary_of(history_of(ally_share=ally, bystand_share=[1 - a for a in ally]))
    assert summary["collapse_step"] == 2


def test_tipping_and_collapse_steps_on_a_hand_drawn_run():
    ally = [0.1, 0.6, 0.8, 0.7, 0.45, 0.3, 0.41, 0.2, 0.1, 0.1]  # ten rows: a tenth is one, so nothing is smoothed
    history = history_of(ally_share=ally, bystand_share=[1 - a for a in ally])
    summary = sim.outcomes.summary_of(history)
    assert summary["regime"] == "silence"
    assert summary["tipping_step"] == 4, "silence is the majority from step 4 on without a break"
    assert (summary["peak_ally_share"], summary["peak_step"]) == (0.8, 2)
    assert summary["collapse_step"] == 7, "0.41 at step 6 is above half of the peak"


def test_one_restless_step_does_not_break_a_stretch():
    ally = [0.0] * 20 + [0.9] * 40
    ally[50] = 0.3
    summary = sim.outcomes.summary_of(history_of(ally_share=ally, bystand_share=[1 - a for a in ally]))
    assert summary["regime"] == "spread"
    assert summary["tipping_step"] == 23, "the mean of six steps passes one half with four at 0.9"


def test_what_prevails_from_the_start_did_not_tip():
    summary = sim.outcomes.summary_of(history_of(bystand_share=[1.0] * 5))
    assert summary["collapse_step"] is None
    assert summary["tipping_step"] is None


@pytest.mark.parametrize(
    ("ally", "token"), [([0.15, 0.05, 0.0, 0.0], [0.0] * 4), ([1.0, 0.6, 0.4, 0.4], [0.0, 0.2, 0.2, 0.2])]
)
def test_neither_background_nor_a_spread_that_settles_is_a_collapse(ally, token):
    silent = [1 - a - t for a, t in zip(ally, token, strict=True)]
    summary = sim.outcomes.summary_of(history_of(ally_share=ally, token_share=token, bystand_share=silent))
    assert summary["collapse_step"] is None


def test_tenure_is_the_product_limit_worked_out_by_hand():
    # four people, steps 0..5; spells: 2 steps (left), 3 steps (left), 4 steps (unfinished), 1 step (left)
    act = np.ones((6, 4), np.uint8)
    act[1:3, 0] = act[0:3, 1] = act[2:6, 2] = act[4:5, 3] = 3
    table = sim.outcomes.ally_tenure({"act": act}, np.zeros(4, bool))
    assert table.tenure.tolist() == [1, 2, 3]
    assert table.at_risk.tolist() == [4, 3, 2]
    assert table.survival.tolist() == pytest.approx([3 / 4, 3 / 4 * 2 / 3, 3 / 4 * 2 / 3 * 1 / 2])
    # Greenwood on the log-minus-log scale at tenure 2: S = 1/2, variance of log S = 1/(4*3) + 1/(3*2)
    width = 1.96 * (1 / 12 + 1 / 6) ** 0.5 / np.log(2)
    assert table.low[1] == pytest.approx(0.5 ** np.exp(width), abs=1e-4)
    assert table.high[1] == pytest.approx(0.5 ** np.exp(-width), abs=1e-4)


def test_tenure_counts_two_spells_of_one_person_and_ignores_the_other_group():
    act = np.ones((7, 2), np.uint8)
    act[0:2, 0] = act[4:5, 0] = 3
    act[:, 1] = 2
    table = sim.outcomes.ally_tenure({"act": act}, np.array([False, True]))
    assert table.tenure.tolist() == [1, 2]
    assert table.left.sum() == 2


def test_tenure_needs_recorded_people():
    run = sim.simulate(network=sim.networks.two_groups(n_people=60, seed=1), steps=2)
    with pytest.raises(sim.InputError, match="record_people=True"):
        _ = run.ally_tenure
