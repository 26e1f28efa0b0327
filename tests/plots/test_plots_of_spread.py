"""Lines and bands lie where the quantiles of the replicates do, symbols where the regimes."""

from __future__ import annotations

import matplotlib.colors
import numpy as np
import pandas as pd
import pytest

from sim.plots import LINES, band, regime_map
from sim.plots.lines import loop
from sim.plots.looks import LOOPS, REGIMES
from sim.plots.pages import figure

SHARES = np.linspace(0, 1, 11)  # ten per cent of them lie below 0.1, ninety below 0.9


def axes():
    return figure(4, 3).subplots()


def test_a_band_reaches_from_the_10th_to_the_90th_percentile_around_the_median():
    table = pd.DataFrame({"x": np.repeat([0.0, 2.0], 11), "y": [*SHARES, *(SHARES / 2)]})
    ax = band(axes(), table, x="x", y="y", look=LINES["ally_share"])
    drawn = [line.get_xydata().round(9).tolist() for line in ax.lines]
    assert drawn == [[[0, 0.1], [2, 0.05]], [[0, 0.9], [2, 0.45]], [[0, 0.5], [2, 0.25]]]
    (outline,) = ax.collections[0].get_paths()
    assert {tuple(corner) for corner in outline.vertices.round(9)} == {(0, 0.1), (0, 0.9), (2, 0.05), (2, 0.45)}


def test_a_loop_ends_beside_where_runs_ended_that_were_left_alone():
    ways = [("up", 0.0, 0.1), ("up", 1.0, 0.8), ("down", 1.0, 0.8), ("down", 0.0, 0.6)]
    detour = pd.DataFrame(ways, columns=["direction", "x", "y"]).assign(path="detour", place=range(4))
    stay = pd.DataFrame({"direction": "up", "x": 0.0, "y": [0.9, 0.2, *SHARES], "path": "stay",
                         "place": [0, 1, *[2] * 11]})  # fmt: skip
    ax = loop(axes(), pd.concat([detour, stay]), x=("x", "X"), y="y")
    (beside,) = (one for one in ax.containers if one.get_label() == LOOPS["stay"][3])
    assert beside[0].get_xydata().round(9).tolist() == [[-0.06, 0.5]]
    (bar,) = beside[2][0].get_segments()
    assert bar.round(9).tolist() == [[-0.06, 0.1], [-0.06, 0.9]]


@pytest.mark.parametrize(("n_spread", "is_agreed"), [(8, False), (9, True), (10, True)])
def test_a_symbol_stands_alone_where_nine_of_ten_replicates_agree(n_spread, is_agreed):
    table = pd.DataFrame({"x": 0.1, "y": 1.0, "regime": ["spread"] * n_spread + ["hollow"] * (10 - n_spread)})
    ax = regime_map(axes(), table, x="x", y="y")
    assert [text.get_text() for text in ax.texts] == ([] if is_agreed else [f"{10 * n_spread}"])
    (symbol,) = (line for line in ax.lines if line.get_marker() == REGIMES["spread"][2])
    assert symbol.get_xydata().tolist() == [[0, 0 if is_agreed else 0.23]]


@pytest.mark.parametrize(("shares", "is_marked"), [([0.4, 0.6], False), ([0.5, 0.52], True), ([0.2, 0.3], False)])
def test_a_corner_marks_a_median_above_one_half(shares, is_marked):
    table = pd.DataFrame({"x": 0.1, "y": 1.0, "regime": "silence", "ally_share": shares})
    ax = regime_map(axes(), table, x="x", y="y", corner="ally_share")
    colour = matplotlib.colors.to_hex(LINES["ally_share"][0])
    corners = [line for line in ax.lines if matplotlib.colors.to_hex(line.get_markerfacecolor()) == colour]
    assert [line.get_xydata().tolist() for line in corners] == [[[0.36, 0.34]]] * is_marked
