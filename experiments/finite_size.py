"""How does the collapse along stigma transfer sharpen from a hundred people to a million?

python experiments/finite_size.py           five to six minutes, half of it for a million people
python experiments/finite_size.py --quick   a few seconds
"""

import numpy as np
import pandas as pd

from sim import plots, streams, study, sweeps

QUESTION = (
    "How does the transition along stigma transfer, from visible support to its collapse, sharpen from 100 to "
    "1,000,000 people, and how far does where it lies depend on size, on time, and on where one starts?"
)
PREDICTION = (
    "Visible support prevails in every replicate on one side and in none on the other; the range of stigma transfer in "
    "between narrows about as one over the square root of the number of people. Away from the transition the variance "
    "of the ally share falls as one over the number of people; within it, it stays large as long as the width is "
    "resolved. From an allied start the transition lies higher than from a silent one, and the longer one waits, the "
    "lower it lies in small groups, as support there is metastable; in large groups time matters less."
)
FULL = {
    "coarse": [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0],
    "coarse_replicates": {"100": 60, "1000": 40, "10000": 12, "100000": 3},
    "replicates": {"100": 150, "1000": 80, "10000": 24, "100000": 8, "1000000": 3},  # fewer where they are dear
    "values": {"100": 17, "1000": 17, "10000": 13, "100000": 9, "1000000": 5},  # within the transition, size by size
    "calm": 0.2,  # a coarse value away from the transition
    "steps": 200,
    "resamples": 500,
    "times": [100, 200, 400, 1600],
    "time_replicates": {"100": 30, "1000": 30, "10000": 4},
    "lasting_replicates": {"100": 100, "300": 100, "1000": 60, "3000": 30, "10000": 20},  # from an opposed start
}
QUICK = FULL | {
    "coarse": [0.0, 0.2, 0.4, 0.6, 0.8, 1.0],
    "coarse_replicates": {"50": 4, "200": 4},
    "replicates": {"50": 10, "200": 10, "1000": 4},
    "values": {"50": 4, "200": 4, "1000": 3},
    "steps": 60,
    "resamples": 50,
    "times": [30, 60],
    "time_replicates": {"100": 4},
    "lasting_replicates": {"50": 6, "200": 6},
}
STIGMA = "stigma_transfer"
STARTS = ["silent", "allied"]
BY_SIZE = [*plots.DISTINCT, ("#B38F00", "-", "o")]
MEASURES = ["ally_share", "oppose_share", "mean_trust", "welcome_share", "gatekeep_share", "withdraw_share"]


def holds(runs):
    """Return the share of replicates, by stigma transfer, in which visible support prevails."""
    return runs["regime"].isin(["spread", "hollow"]).groupby(runs[STIGMA]).mean()


def bracket(runs):
    """Return where to look closer: from where nearly all hold to where nearly none does."""
    share = holds(runs)
    values, shares = share.index.to_numpy(), share.to_numpy()
    middle = int(np.flatnonzero(shares >= 0.5).max(initial=0))
    first = int(np.flatnonzero(shares[: middle + 1] >= 0.95).max(initial=0))
    last = next((i for i in range(middle, len(values)) if shares[i] <= 0.05), len(values) - 1)
    return values[first], values[last]


def crossing(share, level):
    """Return where the share of replicates that held falls below a level, between the values that were run."""
    values, shares = share.index.to_numpy(), share.to_numpy()
    falls = np.flatnonzero((shares[:-1] >= level) & (shares[1:] < level))
    if not len(falls):
        return np.nan
    i = falls[-1]
    return values[i] + (shares[i] - level) / (shares[i] - shares[i + 1]) * (values[i + 1] - values[i])


def transition(runs, seed, resamples):
    """Return midpoint and width (from three quarters holding to one quarter), with bootstrap intervals."""
    held = runs.assign(held=runs["regime"].isin(["spread", "hollow"])).pivot_table(
        index=STIGMA, columns="replicate", values="held", aggfunc="mean"
    )

    def found(table):
        share = table.mean(axis=1)
        return crossing(share, 0.5), crossing(share, 0.25) - crossing(share, 0.75)

    n = held.shape[1]  # whole replicates are drawn again, as they share their luck at all values
    draws = (streams.uniforms(seed, streams.RESAMPLE, n * resamples) * n).astype(int).reshape(resamples, n)
    again = pd.DataFrame([found(held.iloc[:, draw]) for draw in draws])
    low, high = again.quantile([0.025, 0.975]).to_numpy()  # draws without a crossing are left out
    (midpoint, width), values = found(held), held.index.to_numpy()
    return {"midpoint": midpoint, "midpoint_low": low[0], "midpoint_high": high[0], "width": width,
            "width_low": low[1], "width_high": high[1], "spacing": np.diff(values).mean(), "replicates": n}  # fmt: skip


def steepest(runs, by):
    """Return the greatest drop of average allies and trust between two neighbouring values, and where each is."""
    found = []
    for measure in ("ally_share", "mean_trust"):
        drops = -runs.groupby([*by, STIGMA])[measure].mean().groupby(by).diff()
        at = drops.groupby(by).idxmax().map(lambda place: place[-1])
        found.append(pd.DataFrame({"measure": measure, "drop": drops.groupby(by).max(), "below": at}).reset_index())
    return pd.concat(found, ignore_index=True)


def lasting(runs):
    """Return, by size and length of a run, the share of replicates that are still in opposition, and both groups."""
    rows = []
    for (size, steps), part in runs.groupby(["network_n_people", "steps"]):
        stay = int((part["regime"] == "opposition").sum())
        sure, back = sweeps.share_interval(stay, len(part)), part["regime"].isin(["spread", "hollow"]).mean()
        rows.append({"n_people": size, "steps": steps, "replicates": len(part), "in_opposition": stay / len(part),
                     "low": sure.low, "high": sure.high, "with_support": back,
                     **part[MEASURES].mean()})  # fmt: skip
    return pd.DataFrame(rows)


def run(design, work):
    """Return runs on coarse values, runs within the transition of each size, and runs of other lengths."""
    steps = {"steps": design["steps"]}

    def swept(size, values, replicates, **axes):
        asked = steps | {"network_n_people": int(size), STIGMA: [float(value) for value in values]} | axes
        return work.sweep(asked, replicates=replicates).assign(network_n_people=int(size))

    coarse = [swept(size, design["coarse"], number) for size, number in design["coarse_replicates"].items()]
    ends, zoomed = bracket(coarse[0]), []
    for size, number in design["replicates"].items():  # one size says where to look at the next, where it is narrower
        zoomed.append(swept(size, np.linspace(*ends, design["values"][size] + 2).round(6), number))
        ends = bracket(zoomed[-1])
    times = [
        swept(size, design["coarse"], number, steps=time, start=start)
        for size, number in design["time_replicates"].items() for time in design["times"] for start in STARTS
    ]  # fmt: skip
    opposed = [
        work.sweep({"network_n_people": int(size), "steps": design["times"], "start": "opposed"}, replicates=number)
        .assign(network_n_people=int(size)) for size, number in design["lasting_replicates"].items()
    ]  # fmt: skip
    coarse, zoomed, times = (pd.concat(tables, ignore_index=True) for tables in (coarse, zoomed, times))
    about = (work.seed, design["resamples"])
    groups = zoomed.groupby(["network_n_people", STIGMA])
    points = groups[MEASURES].agg(["mean", "var"])
    points.columns = ["_".join(names) for names in points.columns]
    regimes = groups["regime"].value_counts(normalize=True).unstack(fill_value=0).add_prefix("share_")
    return {
        "coarse_runs": coarse,
        "zoom_runs": zoomed,
        "time_runs": times,
        "points": points.join(regimes).join(groups.size().rename("replicates")).reset_index(),
        "drops": steepest(coarse, ["network_n_people"]),
        "drops_in_time": steepest(times, ["network_n_people", "start", "steps"]),
        "lasting": lasting(pd.concat(opposed, ignore_index=True)),
        "coarse": sweeps.summarise(coarse, ["network_n_people", STIGMA], MEASURES),
        "widths": pd.DataFrame([{"n_people": size} | transition(runs, *about)
                                for size, runs in zoomed.groupby("network_n_people")]),
        "times": pd.DataFrame([dict(zip(("n_people", "start", "steps"), at, strict=True)) | transition(runs, *about)
                               for at, runs in times.groupby(["network_n_people", "start", "steps"])]),
    }  # fmt: skip


def draw(design, tables, seed):
    """Draw what prevails by size, the transition of every size, its width, and where it lies in time."""
    figure = plots.figure(9, 14.6)
    first, second, third, fourth = figure.subfigures(4, 1, height_ratios=[0.75, 1.05, 1.2, 0.95])
    plots.heading(first, f"a   What prevails after {design['steps']} steps, by size (start: silent)")
    coarse = tables["coarse_runs"]
    ax = first.subplots()
    plots.regime_map(ax, coarse, x=STIGMA, y="network_n_people", label_every=1)
    ax.set_yticks(ax.get_yticks(), [f"{int(size):,}" for size in design["coarse_replicates"]])
    plots.plain(ax, x="Stigma transfer", y="People")
    plots.heading(second, "b   Within the transition: visible support, allies, and trust of marginalized people")
    axes = second.subplots(1, 3)
    zoomed, sizes = tables["zoom_runs"], sorted(tables["zoom_runs"]["network_n_people"].unique())
    for size, look in zip(sizes, BY_SIZE, strict=False):
        runs = zoomed[zoomed["network_n_people"] == size]
        share = holds(runs)
        counts = runs.groupby(STIGMA)["replicate"].count()
        sure = [sweeps.share_interval(round(part * n), int(n)) for part, n in zip(share, counts, strict=True)]
        low, high = ([getattr(one, end) for one in sure] for end in ("low", "high"))
        axes[0].fill_between(share.index, low, high, color=look[0], alpha=0.13)
        axes[0].plot(share.index, share, color=look[0], linestyle=look[1], marker=look[2], markersize=4,
                     label=f"{size:,} people")  # fmt: skip
        for ax, measure in zip(axes[1:], ("ally_share", "mean_trust"), strict=True):
            plots.band(ax, runs, x=STIGMA, y=measure, look=(*look, f"{size:,} people"))
    titles = ["Replicates where visible support prevails", "Allies", "Trust of marginalized people"]
    for ax, title in zip(axes, titles, strict=True):
        plots.shares_axis(plots.plain(ax, title=title, x="Stigma transfer"))
    plots.line_key(second, "lower center")
    plots.heading(third, "c   Width, variance, and where it lies in time")
    left, middle, right = third.subplots(1, 3)
    widths = tables["widths"]
    known = widths[widths["width"] > 0]
    left.errorbar(known["n_people"], known["width"], [(known["width"] - known["width_low"]).clip(0),
                  (known["width_high"] - known["width"]).clip(0)], color=BY_SIZE[0][0], linestyle="none", marker="^",
                  label="width")  # fmt: skip
    left.plot(widths["n_people"], widths["spacing"], color="#222222", linestyle=":", marker="_",
              label="spacing of values")  # fmt: skip
    if len(known):
        start = known.iloc[0]
        left.plot(known["n_people"], start["width"] * (start["n_people"] / known["n_people"]) ** 0.5, color="#888888",
                  linestyle="--", label="1 / square root of people")  # fmt: skip
    left.set(xscale="log", yscale="log")
    left.grid(color="#E6E6E6", linewidth=0.6)
    points = tables["points"].groupby("network_n_people")["ally_share_var"]
    middle.plot(points.max().index, points.max(), color=BY_SIZE[0][0], marker="^", label="greatest, of the values in b")
    calm = coarse[coarse[STIGMA] == design["calm"]].groupby("network_n_people")["ally_share"].var()
    middle.plot(calm.index, calm, color="#222222", linestyle=":", marker="v",
                label=f"at stigma transfer {design['calm']:g}")  # fmt: skip
    middle.set(xscale="log", yscale="log")
    middle.grid(color="#E6E6E6", linewidth=0.6)
    plots.heading(fourth, "d   What time does: trust from an allied start, opposition from an opposed one")
    trust, last = fourth.subplots(1, 2)
    largest = [int(size) for size in design["time_replicates"]][-2:]
    runs = tables["time_runs"]
    runs = runs[(runs["network_n_people"] == largest[-1]) & (runs["start"] == "allied")]
    for steps, look in zip(design["times"], plots.DISTINCT, strict=False):
        plots.band(trust, runs[runs["steps"] == steps], x=STIGMA, y="mean_trust", look=(*look, f"{steps:,} steps"))
    by_time = tables["times"][tables["times"]["n_people"].isin(largest)].groupby(["n_people", "start"])
    for (start, rows), (colour, dashes, marker) in zip(by_time, plots.DISTINCT, strict=False):
        right.errorbar(rows["steps"], rows["midpoint"], [(rows["midpoint"] - rows["midpoint_low"]).clip(0),
                       (rows["midpoint_high"] - rows["midpoint"]).clip(0)], color=colour, linestyle=dashes,
                       marker=marker, label=f"{start[0]:,} people, start: {start[1]}")  # fmt: skip
    right.set(xscale="log")
    right.set_xticks(design["times"], design["times"])
    right.minorticks_off()
    by_time = tables["lasting"].groupby("steps")
    for (steps, rows), (colour, dashes, marker) in zip(by_time, plots.DISTINCT, strict=False):
        ends = [(rows["in_opposition"] - rows["low"]).clip(0), (rows["high"] - rows["in_opposition"]).clip(0)]
        last.errorbar(rows["n_people"], rows["in_opposition"], ends, color=colour, linestyle=dashes, marker=marker,
                      elinewidth=0.9, label=f"{steps:,} steps")  # fmt: skip
    last.set(xscale="log")
    last.set_xticks(tables["lasting"]["n_people"].unique(), [f"{n:,}" for n in tables["lasting"]["n_people"].unique()])
    last.minorticks_off()
    words = f"Trust, {largest[-1]:,} people (start: allied)"
    plots.shares_axis(plots.plain(trust, title=words, x="Stigma transfer"))
    plots.shares_axis(plots.plain(last, title="Replicates in opposition (start: opposed)", x="People"))
    plots.line_key(fourth, "lower center")
    for ax, title, x in ((left, "Width of the transition", "People"), (middle, "Variance of the ally share", "People"),
                         (right, "Stigma transfer at the midpoint", "Steps of a run")):  # fmt: skip
        plots.key(plots.plain(ax, title=title, x=x))
    plots.regime_key(figure)
    number = ", ".join(f"{int(size):,}: {n}" for size, n in design["replicates"].items())
    coarsely = ", ".join(f"{int(size):,}: {n}" for size, n in design["coarse_replicates"].items())
    timely = ", ".join(f"{int(size):,}: {n}" for size, n in design["time_replicates"].items())
    opposed = ", ".join(f"{int(size):,}: {n}" for size, n in design["lasting_replicates"].items())
    plots.note(figure, [
        f"Two groups, 20 % marginalized, mean degree 10, homophily 0.5; {design['steps']} steps, average of the last "
        f"tenth; start: everybody silent unless said otherwise; root seed {seed}. Replicates per value in a by people: "
        f"{coarsely}; in b and c: {number}; at other lengths of runs: {timely}; from an opposed start "
        f"(at the default stigma transfer): {opposed}.",
        "b: left, bands are 95 % intervals of shares; others median with 10th to 90th percentile. c: width: from three "
        "quarters of the replicates with visible support to one quarter, read off straight lines between the values "
        "that were run, with 95 % bootstrap intervals; where it is near the spacing of values it is not resolved. "
        "d: left, median with 10th to 90th percentile; in opposition: more than half oppose; bars are 95 % intervals "
        "of shares.",
    ])  # fmt: skip
    return {"finite_size": figure}


def findings(design, tables):
    """Say in plain words what came out."""
    for row in tables["widths"].itertuples():
        resolved = "" if row.width > 1.5 * row.spacing else " (not resolved by the spacing)"
        yield (
            f"{row.n_people:,} people, {row.replicates} replicates: midpoint {row.midpoint:.4f} "
            f"({row.midpoint_low:.4f} to {row.midpoint_high:.4f}), width {row.width:.4f} ({row.width_low:.4f} to "
            f"{row.width_high:.4f}), spacing {row.spacing:.4f}{resolved}"
        )
    for size, rows in tables["points"].groupby("network_n_people"):
        top, ends = rows.loc[rows["ally_share_var"].idxmax()], rows.iloc[[0, -1]]
        yield (
            f"{size:,} people: variance of the ally share at most {top['ally_share_var']:.2g} (at stigma transfer "
            f"{top[STIGMA]:.4f}), at the ends of its values {ends['ally_share_var'].iloc[0]:.2g} and "
            f"{ends['ally_share_var'].iloc[1]:.2g}; allies there {100 * ends['ally_share_mean'].iloc[0]:.0f} and "
            f"{100 * ends['ally_share_mean'].iloc[1]:.0f} %, trust {100 * ends['mean_trust_mean'].iloc[0]:.0f} and "
            f"{100 * ends['mean_trust_mean'].iloc[1]:.0f} %, withdrawn {100 * ends['withdraw_share_mean'].iloc[0]:.0f} "
            f"and {100 * ends['withdraw_share_mean'].iloc[1]:.0f} %"
        )
    calm = tables["coarse_runs"][tables["coarse_runs"][STIGMA] == design["calm"]]
    yield f"Variance of the ally share at stigma transfer {design['calm']:g} by people: " + ", ".join(
        f"{size:,}: {value:.2g}" for size, value in calm.groupby("network_n_people")["ally_share"].var().items()
    )
    for measure, table in tables["drops"].groupby("measure"):
        yield f"Greatest drop of the average of {measure} between neighbouring values, by people: " + ", ".join(
            f"{row.network_n_people:,}: {100 * row.drop:.0f} points (to {row.below:g})" for row in table.itertuples()
        )
    for (measure, size, start), rows in tables["drops_in_time"].groupby(["measure", "network_n_people", "start"]):
        yield f"The same of {measure} with {size:,} people, start {start}, by steps: " + ", ".join(
            f"{row.steps}: {100 * row.drop:.0f} points (to {row.below:g})" for row in rows.itertuples()
        )
    for size, rows in tables["lasting"].groupby("n_people"):
        yield f"{size:,} people, start opposed, replicates in opposition by steps: " + ", ".join(
            f"{row.steps}: {100 * row.in_opposition:.0f} % ({100 * row.low:.0f} to {100 * row.high:.0f}; opposers "
            f"{100 * row.oppose_share:.0f}, trust {100 * row.mean_trust:.0f}, withdrawn "
            f"{100 * row.withdraw_share:.0f} %, with visible support {100 * row.with_support:.0f} % of replicates)"
            for row in rows.itertuples()
        )
    for (size, start), rows in tables["times"].groupby(["n_people", "start"]):
        yield f"{size:,} people, start {start}, midpoint by steps: " + ", ".join(
            f"{row.steps}: {row.midpoint:.3f} ({row.midpoint_low:.3f} to {row.midpoint_high:.3f})"
            for row in rows.itertuples()
        )


main = study.command(__file__, question=QUESTION, prediction=PREDICTION, full=FULL, quick=QUICK, run=run, draw=draw,
                     findings=findings)  # fmt: skip

if __name__ == "__main__":
    main()
