"""Pairs of runs with all else in common: effects that are the interventions', whoever does the work."""

from __future__ import annotations

import numpy as np
import pytest

from sim import InputError, Parameters, simulate
from sim.effects.comparing import MEASURES, compare
from sim.effects.tracing import trace
from sim.interventions import intervention
from sim.networks import two_groups
from sim.outcomes import tail_means
from sim.sweeps.replicates import effect_of, mean_interval
from sim.sweeps.seeds import seeds_of

SMALL = {"n_people": 80, "mean_degree": 6}
PROTECTION = [intervention("protection", scale={"sanction": 0.2})]


@pytest.fixture(scope="module")
def compared():
    return compare(PROTECTION, network=SMALL, steps=60, replicates=12, seed=4)


def test_nothing_against_nothing_is_no_difference_at_all():
    same = compare(PROTECTION, PROTECTION, network=SMALL, steps=30, replicates=3)
    assert (same.table[["difference", "higher_share", "lower_share"]].dropna() == 0).all(axis=None)
    assert (np.nan_to_num(same.differences) == 0).all()


def test_before_the_beginning_nothing_differs_and_afterwards_something_does():
    late = compare(["ridicule"], [], network=SMALL, steps=20, replicates=3)
    later = compare([intervention("ridicule", begin=12)], network=SMALL, steps=20, replicates=3)
    assert (np.nan_to_num(later.differences[:, :13]) == 0).all()
    assert (np.nan_to_num(later.differences) != 0).any() and (np.nan_to_num(late.differences[:, :13]) != 0).any()


def test_protection_helps(compared):
    table = compared.table.set_index("measure")
    assert table.low["ally_share"] > 0 and table.standardized["ally_share"] > 0.5
    assert table.higher_share["ally_share"] > 0.5 > table.lower_share["ally_share"]
    assert list(table.index) == list(MEASURES)


def test_the_runs_are_those_of_simulate_with_the_seeds_in_the_table(compared):
    for replicate in (0, 7):
        seeds = seeds_of(4, replicate)
        network = two_groups(**SMALL, seed=seeds.network_seed)
        for arm, done in (("without", []), ("with", PROTECTION)):
            run = simulate(Parameters(), network, steps=60, seed=seeds.seed, start_seed=seeds.start_seed,
                           interventions=done)  # fmt: skip
            row = compared.runs[(compared.runs.replicate == replicate) & (compared.runs.arm == arm)].iloc[0]
            assert tuple(row[["network_seed", "start_seed", "seed"]]) == seeds
            assert row.regime == str(run.regime)
            expected = tail_means(run.history)
            assert [row[name] for name in MEASURES] == pytest.approx([expected[name] for name in MEASURES], nan_ok=True)


def test_the_table_is_the_paired_effect(compared):
    runs = compared.runs
    for row in compared.table.itertuples():
        without, with_ = (runs.loc[runs.arm == arm, row.measure].to_numpy() for arm in ("without", "with"))
        effect = effect_of(with_, without, paired=True)
        assert (row.difference, row.low, row.high, row.n) == effect.difference
        assert row.standardized == effect.standardized.estimate
        assert row.mean_with - row.mean_without == pytest.approx(row.difference, abs=1e-12)


def test_intervals_over_time_are_those_of_mean_interval(compared):
    over = compared.over_time
    assert len(over) == 61 * len(MEASURES)
    for place in range(0, len(over), 37):
        row = over.iloc[place]
        values = compared.differences[:, int(row.step), MEASURES.index(row.measure)]
        expected = mean_interval(values)
        assert row.n == expected.n
        assert (row.difference, row.low, row.high) == pytest.approx(expected[:3], abs=1e-9, nan_ok=True)


def test_the_level_is_that_of_every_interval():
    compared = compare(PROTECTION, network=SMALL, steps=10, replicates=5, measures=["ally_share"], level=0.5)
    assert (compared.table.high > compared.table.low).all()
    runs = compared.runs
    with_, without = (runs.loc[runs.arm == arm, "ally_share"].to_numpy() for arm in ("with", "without"))
    (row,) = compared.table.itertuples()
    assert (row.difference, row.low, row.high, row.n) == effect_of(with_, without, paired=True, level=0.5).difference
    last = compared.over_time.iloc[-1]
    expected = mean_interval(compared.differences[:, -1, 0], 0.5)
    assert (last.low, last.high) == pytest.approx((expected.low, expected.high), abs=1e-12) and last.low < last.high


def test_workers_never_change_a_result():
    one, many = (compare(["empathy"], ["contact"], network=SMALL, steps=25, replicates=6, workers=w) for w in (1, 5))
    assert one.runs.equals(many.runs) and one.table.equals(many.table) and one.over_time.equals(many.over_time)


def test_one_network_for_all_replicates_and_one_replicate():
    network = two_groups(60, mean_degree=6, seed=9)
    one = compare(["protection"], network=network, steps=10, replicates=1, measures=["ally_share", "mean_trust"])
    assert one.table.n.tolist() == [1, 1] and one.table.low.isna().all()
    assert (one.over_time.n == 1).all() and one.over_time[["low", "high"]].isna().all(axis=None)
    start = simulate(network=network, steps=5, seed=3)
    going_on = compare(["protection"], network=network, steps=10, replicates=2, start=start)
    assert going_on.over_time.step.min() == 5 and set(going_on.runs.start_seed) == {3}
    assert "protection" in repr(going_on)


def test_a_measure_that_is_never_known_has_no_effect():
    table = compare(["protection"], network={"n_people": 20, "mean_degree": 4, "marginalized_share": 0}, steps=5,
                    replicates=2, measures=["mean_trust", "ally_share"]).table  # fmt: skip
    assert table.n.tolist() == [0, 2] and np.isnan(table.difference[0])


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"with_": "protection"}, "interventions"),
        ({"network": 5}, "network"),
        ({"network": {"family": "two_group"}}, "two_groups"),
        ({"network": {"n_peple": 10}}, "n_people"),
        ({"network": {"n_people": 10, "seed": 1}}, "seed"),
        ({"network": {"n_people": -1}}, "n_people"),
        ({"parameters": {}}, "parameters"),
        ({"steps": -1}, "steps"),
        ({"replicates": 0}, "replicates"),
        ({"seed": -1}, "seed"),
        ({"start": "allyed"}, "allied"),
        ({"schedule": "random"}, "schedule"),
        ({"measures": "ally_share"}, "measures"),
        ({"measures": ["ally_shar"]}, "ally_share"),
        ({"measures": []}, "measures"),
        ({"level": 1}, "level"),
        ({"workers": 0}, "workers"),
    ],
)
def test_bad_input_is_refused(wrong, words):
    arguments = {"with_": ["protection"], "network": SMALL, "steps": 2, "replicates": 1} | wrong
    with pytest.raises(InputError, match=words):
        compare(**arguments)


def test_a_state_without_its_network_is_refused():
    start = simulate(network=two_groups(80, mean_degree=6, seed=1), steps=2)
    for one in (start, start.state):
        with pytest.raises(InputError, match="network"):
            compare(["protection"], network=SMALL, steps=2, replicates=1, start=one)


@pytest.mark.parametrize("start", ["silent", {0: "bystand"}, "a run"])
def test_what_would_begin_after_the_end_is_refused_whatever_the_start(start):
    network = two_groups(**SMALL, seed=1)
    last = 14 if start == "a run" else 10
    start = simulate(network=network, steps=4) if start == "a run" else start
    with pytest.raises(InputError, match=rf"begin = 15 lies beyond the last step, {last}"):
        late = [intervention("protection", begin=15)]
        compare(late, network=network, steps=np.int64(10), replicates=2, start=start)


def test_measures_that_are_no_names_are_refused():
    with pytest.raises(InputError, match="list of names"):
        compare(["protection"], network=SMALL, steps=2, replicates=2, measures=[[]])


def test_what_would_begin_after_the_end_is_refused():
    with pytest.raises(InputError, match=r"protection: begin = 21 lies beyond the last step, 20"):
        compare([intervention("protection", begin=21)], network={"n_people": 50}, steps=20, replicates=2)


def test_what_begins_at_the_last_step_is_seen_there_and_nowhere_else():
    last = intervention("committed_allies", begin=6, share=0.5)
    over = compare([last], network=SMALL, steps=6, replicates=2, measures=["ally_share"]).over_time
    assert (over.difference[:-1] == 0).all() and over.difference.iloc[-1] > 0.3


def test_parameters_in_the_second_slot_are_told_where_they_go():
    for function in (compare, trace):
        with pytest.raises(InputError, match=r"without, the second slot, must be .*parameters=sim.Parameters\("):
            function(["protection"], Parameters(loyalty=0.5))
        with pytest.raises(InputError, match="with_, the first slot, must be a list of interventions"):
            function(Parameters())


def test_nothing_against_nothing_at_all_is_refused():
    with pytest.raises(InputError, match="nothing is done in either arm"):
        compare([], network=SMALL, steps=2)


def test_what_is_printed_says_which_steps_and_which_interval(compared):
    assert "12 pairs of runs" in repr(compared)
    assert "Averages over the last tenth of each run; low to high: 95 % interval (Student's)" in repr(compared)
    one = repr(compare(PROTECTION, network=SMALL, steps=5, replicates=1))
    assert "1 pair of runs" in one and "one pair gives no interval" in one and "low " not in one and "NaN" not in one
