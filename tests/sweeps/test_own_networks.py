"""Networks of one's own in a design, and what is said to those who nearly got it right."""

from __future__ import annotations

import networkx as nx
import pytest

import sim
from sim import networks
from sim.checks import InputError

pytestmark = pytest.mark.filterwarnings("ignore::sim.networks.NetworkWarning")
BASE = {"steps": 3, "replicates": 1}
CLUB = {"file": "club.graphml", "group": "club", "marginalized": "Officer"}


@pytest.fixture(autouse=True)
def club(tmp_path, monkeypatch):
    """Work beside a file of the karate club."""
    monkeypatch.chdir(tmp_path)
    graph = nx.karate_club_graph()
    nx.write_graphml(graph, "club.graphml")
    return networks.load("club.graphml", group="club", marginalized="Officer")


def digests(**about):
    return [point.configuration["network"]["digest"] for point in sim.Design.of(BASE | about).points()]


def test_a_file_an_object_and_toml_are_the_same_network(club, tmp_path):
    assert digests(networks={"club": club}) == [club.digest()]
    assert digests(networks={"club": CLUB}) == [club.digest()]
    (point,) = sim.Design(networks={"club": CLUB}).points()
    assert point.configuration["network"]["digest"] == club.digest()
    (tmp_path / "deeper").mkdir()
    rules = 'file = "../club.graphml"\ngroup = "club"\nmarginalized = "Officer"\n'
    (tmp_path / "deeper" / "d.toml").write_text(f"steps = 3\n[networks.club]\n{rules}")
    (point,) = sim.Design.of(tmp_path / "deeper" / "d.toml").points()  # the path is relative to the design
    assert point.configuration["network"]["digest"] == club.digest()


def test_of_several_the_axis_names_one(club):
    about = {"networks": {"club": club, "made": {"n_people": 40, "mean_degree": 4}}, "network": ["club", "made"]}
    table = sim.sweep(BASE | about).table
    assert table.set_index("network")["n_people"].to_dict() == {"club": 34, "made": 40}


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"networks": {"club": CLUB | {"path": "x"}}}, "networks.club: 'path' is not known"),
        ({"networks": {"club": {"path": "club.graphml", "group": "club"}}},
         "networks.club has 'path' and no 'file'; a network from a file is [networks.mine] with file ="),
        ({"networks": {"club": {"file": "club.graphml"}}}, "networks.club needs group and marginalized"),
        ({"networks": {"club": CLUB | {"directd": "any"}}}, "did you mean 'directed'"),
        ({"networks": {"club": CLUB | {"file": "clup.graphml"}}}, "did you mean 'club.graphml'"),
        ({"networks": {"club": {"homofily": 0.5}}}, "did you mean 'homophily'"),
        ({"networks": {"club": nx.path_graph(3)}}, "sim.networks.from_networkx"),
        ({"networks": {"club": "club.graphml"}}, "networks.club = 'club.graphml' must be a Network"),
        ({"networks": nx.path_graph(3)}, 'networks = {"mine": network}'),
        ({"networks": nx.path_graph(3), "network": "a.csv"}, 'networks = {"mine": network}'),
        ({"network": CLUB}, "'file' is no argument of a generator; a network from a file is [networks.mine] with"),
        ({"network": {"path": "club.graphml"}}, "'path' is no argument of a generator"),
        ({"network_file": "club.graphml"}, "'file' is no argument of a generator"),
        ({"axes": {"network_file": "club.graphml"}}, "'file' is no argument of a generator"),
        ({"network": "club.graphml"}, "network = 'club.graphml' must be a name; a network from a file is"),
        ({"network": networks.karate_club()}, 'a network of your own its name with networks = {"mine": network}'),
        ({"network": [networks.karate_club(), "two_groups"]}, 'networks = {"mine": network}'),
        ({"network": nx.path_graph(3)}, 'networks = {"mine": network}'),
        ({"kind": "table", "rows": [{"network": networks.karate_club()}]}, 'networks = {"mine": network}'),
    ],
)  # fmt: skip
def test_near_misses_are_told_the_right_form(about, words, tmp_path):
    with pytest.raises(InputError) as refusal:
        sim.sweep(BASE | about, tmp_path / "new")
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not (tmp_path / "new").exists()


def test_a_name_may_look_like_that_of_a_file(club):
    assert digests(networks={"club.graphml": club}, network="club.graphml") == [club.digest()]
