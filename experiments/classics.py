"""Do published models, on the project's networks and random streams, give the numbers of their papers?

python experiments/classics.py           three to five minutes
python experiments/classics.py --quick   half a minute
"""

import numpy as np
import pandas as pd
from scipy import stats

from sim import networks, plots, study, sweeps
from sim.classics import (
    brock_durlauf,
    chang_harrington,
    complex_contagion,
    emperors_dilemma,
    granovetter,
    ising,
    opinion_expression,
    tipping_point,
    watts,
)
from sim.plots.looks import BLUE, INK

QUESTION = "Do rival models of the same question, written anew, give the numbers that their papers and theory give?"
PREDICTION = (
    "All published and exact numbers lie within what luck over replicates allows; the emperor's dilemma shows its "
    "pattern, with numbers of its own. Complex contagion fails with rewiring, but with noise long ties speed it up."
)
FULL = {
    "replications": 64,  # of Chang & Harrington, as in the paper
    "replicates": 40,
    "conformist_share": [0.0, 0.1, 0.3, 0.5, 0.7, 0.8, 0.9],
    "crowd": 10_000,
    "people": 1000,
    "steps": 1000,
    "coupling": [0.43, 0.435, 0.44, 0.445, 0.45],
    "coupling_steps": 4000,
    "speak": {"sharpness": 100, "learning_rate": 0.002, "mean_degree": 200, "steps": 2500},
}
QUICK = FULL | {"replications": 4, "replicates": 3, "crowd": 1000, "people": 200, "steps": 300, "coupling_steps": 300,
                "speak": FULL["speak"] | {"steps": 300}}  # fmt: skip
PAPER = {  # Chang & Harrington (2020), no random ties: quantiles of acceptance over 64 replications
    0.0: {"max": 0.408, "75 %": 0.335, "50 %": 0.306, "25 %": 0.280, "min": 0.245},
    0.1: {"max": 0.486, "75 %": 0.423, "50 %": 0.378, "25 %": 0.341, "min": 0.262},
    0.3: {"max": 0.751, "75 %": 0.675, "50 %": 0.627, "25 %": 0.568, "min": 0.444},
    0.5: {"max": 0.897, "75 %": 0.888, "50 %": 0.885, "25 %": 0.881, "min": 0.841},
    0.7: {"max": 0.939, "75 %": 0.933, "50 %": 0.931, "25 %": 0.929, "min": 0.925},
    0.8: {"max": 0.958, "75 %": 0.955, "50 %": 0.953, "25 %": 0.033, "min": 0.029},
    0.9: {"max": 0.976, "75 %": 0.016, "50 %": 0.015, "25 %": 0.014, "min": 0.013},
}
RANKS = {"max": 1.0, "75 %": 0.75, "50 %": 0.5, "25 %": 0.25, "min": 0.0}
TAKE_OFF = {0.8: 45, 0.9: 4}  # of 64
FIRST_STEPS = {"revealed": [150, 150, 165, 185, 209, 241], "accepting": [0, 978, 978, 1042, 1118, 1229]}
COST = 0.3  # of speaking, in the model of opinion expression
MEASURES = {
    "last": lambda history: history.iloc[-1, 1],
    "later half": lambda history: history.iloc[len(history) // 2 :, 1].mean(),
    "above a tenth": lambda history: float(history.iloc[-1, 1] > 0.1),
    "above a half": lambda history: float(history.iloc[-1, 1] > 0.5),
    "nine tenths": lambda history: float(history.iloc[-1, 1] >= 0.9),
    "steps to nine tenths": lambda history: float(history.iloc[:, 1].ge(0.9).idxmax() or np.nan),
    "false enforcement": lambda history: float(history["false_enforcement_share"].iloc[-1] > 0.5),
    "both": lambda history: float(history.iloc[-1, 1:].min() > 0.5),
}
SHARES = ("above a tenth", "above a half", "nine tenths", "false enforcement", "both")  # of runs


def panels(design):
    """Return the runs of every panel: (panel, case, x values, model, arguments at x, measure)."""
    people, crowd, steps = design["people"], design["crowd"], design["steps"]
    rewiring = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 1]
    complete = networks.complete(people, 0.0, seed=1)
    regular = networks.random_regular(2000, 0.0, mean_degree=3, seed=1)
    believers = [0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3]
    speak = design["speak"] | {"cost": COST}
    return [
        ("Granovetter", "thresholds drawn at random", np.arange(0.05, 0.2, 0.005), granovetter,
         lambda x: {"threshold_spread": x, "n_people": crowd}, "last"),
        ("Watts", "one convinced person", [0.5, 0.9, 1.2, 1.5, 2, 3, 4, 5, 5.5, 6.2, 7], watts,
         lambda x: {"mean_degree": x, "n_people": crowd}, "above a tenth"),
        *[("Brock & Durlauf", f"start: all at {2 * start - 1:+d}", np.arange(-0.4, 0.41, 0.05), brock_durlauf,
           lambda x, start=start: {"field": x, "start": start, "n_people": 2 * people}, "later half")
          for start in (0, 1)],
        ("Ising", "square lattice, 32 x 32", [0.3, 0.36, 0.4, 0.42, 0.44, 0.46, 0.5, 0.6], ising,
         lambda x: {"coupling": x, "steps": steps}, "later half"),
        ("Ising", "three random ties each", [0.4, 0.45, 0.5, 0.53, 0.57, 0.6, 0.7, 0.8], ising,
         lambda x: {"coupling": x, "network": regular, "steps": steps // 2}, "later half"),
        *[("Centola & Macy", f"{a} contact{'s' * (a > 1)} needed", rewiring, complex_contagion,
           lambda x, a=a: {"contacts": a, "rewiring": x, "n_people": people}, "nine tenths") for a in (1, 2, 3)],
        *[("Centola & Macy, with noise", f"{a} needed of {z}", rewiring[:-1], complex_contagion,
           lambda x, a=a, z=z: {"contacts": a, "mean_degree": z, "rewiring": x, "n_people": people, "noise": 0.01,
                                "steps": 3000}, "steps to nine tenths") for a, z in ((1, 4), (2, 4), (3, 8))],
        ("Centola et al.", f"{people:,} people", [0.2, 0.21, 0.22, 0.23, 0.235, 0.24, 0.245, 0.25, 0.26, 0.27, 0.28],
         tipping_point, lambda x: {"committed_share": x, "n_people": people, "steps": steps}, "above a half"),
        *[("Emperor's dilemma", case, shares, emperors_dilemma,
           lambda x, more=more: {"believer_share": x} | more, "false enforcement")
          for case, shares, more in (("scattered", believers, {}), ("side by side", believers, {"clustered": True}),
                                     ("everybody sees everybody", [0.01, 0.05, 0.1, 0.15, 0.2, 0.3],
                                      {"network": complete}))],
        *[("Emperor's dilemma, rewired", case, rewiring[:-1], emperors_dilemma,
           lambda x, more=more: {"rewiring": x} | more, "false enforcement")
          for case, more in (("3 % scattered", {"believer_share": 0.03}),
                             ("1 % side by side", {"believer_share": 0.01, "clustered": True}))],
        ("Gaisbauer et al.", "both groups keep speaking", [0.1, 0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6],
         opinion_expression, lambda x: {"homophily": x} | speak, "both"),
        ("Gaisbauer et al.", "one group keeps speaking alone", [-0.6, -0.5, -0.4, -0.35, -0.3, -0.25, -0.2, -0.1],
         opinion_expression,
         lambda x: {"homophily": x, "minority_reward": -1} | speak, "above a half"),
    ]  # fmt: skip


def run(design, work):
    """Return single runs, points of the panels, Chang & Harrington's table, and numbers beside published ones."""
    seeds = range(work.seed, work.seed + design["replicates"])
    jobs = [(panel, case, round(float(x), 6) + 0.0, seed, model, arguments(x), measure)
            for panel, case, xs, model, arguments, measure in panels(design) for x in xs for seed in seeds]  # fmt: skip
    values = work.each(lambda job: MEASURES[job[-1]](job[4].run(seed=job[3], **job[5]).history), jobs)
    runs = pd.DataFrame([job[:4] for job in jobs], columns=["model", "case", "x", "seed"])
    runs["measure"], runs["value"] = [job[-1] for job in jobs], values
    table, first, taken = chang_harrington_tables(design, work)
    numbers = pd.concat([taken, *estimates(design, work)], ignore_index=True)
    return {"runs": runs, "points": points_of(runs), "chang_harrington": table, "first_steps": first,
            "numbers": numbers.round(5)}  # fmt: skip


def points_of(runs):
    """Return mean and 95 % interval of every point; of shares of runs Wilson's interval."""
    rows = []
    for (model, case, measure, x), part in runs.groupby(["model", "case", "measure", "x"], sort=False):
        values = part["value"].dropna()
        if measure in SHARES:
            found = sweeps.share_interval(int(values.sum()), len(values))
        else:
            found = sweeps.mean_interval(values)
        rows.append((model, case, measure, x, found.estimate, found.low, found.high, len(values)))
    columns = ["model", "case", "measure", "x", "estimate", "low", "high", "runs"]
    return pd.DataFrame(rows, columns=columns).round(5)


# === Chang & Harrington =================================================================================


def chang_harrington_tables(design, work):
    """Return quantiles beside the paper's, the first steps beside those of its one run, and take-off counts."""
    seeds = range(work.seed, work.seed + design["replications"])
    jobs = [(w, seed) for w in design["conformist_share"] for seed in seeds]
    histories = work.each(lambda job: chang_harrington.run(conformist_share=job[0], seed=job[1]).history, jobs)
    final = pd.DataFrame(jobs, columns=["conformist_share", "seed"])
    final["accepting"] = [history["accepting_share"].iloc[-1] for history in histories]
    rows, taken = [], []
    for w, part in final.groupby("conformist_share"):
        ours = np.sort(part["accepting"])
        for name, share in RANKS.items():
            low, high = like_sample(ours, share)
            rows.append((w, name, PAPER[w][name], np.quantile(ours, share), low, high, len(ours)))
        if w in TAKE_OFF:
            found = sweeps.share_interval(int((ours > 0.5).sum()), len(ours))
            taken.append(("Chang & Harrington", f"share of runs that take off, w = {w:g}", TAKE_OFF[w] / 64, *found))
    columns = ["conformist_share", "quantile", "paper", "ours", "like_low", "like_high", "runs"]
    kept = [history for job, history in zip(jobs, histories, strict=True) if job[0] == 0.3]
    return pd.DataFrame(rows, columns=columns).round(5), first_steps(kept), numbered(taken)


def like_sample(ours, share, level=0.95):
    """Return between which of our runs the same quantile of 64 further runs lies, in 95 of 100 cases.

    The value of a given rank among 64 lies at a chance U ~ Beta(rank, 65 - rank) of the law; of our n runs Bin(n, U)
    are below it.
    """
    rank = 1 + 63 * share
    below = stats.betabinom(len(ours), rank, 65 - rank)
    padded = np.concatenate([[np.nan], ours, [np.nan]])  # nan: no bound from so few runs
    return padded[int(below.ppf((1 - level) / 2))], padded[int(below.ppf((1 + level) / 2)) + 1]


def first_steps(histories):
    """Return how many had revealed and accepted in the first steps: ours, and in the paper's one run."""
    revealed = np.array([1000 * history["revealed_share"][:6] for history in histories])
    accepting = np.array([6300 * history["compassionates_accepting"][:6] for history in histories])
    rows = [(what, step, FIRST_STEPS[what][step], *np.quantile(ours[:, step], (0.5, 0.05, 0.95)))
            for what, ours in (("revealed", revealed), ("accepting", accepting)) for step in range(6)]  # fmt: skip
    return pd.DataFrame(rows, columns=["what", "step", "paper", "median", "low", "high"]).round(2)


# === single numbers =====================================================================================


def numbered(rows):
    """Return rows of single numbers as a table; does the published value lie in the 95 % interval of ours?"""
    columns = ["model", "quantity", "published", "ours", "low", "high", "runs"]
    table = pd.DataFrame(rows, columns=columns)
    table["is_inside"] = (table["low"] <= table["published"]) & (table["published"] <= table["high"])
    return table


def estimates(design, work):
    """Yield tables of numbers that single runs, or searches with a fixed seed, estimate."""
    seeds = range(work.seed, work.seed + design["replicates"])
    jump = work.each(lambda seed: first_above(
        lambda sd: granovetter.run(threshold_spread=sd, n_people=100 * design["people"], seed=seed), 0.1, 0.15, 1e-5),
        seeds)  # fmt: skip
    exact = granovetter.jump(0.25)[0]
    yield numbered([("Granovetter", "spread at which the share jumps", exact, *sweeps.mean_interval(jump))])
    for n_people, some in ((design["people"], seeds), (4 * design["people"], seeds[:10])):
        tip = work.each(lambda seed, n_people=n_people: first_above(
            lambda share: tipping_point.run(committed_share=share, n_people=n_people, steps=design["steps"], seed=seed),
            0.2, 0.3, 0.5 / n_people), some)  # fmt: skip
        found = sweeps.mean_interval(tip)
        yield numbered([("Centola et al.", f"critical committed share, {n_people:,} people", 0.2419, *found)])
    regular = {k: networks.random_regular(4000, 0.0, mean_degree=k, seed=work.seed) for k in (3, 4)}
    cases = [
        ("Ising", "order on the square lattice, K = .5", ising.square_order(0.5),
         lambda seed: ising.run(coupling=0.5, side=64, steps=design["steps"], seed=seed)),
        *[("Ising", f"order with {k} random ties, K 1.2 times critical",
           ising.regular_order(1.2 * ising.regular_critical(k), k),
           lambda seed, k=k: ising.run(coupling=1.2 * ising.regular_critical(k), network=regular[k], seed=seed))
          for k in regular],
        *[("Brock & Durlauf", f"mean choice, J = 1.5, h = {h:g}, from {'+' if s else '-'}1",
           brock_durlauf.equilibria(1.5, h)[-1 if s else 0],
           lambda seed, h=h, s=s: brock_durlauf.run(field=h, start=s, n_people=5 * design["people"], seed=seed))
          for h, s in ((0.1, 0), (0.1, 1), (0.3, 0))],
    ]  # fmt: skip
    for model, quantity, exact, made in cases:
        values = work.each(lambda seed, made=made: MEASURES["later half"](made(seed).history), seeds)
        yield numbered([(model, quantity, exact, *sweeps.mean_interval(values))])
    for z in (0.9, 1.2, 2.0, 4.0, 5.5, 6.2):
        values = work.each(lambda seed, z=z: MEASURES["above a tenth"](
            watts.run(mean_degree=z, n_people=design["crowd"], seed=seed).history), range(5 * design["replicates"]))
        found = sweeps.share_interval(int(sum(values)), len(values))
        exact = watts.cascade_probability(z, 0.18)
        yield numbered([("Watts", f"chance of a global cascade, z = {z:g}", exact, *found)])
    yield numbered([("Ising", "critical coupling of the square lattice", ising.SQUARE_CRITICAL,
                     *crossing(design, work))])  # fmt: skip


def first_above(made, low, high, width):
    """Return where, between `low` and `high`, a run with the same luck first ends above one half."""
    while high - low > width:
        middle = (low + high) / 2
        low, high = (low, middle) if made(middle).history.iloc[-1, 1] > 0.5 else (middle, high)
    return (low + high) / 2


def crossing(design, work, sides=(12, 24), resamples=500):
    """Return where Binder's cumulants of two sizes cross, the interval over resampled replicates, and their number."""
    seeds = range(work.seed, work.seed + design["replicates"])
    jobs = [(side, coupling, seed) for side in sides for coupling in design["coupling"] for seed in seeds]

    def moments(job):
        m = ising.run(side=job[0], coupling=job[1], steps=design["coupling_steps"], seed=job[2]).history["mean_choice"]
        later = m[len(m) // 4 :]
        return (later**2).mean(), (later**4).mean()

    found = np.array(work.each(moments, jobs)).reshape(2, len(design["coupling"]), len(seeds), 2)

    def cross(chosen):
        second, fourth = found[:, :, chosen].mean(axis=2).transpose(2, 0, 1)
        cumulant = 1 - fourth / (3 * second**2)
        roots = np.roots(np.polyfit(np.array(design["coupling"]) - 0.44, cumulant[1] - cumulant[0], 2))
        return 0.44 + roots[np.abs(roots).argmin()].real

    picks = np.random.default_rng(work.seed).integers(len(seeds), size=(resamples, len(seeds)))
    low, high = np.quantile([cross(pick) for pick in picks], (0.025, 0.975))
    return cross(np.arange(len(seeds))), low, high, len(seeds)


# === figures ============================================================================================

LOOKS = [(BLUE, "-", "o"), (INK, ":", "s"), ("#AA4499", "--", "^")]  # of ours, by case
THEORY = {"color": "#D9AE00", "linewidth": 1.4, "zorder": 1}
RAISED = {"Centola & Macy": "upper right", "Gaisbauer et al.": "upper left", "Emperor's dilemma": "upper left"}
KEYS = RAISED | {"Brock & Durlauf": "upper left", "Centola & Macy, with noise": "upper right"}
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


def draw(design, tables, seed):
    """Draw Chang & Harrington's table, and a panel for every other model."""
    return {"chang_harrington": draw_table(design, tables, seed), "classics": draw_panels(design, tables, seed)}


def draw_table(design, tables, seed):
    """Draw quantiles of both tables side by side, take-off counts, and the first steps."""
    figure = plots.figure(9, 5.4)
    left, right = figure.subplots(1, 2, width_ratios=[1.7, 1])
    table = tables["chang_harrington"].pivot(index="conformist_share", columns="quantile", values=["paper", "ours"])
    names = {"paper": "Chang & Harrington (2020)", "ours": "ours"}
    for at, (w, row) in enumerate(table.iterrows()):
        for who, aside, colour, marker in (("paper", 0.13, INK, "D"), ("ours", -0.13, BLUE, "o")):
            place = at + aside
            left.plot([place] * 2, [row[who, "min"], row[who, "max"]], color=colour, linewidth=0.9)
            left.plot([place] * 2, [row[who, "25 %"], row[who, "75 %"]], color=colour, linewidth=3.6,
                      solid_capstyle="butt")  # fmt: skip
            left.plot(place, row[who, "50 %"], color=colour, marker=marker, linestyle="none", markersize=6.5,
                      markeredgecolor="white", label=None if at else names[who])  # fmt: skip
        if w in TAKE_OFF:
            told = tables["numbers"].query("model == 'Chang & Harrington' and quantity.str.endswith(@end)",
                                           local_dict={"end": f"w = {w:g}"}).iloc[0]  # fmt: skip
            text = f"take off\nours {told['ours'] * told['runs']:.0f} of {told['runs']:.0f}\npaper {TAKE_OFF[w]} of 64"
            left.text(at, 0.6 if w == 0.8 else 0.35, text, ha="center", va="center", fontsize=7, color=INK,
                      bbox={"facecolor": "white", "edgecolor": "none", "pad": 1})  # fmt: skip
    left.set_xticks(range(len(table)), [f"{w:g}" for w in table.index])
    plots.shares_axis(plots.plain(left, title="a   Accepting in the end", x="Share of conformists",
                                  y="Share of those who are not stigmatized"))  # fmt: skip
    first = tables["first_steps"].query("what == 'accepting'")
    ends = [first["median"] - first["low"], first["high"] - first["median"]]
    right.errorbar(first["step"] - 0.08, first["median"], ends, color=BLUE, marker="o", linestyle="none",
                   elinewidth=1.4, markersize=5, label="ours")  # fmt: skip
    right.plot(first["step"] + 0.08, first["paper"], color=INK, marker="D", linestyle="none", markersize=5)
    plots.plain(right, title="b   First steps, 30 % conformists", x="Step", y="Compassionates who accept")
    left.legend(frameon=False, fontsize=8, loc="upper left")
    plots.note(figure, [
        f"10,000 people, no random ties, 300 steps; {design['replications']} replications of ours (seeds from {seed}) "
        "and 64 of the paper's. a: marks are medians, thick bars the middle half, thin ones the range. At 80 and 90 % "
        "conformists runs either take off or not. b: ours with 5th to 95th percentile of single runs; the paper shows "
        "one run."
    ])  # fmt: skip
    return figure


def draw_panels(design, tables, seed):
    """Draw points of ours with intervals, and what is published or exact, model by model."""
    figure = plots.figure(9, 13.2)
    points, axes = tables["points"], figure.subplots(5, 2).ravel()
    for letter, ax, (model, words) in zip("abcdefghij", axes, WORDS.items(), strict=True):
        part = points[points["model"] == model]
        draw_theory(ax, model)
        width = part["x"].max() - part["x"].min()
        cases = zip(LOOKS, part.groupby("case", sort=False), strict=False)
        for rank, ((colour, _, marker), (case, rows)) in enumerate(cases):
            ends = [(rows["estimate"] - rows["low"]).clip(lower=0), (rows["high"] - rows["estimate"]).clip(lower=0)]
            # side by side where cases share their places
            place = rows["x"] * 1.07**rank if model == "Emperor's dilemma" else rows["x"] + 0.009 * rank * width
            ax.errorbar(place, rows["estimate"], ends, color=colour, marker=marker, markersize=4, linestyle="none",
                        elinewidth=1, label=case, zorder=3)  # fmt: skip
        plots.plain(ax, title=f"{letter}   {model}", x=words[0], y=words[1])
        ax.legend(fontsize=7, handlelength=1.6, labelspacing=0.25, framealpha=0.85, edgecolor="none",
                  loc=KEYS.get(model, "best")).set_zorder(5)  # fmt: skip
        if words[1].startswith(("Runs", "Share")):
            ax.set_ylim(-0.05, 1.4 if model in RAISED else 1.05)
            ax.set_yticks([0, 0.25, 0.5, 0.75, 1])
    axes[2].set_ylim(-1.1, 2.1)
    axes[2].set_yticks([-1, 0, 1])
    axes[5].set_yscale("log")
    axes[5].set_ylim(4, 3000)
    axes[7].set_xscale("log")
    plots.note(figure, [
        f"Symbols: ours, mean and 95 % interval over {design['replicates']} replicates (shares of runs: Wilson's), "
        f"seeds from {seed}. Golden lines, and diamonds on them: published or exact. a: {design['crowd']:,} people, "
        "thresholds around .25; near the jump replicates fall on either side. b: threshold .18. c: interaction 1.5. "
        "e: a ring with eight ties each; diamonds: published as failing, with three contacts at .2, with two at 1. "
        "f: 1 % chance per step with too few contacts. h, i: 32 x 32 lattice; the paper's numbers were not at hand, so "
        "nothing is compared. j: cost .3, equal groups; the bounds hold for perfectly sharp choices of people who know "
        "their rewards, ours are sharp (b = 100) but learn from one neighbour at a time.",
    ])  # fmt: skip
    return figure


def draw_theory(ax, model):
    """Draw what is published or exact for a model."""
    if model == "Granovetter":
        spreads = np.linspace(0.05, 0.2, 400)
        ax.plot(spreads, [granovetter.resting_share(0.25, sd) for sd in spreads], **THEORY, label="exact")
        _published(ax, 0.12222, 0.0620)
    elif model == "Watts":
        degrees = np.linspace(0.5, 7, 300)
        chances = [watts.cascade_probability(z, 0.18) for z in degrees]
        ax.plot(degrees, chances, **THEORY, label="exact")
        for edge in (1.021, 5.765):
            _published(ax, edge, 0)
    elif model == "Brock & Durlauf":
        choice = np.linspace(-0.9999, 0.9999, 2000)
        ax.plot(np.arctanh(choice) - 1.5 * choice, choice, **THEORY, label="equilibria")
        limit = brock_durlauf.spinodal_field(1.5)
        _published(ax, limit, -np.sqrt(1 - 1 / 1.5))
        _published(ax, -limit, np.sqrt(1 - 1 / 1.5))
        ax.set_xlim(-0.43, 0.43)
    elif model == "Ising":
        grid = np.linspace(0.3, 0.8, 1000)
        ax.plot(grid, [ising.square_order(k) for k in grid], **THEORY, label="exact")
        ax.plot(grid, [ising.regular_order(k, 3) for k in grid], **THEORY | {"linestyle": "--"})
        _published(ax, 0.5, 0.9113)
    elif model == "Centola & Macy":
        _published(ax, 0.2, 0)
        _published(ax, 1, 0)
    elif model == "Centola et al.":
        ax.axvspan(0.23, 0.25, color="#EFEFEF", linewidth=0, zorder=0)
        _published(ax, 0.2419, 0.5)
    elif model == "Gaisbauer et al.":
        for bound in (COST, 2 * COST - 1):
            _published(ax, bound, 0.5)


def _published(ax, x, y):
    ax.axvline(x, **THEORY | {"linewidth": 0.8})
    ax.plot([x], [y], marker="D", markersize=6.5, color="#D9AE00", markeredgecolor=INK, linestyle="none", zorder=4)


def findings(design, tables):
    """Say for every published number what was found, and what misses."""
    table = tables["chang_harrington"].dropna()
    inside = table["paper"].between(table["like_low"] - 0.0005, table["like_high"] + 0.0005)
    yield (
        f"Chang & Harrington: {inside.sum()} of {len(table)} published quantiles lie where those of 64 further runs of "
        f"ours would in 95 of 100 cases; outside: "
        + ("; ".join(f"w = {row['conformist_share']:g}, {row['quantile']}: paper {row['paper']:.3f}, ours "
                     f"{row['ours']:.3f}" for _, row in table[~inside].iterrows()) or "none")
    )  # fmt: skip
    for _, row in tables["numbers"].iterrows():
        verdict = "" if row["is_inside"] else "  <- outside"
        yield (f"{row['model']}, {row['quantity']}: published {row['published']:.4f}, ours {row['ours']:.4f} "
               f"({row['low']:.4f} to {row['high']:.4f}, {row['runs']:.0f} runs){verdict}")  # fmt: skip
    for (model, case), part in tables["points"].groupby(["model", "case"], sort=False):
        if model.startswith(("Emperor", "Centola & Macy", "Gaisbauer")):
            told = ", ".join(f"{row['x']:g}: {row['estimate']:.3g}" for _, row in part.iterrows())
            yield f"{model}, {case}: {told}"


main = study.command(__file__, question=QUESTION, prediction=PREDICTION, full=FULL, quick=QUICK, run=run, draw=draw,
                     findings=findings)  # fmt: skip

if __name__ == "__main__":
    main()
