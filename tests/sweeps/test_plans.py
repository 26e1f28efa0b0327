"""Interventions as something to sweep over."""

from __future__ import annotations

import pytest

import sim
from sim import networks

BASE = {"network_n_people": 80, "network_mean_degree": 6, "steps": 30, "replicates": 3, "seed": 4}
PLANS = {"training": [{"kind": "bystander_training", "begin": 5}, "protection"]}


def test_a_plan_is_what_simulate_does_with_the_same_interventions():
    table = sim.sweep(BASE | {"interventions": PLANS, "intervention": ["none", "training"]}).table
    for row in table.itertuples():
        network = networks.two_groups(80, mean_degree=6, seed=int(row.network_seed))
        done = PLANS["training"] if row.intervention == "training" else ()
        run = sim.simulate(network=network, steps=30, seed=int(row.seed), start_seed=int(row.start_seed),
                           interventions=done)  # fmt: skip
        assert row.ally_share == pytest.approx(run.tail["ally_share"].mean(), abs=1e-15)
    by_plan = table.groupby("intervention")["mean_trust"].apply(list)
    assert by_plan["training"] != by_plan["none"]


def test_nothing_done_is_the_same_run_as_one_without_plans():
    plain = sim.Design.of(BASE).points()[0].digest
    for nothing in ({"intervention": "none"}, {"intervention": "protection", "intervention_strength": 0.0},
                    {"interventions": PLANS, "intervention": "none"}):  # fmt: skip
        assert sim.Design.of(BASE | nothing).points()[0].digest == plain


def test_nothing_done_at_several_times_is_one_point_and_that_is_said():
    about = BASE | {"intervention": ["none", "protection"], "intervention_begin": [5, 10, 20]}
    swept = sim.sweep(about)
    assert swept.table.groupby("intervention").size().to_dict() == {"none": 3, "protection": 9}
    assert swept.design.n_asked() == 6 == len(swept.design.points()) + 2
    assert swept.reasons[-1] == (
        "2 combinations of values describe the same runs as another and count once (where nothing is done, it does not "
        "matter when)"
    )
    turned = about | {"intervention_begin": [20, 10, 5]}
    assert sim.sweep(turned).table["intervention_begin"].equals(swept.table["intervention_begin"])
    assert "combination" not in " ".join(sim.sweep(about | {"intervention": "protection"}).reasons)


def test_arguments_of_a_plan_can_be_swept():
    axes = {"intervention": "committed_allies", "intervention_share": [0.0, 0.2, 0.6]}
    table = sim.sweep(BASE | axes).table
    means = table.groupby("intervention_share")["ally_share"].mean()
    assert means[0.0] < means[0.2] < means[0.6]


def test_the_order_of_a_plan_does_not_matter_to_its_runs():
    one, other = (
        sim.Design.of(BASE | {"interventions": {"plan": plan}}).points()[0].digest
        for plan in (PLANS["training"], PLANS["training"][::-1])
    )
    assert one == other


@pytest.mark.filterwarnings("ignore::sim.networks.NetworkWarning")
def test_people_of_a_given_network_are_found_again_in_a_replay(tmp_path):
    import networkx as nx

    graph = nx.relabel_nodes(nx.karate_club_graph(), lambda i: f"member {i}")
    club = networks.from_networkx(graph, group="club", marginalized="Officer")
    scene = [sim.intervention("scene", people=["member 0", "member 5"], force="ally", tie=[("member 0", "member 20")])]
    axes = {"network": "club", "steps": 12}
    design = sim.Design(axes=axes, networks={"club": club}, interventions=scene, replicates=2)
    swept = sim.sweep(design, tmp_path / "runs")
    run = sim.simulate(network=club, steps=12, seed=int(swept.table["seed"][0]), interventions=scene,
                       start_seed=int(swept.table["start_seed"][0]))  # fmt: skip
    assert swept.table["ally_share"][0] == run.history["ally_share"].iloc[-1]
    assert sim.replay(tmp_path / "runs", 1).is_equal


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"intervention": "trainning"}, "intervention = 'trainning'"),
        ({"intervention": "bystander_trainin"}, "did you mean 'bystander_training'"),
        ({"intervention": "protection", "intervention_share": 0.2}, "who must be a rule"),
        ({"interventions": {"mine": ["empathy", "protection"]}, "intervention_share": [0.1, 0.2]},
         "intervention_share = 0.1 cannot hold for every part of intervention = 'mine': protection: with share given"),
        ({"intervention": "protection", "intervention_begin": -1}, "intervention_begin = -1"),
        ({"intervention": "protection", "intervention_begin": 2.5}, "intervention_begin must be a whole number"),
        ({"intervention_shar": 0.2}, "did you mean 'intervention_share'"),
        ({"interventions": {"none": []}}, "name of a plan 'none' already means that nothing is done; .* 'my_none'"),
        ({"interventions": {"empathy": []}}, "name of a plan 'empathy' already means a ready-made intervention"),
        ({"interventions": {3: []}}, "name of a plan 3 must be a text"),
        ({"interventions": {"mine": [{"kind": "custom", "shift": {"efort": 1}}]}}, "did you mean 'effort'"),
        ({"interventions": 3}, "must be a list"),
    ],
)
def test_bad_plans_are_refused(about, words, tmp_path):
    with pytest.raises(sim.InputError, match=words):
        sim.sweep(BASE | about, tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_plans_in_toml(tmp_path):
    (tmp_path / "d.toml").write_text(
        'steps = 10\nreplicates = 2\nintervention = ["none", "loud"]\n[network]\nn_people = 40\n'
        '[[interventions.loud]]\nkind = "committed_allies"\nshare = 0.3\n[[interventions.loud]]\nkind = "empathy"\n'
    )
    assert len(sim.sweep(tmp_path / "d.toml").table) == 4
