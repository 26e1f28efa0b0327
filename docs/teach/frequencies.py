"""How often the scenes of the explorer end in what: ``python docs/teach/frequencies.py`` writes frequencies.md.

The thirty runs are those that the page makes itself from the seed a scene opens with ("Run it 30 times"), so what is
printed here is what a class sees. The tests make them again.
"""

from __future__ import annotations

import functools
from collections import Counter
from pathlib import Path

import numpy as np

import sim
from sim.explorer.baked import network
from sim.explorer.page import strings
from sim.explorer.scenes import scenes, settings_of
from sim.outcomes import regime_of, tail_means

N_RUNS = 30
WORDS = strings("en")
VALUES = {
    "alone": (1, 2, 3, 4, 5, 6, 8, 12, 16, 20),
    "numbers": (0, 0.3, 0.5, 0.7, 1),
    "stigma": (0.1, 0.3, 0.4, 0.5, 0.6, 0.8),
    "cheap": (0, 0.1, 0.2, 0.3, 0.4, 0.5),
    "betrayal": (0, 0.1, 0.2, 0.3, 0.4, 0.9),
    "majority": (0, 0.1, 0.2, 0.3, 0.4, 0.5, 1),
    "both": (0, 1, 2, 3, 4, 5),
    "helps": tuple(scenes()["helps"]["control"]["values"]),
}
HEAD = """# What thirty runs show

One row for each place of the control, made with the thirty lucks that the page itself uses: the seed a scene opens
with, and the 29 that follow. Press *Is it luck? Run it 30 times* and you see the same counts. The shares are the middle
of the thirty runs over the last tenth of the steps; in brackets where eight of ten runs lie.

*Spread*, *hollow*, *silence*, *opposition* and *mixed* say what more than half of Group A show at the end: support that
is mostly open, support that is mostly token, nothing, open opposition, none of these.

The rows hold for these numbers of the model and this network of 60 people. They are no forecast for anybody.
"""


@functools.cache
def runs(name: str, value, **changes) -> tuple[list[str], dict[str, np.ndarray]]:
    """Return how thirty runs of a scene ended, with its control at a value: regimes, and every measure, run by run."""
    scene, settings = scenes()[name], settings_of(scenes()[name], value)
    settings["parameters"] = sim.Parameters(**settings["parameters"].to_dict() | changes)
    histories = [sim.simulate(network=network(scene["network"]), seed=seed, **settings).history
                 for seed in range(scene["seed"], scene["seed"] + N_RUNS)]  # fmt: skip
    ends = [tail_means(history) for history in histories]
    return [str(regime_of(history)) for history in histories], {
        measure: np.array([end[measure] for end in ends]) for measure in ends[0]
    }


def percent(share: float) -> int:
    """Return a share in whole per cent, rounded as the page does."""
    return int(share * 100 + 0.5)


def band(shares: np.ndarray) -> str:
    """Return the middle of thirty runs and where eight of ten lie, as in the texts: ``67 % (11 to 95)``."""
    low, middle, high = (percent(share) for share in np.quantile(shares, (0.1, 0.5, 0.9)))
    return f"{middle} % ({low} to {high})"


def table(name: str) -> str:
    """Return the table of a scene."""
    measure, shown = ("expressed_support", "support shown") if name == "majority" else ("ally_share", "allies")
    control = WORDS[f"scene.{name}.control"].rstrip(":")
    lines = [f"| {control} | runs of 30 that end in | {shown} | trust of Group B |", "|---|---|---|---|"]
    for value in VALUES[name]:
        regimes, ends = runs(name, value)
        counts = ", ".join(f"{regime} {n}" for regime, n in Counter(regimes).most_common())
        lines.append(f"| {label(value)} | {counts} | {band(ends[measure])} | {band(ends['mean_trust'])} |")
    return "\n".join(lines)


def label(value) -> str:
    """Return what a value of a control is called on the page."""
    if isinstance(value, str):
        return WORDS["done.nothing"] if value == "none" else WORDS[f"intervention.{value}"]
    return f"{value:g}"


def text() -> str:
    """Return the whole file."""
    parts = [f"## {WORDS[f'scene.{name}.title']}\n\n{table(name)}" for name in scenes()]
    return "\n\n".join([HEAD.strip(), *parts]) + "\n"


if __name__ == "__main__":
    Path(__file__).with_name("frequencies.md").write_text(text(), encoding="utf-8")
