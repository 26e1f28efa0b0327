"""Figures: tables and axes in, axes out.

Colours are safe for colour-blind readers and differ in lightness, so that they still differ in grey print; every colour
comes with a symbol or a line style of its own. Nothing here touches Matplotlib's global state.
"""

from sim.plots.crowd import Crowd, crowd_of
from sim.plots.film import Film, film
from sim.plots.groups import effect_figure, run_figure, sweep_figure
from sim.plots.lines import band, lines, loop
from sim.plots.looks import AGREED, DISTINCT, LINES, LOOPS, REGIMES, SHAPES, STARTS, looks_of
from sim.plots.maps import regime_key, regime_map, regime_maps
from sim.plots.pages import blocks, capital, figure, heading, key, line_key, note, plain, save, shares_axis
from sim.plots.people import network_figure, people

__all__ = [
    "AGREED", "DISTINCT", "LINES", "LOOPS", "REGIMES", "SHAPES", "STARTS", "Crowd", "Film", "band", "blocks",
    "capital", "crowd_of", "effect_figure", "figure", "film", "heading", "key", "line_key", "lines", "looks_of", "loop",
    "network_figure", "note", "people", "plain", "regime_key", "regime_map", "regime_maps", "run_figure", "save",
    "shares_axis", "sweep_figure",
]  # fmt: skip
