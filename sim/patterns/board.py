"""All patterns at one parameter vector."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from sim.checks import InputError, check_count, check_names, shown
from sim.counting import counted
from sim.parameters import Parameters, presets
from sim.patterns.acting import ACTING
from sim.patterns.bench import Bench
from sim.patterns.built_in import BUILT_IN
from sim.patterns.norms import NORMS
from sim.patterns.pattern import HOLDS, VERDICTS, Judgement, told
from sim.patterns.trust import TRUST
from sim.progress import Progress
from sim.streams import check_seed

PATTERNS = {pattern.id: pattern for pattern in (*ACTING, *NORMS, *TRUST, *BUILT_IN)}
LEAST_PAIRS = 20


def scoreboard(
    parameters: Parameters | None = None, *, patterns=None, pairs: int = 200, seed: int = 1, workers=None,
    progress: bool = False,
) -> Scoreboard:
    """Measure patterns at one parameter vector.

    Parameters
    ----------
    parameters : Parameters, optional
        By default the shipped ones.
    patterns : sequence of str, optional
        Ids of `PATTERNS`; by default all.
    pairs : int
        Replicates per arm, 20 or more; arms of a pattern share network, people and luck.
    seed : int
        Root of all seeds.
    workers : int, optional
        Threads; never changes a result.
    progress : bool
        Whether to tell how far it is.

    Returns
    -------
    Scoreboard

    Raises
    ------
    InputError
        For anything that cannot be used.
    """
    parameters = Parameters() if parameters is None else parameters
    if not isinstance(parameters, Parameters):
        raise InputError(f"parameters must be a Parameters object, not {type(parameters).__name__}")
    chosen = list(PATTERNS) if patterns is None else _names(patterns)
    check_names("pattern", chosen, PATTERNS)
    pairs = check_count("pairs", pairs, LEAST_PAIRS, 100_000)
    workers = None if workers is None else check_count("workers", workers, 1, 1024)
    bench = Bench(parameters, pairs=pairs, seed=check_seed(seed), workers=workers)
    judgements = []
    with Progress(len(chosen) if progress else 0, "patterns", stream=None if progress else _Nowhere()) as told:
        for name in chosen:
            judgements.append(PATTERNS[name].judged(bench))
            told.advance()
    return Scoreboard(parameters, tuple(judgements), pairs, seed)


class _Nowhere:
    """A stream that keeps nothing."""

    def write(self, text: str) -> None:
        """Drop the text."""

    def flush(self) -> None:
        """Do nothing."""


def _names(patterns) -> list[str]:
    are_names = isinstance(patterns, list | tuple) and all(isinstance(name, str) for name in patterns)
    if not are_names or not patterns:
        raise InputError(f"patterns must be a list of names, such as ['T2', 'K3'], not {shown(patterns)}")
    return list(dict.fromkeys(patterns))


@dataclass(frozen=True, repr=False)
class Scoreboard:
    """Patterns as they came out; made by `scoreboard`.

    Attributes
    ----------
    parameters : Parameters
    judgements : tuple of Judgement
    pairs, seed : int
    """

    parameters: Parameters
    judgements: tuple[Judgement, ...]
    pairs: int
    seed: int

    @cached_property
    def table(self):
        """DataFrame with one row per clause: what was measured, where it had to lie, its bounds and verdict."""
        import pandas as pd

        return pd.DataFrame(
            [
                {"pattern": one.pattern.id, "kind": one.pattern.kind, "is_joint": one.pattern.is_joint,
                 "pattern_verdict": one.verdict, **clause}
                for one in self.judgements for clause in one.clauses
            ]
        )  # fmt: skip

    @cached_property
    def patterns(self):
        """DataFrame with one row per pattern: sentence, source, what stands for it in the model, verdict."""
        import pandas as pd

        names = ("id", "kind", "is_joint", "sentence", "shows_as", "source")
        return pd.DataFrame(
            [{name: getattr(one.pattern, name) for name in names} | {"verdict": one.verdict} for one in self.judgements]
        )

    def counts(self, *, kind: str, is_joint: bool | None = None) -> dict[str, int]:
        """Return how many patterns of a kind hold, are uncertain and fail."""
        chosen = [one for one in self.judgements if one.pattern.kind == kind
                  and (is_joint is None or one.pattern.is_joint == is_joint)]  # fmt: skip
        return {verdict: sum(one.verdict == verdict for one in chosen) for verdict in VERDICTS}

    def __repr__(self) -> str:
        lines = []
        for kind in ("emergent", "built in"):
            counts = ", ".join(f"{count} {verdict}" for verdict, count in self.counts(kind=kind).items())
            lines.append(f"{kind}: {counts}")
            lines += [line for one in self.judgements if one.pattern.kind == kind for line in _lines(one)]
        where = f"{counted(self.pairs, 'replicate')} per arm, seed {self.seed}, parameters: {self.told_parameters()}"
        return f"<Scoreboard, {where}>\n" + "\n".join(lines)

    def told_parameters(self) -> str:
        """Return what the parameters are called, and in what they differ from the default."""
        names = [name for name, one in presets().items() if one.parameters == self.parameters]
        if names == ["default"]:
            return "the default"
        changed = ", ".join(f"{name} = {value:g}" for name, value in self.parameters.changes().items())
        return f"preset {names[0]} ({changed})" if names else changed


def _lines(one: Judgement) -> list[str]:
    """Return a pattern in words; with the numbers that keep it from holding."""
    short = [f"{'':<16}{told(clause)}: {clause['verdict']}" for clause in one.clauses if clause["verdict"] != HOLDS]
    return [f"  {one.verdict:<9}  {one.pattern.id:<3}  {one.pattern.sentence}", *short]
