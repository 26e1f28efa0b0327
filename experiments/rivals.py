"""Does support survive when supporters are punished, and does the answer depend on how people decide?

python experiments/rivals.py           two to three minutes
python experiments/rivals.py --quick   some ten seconds
"""

import numpy as np
import pandas as pd

import sim
from sim import networks, plots, rivals, streams, study, sweeps
from sim.parameters import FIRST_ASSUMED
from sim.plots.looks import BLUE, INK, SOFT

QUESTION = (
    "The same people, ties, luck and rules of seeing and learning, under three rules of deciding (logit, threshold, "
    "imitation): does support survive when supporters are punished, and which patterns tell the rules apart?"
)
PREDICTION = (
    "The upper edge of stigma transfer, the cost of punishment and path dependence are there under every rule: they "
    "come from the payoffs. The lower edge (support that costs nothing is not believed) needs token acts to pay, and "
    "is weaker under imitation. Threshold deciders depend most on the start, imitators least. An unpopular opposition "
    "survives under logit and threshold; imitators, who compare payoffs, abandon it."
)
FULL = {
    "n_people": 1000,
    "steps": 400,
    "replicates": 30,
    "families": ["two_groups", "small_world"],
    "stigma_transfer": [0.0, 0.1, 0.25, 0.4, 0.6, 0.8, 1.0],
    "sanction": [0, 1, 2, 4],  # times the default
    "loyalty": [0.3, 0.6, 0.9],
    "relevant": 0.05,  # a difference that a pattern needs, for certain
}
QUICK = FULL | {"n_people": 200, "steps": 100, "replicates": 4, "families": ["two_groups"],
                "stigma_transfer": [0.0, 0.25, 0.6, 1.0]}  # fmt: skip
# Every option is there at the start, as imitators invent none: shares of oppose, bystand, token, ally.
STARTS = {
    "mostly allied": (0.1, 0.1, 0.1, 0.7),
    "mixed": (0.25, 0.25, 0.25, 0.25),
    "mostly opposed": (0.7, 0.1, 0.1, 0.1),
}
OUTCOMES = ["ally_share", "token_share", "bystand_share", "oppose_share", "expressed_support", "private_support",
            "opposer_private_share", "mean_trust", "welcome_share", "gatekeep_share", "withdraw_share"]  # fmt: skip
LOOKS = {"logit": (BLUE, "-", "o"), "threshold": (INK, ":", "s"), "imitation": ("#AA4499", "--", "^")}
WORDS = {"two_groups": "two groups, homophily 0.5", "small_world": "small world"}
CASE = ["family", "rule", "start", "stigma_transfer", "sanction", "loyalty"]
# The values first assumed, near which punishment decides under the logit rule.
BASE = sim.Parameters(**FIRST_ASSUMED)


def run(design, work):
    """Return every run, means of every point, and the verdicts on the patterns."""
    usual = (BASE.stigma_transfer, 1, BASE.loyalty)
    cases = {("mixed", stigma, *usual[1:]) for stigma in design["stigma_transfer"]}
    cases |= {(start, usual[0], times, usual[2])
              for start in ("mixed", "mostly allied") for times in design["sanction"]}  # fmt: skip
    cases |= {(start, *usual[:2], loyalty) for start in STARTS if start != "mixed" for loyalty in design["loyalty"]}
    seeds = range(work.seed, work.seed + design["replicates"])
    made = {(family, seed): network_of(design, family, seed) for family in design["families"] for seed in seeds}
    jobs = [(family, rule, *case, seed) for family in design["families"] for rule in rivals.RULES
            for case in sorted(cases) for seed in seeds]  # fmt: skip
    ends = work.each(lambda job: end_of(design, made[job[0], job[-1]], *job[1:]), jobs)
    runs = pd.concat([pd.DataFrame(jobs, columns=[*CASE, "seed"]), pd.DataFrame(ends)], axis=1)
    points = runs.groupby(CASE)[OUTCOMES].mean().round(4).reset_index()
    return {"runs": runs, "points": points, "verdicts": verdicts(design, runs)}


def network_of(design, family, seed):
    """Return the network that all rules and points share in one replicate."""
    return networks.GENERATORS[family](design["n_people"], seed=seed)


def end_of(design, network, rule, start, stigma_transfer, sanction, loyalty, seed):
    """Return the averages over the last tenth of a run."""
    p = BASE.replace(stigma_transfer=stigma_transfer, sanction=sanction * BASE.sanction, loyalty=loyalty)
    first = stances_of(network, STARTS[start], seed)
    history = rivals.simulate(rule, p, network, steps=design["steps"], start=first, seed=seed).history
    return history[OUTCOMES].tail(max(design["steps"] // 10, 1)).mean().to_dict()


def stances_of(network, shares, seed):
    """Return who shows what at the start: the same people first for every rule."""
    draws = streams.uniforms(seed, streams.CLASSIC_START, network.n_people)
    stances = np.searchsorted(np.cumsum(shares)[:-1], draws, side="right")
    return [None if own else int(s) for s, own in zip(stances, network.is_marginalized, strict=True)]


# === patterns ===========================================================================================


def verdicts(design, runs):
    """Return for every pattern and rule the paired difference, its interval, and whether the pattern holds.

    A pattern tells rules apart if on all networks it holds under one rule and fails under another.
    """
    rows = []
    for (family, rule), part in runs.groupby(["family", "rule"], sort=False):
        for pattern, values in patterns(part, design).items():
            is_share = set(values) <= {0.0, 1.0} and pattern.startswith("unpopular")
            found = sweeps.share_interval(int(sum(values)), len(values)) if is_share else sweeps.mean_interval(values)
            bar = 0.5 if is_share else design["relevant"]
            verdict = "holds" if found.low > bar else "fails" if found.high < bar else "uncertain"
            rows.append((family, pattern, rule, *found, verdict))
    table = pd.DataFrame(rows, columns=["family", "pattern", "rule", "estimate", "low", "high", "runs", "verdict"])
    told = table.groupby(["pattern", "rule"])["verdict"].agg(lambda verdicts: " ".join(sorted(set(verdicts))))
    clear = told[told.isin(["holds", "fails"])].groupby("pattern").nunique()
    table["tells_apart"] = [clear.get(pattern, 0) > 1 for pattern in table["pattern"]]
    return table.round(4)


def patterns(part, design):
    """Return the values of every pattern by replicate, in the order of seeds."""
    def at(outcome, start="mixed", stigma_transfer=BASE.stigma_transfer, sanction=1, loyalty=BASE.loyalty):
        case = {"start": start, "stigma_transfer": stigma_transfer, "sanction": sanction, "loyalty": loyalty}
        chosen = np.logical_and.reduce([part[name] == value for name, value in case.items()])
        return part[chosen].sort_values("seed")[outcome].to_numpy()

    def gap(loyalty):
        return at("expressed_support", "mostly allied", loyalty=loyalty) - at(
            "expressed_support", "mostly opposed", loyalty=loyalty)  # fmt: skip

    most = max(design["sanction"])
    opposed, private = at("oppose_share", "mostly opposed"), at("private_support", "mostly opposed")
    return {
        "lower edge: some stigma, more allies": at("ally_share", stigma_transfer=0.25)
        - at("ally_share", stigma_transfer=0.0),
        "costly support is believed: some stigma, more trust": at("mean_trust", stigma_transfer=0.25)
        - at("mean_trust", stigma_transfer=0.0),
        "upper edge: much stigma, fewer allies": at("ally_share", stigma_transfer=0.25)
        - at("ally_share", stigma_transfer=1.0),
        "punishment costs allies": at("ally_share", sanction=0) - at("ally_share", sanction=most),
        f"survival: allies at {most} times the punishment": at("ally_share", "mostly allied", sanction=most),
        "path dependence: the start decides": gap(BASE.loyalty),
        "loyalty makes the start matter more": gap(max(design["loyalty"])) - gap(min(design["loyalty"])),
        "unpopular opposition: most oppose, most are sympathetic": ((opposed > 0.5) & (private > 0.5)).astype(float),
        "silent majority: more sympathy than shown": at("private_support") - at("expressed_support"),
    }  # fmt: skip


# === figure =============================================================================================


def draw(design, tables, seed):
    """Draw allies by stigma transfer and punishment, trust, and every pattern under every rule."""
    figure = plots.figure(9, 9.6)
    top, bottom = figure.subfigures(2, 1, height_ratios=[1, 1.35])
    runs = tables["runs"][tables["runs"]["family"] == design["families"][0]]
    mixed = runs[runs["start"] == "mixed"]
    stigma = mixed[(mixed["sanction"] == 1) & (mixed["loyalty"] == BASE.loyalty)]
    allied = runs[(runs["start"] == "mostly allied") & (runs["loyalty"] == BASE.loyalty)]
    panels = [
        ("a   Allies, mixed start", stigma, "stigma_transfer", "ally_share", "Stigma transfer"),
        ("b   Trust in allies, mixed start", stigma, "stigma_transfer", "mean_trust", "Stigma transfer"),
        ("c   Allies, start mostly allied", allied, "sanction", "ally_share", "Punishment (times the default)"),
    ]
    for ax, (title, table, x, y, words) in zip(top.subplots(1, 3, sharey=True), panels, strict=True):
        for rule, look in LOOKS.items():
            plots.band(ax, table[table["rule"] == rule], x=x, y=y, look=(*look, rule), every=1)
        plots.shares_axis(plots.plain(ax, title=title, x=words))
    plots.line_key(top, "lower center")
    draw_verdicts(bottom, design, tables["verdicts"])
    plots.note(figure, [
        f"{design['n_people']:,} people, 20 % marginalized, mean degree 10; {design['steps']} steps, average of the "
        f"last tenth; {design['replicates']} replicates, seeds from {seed}; a replicate has the same network, people, "
        "start and luck under every rule. a to c: two groups; median, bands from 10th to 90th percentile. d: mean of "
        "paired differences in shares (of runs for the unpopular opposition), 95 % interval; filled: holds, above "
        f"{100 * design['relevant']:.0f} points (half of the runs) for certain; hollow: does not. Names in bold tell "
        "rules apart: on all networks the pattern holds under one rule and fails under another.",
    ])  # fmt: skip
    return {"rivals": figure}


def draw_verdicts(part, design, table):
    """Draw the estimate of every pattern under every rule, one column per network."""
    plots.heading(part, "d   Patterns under three rules of deciding")
    axes = np.atleast_1d(part.subplots(1, len(design["families"]), sharex=True, sharey=True))
    names = list(dict.fromkeys(table["pattern"]))
    for ax, family in zip(axes, design["families"], strict=True):
        rows = table[table["family"] == family]
        ax.axvline(0, color=SOFT, linewidth=0.8)
        for aside, (rule, (colour, _, marker)) in zip((-0.22, 0, 0.22), LOOKS.items(), strict=True):
            for place, name in enumerate(names):
                row = rows[(rows["rule"] == rule) & (rows["pattern"] == name)].iloc[0]
                face = colour if row["verdict"] == "holds" else "white"
                ax.plot([row["low"], row["high"]], [place + aside] * 2, color=colour, linewidth=1.2, zorder=2)
                ax.plot(row["estimate"], place + aside, color=colour, marker=marker, markersize=5,
                        markerfacecolor=face, zorder=3)  # fmt: skip
        plots.plain(ax, title=WORDS[family], x="Difference or share")
        ax.set_yticks(range(len(names)), [name.replace(": ", ":\n") for name in names])
        ax.set_ylim(len(names) - 0.5, -0.5)
        ax.grid(axis="x", color="#E6E6E6", linewidth=0.6)
    apart = table.groupby("pattern")["tells_apart"].first()
    for label, name in zip(axes[0].get_yticklabels(), names, strict=True):
        label.set_fontweight("bold" if apart[name] else "normal")


def findings(design, tables):
    """Say for every pattern what each rule does, and which patterns tell the rules apart."""
    for (family, pattern), part in tables["verdicts"].groupby(["family", "pattern"], sort=False):
        told = "; ".join(
            f"{row['rule']} {row['estimate']:+.3f} ({row['low']:+.3f} to {row['high']:+.3f}) {row['verdict']}"
            for _, row in part.iterrows()
        )
        yield f"{WORDS[family]}, {pattern}: {told}{' - TELLS APART' if part['tells_apart'].any() else ''}"


main = study.command(__file__, question=QUESTION, prediction=PREDICTION, full=FULL, quick=QUICK, run=run, draw=draw,
                     findings=findings)  # fmt: skip

if __name__ == "__main__":
    main()
