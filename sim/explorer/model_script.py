"""What of the model the page runs, and what of that is made from the Python sources: nearly all that can change.

Made from Python: random numbers, exponential and quantile, every rule, how people start, what a person does in each
moment of a step, the order of a step under both schedules, when interventions are on, the terms of an explanation, the
name of a regime. Written by hand (``web/engine``): 64-bit multiplication, the exponent field of a float, lists of
people, adding up what neighbours show, picking people for interventions, counting.
"""

from __future__ import annotations

import functools
from importlib.resources import files

from sim import rules
from sim.explorer.transpile import Script

# Written by hand in runtime.js. Their Python twins are the ones named here.
PRIMITIVES = ("sim.streams._multiply", "sim.arithmetic.power_of_two")
ENGINE = ("runtime", "model", "people", "measures", "course", "start", "world", "runs", "explain")
_FUNCTIONS = (
    ("sim.streams", "uniform"),
    ("sim.streams", "coarse_uniform"),
    ("sim.streams", "philox"),
    ("sim.rules", "perceived_support"),
    ("sim.state", "_draw_people"),
    ("sim.tallies", "fixed"),
    ("sim.outcomes", "regime_of_shares"),
    ("sim.effects.explaining", "stance_terms"),
    ("sim.effects.explaining", "response_terms"),
)
_ACTS = ("OPPOSE", "BYSTAND", "TOKEN", "ALLY", "GATEKEEP", "WITHDRAW", "WELCOME")
_CONSTANTS = (
    *(("sim.streams", name) for name in ("ORDER", "FIRST_STANCE", "TARGETS", "MEETINGS", "CROSSING")),
    *(("sim.rules", name) for name in _ACTS),
    ("sim.tallies", "FIXED"),
    ("sim.parameters", "NOT_FORCED"),
)
_LEFT_OUT_OF_A_STEP = (  # counting what changed: the page does that in measures.js
    "self._changes[:] = 0",
    "self._tallies[-1] += self._changes",
)


@functools.cache
def model_script() -> str:
    """Return the part of the page's engine that is made from the Python sources."""
    script = Script(PRIMITIVES)
    for module, name in _CONSTANTS:
        script.add_constant(module, name)
    for module, name in _FUNCTIONS:
        script.add_function(module, name)
    script.add_tuple(rules.Seen)
    people = "sim.people"
    script.add_class(people, "Person", "Being", written_by_hand=("__init__", "meet", "look_around"))
    script.add_class(people, "AdvantagedPerson", "Person", written_by_hand=("__init__",))
    script.add_class(people, "MarginalizedPerson", "Person", written_by_hand=("__init__",))
    script.add_method("sim.model", "AllyshipModel", "step", without=_LEFT_OUT_OF_A_STEP)
    for name in ("strength_at", "is_on"):
        script.add_method("sim.interventions.intervention", "Intervention", name)
    return "\n\n".join([script.text(), _adding_up()])


def _adding_up() -> str:
    """Return the function that adds up what neighbours show, field by field (`Person.look_around` in Python)."""
    fields = rules.Shown._fields
    names = ", ".join(fields)
    adding = "\n".join(f"    {name} += shown.{name};" for name in fields)
    zeros = ", ".join(f"{name} = 0" for name in fields)
    return (
        f"function seen_around(person) {{\n  let {zeros};\n  for (const other of person.neighbours) {{\n"
        f"    const shown = other.shown;\n{adding}\n  }}\n"
        f"  return Seen({names}, person.n_advantaged, person.n_marginalized);\n}}"
    )


def engine_script() -> str:
    """Return the whole engine of the page, which needs no page: it runs in any JavaScript."""
    return "\n\n".join(model_script() if name == "model" else web_text(f"engine/{name}.js") for name in ENGINE)


def web_text(name: str) -> str:
    """Return a source file of the page."""
    return files("sim.explorer").joinpath("web", *name.split("/")).read_text(encoding="utf-8")
