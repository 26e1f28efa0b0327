"""What is done in the two arms of a comparison."""

from __future__ import annotations

from sim.checks import InputError
from sim.interventions import Intervention, interventions_of
from sim.parameters import Parameters

Arm = tuple[Intervention, ...]


def arms_of(with_, without) -> tuple[Arm, Arm]:
    """Return what is done in either arm, checked.

    Raises
    ------
    InputError
        For anything that is no list of interventions, with the name of its slot.
    """
    return _arm("with_, the first slot,", with_), _arm("without, the second slot,", without)


def _arm(slot: str, given) -> Arm:
    if isinstance(given, Parameters):
        raise InputError(
            f"{slot} must be a list of interventions, not Parameters; parameters are those of both arms and go by "
            "name: parameters=sim.Parameters(...)"
        )
    try:
        return interventions_of(given)
    except InputError as problem:
        raise InputError(f"{slot} is not usable: {problem}") from None
