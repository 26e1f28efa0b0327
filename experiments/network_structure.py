"""Which features of a network matter for allyship: hubs, clusters, homophily, bridges, or who has how many ties?

python experiments/network_structure.py           one to two minutes
python experiments/network_structure.py --quick   a few seconds
"""

import warnings
from pathlib import Path

import numpy as np
import pandas as pd

import sim
from sim import plots, study

QUESTION = (
    "With size and mean degree held equal, which features of a network matter for allyship: hubs, clusters, homophily "
    "between the groups, bridges across; and what is left of them when ties are rewired but degrees kept?"
)
PREDICTION = (
    "Hubs hardly matter, as people go by the average of what they see. Clusters (ring lattice, small world) slow "
    "allyship down from a silent start and keep pockets of it where it would otherwise collapse, by ten points or more "
    "near the tipping point. Homophily is a shelter for the advantaged and a wall for the marginalized: with it allies "
    "rise (less stigma from ties), trust rises less or falls. Rewiring with mixing kept changes little in random "
    "networks and much in clustered ones; shuffling groups matters only where homophily was strong."
)
FAMILIES = {
    "two groups, no homophily": {"family": "two_groups", "homophily": 0.0},
    "two groups, homophily 0.5": {"family": "two_groups", "homophily": 0.5},
    "random, all degrees equal": {"family": "random_regular"},
    "scale-free (hubs)": {"family": "scale_free"},
    "small world": {"family": "small_world"},
    "small world, groups side by side": {"family": "small_world", "groups": "clustered"},
    "ring lattice": {"family": "ring_lattice"},
}
REFERENCE, *OTHERS = FAMILIES
ROOT = Path(__file__).resolve().parent.parent
DATA = [ROOT / "data", ROOT.parent / "shared" / "data"]
REAL = {  # the role played by the smaller group is ours: nobody there was seen to be marginalized or an ally
    "law firm, friendship": ("law_firm_friendship.graphml", {"group": "gender", "marginalized": "woman"}),
    "workplace, face to face": ("workplace_contacts.graphml", {"group": "department", "marginalized": "DSE"}),
}
SOURCES = "Zachary 1977 (karate club), Lazega 2001 (law firm), Genois & Barrat 2018 (workplace)"
NULLS = {
    "rewired": "rewired (degrees kept)",
    "rewired_within": "rewired within and between groups",
    "shuffled_groups": "groups shuffled",
}
MEASURES = {
    "ally_share": "Allies", "expressed_support": "Support shown", "oppose_share": "Opposers", "mean_trust": "Trust",
    "gatekeep_share": "Keep allies out", "withdraw_share": "Withdrawn",
}  # fmt: skip
FULL = {
    "n_people": 1000,
    "mean_degree": 10,
    "steps": 400,
    "replicates": 30,
    "starts": ["silent", "allied", "opposed"],
    "stigma_transfer": [0.2, 0.4, 0.6],
    "homophily": [-0.5, -0.25, 0.0, 0.25, 0.5, 0.7, 0.9],
    "homophily_marginalized_share": 0.35,  # at less there is no room for a homophily of -0.5
    "bridges": {"few": [0.1, 2], "many": [0.5, 4]},  # share of advantaged people, new ties of each
    "null_stigma_transfer": 0.4,
}
QUICK = FULL | {
    "n_people": 200,
    "steps": 100,
    "replicates": 3,
    "starts": ["silent", "opposed"],
    "stigma_transfer": [0.2, 0.6],
    "homophily": [-0.5, 0.0, 0.9],
}


def real_networks():
    """Return the real networks that are there, and a sentence on each."""
    found, said = {"karate club": sim.networks.karate_club()}, {}
    for name, (file, groups) in REAL.items():
        path = next((folder / file for folder in DATA if (folder / file).exists()), None)
        if path is None:
            said[name] = f"skipped: {file} is in none of the folders {', '.join(folder.name for folder in DATA)}"
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", sim.networks.NetworkWarning)  # the notes say the same
            found[name] = sim.networks.load(path, **groups)
    told = {name: f"{network.n_people} people, {network.n_marginalized} in the marginalized role; "
            f"{'; '.join(network.notes)}".rstrip("; ") for name, network in found.items()}  # fmt: skip
    return found, told | said


def run(design, work):
    """Return runs by family, homophily, bridges and null model, with paired differences."""
    size = {"n_people": design["n_people"], "mean_degree": design["mean_degree"]}
    base = {"steps": design["steps"], "start": design["starts"]}
    many = base | {"stigma_transfer": design["stigma_transfer"]}
    about = {"replicates": design["replicates"]}
    families = {name: size | arguments for name, arguments in FAMILIES.items()}
    by_family = work.sweep(many | {"network": list(families)}, networks=families, **about)
    mixed = {f"network_{name}": value for name, value in size.items()}
    mixed["network_marginalized_share"] = design["homophily_marginalized_share"]
    by_homophily = work.sweep(many | mixed | {"network_homophily": design["homophily"]}, **about)
    plans = {name: [sim.intervention("cross_group_ties", who="random", group="advantaged", share=share, ties=ties)]
             for name, (share, ties) in design["bridges"].items()}  # fmt: skip
    apart = many | mixed | {"network_homophily": design["homophily"][-1], "intervention": ["none", *plans]}
    by_bridges = work.sweep(apart, interventions=plans, **about)
    real, told = real_networks()
    some = {name: families[name] for name in (OTHERS[0], "scale-free (hubs)", "small world, groups side by side")}
    kept = base | {"stigma_transfer": design["null_stigma_transfer"], "null": ["none", *NULLS]}
    by_null = work.sweep(kept | {"network": [*some, *real]}, networks=some | real, **about)
    facts = ["n_people", "mean_degree", "marginalized_share", "homophily", "clustering"]
    seen = by_null[by_null["null"] == "none"].groupby("network")[facts].mean()
    seen = pd.concat([by_family.groupby("network")[facts].mean(), seen.drop(index=list(some))])
    points = ["start", "stigma_transfer"]
    return {
        "family_runs": by_family,
        "homophily_runs": by_homophily,
        "bridge_runs": by_bridges,
        "null_runs": by_null,
        "networks": seen.round(3).reset_index().assign(notes=lambda t: t["network"].map(told).fillna("generated")),
        "skipped": pd.DataFrame(
            [(name, text) for name, text in told.items() if name not in real], columns=["network", "reason"]
        ),
        "families": against(by_family, "network", REFERENCE, points),
        "homophily": against(by_homophily, "network_homophily", 0.0, points),
        "bridges": against(by_bridges, "intervention", "none", points),
        "nulls": against(by_null, "null", "none", ["network", "start"]),
    }


def against(runs, column, reference, by):
    """Return mean paired differences to the reference, replicate by replicate, with 95 % intervals."""
    wide = runs.pivot_table(index=[*by, "replicate"], columns=column, values=list(MEASURES))
    rows = []
    for measure in MEASURES:
        for name in wide[measure].columns.drop(reference):
            gaps = wide[measure][name] - wide[measure][reference]
            for at, values in gaps.groupby(by):
                middle, low, high = study.interval(values)
                rows.append(dict(zip(by, at, strict=True)) | {column: name, "measure": measure, "pairs": len(values),
                            "reference": wide[measure][reference].loc[at].mean(), "difference": middle, "low": low,
                            "high": high})  # fmt: skip
    return pd.DataFrame(rows)


def dots(ax, lines, column, names):
    """Draw differences as dots with intervals, one row per name and one look per group of `lines`."""
    looks = zip(lines.items(), plots.DISTINCT, np.linspace(-0.2, 0.2, len(lines)), strict=False)
    for (label, table), (colour, _, marker), aside in looks:
        table = table.set_index(column).reindex(names)
        ax.errorbar(100 * table["difference"], np.arange(len(names)) + aside,
                    xerr=100 * np.array([table["difference"] - table["low"], table["high"] - table["difference"]]),
                    color=colour, linestyle="none", marker=marker, markersize=4, elinewidth=1.3,
                    label=label)  # fmt: skip
    ax.axvline(0, color="#222222", linewidth=0.7)
    ax.set_yticks(range(len(names)), [plots.capital(name) for name in names])
    ax.set_ylim(len(names) - 0.5, -0.5)
    ax.grid(axis="y", color="#EEEEEE")
    return ax


def draw(design, tables, seed):
    """Draw families from two starts, homophily and null models."""
    figure = plots.figure(9, 16.2)
    first, opposed, second, third = figure.subfigures(4, 1)
    shown = {"ally_share": "Allies", "mean_trust": "Trust of marginalized", "withdraw_share": "Withdrawn"}
    foes = {"ally_share": "Allies", "oppose_share": "Opposers", "withdraw_share": "Withdrawn"}
    for part, letter, start, kinds in ((first, "a", "silent", shown), (opposed, "b", "opposed", foes)):
        plots.heading(part, f"{letter}   The same people on other networks, against two groups without homophily "
                            f"(start: {start})")  # fmt: skip
        table = tables["families"][tables["families"]["start"] == start]
        for ax, (measure, words) in zip(part.subplots(1, 3, sharey=True), kinds.items(), strict=True):
            here = table[table["measure"] == measure]
            lines = {f"stigma transfer {value:g}": rows for value, rows in here.groupby("stigma_transfer")}
            plots.plain(dots(ax, lines, "network", OTHERS), title=words, x="Points")
        plots.line_key(part, "lower center")
    share = 100 * design["homophily_marginalized_share"]
    plots.heading(second, f"c   Homophily: two groups, {share:g} % marginalized, start: silent")
    runs = tables["homophily_runs"][tables["homophily_runs"]["start"] == "silent"]
    x = ("network_homophily", "Homophily between the groups")
    looks = plots.looks_of(["ally_share", "mean_trust", "gatekeep_share", "withdraw_share"])
    axes = second.subplots(1, len(design["stigma_transfer"]), sharey=True)
    for ax, stigma in zip(axes, design["stigma_transfer"], strict=True):
        plots.lines(ax, runs[runs["stigma_transfer"] == stigma], x=x, looks=looks)
        ax.set_title(f"stigma transfer {stigma:g}", loc="left", fontsize=9)
    plots.line_key(second, "lower center")
    plots.heading(third, f"d   What goes when ties or groups are made random (stigma transfer "
                         f"{design['null_stigma_transfer']:g}, start: silent)")  # fmt: skip
    table = tables["nulls"][tables["nulls"]["start"] == "silent"]
    for ax, (measure, words) in zip(third.subplots(1, 3, sharey=True), shown.items(), strict=True):
        here = table[table["measure"] == measure]
        lines = {words: here[here["null"] == null] for null, words in NULLS.items()}
        plots.plain(dots(ax, lines, "network", list(here["network"].unique())), title=words, x="Points")
    plots.line_key(third, "lower center")
    plots.note(figure, [
        f"Generated networks: {design['n_people']:,} people, mean degree {design['mean_degree']}, 20 % marginalized in "
        f"a, b and d. {design['replicates']} replicates per point, root seed {seed}; a replicate has the same people "
        f"and luck at every point. {design['steps']} steps, average of the last tenth.",
        "a, b, d: averages of paired differences in points of per cent, with 95 % intervals. c: medians, bands from "
        "10th to 90th percentile over replicates.",
        f"Real ties from {SOURCES}; the groups only play roles, nobody was seen to act as an ally.",
    ])  # fmt: skip
    return {"network_structure": figure}


def findings(design, tables):
    """Say in plain words what came out."""
    for name, column in {"families": "network", "homophily": "network_homophily", "bridges": "intervention",
                         "nulls": "null"}.items():  # fmt: skip
        table = tables[name]
        other = "network" if name == "nulls" else "stigma_transfer"
        for (start, where, measure), rows in table.groupby(["start", other, "measure"]):
            if measure in ("ally_share", "oppose_share", "mean_trust", "withdraw_share"):
                usual, points = 100 * rows["reference"].iloc[0], 100 * rows[["difference", "low", "high"]]
                yield f"{name}, start {start}, {other} {where}, {measure} from {usual:.0f} %: " + "; ".join(
                    f"{place}: {middle:+.1f} ({low:+.1f} to {high:+.1f})"
                    for place, (middle, low, high) in zip(rows[column], points.to_numpy(), strict=True)
                )
    yield from (f"{row.network}: {row.reason}" for row in tables["skipped"].itertuples())


main = study.command(
    __file__, question=QUESTION, prediction=PREDICTION, full=FULL, quick=QUICK, run=run, draw=draw, findings=findings,
    settings={"families": FAMILIES, "real": {name: [file, groups] for name, (file, groups) in REAL.items()}},
)  # fmt: skip

if __name__ == "__main__":
    main()
