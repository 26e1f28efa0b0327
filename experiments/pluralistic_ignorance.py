"""When does a private majority in favour of support stay publicly silent, and what lets it speak?

python experiments/pluralistic_ignorance.py           about a minute
python experiments/pluralistic_ignorance.py --quick   a few seconds
"""

import numpy as np
import pandas as pd

import sim
from sim import plots, streams, study
from sim.rules import Stance
from sim.sweeps.seeds import seeds_of

QUESTION = "When does a private majority in favour of support stay publicly silent, and what lets it speak?"
PREDICTION = (
    "A silent private majority is found at low loyalty from a silent start, as nothing carries the first voices, and "
    "an outvoiced one at high loyalty from an opposed start, which then lasts. People there underestimate private "
    "support by 10 to 30 points. Without any influence between people most are silent too, as speaking up takes "
    "effort: the misperception is there all the same, so silence alone does not show influence; lasting opposition "
    "does. Norm feedback closes the perceived gap but moves acts by less than 10 points, and by less than seeing one "
    "peer act does."
)
STARTS = ["silent", "allied", "opposed"]
DEEDS = {"norm_feedback": "private views are made known", "peer": "one visible peer"}
DONE = ["none", "norm_feedback", "committed_allies"]
BOTH_GROUPS = ["expressed_support", "perceived_support", "ally_share", "oppose_share", "mean_trust", "welcome_share",
               "withdraw_share"]  # fmt: skip
FULL = {
    "n_people": 1000,
    "steps": 400,
    "replicates": 20,
    "loyalty": [0.3, 0.75, 0.9],
    "every": 10,  # steps between two points of a course in the tables
    "map_loyalty": [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
    "map_sympathy": [-0.1, 0.05, 0.15, 0.3, 0.43, 0.6],
    "met_loyalty": [0.15, 0.3, 0.45, 0.6, 0.75, 0.9],
    "met_steps": 50,  # soon after it began: later, what neighbours of neighbours do is in it as well
    "met_replicates": 40,
    "peers": 10,
}
QUICK = FULL | {
    "n_people": 200,
    "steps": 100,
    "replicates": 3,
    "loyalty": [0.3, 0.9],
    "map_loyalty": [0.3, 0.6, 0.9],
    "map_sympathy": [-0.1, 0.15, 0.43],
    "met_loyalty": [0.3, 0.75, 0.9],
    "met_replicates": 4,
    "peers": 3,
}
LAYERS = {
    "private_support": ("#AA4499", "--", "s", "private"),
    "perceived_support": ("#222222", ":", "v", "perceived"),
    "expressed_support": ("#0072B2", "-", "^", "expressed (ally, token ally)"),
}


def met(design, seed, start, loyalty, replicate):
    """Return what people with exactly one of a few chosen peers around them show, under each deed and under none."""
    seeds = seeds_of(seed, replicate)
    network = sim.networks.two_groups(design["n_people"], seed=seeds.network_seed)
    order = streams.permutation(seeds.start_seed, streams.TARGETS, network.n_people)
    peers = order[~network.is_marginalized[order]][: design["peers"]]
    is_peer = np.isin(np.arange(network.n_people), peers)
    owner = np.repeat(np.arange(network.n_people), network.degree)
    around = np.bincount(owner, is_peer[network.neighbours], network.n_people)
    met_one = (around == 1) & ~is_peer & ~network.is_marginalized
    scene = sim.intervention("scene", people=[int(one) for one in peers], force="ally")
    for name, done in {"none": [], "norm_feedback": ["norm_feedback"], "peer": [scene]}.items():
        run = sim.simulate(
            sim.Parameters(loyalty=loyalty), network, steps=design["met_steps"], start=start, seed=seeds.seed,
            start_seed=seeds.start_seed, interventions=done, record_people=True, threads=1,
        )  # fmt: skip
        late = design["met_steps"] // 2
        shows = np.isin(run.trajectory["act"][late:, met_one], (Stance.TOKEN, Stance.ALLY))
        seen = run.history[["perceived_support", "private_support"]].tail(len(shows)).mean()
        yield {"start": start, "loyalty": loyalty, "replicate": replicate, "done": name, "people": int(met_one.sum()),
               "shown_by_them": shows.mean(), **seen}  # fmt: skip


def run(design, work):
    """Return courses, maps, and effects on those who met a peer and on everybody."""
    base = {"network_n_people": design["n_people"], "steps": design["steps"]}
    about = {"replicates": design["replicates"]}
    axes = base | {"start": STARTS, "loyalty": design["loyalty"], "null": ["none", "no_influence"]}
    steps = work.sweep(axes, record=["steps"], **about).steps
    kept = steps[steps["step"] % design["every"] == 0]
    courses = kept.groupby(["start", "loyalty", "null", "step"])[list(LAYERS)].quantile([0.1, 0.5, 0.9])
    grid = {"loyalty": design["map_loyalty"], "sympathy": design["map_sympathy"], "start": ["silent", "opposed"]}
    axes = base | {"loyalty": design["met_loyalty"], "start": ["silent", "opposed"]}
    items = [(design, work.seed, start, loyalty, replicate) for start in axes["start"] for loyalty in axes["loyalty"]
             for replicate in range(design["met_replicates"])]  # fmt: skip
    met_runs = pd.DataFrame([row for rows in work.each(lambda item: list(met(*item)), items) for row in rows])
    long_runs = work.sweep(axes | {"intervention": DONE}, **about)
    return {
        "courses": courses.rename_axis([*courses.index.names[:-1], "quantile"]).round(4).reset_index(),
        "map_runs": work.sweep(base | grid, **about),
        "end_runs": steps[steps["step"] > 0.9 * design["steps"]]
        .groupby(["start", "loyalty", "null", "replicate"])[[*LAYERS, "bystand_share", "oppose_share", "mean_trust"]]
        .mean()
        .reset_index(),
        "met_runs": met_runs,
        "met": effects(met_runs, "done", ["shown_by_them", "perceived_support"]),
        "apart": apart(met_runs),
        "long_runs": long_runs,
        "everybody": effects(long_runs, "intervention", BOTH_GROUPS),
    }


def effects(runs, column, measures):
    """Return paired differences to doing nothing, with intervals over replicates."""
    wide = runs.pivot_table(index=["start", "loyalty", "replicate"], columns=column, values=measures)
    rows = []
    for measure in measures:
        for name in wide[measure].columns.drop("none"):
            gaps = wide[measure][name] - wide[measure]["none"]
            for (start, loyalty), values in gaps.groupby(["start", "loyalty"]):
                middle, low, high = study.interval(values)
                before = wide[measure]["none"].loc[start, loyalty].mean()
                rows.append({"start": start, "loyalty": loyalty, "done": name, "measure": measure, "pairs": len(values),
                             "without": before, "difference": middle, "low": low, "high": high})  # fmt: skip
    return pd.DataFrame(rows)


def apart(met_runs):
    """Return how many more show support who met a peer than who got norm feedback, replicate by replicate."""
    names = {"norm_feedback": "none", "peer": "a peer, not feedback"}
    two = met_runs[met_runs["done"] != "none"].replace({"done": names})
    return effects(two, "done", ["shown_by_them"])


def draw(design, tables, seed):
    """Draw courses, maps and effects."""
    figure = plots.figure(9, 6.6 + 1.9 * len(design["loyalty"]))
    top, middle, bottom = figure.subfigures(3, 1, height_ratios=[1.9 * len(design["loyalty"]), 3.2, 2.7])
    plots.heading(top, "a   Private, perceived and expressed support over time")
    courses = tables["courses"]
    grid = top.subplots(len(design["loyalty"]), len(STARTS), sharex=True, sharey=True)
    for axes, loyalty in zip(grid, design["loyalty"], strict=True):
        for ax, start in zip(axes, STARTS, strict=True):
            here = courses[(courses["start"] == start) & (courses["loyalty"] == loyalty)]
            plots.lines(ax, here[here["null"] == "none"], x=("step", "Step"), looks=LAYERS)
            for line in ax.lines:
                line.set_markevery(max(1, design["steps"] // design["every"] // 5))
            alone = here[(here["null"] == "no_influence") & (here["quantile"] == 0.5)]
            ax.plot(alone["step"], alone["expressed_support"], color="#888888", linewidth=1.2,
                    dashes=(6, 2, 1, 2, 1, 2), label="expressed without any influence")  # fmt: skip
            title = f"start: {plots.STARTS[start][3]}" if loyalty == design["loyalty"][0] else ""
            plots.plain(ax, title=title, x="Step", y=f"Loyalty {loyalty:g}: share" if start == STARTS[0] else "")
            ax.label_outer()
    plots.line_key(top, "lower center")
    plots.heading(middle, f"b   What is shown after {design['steps']} steps: most people silent, or most opposed?")
    runs = tables["map_runs"]
    axes = plots.regime_maps(middle, runs, x=("sympathy", "Average private sympathy at the start"),
                             y=("loyalty", "In-group loyalty"))  # fmt: skip
    majority = runs.groupby("sympathy")["private_support"].median() > 0.5
    for ax in axes:
        ax.set_xticks(range(len(majority)), [f"{value:g}" for value in majority.index])
        if majority.any():
            ax.axvline(majority.to_numpy().argmax() - 0.5, color="#222222", linewidth=2.2, linestyle=(0, (3, 1.5)))
            ax.set_title(f"{ax.get_title('left')}; right of the dashes a private majority", loc="left", fontsize=9)
    plots.heading(bottom, "c   What lets people speak: those with exactly one of the chosen peers among their ties")
    made = tables["met"][tables["met"]["measure"] == "shown_by_them"]
    panels = bottom.subplots(1, 2, sharey=True)
    for ax, start in zip(panels, ["silent", "opposed"], strict=True):
        for (name, words), look, aside in zip(DEEDS.items(), plots.DISTINCT, (-0.008, 0.008), strict=False):
            line = made[(made["start"] == start) & (made["done"] == name)]
            ax.errorbar(line["loyalty"] + aside, 100 * line["difference"],
                        100 * np.array([line["difference"] - line["low"], line["high"] - line["difference"]]),
                        color=look[0], linestyle=look[1], marker=look[2], markersize=5, linewidth=1, elinewidth=1.6,
                        label=words)  # fmt: skip
        ax.axhline(0, color="#222222", linewidth=0.7)
        plots.plain(ax, title=f"start: {plots.STARTS[start][3]}", x="In-group loyalty",
                    y="Show support (points more)" if start == "silent" else "")  # fmt: skip
    plots.line_key(bottom, "lower center")
    plots.regime_key(figure)
    plots.note(figure, [
        f"{design['n_people']:,} people (20 % marginalized, mean degree 10, homophily 0.5), root seed {seed}; "
        f"{design['replicates']} replicates per point (c: {design['met_replicates']}) with the same networks, people "
        "and luck everywhere.",
        "a: medians, bands from 10th to 90th percentile over replicates. b: strips are shares of replicates; a number "
        "says what percentage agree with the symbol where fewer than 90 do.",
        f"c: steps {design['met_steps'] // 2} to {design['met_steps']} after it began; {design['peers']} random people "
        "stay allies; average of paired differences to doing nothing, with 95 % intervals.",
    ])  # fmt: skip
    return {"pluralistic_ignorance": figure}


def findings(design, tables):
    """Say in plain words what came out."""
    ends = tables["end_runs"]
    alone = (ends["null"] == "no_influence") & (ends["loyalty"] != design["loyalty"][0])  # loyalty is then idle
    layers = {"private": "private_support", "perceived": "perceived_support", "expressed": "expressed_support",
              "silent": "bystand_share", "opposed": "oppose_share", "trust": "mean_trust"}  # fmt: skip
    for (start, loyalty, null), runs in ends[~alone].groupby(["start", "loyalty", "null"]):
        where = "without influence" if null == "no_influence" else f"loyalty {loyalty:g}"
        many = runs["private_support"] > 0.5
        silent, outvoiced = ((many & (runs[name] > 0.5)).sum() for name in ("bystand_share", "oppose_share"))
        yield (
            f"Start {start}, {where}: "
            + ", ".join(f"{word} {study.per_cent(runs[name])}" for word, name in layers.items())
            + f"; a private majority is silent in {silent} and faces an opposing majority in {outvoiced} of "
            f"{len(runs)} replicates"
        )
    runs = tables["map_runs"]
    private = runs[runs["private_support"] > 0.5]
    for start, here in private.groupby("start"):
        kinds = ", ".join(f"{name} {100 * share:.0f} %" for name, share in
                          here["regime"].value_counts(normalize=True).items())  # fmt: skip
        yield f"Runs of the map with a private majority, start {start} ({len(here)} of them): {kinds}"
    for name in ("met", "apart", "everybody"):
        table = tables[name]
        for (start, done, measure), line in table.groupby(["start", "done", "measure"]):
            if measure in ("shown_by_them", "perceived_support", "expressed_support", "mean_trust"):
                yield f"{name}, start {start}, {done}, {measure} in points by loyalty: " + "; ".join(
                    f"{row.loyalty:g}: {100 * row.difference:+.1f} ({100 * row.low:+.1f} to {100 * row.high:+.1f}) "
                    f"from {100 * row.without:.0f} %" for row in line.itertuples()
                )  # fmt: skip


main = study.command(__file__, question=QUESTION, prediction=PREDICTION, full=FULL, quick=QUICK, run=run, draw=draw,
                     findings=findings)  # fmt: skip

if __name__ == "__main__":
    main()
