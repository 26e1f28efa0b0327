"""When the plans of a design begin: moved as a whole, told where it is too late, missing where nothing is done."""

from __future__ import annotations

import numpy as np
import pytest
from click.testing import CliRunner

import sim
from sim.sweeps import Design, differences, effect_of, summarise

BASE = {"network_n_people": 60, "steps": 20, "replicates": 3, "seed": 3}
STAGED = [
    {"kind": "protection", "begin": 2, "end": 6},
    {"kind": "empathy", "begin": 5, "ramp": 4},
    {"kind": "committed_allies", "begin": 9, "end": 12},
]


def done(**about):
    """Return (kind, begin, end, ramp) of what is done at each point of a design."""
    return [
        sorted((one["kind"], one["begin"], one["end"], one["ramp"]) for one in point.configuration["interventions"])
        for point in Design.of(BASE | about).points()
    ]


def test_the_earliest_part_begins_then_and_the_others_keep_their_distance_and_length():
    plans = {"interventions": {"staged": STAGED}}
    assert done(**plans, intervention_begin=[0, 2]) == [
        [("committed_allies", 7, 10, 0), ("empathy", 3, None, 4), ("protection", 0, 4, 0)],
        [("committed_allies", 9, 12, 0), ("empathy", 5, None, 4), ("protection", 2, 6, 0)],
    ]
    # An end that is given holds for all parts.
    assert {part[2] for part in done(**plans, intervention_begin=0, intervention_end=15)[0]} == {15}


def test_a_ready_made_one_lasts_as_long_as_ever():
    assert done(intervention="betrayal_scandal", intervention_begin=7) == [[("betrayal_scandal", 7, 8, 0)]]


@pytest.mark.parametrize(("kind", "latest"), [("protection", 2**31), ("betrayal_scandal", 2**31 - 1)])
def test_a_beginning_that_leaves_no_room_is_refused_with_the_latest_that_does(kind, latest):
    assert done(intervention=kind, intervention_begin=latest)[0][0][1] == latest
    told = f"begin = {latest + 1} is out of range: it must be a whole number from 0 to {latest}$"
    with pytest.raises(sim.InputError, match=f"^intervention_{told}"):
        sim.sweep(BASE | {"intervention": kind, "intervention_begin": [0, latest + 1]})
    with pytest.raises(sim.InputError, match=f"^{kind}: {told}"):
        sim.intervention(kind, begin=latest + 1)


def test_a_plan_is_moved_only_as_far_as_all_of_it_has_room():
    plan = {"late": [{"kind": "protection", "begin": 3}, {"kind": "empathy", "begin": 9, "end": 12}]}
    with pytest.raises(sim.InputError, match=f"intervention_begin = {2**31} .* from 0 to {2**31 - 9}$"):
        sim.sweep(BASE | {"interventions": plan, "intervention_begin": 2**31})


def test_points_are_one_only_if_the_same_is_done_at_the_same_time():
    staged = {"interventions": {"staged": STAGED}, "intervention_begin": [2, 3]}
    together = [one | {"begin": 2, "end": None} for one in STAGED]
    apart, kept = Design.of(BASE | staged).points(), Design.of(BASE | {"interventions": {"staged": STAGED}}).points()
    at_once = Design.of(BASE | {"interventions": {"at_once": together}, "intervention_begin": 2}).points()
    assert kept[0].digest == apart[0].digest
    assert len({point.digest for point in (*apart, *at_once)}) == 3


def test_points_that_begin_too_late_are_named_and_noted():
    swept = sim.sweep(BASE | {"intervention": ["none", "protection"], "intervention_begin": [5, 21, 50]})
    told = [line for line in swept.reasons if "after the last step" in line]
    assert len(told) == 1 and told[0].startswith("at 2 of 4 points an intervention would begin after the last step")
    assert "intervention = protection, intervention_begin = 21" in told[0] and "the last one, 20" in told[0]
    notes = swept.table.groupby("intervention_begin", dropna=False)["notes"].first()
    assert notes[21] == "not done: protection would begin at step 21, after the last one, 20"
    assert notes[5] == notes[np.nan] == ""


NO_ROOM = {"network_n_people": 20, "network_mean_degree": 9, "network_homophily": -0.9}


@pytest.mark.parametrize("about", [{"schedule": "shuffled"}, {"network": "karate_club"}, NO_ROOM])
def test_the_note_stands_beside_those_on_the_network_however_a_run_is_made(about):
    base = {"steps": 3, "replicates": 1, "intervention": "protection", "intervention_begin": [1, 4]}
    notes = sim.sweep(base | about).table.set_index("intervention_begin")["notes"]
    told = "not done: protection would begin at step 4, after the last one, 3"
    assert ("have no room" in notes[1]) == bool(notes[1]) == (about is NO_ROOM)
    assert notes[4] == (f"{notes[1]}; {told}" if notes[1] else told)


def test_a_part_that_begins_too_late_is_told_and_not_refused():
    swept = sim.sweep(BASE | {"interventions": {"staged": STAGED}, "intervention_begin": 14})
    assert "not done (the only point); the first: committed_allies would begin at step 21" in swept.reasons[-1]


@pytest.mark.parametrize(
    ("about", "told"),
    [
        ({"intervention": ["none", "protection"], "intervention_begin": 21}, "the only point with an intervention"),
        ({"intervention": "protection", "intervention_begin": [21, 30]}, "all 2 points with an intervention"),
        ({"intervention": "protection", "intervention_begin": [21], "steps": [10, 20]}, "all 2 points"),
    ],
)
def test_a_design_in_which_nothing_would_ever_be_done_is_refused(about, told, tmp_path):
    words = f"nothing would ever be done at {told}.*protection would begin at step 21"
    with pytest.raises(sim.InputError, match=words):
        sim.sweep(BASE | about, tmp_path / "folder")
    assert not (tmp_path / "folder").exists()


def test_a_ramp_lasts_through_all_its_values():
    ramp = {"parameter": "loyalty", "values": [0.5, 0.7], "hold": 5}
    about = {name: value for name, value in BASE.items() if name != "steps"} | {"ramp": ramp, "replicates": 1}
    assert not [line for line in sim.sweep(about | {"intervention": "protection", "intervention_begin": 20}).reasons
                if "after the last" in line]  # fmt: skip
    with pytest.raises(sim.InputError, match="after the last one, 20"):
        sim.sweep(about | {"intervention": "protection", "intervention_begin": 21})


def test_the_command_tells_of_it_beforehand_and_afterwards(tmp_path, monkeypatch):
    from sim.cli import main

    monkeypatch.chdir(tmp_path)
    design = 'steps = 4\nreplicates = 1\nintervention = "protection"\nintervention_begin = [1, 9]\n'
    (tmp_path / "late.toml").write_text(design + "[network]\nn_people = 40\n")
    for words in (["late.toml", "--dry-run"], ["late.toml"]):
        said = CliRunner().invoke(main, ["sweep", *words]).output
        assert "at 1 of 2 points an intervention would begin after the last step" in said


# === where nothing is done ==============================================================================


@pytest.fixture(scope="module")
def swept():
    return sim.sweep(BASE | {"intervention": ["none", "protection"], "intervention_begin": [5, 10], "start": "allied"})


def test_when_nothing_would_have_begun_is_missing(swept):
    begins = swept.table.groupby("intervention")["intervention_begin"].unique()
    assert np.isnan(begins["none"]).all() and begins["protection"].tolist() == [5, 10]
    nothing = sim.sweep(BASE | {"intervention": "protection", "intervention_strength": [0.0, 1.0],
                                "intervention_begin": [5, 10]}).table  # fmt: skip
    assert nothing.groupby("intervention_strength")["intervention_begin"].unique()[0.0].tolist() == [
        pytest.approx(np.nan, nan_ok=True)
    ]


def test_arrays_have_what_nothing_is_done_to_at_every_beginning(swept):
    trust = swept.arrays(["mean_trust"])["mean_trust"]
    assert trust.sizes == {"intervention": 2, "intervention_begin": 2, "replicate": 3} and not trust.isnull().any()
    none = trust.sel(intervention="none")
    assert (none.sel(intervention_begin=5) == none.sel(intervention_begin=10)).all()
    table = swept.table.set_index(["intervention", "intervention_begin", "replicate"])["mean_trust"]
    for begin in (5, 10):
        found = trust.sel(intervention="protection", intervention_begin=begin)
        assert found.values.tolist() == table["protection", begin].tolist()
        assert effect_of(found, none.sel(intervention_begin=begin), paired=True).difference.n == 3


def test_differences_pair_with_what_nothing_is_done_to(swept):
    table = swept.table
    runs, others = (table[table["intervention"] == name] for name in ("protection", "none"))
    found = differences(runs, others, ["intervention_begin"], ["mean_trust"]).set_index("intervention_begin")
    assert found["pairs"].tolist() == [3, 3]
    for begin in (5, 10):
        gaps = runs[runs["intervention_begin"] == begin]["mean_trust"].to_numpy() - others["mean_trust"].to_numpy()
        assert found["median"][begin] == pytest.approx(np.median(gaps))


def test_a_summary_has_a_row_for_what_nothing_is_done_to(swept):
    summary = summarise(swept.table, ["intervention", "intervention_begin"], ["mean_trust"])
    assert summary["runs"].tolist() == [3, 3, 3] and set(summary["intervention"]) == {"none", "protection"}
