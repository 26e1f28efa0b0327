"""Section: with mechanisms switched off the model becomes models whose answers are known."""

from __future__ import annotations

from sim.verification import binary_choice, cascades, chains, riots, symmetry, three_choices
from sim.verification.check import Section

SECTION = Section(
    "limits",
    "Limit cases with known answers",
    "Where mathematics knows what has to come out, the model gives that: the engine does what its equations say.",
    "What happens with all mechanisms on, where nobody knows the answer beforehand.",
    (binary_choice.CHECK, three_choices.CHECK, *riots.CHECKS, *cascades.CHECKS, *chains.CHECKS, *symmetry.CHECKS),
)
