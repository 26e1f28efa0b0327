"""What all published models have in common: arguments by name, clear refusals, a history, one seed for everything."""

import inspect
from pathlib import Path

import numpy as np
import pytest

import sim
from sim import classics
from sim.checks import InputError
from sim.networks import complete, ring_lattice

MODELS = {name: getattr(classics, name) for name in classics.__all__}
SMALL = {
    "brock_durlauf": {"n_people": 50}, "chang_harrington": {}, "complex_contagion": {"n_people": 50, "noise": 0.1},
    "emperors_dilemma": {"side": 8, "believer_share": 0.1}, "granovetter": {"n_people": 50}, "ising": {"side": 8},
    "opinion_expression": {"n_people": 60, "mean_degree": 10}, "tipping_point": {"n_people": 50},
    "watts": {"n_people": 200, "n_first": 5},
}  # fmt: skip


def small(name, **more):
    return MODELS[name].run(**(SMALL[name] | {"steps": 12} | more))


def test_every_module_is_a_model():
    files = {path.stem for path in Path(classics.__file__).parent.glob("*.py")}
    assert files - set(MODELS) == {"__init__", "adoption", "heat_bath", "lattices", "outcome"}


@pytest.mark.parametrize("name", MODELS)
def test_a_history_has_a_row_per_step_and_shares(name):
    history = small(name).history
    assert history["step"].tolist() == list(range(13))
    assert history.drop(columns="step").stack().between(-1, 1).all()


@pytest.mark.parametrize("name", MODELS)
def test_zero_steps_are_the_start_alone(name):
    assert len(small(name, steps=0).history) == 1


@pytest.mark.parametrize("name", MODELS)
def test_the_same_seed_is_the_same_run(name):
    assert small(name, seed=5).history.equals(small(name, seed=5).history)


@pytest.mark.parametrize("name", MODELS)
def test_another_seed_is_another_run(name):
    runs = [small(name, seed=seed).history for seed in range(6)]
    assert any(not runs[0].equals(run) for run in runs[1:])


@pytest.mark.parametrize("name", MODELS)
def test_shorter_runs_are_the_beginning_of_longer_ones(name):
    assert small(name).history.head(8).equals(small(name, steps=7).history)


@pytest.mark.parametrize("name", MODELS)
def test_settings_hold_all_arguments(name):
    run = small(name, seed=3)
    assert list(run.settings) == list(inspect.signature(MODELS[name].run).parameters)
    assert run.settings["seed"] == 3
    assert "12 steps" in repr(run)


@pytest.mark.parametrize("name", MODELS)
def test_arguments_go_by_name(name):
    with pytest.raises(InputError, match="by name"):
        MODELS[name].run(0.3)


@pytest.mark.parametrize("name", MODELS)
def test_a_misspelt_name_is_refused_with_the_nearest(name):
    with pytest.raises(InputError, match=r"'stepps' is not known \(did you mean 'steps'\?\)"):
        MODELS[name].run(stepps=3)


@pytest.mark.parametrize("name", MODELS)
def test_bad_values_are_refused_with_what_is_allowed(name):
    """Every argument that is a number, with what is no number, no finite one, and far out of range."""
    for argument, known in inspect.signature(MODELS[name].run).parameters.items():
        if isinstance(known.default, bool):
            bad = [1, "yes", None]
        elif isinstance(known.default, int | float):
            bad = ["0.3", None, float("nan"), -1e9, 10**30, 1j, [0.3]]
        elif isinstance(known.default, str):
            bad = ["rndom", 3, None]
        else:
            bad = [3, "ring", [1, 2]]
        for value in bad:
            with pytest.raises(InputError) as caught:
                small(name, **{argument: value})
            message = str(caught.value)
            assert argument in message, message
            assert any(words in message for words in ("must be", "allowed", "greatest possible")), message
            assert "\n" not in message


@pytest.mark.parametrize("name", [name for name in MODELS if name != "chang_harrington"])
def test_any_network_will_do(name):
    """Also one with people whom nobody is tied to, and one of everybody."""
    more = {"n_first": 1} if name == "watts" else {}
    lonely = sim.networks.from_edges([(0, 1), (1, 2)], [False, False, False, True])
    for network in (ring_lattice(20, 0.5, mean_degree=4, seed=1), complete(10, 0.5, seed=1), lonely):
        run = small(name, network=network, **more)
        assert run.history.iloc[-1].drop("step").between(-1, 1).any() or run.history.isna().iloc[-1].any()
        assert run.network.n_people == network.n_people


def test_shares_of_nobody_are_not_zero_but_unknown():
    assert np.isnan(small("chang_harrington", conformist_share=0).history["conformists_accepting"]).all()
    assert np.isnan(small("emperors_dilemma", believer_share=1).history["complying_share"]).all()
    assert np.isnan(small("tipping_point", committed_share=1).history["alternative_share"]).all()
    assert np.isnan(small("opinion_expression", minority_share=0).history["minority_speaking"]).all()
