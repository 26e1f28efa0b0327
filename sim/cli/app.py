"""The command itself, and the little commands."""

from __future__ import annotations

import click
from click.shell_completion import ShellComplete, get_completion_class

import sim
from sim.checks import check_choice
from sim.cli.browser_app import app_command
from sim.cli.experiments import experiments_group
from sim.cli.explorer import explorer_command
from sim.cli.listing import interventions_command, networks_command, parameters_command, presets_command
from sim.cli.manners import PoliteGroup
from sim.cli.options import Command
from sim.cli.replay import replay_command
from sim.cli.replicates import replicates_command
from sim.cli.run import run_command
from sim.cli.scoreboard import scoreboard_command
from sim.cli.sweeps import sweep_command
from sim.cli.verify import verify_command

SHELLS = ("bash", "zsh", "fish")
TOUR = """\
allyship run           one run in plain words: does support spread, stall, turn hollow or collapse?
allyship parameters    every knob of the model; 'allyship presets' has ready-made sets of values
allyship run --help    all that can be chosen, with examples; 'allyship --help' lists all commands"""


@click.group("allyship", cls=PoliteGroup, invoke_without_command=True, context_settings={"max_content_width": 100})
@click.version_option(sim.__version__, prog_name="allyship")
@click.pass_context
def main(ctx):
    """Explore when allyship spreads, stalls, turns hollow or collapses.

    A model of two groups of people on a social network. Advantaged people may support the marginalized group,
    pretend to, keep silent or oppose; their own group may punish them for it, and the other group may or may
    not trust them.

    Examples
    --------
      allyship run --preset spread
      allyship parameters --format toml > mine.toml
      allyship run --parameters mine.toml --steps 100 --out mine
      allyship run --from mine

    What one command writes, the next can read: parameters make a file, a file makes a run, a run makes a
    folder, and the folder makes the same run again; so it is with a design and its many runs ('allyship sweep').
    Exit codes: 0 done, 1 a repeated run differs, one of many failed or a check fails, 2 something given cannot be
    used, 130 stopped with Ctrl-C.
    """
    if ctx.invoked_subcommand is None:
        click.echo(TOUR)


@click.command("completion", cls=Command)
@click.argument("shell", metavar="bash|zsh|fish", shell_complete=lambda *_: list(SHELLS))
@click.pass_context
def completion_command(ctx, shell):
    """Print a script that lets the tab key complete what you type.

    Examples
    --------
      allyship completion bash > allyship-completion.bash
      allyship completion zsh
      allyship completion fish

    Read it in from your shell's start file, for bash with: source allyship-completion.bash
    """
    kind = get_completion_class(check_choice("shell", shell, SHELLS))
    # The plain method: bash's own wants to see an installed bash, but this may be for another machine.
    click.echo(ShellComplete.source(kind(ctx.find_root().command, {}, "allyship", "_ALLYSHIP_COMPLETE")))


for command in (
    run_command, sweep_command, replay_command, replicates_command, parameters_command, presets_command,
    interventions_command, networks_command, experiments_group, scoreboard_command,
    verify_command, explorer_command, app_command, completion_command,
):  # fmt: skip
    main.add_command(command)
