"""A figure of a sweep shows every run, also those that nothing was done to, and names everything as it was named."""

import numpy as np
import pytest

import sim

BASE = {"network_n_people": 40, "network_mean_degree": 4, "steps": 10, "replicates": 2}


def swept(**axes):
    return sim.sweep(BASE | axes, executor="threads", workers=1)


def titles(fig):
    return [ax.get_title(loc="left") for ax in fig.axes[: len(fig.axes) // 2]]


def ticks(ax):
    return [tick.get_text() for tick in ax.get_xticklabels()]


def points(ax, label="allies"):
    return next(one for one in ax.containers if one.get_label() == label)[0].get_ydata()


def curve(ax, label="allies"):
    return next(line for line in ax.lines if line.get_label() == label).get_xydata()


def median(table, name="ally_share", **values):
    for column, value in values.items():
        table = table[table[column] == value]
    return table[name].median()


def test_runs_that_nothing_is_done_to_stand_in_every_panel():
    made = swept(intervention=["none", "betrayal_scandal"], intervention_begin=[2, 5])
    fig = made.plot()
    assert titles(fig) == ["Intervention begin: 2", "Intervention begin: 5"]
    for ax, begin in zip(fig.axes, (2, 5), strict=False):
        scandal = median(made.table, intervention="betrayal_scandal", intervention_begin=begin)
        assert points(ax).tolist() == [scandal, median(made.table, intervention="none")]
    assert ticks(fig.axes[2]) == ["betrayal scandal", "none"]
    assert "replicates per point: 2;" in fig._supxlabel.get_text()


@pytest.mark.parametrize("begins", [[2, 5], [0, 5, 8, 11]])
def test_runs_that_nothing_is_done_to_are_level_along_the_beginnings_of_others(begins):
    made = swept(intervention=["none", "protection"], intervention_begin=begins)
    fig = made.plot(x="intervention_begin", by="intervention")
    assert titles(fig) == ["Intervention: none", "Intervention: protection"]
    level = median(made.table, intervention="none")
    assert np.array_equal(curve(fig.axes[0]), [(begin, level) for begin in begins])


def test_a_plan_in_parts_and_nothing_are_drawn_along_the_beginnings():
    parts = [{"kind": "protection", "begin": 0}, {"kind": "betrayal_scandal", "begin": 1}]
    design = BASE | {"intervention": ["none", "staggered"], "intervention_begin": [0, 5, 8, 11]}
    design["interventions"] = {"staggered": parts}
    fig = sim.sweep(design, executor="threads", workers=1).plot(x="intervention_begin", by="intervention")
    assert titles(fig) == ["Intervention: none", "Intervention: staggered"]
    assert all(curve(ax)[:, 0].tolist() == [0, 5, 8, 11] for ax in fig.axes[:2])


def test_what_is_only_missing_where_nothing_is_done_does_not_count_as_swept():
    made = swept(intervention=["none", "protection"], intervention_begin=[5], loyalty=[0.1, 0.5])
    fig = made.plot(x="loyalty", by="intervention")
    assert titles(fig) == ["Intervention: none", "Intervention: protection"]
    at_ends = [median(made.table, intervention="none", loyalty=value) for value in (0.1, 0.5)]
    assert curve(fig.axes[0])[:, 1].tolist() == at_ends


def test_words_along_the_axis_stay_in_order_where_rows_are_repeated():
    fig = swept(intervention=["protection", "none"], intervention_begin=[2, 5]).plot(x="intervention")
    assert [ticks(ax) for ax in fig.axes[2:]] == [["none", "protection"]] * 2


def test_switches_stand_along_the_axis():
    made = swept(token_allowed=[True, False])
    ax = made.plot().axes[0]
    assert points(ax).tolist() == [median(made.table, token_allowed=value) for value in (False, True)]


def test_words_along_the_axis_and_above_panels_are_no_mathematics():
    plans = {"$\\frac{0$": ["protection"], "a$b$": ["betrayal_scandal"]}
    design = BASE | {"intervention": [*plans], "interventions": plans, "loyalty": [0.1, 0.5]}
    made = sim.sweep(design, executor="threads", workers=1)
    assert titles(made.plot(x="loyalty")) == ["Intervention: $\\frac{0$", "Intervention: a$b$"]
    along = made.plot(x="intervention", by="loyalty")
    assert ticks(along.axes[2]) == ["$\\frac{0$", "a$b$"]
    assert made.plot(x="loyalty")._repr_html_() and along._repr_html_()


def test_the_words_of_a_figure_name_both_groups_in_every_panel():
    told = swept(loyalty=[0.1, 0.5], start=["silent", "opposed"]).plot(x="loyalty").told()
    for start in ("opposed", "silent"):
        assert f"Advantaged group, Start: {start}: allies, token allies" in told
        assert f"Marginalized group, Start: {start}: welcome allies" in told
    assert swept(loyalty=[0.1, 0.5]).plot().told().startswith("Advantaged group: allies")


def test_runs_that_failed_are_not_drawn():
    made = swept(loyalty=[0.1, 0.5])
    made.table.loc[made.table["loyalty"] == 0.5, "status"] = "failed"
    assert curve(made.plot(x="loyalty").axes[0])[:, 0].tolist() == [0.1]
