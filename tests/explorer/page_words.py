"""What the page says of numbers in English, worked out in Python."""

from __future__ import annotations

import functools
import operator
from decimal import ROUND_HALF_UP, Decimal

import sim
from sim.explorer.baked import network
from sim.explorer.page import strings
from sim.explorer.scenes import scenes, settings_of

WORDS = strings("en")
STANCES, RESPONSES = ("ally", "token", "bystand", "oppose"), ("welcome", "withdraw", "gatekeep")


def scene_run(name: str, value=None, *, luck: int = 0) -> sim.Run:
    """Return the run that the page makes of a scene."""
    scene = scenes()[name]
    return sim.simulate(network=network(scene["network"]), seed=scene["seed"] + luck, record_people=True,
                        **settings_of(scene, value))  # fmt: skip


def number(value: float, digits: int = 2) -> str:
    """Return a number as the page writes it."""
    if value != value:
        return "–"
    told = Decimal(repr(float(value))).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
    return str(told if told else abs(told)).replace("-", "−")


def percent(share: float) -> str:
    """Return a share as the page writes it, without the narrow space."""
    return "–" if share != share else f"{number(100 * share, 0)}%"


def word_of(run: sim.Run, person: int, act: int) -> str:
    """Return the word of the act of a person."""
    return (("gatekeep", "withdraw", "welcome") if run.network.is_marginalized[person] else STANCES[::-1])[act]


def told_of_groups(run: sim.Run) -> list[str]:
    """Return what is told of both groups at the end of a run."""
    trust = {"first": percent(run.history["mean_trust"][0]), "trust": percent(end_of(run, "mean_trust"))}
    private, steps = percent(end_of(run, "private_support")), max(1, len(run.history) // 10)
    return [WORDS["told.a"].format(shares=_shares(run, STANCES), private=private, steps=steps),
            WORDS["told.b"].format(shares=_shares(run, RESPONSES), **trust)]  # fmt: skip


def end_of(run: sim.Run, measure: str) -> float:
    """Return a measure at the end, added up one by one: halves are rounded by the last bit."""
    values = run.history[measure].tolist()
    tail = values[-max(1, len(values) // 10) :]
    return functools.reduce(operator.add, tail, 0) / len(tail)


def _shares(run: sim.Run, words: tuple[str, ...]) -> str:
    end = {word: share for word in words if (share := end_of(run, f"{word}_share")) >= 0.005}
    told = [WORDS[f"told.{word}"].format(share=percent(end[word])) for word in sorted(end, key=end.get, reverse=True)]
    if len(told) < 3:
        return " and ".join(told)
    return f"{', '.join(told[:-1])}, and {told[-1]}"


def open_place(visitor, name: str, value=None) -> None:
    """Open a scene at a place of its control, with everything unfolded."""
    visitor.press("#unfold")
    visitor.press(f"[data-scene={name}]")
    if value is not None:
        visitor.slide("#slider", value)


def lines(visitor, selector: str) -> list[str]:
    """Return the words of all elements that fit, as the page words write them."""
    return [text.replace("\u202f", "") for text in visitor.page.locator(selector).all_inner_texts()]
