"""``allyship run``: one run, told in plain words, kept in a folder, repeated from there."""

from __future__ import annotations

import json
import os
from pathlib import Path

import click

from sim.checks import InputError, closest, shown
from sim.cli import networks, records, words
from sim.cli.manners import DIFFERENT, is_output_closed, one_line
from sim.cli.options import (
    LARGEST_SEED,
    MOST_STEPS,
    Command,
    Option,
    Start,
    Whole,
    complete_from,
    options_given,
)  # fmt: skip
from sim.cli.values import catalogue, interventions_from, parameters_from
from sim.parameters import Parameters, presets

HERE = Path()
_WITH_FROM = (
    "from_",
    "out",
    "overwrite",
    "record_to",
    "quiet",
    "as_json",
    "threads",
)  # all others are what --from repeats


def _option(heading, *names, **about):
    return click.option(*names, cls=Option, heading=heading, **about)


_RULES = (
    _option("The rules", "--preset", metavar="NAME", shell_complete=complete_from(presets),
            help="A named set of values; 'allyship presets' lists them."),
    _option("The rules", "--parameters", metavar="FILE",
            help="TOML, as 'allyship parameters --format toml' writes it; - is the standard input."),
    _option("The rules", "--set", "values", multiple=True, metavar="NAME=VALUE",
            shell_complete=complete_from(lambda: [f"{name}=" for name in Parameters.names()]),
            help="One value, on top of the others. May be repeated."),
    _option("The run", "--steps", type=Whole(0, MOST_STEPS), default=400, metavar="COUNT", show_default=True,
            help="Number of steps."),
    _option("The run", "--start", type=Start(), default="silent", metavar="WORD|SHARE",
            show_default=True,
            shell_complete=complete_from(lambda: ["silent", "allied", "opposed"]),
            help="silent, allied, opposed, or the share of advantaged people who are allies at first (0 to 1)."),
    _option("The run", "--seed", type=Whole(0, LARGEST_SEED), default=0, metavar="SEED", show_default=True,
            help="Luck of what happens."),
    _option("The run", "--start-seed", type=Whole(0, LARGEST_SEED), metavar="SEED",
            show_default="that of --seed",
            help="Luck of who the people are. Keep it and change --seed: same people, other luck."),
    _option("The run", "--schedule", default="synchronous", metavar="WORD", show_default=True,
            shell_complete=complete_from(lambda: ["synchronous", "shuffled"]),
            help="synchronous: all decide from the same picture; shuffled: one after the other."),
    _option("The run", "--intervention", "interventions", multiple=True, metavar="NAME[:KEY=VALUE,...]",
            shell_complete=complete_from(lambda: list(catalogue())),
            help="What is done to the run; 'allyship interventions' lists them. May be repeated."),
    _option("The run", "--threads", type=Whole(1, 1024), metavar="COUNT", help="Never changes a result."),
)  # fmt: skip
_RESULT = (
    _option("The result", "--out", metavar="FOLDER",
            help="Write history.csv, people.csv, parameters.toml and manifest.json there."),
    _option("The result", "--overwrite", is_flag=True, help="Replace the earlier run in that folder."),
    _option("The result", "--record-people", is_flag=True,
            help="Also write everybody's state at every step (trajectory.npz)."),
    _option("The result", "--record-to", metavar="FOLDER",
            help="Write everybody's state at every step to a new folder, as the run goes: for many people or steps."),
    _option("The result", "--json", "as_json", is_flag=True, help="Print the result for programs."),
    _option("The result", "--quiet", is_flag=True, help="Print nothing but notes and errors."),
    _option("Again", "--from", "from_", metavar="MANIFEST",
            help="Repeat a run that was written with --out (its folder or manifest), and compare."),
)  # fmt: skip


def _with_options(command):
    for option in reversed((*_RULES, *networks.OPTIONS, *_RESULT)):
        command = option(command)
    return command


def _as_preset(word: str) -> str:
    return "".join(f"--preset {name}" for name in closest(word, presets()))


@click.command("run", cls=Command, meant=_as_preset)
@_with_options
@click.pass_context
def run_command(ctx, from_, out, overwrite, record_people, record_to, as_json, quiet, threads, **_):
    """Run the model once and tell what prevails in the end.

    Examples
    --------
      allyship run
      allyship run --preset hollow --seed 3
      allyship run --intervention committed_allies:share=0.2,begin=50
      allyship run --set stigma_transfer=0.6 --set loyalty=0.8 --start 0.3
      allyship run --people 300 --homophily 0.8 --steps 100 --out first
      allyship run --from first
      allyship run --parameters first/parameters.toml --start opposed --json
      allyship run --network ties.csv --nodes people.csv --group team --marginalized blue

    The first word names the regime: OPPOSITION or SILENCE when more than half of the advantaged people oppose
    or are silent; when more than half show support, SPREAD if most of that is costly (allies) and HOLLOW if
    most is cheap (token allies); else MIXED. Percentages are shares of each person's own group. Regime and
    percentages are averages over the last tenth of the steps; with --json, "last_tenth" has these and "last" the
    last step alone.

    The same command gives the same numbers to the last bit; another --seed is another luck. With --from, the
    exit code is 0 if history and people come out the same, bit for bit, and 1 if they do not, or if a file
    beside the manifest has been changed since.

    What --record-to wrote is opened in Python, by sim.open_recording.

    In the example with files, ties.csv has the columns source and target, and people.csv has name and team.
    """
    if quiet and as_json:
        raise InputError("--quiet and --json exclude each other: --json prints a result, --quiet prints none")
    if out is None and (overwrite or record_people):
        raise InputError(f"{'--overwrite' if overwrite else '--record-people'} needs --out, the folder to write to")
    _check_record_to(record_to, out, record_people)
    record = None if from_ is None else _record(ctx, from_)
    settings = _settings(ctx) if record is None else record.settings
    folder = None if out is None else records.check_folder(out, overwrite)
    folders = (HERE,) if record is None else (HERE, record.folder)
    run = records.carry_out(settings, folders=folders, threads=threads, record_to=record_to)
    texts = records.texts_of(run)
    differences = None if record is None else record.differences(run, texts)
    written = [] if folder is None else records.write(folder, run, texts, settings, _inputs(ctx, settings, folders))
    if as_json:
        click.echo(json.dumps(words.result_json(run, records.recorded(settings, run), differences), indent=2))
    elif not quiet and not (written and is_output_closed()):
        _tell(run, differences, folder, written)
    if differences:
        ctx.exit(DIFFERENT)


def _check_record_to(record_to: str | None, out: str | None, record_people: bool) -> None:
    if record_to is None:
        return
    if record_people:
        raise InputError("--record-people and --record-to exclude each other: one keeps people in memory, one on disk")
    if out is not None and os.path.realpath(record_to) == os.path.realpath(out):
        raise InputError(f"--record-to and --out are both {shown(out)}; give each a folder of its own")


def _record(ctx, path: str):
    others = options_given(ctx, [name for name in ctx.params if name not in _WITH_FROM])
    if others:
        raise InputError(
            f"{next(iter(others.values()))} does not go with --from, which repeats the run as it was recorded"
        )
    return records.read(path)


def _settings(ctx) -> dict:
    given = ctx.params
    return {
        "parameters": parameters_from(given["preset"], given["parameters"], given["values"]).to_dict(),
        "network": networks.settings_from(ctx),
        "interventions": [one.to_dict() for one in interventions_from(given["interventions"])],
        "start_seed": given["seed"] if given["start_seed"] is None else given["start_seed"],
        **{name: given[name] for name in ("steps", "start", "seed", "schedule", "record_people")},
    }


def _inputs(ctx, settings: dict, folders) -> list[Path]:
    """Return the files that went into a run."""
    files = [networks.find_file(settings["network"].get(name), folders) for name in ("file", "nodes")
             if settings["network"].get(name) is not None]  # fmt: skip
    if ctx.params["parameters"] not in (None, "-"):
        files.append(Path(ctx.params["parameters"]))
    return files


def _tell(run, differences, folder, written) -> None:
    for line in words.result_lines(run):
        click.echo(line)
    if differences is not None:
        click.echo("")
        for line in differences or ["The same again: history and people are bit for bit as recorded."]:
            click.echo(one_line(line))
    if written:
        name = one_line(str(folder))
        click.echo(f"\nWrote {', '.join(written)} to {name}. Again: allyship run --from {name}")
