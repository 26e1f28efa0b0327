"""The effect of interventions: replicates with them and without, in pairs that have all else in common."""

from __future__ import annotations

import dataclasses
import warnings
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import NamedTuple

import numpy as np

from sim.checks import InputError, check_choice, check_count, check_names, check_number, shown
from sim.counting import counted
from sim.effects.arms import arms_of
from sim.interventions import Intervention
from sim.measures import COLUMNS, history_columns
from sim.networks import GENERATORS, Network, NetworkWarning
from sim.outcomes import regime_of, tail_means
from sim.parameters import Parameters
from sim.state import State

MEASURES = tuple(name for name in COLUMNS if name != "step")
ARMS = ("without", "with")


def compare(
    with_,
    without=(),
    *,
    parameters: Parameters | None = None,
    network=None,
    steps: int = 400,
    replicates: int = 20,
    seed: int = 0,
    start="silent",
    schedule: str = "synchronous",
    measures=None,
    level: float = 0.95,
    workers: int | None = None,
) -> Comparison:
    """Run replicates with some interventions and without them, pair by pair with the same network, people and luck.

    Parameters
    ----------
    with_, without : sequence of Intervention, mappings or names
        What is done in the one arm, and in the other; `without` may also hold rival interventions.
    parameters, steps, start, schedule
        Of all runs; as in `sim.simulate`.
    network : Network or mapping, optional
        A network that all replicates have; or ``{"family": name, ...}`` with arguments of a generator of
        `sim.networks`, from which every replicate makes its own. By default 1,000 people in two groups.
    replicates : int
        Pairs of runs; a single one has a difference but no interval.
    seed : int
        Root of the seeds of all replicates, as in sweeps.
    measures : sequence of str, optional
        Names of `sim.measures.COLUMNS`; by default all.
    level : float
        Of the intervals, in (0, 1).
    workers : int, optional
        Threads; never changes a result. By default one for each processor.

    Returns
    -------
    Comparison

    Raises
    ------
    InputError
        For anything that cannot be used.

    Examples
    --------
    >>> compared = compare(["protection"], network={"n_people": 100}, steps=20, replicates=4, measures=["ally_share"])
    >>> len(compared.table), len(compared.runs), len(compared.over_time)
    (1, 8, 21)
    """
    with_, without = arms_of(with_, without)
    if not (with_ or without):
        raise InputError("with_ and without are both empty: nothing is done in either arm, so there is no effect")
    plan = _Plan(
        arms=(without, with_),
        parameters=Parameters() if parameters is None else parameters,
        network=_checked_network(network),
        steps=steps,
        start=_checked_start(start, network),
        schedule=schedule,
        measures=_checked_measures(measures),
    )
    _check_beginnings(plan.arms, _last_step(start, steps))
    level, seeds = _checked_level(level), _seeds(seed, check_count("replicates", replicates, 1, 100_000))
    with ThreadPoolExecutor(_worker_count(workers, len(seeds)), thread_name_prefix="compare") as pool:
        pairs = list(pool.map(plan.pair, range(len(seeds)), seeds))
    return Comparison(
        with_=plan.arms[1],
        without=plan.arms[0],
        measures=plan.measures,
        level=level,
        rows=tuple(row for pair in pairs for row in pair.rows),
        steps=pairs[0].steps,
        differences=np.array([pair.differences for pair in pairs]),
    )


def _last_step(start, steps: int) -> int:
    """Return the step at which runs end: a `State` or `Run` is gone on from, everything else starts at 0."""
    from sim.run import MOST_STEPS

    state = getattr(start, "state", start)
    return (state.step if isinstance(state, State) else 0) + check_count("steps", steps, 0, MOST_STEPS)


def _check_beginnings(arms, last: int) -> None:
    """Refuse what would begin after the end: the difference would be exactly 0 and look like a result."""
    for one in (one for arm in arms for one in arm):
        if one.begin > last:
            raise InputError(f"{one.kind}: begin = {one.begin} lies beyond the last step, {last}")


@dataclasses.dataclass(frozen=True, eq=False, repr=False, kw_only=True)
class Comparison:
    """What interventions change; made by `compare`.

    Attributes
    ----------
    with_, without : tuple of Intervention
        Of both arms.
    measures : tuple of str
        What is compared.
    level : float
        Of the intervals.
    rows : tuple of dict
        Behind `runs`.
    steps : int array
        The steps of every run.
    differences : float array, shape (replicates, steps, measures)
        With minus without, at every step.
    """

    with_: tuple[Intervention, ...]
    without: tuple[Intervention, ...]
    measures: tuple[str, ...]
    level: float
    rows: tuple[dict, ...]
    steps: np.ndarray
    differences: np.ndarray

    @cached_property
    def runs(self):
        """DataFrame with one row per replicate and arm: seeds, regime, and measures averaged over the last tenth."""
        import pandas as pd

        return pd.DataFrame(list(self.rows))

    @cached_property
    def table(self):
        """DataFrame with one row per measure, averaged over the last tenth of each run (`sim.outcomes.tail_means`).

        ``mean_without``, ``mean_with``; ``difference`` (with minus without) and its interval ``low`` to ``high``;
        ``standardized``: in standard deviations of the differences (see `sim.sweeps.effect_of`, paired);
        ``higher_share``, ``lower_share``: of the pairs, in which it is higher or lower with the interventions; ``n``
        pairs. Pairs in which a measure is unknown on either side do not count for it.

        Each interval stands for itself: of many measures that nothing acts on, one in twenty lies off 0 at level 0.95.
        """
        import pandas as pd

        return pd.DataFrame([self._effect(name) for name in self.measures])

    def _effect(self, name: str) -> dict:
        from sim.sweeps.replicates import effect_of

        without, with_ = (np.array([row[name] for row in self.rows[place::2]], float) for place in (0, 1))
        is_whole = ~(np.isnan(without) | np.isnan(with_))
        without, with_ = without[is_whole], with_[is_whole]
        effect = effect_of(with_, without, paired=True, level=self.level)
        return {
            "measure": name,
            "mean_without": _mean(without),
            "mean_with": _mean(with_),
            "difference": effect.difference.estimate,
            "low": effect.difference.low,
            "high": effect.difference.high,
            "standardized": effect.standardized.estimate,
            "higher_share": _mean(with_ > without),
            "lower_share": _mean(with_ < without),
            "n": effect.difference.n,
        }

    @cached_property
    def over_time(self):
        """DataFrame with one row per measure and step: mean ``difference``, its interval ``low`` to ``high``, ``n``."""
        import pandas as pd

        mean, half, n = _mean_intervals(self.differences, self.level)
        columns = {"difference": mean, "low": mean - half, "high": mean + half, "n": n}
        return pd.DataFrame(
            {
                "step": np.tile(self.steps, len(self.measures)),
                "measure": np.repeat(np.array(self.measures, object), len(self.steps)),
                **{name: values.T.reshape(-1) for name, values in columns.items()},
            }
        )

    def plot(self):
        """Return a figure of what changes in both groups, averaged over the last tenth of each run, with intervals."""
        from sim.plots import effect_figure, things

        n_pairs = len(self.rows) // 2
        pairs = f"{counted(n_pairs, 'pair')} of runs with the same network, people and luck (seeds: see `runs`)"
        intervals = f"with {self.level:.0%} intervals"
        if n_pairs == 1:
            intervals = "without intervals: one pair gives none, and the difference may be luck"
        notes = [f"{pairs}; mean differences over the last tenth of the steps {intervals}."]
        return effect_figure(self.table, title=things.comparison_title(self), notes=notes)

    def _repr_html_(self) -> str:
        from sim.plots.things import comparison_card

        return comparison_card(self)

    def __repr__(self) -> str:
        what = " + ".join(one.kind for one in self.with_) or "nothing"
        against = " + ".join(one.kind for one in self.without) or "nothing"
        n_pairs = len(self.rows) // 2
        columns = ["measure", "mean_without", "mean_with", "difference", "low", "high"]
        interval = f"low to high: {100 * self.level:g} % interval (Student's) of the mean difference"
        if n_pairs == 1:
            columns, interval = columns[:4], "one pair gives no interval: the difference may be luck"
        return (
            f"<Comparison of {what} with {against}, {counted(n_pairs, 'pair')} of runs>\n"
            f"Averages over the last tenth of each run; {interval}.\n"
            f"{self.table[columns].to_string(index=False, float_format='{:.3f}'.format)}"
        )


# === one pair of runs ===================================================================================


class _Pair(NamedTuple):
    rows: tuple[dict, dict]
    steps: np.ndarray
    differences: np.ndarray


@dataclasses.dataclass(frozen=True, kw_only=True)
class _Plan:
    """What all pairs have in common."""

    arms: tuple
    parameters: Parameters
    network: Network | dict
    steps: int
    start: object
    schedule: str
    measures: tuple[str, ...]

    def pair(self, replicate: int, seeds) -> _Pair:
        """Run both arms of a replicate."""
        from sim.run import simulate  # here, as a run knows interventions

        network, rows, histories = self._network(seeds.network_seed), [], []
        for name, arm in zip(ARMS, self.arms, strict=True):
            run = simulate(
                self.parameters, network, steps=self.steps, start=self.start, seed=seeds.seed,
                start_seed=seeds.start_seed, schedule=self.schedule, interventions=arm, threads=1,
            )  # fmt: skip
            history = history_columns(run.tallies, run.sizes, run.first_step)
            means = tail_means({column: history[column] for column in ("step", *self.measures)})
            about = {"replicate": replicate, "arm": name, "network_seed": seeds.network_seed}
            about |= {"start_seed": run.start_seed, "seed": run.seed, "regime": str(regime_of(history))}
            rows.append(about | means)
            histories.append(np.array([history[column] for column in self.measures], float).T)
        return _Pair(tuple(rows), history["step"], histories[1] - histories[0])

    def _network(self, seed: int) -> Network:
        if isinstance(self.network, Network):
            return self.network
        about = dict(self.network)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NetworkWarning)
            return GENERATORS[about.pop("family")](**about, seed=seed)


# === intervals ==========================================================================================


@np.errstate(divide="ignore", invalid="ignore")
def _mean_intervals(values: np.ndarray, level: float) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return mean, half the width of Student's interval (NaN of one), and number of the values known, over axis 0."""
    from scipy import special

    is_known = ~np.isnan(values)
    n = is_known.sum(axis=0)
    mean = np.where(is_known, values, 0.0).sum(axis=0) / n
    squares = (np.where(is_known, values - mean, 0.0) ** 2).sum(axis=0)
    half = -special.stdtrit(np.maximum(n - 1, 1), (1 - level) / 2) * np.sqrt(squares / (n - 1) / n)
    return mean, half, n


def _mean(values: np.ndarray) -> float:
    return float(np.mean(values)) if len(values) else float("nan")


# === checks =============================================================================================


def _checked_network(network) -> Network | dict:
    """Return a network, or what every replicate makes its own from."""
    from sim.sweeps.points import DEFAULT_FAMILY, DEFAULT_PEOPLE, arguments_of

    if isinstance(network, Network):
        return network
    if not (network is None or isinstance(network, Mapping)):
        raise InputError(f"network must be a Network or a mapping with family and arguments, not {shown(network)}")
    about = {"family": DEFAULT_FAMILY, "n_people": DEFAULT_PEOPLE} | dict(network or {})
    family = check_choice("network: family", about["family"], GENERATORS)
    if "seed" in about:
        raise InputError("network: seed cannot be given, as every replicate has its own; give the network itself")
    check_names(f"network: {family} has no argument that is called", about, ["family", *arguments_of(family)])
    return about


def _checked_start(start, network):
    """Return `start`; a state belongs to its people, so it cannot go with networks that differ."""
    from sim.run import Run

    if isinstance(start, State | Run) and not isinstance(network, Network):
        raise InputError("a start that goes on from a State or Run needs its network: give network=")
    return start


def _checked_measures(measures) -> tuple[str, ...]:
    if measures is None:
        return MEASURES
    if isinstance(measures, str) or not hasattr(measures, "__iter__"):
        raise InputError(f"measures must be a list of names, not {shown(measures)}")
    measures = list(measures)
    if not all(isinstance(name, str) for name in measures):
        raise InputError(f"measures must be a list of names, not {shown(measures)}")
    measures = tuple(dict.fromkeys(measures))
    check_names("measure", measures, MEASURES)
    if not measures:
        raise InputError("measures must name at least one measure")
    return measures


def _checked_level(level) -> float:
    level = check_number("level", level, 0, 1)
    if level in (0, 1):
        raise InputError(f"level = {level:g} is out of range: it must be above 0 and below 1")
    return level


def _seeds(seed, replicates: int) -> list:
    from sim.streams import check_seed
    from sim.sweeps.seeds import seeds_of

    root = check_seed(seed)
    return [seeds_of(root, replicate) for replicate in range(replicates)]


def _worker_count(workers, replicates: int) -> int:
    from sim.sweeps.executors import processors

    return min(replicates, processors() if workers is None else check_count("workers", workers, 1, 1024))
