"""Points x replicates -> a tidy table that cannot be lost.

>>> import sim
>>> swept = sim.sweep({"loyalty": [0.5, 0.9], "network_n_people": 100, "steps": 20, "replicates": 3})
>>> len(swept.table)
6
"""

from sim.sweeps.design import Design
from sim.sweeps.power import plan_replicates, power_of
from sim.sweeps.reading import Sweep, open_sweep
from sim.sweeps.replay import replay
from sim.sweeps.replicates import effect_of, is_narrow, mean_interval, share_interval
from sim.sweeps.sweeping import sweep
from sim.sweeps.tables import differences, summarise

__all__ = [
    "Design",
    "Sweep",
    "differences",
    "effect_of",
    "is_narrow",
    "mean_interval",
    "open_sweep",
    "plan_replicates",
    "power_of",
    "replay",
    "share_interval",
    "summarise",
    "sweep",
]
