"""Does allyship spread, turn hollow, fall silent or collapse? Stigma transfer, in-group loyalty, and where one starts.

python experiments/spread_or_collapse.py           about a minute
python experiments/spread_or_collapse.py --quick   a few seconds
"""

import sys
import warnings
from functools import partial
from pathlib import Path

import click

import sim
from sim import manifest, plots, sweep
from sim.checks import InputError
from sim.progress import Progress

QUESTION = (
    "For which stigma transfer and in-group loyalty does allyship spread, turn hollow, fall silent or collapse into "
    "opposition, and does the answer depend on where one starts?"
)
STARTS = ["silent", "allied", "opposed"]
GENERATED = {"marginalized_share": 0.2, "mean_degree": 10, "homophily": 0.5}
CURVES_LOYALTY = 0.6  # the default; its curves have a finer grid
FULL = {
    "stigma_transfer": [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0],
    "loyalty": [0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
    "between": [0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95],
    "loop": [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0],
    "loop_loyalty": [0.5, 0.6, 0.8],
    "hold": 200,
    "n_people": 1000,
    "steps": 400,
    "replicates": 20,
}
QUICK = FULL | {
    "stigma_transfer": [0.0, 0.2, 0.4, 0.6, 0.8, 1.0],
    "loyalty": [0.5, 0.6, 0.8],
    "between": [],
    "loop": [0.0, 0.2, 0.4, 0.6, 0.8, 1.0],
    "hold": 40,
    "n_people": 300,
    "steps": 200,
    "replicates": 4,
}
ADVANTAGED = ["ally_share", "token_share", "bystand_share", "oppose_share"]
MARGINALIZED = ["welcome_share", "gatekeep_share", "withdraw_share", "mean_trust"]
HOME = Path(__file__).resolve().parent.parent / "results" / "spread_or_collapse"
KARATE = "karate club (34 people, Zachary 1977)"
TRANSFER, LOYALTY = "Stigma transfer (how much stigma sticks to supporters)", "Average in-group loyalty"


def run(design, networks, seed, workers):
    """Return the table of the map and curves, and the table of the loops."""
    axes = {"start": STARTS, "network": list(networks)}
    points = sweep.grid(stigma_transfer=design["stigma_transfer"], loyalty=design["loyalty"], **axes)
    points += sweep.grid(stigma_transfer=design["between"], loyalty=[CURVES_LOYALTY], **axes)
    loops = sweep.grid(loyalty=design["loop_loyalty"], network=list(networks), start=["allied"])
    common = {"networks": networks, "replicates": design["replicates"], "seed": seed, "workers": workers}
    with Progress((len(points) + len(loops)) * design["replicates"], "runs") as progress:
        common["progress"] = progress
        table = sweep.run_points(points, steps=design["steps"], **common)
        ramp = sweep.run_ramp(loops, parameter="stigma_transfer", values=design["loop"], hold=design["hold"], **common)
    return table, ramp


def draw_maps(figures, table, networks_named, design):
    """Draw one row of maps per network, one column per start."""
    on_map = table[table["stigma_transfer"].isin(design["stigma_transfer"])]
    for row, (network, name) in zip(figures, networks_named.items(), strict=True):
        for ax, start in zip(row, STARTS, strict=True):
            part = on_map[(on_map["network"] == network) & (on_map["start"] == start)]
            plots.regime_map(ax, part, x="stigma_transfer", y="loyalty")
            plots.plain(ax, title=f"{name}\nstart: {plots.STARTS[start][3]}")


def draw(table, ramp, names, design, footnote):
    """Return the figures by name."""
    main = plots.figure(9, 10)
    axes = main.subplots(3, 3)
    draw_maps(axes[:2], table, names, design)
    curve = table[(table["loyalty"] == CURVES_LOYALTY) & (table["network"] == "generated")]
    for start in STARTS:
        plots.band(axes[2, 0], curve[curve["start"] == start], x="stigma_transfer", y="ally_share", look=plots.STARTS[start])
    for measure in MARGINALIZED:
        plots.band(axes[2, 1], curve[curve["start"] == "allied"], x="stigma_transfer", y=measure, look=plots.LINES[measure])
    part = ramp[(ramp["loyalty"] == CURVES_LOYALTY) & (ramp["network"] == "generated")]
    plots.loop(axes[2, 2], part, x="stigma_transfer")
    for ax in axes[2]:
        plots.shares_axis(plots.plain(ax))
        plots.key(ax)
    plots.regime_key(main, loc="outside upper center", ncols=5)
    plots.note(main, footnote)
    return {"spread_or_collapse": main}


@click.command()
@click.option("--quick", is_flag=True, help="A small version in seconds, into its own folder.")
@click.option("--network", type=click.Path(), help="A real network of your own (GraphML, GEXF, GML, CSV).")
@click.option("--group", help="Attribute that holds the group.")
@click.option("--marginalized", help="Value of --group that means marginalized.")
@click.option("--nodes", type=click.Path(), help="Table of people, for a CSV list of ties.")
@click.option("--directed", default="any", help="any: one nomination makes a tie; mutual: both.", show_default=True)
@click.option("--weight", help="Tie attribute to compare with --min-weight.")
@click.option("--min-weight", type=float, help="Ties below it are dropped.")
@click.option("--seed", type=int, default=1, show_default=True, help="Root of all seeds.")
@click.option("--workers", type=int, help="Threads; never changes a result.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the results.")
def main(quick, network, group, marginalized, nodes, directed, weight, min_weight, seed, workers, out):
    """Run the experiment."""
    design = QUICK if quick else FULL
    out = out or (HOME / "quick" if quick else HOME)
    real = sim.networks.karate_club()
    generated = partial(sim.networks.two_groups, design["n_people"], **GENERATED)
    table, ramp = run(design, {"generated": lambda s: generated(seed=s), "real": real}, seed, workers)
    out.mkdir(parents=True, exist_ok=True)
    table.to_csv(out / "runs.csv", index=False, lineterminator="\n")
    ramp.to_csv(out / "loops.csv", index=False, lineterminator="\n")
    for name, figure in draw(table, ramp, {"generated": "generated network", "real": KARATE}, design, "note").items():
        plots.save(figure, out / f"{name}.png")


if __name__ == "__main__":
    try:
        main()
    except InputError as problem:
        sys.exit(f"error: {problem}")
