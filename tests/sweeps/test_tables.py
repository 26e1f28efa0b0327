"""Tables of runs, summed up and compared."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from sim.checks import InputError
from sim.sweeps import mean_interval, tables


@pytest.mark.parametrize(("by", "columns"), [(["pont"], ["ally_share"]), (["point"], ["ally_shar"])])
def test_a_summary_of_what_is_not_there_is_refused(by, columns):
    with pytest.raises(InputError, match=r"column '(pont|ally_shar)' is not known \(did you mean"):
        tables.summarise(pd.DataFrame({"point": [1], "ally_share": [0.5]}), by, columns)


def test_summary_counts_regimes_and_replicates():
    runs = pd.DataFrame(
        {
            "point": [1, 1, 1, 1, 2, 2],
            "regime": ["spread", "spread", "silence", "spread", "silence", "hollow"],
            "ally_share": [0.0, 0.1, 0.2, 1.0, 0.5, 0.5],
            "status": ["done"] * 5 + ["failed"],
        }
    )
    summary = tables.summarise(runs, ["point"], ["ally_share"])
    assert list(summary["runs"]) == [4, 1]
    assert list(summary["regime"]) == ["spread", "silence"]
    assert list(summary["agreement"]) == [0.75, 1.0]
    spread = summary[["ally_share_p10", "ally_share_median", "ally_share_p90"]].to_numpy()
    assert spread[0] == pytest.approx([0.03, 0.15, 0.76]) and spread[1] == pytest.approx([0.5] * 3)


def test_summary_has_means_with_their_intervals():
    runs = pd.DataFrame({"point": [1, 1, 1, 1, 2], "regime": "spread", "ally_share": [0.0, 0.1, 0.2, 1.0, 0.5]})
    first, lonely = tables.summarise(runs, ["point"], ["ally_share"]).itertuples()
    expected = mean_interval([0.0, 0.1, 0.2, 1.0])
    assert (first.ally_share_mean, first.ally_share_low, first.ally_share_high) == pytest.approx(tuple(expected)[:3])
    assert lonely.ally_share_mean == 0.5 and math.isnan(lonely.ally_share_low) and math.isnan(lonely.ally_share_high)


def test_differences_are_taken_within_replicates():
    runs = pd.DataFrame({"speed": ["slow"] * 4, "replicate": [2, 0, 1, 3], "ally_share": [0.5, 0.1, 0.3, 0.9]})
    others = pd.DataFrame({"speed": ["slow"] * 3, "replicate": [0, 1, 2], "ally_share": [0.3, 0.3, 0.6]})
    (row,) = tables.differences(runs, others, ["speed"], ["ally_share"]).itertuples()
    assert (row.speed, row.measure, row.pairs, row.lower) == ("slow", "ally_share", 3, 2)
    assert (row.p10, row.median, row.p90) == pytest.approx((-0.18, -0.1, -0.02))


@pytest.mark.parametrize(
    ("by", "columns", "told"),
    [
        ([], ["ally_share"], "by is an empty list"),
        (["speed"], [], "columns is an empty list"),
        (["sped"], ["ally_share"], "column in by: 'sped' is not known.*'speed'"),
        (["speed"], ["mean_trust"], "column in columns: 'mean_trust' is not known"),
    ],
)
def test_what_cannot_be_compared_is_named(by, columns, told):
    runs = pd.DataFrame({"speed": ["slow"], "replicate": [0], "ally_share": [0.5]})
    with pytest.raises(InputError, match=told):
        tables.differences(runs, runs, by, columns)


@pytest.mark.parametrize(("others_begin", "pairs", "median"), [([None, None], 2, -0.3), ([5.0, None], 1, -0.2)])
def test_others_to_whom_nothing_is_done_stand_against_every_beginning_if_all_are_such(others_begin, pairs, median):
    """One of the others that has a beginning makes them all count by theirs."""
    runs = pd.DataFrame({"intervention_begin": [5.0, 5.0], "replicate": [0, 1], "ally_share": [0.2, 0.2]})
    others = pd.DataFrame({"intervention_begin": pd.Series(others_begin, dtype=float), "replicate": [0, 1],
                           "ally_share": [0.4, 0.6]})  # fmt: skip
    (row,) = tables.differences(runs, others, ["intervention_begin"], ["ally_share"]).itertuples()
    assert (row.intervention_begin, row.pairs) == (5, pairs)
    assert row.median == pytest.approx(median)


def test_a_share_is_shown_in_per_cent():
    row = {"ally_share_p10": 0.53, "ally_share_median": 0.576, "ally_share_p90": 0.6}
    assert tables.shown(row, "ally_share") == "58 % (53 to 60)"
