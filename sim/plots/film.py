"""A run on its network, step by step: one piece of HTML that needs no server, no network and no library."""

from __future__ import annotations

import hashlib
import html
import json
from importlib.resources import files

import numpy as np

from sim.counting import counted
from sim.plots.cards import tally
from sim.plots.looks import RESPONSES, STANCES
from sim.plots.shapes import acts_as_words, outline, picture


class Film:
    """What everybody shows at every step, with a slider; shows itself in a notebook.

    Without JavaScript it is a picture of its last step.

    Attributes
    ----------
    html : str
    told : str
        What it shows, in a sentence.
    """

    def __init__(self, html: str, told: str):
        self.html, self.told = html, told

    def _repr_html_(self) -> str:
        return self.html

    def __repr__(self) -> str:
        return f"<Film: {self.told}>"


def film(crowd, acts: np.ndarray, *, first_step: int = 0, note: str = "") -> Film:
    """Return the film of a run.

    Parameters
    ----------
    crowd : Crowd
        Whom to show.
    acts : int array, shape (steps, len(crowd.people))
        What they show: numbers of `Stance` and `Response`.
    first_step : int
        Step of the first row.
    note : str
        What it rests on, printed below.
    """
    shown = " ".join("".join(map(str, row)) for row in np.asarray(acts).tolist())
    last = acts_as_words(acts[-1].tolist(), crowd.is_marginalized)
    groups = "".join("m" if ring else "a" for ring in crowd.is_marginalized)
    looks = {group: [[*outline(word), word] for word in words] for group, words in (("a", STANCES), ("m", RESPONSES))}
    name = hashlib.sha256((shown + groups).encode()).hexdigest()[:12]
    end = first_step + len(acts) - 1
    told = f"{counted(len(crowd.people), 'person', 'people')}, steps {first_step} to {end}"
    data = {"film": name, "acts": shown, "groups": groups, "looks": json.dumps(looks), "first": first_step}
    attributes = " ".join(f'data-{key}="{html.escape(str(value))}"' for key, value in data.items())
    lines = " ".join(line for line in (note, crowd.told) if line)
    return Film(
        f'<div {attributes} style="max-width:640px">{picture(crowd, last)}'
        '<div data-controls style="display:none;gap:.6rem;align-items:center;margin:.4rem 0">'
        '<button type="button" data-play>Play</button>'
        f'<input type="range" min="0" max="{len(acts) - 1}" value="{len(acts) - 1}" aria-label="step" style="flex:1">'
        f'</div><div data-step aria-live="off"><b>Step {end}</b></div>{tally(last, crowd.is_marginalized)}'
        f'<p style="font-size:.85em;opacity:.85">{html.escape(lines)}</p></div>'
        f"<script>{_script()}</script>",
        told,
    )


def _script() -> str:
    return files("sim.plots").joinpath("film.js").read_text(encoding="utf-8")
