"""How many committed allies tip the others, and does it matter who they are and on which network?

python experiments/tipping.py           two to three minutes
python experiments/tipping.py --quick   a few seconds
"""

import numpy as np
import pandas as pd

import sim
from sim import plots, study, sweeps
from sim.plots.looks import BLUE, INK

QUESTION = (
    "How many people who are allies whatever happens tip the others, by where one starts, by network, by who they are, "
    "and by how hard the in-group punishes?"
)
PREDICTION = (
    "From a silent start half of the replicates tip between 10 and 25 % of committed allies, from an opposed start "
    "between 25 and 40 %; without influence never. Heavier punishment moves the tipping point up. People with many "
    "ties and people named by their peers tip with fewer than random ones, most of all on a scale-free network; the "
    "most loyal tip with fewer as well (enforcers who change sides), the most sympathetic with more (they would have "
    "come anyway). Clustered networks (small world) tip later than random ones."
)
RULES = ["random", "highest_degree", "peer_nominated", "bridging", "most_sympathetic", "most_loyal", "appointed"]
FULL = {
    "n_people": 1000,
    "steps": 400,
    "replicates": 20,
    "shares": [0.0, 0.01, 0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.125, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.5],
    "families": ["two_groups", "random_regular", "small_world", "scale_free"],
    "rules": {"two_groups": RULES, "scale_free": RULES},
    "sanction": [0, 1, 2, 3],  # times the default
    "stigma_transfer": [1, 1.5, 2],  # times the default
    "resamples": 2000,
}
QUICK = FULL | {
    "n_people": 200,
    "steps": 100,
    "replicates": 4,
    "shares": [0.0, 0.1, 0.2, 0.3, 0.5],
    "rules": {"two_groups": RULES},
    "resamples": 200,
}
STARTS = ["silent", "opposed"]
WORDS = {
    "two_groups": "two groups, homophily 0.5", "random_regular": "random, equal degrees", "small_world": "small world",
    "scale_free": "scale-free", "random": "chosen at random", "highest_degree": "most ties",
    "peer_nominated": "named by peers", "bridging": "most ties to the other group",
    "most_sympathetic": "most sympathetic", "most_loyal": "most loyal", "appointed": "appointed from above",
}  # fmt: skip
LOOKS = {
    "two_groups": (BLUE, "-", "^"), "random_regular": (INK, ":", "v"), "small_world": ("#AA4499", "-.", "s"),
    "scale_free": ("#56B4E9", "--", "d"), "null": ("#8C8C8C", ":", "_"),
}  # fmt: skip
OTHERS = ["others_support", "others_ally", "others_token", "others_oppose"]  # shares of those who are not committed
MARGINALIZED = ["welcome_share", "gatekeep_share", "withdraw_share", "mean_trust"]
TIPPED = ["others_support", "others_ally"]  # a majority of the others are allies or tokens; are allies
BY = ["network", "rule", "sanction", "stigma_transfer", "null", "start"]
MIDDLES, STEEPNESS = np.linspace(0, 0.5, 201), np.geomspace(5, 500, 25)  # searched for the logistic curve
SHARE = ("share", "Committed allies (share of the advantaged group)")


def run(design, work):
    """Return runs, their summary by point, and the tipping points."""
    who = {(family, "random", 1, 1) for family in design["families"]}
    who |= {(family, rule, 1, 1) for family, rules in design["rules"].items() for rule in rules}
    who |= {("two_groups", "random", times, 1) for times in design["sanction"]}
    who |= {("two_groups", "random", 1, times) for times in design["stigma_transfer"]}
    cases = [(*one, "none", start) for one in sorted(who) for start in STARTS]
    # without influence nobody's start matters for long, and neither do sanctions
    cases += [(*one, "no_influence", "silent") for one in sorted(who) if one[2:] == (1, 1)]
    rows = [
        {"network": family, "intervention_who": rule, "null": null, "start": start, "intervention_share": share}
        | _times(sanction=sanction, stigma_transfer=stigma)
        for family, rule, sanction, stigma, null, start in cases for share in design["shares"]
    ]  # fmt: skip
    axes = {"intervention": "committed_allies", "network_n_people": design["n_people"], "steps": design["steps"]}
    runs = work.sweep(axes, kind="table", rows=rows, replicates=design["replicates"])
    runs = runs.rename(columns={"intervention_who": "rule", "intervention_share": "share"})
    for name in ("sanction", "stigma_transfer"):
        runs[name] = (runs[name] / getattr(sim.Parameters(), name)).round(6)  # as in the design
    others = 1 - runs["share"]
    runs["others_ally"] = (runs["ally_share"] - runs["share"]) / others
    runs["others_token"], runs["others_oppose"] = runs["token_share"] / others, runs["oppose_share"] / others
    runs["others_support"] = runs["others_ally"] + runs["others_token"]
    points = sweeps.summarise(runs, [*BY, "share"], [*OTHERS, *MARGINALIZED])
    tips = []
    for outcome in TIPPED:
        middles = {case: middles_of(table, outcome, design, work.seed) for case, table in runs.groupby(BY)}
        for case, found in middles.items():
            later = found - middles["two_groups", "random", 1, 1, "none", case[-1]]
            bounds = [bound for one in (found, later) for bound in (one[0], *np.quantile(one[1:], [0.025, 0.975]))]
            at_none = chosen(points, *case).set_index("share").loc[0.0, f"{outcome}_median"]
            tips.append((outcome, *case, *bounds, at_none > 0.5))
    columns = ["tipping_point", "low", "high", "later", "later_low", "later_high", "is_tipped_at_0"]
    tips = pd.DataFrame(tips, columns=["outcome", *BY, *columns])
    return {"runs": runs, "points": points.round(4), "tipping_points": tips}


def _times(**times):
    """Return parameters at so many times their defaults."""
    return {name: count * getattr(sim.Parameters(), name) for name, count in times.items()}


def middles_of(table, outcome, design, seed):
    """Return the share at which half of the replicates tip: the middle of a logistic curve; then of resamples.

    Replicates are resampled whole, and the same ones for every case, so that differences between cases are paired.
    """
    tipped = table.assign(is_tipped=table[outcome] > 0.5).pivot(index="replicate", columns="share")["is_tipped"]
    count, shares = len(tipped), tipped.columns.to_numpy(float)
    picks = np.random.default_rng(seed).integers(count, size=(design["resamples"], count))
    yes = tipped.to_numpy(float)[np.vstack([np.arange(count), picks])].sum(axis=1)
    middle, steep = (grid.reshape(-1, 1) for grid in np.meshgrid(MIDDLES, STEEPNESS))
    odds = steep * (shares - middle)
    likelihood = yes @ -np.logaddexp(0, -odds).T + (count - yes) @ -np.logaddexp(0, odds).T
    return middle[likelihood.argmax(axis=1), 0]


def chosen(table, network="two_groups", rule="random", sanction=1, stigma_transfer=1, null="none", start="silent"):
    """Return the rows of one case."""
    case = zip(BY, (network, rule, sanction, stigma_transfer, null, start), strict=True)
    return table[np.logical_and.reduce([table[name] == value for name, value in case])]


def draw(design, tables, seed):
    """Draw curves by network, tipping points of every case, and both groups."""
    runs, tips = tables["runs"], tables["tipping_points"]
    tips = tips[tips["outcome"] == TIPPED[0]]
    figure = plots.figure(9, 14.2)
    top, middle, bottom = figure.subfigures(3, 1, height_ratios=[1, 1.6, 1.05])
    plots.heading(top, "a   Open support (allies and tokens) among the others; committed at random")
    for ax, start in zip(top.subplots(1, 2, sharey=True), STARTS, strict=True):
        for family in design["families"]:
            look = {"others_support": (*LOOKS[family], WORDS[family])}
            plots.lines(ax, chosen(runs, family, start=start), x=SHARE, looks=look)
        look = {"others_support": (*LOOKS["null"], "null model: nobody is influenced (two groups)")}
        plots.lines(ax, chosen(runs, null="no_influence"), x=SHARE, looks=look)
        ax.axhline(0.5, color=INK, linewidth=0.6)
        _shared(ax, start, "Share of the others")
    plots.line_key(top, "lower center")
    plots.heading(middle, "b   Tipping points: where most of the others show support in half of the replicates")
    draw_tips(middle, design, tips)
    plots.heading(bottom, "c   Both groups (two groups, chosen at random)")
    looks = {"others_ally": plots.LINES["ally_share"], "others_oppose": plots.LINES["oppose_share"]}
    looks |= plots.looks_of(["gatekeep_share", "withdraw_share", "mean_trust"])
    for ax, start in zip(bottom.subplots(1, 2, sharey=True), STARTS, strict=True):
        plots.lines(ax, chosen(runs, start=start), x=SHARE, looks=looks)
        _shared(ax, start, "Share of the group")
    plots.line_key(bottom, "lower center")
    plots.note(figure, [
        f"{design['n_people']:,} people, 20 % marginalized, mean degree 10; {design['steps']} steps, average of the "
        f"last tenth; {design['replicates']} replicates per point, root seed {seed}; a replicate has the same network, "
        "people and luck at every point. Lines: median, bands from 10th to 90th percentile.",
        f"Tipping points: middle of a logistic curve over the replicates, bars: 95 % of {design['resamples']:,} "
        "resamples of the replicates. Where a point lies at 0 nobody has to be committed; a point at 50 % with an "
        "arrow: not reached. Grey: 10 to 40 %, the range reported for committed minorities.",
    ])  # fmt: skip
    return {"tipping": figure}


def draw_tips(part, design, tips):
    """Draw the tipping point of every case with its interval, one column per group of cases."""
    groups = {"by network": [({"network": family}, WORDS[family]) for family in design["families"]]}
    for family, rules in design["rules"].items():
        groups[f"by who is committed: {WORDS[family].split(',')[0]}"] = [
            ({"network": family, "rule": rule}, WORDS[rule]) for rule in rules]  # fmt: skip
    groups["by punishment"] = [({"sanction": times}, f"{times} x default") for times in design["sanction"]]
    groups["by stigma transfer"] = [
        ({"stigma_transfer": times}, f"{times:g} x default") for times in design["stigma_transfer"]]  # fmt: skip
    axes = part.subplots(len(groups), 1, sharex=True, height_ratios=[len(cases) for cases in groups.values()])
    for ax, (title, cases) in zip(axes, groups.items(), strict=True):
        ax.axvspan(0.1, 0.4, color="#EFEFEF", linewidth=0, zorder=0)
        for aside, start in zip((-0.14, 0.14), STARTS, strict=True):
            colour, _, marker, words = plots.STARTS[start]
            found = pd.concat([chosen(tips, **case, start=start) for case, _ in cases])
            middle, places = found["tipping_point"], np.arange(len(found)) + aside
            ends = [middle - found["low"].clip(upper=middle), found["high"].clip(lower=middle) - middle]
            shape = "o" if start == "silent" else marker
            ax.errorbar(middle, places, xerr=ends, color=colour, linestyle="none", marker=shape, markersize=5,
                        elinewidth=1.4, label=f"start: {words}", zorder=3)  # fmt: skip
            is_out = (middle >= design["shares"][-1]).to_numpy()
            ax.plot(middle[is_out] + 0.012, places[is_out], color=colour, linestyle="none", marker=">", markersize=4)
        plots.plain(ax, title=title)
        ax.set_yticks(range(len(cases)), [words for _, words in cases])
        ax.set_ylim(len(cases) - 0.5, -0.5)
        ax.set_xlim(-0.02, 0.53)
    _per_cent(axes[-1])
    axes[-1].set_xlabel(SHARE[1], fontsize=9)
    plots.line_key(part, "lower center")


def _shared(ax, start, words):
    """Give axes the start as title, and committed shares in per cent."""
    is_first = ax.get_subplotspec().is_first_col()
    plots.plain(ax, title=f"start: {plots.STARTS[start][3]}", x=SHARE[1], y=words if is_first else "")
    _per_cent(ax)


def _per_cent(ax):
    ax.set_xticks([0, 0.1, 0.2, 0.3, 0.4, 0.5], ["0", "10 %", "20 %", "30 %", "40 %", "50 %"])


def findings(design, tables):
    """Say where the others tip, against the null model, and what they do beyond what would have happened anyway."""
    runs, tips = tables["runs"], tables["tipping_points"]

    def told(row):
        at = row["tipping_point"]
        if at <= 0 and not row["is_tipped_at_0"]:
            return "no single tipping point: with many committed fewer replicates tip than with some"
        if at <= 0 or at >= design["shares"][-1]:
            return "nobody needed" if at <= 0 else f"not reached up to {100 * at:.0f} %"
        later = f"{100 * row['later']:+.1f} ({100 * row['later_low']:+.1f} to {100 * row['later_high']:+.1f})"
        return f"{100 * at:.1f} % ({100 * row['low']:.1f} to {100 * row['high']:.1f}), later by {later}"

    for outcome in TIPPED:
        for null, start in (("none", "silent"), ("none", "opposed"), ("no_influence", "silent")):
            part = tips[(tips["outcome"] == outcome) & (tips["null"] == null) & (tips["start"] == start)]
            rows = [f"{row['network']}, {row['rule']}, sanction x {row['sanction']:g}, "
                    f"stigma x {row['stigma_transfer']:g}: {told(row)}"
                    for _, row in part.iterrows()]  # fmt: skip
            head = f"Start {start}" if null == "none" else "Null model (nobody is influenced)"
            yield f"{head}, most of the others {outcome.removeprefix('others_')}, tipping points:\n    " + (
                "\n    ".join(rows)
            )
    cases = [(family, "random") for family in design["families"]] + [("two_groups", rule) for rule in RULES[1:]]
    for start in STARTS:
        for family, rule in cases:
            for share in [one for one in (0.05, 0.1, 0.25) if one in design["shares"]]:
                model, null = (at_share(chosen(runs, family, rule, null=which, start=begun), share)
                               for which, begun in (("none", start), ("no_influence", "silent")))  # fmt: skip
                beyond = study.per_cent(_gain(model, null, "others_support"), points=True)
                groups = ", ".join(f"{name} {study.per_cent(model[name])}" for name in (*OTHERS, *MARGINALIZED[1:]))
                yield f"Start {start}, {100 * share:g} % committed, {family}, {rule}: beyond null {beyond}; {groups}"


def at_share(table, share):
    """Return the runs at a share by replicate, with those of share 0 beside them."""
    at, none = (table[table["share"] == one].set_index("replicate") for one in (share, 0.0))
    return at.join(none[OTHERS].add_suffix("_at_0"))


def _gain(model, null, name):
    return (model[name] - model[f"{name}_at_0"]) - (null[name] - null[f"{name}_at_0"])


main = study.command(__file__, question=QUESTION, prediction=PREDICTION, full=FULL, quick=QUICK, run=run, draw=draw,
                     findings=findings)  # fmt: skip

if __name__ == "__main__":
    main()
