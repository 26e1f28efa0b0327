"""What an intervention did, along which ties it travelled, and why a person chose what they chose.

>>> import sim
>>> network = sim.networks.two_groups(n_people=100, mean_degree=6, seed=1)
>>> found = sim.compare(["protection"], network=network, steps=20, replicates=3)
>>> len(found.runs)
6
"""

from sim.effects.comparing import Comparison, compare
from sim.effects.explaining import Explanation, explain
from sim.effects.tracing import Trace, trace

__all__ = ["Comparison", "Explanation", "Trace", "compare", "explain", "trace"]
