"""Points x replicates -> a table: what is in it, and what can never change it."""

from __future__ import annotations

import io
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import sim
from sim import networks, sweeps
from sim.measures import COLUMNS
from sim.parameters import Parameters
from sim.progress import Progress
from sim.run import simulate
from sim.sweeps.reading import digest_of
from sim.sweeps.seeds import derived_seed

AXES = {
    "network": ["made", "given"],
    "start": ["opposed", "silent"],
    "stigma_transfer": [0.0, 0.6],
    "loyalty": [0.5, 0.9],
}
NETWORKS = {
    "made": {"family": "two_groups", "n_people": 60, "mean_degree": 6},
    "given": networks.karate_club(),
}
RAMP = {"parameter": "stigma_transfer", "values": [0.2, 0.8], "hold": 10}


def made(seed):
    return networks.two_groups(60, mean_degree=6, seed=seed)


def design(**changes):
    about = {"axes": {**AXES, "steps": 30}, "networks": NETWORKS, "replicates": 3, "seed": 5}
    return sim.Design(**(about | changes))


@pytest.fixture(scope="module")
def table():
    return sim.sweep(design(), workers=1).table


def same(first, second):
    pd.testing.assert_frame_equal(first.drop(columns="seconds"), second.drop(columns="seconds"), check_exact=True,
                                  check_dtype=False)  # fmt: skip


def test_a_part_of_the_points_gives_a_part_of_the_table(table):
    few = sim.sweep(design(axes={**AXES, "loyalty": 0.9, "steps": 30})).table
    same(table[table["loyalty"] == 0.9].reset_index(drop=True), few)


def test_the_order_of_values_in_a_design_changes_nothing(table):
    turned = {name: values[::-1] for name, values in AXES.items()}
    same(table, sim.sweep(design(axes={**turned, "steps": 30})).table)


def test_more_replicates_add_rows_and_change_none(table):
    more = sim.sweep(design(replicates=5)).table
    same(table, more[more["replicate"] < 3].reset_index(drop=True))


def test_a_replicate_shares_its_seeds_across_points_and_no_two_replicates_share_one(table):
    is_made = table["network"] == "made"
    for name, rows in (("network_seed", table[is_made]), ("start_seed", table), ("seed", table)):
        assert (rows.groupby("replicate")[name].nunique() == 1).all()
    seeds = table[is_made].groupby("replicate")[["network_seed", "start_seed", "seed"]].first().to_numpy().ravel()
    assert len(set(seeds)) == 9
    assert table.loc[~is_made, "network_seed"].isna().all()


def test_with_independent_luck_no_seed_is_used_twice_and_points_keep_theirs(table):
    rows = sim.sweep(design(luck="independent")).table
    assert rows["seed"].nunique() == rows["start_seed"].nunique() == len(rows)
    few = sim.sweep(design(luck="independent", axes={**AXES, "loyalty": 0.9, "steps": 30})).table
    same(rows[rows["loyalty"] == 0.9].reset_index(drop=True), few)


def test_every_row_can_be_played_again_from_what_it_says(table):
    for row in table.iloc[::7].itertuples():
        network = networks.karate_club() if row.network == "given" else made(int(row.network_seed))
        parameters = Parameters(stigma_transfer=row.stigma_transfer, loyalty=row.loyalty)
        again = simulate(
            parameters, network, steps=30, start=row.start, start_seed=int(row.start_seed), seed=int(row.seed)
        )
        assert row.ally_share == pytest.approx(again.tail["ally_share"].mean(), abs=1e-15)
        assert row.mean_trust == pytest.approx(again.tail["mean_trust"].mean(), abs=1e-15)
        assert row.regime == again.regime
        summary = again.summary
        assert row.total_betrayals == summary["betrayals"]
        assert row.peak_ally_share == summary["peak_ally_share"]
        for name in ("tipping_step", "collapse_step"):
            assert (summary[name] is None and np.isnan(getattr(row, name))) or getattr(row, name) == summary[name]


def test_common_random_numbers_make_a_pair_alike_where_nothing_matters():
    """Without any weight on stigma, stigma transfer changes nothing: the pair must agree to the last bit."""
    off = Parameters(stigma_cost=0, distancing=0, cost_credibility=0)
    runs = sim.sweep(design(axes={"stigma_transfer": [0.1, 0.9], "network": "made"}, parameters=off)).table
    low, high = (runs[runs["stigma_transfer"] == value].reset_index(drop=True) for value in (0.1, 0.9))
    acts = ["ally_share", "token_share", "oppose_share", "welcome_share", "mean_trust", "new_allies", "seed"]
    pd.testing.assert_frame_equal(low[acts], high[acts], check_exact=True)
    assert low["ally_share"].nunique() > 1  # while replicates differ


def test_all_columns_are_there_and_rows_are_sorted(table):
    asked = ["network", "start", "stigma_transfer", "loyalty", "steps", "replicate"]
    assert list(table)[:9] == [*asked, "network_seed", "start_seed", "seed"]
    assert set(COLUMNS) - {"step"} <= set(table)
    assert list(table)[-5:] == ["status", "error", "notes", "seconds", "key"]
    assert len(table) == 16 * 3
    same(table, table.sort_values(asked, ignore_index=True))


def test_large_seeds_survive_a_csv_file(table):
    again = pd.read_csv(io.StringIO(table.to_csv(index=False)), dtype={"seed": "UInt64"})
    assert (again["seed"] == table["seed"]).all()
    assert (again["mean_trust"] == table["mean_trust"]).all()
    assert table["seed"].max() > 2**53  # more than a float can tell apart


@pytest.mark.parametrize("workers", [1, 3])
def test_a_failing_run_is_a_row_and_costs_no_other(table, workers, unforeseen):
    # On 4 people nobody can have 6 ties.
    bad = NETWORKS | {"none": {"family": "two_groups", "n_people": 4, "mean_degree": 6}}
    swept = sim.sweep(design(axes={**AXES, "network": ["made", "none", "given"], "steps": 30}, networks=bad),
                      workers=workers)  # fmt: skip
    failed = swept.table["status"] == "failed"
    assert failed.sum() == 8 * 3 == len(swept.failures)
    assert swept.failures["error"].str.contains("mean_degree = 6").all()
    assert swept.failures["ally_share"].isna().all()
    assert swept.failures["start_seed"].notna().all()
    same(swept.table[~failed].reset_index(drop=True), table)


def test_failures_keep_the_numbers_that_their_rows_have_in_the_table(unforeseen):
    swept = sim.sweep({"network_n_people": 60, "network_mean_degree": [4, 70, 6], "steps": 3, "replicates": 2})
    assert list(swept.failures.index) == [4, 5]
    for number, row in swept.failures.iterrows():
        assert swept.table["key"][number] == row["key"]
        again = sim.replay(swept, number)
        assert again.key == row["key"] and again.recorded[0]["status"] == "failed"


DIGESTED = {
    "intervention": ["none", "protection"],
    "intervention_begin": [5, 10],
    "loyalty": [0.5, 0.9],
    "network": ["made", "given"],
    "steps": 12,
}


@pytest.fixture(scope="module")
def digest():
    return sim.sweep(design(axes=DIGESTED)).digest


@pytest.mark.parametrize("seed", range(4))
def test_the_digest_does_not_depend_on_the_order_of_axes_or_values(digest, seed):
    rng = np.random.default_rng(seed)
    shuffled = {name: DIGESTED[name] for name in rng.permutation([*DIGESTED])}
    for name, values in shuffled.items():
        if isinstance(values, list):
            shuffled[name] = rng.permutation(values).tolist()
    assert list(shuffled) != list(DIGESTED)
    assert sim.sweep(design(axes=shuffled), workers=2, chunk=3).digest == digest


def test_the_digest_of_a_table_depends_on_its_values_and_not_on_the_order_of_rows_or_columns(table):
    known = digest_of(table)
    rng = np.random.default_rng(1)
    assert digest_of(table.iloc[rng.permutation(len(table))][list(rng.permutation(list(table)))]) == known
    for column, value in (("ally_share", 2.0), ("regime", "none"), ("loyalty", 0.51)):
        other = table.copy()
        other.loc[3, column] = value
        assert digest_of(other) != known
    swapped = table.copy()
    swapped.loc[[3, 4], "mean_trust"] = table.loc[[4, 3], "mean_trust"].to_numpy()
    assert table["mean_trust"][3] != table["mean_trust"][4]
    assert digest_of(swapped) != known


def test_the_rows_of_a_table_design_and_the_places_of_a_ramp_may_come_in_any_order():
    rows = [{"loyalty": 0.5, "start": "allied"}, {"start": 0.3, "loyalty": 0.9}, {"loyalty": 0.7}]
    about = {"kind": "table", "network_n_people": 60, "replicates": 2, "ramp": RAMP}
    first, second = (sim.sweep(about | {"rows": order}) for order in (rows, rows[::-1]))
    assert first.digest == second.digest


def test_where_nothing_is_swept_nothing_is_said_to_be():
    about = {"network_n_people": 40, "steps": 3, "replicates": 2}
    assert repr(sim.sweep(about)) == "<Sweep: 2 rows; swept: nothing>"
    assert repr(sim.sweep(about | {"loyalty": [0.5, 0.9]})) == "<Sweep: 4 rows; swept: loyalty>"
    assert dict(sim.sweep(about).arrays(["ally_share"]).sizes) == {"network_n_people": 1, "replicate": 2}


def test_the_effect_in_the_readme_is_what_comes_out():
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    (snippet,) = re.findall(r"```python\n(done = .*?)clubs = ", readme, re.DOTALL)
    names = {"sim": sim}
    exec(snippet, names)
    difference = names["effect"].difference
    told = f"{difference.estimate:.3f}, interval {difference.low:.3f} to {difference.high:.3f}"
    assert f"effect.difference                               # {told}\n" in readme


def test_a_network_with_a_note_says_so_in_its_rows():
    about = {"network_n_people": 30, "network_marginalized_share": 0.1, "network_homophily": 0.9, "replicates": 1}
    (note,) = sim.sweep(about | {"steps": 3}).table["notes"]
    assert "homophily" in note


def test_a_ramp_is_one_continuing_run():
    one = design(axes={"network": "made", "start": "allied"}, ramp=RAMP, replicates=1)
    rows = sim.sweep(one).table
    assert list(rows["stigma_transfer"]) == [0.2, 0.8, 0.8, 0.2]
    assert list(rows["direction"]) == ["up", "up", "down", "down"]
    assert list(rows["place"]) == [0, 1, 2, 3]
    state, first = "allied", rows.iloc[0]
    for row in rows.itertuples():
        state = simulate(
            Parameters(stigma_transfer=row.stigma_transfer), made(int(first.network_seed)), steps=10, start=state,
            start_seed=int(first.start_seed), seed=int(first.seed),
        )  # fmt: skip
        assert row.ally_share == state.history["ally_share"].iloc[-1]
    assert state.state.step == 40


def test_steps_and_people_are_those_of_the_runs():
    swept = sim.sweep(design(axes={"loyalty": [0.9, 0.3], "network": "made", "steps": 12}), record=["people", "steps"])
    assert len(swept.steps) == 6 * 13
    assert len(swept.people) == 6 * 60
    last = swept.table.iloc[-1]
    run = simulate(Parameters(loyalty=last.loyalty), made(int(last.network_seed)), steps=12, seed=int(last.seed),
                   start_seed=int(last.start_seed))  # fmt: skip
    steps = swept.steps[swept.steps["key"] == last.key].reset_index(drop=True)
    pd.testing.assert_frame_equal(steps[list(COLUMNS)], run.history, check_exact=True)
    people = swept.people[swept.people["key"] == last.key]
    assert (people["trust"].to_numpy() == run.state.trust).all()
    assert (people["act"].to_numpy() == run.state.act).all()
    assert set(steps["loyalty"]) == {0.9}


def test_steps_and_people_of_a_ramp_are_those_of_every_place():
    one = design(axes={"network": "made", "start": "allied"}, ramp=RAMP, replicates=2)
    swept = sim.sweep(one, record=["steps", "people"])
    places = swept.table[["key", "place"]].apply(tuple, axis=1).tolist()
    assert len(set(places)) == len(places) == 8
    for recorded, last in ((swept.steps, "ally_share"), (swept.people, None)):
        groups = recorded.groupby(["key", "place"], sort=False)
        assert list(groups.groups) == places  # in the order of `table`, none mixed up with another
        if last:
            ends = groups[last].last().to_numpy()
            assert (ends == swept.table[last].to_numpy()).all()
        else:
            assert set(groups.size()) == {60}


def test_what_was_not_recorded_is_asked_for_in_a_sentence():
    with pytest.raises(sim.checks.InputError, match="record="):
        _ = sim.sweep({"steps": 2, "replicates": 1, "network_n_people": 30}).steps


def test_arrays_are_labelled_by_the_swept_axes():
    swept = sim.sweep(design(axes={**AXES, "steps": 30}))
    arrays = swept.arrays(["ally_share", "regime"])
    assert dict(arrays.sizes) == {"network": 2, "start": 2, "stigma_transfer": 2, "loyalty": 2, "replicate": 3}
    for row in swept.table.iloc[::11].itertuples():
        place = {"network": row.network, "start": row.start, "stigma_transfer": row.stigma_transfer,
                 "loyalty": row.loyalty, "replicate": row.replicate}  # fmt: skip
        assert arrays["ally_share"].sel(place).item() == row.ally_share
        assert arrays["regime"].sel(place).item() == row.regime


def test_arrays_of_a_sample_have_one_dimension_of_points():
    about = {"kind": "sobol", "count": 8, "loyalty": {"from": 0, "to": 1}, "noise": {"from": 0.5, "to": 2}}
    swept = sim.sweep(about | {"network_n_people": 30, "steps": 4, "replicates": 2})
    arrays = swept.arrays(["mean_trust"])
    assert dict(arrays.sizes) == {"point": 8, "replicate": 2}
    first = swept.table[swept.table["replicate"] == 0].reset_index(drop=True)
    assert (arrays["loyalty"].to_numpy() == first["loyalty"]).all()
    assert (arrays["mean_trust"].sel(replicate=0).to_numpy() == first["mean_trust"]).all()


def test_a_refined_design_follows_the_boundary_and_agrees_with_the_full_grid():
    about = {"network_n_people": 100, "steps": 60, "replicates": 1, "noise": 0.3, "seed": 3, "loyalty": 0.6}
    fine = {"from": 0.0, "to": 1.0}
    refined = sim.sweep(about | {"kind": "refined", "stigma_transfer": fine, "coarse": 4, "depth": 4}).table
    full = sim.sweep(about | {"stigma_transfer": fine | {"count": 65}}).table
    assert len(refined) < 0.5 * len(full)
    known = full.set_index("stigma_transfer")["regime"]
    assert (known.loc[refined["stigma_transfer"]].to_numpy() == refined["regime"]).all()
    places = np.flatnonzero(known.to_numpy()[1:] != known.to_numpy()[:-1])
    assert len(places)  # there is a boundary
    values = known.index.to_numpy()
    for place in places:  # and both its sides were asked for
        assert {values[place], values[place + 1]} <= set(refined["stigma_transfer"])


def test_replicates_are_added_until_the_interval_is_narrow():
    about = {"network_n_people": 60, "steps": 20, "stigma_transfer": [0.1, 0.9], "noise": 0.4, "replicates": 5}
    precision = {"measure": "ally_share", "half_width": 0.05, "most": 100}
    table = sim.sweep(about | {"precision": precision}).table
    counts = table.groupby("stigma_transfer").size()
    assert counts.nunique() == 2 and counts.max() <= 100 and (counts % 5 == 0).all()
    for value, rows in table.groupby("stigma_transfer"):
        half = sweeps.mean_interval(rows["ally_share"]).high - rows["ally_share"].mean()
        assert half <= 0.05 or counts[value] == 100
        before = rows[rows["replicate"] < counts[value] - 5]
        assert len(before) == 0 or not sweeps.is_narrow(before["ally_share"], 0.05)


def test_it_is_told_whether_the_precision_was_reached_or_the_most_replicates_ended_it(tmp_path):
    about = {"network_n_people": 60, "steps": 20, "stigma_transfer": [0.1, 0.9], "noise": 0.4, "replicates": 10}
    reached = sim.sweep(about | {"precision": {"half_width": 0.2, "most": 100}})
    assert reached.reasons[-1] == "precision: ally_share is known to within 0.2 at every point"
    assert reached.unsettled.empty
    free = sim.sweep(about | {"precision": {"half_width": 0.05, "most": 1000}})
    counts = free.table["stigma_transfer"].value_counts()
    quick, slow = counts.idxmin(), counts.idxmax()
    assert counts[quick] < counts[slow]
    precision = {"half_width": 0.05, "most": int(counts[quick])}
    swept = sim.sweep(about | {"precision": precision}, tmp_path / "runs")
    (row,) = swept.unsettled.itertuples()
    assert (row.stigma_transfer, row.replicates) == (slow, counts[quick])
    assert 0.05 < row.half_width < 0.5
    assert swept.reasons[-1] == (
        f"precision: NOT reached at 1 of 2 points, where most = {counts[quick]} replicates ended it (see "
        "Sweep.unsettled); elsewhere ally_share is known to within 0.05"
    )
    opened = sim.open_sweep(tmp_path / "runs", about | {"precision": precision})
    pd.testing.assert_frame_equal(opened.unsettled, swept.unsettled)


def test_fewer_than_two_values_settle_nothing(unforeseen):
    precision = {"half_width": 0.5, "most": 4}
    about = {"network_n_people": 4, "network_mean_degree": 6, "steps": 2, "replicates": 2, "precision": precision}
    swept = sim.sweep(about)
    assert len(swept.failures) == 4
    assert swept.unsettled["half_width"].isna().all() and len(swept.unsettled) == 1
    assert "NOT reached at the only point, where most = 4" in swept.reasons[-1]


def test_without_a_precision_nothing_is_said_of_one(table):
    swept = sim.sweep({"network_n_people": 40, "steps": 2, "replicates": 1})
    assert swept.unsettled.empty
    assert not any("precision" in reason for reason in swept.reasons)


def test_a_sweep_tells_its_progress(unforeseen):
    stream = io.StringIO()
    bad = {"kind": "table", "rows": [{"network_mean_degree": 4}, {"network_mean_degree": 70}]}
    with Progress(0, stream=stream) as progress:
        sim.sweep(bad | {"network_n_people": 60, "steps": 5, "replicates": 2}, progress=progress)
    assert "4 of 4 runs (2 failed)" in stream.getvalue()


def test_seeds_are_spread_over_the_whole_range():
    seeds = [derived_seed(7, replicate, purpose) for replicate in range(500) for purpose in (1, 2, 3)]
    assert len(set(seeds)) == 1500
    assert 0.45 < sum(seed >> 63 for seed in seeds) / 1500 < 0.55
    assert derived_seed(7, 0, 1) != derived_seed(8, 0, 1)


def test_wrong_ways_to_work_are_refused(tmp_path):
    about = {"steps": 2, "replicates": 1, "network_n_people": 30}
    for wrong, words in (
        ({"workers": 0}, "workers = 0"),
        ({"chunk": 0}, "chunk = 0"),
        ({"executor": "thread"}, "did you mean 'threads'"),
        ({"executor": 3}, "submit"),
        ({"on_error": "ignore"}, "on_error = 'ignore'"),
        ({"record": "step"}, "did you mean 'steps'"),
    ):
        with pytest.raises(sim.checks.InputError, match=words):
            sim.sweep(about, tmp_path / "new", **wrong)
    assert not (tmp_path / "new").exists()
