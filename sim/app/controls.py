"""The sliders: the first few, the others folded by mechanism, each with what the parameter table says about it."""

from __future__ import annotations

import dataclasses

import solara

from sim.app.desk import AT_START, FIRST, Desk, by_mechanism, seed_of, slider_of, told
from sim.app.words import LATER, NOW
from sim.parameters import KNOBS, Knob, presets

_KNOBS = {knob.name: knob for knob in KNOBS}


@solara.component
def Controls(desk: solara.Reactive[Desk]):
    """Let a visitor choose a preset and change numbers."""

    def take(preset: str) -> None:
        desk.set(desk.value.take(preset))

    with solara.Sidebar():
        Seed(desk)
        with solara.Card("Numbers of the model", classes=["allyship-controls"]):
            solara.Select("Preset", list(presets()), desk.value.preset, on_value=take)
            solara.Text(presets()[desk.value.preset].sentence, classes=["allyship-quiet"])
            changed = desk.value.changed
            solara.Button(f"Put all back ({len(changed)} changed)", disabled=not changed, text=True,
                          classes=["put-all-back"], on_click=lambda: take(desk.value.preset))  # fmt: skip
            for name in FIRST:
                Control(desk, _KNOBS[name]).key(name)
            for mechanism, knobs in by_mechanism().items():
                Folded(desk, mechanism, knobs).key(f"mechanism {mechanism}")


@solara.component
def Seed(desk: solara.Reactive[Desk]):
    """Let a visitor type the seed, and say at once if it is none."""

    def put(text: str) -> None:
        desk.set(dataclasses.replace(desk.value, seed=text))

    with solara.Card(classes=["allyship-seed"]):
        solara.InputText("Seed of people and luck (at Reset)", desk.value.seed, on_value=put, continuous_update=True,
                         error=seed_of(desk.value.seed)[1] or False)  # fmt: skip


@solara.component
def Folded(desk: solara.Reactive[Desk], mechanism: str, knobs: list[Knob]):
    """Show the numbers of a mechanism once it is unfolded."""
    is_open, set_open = solara.use_state(False)
    changed = set(desk.value.changed).intersection(knob.name for knob in knobs)
    solara.Button(f"{mechanism} ({len(knobs)}){' •' if changed else ''}", text=True, classes=["allyship-fold"],
                  icon_name="mdi-chevron-down" if is_open else "mdi-chevron-right",
                  on_click=lambda: set_open(not is_open))  # fmt: skip
    if is_open:
        for knob in knobs:
            Control(desk, knob).key(knob.name)


@solara.component
def Control(desk: solara.Reactive[Desk], knob: Knob):
    """Show one number: its name, value and meaning, and what changes it or puts it back."""
    value = getattr(desk.value.parameters, knob.name)
    is_changed = value != getattr(desk.value.base, knob.name)

    def put(new) -> None:
        desk.set(desk.value.put(knob.name, new))

    with solara.Div(classes=["allyship-knob", f"knob-{knob.name}"]):
        with solara.Row(gap="0px", style="align-items: center"):
            with solara.Tooltip(told(knob)):
                symbol = f" ({knob.symbol})" if knob.symbol else ""
                words = "" if knob.is_switch else f" = {value:g}"
                solara.Text(f"{knob.name}{symbol}{words}", classes=["allyship-name"])
            solara.Text(LATER if knob.name in AT_START else NOW, classes=["allyship-when"])
            solara.Button(icon_name="mdi-restore", icon=True, small=True, disabled=not is_changed,
                          attributes={"aria-label": f"Put {knob.name} back"},
                          on_click=lambda: desk.set(desk.value.put_back(knob.name)))  # fmt: skip
        if knob.is_switch:
            solara.Checkbox(label=knob.meaning, value=value, on_value=put)
        else:
            low, high, step = slider_of(knob)
            solara.SliderFloat(knob.name, value=value, min=low, max=high, step=step, on_value=put, thumb_label=False)
            solara.Text(knob.meaning, classes=["allyship-quiet"])
