"""Does the model of Chang & Harrington (2020), written anew, give the table that its paper prints?"""

import numpy as np
import pandas as pd

from sim import plots, study, sweeps
from sim.plots.looks import BLUE, INK
from sim.verification.published import PRINTED, PUBLISHED, RANKS, REPLICATIONS, TAKE_OFF, bounds

FULL = {"conformist_share": [0.0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9], "replicates": REPLICATIONS, "first_steps_at": 0.3}
QUICK = FULL | {"replicates": 4}
# No random ties: quantiles of acceptance over 64 replications, in the order of `RANKS`.
PAPER = PUBLISHED | {0.8: (0.958, 0.955, 0.953, 0.033, 0.029), 0.9: (0.976, 0.016, 0.015, 0.014, 0.013)}
FIRST_STEPS = {"revealed": [150, 150, 165, 185, 209, 241], "accepting": [0, 978, 978, 1042, 1118, 1229]}
UNLIKELY = 0.05


def run(design, work):
    """Return single runs, quantiles beside the paper's, counts of take-offs, and the first steps of all runs."""
    axes = {"conformist_share": design["conformist_share"]}
    swept = work.sweep(axes, replicates=design["replicates"], model="chang_harrington", record=["steps"])
    runs = study.done(swept.table)
    steps = swept.steps[swept.steps["conformist_share"] == design["first_steps_at"]]
    return {
        "chang_harrington_runs": runs,
        "chang_harrington_quantiles": quantiles(runs),
        "chang_harrington_take_offs": take_offs(runs),
        "chang_harrington_first_steps": first_steps(steps),
    }


def quantiles(runs):
    """Return quantiles beside the paper's, and between which of ours those of 64 further runs would lie."""
    rows = []
    for w, part in runs.groupby("conformist_share"):
        ours = np.sort(part["last_accepting_share"])
        for (name, rank), paper in zip(RANKS.items(), PAPER[w], strict=True):
            share = (rank - 1) / (REPLICATIONS - 1)
            rows.append((w, name, paper, np.quantile(ours, share), *bounds(ours, rank, UNLIKELY), len(ours)))
    columns = ["conformist_share", "quantile", "paper", "ours", "like_low", "like_high", "runs"]
    return pd.DataFrame(rows, columns=columns).round(5)


def take_offs(runs):
    """Return the share of runs that take off, with Wilson's interval, beside the paper's."""
    rows = []
    for w, (theirs, _) in TAKE_OFF.items():
        ours = runs.loc[runs["conformist_share"] == w, "last_accepting_share"] > 0.5
        rows.append((w, theirs / REPLICATIONS, *sweeps.share_interval(int(ours.sum()), len(ours))))
    return pd.DataFrame(rows, columns=["conformist_share", "paper", "ours", "low", "high", "runs"]).round(5)


def first_steps(steps):
    """Return how many had revealed and accepted in the first steps: ours, and in the paper's one run."""
    ours = {"revealed": 1000 * steps["revealed_share"], "accepting": 6300 * steps["compassionates_accepting"]}
    rows = [(what, step, count, *ours[what][steps["step"] == step].quantile([0.5, 0.05, 0.95]))
            for what, counts in FIRST_STEPS.items() for step, count in enumerate(counts)]  # fmt: skip
    return pd.DataFrame(rows, columns=["what", "step", "paper", "median", "low", "high"]).round(2)


def draw(design, tables, seed):
    """Draw quantiles of both tables side by side, take-off counts, and the first steps."""
    figure = plots.figure(9, 5.4)
    left, right = figure.subplots(1, 2, width_ratios=[1.7, 1])
    draw_quantiles(left, tables["chang_harrington_quantiles"])
    for row in tables["chang_harrington_take_offs"].itertuples():
        place = design["conformist_share"].index(row.conformist_share)
        text = (f"take off\nours {row.ours * row.runs:.0f} of {row.runs}\n"
                f"paper {row.paper * REPLICATIONS:.0f} of {REPLICATIONS}")  # fmt: skip
        left.text(place, 0.6 if row.paper > 0.5 else 0.35, text, ha="center", va="center", fontsize=7, color=INK,
                  bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})  # fmt: skip
    left.legend(frameon=False, fontsize=8, loc="upper left")
    draw_first_steps(right, tables["chang_harrington_first_steps"].query("what == 'accepting'"))
    plots.note(figure, [
        f"10,000 people, no random ties, 300 steps; {design['replicates']} replicates of ours (root seed {seed}) and "
        f"{REPLICATIONS} of the paper. a: marks are medians, thick bars the middle half, thin ones the range. At 80 "
        "and 90 % conformists runs either take off or not. b: ours with 5th to 95th percentile of single runs; the "
        "paper shows one run."
    ])  # fmt: skip
    return figure


def draw_quantiles(ax, table):
    """Draw the quantiles of both tables, share by share."""
    table = table.pivot(index="conformist_share", columns="quantile", values=["paper", "ours"])
    looks = {"paper": (0.13, INK, "D", "Chang & Harrington (2020)"), "ours": (-0.13, BLUE, "o", "ours")}
    for at, (_, row) in enumerate(table.iterrows()):
        for who, (aside, colour, marker, words) in looks.items():
            place, quantile = [at + aside] * 2, row[who]
            ax.plot(place, quantile[["min", "max"]], color=colour, linewidth=0.9)
            ax.plot(place, quantile[["lower quartile", "upper quartile"]], color=colour, linewidth=3.6,
                    solid_capstyle="butt")  # fmt: skip
            ax.plot(place[0], quantile["median"], color=colour, marker=marker, linestyle="none", markersize=6.5,
                    markeredgecolor="white", label=None if at else words)  # fmt: skip
    ax.set_xticks(range(len(table)), [f"{w:g}" for w in table.index])
    plots.shares_axis(plots.plain(ax, title="a   Accepting in the end", x="Share of conformists",
                                  y="Share of those who are not stigmatized"))  # fmt: skip


def draw_first_steps(ax, table):
    """Draw how many accept in the first steps."""
    ends = [table["median"] - table["low"], table["high"] - table["median"]]
    ax.errorbar(table["step"] - 0.08, table["median"], ends, color=BLUE, marker="o", linestyle="none", elinewidth=1.4,
                markersize=5)  # fmt: skip
    ax.plot(table["step"] + 0.08, table["paper"], color=INK, marker="D", linestyle="none", markersize=5)
    plots.plain(ax, title="b   First steps, 30 % conformists", x="Step", y="Compassionates who accept")


def findings(tables):
    """Say which published numbers lie where ours do."""
    table = tables["chang_harrington_quantiles"]
    table = table[np.isfinite(table[["like_low", "like_high"]]).all(axis=1)]
    inside = table["paper"].between(table["like_low"] - PRINTED, table["like_high"] + PRINTED)
    outside = [f"w = {row.conformist_share:g}, {row.quantile}: paper {row.paper:.3f}, ours {row.ours:.3f}"
               for row in table[~inside].itertuples()]  # fmt: skip
    yield (
        f"{inside.sum()} of {len(table)} published quantiles lie where those of 64 further runs of ours would in 95 of "
        f"100 cases; outside: {'; '.join(outside) or 'none'}"
    )
    medians = tables["chang_harrington_quantiles"].query("quantile == 'median'")
    for row in medians.itertuples():
        yield f"median acceptance at w = {row.conformist_share:g}: paper {row.paper:.3f}, ours {row.ours:.3f}"
    for row in tables["chang_harrington_take_offs"].itertuples():
        ours = f"{row.ours * row.runs:.0f} of {row.runs} ({row.low:.2f} to {row.high:.2f})"
        theirs = f"{row.paper * REPLICATIONS:.0f} of {REPLICATIONS}"
        yield f"runs that take off at w = {row.conformist_share:g}: paper {theirs}, ours {ours}"
    for row in tables["chang_harrington_first_steps"].itertuples():
        is_inside = row.low <= row.paper <= row.high
        yield (f"{row.what} at step {row.step}: paper {row.paper}, ours {row.median:g} ({row.low:g} to {row.high:g})"
               + ("" if is_inside else "  <- outside"))  # fmt: skip
