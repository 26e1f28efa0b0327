"""What was lost while a pressure rose: does it come back when the pressure is gone, and what brings it back?

python experiments/hysteresis.py           two to four minutes
python experiments/hysteresis.py --quick   a few seconds
"""

import pandas as pd

import sim
from sim import plots, study, sweeps
from sim.plots.looks import BLUE, GREEN, INK

QUESTION = (
    "Stigma transfer, punishment and the cost of betrayal are raised and lowered again: is what was lost on the way up "
    "won back on the way down, and what brings it back if not?"
)
PREDICTION = (
    "Stigma transfer and punishment have wide loops: allies collapse on the way up and, in short holds, do not come "
    "back; longer holds narrow the loops. The cost of betrayal has a loop in trust, and a smaller one in allies. "
    "Without ties there is no loop beyond what time does; on rewired ties the loop is as wide (it is the norm, not the "
    "clusters). On the way back protection helps more after punishment than after stigma transfer, repair helps trust "
    "but hardly brings back allies (nobody is left to betray), and a tenth of committed allies helps most."
)
FULL = {
    "n_people": 1000,
    "replicates": 20,
    "values": {
        "stigma_transfer": [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0],
        "sanction": [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0],
        "betrayal_loss": [0.0, 0.125, 0.25, 0.375, 0.5, 0.625, 0.75, 0.875, 1.0],
    },
    "holds": {"short": 50, "long": 300},
    "nulls": ["independent", "rewired", "shuffled_groups"],
    "help": ["none", "protection", "trust_repair", "both", "accountability", "committed_allies"],
}
QUICK = FULL | {
    "n_people": 200,
    "replicates": 3,
    "values": {"stigma_transfer": [0.2, 0.5, 0.8, 1.0], "sanction": [0.0, 3.0, 6.0], "betrayal_loss": [0.0, 0.5, 1.0]},
    "holds": {"short": 30, "long": 60},
    "nulls": ["independent", "rewired"],
    "help": ["none", "protection", "committed_allies"],
}
WORDS = {"stigma_transfer": "Stigma transfer", "sanction": "Punishment of allies (sanction)",
         "betrayal_loss": "Trust lost by betrayal"}  # fmt: skip
HELP = {"none": "nothing", "protection": "protection of those who speak up", "trust_repair": "repair of trust",
        "both": "protection and repair", "accountability": "accountability of opposers",
        "committed_allies": "a tenth are committed allies"}  # fmt: skip
NULLS = {"none": "the model", "independent": "null: nobody is tied", "rewired": "null: ties rewired",
         "shuffled_groups": "null: groups shuffled"}  # fmt: skip
DEFINED = (
    "Detour: the pressure is raised and lowered again; its area is the mean over the values of what there is on the "
    "way up minus what there is on the way back. Excess: that area minus the area of runs that stay at the first "
    "value, which is what time alone does. Both in points of 100.",
    "At the end of the way back: gain is how much more there is than in the detour without help; missing is how far it "
    "stays behind runs that stayed at the first value without help (below 0: it is ahead of them).",
    "In brackets are 95 % intervals (Student's) of the mean over replicates. Where one reaches beyond what is possible "
    "(100 points, for the excess 200), it is cut off there and marked *. With few replicates it says little.",
)
BOTH = {"both": [{"kind": "protection"}, {"kind": "trust_repair"}]}
MEASURES = ["ally_share", "others_ally", "token_share", "oppose_share", "mean_trust", "gatekeep_share",
            "withdraw_share", "mean_sympathy"]  # fmt: skip
COMMITTED = sim.interventions.CATALOGUE["committed_allies"].defaults["share"]
AREA = ["ally_share", "mean_trust", "gatekeep_share"]
BY = ["parameter", "hold", "null", "help", "path"]


def run(design, work):
    """Return one row per run and value of the pressure; loops by replicate; where the way back ends."""
    tables = []
    for parameter, values in design["values"].items():
        for name, steps in design["holds"].items():
            turn = steps * len(values)  # help comes with the first step of the way back
            paths = {"detour": values, "stay": values[:1] * len(values)}
            for path, course in paths.items():
                rows = [{"null": null, "intervention": "none"} for null in ["none", *design["nulls"]]]
                if path == "detour":
                    rows += [{"null": "none", "intervention": one} for one in design["help"] if one != "none"]
                table = work.sweep(
                    {"network_n_people": design["n_people"], "start": "allied", "intervention_begin": turn},
                    kind="table", rows=rows, ramp={"parameter": parameter, "values": course, "hold": steps},
                    interventions=BOTH, replicates=design["replicates"],
                )  # fmt: skip
                table = table.rename(columns={parameter: "value", "intervention": "help"})
                tables.append(table.assign(parameter=parameter, hold=name, path=path))
    runs = pd.concat(tables, ignore_index=True)
    # Those who are made allies are no recovery: what counts is what the others do.
    made = ((runs["help"] == "committed_allies") & (runs["direction"] == "down")) * COMMITTED
    runs["others_ally"] = (runs["ally_share"] - made) / (1 - made)
    areas = areas_of(runs)
    keys = [*BY[:4], "measure"]
    loops = [(*key, *study.interval(one["detour"]), *study.interval(one["stay"]), *study.interval(one["excess"]))
             for key, one in areas.groupby(keys, sort=False)]  # fmt: skip
    bounds = [f"{name}{end}" for name in ("detour", "stay", "excess") for end in ("", "_low", "_high")]
    points = sweeps.summarise(runs, [*BY, "place", "direction", "value"], MEASURES)
    return {"runs": runs, "areas_runs": areas, "points": points.round(3),
            "loops": pd.DataFrame(loops, columns=[*keys, *bounds]), "ends": ends_of(runs)}  # fmt: skip


def areas_of(runs):
    """Return the area between the branches, replicate by replicate: the mean over the values of up minus down.

    For the control, which stays, the same steps are compared: what time alone does between them. The excess is the
    detour's area minus that.
    """
    runs = runs[runs["help"] == "none"]
    last = runs.groupby(["parameter", "hold", "path"])["place"].transform("max")
    paired = runs.assign(level=runs["place"].where(runs["direction"] == "up", last - runs["place"]))
    long = paired.melt([*BY, "replicate", "direction", "level"], AREA, "measure", "found")
    branches = long.pivot(index=[*BY, "replicate", "measure", "level"], columns="direction", values="found")
    gaps = (branches["up"] - branches["down"]).groupby([*BY, "replicate", "measure"]).mean()
    areas = gaps.unstack("path").reset_index()
    return areas.assign(excess=areas["detour"] - areas["stay"])


def ends_of(runs):
    """Return where the way back ends, by help: against no help, and against a run that stayed all the time."""
    at_end = runs[(runs["null"] == "none") & (runs["direction"] == "down")]
    at_end = at_end[at_end["place"] == at_end.groupby(["parameter", "hold"])["place"].transform("max")]
    rows = []
    for (parameter, hold), one in at_end.groupby(["parameter", "hold"], sort=False):
        cases = {case: table.set_index("replicate") for case, table in one.groupby(["path", "help"], sort=False)}
        for (path, kind), table in cases.items():
            for name in MEASURES:
                gain = table[name] - cases["detour", "none"][name]
                missing = cases["stay", "none"][name] - table[name]
                found = [bound for values in (table[name], gain, missing) for bound in study.interval(values)]
                rows.append((parameter, hold, path, kind, name, *found))
    bounds = [f"{name}{end}" for name in ("end", "gain", "missing") for end in ("", "_low", "_high")]
    return pd.DataFrame(rows, columns=["parameter", "hold", "path", "help", "measure", *bounds])


def draw(design, tables, seed):
    """Draw the loops of allies and trust, their areas, and what brings allies back."""
    runs = tables["runs"]
    main = runs[(runs["null"] == "none") & (runs["help"] == "none")]
    figure = plots.figure(9.6, 16)
    top, areas, back = figure.subfigures(3, 1, height_ratios=[2.5, 0.95, 1.15])
    plots.heading(top, "a   The way up and the way back (start: everybody an ally)")
    rows = [(hold, measure) for measure in ("ally_share", "mean_trust") for hold in design["holds"]]
    grid = top.subplots(len(rows), len(design["values"]), sharey=True, sharex="col")
    for line, (hold, measure) in zip(grid, rows, strict=True):
        for ax, parameter in zip(line, design["values"], strict=True):
            part = main[(main["hold"] == hold) & (main["parameter"] == parameter)]
            plots.loop(ax, part, x=("value", WORDS[parameter] if (hold, measure) == rows[-1] else ""), y=measure)
            ax.set_title(f"{plots.LINES[measure][3]}, {design['holds'][hold]} steps at each value", loc="left",
                         fontsize=9)  # fmt: skip
    plots.line_key(top, "lower center")
    plots.heading(areas, "b   Area between the branches beyond what time alone does (way up minus way back)")
    draw_areas(areas, design, tables["loops"])
    plots.heading(back, "c   What brings it back: given from the turn on, at the end of the way back")
    draw_ends(back, design, tables["ends"])
    lengths = ", ".join(f"{name} {steps}" for name, steps in design["holds"].items())
    plots.note(figure, [
        f"{design['n_people']:,} people, 20 % marginalized, two groups with homophily 0.5, mean degree 10; "
        f"{design['replicates']} replicates, root seed {seed}; a replicate has the same network, people and luck in "
        f"every case. Steps at each value: {lengths}; average of the last tenth of them.",
        "a: median, bands and bars from 10th to 90th percentile. b, c: mean and 95 % interval (Student's) over "
        "replicates; in c cut off at 0 and 100 %. b: mean over the values of way up minus way back, minus the same "
        "for runs that stay at the first value. c: allies among those who are not made allies. Nobody tied: all "
        "weights as they were, no neighbours.",
    ])  # fmt: skip
    return {"hysteresis": figure}


def draw_areas(part, design, loops):
    """Draw the excess area of every loop, model and null models."""
    looks = dict(zip(["ally_share", "mean_trust", "gatekeep_share"], [(BLUE, "^"), (GREEN, "d"), (INK, "s")],
                     strict=True))  # fmt: skip
    cases = [(null, hold) for null in ["none", *design["nulls"]] for hold in design["holds"]]
    for ax, parameter in zip(
        part.subplots(1, len(design["values"]), sharey=True, sharex=True), design["values"], strict=True
    ):
        found = loops[loops["parameter"] == parameter].set_index(["measure", "null", "hold"])
        ax.axvline(0, color=INK, linewidth=0.6)
        for aside, (measure, (colour, marker)) in zip((-0.2, 0, 0.2), looks.items(), strict=True):
            one = found.loc[measure].loc[cases]
            ax.errorbar(one["excess"], [place + aside for place in range(len(cases))], color=colour, linestyle="none",
                        xerr=[one["excess"] - one["excess_low"], one["excess_high"] - one["excess"]], marker=marker,
                        markersize=4.5, elinewidth=1.3, label=plots.LINES[measure][3])  # fmt: skip
        _share_axis(plots.plain(ax, title=WORDS[parameter], x="Area (100 %: all lost, nothing back)"))
        ax.set_yticks(range(len(cases)), [f"{NULLS[null]}, {hold} holds" for null, hold in cases])
        ax.set_ylim(len(cases) - 0.5, -0.5)
    plots.line_key(part, "lower center")


def draw_ends(part, design, ends):
    """Draw allies and trust at the end of the way back by help; the control is a line."""
    helps = list(design["help"])
    for ax, parameter in zip(part.subplots(1, len(design["values"]), sharey=True), design["values"], strict=True):
        found = ends[ends["parameter"] == parameter].set_index(["measure", "hold", "path", "help"]).sort_index()
        for aside, (measure, hold, look) in zip(
            (-0.27, -0.09, 0.09, 0.27),
            [("others_ally", "short", (BLUE, "^", "white")), ("others_ally", "long", (BLUE, "^", BLUE)),
             ("mean_trust", "short", (GREEN, "d", "white")), ("mean_trust", "long", (GREEN, "d", GREEN))],
            strict=True,
        ):  # fmt: skip
            one = found.loc[measure, hold, "detour"].loc[helps]
            colour, marker, face = look
            ax.errorbar(one["end"], [place + aside for place in range(len(helps))], color=colour, linestyle="none",
                        xerr=[one["end"] - one["end_low"].clip(lower=0), one["end_high"].clip(upper=1) - one["end"]],
                        marker=marker, markerfacecolor=face, markersize=5, elinewidth=1.3,
                        label=f"{'average trust' if measure == 'mean_trust' else 'allies'}, {hold} holds")  # fmt: skip
            stayed = found.loc[(measure, hold, "stay", "none"), "end"]
            ax.plot([stayed], [len(helps) + aside], color=colour, marker=marker, markerfacecolor=face, markersize=5)
        ax.axhline(len(helps) - 0.5, color="#BBBBBB", linewidth=0.6)
        ax.set_xlim(-0.03, 1.03)
        title = f"after {WORDS[parameter][0].lower()}{WORDS[parameter][1:]}"
        _share_axis(plots.plain(ax, title=title, x="At the end (share of the group; trust)"))
        ax.set_yticks(range(len(helps) + 1), [HELP[one] for one in helps] + ["control: stayed"])
        ax.set_ylim(len(helps) + 0.5, -0.5)
    plots.line_key(part, "lower center")


def _share_axis(ax):
    low, high = ax.get_xlim()
    ticks = [tick for tick in (-1, -0.5, 0, 0.5, 1) if low <= tick <= high]
    ax.set_xticks(ticks, [f"{100 * tick:g} %" for tick in ticks])


def findings(design, tables):
    """Say how wide the loops are, in the model and the null models, and what brings it back."""
    loops, ends = tables["loops"], tables["ends"]

    def told(row, name):
        most = 200 if name == "excess" else 100
        bounds = (100 * row[name + end] for end in ("_low", "_high"))
        low, high = (f"{min(max(bound, -most), most):+.1f}{'*' * (abs(bound) > most)}" for bound in bounds)
        return f"{100 * row[name]:+.1f} ({low} to {high})"

    yield from DEFINED
    for (parameter, hold, null), one in loops.groupby(["parameter", "hold", "null"], sort=False):
        yield f"{parameter}, {hold} holds, {NULLS[null]}: excess area in points " + ", ".join(
            f"{row['measure']} {told(row, 'excess')} [detour {told(row, 'detour')}]"
            for _, row in one.iterrows())  # fmt: skip
    runs = tables["runs"]
    last = runs[(runs["direction"] == "down") & (runs["null"] == "none") & (runs["path"] == "detour")]
    last = last[last["place"] == last.groupby(["parameter", "hold"])["place"].transform("max")]
    for (parameter, hold, kind), one in last.groupby(["parameter", "hold", "help"], sort=False):
        prevails = one["regime"].value_counts().to_dict()
        yield f"{parameter}, {hold} holds, help: {kind}: replicates by what prevails at the end: {prevails}"
    for (parameter, hold, path, kind), one in ends.groupby(["parameter", "hold", "path", "help"], sort=False):
        one = one[~one["measure"].isin(["ally_share", "token_share", "mean_sympathy"])]
        yield f"{parameter}, {hold} holds, {path}, help: {kind}: " + ", ".join(
            f"{row['measure']} {100 * row['end']:.0f} % [gain {told(row, 'gain')}, missing {told(row, 'missing')}]"
            for _, row in one.iterrows())  # fmt: skip


main = study.command(__file__, question=QUESTION, prediction=PREDICTION, full=FULL, quick=QUICK, run=run, draw=draw,
                     findings=findings)  # fmt: skip

if __name__ == "__main__":
    main()
