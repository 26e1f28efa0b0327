"""An explanation is the rules themselves: its terms add up, and what it explains is what happened."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest

from sim import InputError, Intervention, Parameters, Response, Stance, intervention, rules, simulate
from sim.effects.explaining import explain, response_terms, stance_terms
from sim.networks import two_groups
from sim.parameters import KNOBS, NOT_FORCED, Numbers

NETWORK = two_groups(40, 0.3, mean_degree=6, homophily=0.3, seed=3)
SOMEBODY = int(NETWORK.is_marginalized.argmin())
PLANS = {
    "nothing": [],
    "knobs": [
        intervention("bystander_training", share=0.4, begin=3, ramp=4),
        intervention("norm_feedback", begin=5),
        intervention("safe_spaces", begin=2, end=9),
    ],
    "scripts": [
        intervention("committed_allies", share=0.2, begin=2),
        intervention("betrayal_scandal", share=0.5, draw=1, begin=0, end=1),
        Intervention(kind="silence", who="random", share=0.5, group="marginalized", force="withdraw", begin=4),
    ],
    "ties and feelings": [
        intervention("cross_group_ties", share=0.5, begin=4, end=9),
        Intervention(kind="shock", set={"stigma": 0.9, "trust": 0.1}, begin=6),
        Intervention(kind="cut", cut=[(0, int(NETWORK.neighbours_of(0)[0]))], begin=3),
    ],
    "everything": [
        intervention(name)
        for name in ("accountability", "trust_repair", "empathy", "curb_tokens", "ridicule", "amplify_voices")
    ],
}


def random_numbers(rng):
    values = [rng.uniform(knob.usual_low, knob.usual_high) for knob in KNOBS]
    return Numbers(*values, NOT_FORCED)._replace(feedback=rng.choice([0.0, rng.uniform()]))


def random_seen(rng):
    n, m = (int(rng.integers(0, 9)) for _ in range(2))
    allies = int(rng.integers(0, n + 1))
    tokens = int(rng.integers(0, n - allies + 1))
    opposers = int(rng.integers(0, n - allies - tokens + 1))
    silent = n - allies - tokens - opposers
    levels = [int(rng.integers(0, 64 * count + 1)) for count in (silent, allies, tokens, m)]
    return rules.Seen(allies, tokens, opposers, int(rng.integers(0, n - allies + 1)),
                      int(rng.integers(0, 2 * m + 1)), *levels, n, m)  # fmt: skip


def summed(terms, options):
    return [math.fsum(term.value for term in terms if term.option == option) for option in options]


def test_terms_add_up_to_the_utilities_of_random_people():
    rng = np.random.default_rng(1)
    for _ in range(2000):
        p, seen, told = random_numbers(rng), random_seen(rng), rng.uniform(-1, 1)
        sympathy, loyalty, stigma = rng.uniform(-1, 1), rng.uniform(), rng.uniform()
        view = rules.advantaged_view(p, seen, told)
        terms = stance_terms(p, sympathy, loyalty, stigma, seen, view, told)
        exact = rules.stance_utilities(p, sympathy, loyalty, stigma, view)
        assert summed(terms, ("OPPOSE", "TOKEN", "ALLY")) == pytest.approx(exact, abs=1e-12, rel=0)
        assert summed(terms, ["BYSTAND"]) == [0]
        trust, view = rng.uniform(), rules.marginalized_view(p, seen)
        exact = rules.response_utilities(p, trust, view)
        assert summed(response_terms(p, trust, view), Response.__members__) == pytest.approx(exact, abs=1e-12, rel=0)


@pytest.mark.parametrize("schedule", ["synchronous", "shuffled"])
@pytest.mark.parametrize("plan", PLANS)
def test_what_is_explained_is_what_happened(plan, schedule):
    done = [one for one in PLANS[plan] if schedule == "synchronous" or not one.set]
    for seed in range(2):
        parameters = Parameters(revise=0.5, feedback=0.3 * seed, noise=1.0 - seed * 0.9)
        run = simulate(parameters, NETWORK, steps=12, seed=seed, start=0.4, schedule=schedule, interventions=done,
                       record_people=True)  # fmt: skip
        check_run(run)


def check_run(run):
    for step in range(run.first_step, run.first_step + run.steps):
        after = run.trajectory["act"][step - run.first_step + 1]
        for i in range(run.network.n_people):
            explained = explain(run, i, step)
            options = Response if run.network.is_marginalized[i] else Stance
            assert explained.outcome == options(after[i]).name
            assert sum(explained.probabilities.values()) == pytest.approx(1)
            exact = [explained.utilities[option.name] for option in options]
            assert summed(explained.terms, options.__members__) == pytest.approx(exact, abs=1e-12, rel=0)
            if explained.scripted_by:
                assert explained.numbers.forced >= 0
            elif explained.reconsidered:
                assert explained.outcome == explained.chosen


def test_a_run_that_goes_on_and_one_without_noise_are_explained_too():
    first = simulate(Parameters(revise=0.4), NETWORK, steps=5, seed=2)
    check_run(simulate(Parameters(revise=0.4, noise=0, token_allowed=False), NETWORK, steps=5, seed=2, start=first,
                       record_people=True))  # fmt: skip


def test_scripts_and_changed_knobs_are_named():
    done = [intervention("scene", people=[SOMEBODY], force="oppose", begin=6, end=8),
            intervention("protection", begin=2, ramp=4)]  # fmt: skip
    run = simulate(network=NETWORK, steps=10, seed=1, interventions=done, record_people=True)
    scripted = {step: explain(run, SOMEBODY, step).scripted_by for step in range(10)}
    assert [step for step, by in scripted.items() if by] == [5, 6]
    explained = explain(run, SOMEBODY, 5)
    assert explained.outcome == "OPPOSE" and explained.scripted_by == ("scene",)
    changes = {change.knob: change for change in explained.changes}
    assert changes["sanction"].by == ("protection",) and changes["revise"].by == ("scene",)
    assert (changes["sanction"].before, changes["sanction"].now) == (2.0, 1.0)
    assert explain(run, SOMEBODY, 0).changes == ()
    assert explain(run, SOMEBODY, 2).changes[0].now == 1.75
    assert "scene forced OPPOSE" in str(explained) and "sanction 2 -> 1 by protection" in str(explained)


def test_what_both_forces_and_changes_how_often_people_reconsider_is_named_once():
    done = [intervention("custom", people=[SOMEBODY], force="ally", shift={"revise": 0.1})]
    run = simulate(network=NETWORK, steps=2, seed=1, interventions=done, record_people=True)
    (revise,) = explain(run, SOMEBODY, 0).changes
    assert (revise.knob, revise.by) == ("revise", ("custom",))


def test_the_table_cites_the_source_of_every_term():
    run = simulate(network=NETWORK, steps=4, seed=1, record_people=True)
    sources = {knob.name: knob.source for knob in KNOBS}
    for i in (int(NETWORK.is_marginalized.argmax()), int(NETWORK.is_marginalized.argmin())):
        table = explain(run, i, 2).table
        assert list(table.columns) == ["option", "term", "value", "knob", "source"]
        named = table[table.knob != ""]
        assert (named.source == named.knob.map(sources)).all()
        assert not table.duplicated(["option", "term"]).any()


def test_probabilities_are_frequencies_of_choices():
    explained = explain(simulate(network=NETWORK, steps=8, seed=5, record_people=True), 1, 6)
    p = explained.numbers
    oppose, _, token, ally = explained.utilities.values()
    draws = (np.arange(4000) + 0.5) / 4000
    chosen = [Stance(rules.choose_stance(p, oppose, token, ally, draw)).name for draw in draws]
    for option, probability in explained.probabilities.items():
        assert chosen.count(option) / 4000 == pytest.approx(probability, abs=1e-3)


def test_what_cannot_be_explained_is_refused():
    run = simulate(network=NETWORK, steps=4, seed=1, record_people=True)
    with pytest.raises(InputError, match="record_people"):
        explain(simulate(network=NETWORK, steps=1), 0, 0)
    with pytest.raises(InputError, match="must be a Run"):
        explain("run", 0, 0)
    for step in (-1, 4, 1.5, True):
        with pytest.raises(InputError, match="step"):
            explain(run, 0, step)
    with pytest.raises(InputError, match="person 40 is not in this network; people here are numbered from 0 to 39"):
        explain(run, 40, 0)
    with pytest.raises(InputError, match="no steps"):
        explain(simulate(network=NETWORK, steps=0, record_people=True), 0, 0)


def test_the_shuffled_schedule_is_refused_only_where_what_was_seen_is_lost():
    done = [Intervention(kind="shock", set={"trust": 0.1}, begin=3)]
    run = simulate(network=NETWORK, steps=5, seed=1, schedule="shuffled", interventions=done, record_people=True)
    refused = 0
    for i in range(40):
        explain(run, i, 1), explain(run, i, 3)
        try:
            explain(run, i, 2)
        except InputError as problem:
            assert "synchronous" in str(problem)
            refused += 1
    assert 20 < refused <= 40


# === in words =============================================================================================


def test_the_balance_of_responses_is_welcomes_less_gatekeepers():
    run = simulate(network=NETWORK, steps=12, start=0.4, seed=2, record_people=True)
    balances = set()
    for person in np.flatnonzero(~NETWORK.is_marginalized)[:12]:
        around = NETWORK.neighbours_of(int(person))
        acts = run.trajectory["act"][8][around[NETWORK.is_marginalized[around]]]
        balance = int((acts == Response.WELCOME).sum()) - int((acts == Response.GATEKEEP).sum())
        assert f"on balance {balance:+d} welcoming" in str(explain(run, person, 8))
        balances.add(balance)
    assert len(balances) > 1


@pytest.mark.parametrize(("token_effort", "is_told"), [(1.4, False), (1.5, False), (1.6, True)])
def test_it_is_told_only_of_a_token_act_that_takes_more_effort(token_effort, is_told):
    changed = Parameters(effort=1.5, token_effort=token_effort)
    run = simulate(changed, NETWORK, steps=3, seed=1, record_people=True)
    assert ("A token act takes more effort here" in str(explain(run, SOMEBODY, 1))) is is_told


def test_terms_are_told_from_the_largest_on_whichever_way_they_go():
    run = simulate(network=NETWORK, steps=9, start=0.4, seed=2, record_people=True)
    is_mixed = False
    for person in range(NETWORK.n_people):
        for line in str(explain(run, person, 6)).splitlines():
            if line.startswith("  ") and " = " in line:
                told = line.split(" = ")[1].split("; chance")[0].split(", ")
                values = [float(part.rsplit(" ", 1)[1]) for part in told]
                assert [abs(value) for value in values] == sorted(map(abs, values), reverse=True)
                is_mixed |= min(values) < 0 < max(values)
    assert is_mixed


def test_luck_fell_within_the_chance_of_what_was_chosen():
    run = simulate(network=NETWORK, steps=9, start=0.4, seed=2, record_people=True)
    groups = set()
    for person in range(NETWORK.n_people):
        one = explain(run, person, 6)
        told = re.search(r"Luck (\S+) fell between (\S+) and (\S+), which is (\w+)\.", str(one))
        if told:
            draw, low, high = map(float, told.groups()[:3])
            assert low <= draw <= high
            assert high - low == pytest.approx(one.probabilities[told[4]], abs=0.0011)
            groups.add(one.group)
    assert len(groups) == 2
