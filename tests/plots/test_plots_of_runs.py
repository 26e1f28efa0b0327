"""Figures carry the numbers they were given, and tell what they rest on."""

import base64

import numpy as np
import pandas as pd
import pytest

import sim
from sim.plots import LINES, effect_figure

NETWORK = sim.networks.two_groups(n_people=40, marginalized_share=0.25, mean_degree=6, homophily=0, seed=1)
ONE_GROUP = sim.networks.two_groups(n_people=5, marginalized_share=0, mean_degree=2, seed=1)
DESIGN = {"network_n_people": 40, "network_mean_degree": 6, "steps": 20, "replicates": 4, "seed": 9}


def curves(ax):
    """Return what is drawn by the words of the legend."""
    return {line.get_label(): line for line in ax.lines if not line.get_label().startswith("_")}


def words_in(fig):
    return " ".join(fig._supxlabel.get_text().split())


def test_a_run_is_drawn_as_it_went_for_both_groups():
    run = sim.simulate(network=NETWORK, steps=30, seed=3)
    fig = run.plot()
    drawn = curves(fig.axes[0]) | curves(fig.axes[1])
    columns = [name for name in LINES if name in run.history]
    assert set(drawn) == {LINES[name][3] for name in columns}
    for name in columns:
        line = drawn[LINES[name][3]]
        assert np.array_equal(line.get_ydata(), run.history[name])
        assert (line.get_color(), line.get_marker()) == (LINES[name][0], LINES[name][2])
    assert "30 people" in fig.axes[0].get_title(loc="left")
    assert "seed 3" in words_in(fig) and "not a prediction" in words_in(fig)


def test_interventions_are_marked_where_they_begin():
    scandal = sim.intervention("betrayal_scandal", begin=12, end=13)
    ax = sim.simulate(network=NETWORK, steps=30, interventions=[scandal]).plot().axes[0]
    assert [list(line.get_xdata()) for line in ax.lines if len(line.get_xdata()) == 2] == [[12, 12]]
    assert "betrayal scandal" in [text.get_text() for text in ax.texts]


def test_what_would_begin_after_the_end_is_told_as_not_done():
    plan = [sim.intervention("protection", begin=50), sim.intervention("betrayal_scandal", begin=10, end=11)]
    run = sim.simulate(network=NETWORK, steps=10, interventions=plan)
    fig = run.plot()
    for told in (words_in(fig), run._repr_html_()):
        assert "not done: protection would begin at step 50, after the last one, 10" in told
        assert "; done to it: betrayal scandal;" in told
    assert [text.get_text() for text in fig.axes[0].texts] == ["betrayal scandal"]
    assert fig.axes[0].get_xlim()[1] < 11
    assert repr(run).endswith("marginalized; not done: protection would begin at step 50, after the last one, 10>")
    assert run.not_done == ["not done: protection would begin at step 50, after the last one, 10"]
    assert sim.simulate(network=NETWORK, steps=50, interventions=plan[:1]).not_done == []
    alone = sim.simulate(network=NETWORK, steps=10, interventions=plan[:1])
    assert "; done to it" not in words_in(alone.plot())


def test_what_began_before_a_run_went_on_is_told_and_does_not_stretch_the_axis():
    plan = [sim.intervention("protection", begin=2)]
    before = sim.simulate(network=NETWORK, steps=30, interventions=plan)
    fig = sim.simulate(network=NETWORK, steps=5, start=before, interventions=plan).plot()
    assert "done to it: protection" in words_in(fig) and fig.axes[0].get_xlim()[0] > 29


def test_an_empty_group_says_so():
    fig = sim.simulate(network=ONE_GROUP, steps=3).plot()
    assert curves(fig.axes[0]) and not curves(fig.axes[1])
    assert "nobody" in fig.axes[1].texts[0].get_text()


def test_a_run_without_measures_is_not_drawn():
    with pytest.raises(sim.InputError, match="observe=True"):
        sim.simulate(network=NETWORK, steps=3, observe=False).plot()


def test_a_figure_shows_itself_as_a_picture_with_words():
    shown = sim.simulate(network=NETWORK, steps=3).plot()._repr_html_()
    data = shown.split("base64,")[1].split('"')[0]
    assert base64.b64decode(data).startswith(b"\x89PNG")
    assert 'alt="Advantaged group, 30 people: allies, token allies' in shown


def test_a_sweep_is_drawn_as_medians_over_replicates():
    swept = sim.sweep(DESIGN | {"loyalty": [0.4, 0.9]})
    fig = swept.plot()
    medians = swept.table.groupby("loyalty")["ally_share"].median()
    assert np.array_equal(curves(fig.axes[0])["allies"].get_ydata(), medians)
    assert "replicates per point: 4; root seed 9" in words_in(fig)
    assert "40 people" in words_in(fig)


def test_two_axes_make_a_panel_for_each_value_of_the_shorter_one():
    swept = sim.sweep(DESIGN | {"loyalty": [0.4, 0.6, 0.9], "start": ["silent", "opposed"]})
    axes = swept.plot().axes
    assert [ax.get_title(loc="left") for ax in axes[:2]] == ["Start: opposed", "Start: silent"]
    opposed = swept.table[swept.table["start"] == "opposed"].groupby("loyalty")["gatekeep_share"].median()
    assert np.array_equal(curves(axes[2])["keep allies out"].get_ydata(), opposed)
    assert len(swept.plot(x="start").axes) == 6


def test_words_along_the_axis_stand_where_their_points_are():
    swept = sim.sweep(DESIGN | {"start": ["silent", "allied", "opposed"]})
    ax = swept.plot().axes[1]
    assert [tick.get_text() for tick in ax.get_xticklabels()] == ["allied", "opposed", "silent"]
    medians = swept.table.groupby("start")["mean_trust"].median()
    points = next(one for one in ax.containers if one.get_label() == "average trust")[0]
    assert np.array_equal(points.get_ydata(), medians)
    assert [round(float(at)) for at in points.get_xdata()] == [0, 1, 2]


def test_bars_at_words_reach_from_the_10th_to_the_90th_percentile():
    swept = sim.sweep(DESIGN | {"start": ["silent", "allied"]})
    drawn = next(one for one in swept.plot().axes[1].containers if one.get_label() == "average trust")
    ends = np.array([segment[:, 1] for segment in drawn[2][0].get_segments()])
    spread = swept.table.groupby("start")["mean_trust"].quantile([0.1, 0.5, 0.9]).unstack()
    assert ends == pytest.approx(spread[[0.1, 0.9]].to_numpy())
    assert (np.abs(spread[0.1] + spread[0.9] - 2 * spread[0.5]) > 1e-6).all()  # else swapped arms would look the same


def test_steps_can_be_the_axis():
    swept = sim.sweep(DESIGN | {"loyalty": [0.4, 0.9]}, record=["steps"])
    medians = swept.steps[swept.steps["loyalty"] == 0.4].groupby("step")["ally_share"].median()
    assert np.array_equal(curves(swept.plot(x="step").axes[0])["allies"].get_ydata(), medians)


@pytest.mark.parametrize(
    ("axes", "given", "message"),
    [
        ({}, {}, "one point"),
        ({"loyalty": [0.4, 0.9]}, {"x": "loyality"}, "did you mean 'loyalty'"),
        ({"loyalty": [0.4, 0.9]}, {"x": "step"}, "record="),
        ({"loyalty": [0.4, 0.9], "noise": [1, 2], "sanction": [1, 2]}, {}, "at most two"),
        ({"loyalty": [0.3, 0.4, 0.5, 0.6, 0.7, 0.8], "noise": [1, 2]}, {"x": "noise"}, "at most 5"),
    ],
)
def test_what_cannot_be_drawn_is_refused_in_a_sentence(axes, given, message):
    with pytest.raises(sim.InputError, match=message):
        sim.sweep(DESIGN | {"replicates": 1, "steps": 2} | axes).plot(**given)


def test_a_comparison_is_drawn_in_points_with_its_intervals():
    compared = sim.compare(["protection"], network={"n_people": 40}, steps=20, replicates=5)
    fig = compared.plot()
    row = compared.table.set_index("measure").loc["mean_trust"]
    drawn = next(one for one in fig.axes[1].containers if one.get_label() == "average trust")
    assert drawn[0].get_xdata()[0] == pytest.approx(100 * row["difference"])
    low, high = drawn[2][0].get_segments()[0][:, 0]
    assert (low, high) == pytest.approx((100 * row["low"], 100 * row["high"]))
    assert "5 pairs" in words_in(fig)


def test_an_interval_need_not_be_even():
    table = pd.DataFrame([{"measure": "ally_share", "difference": 0.1, "low": 0.05, "high": 0.3, "n": 4}])
    drawn = effect_figure(table, title="protection").axes[0].containers[0]
    assert drawn[2][0].get_segments()[0][:, 0] == pytest.approx([5, 30])
