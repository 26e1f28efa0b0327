"""``allyship sweep``, ``replay`` and ``replicates``: many runs, kept safe; any one of them again; how many it takes."""

from __future__ import annotations

import json
import math
import multiprocessing
import os
import shlex
import textwrap
import threading
from pathlib import Path

import click

from sim.checks import InputError, check_choice, check_names, shown
from sim.cli import words
from sim.cli.manners import DIFFERENT, STOPPED, interruptible, is_output_closed, note, one_line
from sim.cli.options import LARGEST_SEED, Command, Number, Option, Whole, complete_from

EXECUTORS, RECORDS, ON_ERROR = ("threads", "processes"), ("steps", "people"), ("continue", "stop")
_MOST_TOLD = 10  # differences of one replayed run
_END_OF_TABLE = "status,error,notes,seconds,key"  # how the first line of a table of runs ends

TEMPLATE = """\
# A design for 'allyship sweep': what is varied, how often every point is run, and with whose luck.
# 2 x 3 x 2 = 12 points in 4 replicates are 48 runs, which take a few seconds:
#
#     allyship sweep design.toml --dry-run     (how many runs, how long, how large)
#     allyship sweep design.toml               (make them; given again, it goes on where it stopped)

replicates = 4          # runs per point; 'allyship replicates --effect 0.5' tells how many are needed
seed = 1                # root of all luck
luck = "common"         # replicate 3 has the same network, people and luck at every point; or "independent"
# kind = "grid"         # all combinations; or "lines", "latin_hypercube", "sobol", "table", "refined"

steps = 100             # a single value holds for all runs
start = ["silent", "allied"]                            # a list is varied, and so is a range:
stigma_transfer = { from = 0.0, to = 1.0, count = 3 }   # 0, 0.5 and 1

# Any of 'allyship parameters' can be varied or held constant here. Those that are not named have their default.
[parameters]
loyalty = 0.7

# Any argument of 'allyship networks'. Every replicate has its own network.
[network]
family = "two_groups"
n_people = 200
homophily = [0.2, 0.8]
"""


def _option(heading, *names, **about):
    return click.option(*names, cls=Option, heading=heading, **about)


# === allyship sweep =====================================================================================


@click.command("sweep", cls=Command)
@click.argument("design", required=False, metavar="DESIGN.toml")
@_option("The work", "--out", metavar="FOLDER", show_default="the name of the design, here",
         help="Where the runs are kept; what is there already is not made again.")
@_option("The work", "--dry-run", is_flag=True, help="Only tell how many runs, how long and how large; write nothing.")
@_option("The work", "--retry-failed", is_flag=True, help="Make runs again that failed before.")
@_option("The work", "--on-error", default="continue", metavar="WORD", show_default=True,
         shell_complete=complete_from(lambda: ON_ERROR),
         help="When a run fails: continue with the others, or stop.")
@_option("The work", "--record", multiple=True, metavar="steps|people", shell_complete=complete_from(lambda: RECORDS),
         help="Also keep every measure at every step, or everybody's final state. May be repeated.")
@_option("The workers", "--workers", type=Whole(1, 100_000), metavar="COUNT", show_default="one per processor",
         help="Runs at work at a time. Never changes a result.")
@_option("The workers", "--executor", default="threads", metavar="WORD", show_default=True,
         shell_complete=complete_from(lambda: EXECUTORS),
         help="threads or processes. Never changes a result.")
@_option("The workers", "--chunk", type=Whole(1, 1_000_000), metavar="COUNT", show_default="a second of work",
         help="Runs that a worker makes before they are written.")
@_option("The result", "--csv", metavar="FILE", help="Also write the table of runs there.")
@_option("The result", "--json", "as_json", is_flag=True, help="Print the result for programs.")
@_option("The result", "--quiet", is_flag=True, help="Print nothing but notes and errors, and no progress.")
@_option("A design to begin with", "--template", is_flag=True, help="Print a small design with comments, to edit.")
@click.pass_context
def sweep_command(ctx, design, template, **_):
    """Run a whole design: many points, each in several replicates.

    Examples
    --------
      allyship sweep --template > design.toml
      allyship sweep design.toml --dry-run
      allyship sweep design.toml
      allyship sweep design.toml --csv runs.csv
      allyship sweep design.toml --out other --executor processes --workers 2 --record steps

    The design says what is varied and how often every point is run. Runs are kept in a folder as they are
    finished. Stop it, lose power, enlarge the design: the same command makes only what the folder lacks. The
    digest at the end is a number for the whole table: the same design gives the same one on any machine, with any
    number of workers.

    Exit codes: 0 all runs are there; 1 a run failed (now or earlier) or the workers were lost; 2 the design or the
    folder cannot be used, or the disk is full; 130 stopped with Ctrl-C. Whatever the code, finished runs are safe.
    """
    if template:
        _refuse_others(ctx, "--template, which only prints a design", ("template",))
        click.echo(TEMPLATE, nl=False)
        return
    given = ctx.params
    if given["quiet"] and given["as_json"]:
        raise InputError("--quiet and --json exclude each other: --json prints a result, --quiet prints none")
    if design is None:
        raise InputError("DESIGN.toml is missing; 'allyship sweep --template > design.toml' makes one to edit")
    check_choice("--executor", given["executor"], EXECUTORS)
    check_choice("--on-error", given["on_error"], ON_ERROR)
    check_names("--record:", given["record"], RECORDS)
    loaded = _design(design)
    folder = _folder(design, given["out"])
    if given["dry_run"]:
        if given["csv"] is not None:
            raise InputError("--csv does not go with --dry-run, which makes no runs to write")
        _tell_forecast(ctx, loaded, folder)
        return
    table_file = _check_table_file(given["csv"])
    swept = _carried_out(ctx, loaded, folder)
    if table_file is not None:
        _write_table(swept.table, table_file)
    failed = _failed_runs(swept)
    if given["as_json"]:
        click.echo(json.dumps(_as_json(swept), indent=2))
    elif given["quiet"]:
        if failed:
            note(_told_of_failures(swept, failed))
    elif not is_output_closed():
        _tell(swept, failed, design, table_file)
    if failed:
        ctx.exit(DIFFERENT)


def _refuse_others(ctx, what: str, allowed) -> None:
    for param in ctx.command.params:
        if param.name not in allowed and ctx.get_parameter_source(param.name) == click.core.ParameterSource.COMMANDLINE:
            name = param.opts[0] if isinstance(param, click.Option) else param.metavar
            raise InputError(f"{name} does not go with {what}")


def _design(path: str):
    from sim.sweeps import Design

    try:
        design = Design.of(path)
        design.points()  # every single one, before anything is made
    except InputError as problem:
        text = str(problem)
        raise InputError(text if path in text else f"design '{path}': {text}") from None
    return design


def _folder(design: str, out: str | None) -> Path:
    if out is not None and (not out or "\0" in out):
        raise InputError(f"--out = {shown(out)} must be the name of a folder")
    folder = Path(Path(design).stem if out is None else out)
    if out is None and folder.is_file():
        raise InputError(f"--out is missing: the runs would go to a folder '{folder}', but that is a file")
    return folder


def _carried_out(ctx, design, folder: Path):
    from sim.sweeps import sweep
    from sim.sweeps.sweeping import RunFailed, WorkersLost

    given = ctx.params
    options = {name: given[name] for name in ("executor", "workers", "chunk", "record", "on_error", "retry_failed")}
    try:
        return sweep(design, folder, progress=not given["quiet"], **options)
    except KeyboardInterrupt:
        _say(f"stopped; finished runs are safe in {_quoted(folder)}, and the same command goes on where it stopped")
        _leave_if_at_work()
        ctx.exit(STOPPED)
    except (RunFailed, WorkersLost) as problem:
        _say(f"error: {problem}")
        ctx.exit(DIFFERENT)


def _leave_if_at_work() -> None:
    """Leave at once if a second Ctrl-C came while runs were at work: Python would wait for them at its end."""
    if any(thread.name.startswith("sweep") for thread in threading.enumerate()) or multiprocessing.active_children():
        for child in multiprocessing.active_children():
            child.terminate()
        os._exit(STOPPED)


def _say(text: str) -> None:
    click.echo(one_line(text), err=True)


def _quoted(path) -> str:
    return shlex.quote(one_line(str(path)))


# --- the table as a file ----------------------------------------------------------------------------------


def _check_table_file(name: str | None) -> Path | None:
    """Return where the table goes; refuse what cannot be written, and any file that is no table of runs."""
    if name is None:
        return None
    path = Path(name)
    try:
        if not name or name == "-" or "\0" in name:
            raise InputError(f"--csv = {shown(name)} must be the name of a file")
        if not path.absolute().parent.is_dir():
            raise InputError(f"--csv = {shown(name)}: there is no folder '{path.parent}'")
        if path.exists() and not path.is_file():
            raise InputError(f"--csv = {shown(name)} is no ordinary file")
        if path.exists() and path.stat().st_size and not _first_line(path).rstrip().endswith(_END_OF_TABLE):
            raise InputError(f"--csv = {shown(name)} exists and is no table of runs; name a new file")
        writable = path if path.exists() else path.absolute().parent
        if not os.access(writable, os.W_OK):
            raise InputError(f"--csv = {shown(name)} may not be written")
    except OSError as problem:
        raise InputError(f"--csv = {shown(name)} cannot be used: {problem.strerror}") from None
    return path


def _first_line(path: Path) -> str:
    with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
        return file.readline(100_000)


def _write_table(table, path: Path) -> None:
    unfinished = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        table.to_csv(unfinished, index=False, lineterminator="\n")
        unfinished.replace(path)
    except OSError as problem:
        unfinished.unlink(missing_ok=True)
        raise InputError(
            f"--csv = {shown(str(path))} cannot be written: {problem.strerror}; the runs are safe in their folder, and "
            "the same command with another --csv makes none of them again"
        ) from None


# --- what came out, in words ------------------------------------------------------------------------------


def _failed_runs(swept) -> list[str]:
    """Return the keys of runs that failed."""
    return list(dict.fromkeys(swept.failures["key"]))


def _told_of_failures(swept, failed: list[str]) -> str:
    count = "1 run failed" if len(failed) == 1 else f"{len(failed)} runs failed; the first"
    error = swept.failures["error"].iloc[0]
    return f"{count}: {error}. Make it again: allyship replay {_quoted(swept.folder)} {failed[0][:12]}"


def _tell(swept, failed: list[str], design: str, table_file: Path | None) -> None:
    for line in _result_lines(swept, failed):
        click.echo(one_line(line))
    folder = str(swept.folder)
    click.echo(f"\nDigest of the table: {swept.digest}")
    click.echo("The same design gives this digest on any machine and with any number of workers.")
    click.echo(one_line(f"The runs are in the folder {_quoted(folder)}" + (
        f", and as a table in {_quoted(table_file)}." if table_file is not None else ".")))  # fmt: skip
    click.echo(one_line(f"  in Python       sim.open_sweep({folder!r}, {design!r}).table"))
    if len(swept.table):
        click.echo(one_line(f"  one run again   allyship replay {_quoted(folder)} {swept.table['key'].iloc[0][:12]}"))


def _result_lines(swept, failed: list[str]) -> list[str]:
    table = swept.table
    points = len(table[swept.design.names].drop_duplicates()) if swept.design.names else 1
    runs = table["key"].nunique()
    lines = [f"{_count(runs, 'run')} of {_count(points, 'point')}, {_count(len(table), 'row')} in the table."]
    lines += [f"  {reason}" for reason in swept.reasons]
    if failed:
        lines.append(_told_of_failures(swept, failed))
    else:
        lines.append("No run failed.")
    done = table[table["status"] == "done"]
    if not len(done):
        return lines
    counts = done["regime"].value_counts()
    what = "rows" if "place" in table else "runs"
    prevail = ", ".join(f"{name.upper()} in {count}" for name, count in counts.items())
    lines += ["", f"What prevails among advantaged people, of {len(done)} {what}: {prevail}"]
    lines += [_group_line("Advantaged", done, words.ADVANTAGED), _group_line("Marginalized", done, words.MARGINALIZED)]
    if not math.isnan(done["mean_trust"].mean()):
        lines.append(f"  their trust in allies, 0 to 1: {done['mean_trust'].mean():.2f}")
    lines.append("These are means over all points of the design: they sum up what was tried, and forecast nothing.")
    return lines


def _group_line(role: str, done, shares: dict) -> str:
    means = {word: done[column].mean() for word, column in shares.items()}
    if any(math.isnan(mean) for mean in means.values()):
        return f"{role}: nobody."
    return f"{role}, on average: {', '.join(f'{word} {mean:.0%}' for word, mean in means.items())}"


def _count(number, what: str) -> str:
    return f"{number:,} {what}" + ("" if number == 1 else "s")


def _as_json(swept) -> dict:
    table = swept.table
    done = table[table["status"] == "done"]
    columns = [*words.ADVANTAGED.values(), *words.MARGINALIZED.values(), "mean_trust"]
    failures = swept.failures[["key", "error"]].drop_duplicates("key")
    told = failures.head(_MOST_TOLD).to_dict("records")
    return {
        "folder": str(swept.folder),
        "n_rows": len(table),
        "n_runs": int(table["key"].nunique()),
        "n_failed": len(failures),
        "first_failures": told,
        "reasons": swept.reasons,
        "regimes": {name: int(count) for name, count in done["regime"].value_counts().items()},
        "means": {name: _number(done[name].mean()) for name in columns},
        "digest": swept.digest,
    }


def _number(value):
    """Return a value as JSON has it: what has none is null."""
    return None if isinstance(value, float) and not math.isfinite(value) else value


# --- what it would take -----------------------------------------------------------------------------------


def _tell_forecast(ctx, design, folder: Path) -> None:
    from dataclasses import fields

    from sim.sweeps.forecast import forecast

    given = ctx.params
    options = {name: given[name] for name in ("workers", "record", "retry_failed")}
    told = interruptible(lambda: forecast(design, folder, **options))
    for problem in told.problems:
        note(f"a run that was tried failed: {problem}")
    if given["as_json"]:
        values = {about.name: getattr(told, about.name) for about in fields(told)}
        content = {name: one._asdict() if hasattr(one, "_asdict") else one for name, one in values.items()}
        click.echo(json.dumps({"folder": str(folder)} | content, indent=2))
    elif not given["quiet"]:
        for line in _forecast_lines(told, folder):
            click.echo(one_line(line))


def _forecast_lines(told, folder: Path) -> list[str]:
    reused = f"{told.n_reused:,} of them are in the folder {_quoted(folder)} already"
    none = f"none of them is in the folder {_quoted(folder)} yet"
    points, replicates, runs, to_make = (
        f"{_between(bounds, _whole)} {word}" + ("" if bounds.most == 1 else "s")
        for bounds, word in (
            (told.n_points, "point"), (told.n_replicates, "replicate"), (told.n_runs, "run"), (told.n_to_make, "run"),
        )
    )  # fmt: skip
    lines = [f"{points} x {replicates}: {runs}; {reused if told.n_reused else none}"]
    if told.n_to_make.most:
        workers = _count(told.workers, "worker")
        lines += [
            f"To make: {to_make}; about {_between(told.seconds, _duration)} with {workers} on this machine, "
            f"and about {_between(told.n_bytes, _bytes)} on disk",
        ]
    else:
        lines.append("Nothing is left to be made.")
    if told.n_runs.least != told.n_runs.most:
        lines.append("How many runs it takes shows only as they are made.")
    return [*lines, f"Digest of the design: {told.digest}", "Nothing was written."]


def _between(bounds, form) -> str:
    low, high = form(bounds[0]), form(bounds[1])
    return low if low == high else f"{low} to {high}"


def _whole(value) -> str:
    return f"{value:,.0f}"


def _duration(seconds: float) -> str:
    for size, name in ((86400, "days"), (3600, "hours"), (60, "minutes")):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {name}"
    return "1 second" if seconds < 1.5 else f"{seconds:.0f} seconds"


def _bytes(size: float) -> str:
    for scale, name in ((1e12, "TB"), (1e9, "GB"), (1e6, "MB")):
        if size >= scale:
            return f"{size / scale:,.1f} {name}"
    return f"{math.ceil(size / 1000)} kB"


# === allyship replay ====================================================================================


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

    ROW is the number of a row in the table of all runs in the folder, from 0, or the beginning of its key. (Digits
    alone are a number if there are at most seven of them.)

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
    told = [f"  {difference}" for difference in result.differences[:_MOST_TOLD]]
    more = len(result.differences) - len(told)
    return [*lines, f"NOT the same: {_count(len(result.differences), 'difference')}", *told,
            *([f"  and {more} more"] if more else [])]  # fmt: skip


def _configuration_lines(configuration: dict, row: dict) -> list[str]:
    from sim.parameters import Parameters

    changed = Parameters(**configuration["parameters"]).changes()
    others = "all others at their default" if changed else "all at their default"
    about = configuration["network"]
    network = f"given, {about['digest'][:16]}" if "digest" in about else _pairs(about)
    lines = [
        f"parameters: {', '.join(filter(None, [_pairs(changed), others]))}",
        f"network: {network}",
        f"{configuration['steps']} steps from start '{configuration['start']}', {configuration['schedule']}",
    ]
    if "ramp" in configuration:
        ramp = configuration["ramp"]
        values = ", ".join(f"{value:g}" for value in ramp["values"])
        lines.append(f"ramp: {ramp['parameter']} through {values} and back, so many steps at each")
    seeds = {name: row[name] for name in ("network_seed", "start_seed", "seed")}
    return [*lines, _pairs({name: seed for name, seed in seeds.items() if seed is not None})]


def _pairs(values: dict) -> str:
    return ", ".join(f"{name}={value}" for name, value in values.items())


def _outcome_lines(row: dict) -> list[str]:
    from sim.sweeps.columns import OUTCOMES

    where = f"place {row['place']}, {row['direction']} {row['value']:g}: " if "direction" in row else ""
    if row["status"] != "done":
        return [f"{where}failed: {row['error']}"]
    values = {name: row[name] for name in OUTCOMES if name in row}
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
                and_more = f" (and {_count(more, 'other difference')})" if more else ""
                click.echo(one_line(f"{key}: {result.differences[0]}{and_more}"))
    of_all = f"{_count(len(chosen), 'run')} of {len(keys):,} made again"
    verdict = f"{different:,} came out differently" if different else "all the same, bit for bit"
    click.echo(f"{of_all}: {verdict}.")
    return not different


# === allyship replicates ================================================================================


@click.command("replicates", cls=Command)
@click.option("--effect", cls=Option, type=Number(), metavar="NUMBER",
              help="Smallest difference of means worth finding, in standard deviations between replicates.")
@click.option("--shares", cls=Option, type=Number(), nargs=2, metavar="SHARE SHARE",
              help="Instead: two shares of runs to be told apart, such as those that end in SPREAD.")
@click.option("--paired", cls=Option, is_flag=True,
              help="Points share their luck and are compared run by run; the effect is in standard deviations of "
                   "those differences.")  # fmt: skip
@click.option("--power", cls=Option, type=Number(), default=0.8, metavar="SHARE", show_default=True,
              help="Chance of finding the effect if it is there.")
@click.option("--alpha", cls=Option, type=Number(), default=0.05, metavar="SHARE", show_default=True,
              help="Chance of finding an effect that is not there.")
def replicates_command(effect, shares, paired, power, alpha):
    """Tell how many replicates per point find an effect.

    Examples
    --------
      allyship replicates --effect 0.5
      allyship replicates --effect 0.5 --paired --power 0.9
      allyship replicates --shares 0.3 0.5
    """
    if (effect is None) == (not shares):
        raise InputError("give either --effect NUMBER, for means, or --shares SHARE SHARE, and not both")
    if shares and paired:
        raise InputError("--paired goes with --effect: for shares it would take to know how often pairs disagree")
    from sim.sweeps import plan_replicates, power_of

    about = {"paired": paired, "kind": "share" if shares else "mean"}
    wanted = tuple(shares) if shares else effect
    count = plan_replicates(wanted, alpha, power, **about)
    reached = power_of(count, wanted, alpha, **about)
    for line in _plan_lines(count, wanted, alpha, power, reached, paired):
        click.echo(line)


def _plan_lines(count: int, wanted, alpha: float, power: float, reached: float, paired: bool) -> list[str]:
    if isinstance(wanted, tuple):
        effect, test = f"shares of {wanted[0]:g} and {wanted[1]:g}", "Fisher's exact test"
        assumed = "that runs at both points are independent of each other"
    elif paired:
        effect = f"a mean difference of {abs(wanted):g} standard deviations of the differences within pairs"
        test = "a paired t test"
        assumed = (
            'that replicates share their luck (luck = "common", the default of a design) and are compared one by one, '
            "and that their differences are roughly normal"
        )
    else:
        effect = f"a difference of {abs(wanted):g} standard deviations between the means"
        test = "a t test"
        assumed = (
            "outcomes that are roughly normal and equally spread at both points, and runs that are independent of each "
            'other; where points share their luck (luck = "common", the default of a design) fewer may do, see --paired'
        )
    return [
        f"{count:,} replicates per point: with so many, {test} of two points (two-sided, at the level {alpha:g})",
        f"finds {effect} in {_per_cent(reached)} of all cases (asked for: {_per_cent(power)}).",
        *textwrap.wrap(f"It assumes {assumed}. It is for one comparison, planned beforehand.", 110),
        f"In a design: replicates = {count}",
    ]


def _per_cent(share: float) -> str:
    return f"{100 * share:.3g} %"
