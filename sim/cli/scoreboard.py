"""``allyship scoreboard``: how far the model agrees with what has been measured in people."""

from __future__ import annotations

from pathlib import Path

import click

from sim.checks import InputError, made_folder
from sim.cli.manners import interruptible, one_line
from sim.cli.options import LARGEST_SEED, Command, Option, Whole, complete_from

QUESTION = "How far does the model agree with what psychologists have measured?"
QUICK_PAIRS, FEW_PAIRS, USUAL_PAIRS = 20, 100, 200


@click.command("scoreboard", cls=Command)
@click.argument("patterns", nargs=-1, metavar="[PATTERN]...", shell_complete=complete_from(lambda: _ids()))
@click.option("--preset", cls=Option, metavar="NAME", help="Parameters to judge, instead of the default ones.")
@click.option("--parameters", "file", cls=Option, metavar="FILE", help="TOML file with parameters to judge.")
@click.option("--pairs", cls=Option, type=Whole(20, 100_000), metavar="COUNT", show_default=str(USUAL_PAIRS),
              help="Replicates per arm.")
@click.option("--quick", cls=Option, is_flag=True, help=f"{QUICK_PAIRS} replicates per arm: a look, no verdict.")
@click.option("--seed", cls=Option, type=Whole(0, LARGEST_SEED), default=1, metavar="SEED", show_default=True,
              help="Root of all seeds.")
@click.option("--workers", cls=Option, type=Whole(1, 1024), metavar="COUNT", help="Threads; never changes a result.")
@click.option("--out", cls=Option, metavar="FOLDER", help="Write tables, figure and manifest there.")
def scoreboard_command(patterns, preset, file, pairs, quick, seed, workers, out):
    """Judge the model by empirical patterns.

    Examples
    --------
      allyship scoreboard --quick
      allyship scoreboard --out results/scoreboard
      allyship scoreboard C4 N3a --preset spread

    Each holds, is uncertain or fails. Patterns that have to emerge stand apart from those that only verify the code.
    Failing rows are reported like any other. PATTERN is an id such as C4; by default all are judged.
    """
    if quick and pairs is not None:
        raise InputError("--quick and --pairs exclude each other: both say how many replicates there are")
    from sim.patterns import scoreboard

    judged = _parameters(preset, file)
    folder = None if out is None else made_folder(out)
    board = interruptible(
        lambda: scoreboard(judged, patterns=patterns or None, pairs=QUICK_PAIRS if quick else pairs or USUAL_PAIRS,
                           seed=seed, workers=workers, progress=True)
    )  # fmt: skip
    try:  # written before anything is told, as whoever reads may leave early; told even if it cannot be written
        if folder is not None:
            _write(board, folder)
    finally:
        if file is not None:
            click.echo(one_line(f"Parameters of {file}"))
        click.echo(repr(board))
    if folder is not None:
        click.echo(f"Tables, figure and manifest are in {folder}")
    if board.pairs < FEW_PAIRS:
        few = f"few replicates ({board.pairs}; {USUAL_PAIRS} are usual)"
        click.echo(f"A quick look with {few}: draw no conclusions from it.")


def _ids():
    from sim.patterns import PATTERNS

    return PATTERNS


def _parameters(preset, file):
    from sim.parameters import Parameters
    from sim.parameters import preset as preset_of

    if preset is not None and file is not None:
        raise InputError("--preset and --parameters exclude each other")
    if file is not None:
        return Parameters.from_toml(Path(file))
    return Parameters() if preset is None else preset_of(preset)


def _write(board, folder: Path) -> None:
    from sim import manifest, plots
    from sim.patterns.card import draw

    (folder / manifest.NAME).unlink(missing_ok=True)  # until all files are there, none of them counts
    files = []
    for name, table in {"clauses": board.table, "patterns": board.patterns}.items():
        files.append(manifest.write_whole(folder / f"{name}.csv", table.to_csv(index=False, lineterminator="\n")))
    files += plots.save(draw(board), folder / "scoreboard.png")
    settings = {"parameters": board.parameters.to_dict(), "pairs": board.pairs, "seed": board.seed,
                "patterns": [one.pattern.id for one in board.judgements]}  # fmt: skip
    manifest.write(folder, question=QUESTION, settings=settings, outputs=files)
