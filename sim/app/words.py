"""The words of the app: those of the explorer where it has them."""

from __future__ import annotations

from sim.explorer.page import strings

WORDS = strings("en")
HOW = (
    "Press ▶ to run and Step for a single step. Most numbers act on the run under way, from its next step on. Those "
    "that make the people as they begin, and network, start and seed, act when you press Reset. Numbers stay as you "
    "set them until you put them back. The same seed and numbers, set before Reset, give the same run."
)
LIMITS = WORDS["limits"]
NOW, LATER = "acts at the next step", "acts at Reset"
