"""Malformed parameters, runs and interventions: pairs of what is wrong and a function that has to refuse it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial

from sim.interventions import CATALOGUE, intervention
from sim.networks import from_edges
from sim.parameters import KNOBS, Parameters, preset
from sim.run import simulate

Attempt = tuple[str, Callable[[], object]]

NO_NUMBERS = (math.nan, math.inf, -math.inf, None, "0.1", "", True, 1j, [0.1], {"mean": 0.1}, 10**400)
NO_COUNTS = (-1, 1.5, 10.0, math.nan, math.inf, None, "7", True, [7], 10**30)
NO_FLAGS = (1, 0, "yes", None, 0.5, [])
NO_WORDS = ("", "silnt", None, math.nan, True, ["x"], {"a": 1})


def misspelt(name: str) -> Iterator[str]:
    """Return a name with a letter missing, one doubled, in capitals, and with a blank."""
    yield from (name[:2] + name[3:], name[:1] + name, name.upper(), name + " ")


def bad_parameters() -> Iterator[Attempt]:
    """Every knob below and above its range, no number at all, and misspelt."""
    for knob in KNOBS:
        outside = () if knob.is_switch else (knob.low - 1e-9, knob.high + 1e-9, knob.low - 1e6)
        for value in (*outside, *(NO_FLAGS if knob.is_switch else NO_NUMBERS)):
            yield f"Parameters({knob.name}={value!r:.40})", partial(Parameters, **{knob.name: value})
        for name in misspelt(knob.name):
            yield f"Parameters({name}=...)", partial(Parameters, **{name: knob.default})
        text = f"[parameters]\n{knob.name} = nan\n"
        yield f"TOML with {knob.name} = nan", partial(Parameters.from_toml, text)
    for name in (*NO_WORDS, "holow"):
        yield f"preset({name!r})", partial(preset, name)


def small_network():
    """Return three people, one of them marginalized."""
    return from_edges([(0, 1), (1, 2)], [False, False, True])


BAD_RUNS = {
    "steps": (*NO_COUNTS, 2**31 + 1),
    "seed": (*(value for value in NO_COUNTS if value is not None), 2**64),
    "start_seed": (*(value for value in NO_COUNTS if value is not None), 2**64),
    "threads": (0, -1, 1.0, True, "2", math.nan, 1025),
    "schedule": (*NO_WORDS, "Shuffled", 0),
    "start": ("silnt", "", 2, -0.1, math.nan, math.inf, True, None, 1j, [], ["ally"], ["ally"] * 3, [9, 0, 0],
              [3.0, 0, 0], ["welcome", None, None], {7: "ally"}, {-1: "ally"}, {"Ada": "ally"}, {0: "welcome"},
              {2: "ally"}, {0: 0.5}),
    "observe": NO_FLAGS,
    "record_people": NO_FLAGS,
    "parameters": ({"loyalty": 0.5}, "hollow", Parameters, 0, False),
    "network": ("two_groups", 3, [(0, 1)], False, from_edges),
    "interventions": ("empathy", 5, True, [None], ["empthy"], [{}], [{"kind": "empathy", "shar": 1}], [object()]),
}  # fmt: skip


def bad_runs() -> Iterator[Attempt]:
    """Every argument of a run with values that it cannot have."""
    network = small_network()
    for name, values in BAD_RUNS.items():
        for value in values:
            arguments = {"network": network, "steps": 5, name: value}
            yield f"simulate({name}={value!r:.40})", partial(simulate, **arguments)


BAD_WHEN = {
    "begin": (-1, 1.5, True, None, math.nan, "now", 2**31 + 1),
    "end": (-1, 0, "never", math.nan, 2**40),
    "ramp": (-1, 2.0, None, math.nan),
    "strength": (-0.1, 10.1, math.nan, math.inf, True, "full"),
    "who": ("randm", "", ["random"], 7, True),
    "share": (-0.1, 1.1, math.nan, True, "half"),
    "count": (-1, 2.5, math.nan, True, "two"),
    "group": ("men", None, 3, ["advantaged"]),
    "draw": (-1, 0.5, math.nan, 10**7),
    "people": (1, "Ada", [1.0], [None], [[1]]),
    "force": ("allly", 3, ["ally"], True),
    "scale": ({"santion": 0.5}, {"sanction": -0.5}, {"sanction": math.nan}, {"loyalty": 0.5}, ["sanction"], None),
    "shift": ({"efort": 1}, {"effort": math.inf}, {"effort": "more"}, {"trust_spread": 0.5}, "effort", None),
    "set": ({"sympathy": 1.5}, {"trust": -0.1}, {"stigma": math.nan}, {"simpathy": 0}, {"act": 3}, None),
    "ties": (-1, 1001, 1.5, math.nan),
    "tie": ([(1, 2, 3)], [(1,)], "ab", None),
    "cut": (["ab"], 5, [(1, 2.5)], None),
}


def bad_interventions() -> Iterator[Attempt]:
    """Every argument of every ready-made intervention with values that it cannot have, and misspelt."""
    for kind in CATALOGUE:
        for name, values in BAD_WHEN.items():
            for value in values:
                given = {"who": "random"} if name in ("share", "count") else {}
                yield f"{kind}: {name} = {value!r:.40}", partial(intervention, kind, **given | {name: value})
            yield f"{kind}: misspelt {name}", partial(intervention, kind, **{name[:-1] + "_": 1})
        for name in misspelt(kind):
            yield f"kind {name!r}", partial(intervention, name)
