import io
import time

import pandas as pd
import pytest

from sim import networks, sweep
from sim.checks import InputError
from sim.measures import COLUMNS
from sim.parameters import Parameters
from sim.progress import Progress
from sim.run import simulate

POINTS = sweep.grid(
    stigma_transfer=[0.0, 0.6], loyalty=[0.5, 0.9], start=["silent", "opposed"], network=["made", "given"]
)


def made(seed):
    return networks.two_groups(60, mean_degree=6, seed=seed)


def nets():
    return {"made": made, "given": networks.karate_club()}


def run(points=POINTS, **settings):
    return sweep.run_points(points, networks=nets(), **({"steps": 30, "replicates": 3, "seed": 5} | settings))


def ramp(**settings):
    given = {"parameter": "stigma_transfer", "values": [0.2, 0.8], "hold": 10, "replicates": 2, "seed": 5}
    return sweep.run_ramp([{"start": "allied"}], networks={"made": made}, **(given | settings))


@pytest.fixture(scope="module")
def table():
    return run(workers=1)


@pytest.mark.parametrize("workers", [1, 2, 4, 7])
def test_the_table_does_not_depend_on_workers_or_order(table, workers):
    shuffled = POINTS[::-1][3:] + POINTS[::-1][:3] + POINTS[:2]  # reversed, turned, two of them twice
    again = run(shuffled, workers=workers)
    pd.testing.assert_frame_equal(table, again, check_exact=True)
    assert table.to_csv(index=False) == again.to_csv(index=False)


def test_a_part_of_the_points_gives_a_part_of_the_table(table):
    few = [point for point in POINTS if point["loyalty"] == 0.9]
    part = table[table["loyalty"] == 0.9].reset_index(drop=True)
    pd.testing.assert_frame_equal(part, run(few), check_exact=True)


def test_more_replicates_add_rows_and_change_none(table):
    more = run(replicates=5)
    pd.testing.assert_frame_equal(table, more[more["replicate"] < 3].reset_index(drop=True), check_exact=True)


def test_a_replicate_shares_its_seeds_across_points_and_no_two_replicates_share_one(table):
    is_made = table["network"] == "made"
    for name, rows in (("network_seed", table[is_made]), ("start_seed", table), ("seed", table)):
        assert (rows.groupby("replicate")[name].nunique() == 1).all()
    seeds = table[is_made].groupby("replicate")[["network_seed", "start_seed", "seed"]].first().to_numpy().ravel()
    assert len(set(seeds)) == 9
    assert table.loc[~is_made, "network_seed"].isna().all()


def test_every_row_can_be_played_again_from_what_it_says(table):
    for row in table.iloc[::7].itertuples():
        network = networks.karate_club() if row.network == "given" else made(int(row.network_seed))
        parameters = Parameters(stigma_transfer=row.stigma_transfer, loyalty=row.loyalty)
        again = simulate(
            parameters, network, steps=30, start=row.start, start_seed=int(row.start_seed), seed=int(row.seed)
        )
        assert row.ally_share == again.history["ally_share"].tail(3).mean()
        assert row.mean_trust == again.history["mean_trust"].tail(3).mean()
        assert row.regime == again.regime


def test_common_random_numbers_make_a_pair_alike_where_nothing_matters():
    """Without any weight on stigma, stigma transfer changes nothing: the pair must agree to the last bit."""
    off = Parameters(stigma_cost=0, distancing=0, cost_credibility=0)
    runs = run(sweep.grid(stigma_transfer=[0.1, 0.9], network=["made"]), base=off)
    low, high = (runs[runs["stigma_transfer"] == value].reset_index(drop=True) for value in (0.1, 0.9))
    acts = ["ally_share", "token_share", "oppose_share", "welcome_share", "mean_trust", "new_allies", "seed"]
    pd.testing.assert_frame_equal(low[acts], high[acts], check_exact=True)
    assert low["ally_share"].nunique() > 1  # while replicates differ


def test_all_columns_are_there_and_rows_are_sorted(table):
    asked = ["network", "start", "loyalty", "stigma_transfer", "replicate", "network_seed", "start_seed", "seed"]
    assert list(table)[:8] == asked
    assert set(COLUMNS) - {"step"} <= set(table)
    assert list(table)[-2:] == ["regime", "error"]
    assert len(table) == len(POINTS) * 3
    pd.testing.assert_frame_equal(table, table.sort_values(asked[:5], ignore_index=True))


def test_large_seeds_survive_a_csv_file(table):
    again = pd.read_csv(io.StringIO(table.to_csv(index=False)), dtype={"seed": "UInt64"})
    assert (again["seed"] == table["seed"]).all()
    assert (again["mean_trust"] == table["mean_trust"]).all()
    assert table["seed"].max() > 2**53  # more than a float can tell apart


@pytest.mark.parametrize("workers", [1, 3])
def test_a_failing_point_is_a_row_and_costs_no_other(table, workers):
    bad = {"stigma_transfer": -1.0, "loyalty": 0.5, "start": "silent", "network": "made"}
    worse = {"stigma_transfer": 0.0, "loyalty": 0.5, "start": "sleeping", "network": "made"}
    mixed = run([bad, *POINTS, worse], workers=workers)
    failed = mixed["error"] != ""
    assert failed.sum() == 6
    assert mixed.loc[failed, "error"].str.contains("stigma_transfer = -1.0|sleeping").all()
    assert mixed.loc[failed, "ally_share"].isna().all()
    assert mixed.loc[failed, "seed"].notna().all()
    pd.testing.assert_frame_equal(mixed[~failed].reset_index(drop=True), table, check_exact=True)


def test_a_network_that_cannot_be_made_is_a_row_too():
    def refuse(seed):
        raise RuntimeError("no network today")

    rows = sweep.run_points([{}], networks={"none": refuse}, steps=5, replicates=2)
    assert list(rows["error"]) == ["RuntimeError: no network today"] * 2


def test_an_interrupt_ends_the_sweep_at_once():
    begun = []

    def task(number):
        begun.append(number)
        time.sleep(0.001)
        if number == 3:
            raise KeyboardInterrupt
        return number

    with pytest.raises(KeyboardInterrupt):
        list(sweep.completed(task, list(range(1000)), workers=2))
    assert len(begun) < 500


def test_wrong_requests_are_refused_before_the_first_run():
    for wrong in (
        {"points": [{"stigma_transfr": 0.1, "network": "made"}]},
        {"points": [{"network": "nowhere"}]},
        {"points": [{"stigma_transfer": 0.1}]},  # which of the two networks?
        {"replicates": 0},
        {"workers": 0},
        {"seed": -1},
        {"schedule": "sometimes"},
        {"steps": 1.5},
    ):
        with pytest.raises(InputError):
            run(**wrong)
    with pytest.raises(InputError):
        ramp(parameter="stigma")


def test_a_ramp_is_one_continuing_run():
    rows = ramp(replicates=1)
    assert list(rows["stigma_transfer"]) == [0.2, 0.8, 0.8, 0.2]
    assert list(rows["direction"]) == ["up", "up", "down", "down"]
    state, first = "allied", rows.iloc[0]
    for row in rows.itertuples():
        state = simulate(
            Parameters(stigma_transfer=row.stigma_transfer), made(int(first.network_seed)), steps=10, start=state,
            start_seed=int(first.start_seed), seed=int(first.seed),
        )  # fmt: skip
        assert row.ally_share == state.history["ally_share"].iloc[-1]
    assert state.state.step == 40


def test_a_failing_ramp_keeps_what_it_had():
    rows = ramp(values=[0.2, -1.0], replicates=1)
    assert list(rows["error"] != "") == [False, True]
    assert rows["stigma_transfer"].iloc[1] == -1.0


def test_summary_counts_regimes_and_replicates():
    runs = pd.DataFrame(
        {
            "point": [1, 1, 1, 1, 2, 2],
            "regime": ["spread", "spread", "silence", "spread", "silence", "hollow"],
            "ally_share": [0.0, 0.1, 0.2, 1.0, 0.5, 0.5],
            "error": ["", "", "", "", "", "broken"],
        }
    )
    summary = sweep.summarise(runs, ["point"], ["ally_share"])
    assert list(summary["runs"]) == [4, 1]
    assert list(summary["regime"]) == ["spread", "silence"]
    assert list(summary["agreement"]) == [0.75, 1.0]
    assert summary["ally_share_median"].iloc[0] == pytest.approx(0.15)


def test_differences_are_taken_within_replicates():
    runs = pd.DataFrame({"speed": ["slow"] * 4, "replicate": [2, 0, 1, 3], "ally_share": [0.5, 0.1, 0.3, 0.9]})
    others = pd.DataFrame({"speed": ["slow"] * 3, "replicate": [0, 1, 2], "ally_share": [0.3, 0.3, 0.6]})
    (row,) = sweep.differences(runs, others, ["speed"], ["ally_share"]).itertuples()
    assert (row.speed, row.measure, row.pairs, row.lower) == ("slow", "ally_share", 3, 2)
    assert (row.p10, row.median, row.p90) == pytest.approx((-0.18, -0.1, -0.02))


def test_failed_runs_are_taken_out_and_told():
    tables = {"a": pd.DataFrame({"error": ["", "broken"]}), "b": pd.DataFrame({"error": [""]})}
    kept, problems = sweep.finished(tables)
    assert [len(table) for table in kept.values()] == [1, 1]
    assert problems == ["broken"]


def test_a_share_is_shown_in_per_cent():
    row = {"ally_share_p10": 0.53, "ally_share_median": 0.576, "ally_share_p90": 0.6}
    assert sweep.shown(row, "ally_share") == "58 % (53 to 60)"


def test_seeds_are_spread_over_the_whole_range():
    seeds = [sweep.derived_seed(7, replicate, purpose) for replicate in range(500) for purpose in (1, 2, 3)]
    assert len(set(seeds)) == 1500
    assert 0.45 < sum(seed >> 63 for seed in seeds) / 1500 < 0.55
    assert sweep.derived_seed(7, 0, 1) != sweep.derived_seed(8, 0, 1)


class Terminal(io.StringIO):
    def isatty(self):
        return True


def advanced(stream, seconds, items=4, **outcome):
    now = [0.0]
    with Progress(items, "runs", stream=stream, clock=lambda: now[0]) as progress:
        for second in seconds:
            now[0] = float(second)
            progress.advance(**outcome)
    return stream.getvalue()


def test_progress_rewrites_one_line_on_a_terminal():
    text = advanced(Terminal(), [1, 2, 3, 4])
    assert text.count("\n") == 1 and text.endswith("\n")
    assert "2 of 4 runs, 1 per second, 0:02 left" in text
    assert "4 of 4 runs in 0:04" in text


def test_progress_is_quiet_in_a_log_but_not_for_long():
    assert advanced(io.StringIO(), [1, 2, 3, 4]) == "0 of 4 runs\n4 of 4 runs in 0:04\n"
    assert "2 of 4 runs, 0.0417 per second, 0:48 left\n" in advanced(io.StringIO(), [1, 25, 26, 27])


def test_progress_counts_failures_and_tells_an_early_end():
    assert "(4 failed)" in advanced(io.StringIO(), [1, 2, 3, 4], failed=True)
    assert advanced(io.StringIO(), [1, 2]).endswith("2 of 4 runs in 0:02, stopped\n")


def test_a_sweep_tells_its_progress():
    stream = io.StringIO()
    bad = {"stigma_transfer": -1.0}
    with Progress(4, stream=stream) as progress:
        sweep.run_points([{}, bad], networks={"made": made}, steps=5, replicates=2, progress=progress)
    assert "4 of 4 runs (2 failed)" in stream.getvalue()


def test_starts_that_cannot_be_told_apart_in_a_table_are_refused():
    given = {"small": networks.two_groups(n_people=40, mean_degree=4, seed=1)}
    with pytest.raises(InputError, match="must be a word or a share"):
        sweep.run_points([{"start": ["ally"] * 40}], networks=given, steps=2)


@pytest.mark.parametrize(("values", "point"), [([], {}), ([0.2], {"loyalty": 0.1})])
def test_a_ramp_needs_values_and_a_parameter_of_its_own(values, point):
    given = {"small": networks.two_groups(n_people=40, mean_degree=4, seed=1)}
    with pytest.raises(InputError, match="values of loyalty"):
        sweep.run_ramp([point], networks=given, parameter="loyalty", values=values, hold=2)
