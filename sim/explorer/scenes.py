"""Scenes: a story, a puzzle, one thing to change, and claims that the model has to bear out.

A scene says which numbers it is about. Its story is told in words in the string tables, and as *claims* here, which a
test checks in Python: when the model changes, a story that is no longer true is found out. What an answer names as the
reason is a claim too, made `with` that mechanism switched off. `places` is how many places of its control have to be
tried before the answer opens.
"""

from __future__ import annotations

import functools
import json
from importlib.resources import files
from typing import Any

from sim.interventions import intervention
from sim.parameters import Parameters


@functools.cache
def scenes() -> dict[str, dict[str, Any]]:
    """Return all scenes by name, in the order in which they are offered."""
    read = json.loads(files("sim.explorer").joinpath("web", "scenes.json").read_text(encoding="utf-8"))
    made = {}
    for scene in read["scenes"]:
        scene["parameters"] = read["base"] | scene["parameters"]
        made[scene["name"]] = scene
    return made


def settings_of(scene: dict, value=None) -> dict[str, Any]:
    """Return the arguments of `sim.simulate` for a scene with its one control at `value` (by default as it opens).

    Returns
    -------
    dict
        ``parameters``, ``start``, ``steps``, ``schedule`` and ``interventions``.
    """
    control = scene["control"]
    value = control["value"] if value is None else value
    parameters, done = dict(scene["parameters"]), [dict(one) for one in scene["interventions"]]
    start = scene["start"]
    if control["kind"] == "parameter":
        parameters[control["name"]] = value
    elif control["kind"] == "intervention":
        done[control["place"]][control["name"]] = value
    elif control["kind"] == "choice" and value != "none":
        done.append({"kind": value} | control["arguments"])
    elif control["kind"] == "start":
        start = value
    return {
        "parameters": Parameters(**parameters),
        "start": start,
        "steps": scene["steps"],
        "schedule": "synchronous",
        "interventions": [intervention(**one) for one in done],
    }
