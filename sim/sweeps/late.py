"""What would begin after a run has ended is not done: told where that is so at some points, refused where at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sim.checks import InputError
from sim.counting import counted
from sim.sweeps.points import Point

MOST_TOLD = 3  # points


def last_step(configuration: Mapping) -> int:
    """Return the last step of a run."""
    ramp = configuration.get("ramp")
    return configuration["steps"] * (1 if ramp is None else 2 * len(ramp["values"]))


def late(configuration: Mapping) -> list[dict]:
    """Return the interventions of a point that would begin after its last step."""
    last = last_step(configuration)
    return [one for one in configuration.get("interventions", ()) if one["begin"] > last]


def told_of_run(configuration: Mapping) -> str:
    """Say what is not done in a run; an empty text where everything is."""
    last = last_step(configuration)
    return "; ".join(
        f"not done: {one['kind']} would begin at step {one['begin']}, after the last one, {last}"
        for one in late(configuration)
    )


def told_of_design(points: Iterable[Point], swept: Iterable[str]) -> list[str]:
    """Say at which points something is not done, by what is swept; at most one line."""
    points = list(points)
    found = [point for point in points if late(point.configuration)]
    if not found:
        return []
    named = [_named(point, list(swept)) for point in found[:MOST_TOLD]]
    more = [f"and {len(found) - MOST_TOLD:,} more"] if len(found) > MOST_TOLD else []
    first = found[0].configuration
    return [
        f"at {len(found):,} of {counted(len(points), 'point')} an intervention would begin after the last step and is "
        f"not done ({'; '.join([*named, *more])}); the first: {told_of_run(first).removeprefix('not done: ')}"
    ]


def check_beginnings(points: Iterable[Point]) -> None:
    """Refuse a design in which nothing of what is to be done would ever begin.

    Raises
    ------
    InputError
        Naming the first intervention, its beginning and the last step.
    """
    asked = [point.configuration for point in points if "interventions" in point.configuration]
    if asked and all(len(late(one)) == len(one["interventions"]) for one in asked):
        where = "the only point" if len(asked) == 1 else f"all {len(asked):,} points"
        told = told_of_run(asked[0]).removeprefix("not done: ")
        raise InputError(f"nothing would ever be done at {where} with an intervention: {told}")


def _named(point: Point, swept: list[str]) -> str:
    values = {name: point.values[name] for name in swept if point.values.get(name) is not None}
    return ", ".join(f"{name} = {value}" for name, value in values.items()) or "the only point"
