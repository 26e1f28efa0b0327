"""What a worker does: make some runs, and turn each into rows. Nothing that goes wrong in a run leaves this file."""

from __future__ import annotations

import contextlib
import functools
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np

from sim.engine import LEAST_LANES, MOST_IN_LANES
from sim.interventions import interventions_of
from sim.lanes import advanced
from sim.measures import Sizes, history_columns
from sim.networks import Network
from sim.outcomes import one_of, summaries_of, tail_means
from sim.parameters import Parameters
from sim.run import Run, prepared, simulate
from sim.sweeps.classic_points import MODEL
from sim.sweeps.classic_runs import row_of_classic
from sim.sweeps.columns import DONE, FAILED, WHOLE_RUN
from sim.sweeps.late import told_of_run
from sim.sweeps.points import canonical
from sim.sweeps.run_networks import measures_of, network_of_run
from sim.sweeps.seeds import Seeds
from sim.wide import WIDTH

RECORDS = ("steps", "people")


def records_of(model: str | None) -> tuple[str, ...]:
    """Return what can be recorded of the runs of a model; of published ones only what their history has."""
    return RECORDS if model is None else ("steps",)


class Job(NamedTuple):
    """One run to make."""

    place: int  # in the chunk's list of configurations
    replicate: int
    seeds: Seeds
    key: str


class Chunk(NamedTuple):
    """Some runs for one worker, with everything it needs to make them."""

    configurations: list[dict]
    networks: dict[str, Network]  # given networks by digest
    jobs: list[Job]
    record: tuple[str, ...] = ()
    stop: threading.Event | None = None  # set when no more runs are wanted; for workers in the same process


def make_runs(chunk: Chunk) -> list[dict[str, Any]]:
    """Make the runs of a chunk and return their rows; called on a worker, in whatever process that is."""
    parameters_at = functools.cache(lambda place: Parameters(**chunk.configurations[place]["parameters"]))
    made: dict[int, list[dict]] = {}
    for places in _side_by_side(chunk):
        if chunk.stop is not None and chunk.stop.is_set():
            break
        jobs = [chunk.jobs[place] for place in places]
        made |= zip(places, make_together(chunk, jobs, parameters_at), strict=True)
    return [row for place in sorted(made) for row in made[place]]


def _side_by_side(chunk: Chunk) -> list[list[int]]:
    """Return which jobs are made together: those on one network, eight at a time."""
    groups: dict[Any, list[int]] = {}
    for place, job in enumerate(chunk.jobs):
        company = _company(chunk.configurations[job.place], job, chunk.networks)
        groups.setdefault(place if company is None else company, []).append(place)
    return [places[i : i + WIDTH] for places in groups.values() for i in range(0, len(places), WIDTH)]


def _company(configuration: dict, job: Job, networks: dict) -> tuple | None:
    """Return what runs that are made together share; None for one that is made alone.

    Alone are published models, ramps, runs out of step and those on large networks.
    """
    if MODEL in configuration or "ramp" in configuration or configuration["schedule"] != "synchronous":
        return None
    about = configuration["network"]
    given = networks.get(about.get("digest"))
    if (about.get("n_people", 0) if given is None else given.n_people) > MOST_IN_LANES:
        return None
    seed = job.seeds.network_seed if given is None or "null" in about else None
    return canonical(about), seed, configuration["steps"]


def make_together(
    chunk: Chunk, jobs: list[Job], parameters_at: Callable[[int], Parameters]
) -> list[list[dict[str, Any]]]:
    """Make some runs on one network side by side and return the rows of each.

    `parameters_at` gives the parameters at a place in the chunk's list of configurations.
    What fails is made again on its own, so that a failure belongs to its run and costs no other.
    """
    if len(jobs) < LEAST_LANES:
        return [make_run(chunk.configurations[job.place], job, chunk.networks, chunk.record) for job in jobs]
    begun = time.perf_counter()
    ready: dict[int, tuple] = {}
    for place, job in enumerate(jobs):
        with contextlib.suppress(Exception):
            ready[place] = _prepared(chunk.configurations[job.place], parameters_at(job.place), job, chunk.networks)
    runs: dict[int, Run] = {}
    with contextlib.suppress(Exception):
        runs = dict(zip(ready, advanced(list(ready.values())), strict=True))
    found: list = [None] * len(jobs)
    with contextlib.suppress(Exception):
        for (place, run), outcomes in zip(runs.items(), outcomes_of(list(runs.values()), chunk.record), strict=True):
            found[place] = [_row(chunk.configurations[jobs[place].place], jobs[place], run, chunk.record, outcomes)]
    seconds = time.perf_counter() - begun
    for place, job in enumerate(jobs):
        if found[place] is None:
            found[place] = make_run(chunk.configurations[job.place], job, chunk.networks, chunk.record)
        else:
            found[place][0]["seconds"] = seconds / len(jobs)
    return found


def _prepared(configuration: dict, parameters: Parameters, job: Job, networks: dict) -> tuple:
    network, _ = network_of_run(configuration["network"], job.seeds.network_seed, networks)
    return prepared(
        parameters, network, steps=configuration["steps"],
        start=configuration["start"], seed=job.seeds.seed, start_seed=job.seeds.start_seed,
        schedule=configuration["schedule"], interventions=configuration.get("interventions"), threads=1,
    )  # fmt: skip


def _row(configuration: dict, job: Job, run: Run, record: tuple, outcomes: dict) -> dict[str, Any]:
    about = {"key": job.key, "place": 0} | _with_note(measures_of(run.network), told_of_run(configuration))
    return about | outcomes | {"status": DONE, "recorded": " ".join(record)}


def make_run(configuration: dict, job: Job, networks: dict, record: tuple = ()) -> list[dict[str, Any]]:
    """Make one run and return its rows: one, or with a ramp one for each value. A failure is a row that says so."""
    begun = time.perf_counter()
    row = {"key": job.key, "place": 0}
    try:
        if MODEL in configuration:
            made = [row_of_classic(configuration, job.seeds, networks, record)]
        else:
            network, about = network_of_run(configuration["network"], job.seeds.network_seed, networks)
            row |= _with_note(about, told_of_run(configuration))
            made = _staged(configuration, job, network, record)
        rows = [row | one | {"status": DONE, "recorded": " ".join(record)} for one in made]
    except Exception as problem:  # whatever it is: it belongs to this run, and costs no other
        words = " ".join(str(problem).split())
        rows = [row | {"status": FAILED, "error": f"{type(problem).__name__}: {words}"[:2000]}]
    seconds = time.perf_counter() - begun
    return [one | {"seconds": seconds / len(rows)} for one in rows]


def _staged(configuration: dict, job: Job, network: Network, record: tuple) -> Iterator[dict[str, Any]]:
    """Yield the outcomes of every stage of a run, each going on where the one before ended."""
    state, done = configuration["start"], interventions_of(configuration.get("interventions"))
    for stage in _stages(configuration):
        changes = stage.pop("changes")
        state = simulate(
            Parameters(**(configuration["parameters"] | changes)), network, steps=configuration["steps"], start=state,
            seed=job.seeds.seed, start_seed=job.seeds.start_seed, schedule=configuration["schedule"],
            interventions=done, threads=1,
        )  # fmt: skip
        yield stage | outcomes_of([state], record)[0]


def _with_note(about: dict, note: str) -> dict:
    """Return the measures of a network with one more note, if there is one."""
    return about | {"notes": "; ".join(filter(None, [about["notes"], note]))}


def _stages(configuration: dict) -> list[dict]:
    ramp = configuration.get("ramp")
    if ramp is None:
        return [{"changes": {}}]
    path = [("up", value) for value in ramp["values"]] + [("down", value) for value in reversed(ramp["values"])]
    return [
        {"changes": {ramp["parameter"]: value}, "place": place, "direction": direction, "value": float(value)}
        for place, (direction, value) in enumerate(path)
    ]


def outcomes_of(runs: list[Run], record: tuple[str, ...]) -> list[dict[str, Any]]:
    """Return what rows tell of how some runs of as many steps went, worked out for all of them at once."""
    if not runs:
        return []
    history = history_columns(np.stack([run.tallies for run in runs]), _sizes_of(runs), runs[0].first_step)
    found = zip(runs, summaries_of(history), range(len(runs)), strict=True)
    means, steps = tail_means(history), {name: values for name, values in history.items() if name != "step"}
    return [
        one_of(means, i)
        | {"regime": summary["regime"]}
        | {name: summary[source] for name, source in WHOLE_RUN.items()}
        | ({"steps.step": history["step"]} | _named("steps", one_of(steps, i)) if "steps" in record else {})
        | (_named("people", people_columns(run)) if "people" in record else {})
        for run, summary, i in found
    ]


def _sizes_of(runs: list[Run]) -> Sizes:
    """Return what shares are shares of, for all runs at once; interventions may give them different ties."""
    if not any(run.course.interventions for run in runs):
        return runs[0].sizes
    n_rows = len(runs[0].tallies)
    return Sizes(*(np.stack([np.broadcast_to(size, n_rows) for size in sizes])
                   for sizes in zip(*(run.sizes for run in runs), strict=True)))  # fmt: skip


def _named(prefix: str, columns: dict) -> dict:
    return {f"{prefix}.{name}": values for name, values in columns.items()}


def people_columns(run) -> dict:
    """Return the final state of everybody, one array per column of `Run.people`, as numbers."""
    state = run.state
    columns = {name: getattr(state, name) for name in ("act", "sympathy", "loyalty", "stigma", "trust")}
    return {"is_marginalized": run.network.is_marginalized, **columns}
