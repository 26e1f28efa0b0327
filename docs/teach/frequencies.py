"""How often the scenes of the explorer end in what: ``python docs/teach/frequencies.py`` writes frequencies.md.

The thirty runs are those that the page makes itself from the seed a scene opens with ("Run it 30 times"), so what is
printed here is what a class sees. Two tables of answers.md are written as well. The tests make all of them again.
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
HERE = Path(__file__).parent
WORDS = strings("en")
VALUES = {
    "alone": (0, 1, 2, 3, 4, 5, 6, 8, 12, 16, 20),
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
of the thirty runs over the last tenth of the steps; in brackets where eight of ten runs lie. The last column is what
groups see before: the first run, and the one of *Same again, with other people and other luck*. One run may mislead.

*Spread*, *hollow*, *silence*, *opposition* and *mixed* say what more than half of Group A show at the end: support that
is mostly open, support that is mostly token, nothing, open opposition, none of these.

The rows hold for these numbers of the model and this network of 60 people. They are no forecast for anybody.
"""


@functools.cache
def runs(name: str, value, start=None, **changes) -> tuple[list[str], dict[str, np.ndarray]]:
    """Return how thirty runs of a scene ended, with its control at a value: regimes, and every measure, run by run.

    `start` is another start than the scene's, `changes` are to its numbers.
    """
    scene, settings = scenes()[name], settings_of(scenes()[name], value)
    settings["start"] = settings["start"] if start is None else start
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


def counts(regimes: list[str]) -> str:
    """Return how runs ended, the most frequent end first: ``spread 16, opposition 12``."""
    return ", ".join(f"{regime} {n}" for regime, n in Counter(regimes).most_common())


def first_two(shares: np.ndarray) -> str:
    """Return what the page shows before the thirty runs: the first run, and the one with other luck."""
    return ", ".join(f"{percent(share)} %" for share in shares[:2])


def rows(*cells: list[str]) -> str:
    """Return a Markdown table: its head, then its rows."""
    head, *others = (f"| {' | '.join(row)} |" for row in cells)
    return "\n".join([head, "|---" * len(cells[0]) + "|", *others])


def table(name: str) -> str:
    """Return the table of a scene."""
    measure, shown = ("expressed_support", "support shown") if name == "majority" else ("ally_share", "allies")
    control = WORDS[f"scene.{name}.control"].rstrip(":")
    head = [control, "runs of 30 that end in", shown, "trust of Group B", f"first run, other luck: {shown}"]
    made = [(value, *runs(name, value)) for value in VALUES[name]]
    return rows(head, *([label(value), counts(regimes), band(ends[measure]), band(ends["mean_trust"]),
                         first_two(ends[measure])] for value, regimes, ends in made))  # fmt: skip


def answer_to_one_ally() -> str:
    """Return the answers to part 1 of the worksheet."""
    head = ["people", "first run: allies, opposed", "other luck: allies, opposed", "thirty runs"]
    found = [head]
    for value in (1, 0, 5, 8):
        regimes, ends = runs("alone", value)
        both = zip(ends["ally_share"][:2], ends["oppose_share"][:2], strict=True)
        one, other = (f"{percent(ally)} %, {percent(opposed)} %" for ally, opposed in both)
        found.append([str(value), one, other, f"{counts(regimes)} <!-- alone={value}: {counts(regimes)} -->"])
    return rows(*found)


def answer_to_what_helps() -> str:
    """Return the answers to part 4 of the worksheet: every measure, what is shown as well as what is trusted."""
    shown = {"ally_share": "allies", "token_share": "token allies", "mean_trust": "trust of Group B"}
    found = [["measure", "thirty runs end in", *shown.values(), "first run, other luck: allies"]]
    for value in VALUES["helps"]:
        regimes, ends = runs("helps", value)
        bands = {measure: band(ends[measure]) for measure in shown}
        claim = "; ".join([counts(regimes), *(f"{measure} {told}" for measure, told in bands.items())])
        found.append([label(value), f"{counts(regimes)} <!-- helps={value}: {claim} -->", *bands.values(),
                      first_two(ends["ally_share"])])  # fmt: skip
    return rows(*found)


def answers() -> str:
    """Return the answers to the worksheet with their tables made anew."""
    text = (HERE / "answers.md").read_text(encoding="utf-8")
    for made in (answer_to_one_ally(), answer_to_what_helps()):
        before, rest = text.split(made.splitlines()[0])
        text = f"{before}{made}\n\n{rest.split(chr(10) * 2, 1)[1]}"
    return text


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
    (HERE / "frequencies.md").write_text(text(), encoding="utf-8")
    (HERE / "answers.md").write_text(answers(), encoding="utf-8")
