"""The figure of eight published models: ours with intervals, and what is published or exact, panel by panel."""

import numpy as np

from sim import plots
from sim.classics import brock_durlauf, granovetter, ising, watts
from sim.plots.looks import BLUE, INK

COST = 0.3  # of speaking, in the model of opinion expression
LOOKS = [(BLUE, "o"), (INK, "s"), ("#AA4499", "^")]  # of ours, by case
GOLDEN = {"color": "#D9AE00", "zorder": 1}  # what is published or exact
WORDS = {  # what is on the axes of a panel
    "Granovetter": ("Spread of thresholds", "Share that acts in the end"),
    "Watts": ("Mean degree", "Runs with a global cascade"),
    "Brock & Durlauf": ("Field", "Mean choice"),
    "Ising": ("Coupling", "Mean choice"),
    "Centola & Macy": ("Rewired ties", "Runs that spread to all"),
    "Centola & Macy, with noise": ("Rewired ties", "Steps until 90 % have joined"),
    "Centola et al.": ("Committed share", "Runs that tip"),
    "Emperor's dilemma": ("Believers", "Runs with false enforcement"),
    "Emperor's dilemma, rewired": ("Rewired ties", "Runs with false enforcement"),
    "Gaisbauer et al.": ("Homophily of ties", "Runs"),
}
SHARES = {"ylim": (-0.05, 1.05), "yticks": [0, 0.25, 0.5, 0.75, 1]}
ROOM = SHARES | {"ylim": (-0.05, 1.4)}  # for the key
SCALES = {
    "Brock & Durlauf": {"xlim": (-0.43, 0.43), "ylim": (-1.1, 2.1), "yticks": [-1, 0, 1]},
    "Ising": {},
    "Centola & Macy": ROOM,
    "Centola & Macy, with noise": {"yscale": "log", "ylim": (4, 3000)},
    "Emperor's dilemma": ROOM | {"xscale": "log"},
    "Gaisbauer et al.": ROOM,
}
KEYS = {"Brock & Durlauf": "upper left", "Centola & Macy": "upper right", "Centola & Macy, with noise": "upper right",
        "Emperor's dilemma": "upper left", "Gaisbauer et al.": "upper left"}  # fmt: skip


def draw(design, tables, seed):
    """Draw points of ours with intervals, and what is published or exact, model by model."""
    figure, theory, marks = plots.figure(9, 13.2), lines(), published()
    for letter, ax, (model, words) in zip("abcdefghij", figure.subplots(5, 2).flat, WORDS.items(), strict=True):
        for (x, y), dashes in zip(theory.get(model, ()), ("-", "--"), strict=False):
            ax.plot(x, y, **GOLDEN, linewidth=1.4, linestyle=dashes, label="exact" if dashes == "-" else None)
        for x, y in marks.get(model, ()):
            ax.axvline(x, **GOLDEN, linewidth=0.8)
            ax.plot(x, y, marker="D", markersize=6.5, color=GOLDEN["color"], markeredgecolor=INK, zorder=4)
        if model == "Centola et al.":  # where groups of a thousand are said to tip
            ax.axvspan(0.23, 0.25, color="#EFEFEF", linewidth=0, zorder=0)
        draw_points(ax, model, tables["points"].query("model == @model"))
        plots.plain(ax, title=f"{letter}   {model}", x=words[0], y=words[1])
        ax.set(**SCALES.get(model, SHARES))
        ax.legend(fontsize=7, handlelength=1.6, labelspacing=0.25, framealpha=0.85, edgecolor="none",
                  loc=KEYS.get(model, "best")).set_zorder(5)  # fmt: skip
    plots.note(figure, [
        f"Symbols: ours, mean and 95 % interval over {design['replicates']} replicates (shares of runs: Wilson's; b: "
        f"{design['cascades']} replicates), root seed {seed}. Golden lines, and diamonds on them: published or exact. "
        f"a: {design['crowd']:,} people, thresholds around .25; near the jump replicates fall on either side. "
        f"b: {design['crowd']:,} people, threshold .18. c: {5 * design['people']:,} people, interaction 1.5. "
        "e: a ring with eight ties each; diamonds: published as failing, with three contacts at .2, with two at 1. "
        "f: 1 % chance per step with too few contacts. h, i: 32 x 32 lattice; the paper's numbers were not at hand, so "
        "nothing is compared. j: cost .3, equal groups; the bounds hold for perfectly sharp choices of people who know "
        "their rewards, ours are sharp (b = 100) but learn from one neighbour at a time.",
    ])  # fmt: skip
    return figure


def draw_points(ax, model, points):
    """Draw the points of a panel, side by side where its cases share their places."""
    width = points["x"].max() - points["x"].min()
    is_log = "xscale" in SCALES.get(model, {})
    cases = zip(LOOKS, points.groupby("case", sort=False), strict=False)
    for rank, ((colour, marker), (case, rows)) in enumerate(cases):
        ends = [(rows["estimate"] - rows["low"]).clip(lower=0), (rows["high"] - rows["estimate"]).clip(lower=0)]
        place = rows["x"] * 1.07**rank if is_log else rows["x"] + 0.009 * rank * width
        ax.errorbar(place, rows["estimate"], ends, color=colour, marker=marker, markersize=4, linestyle="none",
                    elinewidth=1, label=case, zorder=3)  # fmt: skip


def lines():
    """Return what is exact, by model: lines in its panel."""
    spreads, degrees = np.linspace(0.05, 0.2, 400), np.linspace(0.5, 7, 300)
    choices, couplings = np.linspace(-0.9999, 0.9999, 2000), np.linspace(0.3, 0.8, 1000)
    return {
        "Granovetter": [(spreads, [granovetter.resting_share(0.25, spread) for spread in spreads])],
        "Watts": [(degrees, [watts.cascade_probability(z, 0.18) for z in degrees])],
        "Brock & Durlauf": [(np.arctanh(choices) - 1.5 * choices, choices)],
        "Ising": [(couplings, [ising.square_order(k) for k in couplings]),
                  (couplings, [ising.regular_order(k, 3) for k in couplings])],
    }  # fmt: skip


def published():
    """Return what is published, by model: places in its panel."""
    limit, choice = brock_durlauf.spinodal_field(1.5), np.sqrt(1 - 1 / 1.5)
    return {
        "Granovetter": [(0.12222, 0.0620)],
        "Watts": [(1.021, 0), (5.765, 0)],
        "Brock & Durlauf": [(limit, -choice), (-limit, choice)],
        "Ising": [(0.5, 0.9113)],
        "Centola & Macy": [(0.2, 0), (1, 0)],
        "Centola et al.": [(0.2419, 0.5)],
        "Gaisbauer et al.": [(COST, 0.5), (2 * COST - 1, 0.5)],
    }
