"""``allyship replicates``: how many runs per point find an effect."""

from __future__ import annotations

import textwrap

import click

from sim.checks import InputError
from sim.cli.options import Command, Number, Option
from sim.counting import counted


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
        f"{counted(count, 'replicate')} per point: with so many, {test} of two points (two-sided, at the level "
        f"{alpha:g})",
        f"finds {effect} in {_per_cent(reached)} of all cases (asked for: {_per_cent(power)}).",
        *textwrap.wrap(f"It assumes {assumed}. It is for one comparison, planned beforehand.", 110),
        f"In a design: replicates = {count}",
    ]


def _per_cent(share: float) -> str:
    return f"{100 * share:.3g} %"
