"""Section: whatever is malformed is refused with one clear sentence, before any run."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from unittest import mock

from sim.checks import InputError
from sim.engine import Engine
from sim.interventions import CATALOGUE, intervention
from sim.model import AllyshipModel
from sim.parameters import KNOBS, Parameters
from sim.verification import bad_networks, bad_runs
from sim.verification.check import Case, Check, Section, spread_over, yes_or_no


class RunStarted(RuntimeError):
    """A run was started although what was asked for is malformed."""


def refused(attempt: Callable[[], object], about: str) -> Case:
    """Expect an attempt to be refused with an `InputError` of one line, before any run."""
    with mock.patch.object(Engine, "advance", side_effect=RunStarted), \
         mock.patch.object(AllyshipModel, "step", side_effect=RunStarted):  # fmt: skip
        try:
            attempt()
        except InputError as problem:
            return yes_or_no("\n" not in str(problem) and bool(str(problem)), f"{about}: the message is no sentence")
        except Exception as problem:  # what a user would see as a traceback
            return yes_or_no(False, f"{about}: {type(problem).__name__}: {problem}"[:200])
    return yes_or_no(False, f"{about} is accepted")


def all_refused(attempts: Callable[[], Iterator]):
    """Return the cases of malformed things of one kind."""

    def cases(count: int, seed: int):
        for about, attempt in spread_over(list(attempts()), count):
            yield refused(attempt, about)

    return cases


def good_input() -> Iterator[Callable[[], object]]:
    """Return well-formed things next to the malformed ones: ends of ranges, files, ready-made interventions."""
    for knob in KNOBS:
        for value in (knob.default, *(() if knob.is_switch else (knob.low, knob.high))):
            yield lambda name=knob.name, value=value: Parameters(**{name: value})
    for kind in CATALOGUE:
        given = {"people": [1], "shift": {"effort": -1}} if kind == "scene" else {}
        yield lambda kind=kind, given=given: intervention(kind, **given)
    for name, content in bad_networks.GOOD_FILES.items():
        yield lambda name=name, content=content: bad_networks.read(name, content)


def all_accepted(count: int, seed: int):
    """Expect well-formed things to be accepted: refusing everything would be easy."""
    for i, attempt in enumerate(spread_over(list(good_input()), count)):
        try:
            attempt()
        except InputError as problem:
            yield yes_or_no(False, f"well-formed input {i} is refused: {problem}")
        else:
            yield yes_or_no(True)


def _check(what: str, attempts, full: int, quick: int) -> Check:
    told = f"malformed {what}: refused with an InputError of one line before any run"
    return Check(told, all_refused(attempts), full, quick, "1 = accepted, or another error", is_all=True)


SECTION = Section(
    "bad-input",
    "Bad input is refused",
    "A wrong number, a misspelt name or a broken file stops you with a sentence instead of giving you wrong results.",
    "That a value that is allowed is also sensible for your question.",
    (
        _check("parameters: each knob below and above its range, NaN, infinite, of a wrong type, misspelt",
               bad_runs.bad_parameters, 10_000, 200),
        _check("runs: steps, seeds, schedule, start, threads, network, parameters", bad_runs.bad_runs, 1000, 60),
        _check("interventions: every argument of every ready-made one", bad_runs.bad_interventions, 10_000, 200),
        _check("networks: arguments of generators, lists of ties and groups", bad_networks.bad_generated, 1000, 80),
        _check("network files: cut off anywhere, changed in one place, of another format",
               bad_networks.bad_network_files, 1000, 40),
        _check("designs: everything that can be swept, out of range, misspelt, and broken otherwise",
               bad_networks.bad_designs, 10_000, 60),
        Check("well-formed parameters, interventions and files next to these: accepted", all_accepted, 1000, 60,
              "1 = refused", is_all=True),
    ),
)  # fmt: skip
