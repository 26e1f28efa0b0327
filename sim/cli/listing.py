"""The commands that show what there is: parameters, presets and networks."""

from __future__ import annotations

import csv
import dataclasses
import inspect
import io
import json
import shutil
import sys
import textwrap

import click

from sim.checks import InputError, check_choice, check_names
from sim.cli import networks
from sim.cli.options import Command, complete_from
from sim.parameters import KNOBS, Knob, Parameters, preset, presets

FORMATS = ("table", "toml", "csv", "json", "markdown")
_COLUMNS = ("name", "symbol", "value", "allowed", "mechanism", "meaning", "source")


@click.command("parameters", cls=Command)
@click.argument("names", nargs=-1, metavar="[NAME]...", shell_complete=complete_from(Parameters.names))
@click.option("--format", "form", default="table", show_default=True, metavar="|".join(FORMATS),
              shell_complete=complete_from(lambda: FORMATS), help="How to show them.")  # fmt: skip
@click.option("--preset", "preset_name", metavar="NAME", shell_complete=complete_from(presets),
              help="Show the values of a preset instead of the defaults.")  # fmt: skip
def parameters_command(names, form, preset_name):
    """Show every knob of the model, or explain some in full.

    Examples
    --------
      allyship parameters
      allyship parameters stigma_transfer
      allyship parameters stigma
      allyship parameters --format toml > mine.toml
      allyship run --parameters mine.toml
      allyship parameters --preset hollow --format markdown

    Each knob has a name, the symbol of the equations, a value, the range that is allowed, the mechanism it
    belongs to, its meaning and where it comes from. "Value assumed" means that a source stands behind the
    mechanism but not behind the number. A strength of 0 switches its mechanism off exactly. A word that is no
    name shows all knobs that have it in their name or meaning.
    """
    check_choice("--format", form, FORMATS)
    parameters = Parameters() if preset_name is None else preset(preset_name)
    found = {name for word in names for name in _named(word)}
    knobs = [knob for knob in KNOBS if not names or knob.name in found]
    if form == "toml":
        click.echo(_toml(parameters, knobs, preset_name), nl=False)
    elif form == "table" and names and found == set(names):
        click.echo("\n\n".join(_explained(knob, parameters) for knob in knobs))
    else:
        click.echo(_SHOWN_AS[form](knobs, parameters), nl=False)


def _named(word: str) -> list[str]:
    """Return the knob of a name, or all that have the word in their name or meaning."""
    if word in Parameters.names():
        return [word]
    found = [knob.name for knob in KNOBS if word and word.lower() in f"{knob.name} {knob.meaning}".lower()]
    if not found:
        check_names("parameter", [word], Parameters.names())
    return found


def _row(knob: Knob, parameters: Parameters) -> dict[str, str]:
    return {
        "name": knob.name,
        "symbol": knob.symbol,
        "value": _value(getattr(parameters, knob.name)),
        "allowed": _range(knob.low, knob.high, knob.is_switch),
        "mechanism": knob.mechanism,
        "meaning": knob.meaning,
        "source": knob.source,
    }


def _value(value) -> str:
    return str(value).lower() if isinstance(value, bool) else repr(value)


def _range(low: float, high: float, is_switch: bool) -> str:
    return "true or false" if is_switch else f"{low:g} to {high:g}"


def _toml(parameters: Parameters, knobs, preset_name: str | None) -> str:
    """Return a parameter file; with some names only, the others keep the value of the preset."""
    wanted = {knob.name for knob in knobs}
    lines = parameters.to_toml().splitlines()
    kept = [line for line in lines[1:] if line.partition(" ")[0] in wanted]
    base = [f'preset = "{preset_name}"'] if preset_name is not None and len(knobs) < len(KNOBS) else []
    return "\n".join([lines[0], *base, *kept]) + "\n"


def _table(knobs, parameters: Parameters) -> str:
    """Return a table for people, by mechanism; on a terminal, long cells are broken to fit."""
    rows = [_row(knob, parameters) for knob in knobs]
    columns = ("name", "symbol", "value", "allowed")
    widths = {name: max(len(row[name]) for row in rows) for name in columns}
    indent = sum(widths.values()) + 2 * len(columns) + 2
    # Into a pipe each knob is one line, so that it can be searched for.
    room = max(40, shutil.get_terminal_size().columns - indent) if sys.stdout.isatty() else 10_000
    lines, mechanisms = [], list(dict.fromkeys(row["mechanism"] for row in rows))
    for mechanism in mechanisms:
        lines.append(mechanism)
        for row in (row for row in rows if row["mechanism"] == mechanism):
            start = "  " + "".join(f"{row[name]:<{widths[name]}}  " for name in columns)
            cell = textwrap.wrap(f"{row['meaning']} [{row['source']}]", room)
            lines += [start + cell[0], *(" " * indent + more for more in cell[1:])]
    return "\n".join(lines) + "\n"


def _csv(knobs, parameters: Parameters) -> str:
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, _COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(_row(knob, parameters) for knob in knobs)
    return buffer.getvalue()


def _json(knobs, parameters: Parameters) -> str:
    rows = [{**dataclasses.asdict(knob), "value": getattr(parameters, knob.name)} for knob in knobs]
    return json.dumps(rows, indent=2, ensure_ascii=False) + "\n"


def _markdown(knobs, parameters: Parameters) -> str:
    lines = ["| " + " | ".join(_COLUMNS) + " |", "|" + "---|" * len(_COLUMNS)]
    for knob in knobs:
        row = _row(knob, parameters)
        row["name"] = f"`{row['name']}`"
        lines.append("| " + " | ".join(row[name].replace("|", "\\|") for name in _COLUMNS) + " |")
    return "\n".join(lines) + "\n"


@click.command("interventions", cls=Command)
@click.argument("name", required=False, shell_complete=complete_from(lambda: list(_catalogue())))
def interventions_command(name):
    """List what can be done to a run, or tell all about one of these.

    Examples
    --------
      allyship interventions
      allyship interventions committed_allies
      allyship run --intervention committed_allies:share=0.2,who=highest_degree,begin=50
      allyship run --intervention custom:who=random,share=0.2,scale.sanction=0.5,begin=50

    The last is one of your own: scale.KNOB, shift.KNOB and set.FEELING change people, force=ally makes them act.
    Every argument can be given anew: who (everybody, random, highest_degree, peer_nominated, bridging,
    most_sympathetic, most_loyal, appointed), share or count, people (labels with + between them), group, begin, end,
    ramp, strength.
    """
    found = _catalogue()
    if name is None:
        width = max(map(len, found))
        for kind, entry in found.items():
            click.echo(f"{kind:<{width}}  {'(harmful) ' if entry.is_harmful else ''}{entry.sentence}")
        return
    if name in ("custom", "scene"):
        raise InputError(f"{name} is an intervention of your own, not ready-made; see 'allyship interventions --help'")
    entry = found[check_choice("intervention", name, found)]
    click.echo(f"{name}: {entry.sentence}\nAfter: {entry.source}. The size is assumed.")
    for argument, value in entry.defaults.items():
        click.echo(f"  {argument} = {json.dumps(value)}")


def _catalogue():
    from sim.interventions import CATALOGUE

    return CATALOGUE


_SHOWN_AS = {"table": _table, "csv": _csv, "json": _json, "markdown": _markdown}


def _explained(knob: Knob, parameters: Parameters) -> str:
    row = _row(knob, parameters)
    usual = "" if knob.is_switch else f"; worth exploring: {_range(knob.usual_low, knob.usual_high, False)}"
    symbol = f" ({knob.symbol} in the equations)" if knob.symbol else ""
    example = str(not knob.default).lower() if knob.is_switch else f"{knob.usual_high:g}"
    lines = [
        f"{knob.name}{symbol}: {knob.meaning}",
        f"  value      {row['value']} (default {_value(knob.default)})",
        f"  allowed    {row['allowed']}{usual}",
        f"  mechanism  {knob.mechanism}",
        f"  source     {knob.source}",
        *_others(knob),
        f"  try        allyship run --set {knob.name}={example}",
    ]
    return "\n".join(lines)


def _others(knob: Knob) -> list[str]:
    """Return a line on the other knobs of the same mechanism."""
    names = [other.name for other in KNOBS if other.mechanism == knob.mechanism and other is not knob]
    return [f"  see also   {', '.join(names)}"] if names else []


@click.command("presets", cls=Command)
def presets_command():
    """List the presets: ready-made sets of values.

    Examples
    --------
      allyship presets
      allyship run --preset hollow
      allyship parameters --preset hollow --format toml > hollow.toml

    Below each are the values in which it differs from the default.
    """
    for item in presets().values():
        changes = ", ".join(f"{name}={_value(value)}" for name, value in item.parameters.changes().items())
        click.echo(f"{item.name}: {item.sentence}\n    {changes or 'the default values'}")


@click.command("networks", cls=Command)
@click.argument("name", required=False, shell_complete=complete_from(lambda: [*networks.families(), *networks.real()]))
def networks_command(name):
    """List the networks to run on, or explain one.

    A network is people and the ties between them, and says who belongs to which of two groups. Everybody sees
    only those they are tied to, so the network decides whose support, silence and punishment a person meets.

    Examples
    --------
      allyship networks
      allyship networks small_world
      allyship run --family small_world --people 500 --mean-degree 8 --rewiring 0.1
      allyship run --real karate_club --steps 100

    What the options mean: a mean degree of 10 is ten ties per person on average; homophily 0 means that ties
    ignore the groups, 1 that none cross them.
    """
    families, real = networks.families(), networks.real()
    if name is not None:
        known = {**families, **real}
        click.echo(inspect.getdoc(known[check_choice("network", name, known)]))
        return
    click.echo("Generated networks (allyship run --family NAME):\n")
    for family, generator in families.items():
        click.echo(f"  {family}: {_first_line(generator)}")
        click.echo(f"      {_usage(generator)}")
    click.echo("\nReal networks that come along (allyship run --real NAME):\n")
    for title, maker in real.items():
        click.echo(f"  {title}: {_first_line(maker)}")
    click.echo("\nYour own (allyship run --network FILE --group ATTRIBUTE --marginalized VALUE):\n")
    click.echo("  GraphML, GEXF or GML, or a CSV or TSV list of ties with --nodes, the table of people.")
    click.echo("\n'allyship networks NAME' explains one in full.")


def _first_line(function) -> str:
    return inspect.getdoc(function).splitlines()[0]


def _usage(generator) -> str:
    words = []
    for name, about in inspect.signature(generator).parameters.items():
        default = "" if about.default is about.empty else f" {about.default}"
        words.append(networks.option_name(name) + default)
    return "  ".join(words)
