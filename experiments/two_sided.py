"""Rejected from both sides: do punishment at home and being kept out over there add up, or make each other worse?

python experiments/two_sided.py           about a minute
python experiments/two_sided.py --quick   a few seconds
"""

import numpy as np
import pandas as pd

import sim
from sim import plots, study, sweeps
from sim.plots.looks import BLUE, GREEN, INK, SOFT

QUESTION = (
    "In-group punishment (sanction) and being kept out by the supported group (authenticity threat): is the harm of "
    "both more or less than the sum, and does it depend on how far support has to be costly to be credible?"
)
PREDICTION = (
    "Either alone costs allies; both together cost more than the sum (a negative difference of differences in allies, "
    "from either start), as whoever is rejected on both sides has nobody left who keeps them going. Trust falls more "
    "than additively as well, and gatekeeping rises more than additively. The interaction is there because allies need "
    "to be welcomed: without acceptance it vanishes, and so it does without ties. It is larger where support has to be "
    "costly to be credible, as punishment then removes the support that would have earned trust."
)
FULL = {
    "n_people": 1000,
    "steps": 400,
    "replicates": 40,
    "times": [0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0],  # of the default, for both
    "raised": 2.0,  # times the default: where cases are compared, against none
    "cost_credibility": [0.0, 0.4, 0.8, 1.0],
}
QUICK = FULL | {
    "n_people": 200,
    "steps": 100,
    "replicates": 4,
    "times": [0.0, 1.0, 2.0],
    "cost_credibility": [0.0, 0.8],
}
STARTS = ["silent", "allied"]
CASES = {  # what the corners of the grid are repeated with
    "as assumed": {}, "allies need no welcome": {"acceptance": 0.0}, "allies do not shield": {"shield": 0.0},
    "null: nobody is tied": {"null": "independent"}, "null: ties rewired": {"null": "rewired"},
    "null: groups shuffled": {"null": "shuffled_groups"},
}  # fmt: skip
# The null model without influence has neither punishment nor threat: its interaction is 0 by construction.
X = ("sanction", "Punishment of allies (x default)")
Y = ("authenticity_threat", "Authenticity threat (x default)")
MEASURES = ["ally_share", "token_share", "bystand_share", "oppose_share", "welcome_share", "gatekeep_share",
            "withdraw_share", "mean_trust"]  # fmt: skip
SHOWN = {"ally_share": (BLUE, "^"), "mean_trust": (GREEN, "d"), "gatekeep_share": (INK, "s")}


def run(design, work):
    """Return runs, their summary by point, and all differences of differences."""
    usual = sim.Parameters().cost_credibility
    grid = [(x, y) for x in design["times"] for y in design["times"]]
    corners = [(x, y) for x in (0.0, design["raised"]) for y in (0.0, design["raised"])]
    defaults = {"acceptance": sim.Parameters().acceptance, "shield": sim.Parameters().shield, "null": "none"}
    cases = [("as assumed", usual, at) for at in grid]
    cases += [("as assumed", credibility, at) for credibility in design["cost_credibility"] for at in corners]
    cases += [(name, usual, at) for name in CASES for at in corners]
    tables = []
    for name in CASES:
        rows = [
            defaults | CASES[name] | {"cost_credibility": credibility, "start": start} | _times(*at)
            for case, credibility, at in dict.fromkeys(cases) if case == name for start in STARTS
        ]  # fmt: skip
        axes = {"network_n_people": design["n_people"], "steps": design["steps"]}
        table = work.sweep(axes, kind="table", rows=rows, replicates=design["replicates"])
        tables.append(table.assign(case=name))
    runs = pd.concat(tables, ignore_index=True)
    for name in (X[0], Y[0]):
        runs[name] = (runs[name] / getattr(sim.Parameters(), name)).round(6)  # as in the design
    points = sweeps.summarise(runs, ["case", "start", "cost_credibility", X[0], Y[0]], MEASURES)
    return {"runs": runs, "points": points.round(4), "interactions": interactions(runs).round(5)}


def _times(x, y):
    """Return both parameters at so many times their defaults."""
    return {X[0]: x * getattr(sim.Parameters(), X[0]), Y[0]: y * getattr(sim.Parameters(), Y[0])}


def interactions(runs):
    """Return the effect of either, of both, and the difference of differences, at every place of every grid.

    All are paired: a replicate with both, with either and with neither has the same network, people and luck.
    """
    rows = []
    for key, part in runs.groupby(["case", "start", "cost_credibility"], sort=False):
        for name in MEASURES:
            cells = part.pivot(index="replicate", columns=[X[0], Y[0]], values=name)
            low, high = (min(part[axis]) for axis in (X[0], Y[0]))
            for at_x, at_y in [cell for cell in cells if cell[0] > low and cell[1] > high]:
                neither, x, y, both = (cells[cell] for cell in ((low, high), (at_x, high), (low, at_y), (at_x, at_y)))
                for what, values in (("of sanction", x - neither), ("of threat", y - neither),
                                     ("of both", both - neither), ("interaction", both - x - y + neither)):  # fmt: skip
                    rows.append((*key, at_x, at_y, name, what, *study.interval(values), len(values)))
    about = ["measure", "effect", "average", "low", "high", "replicates"]
    return pd.DataFrame(rows, columns=["case", "start", "cost_credibility", X[0], Y[0], *about])


def draw(design, tables, seed):
    """Draw what prevails, the interaction all over the grid, and at its corner by case and credibility."""
    usual = sim.Parameters().cost_credibility
    runs, found = tables["runs"], tables["interactions"]
    inter = found[found["effect"] == "interaction"]
    figure = plots.figure(9.6, 17)
    top, middle, bottom = figure.subfigures(3, 1, height_ratios=[1, 1.75, 1.7])
    plots.heading(top, "a   What prevails among advantaged people")
    as_assumed = (runs["case"] == "as assumed") & (runs["cost_credibility"] == usual)
    for ax, start in zip(top.subplots(1, 2, sharey=True), STARTS, strict=True):
        plots.regime_map(ax, runs[as_assumed & (runs["start"] == start)], x=X[0], y=Y[0], corner="gatekeep_share",
                         label_every=1)  # fmt: skip
        plots.plain(ax, title=f"start: {plots.STARTS[start][3]}", x=X[1], y=Y[1] if start == STARTS[0] else "")
    plots.heading(middle, "b   Difference of differences: both, minus the sum of either alone (points)")
    draw_grid(middle, inter[(inter["case"] == "as assumed") & (inter["cost_credibility"] == usual)])
    raised = design["raised"]
    plots.heading(bottom, f"c   {raised:g} times the default against none: what either does, both, and what carries it")
    draw_corner(bottom, design, found[(found[X[0]] == raised) & (found[Y[0]] == raised)], usual)
    plots.regime_key(figure, "gatekeep_share", "most marginalized people keep allies out")
    plots.note(figure, [
        f"{design['n_people']:,} people, 20 % marginalized, two groups with homophily 0.5, mean degree 10; "
        f"{design['steps']} steps, average of the last tenth; {design['replicates']} replicates per point, root seed "
        f"{seed}; a replicate has the same network, people and luck at every point.",
        "a: strips are shares of replicates, the symbol is the most frequent; a number says what percentage agree on "
        "it, where fewer than 90 do. b: mean over replicates; in grey where the 95 % interval holds 0. c: means and "
        f"95 % intervals (Student's). Defaults: sanction {sim.Parameters().sanction:g}, authenticity threat "
        f"{sim.Parameters().authenticity_threat:g}, cost credibility {usual:g}.",
    ])  # fmt: skip
    return {"two_sided": figure}


def draw_grid(part, inter):
    """Draw the interaction in numbers over shades, by measure and start; no shade where it may be 0."""
    size = max(0.01, inter.loc[inter["measure"].isin(SHOWN), "average"].abs().max())
    for line, start in zip(part.subplots(len(STARTS), len(SHOWN), sharex=True, sharey=True), STARTS, strict=True):
        for ax, measure in zip(line, SHOWN, strict=True):
            one = inter[(inter["measure"] == measure) & (inter["start"] == start)]
            is_open = (one["low"] <= 0) & (one["high"] >= 0)
            shade = one.assign(average=one["average"].where(~is_open)).pivot(index=Y[0], columns=X[0], values="average")
            columns, rows = list(shade.columns), list(shade.index)
            image = ax.imshow(shade, origin="lower", aspect="auto", cmap="PuOr", vmin=-size, vmax=size)
            for row, unclear in zip(one.itertuples(), is_open, strict=True):
                is_dark = not unclear and abs(row.average) > 0.6 * size
                ax.text(columns.index(row.sanction), rows.index(row.authenticity_threat), f"{100 * row.average:+.0f}",
                        ha="center", va="center", fontsize=8, color="white" if is_dark else SOFT if unclear else INK,
                        )  # fmt: skip
            is_low, is_left = start == STARTS[-1], measure == next(iter(SHOWN))
            plots.plain(ax, title=f"{plots.LINES[measure][3]}; start: {plots.STARTS[start][3]}",
                        x=X[1] if is_low else "", y=Y[1] if is_left else "")  # fmt: skip
            ax.set_xticks(range(len(columns)), [f"{value:g}" for value in columns])
            ax.set_yticks(range(len(rows)), [f"{value:g}" for value in rows])
    bar = part.colorbar(image, ax=part.axes, location="bottom", shrink=0.5, aspect=40, pad=0.02)
    ends = [f"{100 * tick:+.0f} points" for tick in (-size, size)]
    bar.set_ticks([-size, 0, size], labels=[ends[0], "0: as the sum", ends[1]], fontsize=8)


def draw_corner(part, design, found, usual):
    """Draw effects at one place: either, both and interaction; interaction by case and by credibility."""
    effects = {"of sanction": "punishment alone", "of threat": "threat alone", "of both": "both",
               "interaction": "interaction"}  # fmt: skip
    panels = {
        "effects, as assumed": [(("as assumed", usual, what), words) for what, words in effects.items()],
        "interaction by case": [((name, usual, "interaction"), name) for name in CASES],
        "interaction by cost credibility": [
            (("as assumed", value, "interaction"), f"{value:g}") for value in design["cost_credibility"]
        ],
    }
    for line, start in zip(part.subplots(len(STARTS), 3, sharex="col"), STARTS, strict=True):
        one = found[found["start"] == start].set_index(["case", "cost_credibility", "effect", "measure"]).sort_index()
        for ax, (title, cases) in zip(line, panels.items(), strict=True):
            ax.axvline(0, color=INK, linewidth=0.6)
            for aside, (measure, (colour, marker)) in zip((-0.2, 0, 0.2), SHOWN.items(), strict=True):
                at = 100 * one.loc[[(*case, measure) for case, _ in cases], ["average", "low", "high"]]
                ax.errorbar(at["average"], np.arange(len(cases)) + aside, color=colour, linestyle="none",
                            xerr=[at["average"] - at["low"], at["high"] - at["average"]], marker=marker,
                            markersize=4.5, elinewidth=1.3, label=plots.LINES[measure][3])  # fmt: skip
            started = f"{title}\nstart: {plots.STARTS[start][3]}"
            plots.plain(ax, title=started, x="Points" if start == STARTS[-1] else "")
            ax.set_yticks(range(len(cases)), [words for _, words in cases])
            ax.set_ylim(len(cases) - 0.5, -0.5)
    plots.line_key(part, "lower center")


def findings(design, tables):
    """Say what either and both do, the interaction everywhere, and without what may carry it."""
    found = tables["interactions"]
    usual = sim.Parameters().cost_credibility

    def told(row):
        middle, low, high = (100 * getattr(row, name) for name in ("average", "low", "high"))
        return f"{middle:+.1f} ({low:+.1f} to {high:+.1f})"

    raised = design["raised"]
    corner = found[(found[X[0]] == raised) & (found[Y[0]] == raised)]
    for (case, start, credibility), one in corner.groupby(["case", "start", "cost_credibility"], sort=False):
        for measure in (*SHOWN, "withdraw_share", "oppose_share"):
            rows = one[one["measure"] == measure]
            at = f"{raised:g} times the default, {case}, start {start}, cost credibility {credibility:g}"
            yield f"{at}, {measure} (points): " + ", ".join(f"{row.effect} {told(row)}" for row in rows.itertuples())
    inter = found[(found["effect"] == "interaction") & (found["case"] == "as assumed")]
    inter = inter[inter["cost_credibility"] == usual]
    for (start, measure), one in inter[inter["measure"].isin(SHOWN)].groupby(["start", "measure"], sort=False):
        below, above = (one["high"] < 0).sum(), (one["low"] > 0).sum()
        most = one.loc[one["average"].abs().idxmax()]
        places = ", ".join(f"{row.sanction:g}/{row.authenticity_threat:g} {told(row)}" for row in one.itertuples())
        yield (
            f"Whole grid, start {start}, {measure}: interaction below 0 at {below} of {len(one)} places, above 0 at "
            f"{above}; largest {told(most)} at sanction x {most[X[0]]:g}, threat x {most[Y[0]]:g}; by sanction/threat: "
            f"{places}"
        )
    runs = tables["runs"]
    runs = runs[(runs["case"] == "as assumed") & (runs["cost_credibility"] == usual)]
    for start in STARTS:
        for at_x, at_y in [(x, y) for x in (0.0, 1.0, raised) for y in (0.0, 1.0, raised)]:
            at = runs[(runs["start"] == start) & (runs[X[0]] == at_x) & (runs[Y[0]] == at_y)]
            yield f"Start {start}, sanction x {at_x:g}, threat x {at_y:g}: " + ", ".join(
                f"{name} {study.per_cent(at[name])}" for name in MEASURES)  # fmt: skip


main = study.command(__file__, question=QUESTION, prediction=PREDICTION, full=FULL, quick=QUICK, run=run, draw=draw,
                     findings=findings, settings={"cases": CASES, "starts": STARTS})  # fmt: skip

if __name__ == "__main__":
    main()
