"""``allyship verify``: what is promised of the model, checked on this machine."""

from __future__ import annotations

from pathlib import Path

import click

from sim.checks import made_folder
from sim.cli.manners import DIFFERENT
from sim.cli.options import LARGEST_SEED, Command, Option, Whole, complete_from

FOLDER = "results/verification"
QUESTION = "Does the model do on this machine what is promised of it?"


@click.command("verify", cls=Command)
@click.option("--only", cls=Option, multiple=True, metavar="SECTION", shell_complete=complete_from(lambda: _names()),
              help="One section; can be given several times.")
@click.option("--quick", cls=Option, is_flag=True, help="Fewer cases: a look of under a minute.")
@click.option("--seed", cls=Option, type=Whole(0, LARGEST_SEED), default=1, metavar="SEED", show_default=True,
              help="Root of the random configurations.")
@click.option("--out", cls=Option, metavar="FOLDER", show_default=f"{FOLDER}, or {FOLDER}/quick for a quick look",
              help="Where the tables and the manifest are written.")
def verify_command(only, quick, seed, out):
    """Verify the model on this machine.

    Examples
    --------
      allyship verify --quick
      allyship verify
      allyship verify --only engines --only kills --out mine

    Compares both engines bit for bit, fresh processes with this one, limit cases with exact answers, published models
    with their papers, killed and damaged sweeps with whole ones; and gives the model input that it has to refuse.
    Sections: engines, same-seed, known-answers, limits, zero-weights, kills, damage, replay, bad-input, classics. Takes
    minutes on two cores, and about half a minute more the first time. Exit code 1 if any row fails.
    """
    from sim.verification import verify
    from sim.verification.report import terminal

    folder = made_folder((f"{FOLDER}/quick" if quick else FOLDER) if out is None else out)
    made = verify(only or None, quick=quick, seed=seed, progress=True)  # here: Ctrl-C has folders and processes to end
    _write(made, folder)
    click.echo(terminal(made))
    click.echo(f"verification.md, verification.csv and manifest.json are in {folder}")
    return 0 if made.is_sound else DIFFERENT


def _names():
    from sim.verification import SECTIONS

    return SECTIONS


def _write(made, folder: Path) -> None:
    from sim import manifest
    from sim.verification.report import markdown

    table = made.table.to_csv(index=False, lineterminator="\n")
    settings = {"sections": [section.name for section in made.sections], "quick": made.quick, "seed": made.seed,
                "seconds": made.seconds, "is_sound": made.is_sound}  # fmt: skip
    contents = {"verification.md": markdown(made), "verification.csv": table}
    manifest.write_with(folder, contents, question=QUESTION, settings=settings)
