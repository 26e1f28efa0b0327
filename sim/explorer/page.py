"""The page: one HTML file with everything in it, made from the library as it is now."""

from __future__ import annotations

import base64
import hashlib
import json
from importlib.resources import files
from pathlib import Path

import sim
from sim.explorer.baked import FAMILIES, network_json
from sim.explorer.model_script import engine_script, web_text
from sim.explorer.scenes import scenes
from sim.interventions import CATALOGUE, RULES, intervention
from sim.parameters import KNOBS, presets
from sim.plots import looks

LANGUAGES = ("en", "de")
PAGE = (
    "dom", "text", "shapes", "setup", "state", "link", "address", "choosing", "control", "keyboard", "running",
    "stage", "chart",
    "legend", "result", "predict", "verdict", "many", "compare", "puzzle", "inspect", "tables", "sandbox", "export",
    "help", "app",
)  # fmt: skip
MOST_BYTES = 1_500_000


def page() -> str:
    """Return the whole page as HTML.

    It makes no request of any kind: a policy inside it forbids that, and allows only its own script.
    """
    script = f'"use strict";\n(() => {{\n{engine_script()}\n{_page_script()}\n}})();\n'
    parts = {
        "policy": _policy(script),
        "style": _colours() + web_text("style.css"),
        "data": json.dumps(data(), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c"),
        "script": script,
    }
    text = web_text("page.html")
    for name, part in parts.items():
        before, after = text.split(f"{{{{{name}}}}}")
        text = before + part + after
    return text


def write_page(path) -> int:
    """Write the page to a file and return its size in bytes."""
    raw = page().encode("utf-8")
    Path(path).write_bytes(raw)
    return len(raw)


def data() -> dict:
    """Return everything that the page knows beside its program: knobs, networks, scenes, interventions, words."""
    content = _model_json()
    told = json.dumps(content, sort_keys=True, ensure_ascii=False)
    about = {"version": sim.__version__, "digest": hashlib.sha256((engine_script() + told).encode()).hexdigest()[:8]}
    return about | content | {"strings": {language: strings(language) for language in LANGUAGES}}


def _model_json() -> dict:
    """Return all that a run can depend on beside the program; with another digest a link may mean another run."""
    return {
        "knobs": [_knob_json(knob) for knob in KNOBS],
        "presets": {name: _numbers(one.parameters.changes()) for name, one in presets().items()},
        "interventions": {
            name: {"sentence": entry.sentence, "source": entry.source, "harmful": entry.is_harmful,
                   "defaults": intervention(name).to_dict()} for name, entry in CATALOGUE.items()
        },
        "blank": intervention("scene", people=[0], force="ally").to_dict(),
        "rules": list(RULES),
        "networks": {name: network_json(name) for name in FAMILIES},
        "scenes": [one | {"parameters": _numbers(one["parameters"])} for one in scenes().values()],
    }  # fmt: skip


def strings(language: str) -> dict[str, str]:
    """Return the words of the page in a language, by key."""
    return json.loads(files("sim.explorer").joinpath("web", "strings", f"{language}.json").read_text(encoding="utf-8"))


def _knob_json(knob) -> dict:
    names = ("name", "symbol", "meaning", "mechanism", "source")
    numbers = ("default", "low", "high", "usual_low", "usual_high")
    told = {name: getattr(knob, name) for name in names} | {name: float(getattr(knob, name)) for name in numbers}
    return told | {"switch": knob.is_switch}


def _numbers(values: dict) -> dict:
    return {name: float(value) for name, value in values.items()}


def _page_script() -> str:
    shapes = f"const SHAPES = {json.dumps(looks.SHAPES)};"
    return "\n\n".join([shapes, *(web_text(f"page/{name}.js") for name in PAGE)])


def _policy(script: str) -> str:
    """Return a policy under which the page can load nothing and run nothing but its own script."""
    digest = base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


def _colours() -> str:
    """Return the colours of the project's figures, so that the page and the figures speak one language."""
    names = {"ally": "ally_share", "token": "token_share", "bystand": "bystand_share", "oppose": "oppose_share",
             "welcome": "welcome_share", "gatekeep": "gatekeep_share", "withdraw": "withdraw_share"}  # fmt: skip
    lines = "".join(f"--{name}:{looks.LINES[column][0]};" for name, column in names.items())
    return f":root{{{lines}--ink:{looks.INK}}}\n"
