"""What every experiment does around its question: options, safe runs, tables, figures, a manifest, plain words.

A script names its question, its design (in full and quick) and a few functions; `command` makes of them a program with
``--quick``, ``--seed``, ``--workers`` and ``--out``. Its runs go through the store of a sweep, so that it can be
stopped and goes on where it was.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import click

from sim import manifest, plots, streams, sweeps
from sim.checks import InputError, made_folder
from sim.counting import counted
from sim.parameters import Parameters
from sim.progress import Progress
from sim.sweeps.executors import opened, worker_count

UNWRITTEN = ("status", "error", "notes", "seconds", "key")  # stay in the folder of runs
QUICKLY = "A quick look with few replicates and short runs: draw no conclusions from it."


class Work:
    """The runs of one experiment: every sweep goes into the same folder, under the same progress.

    Attributes
    ----------
    seed : int
        Root of all seeds.
    workers : int or None
    folder : Path
        Of the runs.
    problems : list of str
        What failed.
    """

    def __init__(self, seed: int, workers: int | None, folder: Path, progress):
        self.seed, self.workers, self.folder, self.problems = seed, workers, folder, []
        self._progress = progress

    def sweep(self, axes: Mapping, *, replicates: int, parameters: Mapping | None = None, **about):
        """Return the table of a sweep, without runs that failed.

        Parameters
        ----------
        axes : mapping
            What is varied or constant, by names that can be swept.
        replicates : int
        parameters : mapping, optional
            Parameters that differ from their default in all runs.
        **about
            Other arguments of `sim.sweeps.Design`: ``kind``, ``rows``, ``networks``, ``interventions``, ``ramp``...;
            ``record`` (``["steps"]``, ``["people"]``) is passed on to `sim.sweep`, whose result is then returned whole.

        Raises
        ------
        InputError
            If nothing came to its end.
        """
        record = about.pop("record", ())
        design = sweeps.Design(
            axes=dict(axes), parameters=Parameters(**(parameters or {})), replicates=replicates, seed=self.seed, **about
        )
        swept = sweeps.sweep(design, self.folder, workers=self.workers, progress=self._progress, record=record)
        table = swept.table
        self.problems += [text for text in table["error"] if text]
        if not (table["status"] == "done").any():
            raise InputError(f"no run came to its end: {self.problems[0] if self.problems else 'there are none'}")
        return swept if record else done(table)

    def each(self, function: Callable, items, *, executor: str = "threads") -> list:
        """Return ``function(item)`` for every item, in order, worked out by several workers; for what is no sweep.

        Parameters
        ----------
        function : callable
            Must depend on nothing but its item; for processes, one that can be imported by its name.
        items : iterable
        executor : {"threads", "processes"}
            Threads wait for each other wherever much is done outside compiled code.
        """
        items, results = list(items), []
        self._progress.expect(len(items))
        with opened(executor, worker_count(executor, self.workers)) as pool:
            for result in pool.map(function, items):
                results.append(result)
                self._progress.advance()
        return results


def done(table):
    """Return the runs that came to their end, without the columns that a published table has no use for."""
    return table[table["status"] == "done"].drop(columns=list(UNWRITTEN))


def command(
    file,
    *,
    question: str,
    prediction: str,
    full: Mapping,
    quick: Mapping,
    run: Callable,
    draw: Callable,
    findings: Callable,
    settings: Mapping | None = None,
) -> click.Command:
    """Return an experiment as a program.

    Parameters
    ----------
    file : str
        ``__file__`` of the script; results go to ``results/`` and its name, beside the folder of the script.
    question, prediction : str
        In plain words, written into the manifest. The prediction is what was expected before the first run.
    full, quick : mapping
        The design, as JSON can hold it, and a version of it that takes seconds.
    run : callable
        ``run(design, work)`` returns tables by name, with a `Work` for the runs. Tables whose name ends in ``runs``
        are written but too large to be kept with the project.
    draw : callable
        ``draw(design, tables, seed)`` returns figures by name.
    findings : callable
        ``findings(design, tables)`` yields sentences: what was found, with uncertainty. They are printed and kept in
        ``findings.md``.
    settings : mapping, optional
        Anything else that results depend on, for the manifest.

    Returns
    -------
    click.Command
    """
    script = Path(file).resolve()
    home = script.parent.parent / "results" / script.stem

    @click.command(script.stem, help=f"{question}\n\nPredicted beforehand: {prediction}")
    @click.option("--quick", "is_quick", is_flag=True, help="A small version in seconds, into a folder of its own.")
    @click.option("--seed", type=int, default=1, show_default=True, help="Root of all seeds.")
    @click.option("--workers", type=click.IntRange(1, 1024), help="Threads; never changes a result.")
    @click.option("--out", help="Folder for the results.")
    def program(is_quick, seed, workers, out):
        folder = Path(out) if out else home / "quick" if is_quick else home
        design = dict(quick if is_quick else full)
        about = {"question": question, "settings": {"prediction": prediction, "design": design, "seed": seed,
                 "base": Parameters().to_dict(), **(settings or {})}}  # fmt: skip
        try:
            streams.check_seed(seed)
            made_folder(folder if out is None else out)
            _carry_out(design, seed, workers, folder, run, draw, findings, about)
        except (InputError, OSError) as problem:
            refusal = click.ClickException(str(problem))
            refusal.exit_code = 2
            raise refusal from None
        if is_quick:
            click.echo(f"\n{QUICKLY}")
        click.echo(f"\nTables, figures and manifest are in {folder}")

    return program


def _carry_out(design, seed, workers, folder, run, draw, findings, about) -> None:
    with Progress(0, "runs", memory=True) as progress:
        work = Work(seed, workers, folder / "runs", progress)
        tables = run(design, work)
    if work.problems:
        click.echo(f"{counted(len(work.problems), 'run')} failed and left out; the first: {work.problems[0]}", err=True)
    (folder / manifest.NAME).unlink(missing_ok=True)  # until all files are there, none of them counts
    files = []
    for name, table in tables.items():
        files.append(folder / f"{name}.csv")
        manifest.write_whole(files[-1], table.to_csv(index=False, lineterminator="\n"))
    for name, figure in draw(design, tables, seed).items():
        files += plots.save(figure, folder / f"{name}.png")
    found = "\n".join(f"- {sentence}" for sentence in findings(design, tables))
    files.append(folder / "findings.md")
    manifest.write_whole(files[-1], f"{found}\n")
    manifest.write(folder, outputs=files, **about)
    click.echo(found)


def interval(values, *, level: float = 0.95) -> tuple[float, float, float]:
    """Return the mean of some replicates and its interval (Student's); NaN values are left out."""
    found = sweeps.mean_interval([float(value) for value in values], level=level)
    return found.estimate, found.low, found.high


def per_cent(values, *, points: bool = False) -> str:
    """Return mean and interval of shares, ``58 % (55 to 61)``; with `points` of differences, ``+4.0 points (...)``."""
    middle, low, high = (100 * value for value in interval(values))
    if points:
        return f"{middle:+.1f} points ({low:+.1f} to {high:+.1f})"
    return f"{middle:.0f} % ({low:.0f} to {high:.0f})"

