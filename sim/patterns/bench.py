"""Where patterns are measured: the same replicates, with the same people and luck, under whatever is changed."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np

from sim.measures import history_columns
from sim.networks import two_groups
from sim.outcomes import tail_means
from sim.parameters import Parameters
from sim.rules import Stance
from sim.run import simulate
from sim.sweeps.executors import processors
from sim.sweeps.seeds import seeds_of

PEOPLE = 1000
STEPS = 400
MANY = 5  # times as many replicates where an effect of half a point is to be told from none


class Bench:
    """Replicates of the model at one parameter vector, in pairs that share network, people and luck.

    Parameters
    ----------
    parameters : Parameters
    pairs : int
        Replicates of every arm.
    seed : int
        Root of their seeds, as in sweeps.
    workers : int, optional
        Threads; never changes a result.
    advance : callable, optional
        Called after every run.
    """

    def __init__(self, parameters=None, *, pairs: int = 200, seed: int = 1, workers=None, advance=None):
        self.parameters = Parameters() if parameters is None else parameters
        self.pairs, self.seed = pairs, seed
        self._workers = processors() if workers is None else workers
        self._advance = advance or (lambda: None)
        self._networks: dict[int, object] = {}
        self._known: dict[tuple, np.ndarray] = {}

    def arm(self, measure, *, changes=None, steps: int = STEPS, replicates=None, network=None, label=None, **about):
        """Return ``measure(run)`` of every replicate: a float array, shape (replicates,) or (replicates, ...).

        Parameters
        ----------
        measure : callable
            Takes a `Run`; returns a number or several. Must be the same object for the same measure.
        changes : mapping, optional
            Parameters that differ.
        steps : int
        replicates : int, optional
            By default `pairs`.
        network : callable, optional
            Makes another network from a seed.
        **about
            Other arguments of `sim.simulate`: ``start``, ``interventions``, ``record_people``; a callable is given the
            number of the replicate.
        label : optional
            Tells arms apart whose callables differ.
        """
        count = self.pairs if replicates is None else replicates
        key = (measure, network, label, count, steps, repr(sorted((changes or {}).items())),
               repr(sorted((name, _named(value)) for name, value in about.items())))
        if key not in self._known:
            parameters = self.parameters.replace(**(changes or {}))

            def one(replicate):
                seeds = seeds_of(self.seed, replicate)
                given = {name: value(replicate) if callable(value) else value for name, value in about.items()}
                tied = self.network(replicate, network)
                return measure(simulate(parameters, tied, steps=steps, seed=seeds.seed, start_seed=seeds.start_seed,
                                        threads=1, **given))  # fmt: skip

            values = []
            with ThreadPoolExecutor(self._workers, thread_name_prefix="scoreboard") as pool:
                for value in pool.map(one, range(count)):
                    values.append(value)
                    self._advance()
            self._known[key] = np.array(values, float)
        return self._known[key]

    @property
    def many(self) -> int:
        """How many replicates an arm has whose effects are a point or less."""
        return MANY * self.pairs

    def network(self, replicate: int, network=None):
        """Return the network of a replicate."""
        key = (replicate, network)
        if key not in self._networks:
            make = network or _default_network
            self._networks[key] = make(seeds_of(self.seed, replicate).network_seed)
        return self._networks[key]


def _named(value):
    return value.__code__.co_qualname if callable(value) else value


def _default_network(seed: int):
    return two_groups(PEOPLE, seed=seed)


@cache
def late(*columns: str):
    """Return the measure that averages columns of the history over the last tenth of a run."""

    def measure(run):
        history = history_columns(run.tallies, run.sizes, run.first_step)
        return np.array(list(tail_means({name: history[name] for name in ("step", *columns)}).values())).squeeze()

    return measure


def advantaged(run) -> np.ndarray:
    """Return the numbers of advantaged people."""
    return np.flatnonzero(~run.network.is_marginalized)


def is_ally(run) -> np.ndarray:
    """Return who is an ally now; False for marginalized people."""
    return (run.state.act == Stance.ALLY) & ~run.network.is_marginalized


def ties_to(network, chosen) -> np.ndarray:
    """Return how many ties everybody has to the chosen people (a boolean for each person)."""
    weights = chosen[network.neighbours].astype(float)
    return np.bincount(_owners(network), weights=weights, minlength=network.n_people).astype(np.int64)


def _owners(network) -> np.ndarray:
    return np.repeat(np.arange(network.n_people), network.degree)


def forced(run) -> np.ndarray:
    """Return who is reached by any intervention of a run."""
    reached = np.zeros(run.network.n_people, bool)
    reached[np.concatenate(run.picked)] = True
    return reached
