"""``allyship sweep``: many runs, kept safe."""

from __future__ import annotations

import json
import multiprocessing
import os
import sys
import threading
from pathlib import Path

import click

from sim.checks import InputError, check_choice, check_names, shown
from sim.cli import table_file, told
from sim.cli.manners import DIFFERENT, STOPPED, interruptible, is_output_closed, note, one_line
from sim.cli.options import Command, Option, Whole, complete_from

EXECUTORS, RECORDS, ON_ERROR = ("threads", "processes"), ("steps", "people"), ("continue", "stop")

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
# A sample has so many points; its ranges have no count, as in: loyalty = { from = 0.0, to = 1.0 }
# kind = "sobol"
# count = 64

steps = 100             # a single value holds for all runs
start = ["silent", "allied"]                            # a list is varied, and so is a range:
stigma_transfer = { from = 0.0, to = 1.0, count = 3 }   # 0, 0.5 and 1
# intervention = ["none", "protection", "mine"]         # what is done to a run; "mine" is at the end of this file

# Any of 'allyship parameters' can be varied or held constant here. Those that are not named have their default.
[parameters]
loyalty = 0.7

# Any argument of 'allyship networks'. Every replicate has its own network.
[network]
family = "two_groups"
n_people = 200
homophily = [0.2, 0.8]

# A network of your own has a name, and is the one that is used; it takes the place of [network].
# [networks.club]
# file = "club.graphml"         # GraphML, GEXF, GML, or a CSV list of ties with: nodes = "people.csv"
# group = "gender"              # which attribute says who is in which group, and what it is for the marginalized
# marginalized = "woman"

# What is done to a run: beside the ready-made ones ('allyship interventions') plans by names of your own.
# [[interventions.mine]]
# kind = "bystander_training"
# share = 0.3
# begin = 20
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
    number of workers, whatever the order of its axes. The key at the end makes a run again: 'allyship replay'.

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
    csv = table_file.check(given["csv"])
    swept = _carried_out(ctx, loaded, folder)
    if csv is not None:
        table_file.write(swept.table, csv)
    failed = told.failed_runs(swept)
    if given["as_json"]:
        click.echo(json.dumps(told.as_json(swept), indent=2))
    elif given["quiet"]:
        if failed:
            note(told.told_of_failures(swept, failed))
    elif not is_output_closed():
        _tell(swept, failed, design, csv)
    if failed:
        ctx.exit(DIFFERENT)


def _refuse_others(ctx, what: str, allowed) -> None:
    for param in ctx.command.params:
        if param.name not in allowed and ctx.get_parameter_source(param.name) == click.core.ParameterSource.COMMANDLINE:
            name = param.opts[0] if isinstance(param, click.Option) else param.metavar
            raise InputError(f"{name} does not go with {what}")


def _design(path: str):
    from sim.sweeps import Design
    from sim.sweeps.possible import check_points

    try:
        design = Design.of(path)
        check_points(design.points())  # every single one, before anything is made
    except InputError as problem:
        text = str(problem)
        raise InputError(text if path in text else f"design '{path}': {text}") from None
    return design


def _folder(design: str, out: str | None) -> Path:
    if out is not None and (not out or "\0" in out):
        raise InputError(f"--out = {shown(out)} must be the name of a folder")
    folder = Path(Path(design).stem if out is None else out)
    if folder.is_file():
        missing = "--out is missing: the runs would go to a folder '{}', but that is a file"
        given = "--out = '{}' is a file; a sweep is kept in a folder, so give it another name"
        raise InputError((missing if out is None else given).format(folder))
    return folder


def _carried_out(ctx, design, folder: Path):
    from sim.sweeps import sweep
    from sim.sweeps.sweeping import RunFailed, WorkersLost

    given = ctx.params
    options = {name: given[name] for name in ("executor", "workers", "chunk", "record", "on_error", "retry_failed")}
    try:
        return sweep(design, folder, progress=not given["quiet"], **options)
    except KeyboardInterrupt:
        _say(told.told_of_stop(folder))
        _leave_at_once()
        ctx.exit(STOPPED)
    except (RunFailed, WorkersLost) as problem:
        _say(f"error: {problem}")
        ctx.exit(DIFFERENT)


def _leave_at_once() -> None:
    """End this process without Python's farewell: it waits for runs at work, and Arrow may abort in it.

    (apache/arrow issue 34314: seen once in some thirty stops on a busy machine.) Whatever is finished is on the disk.
    """
    is_at_work = any(thread.name.startswith("sweep") for thread in threading.enumerate())
    for child in multiprocessing.active_children():
        child.terminate()
        is_at_work = True
    if is_at_work or sys.stderr is sys.__stderr__:  # else it is somebody's Python that called the command
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(STOPPED)


def _say(text: str) -> None:
    click.echo(one_line(text), err=True)


def _tell(swept, failed: list[str], design: str, csv: Path | None) -> None:
    for line in told.result_lines(swept, failed):
        click.echo(one_line(line))
    folder = str(swept.folder)
    click.echo(f"\nDigest of the table: {swept.digest}")
    click.echo("The same design gives this digest on any machine and with any number of workers.")
    click.echo(one_line(f"The runs are in the folder {told.quoted(folder)}" + (
        f", and as a table in {told.quoted(csv)}." if csv is not None else ".")))  # fmt: skip
    click.echo(one_line(f"  in Python       sim.open_sweep({folder!r}, {design!r}).table"))
    if len(swept.table):
        key = swept.table["key"].iloc[0][:12]
        click.echo(one_line(f"  one run again   allyship replay {told.quoted(folder)} {key}"))


def _tell_forecast(ctx, design, folder: Path) -> None:
    from dataclasses import fields

    from sim.sweeps.forecast import forecast
    from sim.sweeps.late import told_of_design

    given = ctx.params
    options = {name: given[name] for name in ("workers", "record", "retry_failed")}
    expected = interruptible(lambda: forecast(design, folder, **options))
    for problem in expected.problems:
        note(f"a run that was tried failed: {problem}")
    for line in told_of_design(design.points(), design.swept):
        note(line)
    if given["as_json"]:
        values = {about.name: getattr(expected, about.name) for about in fields(expected)}
        content = {name: one._asdict() if hasattr(one, "_asdict") else one for name, one in values.items()}
        click.echo(json.dumps({"folder": str(folder)} | content, indent=2))
    elif not given["quiet"]:
        for line in told.forecast_lines(expected, folder):
            click.echo(one_line(line))
