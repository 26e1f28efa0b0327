"""What thirty runs say of a prediction comes from the runs: how many ended near it, and in which heaps."""

from __future__ import annotations

import functools

import pytest
from explorer_browser import needs_browser, run_thirty

import sim
from sim.explorer.baked import network
from sim.explorer.page import LANGUAGES, strings
from sim.explorer.scenes import scenes, settings_of
from sim.outcomes import tail_means

pytestmark = needs_browser


@functools.cache
def ends_in_python(name: str, value) -> list[float]:
    """Return what is watched at the end of the thirty runs of a place, ascending."""
    scene = scenes()[name]
    runs = (sim.simulate(network=network(scene["network"]), seed=scene["seed"] + k, **settings_of(scene, value))
            for k in range(30))  # fmt: skip
    return sorted(float(tail_means(run.history)[scene["watch"]]) for run in runs)


def verdict(visitor, name: str, value, guess: int, words: str = "en") -> tuple[str, str]:
    """Return what is told of thirty runs, and of a prediction of them."""
    visitor.slide("#language", words)
    visitor.press("#unfold")
    visitor.press(f"[data-scene={name}]")
    visitor.slide("#slider", value)
    visitor.press(f"#predict input[value='{guess / 100:g}']")
    visitor.run()
    run_thirty(visitor)
    return tuple(visitor.text(f"#many .{part}").replace("\u202f", "") for part in ("big", "verdict"))


def n_near(ends: list[float], guess: int) -> int:
    return sum(abs(end - guess / 100) <= 0.1 + 1e-9 for end in ends)


@pytest.mark.parametrize("words", LANGUAGES)
@pytest.mark.parametrize(("name", "value", "guess", "heaps"), [
    ("alone", 5, 50, (14, 16)), ("numbers", 1, 50, (7, 23)), ("betrayal", 0.2, 50, (18, 11)),
    ("helps", "amplify_voices", 25, (6, 24))])  # fmt: skip
def test_a_prediction_between_two_outcomes_is_not_called_right(visitor, name, value, guess, heaps, words):
    ends, table = ends_in_python(name, value), strings(words)
    assert n_near(ends, guess) <= 2
    told, judged = verdict(visitor, name, value, guess, words)
    for heap in (ends[: heaps[0]], ends[-heaps[1] :]):
        assert table["many.heap"].format(n=len(heap), low=f"{heap[0]:.0%}", high=f"{heap[-1]:.0%}") in told
    assert (table["many.rest"].format(n=1) in told) == (sum(heaps) == 29)
    near = table["guess.near"].format(share=f"{guess}%", n=n_near(ends, guess))
    assert judged == f"{near} {table['guess.gap'].format(ways=2)}"


def test_one_of_two_outcomes_is_right_for_some_of_the_runs_only(visitor):
    _, judged = verdict(visitor, "alone", 5, 95)
    assert f"Of the 30 runs, {n_near(ends_in_python('alone', 5), 95)} ended" in judged and "in 2 ways" in judged


def test_runs_that_end_anywhere_make_no_prediction_right(visitor):
    ends = ends_in_python("majority", 0.3)
    assert max(n_near(ends, percent) for percent in range(101)) < 15
    told, judged = verdict(visitor, "majority", 0.3, 50)
    assert "ways" not in told and f"{n_near(ends, 50)} ended within" in judged
    assert "no prediction would have been near half of them" in judged


def test_where_all_runs_end_alike_a_prediction_is_near_all_or_none(visitor):
    told, judged = verdict(visitor, "alone", 16, 95)
    assert "ways" not in told and "Of the 30 runs, 30 ended within 10 points" in judged
    visitor.press("[data-scene=alone]")
    visitor.slide("#slider", 1)
    visitor.press("#predict input[value='0.5']")
    visitor.run()
    run_thirty(visitor)
    assert "Of the 30 runs, 0 ended" in visitor.text("#many") and "lower than you thought" in visitor.text("#many")


def told_of_ends(visitor, ends: list[float]) -> str:
    """Return what the page tells of thirty runs that ended so."""
    visitor.page.evaluate("""(ends) => {
      const { app, MEASURES } = allyship;
      app.many = ends.map((end) => ({ history: Object.fromEntries(MEASURES.map((name) => [name, [end]])) }));
    }""", ends)  # fmt: skip
    visitor.slide("#language", "en")
    return visitor.text("#many .big").replace("\u202f", "")


@pytest.mark.parametrize("low", [0.1, 0.3, 0.5, 0.7])
def test_heaps_lie_twenty_points_apart_wherever_they_are(visitor, low):
    """Not in binary numbers, where 0.3 − 0.1 is a little less than 0.9 − 0.7."""
    high = round(low + 0.2, 1)
    told = told_of_ends(visitor, [low, high] * 15)
    assert f"15 runs at {low:.0%} to {low:.0%} and 15 runs at {high:.0%} to {high:.0%}" in told
    assert "ways" not in told_of_ends(visitor, [low, high - 0.01] * 15)


def test_fewer_than_three_runs_are_no_heap(visitor):
    assert "ways" not in told_of_ends(visitor, [0.1] * 28 + [0.9] * 2)
    assert "27 runs" in (told := told_of_ends(visitor, [0.1] * 27 + [0.9] * 3)) and "3 runs" in told


def judged_of_ends(visitor, ends: list[float], guess: float) -> str:
    """Return what the page says of a prediction if thirty runs ended so."""
    visitor.page.evaluate("(share) => (allyship.app.guess = { share, curve: null })", guess)
    told_of_ends(visitor, ends)
    return visitor.text("#many .verdict").replace("\u202f", "")


@pytest.mark.parametrize(("guess", "n_near"), [(0.3, 0), (0.38, 2), (0.38, 3), (0.38, 15)])
def test_between_two_heaps_is_only_what_is_near_next_to_nothing(visitor, guess, n_near):
    ends = [0.05] * 15 + [0.45] * n_near + [0.6] * (15 - n_near)
    judged = judged_of_ends(visitor, ends, guess)
    assert f"{n_near} ended within" in judged
    assert ("It lies between the 2 ways" in judged) == (n_near < 3)
    assert ("only a part of them" in judged) == (n_near >= 3)


def test_half_of_the_runs_may_lie_around_a_prediction_near_which_none_ended(visitor):
    ends = [0.06] * 3 + [0.24] * 4 + [0.42] * 8 + [0.58] * 8 + [0.76] * 4 + [0.94] * 3
    assert max(sum(abs(end - one) <= 0.1 for end in ends) for one in ends) < 15
    judged = judged_of_ends(visitor, ends, 0.5)
    assert "16 ended within" in judged and judged.endswith("Eight of ten runs end between 22% and 78%.")
    assert "no prediction would have been near" in judged_of_ends(visitor, [k / 29 for k in range(30)], 0.5)


def told_of_two(visitor, first: dict[str, float], second: dict[str, float]) -> str:
    """Return what the page tells of two lucks that ended so."""
    visitor.page.evaluate("""(ends) => {
      const { app, MEASURES } = allyship;
      [app.run.history, app.other.history] = ends.map((end) =>
        Object.fromEntries(MEASURES.map((name) => [name, new Array(81).fill(end[name] ?? 0)])));
    }""", [first, second])  # fmt: skip
    visitor.slide("#language", "en")
    return visitor.text("#luck .big")


def test_two_lucks_end_alike_where_they_would_lie_in_one_heap_of_thirty_runs(visitor):
    visitor.press("#unfold")
    visitor.press("[data-scene=cheap]")
    visitor.run()
    visitor.press("#second")
    visitor.wait("!!allyship.app.other && !allyship.app.working")
    first = {"ally_share": 0.7, "mean_trust": 0.5}
    for name in first:
        assert "end alike" in told_of_two(visitor, first, first | {name: first[name] + 0.19})
        assert "end differently" in told_of_two(visitor, first, first | {name: first[name] + 0.2})
    silent = {"bystand_share": 0.55, "ally_share": 0.45, "mean_trust": 0.5}
    assert "end differently" in told_of_two(visitor, silent, silent | {"bystand_share": 0.45, "ally_share": 0.55})
