"""When does allyship spread, stall, turn hollow or collapse? An agent-based model.

>>> import sim
>>> network = sim.networks.two_groups(n_people=1000, marginalized_share=0.2, mean_degree=10, homophily=0.5, seed=1)
>>> run = sim.simulate(sim.Parameters(stigma_transfer=0.4), network, steps=400, seed=7)
>>> run.history.columns[0]
'step'
"""

import importlib

__version__ = "0.1.0"

# What the package offers and where it lives. Loaded when first used, so that `import sim` stays quick.
_PLACES = {
    "Parameters": "sim.parameters",
    "preset": "sim.parameters",
    "presets": "sim.parameters",
    "Stance": "sim.rules",
    "Response": "sim.rules",
    "Regime": "sim.outcomes",
    "InputError": "sim.checks",
    "simulate": "sim.run",
    "simulate_many": "sim.lanes",
    "Run": "sim.run",
    "open_recording": "sim.run",
    "State": "sim.state",
    "AllyshipModel": "sim.model",
    "compare": "sim.effects",
    "explain": "sim.effects",
    "trace": "sim.effects",
    "null_model": "sim.nulls",
    "scoreboard": "sim.patterns",
    "verify": "sim.verification",
    "Intervention": "sim.interventions",
    "intervention": "sim.interventions",
    "Design": "sim.sweeps",
    "Sweep": "sim.sweeps",
    "sweep": "sim.sweeps",
    "open_sweep": "sim.sweeps",
    "replay": "sim.sweeps",
    "plan_replicates": "sim.sweeps",
}
_MODULES = (
    "checks", "classics", "effects", "engine", "explorer", "interventions", "lanes", "manifest", "meanfield",
    "measures", "model", "networks", "nulls", "outcomes", "parameters", "patterns", "people", "plots", "progress",
    "rivals", "rules", "run", "state", "streams", "study", "sweeps", "verification",
)  # fmt: skip

__all__ = [*_PLACES, *_MODULES]


def __getattr__(name):
    if name in _PLACES:
        value = getattr(importlib.import_module(_PLACES[name]), name)
    elif name in _MODULES:
        value = importlib.import_module(f"sim.{name}")
    else:
        raise AttributeError(f"module 'sim' has no attribute {name!r}; it has {', '.join(__all__)}")
    globals()[name] = value
    return value


def __dir__():
    return sorted([*globals(), *__all__])
