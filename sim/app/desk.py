"""What a visitor sets: the numbers of the model, which come first, and what is told about each."""

from __future__ import annotations

import dataclasses
import math

from sim.checks import InputError, shown
from sim.parameters import KNOBS, Knob, Parameters, presets

# Shown unfolded: what the question is about, and what decides most in results/sensitivity/verdicts.csv.
FIRST = (
    "stigma_transfer", "sanction", "conformity", "effort", "hostility", "noise", "loyalty", "sympathy", "trust",
)  # fmt: skip
# These make the people as they begin; a run that is under way has its people already.
AT_START = frozenset({
    "loyalty", "loyalty_spread", "sympathy", "sympathy_spread", "trust", "trust_spread", "crossing_share",
    "crossing_release",
})  # fmt: skip

SEED = 1


@dataclasses.dataclass
class Desk:
    """The numbers that one visitor has set; the visitor's model reads them at each step.

    Attributes
    ----------
    parameters : Parameters
    preset : str
        The named set that single numbers are put back to.
    seed : str
        As typed; read when a run begins. One seed is the seed of the people and of the luck.
    """

    parameters: Parameters = dataclasses.field(default_factory=Parameters)
    preset: str = "default"
    seed: str = str(SEED)

    @property
    def base(self) -> Parameters:
        """The numbers of the preset."""
        return presets()[self.preset].parameters

    @property
    def changed(self) -> list[str]:
        """The names of the numbers that differ from the preset."""
        return [knob.name for knob in KNOBS if getattr(self.parameters, knob.name) != getattr(self.base, knob.name)]

    def take(self, preset: str) -> Desk:
        """Return the desk with a preset on it."""
        return dataclasses.replace(self, parameters=presets()[preset].parameters, preset=preset)

    def put(self, name: str, value) -> Desk:
        """Return the desk with one number changed; what the model does not allow leaves it as it was."""
        try:
            return dataclasses.replace(self, parameters=self.parameters.replace(**{name: value}))
        except InputError:
            return self

    def put_back(self, name: str) -> Desk:
        """Return the desk with one number as in the preset."""
        return self.put(name, getattr(self.base, name))


def seed_of(text: str) -> tuple[int, str]:
    """Return the seed that a text writes out and nothing, or the usual seed and why it is taken."""
    digits = str(text).strip()
    if digits.isascii() and digits.isdigit() and len(digits) <= 20 and int(digits) < 2**64:
        return int(digits), ""
    return SEED, f"Seed {shown(text)} is not a whole number from 0 to 2^64 - 1; seed {SEED} is taken instead."


def running(wanted: Parameters, begun: Parameters) -> Parameters:
    """Return the numbers of a run under way: as wanted, but for those that made its people."""
    return wanted.replace(**{name: getattr(begun, name) for name in sorted(AT_START)})


def by_mechanism() -> dict[str, list[Knob]]:
    """Return the knobs that are not among the first, by mechanism, in order of declaration."""
    groups: dict[str, list[Knob]] = {}
    for knob in KNOBS:
        if knob.name not in FIRST:
            groups.setdefault(knob.mechanism, []).append(knob)
    return groups


def slider_of(knob: Knob) -> tuple[float, float, float]:
    """Return lowest, highest and step of a knob's slider, on which the values of all presets lie exactly."""
    values = [knob.usual_low, knob.usual_high, *(getattr(one.parameters, knob.name) for one in presets().values())]
    low, high = min(values), max(values)
    decimals = math.ceil(math.log10(40 / (high - low)))
    while any(abs(round(value, decimals) - value) > 1e-12 for value in values):
        decimals += 1
    return low, high, 10.0**-decimals


def told(knob: Knob) -> str:
    """Return what the parameter table says about a knob beside its meaning."""
    default = str(knob.default).lower() if knob.is_switch else f"{knob.default:g}"
    allowed = "true or false" if knob.is_switch else f"{knob.low:g} to {knob.high:g}"
    return f"Mechanism: {knob.mechanism}. Allowed {allowed}, default {default}. Source: {knob.source}."
