"""Two-group social networks: generate, convert from NetworkX, load from files.

>>> from sim import networks
>>> network = networks.two_groups(n_people=1000, mean_degree=10, homophily=0.5, seed=1)
>>> network.n_ties
5000
"""

from sim.networks.blocks import complete, two_groups
from sim.networks.convert import from_networkx, to_networkx
from sim.networks.edges import from_edges
from sim.networks.network import Network, NetworkWarning

GENERATORS = {family.__name__: family for family in (two_groups, complete)}

__all__ = [
    "GENERATORS",
    "Network",
    "NetworkWarning",
    "complete",
    "from_edges",
    "from_networkx",
    "to_networkx",
    "two_groups",
]
