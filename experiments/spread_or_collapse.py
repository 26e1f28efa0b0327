"""Does allyship spread, turn hollow, fall silent or collapse? Stigma transfer, in-group loyalty, and where one starts.

python experiments/spread_or_collapse.py           about a minute
python experiments/spread_or_collapse.py --quick   a few seconds
"""

import warnings
from pathlib import Path

import click
import pandas as pd

import sim
from sim import manifest, plots, streams, sweep
from sim.checks import InputError
from sim.networks import NetworkWarning
from sim.progress import Progress

QUESTION = (
    "For which stigma transfer and in-group loyalty does allyship spread, turn hollow, fall silent or collapse into "
    "opposition, and does the answer depend on where one starts?"
)
STARTS = ["silent", "allied", "opposed"]
NETWORK = {"marginalized_share": 0.2, "mean_degree": 10, "homophily": 0.5}
LOYALTY = 0.6  # of curves and loops: the default
FULL = {
    "n_people": 1000,
    "steps": 400,
    "replicates": 20,
    "stigma_transfer": [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0],
    "loyalty": [0.4, 0.5, 0.6, 0.7, 0.8, 0.9],
    "between": [0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95],  # more points for the curves
    "loop": [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0],
    "fast_hold": 50,
    "slow_hold": 600,
}
QUICK = FULL | {
    "n_people": 300,
    "steps": 200,
    "replicates": 4,
    "stigma_transfer": [0.0, 0.2, 0.4, 0.6, 0.8, 1.0],
    "loyalty": [0.5, 0.6, 0.8],
    "between": [],
    "loop": [0.2, 0.4, 0.6, 0.8, 1.0],
    "slow_hold": 100,
}
FROZEN = {"internalise": 0.0, "contact": 0.0}  # private sympathy stays what it was
ADVANTAGED = ["ally_share", "token_share", "bystand_share", "oppose_share"]
MARGINALIZED = ["welcome_share", "gatekeep_share", "withdraw_share", "mean_trust"]
SPEEDS = {"fast": plots.INDIGO, "slow": plots.GREEN, "slow, private views frozen": plots.INK}
HOME = Path(__file__).resolve().parent.parent / "results" / "spread_or_collapse"
X, Y = "Stigma transfer", "Average in-group loyalty"


def run_all(design, networks, seed, workers):
    """Return two tables, one row per run: fixed stigma transfer (map and curves), moving stigma transfer (loops)."""
    axes = {"start": STARTS, "network": list(networks)}
    points = sweep.grid(stigma_transfer=design["stigma_transfer"], loyalty=design["loyalty"], **axes)
    points += sweep.grid(stigma_transfer=design["between"], loyalty=[LOYALTY], **axes)
    with Progress((len(points) + 3 * len(networks)) * design["replicates"]) as progress:
        common = {"networks": networks, "replicates": design["replicates"], "seed": seed, "workers": workers}
        common["progress"] = progress
        fixed = sweep.run_points(points, steps=design["steps"], **common)
        common |= {"parameter": "stigma_transfer", "values": design["loop"]}
        starts = sweep.grid(loyalty=[LOYALTY], start=["allied"], network=list(networks))
        moving = []
        for speed, (hold, changes) in zip(SPEEDS, [("fast", {}), ("slow", {}), ("slow", FROZEN)], strict=True):
            base, hold = sim.Parameters(**changes), design[f"{hold}_hold"]
            moving.append(sweep.run_ramp(starts, base=base, hold=hold, **common).assign(speed=speed))
    return fixed, pd.concat(moving, ignore_index=True)


def draw_maps(figure, table, title):
    """Draw what prevails, one map per start."""
    plots.heading(figure, title)
    for ax, start in zip(figure.subplots(1, 3, sharey=True), STARTS, strict=True):
        plots.regime_map(ax, table[table["start"] == start], x="stigma_transfer", y="loyalty")
        plots.plain(ax, title=f"start: {plots.STARTS[start][3]}", x=X, y=ax.get_subplotspec().is_first_col() * Y)


def draw_lines(ax, table, measures, title):
    """Draw measures along stigma transfer."""
    for measure in measures:
        plots.band(ax, table, x="stigma_transfer", y=measure, look=plots.LINES[measure])
    plots.shares_axis(plots.plain(ax, title=title, x=X))


def draw_loops(ax, table, measure, title, speeds):
    """Draw a measure while stigma transfer is raised and lowered again."""
    for speed in speeds:
        plots.loop(ax, table[table["speed"] == speed], x="stigma_transfer", y=measure, colour=SPEEDS[speed], what=speed)
    plots.shares_axis(plots.plain(ax, title=title, x=X))


def draw_main(fixed, moving, names, design, note):
    """Draw the essentials: maps of both networks, curves for both groups, loops."""
    figure = plots.figure(9, 11.4)
    *maps, below = figure.subfigures(3, 1, height_ratios=[1, 1, 1.1])
    on_map = fixed[fixed["stigma_transfer"].isin(design["stigma_transfer"])]
    for letter, part, (network, name) in zip("ab", maps, names.items(), strict=True):
        draw_maps(part, on_map[on_map["network"] == network], f"{letter}   What prevails: {name}")
    plots.heading(below, f"c   Along stigma transfer: generated network, in-group loyalty {LOYALTY:g}")
    left, middle, right = below.subplots(1, 3, sharey=True)
    curve = fixed[(fixed["network"] == "generated") & (fixed["loyalty"] == LOYALTY)]
    for start in STARTS:
        runs = curve[curve["start"] == start]
        plots.band(left, runs, x="stigma_transfer", y="ally_share", look=plots.STARTS[start])
    plots.shares_axis(plots.plain(left, title="allies, by start", x=X, y="Share of the group"))
    draw_lines(middle, curve[curve["start"] == "allied"], MARGINALIZED, "marginalized people (start: allies)")
    loops = moving[moving["network"] == "generated"]
    draw_loops(right, loops, "ally_share", "allies as transfer rises, then falls", ["fast", "slow"])
    for ax in (left, middle, right):
        plots.key(ax)
    plots.regime_key(figure)
    plots.note(figure, note)
    return figure


def draw_both(names, rows, columns, draw_panel, note):
    """Draw one block per network: a row per group (label: what to draw), a column per title."""
    figure = plots.figure(9, 10.5)
    for part, (network, name) in zip(figure.subfigures(len(names), 1), names.items(), strict=True):
        plots.heading(part, _capital(name))
        grid = part.subplots(len(rows), len(columns), sharex=True, sharey=True)
        for axes, (label, what) in zip(grid, rows.items(), strict=True):
            for ax, (title, column) in zip(axes, columns.items(), strict=True):
                draw_panel(ax, network, what, column, title)
                ax.set_ylabel(label, fontsize=9)
                ax.label_outer()
    plots.line_key(figure)
    plots.note(figure, note)
    return figure


def draw_all(fixed, moving, names, design, notes):
    """Return all figures by name."""
    curve = fixed[fixed["loyalty"] == LOYALTY]

    def draw_curves(ax, network, measures, start, title):
        draw_lines(ax, curve[(curve["network"] == network) & (curve["start"] == start)], measures, title)

    def draw_speeds(ax, network, measure, speed, title):
        draw_loops(ax, moving[moving["network"] == network], measure, title, [speed])

    groups = {"Share of advantaged": ADVANTAGED, "Share of marginalized": MARGINALIZED}
    starts = {f"start: {plots.STARTS[start][3]}": start for start in STARTS}
    outcomes = {"Allies (of advantaged)": "ally_share", "Trust of marginalized": "mean_trust"}
    speeds = {name: name for name in SPEEDS}
    return {
        "spread_or_collapse": draw_main(fixed, moving, names, design, _lines(notes, *notes)),
        "curves": draw_both(names, groups, starts, draw_curves, _lines(notes, "runs", "lines")),
        "loops": draw_both(names, outcomes, speeds, draw_speeds, _lines(notes, "runs", "lines", "loops")),
    }


def notes_of(design, seed):
    """Return what is printed below the figures."""
    return {
        "runs": f"{design['replicates']} replicates per point and start, {design['steps']} steps each (average of the "
        f"last tenth), root seed {seed}; a replicate has the same network, people\nand luck at every point. Generated "
        f"networks: mean degree {NETWORK['mean_degree']}, homophily {NETWORK['homophily']}. In the real network only "
        "the ties are real: groups play roles,\nnobody was observed to act as an ally.",
        "maps": "Maps: strips are shares of replicates, the symbol is the most frequent; a number says what "
        "percentage agree on it, where fewer than 90 do.",
        "lines": f"Lines: in-group loyalty {LOYALTY:g}; median of replicates, bands from the 10th to the 90th "
        "percentile.",
        "loops": f"Loops: one continuing run per replicate from a start with everybody an ally, {design['fast_hold']} "
        f"(fast) or {design['slow_hold']} (slow) steps at each value.",
    }


def _lines(notes, *which):
    return "\n".join(notes[name] for name in which)


def findings(points, loops, design):
    """Say in plain words what came out on one network."""
    for start in STARTS:
        line = points[(points["start"] == start) & (points["loyalty"] == LOYALTY)].sort_values("stigma_transfer")
        begun = f"In-group loyalty {LOYALTY:g}, start with {plots.STARTS[start][3]}"
        if line["ally_share_p90"].max() < 0.05:
            yield f"{begun}: hardly any allies at any stigma transfer (90 % of the runs below 5 %)"
            continue
        rows = {"at": line.iloc[0], "most allies at": line.loc[line["ally_share_median"].idxmax()], "by": line.iloc[-1]}
        yield f"{begun}: " + "; ".join(
            f"{where} stigma transfer {row['stigma_transfer']:g}, allies {_spread(row, 'ally_share')}, trust "
            f"{_spread(row, 'mean_trust')}"
            for where, row in rows.items()
        )
    on_map = points[points["stigma_transfer"].isin(design["stigma_transfer"])]
    by_point = on_map.groupby(["stigma_transfer", "loyalty"])
    differs = by_point["regime"].nunique() > 1
    is_sure = differs & (by_point["agreement"].min() >= plots.AGREED)
    yield (
        f"Where one starts changes what prevails at {differs.sum()} of the {len(differs)} points of the map; at "
        f"{is_sure.sum()} of them at least {100 * plots.AGREED:.0f} % of the replicates agree for every start"
    )
    for speed, runs in loops.groupby("speed", sort=False):
        runs = runs.sort_values("place")
        first, top, last = runs.iloc[0], runs.iloc[len(runs) // 2], runs.iloc[-1]
        yield (
            f"Stigma transfer raised from {first['stigma_transfer']:g} to {top['stigma_transfer']:g} and lowered "
            f"again ({speed}): allies from {_spread(first, 'ally_share')} to {_spread(top, 'ally_share')}, at the end "
            f"{_spread(last, 'ally_share')}; trust from {_spread(first, 'mean_trust')} to {_spread(last, 'mean_trust')}"
        )


def _capital(text):
    return text[0].upper() + text[1:]


def _spread(row, measure):
    low, middle, high = (100 * row[f"{measure}_{part}"] for part in ("p10", "median", "p90"))
    return f"{middle:.0f} % ({low:.0f} to {high:.0f})"


def load_real(network, group, marginalized, **rules):
    """Return the user's network, or the karate club, and what to call it."""
    if network is None:
        if any(value is not None for value in (group, marginalized, *rules.values())):
            raise InputError("--group, --marginalized, --nodes, --directed, --weight and --min-weight need --network")
        return sim.networks.karate_club(), "karate club (34 people, 17 in the marginalized role; Zachary 1977)"
    if group is None or marginalized is None:
        raise InputError("--network needs --group and --marginalized: who belongs to which group?")
    given = {name: value for name, value in rules.items() if value is not None}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NetworkWarning)  # the notes say the same, and are printed
        real = sim.networks.load(network, group=group, marginalized=marginalized, **given)
    for line in real.notes:
        click.echo(f"note: {line}", err=True)
    about = f"{real.n_people} people, {real.n_marginalized} in the marginalized role: {group} {marginalized}"
    return real, f"{Path(network).stem.replace('_', ' ')} ({about})"


def make(design, seed, workers, out, real, real_name, inputs):
    """Run, write tables, figures and manifest, and say what was found."""
    arguments = {"n_people": design["n_people"], **NETWORK}
    networks = {"generated": lambda seed: sim.networks.two_groups(seed=seed, **arguments), "real": real}
    share = f"{100 * NETWORK['marginalized_share']:g} % marginalized"
    names = {"generated": f"generated network ({design['n_people']:,} people, {share})", "real": real_name}
    fixed, moving = run_all(design, networks, seed, workers)
    failed = pd.concat([fixed["error"], moving["error"]])
    failed = failed[failed != ""]
    if len(failed):
        click.echo(f"{len(failed)} runs failed and are left out; the first: {failed.iloc[0]}", err=True)
    fixed, moving = fixed[fixed["error"] == ""], moving[moving["error"] == ""]
    if fixed.empty or moving.empty:
        raise InputError(f"no run came to its end: {failed.iloc[0]}")
    points = sweep.summarise(fixed, ["network", "start", "stigma_transfer", "loyalty"], ADVANTAGED + MARGINALIZED)
    by = ["network", "speed", "place", "direction", "stigma_transfer"]
    loops = sweep.summarise(moving, by, ADVANTAGED + MARGINALIZED)
    tables = {"runs": fixed, "loop_runs": moving, "points": points, "loops": loops}
    for name, table in tables.items():
        table.to_csv(out / f"{name}.csv", index=False, lineterminator="\n")
    files = [out / f"{name}.csv" for name in tables]
    for name, figure in draw_all(fixed, moving, names, design, notes_of(design, seed)).items():
        files += plots.save(figure, out / f"{name}.png", out / f"{name}.svg")
    settings = {"design": design, "generated": arguments, "real": dict(real.source), "seed": seed, "loyalty": LOYALTY,
                "starts": STARTS, "frozen": FROZEN, "base": sim.Parameters().to_dict()}  # fmt: skip
    manifest.write(out, question=QUESTION, settings=settings, inputs=inputs, outputs=files)
    for network, name in names.items():
        found = findings(points[points["network"] == network], loops[loops["network"] == network], design)
        click.echo("\n".join([f"\n{_capital(name)}", *(f"- {sentence}" for sentence in found)]))
    if design == QUICK:
        click.echo("\nA quick look at small networks, few replicates and short runs: draw no conclusions from it.")
    click.echo(f"\n(median over replicates, 10th to 90th percentile)\nTables, figures and manifest are in {out}")


@click.command()
@click.option("--quick", is_flag=True, help="A small version in seconds, into a folder of its own.")
@click.option("--network", help="File of a real network of yours (GraphML, GEXF, GML, or CSV with --nodes).")
@click.option("--group", help="Attribute that holds the group.")
@click.option("--marginalized", help="Value of the attribute that means marginalized.")
@click.option("--nodes", help="Table of people, for a CSV list of ties.")
@click.option("--directed", help="any (default): one nomination makes a tie; mutual: both are needed.")
@click.option("--weight", help="Tie attribute to compare with --min-weight.")
@click.option("--min-weight", type=float, help="Weaker ties are dropped.")
@click.option("--seed", type=int, default=1, show_default=True, help="Root of all seeds.")
@click.option("--workers", type=click.IntRange(1), help="Threads; never changes a result.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for the results.")
def main(quick, network, seed, workers, out, nodes, **about_network):
    """For which stigma transfer and in-group loyalty does allyship spread, turn hollow, fall silent or collapse?"""
    try:
        real, name = load_real(network, nodes=nodes, **about_network)
        place = HOME if network is None else HOME / Path(network).stem
        folder = out or (place / "quick" if quick else place)
        inputs = [Path(file) for file in (network, nodes) if file is not None]
        streams.check_seed(seed)
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise InputError(f"--out '{folder}' cannot be written: {problem.strerror}") from None
        make(QUICK if quick else FULL, seed, workers, folder, real, name, inputs)
    except (InputError, OSError) as problem:
        refusal = click.ClickException(str(problem))
        refusal.exit_code = 2
        raise refusal from None


if __name__ == "__main__":
    main()
