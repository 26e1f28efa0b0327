"""The page: Mesa's controls, the sliders, and the pictures beside them. Solara serves `Page` to every visitor anew."""

from __future__ import annotations

from importlib.resources import files

import solara
from mesa.visualization import SolaraViz
from mesa.visualization.utils import update_counter

from sim.app import pictures
from sim.app.controls import Controls
from sim.app.desk import Desk
from sim.app.model import AppModel, networks, starts
from sim.app.words import HOW, LIMITS

STYLE = files("sim.app").joinpath("style.css").read_text(encoding="utf-8")
_PICTURES = {
    "network": pictures.network_svg,
    "legend": pictures.legend_html,
    "advantaged": pictures.advantaged_svg,
    "marginalized": pictures.marginalized_svg,
}
_HEADINGS = {"network": "Step {step}", "advantaged": "Advantaged group", "marginalized": "Marginalized group"}


@solara.component
def Page():
    """One visitor's page, with a desk and a model of its own."""
    desk = solara.use_memo(lambda: solara.reactive(Desk()), [])
    # Made here and not at the top of the module, where all visitors would share it.
    model = solara.use_memo(lambda: solara.reactive(AppModel(desk.peek)), [])
    settings = solara.use_memo(lambda: _settings(desk), [])
    solara.use_effect(lambda: lambda: _stop(model.peek()), [])
    solara.Title("Allyship")
    solara.Style(STYLE)
    # Mesa's grid of components would have a fixed width and one tab; the pictures below fit any screen.
    SolaraViz(model, components=[], model_params=settings, name="Allyship", play_interval=200)
    Controls(desk)
    Board(model.value)


@solara.component
def Board(model):
    """Show the people and what they came to, anew after each step."""
    update_counter.get()
    with solara.Div(classes=["allyship-board"]):
        if model.note:
            solara.Warning(model.note)
        for name, picture in _PICTURES.items():
            with solara.Div(classes=["allyship-card", f"allyship-{name}"]):
                if name in _HEADINGS:
                    solara.HTML(tag="h2", unsafe_innerHTML=_HEADINGS[name].format(step=model.now))
                solara.HTML(unsafe_innerHTML=picture(model))
        solara.HTML(tag="p", unsafe_innerHTML=HOW, classes=["allyship-text"])
        solara.HTML(tag="p", unsafe_innerHTML=LIMITS, classes=["allyship-text", "allyship-limits"])


def _stop(model) -> None:
    """End a run that nobody watches any more: Mesa's player would go on with it, and keep the server from ending."""
    model.running = False


def _settings(desk) -> dict:
    """Return what Mesa asks for before a Reset, and hands to the model that it then makes."""
    return {
        "desk": desk.peek,
        "network": _choice("Network (at Reset)", list(networks())),
        "start": _choice("How the advantaged group starts (at Reset)", list(starts())),
    }


def _choice(label: str, values: list[str]) -> dict:
    return {"type": "Select", "label": label, "values": values, "value": values[0]}
