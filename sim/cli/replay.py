"""``allyship replay``: any run of a sweep again, compared bit for bit."""

from __future__ import annotations

import json

import click

from sim.checks import InputError
from sim.cli.manners import DIFFERENT, interruptible, note, one_line
from sim.cli.options import LARGEST_SEED, Command, Option, Whole
from sim.cli.told import MOST_TOLD
from sim.counting import counted


@click.command("replay", cls=Command)
@click.argument("store", metavar="FOLDER")
@click.argument("row", required=False, metavar="ROW")
@click.option("--sample", cls=Option, type=Whole(1, 5_000_000), metavar="COUNT",
              help="Instead of ROW: so many runs, chosen at random.")
@click.option("--seed", cls=Option, type=Whole(0, LARGEST_SEED), metavar="SEED", show_default="0",
              help="Luck of the choice.")
@click.pass_context
def replay_command(ctx, store, row, sample, seed):
    """Make a run of a sweep again and compare it bit for bit.

    Examples
    --------
      allyship sweep --template > design.toml
      allyship sweep design.toml --out swept
      allyship replay swept 0
      allyship replay swept --sample 5 --seed 1

    ROW is the beginning of a run's key, as 'allyship sweep' tells it and every table has it in its last column; or
    the number of a row, from 0, in the table of all runs in the folder: sim.open_sweep(FOLDER).table. That is not the
    table of one design if the folder has runs of several. (Digits alone are a number if there are at most seven.)

    Exit codes: 0 everything is the same to the last bit, 1 something differs, 2 there is no such run.
    """
    if (row is None) == (sample is None):
        raise InputError("give either ROW, the number or key of a run, or --sample COUNT, and not both")
    if seed is not None and sample is None:
        raise InputError("--seed goes with --sample, whose choice it makes")
    from sim.sweeps import open_sweep

    swept = open_sweep(store)
    for line in swept.set_aside:
        note(line)
    is_same = _replay_one(swept, _row(row)) if sample is None else _replay_some(swept, sample, seed or 0)
    if not is_same:
        ctx.exit(DIFFERENT)


def _row(text: str) -> int | str:
    is_number = text.isascii() and text.isdigit() and len(text) <= 7
    return int(text) if is_number else text


def _replay_one(swept, row) -> bool:
    from sim.sweeps import replay

    result = interruptible(lambda: replay(swept, row))
    for line in _replay_lines(result):
        click.echo(one_line(line))
    return result.is_equal


def _replay_lines(result) -> list[str]:
    first = result.recorded[0]
    configuration = json.loads(first["configuration"])
    lines = [f"Run {result.key}, replicate {first['replicate']}", "", *_configuration_lines(configuration, first), ""]
    for now in result.again:
        lines += _outcome_lines(now)
    lines.append("")
    if result.is_equal:
        what = "every outcome is bit for bit as recorded" if first["status"] == "done" else "it fails as it did before"
        return [*lines, f"The same again: {what}."]
    told = [f"  {difference}" for difference in result.differences[:MOST_TOLD]]
    more = len(result.differences) - len(told)
    return [*lines, f"NOT the same: {counted(len(result.differences), 'difference')}", *told,
            *([f"  and {more} more"] if more else [])]  # fmt: skip


def _configuration_lines(configuration: dict, row: dict) -> list[str]:
    steps = counted(configuration["steps"], "step")
    if "model" in configuration:
        lines = [f"published model {configuration['model']}: {_pairs(configuration['arguments'])}", steps]
    else:
        lines = [_parameters_line(configuration["parameters"]),
                 f"{steps} from start '{configuration['start']}', {configuration['schedule']}"]  # fmt: skip
    if "network" in configuration:
        about = configuration["network"]
        network = f"given, {about['digest'][:16]}" if "digest" in about else _pairs(about)
        lines.insert(1, f"network: {network}")
    if configuration.get("interventions"):
        lines.append(f"done to it: {'; '.join(map(_intervention_text, configuration['interventions']))}")
    if "ramp" in configuration:
        ramp = configuration["ramp"]
        values = ", ".join(f"{value:g}" for value in ramp["values"])
        lines.append(f"ramp: {ramp['parameter']} through {values} and back, so many steps at each")
    seeds = {name: row[name] for name in ("network_seed", "start_seed", "seed")}
    return [*lines, _pairs({name: seed for name, seed in seeds.items() if seed is not None})]


def _parameters_line(parameters: dict) -> str:
    from sim.parameters import Parameters

    changed = Parameters(**parameters).changes()
    others = "all others at their default" if changed else "all at their default"
    return f"parameters: {', '.join(filter(None, [_pairs(changed), others]))}"


def _intervention_text(about: dict) -> str:
    """Return an intervention in words: its kind, and every argument that is given."""
    said = {name: value for name, value in about.items() if name != "kind" and value not in (None, [], {}, "")}
    return f"{about['kind']} ({_pairs(said)})"


def _pairs(values: dict) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items())


def _outcome_lines(row: dict) -> list[str]:
    from sim.sweeps.columns import EVERY_OUTCOME, chosen

    where = f"place {row['place']}, {row['direction']} {row['value']:g}: " if "direction" in row else ""
    if row["status"] != "done":
        return [f"{where}failed: {row['error']}"]
    values = {name: row[name] for name in chosen(row, EVERY_OUTCOME)}
    width = max(map(len, values))
    return [*([where.rstrip(": ")] if where else []), *(f"  {name:<{width}}  {_text(value)}" for name, value in
                                                        values.items())]  # fmt: skip


def _text(value) -> str:
    if value is None or value != value:
        return "none"
    return f"{value:.6g}" if isinstance(value, float) else str(value)


def _replay_some(swept, count: int, seed: int) -> bool:
    from sim import streams
    from sim.progress import Progress
    from sim.sweeps import replay

    keys = swept.table["key"].drop_duplicates().tolist()
    chosen = [keys[place] for place in streams.permutation(seed, streams.RESAMPLE, len(keys))[:count]]
    if not chosen:
        raise InputError("this sweep has no rows")
    different = 0
    with Progress(len(chosen), "runs") as progress:
        for key in chosen:
            result = interruptible(lambda key=key: replay(swept, key))
            progress.advance()
            if not result.is_equal:
                different += 1
                more = len(result.differences) - 1
                and_more = f" (and {counted(more, 'other difference')})" if more else ""
                click.echo(one_line(f"{key}: {result.differences[0]}{and_more}"))
    of_all = f"{counted(len(chosen), 'run')} of {len(keys):,} made again"
    verdict = f"{different:,} came out differently" if different else "all the same, bit for bit"
    click.echo(f"{of_all}: {verdict}.")
    return not different
