"""Published models: rival mechanisms for the same question, on the project's networks and random streams.

Each module is one model, told and cited in its docstring with every departure from its paper. Each has
``run(...)``, whose arguments are given by name, and which returns a `sim.classics.outcome.Outcome` with a table
``history``, one row per step 0, 1, ... Exact results stand beside the models they belong to.

>>> from sim.classics import granovetter
>>> granovetter.run(threshold_spread=0.1, n_people=100, seed=1).history.columns[1]
'acting_share'
"""

from sim.classics import (
    brock_durlauf,
    chang_harrington,
    complex_contagion,
    emperors_dilemma,
    granovetter,
    ising,
    opinion_expression,
    tipping_point,
    watts,
)

__all__ = [
    "brock_durlauf",
    "chang_harrington",
    "complex_contagion",
    "emperors_dilemma",
    "granovetter",
    "ising",
    "opinion_expression",
    "tipping_point",
    "watts",
]
