"""This engine, the Mesa engine, Mesa's own network example, SciPy, and the bare neighbour sum."""

from __future__ import annotations

import functools
import inspect
from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
import scipy.sparse
from scipy_step import Vectorised

import sim
from sim import engine, wide
from sim.parameters import numbers_of

SETTLED = 20  # steps before the clock starts
EQUAL, DIFFERENT = "yes, to the last bit", "no"


def network_of(people: int):
    """Return the network that all peers get."""
    return sim.networks.two_groups(n_people=people, mean_degree=10, homophily=0.5, seed=1)


class OneRun:
    """One compiled run on one core; the others here start from the same state."""

    def __init__(self, people: int, _ties: str):
        self.network = network_of(people)
        self.start = sim.simulate(network=self.network, steps=SETTLED, seed=1)
        self.set_up()

    def set_up(self) -> None:
        self.machine = self.engine_of(seed=1)

    def engine_of(self, seed: int) -> engine.Engine:
        return engine.Engine(sim.Parameters(), self.network, self.start.state, seed=seed, threads=1)

    def advance(self, steps: int) -> None:
        self.machine.advance(steps)

    def compared(self, state, seed: int = 1) -> str:
        """Return how a state compares with one compiled run of as many steps."""
        steps = state.step - SETTLED
        twin = sim.simulate(network=self.network, start=self.start, steps=steps, seed=seed)
        return EQUAL if twin.state == state else DIFFERENT


class Lanes(OneRun):
    """Eight runs side by side on one core."""

    cores = 1

    def set_up(self) -> None:
        self.pool = ThreadPoolExecutor(self.cores)
        seeds = range(self.cores * wide.WIDTH)
        self.groups = [
            [self.engine_of(seed) for seed in seeds[i : i + wide.WIDTH]] for i in range(0, len(seeds), wide.WIDTH)
        ]

    def advance(self, steps: int) -> None:
        list(self.pool.map(lambda group: engine.advance_side_by_side(group, steps), self.groups))

    def check(self) -> str:
        return self.compared(self.groups[-1][-1].state(), seed=self.cores * wide.WIDTH - 1)


class LanesOnTwoCores(Lanes):
    cores = 2


class MesaEngine(OneRun):
    def set_up(self) -> None:
        self.model = sim.AllyshipModel(network=self.network, rng=1, start=self.start)

    def advance(self, steps: int) -> None:
        self.model.run_for(steps)

    def check(self) -> str:
        return self.compared(self.model.state)


class SciPyStep(OneRun):
    def set_up(self) -> None:
        self.model = Vectorised(numbers_of(sim.Parameters()), self.network, self.start.state, seed=1)

    def advance(self, steps: int) -> None:
        self.model.advance(steps)

    def check(self) -> str:
        return self.compared(self.model.state())


class BareSum:
    """The least any model on a graph has to do: for everybody, add one number of every neighbour."""

    def __init__(self, people: int, _ties: str):
        network = network_of(people)
        self.layout = engine.layout_of(network)
        self.values, self.out = np.random.default_rng(1).random(people), np.empty(people)

    def advance(self, steps: int) -> None:
        _neighbour_sums(self.layout.offsets, self.layout.neighbours, self.values, self.out, steps)

    def check(self) -> str:
        ones = np.ones(self.layout.neighbours.size)
        ties = scipy.sparse.csr_array((ones, self.layout.neighbours, self.layout.offsets))
        is_equal = np.allclose(self.out, ties @ self.values, 1e-12, 0)
        return "yes, sums equal SciPy's within 1e-12" if is_equal else DIFFERENT


@numba.njit
def _neighbour_sums(offsets, neighbours, values, out, steps):
    for _ in range(steps):
        for i in range(numba.uint64(out.size)):
            total = 0.0
            for tie in range(numba.uint64(offsets[i]), numba.uint64(offsets[i + 1])):
                total += values[neighbours[tie]]
            out[i] = total


class Virus:
    """Mesa's own example, with a virus that stays: nobody gains resistance."""

    def __init__(self, people: int, _ties: str):
        from mesa.examples.basic.virus_on_network import model

        if "layout" in inspect.signature(model.Network).parameters:  # Mesa 3.5 would take minutes to place people
            model.Network = functools.partial(model.Network, layout=None)
        self.model = model.VirusOnNetwork(
            people, avg_node_degree=10, initial_outbreak_size=people // 2, gain_resistance_chance=0.0
        )

    def advance(self, steps: int) -> None:
        for _ in range(steps):
            self.model.step()


PEERS = {
    "this engine, one run": OneRun, "this engine, lanes, one core": Lanes,
    "this engine, lanes, two cores": LanesOnTwoCores, "Mesa engine": MesaEngine, "Mesa virus on a network": Virus,
    "SciPy sparse": SciPyStep, "bare neighbour sum": BareSum,
}  # fmt: skip
