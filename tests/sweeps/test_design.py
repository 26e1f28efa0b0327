"""What a design asks for, and what is refused before anything runs."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest

import sim
from sim import networks
from sim.checks import InputError
from sim.sweeps.points import canonical, sweepable


def values(**about):
    return [dict(point.values) for point in sim.Design.of(about).points()]


def test_lists_are_swept_scalars_are_constant_and_the_first_axis_is_slowest():
    points = values(loyalty=[0.5, 0.9], start=["silent", 0.3], steps=7)
    assert points == [
        {"loyalty": 0.5, "start": "silent", "steps": 7},
        {"loyalty": 0.5, "start": 0.3, "steps": 7},
        {"loyalty": 0.9, "start": "silent", "steps": 7},
        {"loyalty": 0.9, "start": 0.3, "steps": 7},
    ]


def test_a_range_with_a_count_has_both_ends_and_equal_gaps():
    points = values(stigma_transfer={"from": 0.2, "to": 1, "count": 5})
    assert [point["stigma_transfer"] for point in points] == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0], abs=1e-15)
    assert points[-1]["stigma_transfer"] == 1.0
    whole = values(network_n_people={"from": 100, "to": 200, "count": 3})
    assert [point["network_n_people"] for point in whole] == [100, 150, 200]


def test_everything_sweepable_reaches_the_configuration():
    default = sim.Design.of({}).points()[0]
    other = {"start": "allied", "schedule": "shuffled", "steps": 7, "network": "small_world", "network_n_people": 77,
             "network_marginalized_share": 0.35, "network_mean_degree": 6, "network_homophily": 0.1,
             "network_rewiring": 0.3, "network_groups": "clustered",
             "null": "rewired",
             "intervention": "protection", "intervention_begin": 3, "intervention_end": 9, "intervention_ramp": 2,
             "intervention_strength": 0.5, "intervention_who": "bridging", "intervention_share": 0.5,
             "intervention_count": 3, "intervention_draw": 1}  # fmt: skip
    for name in sweepable():
        value = other.get(name)
        if value is None:
            knob = next(knob for knob in sim.parameters.KNOBS if knob.name == name)
            a_little = 0.01 if knob.default < knob.high else -0.01
            value = (not knob.default) if knob.is_switch else knob.default + a_little
        family = {"network_rewiring": "small_world", "network_groups": "ring_lattice"}.get(name)
        common = {"network": family} if family else {}
        if name.startswith("intervention_"):
            common = {"intervention": "committed_allies"}
        point = sim.Design.of(common | {name: value}).points()[0]
        base = sim.Design.of(common).points()[0] if common else default
        assert point.digest != base.digest, name


def test_what_is_left_out_and_what_is_spelt_out_is_the_same_point():
    spelt = {"loyalty": 0.75, "start": "silent", "steps": 400, "schedule": "synchronous", "network": "two_groups",
             "network_n_people": 1000, "network_homophily": 0.5, "network_mean_degree": 10}  # fmt: skip
    assert sim.Parameters().loyalty == 0.75
    assert sim.Design.of(spelt).points()[0].digest == sim.Design.of({}).points()[0].digest
    (only,) = sim.Design.of({"loyalty": [0.75, 0.75], "network_mean_degree": [10, 10.0]}).points()
    assert only.digest == sim.Design.of({}).points()[0].digest


def test_equal_numbers_of_any_kind_are_the_same_point():
    numbers = [0.25, Fraction(1, 4), np.float64(0.25)]
    design = sim.Design.of({"loyalty": numbers, "steps": np.int64(3), "network_n_people": [50, np.int64(50)]})
    assert len(design.points()) == 1
    assert [point.digest for point in sim.Design.of(design.to_dict()).points()] == [design.points()[0].digest]


def test_an_own_network_under_any_name_is_known_by_its_ties():
    karate = networks.karate_club()
    digests = {
        sim.Design(axes={"network": name}, networks={name: karate}).points()[0].digest for name in ("club", "village")
    }
    assert len(digests) == 1
    assert digests == {sim.Design.of({"network": "karate_club"}).points()[0].digest}


def test_a_table_a_sample_and_lines():
    rows = [{"loyalty": 0.5}, {"loyalty": 0.7, "start": "allied"}]
    assert values(kind="table", rows=rows, steps=5) == [
        {"steps": 5, "loyalty": 0.5}, {"steps": 5, "loyalty": 0.7, "start": "allied"}]  # fmt: skip
    lines = values(kind="lines", loyalty=[0.1, 0.75], noise=[0.5, 2.0], base={"noise": 1.5})
    assert [(p["loyalty"], p["noise"]) for p in lines] == [(0.75, 1.5), (0.1, 1.5), (0.75, 0.5), (0.75, 2.0)]
    for kind in ("latin_hypercube", "sobol"):
        sampled = values(kind=kind, count=16, loyalty={"from": 0.2, "to": 0.8}, start=["silent", "allied"],
                         network_n_people={"from": 50, "to": 60})  # fmt: skip
        assert len(sampled) == 32
        assert all(0.2 <= p["loyalty"] <= 0.8 and p["network_n_people"] in range(50, 61) for p in sampled)
        assert [p["loyalty"] for p in sampled[:16]] == [p["loyalty"] for p in sampled[16:]]  # the lists are crossed
        strata = sorted(int((p["loyalty"] - 0.2) / 0.6 * 16) for p in sampled[:16])
        assert strata == list(range(16))


def test_lines_begin_at_the_defaults_of_words_too():
    lines = values(kind="lines", null=["none", "rewired"], intervention=["none", "protection"], steps=[400, 50])
    assert lines[0] == {"null": "none", "intervention": "none", "steps": 400}
    assert len(lines) == 4
    own = {"networks": {"club": networks.karate_club()}, "network": ["club", "two_groups"]}
    assert values(kind="lines", **own)[0] == {"network": "club"}  # the only one, as without lines
    rings = values(kind="lines", network="small_world", network_rewiring=[0.1, 0.5])
    assert [one["network_rewiring"] for one in rings] == [0.1, 0.5]


def test_toml_and_mapping_and_arguments_are_the_same_design(tmp_path):
    text = """
replicates = 3
seed = 5
start = ["silent", "allied"]
steps = 30
[parameters]
preset = "hollow"
loyalty = [0.5, 0.9]
stigma_transfer = { from = 0, to = 1, count = 3 }
[network]
family = "small_world"
rewiring = [0.1, 0.5]
"""
    (tmp_path / "d.toml").write_text(text)
    mapping = {"replicates": 3, "seed": 5, "preset": "hollow", "loyalty": [0.5, 0.9], "start": ["silent", "allied"],
               "steps": 30, "stigma_transfer": {"from": 0, "to": 1, "count": 3}, "network": "small_world",
               "network_rewiring": [0.1, 0.5]}  # fmt: skip
    first, second = (sim.Design.of(one) for one in (tmp_path / "d.toml", mapping))
    assert {p.digest for p in first.points()} == {p.digest for p in second.points()}
    assert (first.replicates, first.seed) == (3, 5)
    assert len(first.points()) == 24
    assert first.points()[0].configuration["parameters"]["image"] == sim.preset("hollow").image


@pytest.mark.parametrize(
    ("about", "words"),
    [
        ({"loyality": [0.5]}, "did you mean 'loyalty'"),
        ({"loyalty": []}, "loyalty is an empty list"),
        ({"loyalty": [0.5, math.nan]}, "loyalty"),
        ({"loyalty": [0.5, math.inf]}, "loyalty"),
        ({"loyalty": [0.5, 1.5]}, "loyalty = 1.5 is out of range"),
        ({"loyalty": [0.5, None]}, "loyalty = None"),
        ({"loyalty": [[0.5]]}, "loyalty"),
        ({"loyalty": {"from": 0.1}}, "'from' and 'to'"),
        ({"loyalty": {"from": 0.1, "to": 0.9}}, "needs a 'count'"),
        ({"loyalty": {"from": 0.9, "to": 0.1, "count": 3}}, "must be below"),
        ({"loyalty": {"from": 0, "to": 1, "count": 3, "by": 2}}, "by"),
        ({"start": ["silnt"]}, "did you mean 'silent'"),
        ({"start": [1.5]}, "start = 1.5"),
        ({"start": {"from": 0, "to": 1}, "kind": "sobol", "count": 4}, "give a list"),
        ({"network": "two_group"}, "did you mean 'two_groups'"),
        ({"network_homofily": 0.5}, "did you mean 'network_homophily'"),
        ({"network": "small_world", "network_homophily": 0.5}, "does not go with network 'small_world'"),
        ({"network": "karate_club", "network_homophily": 0.5}, "is given and not generated"),
        ({"network_n_people": 0}, "n_people = 0"),
        ({"network_n_people": 10.5}, "n_people"),
        ({"steps": -1}, "steps = -1"),
        ({"replicates": 0}, "replicates = 0"),
        ({"replicates": 2.0}, "replicates"),
        ({"seed": -1}, "seed = -1"),
        ({"luck": "none"}, "luck = 'none'"),
        ({"kind": "gird"}, "did you mean 'grid'"),
        ({"kind": "sobol", "loyalty": {"from": 0, "to": 1}}, "count"),
        ({"kind": "sobol", "count": 4, "loyalty": [0.1]}, "needs a range"),
        ({"kind": "sobol", "count": 4, "loyalty": {"from": 0, "to": 1, "count": 3}},
         "the count of loyalty makes it a list of 3 values, but a design of kind 'sobol' needs a range: loyalty = "
         "{from = 0, to = 1}; the count that stands beside kind = 'sobol' says how many points there are"),
        ({"kind": "refined", "loyalty": {"from": 0.2, "to": 1, "count": 3}}, "coarse and depth say how finely"),
        ({"kind": "sobol", "count": 4, "intervention": {"from": 0, "to": 1}}, "intervention cannot be a range"),
        ({"xyz": 3}, "swept can be parameters, start, schedule, steps, null, network, network_..., intervention and"),
        ({"kind": "table", "rows": [{"xyz": 1}]}, "network_..., intervention and intervention_..."),
        ({"count": 4}, "count = 4 does not go with"),
        ({"kind": "table"}, "needs rows"),
        ({"kind": "table", "rows": [{"loyalti": 1}]}, "did you mean 'loyalty'"),
        ({"kind": "table", "rows": [3]}, "a row must be a mapping"),
        ({"rows": [{"loyalty": 0.5}]}, "rows do not go with"),
        ({"base": {"loyalty": 0.5}}, "base does not go with"),
        ({"kind": "lines", "intervention": "protection", "intervention_begin": [3, 9]},
         "base needs intervention_begin"),
        ({"kind": "lines", "network_rewiring": [0.1, 0.5]}, "base needs network_rewiring"),
        ({"kind": "refined", "loyalty": [0.1, 0.2]}, "needs a range"),
        ({"loyalty": {"from": 0, "to": 1, "count": 3000}, "noise": {"from": 0, "to": 1, "count": 3000}},
         "runs; at most"),
        ({"precision": {"measure": "ally_share"}}, "needs a half_width"),
        ({"precision": {"measure": "allyshare", "half_width": 0.1}}, "did you mean 'ally_share'"),
        ({"precision": {"half_width": 0.1, "most": 2}}, "most = 2"),
        ({"ramp": {"parameter": "loyalty", "values": [0.1]}}, "ramp needs hold"),
        ({"ramp": {"parameter": "loyalty", "values": [2.0], "hold": 5}}, "loyalty = 2.0"),
        ({"ramp": {"parameter": "loyalty", "values": [], "hold": 5}}, "empty list"),
        ({"ramp": {"parameter": "loyalty", "values": [0.1], "hold": 5}, "loyalty": 0.5}, "cannot be given as well"),
        ({"parameters": 3}, "parameters must be a mapping"),
        ({"networks": {"two_groups": {}}}, "not that of a generator"),
        ({"networks": {"mine": 3}}, "must be a Network"),
        ({"networks": {"mine": {"family": "tree"}}, "network": "mine"}, "family = 'tree'"),
        ({"preset": "holow"}, "did you mean 'hollow'"),
    ],
)  # fmt: skip
def test_bad_designs_are_refused_in_a_sentence_before_a_folder_is_made(about, words, tmp_path):
    with pytest.raises(InputError) as refusal:
        sim.sweep(about, tmp_path / "new")
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("text", ["loyalty = [0.1", "loyalty = nan", "\x00", "a" * 30 + " = 1"])
def test_bad_toml_is_refused(text, tmp_path):
    (tmp_path / "d.toml").write_text(text)
    with pytest.raises(InputError):
        sim.sweep(tmp_path / "d.toml", tmp_path / "new")
    assert not (tmp_path / "new").exists()


def test_a_missing_design_names_the_nearest_file(tmp_path):
    (tmp_path / "design.toml").write_text("loyalty = 0.5")
    with pytest.raises(InputError, match=r"did you mean 'design\.toml'"):
        sim.sweep(tmp_path / "desing.toml")


def test_canonical_text_is_the_same_for_equal_content():
    text = '{"a":[0.1,true],"b":1.0}'
    assert canonical({"b": 1.0, "a": [0.1, True]}) == canonical({"a": [0.1, True], "b": 1.0}) == text
