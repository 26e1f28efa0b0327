"""Parameters: declared once, valid by construction, and none of them idle."""

import ast
import copy
import dataclasses
import inspect
import pickle
import tomllib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from published import VALUES

import sim
from sim import kernel, parameters, rules, state
from sim.checks import InputError
from sim.parameters import FIRST_ASSUMED, KNOBS, Parameters, numbers_of, preset, presets

CHANGED = Parameters(loyalty=0.1 + 0.2, effort=-3.5, stigma_transfer=1e-300, noise=0.0, token_allowed=False)

# The values of the published equations, retyped. `internalise` has no prototype value there.
MODEL_VALUES = {
    "stigma_transfer": 0.4, "group_stigma": 0.6, "stigma_memory": 0.2, "loyalty_spread": 0.15, "conformity": 7,
    "sympathy_spread": 0.4, "sanction": 2, "complicity": 0.3, "shield": 0.7, "threat": 1, "distancing": 1,
    "accountability": 1, "image": 2, "token_visibility": 0.5, "revise": 0.1, "noise": 1, "trust_gain": 0.15,
    "opposition_loss": 0.2, "token_loss": 0.05, "cost_credibility": 0.8, "gossip": 0.1,
    "trust_weight": 2, "solidarity": 1, "authenticity_threat": 1.5, "gatekeep_effort": 1, "hostility": 2,
}  # fmt: skip
# The values found by experiments/calibration.py.
CALIBRATED = {
    "loyalty": 0.75, "sympathy": 0.43, "conviction": 1.2, "effort": 2.1, "token_effort": 2.6, "stigma_cost": 4.5,
    "proximity": 0.1, "acceptance": 1.7, "wariness": 0.4, "contact": 0.001, "heed": 0.05, "betrayal_loss": 0.5,
}  # fmt: skip
OURS = {
    "trust": 0.5, "trust_spread": 0.15, "repair": 0, "safety": 0, "appeals": 0, "feedback": 0,
    "crossing_share": 0, "crossing_release": 0.5, "crossing_stigma": 0.3,
}  # fmt: skip
SYMBOLS = {
    "stigma_transfer": "τ", "group_stigma": "σ", "proximity": "q", "stigma_memory": "ρ", "stigma_cost": "c_S",
    "distancing": "δ", "loyalty": "λ", "conformity": "J", "conviction": "a", "sympathy": "x", "sanction": "κ",
    "complicity": "c", "shield": "π", "threat": "η", "accountability": "acct", "acceptance": "acc", "image": "ω",
    "token_visibility": "ν", "effort": "e", "trust_gain": "g", "betrayal_loss": "l", "opposition_loss": "l_o",
    "cost_credibility": "ψ", "trust_weight": "w_t", "solidarity": "m", "authenticity_threat": "θ",
    "gatekeep_effort": "e_g", "hostility": "h", "safety": "safe",
}  # fmt: skip


def bits(p):
    return [(name, value.hex() if isinstance(value, float) else value) for name, value in p.to_dict().items()]


# === there and back =====================================================================================


def write(p, folder):
    file = folder / "some parameters.toml"
    file.write_text(p.to_toml(), encoding="utf-8")
    return file


@pytest.mark.parametrize("p", [Parameters(), CHANGED, *(item.parameters for item in presets().values())], ids=repr)
def test_parameters_come_back_the_same_from_every_form(p, tmp_path):
    file = write(p, tmp_path)
    copies = [
        Parameters.from_dict(p.to_dict()), Parameters(**p.to_dict()), p.replace(), Parameters().replace(**p.changes()),
        Parameters.from_toml(p.to_toml()), Parameters.from_toml(file), Parameters.from_toml(str(file)),
        copy.copy(p), copy.deepcopy(p), dataclasses.replace(p), eval(repr(p)),
        *(pickle.loads(pickle.dumps(p, protocol)) for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)),
    ]  # fmt: skip
    for other in copies:
        assert bits(other) == bits(p)
        assert other == p
        assert hash(other) == hash(p)


def values_of(knob):
    if knob.is_switch:
        return st.just(True) if knob.name == "bystand_allowed" else st.booleans()
    return st.floats(knob.low, knob.high) | st.sampled_from([knob.low, knob.high, knob.usual_low, knob.usual_high])


@settings(deadline=None)
@given(st.fixed_dictionaries({}, optional={knob.name: values_of(knob) for knob in KNOBS}))
def test_any_values_in_range_are_accepted_and_survive_toml_to_the_last_bit(values):
    p = Parameters(**values)
    assert all(getattr(p, name) == value for name, value in values.items())
    assert bits(Parameters.from_toml(p.to_toml())) == bits(p)
    assert bits(Parameters.from_dict(p.to_dict())) == bits(p)


@settings(deadline=None)
@given(st.sampled_from([knob for knob in KNOBS if not knob.is_switch]), st.floats(0, 1e300, exclude_min=True))
def test_any_value_out_of_range_is_refused(knob, beyond):
    for value in (knob.low - beyond, knob.high + beyond):
        if not knob.low <= value <= knob.high:
            with pytest.raises(InputError, match=rf"^{knob.name} = .* out of range"):
                Parameters(**{knob.name: value})


def test_toml_explains_every_knob_on_its_line():
    lines = Parameters().to_toml().splitlines()
    assert lines[0] == "[parameters]"
    for line, knob in zip(lines[1:], KNOBS, strict=True):
        assert line.startswith(f"{knob.name} = ")
        assert line.endswith(f"  # {knob.meaning}")
    assert tomllib.loads(Parameters().to_toml())["parameters"] == Parameters().to_dict()


def test_a_toml_file_may_start_from_a_preset():
    p = Parameters.from_toml('[parameters]\npreset = "hollow"\nimage = 5')
    assert p == preset("hollow").replace(image=5.0)
    assert Parameters.from_toml("[parameters]\n") == Parameters.from_toml("# nothing\n") == Parameters()


def test_whole_and_numpy_numbers_become_plain_floats():
    p = Parameters(loyalty=1, effort=np.float64(2), image=np.int32(3), token_allowed=np.False_)
    assert [(type(v), v) for v in (p.loyalty, p.effort, p.image)] == [(float, 1.0), (float, 2.0), (float, 3.0)]
    assert p.token_allowed is False


def test_minus_zero_means_zero():
    p = Parameters(stigma_transfer=-0.0)
    assert p == Parameters(stigma_transfer=0.0)
    assert hash(p) == hash(Parameters(stigma_transfer=0.0))


# === frozen, equal, printed =============================================================================


@pytest.mark.parametrize("name", ["loyalty", "no_such_name"])
def test_parameters_are_frozen(name):
    p = Parameters()
    with pytest.raises(AttributeError):
        setattr(p, name, 0.5)
    with pytest.raises(AttributeError):
        del p.loyalty
    assert p == Parameters()


@pytest.mark.parametrize("knob", KNOBS, ids=lambda knob: knob.name)
def test_every_knob_makes_a_difference_to_equality_and_is_reported_as_a_change(knob):
    other = knob.high if knob.default != knob.high else knob.low
    p = Parameters(**{knob.name: not knob.default if knob.is_switch else other})
    assert p != Parameters()
    assert list(p.changes()) == [knob.name]
    assert repr(p) == f"Parameters({knob.name}={getattr(p, knob.name)!r})"
    assert len({p, Parameters(), p.replace()}) == 2


def test_the_numbers_that_rules_read_are_the_same_values_by_name():
    numbers = numbers_of(CHANGED)
    assert numbers._fields == (*Parameters.names(), "forced")
    assert all(type(value) is float for value in numbers)
    assert numbers._asdict() == CHANGED.to_dict() | {"crossing_stigma": 0.0, "forced": -1.0}


# === the table ==========================================================================================


def test_the_table_lists_every_knob_once_with_everything_declared_about_it():
    table = Parameters.table()
    assert list(table["name"]) == Parameters.names() == [field.name for field in dataclasses.fields(Parameters)]
    assert list(table["default"]) == list(Parameters().to_dict().values())
    assert set(table.columns) == {field.name for field in dataclasses.fields(parameters.Knob)}


@pytest.mark.parametrize("knob", KNOBS, ids=lambda knob: knob.name)
def test_every_knob_is_declared_completely(knob):
    assert len(knob.meaning.split()) >= 3
    assert knob.mechanism
    assert knob.source
    assert knob.symbol or knob.is_switch
    assert knob.low <= knob.usual_low <= knob.default <= knob.usual_high <= knob.high
    assert knob.usual_low < knob.usual_high
    assert not set('\n#"') & set(knob.meaning)


def test_symbols_are_those_of_the_model_and_each_means_one_thing():
    symbols = {knob.name: knob.symbol for knob in KNOBS if knob.symbol}
    assert {name: symbols[name] for name in SYMBOLS} == SYMBOLS
    assert len(set(symbols.values())) == len(symbols)


def test_defaults_are_the_values_of_the_model():
    switches = {knob.name: True for knob in KNOBS if knob.is_switch}
    values = Parameters().to_dict()
    assert 0 < values.pop("internalise") < 0.01  # the model says no more than "slowly"
    assert MODEL_VALUES | CALIBRATED | OURS | switches == values
    assert {knob.name for knob in KNOBS if "calibrated" in knob.source} == set(CALIBRATED)
    assert FIRST_ASSUMED == VALUES


# === no idle knobs ======================================================================================


def names_read_from_p(module):
    tree = ast.parse(inspect.getsource(module))
    return {
        node.attr
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "p"
    }


def test_every_knob_is_read_by_a_rule_or_by_the_loop():
    read = names_read_from_p(rules) | names_read_from_p(state) | names_read_from_p(kernel)
    assert set(Parameters.names()) - read == set()


@pytest.mark.parametrize("module", [rules, state, kernel], ids=lambda module: module.__name__)
def test_every_name_that_is_read_is_a_knob(module):
    assert names_read_from_p(module) <= {*Parameters.names(), "forced"}


# === presets ============================================================================================


def test_presets_are_named_explained_and_different():
    assert list(presets()).index("default") == 0
    assert presets()["default"].parameters == Parameters()
    assert {"silence", "spread", "hollow", "opposition", "mixed"} <= set(presets())
    assert len({item.parameters for item in presets().values()}) == len(presets())
    for name, item in presets().items():
        assert item.name == name
        assert item.sentence.endswith(".")
        assert len(item.sentence.split()) >= 6
        assert preset(name) is item.parameters


def test_presets_stay_inside_the_usual_ranges():
    usual = {knob.name: (knob.usual_low, knob.usual_high) for knob in KNOBS}
    for item in presets().values():
        for name, value in item.parameters.changes().items():
            assert usual[name][0] <= value <= usual[name][1]


@pytest.mark.parametrize("name", ["contact", "internalise", "appeals"])
def test_at_the_ends_of_their_usual_ranges_private_views_still_differ(name):
    """Rates of private change are slow: in 300 steps nobody makes everybody think the same."""
    knob = next(knob for knob in KNOBS if knob.name == name)
    network = sim.networks.two_groups(200, seed=1)
    for value in (knob.usual_low, knob.usual_high):
        run = sim.simulate(Parameters(**{name: value}), network, steps=300, seed=1)
        views = run.state.sympathy[~network.is_marginalized]
        assert views.std() > 0.15 and (abs(views) > 0.95).mean() < 0.3
