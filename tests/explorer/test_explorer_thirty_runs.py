"""What the page says of thirty runs, and of several places of a control, is what the library's runs say."""

from __future__ import annotations

import math

import pytest
from explorer_browser import needs_browser, run_thirty
from page_words import WORDS, end_of, lines, number, open_place, percent, scene_run

import sim
from sim.explorer.scenes import scenes

pytestmark = needs_browser
N_RUNS = 30


def spread(values: list[float]) -> list[float]:
    """Return where eight of ten lie, and the middle between: low, middle, high."""
    ends, found = sorted(values), []
    for share in (0.1, 0.5, 0.9):
        place = share * (len(ends) - 1)
        left, right = math.floor(place), math.ceil(place)
        found.append(ends[left] + (place - left) * (ends[right] - ends[left]))
    return found


def thirty(name: str, value) -> list[sim.Run]:
    return [scene_run(name, value, luck=luck) for luck in range(N_RUNS)]


def by_regime(runs: list[sim.Run]) -> list[tuple[str, list[sim.Run]]]:
    """Return regimes and their runs, the most frequent first."""
    found: dict[str, list] = {}
    for run in runs:
        found.setdefault(str(run.regime), []).append(run)
    return sorted(found.items(), key=lambda pair: -len(pair[1]))


@pytest.mark.parametrize(("name", "value"), [("cheap", 0.05), ("helps", "none"), ("both", 2.5)])
def test_the_middle_the_band_and_the_regimes_are_those_of_the_runs(visitor, name, value):
    open_place(visitor, name, value)
    visitor.run()
    run_thirty(visitor)
    runs, watch = thirty(name, value), scenes()[name]["watch"]
    ends = [end_of(run, watch) for run in runs]
    low, middle, high = spread(ends)
    what = WORDS["watch." + {"ally_share": "ally", "mean_trust": "trust", "expressed_support": "support"}[watch]]
    near = sum(abs(end - middle) <= 0.1 + 1e-9 for end in ends)
    told = [WORDS["many.told"].format(what=what, low=percent(low), middle=percent(middle), high=percent(high)),
            WORDS["many.near"].format(n=near)]  # fmt: skip
    assert lines(visitor, "#many .big")[0].startswith(" ".join(told))
    rows = [row.split("\t") for row in lines(visitor, "#many tbody tr")]
    assert rows == [[WORDS[f"short.{regime}"], str(len(those)),
                     *(percent(spread([end_of(run, measure) for run in those])[1])
                       for measure in ("ally_share", "mean_trust"))] for regime, those in by_regime(runs)]  # fmt: skip


def test_places_are_compared_in_the_order_of_the_control(visitor):
    open_place(visitor, "cheap")
    expected = []
    for value in (0.3, 0, 0.05):
        visitor.slide("#slider", value)
        visitor.run()
        assert visitor.page.locator("#puzzle summary").count() == 0
        run_thirty(visitor)
        runs = thirty("cheap", value)
        bands = [spread([end_of(run, measure) for run in runs]) for measure in ("ally_share", "mean_trust")]
        ends = ", ".join(f"{WORDS[f'short.{regime}']}\xa0{len(those)}" for regime, those in by_regime(runs))
        expected.append([number(value), ends, *(
            WORDS["puzzle.band"].format(middle=percent(middle), low=number(100 * low, 0), high=number(100 * high, 0))
            for low, middle, high in bands)])  # fmt: skip
    rows = [[cell.strip() for cell in row.split("\t")] for row in lines(visitor, "#puzzle tbody tr")]
    assert rows == sorted(expected)
    assert visitor.page.locator("#puzzle summary").count() == 1


def test_a_prediction_is_asked_in_words_that_fit_and_of_what_the_scene_watches(visitor):
    visitor.press("#unfold")
    for name, scene in scenes().items():
        visitor.press(f"[data-scene={name}]")
        kind = {"ally_share": "ally", "mean_trust": "trust", "expressed_support": "support"}[scene["watch"]]
        assert WORDS["predict.question"].format(what=WORDS[f"watch.{kind}"]) in lines(visitor, "#predict legend")
        choices = ["".join(text.split("\n")) for text in lines(visitor, "#predict .choices label")]
        assert choices == [f"{share}%{WORDS[f'predict.{share}']}" for share in (5, 25, 50, 75, 95)]
