"""`simulate_many`: runs on one network, side by side.

Reading who is tied to whom is what a step waits for. Runs that share a network are advanced together, eight in a row:
each neighbour is looked up once for all of them. Every run is the one that `simulate` makes, to the last bit.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from sim import engine
from sim.checks import InputError, check_count
from sim.parameters import Parameters
from sim.run import Run, check_network, finished, prepared
from sim.streams import check_seed
from sim.wide import WIDTH


def simulate_many(
    parameters: Parameters | Sequence[Parameters] | None = None,
    network=None,
    *,
    seeds: int | Sequence[int],
    steps: int = 400,
    start="silent",
    starts: Sequence | None = None,
    start_seeds: int | Sequence[int] | None = None,
    interventions=(),
    schedule: str = "synchronous",
    threads: int | None = None,
) -> list[Run]:
    """Run the model several times on one network, faster than one run after the other.

    Parameters
    ----------
    parameters : Parameters or list of Parameters, optional
        For all runs, or one entry per run.
    network : Network, optional
        By default 1,000 people in two groups, generated from the first seed.
    seeds : int or list of int
        Luck of the dynamics; a single seed gives all runs the same luck.
    steps : int
        Number of steps of every run.
    start : str, float, sequence, mapping, State or Run
        How all runs start; see `sim.simulate`.
    starts : list, optional
        How each run starts, in place of `start`.
    start_seeds : int or list of int, optional
        Seed of the people and their first acts; by default the seed of the run.
    interventions : sequence of Intervention, mappings or names, or list of such sequences
        What is done to all runs, or one sequence per run.
    schedule : {"synchronous", "shuffled"}
        Only synchronous runs share their way; shuffled ones are made one by one.
    threads : int, optional
        How many groups of eight are at work at a time; by default one per processor. Never changes a result.

    Returns
    -------
    list of Run
        One per entry of the lists given. Each is equal to what `sim.simulate` gives, to the last bit.

    Raises
    ------
    InputError
        Before the first step, for anything that cannot be used, or lists that differ in length.

    Notes
    -----
    Nobody is recorded here: `sim.simulate` does that, one run at a time.

    It pays from three runs on, and for networks of up to 30,000 people; on larger ones runs go alone. So do those on
    which an intervention changes ties or sets feelings on the way, and those whose interventions single out people whom
    no other run's do.

    Examples
    --------
    >>> import sim
    >>> network = sim.networks.two_groups(n_people=200, seed=1)
    >>> points = [sim.Parameters(stigma_transfer=value) for value in (0.1, 0.4, 0.7)]
    >>> runs = sim.simulate_many(points, network, seeds=7, steps=50)
    >>> runs[1].state == sim.simulate(points[1], network, seed=7, steps=50).state
    True
    """
    lists = {
        "parameters": parameters if isinstance(parameters, list | tuple) else None,
        "seeds": seeds if _is_listed(seeds) else None,
        "starts": starts,
        "start_seeds": start_seeds if _is_listed(start_seeds) else None,
        "interventions": interventions if _one_per_run(interventions) else None,
    }
    lists = {name: list(entries) for name, entries in lists.items() if entries is not None}
    counts = {name: len(entries) for name, entries in lists.items()}
    if len(set(counts.values())) > 1:
        told = ", ".join(f"{count} {name}" for name, count in counts.items())
        raise InputError(f"lists must have one entry for each run, but there are {told}")
    count = next(iter(counts.values()), 1)
    threads = _processors() if threads is None else check_count("threads", threads, 1, 1024)

    def entry(name: str, i: int, for_all):
        return lists[name][i] if name in lists else for_all

    if count == 0:
        return []
    network = check_network(network, check_seed(entry("seeds", 0, seeds)))
    ready = [
        prepared(
            entry("parameters", i, parameters), network, steps=steps, start=entry("starts", i, start),
            seed=entry("seeds", i, seeds), start_seed=entry("start_seeds", i, start_seeds), schedule=schedule,
            interventions=entry("interventions", i, interventions), threads=1,
        )
        for i in range(count)
    ]  # fmt: skip
    return advanced(ready, threads)


def advanced(ready: list[tuple], threads: int = 1) -> list[Run]:
    """Return the runs that come of some that are `prepared` and have as many steps to take."""
    machines, steps = [machine for machine, _ in ready], ready[0][1]["steps"] if ready else 0
    groups = _shared_out(engine.lanes_among(machines, steps), threads)
    runs: list = [None] * len(ready)

    def advance(places: list[int]) -> None:
        tallies = engine.advance_side_by_side([machines[place] for place in places], steps)
        for place, counted in zip(places, tallies, strict=True):
            runs[place] = finished(*ready[place], counted)

    if min(threads, len(groups)) > 1:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(advance, groups))
    else:
        for places in groups:
            advance(places)
    return runs


def _shared_out(groups: list[list[int]], threads: int) -> list[list[int]]:
    """Split groups while there are fewer than threads, as long as the halves still go faster than run by run."""
    groups = list(groups)
    while groups and len(groups) < threads:
        groups.sort(key=len)
        if len(groups[-1]) < WIDTH:
            break
        largest = groups.pop()
        groups += [largest[: len(largest) // 2], largest[len(largest) // 2 :]]
    return groups


def _is_listed(value) -> bool:
    return hasattr(value, "__len__") and not isinstance(value, str)


def _one_per_run(interventions) -> bool:
    """Whether these are several sequences of interventions, rather than one."""
    return isinstance(interventions, list | tuple) and any(isinstance(one, list | tuple) for one in interventions)


def _processors() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on Linux
        return os.cpu_count() or 1
