"""Whatever is wrong with parameters or their file, one InputError says what, and what would be right."""

import math
import os
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from refusing import refused

import sim

DEEP = "[" * 60_000


# === parameters =========================================================================================


@pytest.mark.parametrize(
    ("values", "parts"),
    [
        ({"loyality": 0.5}, ("parameter", "'loyality'", "did you mean 'loyalty'")),
        ({"Stigma_Transfer": 0.5}, ("'Stigma_Transfer'", "did you mean 'stigma_transfer'")),
        ({"tau": 0.5}, ("parameter 'tau' is not known", "stigma_transfer")),
        ({"loyalty": -0.1}, ("loyalty = -0.1", "from 0 to 1")),
        ({"loyalty": 1.0000000001}, ("loyalty = 1.0000000001", "from 0 to 1")),
        ({"sympathy": -1.5}, ("sympathy = -1.5", "from -1 to 1")),
        ({"stigma_cost": 101}, ("stigma_cost = 101", "from 0 to 100")),
        ({"effort": -1e308}, ("effort = -1e+308", "from -100 to 100")),
        ({"noise": math.nan}, ("noise = nan", "from 0 to 100")),
        ({"noise": math.inf}, ("noise = inf", "from 0 to 100")),
        ({"noise": np.float32("-inf")}, ("noise = ", "-inf", "from 0 to 100")),
        ({"noise": 10**400}, ("noise = 1000", "from 0 to 100")),
        ({"noise": 10**5000}, ("noise = <int of 16610 bits>", "from 0 to 100")),
        ({"noise": -(10**5000)}, ("noise = <int of 16610 bits>", "from 0 to 100")),
        ({"revise": True}, ("revise", "not True", "number from 0 to 1")),
        ({"revise": np.True_}, ("revise", "True", "number from 0 to 1")),
        ({"revise": "0.1"}, ("revise", "'0.1'", "number from 0 to 1")),
        ({"revise": None}, ("revise", "None", "number from 0 to 1")),
        ({"revise": 1j}, ("revise", "1j", "number from 0 to 1")),
        ({"revise": Decimal("0.1")}, ("revise", "Decimal('0.1')", "number from 0 to 1")),
        ({"revise": [0.1]}, ("revise", "[0.1]", "number from 0 to 1")),
        ({"revise": np.array([0.1])}, ("revise", "array([0.1])", "number from 0 to 1")),
        ({"revise": pd.Series([0.1, 0.2])}, ("revise", "0.1", "number from 0 to 1")),
        ({"revise": lambda: 0.1}, ("revise", "function", "number from 0 to 1")),
        ({"token_allowed": 1}, ("token_allowed", "True or False", "1")),
        ({"token_allowed": "no"}, ("token_allowed", "True or False", "'no'")),
        ({"token_allowed": None}, ("token_allowed", "True or False", "None")),
        (dict.fromkeys(("oppose_allowed", "bystand_allowed", "token_allowed", "ally_allowed"), False),
         ("oppose_allowed", "bystand_allowed", "at least one stance must be allowed")),
    ],
)  # fmt: skip
def test_parameters(values, parts):
    for build in (sim.Parameters, sim.Parameters().replace):
        refused(parts, build, **values)
    refused(parts, sim.Parameters.from_dict, values)


def test_parameters_by_position():
    refused(("names", "loyalty=0.6", "0.4"), sim.Parameters, 0.4)


@pytest.mark.parametrize(
    ("values", "parts"),
    [
        (None, ("mapping", "NoneType")),
        ([("loyalty", 0.5)], ("mapping", "list")),
        ("loyalty = 0.5", ("mapping", "str")),
        ({1: 0.5}, ("parameter name 1", "text")),
        ({None: 0.5}, ("parameter name None", "text")),
    ],
)
def test_parameters_from_something_that_is_no_mapping_of_names(values, parts):
    refused(parts, sim.Parameters.from_dict, values)


# === TOML ===============================================================================================


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("[parameters]\nloyality = 0.5", ("'loyality'", "did you mean 'loyalty'")),
        ("[parameters]\nloyalty = 2", ("loyalty = 2", "from 0 to 1")),
        ("[parameters]\nloyalty = nan", ("loyalty = nan", "from 0 to 1")),
        ("[parameters]\nloyalty = -inf", ("loyalty = -inf", "from 0 to 1")),
        ("[parameters]\nloyalty = '0.5'", ("loyalty", "'0.5'", "from 0 to 1")),
        ("[parameters]\nloyalty = true", ("loyalty", "True", "from 0 to 1")),
        ("[parameters]\nloyalty = 2020-01-01", ("loyalty", "2020", "from 0 to 1")),
        ("[parameters]\nloyalty = [0.5]", ("loyalty", "[0.5]", "from 0 to 1")),
        ("[parameters.loyalty]\nmean = 0.5", ("loyalty", "{'mean': 0.5}", "from 0 to 1")),
        ("[parameters]\nnoise = 1" + "0" * 400, ("noise = 1000", "from 0 to 100")),
        ("[parameters]\nnoise = 1" + "0" * 5000, ("parameters are not valid TOML", "digits")),
        ("[parameters]\nnoise = 1e999", ("noise = inf", "from 0 to 100")),
        ("[parameters]\ntoken_allowed = 0", ("token_allowed", "True or False", "0")),
        ("[parameters]\nloyalty = 0.5\nloyalty = 0.6", ("not valid TOML", "overwrite")),
        ("[parameters]\n[parameters]", ("not valid TOML", "line 2")),
        ("[parameters]\nloyalty 0.5", ("not valid TOML", "line 2")),
        ("[parameters]\nloyalty = ", ("not valid TOML", "Invalid value")),
        ("[parameters\nloyalty = 0.5", ("not valid TOML", "line 1")),
        ("[parameters]\nloyalty = " + DEEP, ("not valid TOML",)),
        ("[parameters]\nloyalty = \x00", ("not valid TOML",)),
        ("loyalty = 0.5", ("'loyalty' = 0.5", "under [parameters]")),
        ("[parameter]\nloyalty = 0.5", ("section 'parameter'", "did you mean 'parameters'")),
        ("[model]\nloyalty = 0.5", ("section 'model'", "allowed: parameters")),
        ("parameters = 0.5", ("'parameters' = 0.5", "under [parameters]")),
        ("[[parameters]]\nloyalty = 0.5", ("[parameters]", "section", "[{'loyalty': 0.5}]")),
        ("[parameters]\npreset = 'holow'", ("preset", "'holow'", "did you mean 'hollow'")),
        ("[parameters]\npreset = 3", ("preset = 3", "allowed: default")),
        ("[parameters]\npreset = ['hollow']", ("preset", "['hollow']", "allowed: default")),
    ],
)
def test_toml(text, parts, tmp_path):
    refused(parts, sim.Parameters.from_toml, text)
    file = tmp_path / "parameters.toml"
    file.write_text(text, encoding="utf-8")
    refused(parts, sim.Parameters.from_toml, file)


@pytest.mark.parametrize(
    "text",
    [
        "a" + ".a" * 16_000 + " = 1",
        "[a" + ".a" * 16_000 + "]\n",
        "a" + " . a" * 9 + " = 1",
        '"#"' + ".'='" * 9 + " = 1",
        "parameters = {a" + ".a" * 9 + " = 1}",
        'a = ["""x"""", {a' + ".a" * 9 + " = 1}]",
    ],
    ids=lambda text: text[:12],
)
def test_a_name_of_many_dots_is_refused_before_it_is_read(text, tmp_path, monkeypatch):
    monkeypatch.setattr("tomllib.loads", lambda _: pytest.fail("read, which may take very long"))
    refused(("more than 8 dots",), sim.Parameters.from_toml, text)
    (tmp_path / "p.toml").write_text(text, encoding="utf-8")
    refused(("more than 8 dots",), sim.Parameters.from_toml, tmp_path / "p.toml")


def test_dots_elsewhere_are_fine():
    dots = "a.b.c.d.e.f.g.h.i.j.k.l"
    text = f'# {dots} = 1\n[parameters] # {dots}\nloyalty = 0.9  # it\'s "so": {dots}\n'
    assert sim.Parameters.from_toml(text).loyalty == 0.9
    refused((dots, "from 0 to 1"), sim.Parameters.from_toml, f"[parameters]\nloyalty = '{dots}'")


def test_a_long_toml_is_refused(tmp_path):
    file = tmp_path / "p.toml"
    for text in ("#" * 65_536 + "\n", "#" + "é" * 32_768 + "\n"):
        refused(("parameters are too long", "at most 65536 bytes"), sim.Parameters.from_toml, text)
        file.write_text(text, encoding="utf-8")
        refused(("p.toml' is too long", "at most 65536 bytes"), sim.Parameters.from_toml, file)
    assert sim.Parameters.from_toml("#" * 65_535 + "\n") == sim.Parameters()


@pytest.mark.skipif(not os.path.exists("/dev/zero"), reason="needs a file without end")
def test_of_a_long_file_no_more_is_read_than_needed(tmp_path):
    file = tmp_path / "p.toml"
    with file.open("wb") as stream:
        stream.truncate(2**40)
    refused(("too long",), sim.Parameters.from_toml, file)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00\x01", b"\x89PNG\r\n\x1a\n\x00", bytes(range(256))])
def test_a_toml_file_that_is_not_text(content, tmp_path):
    file = tmp_path / "picture.toml"
    file.write_bytes(content)
    refused(("picture.toml", "not UTF-8 text"), sim.Parameters.from_toml, file)


def test_a_toml_file_that_is_not_there(tmp_path):
    (tmp_path / "parameters.toml").write_text("[parameters]", encoding="utf-8")
    refused(("paramters.toml", "does not exist", "did you mean 'parameters.toml'"), sim.Parameters.from_toml,
            tmp_path / "paramters.toml")  # fmt: skip
    refused(("does not exist",), sim.Parameters.from_toml, str(tmp_path / "nowhere" / "parameters.toml"))
    refused(("not an ordinary file",), sim.Parameters.from_toml, tmp_path)


@pytest.mark.parametrize("path", ["", "a\0b", "x" * 5000, b"[parameters]\nloyalty = 1", None, 7, ["a.toml"], {}])
def test_a_toml_path_that_is_no_path(path):
    refused(("parameter file",), sim.Parameters.from_toml, path)


def test_a_path_may_hold_an_equals_sign(tmp_path):
    folder = tmp_path / "loyalty=0.9"
    folder.mkdir()
    (folder / "parameters.toml").write_text("[parameters]\nloyalty = 0.9", encoding="utf-8")
    assert sim.Parameters.from_toml(folder / "parameters.toml").loyalty == 0.9


@pytest.mark.parametrize(
    ("name", "parts"),
    [("Hollow", ("'Hollow'", "did you mean 'hollow'")), ("", ("preset = ''", "allowed: default, silence")),
     (None, ("preset = None", "allowed: default")), (["hollow"], ("['hollow']", "allowed: default"))],
)  # fmt: skip
def test_an_unknown_preset(name, parts):
    refused(parts, sim.preset, name)
