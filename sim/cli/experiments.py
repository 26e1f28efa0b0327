"""``allyship experiments``: the scripts that answer one question each."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import click

import sim
from sim.checks import InputError, nearest, shown
from sim.cli.manners import STOPPED, PoliteGroup
from sim.cli.options import Command, complete_from

_HOME = Path(sim.__file__).resolve().parent.parent
_NAME = "experiments"


def scripts() -> dict[str, Path]:
    """Return the scripts by name, from the folder beside the package, else from the current one."""
    for folder in (_HOME / _NAME, Path(_NAME).absolute()):
        found = {path.stem: path for path in sorted(folder.glob("*.py")) if not path.name.startswith("_")}
        if found:
            return found
    raise InputError(
        "there are no experiments here: they are not in the installed package but in the project's source, "
        "in its folder experiments/; get the source and give the command there"
    )


def description(script: Path) -> str:
    """Return the first line of a script's docstring, without running it."""
    try:
        text = ast.get_docstring(ast.parse(script.read_bytes()))
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError) as problem:
        return f"(cannot be read: {problem})"
    return text.splitlines()[0] if text else "(no description)"


@click.group("experiments", cls=PoliteGroup, invoke_without_command=True)
@click.pass_context
def experiments_group(ctx):
    """List and run the ready-made studies, one question each.

    Examples
    --------
      allyship experiments list
      allyship experiments run NAME --help
      allyship experiments run NAME --quick

    Everything after NAME goes to the experiment. They live in the folder experiments/ of the project's source
    (or of the current folder); each writes tables and figures together with a manifest that says how they
    were made.
    """
    if ctx.invoked_subcommand is None:
        click.echo(ctx.get_help())


@experiments_group.command("list", cls=Command)
def list_command():
    """List the experiments, each with its question.

    Examples
    --------
      allyship experiments list
    """
    found = scripts()
    width = max(map(len, found))
    for name, script in found.items():
        click.echo(f"{name:<{width}}  {description(script)}")


# Options after NAME belong to the experiment, --help included.
_PASS_ON = {"ignore_unknown_options": True, "allow_interspersed_args": False}


@experiments_group.command("run", cls=Command, context_settings=_PASS_ON)
@click.argument("name", shell_complete=complete_from(lambda: scripts()))
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
@click.pass_context
def run_command(ctx, name, args):
    """Run an experiment; what follows its name goes to it.

    Examples
    --------
      allyship experiments run NAME --help
      allyship experiments run NAME --quick

    The exit code is the experiment's.
    """
    found = scripts()
    script = found.get(name.removesuffix(".py"))
    if script is None:
        raise InputError(f"experiment {shown(name)} is not known{nearest(name, found)}; allowed: {', '.join(found)}")
    ctx.exit(_run(script, args[1:] if args[:1] == ("--",) else args))


def _run(script: Path, args) -> int:
    surroundings = dict(os.environ)
    if script.parent.parent == _HOME:  # a checkout: its own package, installed or not
        paths = [str(_HOME), surroundings.get("PYTHONPATH", "")]
        surroundings["PYTHONPATH"] = os.pathsep.join(path for path in paths if path)
    if any("\0" in word for word in args):
        raise InputError("an argument of the experiment holds a NUL character; no argument can")
    with subprocess.Popen([sys.executable, str(script), *args], env=surroundings) as process:
        try:
            code = process.wait()
        except KeyboardInterrupt:  # the experiment was told as well: let it tidy up
            process.wait()
            code = STOPPED
    return code if code >= 0 else 128 - code
