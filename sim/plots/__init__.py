"""Figures: tables and axes in, axes out.

Colours are safe for colour-blind readers and differ in lightness, so that they still differ in grey print; every colour
comes with a symbol or a line style of its own. Nothing here touches Matplotlib's global state.
"""

from sim.plots.lines import band, lines, loop
from sim.plots.looks import AGREED, DISTINCT, LINES, LOOPS, REGIMES, STARTS, looks_of
from sim.plots.maps import regime_key, regime_map, regime_maps
from sim.plots.pages import blocks, capital, figure, heading, key, line_key, note, plain, save, shares_axis

__all__ = [
    "AGREED", "DISTINCT", "LINES", "LOOPS", "REGIMES", "STARTS", "band", "blocks", "capital", "figure", "heading",
    "key", "line_key", "lines", "looks_of", "loop", "note", "plain", "regime_key", "regime_map", "regime_maps",
    "save", "shares_axis",
]  # fmt: skip
