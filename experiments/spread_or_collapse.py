"""Does allyship spread, turn hollow, fall silent or collapse? Stigma transfer, in-group loyalty, and where one starts.

python experiments/spread_or_collapse.py           one to two minutes
python experiments/spread_or_collapse.py --quick   a few seconds
"""

import warnings
from pathlib import Path

import click
import pandas as pd

import sim
from sim import manifest, plots, streams, sweeps
from sim.checks import InputError, made_folder
from sim.networks import NetworkWarning
from sim.progress import Progress
from sim.sweeps.samples import grid
from sim.sweeps.tables import shown

QUESTION = (
    "For which stigma transfer and in-group loyalty does allyship spread, turn hollow, fall silent or collapse into "
    "opposition, and does the answer depend on where one starts?"
)
STARTS = ["silent", "allied", "opposed"]
NETWORK = {"marginalized_share": 0.2, "mean_degree": 10, "homophily": 0.5}
LOYALTY = sim.Parameters().loyalty  # of curves and loops: the default
FULL = {
    "n_people": 1000,
    "steps": 400,
    "replicates": 20,
    "stigma_transfer": [0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0],
    "loyalty": [0.45, 0.55, 0.65, LOYALTY, 0.85, 0.95],
    "between": [0.05, 0.15, 0.25, 0.35, 0.45, 0.55, 0.65, 0.75],  # more points for the curves
    "without": [0.0, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5, 0.6, 0.8, 1.0],  # runs without an assumption
    "loop": [0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0],
    "fast": 50,  # steps at each value of a loop
    "slow": 600,
}
QUICK = FULL | {
    "n_people": 200,
    "steps": 200,
    "replicates": 3,
    "stigma_transfer": [0.0, 0.2, 0.4, 0.6, 0.8, 1.0],
    "loyalty": [0.55, LOYALTY, 0.95],
    "between": [],
    "without": [0.0, 0.2, 0.4, 1.0],
    "loop": [0.2, 0.4, 0.6, 0.8, 1.0],
    "slow": 100,
}
FROZEN = {"internalise": 0.0, "contact": 0.0}  # private sympathy stays what it was
LOOPS = {"fast": ("fast", {}), "slow": ("slow", {}), "slow, private views frozen": ("slow", FROZEN)}
WITHOUT = {"credibility needs no cost": {"cost_credibility": 0.0}, "no token acts": {"token_allowed": False}}
ADVANTAGED = ["ally_share", "token_share", "bystand_share", "oppose_share"]
MARGINALIZED = ["welcome_share", "gatekeep_share", "withdraw_share", "mean_trust"]
UNWRITTEN = ["status", "error", "notes", "seconds", "key"]  # stay in the folder of runs
MEASURES = [*ADVANTAGED, *MARGINALIZED, "mean_sympathy"]
REFUSAL = ("gatekeep_share", "most marginalized people keep allies out")
HOME = Path(__file__).resolve().parent.parent / "results" / "spread_or_collapse"
X, Y = ("stigma_transfer", "Stigma transfer"), ("loyalty", "Average in-group loyalty")


def run_all(design, networks, seed, workers, folder):
    """Return tables with one row per run: fixed stigma transfer, moving stigma transfer, without an assumption."""
    axes = {"start": STARTS, "network": list(networks)}
    points = grid({"stigma_transfer": design["stigma_transfer"], "loyalty": design["loyalty"], **axes})
    points += grid({"stigma_transfer": design["between"], "loyalty": [LOYALTY], **axes})
    line = {"loyalty": LOYALTY, "start": "silent", "network": "generated", "stigma_transfer": design["without"]}
    begun = {"loyalty": LOYALTY, "start": "allied", "network": list(networks)}
    paths = {"detour": design["loop"], "stay": design["loop"][:1] * len(design["loop"])}
    common = {"networks": networks, "replicates": design["replicates"], "seed": seed}
    with Progress(0, "runs", memory=True) as progress:

        def swept(axes, *, rows=(), changes=None, ramp=None):
            about = {"kind": "table", "rows": rows} if rows else {}
            asked = sim.Design(axes=axes, parameters=sim.Parameters(**(changes or {})), ramp=ramp, **about, **common)
            return sim.sweep(asked, folder, workers=workers, progress=progress).table

        steps = {"steps": design["steps"]}
        fixed = swept(steps, rows=points)
        changed = [swept(steps | line, changes=changes).assign(without=name) for name, changes in WITHOUT.items()]
        moving = [
            swept(begun, changes=changes, ramp={"parameter": X[0], "values": values, "hold": design[hold]}).assign(
                speed=speed, path=path
            )
            for speed, (hold, changes) in LOOPS.items()
            for path, values in paths.items()
        ]
    return {
        "runs": fixed,
        "loop_runs": pd.concat(moving, ignore_index=True),
        "without_runs": pd.concat(changed, ignore_index=True),
    }


def sum_up(runs):
    """Return tables with one row per point, and what the detour cost: it against staying, replicate by replicate."""
    by = {
        "points": ("runs", ["network", "start", "stigma_transfer", "loyalty"]),
        "loops": ("loop_runs", ["network", "speed", "path", "place", "direction", "stigma_transfer"]),
        "without": ("without_runs", ["without", "stigma_transfer", "loyalty"]),
    }
    sums = {name: sweeps.summarise(runs[table], columns, MEASURES) for name, (table, columns) in by.items()}
    moving = runs["loop_runs"]
    ends = dict(list(moving[moving["place"] == moving["place"].max()].groupby("path")))
    return sums | {"detours": sweeps.differences(ends["detour"], ends["stay"], ["network", "speed"], MEASURES)}


def draw_main(runs, names, design, note):
    """Draw the essentials: maps of both networks; curves, controls and loops on the generated one."""
    figure = plots.figure(9, 15.6)
    *maps, curves, loops = figure.subfigures(4, 1, height_ratios=[1.25, 1.25, 1.12, 0.92])
    fixed, moving, without = (table[table["network"] == "generated"] for table in runs.values())
    on_map = runs["runs"][runs["runs"]["stigma_transfer"].isin(design["stigma_transfer"])]
    for letter, part, (network, name) in zip("ab", maps, names.items(), strict=True):
        plots.heading(part, f"{letter}   What prevails after {design['steps']} steps: {name}")
        plots.regime_maps(part, on_map[on_map["network"] == network], x=X, y=Y, corner=REFUSAL[0])
    plots.heading(curves, f"c   Along stigma transfer: generated network, in-group loyalty {LOYALTY:g}")
    left, middle, right = curves.subplots(1, 3, sharey=True)
    by_start = dict(list(fixed[fixed["loyalty"] == LOYALTY].groupby("start")))
    for start in STARTS:
        plots.lines(left, by_start[start], x=X, looks={"ally_share": plots.STARTS[start]})
    plots.lines(middle, by_start["silent"], x=X, looks=plots.looks_of(MARGINALIZED))
    for (name, table), look in zip(
        [("as assumed", by_start["silent"]), *without.groupby("without")], plots.DISTINCT, strict=False
    ):
        plots.lines(right, table, x=X, looks={"ally_share": (*look, name)})
    titles = ["allies, by start", "marginalized people (start: silent)", "allies without an assumption (start: silent)"]
    for ax, title in zip((left, middle, right), titles, strict=True):
        plots.key(plots.plain(ax, title=title, x=X[1], y="Share of the group" if ax is left else ""))
    plots.heading(loops, "d   A way back? Stigma transfer raised and lowered again: generated network, start: allies")
    for ax, speed in zip(loops.subplots(1, len(LOOPS), sharey=True), LOOPS, strict=True):
        plots.loop(ax, moving[moving["speed"] == speed], x=X, y="ally_share")
        plots.plain(ax, title=speed, x=X[1], y=ax.get_subplotspec().is_first_col() * "Allies (of advantaged)")
    plots.line_key(loops, "lower center")
    plots.regime_key(figure, *REFUSAL)
    plots.note(figure, note)
    return figure


def draw_all(runs, names, design, seed):
    """Return all figures by name."""
    fixed, moving, notes = runs["runs"], runs["loop_runs"], notes_of(design, seed)
    curve = fixed[fixed["loyalty"] == LOYALTY]

    def draw_curves(ax, network, measures, start):
        table = curve[(curve["network"] == network) & (curve["start"] == start)]
        plots.lines(ax, table, x=X, looks=plots.looks_of(measures))

    def draw_loops(ax, network, measure, speed):
        plots.loop(ax, moving[(moving["network"] == network) & (moving["speed"] == speed)], x=X, y=measure)

    groups = {"Share of advantaged": ADVANTAGED, "Share of marginalized": MARGINALIZED}
    starts = {f"start: {plots.STARTS[start][3]}": start for start in STARTS}
    outcomes = {"Allies (of advantaged)": "ally_share", "Trust of marginalized": "mean_trust"}
    figures = {"spread_or_collapse": draw_main(runs, names, design, list(notes.values()))}
    for name, rows, columns, draw in [
        ("curves", groups, starts, draw_curves),
        ("loops", outcomes, {name: name for name in LOOPS}, draw_loops),
    ]:
        figure = figures[name] = plots.figure(9, 10.5)
        plots.blocks(figure, {words: network for network, words in names.items()}, rows, columns, draw)
        plots.line_key(figure)
        plots.note(figure, [notes["runs"], notes[name], notes["lines"]])
    return figures


def notes_of(design, seed):
    """Return what is printed below the figures."""
    return {
        "runs": f"{design['replicates']} replicates per point and start, root seed {seed}; a replicate has the same "
        f"network, people and luck at every point. Generated networks: mean degree {NETWORK['mean_degree']}, homophily "
        f"{NETWORK['homophily']}. In the real network only the ties are real: groups play roles, nobody was seen to "
        "act as an ally.",
        "maps": "Maps: strips are shares of replicates, the symbol is the most frequent (of equally frequent ones the "
        "first of hollow, mixed, opposition, silence, spread); a number says what percentage agree on it, where fewer "
        "than 90 do. A square in the corner: more than half of the marginalized group (median) keep allies out.",
        "curves": f"Maps and curves: {design['steps']} steps, average of the last tenth.",
        "lines": f"Lines: in-group loyalty {LOYALTY:g}; median, bands and bars from 10th to 90th percentile.",
        "loops": f"Loops: one continuing run per replicate from a start with everybody an ally, {design['fast']} "
        f"(fast) or {design['slow']} (slow) steps at each value, average of the last tenth of them.",
    }


def findings(sums, network, design):
    """Say in plain words what came out on one network."""
    points, loops, detours = (sums[name][sums[name]["network"] == network] for name in ("points", "loops", "detours"))
    lines = {f"start with {plots.STARTS[start][3]}": points[points["start"] == start] for start in STARTS}
    if network == "generated":
        lines |= {f"start with everybody silent, {name}": line for name, line in sums["without"].groupby("without")}
    for begun, line in lines.items():
        line = line[line["loyalty"] == LOYALTY].sort_values("stigma_transfer")
        most = line.loc[line["ally_share_median"].idxmax()]
        rows = {"at stigma transfer": line.iloc[0], "most allies at": most, "in the end at": line.iloc[-1]}
        yield f"In-group loyalty {LOYALTY:g}, {begun}: " + "; ".join(
            f"{where} {row['stigma_transfer']:g}, allies {shown(row, 'ally_share')}, trust "
            f"{shown(row, 'mean_trust')}, {shown(row, 'gatekeep_share')} keep allies out"
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
    for speed, table in loops.groupby("speed", sort=False):
        runs, stay = (table[table["path"] == path].sort_values("place") for path in ("detour", "stay"))
        visits = {"from": runs.iloc[0], "to": runs.iloc[len(runs) // 2 - 1], "and back to": runs.iloc[-1]}
        gaps = detours[detours["speed"] == speed].set_index("measure")
        yield (
            f"Stigma transfer raised and lowered again ({speed}): allies "
            + " ".join(f"{word} {shown(row, 'ally_share')}" for word, row in visits.items())
            + f"; after as many steps at {runs['stigma_transfer'].min():g} {shown(stay.iloc[-1], 'ally_share')}. "
            f"Of {gaps['pairs'].max()} replicates the detour has fewer allies in {gaps.loc['ally_share', 'lower']}, "
            f"less trust in {gaps.loc['mean_trust', 'lower']}"
        )


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
    click.echo("note: a generated network is run as well, for comparison", err=True)
    return real, f"{Path(network).stem.replace('_', ' ')} ({about})"


def check_folder(folder, inputs):
    """Refuse a folder with results from other files, which would be lost."""
    if (folder / manifest.NAME).exists():
        held = {entry["sha256"] for entry in manifest.read(folder)["inputs"]}
        if held != {manifest.sha256_of(file) for file in inputs}:
            raise InputError(f"'{folder}' holds results from another network; name a folder for these with --out")


def make(design, seed, workers, out, real, real_name, inputs):
    """Run, write tables, figures and manifest, and say what was found."""
    arguments = {"n_people": design["n_people"], **NETWORK}
    networks = {"generated": {"family": "two_groups", **arguments}, "real": real}
    share = f"{100 * NETWORK['marginalized_share']:g} % marginalized"
    names = {"generated": f"generated network ({design['n_people']:,} people, {share})", "real": real_name}
    runs = run_all(design, networks, seed, workers, out / "runs")
    problems = [text for table in runs.values() for text in table["error"] if text]
    if problems:
        click.echo(f"{len(problems)} runs failed and are left out; the first: {problems[0]}", err=True)
    runs = {name: table[table["status"] == "done"].drop(columns=UNWRITTEN) for name, table in runs.items()}
    if any(table.empty for table in runs.values()):
        raise InputError(f"no run came to its end: {problems[0]}")
    sums = sum_up(runs)
    (out / "manifest.json").unlink(missing_ok=True)  # until all files are there, none of them counts
    files = []
    for name, table in (runs | sums).items():
        files.append(out / f"{name}.csv")
        manifest.write_whole(files[-1], table.to_csv(index=False, lineterminator="\n"))
    for name, figure in draw_all(runs, names, design, seed).items():
        files += plots.save(figure, out / f"{name}.png", out / f"{name}.svg")
    found = {name: [f"- {sentence}" for sentence in findings(sums, network, design)] for network, name in names.items()}
    told = "\n\n".join("\n".join([f"{plots.capital(name)}\n", *lines]) for name, lines in found.items())
    files.append(manifest.write_whole(out / "findings.md", f"{told}\n"))
    settings = {"design": design, "generated": arguments, "real": dict(real.source), "seed": seed, "loyalty": LOYALTY,
                "starts": STARTS, "frozen": FROZEN, "without": WITHOUT, "base": sim.Parameters().to_dict()}  # fmt: skip
    manifest.write(out, question=QUESTION, settings=settings, inputs=inputs, outputs=files)
    click.echo(f"\n{told}")
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
@click.option("--out", help="Folder for the results.")
def main(quick, network, seed, workers, out, nodes, **about_network):
    """For which stigma transfer and in-group loyalty does allyship spread, turn hollow, fall silent or collapse?"""
    try:
        real, name = load_real(network, nodes=nodes, **about_network)
        place = HOME if network is None else HOME / Path(network).stem
        folder = Path(out) if out else place / "quick" if quick else place
        inputs = [Path(file) for file in (network, nodes) if file is not None]
        check_folder(folder, inputs)
        streams.check_seed(seed)
        made_folder(folder if out is None else out)
        make(QUICK if quick else FULL, seed, workers, folder, real, name, inputs)
    except (InputError, OSError) as problem:
        refusal = click.ClickException(str(problem))
        refusal.exit_code = 2
        raise refusal from None


if __name__ == "__main__":
    main()
