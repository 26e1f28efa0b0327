"""What "Why?" says of a person is what the library says of the same person at the same step."""

from __future__ import annotations

import re

import pytest
from explorer_browser import needs_browser
from page_words import RESPONSES, STANCES, WORDS, lines, number, open_place, percent, scene_run

import sim
from sim.parameters import KNOBS

pytestmark = needs_browser


def ask(visitor, person: int, step: int) -> None:
    """Ask a person why they did what they did up to a step."""
    visitor.slide("#step", step)
    visitor.press(f".person >> nth={person}", force=True)


def who_thought_again(run: sim.Run, group: int, count: int = 8) -> list[tuple[int, int]]:
    """Return some people of a group and the steps up to which they thought again, other people first."""
    asked = [(i, step) for step in range(1, 60) for i in range(run.network.n_people)
             if run.network.is_marginalized[i] == group and sim.explain(run, i, step - 1).reconsidered]  # fmt: skip
    return asked[:: len(asked) // count][:count]


@pytest.mark.parametrize(("name", "value", "group"), [("numbers", 0.5, 0), ("both", 5, 1)])
def test_the_draw_falls_into_the_interval_that_is_told(visitor, name, value, group):
    run = scene_run(name, value)
    open_place(visitor, name, value)
    visitor.run()
    chosen = set()
    for person, step in who_thought_again(run, group, 20):
        ask(visitor, person, step)
        told = lines(visitor, "#why-story, #why-told > p")[-1]
        draw, low, high = map(float, re.findall(r"\d\.\d{3}", told))
        why = sim.explain(run, person, step - 1)
        assert low <= draw <= high and high - low == pytest.approx(why.probabilities[why.chosen], abs=0.0011)
        assert draw == pytest.approx(why.draw, abs=0.0006) and WORDS[f"word.{why.chosen.lower()}"] in told
        chosen.add(why.chosen)
    assert len(chosen) > 1


def theory_of(knob: str) -> str:
    """Return where the idea of a knob comes from, without where its value does."""
    parts = next((one.source for one in KNOBS if one.name == knob), "").split("; ")
    ideas = [part for part in parts if not re.match(r"value\b|assumed$|calibrated$", part)]
    return "; ".join(ideas) or WORDS["why.assumed"]


def told_of(why: sim.Explanation) -> list[str]:
    """Return the first sentences about a person."""
    before, seen = why.before, why.seen
    kind = "stayed" if not why.reconsidered else "kept" if why.before["act"] == why.outcome else "changed"
    acts = {"before": WORDS[f"word.{before['act'].lower()}"], "outcome": WORDS[f"word.{why.outcome.lower()}"]}
    if "trust" in before:
        traits = WORDS["why.traits.b"].format(trust=percent(before["trust"]))
    else:
        traits = WORDS["why.traits.a"].format(sympathy=number(before["sympathy"]), loyalty=percent(before["loyalty"]),
                                              stigma=percent(before["stigma"]))  # fmt: skip
    silent = seen.n_advantaged - seen.allies - seen.tokens - seen.opposers
    around = WORDS["why.seen"].format(
        n=seen.n_advantaged, allies=seen.allies, tokens=seen.tokens, silent=silent, opposers=seen.opposers,
        betrayals=seen.betrayals, m=seen.n_marginalized,
        balance=f"{seen.responses - seen.n_marginalized:.4f}".rstrip("0").rstrip(".").replace("-", "−"),
    )  # fmt: skip
    again = WORDS["why.reconsidered" if why.reconsidered else "why.not.reconsidered"]
    return [WORDS[f"why.{kind}"].format(step=why.step + 1, **acts), traits, around,
            again.format(draw=number(why.revise_draw), revise=number(why.numbers.revise))]  # fmt: skip


@pytest.mark.parametrize(("name", "group"), [("betrayal", 0), ("betrayal", 1), ("helps", 0), ("both", 1)])
def test_everything_told_of_a_person_is_what_the_library_tells(visitor, name, group):
    run = scene_run(name)
    open_place(visitor, name)
    visitor.run()
    asked = [*who_thought_again(run, group, 4), *((person, 31) for person in range(group, 60, 13)
             if run.network.is_marginalized[person] == group)]  # fmt: skip
    for person, step in asked:
        ask(visitor, person, step)
        why = sim.explain(run, person, step - 1)
        if why.scripted_by:
            continue
        assert lines(visitor, "#why-story, #why-told > p")[:4] == told_of(why), (person, step)
        letter = "b" if group else "a"
        assert lines(visitor, "#why h3") == [f"{WORDS['why.title'].format(n=person + 1)} {WORDS[f'group.{letter}']}"]
        options = sorted(why.utilities, key=lambda option: -why.utilities[option])
        captions = lines(visitor, "#why caption")
        assert captions == [WORDS["why.option"].format(option=WORDS[f"word.{option.lower()}"],
                            utility=number(why.utilities[option]), chance=percent(why.probabilities[option]))
                            for option in options]  # fmt: skip
        assert len(options) == len(RESPONSES if group else STANCES)
        for place, option in enumerate(options):
            weighed = sorted((term for term in why.terms if term.option == option and abs(term.value) >= 0.005),
                             key=lambda term: -abs(term.value))  # fmt: skip
            rows = [[WORDS[f"term.{term.term}"], number(term.value), theory_of(term.knob)] for term in weighed]
            found = [row.split("\t") for row in lines(visitor, f"#why table >> nth={place} >> tbody tr")]
            assert [[*row[:2], row[3].strip()] for row in found] == rows or (not rows and found[0][1] == "0.00")


def test_bars_are_as_long_as_the_weights_and_striped_against(visitor):
    run = scene_run("numbers", 0.5)
    open_place(visitor, "numbers", 0.5)
    visitor.run()
    person, step = who_thought_again(run, 0)[2]
    ask(visitor, person, step)
    most = max(abs(term.value) for term in sim.explain(run, person, step - 1).terms)
    rows = visitor.page.locator("#why tbody tr:has(.plus, .minus)")
    assert rows.count() > 5
    for row in rows.all():
        weight = float(row.locator("td").first.inner_text().replace("−", "-"))
        bar = row.locator(".plus, .minus")
        assert bar.get_attribute("class") == ("minus" if weight < 0 else "plus")
        width = float(re.search(r"width: ?([\d.]+)%", bar.get_attribute("style")).group(1))
        assert width == pytest.approx(90 * abs(weight) / max(0.5, most), abs=1)
