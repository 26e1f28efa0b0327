"""Two-group social networks: generate, convert from NetworkX, load from files.

>>> from sim import networks
>>> network = networks.two_groups(n_people=1000, mean_degree=10, homophily=0.5, seed=1)
>>> network.n_ties
5000
"""

from sim.networks.blocks import complete, two_groups
from sim.networks.convert import from_networkx
from sim.networks.edges import from_edges
from sim.networks.giving import to_networkx
from sim.networks.loading import load
from sim.networks.network import Network, NetworkWarning
from sim.networks.real import REAL, karate_club
from sim.networks.regular import random_regular
from sim.networks.rings import ring_lattice, small_world
from sim.networks.scale_free import scale_free

# By name, for the command line and for sweeps. All take n_people, marginalized_share and seed.
GENERATORS = {
    family.__name__: family
    for family in (two_groups, small_world, scale_free, random_regular, ring_lattice, complete)
}

__all__ = [
    "GENERATORS",
    "REAL",
    "Network",
    "NetworkWarning",
    "complete",
    "from_edges",
    "from_networkx",
    "karate_club",
    "load",
    "random_regular",
    "ring_lattice",
    "scale_free",
    "small_world",
    "to_networkx",
    "two_groups",
]
