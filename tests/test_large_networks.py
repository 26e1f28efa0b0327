"""What the engine does otherwise in a large network (codes in place of words, windows) never changes a result."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import sim
from sim import engine, rules, signals

feelings = st.floats(0, 1) | st.sampled_from([0.0, 1.0])
advantaged = st.builds(rules.shown_by_advantaged, st.integers(0, 3), st.booleans(), feelings, feelings)
marginalized = st.builds(rules.shown_by_marginalized, st.integers(0, 2), feelings)


def coded_and_not(monkeypatch, run):
    plain = run()
    monkeypatch.setattr(signals, "CODED_FROM", 0)
    return plain, run()


def hub_and_crowd():
    """Return a network in which some have no ties, most a few, one 40 and one 400: several chunks, and no halves."""
    n = 500
    ties = [(i, i + 1) for i in range(3, 480)] + [(0, i) for i in range(2, 42)] + [(1, i) for i in range(60, 460)]
    return sim.networks.from_edges(ties, is_marginalized=np.arange(n) % 3 == 0)


@settings(deadline=None, max_examples=300)
@given(advantaged | marginalized)
def test_whatever_somebody_shows_is_read_as_it_was_kept(shown):
    word, words = np.uint64(signals.pack(shown)), signals.words_of_codes()
    for kind in (np.uint16, np.uint64):
        entry = signals.as_entry(word, np.zeros((1, 1), kind))
        assert isinstance(entry, kind)
        assert signals.as_word(entry, words) == word


def test_different_words_have_different_codes():
    people = [rules.shown_by_advantaged(s, b, x / 64, x / 64) for s in range(4) for b in (0, 1) for x in range(65)]
    people += [rules.shown_by_marginalized(r, x / 64) for r in range(3) for x in range(65)]
    words = {int(signals.pack(shown)) for shown in people}
    assert len({int(signals.code_of(np.uint64(word))) for word in words}) == len(words)


@pytest.mark.parametrize("schedule", ["synchronous", "shuffled"])
@pytest.mark.parametrize("start", ["allied", "silent", 0.5])
def test_codes_give_the_same_bits_as_words(monkeypatch, schedule, start):
    network = hub_and_crowd()
    plain, coded = coded_and_not(
        monkeypatch, lambda: sim.simulate(network=network, steps=60, seed=5, start=start, schedule=schedule)
    )
    assert plain.state == coded.state
    assert (plain.tallies == coded.tallies).all()


def test_a_coded_run_in_threads_with_an_intervention_is_the_same(monkeypatch):
    network = hub_and_crowd()
    about = {"network": network, "steps": 30, "seed": 2, "interventions": ["accountability", "norm_feedback"]}
    plain, coded = coded_and_not(monkeypatch, lambda: sim.simulate(**about, threads=3))
    assert plain.state == coded.state == sim.simulate(**about, threads=1).state


def test_runs_side_by_side_take_no_notice_of_codes(monkeypatch):
    network = hub_and_crowd()
    plain, coded = coded_and_not(
        monkeypatch, lambda: sim.simulate_many(network=network, steps=20, seeds=[1, 2, 3, 4], start="allied")
    )
    assert [run.state for run in plain] == [run.state for run in coded]
    assert plain[0].state == sim.simulate(network=network, steps=20, seed=1, start="allied").state


def test_a_run_goes_on_from_a_coded_one(monkeypatch):
    network = hub_and_crowd()
    whole = sim.simulate(network=network, steps=40, seed=3)
    monkeypatch.setattr(signals, "CODED_FROM", 0)
    half = sim.simulate(network=network, steps=20, seed=3)
    assert sim.simulate(network=network, steps=20, seed=3, start=half).state == whole.state


def test_a_network_of_as_many_people_is_coded():
    network = sim.networks.two_groups(n_people=signals.CODED_FROM, mean_degree=4, seed=1)
    machine = engine.Engine(sim.Parameters(), network, sim.state.first_state(sim.Parameters(), network), seed=1)
    assert machine._shown.nbytes == 2 * network.n_people


@pytest.mark.parametrize("window", [1, 7, 100])
def test_the_order_of_slots_changes_nothing(monkeypatch, window):
    runs = []
    for size in (engine.WINDOW, window):
        monkeypatch.setattr(engine, "WINDOW", size)
        runs.append(sim.simulate(network=hub_and_crowd(), steps=40, seed=4, start="allied"))
    assert runs[0].state == runs[1].state and (runs[0].tallies == runs[1].tallies).all()


def test_in_a_window_people_stand_by_their_number_of_ties(monkeypatch):
    monkeypatch.setattr(engine, "WINDOW", 50)
    network = hub_and_crowd()
    layout = engine.layout_of(network)
    assert sorted(layout.person) == list(range(network.n_people))
    degree, own_order = network.degree[layout.person], np.argsort(network.is_marginalized, kind="stable")
    edges = sorted({0, layout.n_advantaged, *range(50, network.n_people, 50), network.n_people})
    for first, last in itertools.pairwise(edges):
        assert set(layout.person[first:last]) == set(own_order[first:last])  # nobody has left the window
        assert (np.diff(degree[first:last]) >= 0).all()
