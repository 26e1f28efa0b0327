"""Which parameters decide what happens, over the whole range that is worth exploring, and which hardly matter?

python experiments/sensitivity.py           about two minutes
python experiments/sensitivity.py --quick   some ten seconds

Needs SALib: pip install -e '.[sensitivity]'
"""

import warnings

import numpy as np
import pandas as pd

from sim import plots, streams, study
from sim.checks import InputError
from sim.parameters import KNOBS

QUESTION = (
    "Which parameters decide how support, trust, withdrawal and opposition come out when all of them vary over their "
    "usual ranges (rates over narrower ones) at once, and which hardly matter?"
)
PREDICTION = (
    "Few parameters carry most of the variance, and mostly by interactions. Decisive for allies, support shown and "
    "opposition: average sympathy, the effort of taking a stance, conformity, loyalty and stigma transfer. Trust is "
    "moved by what moves allies, and by how much costs make support credible. Withdrawal of marginalized people is "
    "moved by hostility and safety. Spreads between people, gossip, repair and the memory of stigma are weak. Luck "
    "makes less than a tenth of the variance of a single run."
)
MISSING = "SALib is not installed; it is needed for this experiment only: pip install -e '.[sensitivity]'"
OUTCOMES = {
    "ally_share": "allies",
    "expressed_support": "support shown",
    "oppose_share": "opposers",
    "mean_trust": "trust",
    "withdraw_share": "withdrawn",
}
VARIED = [knob for knob in KNOBS if not knob.is_switch]
# What is varied instead where a parameter would rule by the mere width of its usual range. Rates of private change: at
# the fastest, a run of 300 steps moves private views by about half of the way, so that they stay the slow layer of the
# model. Reconsidering: from six times in a run to every second step (at 0 nobody ever does, and a run shows its start).
# A second identity: never of more than half of the group.
NARROWER = {
    "contact": (0.0, 0.01),
    "internalise": (0.0, 0.002),
    "appeals": (-0.002, 0.002),
    "revise": (0.02, 0.5),
    "crossing_share": (0.0, 0.5),
}
DECISIVE, MATTERS = 0.2, 0.05  # shares of the variance (total index) that a verdict needs, for certain
SURE = 3  # standard errors from 0, in any of five outcomes, for an effect of those screened out to have been seen
FULL = {
    "n_people": 300,
    "steps": 300,
    "start": "silent",
    "trajectories": 80,  # of the screening
    "levels": 4,
    "screened_in": 16,  # parameters, at most
    "samples": 512,  # a power of two; runs are this times parameters and two more
    "replicates": 2,
    "resamples": 500,
    "level": 0.95,
}
QUICK = FULL | {"n_people": 60, "steps": 40, "trajectories": 3, "screened_in": 4, "samples": 16, "replicates": 2,
                "resamples": 50}  # fmt: skip


def salib():
    """Return the parts of SALib that are used, or say how to get them."""
    try:
        from SALib.analyze import morris, sobol
        from SALib.sample import morris as morris_sample
        from SALib.sample import sobol as sobol_sample
    except ImportError:
        raise InputError(MISSING) from None
    return morris_sample, morris, sobol_sample, sobol


def seed_of(seed, purpose, place):
    """Return a seed for SALib that belongs to the root seed, a purpose and a place."""
    return int(streams.uniforms(seed, purpose, place + 1)[place] * 2**32)


def range_of(knob):
    """Return over what a parameter is varied."""
    return list(NARROWER.get(knob.name, (knob.usual_low, knob.usual_high)))


def problem_of(knobs):
    """Describe parameters and their ranges to SALib."""
    return {"num_vars": len(knobs), "names": [knob.name for knob in knobs], "bounds": list(map(range_of, knobs))}


def outcomes_at(points, names, design, work):
    """Run the points, and return runs by place of the point (equal points are run once)."""
    rows = [dict(zip(names, map(float, point), strict=True)) for point in points]
    places = pd.DataFrame(rows).assign(place=range(len(rows)))
    axes = {"network_n_people": design["n_people"], "steps": design["steps"], "start": design["start"]}
    runs = work.sweep(axes, kind="table", rows=rows, replicates=design["replicates"])
    found = places.merge(runs, on=list(names), how="left", validate="many_to_many")
    if found[list(OUTCOMES)].isna().any(axis=None):
        raise InputError("some runs of the sample have no result; sensitivity needs all of them")
    return found.sort_values(["place", "replicate"], ignore_index=True)


def luck_of(runs):
    """Return, by outcome, the variance between points and that between replicates of the same point."""
    groups = runs.groupby("place")[list(OUTCOMES)]
    within, means = groups.var().mean(), groups.mean()
    count = runs["replicate"].nunique()
    between = (means.var() - within / count).clip(lower=0)  # the luck left in averages is taken off
    return pd.DataFrame({"between_points": between, "between_replicates": within, "luck_in_averages": within / count})


def run(design, work):
    """Screen all parameters, then take the variance apart among those that are left."""
    morris_sample, morris, sobol_sample, sobol = salib()
    problem, resamples = problem_of(VARIED), {"num_resamples": design["resamples"], "conf_level": design["level"]}
    points = morris_sample.sample(problem, design["trajectories"], num_levels=design["levels"],
                                  seed=seed_of(work.seed, streams.DESIGN, 0))  # fmt: skip
    screened = outcomes_at(points, problem["names"], design, work)
    means, luck, rows = screened.groupby("place")[list(OUTCOMES)].mean(), luck_of(screened), []
    for place, name in enumerate(OUTCOMES):
        found = morris.analyze(problem, points, means[name].to_numpy(), num_levels=design["levels"],
                               seed=seed_of(work.seed, streams.RESAMPLE, place), **resamples)  # fmt: skip
        jump = design["levels"] / (2 * (design["levels"] - 1))
        floor = (4 / np.pi * luck.loc[name, "luck_in_averages"]) ** 0.5 / jump  # mu* of two equal points with luck only
        rows += [{"outcome": name, "parameter": knob, "mu_star": size, "mu_star_low": max(0.0, size - half),
                  "mu_star_high": size + half, "mu": mu, "sigma": sigma, "luck": floor,
                  "has_direction": bool(abs(mu) > SURE * sigma / design["trajectories"] ** 0.5)}
                 for knob, size, half, mu, sigma in zip(*(found[column] for column in
                 ("names", "mu_star", "mu_star_conf", "mu", "sigma")), strict=True)]  # fmt: skip
    screening = pd.DataFrame(rows)
    best = screening.groupby("parameter")["mu_star"].max().sort_values(ascending=False, kind="stable")
    kept = [knob for knob in VARIED if knob.name in best.index[: design["screened_in"]]]
    problem = problem_of(kept)
    points = sobol_sample.sample(problem, design["samples"], calc_second_order=False,
                                 seed=seed_of(work.seed, streams.DESIGN, 1))  # fmt: skip
    runs = outcomes_at(points, problem["names"], design, work)
    means, rows = runs.groupby("place")[list(OUTCOMES)].mean(), []
    for place, name in enumerate(OUTCOMES):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # an outcome without any variance: NaN says so
            found = sobol.analyze(problem, means[name].to_numpy(), calc_second_order=False, keep_resamples=True,
                                  seed=seed_of(work.seed, streams.RESAMPLE, 100 + place), **resamples)  # fmt: skip
        tails = [(1 - design["level"]) / 2, (1 + design["level"]) / 2]
        ends = {kind: np.quantile(np.asarray(found[f"{kind}_conf_all"], float), tails, axis=0) for kind in ("S1", "ST")}
        rows += [{"outcome": name, "parameter": knob.name, "first_index": found["S1"][i], "first_low": ends["S1"][0, i],
                  "first_high": ends["S1"][1, i], "total_index": found["ST"][i], "low": ends["ST"][0, i],
                  "high": ends["ST"][1, i]} for i, knob in enumerate(kept)]  # fmt: skip
    indices = pd.DataFrame(rows)
    noise = luck_of(runs).rename_axis("outcome").reset_index()
    both = noise["between_points"] + noise["between_replicates"]
    noise["luck_share_of_a_run"] = noise["between_replicates"] / both
    noise["luck_share_of_averages"] = noise["luck_in_averages"] / (noise["between_points"] + noise["luck_in_averages"])
    verdicts = pd.DataFrame([verdict_of(knob.name, screening, indices, noise) for knob in VARIED])
    return {"screening_runs": screened, "sobol_runs": runs, "screening": screening, "indices": indices, "noise": noise,
            "verdicts": verdicts.sort_values(["total_index", "mu_star"], ascending=False, kind="stable")}  # fmt: skip


def verdict_of(parameter, screening, indices, noise):
    """Return a verdict in words on one parameter, by the outcome that it moves most."""
    screen = screening[screening["parameter"] == parameter]
    first = screen.loc[screen["mu_star"].idxmax()]
    index = indices[indices["parameter"] == parameter]
    verdict = {"parameter": parameter, "verdict": "none seen", "outcome": first["outcome"], "total_index": np.nan,
               "low": np.nan, "high": np.nan, "first_index": np.nan, "mu_star": first["mu_star"],
               "mu_star_low": first["mu_star_low"], "mu_star_high": first["mu_star_high"], "luck": first["luck"],
               "screened_in": len(index) > 0}  # fmt: skip
    if index["total_index"].notna().any():
        most = index.loc[index["total_index"].idxmax()]
        luck = noise.set_index("outcome").loc[most["outcome"], "luck_share_of_averages"]
        verdict |= most[["outcome", "total_index", "low", "high", "first_index"]].to_dict()
        low, total = most["low"], most["total_index"]
        marks = {"decisive": low > DECISIVE, "matters": low > MATTERS, "weak": total > luck}
        verdict["verdict"] = next((word for word, is_met in marks.items() if is_met), "none seen")
    elif (screen["has_direction"] | (screen["mu_star"] > screen["luck"])).any():  # luck has a size, and no direction
        verdict["verdict"] = "weak"
    return verdict


def draw(design, tables, seed):
    """Draw screening and total indices of the parameters that were screened in, and luck against the rest."""
    figure = plots.figure(9, 8.6)
    top, bottom = figure.subfigures(2, 1, height_ratios=[1.5, 1])
    plots.heading(top, "a   Total and first index of the parameters that were screened in (share of variance)")
    indices, order = tables["indices"], list(tables["verdicts"].dropna(subset="total_index")["parameter"])
    for ax, (name, words) in zip(top.subplots(1, len(OUTCOMES), sharey=True), OUTCOMES.items(), strict=True):
        table = indices[indices["outcome"] == name].set_index("parameter").loc[order]
        for place, column, low, high, look, label in (
            (-0.14, "total_index", "low", "high", plots.DISTINCT[0], "total (with interactions)"),
            (0.14, "first_index", "first_low", "first_high", plots.DISTINCT[2], "first (alone)"),
        ):
            ends = [(table[column] - table[low]).clip(0), (table[high] - table[column]).clip(0)]
            ax.errorbar(table[column], np.arange(len(order)) + place, xerr=ends, color=look[0], marker=look[2],
                        markersize=4.5, linestyle="none", elinewidth=1.3, label=label)  # fmt: skip
        for mark, dashes in ((DECISIVE, "-"), (MATTERS, ":")):
            ax.axvline(mark, color="#999999", linestyle=dashes, linewidth=0.8)
        ax.axvline(0, color="#222222", linewidth=0.7)
        ax.set_yticks(range(len(order)), [f"{name.replace('_', ' ')}" for name in order])
        ax.set_ylim(len(order) - 0.5, -0.5)
        ax.grid(axis="y", color="#EEEEEE")
        plots.plain(ax, title=plots.capital(words), x="Index")
    plots.line_key(top, "lower center")
    plots.heading(bottom, "b   Screening: average change over a parameter's range")
    ax, beside = bottom.subplots(1, 2, width_ratios=[2.6, 1])
    best = tables["screening"].groupby("parameter")["mu_star"].max().sort_values(ascending=False, kind="stable")
    lines = [plots.LINES["ally_share"], ("#B38F00", "--", "o"), plots.LINES["oppose_share"],
             plots.LINES["mean_trust"], plots.LINES["withdraw_share"]]  # fmt: skip
    for (name, words), look in zip(OUTCOMES.items(), lines, strict=True):
        table = tables["screening"][tables["screening"]["outcome"] == name].set_index("parameter").loc[best.index]
        ax.errorbar(range(len(best)), 100 * table["mu_star"], [100 * (table["mu_star"] - table["mu_star_low"]),
                    100 * (table["mu_star_high"] - table["mu_star"])], color=look[0], marker=look[2], markersize=3.5,
                    linestyle="none", elinewidth=0.7, label=words)  # fmt: skip
    ax.axvline(len(order) - 0.5, color="#222222", linewidth=0.8, linestyle="--")
    ax.set_xticks(range(len(best)), [name.replace("_", " ") for name in best.index], rotation=90, fontsize=6.5)
    plots.plain(ax, title="left of the dashes: screened in", y="Points")
    ax.tick_params(axis="x", labelsize=6.5)
    noise = tables["noise"]
    for place, (column, words, colour, hatch) in enumerate(
        [("luck_share_of_a_run", "single run", "#BBBBBB", ""),
         ("luck_share_of_averages", f"average of {design['replicates']}", "#FFFFFF", "////")]
    ):  # fmt: skip
        beside.barh(np.arange(len(noise)) + 0.36 * place - 0.18, 100 * noise[column], height=0.34, color=colour,
                    hatch=hatch, edgecolor="#222222", linewidth=0.7, label=words)  # fmt: skip
    beside.set_yticks(range(len(noise)), [plots.capital(OUTCOMES[name]) for name in noise["outcome"]])
    beside.invert_yaxis()
    plots.plain(beside, title="Luck, of the variance", x="Per cent")
    plots.line_key(bottom, "lower center")
    narrower = ", ".join(NARROWER).replace("_", " ")
    plots.note(figure, [
        f"{len(VARIED)} parameters over their usual ranges (narrower: {narrower}); {design['n_people']} people, "
        f"{design['steps']} steps, start: everybody {design['start']}; {design['replicates']} replicates per point, "
        f"root seed {seed}. Morris: {design['trajectories']} trajectories; Sobol: {design['samples']} base samples, "
        "the others at their default.",
        "Intervals: 95 %, bootstrap. Grey lines: what a verdict of decisive (solid) or matters (dotted) needs, for "
        "certain. Luck: variance between replicates of the same point.",
    ])  # fmt: skip
    return {"sensitivity": figure}


def findings(design, tables):
    """Say in plain words what came out."""
    verdicts = tables["verdicts"]
    for word, rows in verdicts.groupby("verdict"):
        yield f"{word} ({len(rows)} of {len(verdicts)}): " + "; ".join(
            f"{row.parameter} ({OUTCOMES[row.outcome]} {row.total_index:.2f}, {row.low:.2f} to {row.high:.2f})"
            if row.screened_in else f"{row.parameter} (screened out: {OUTCOMES[row.outcome]} {100 * row.mu_star:.0f} "
            f"points, {100 * row.mu_star_low:.0f} to {100 * row.mu_star_high:.0f})" for row in rows.itertuples()
        )  # fmt: skip
    for name, words in OUTCOMES.items():
        rows = tables["indices"][tables["indices"]["outcome"] == name].sort_values("total_index", ascending=False)
        noise = tables["noise"].set_index("outcome").loc[name]
        yield f"{words}: total index " + ", ".join(
            f"{row.parameter} {row.total_index:.2f} ({row.low:.2f} to {row.high:.2f}; first {row.first_index:.2f})"
            for row in rows.head(5).itertuples()
        ) + (
            f"; all first indices together {rows['first_index'].sum():.2f}; "
            f"luck {100 * noise['luck_share_of_a_run']:.1f} % of the variance of single runs, "
            f"{100 * noise['luck_share_of_averages']:.1f} % of averages"
        )


main = study.command(
    __file__, question=QUESTION, prediction=PREDICTION, full=FULL, quick=QUICK, run=run, draw=draw, findings=findings,
    settings={"decisive": DECISIVE, "matters": MATTERS, "sure": SURE,
              "ranges": {knob.name: range_of(knob) for knob in VARIED}, "narrower": NARROWER},
)  # fmt: skip

if __name__ == "__main__":
    main()
