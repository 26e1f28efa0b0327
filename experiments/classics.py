"""Do published models, on the project's networks and random streams, give the numbers of theory and of their papers?

python experiments/classics.py           four to five minutes on two idle cores
python experiments/classics.py --quick   half a minute

What is drawn, and the model whose paper prints a whole table, stand in parts/.
"""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import pandas as pd
from parts import chang_harrington, classics_figure

from sim import networks, streams, study, sweeps
from sim.classics import brock_durlauf, granovetter, ising, watts

QUESTION = "Do rival models of the same question, written anew, give the numbers that their papers and theory give?"
PREDICTION = (
    "All published and exact numbers lie within what luck over replicates allows; the emperor's dilemma shows its "
    "pattern, with numbers of its own. Complex contagion fails with rewiring, but with noise long ties speed it up."
)
FULL = {
    "replicates": 40,
    "cascades": 200,  # replicates of the runs that have a cascade or not
    "slow": 10,  # replicates of the largest groups
    "crowd": 10_000,
    "people": 1000,
    "steps": 1000,
    "coupling": [0.43, 0.435, 0.44, 0.445, 0.45],
    "coupling_steps": 4000,
    "speak": {"sharpness": 100, "learning_rate": 0.002, "mean_degree": 200, "steps": 2500},
    "resamples": 500,
    "chang_harrington": chang_harrington.FULL,
}
QUICK = FULL | {"replicates": 3, "cascades": 5, "slow": 2, "crowd": 1000, "people": 200, "steps": 300,
                "coupling_steps": 300, "speak": FULL["speak"] | {"steps": 300},
                "chang_harrington": chang_harrington.QUICK}  # fmt: skip
REWIRING = [0, 0.05, 0.1, 0.2, 0.3, 0.5, 1]
BELIEVERS = [0.001, 0.002, 0.003, 0.005, 0.01, 0.02, 0.03, 0.05, 0.1, 0.2, 0.3]


class Panel(NamedTuple):
    """One sweep: its place in the figure, what is swept, and what is measured of every run."""

    title: str
    case: str
    model: str
    x: str
    axes: Mapping
    columns: tuple[str, ...]  # the lowest of them counts
    above: float | None = None  # if given, the share of runs that end above it
    networks: Mapping = {}
    replicates: str = "replicates"


def panels(design):
    """Return the sweeps of the figure."""
    people, crowd, steps = design["people"], design["crowd"], design["steps"]
    complete = {"everybody": networks.complete(people, 0.0, seed=1)}
    regular = {"regular": networks.random_regular(2000, 0.0, mean_degree=3, seed=1)}
    mean_choice, enforcing = ("final_mean_choice",), ("last_false_enforcement_share",)
    speaking = ("last_majority_speaking", "last_minority_speaking")
    speak = design["speak"] | {"cost": classics_figure.COST}
    return [
        Panel("Granovetter", "thresholds drawn at random", "granovetter", "threshold_spread",
              {"threshold_spread": evenly(0.05, 0.195, 30), "n_people": crowd}, ("last_acting_share",)),
        Panel("Watts", "one convinced person", "watts", "mean_degree",
              {"mean_degree": [0.5, 0.9, 1.2, 1.5, 2, 3, 4, 5, 5.5, 6.2, 7], "n_people": crowd},
              ("last_active_share",), 0.1, replicates="cascades"),
        *[Panel("Brock & Durlauf", f"start: all at {2 * start - 1:+d}", "brock_durlauf", "field",
                {"field": evenly(-0.4, 0.4, 17), "start": start, "n_people": 5 * people}, mean_choice)
          for start in (0, 1)],
        Panel("Ising", "square lattice, 32 x 32", "ising", "coupling",
              {"coupling": [0.3, 0.36, 0.4, 0.42, 0.44, 0.46, 0.5, 0.6], "steps": steps}, mean_choice),
        Panel("Ising", "three random ties each", "ising", "coupling",
              {"coupling": [0.4, 0.45, 0.5, 0.53, 0.57, 0.6, 0.7, 0.8], "steps": steps // 2}, mean_choice,
              networks=regular),
        *[Panel("Centola & Macy", f"{count} contact{'s' * (count > 1)} needed", "complex_contagion", "rewiring",
                {"contacts": count, "rewiring": REWIRING, "n_people": people}, ("last_adopted_share",), 0.9)
          for count in (1, 2, 3)],
        Panel("Centola et al.", f"{people:,} people", "tipping_point", "committed_share",
              {"committed_share": shares(people), "n_people": people, "steps": steps},
              ("last_alternative_share",), 0.5),
        *[Panel("Emperor's dilemma", case, "emperors_dilemma", "believer_share", {"believer_share": believers} | more,
                enforcing, 0.5, given)
          for case, believers, more, given in (
              ("scattered", BELIEVERS, {}, {}), ("side by side", BELIEVERS, {"clustered": True}, {}),
              ("everybody sees everybody", [0.01, 0.05, 0.1, 0.15, 0.2, 0.3], {}, complete))],
        *[Panel("Emperor's dilemma, rewired", case, "emperors_dilemma", "rewiring", {"rewiring": REWIRING[:-1]} | more,
                enforcing, 0.5)
          for case, more in (("3 % scattered", {"believer_share": 0.03}),
                             ("1 % side by side", {"believer_share": 0.01, "clustered": True}))],
        Panel("Gaisbauer et al.", "both groups keep speaking", "opinion_expression", "homophily",
              {"homophily": [0.1, 0.2, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6]} | speak, speaking, 0.5),
        Panel("Gaisbauer et al.", "one group keeps speaking alone", "opinion_expression", "homophily",
              {"homophily": [-0.6, -0.5, -0.4, -0.35, -0.3, -0.25, -0.2, -0.1], "minority_reward": -1} | speak,
              speaking[:1], 0.5),
    ]  # fmt: skip


def evenly(low, high, count):
    """Return values from a lowest to a highest one."""
    return [round(float(value), 6) + 0.0 for value in np.linspace(low, high, count)]


def shares(people):
    """Return the committed shares that are tried, closest where a group of this size tips."""
    width = 0.2 / people**0.5
    return sorted({0.2, 0.21, 0.22, 0.23, 0.25, 0.26, 0.27, 0.28, *evenly(0.24 - width, 0.24 + width, 15)})


def run(design, work):
    """Return single runs, points of the panels, and numbers beside published ones."""
    parts = [runs_of(panel, design, work) for panel in panels(design)]
    runs = pd.concat([*parts, *speeds(design, work)], ignore_index=True)
    points = points_of(runs)
    rows = [*from_panels(points), *turning_points(design, work, runs), *orders(design, work), crossing(design, work)]
    ninth = chang_harrington.run(design["chang_harrington"], work)
    return {"runs": runs, "points": points, "numbers": numbered(rows), **ninth}


def runs_of(panel, design, work):
    """Return what is measured of every run of a panel."""
    table = work.sweep(panel.axes, replicates=design[panel.replicates], model=panel.model, networks=panel.networks)
    values = table[list(panel.columns)].min(axis=1)
    return measured(panel.title, panel.case, table, panel.x, values if panel.above is None else values > panel.above)


def measured(title, case, table, x, values):
    """Return runs in the form in which those of all panels are put together."""
    about = {"model": title, "case": case, "x": table[x].astype(float), "seed": table["seed"],
             "is_share": values.dtype == bool, "value": values.astype(float)}  # fmt: skip
    return pd.DataFrame(about)


def speeds(design, work):
    """Yield how many steps noisy contagion takes until 90 % have joined."""
    for needed, ties in ((1, 4), (2, 4), (3, 8)):
        axes = {"contacts": needed, "mean_degree": ties, "rewiring": REWIRING[:-1], "n_people": design["people"],
                "noise": 0.01, "steps": 3000}  # fmt: skip
        swept = work.sweep(axes, replicates=design["replicates"], model="complex_contagion", record=["steps"])
        reached = swept.steps[swept.steps["adopted_share"] >= 0.9].groupby("key")["step"].min()
        values = swept.table["key"].map(reached).astype(float)
        yield measured("Centola & Macy, with noise", f"{needed} needed of {ties}", swept.table, "rewiring", values)


def points_of(runs):
    """Return mean and 95 % interval of every point; of shares of runs Wilson's interval."""
    rows = []
    for (model, case, is_share, x), part in runs.groupby(["model", "case", "is_share", "x"], sort=False):
        values = part["value"].dropna()
        found = (sweeps.share_interval(int(values.sum()), len(values)) if is_share
                 else sweeps.mean_interval(values))  # fmt: skip
        rows.append((model, case, is_share, x, *found))
    return pd.DataFrame(rows, columns=["model", "case", "is_share", "x", "estimate", "low", "high", "runs"]).round(5)


# === single numbers =====================================================================================


def numbered(rows):
    """Return single numbers as a table; does the published value lie in the 95 % interval of ours?"""
    table = pd.DataFrame(rows, columns=["model", "quantity", "published", "ours", "low", "high", "runs"])
    table["is_inside"] = (table["low"] <= table["published"]) & (table["published"] <= table["high"])
    return table.round(5)


def from_panels(points):
    """Yield the points of panels for which there is an exact number."""
    choices = [("Brock & Durlauf", f"mean choice, J = 1.5, h = {h:g}, from {sign}1", f"start: all at {sign}1", h,
                brock_durlauf.equilibria(1.5, h)[-1 if sign == "+" else 0])
               for h, sign in ((0.1, "-"), (0.1, "+"), (0.3, "-"))]  # fmt: skip
    cascades = [("Watts", f"chance of a global cascade, z = {z:g}", "one convinced person", z,
                 watts.cascade_probability(z, 0.18)) for z in (0.9, 1.2, 2, 4, 5.5, 6.2)]  # fmt: skip
    points = points.set_index(["model", "case", "x"])
    for model, quantity, case, x, exact in choices + cascades:
        found = points.loc[(model, case, x)]
        yield model, quantity, exact, found["estimate"], found["low"], found["high"], int(found["runs"])


def turning_points(design, work, runs):
    """Yield where runs first end above one half."""
    people = design["people"]
    spread = work.sweep({"threshold_spread": evenly(0.115, 0.13, 31), "n_people": 100 * people},
                        replicates=design["replicates"], model="granovetter")  # fmt: skip
    found = turning(spread, "threshold_spread", spread["last_acting_share"] > 0.5)
    yield "Granovetter", "spread at which the share jumps", granovetter.jump(0.25)[0], *found
    tipped = runs[runs["model"] == "Centola et al."]
    found = turning(tipped, "x", tipped["value"] == 1)
    yield "Centola et al.", f"critical committed share, {people:,} people", 0.2419, *found
    axes = {"committed_share": shares(4 * people), "n_people": 4 * people, "steps": design["steps"]}
    tipped = work.sweep(axes, replicates=design["slow"], model="tipping_point")
    found = turning(tipped, "committed_share", tipped["last_alternative_share"] > 0.5)
    yield "Centola et al.", f"critical committed share, {4 * people:,} people", 0.2419, *found


def turning(table, x, is_above):
    """Return where runs with the same luck first end above, halfway from the value below: the mean and its interval."""
    values = np.unique(table[x])
    first = table[is_above].groupby("seed")[x].min()
    first = first[first > values[0]]
    return sweeps.mean_interval((first + values[np.searchsorted(values, first) - 1]) / 2)


def orders(design, work):
    """Yield the mean choice where it is known exactly for large networks."""
    axes = {"coupling": 0.5, "side": 64, "steps": design["steps"]}
    table = work.sweep(axes, replicates=design["replicates"], model="ising")
    found = sweeps.mean_interval(table["final_mean_choice"])
    yield "Ising", "order on the square lattice, K = .5", ising.square_order(0.5), *found
    for ties in (3, 4):
        coupling = 1.2 * ising.regular_critical(ties)
        regular = {"regular": networks.random_regular(4000, 0.0, mean_degree=ties, seed=work.seed)}
        table = work.sweep({"coupling": coupling}, replicates=design["replicates"], model="ising", networks=regular)
        found = sweeps.mean_interval(table["final_mean_choice"])
        exact = ising.regular_order(coupling, ties)
        yield "Ising", f"order with {ties} random ties, K 1.2 times critical", exact, *found


def crossing(design, work, sides=(12, 24)):
    """Return where Binder's cumulants of two sizes cross, and the interval over replicates that are drawn again."""
    axes = {"side": list(sides), "coupling": design["coupling"], "steps": design["coupling_steps"]}
    steps = work.sweep(axes, replicates=design["replicates"], model="ising", record=["steps"]).steps
    later = steps[steps["step"] >= design["coupling_steps"] / 4]
    keys = [later[name] for name in ("side", "coupling", "replicate")]
    moments = [(later["mean_choice"] ** power).groupby(keys).mean().unstack() for power in (2, 4)]

    def cross(chosen):
        second, fourth = (moment[chosen].mean(axis=1).unstack() for moment in moments)
        cumulant = 1 - fourth / (3 * second**2)
        gap = cumulant.loc[sides[1]] - cumulant.loc[sides[0]]
        roots = np.roots(np.polyfit(gap.index - 0.44, gap, 2))
        return 0.44 + roots[np.abs(roots).argmin()].real

    n = design["replicates"]
    draws = streams.uniforms(work.seed, streams.RESAMPLE, n * design["resamples"]) * n
    again = [cross(draw) for draw in draws.astype(int).reshape(-1, n)]
    found = cross(np.arange(n)), *np.quantile(again, (0.025, 0.975)), n
    return "Ising", "critical coupling of the square lattice", ising.SQUARE_CRITICAL, *found


def draw(design, tables, seed):
    """Draw eight models panel by panel, and the ninth beside its paper's table."""
    return {
        "classics": classics_figure.draw(design, tables, seed),
        "chang_harrington": chang_harrington.draw(design["chang_harrington"], tables, seed),
    }


def findings(design, tables):
    """Say for every published number what was found, and what misses."""
    for _, row in tables["numbers"].iterrows():
        verdict = "" if row["is_inside"] else "  <- outside"
        yield (f"{row['model']}, {row['quantity']}: published {row['published']:.4f}, ours {row['ours']:.4f} "
               f"({row['low']:.4f} to {row['high']:.4f}, {row['runs']:.0f} runs){verdict}")  # fmt: skip
    for (model, case), part in tables["points"].groupby(["model", "case"], sort=False):
        if model.startswith(("Emperor", "Centola & Macy", "Gaisbauer")):
            told = ", ".join(f"{row['x']:g}: {row['estimate']:.3g}" for _, row in part.iterrows())
            yield f"{model}, {case}: {told}"
    yield from chang_harrington.findings(tables)


main = study.command(__file__, question=QUESTION, prediction=PREDICTION, full=FULL, quick=QUICK, run=run, draw=draw,
                     findings=findings)  # fmt: skip

if __name__ == "__main__":
    main()
